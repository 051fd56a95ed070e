"""draws.parquet says what its columns are to whoever reads it, is the same bytes for the same seed, and holds the draws of the answers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from vetopoint.answers import Answers
from vetopoint.study import new_case, open_study, run_study
from vetopoint.study.store import write_results

DRAWS = 48


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answers, Path]:
    """A case whose title has quotation marks and letters of other alphabets, run twice in the same folder's neighbours."""
    folder = tmp_path_factory.mktemp("ran")
    case = new_case(folder / "case")
    text = (case / "case.yaml").read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    text = text.replace(title, 'title: "It\'s «Ελλάδα»; DROP"').replace(
        "label: Worth of", "unit: 10⁶ €, label: Worth of"
    )
    (case / "case.yaml").write_text(text, encoding="utf-8")
    study = open_study(case)
    run_study(study, DRAWS, 3, folder / "again")
    return run_study(study, DRAWS, 3, folder / "out"), folder


def columns_of(answers: Answers) -> dict[str, dict[str, str]]:
    return answers.to_pandas("columns").set_index("name", drop=False).to_dict("index")


def test_the_same_seed_gives_the_same_bytes(ran: tuple[Answers, Path]) -> None:
    _, folder = ran
    assert (folder / "out/draws.parquet").read_bytes() == (folder / "again/draws.parquet").read_bytes()


def test_the_draws_of_answers_are_those_of_the_file(ran: tuple[Answers, Path]) -> None:
    duckdb = pytest.importorskip("duckdb")
    answers, folder = ran
    kept = answers.draws_at_hand
    assert kept is not None
    assert len(kept) > 5
    with duckdb.connect() as connection:
        read = connection.execute("SELECT * FROM read_parquet(?)", [str(folder / "out/draws.parquet")]).fetchnumpy()
    assert list(read) == list(kept)
    for name, column in kept.items():
        assert np.array_equal(read[name], column), name


def test_duckdb_finds_units_and_labels(ran: tuple[Answers, Path]) -> None:
    duckdb = pytest.importorskip("duckdb")
    answers, folder = ran
    with duckdb.connect() as connection:
        query = "SELECT decode(value) FROM parquet_kv_metadata(?) WHERE decode(key) = 'vetopoint'"
        about = json.loads(connection.execute(query, [str(folder / "out/draws.parquet")]).fetchall()[0][0])
    assert about["columns"] == columns_of(answers)
    assert (about["title"], about["seed"], about["draws"]) == (answers.run.title, 3, DRAWS)
    assert "Ελλάδα" in about["title"]


def test_arrow_finds_units_and_labels(ran: tuple[Answers, Path]) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    answers, folder = ran
    table = parquet.read_table(folder / "out/draws.parquet")
    assert json.loads(table.schema.metadata[b"vetopoint"])["columns"] == columns_of(answers)
    assert table.num_rows == DRAWS
    assert {str(field.type) for field in table.schema} == {"double"}


def test_pandas_finds_units_and_labels(ran: tuple[Answers, Path]) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    answers, folder = ran
    frame = pandas.read_parquet(folder / "out/draws.parquet")
    same = answers.to_pandas("draws")
    assert frame.attrs["columns"] == same.attrs["columns"] == columns_of(answers)
    pandas.testing.assert_frame_equal(frame, same)


def test_polars_reads_it_and_finds_units_and_labels(ran: tuple[Answers, Path]) -> None:
    polars = pytest.importorskip("polars")
    answers, folder = ran
    path = folder / "out/draws.parquet"
    assert polars.read_parquet(path).equals(answers.to_polars("draws"))
    assert json.loads(polars.read_parquet_metadata(path)["vetopoint"])["columns"] == columns_of(answers)


def test_xarray_has_units_and_labels_as_attributes(ran: tuple[Answers, Path]) -> None:
    pytest.importorskip("xarray")
    answers, _ = ran
    found = answers.to_xarray()
    assert found.sizes == {"draw": DRAWS}
    known = columns_of(answers)
    assert set(found) == set(known)
    for name, about in known.items():
        assert found[name].attrs == {"long_name": about["label"], "units": about["unit"], "kind": about["kind"]}


def test_columns_are_labelled_by_the_case(ran: tuple[Answers, Path]) -> None:
    answers, _ = ran
    known, goal = columns_of(answers), answers.goals[0]
    assert known[f"goal.{goal.name}"] == {
        "name": f"goal.{goal.name}", "kind": "goal", "label": goal.label, "unit": "probability"
    }  # fmt: skip
    inputs = [i for i in answers.evidence.inputs if i.unit and i.label]
    assert inputs
    assert [(known[f"input.{i.name}"]["label"], known[f"input.{i.name}"]["unit"]) for i in inputs] == [
        (i.label, i.unit) for i in inputs
    ]


def test_means_of_the_draws_are_the_figures(ran: tuple[Answers, Path]) -> None:
    answers, _ = ran
    draws, figures = answers.to_pandas("draws"), answers.to_pandas().set_index("path")
    assert answers.goals
    for i, goal in enumerate(answers.goals):
        assert draws[f"goal.{goal.name}"].mean() == pytest.approx(
            figures.loc[f"/goals/{i}/probability", "mean"], rel=1e-8
        )


def test_answers_are_alike_with_their_draws_and_without(ran: tuple[Answers, Path]) -> None:
    answers, folder = ran
    read = Answers.from_json((folder / "out/answers.json").read_text(encoding="utf-8"))
    assert read == answers
    assert read.draws_at_hand is None
    assert answers.model_copy(update={"goals": ()}).draws_at_hand is answers.draws_at_hand
    assert '"_draws"' not in answers.to_json()


def test_metadata_hold_no_place_on_this_machine(ran: tuple[Answers, Path]) -> None:
    _, folder = ran
    assert str(folder).encode() not in (folder / "out/draws.parquet").read_bytes()


def test_a_file_without_metadata_is_written_as_before(tmp_path: Path) -> None:
    write_results(tmp_path, {}, {"a": np.arange(3.0)})
    parquet = pytest.importorskip("pyarrow.parquet")
    assert parquet.read_table(tmp_path / "draws.parquet")["a"].to_pylist() == [0.0, 1.0, 2.0]
