"""Dependency edges on the written set: 524 sentences, twins that differ by a denial among them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vetopoint.evidence import SpacyParser
from vetopoint.evidence.reader.edges import FoundEdge, _patterns, _plain, _possible, find_edges
from vetopoint.evidence.reader.people import Actors

SENTENCES = Path(__file__).parents[2] / "data" / "evidence" / "edges.jsonl"
ACTORS = Actors(
    {
        "norland": ["Norland"],
        "kyst": ["Kyst"],
        "alliance": ["the Alliance"],
        "russia": ["Russia", "Moscow", "the Kremlin"],
        "us": ["United States"],
        **{name.lower(): [name] for name in ("Turkey", "Hungary", "China", "Ukraine", "France", "Iran")},
    }
)


PARSER = SpacyParser()


def edges_of(texts: list[str], actors: Actors = ACTORS) -> list[list[FoundEdge]]:
    """The edges of each text, parsed as the reader parses it."""
    return [
        [found for parse in parses for place in parse.sentences() for found in find_edges(parse, *place, actors)]
        for parses in PARSER.parse(texts)
    ]


@pytest.fixture(scope="module")
def judged() -> list[tuple[dict[str, Any], set[tuple[str, str, bool]], set[tuple[str, str, bool]]]]:
    """Each sentence with the edges found and those coded by hand."""
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    out = []
    for row, edges in zip(rows, edges_of([row["text"] for row in rows]), strict=True):
        found = {(e.edge.kind, e.edge.actor, e.edge.holds) for e in edges}
        out.append((row, found, {(e["kind"], e["actor"], e["holds"]) for e in row["edges"]}))
    return out


def test_the_set_is_as_large_as_it_claims(judged: list[Any]) -> None:
    assert len(judged) >= 150
    assert sum(row["role"] == "twin" for row, _, _ in judged) >= 50


def test_precision_and_recall_reach_the_goals(judged: list[Any]) -> None:
    hits = sum(len(found & gold) for _, found, gold in judged)
    found_all = sum(len(found) for _, found, _ in judged)
    gold_all = sum(len(gold) for _, _, gold in judged)
    assert hits / found_all >= 0.97
    assert hits / gold_all >= 0.97


def test_no_twins_share_an_edge(judged: list[Any]) -> None:
    pairs: dict[int, list[set[tuple[str, str, bool]]]] = {}
    for row, found, _ in judged:
        if row["pair"]:
            pairs.setdefault(row["pair"], []).append(found)
    assert len(pairs) >= 50
    assert all(not (plain & twin) for plain, twin in pairs.values())


def test_an_edge_names_what_takes_the_plans_place() -> None:
    ((found,),) = edges_of(["The Alliance would have to adopt a different form of presence."])
    assert found.edge.actor == "alliance"
    assert found.edge.what == "a different form of presence"


def test_capitals_demonyms_and_metonyms_stand_for_their_country() -> None:
    actors = Actors({"france": ["France"], "us": ["United States"]})
    for text, actor in (
        ("Paris", "france"),
        ("French officials", "france"),
        ("the White House", "us"),
        ("Oslo", "norway"),
    ):
        assert actors.resolve(text) == actor
    assert actors.resolve("they told us so") == ""


def test_no_pattern_fits_a_clause_without_a_word_that_it_needs() -> None:
    fits = 0
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        words = [word for parse in next(iter(PARSER.parse([json.loads(line)["text"]]))) for word in parse.words]
        text, _, _ = _plain(words, ACTORS.mentions(words))
        possible = {pattern.number for pattern in _possible(text.split(), named=True)}
        fitting = {pattern.number for pattern in _patterns() if pattern.regex.search(text)}
        fits += len(fitting)
        assert fitting <= possible, text
    assert fits > 200
