"""A run reads its inputs once: what happens to the files after a case was opened bears on nothing that the run says."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from vetopoint.case import CaseError
from vetopoint.study import new_case, open_study, run

opened: list[list[str]] = []


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and opened and isinstance(arguments[0], str):
        opened[-1].append(arguments[0])


@contextmanager
def watching() -> Iterator[list[str]]:
    """Paths opened meanwhile."""
    if not hasattr(sys, "_vetopoint_watches_files"):
        sys.addaudithook(_note)  # a hook cannot be taken off again, so it is set once
        sys._vetopoint_watches_files = True  # type: ignore[attr-defined]
    opened.append([])
    try:
        yield opened[-1]
    finally:
        opened.pop()


def test_no_input_is_opened_twice(tmp_path: Path) -> None:
    folder = new_case(tmp_path / "case")
    with watching() as paths:
        answers = run(folder, draws=64, seed=1)
    assert answers.change.without_unnamed, "nothing was dropped, so nothing could be read again"
    inputs = {name: sum(Path(p) == folder / name for p in paths) for name in answers.run.inputs}
    assert inputs["case.yaml"] == 1
    assert answers.run.inputs["case.yaml"] == hashlib.sha256((folder / "case.yaml").read_bytes()).hexdigest()


@pytest.mark.parametrize("what", ["deleted", "replaced"])
def test_a_case_file_that_changes_after_it_was_opened_changes_nothing(tmp_path: Path, what: str) -> None:
    folder = new_case(tmp_path / "case")
    expected = run(folder, draws=64, seed=1, out=tmp_path / "before").to_json()
    study = open_study(folder)
    if what == "deleted":
        rmtree(folder)
    else:
        (folder / "case.yaml").write_text("vetopoint: 1\ntitle: Another\n", encoding="utf-8")
        (folder / "claims.jsonl").write_text("", encoding="utf-8")
    assert run(study, draws=64, seed=1, out=tmp_path / "after").to_json() == expected
    assert (tmp_path / "after" / "answers.json").read_text(encoding="utf-8") == expected


def test_a_fallback_that_can_be_no_probability_still_stops_the_run(tmp_path: Path) -> None:
    folder = new_case(tmp_path / "case")
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    chance = "  luck: {by: chance, at: 1, options: {good: dislike, bad: rest}}\n  answer:"
    changed = text.replace('"pert(0.2, 0.6, 1.4)"', '"uniform(0.2, 0.9)"', 1).replace("  answer:", chance, 1)
    assert 'without: "uniform(0, 2)"' in changed
    (folder / "case.yaml").write_text(changed, encoding="utf-8")
    with pytest.raises(CaseError, match=r"uniform\(0, 2\) stands for the probability"):
        run(folder, draws=64, seed=1)
