"""Formal bodies: who carries a decision under weighted, double and alternative majorities and vetoes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["VotingRule", "known_bodies", "known_body", "passes"]


@dataclass(frozen=True)
class VotingRule:
    """A yes-or-no voting rule.

    A coalition wins if it holds every veto player and either reaches `quota` with at least `minimum` voters and every
    further majority, or has `or_at_least` voters.

    Attributes
    ----------
    weights : (v,) weight of each voter.
    quota : weight that must be reached.
    minimum : least number of voters beside the quota.
    or_at_least : so many voters win whatever their weight, or None.
    vetoes : indices of voters without whom nothing passes.
    also : further (weights, quota) that must be reached as well.
    """

    weights: tuple[float, ...]
    quota: float
    minimum: int = 0
    or_at_least: int | None = None
    vetoes: frozenset[int] = frozenset()
    also: tuple[tuple[tuple[float, ...], float], ...] = ()

    def wins(self, yes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(k, v) bool, one row a coalition -> (k,) bool."""
        yes = np.asarray(yes, dtype=bool)
        count = yes.sum(axis=1)
        # Sums of weights as written in decimals may fall short of the quota by rounding.
        won = (yes @ np.asarray(self.weights) >= self.quota - 1e-9) & (count >= self.minimum)
        for weights, quota in self.also:
            won &= yes @ np.asarray(weights) >= quota - 1e-9
        if self.or_at_least is not None:
            won |= count >= self.or_at_least
        for veto in self.vetoes:
            won &= yes[:, veto]
        return np.asarray(won)


def passes(
    rule: VotingRule, voters: Sequence[str], members: Sequence[str]
) -> Callable[[NDArray[np.bool_]], NDArray[np.bool_]]:
    """A test over coalition members, (k, M) bool -> (k,) bool; voters who are no members count as voting no."""
    position: Mapping[str, int] = {name: i for i, name in enumerate(members)}

    def test(joined: NDArray[np.bool_]) -> NDArray[np.bool_]:
        yes = np.zeros((len(joined), len(voters)), dtype=bool)
        for v, name in enumerate(voters):
            if name in position:
                yes[:, v] = joined[:, position[name]]
        return rule.wins(yes)

    return test


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    text = files("vetopoint.coalition").joinpath("data/bodies.json").read_text(encoding="utf-8")
    return dict(json.loads(text)["bodies"])


def known_bodies() -> dict[str, str]:
    """Shipped formal bodies: short name to label and source."""
    return {name: f"{b['label']} ({b['source']})" for name, b in _shipped().items()}


def known_body(name: str) -> tuple[tuple[str, ...], VotingRule]:
    """Voters and rule of a shipped formal body.

    Examples
    --------
    >>> voters, rule = known_body("eec1958")
    >>> voters[0], rule.quota
    ('DE', 12)
    """
    body = _shipped()[name]
    voters = tuple(body["voters"])
    vetoes = frozenset(voters.index(v) for v in body.get("vetoes", ()))
    rule = VotingRule(
        tuple(body["voters"].values()), body["quota"], body.get("minimum", 0), body.get("or_at_least"), vetoes
    )
    return voters, rule
