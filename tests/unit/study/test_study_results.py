"""A run's files appear together or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from vetopoint.answers import Answers
from vetopoint.errors import VetopointError
from vetopoint.study import new_case, open_study, run_study
from vetopoint.study.store import write_results

FILES = {"answers.json", "draws.parquet", "run.json", "page.html"}


def page(answers: Answers) -> dict[str, str]:
    return {"page.html": f"<p>{answers.run.title}, {answers.run.draws}</p>"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_pages_are_kept_beside_the_answers_that_they_show(tmp_path: Path) -> None:
    answers = run_study(
        open_study(new_case(tmp_path / "case")), 32, 1, tmp_path / "out", tell=lambda found: (found, page(found))
    )
    kept = contents(tmp_path / "out")
    assert set(kept) == FILES
    assert kept["page.html"].decode() == page(answers)["page.html"]


@pytest.mark.parametrize("at", ["page", *sorted(FILES)])
def test_what_fails_at_the_end_leaves_an_earlier_run_as_it_was(tmp_path: Path, at: str) -> None:
    study, out = open_study(new_case(tmp_path / "case")), tmp_path / "out"
    run_study(study, 32, 1, out, tell=lambda found: (found, page(found)))

    def failing(answers: Answers) -> dict[str, str]:
        raise VetopointError("no page for this")

    if at != "page":
        (out / f".{at}.part").mkdir()  # what is written beside its place cannot be
    before = contents(out)
    with pytest.raises(VetopointError):
        run_study(study, 48, 1, out, tell=lambda found: (found, (failing if at == "page" else page)(found)))
    assert contents(out) == before
    assert set(before) == FILES
    assert json.loads(before["answers.json"])["run"]["draws"] == 32


@pytest.mark.parametrize("at", sorted(FILES))
def test_a_folder_in_the_place_of_a_file_is_found_before_any_file_is_replaced(tmp_path: Path, at: str) -> None:
    (tmp_path / at).mkdir()
    texts = dict.fromkeys(sorted(FILES - {"draws.parquet"}), "new")
    with pytest.raises(VetopointError, match=f"{at}: cannot be written"):
        write_results(tmp_path, texts, {"a": np.zeros(3)})
    assert [path.name for path in tmp_path.iterdir()] == [at]


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    (tmp_path / ".draws.parquet.part").mkdir()
    with pytest.raises(VetopointError, match=r"draws\.parquet: cannot be written"):
        write_results(tmp_path, {"answers.json": "{}"}, {"a": np.zeros(3)})
    assert [path.name for path in tmp_path.iterdir()] == [".draws.parquet.part"]
