"""Estimating the crisis-signalling game, whose equilibria need not be unique.

Three estimators of C. Crisman-Cox & M. Gibilisco (2019), *Political Science Research and Methods*, doi:10.1017/psrm.2019.58:

- *pseudo-likelihood*: beliefs are first estimated from the frequencies, then held fixed while payoffs are fitted to best responses;
- *nested pseudo-likelihood* (V. Aguirregabiria & P. Mira, 2007, *Econometrica* 75): beliefs are replaced by the best responses at the
  estimate, until nothing moves;
- *constrained maximum likelihood* (C.-L. Su & K. L. Judd, 2012, *Econometrica* 80), here as a nested fixed point that follows each game's
  equilibrium as payoffs move, with exact gradients. After each climb every equilibrium of every game is looked for on a grid; where
  another one fits a game better, the climb goes on from there. A fit that picks equilibria silently, one by one, gets stuck far below.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, ndtr
from signalling_model import PAYOFFS, attack, equilibria, outcome_scores, resistance, solve
from trees import column_values

from vetopoint.arrays import Floats
from vetopoint.errors import SolverError
from vetopoint.game.fit.estimate import FitResult
from vetopoint.game.fit.maximise import Maximum, maximise

__all__ = ["PAYOFFS", "SignallingFit", "SignallingSpec", "count_equilibria", "fit_signalling", "frequencies"]

Method = Literal["pseudo", "nested-pseudo", "constrained"]
Errors = Literal["hessian", "sandwich"]
TURNS = 20


@dataclass(frozen=True)
class SignallingSpec:
    """Columns of each payoff of the crisis-signalling game.

    Parameters
    ----------
    S_A : A's worth of the status quo. C_B : B's worth of conceding. V_A : A's worth of B's concession.
    W_A, W_B : worth of fighting. a : A's worth of backing down. V_B : B's worth of A's backing down (0 when left out).
        ``"1"`` is the constant. One constant of S_A, V_A, W_A, a must be left out: only differences count.
    """

    S_A: Sequence[str] = ()
    V_A: Sequence[str] = ("1",)
    C_B: Sequence[str] = ("1",)
    W_A: Sequence[str] = ("1",)
    W_B: Sequence[str] = ("1",)
    a: Sequence[str] = ("1",)
    V_B: Sequence[str] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Coefficients in the order of the payoffs."""
        return tuple(f"{p}:{column}" for p in PAYOFFS for column in getattr(self, p))


@dataclass(frozen=True)
class SignallingFit:
    """Estimates with the equilibrium of each game at the estimate.

    Attributes
    ----------
    estimates : coefficients, standard errors, log-likelihood.
    resist, fight : (n,) P(B resists | challenge) and P(A fights | challenge, resistance).
    equilibria : (n,) number of equilibria of each game that the grid tells apart at the estimate.
    rounds : updates of beliefs (nested pseudo-likelihood) or changes of equilibrium (constrained).
    """

    estimates: FitResult
    resist: Floats
    fight: Floats
    equilibria: NDArray[np.int64]
    rounds: int


@dataclass(frozen=True)
class _Data:
    names: tuple[str, ...]
    columns: tuple[Floats, ...]
    counts: Floats

    def payoffs(self, coefficients: Floats) -> Floats:
        """(7, n) payoffs."""
        out, at = np.zeros((len(PAYOFFS), self.counts.shape[1])), 0
        for k, values in enumerate(self.columns):
            out[k] = values @ coefficients[at : at + values.shape[1]]
            at += values.shape[1]
        return out

    def scores(self, slopes: Floats) -> Floats:
        """(p, n) from derivatives in the payoffs (7, n)."""
        return np.concatenate([values.T * slopes[k] for k, values in enumerate(self.columns)])


