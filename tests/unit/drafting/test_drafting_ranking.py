"""Which party is likeliest to have a part, and how well that is told of texts written without knowledge of the rules."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import tool
from vetopoint.evidence import Document, SpacyParser
from vetopoint.evidence.plans import tell
from vetopoint.study.drafting.ranking import chance, learnt, ranked, score, ways_of

casting = tool("validation/casting")
TEXTS = Path(__file__).parents[2] / "data" / "casting"
WAYS = st.dictionaries(st.sampled_from(sorted(learnt()["owner"])), st.floats(0, 9), max_size=8)


@cache
def parser() -> SpacyParser:
    return SpacyParser(workers=1)


@given(ways=WAYS)
def test_a_chance_is_between_none_and_all_and_goes_with_the_score(ways: dict[str, float]) -> None:
    assert 0 <= chance("threat", ways) <= 1
    more = {**ways, "stands: wreck yes": ways.get("stands: wreck yes", 0.0) + 1}
    assert (chance("threat", more) > chance("threat", ways)) == (learnt()["threat"]["stands: wreck yes"] > 0)


@given(standing=st.lists(WAYS, min_size=2, max_size=6))
def test_the_order_in_which_parties_come_changes_no_rank(standing: list[dict[str, float]]) -> None:
    ways = {f"party_{n}": each for n, each in enumerate(standing)}
    ranks = ranked("owner", ways, ways)
    assert ranks == ranked("owner", reversed(list(ways)), ways)
    assert [score("owner", ways[actor]) for actor in ranks] == sorted(
        (score("owner", each) for each in standing), reverse=True
    )


def test_every_way_that_has_a_weight_is_one_in_which_parties_are_seen_to_stand() -> None:
    seen = {"constant"}
    for folder in ("seen", "strangers"):
        for path in sorted((TEXTS / folder).glob("*.txt"))[:25]:
            telling = tell([Document(path.stem, path.read_text(encoding="utf-8"))], parser())
            none: dict[str, float] = {}
            ways = ways_of(telling, {"consent": none, "propose": none, "threat": none})
            seen |= {way for stands in ways.values() for way in stands}
    heavy = {way for weights in learnt().values() for way, weight in weights.items() if abs(weight) >= 0.3}
    assert heavy - seen <= {"stands: wreck not", "sign: within"}


@pytest.mark.parametrize(
    ("folder", "least"),
    [
        pytest.param("aside", {"owner": 11, "first consenter": 10, "fallback": 4}, id="aside"),
        pytest.param(
            "strangers", {"owner": 55, "first consenter": 50, "fallback": 38}, id="strangers", marks=pytest.mark.soak
        ),
    ],
)
def test_texts_written_without_knowledge_of_the_rules_have_their_parts(folder: str, least: dict[str, int]) -> None:
    found = casting.scores(TEXTS / folder, [])
    told = tomllib.loads((TEXTS / folder / "expected.toml").read_text(encoding="utf-8"))
    assert len(found) == len(told)
    right = {name: sum(bool(each[name]) for each in found) for name in least}
    assert all(right[name] >= most for name, most in least.items()), right
