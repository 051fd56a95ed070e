"""Every draw count has a name, can be set from outside, and is recorded where it was used."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import ROOT
from vetopoint.answers import Answers
from vetopoint.budget import USUAL, Budget
from vetopoint.errors import VetopointError
from vetopoint.study import new_case, run

NAMES = Budget.names()
# At once through a kernel, in a run, in a check, in a game handed on: no part of a run.
KEPT = "DRAWS_AT_ONCE", "DRAWS", "TRIAL_DRAWS", "EXPORT_DRAWS"


def runs(folder: Path, budget: Budget = USUAL) -> Answers:
    return run(folder, draws=96, seed=1, budget=budget)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_case(tmp_path_factory.mktemp("budget") / "case")


@pytest.fixture(scope="module")
def usual(small: Path) -> Answers:
    return runs(small)


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(1, 10**6)))
def test_counts_are_read_by_name_and_the_rest_stays(counts: dict[str, int]) -> None:
    found = Budget.of({name: str(count) for name, count in counts.items()})
    assert found == Budget(**counts)
    assert {name: getattr(found, name) for name in NAMES if name not in counts} == {
        name: getattr(USUAL, name) for name in NAMES if name not in counts
    }
    assert Budget.of(found.set_by_hand) == found


@pytest.mark.parametrize(("name", "near"), [("swing", "swings"), ("treats", "threats"), ("frist", "first")])
def test_an_unknown_name_is_refused_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(VetopointError, match=f"did you mean '{near}'"):
        Budget.of({name: 8})


@pytest.mark.parametrize("count", ["0", "-3", "many", "1.5", "", "nan"])
def test_a_count_is_a_whole_number_above_zero(count: str) -> None:
    with pytest.raises(VetopointError, match="whole number of draws"):
        Budget.of({"swings": count})


def test_every_count_is_described() -> None:
    described = Budget.__doc__ or ""
    assert NAMES
    assert [name for name in NAMES if f"\n    {name} : " not in described] == []


def test_the_page_gives_the_counts() -> None:
    page = (ROOT / "docs" / "method" / "chain.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\d,]+) \|", page, re.MULTILINE)
    assert {name: int(count.replace(",", "")) for name, count in rows} == {n: getattr(USUAL, n) for n in NAMES}


@pytest.mark.parametrize("name", ["threats", "decisiveness", "swings", "twin", "stability"])
def test_what_was_used_is_what_was_asked_for(small: Path, usual: Answers, name: str) -> None:
    found = runs(small, Budget.of({name: 32}))
    assert found.run.draws_used[name] == 32
    assert found.to_json() != usual.to_json()
    assert found.goals[0].probability == usual.goals[0].probability, "what is solved once uses every draw"


def test_the_parts_say_how_many_they_used(small: Path) -> None:
    found = runs(small, Budget(decisiveness=40, stability=24))
    assert {d.draws for d in found.decisiveness} == {40}
    assert {s.draws for s in found.change.stability} == {24}
    assert found.run.draws_used["swings, tipping points"] == 96, "no more than were drawn"


def test_counts_beyond_the_draws_change_nothing(small: Path, usual: Answers) -> None:
    raised = [
        name for name in NAMES if getattr(USUAL, name) >= usual.run.draws and name != "first"
    ]  # it has draws of its own
    assert len(raised) > 10
    more = runs(small, Budget(**dict.fromkeys(raised, 10**6)))
    kept = {**more.model_dump(), "run": usual.model_dump()["run"]}
    assert kept == usual.model_dump()


def test_no_module_keeps_a_draw_count_of_its_own() -> None:
    found = []
    for path in sorted((ROOT / "src" / "vetopoint").rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            found += [f"{path.name}: {t.id}" for t in targets if isinstance(t, ast.Name) and "DRAWS" in t.id]
    assert found, "the names that are kept are found too"
    assert [place for place in found if place.split(": ")[1] not in KEPT] == []