def fit_signalling(
    spec: SignallingSpec,
    data: Mapping[str, ArrayLike],
    counts: ArrayLike,
    *,
    method: Method = "constrained",
    beliefs: tuple[ArrayLike, ArrayLike] | None = None,
    start: ArrayLike | None = None,
    errors: Errors = "hessian",
    rounds: int = 500,
    grid: int = 400,
) -> SignallingFit:
    """Estimate a crisis-signalling game.

    Parameters
    ----------
    data : column to (n,) numbers.
    counts : (n, 4) how often each game ended in status quo, concession, fighting, backing down.
    beliefs : first-stage (resist, fight), each (n,); default: `frequencies`.
    start : (p,) coefficients from which the first climb starts, default zero. A constrained fit climbs from there and from the nested
        pseudo-likelihood, and keeps the better end.
    errors : ``hessian`` or ``sandwich`` (by game); for pseudo-likelihoods they leave out the error of the first stage.
    rounds : most updates of beliefs.
    grid : points at which equilibria are looked for.

    Raises
    ------
    SolverError
        Counts or columns of the wrong shape, or beliefs outside (0, 1).

    Examples
    --------
    >>> import numpy as np
    >>> found = fit_signalling(SignallingSpec(V_A=(), a=("1",)), {}, np.array([[60, 10, 20, 10]] * 5))
    >>> [round(float(p), 3) for p in (found.resist[0], found.fight[0])]  # 30 of 40 resisted, then 20 of 30 fought
    [0.75, 0.667]
    """
    bound = _bind(spec, data, counts)
    begin = np.zeros(len(bound.names)) if start is None else np.asarray(start, float)
    believed = (
        frequencies(spec, data, counts)
        if beliefs is None
        else (np.asarray(beliefs[0], float), np.asarray(beliefs[1], float))
    )
    if any(b.shape != bound.counts.shape[1:] or not ((b > 0) & (b < 1)).all() for b in believed):
        raise SolverError("first-stage beliefs must be one number in (0, 1) for each game")
    with np.errstate(all="ignore"):
        climb, resist, fight, turns = _pseudo(bound, begin, believed, 0 if method == "pseudo" else rounds)
        ended: tuple[float, ...] = (climb.value,)
        if method == "constrained":
            # A climb from a poor point can end far below; the one from the nested pseudo-likelihood is always among them.
            points = [climb.at] if start is None else [climb.at, begin]
            climbs = [_constrained(bound, at, grid) for at in points]
            climbs.sort(key=lambda c: (not c[0].converged, -c[0].value))
            climb, resist, turns, found = climbs[0]
            fight = attack(bound.payoffs(climb.at), resist).fight
            ended = tuple(c[0].value for c in climbs)
        fixed = None if method == "constrained" else fight
        covariance = _covariance(bound, climb, resist, fixed, errors)
        if method != "constrained":
            found = equilibria(bound.payoffs(climb.at), grid)
    estimates = FitResult(
        bound.names,
        climb.at,
        covariance,
        climb.value,
        bound.counts.shape[1],
        f"crisis signalling, {method}",
        errors,
        climb.converged,
        ended,
        tuple(_warnings(method, climb, turns, rounds, found)),
    )
    return SignallingFit(estimates, resist, fight, np.asarray([len(e) for e in found]), turns)


def count_equilibria(
    spec: SignallingSpec, data: Mapping[str, ArrayLike], coefficients: ArrayLike, n: int, grid: int = 400
) -> NDArray[np.int64]:
    """(n,) number of equilibria of each game at given coefficients, as a grid tells them apart."""
    bound = _bind(spec, data, np.ones((n, 4)))
    return np.asarray([len(e) for e in equilibria(bound.payoffs(np.asarray(coefficients, float)), grid)])


def frequencies(
    spec: SignallingSpec, data: Mapping[str, ArrayLike], counts: ArrayLike, ridge: float = 1.0
) -> tuple[Floats, Floats]:
    """First-stage beliefs (resist, fight): logistic regressions of the observed frequencies on all columns, with a ridge.

    Columns are centred and scaled; ``ridge`` is the penalty on half the squared slopes, in units of log-likelihood.
    """
    bound = _bind(spec, data, counts)
    columns = sorted({c for p in PAYOFFS for c in getattr(spec, p)} - {"1"})
    n = bound.counts.shape[1]
    raw = np.stack([column_values(data, c, n) for c in columns], axis=1) if columns else np.empty((n, 0))
    spread = raw.std(axis=0)
    design = np.column_stack([np.ones(n), (raw - raw.mean(axis=0)) / np.where(spread > 0, spread, 1.0)])
    _, conceded, fought, backed = bound.counts
    return _regress(design, fought + backed, conceded, ridge), _regress(design, fought, backed, ridge)


