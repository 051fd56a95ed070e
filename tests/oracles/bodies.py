"""Real formal bodies with their voting rules, each with the article that it rests on: what power indices are checked against."""

from __future__ import annotations

import json
from pathlib import Path

from vetopoint.coalition import VotingRule

__all__ = ["known_body"]

BODIES = Path(__file__).parents[1] / "conformance" / "data" / "bodies.json"


def known_body(name: str) -> tuple[tuple[str, ...], VotingRule]:
    """Voters and rule of a formal body."""
    body = json.loads(BODIES.read_text(encoding="utf-8"))["bodies"][name]
    voters = tuple(body["voters"])
    vetoes = frozenset(voters.index(v) for v in body.get("vetoes", ()))
    weights = tuple(body["voters"].values())
    return voters, VotingRule(weights, body["quota"], body.get("minimum", 0), body.get("or_at_least"), vetoes)
