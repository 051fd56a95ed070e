"""Every number of the answers stands in a table once, as it stands in answers.json, with its unit and its condition."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, get_args, get_origin

import numpy as np
import pytest
from pydantic import BaseModel

from vetopoint.answers import Answers, GoalAnswer
from vetopoint.answers._base import Answer
from vetopoint.answers.figures import PLACE, Labels, figures_of, meanings, points_of
from vetopoint.answers.frames import labels_of
from vetopoint.errors import MissingExtra, VetopointError
from vetopoint.quantity import Band

CASES = ("european-presence", "tutorial-reedmeadow", "watched-line")
BAND = {"mean", "lo", "hi", "mc"}


def pointed(document: Any, path: str) -> Any:
    for step in path.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document


def atoms(annotation: Any) -> Iterator[type]:
    if get_origin(annotation) is None:
        if isinstance(annotation, type):
            yield annotation
        return
    for part in get_args(annotation):
        yield from atoms(part)


def number_fields() -> dict[tuple[str, str], type[BaseModel]]:
    """Every field of the answers' models that holds a float or a band."""
    found: dict[tuple[str, str], type[BaseModel]] = {}
    seen: set[type[BaseModel]] = set()
    ahead: list[type[BaseModel]] = [Answers]
    while ahead:
        model = ahead.pop()
        if model in seen:
            continue
        seen.add(model)
        for name, about in model.model_fields.items():
            kinds = set(atoms(about.annotation))
            if kinds & {float, Band}:
                found[model.__name__, name] = model
            ahead += [kind for kind in kinds if issubclass(kind, BaseModel) and kind is not Band]
    return found