def _regress(design: Floats, yes: Floats, no: Floats, ridge: float) -> Floats:
    weight = np.full(design.shape[1], ridge)
    weight[0] = 1e-6

    def value(point: Floats) -> float:
        index = design @ point
        return float(-yes @ np.logaddexp(0, -index) - no @ np.logaddexp(0, index) - weight @ point**2 / 2)

    def derivatives(point: Floats) -> tuple[float, Floats, Floats]:
        share = expit(design @ point)
        slope = design.T @ (yes - (yes + no) * share) - weight * point
        curve = -(design.T * ((yes + no) * share * (1 - share))) @ design - np.diag(weight)
        return value(point), slope, curve

    return np.asarray(
        np.clip(expit(design @ maximise(value, derivatives, np.zeros(design.shape[1])).at), 1e-3, 1 - 1e-3)
    )


def _bind(spec: SignallingSpec, data: Mapping[str, ArrayLike], counts: ArrayLike) -> _Data:
    tally = np.asarray(counts, float)
    if tally.ndim != 2 or tally.shape[1] != 4 or (tally < 0).any():
        raise SolverError(
            f"counts have shape {tally.shape}; (games, 4) needed: status quo, concession, fighting, backing down"
        )
    if not spec.names:
        raise SolverError("no unknown coefficient → give at least one payoff a column")
    n = tally.shape[0]
    columns = tuple(
        np.stack([column_values(data, c, n) for c in getattr(spec, p)], axis=1)
        if getattr(spec, p)
        else np.empty((n, 0))
        for p in PAYOFFS
    )
    return _Data(spec.names, columns, tally.T)


def _pseudo(
    data: _Data, start: Floats, beliefs: tuple[Floats, Floats], rounds: int
) -> tuple[Maximum, Floats, Floats, int]:
    """Fit at fixed beliefs; then, for ``rounds`` > 0, replace beliefs by best responses until they stand still."""
    resist, fight = beliefs
    climb = _climb_fixed(data, start, resist, fight)
    for turn in range(1, rounds + 1):
        payoffs = data.payoffs(climb.at)
        answered, fought = ndtr(resistance(payoffs, fight)), attack(payoffs, resist).fight
        moved = max(np.abs(answered - resist).max(), np.abs(fought - fight).max())
        resist, fight = np.asarray(answered), fought
        climb = _climb_fixed(data, climb.at, resist, fight)
        if moved < 1e-8:
            return climb, resist, fight, turn
    return climb, resist, fight, rounds


def _climb_fixed(data: _Data, start: Floats, resist: Floats, fight: Floats) -> Maximum:
    return maximise(
        lambda point: _value(data, outcome_scores(data.payoffs(point), resist, fight)[0]),
        lambda point: _derivatives(data, point, resist, fight),
        start,
    )


def _constrained(data: _Data, start: Floats, grid: int) -> tuple[Maximum, Floats, int, list[Floats]]:
    """Climb along equilibria; change to a better-fitting equilibrium where a game has one; climb again.

    Returns the climb, the equilibrium of each game, the number of changes, and every equilibrium of every game at the end.
    """
    where, _, _ = _best_equilibria(data, data.payoffs(start), grid)
    climb = Maximum(start, -np.inf, np.eye(start.size), False)
    for turn in range(TURNS + 1):
        follow = _Follower(data, where)
        climb = maximise(follow.value, follow.derivatives, climb.at, steps=60)
        where = follow.settled(climb.at)
        better, gain, roots = _best_equilibria(data, data.payoffs(climb.at), grid, where)
        if gain < 1e-6 or not climb.converged or turn == TURNS:
            break
        where = better
    return climb, where, turn, roots


class _Follower:
    """Equilibria followed from the last point accepted, so that the likelihood is smooth along a climb."""

    def __init__(self, data: _Data, where: Floats) -> None:
        self.data, self.where, self.best = data, where, -np.inf

    def at(self, point: Floats) -> Floats:
        """Equilibrium of each game at a point; nan where it was lost, as behind a fold."""
        found, left = solve(self.data.payoffs(point), self.where, steps=12)
        return np.where(np.abs(left) < 1e-9, found, np.nan)

    def settled(self, point: Floats) -> Floats:
        """Equilibrium of each game at a point near the last one accepted."""
        found = self.at(point)
        return np.where(np.isnan(found), self.where, found)

    def value(self, point: Floats) -> float:
        """Log-likelihood at a point."""
        resist = self.at(point)
        if np.isnan(resist).any():
            return -np.inf
        return _value(self.data, outcome_scores(self.data.payoffs(point), resist, None)[0])

    def derivatives(self, point: Floats) -> tuple[float, Floats, Floats]:
        """Log-likelihood, gradient and (expected) Hessian at a point, followed from here on if the climb is served."""
        resist = self.at(point)
        if np.isnan(resist).any():
            return -np.inf, np.zeros_like(point), -np.eye(point.size)
        found = _derivatives(self.data, point, resist, None)
        if found[0] >= self.best:
            self.where, self.best = resist, found[0]
        return found


