"""Tipping points: the value of one input at which one finding flips, the others at their draws.

Every input is tried. Where the finding may flip is seen in the draws that are there, by smoothing them along the input
(`vetopoint.chain.smoothing`). Whether it does is then found by holding the input there and solving again, on draws that are the same for
every value: from the value that smoothing puts forward, outwards until the figure has crossed, and inwards by false position (the
Illinois rule; Dowell & Jarratt 1971, *BIT* 11, 168-174). What re-solving does not confirm is not called a tipping point. One range is
used throughout: from the 1st to the 99th percentile of an input's own distribution. A one-way threshold analysis (Pauker & Kassirer
1980, *New England Journal of Medicine* 302, 1109-17): what several numbers do together is looked for elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from vetopoint.answers import FindingTried, TippingPoint
from vetopoint.arrays import Floats
from vetopoint.chain.findings import Finding, Played
from vetopoint.chain.flips import RANGE, held_at
from vetopoint.chain.numbers import Numbers, tied_inputs
from vetopoint.chain.smoothing import Smoothed, along
from vetopoint.chain.world import World
from vetopoint.kernel import in_order

__all__ = ["Tipped", "movable", "tipping_points"]

SHARES = np.linspace(*RANGE, 25)
MEDIAN = 0.5
MOVES = 4.0  # standard errors by which an input must move a figure somewhere, to be said to move it at all
ERRORS = 3.0  # standard errors within which a figure may be past the level that it seems not to reach
MOST = 6  # inputs that are re-solved for a finding, those that take its figure furthest over the level
CROSSINGS = 2  # tried for an input, those nearest to its median
STEP, WIDER, NARROW = (
    0.04,
    3.0,
    0.02,
)  # of the draws: the first step outwards, its growth, and the width at which a bracket is closed
LEADING = 3  # inputs that move the first finding most, looked at in pairs
ROUNDS = 3  # of false position
LEAST = 1e-12  # of an error


@dataclass(frozen=True)
class Tipped:
    """What flips: a row for every input that flips a finding or might, a row for every finding, and which inputs move the first most."""

    points: tuple[TippingPoint, ...]
    tried: tuple[FindingTried, ...]
    leading: tuple[str, ...] = ()

    def of(self, *kinds: str) -> Tipped:
        """Those of some kinds of finding only."""
        return Tipped(tuple(p for p in self.points if p.kind in kinds), tuple(t for t in self.tried if t.kind in kinds))


@dataclass(frozen=True, eq=False)
class _Seen:
    """What smoothing sees of one finding along one input.

    Attributes
    ----------
    figure, error : (shares,) the figure at SHARES and its standard error.
    base : the figure as the case is.
    """

    name: str
    figure: Floats
    error: Floats
    base: float
    level: float

    @property
    def side(self) -> float:
        """The side of the level, 1 or -1, on which the finding stands as the case is."""
        return 1.0 if self.base > self.level else -1.0

    @cached_property
    def beyond(self) -> Floats:
        """(shares,) how far the figure is past the level."""
        return -self.side * (self.figure - self.level)

    @cached_property
    def clear(self) -> Floats:
        """(shares,) the same in standard errors; below nought how far it is from getting there."""
        return self.beyond / np.maximum(self.error, LEAST)

    @property
    def reach(self) -> float:
        """The furthest that it gets, in standard errors."""
        return float(self.clear.max())

    @property
    def nearness(self) -> tuple[bool, float, str]:
        """By which inputs are ordered that do not flip it: those that move it first, by how far they take it."""
        return self.moves, float(self.beyond.max()), self.name

    @property
    def spread(self) -> float:
        """How far the input moves the figure: its mean square about its mean along the input, the first effect's variance."""
        return float(self.figure.var())

    @property
    def moves(self) -> bool:
        """Whether the input moves the figure by more than noise."""
        return bool((np.abs(self.figure - self.base) > MOVES * np.maximum(self.error, LEAST)).any())

    @cached_property
    def crossings(self) -> tuple[tuple[float, float], ...]:
        """Shares at which the figure crosses the level, the nearest to the median first, each with the direction that leads past it."""
        y = self.beyond
        places = np.flatnonzero((y[:-1] > 0) != (y[1:] > 0))
        found = [
            (float(SHARES[i] + y[i] / (y[i] - y[i + 1]) * (SHARES[i + 1] - SHARES[i])), 1.0 if y[i + 1] > 0 else -1.0)
            for i in places
        ]
        return tuple(sorted(found, key=lambda each: abs(each[0] - MEDIAN)))

    @property
    def starts(self) -> tuple[tuple[float, float], ...]:
        """Where to begin to re-solve, with the direction that leads past the level: at crossings, else where it comes nearest to one."""
        if self.crossings:
            return self.crossings[:CROSSINGS]
        nearest = float(SHARES[int(self.clear.argmax())])
        return ((nearest, 1.0 if nearest > MEDIAN else -1.0),)

    @property
    def asks(self) -> bool:
        """Whether it is to be re-solved: it moves the figure, past the level or so near to it that it might be past it."""
        return self.moves and self.reach > -ERRORS


