"""What `check` passes, `run` ends: cases built from the schema itself, under awkward names, with extreme numbers."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings

from cases_from_schema import as_yaml, cases
from vetopoint.errors import VetopointError
from vetopoint.study import check, run
from vetopoint.view import render_report

EXAMPLES = settings().max_examples


def passes(folder: Path) -> bool:
    """Whether `check` finds no error; every complaint names file and remedy."""
    try:
        problems = check(folder)
    except VetopointError as error:
        found = getattr(error, "problems", [])
        assert str(error)
        assert all(problem.file and problem.remedy for problem in found), error
        return False
    assert all(problem.file and problem.remedy for problem in problems)
    return all(problem.severity != "error" for problem in problems)


@settings(max_examples=min(EXAMPLES, 2_000), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(cases())
def test_what_check_passes_run_ends(case: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "case.yaml").write_text(as_yaml(case), encoding="utf-8")
        if passes(folder):
            assert render_report(run(folder, draws=32)).startswith("<!doctype html>")
