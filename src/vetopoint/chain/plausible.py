"""Face validity: whether changes of single numbers do what the case says they must, over the whole range of each number.

A number is held at five values from its 5th to its 95th percentile, every draw otherwise the same (common random numbers), and
P(target | given) = Σ P(target and given) / Σ P(given) over draws is compared between them. The standard error of a difference is that of
paired draws, by the linear form of the ratio (Cochran 1977, *Sampling Techniques*, 6.4); pairing is what makes small effects visible
(Glasserman and Yao 1992, *Management Science* 38, on common random numbers).

A condition selects draws: where a number changes in which draws it holds, the figure moves although in no draw anybody does anything else.
So what is not held is tried once more with the condition's weights the same at all values (direct standardisation: Kitagawa 1955, *Journal
of the American Statistical Association* 50), and the note says so where that is the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from vetopoint.answers import ExpectationHeld, Ignored, Swing
from vetopoint.arrays import Array, Bools, Floats, ratio
from vetopoint.case import Place
from vetopoint.case.schema import Expectation
from vetopoint.chain.effects import HIGH, LOW
from vetopoint.chain.flips import held_at
from vetopoint.chain.frame import Frame
from vetopoint.chain.numbers import Numbers
from vetopoint.chain.world import World
from vetopoint.kernel import in_order
from vetopoint.quantity import LEAST_WEIGHT, Distribution
from vetopoint.quantity.bands import monte_carlo_error

__all__ = ["expectations_held", "ignored", "levels_of"]

LEVELS = 5
WIDEST = 2.0  # widths of the middle 90 %: a range that is no wider is tried to its ends
TINY = 0.0005  # what is less than a twentieth of a point is nothing
HALF_A_POINT = 0.005
ENDS, REVERSAL = 2.0, 3.0  # standard errors for the ends, and for one of many steps between them

Pairs = Mapping[str, tuple[Floats, Floats]]
Effect = Literal["raises", "lowers", "moves nothing", "moves something"]
Verdict = Literal["held", "not held", "too small to tell"]
UNTOLD: Verdict = "too small to tell"


def levels_of(distribution: Distribution) -> tuple[float, ...]:
    """The values at which a number is held: percentiles, the ends being those of its range where that is not much wider; one of a fixed number."""
    inner = np.asarray(distribution.ppf(np.linspace(LOW, HIGH, LEVELS)), dtype=np.float64)
    least, most = (float(end) for end in distribution.support())
    if np.isfinite([least, most]).all() and (inner[0] == inner[-1] or most - least <= WIDEST * (inner[-1] - inner[0])):
        inner[0], inner[-1] = least, most
    return tuple(sorted(set(inner.tolist())))


@dataclass(frozen=True, eq=False)
class _Question:
    """One line of the case, as it is asked of a world.

    Attributes
    ----------
    given : (terminals,) the histories in which it is asked.
    ends : what must move, by name, where the history alone decides it: (terminals,).
    goals : goals, which the truce may decide, so that each world has weights of its own.
    """

    expected: Expectation
    given: Bools
    ends: Mapping[str, Array]
    goals: tuple[str, ...]

    def figures(self, world: World) -> Pairs:
        """Target → (n,) P(target and given) and (n,) P(given)."""
        weights = {**self.ends, **{name: world.goals[name] for name in self.goals}}
        both = world.play.goals({name: weight * self.given for name, weight in weights.items()})
        whole = np.ones(world.draws.n) if self.given.all() else world.probability(self.given)
        return {name: (found, whole) for name, found in both.items()}


def _question(frame: Frame, line: int) -> _Question:
    case, at = frame.case, Place.of("expect", line)
    expected = case.file.expect[line]
    given = frame.presupposed if expected.given is None else frame.holds(at, "given")
    target = case.expression(at, expected.target)
    name = "" if target is None else target.text
    if target is None or name in case.file.goals:
        return _Question(expected, given, {}, (name,) if target is not None else tuple(case.file.goals))
    ended = frame.game.outcome == name if name in case.file.outcomes else frame.holds(at, expected.target)
    return _Question(expected, given, {name: ended}, ())


def expectations_held(world: World, numbers: Numbers) -> tuple[ExpectationHeld, ...]:
    """Try every ``expect:`` line of the case.

    Parameters
    ----------
    world : the case over the draws to use, the same for every value.
    numbers : the distributions and labels of its numbers.
    """
    asked = [_question(world.frame, line) for line in range(len(world.frame.case.file.expect))]
    levels = {q.expected.number: levels_of(numbers.distributions[q.expected.number]) for q in asked}
    tries = [(name, value) for name, values in levels.items() if len(values) > 1 for value in values]

    def tried(job: tuple[str, float]) -> list[Pairs]:
        other = held_at(world, *job)
        return [question.figures(other) for question in asked if question.expected.number == job[0]]

    found: dict[int, list[Pairs]] = {line: [] for line in range(len(asked))}
    for (name, _), made in zip(tries, in_order(tried, tries), strict=True):
        lines = [line for line, question in enumerate(asked) if question.expected.number == name]
        for line, pairs in zip(lines, made, strict=True):
            found[line].append(pairs)
    return tuple(_answer(world, q, numbers, levels[q.expected.number], found[i]) for i, q in enumerate(asked))


@dataclass(frozen=True, eq=False)
class _Series:
    """P(target | given) at each value of a number, and what is left of each draw once it is taken away.

    Attributes
    ----------
    values : the figure at each value; None where the condition never holds.
    rest : (n,) residuals of the ratio there, whose mean is 0; empty where there is no figure.
    """

    values: tuple[float | None, ...]
    rest: tuple[Floats, ...]

    @classmethod
    def of(cls, pairs: Sequence[tuple[Floats, Floats]]) -> _Series:
        values: list[float | None] = []
        rest = []
        for both, whole in pairs:
            mean = float(whole.mean())
            value = float(both.mean()) / mean if mean >= LEAST_WEIGHT else None
            values.append(value)
            rest.append(np.zeros(0) if value is None else (both - value * whole) / mean)
        return cls(tuple(values), tuple(rest))

    @classmethod
    def standardised(cls, pairs: Sequence[tuple[Floats, Floats]]) -> _Series:
        """The same if the condition were as likely in every draw at all values: what is done there, apart from which draws come there."""
        even = np.mean([whole for _, whole in pairs], axis=0)
        return cls.of([(ratio(both, whole) * even, even) for both, whole in pairs])

    @property
    def known(self) -> list[int]:
        """The levels at which there is a figure."""
        return [i for i, value in enumerate(self.values) if value is not None]

    def step(self, i: int, j: int) -> tuple[float, float]:
        """How far the figure moves from one value to another, and the standard error of that."""
        before, after = self.values[i], self.values[j]
        assert before is not None
        assert after is not None
        return after - before, float(monte_carlo_error((self.rest[j] - self.rest[i])[:, None])[0])

    @property
    def spread(self) -> tuple[float, float]:
        """The largest move between any two values, in size, and its standard error."""
        steps = [self.step(i, j) for i, j in combinations(self.known, 2)]
        move, error = max(steps, key=lambda step: abs(step[0]), default=(0.0, 0.0))
        return abs(move), error


def _answer(
    world: World, question: _Question, numbers: Numbers, levels: Sequence[float], found: Sequence[Pairs]
) -> ExpectationHeld:
    """One line with what came out; where every goal is asked, the goal that moves most."""
    expected, named = question.expected, [*question.ends, *question.goals]
    series = {name: _Series.of([pairs[name] for pairs in found]) for name in named}
    target = max(named, key=lambda name: series[name].spread[0])
    one = series[target]
    if len(levels) < 2:
        verdict, note = UNTOLD, "it is a fixed number, which cannot be moved"
    elif len(one.known) < 2:
        verdict, note = UNTOLD, "the condition holds at one value of the number at most"
    else:
        verdict, note = _judged(expected, one, levels)
        if (
            verdict != "held"
            and _judged(expected, _Series.standardised([p[target] for p in found]), levels)[0] == "held"
        ):
            note += "; draw by draw it is as expected: what moves is which draws come to the condition"
    change, error = one.step(one.known[0], one.known[-1]) if one.known else (0.0, 0.0)
    return ExpectationHeld(
        said=_said(expected, world.frame),
        quantity=expected.number,
        label=numbers.called(expected.number),
        effect=_effect(expected),
        target=target,
        given=expected.given or world.frame.case.file.presupposes or "",
        why=expected.why,
        levels=tuple(levels),
        values=one.values if found else (None,) * len(levels),
        change=change,
        error=error,
        verdict=verdict,
        note=note,
        draws=world.draws.n,
    )


def _effect(expected: Expectation) -> Effect:
    """What raising the number is to do."""
    if expected.moves is not None:
        return "moves nothing" if expected.moves == "nothing" else "moves something"
    return "raises" if (expected.raises is not None) == (expected.raise_ is not None) else "lowers"


def _said(expected: Expectation, frame: Frame) -> str:
    change = f"raise {expected.raise_}" if expected.raise_ is not None else f"lower {expected.lower}"
    if expected.moves is None:
        what = f"raises {expected.raises}" if expected.raises is not None else f"lowers {expected.lowers}"
    else:
        what = f"moves {expected.moves}" + (f" of {expected.on}" if expected.on is not None else "")
    given = expected.given or frame.case.file.presupposes
    return f"{change}: {what}" + (f", given {given}" if given else "")


def _judged(expected: Expectation, series: _Series, levels: Sequence[float]) -> tuple[Verdict, str]:
    """The verdict on a line whose number can be moved."""
    asked = expected.by_at_least / 100.0
    if expected.moves is not None:
        move, error = series.spread
        bar = asked or HALF_A_POINT
        if abs(move - bar) <= ENDS * error:
            return UNTOLD, f"it moves by {_points(move)}, with a standard error of {_points(error)}"
        as_said = (move > bar) == (expected.moves == "something")
        return ("held" if as_said else "not held"), f"the largest move is {_points(move)}"
    sign = 1.0 if _effect(expected) == "raises" else -1.0
    for i, j in combinations(series.known, 2):
        move, error = series.step(i, j)
        if sign * move < -max(TINY, REVERSAL * error):
            return "not held", f"it moves the other way by {_points(abs(move))} from {levels[i]:.3g} to {levels[j]:.3g}"
    move, error = series.step(series.known[0], series.known[-1])
    move, bar = sign * move, max(asked, TINY)
    if move + ENDS * error < bar:
        return "not held", f"it moves it by {_points(move)} over the whole range"
    if move - ENDS * error > 0.0:
        return "held", f"{_points(move)} over the whole range"
    return (
        UNTOLD,
        f"{_points(move)} over the whole range, with a standard error of {_points(error)}: ask for more draws",
    )


def _points(share: float) -> str:
    return f"{round(100.0 * share, 3):.2g} points"


def ignored(swings: Sequence[Swing], claims: Mapping[str, tuple[str, ...]]) -> tuple[Ignored, ...]:
    """The numbers that rest on a claim and move the leading figure by less than half a point over their range.

    Parameters
    ----------
    swings : of the leading figure.
    claims : each number that rests on claims, with these.
    """
    return tuple(
        Ignored(quantity=s.quantity, label=s.label, claims=claims[s.quantity], low=s.low, high=s.high, swing=s.swing)
        for s in sorted(swings, key=lambda s: s.quantity)
        if claims.get(s.quantity) and abs(s.swing) < HALF_A_POINT
    )
