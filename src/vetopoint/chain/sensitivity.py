"""How much of a figure hangs on each input, from the draws that are there and a few more in which one input is drawn anew.

*First effect*: the share of a figure's variance over draws that goes if one input alone becomes known, Var(E[Y | X]) / Var(Y), by least
squares of the figure on Legendre polynomials of the input's ranks (`vetopoint.chain.legendre`), adjusted for the number of polynomials.
*Total effect*: the share that is left if every other input becomes known, E[Var(Y | all but X)] / Var(Y), by drawing X anew while all
others stay (pick and freeze; Jansen 1999, *Computer Physics Communications* 117, 35-43; Saltelli et al. 2010, ibid. 181, 259-270).
What the total effect has more is what X does together with others. *Swing*: the figure's conditional mean along the input, from both.
Draws count by P(what the case presupposes): every figure is a ratio of sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vetopoint.arrays import Floats, ratio
from vetopoint.chain.legendre import basis
from vetopoint.quantity import monte_carlo_error

__all__ = ["Anew", "Course", "Effect", "Fit", "course", "first_effects", "total_effects", "variances"]

MOST_TERMS = 12
RIDGE = 1e-10
ROWS_A_TERM = 16
NO_SPREAD = 1e-12


@dataclass(frozen=True)
class Effect:
    """A share of variance for each of k figures, (k,), and its standard error, (k,)."""

    share: Floats
    error: Floats

    @classmethod
    def none(cls, figures: int) -> Effect:
        """That of an input that moves nothing."""
        return cls(np.zeros(figures), np.zeros(figures))


@dataclass(frozen=True, eq=False)
class Anew:
    """Figures before and after one input was drawn anew, all others as they are.

    Attributes
    ----------
    before, after : (m,) ranks of the input, as shares of all draws.
    change : (m, k) by how much each figure moves.
    weights : (m,) weight of each pair.
    """

    before: Floats
    after: Floats
    change: Floats
    weights: Floats


@dataclass(frozen=True, eq=False)
class Course:
    """How far the conditional mean of k figures lies from their mean along an input.

    Attributes
    ----------
    terms : for each figure the (t,) coefficients of as many polynomials as it needs …
    covariance : … and the (t, t) covariance of their errors.
    """

    terms: Sequence[Floats]
    covariance: Sequence[Floats]

    def between(self, low: float, high: float) -> tuple[Floats, Floats, Floats]:
        """(k,) above the mean at two shares of the input's distribution, and the standard error of what lies between them."""
        found = np.zeros((3, len(self.terms)))
        for k, (terms, covariance) in enumerate(zip(self.terms, self.covariance, strict=True)):
            here, there = basis([low, high], len(terms))
            across = there - here
            found[:, k] = here @ terms, there @ terms, np.sqrt(max(float(across @ covariance @ across), 0.0))
        return found[0], found[1], found[2]


def variances(values: Floats, weights: Floats) -> Floats:
    """The variance (k,) of figures (n, k) over draws of some weight (n,)."""
    return np.asarray((_relative(weights)[:, None] * _centred(values, weights) ** 2).mean(axis=0), np.float64)


def first_effects(fit: Fit) -> Effect:
    """First effects of one input on k figures, from their regression over all draws.

    Returns
    -------
    Effect
        Adjusted for the number of polynomials (Ezekiel 1930), hence about 0, a little below as often as above, for an input that does
        nothing. The error is that of the spread between independent parts of the draws.

    Examples
    --------
    >>> from vetopoint.chain.legendre import ranks
    >>> x, y = np.random.default_rng(1).random((2, 4096))
    >>> first_effects(Fit.along(ranks(x), (x + y)[:, None], np.ones(4096))).share.round(1).tolist()
    [0.5]
    """
    values, weight = fit.values, fit.weights
    share, pulls = np.zeros(values.shape[1]), np.zeros(values.shape)
    for k, terms in enumerate(fit.terms()):
        if (spread := fit.spread[k]) > NO_SPREAD:
            left = values[:, k] - fit.of[:, :terms] @ fit.coefficients(k, terms)
            unexplained = float((weight * left**2).mean())
            free = max(fit.draws - terms - 1.0, 1.0)
            share[k] = 1.0 - unexplained / spread * (free + terms) / free
            pulls[:, k] = weight * (values[:, k] ** 2 * unexplained / spread**2 - left**2 / spread)
    return Effect(share, monte_carlo_error(pulls))


def total_effects(anew: Anew, spread: Floats) -> Effect:
    """Total effects of what was drawn anew on k figures of variance `spread` (k,) over all draws."""
    weight = _relative(anew.weights)[:, None]
    halves = np.where(spread > NO_SPREAD, ratio(weight * anew.change**2, 2.0 * spread + 0.0 * anew.change), 0.0)
    share = halves.mean(axis=0)
    return Effect(share, monte_carlo_error(halves - weight * share))


