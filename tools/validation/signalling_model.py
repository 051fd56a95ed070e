"""The crisis-signalling game: best responses, outcome probabilities, equilibria, and their derivatives.

Sources: J. B. Lewis & K. A. Schultz (2003), "Revealing preferences: empirical estimation of a crisis bargaining game with
incomplete information", *Political Analysis* 11; J. Jo (2011), *Political Analysis* 19 (several equilibria);
C. Crisman-Cox & M. Gibilisco (2019), "Estimating signaling games in international relations", *PSRM*, doi:10.1017/psrm.2019.58.

A challenges or not (``sq``, worth S_A to A); B concedes (``cd``: V_A, C_B) or resists; A then fights (``sf``: W_A + e, W_B + e') or
backs down (``bd``: a + e'', V_B). The e are standard normal and private. With r = P(B resists | challenge) and
f = P(A fights | challenge, resistance), c = (S_A - (1 - r) V_A) / r and Φ2 the bivariate normal with correlation 1/√2:

    P(sq) = Φ(c - W_A) Φ(c - a)          f = Φ2((W_A - a)/√2, W_A - c) / (1 - P(sq))
    r = Φ(W_B + (V_B - C_B)/f - V_B)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtr

from vetopoint.arrays import Bools, Floats
from vetopoint.game.fit.jets import normal_hazard

__all__ = ["PAYOFFS", "Attack", "attack", "equilibria", "joint_normal", "outcome_scores", "resistance", "solve"]

PAYOFFS = ("S_A", "V_A", "C_B", "W_A", "W_B", "a", "V_B")
S_A, V_A, C_B, W_A, W_B, BACK, V_B = range(7)
LEAST = 1e-9
ROOT_HALF = np.sqrt(0.5)

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_ANGLE = (_NODES + 1) * np.pi / 8
_SHARE = _WEIGHTS / 16
_SINE, _COSINE2 = np.sin(_ANGLE), np.cos(_ANGLE) ** 2


def joint_normal(x: Floats, y: Floats) -> Floats:
    """P(X ≤ x, Y ≤ y) for standard normals with correlation 1/√2, to about 1e-15 absolute.

    A. Genz (2004), *Statistics and Computing* 14, eq. 3: one smooth integral over the angle, by 16 Gauss points.
    """
    squares, product = x * x + y * y, x * y
    power = (2 * product[..., None] * _SINE - squares[..., None]) / (2 * _COSINE2)
    return np.asarray(ndtr(x) * ndtr(y) + np.exp(power) @ _SHARE)


def _density(x: Floats) -> Floats:
    return np.asarray(np.exp(-0.5 * x * x) / np.sqrt(2 * np.pi))


@dataclass(frozen=True)
class Attack:
    """A's side of the game for given r: log-probabilities and their derivatives.

    ``quiet`` is log P(sq), ``fights`` and ``backs`` are log P(challenge and fight / back down if resisted), all (n,); each slope holds the
    derivatives in (c, W_A, a). ``threshold`` is c, ``threshold_slope`` its derivatives in (S_A, V_A, r).
    """

    quiet: Floats
    challenge: Floats
    fights: Floats
    backs: Floats
    quiet_slope: tuple[Floats, Floats, Floats]
    fights_slope: tuple[Floats, Floats, Floats]
    backs_slope: tuple[Floats, Floats, Floats]
    threshold_slope: tuple[Floats, Floats, Floats]

    @property
    def fight(self) -> Floats:
        """(n,) P(A fights | challenge, resistance)."""
        return np.exp(self.fights - np.logaddexp(self.fights, self.backs))


def attack(payoffs: Floats, resist: Floats) -> Attack:
    """A's best responses to ``resist`` (n,); ``payoffs (7, n)`` in the order of `PAYOFFS`."""
    r = np.clip(resist, LEAST, 1.0)
    c = (payoffs[S_A] - (1 - r) * payoffs[V_A]) / r
    low_fight, low_back = c - payoffs[W_A], c - payoffs[BACK]
    quiet = log_ndtr(low_fight) + log_ndtr(low_back)
    gap = (payoffs[W_A] - payoffs[BACK]) * ROOT_HALF
    fights, fights_slope = _wing(gap, -low_fight, low_back)
    backs, (cut, at_back, at_fight) = _wing(-gap, -low_back, low_fight)
    down_fight, down_back = normal_hazard(low_fight), normal_hazard(low_back)
    return Attack(
        quiet,
        np.log(np.exp(fights) + np.exp(backs)),
        fights,
        backs,
        (down_fight + down_back, -down_fight, -down_back),
        fights_slope,
        (cut, at_fight, at_back),
        (1 / r, -(1 - r) / r, (payoffs[V_A] - payoffs[S_A]) / r**2),
    )


def _wing(gap: Floats, margin: Floats, other: Floats) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
    """log Φ2(gap, margin) and its slope in c, in the payoff of this ending and in that of the other ending."""
    value = np.maximum(joint_normal(gap, margin), 1e-18)
    by_gap = _density(gap) * ndtr(margin / ROOT_HALF - gap) * ROOT_HALF / value
    by_margin = _density(margin) * ndtr(other) / value
    return np.log(value), (-by_margin, by_gap + by_margin, -by_gap)


def resistance(payoffs: Floats, fight: Floats) -> Floats:
    """(n,) B's index z; it resists with probability Φ(z) when it expects A to fight with probability ``fight``."""
    f = np.clip(fight, LEAST, 1.0)
    return np.asarray(payoffs[W_B] - payoffs[V_B] + (payoffs[V_B] - payoffs[C_B]) / f)