@dataclass(frozen=True, eq=False)
class _Resolved:
    """The figure with an input held at a share of its distribution, solved anew."""

    share: float
    value: float
    figure: float
    means: Floats


@dataclass(eq=False)
class _Again:
    """One finding and one input, held at one value after another; each is solved once."""

    world: World
    finding: Finding
    name: str
    ppf: Callable[[Floats], Floats]
    draws: int | None
    known: dict[float, _Resolved] = field(default_factory=dict)

    def at(self, share: float) -> _Resolved:
        """The figure there."""
        if share not in self.known:
            value = float(self.ppf(np.array([share]))[0])
            other = held_at(self.world, self.name, value)
            played = Played(other.play, other.goals)
            means = self.finding.columns(played if self.draws is None else played.first(self.draws)).mean(axis=0)
            self.known[share] = _Resolved(share, value, float(self.finding.figure(means)), means)
        return self.known[share]

    def past(self, found: _Resolved) -> bool:
        """Whether the figure is above the level."""
        return found.figure > self.finding.level

    def bracket(self, start: float, outward: float, side: float) -> tuple[_Resolved, _Resolved] | None:
        """Two values between which the figure crosses, the first on the side on which the finding stands; None where it does not cross."""
        at = self.at(start)
        stands = self.past(at) == (side > 0)
        direction, step = (outward if stands else -outward), STEP
        while True:
            share = float(np.clip(at.share + direction * step, *RANGE))
            if share == at.share:
                return None
            then = self.at(share)
            if self.past(then) != self.past(at):
                return (at, then) if stands else (then, at)
            at, step = then, step * WIDER

    def closed(self, pair: tuple[_Resolved, _Resolved]) -> tuple[_Resolved, _Resolved]:
        """The same crossing between nearer values, by false position with halved weights of an end that stays (Illinois)."""
        near, far = pair
        weights, last = [1.0, 1.0], -1
        for _ in range(ROUNDS):
            if abs(near.share - far.share) <= NARROW or near.value == far.value:
                break
            a, b = (w * (each.figure - self.finding.level) for w, each in zip(weights, (near, far), strict=True))
            middle = self.at(near.share + (a / (a - b) if a != b else 0.5) * (far.share - near.share))
            end = 0 if self.past(middle) == self.past(near) else 1
            near, far = (middle, far) if end == 0 else (near, middle)
            weights = [1.0 if k == end else weights[k] * (0.5 if last == end else 1.0) for k in (0, 1)]
            last = end
        return near, far


def movable(world: World, numbers: Numbers) -> list[str]:
    """Inputs whose values are tried: all but what only decides by lot, what is part of the method, and what is one value."""
    ends = {name: d.ppf(np.array(RANGE)) for name, d in numbers.distributions.items()}
    spared = world.frame.methods
    return [
        name
        for name, (low, high) in ends.items()
        if low < high and name not in spared and numbers.beside.get(name) != "lot"
    ]


