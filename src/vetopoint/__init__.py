"""Vetopoint: who can stop a contested plan, at which point, and how long what it builds would hold.

>>> import vetopoint
>>> sorted(vetopoint.__all__)
['Answers', 'Case', 'CaseError', 'EvidenceError', 'MissingExtra', 'SolverError', 'VetopointError', 'check', 'load', 'run']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vetopoint.errors import CaseError, EvidenceError, MissingExtra, SolverError, VetopointError

if TYPE_CHECKING:
    from vetopoint.answers import Answers
    from vetopoint.case import Case
    from vetopoint.case import load_case as load
    from vetopoint.study import check, run

__all__ = [
    "Answers",
    "Case",
    "CaseError",
    "EvidenceError",
    "MissingExtra",
    "SolverError",
    "VetopointError",
    "check",
    "load",
    "run",
]

_HOMES = {
    "Answers": ("vetopoint.answers", "Answers"),
    "Case": ("vetopoint.case", "Case"),
    "load": ("vetopoint.case", "load_case"),
    "run": ("vetopoint.study", "run"),
    "check": ("vetopoint.study", "check"),
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        module, attribute = _HOMES[name]
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
