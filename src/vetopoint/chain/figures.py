"""The figures of a world that two cases are compared by: each a ratio of sums over draws, kept draw by draw.

A figure is Σ part / Σ whole over draws. What a draw adds beyond its share, (part − figure · whole) / mean(whole), is its *rest*: the rests sum
to nought, and the standard error of a figure, or of a difference of two on the same draws, is that of the mean of its rests (the linear form of
a ratio: Cochran 1977, *Sampling Techniques*, 6.4; on the same draws for both: Glasserman and Yao 1992, *Management Science* 38).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from vetopoint.answers import FigureKind, VetoPoint
from vetopoint.arrays import Array, Floats
from vetopoint.chain.flips import veto_words
from vetopoint.chain.frame import Frame
from vetopoint.chain.twin import ignorance_twin, twin_goals
from vetopoint.chain.world import World
from vetopoint.game.attempts import Attempt, attempt_at, presupposed
from vetopoint.game.decisiveness import Decisiveness, GameValue, decisive, ranking, singly
from vetopoint.game.flow import as_weights, cut, end_probabilities
from vetopoint.game.interventions import OptionEffects, option_effects
from vetopoint.game.section import affordable
from vetopoint.game.veto import goal_histories, veto_points
from vetopoint.quantity import LEAST_WEIGHT
from vetopoint.quantity.bands import monte_carlo_error

__all__ = [
    "HORIZONS",
    "Figure",
    "Findings",
    "Key",
    "Keys",
    "change",
    "figures_of",
    "findings_of",
    "key_figures",
    "labels_of",
    "twinned",
    "veto_name",
]

Key = tuple[FigureKind, str]
"""Kind and name of a figure."""

HORIZONS = (6, 12, 24, 60)
"""Months at which it is asked whether a truce still holds."""


@dataclass(frozen=True, eq=False)
class Figure:
    """One figure over draws: Σ part / Σ whole.

    Attributes
    ----------
    part, whole : (n,) P(it and what it is given), P(what it is given); or values times weights, and weights.
    """

    part: Floats
    whole: Floats

    @property
    def value(self) -> float | None:
        """The figure; None where what it is given never happens."""
        total = float(self.whole.sum())
        return float(self.part.sum()) / total if total / self.whole.size >= LEAST_WEIGHT else None

    @property
    def rest(self) -> Floats:
        """(n,) what each draw adds beyond its share; nought where there is no figure."""
        value = self.value
        if value is None:
            return np.zeros_like(self.part)
        return np.asarray((self.part - value * self.whole) / self.whole.mean(), np.float64)

    @property
    def error(self) -> float:
        """Monte-Carlo standard error of the figure."""
        return float(monte_carlo_error(self.rest[:, None])[0])


def change(before: Figure, after: Figure) -> tuple[float, float] | None:
    """after − before, and the standard error of that difference: from paired draws where both have as many; None where either has no value."""
    first, second = before.value, after.value
    if first is None or second is None:
        return None
    if before.part.size == after.part.size:
        return second - first, float(monte_carlo_error((after.rest - before.rest)[:, None])[0])
    return second - first, float(np.hypot(before.error, after.error))


def twinned(world: World, payoffs: frozenset[str], odds: frozenset[str], truce: bool) -> World:
    """A world some of whose parts are those of its ignorance twin.

    Parameters
    ----------
    payoffs : the actors whose payoffs are vague.
    odds : the moves of chance whose odds are.
    truce : whether a truce counts as one half in the goals that it decides.
    """
    if not payoffs and not odds and not truce:
        return world
    game, vague = world.frame.game, ignorance_twin(world)
    columns = [p for p, player in enumerate(game.players) if player in payoffs]
    views = []
    for view in world.payoffs:
        mixed = view.copy()
        mixed[:, :, columns] = vague.payoffs[0][:, :, columns]
        views.append(mixed)
    chance = world.chance.copy()
    for number, chance_set in enumerate(game.chance_sets):
        if chance_set.move in odds:
            own = slice(int(game.tree.chance_start[number]), int(game.tree.chance_start[number + 1]))
            chance[:, :, own] = vague.chance[:, :, own]
    goals = twin_goals(world) if truce else world.goals
    return replace(world, payoffs=tuple(views), chance=chance, goals=dict(goals), like=None)


def figures_of(world: World) -> dict[Key, Figure]:
    """Goals, outcomes, threats, the truce at its horizons, and members joining: what one solution of the game tells."""
    reached = end_probabilities(world.frame.game, world.play.strategy, world.chance)
    return {
        **_goals_and_outcomes(world, reached),
        **_threats(world.frame, reached),
        **_truce(world, reached),
        **_members(world, reached),
    }


def _goals_and_outcomes(world: World, reached: Floats) -> dict[Key, Figure]:
    """Given what the case presupposes."""
    frame = world.frame
    holds, outcome = frame.presupposed, frame.game.outcome
    whole = reached @ holds
    found: dict[Key, Figure] = {}
    for name, weights in world.goals.items():
        found["goal", name] = Figure((reached * (weights * holds)).sum(axis=1), whole)
    for name in frame.case.file.outcomes:
        found["outcome", name] = Figure(reached @ (holds & (outcome == name)), whole)
    return found


def _threats(frame: Frame, reached: Floats) -> dict[Key, Figure]:
    """P(carried out | made, defied, what the case presupposes)."""
    found: dict[Key, Figure] = {}
    for name in frame.case.file.threats:
        made, defied, done = (frame.holds("threats", name, part) for part in ("made", "defied", "carried_out"))
        given = made & defied & frame.presupposed
        found["threat", name] = Figure(reached @ (given & done), reached @ given)
    return found


def _truce(world: World, reached: Floats) -> dict[Key, Figure]:
    """P(the truce still holds | a truce) at each horizon."""
    if world.tables.truce is None:
        return {}
    whole = reached @ (world.frame.path >= 0)
    last = world.tables.truce.model.months
    months = [month for month in HORIZONS if month <= last] or [last]
    return {("truce", str(m)): Figure((reached * world.tables.held(float(m))).sum(axis=1), whole) for m in months}


def _members(world: World, reached: Floats) -> dict[Key, Figure]:
    """How many members join, and P(each joins), given what the case presupposes and that the owner tries; greatest fixed point."""
    frame, tables = world.frame, world.tables.coalition
    if tables is None:
        return {}
    given = frame.presupposed & frame.attempted
    given = given if reached[:, given].any() else frame.presupposed
    situation = (frame.situation[:, None] == np.arange(frame.situations.count)) & given[:, None]
    weights = reached @ situation
    whole = weights.sum(axis=1)
    found: dict[Key, Figure] = {("member", ""): Figure((tables.values["joined"] * weights).sum(axis=1), whole)}
    for i, name in enumerate(tables.members):
        found["member", name] = Figure((tables.greatest[:, :, i] * weights).sum(axis=1), whole)
    return found


@dataclass(frozen=True, eq=False)
class Keys:
    """Who decides on the leading goal, the owner apart.

    Attributes
    ----------
    figures : party to its decisiveness.
    leader : who comes first; None where nobody but the owner moves.
    decisive : who may be called decisive.
    attempted : whether it is given that the plan is attempted.
    """

    figures: dict[Key, Figure] = field(default_factory=dict)
    leader: str | None = None
    decisive: str | None = None
    attempted: bool = False


def key_figures(world: World, parties: Collection[str] = ()) -> Keys:
    """Decisiveness on the leading goal once the plan is attempted, or as things stand where nothing sets an attempt apart.

    The game is solved anew twice for every actor, on the first so many draws that the budget allows.

    Parameters
    ----------
    parties : the actors whose decisiveness is asked for; none: that of all but the owner.
    """
    frame, budget = world.frame, world.frame.budget
    play = affordable(world.play.first(min(budget.threats, budget.decisiveness)), budget)
    goal = next(iter(world.goals))
    weights, holds = cut(as_weights(world.goals[goal]), slice(play.priced.n)), presupposed(frame.game)
    attempt = attempt_at(frame.game, goal_histories(frame.game, world.goals[goal]))
    asked = attempt.game(play.priced, weights, holds) if isinstance(attempt, Attempt) else None
    if asked is not None and (asked.weight is None or asked.weight.mean() < LEAST_WEIGHT):
        asked = None
    value = GameValue(play.priced, weights, holds, play) if asked is None else asked
    others = [actor for actor in frame.game.movers if actor != frame.case.file.owner]
    ranked = [actor for actor in others if actor in parties] if parties else others
    if not ranked:
        return Keys()
    found = singly(value, ranked, value.weight)
    return Keys(_by_party(found), _leader(found, ranked), decisive(found, ranked), asked is not None)


def _by_party(found: Decisiveness) -> dict[Key, Figure]:
    weight = np.ones(found.goal.size) if found.weight is None else found.weight
    return {("key", a): Figure(found.d[:, i] * weight, weight) for i, a in enumerate(found.actors)}


def _leader(found: Decisiveness, ranked: list[str]) -> str:
    """First in most draws, and by the larger decisiveness where that is alike; of equals the first by name."""
    places, figures = ranking(found, ranked), _by_party(found)
    return min(ranked, key=lambda a: (-places[a][0], -(figures["key", a].value or 0.0), a))


@dataclass(frozen=True, eq=False)
class Findings:
    """What a world is compared by.

    Attributes
    ----------
    figures : every figure, those of the vetoes and of decisiveness among them.
    keys : who decides.
    vetoes : name of a veto point of others than the owner to the point; those are left out that are rarely reached …
    rare : … and these are their names.
    words : every figure in words, and every veto.
    """

    figures: Mapping[Key, Figure]
    keys: Keys
    vetoes: Mapping[str, VetoPoint]
    rare: frozenset[str]
    words: Mapping[Key, str]


def findings_of(world: World, left_out: Collection[str] = ()) -> Findings:
    """All figures of a world, who decides, and who can stop the plan; vetoes but on the goals that are left out."""
    frame, keys = world.frame, key_figures(world)
    goals = {name: weights for name, weights in world.goals.items() if name not in left_out}
    effects = option_effects(world.play, goals, presupposed(frame.game))
    others = {veto_name(p): p for p in veto_points(frame.game, effects, goals) if not p.owner}
    points = {name: point for name, point in others.items() if not point.rarely_reached}
    every = _vetoed(frame, effects, goals)
    words: dict[Key, str] = {("veto", name): veto_words(frame, point) for name, point in points.items()}
    return Findings(
        {**figures_of(world), **keys.figures, **every},
        keys,
        points,
        frozenset(others.keys() - points.keys()),
        {**labels_of(frame), **words},
    )


def veto_name(point: VetoPoint) -> str:
    """A name by which a veto point is found in another case."""
    round_ = f"[{point.round}]" if point.round else ""
    return f"{point.goal}: {point.actor}: {point.move}{round_} = {point.option} ({point.kind}, {point.scope})"


def _vetoed(frame: Frame, effects: OptionEffects, goals: Mapping[str, Array]) -> dict[Key, Figure]:
    """What every option of every move leaves each goal, taken by surprise, under the names of effective vetoes."""
    found: dict[Key, Figure] = {}
    for number, layer in enumerate(frame.game.public.layers):
        round_ = f"[{layer.round}]" if layer.round else ""
        for o, option in enumerate(layer.options):
            column = int(effects.start[number]) + o
            within = effects.within[:, column]
            for goal in goals:
                name = f"{goal}: {layer.by}: {layer.move}{round_} = {option} (effective, option)"
                left = np.where(within > 0, effects.goal[goal][:, column], 0.0)
                found["veto", name] = Figure(left * within, within)
    return found


def labels_of(frame: Frame) -> dict[Key, str]:
    """What every figure is called."""
    file = frame.case.file
    found: dict[Key, str] = {("member", ""): "Members that join"}
    found |= {("goal", name): file.goal_labels.get(name, _spoken(name)) for name in file.goals}
    found |= {("outcome", name): file.outcome_labels.get(name, _spoken(name)) for name in file.outcomes}
    found |= {("threat", name): threat.label or _spoken(name) for name, threat in file.threats.items()}
    found |= {("member", name): member.label or _spoken(name) for name, member in file.members.items()}
    found |= {("key", actor): label for actor, label in frame.labels.items()}
    found |= {("truce", str(month)): f"A truce still holds after {month} months" for month in HORIZONS}
    return found


def _spoken(name: str) -> str:
    return name.replace("_", " ")