def tipping_points(world: World, few: World, numbers: Numbers, findings: Sequence[Finding]) -> Tipped:
    """Where each finding flips along each input.

    Parameters
    ----------
    world : the case over all draws, of which the first so many are smoothed.
    few : over the draws on which it is solved again.
    numbers : what is known of the inputs.
    findings : what may flip.
    """
    names = movable(world, numbers)
    whole = Played(world.play, world.goals).first(world.frame.budget.smoothed)
    columns = in_order(lambda f: f.columns(whole if f.most is None else whole.first(f.most)), findings)
    seen = _smoothed(world, names, findings, columns)
    asked = [(finding, each) for finding, own in zip(findings, seen, strict=True) for each in _asked(own)]
    solved = dict(zip(asked, in_order(lambda pair: _resolved(few, numbers, *pair), asked), strict=True))
    points: list[TippingPoint] = []
    tried: list[FindingTried] = []
    for finding, made, own in zip(findings, columns, seen, strict=True):
        rows = _rows(finding, own, {each.name: solved.get((finding, each)) for each in own}, numbers, world)
        points += rows
        tried.append(_tried(finding, made, own, rows, numbers))
    moving = sorted((each for each in seen[0] if each.moves), key=lambda each: (-each.spread, each.name))
    return Tipped(tuple(points), tuple(tried), tuple(each.name for each in moving[:LEADING]))


def _smoothed(
    world: World, names: Sequence[str], findings: Sequence[Finding], columns: Sequence[Floats]
) -> list[list[_Seen]]:
    """What smoothing sees of each finding along each input; findings on as many draws share their polynomials."""
    linked = tied_inputs(pair[:2] for pair in world.frame.case.file.correlate)
    bases = [float(f.figure(c.mean(axis=0))) for f, c in zip(findings, columns, strict=True)]
    sizes = sorted({len(c) for c in columns})

    def of_input(name: str) -> list[_Seen]:
        found: dict[int, _Seen] = {}
        for size in sizes:
            own = [i for i, c in enumerate(columns) if len(c) == size]
            ends = np.cumsum([columns[i].shape[1] for i in own])
            beside = [world.draws[other][:size] for other in sorted(linked.get(name, frozenset()) - {name})]
            fit = along(world.draws[name][:size], np.concatenate([columns[i] for i in own], axis=1), SHARES, beside)
            for i, end in zip(own, ends, strict=True):
                at = slice(end - columns[i].shape[1], end)
                part, finding = Smoothed(fit.means[:, at], fit.without[:, :, at]), findings[i]
                curve, error = finding.figure(part.means), part.error(finding.figure)
                found[i] = _Seen(name, curve, error, bases[i], finding.level)
        return [found[i] for i in range(len(findings))]

    by_input = in_order(of_input, names)
    return [[row[i] for row in by_input] for i in range(len(findings))]


def _asked(own: Sequence[_Seen]) -> list[_Seen]:
    """The inputs to be re-solved: those that take the figure furthest over the level, in standard errors."""
    return sorted((each for each in own if each.asks), key=lambda each: (-each.reach, each.name))[:MOST]


def _resolved(
    few: World, numbers: Numbers, finding: Finding, seen: _Seen
) -> tuple[_Again, tuple[_Resolved, _Resolved] | None]:
    """The values between which the figure crosses when it is solved again, if it does, and all that were tried."""
    draws = None if finding.most is None else 2 * few.frame.budget.trials
    again = _Again(few, finding, seen.name, numbers.distributions[seen.name].ppf, draws)
    for start, outward in seen.starts:
        if not seen.crossings and again.past(again.at(start)) == (seen.side > 0):
            continue  # it comes near the level and not past it
        pair = again.bracket(start, outward, seen.side)
        if pair is not None:
            return again, again.closed(pair)
    return again, None


