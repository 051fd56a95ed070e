"""Check a case: first its file alone, which is soon done; what sources, distributions and histories say is loaded only then.

Somebody who writes a case makes most mistakes in the file. They are answered before anything is imported that solves a case.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from vetopoint.errors import Problem
from vetopoint.study.remembered import Verdict, digests

if TYPE_CHECKING:
    from vetopoint.case import Case, Check

__all__ = ["check", "checks"]


def check(path: str | Path, store: str | None = None) -> list[Problem]:
    """Every complaint about a case, those included that need its histories and those that it silences.

    What was found is remembered until a file changes that it rests on; of a case whose claims are kept at an address, nothing is.

    Raises
    ------
    CaseError
        If it cannot be loaded.
    """
    verdict = Verdict.on(path, store)
    known = verdict.recall()
    if known is not None:
        return known
    from vetopoint.case import load_case

    case = load_case(path)
    files = digests(_rests_on(case))
    found = _found(case, store)
    if files[os.path.abspath(case.path)] == case.document.sha256 and _kept_beside(case, store):
        verdict.keep(files, found)
    return found


def _kept_beside(case: Case, store: str | None) -> bool:
    """Whether a case's claims are kept in files; at an address they may change unseen."""
    from vetopoint.study.sources import store_place

    return isinstance(store_place(case, store).where, Path)


def _rests_on(case: Case) -> list[Path]:
    """Every file that a check of a case reads, or would read if it were there."""
    from vetopoint.study.project import named_files
    from vetopoint.study.sources import CLAIMS_FILE

    stores = [case.folder / f"{stem}.sqlite{part}" for stem in (case.path.stem, "case") for part in ("", "-wal")]
    sources = [case.folder / source.file for source in case.file.sources.values()]
    return [case.path, case.folder / CLAIMS_FILE, *stores, *sources, *named_files(case)]


def _found(case: Case, store: str | None) -> list[Problem]:
    """What is wrong with a case that is loaded; numbers that cannot be read are complained of before anything else is imported."""
    from vetopoint.case import complaints
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
    from vetopoint.case import CHECKS

    return [CHECKS[id] for id in sorted(CHECKS)]
