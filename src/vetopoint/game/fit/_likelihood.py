"""Likelihood of observed outcomes on a tree with perfect information, with exact derivatives.

Choice at a node compares expected utilities EU(a), solved backwards. Sources: R. D. McKelvey & T. R. Palfrey (1998), "Quantal
response equilibria for extensive form games", *Experimental Economics* 1 (agent error); C. S. Signorino (1999), *APSR* 93 and
(2003), "Structure and uncertainty in discrete choice models", *Political Analysis* 11 (agent error against private information, probit);
J. Rust (1987), *Econometrica* 55 (private shocks to actions, logit: the mover expects its own later shocks, hence log-sum-exp).

    agent, logit      p(a) = exp(EU(a)/σ) / Σ exp(EU/σ)
    agent, probit     p(a) = Φ((EU(a) - EU(b)) / (σ √2))
    private, probit   p(a) = Φ((EU(a) - EU(b)) / (σ √(Σ_t P(t|a)² + Σ_t P(t|b)²)))   shocks N(0, σ²) at terminal payoffs
    private, logit    as agent, but the mover's own value of the node is σ log Σ exp(EU/σ)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats
from vetopoint.errors import SolverError
from vetopoint.game.fit._jets import (
    Jet,
    exponential,
    log_normal_cdf,
    log_softmax,
    log_sum_exp,
    reciprocal_root,
)
from vetopoint.game.fit.spec import Chance, Decision, Design, Error, Index, Link, Node, terminals

__all__ = ["Likelihood", "Sums"]

ROWS = 1536


@dataclass(frozen=True)
class Sums:
    """Log-likelihood with its gradient (p,) and Hessian (p, p); the last two only where asked for."""

    value: float
    gradient: Floats
    hessian: Floats


@dataclass(frozen=True)
class _Walk:
    """What is known below a node: values by player, log-probabilities of the terminals below, given the node."""

    values: dict[str, Jet]
    logs: dict[int, Jet]


class Likelihood:
    """The log-likelihood of one design under one kind of error.

    Raises
    ------
    SolverError
        A combination of tree and error for which the model has no closed form.
    """

    def __init__(self, design: Design, error: Error, link: Link) -> None:
        self.design, self.error, self.link = design, error, link
        self.ends = len(list(terminals(design.root)))
        _check(design.root, error, link)
        self._moving = list(dict.fromkeys(id(i) for i in self._indices() if i.columns.size))
        self._by_coefficient = len(design.names) <= len(self._moving)
        self._blocks = [
            (ends, _Rows(self, rows[at : at + ROWS]))
            for ends, rows in _patterns(design.seen)
            for at in range(0, rows.size, ROWS)
        ]

    def _indices(self) -> Iterator[Index]:
        yield from self.design.payoffs.values()
        yield from self.design.scales.values()

    def sums(self, coefficients: Floats, order: int = 2, weights: Floats | None = None) -> Sums:
        """Log-likelihood (``order`` 0), its gradient (1) and Hessian (2); ``weights`` (n,) count each observation."""
        p = len(self.design.names)
        value, gradient, hessian = 0.0, np.zeros(p), np.zeros((p, p))
        for ends, rows in self._blocks:
            weight = None if weights is None else weights[rows.keep]
            logs = rows.walk(coefficients, order, set(ends)).logs
            seen = log_sum_exp([logs[t] for t in ends]) if len(ends) > 1 else logs[ends[0]]
            if weight is not None:
                seen = seen.times(weight)
            value += float(seen.value.sum())
            rows.add(seen, gradient, hessian)
        return Sums(value, gradient, hessian)

    def scores(self, coefficients: Floats) -> Floats:
        """(n, p) gradient of each observation's log-likelihood."""
        out = np.zeros((self.design.n, len(self.design.names)))
        for ends, rows in self._blocks:
            logs = rows.walk(coefficients, 1, set(ends)).logs
            seen = log_sum_exp([logs[t] for t in ends]) if len(ends) > 1 else logs[ends[0]]
            out[rows.keep] = rows.score(seen)
        return out

    def probabilities(self, coefficients: Floats) -> Floats:
        """(n, terminals) probability of each terminal."""
        out = np.empty((self.design.n, self.ends))
        for _, rows in self._blocks:
            logs = rows.walk(coefficients, 0, set(range(self.ends))).logs
            out[rows.keep] = np.exp(np.stack([logs[t].value for t in range(self.ends)], axis=1))
        return out

    def information(self, coefficients: Floats) -> Floats:
        """(p, p) expected information, Σ over observations and terminals of p ∇log p ∇log pᵀ."""
        p = len(self.design.names)
        total = np.zeros((p, p))
        for _, rows in self._blocks:
            logs = rows.walk(coefficients, 1, set(range(self.ends))).logs
            for log in logs.values():
                score = rows.score(log)
                total += (score * np.exp(log.value)[:, None]).T @ score
        return total