_Solved = tuple[_Again, tuple[_Resolved, _Resolved] | None]


def _rows(
    finding: Finding, own: Sequence[_Seen], solved: dict[str, _Solved | None], numbers: Numbers, world: World
) -> list[TippingPoint]:
    """A row for every input that flips the finding or might, the nearest to its median first; without any, the one that comes nearest."""
    rows = [(each, row) for each in own if (row := _row(finding, each, solved[each.name], numbers, world)) is not None]
    if not rows and own:
        nearest = max(own, key=lambda each: each.nearness)
        return [_point(finding, nearest, numbers, world, note=_stays(nearest, finding))]
    order = sorted(rows, key=lambda pair: (pair[1].value is None, pair[1].away, pair[0].name))
    return [row for _, row in order]


def _row(finding: Finding, seen: _Seen, solved: _Solved | None, numbers: Numbers, world: World) -> TippingPoint | None:
    """What there is to say of one input; nothing where neither smoothing nor re-solving sees a flip."""
    if solved is None:
        note = "not re-solved, since others take the figure further"
        return _point(finding, seen, numbers, world, note=note) if seen.crossings and seen.asks else None
    again, pair = solved
    if pair is None:
        if not seen.crossings:
            return None
        tried = [each.figure for each in again.known.values()]
        note = f"not confirmed: re-solved, it is {min(tried):.3g} to {max(tried):.3g}"
        return _point(finding, seen, numbers, world, note=note)
    near, far = pair
    part = (near.figure - finding.level) / (near.figure - far.figure)
    low, high = sorted(pair, key=lambda each: each.share)
    return _point(
        finding,
        seen,
        numbers,
        world,
        value=near.value + part * (far.value - near.value),
        away=abs(near.share + part * (far.share - near.share) - MEDIAN),
        instead=finding.instead(far.means),
        resolved=(low.figure, high.figure),
    )


def _stays(seen: _Seen, finding: Finding) -> str:
    side = "above" if seen.side > 0 else "below"
    return f"stays {side} {finding.level:g} ({seen.figure.min():.3g} to {seen.figure.max():.3g})"


def _point(finding: Finding, seen: _Seen, numbers: Numbers, world: World, **known: object) -> TippingPoint:
    """One row, with what is known of it."""
    written, ppf = world.frame.case.inputs, numbers.distributions[seen.name].ppf
    low, high = (float(v) for v in ppf(np.array(RANGE)))
    start = seen.crossings[0][0] if seen.crossings else None
    fields = {
        "kind": finding.kind,
        "quantity": seen.name,
        "label": numbers.called(seen.name),
        "finding": finding.words,
        "value": None,
        "low": low,
        "high": high,
        "unit": written[seen.name].unit if seen.name in written else "",
        "smoothed": None if start is None else float(ppf(np.array([start]))[0]),
        "level": finding.level,
    }
    return TippingPoint.model_validate({**fields, **known})


def _tried(
    finding: Finding, columns: Floats, own: Sequence[_Seen], rows: Sequence[TippingPoint], numbers: Numbers
) -> FindingTried:
    """What became of one finding, tried against every input."""
    flipping = {row.quantity for row in rows if row.value is not None}
    firm = [each for each in own if each.name not in flipping]
    nearest = max(firm, key=lambda each: each.nearness, default=None)
    return FindingTried(
        kind=finding.kind,
        finding=finding.words,
        figure_is=finding.figure_is,
        level=finding.level,
        figure=float(finding.figure(columns.mean(axis=0))),
        inputs=len(own),
        flipping=len(flipping),
        unsettled=sum(row.value is None and row.smoothed is not None for row in rows),
        least=min((float(each.figure.min()) for each in firm), default=None),
        most=max((float(each.figure.max()) for each in firm), default=None),
        nearest=None if nearest is None else nearest.name,
        nearest_label="" if nearest is None else numbers.called(nearest.name),
        draws=len(columns),
    )
