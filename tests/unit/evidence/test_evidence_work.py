"""What is done with claims: exchange, agreement, positions over time, wire copy."""

from __future__ import annotations

import pytest
from scipy.integrate import quad

from vetopoint.evidence import (
    Claim,
    alpha,
    changes,
    conceding_share,
    locate,
    pairwise_f1,
    positions,
)
from vetopoint.evidence.claim import ACTS

TEXT = "Two diplomats said patrols cannot sail unless Norland agrees. Kyst warned it might shell them."
CLAIMS = locate(
    [
        Claim(
            id="c1",
            source="g",
            quote="patrols cannot sail unless Norland agrees",
            cue="said",
            speaker="Two diplomats",
            chain=("The Gazette (outlet)", {"name": "two diplomats", "kind": "role", "actor": "alliance"}),
            act="CONCEDE",
            edges=({"kind": "requires", "actor": "norland"},),
            date="2026-01-05",
        ),
        Claim(
            id="c2",
            source="g",
            quote="it might shell them",
            cue="warned",
            speaker="Kyst",
            chain=({"name": "Kyst", "actor": "kyst"},),
            act="THREATEN",
            hedge="might",
            polarity=-1,
            edges=({"kind": "threat", "actor": "kyst"},),
            date="2026-01-05",
        ),
    ],
    {"g": TEXT},
)


def test_agreement_is_one_with_oneself_and_less_with_another() -> None:
    other = (CLAIMS[0], CLAIMS[1].model_copy(update={"act": "SAY", "content": CLAIMS[0].content}))
    assert alpha({"a": CLAIMS, "b": CLAIMS})["act"] == pytest.approx(1.0)
    # two units, four values: observed disagreement 1/2, expected 5/6
    assert alpha({"a": CLAIMS, "b": other})["act"] == pytest.approx(1 - 0.5 / (5 / 6))
    scores = pairwise_f1({"a": CLAIMS, "b": other})["a", "b"]
    assert scores["linked"]["f1"] == 50.0
    assert scores["cue"]["f1"] == 100.0


def test_softening_is_named_and_dated() -> None:
    def said(name: str, day: str, act: str) -> Claim:
        return Claim(id=name, source="g", chain=({"name": "K", "actor": "kyst"},), act=act, date=day)

    series = [said("a", "2026-01-01", "REJECT"), said("b", "2026-02-01", "CONCEDE"), said("c", "2026-03-01", "CONCEDE")]
    (change,) = changes(series)
    assert (change.direction, change.before.value, change.after.value) == ("softening", -2, 1)
    assert [p.date for p in positions(series)["kyst"]] == ["2026-01-01", "2026-02-01", "2026-03-01"]


def test_a_denied_act_is_not_counted_as_the_act() -> None:
    def said(act: str, polarity: int) -> float:
        about = {"id": "a", "source": "g", "chain": ({"name": "K", "actor": "kyst"},), "date": "2026-01-01"}
        (position,) = positions([Claim.model_validate({**about, "act": act, "polarity": polarity})])["kyst"]
        return position.value

    acts = [act for act in ACTS if act != "SAY"]
    assert len(acts) == 9
    for act in acts:
        if act == "CONCEDE":  # “it conceded that the force could not sail” denies the sailing, not the concession
            assert said(act, -1) == said(act, 1) > 0
        else:
            assert said(act, 1) * said(act, -1) <= 0
    assert said("AGREE", -1) == said("REJECT", 1) == -2
    assert said("REJECT", -1) == 0


def test_positions_say_how_many_claims_nobody_has_reviewed() -> None:
    about = {"source": "g", "chain": ({"name": "K", "actor": "kyst"},), "date": "2026-01-01", "act": "AGREE"}
    series = [
        Claim.model_validate({**about, "id": status, "status": status})
        for status in ("proposed", "accepted", "corrected", "rejected")
    ]
    (position,) = positions(series)["kyst"]
    assert (position.claims, position.unreviewed) == (("proposed", "accepted", "corrected"), 1)


def test_the_conceding_share_grows_with_those_who_concede() -> None:
    def conceded(name: str, day: str, holds: bool = True) -> Claim:
        edge = {"kind": "requires", "actor": "norland", "holds": holds}
        return Claim(id=f"{name}{day}", source="g", chain=({"name": name, "actor": name},), edges=(edge,), date=day)

    series = conceding_share(
        [conceded("a", "2026-01-01"), conceded("b", "2026-01-01", False), conceded("b", "2026-02-01")],
        "norland",
        ["a", "b", "c"],
    )
    assert [(s.conceding, s.speaking, s.members) for s in series] == [(1, 2, 3), (2, 2, 3)]
    assert series[0].low < 0.5 < series[0].high
    # of Beta(2.5, 0.5), the posterior after 2 of 2, a twentieth lies below the interval (density integrated numerically)
    mass = quad(lambda x: x**1.5 * (1 - x) ** -0.5, 0, series[1].low)[0]
    whole = quad(lambda x: x**1.5, 0, 1, weight="alg", wvar=(0, -0.5))[0]
    assert mass / whole == pytest.approx(0.05, abs=1e-6)
    assert series[1].high == 1.0