def floats(value: Any, path: str) -> Iterator[tuple[str, float]]:
    """Every float below a model's value, with its pointer; a band is one."""
    if isinstance(value, Band):
        yield path, value.mean
    elif isinstance(value, float):
        yield path, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from floats(getattr(value, name), f"{path}/{name}")
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from floats(each, f"{path}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list | tuple):
        for i, each in enumerate(value):
            yield from floats(each, f"{path}/{i}")


def test_every_number_has_a_unit_and_no_unit_is_left_over() -> None:
    fields = set(number_fields())
    assert len(fields) > 250
    known = set(meanings())
    assert fields - known == set(), "say in answers/data/figures.csv in which unit they are, and what they are given"
    assert known - fields == set(), "take out of answers/data/figures.csv what is no field any more"
    assert not [key for key, meaning in meanings().items() if not meaning.unit]


def test_what_runs_along_something_names_a_field() -> None:
    along = {(model, meaning.along) for (model, _), meaning in meanings().items() if meaning.along}
    assert along
    for name, axis in along:
        around = {n for (n, _), model in number_fields().items() if axis in model.model_fields}
        assert name in around or axis == "months", (name, axis)


@pytest.mark.parametrize("case", CASES)
def test_figures_are_those_of_the_file_value_by_value(bundled: Callable[[str], Answers], case: str) -> None:
    answers = bundled(case)
    document = json.loads(answers.to_json())
    table = answers.to_pandas()
    assert len(table) > 300
    assert table["path"].is_unique
    for row in table.itertuples():
        there = pointed(document, row.path)
        if isinstance(there, dict):
            assert set(there) == BAND
            assert [there[k] for k in ("mean", "lo", "hi", "mc")] == [row.mean, row.lo, row.hi, row.mc], row.path
        else:
            assert there == row.mean, row.path
            assert np.isnan([row.lo, row.hi, row.mc]).all()


@pytest.mark.parametrize("case", CASES)
def test_series_are_those_of_the_file_point_by_point(bundled: Callable[[str], Answers], case: str) -> None:
    document = json.loads(bundled(case).to_json())
    table = bundled(case).to_pandas("series")
    assert table["path"].is_unique
    assert len(table) > 100
    beside = 0
    for row in table.itertuples():
        assert pointed(document, row.path) == row.mean
        owner, _, index = row.path.rpartition("/")
        for name in ("median", "lo", "hi"):
            found = getattr(row, name)
            if not np.isnan(found):
                beside += 1
                assert pointed(document, f"{owner.rpartition('/')[0]}/{name}/{index}") == found
    assert beside > 50


@pytest.mark.parametrize("case", CASES)
def test_no_number_is_left_out(bundled: Callable[[str], Answers], case: str) -> None:
    answers = bundled(case)
    told = set(answers.to_pandas()["path"]) | set(answers.to_pandas("series")["path"])
    axes = {meaning.along for meaning in meanings().values() if meaning.along}
    places = {field for (_, field), meaning in meanings().items() if meaning.unit == PLACE}
    left = [path for path, _ in floats(answers, "") if path not in told]
    unsaid = [p for p in left if not {step for step in p.split("/")} & (axes | places | {"lo", "hi", "median"})]
    assert unsaid == []
    assert len(told) > 10 * len(axes)


def test_labels_and_conditions_are_in_words(bundled: Callable[[str], Answers]) -> None:
    answers = bundled("european-presence")
    table = answers.to_pandas().set_index("path")
    goal = answers.goals[0]
    row = table.loc["/goals/0/presupposed"]
    assert row["label"] == f"{goal.label} · presupposed"
    assert row["given"] == answers.run.short.presupposes != ""
    assert (row["unit"], row["part"], row["figure"]) == ("probability", "goals", "presupposed")
    assert row["meaning"] == GoalAnswer.model_fields["presupposed"].description
    swing = table.loc["/change/swings/0/low"]
    assert swing["unit"] == next(
        i.unit
        for i in (*answers.evidence.inputs, *answers.evidence.beside)
        if i.name == answers.change.swings[0].quantity
    )
    moved = table.loc["/moves/0/options/0/probability"]
    assert answers.moves[0].options[0].label in moved["label"]
    assert not table["label"].str.contains("_").any()
    assert not table["given"].str.contains("==|_|\\[").any()


def test_a_part_alone_has_its_figures_too(bundled: Callable[[str], Answers]) -> None:
    answers = bundled("tutorial-reedmeadow")
    whole = {f.path: f.mean for f in figures_of(answers, labels_of(answers))}
    alone = {f.path: f.mean for f in figures_of(answers.change, Labels(), "/change")}
    assert alone
    assert alone == {path: mean for path, mean in whole.items() if path.startswith("/change/")}


class Grid(Answer):
    """A part as another room might add one: a table of numbers, some of which are not known."""

    along: tuple[float, ...]
    cells: tuple[tuple[float | None, ...], ...]
    nothing: tuple[float | None, ...] = ()


def test_a_table_of_numbers_is_a_series_a_row() -> None:
    grid = Grid(along=(1.0, 2.0), cells=((0.1, None), (None, None), (0.3, 0.4)))
    found = {point.path: point.mean for point in points_of(grid, Labels(), "/x")}
    cells = {path: mean for path, mean in found.items() if path.startswith("/x/cells")}
    assert cells == {"/x/cells/0/0": 0.1, "/x/cells/2/0": 0.3, "/x/cells/2/1": 0.4}
    assert figures_of(grid, Labels(), "/x") == []


def test_keys_are_escaped_in_a_pointer(bundled: Callable[[str], Answers]) -> None:
    answers = bundled("tutorial-reedmeadow")
    run = answers.run.model_copy(update={"units": {"a/b~c": 2.0}})
    table = answers.model_copy(update={"run": run}).to_pandas().set_index("path")
    assert table.loc["/run/units/a~1b~0c"]["mean"] == 2.0


def test_polars_says_the_same(bundled: Callable[[str], Answers]) -> None:
    polars = pytest.importorskip("polars")
    answers = bundled("tutorial-reedmeadow")
    for name in ("figures", "series"):
        table, same = answers.to_polars(name), answers.to_pandas(name)
        assert isinstance(table, polars.DataFrame)
        assert table.columns == list(same.columns)
        for column in table.columns:
            there = [None if v != v else v for v in same[column]]
            assert table[column].to_list() == there


def test_xarray_says_the_same(bundled: Callable[[str], Answers]) -> None:
    pytest.importorskip("xarray")
    answers = bundled("tutorial-reedmeadow")
    found = answers.to_xarray("figures")
    assert found["mean"].dims == ("figure",)
    assert np.array_equal(found["mean"].values, answers.to_pandas()["mean"].to_numpy())
    assert found.attrs["seed"] == answers.run.seed


@pytest.mark.parametrize("library", ["pandas", "polars", "xarray"])
def test_a_library_that_is_not_there_is_named(
    bundled: Callable[[str], Answers], monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        MissingExtra, match=rf"to_{library}\(\) needs the extra .* pip install 'vetopoint\[{library}\]'"
    ):
        getattr(bundled("tutorial-reedmeadow"), f"to_{library}")("figures")


def test_other_tables_are_refused_with_the_nearest(bundled: Callable[[str], Answers]) -> None:
    with pytest.raises(VetopointError, match="no table is called 'figure' → did you mean 'figures'"):
        bundled("tutorial-reedmeadow").to_pandas("figure")  # type: ignore[arg-type]
    with pytest.raises(VetopointError, match=r"without their draws → run the case, or read draws\.parquet"):
        bundled("tutorial-reedmeadow").to_pandas("draws")