def course(anew: Anew, overall: Fit | None) -> Course:
    """The conditional mean of k figures along an input, by least squares over all draws and over those in which it was drawn anew.

    What is fitted to the second is the change of each figure, in which the other inputs cancel; either kind of draw counts by how closely
    it is fitted (Aitken 1935). An input that enters nothing changes nothing, and its course is flat.

    Parameters
    ----------
    anew : the input drawn anew.
    overall : the regression over all draws, or None to leave these out, as must be where the input is correlated with others.
    """
    most = _most_terms(anew.weights)
    fits = [Fit.of_draws(basis(anew.after, most) - basis(anew.before, most), anew.change, anew.weights)]
    fits += [overall] if overall is not None else []
    wanted = np.max([fit.terms() for fit in fits], axis=0)
    found = [_pooled(fits, k, min(terms, most)) for k, terms in enumerate(wanted)]
    return Course([terms for terms, _ in found], [covariance for _, covariance in found])


@dataclass(frozen=True, eq=False)
class Fit:
    """A regression of k figures on polynomials of one input, of which the first few are used.

    Attributes
    ----------
    of : (n, t) the polynomials; values : (n, k) the figures; weights : (n,) the weights, 1 on average.
    gram, moments : (t, t) and (t, k) of the normal equations, per draw.
    spread : (k,) mean square of what is fitted.
    draws : as how many draws of equal weight the draws count.
    """

    of: Floats
    values: Floats
    weights: Floats
    gram: Floats
    moments: Floats
    spread: Floats
    draws: float

    @classmethod
    def along(cls, shares: Floats, values: Floats, weights: Floats) -> Fit:
        """Fit figures (n, k), of which only differences count, along an input of some ranks (n,), as shares of all draws."""
        of = basis(shares, _most_terms(weights))
        return cls.of_draws(_centred(of, weights), _centred(values, weights), weights)

    @classmethod
    def of_draws(cls, of: Floats, values: Floats, weights: Floats) -> Fit:
        """Fit figures (n, k) through the origin by polynomials (n, t) over draws of some weight (n,)."""
        weight = _relative(weights)
        weighted = of * (weight / len(of))[:, None]
        spread = (weight[:, None] * values**2).mean(axis=0)
        return cls(of, values, weight, weighted.T @ of, weighted.T @ values, spread, _effective(weights))

    @cached_property
    def _factor(self) -> Floats:
        """(t, t) lower triangle whose rows turn the polynomials into orthogonal ones; what depends on those before it counts for nothing."""
        size = len(self.gram)
        return np.asarray(np.linalg.cholesky(self.gram + RIDGE * (np.trace(self.gram) + NO_SPREAD) * np.eye(size)))

    @cached_property
    def _explained(self) -> Floats:
        """(t, k) mean square that each orthogonal polynomial explains."""
        return np.asarray(np.linalg.solve(self._factor, self.moments) ** 2, np.float64)

    def coefficients(self, k: int, terms: int) -> Floats:
        """(terms,) coefficients of the first so many polynomials."""
        factor = self._factor[:terms, :terms]
        return np.asarray(np.linalg.solve(factor @ factor.T, self.moments[:terms, k]), np.float64)

    def left(self, k: int, terms: int) -> float:
        """The mean square that the first so many polynomials leave of a figure."""
        return max(float(self.spread[k] - self._explained[:terms, k].sum()), 0.0)

    def terms(self) -> list[int]:
        """How many polynomials each figure needs: fewest by Schwarz's criterion (1978, *Annals of Statistics* 6, 461-464), at least one."""
        counts = np.arange(1, len(self.gram) + 1)[:, None]
        left = np.maximum(self.spread - np.cumsum(self._explained, axis=0), NO_SPREAD * np.maximum(self.spread, 1e-12))
        cost = self.draws * np.log(left) + counts * np.log(max(self.draws, 2.0))
        return [int(terms) for terms in np.argmin(cost, axis=0) + 1]


def _pooled(fits: list[Fit], k: int, terms: int) -> tuple[Floats, Floats]:
    """Coefficients and their covariance; each regression counts by the inverse of the variance it leaves, one that leaves none alone."""
    left = [fit.left(k, terms) for fit in fits]
    exact = [fit for fit, rest in zip(fits, left, strict=True) if rest <= NO_SPREAD]
    if exact:
        return exact[0].coefficients(k, terms), np.zeros((terms, terms))
    counts = [fit.draws / rest for fit, rest in zip(fits, left, strict=True)]
    gram = sum((c * fit.gram[:terms, :terms] for c, fit in zip(counts, fits, strict=True)), np.zeros((terms, terms)))
    moments = sum((c * fit.moments[:terms, k] for c, fit in zip(counts, fits, strict=True)), np.zeros(terms))
    covariance = np.asarray(np.linalg.pinv(gram, rcond=1e-9, hermitian=True), np.float64)
    return covariance @ moments, covariance


def _centred(values: Floats, weights: Floats) -> Floats:
    return np.asarray(values - (_relative(weights)[:, None] * values).mean(axis=0), np.float64)


def _relative(weights: Floats) -> Floats:
    """Weights of mean 1; all 0 where nothing counts."""
    return ratio(weights, np.full(1, weights.mean()))


def _effective(weights: Floats) -> float:
    """As how many draws of equal weight the draws count (Kish 1965)."""
    return float(weights.sum() ** 2 / max(float((weights**2).sum()), NO_SPREAD))


def _most_terms(weights: Floats) -> int:
    """How many polynomials so many draws can bear."""
    return int(np.clip(_effective(weights) / ROWS_A_TERM, 1, MOST_TERMS))
