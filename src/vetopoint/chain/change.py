"""What would change the answer: swings of each input, tipping points, and a draw in which the leading finding is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import pairwise
from threading import Lock
from typing import Literal

import numpy as np

from vetopoint.answers import ChangeSection, Counterexample, GameSection, QuantitySet, Swing, TippingPoint, VetoPoint
from vetopoint.arrays import Floats, ratio
from vetopoint.chain.frame import Frame
from vetopoint.chain.second_opinion import second_opinion
from vetopoint.chain.twin import ignorance_twin, likelier_than_not, twin_findings, twin_goals
from vetopoint.chain.world import World, build_world, first_draws, sample_case
from vetopoint.game.interventions import option_effects
from vetopoint.kernel import in_order
from vetopoint.quantity import Band, Distribution, Random, band, share_given

__all__ = [
    "Changes", "Doubt", "Numbers", "change_section", "counterexample", "fewest_changes", "goals_without_unnamed",
    "leading_doubt", "swings", "swings_of_goals", "tipping_points",
]  # fmt: skip

Measure = Callable[[World], float]
Figure = Callable[[World], tuple[Floats, Floats, Floats]]
Origin = Literal["published", "judged", "lot"]

LOW, HIGH = 0.05, 0.95
SCREENED, MOST_CHANGES = 16, 8
GRID = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)
TIPPING_INPUTS = 5
LEVEL = 0.5
ALL_BUT_SURE = 0.95


@dataclass(frozen=True)
class Numbers:
    """What a run must be told of a case's uncertain numbers, since others know it.

    Attributes
    ----------
    distributions : every input's distribution.
    labels : what inputs are called; their names stand for those left out.
    judged : inputs that are somebody's judgement.
    dropped : inputs that fall back when the unnamed sources are dropped.
    beside : what engines draw beside the case's own numbers, to where it comes from; a set of changed numbers leaves lots as they fall.
    """

    distributions: Mapping[str, Distribution]
    labels: Mapping[str, str] = field(default_factory=dict)
    judged: Collection[str] = ()
    dropped: Collection[str] = ()
    beside: Mapping[str, Origin] = field(default_factory=dict)

    def with_those_beside(self, found: Mapping[str, Random]) -> Numbers:
        """The same with what engines draw beside the case's own numbers."""
        return Numbers(
            {**self.distributions, **{name: what.distribution for name, what in found.items()}},
            {**self.labels, **{name: what.label for name, what in found.items()}},
            {*self.judged, *(name for name, what in found.items() if what.origin == "judged")},
            self.dropped,
            {name: what.origin for name, what in found.items()},
        )

    def called(self, name: str) -> str:
        """What an input is called."""
        return self.labels.get(name, name)


def change_section(
    world: World,
    numbers: Numbers,
    answered: Callable[[], GameSection],
    without_unnamed: Callable[[], dict[str, Band]],
    say: Callable[[float], None],
) -> ChangeSection:
    """Swings, tipping points, the ignorance twin, a counterexample, and the run without unnamed sources.

    Parameters
    ----------
    world : the case over all draws; re-solving uses the first few of them, the same for every change.
    answered : waits for what the game answered; asked for as late as can be, since the game is solved meanwhile.
    without_unnamed : waits for the goals of the run without unnamed sources.
    say : told the share that is done.
    """
    frame, goal = world.frame, next(iter(world.goals))
    few, medium = (first_draws(world, draws) for draws in (frame.budget.swings, frame.budget.twin))

    def measure(other: World) -> float:
        return float(other.probability(other.goals[goal]).mean())

    swung = swings(few, numbers, _chances, lambda share: say(0.6 * share))
    leaders = [swing.quantity for swing in swung[goal] if swing.origin != "lot"][:TIPPING_INPUTS]
    finding = f"the chance of “{frame.case.file.goal_labels.get(goal, goal)}” passes {LEVEL:.0%}"
    tipping = tipping_points(few, numbers, measure, leaders, finding)
    say(0.7)
    quantity_sets = _quantity_sets(medium, numbers, goal)
    anyway = _defied_anyway(few, numbers)
    say(0.8)
    twin_play, weights = ignorance_twin(medium).solve(), twin_goals(medium)
    game = answered()
    doubt = leading_doubt(game.veto_points, goal, frame, next(g.probability for g in game.goals if g.name == goal))
    with ThreadPoolExecutor(1) as pool:
        wrong = pool.submit(counterexample, medium, doubt, numbers)
        stability, stability_note = second_opinion(world, game.outcomes)
        shared = twin_findings(game, twin_play, weights, goal, frame)
    return ChangeSection(
        goal=goal,
        swings=swung[goal],
        swings_of={name: found for name, found in swung.items() if name != goal},
        tipping=tipping,
        twin_goal={name: band(twin_play.goal(w)) for name, w in weights.items()},
        twin=shared,
        counterexample=wrong.result(),
        quantity_sets=quantity_sets,
        deployed_anyway=anyway,
        without_unnamed=without_unnamed(),
        stability=stability,
        stability_note=stability_note,
    )


