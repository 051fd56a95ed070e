"""What is estimated: a tree of decisions with perfect information, and payoffs that are linear in unknown coefficients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats

Error = Literal["agent", "private"]
Link = Literal["logit", "probit"]


@dataclass(frozen=True)
class Decision:
    """A move of one player: option to what follows, another node or the name of an outcome."""

    player: str
    options: Mapping[str, Node]

    @property
    def after(self) -> list[Node]:
        """What follows each option."""
        return list(self.options.values())


@dataclass(frozen=True)
class Chance:
    """A move of chance with known probabilities: option to (probability, what follows)."""

    options: Mapping[str, tuple[float, Node]]

    @property
    def after(self) -> list[Node]:
        """What follows each option."""
        return [node for _, node in self.options.values()]


Node = Decision | Chance | str


def terminals(node: Node) -> Iterator[str]:
    """Outcomes at the ends of the tree, depth first, repeated where several histories end alike."""
    if isinstance(node, str):
        yield node
        return
    for after in node.after:
        yield from terminals(after)


@dataclass(frozen=True)
class Index:
    """One linear index over observations: offset + values @ coefficients[columns].

    Attributes
    ----------
    offset : (n,) float64.
    columns : (k,) positions among the coefficients.
    values : (n, k) float64.
    """

    offset: Floats
    columns: NDArray[np.intp]
    values: Floats

    def at(self, coefficients: Floats) -> Floats:
        """(n,) value of the index."""
        return np.asarray(self.offset + self.values @ coefficients[self.columns])

    def rows(self, keep: NDArray[np.intp]) -> Index:
        """The same index for some observations."""
        return Index(self.offset[keep], self.columns, self.values[keep])


@dataclass(frozen=True)
class Design:
    """A specification bound to data.

    Attributes
    ----------
    names : coefficients.
    n : observations.
    payoffs : (player, terminal number) to its index; missing means 0.
    scales : player to the index of log σ; missing means 0.
    seen : (n, terminals) bool, terminals that agree with what was observed.
    """

    root: Node
    names: tuple[str, ...]
    n: int
    payoffs: Mapping[tuple[str, int], Index]
    scales: Mapping[str, Index]
    seen: NDArray[np.bool_]
