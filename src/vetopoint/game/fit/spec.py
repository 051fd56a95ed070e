"""What is estimated: a tree of decisions with perfect information, and payoffs that are linear in unknown coefficients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vetopoint.arrays import Floats
from vetopoint.errors import SolverError

__all__ = ["Chance", "Decision", "Error", "Link", "Node", "TreeSpec", "Utility", "terminals"]

Error = Literal["agent", "private"]
Link = Literal["logit", "probit"]
Utility = float | Sequence[str] | Mapping[str, str]


@dataclass(frozen=True)
class Decision:
    """A move of one player.

    Parameters
    ----------
    player : who decides.
    options : option to what follows: another node, or the name of an outcome.
    """

    player: str
    options: Mapping[str, Node]


@dataclass(frozen=True)
class Chance:
    """A move of chance with known probabilities.

    Parameters
    ----------
    options : option to (probability, what follows).
    """

    options: Mapping[str, tuple[float, Node]]


Node = Decision | Chance | str


@dataclass(frozen=True)
class TreeSpec:
    """A game to be estimated.

    Parameters
    ----------
    root : the first node.
    utilities : (player, outcome) to a payoff: a number (fixed), a list of columns (each gets a coefficient of its own,
        ``"1"`` is the constant), or a mapping of coefficient to column (coefficients may be shared). Payoffs left out are 0.
    log_scale : player, or ``"all"``, to the columns of log σ, in the same form; left out, σ = 1.

    Examples
    --------
    >>> tree = Decision("a", {"stay": "peace", "attack": Decision("b", {"yield": "gain", "resist": "war"})})
    >>> spec = TreeSpec(tree, {("a", "peace"): ["x"], ("a", "war"): ["1"], ("a", "gain"): 1.0, ("b", "war"): ["1", "z"]})
    >>> spec.outcomes
    ('peace', 'gain', 'war')
    >>> spec.coefficients()
    ('a(peace):x', 'a(war):1', 'b(war):1', 'b(war):z')
    """

    root: Node
    utilities: Mapping[tuple[str, str], Utility]
    log_scale: Mapping[str, Utility] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = set(self.outcomes)
        for player, outcome in self.utilities:
            if outcome not in known:
                raise SolverError(
                    f"payoff of {player} at {outcome!r}: no such outcome → outcomes are {', '.join(self.outcomes)}"
                )

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes, in the order of the tree, each once."""
        return tuple(dict.fromkeys(terminals(self.root)))

    @property
    def players(self) -> tuple[str, ...]:
        """Players in the order in which they first move."""
        return tuple(dict.fromkeys(_players(self.root)))

    def coefficients(self) -> tuple[str, ...]:
        """Names of the unknown coefficients, those of log σ last."""
        return tuple(
            dict.fromkeys(name for terms in (self.terms(), self.scale_terms()) for t in terms.values() for name in t)
        )

    def terms(self) -> dict[tuple[str, str], dict[str, str]]:
        """(player, outcome) to coefficient to column, for the payoffs that are not fixed."""
        return {
            key: _named(f"{key[0]}({key[1]})", u) for key, u in self.utilities.items() if not isinstance(u, float | int)
        }

    def scale_terms(self) -> dict[str, dict[str, str]]:
        """Player to coefficient to column, for log σ."""
        return {p: _named(f"log sigma({p})", u) for p, u in self.log_scale.items() if not isinstance(u, float | int)}


def _named(prefix: str, utility: Utility) -> dict[str, str]:
    if isinstance(utility, Mapping):
        return dict(utility)
    if isinstance(utility, float | int):
        return {}
    return {f"{prefix}:{column}": column for column in utility}


def terminals(node: Node) -> Iterator[str]:
    """Outcomes at the ends of the tree, depth first, repeated where several histories end alike."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Chance):
        for _, after in node.options.values():
            yield from terminals(after)
    else:
        for after in node.options.values():
            yield from terminals(after)


def _players(node: Node) -> Iterator[str]:
    if isinstance(node, Decision):
        yield node.player
        for after in node.options.values():
            yield from _players(after)
    elif isinstance(node, Chance):
        for _, after in node.options.values():
            yield from _players(after)


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


def bind(spec: TreeSpec, data: Mapping[str, ArrayLike], outcome: ArrayLike) -> Design:
    """Bind a specification to data.

    Parameters
    ----------
    data : column to (n,) numbers.
    outcome : (n,) names of observed outcomes.

    Raises
    ------
    SolverError
        An unknown outcome, a missing column, or a missing value.
    """
    observed = np.asarray(outcome).astype(str)
    ends = np.asarray(list(terminals(spec.root)))
    strange = sorted(set(observed.tolist()) - set(ends.tolist()))
    if strange:
        raise SolverError(f"outcome {strange[0]!r} is not in the tree → outcomes are {', '.join(spec.outcomes)}")
    names = spec.coefficients()
    payoffs: dict[tuple[str, int], Index] = {}
    terms = spec.terms()
    for (player, end), utility in spec.utilities.items():
        fixed = float(utility) if isinstance(utility, float | int) else 0.0
        index = _index(terms.get((player, end), {}), fixed, names, data, observed.size)
        payoffs.update({(player, int(t)): index for t in np.flatnonzero(ends == end)})
    scales: dict[str, Index] = {}
    scale_terms = spec.scale_terms()
    for player, utility in spec.log_scale.items():
        fixed = float(utility) if isinstance(utility, float | int) else 0.0
        index = _index(scale_terms.get(player, {}), fixed, names, data, observed.size)
        scales.update({p: index for p in (spec.players if player == "all" else (player,))})
    return Design(spec.root, names, observed.size, payoffs, scales, observed[:, None] == ends[None])


def _index(
    terms: Mapping[str, str], fixed: float, names: Sequence[str], data: Mapping[str, ArrayLike], n: int
) -> Index:
    values = np.empty((n, len(terms)))
    for k, column in enumerate(terms.values()):
        values[:, k] = column_values(data, column, n)
    return Index(np.full(n, fixed), np.asarray([names.index(c) for c in terms], np.intp), values)


def column_values(data: Mapping[str, ArrayLike], column: str, n: int) -> Floats:
    """One column as numbers; ``"1"`` is the constant.

    Raises
    ------
    SolverError
        The column is missing, is not numeric or has missing values.
    """
    if column == "1":
        return np.ones(n)
    if column not in data:
        raise SolverError(f"column {column!r} is not in the data → columns are {', '.join(map(str, data))}")
    try:
        values = np.asarray(data[column], float)
    except (TypeError, ValueError) as error:
        raise SolverError(f"column {column!r} is not numeric ({error}) → recode it as numbers") from error
    if values.shape != (n,):
        raise SolverError(f"column {column!r} has shape {values.shape} → give one number for each of {n} rows")
    missing = np.flatnonzero(~np.isfinite(values))
    if missing.size:
        raise SolverError(
            f"column {column!r} has missing values, the first in row {missing[0] + 1} → drop those rows first"
        )
    return values
