"""Declared trees: a game with perfect information, its unknown coefficients by column, and their estimation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from vetopoint.arrays import Floats
from vetopoint.errors import SolverError
from vetopoint.game.fit.estimate import Estimator, FitResult, fit_design
from vetopoint.game.fit.spec import Chance, Decision, Design, Index, Node, terminals

Utility = float | Sequence[str] | Mapping[str, str]


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


def _players(node: Node) -> Iterator[str]:
    if isinstance(node, Decision):
        yield node.player
    for after in () if isinstance(node, str) else node.after:
        yield from _players(after)


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
    _check_chance(spec.root)
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


def _check_chance(node: Node) -> None:
    for share, _ in node.options.values() if isinstance(node, Chance) else ():
        if not 0 < share <= 1:
            raise SolverError(f"a chance option has probability {share} → leave impossible options out")
    for after in () if isinstance(node, str) else node.after:
        _check_chance(after)


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
    return numeric(data[column], column, n)


def numeric(cells: ArrayLike, column: str, n: int) -> Floats:
    """The cells of a column as (n,) numbers.

    Raises
    ------
    SolverError
        The column is not numeric or has missing values.
    """
    try:
        values = np.asarray(cells, float)
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


def fit(
    spec: TreeSpec,
    data: Mapping[str, ArrayLike],
    outcome: ArrayLike,
    how: Estimator | None = None,
    cluster: ArrayLike | None = None,
) -> FitResult:
    """Estimate the coefficients of a tree's payoffs.

    Parameters
    ----------
    spec : tree and payoffs.
    data : column to (n,) numbers.
    outcome : (n,) observed outcome of each case.
    how : error, link, penalty, standard errors; default: agent error, logit, Hessian errors.
    cluster : (n,) labels; sandwich and bootstrap treat equal labels as one.

    Raises
    ------
    SolverError
        Unknown outcomes or columns, or a tree for which the error has no closed form.

    Examples
    --------
    >>> import numpy as np
    >>> spec = TreeSpec(Decision("a", {"no": "peace", "yes": "war"}), {("a", "war"): ["1"]})
    >>> result = fit(spec, {}, np.array(["war"] * 3 + ["peace"]))
    >>> round(float(np.exp(result["a(war):1"])), 6)  # the odds, 3 to 1
    3.0
    """
    design = bind(spec, data, outcome)
    if not design.names:
        raise SolverError("no unknown coefficient → give at least one payoff a list of columns")
    return fit_design(design, how or Estimator(), cluster)
