"""The order in which members are written down is no fact about them: permuting them permutes their figures and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vetopoint.case import Case
from vetopoint.coalition import Consent, section, tables
from vetopoint.quantity import Draws

HEAD = """
quantities: {keen: "beta(4, 2)", force: "uniform(2, 5)", seen: "pert(0.2, 0.5, 0.9)"}
coalition:
  facts: {consent: answer == consents, invited: invite == invites}
  RULES
  requires: invited or council
others: [{on: needs_consent, share: seen, trend: rising}]
events: {feast: {at: 6, shifts: {needs_consent: 0.2, ash.supports: 0.1}}}
issues:
  toll: {positions: {ash: 20, birch: 50, cedar: 90, elm: 60}, salience: {ash: 0.4, birch: keen, cedar: 0.9}}
bodies: {council: {weights: {ash: 3, birch: 2, cedar: 1, dill: 1, elm: 2}, quota: 6}}
members:
"""
LOOKING = {
    "ash": "{capability: 4, joins: {requires: consent or not needs_consent, accepts: keen}, bloc: woods, stances: [{on: supports, value: 0.4}]}",
    "birch": "{capability: force, joins: {requires: joined(1), accepts: 0.8}, bloc: woods}",
    "cedar": "{capability: 2, joins: {requires: ash and (consent or not needs_consent), accepts: 0.7}}",
    "dill": '{capability: 1, joins: {requires: "k_of(2, ash, birch, cedar)", accepts: seen}}',
    "elm": "{capability: 1.5, joins: {requires: consent or supports or joined_share(0.5), expects: {consent: 0.6}, accepts: 0.9}}",
}
ODDS = dict(zip(LOOKING, ("keen", "0.8", "0.7", "seen", "0.9"), strict=True))
ALONE = {name: f"{{joins: {{requires: consent or not needs_consent, accepts: {p}}}}}" for name, p in ODDS.items()}
FACTS = {"consent": np.array([True, False, True]), "invited": np.array([True, True, False])}
WEIGHTS = np.array([0.3, 0.5, 0.2])
#: How members are solved for: enumerated, drawn, counted.
WAYS = {
    "enumerated": (LOOKING, "need: force\n  minimum: 2", 12),
    "drawn": (LOOKING, "need: force\n  minimum: 2", 2),
    "counted": (ALONE, "minimum: 2", 2),
}


def written(members: dict[str, str], rules: str, order: list[str]) -> str:
    head = HEAD.replace("RULES", rules)
    if members is ALONE:
        head = head.replace("invited or council", "invited")
    return head + "".join(f"  {name}: {members[name]}\n" for name in order)


@pytest.fixture(params=WAYS)
def pair(
    request: pytest.FixtureRequest, build: Callable, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[int], tuple[Case, Draws], tuple[Case, Draws]]:
    """A permutation, and the case as written first and with its members so permuted."""
    members, rules, exact = WAYS[request.param]
    monkeypatch.setattr("vetopoint.coalition.consent.EXACT_MEMBERS", exact)
    order = [3, 0, 4, 2, 1]
    names = list(members)
    return (
        order,
        build(written(members, rules, names), draws=600),
        build(written(members, rules, [names[i] for i in order]), draws=600),
    )


def test_tables(pair) -> None:
    order, first, second = pair
    a, b = tables(*first, FACTS), tables(*second, FACTS)
    assert [a.members[i] for i in order] == list(b.members) != list(a.members)
    assert 0.0 < a.values["quorum"].mean() < 1.0
    for name, value in a.values.items():
        np.testing.assert_allclose(b.values[name], value, atol=1e-12, err_msg=name)
    for mine, other in ((a.greatest, b.greatest), (a.least, b.least), (a.accepts, b.accepts)):
        np.testing.assert_allclose(other, mine[..., order], atol=1e-12)
    for kind, taken in a.stances.items():
        np.testing.assert_array_equal(b.stances[kind], taken[:, order], err_msg=kind)


def test_forced_members(pair) -> None:
    _, first, second = pair
    choices = {"ash": True, "cedar": False}
    a, b = (Consent(*case).solve(FACTS, members=choices).values for case in (first, second))
    for name, value in a.items():
        np.testing.assert_allclose(b[name], value, atol=1e-12, err_msg=name)


def test_answers(pair) -> None:
    _, first, second = pair
    a, b = (section(*case, tables(*case, FACTS), np.tile(WEIGHTS, (600, 1))).model_dump() for case in (first, second))
    assert [m["name"] for m in a["members"]] != [m["name"] for m in b["members"]]
    compare(a, b, "section")


#: Lists in the order of the members or of their rank, compared name by name.
NAMED = {"members": "name", "decisiveness": "party", "models": "model", "actors": "name", "blocs": "name"}


def compare(a: object, b: object, where: str) -> None:
    if isinstance(a, dict):
        assert isinstance(b, dict)
        assert a.keys() == b.keys(), where
        # Of members who are alike in it the first listed is named.
        for key, value in ((k, v) for k, v in a.items() if k not in ("weakest", "largest_cascade")):
            compare(value, b[key], f"{where}.{key}")
    elif isinstance(a, list | tuple):
        assert isinstance(b, list | tuple)
        assert len(a) == len(b), where
        key = NAMED.get(where.rsplit(".", 1)[-1])
        if key is not None:
            a, b = (sorted(x, key=lambda item: item[key]) for x in (a, b))
        elif where.endswith("_sets"):
            a, b = (
                sorted(({**item, "names": sorted(item["names"])} for item in x), key=lambda i: i["names"])
                for x in (a, b)
            )
        for k, (x, y) in enumerate(zip(a, b, strict=True)):
            compare(x, y, f"{where}[{x.get(key, k) if key and isinstance(x, dict) else k}]")
    elif isinstance(a, float):
        assert b == pytest.approx(a, abs=1e-9), where
    else:
        assert a == b, where
