"""Vetopoint: who can stop a contested plan, at which point, and how long what it builds would hold.

>>> import vetopoint
>>> print(*dir(vetopoint))
Answers Budget Case CaseError EvidenceError MissingExtra SolverError VetopointError check load read run
"""

from typing import TYPE_CHECKING

__all__ = [
    "Answers",
    "Budget",
    "Case",
    "CaseError",
    "EvidenceError",
    "MissingExtra",
    "SolverError",
    "VetopointError",
    "check",
    "load",
    "read",
    "run",
]

if TYPE_CHECKING:
    from vetopoint.answers import Answers
    from vetopoint.budget import Budget
    from vetopoint.case import Case
    from vetopoint.case import load_case as load
    from vetopoint.errors import CaseError, EvidenceError, MissingExtra, SolverError, VetopointError
    from vetopoint.study import check, run
    from vetopoint.study.reading import read_sources as read
else:

    def __getattr__(name: str) -> object:
        """Import a public name when it is first asked for, so that asking for help loads nothing."""
        from importlib import import_module

        homes = {
            "Answers": ("answers", name),
            "Budget": ("budget", name),
            "Case": ("case", name),
            "check": ("study", name),
            "load": ("case", "load_case"),
            "read": ("study.reading", "read_sources"),
            "run": ("study", name),
        }
        if name not in __all__:
            raise AttributeError(f"module 'vetopoint' has no attribute {name!r}")
        home, called = homes.get(name, ("errors", name))
        return getattr(import_module(f"vetopoint.{home}"), called)

    def __dir__() -> list[str]:
        return __all__
