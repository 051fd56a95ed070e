"""Vetopoint: who can stop a contested plan, at which point, and how long what it builds would hold.

>>> import vetopoint
>>> print(*dir(vetopoint))
Answers Budget Case CaseError EvidenceError MissingExtra SolverError VetopointError check compare load read run
"""

from __future__ import annotations

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
    "compare",
    "load",
    "read",
    "run",
]

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from vetopoint.answers import Answers
    from vetopoint.budget import Budget
    from vetopoint.case import Case
    from vetopoint.case import load_case as load
    from vetopoint.errors import CaseError, EvidenceError, MissingExtra, SolverError, VetopointError
    from vetopoint.study import Study, check
    from vetopoint.study.compare import compare
    from vetopoint.study.project import Progress
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
            "compare": ("study.compare", name),
            "load": ("case", "load_case"),
            "read": ("study.reading", "read_sources"),
        }
        if name not in __all__:
            raise AttributeError(f"module 'vetopoint' has no attribute {name!r}")
        home, called = homes.get(name, ("errors", name))
        return getattr(import_module(f"vetopoint.{home}"), called)

    def __dir__() -> list[str]:
        return __all__


def run(
    case: str | Path | Study,
    draws: int = 20_000,
    seed: int = 1,
    out: str | Path | None = None,
    overrides: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    budget: Budget | None = None,
) -> Answers:
    """Run a case and keep what it answers: ``answers.json``, ``draws.parquet`` and ``run.json`` in ``out``.

    Parameters
    ----------
    case : a case file, its folder, or an open study.
    draws, seed : how many draws, from which seed; the same seed gives the same bytes.
    out : folder for the results; default ``out`` beside the case. An earlier run's files are replaced only at the end, all or none.
    overrides : uncertain numbers to replace, by name.
    progress : called with what is being done and the share that is done.
    budget : how many draws each part may use, such as ``Budget(swings=256)``; see `vetopoint.budget`.

    Returns
    -------
    The answers; ``first_page`` holds what is said first, each number with its place in them.
    """
    from vetopoint.budget import USUAL
    from vetopoint.study import Study, open_study, run_study
    from vetopoint.view import with_first_page

    study = case if isinstance(case, Study) else open_study(case, overrides)
    return run_study(study, draws, seed, out, progress, budget or USUAL, lambda found: (with_first_page(found), {}))
