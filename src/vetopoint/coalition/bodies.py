"""Formal bodies: who carries a decision under weighted, double and alternative majorities and vetoes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["VotingRule", "passes"]


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
