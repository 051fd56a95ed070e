"""What it would be worth to know a number before a decision is taken: the value of perfect information, from the draws that are there.

Whoever must decide knows what was done so far and no more of the uncertain numbers than the case says. Knowing all of them it would take
the best option in each draw: EVPI = E[max over options] − max over options E (Raiffa & Schlaifer 1961, *Applied Statistical Decision Theory*).
Knowing one number, or a group of them, it would take the option with the best expectation given these: EVPPI, by regression of what the
options are worth on the number (Strong, Oakley & Brennan 2014, *Medical Decision Making* 34, 311-326), here by least squares on Legendre
polynomials of its shares.

Regression flatters: whatever noise bends a curve seems worth knowing. Three things are done against it. What the other inputs explain on
average is taken off first (a control variate: its mean is nought given the number, as long as they are drawn independently of it). Each draw's
option is chosen by the curve that is fitted to all other draws (leave-one-out, by the hat matrix: Cook & Weisberg 1982, 2.2), so that
what is counted is what a rule found without it is worth in it; the standard error is that of this mean, from the spread of sets of draws.
And a number counts as worth nothing unless its curve explains, and what is gained by it exceeds, what chance would give at one in a hundred over
all inputs. Both are needed: draws of one Sobol' set are not independent, and noise that repeats itself within a set bends a curve more often than
that of independent draws.

What is left is a little less than the truth: a polynomial of low degree finds the value at which the choice changes only nearly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, ndtri

from vetopoint.arrays import Bools, Floats, Ints
from vetopoint.chain.numbers import tied_inputs
from vetopoint.game.decision import OptionsWorth
from vetopoint.quantity.bands import monte_carlo_error

__all__ = ["DEGREE", "Known", "Value", "value_of_information"]

DEGREE = 5
CHANCE = 0.01
"""With which any input that does nothing is taken for one that does something."""
ROWS_A_COLUMN = 12
MOST_OF_GROUP = 6
TINY = 1e-12


@dataclass(frozen=True)
class Known:
    """What knowing something is worth, in the payoff's units, with its Monte-Carlo standard error.

    Attributes
    ----------
    value : how much more is to be expected of the decision; nought where that cannot be told from nothing.
    error : its standard error.
    """

    value: float
    error: float


NOTHING = Known(0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Value:
    """The value of information for one decision.

    Attributes
    ----------
    worth : (options,) what is to be expected of each option, whenever the decision comes; `errors` their standard errors.
    best : (options,) share of the times that the decision comes in which the option is the best of those, all numbers known …
    chosen : (options,) … and on what is known now.
    everything : what knowing every number is worth.
    inputs, groups : by name, what knowing it alone is worth.
    """

    worth: Floats
    errors: Floats
    best: Floats
    chosen: Floats
    everything: Known
    inputs: Mapping[str, Known]
    groups: Mapping[str, Known]


def value_of_information(
    options: OptionsWorth,
    names: Sequence[str],
    polynomials: Floats,
    groups: Mapping[str, Collection[str]] | None = None,
    tied: Collection[Collection[str]] = (),
) -> Value:
    """Find what it is worth to know each input, and each group, before a decision.

    Parameters
    ----------
    options : what the options are worth wherever the decision comes, see `worth_of_options`; n draws.
    names : the inputs.
    polynomials : (inputs, n, degree) Legendre polynomials of each input's shares, see `Shares.polynomials`.
    groups : name to inputs; those that are not among `names` do not vary, and count for nothing.
    tied : sets of inputs that are not drawn independently of each other.

    Examples
    --------
    >>> from vetopoint.chain.legendre import basis
    >>> u = (np.arange(4096) + 0.5) / 4096
    >>> worth = np.stack([np.zeros(4096), u - 0.5], axis=1)[:, None, :]  # nothing, or something between −½ and ½
    >>> found = value_of_information(OptionsWorth(worth, np.ones((4096, 1))), ["u"], basis(u, 4)[None])
    >>> round(found.everything.value, 6), round(found.inputs["u"].value, 6)
    (0.125, 0.125)
    """
    choice = _Choice.of(options)
    everything = choice.known(np.maximum(choice.ahead.max(axis=2, initial=0.0), 0.0).sum(axis=1))
    found = {name: NOTHING for name in names}
    known_groups = {name: NOTHING for name in groups or {}}
    if everything.value > 0.0 and names:
        curves = _Curves.fitted(choice, names, polynomials, tied)
        found = {name: _least(curves.of_input(name), everything) for name in names}
        for name, members in (groups or {}).items():
            own = [member for member in names if member in set(members)]
            alone = [found[member] for member in own]
            together = _least(curves.of_group(own), everything) if len(own) > 1 else NOTHING
            known_groups[name] = max([together, *alone], key=lambda known: known.value)
    return Value(*choice.shares(options), everything, found, known_groups)


def _least(known: Known, everything: Known) -> Known:
    """Knowing something is worth no less than nothing and no more than knowing everything."""
    return Known(min(max(known.value, 0.0), everything.value), known.error)


@dataclass(frozen=True, eq=False)
class _Choice:
    """What options add over the one that is best on what is known, wherever the decision comes.

    Attributes
    ----------
    ahead : (n, information sets, options) P(information set) · what the option is worth more than the best one on average.
    reach : (n,) P(the decision comes).
    first : (information sets,) number of that best option.
    """

    ahead: Floats
    reach: Floats
    first: Ints

    @classmethod
    def of(cls, options: OptionsWorth) -> _Choice:
        first = options.worth.mean(axis=0).argmax(axis=1).astype(np.int64)
        best = np.take_along_axis(options.worth, first[None, :, None], axis=2)
        return cls(options.worth - best, options.reach.sum(axis=1), first)

    def known(self, gained: Floats) -> Known:
        """A mean gain (n,) whenever the decision comes, a ratio of sums, with its standard error."""
        whole = float(self.reach.mean())
        value = float(gained.mean()) / whole if whole > 0 else 0.0
        left = (gained - value * self.reach) / (whole or 1.0)
        return Known(value, float(monte_carlo_error((left - left.mean())[:, None])[0]))

    def shares(self, options: OptionsWorth) -> tuple[Floats, Floats, Floats, Floats]:
        """What each option is worth, the error of that, how often it is best, and how often it is chosen."""
        whole, count = float(self.reach.mean()) or 1.0, options.worth.shape[2]
        sums = options.worth.sum(axis=1)
        worth = sums.mean(axis=0) / whole
        left = (sums - worth * self.reach[:, None]) / whole
        best = np.zeros(count)
        np.add.at(best, self.ahead.argmax(axis=2).ravel(), options.reach.ravel() / (whole * len(self.reach)))
        chosen = np.zeros(count)
        np.add.at(chosen, self.first, options.reach.mean(axis=0) / whole)
        return worth, monte_carlo_error(left - left.mean(axis=0)), best, chosen


@dataclass(frozen=True, eq=False)
class _Curves:
    """Least squares on each input's polynomials.

    Attributes
    ----------
    columns : (inputs, n, degree) polynomials, each less its mean over the draws.
    inverse : (inputs, degree, degree) of their products, as far as they differ.
    coefficients : (inputs, degree, outputs) what each input alone explains of every output; nought where that is no more than chance would.
        (Taking off what is noise takes off a part of what others explain too: as many hundredths as there are columns to a hundred draws.)
    left : (n, outputs) what is left of the outputs when all of that is taken off.
    idle : (inputs,) whether an input bends neither an output nor what is left of it.
    tied : input to all that hang together with it.
    """

    choice: _Choice
    names: Sequence[str]
    columns: Floats
    inverse: Floats
    coefficients: Floats
    left: Floats
    idle: Bools
    tied: Mapping[str, frozenset[str]]

    @classmethod
    def fitted(
        cls, choice: _Choice, names: Sequence[str], polynomials: Floats, tied: Collection[Collection[str]]
    ) -> _Curves:
        n = len(choice.reach)
        degree = max(1, min(polynomials.shape[2], n // ROWS_A_COLUMN))
        columns = polynomials[:, :, :degree] - polynomials[:, :, :degree].mean(axis=1, keepdims=True)
        outputs = choice.ahead.reshape(n, -1) - choice.ahead.reshape(n, -1).mean(axis=0)
        inverse = np.linalg.pinv(columns.transpose(0, 2, 1) @ columns, rcond=1e-9, hermitian=True)
        along = columns.transpose(0, 2, 1) @ outputs
        coefficients = inverse @ along
        whole, explained = (outputs**2).sum(axis=0), (along * coefficients).sum(axis=1)
        bends = _bent(whole, explained, inverse, n, len(names))
        coefficients = np.where(bends[:, None, :], coefficients, 0.0)
        left = outputs.copy()
        for i in np.flatnonzero(bends.any(axis=1)):
            left -= columns[i] @ coefficients[i]
        along = columns.transpose(0, 2, 1) @ left
        whole, explained = (left**2).sum(axis=0), (along * (inverse @ along)).sum(axis=1)
        idle = np.asarray(~(bends | _bent(whole, explained, inverse, n, len(names))).any(axis=1))
        return cls(choice, names, columns, inverse, coefficients, left, idle, tied_inputs(tied))

    def of_input(self, name: str) -> Known:
        """What it is worth to know one input."""
        i = self.names.index(name)
        if self.idle[i] and name not in self.tied:
            return NOTHING
        return self._worth(self._without_the_rest([name]), self.columns[i], self.inverse[i])

    def of_group(self, names: Sequence[str]) -> Known:
        """What it is worth to know several inputs: their polynomials and the products of two, of those that explain the most."""
        outputs = self._without_the_rest(names)
        explained = {name: self._explained(name, outputs) for name in names}
        kept = sorted(names, key=lambda name: (-explained[name], name))[:MOST_OF_GROUP]
        columns = list(self._together(kept))
        most = max(1, len(outputs) // ROWS_A_COLUMN)
        chosen = np.concatenate(columns, axis=1)[:, :most]
        chosen -= chosen.mean(axis=0)
        inverse = np.asarray(np.linalg.pinv(chosen.T @ chosen, rcond=1e-9, hermitian=True), np.float64)
        return self._worth(outputs, chosen, inverse)

    def _together(self, names: Sequence[str]) -> Iterator[Floats]:
        own = [self.columns[self.names.index(name)] for name in names]
        yield from own
        for k, one in enumerate(own):
            yield from (one[:, :1] * other[:, :1] for other in own[:k])

    def _without_the_rest(self, names: Sequence[str]) -> Floats:
        """(n, outputs) what is left when what the inputs explain is taken off that are drawn independently of all these."""
        kept = set(names).union(*(self.tied.get(name, frozenset()) for name in names))
        found = self.left.copy()
        for i, name in enumerate(self.names):
            if name in kept and self.coefficients[i].any():
                found += self.columns[i] @ self.coefficients[i]
        return found

    def _explained(self, name: str, outputs: Floats) -> float:
        """The largest share of any output that one input explains."""
        i = self.names.index(name)
        along = self.columns[i].T @ outputs
        share = (along * (self.inverse[i] @ along)).sum(axis=0) / np.maximum((outputs**2).sum(axis=0), TINY)
        return float(share.max(initial=0.0))

    def _worth(self, outputs: Floats, columns: Floats, inverse: Floats) -> Known:
        """What is gained by choosing in every draw by the curves that all other draws give."""
        along = columns.T @ outputs
        whole, explained = (outputs**2).sum(axis=0), (along * (inverse @ along)).sum(axis=0)
        bends = _bent(whole, explained, inverse, len(outputs), len(self.names))
        if not bends.any():
            return NOTHING
        n, shape = len(outputs), self.choice.ahead.shape
        lever = 1.0 / n + ((columns @ inverse) * columns).sum(axis=1)
        means = self.choice.ahead.reshape(n, -1).mean(axis=0)
        seen = outputs + means
        curve = means + columns @ (inverse @ along)
        unseen = (curve - lever[:, None] * seen) / np.maximum(1.0 - lever, TINY)[:, None]
        taken = np.where(bends, unseen, means).reshape(shape).argmax(axis=2)
        gained = np.take_along_axis(seen.reshape(shape), taken[:, :, None], axis=2)[:, :, 0]
        known = self.choice.known(gained.sum(axis=1))
        return known if known.value > ndtri(1.0 - CHANCE / len(self.names)) * known.error else NOTHING


def _bent(whole: Floats, explained: Floats, inverse: Floats, draws: int, inputs: int) -> Bools:
    """(…, outputs) whether curves explain more of an output than chance would, at `CHANCE` over all inputs and outputs.

    Parameters
    ----------
    whole, explained : (outputs,) and (…, outputs) sums of squares. inverse : (…, columns, columns) of the products of columns.
    """
    rank = np.maximum(np.linalg.matrix_rank(inverse, hermitian=True), 1)[..., None]
    varies = whole > TINY * draws
    noise = np.maximum(whole - explained, 0.0) / np.maximum(draws - rank - 1, 1)
    limit = chdtri(rank, CHANCE / (inputs * max(int(varies.sum()), 1)))
    return np.asarray(varies & (explained > noise * limit))