def goals_without_unnamed(frame: Frame, dropped: Collection[str], draws: int, seed: int) -> dict[str, Band]:
    """Goals when the unnamed sources are dropped: a real run of the same case with what the numbers fall back to."""
    if not dropped:
        return {}
    few = sample_case(frame, min(frame.budget.twin, draws), seed, dropped)
    return build_world(frame, few).goal_bands()


def held_at(world: World, name: str, value: float) -> World:
    """The same world with one input held at a value, common draws for the rest."""
    return build_world(world.frame, world.draws.replace(name, value), like=world, changed=name)


def _chances(world: World) -> dict[str, float]:
    """Goal to its probability, mean over draws."""
    return {goal: float(found.mean()) for goal, found in world.play.goals(world.goals).items()}


def swings_of_goals(world: World, numbers: Numbers, names: Collection[str]) -> dict[str, tuple[Swing, ...]]:
    """How far some numbers swing each goal."""
    chosen = {name: numbers.distributions[name] for name in names}
    return swings(world, replace(numbers, distributions=chosen), _chances, lambda share: None)


def swings(
    world: World, numbers: Numbers, measure: Callable[[World], Mapping[str, float]], progress: Callable[[float], None]
) -> dict[str, tuple[Swing, ...]]:
    """How far each measure moves when each input in turn goes from its 5th to its 95th percentile, largest first.

    Parameters
    ----------
    world : the case over the draws to use.
    measure : world → means of the answers, by goal.
    progress : told the share that is done, from whichever thread did it.
    """
    done, counting = [0], Lock()

    def swing(name: str) -> dict[str, Swing]:
        low, high = (float(v) for v in numbers.distributions[name].ppf(np.array([LOW, HIGH])))
        at_low, at_high = (measure(held_at(world, name, v)) for v in (low, high)) if low < high else ({}, {})
        with counting:
            done[0] += 1
            progress(done[0] / len(numbers.distributions))
        return {
            goal: Swing(
                quantity=name,
                label=numbers.called(name),
                low=low,
                high=high,
                at_low=at_low[goal],
                at_high=at_high[goal],
                swing=at_high[goal] - at_low[goal],
                judged=name in numbers.judged,
                origin=numbers.beside.get(name, "case"),
            )
            for goal in at_low
        }

    found = in_order(swing, numbers.distributions)
    return {
        goal: tuple(sorted((s[goal] for s in found if s), key=lambda s: (-abs(s.swing), s.quantity)))
        for goal in world.goals
    }


def tipping_points(
    world: World, numbers: Numbers, measure: Measure, names: Sequence[str], finding: str, beyond: float = 1.0
) -> tuple[TippingPoint, ...]:
    """The value of each input at which the measure passes one half, by straight line between grid points.

    Parameters
    ----------
    names : inputs to try.
    finding : what flips, in words.
    beyond : the grid is widened by this factor of the input's own range on either side (not below 0 for positive inputs).
    """

    written = world.frame.case.inputs

    def tip(name: str) -> TippingPoint:
        low, high, grid = _grid(numbers.distributions[name], beyond)
        values = [measure(held_at(world, name, value)) for value in grid]
        crossing = _crossing(grid, values)
        inside = crossing is not None and low <= crossing <= high
        note = "" if inside else "outside its own 96 % range" if crossing is not None else _never(values)
        return TippingPoint(
            quantity=name,
            label=numbers.called(name),
            finding=finding,
            value=crossing,
            low=low,
            high=high,
            unit=written[name].unit if name in written else "",
            note=note,
        )

    return tuple(in_order(tip, names))


def _grid(distribution: Distribution, beyond: float) -> tuple[float, float, list[float]]:
    inner = [float(v) for v in distribution.ppf(np.array(GRID))]
    low, high = inner[0], inner[-1]
    reach = beyond * (high - low)
    below = max(low - reach, 0.0) if low >= 0 else low - reach
    above = min(high + reach, 1.0) if low >= 0 and high <= 1 and float(distribution.support()[1]) <= 1 else high + reach
    return low, high, sorted({below, *inner, above})


