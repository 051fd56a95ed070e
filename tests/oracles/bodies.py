"""Real formal bodies with their voting rules, each with the article that it rests on: what power indices are checked against."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import factorial
from pathlib import Path

from vetopoint.coalition import VotingRule

__all__ = ["counted", "known_body"]

BODIES = Path(__file__).parents[1] / "conformance" / "data" / "bodies.json"


def known_body(name: str) -> tuple[tuple[str, ...], VotingRule]:
    """Voters and rule of a formal body."""
    body = json.loads(BODIES.read_text(encoding="utf-8"))["bodies"][name]
    voters = tuple(body["voters"])
    vetoes = frozenset(voters.index(v) for v in body.get("vetoes", ()))
    weights = tuple(body["voters"].values())
    return voters, VotingRule(weights, body["quota"], body.get("minimum", 0), body.get("or_at_least"), vetoes)


def counted(
    weights: Sequence[Sequence[float]], quotas: Sequence[float], voters: Sequence[int]
) -> tuple[list[Fraction], list[Fraction]]:
    """Shapley-Shubik and Banzhaf (absolute) of some voters where all majorities must be reached.

    A dictionary of coalitions by votes and size, in whole hundredths of a vote, filled anew without each voter.
    """
    vectors = [tuple(round(100 * w) for w in column) for column in zip(*weights, strict=True)]
    need, v = [round(100 * q) for q in quotas], len(vectors)
    shapley, banzhaf = [], []
    for i in voters:
        mine = vectors[i]
        found = Counter({(0, *(0 for _ in need)): 1})
        for other in vectors[:i] + vectors[i + 1 :]:
            joined = {tuple(map(sum, zip(key, (1, *other), strict=True))): n for key, n in found.items()}
            found.update(joined)
        turned = {
            key: n
            for key, n in found.items()
            if any(a < q for a, q in zip(key[1:], need, strict=True))
            and all(a + w >= q for a, w, q in zip(key[1:], mine, need, strict=True))
        }
        orders = sum(n * factorial(key[0]) * factorial(v - 1 - key[0]) for key, n in turned.items())
        shapley.append(Fraction(orders, factorial(v)))
        banzhaf.append(Fraction(sum(turned.values()), 2 ** (v - 1)))
    return shapley, banzhaf
