"""What would change the answer: effects of each input, flips, and a set of inputs under which the leading finding is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import ceil, floor, log10

import numpy as np

from vetopoint.answers import (
    ChangedInput,
    ChangeSection,
    Counterexample,
    GameSection,
    QuantitySet,
    ScenarioDiscovery,
    VetoPoint,
)
from vetopoint.arrays import Floats, ratio
from vetopoint.chain.discovery import scenario_boxes
from vetopoint.chain.effects import Effects, effects
from vetopoint.chain.findings import Played, findings_of, threats_of
from vetopoint.chain.flips import LEVEL, RANGE, band_given, conditional
from vetopoint.chain.frame import Frame
from vetopoint.chain.numbers import Numbers
from vetopoint.chain.pairs import pair_maps
from vetopoint.chain.second_opinion import second_opinion
from vetopoint.chain.tipping import movable, tipping_points
from vetopoint.chain.twin import ignorance_twin, likelier_than_not, twin_findings, twin_goals
from vetopoint.chain.world import World, build_world, first_draws, sample_case
from vetopoint.game.interventions import option_effects
from vetopoint.game.priced import Play
from vetopoint.quantity import Band, band, share_given

__all__ = [
    "Begun", "Changes", "Doubt", "begin_changes", "change_section", "counterexample", "fewest_changes",
    "goals_without_unnamed", "leading_doubt",
]  # fmt: skip

Figure = Callable[[World], tuple[Floats, Floats]]

SCREENED, MOST_CHANGES = 16, 8
ALL_BUT_SURE = 0.95
HALF_A_POINT = 0.005


@dataclass(frozen=True, eq=False)
class Begun:
    """What would change the answer, as far as it hangs on the world alone: each part is on its way by itself."""

    effects: Future[Effects]
    quantity_sets: Future[tuple[QuantitySet, ...]]
    scenarios: Future[ScenarioDiscovery | None]
    twin: Future[Play]


def begin_changes(world: World, numbers: Numbers, pool: ThreadPoolExecutor, say: Callable[[float], None]) -> Begun:
    """Have done side by side what needs no other answer.

    Parameters
    ----------
    world : the case over all draws; re-solving uses the first few of them, the same for every change.
    pool : who does it.
    say : told the share that is done.
    """
    goal, budget = next(iter(world.goals)), world.frame.budget
    medium = first_draws(world, budget.twin)
    return Begun(
        effects=pool.submit(effects, world, numbers, say=lambda share: say(0.6 * share)),
        quantity_sets=pool.submit(_quantity_sets, medium, numbers, goal),
        scenarios=pool.submit(scenario_boxes, world, numbers, goal, movable(world, numbers)),
        twin=pool.submit(lambda: ignorance_twin(medium).solve()),
    )


def change_section(
    world: World,
    numbers: Numbers,
    begun: Begun,
    game: GameSection,
    without_unnamed: Callable[[], dict[str, Band]],
    pool: ThreadPoolExecutor,
    say: Callable[[float], None],
) -> ChangeSection:
    """Effects of the inputs, flips, the ignorance twin, a counterexample, and the run without unnamed sources.

    All chances of the leading goal are given the presupposed chance events. The solver's precision is no cause of anything: numbers
    that enter nothing else stand under the methods.

    Parameters
    ----------
    world, numbers, pool, say : as of `begin_changes`, which made what has ``begun``.
    game : what the game answered, of which it is asked what would change it.
    without_unnamed : waits for the goals of the run without unnamed sources.
    """
    frame, goal = world.frame, next(iter(world.goals))
    few, medium = (first_draws(world, draws) for draws in (frame.budget.swings, frame.budget.twin))
    ranking = next(d for d in game.decisiveness if d.goal == goal)
    findings = findings_of(Played(world.play, world.goals), frame, game.veto_points, ranking)
    tipping = pool.submit(tipping_points, world, few, numbers, [*findings, *threats_of(frame)])
    lead = next(g for g in game.goals if g.name == goal)
    doubt = leading_doubt(game.veto_points, goal, frame, lead.presupposed or lead.probability)
    wrong = pool.submit(counterexample, medium, doubt, numbers, goal)
    twin_play, weights = begun.twin.result(), twin_goals(medium)
    shared = pool.submit(twin_findings, game, twin_play, weights, goal, frame)
    opinion = pool.submit(second_opinion, world, game.outcomes)
    tipped = tipping.result()
    say(0.8)
    pairs = pool.submit(pair_maps, world, numbers, findings[0], tipped.leading)
    stability, stability_note = opinion.result()
    moved = begun.effects.result()
    causes = {name: tuple(s for s in found if s.quantity not in frame.methods) for name, found in moved.swings.items()}
    return ChangeSection(
        goal=goal,
        given=frame.case.file.presupposes or "",
        swings=causes[goal],
        swings_of={name: found for name, found in causes.items() if name != goal},
        method_swings=tuple(s for s in moved.swings[goal] if s.quantity in frame.methods),
        groups=moved.groups[goal],
        groups_of={name: found for name, found in moved.groups.items() if name != goal},
        methods=game.methods,
        flips=tipped.of("goal", "outcome", "key", "veto").points,
        tried=tipped.tried,
        pairs=pairs.result(),
        scenarios=begun.scenarios.result(),
        twin_goal={name: band_given(twin_play, w, frame) or band(twin_play.goal(w)) for name, w in weights.items()},
        twin=shared.result(),
        counterexample=wrong.result(),
        quantity_sets=begun.quantity_sets.result(),
        deployed_anyway=tipped.of("threat").points,
        without_unnamed=without_unnamed(),
        stability=stability,
        stability_note=stability_note,
    )


def goals_without_unnamed(frame: Frame, dropped: Collection[str], draws: int, seed: int) -> dict[str, Band]:
    """Goals, given the presupposed chance events, when the unnamed sources are dropped: a real run with what the numbers fall back to."""
    if not dropped:
        return {}
    few = sample_case(frame, min(frame.budget.twin, draws), seed, dropped)
    world = build_world(frame, few)
    found = {goal: band_given(world.play, weights, frame) for goal, weights in world.goals.items()}
    return {goal: known for goal, known in found.items() if known is not None}


def _quantity_sets(world: World, numbers: Numbers, goal: str) -> tuple[QuantitySet, ...]:
    """Fewest changes of quantities that bring the goal over one half, and under one in twenty."""

    def missed(other: World) -> tuple[Floats, Floats]:
        share, whole = conditional(other, goal)
        return 1.0 - share, whole

    found = []
    for unlock, figure, enough in ((True, lambda w: conditional(w, goal), LEVEL), (False, missed, ALL_BUT_SURE)):
        changes = fewest_changes(world, numbers, figure, enough)
        found.append(
            QuantitySet(
                direction="unlock" if unlock else "block",
                threshold=enough if unlock else 1.0 - enough,
                inputs=changes.inputs,
                probability=changes.value if unlock else 1.0 - changes.value,
                reached=changes.reached,
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Doubt:
    """A finding that can be tried draw by draw.

    Parameters
    ----------
    finding : the finding in words.
    value_is : the figure it is about, in words.
    threshold : it is wrong where the figure exceeds this.
    value : world → (n,) the figure and (n,) P(what it is given).
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
    inputs : all that were changed, the one with the largest effect first; every other input is at its median.
    state : every input that was held, to its value.
    value : the figure that was driven.
    reached : whether it got as far as was asked.
    tried : how many settings of the inputs were tried.
    """

    inputs: tuple[ChangedInput, ...]
    state: Mapping[str, float]
    value: float
    reached: bool
    tried: int


def leading_doubt(points: Sequence[VetoPoint], goal: str, frame: Frame, probability: Band) -> Doubt:
    """The finding to doubt: the effective veto that is reached most, or else on which side of one half the goal's chance lies.

    Parameters
    ----------
    points, goal, frame, probability : veto points of the case, its leading goal, what does not depend on draws, and P(goal) given the
        presupposed chance events.
    """
    file = frame.case.file
    label = file.goal_labels.get(goal, goal)
    effective = [p for p in points if p.kind == "effective" and p.goal == goal and not p.owner]
    if not effective:
        more = probability.mean >= LEVEL

        def reached(world: World) -> tuple[Floats, Floats]:
            found, whole = conditional(world, goal)
            return 1.0 - found if more else found, whole

        what = f"the chance that “{label}” does not come about" if more else f"the chance of “{label}”"
        return Doubt(likelier_than_not(label, probability), what, LEVEL, reached)
    point = max(effective, key=lambda p: (p.share_of_draws * p.p_reached.mean, p.share_of_draws, p.option))
    option = file.moves[point.move].labels.get(point.option, point.option)
    layer = frame.game.layer_of(point.move, point.round or 0)
    column = frame.game.public.layers[layer].options.index(point.option)
    actor, within = frame.labels[point.actor], frame.case.actor_within(point.actor)

    def once_taken(world: World) -> tuple[Floats, Floats]:
        effects = option_effects(world.play, {goal: world.goals[goal]})
        return effects.goal[goal][:, int(effects.start[layer]) + column], effects.reached[:, layer]

    return Doubt(
        f"{actor} can stop the plan in effect: when {within} {option}, “{label}” becomes all but impossible",
        f"the chance of “{label}” once {within} {option}",
        point.threshold.absolute if point.threshold is not None else 0.05,
        once_taken,
    )


class _Search:
    """Settings of a case's inputs, tried on the same few draws of what is drawn by lot.

    Every input is at its median unless it was moved. One is moved to an end of its own range, rounded to the few digits that are printed,
    so that whoever sets what is printed gets the figure that is printed. Numbers that enter the solver's precision alone stay at their
    medians too, since they are no cause.
    """

    def __init__(self, world: World, numbers: Numbers, figure: Figure) -> None:
        self.world, self.figure = world, figure
        self.known: dict[frozenset[tuple[str, float]], float] = {}
        own = [name for name in numbers.distributions if numbers.beside.get(name) != "lot"]
        cuts = np.array([RANGE[0], 0.5, RANGE[1]])
        ends = {name: [float(v) for v in numbers.distributions[name].ppf(cuts)] for name in own}
        self.medians = {name: middle for name, (_, middle, _) in ends.items()}
        self.ends = {
            name: [_inward(end, middle) for end in (low, high)]
            for name, (low, middle, high) in ends.items()
            if low < high and name not in world.frame.methods
        }

    def values(self, settings: Sequence[Mapping[str, float]]) -> list[float]:
        """The mean figure for each setting of some inputs; each is tried once.

        What those play on who do not know an input stays: the expectation of its own distribution.
        """
        new = [s for s in settings if frozenset(s.items()) not in self.known]
        if new:
            self.known.update((frozenset(s.items()), v) for s, v in zip(new, self._solved(new), strict=True))
        return [self.known[frozenset(s.items())] for s in settings]

    def _solved(self, settings: Sequence[Mapping[str, float]]) -> list[float]:
        values, whole = (each.reshape(len(settings), -1) for each in self.figure(self._held(settings)))
        return [float(v) for v in ratio((values * whole).sum(axis=1), whole.sum(axis=1))]

    def _held(self, settings: Sequence[Mapping[str, float]]) -> World:
        """The first few draws once for each setting; where one number is moved at most, every search begins so: it is kept for the next."""
        asked = tuple(frozenset(each.items()) for each in (self.medians, *settings))
        if asked in self.world.settings:
            return self.world.settings[asked]
        rows = min(self.world.frame.budget.trials, self.world.draws.n)
        draws = self.world.draws.first(rows).tiled(len(settings))
        held = {name: np.repeat([s.get(name, median) for s in settings], rows) for name, median in self.medians.items()}
        there = build_world(self.world.frame, replace(draws, columns={**draws.columns, **held}), like=self.world)
        if max(map(len, settings)) <= 1:
            self.world.settings[asked] = there
        return there

    def grown(self, enough: float) -> tuple[dict[str, float], float]:
        """Move one input after another, each time the one that helps most, until the figure is high enough or nothing helps."""
        setting: dict[str, float] = {}
        names, value = list(self.ends), self.values([{}])[0]
        while value < enough and len(setting) < MOST_CHANGES:
            moves = [(n, v) for n in names if n not in setting for v in self.ends[n]]
            if not moves:
                break
            found = self.values([{**setting, n: v} for n, v in moves])
            order = sorted(range(len(found)), key=lambda i: -found[i])
            if not setting:
                names = list(dict.fromkeys(moves[i][0] for i in order))[:SCREENED]
            if found[order[0]] <= value + 1e-6:
                break
            name, end = moves[order[0]]
            setting, value = {**setting, name: end}, found[order[0]]
        return setting, value

    def shrunk(
        self, setting: dict[str, float], value: float, least: float
    ) -> tuple[dict[str, float], float, dict[str, float]]:
        """Put back one input after another as long as the figure stays high enough; with what it loses without each that is left."""
        effects: dict[str, float] = {}
        while setting:
            names = list(setting)
            found = self.values([{n: v for n, v in setting.items() if n != name} for name in names])
            best = max(range(len(names)), key=lambda i: found[i])
            if len(names) == 1 or found[best] < least:
                effects = {name: value - without for name, without in zip(names, found, strict=True)}
                break
            setting, value = {n: v for n, v in setting.items() if n != names[best]}, found[best]
        return setting, value, effects


def _inward(end: float, middle: float) -> float:
    """An end of a range in as few digits (two at least) as still lie between it and the middle.

    >>> _inward(0.24871, 1.5), _inward(14987.3, 9000.0), _inward(1000.26, 1000.2)
    (0.25, 14000.0, 1000.25)
    """
    low, high = sorted((end, middle))
    for digits in range(2, 9) if end else ():
        step = 10.0 ** (floor(log10(abs(end))) - digits + 1)
        near = float(f"{(ceil if end < middle else floor)(end / step) * step:.{digits}g}")
        if low <= near <= high and near != middle:
            return near
    return float(f"{end:.9g}")


def fewest_changes(world: World, numbers: Numbers, figure: Figure, enough: float) -> Changes:
    """The fewest plausible changes that bring a figure up to a level: inputs are moved one by one, then those put back that are not
    needed. Greedy: a smaller set may exist. The figure is that of the set as it is returned, not of a larger one.
    """
    search = _Search(world, numbers, figure)
    grown, value = search.grown(enough)
    setting, value, effects = search.shrunk(grown, value, min(enough, value - HALF_A_POINT))
    inputs = tuple(
        ChangedInput(
            quantity=name,
            label=numbers.called(name),
            value=setting[name],
            median=search.medians[name],
            effect=effects[name],
        )
        for name in sorted(setting, key=lambda name: -effects[name])
    )
    return Changes(inputs, {**search.medians, **setting}, value, value >= enough, len(search.known))


def counterexample(world: World, doubt: Doubt, numbers: Numbers, goal: str) -> Counterexample:
    """A plausible set of inputs under which the leading finding is wrong, with as few changes from the medians as it takes.

    The share of draws in which it is wrong is that of the case's own draws. The set shown drives the figure to twice the threshold, or
    a point beyond it if that is over one half, or as far as it goes.
    """
    own, whole = doubt.value(world)
    changes = fewest_changes(
        world, numbers, doubt.value, max(min(LEVEL, 2 * doubt.threshold), doubt.threshold + 2 * HALF_A_POINT)
    )
    found = changes.value > doubt.threshold
    there = _Search(world, numbers, lambda other: conditional(other, goal)).values([changes.state])
    return Counterexample(
        finding=doubt.finding,
        found=found,
        draws_with=share_given(own > doubt.threshold, whole),
        inputs=changes.inputs,
        value=changes.value,
        value_is=doubt.value_is,
        threshold=doubt.threshold,
        goal=there[0],
        tried=changes.tried,
        note="" if found else "no values within these ranges make it wrong; the nearest set is shown",
    )
