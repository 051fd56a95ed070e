"""Likelihood of observed outcomes on a tree with perfect information, with exact derivatives, plain and penalised.

Choice at a node compares expected utilities EU(a), solved backwards. Sources: R. D. McKelvey & T. R. Palfrey (1998), "Quantal
response equilibria for extensive form games", *Experimental Economics* 1 (agent error); C. S. Signorino (1999), *APSR* 93 and
(2003), "Structure and uncertainty in discrete choice models", *Political Analysis* 11 (agent error against private information, probit);
J. Rust (1987), *Econometrica* 55 (private shocks to actions, logit: the mover expects its own later shocks, hence log-sum-exp).

    agent, logit      p(a) = exp(EU(a)/σ) / Σ exp(EU/σ)
    agent, probit     p(a) = Φ((EU(a) - EU(b)) / (σ √2))
    private, probit   p(a) = Φ((EU(a) - EU(b)) / (σ √(Σ_t P(t|a)² + Σ_t P(t|b)²)))   shocks N(0, σ²) at terminal payoffs
    private, logit    as agent, but the mover's own value of the node is σ log Σ exp(EU/σ)

Penalties keep estimates finite where the data separate the outcomes: D. Firth (1993), "Bias reduction of maximum likelihood
estimates", *Biometrika* 80 (Jeffreys' prior, ½ log det of the expected information); A. Gelman, A. Jakulin, M. G. Pittau & Y.-S. Su
(2008), *Annals of Applied Statistics* 2 (Cauchy, scale 2.5); S. Greenland & M. A. Mansournia (2015), *Statistics in Medicine* 34
(log-F(m, m)). For strategic models: C. Crisman-Cox, O. Gasparyan & C. S. Signorino (2022), *Political Analysis*.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from vetopoint.arrays import Bools, Floats
from vetopoint.errors import SolverError
from vetopoint.game.fit.jets import Jet, exponential, log_normal_cdf, log_softmax, log_sum_exp, reciprocal_root
from vetopoint.game.fit.spec import Chance, Decision, Design, Error, Index, Link, Node, terminals

Penalty = Literal["none", "firth", "cauchy", "log-f"]

ROWS = 1536
DEFAULT_WIDTH = {"none": 1.0, "firth": 0.5, "cauchy": 2.5, "log-f": 1.0}


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
    """The log-likelihood of one design under one kind of error; `SolverError` where it has no closed form."""

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
            seen = rows.seen(coefficients, order, ends)
            if weights is not None:
                seen = seen.times(weights[rows.keep])
            value += float(seen.value.sum())
            rows.add(seen, gradient, hessian)
        return Sums(value, gradient, hessian)

    def scores(self, coefficients: Floats) -> Floats:
        """(n, p) gradient of each observation's log-likelihood."""
        out = np.zeros((self.design.n, len(self.design.names)))
        for ends, rows in self._blocks:
            out[rows.keep] = rows.score(rows.seen(coefficients, 1, ends))
        return out

    def information(self, coefficients: Floats) -> Floats:
        """(p, p) expected information, Σ over observations and terminals of p ∇log p ∇log pᵀ."""
        p = len(self.design.names)
        total = np.zeros((p, p))
        for _, rows in self._blocks:
            for log in rows.logs(coefficients, 1, range(self.ends)).values():
                score = rows.score(log)
                total += (score * np.exp(log.value)[:, None]).T @ score
        return total


def _patterns(seen: Bools) -> list[tuple[list[int], NDArray[np.intp]]]:
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

    def seen(self, coefficients: Floats, order: int, ends: Sequence[int]) -> Jet:
        """Log-probability of ending at one of the terminals."""
        logs = self.logs(coefficients, order, ends)
        return log_sum_exp([logs[t] for t in ends]) if len(ends) > 1 else logs[ends[0]]

    def logs(self, coefficients: Floats, order: int, wanted: Sequence[int]) -> dict[int, Jet]:
        """Solve the tree backwards; log-probabilities of the ``wanted`` terminals (and of others that came along)."""
        jets = {key: self._jet(key, index, coefficients, order) for key, index in self._cut.items()}
        design = self.model.design
        payoffs = {place: jets[id(index)] for place, index in design.payoffs.items()}
        scales = {player: jets[id(index)] for player, index in design.scales.items()}
        zero = Jet(np.zeros(self.keep.size))
        return _Solver(self.model, payoffs, scales, zero, set(wanted)).node(design.root, 0, frozenset())[0].logs

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
        for child in node.after:
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
            gap = gap * reciprocal_root(reduce(add, squares))
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
                values[player] = reduce(add, [value * share for share, value in parts])
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


def _check(node: Node, error: Error, link: Link, moved: tuple[str, ...] = ()) -> None:
    """Refuse a tree for which the error has no closed form."""
    if isinstance(node, Decision) and link == "probit":
        if len(node.options) != 2:
            wrong = f"{node.player} chooses among {len(node.options)} options; probit has a closed form for two"
            raise SolverError(f"{wrong} → use the logit link")
        if error == "private" and node.player in moved:
            wrong = f"{node.player} moves twice on one path; with private shocks at outcomes its moves are correlated"
            raise SolverError(f"{wrong} → use the agent error, or the logit link with private shocks to actions")
        moved = (*moved, node.player)
    for after in () if isinstance(node, str) else node.after:
        _check(after, error, link, moved)


# --- penalties ---------------------------------------------------------------------------------------------------------


def penalised(
    model: Likelihood, coefficients: Floats, penalty: Penalty, width: float, order: int, weights: Floats | None = None
) -> Sums:
    """Log-likelihood plus penalty, with derivatives up to ``order``.

    ``width`` is Firth's power of det I (½ is Jeffreys' prior), the scale of the Cauchy, or m of the log-F(m, m). Firth's term has no
    cheap Hessian; its curvature is left out of the Newton step (not out of the gradient), as in Fisher scoring.
    """
    sums = model.sums(coefficients, order, weights)
    if penalty == "none":
        return sums
    if penalty == "firth":
        gradient = _firth_slope(model, coefficients, width) if order else np.zeros_like(coefficients)
        curve = -model.information(coefficients) if order > 1 else sums.hessian
        return Sums(sums.value + _firth(model, coefficients, width), sums.gradient + gradient, curve)
    if penalty == "cauchy":
        ratio = coefficients / width
        down = 1 + ratio**2
        value, slope = -float(np.log(down).sum()), -2 * ratio / (width * down)
        bend = -2 / width**2 * (1 - ratio**2) / down**2
    else:
        share = expit(coefficients)
        value = float(np.sum(width / 2 * coefficients - width * np.logaddexp(0.0, coefficients)))
        slope, bend = width / 2 - width * share, -width * share * (1 - share)
    return Sums(sums.value + value, sums.gradient + slope, sums.hessian + np.diag(bend))


def _firth(model: Likelihood, coefficients: Floats, power: float) -> float:
    information = model.information(coefficients)
    if not np.isfinite(information).all():
        return -np.inf
    sign, logdet = np.linalg.slogdet(information)
    return float(power * logdet) if sign > 0 else -np.inf


def _firth_slope(model: Likelihood, coefficients: Floats, power: float) -> Floats:
    """Gradient of the log-determinant by central differences of the exact information."""
    slope = np.empty_like(coefficients)
    for k in range(coefficients.size):
        step = np.zeros_like(coefficients)
        step[k] = 1e-5 * max(1.0, abs(coefficients[k]))
        up, down = _firth(model, coefficients + step, power), _firth(model, coefficients - step, power)
        slope[k] = (up - down) / (2 * step[k])
    return slope