def _crossing(grid: Sequence[float], values: Sequence[float]) -> float | None:
    """Where the values cross one half, the crossing nearest to the middle of the grid."""
    crossings = [
        x0 + (LEVEL - y0) / (y1 - y0) * (x1 - x0)
        for (x0, y0), (x1, y1) in pairwise(zip(grid, values, strict=True))
        if (y0 - LEVEL) * (y1 - LEVEL) < 0
    ]
    middle = grid[len(grid) // 2]
    return min(crossings, key=lambda x: abs(x - middle), default=None)


def _never(values: Sequence[float]) -> str:
    side = "above" if min(values) > LEVEL else "below"
    return f"stays {side} {LEVEL:g} ({min(values):.3g} to {max(values):.3g})"


def _quantity_sets(world: World, numbers: Numbers, goal: str) -> tuple[QuantitySet, ...]:
    """Fewest changes of quantities that bring the goal over one half, and under one in twenty."""
    holds, unconditional = world.frame.presupposed, world.frame.case.file.presupposes is None

    def given(other: World) -> tuple[Floats, Floats, Floats]:
        reached = other.probability(other.goals[goal] * holds)
        whole = np.ones_like(reached) if unconditional else other.probability(holds)
        return ratio(reached, whole), whole, reached

    def missed(other: World) -> tuple[Floats, Floats, Floats]:
        share, whole, reached = given(other)
        return 1.0 - share, whole, reached

    found = []
    for figure, enough in ((given, LEVEL), (missed, ALL_BUT_SURE)):
        changes, unlock = fewest_changes(world, numbers, figure, enough), figure is given
        found.append(
            QuantitySet(
                direction="unlock" if unlock else "block",
                threshold=enough if unlock else 1.0 - enough,
                inputs=changes.inputs,
                medians=changes.medians,
                probability=changes.value if unlock else 1.0 - changes.value,
                reached=changes.reached,
            )
        )
    return tuple(found)


def _defied_anyway(world: World, numbers: Numbers) -> tuple[TippingPoint, ...]:
    """For each threat: the value of each number in the threatened's costs at which it would defy as often as not."""
    found: list[TippingPoint] = []
    frame = world.frame
    for name, threat in frame.case.file.threats.items():
        threatened = threat.to or frame.case.file.owner
        terms = frame.terms.get(threatened, ())
        costs = {word for term in terms if term.channel == "cost" for word in term.worth.names}
        finding = f"{frame.labels[threatened]} defies “{threat.label or name}” as often as not"
        tried = [number for number in numbers.distributions if number in costs]
        found += tipping_points(world, numbers, _share_defied(frame, name), tried, finding, 0.5)
    return tuple(found)


def _share_defied(frame: Frame, threat: str) -> Measure:
    """World → P(defied | made), over all draws."""
    made, defied = (frame.holds("threats", threat, part) for part in ("made", "defied"))

    def measure(world: World) -> float:
        said = world.probability(made).sum()
        return float(world.probability(made & defied).sum() / said) if said > 0 else 0.0

    return measure


@dataclass(frozen=True)
class Doubt:
    """A finding that can be tried draw by draw.

    Parameters
    ----------
    finding : the finding in words.
    value_is : the figure it is about, in words.
    threshold : it is wrong where the figure exceeds this.
    value : world → (n,) the figure, (n,) P(what it is given), and (n,) P(goal).
    """

    finding: str
    value_is: str
    threshold: float
    value: Figure


@dataclass(frozen=True)
class Changes:
    """A small set of changed inputs, and what it brings about.

    Parameters
    ----------
    inputs : what an input is called → value, in the order in which they were changed; the others stay at their medians.
    medians : the same → median of the changed inputs.
    value, other : the figure that was driven, and the one beside it.
    reached : whether it got as far as was asked.
    tried : how many settings of the inputs were tried.
    """

    inputs: dict[str, float]
    medians: dict[str, float]
    value: float
    other: float
    reached: bool
    tried: int


def leading_doubt(points: Sequence[VetoPoint], goal: str, frame: Frame, probability: Band) -> Doubt:
    """The finding to doubt: the effective veto that is reached most, or else on which side of one half the goal's chance lies.

    Parameters
    ----------
    points, goal, frame, probability : veto points of the case, its leading goal, what does not depend on draws, P(goal).
    """
    file = frame.case.file
    label = file.goal_labels.get(goal, goal)
    effective = [p for p in points if p.kind == "effective" and p.goal == goal and not p.owner]
    if not effective:
        more = probability.mean >= LEVEL

        def reached(world: World) -> tuple[Floats, Floats, Floats]:
            found = world.probability(world.goals[goal])
            return 1.0 - found if more else found, np.ones_like(found), found

        what = f"the chance that “{label}” does not come about" if more else f"the chance of “{label}”"
        return Doubt(likelier_than_not(label, probability), what, LEVEL, reached)
    point = max(effective, key=lambda p: (p.share_of_draws * p.p_reached.mean, p.share_of_draws, p.option))
    option = file.moves[point.move].labels.get(point.option, point.option)
    layer = frame.game.layer_of(point.move, point.round or 0)
    column = frame.game.public.layers[layer].options.index(point.option)
    actor = frame.labels[point.actor]

    def once_taken(world: World) -> tuple[Floats, Floats, Floats]:
        effects = option_effects(world.play, {goal: world.goals[goal]})
        value = effects.goal[goal][:, int(effects.start[layer]) + column]
        return value, effects.reached[:, layer], world.probability(world.goals[goal])

    return Doubt(
        f"{actor} can stop the plan in effect: when {actor} {option}, “{label}” becomes all but impossible",
        f"the chance of “{label}” once {actor} {option}",
        point.threshold.absolute if point.threshold is not None else 0.05,
        once_taken,
    )


def fewest_changes(world: World, numbers: Numbers, figure: Figure, enough: float) -> Changes:
    """The fewest plausible changes that bring a figure up to a level, found one by one.

    Every input starts at its median (precision is left alone); one after another moves to an end of its own 98 % range, each time
    the one that helps most, until the figure reaches the level or nothing helps. Greedy: a smaller set may exist.
    """
    columns = world.draws.columns
    names = [n for n in numbers.distributions if np.ptp(columns[n]) > 0 and not n.startswith("precision.")]
    names = [n for n in names if numbers.beside.get(n) != "lot"]
    ends = {name: [float(v) for v in numbers.distributions[name].ppf(np.array([0.01, 0.5, 0.99]))] for name in names}
    state = {name: ends[name][1] for name in names}
    changed: list[str] = []
    ((value, other),) = _trials(world, figure, [state])
    settings = 1
    while value < enough and len(changed) < MOST_CHANGES:
        candidates = [(n, v) for n in names if n not in changed for v in (ends[n][0], ends[n][2])]
        if not candidates:
            break
        tried = _trials(world, figure, [{**state, n: v} for n, v in candidates])
        settings += len(tried)
        order = sorted(range(len(tried)), key=lambda i: -tried[i][0])
        if not changed:
            names = list(dict.fromkeys(candidates[i][0] for i in order))[:SCREENED]
        best = order[0]
        if tried[best][0] <= value + 1e-6:
            break
        name, end = candidates[best]
        state, changed, (value, other) = {**state, name: end}, [*changed, name], tried[best]
    inputs = {numbers.called(name): state[name] for name in changed}
    medians = {numbers.called(name): ends[name][1] for name in changed}
    return Changes(inputs, medians, value, other, value >= enough, settings)


def counterexample(world: World, doubt: Doubt, numbers: Numbers) -> Counterexample:
    """A plausible set of inputs under which the leading finding is wrong, with as few changes from the medians as it takes.

    The share of draws in which it is wrong is that of the case's own draws. The set shown drives the figure to one half (or twice
    the threshold, if that is more), or as far as it goes.
    """
    own, whole, _ = doubt.value(world)
    changes = fewest_changes(world, numbers, doubt.value, max(0.5, 2 * doubt.threshold))
    found = changes.value > doubt.threshold
    return Counterexample(
        finding=doubt.finding,
        found=found,
        draws_with=share_given(own > doubt.threshold, whole),
        inputs=changes.inputs,
        medians=changes.medians,
        value=changes.value,
        value_is=doubt.value_is,
        threshold=doubt.threshold,
        goal=changes.other,
        tried=changes.tried,
        note="" if found else "no values within these ranges make it wrong; the nearest set is shown",
    )


def _trials(world: World, figure: Figure, states: Sequence[Mapping[str, float]]) -> list[tuple[float, float]]:
    """Mean figure and mean P(goal) for each setting of the inputs, all on the same few draws of what is not an input.

    What those play on who do not know an input stays: the expectation of its own distribution.
    """
    rows = min(world.frame.budget.trials, world.draws.n)
    draws = world.draws.first(rows).tiled(len(states))
    changed = {name: np.repeat([state[name] for state in states], rows) for name in states[0]}
    found = figure(build_world(world.frame, replace(draws, columns={**draws.columns, **changed}), like=world))
    values, whole, goal = (each.reshape(-1, rows) for each in found)
    means = ratio((values * whole).sum(axis=1), whole.sum(axis=1))
    return list(zip(means.tolist(), goal.mean(axis=1).tolist(), strict=True))
