"""What `check` passes, `run` ends: cases built from the schema itself, under awkward names, with extreme numbers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given

from cases_from_schema import as_yaml, cases
from support import examples
from vetopoint.errors import CaseError, Problem, VetopointError
from vetopoint.study import check, run
from vetopoint.view import render_report


def complaints(folder: Path) -> list[Problem] | None:
    """What `check` says; None where it refuses the case as a whole."""
    try:
        return check(folder)
    except CaseError as error:
        return error.problems
    except VetopointError:
        return None


def passes(folder: Path) -> bool:
    """Whether `check` finds no error; every complaint names its file and a remedy."""
    found = complaints(folder)
    if found is None:
        return False
    assert [problem for problem in found if not problem.file or not problem.remedy] == []
    return [problem for problem in found if problem.severity == "error"] == []


@pytest.mark.timeout(7200)
@examples(40, soak=2_000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases())
def test_what_check_passes_run_ends(case: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "case.yaml").write_text(as_yaml(case), encoding="utf-8")
        if passes(folder):
            assert render_report(run(folder, draws=32)).startswith("<!doctype html>")
