"""Check a case: first its file alone, which is soon done; what sources, distributions and histories say is loaded only then.

Somebody who writes a case makes most mistakes in the file. They are answered before anything is imported that solves a case.
"""

from __future__ import annotations

from pathlib import Path

from vetopoint.case import CHECKS, Check, Problem, complaints, load_case

__all__ = ["check", "checks"]


def check(path: str | Path, store: str | None = None) -> list[Problem]:
    """Every complaint about a case, those included that need its histories and those that it silences.

    Raises
    ------
    CaseError
        If it cannot be loaded.
    """
    case = load_case(path)
    from vetopoint.quantity import compile_inputs

    compile_inputs(case)
    from vetopoint.chain.checks import check_histories_of
    from vetopoint.study.project import study_of

    study_of(case, store)
    silenced = [p for stage in ("names", "sense") for p in complaints(case, stage) if p.severity == "silenced"]
    return [*case.warnings, *silenced, *check_histories_of(case)]


def checks() -> list[Check]:
    """Every check there is, in the order of their ids."""
    import vetopoint.chain.checks  # noqa: F401 (every room adds its checks)

    return [CHECKS[id] for id in sorted(CHECKS)]