def _best_equilibria(
    data: _Data, payoffs: Floats, grid: int, now: Floats | None = None
) -> tuple[Floats, float, list[Floats]]:
    """The equilibrium of each game that fits its counts best, the gain over ``now``, and all equilibria."""
    roots = equilibria(payoffs, grid)
    most = max(len(r) for r in roots)
    table = np.stack([np.concatenate([r, np.full(most - len(r), r[-1])]) for r in roots])
    if now is not None:
        table = np.column_stack([now, table])
    fits = np.stack([_by_game(data, outcome_scores(payoffs, column, None)[0]) for column in table.T], axis=1)
    best = np.argmax(fits, axis=1)
    rows = np.arange(best.size)
    return table[rows, best], float(np.sum(fits[rows, best] - fits[:, 0])), roots


def _by_game(data: _Data, logs: Floats) -> Floats:
    return np.asarray(np.sum(np.where(data.counts > 0, data.counts * logs, 0.0), axis=0))


def _value(data: _Data, logs: Floats) -> float:
    return float(_by_game(data, logs).sum())


def _derivatives(data: _Data, point: Floats, resist: Floats, fight: Floats | None) -> tuple[float, Floats, Floats]:
    """Log-likelihood, gradient, and minus the expected information over the games' numbers of observations."""
    logs, slopes = outcome_scores(data.payoffs(point), resist, fight)
    gradient, curve = np.zeros(point.size), np.zeros((point.size, point.size))
    total = data.counts.sum(axis=0)
    for count, log, slope in zip(data.counts, logs, slopes, strict=True):
        score = data.scores(slope)
        gradient += score @ count
        curve -= (score * (total * np.exp(log))) @ score.T
    return _value(data, logs), gradient, curve


def _covariance(data: _Data, climb: Maximum, resist: Floats, fight: Floats | None, errors: Errors) -> Floats:
    def gradient(point: Floats) -> Floats:
        there = resist if fight is not None else solve(data.payoffs(point), resist)[0]
        return _derivatives(data, point, there, fight)[1]

    curve = _jacobian(gradient, climb.at)
    if not np.isfinite(curve).all():
        return np.full_like(curve, np.nan)
    inverse = np.asarray(np.linalg.pinv(-curve, hermitian=True), np.float64)
    if errors == "hessian":
        return inverse
    _, slopes = outcome_scores(data.payoffs(climb.at), resist, fight)
    scores = sum(data.scores(slope) * count for slope, count in zip(slopes, data.counts, strict=True))
    return np.asarray(inverse @ (scores @ np.transpose(scores)) @ inverse)


def _jacobian(function: Callable[[Floats], Floats], point: Floats) -> Floats:
    """Symmetric part of the Jacobian of a gradient, by central differences."""
    out = np.empty((point.size, point.size))
    for k in range(point.size):
        step = np.zeros_like(point)
        step[k] = 1e-5 * max(1.0, abs(point[k]))
        out[k] = (function(point + step) - function(point - step)) / (2 * step[k])
    return (out + out.T) / 2


def _warnings(method: Method, climb: Maximum, turns: int, rounds: int, found: list[Floats]) -> list[str]:
    told = []
    if not climb.converged:
        told.append("the climb stopped before its gradient vanished")
    if method == "nested-pseudo" and turns >= rounds:
        told.append(
            f"beliefs still moved after {rounds} updates; nested pseudo-likelihood may not settle on these data"
        )
    several = sum(len(e) > 1 for e in found)
    if several:
        told.append(
            f"{several} of {len(found)} games have several equilibria at the estimate; the likelihood depends on which is played"
        )
    return told