def _residual(payoffs: Floats, resist: Floats) -> tuple[Floats, Floats]:
    """r - Φ(z(f(r))) and its derivative in r."""
    side = attack(payoffs, resist)
    f = np.clip(side.fight, LEAST, 1.0)
    z = resistance(payoffs, f)
    slope_f = f * (1 - f) * (side.fights_slope[0] - side.backs_slope[0]) * side.threshold_slope[2]
    slope_z = -(payoffs[V_B] - payoffs[C_B]) / f**2
    return resist - ndtr(z), 1 - _density(z) * slope_z * slope_f


def _excess(payoffs: Floats, resist: Floats) -> Bools:
    """Whether r exceeds the answer to it, Φ(z(f(r))); as `_residual`, without derivatives."""
    r = np.clip(resist, LEAST, 1.0)
    c = (payoffs[S_A] - (1 - r) * payoffs[V_A]) / r
    gap = (payoffs[W_A] - payoffs[BACK]) * ROOT_HALF
    fights = np.maximum(joint_normal(gap, payoffs[W_A] - c), 1e-18)
    backs = np.maximum(joint_normal(-gap, payoffs[BACK] - c), 1e-18)
    return np.asarray(resist > ndtr(resistance(payoffs, fights / (fights + backs))))


def solve(payoffs: Floats, start: Floats, steps: int = 30) -> tuple[Floats, Floats]:
    """Equilibrium r of each game near ``start`` by damped Newton steps inside (0, 1), with the residual that is left."""
    r = np.clip(start, LEAST, 1 - LEAST)
    residual, slope = _residual(payoffs, r)
    for _ in range(steps):
        if np.max(np.abs(residual), initial=0.0) < 1e-13:
            break
        safe = np.where(np.abs(slope) < 1e-3, np.where(slope < 0, -1e-3, 1e-3), slope)
        move = np.clip(residual / safe, -0.2, 0.2)
        r = np.clip(r - move, r * 0.1, 1 - (1 - r) * 0.1)
        residual, slope = _residual(payoffs, r)
    return r, residual


def equilibria(payoffs: Floats, grid: int = 400) -> list[Floats]:
    """Every equilibrium r of each game that a grid can tell apart, refined by bisection; a list of (k,) arrays.

    Sign changes of the residual are bracketed on a grid that is even in r and in log-odds of r; equilibria that only touch zero, or
    lie closer together than the grid, are not told apart.
    """
    even = np.linspace(0, 1, grid // 2 + 2)[1:-1]
    odds = 1 / (1 + np.exp(-np.linspace(-18, 18, grid - grid // 2)))
    points = np.unique(np.concatenate([even, odds]))
    n = payoffs.shape[1]
    signs = np.empty((n, points.size), np.int8)
    for k, point in enumerate(points):
        signs[:, k] = np.where(_excess(payoffs, np.full(n, point)), 1, -1)
    signs = np.concatenate([-np.ones((n, 1), np.int8), signs, np.ones((n, 1), np.int8)], axis=1)
    edges = np.concatenate([[LEAST], points, [1 - LEAST]])
    game, place = np.nonzero(np.diff(signs, axis=1))
    low, high = edges[place].copy(), edges[place + 1].copy()
    side = signs[game, place]
    chosen = payoffs[:, game]
    for _ in range(45):
        middle = (low + high) / 2
        same = np.where(_excess(chosen, middle), 1, -1) == side
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    found = (low + high) / 2
    return [found[game == g] for g in range(n)]


def outcome_scores(payoffs: Floats, resist: Floats, fight: Floats | None) -> tuple[Floats, Floats]:
    """Log-probabilities (4, n) of sq, cd, sf, bd and their derivatives (4, 7, n) in the payoffs.

    With ``fight`` given, beliefs ``resist`` and ``fight`` are held fixed and each side answers them (pseudo-likelihood). With None, ``resist`` is
    an equilibrium and moves with the payoffs by the implicit function theorem (nested fixed point).
    """
    side = attack(payoffs, resist)
    f = np.clip(side.fight if fight is None else fight, LEAST, 1.0)
    z = resistance(payoffs, f)
    yes, no = log_ndtr(z), log_ndtr(-z)
    logs = np.stack([side.quiet, side.challenge + no, side.fights + yes, side.backs + yes])

    n = payoffs.shape[1]
    in_c = np.zeros((7, n))
    in_c[S_A], in_c[V_A] = side.threshold_slope[:2]
    quiet, fights, backs = (_spread(s, in_c) for s in (side.quiet_slope, side.fights_slope, side.backs_slope))
    gap = -(payoffs[V_B] - payoffs[C_B]) / f**2
    index = np.zeros((7, n))
    index[W_B], index[C_B], index[V_B] = 1.0, -1 / f, 1 / f - 1
    if fight is None:
        by_r = [s[0] * side.threshold_slope[2] for s in (side.quiet_slope, side.fights_slope, side.backs_slope)]
        share = f * (1 - f)
        index = index + gap * share * (fights - backs)
        down = _density(z)
        move = down * index / (1 - down * gap * share * (by_r[1] - by_r[2]))
        quiet, fights, backs = (s + r * move for s, r in zip((quiet, fights, backs), by_r, strict=True))
        index = index + gap * share * (by_r[1] - by_r[2]) * move
    mills_yes, mills_no = normal_hazard(z), normal_hazard(-z)
    weight = np.exp(side.fights - side.challenge)
    challenge = weight * fights + (1 - weight) * backs
    return logs, np.stack([quiet, challenge - mills_no * index, fights + mills_yes * index, backs + mills_yes * index])


def _spread(slope: tuple[Floats, Floats, Floats], in_c: Floats) -> Floats:
    """Derivatives in all payoffs from those in (c, W_A, a)."""
    out = slope[0] * in_c
    out[W_A] += slope[1]
    out[BACK] += slope[2]
    return out