def _patterns(seen: NDArray[np.bool_]) -> list[tuple[list[int], NDArray[np.intp]]]:
    """Sets of terminals that agree with an observation, each with the observations that have it."""
    packed = np.packbits(seen, axis=1)
    padded = np.zeros((seen.shape[0], -(-packed.shape[1] // 8) * 8), np.uint8)
    padded[:, : packed.shape[1]] = packed
    keys = padded.view(np.uint64)
    code = keys[:, 0] if keys.shape[1] == 1 else np.unique(keys, axis=0, return_inverse=True)[1].ravel()
    groups = (np.flatnonzero(code == key) for key in np.unique(code))
    return [(np.flatnonzero(seen[rows[0]]).tolist(), rows) for rows in groups]


class _Rows:
    """Some observations of a design, ready to be walked."""

    def __init__(self, model: Likelihood, keep: NDArray[np.intp]) -> None:
        self.model, self.keep = model, keep
        self._cut: dict[int, Index] = {}
        for index in model._indices():
            if id(index) not in self._cut:
                self._cut[id(index)] = index.rows(keep)
        self._variables = [self._cut[key] for key in model._moving]
        self._places = [[np.ix_(a.columns, b.columns) for b in self._variables] for a in self._variables]

    def walk(self, coefficients: Floats, order: int, wanted: set[int]) -> _Walk:
        """Solve the tree backwards; log-probabilities only of the ``wanted`` terminals."""
        jets: dict[int, Jet] = {}
        for key, index in self._cut.items():
            jets[key] = self._jet(key, index, coefficients, order)
        design = self.model.design
        payoffs = {place: jets[id(index)] for place, index in design.payoffs.items()}
        scales = {player: jets[id(index)] for player, index in design.scales.items()}
        zero = Jet(np.zeros(self.keep.size))
        return _Solver(self.model, payoffs, scales, zero, wanted).node(design.root, 0, frozenset())[0]

    def _jet(self, key: int, index: Index, coefficients: Floats, order: int) -> Jet:
        value = index.at(coefficients)
        if order == 0 or not index.columns.size:
            return Jet(value)
        if self.model._by_coefficient:
            sorting = np.argsort(index.columns)
            return Jet(value, tuple(index.columns[sorting].tolist()), index.values.T[sorting], second=order > 1)
        return Jet(value, (self.model._moving.index(key),), np.ones((1, value.size)), second=order > 1)

    def add(self, seen: Jet, gradient: Floats, hessian: Floats) -> None:
        """Add the derivatives of ``seen`` in the coefficients, over all rows."""
        if seen.gradient is None:
            return
        if self.model._by_coefficient:
            rows = list(seen.variables)
            gradient[rows] += seen.gradient.sum(axis=1)
            if seen.hessian is not None:
                hessian[np.ix_(rows, rows)] += seen.hessian.sum(axis=2)
            return
        for i, a in enumerate(seen.variables):
            one = self._variables[a]
            gradient[one.columns] += one.values.T @ seen.gradient[i]
            if seen.hessian is None:
                continue
            for j, b in enumerate(seen.variables[: i + 1]):
                two = self._variables[b]
                block = one.values.T @ (two.values * seen.hessian[i, j][:, None])
                hessian[self._places[a][b]] += block
                if j < i:
                    hessian[self._places[b][a]] += block.T

    def score(self, seen: Jet) -> Floats:
        """(rows, p) gradient of each observation."""
        out = np.zeros((self.keep.size, len(self.model.design.names)))
        if seen.gradient is None:
            return out
        if self.model._by_coefficient:
            out[:, list(seen.variables)] = seen.gradient.T
            return out
        for i, a in enumerate(seen.variables):
            one = self._variables[a]
            out[:, one.columns] += one.values * seen.gradient[i][:, None]
        return out


class _Solver:
    """One backward pass over the tree."""

    def __init__(
        self,
        model: Likelihood,
        payoffs: dict[tuple[str, int], Jet],
        scales: dict[str, Jet],
        zero: Jet,
        wanted: set[int],
    ) -> None:
        self.model, self.payoffs, self.scales, self.zero, self.wanted = model, payoffs, scales, zero, wanted
        self.spread = model.error == "private" and model.link == "probit"
        self.inclusive_values = model.error == "private" and model.link == "logit"

    def node(self, node: Node, at: int, above: frozenset[str]) -> tuple[_Walk, int]:
        """Walk of a node whose first terminal is number ``at``, and the number after its last one.

        Values are kept only for the players who move ``above``: nobody else looks at them.
        """
        if isinstance(node, str):
            values = {p: self.payoffs[p, at] for p in above if (p, at) in self.payoffs}
            return _Walk(values, {at: self.zero}), at + 1
        inside = above | {node.player} if isinstance(node, Decision) else above
        below: list[_Walk] = []
        after = [a for _, a in node.options.values()] if isinstance(node, Chance) else list(node.options.values())
        for child in after:
            walk, at = self.node(child, at, inside)
            below.append(walk)
        if isinstance(node, Chance):
            logs = [Jet(np.log(np.full(self.zero.value.shape, share))) for share, _ in node.options.values()]
        else:
            needed = [bool(above) or not self.wanted.isdisjoint(walk.logs) for walk in below]
            logs = self.choice(node, below, needed)
        return self.combine(node, below, logs, above), at

    def choice(self, node: Decision, below: Sequence[_Walk], needed: Sequence[bool]) -> list[Jet]:
        """Log-probability of each option; of one that nobody needs, anything."""
        inverse = exponential(-self.scales[node.player]) if node.player in self.scales else None
        utilities = [walk.values.get(node.player, self.zero) for walk in below]
        if self.model.link == "logit":
            return log_softmax(utilities if inverse is None else [u * inverse for u in utilities])
        gap = utilities[0] - utilities[1]
        if self.spread:
            squares = [exponential(log.times(np.float64(2.0))) for walk in below for log in walk.logs.values()]
            gap = gap * reciprocal_root(_total(squares))
        else:
            gap = gap.times(np.sqrt(0.5))
        if inverse is not None:
            gap = gap * inverse
        return [log_normal_cdf(side) if need else self.zero for side, need in zip((gap, -gap), needed, strict=True)]

    def combine(self, node: Node, below: Sequence[_Walk], logs: Sequence[Jet], above: frozenset[str]) -> _Walk:
        """Values and terminal log-probabilities seen from a node."""
        shares = [exponential(log) for log in logs] if above else [self.zero] * len(logs)
        values: dict[str, Jet] = {}
        for player in sorted(above):
            parts = [(s, w.values[player]) for s, w in zip(shares, below, strict=True) if player in w.values]
            if parts:
                values[player] = _total([value * share for share, value in parts])
        if isinstance(node, Decision) and node.player in above and self.inclusive_values:
            values[node.player] = self.inclusive(node.player, below)
        kept = range(self.model.ends) if self.spread else self.wanted
        joint = {t: log + walk.logs[t] for log, walk in zip(logs, below, strict=True) for t in walk.logs if t in kept}
        return _Walk(values, joint)

    def inclusive(self, player: str, below: Sequence[_Walk]) -> Jet:
        """Expected value of the best option under the mover's own private shocks."""
        utilities = [walk.values.get(player, self.zero) for walk in below]
        if player not in self.scales:
            return log_sum_exp(utilities)
        scale = self.scales[player]
        return log_sum_exp([u * exponential(-scale) for u in utilities]) * exponential(scale)


def _total(parts: Sequence[Jet]) -> Jet:
    first, *rest = parts
    for part in rest:
        first = first + part
    return first


def _check(node: Node, error: Error, link: Link, moved: tuple[str, ...] = ()) -> None:
    if isinstance(node, str):
        return
    if isinstance(node, Chance):
        for share, after in node.options.values():
            if not 0 < share <= 1:
                raise SolverError(f"a chance option has probability {share} → leave impossible options out")
            _check(after, error, link, moved)
        return
    if link == "probit" and len(node.options) != 2:
        raise SolverError(
            f"{node.player} chooses among {len(node.options)} options; probit has a closed form for two → use the logit link"
        )
    if link == "probit" and error == "private" and node.player in moved:
        raise SolverError(
            f"{node.player} moves twice on one path; with private shocks at outcomes its moves are correlated → "
            "use the agent error, or the logit link with private shocks to actions"
        )
    for after in node.options.values():
        _check(after, error, link, (*moved, node.player))
