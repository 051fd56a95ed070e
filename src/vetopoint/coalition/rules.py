"""From joining rules as written to truth tables over masks of members.

A rule speaks of public facts, of the member's own stances, of other members by name, of how many have joined, and of
formal bodies. It is evaluated once for every combination of the facts and stances it names and every mask of members,
so that draws only look rows up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Bools
from vetopoint.case import Expression, Scope

__all__ = ["Rule", "member_masks"]


def member_masks(m: int) -> Bools:
    """(m, 2^m) bool: does member i belong to the mask?"""
    return ((np.arange(1 << m)[None, :] >> np.arange(m)[:, None]) & 1).astype(bool)


@dataclass(frozen=True)
class Rule:
    """A clause over switches (facts and stances) and members.

    Parameters
    ----------
    expression : the clause.
    members : names of all members, in order.
    own : index of the member whose rule it is (it does not count itself), or None for a clause of the coalition.
    bodies : formal bodies that the clause may name: (k, M) bool -> (k,) bool.
    switches : facts and stances that the clause names, in order.
    """

    expression: Expression
    members: Sequence[str]
    own: int | None = None
    bodies: Mapping[str, Callable[[Bools], Bools]] = field(default_factory=dict)
    switches: tuple[str, ...] = ()

    def scope(self, switches: Mapping[str, Bools], joined: Bools, total: NDArray[np.int16] | None = None) -> Scope:
        """What the names of the clause mean (`none`: nothing is required).

        Parameters
        ----------
        switches : (…) bool arrays for each fact and stance.
        joined : (M, …) bool: who has joined; broadcasts with the switches.
        total : (…) how many have joined, where the caller has counted them already.
        """
        number = np.sum(joined, axis=0, dtype=np.int16) if total is None else total
        among = len(joined)
        if self.own is not None:
            number, among = number - joined[self.own], among - 1
        values: dict[str, Bools] = {**switches, **dict(zip(self.members, joined, strict=True))}
        values["none"] = np.ones((), dtype=bool)
        for name in self.expression.names & set(self.bodies):
            flat = joined.reshape(len(self.members), -1).T
            values[name] = self.bodies[name](flat).reshape(joined.shape[1:])

        def named(item: object) -> NDArray[np.bool_]:
            return np.asarray(values[item] if isinstance(item, str) else item, dtype=bool)

        def k_of(k: float, *items: object) -> Bools:
            total: NDArray[np.int64] = np.zeros((), dtype=np.int64)
            for item in items:
                total = total + named(item)
            return np.asarray(total >= k)

        return Scope(
            values,
            functions={
                "joined": lambda k: np.asarray(number >= k),
                "joined_share": lambda x: np.asarray(number >= x * among),
                "k_of": k_of,
            },
        )

    def holds(self, switches: Mapping[str, Bools], joined: Bools, total: NDArray[np.int16] | None = None) -> Bools:
        """Truth of the clause; arguments as in `scope`."""
        return np.asarray(self.expression.evaluate(self.scope(switches, joined, total)), dtype=bool)

    def table(self) -> Bools:
        """(2^switches, 2^M) bool: truth by combination of the switches (bit j is switch j) and mask of members."""
        rows = member_masks(len(self.switches))
        values = {name: rows[j][:, None] for j, name in enumerate(self.switches)}
        masks = member_masks(len(self.members))[:, None, :]
        truth = self.holds(values, masks)
        return np.ascontiguousarray(np.broadcast_to(truth, (1 << len(self.switches), 1 << len(self.members))))
