"""The principal branch of simultaneous games by a plain tracer of small steps, many games side by side.

Nothing here is shared with the solver: payoffs as tables instead of trees, derivatives of its own, LAPACK for the systems, the
angle between successive tangents as the only control, and steps that stay small. Its answers are checked by halving its steps.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import numpy as np

Floats = np.ndarray


@dataclass(frozen=True, eq=False)
class Followed:
    """Play where each branch first arrives at each precision.

    Parameters
    ----------
    strategy : (games, precisions, players, options).
    folded : (games, precisions) whether the branch had turned back before.
    """

    strategy: Floats
    folded: Floats


@dataclass(eq=False)
class _Branches:
    """Points x, tangents and lengths of the next step of all games; x are log-odds against the first option, the last is lambda."""

    payoffs: Floats
    point: Floats
    tangent: Floats
    step: Floats
    turned: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.turned = np.zeros(len(self.point), dtype=bool)


def play(log_odds: Floats) -> Floats:
    """(games, players, options) from log-odds (games, players, options - 1)."""
    logits = np.concatenate([np.zeros((*log_odds.shape[:-1], 1)), log_odds], axis=-1)
    weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def _expected(payoffs: Floats, strategy: Floats, keep: tuple[int, ...]) -> Floats:
    """Payoff of the first player in ``keep``, expected over all players who are not in it."""
    names = "abcdef"[: strategy.shape[1]]
    others = [j for j in range(strategy.shape[1]) if j not in keep]
    text = "n" + names + "".join(",n" + names[j] for j in others) + "->n" + "".join(names[j] for j in keep)
    return np.einsum(text, payoffs[:, keep[0]], *(strategy[:, j] for j in others))


def _system(payoffs: Floats, point: Floats) -> tuple[Floats, Floats]:
    """x - lambda (advantage of each option), (games, d), and its derivatives by x and lambda, (games, d, d+1)."""
    games, players, m = payoffs.shape[:3]
    x, precision = point[:, :-1], point[:, -1]
    s = play(x.reshape(games, players, m - 1))
    worth = np.stack([_expected(payoffs, s, (i,)) for i in range(players)], axis=1)
    gain = (worth[:, :, 1:] - worth[:, :, :1]).reshape(games, -1)
    by_odds = (s[:, :, :, None] * (np.eye(m) - s[:, :, None, :]))[:, :, :, 1:]
    slopes = np.zeros((games, players, m - 1, players, m - 1))
    for i, j in itertools.permutations(range(players), 2):
        table = _expected(payoffs, s, (i, j))
        slopes[:, i, :, j, :] = (table[:, 1:] - table[:, :1]) @ by_odds[:, j]
    d = x.shape[1]
    jacobian = np.eye(d) - precision[:, None, None] * slopes.reshape(games, d, d)
    return x - precision[:, None] * gain, np.concatenate([jacobian, -gain[:, :, None]], axis=2)


def _bordered(jacobian: Floats, border: Floats, right: Floats) -> Floats:
    """Solutions (games, d+1) of the Jacobian above a border."""
    return np.linalg.solve(np.concatenate([jacobian, border[:, None, :]], axis=1), right[:, :, None])[:, :, 0]


def _unit(games: int, d: int) -> Floats:
    found = np.zeros((games, d + 1))
    found[:, d] = 1.0
    return found


def _tangent(payoffs: Floats, point: Floats, border: Floats) -> Floats:
    found = _bordered(_system(payoffs, point)[1], border, _unit(len(point), point.shape[1] - 1))
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def follow(payoffs: Floats, precisions: Floats, most: float = 0.01, turn: float = 0.03) -> Followed:
    """Follow the branches of games with ``payoffs (games, players, options, ..., options)`` through rising precisions.

    ``most`` is the longest step, ``turn`` the largest angle between tangents, in radians.
    """
    games, players, m = payoffs.shape[:3]
    d = players * (m - 1)
    start = np.zeros((games, d + 1))
    along = _Branches(payoffs, start, _tangent(payoffs, start, _unit(games, d)), np.full(games, most / 10))
    strategy = np.full((games, len(precisions), players, m), np.nan)
    folded, due = np.zeros((games, len(precisions)), dtype=bool), np.zeros(games, dtype=np.int64)
    while np.any(due < len(precisions)):
        moved, before = _step(along, np.flatnonzero(due < len(precisions)), most, turn)
        for game, past in zip(moved, before, strict=True):
            while due[game] < len(precisions) and along.point[game, d] >= precisions[due[game]]:
                found = _arrival(payoffs[game], past, along.point[game], precisions[due[game]])
                strategy[game, due[game]] = play(found.reshape(1, players, m - 1))[0]
                folded[game, due[game]] = along.turned[game]
                due[game] += 1
    return Followed(strategy, folded)


def _step(along: _Branches, games: np.ndarray, most: float, turn: float) -> tuple[np.ndarray, Floats]:
    """One step of each game; those that moved, and where they were."""
    payoffs, past, border, step = along.payoffs[games], along.point[games], along.tangent[games], along.step[games]
    trial = past + step[:, None] * border
    for _ in range(3):
        value, jacobian = _system(payoffs, trial)
        trial = trial - _bordered(jacobian, border, np.concatenate([value, np.zeros((len(games), 1))], axis=1))
    tangent = _tangent(payoffs, trial, border)
    angle = np.arccos(np.clip((tangent * border).sum(axis=1), -1.0, 1.0))
    good = (angle < turn) & (np.linalg.norm(trial - past, axis=1) < 1.5 * step)
    along.step[games] = np.where(good, np.where(angle < turn / 3, np.minimum(1.3 * step, most), step), step / 2)
    assert along.step[games].min() > 1e-10, "a branch that cannot be followed"
    moved = games[good]
    along.turned[moved] |= trial[good, -1] < past[good, -1]
    along.point[moved], along.tangent[moved] = trial[good], tangent[good]
    return moved, past[good]


def _arrival(payoffs: Floats, past: Floats, point: Floats, precision: float) -> Floats:
    """Log-odds (d,) at a precision between two points, by Newton's method."""
    share = (precision - past[-1]) / (point[-1] - past[-1])
    here = np.append(past[:-1] + share * (point[:-1] - past[:-1]), precision)[None]
    for _ in range(6):
        value, jacobian = _system(payoffs[None], here)
        here[:, :-1] -= np.linalg.solve(jacobian[:, :, :-1], value[:, :, None])[:, :, 0]
    return here[0, :-1]
