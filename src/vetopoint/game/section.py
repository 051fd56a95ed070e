"""The game's part of the answers, put together: one solved game, its goals, and what each question makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from vetopoint.answers import (
    AnticipationAnswer,
    DecisivenessAnswer,
    GameSection,
    GoalAnswer,
    MethodChange,
    MoveAnswer,
    OptionAnswer,
    OtherForm,
    OutcomeAnswer,
    PrecisionAnswer,
    TreeNodeAnswer,
)
from vetopoint.arrays import Array, Bools, Floats, ratio
from vetopoint.budget import USUAL, Budget
from vetopoint.game.asking import GameValues, asked, keys_at
from vetopoint.game.attempts import asking, presupposed
from vetopoint.game.beliefs import belief_answers
from vetopoint.game.decisiveness import GameValue, decisiveness_answer
from vetopoint.game.deterrence import deterrence, deterrers
from vetopoint.game.flow import Flow, as_weights, cut, over_draws
from vetopoint.game.interventions import OptionEffects, anticipation, favour, option_effects
from vetopoint.game.moments import moments, moments_answer
from vetopoint.game.other_forms import Timeline, other_forms
from vetopoint.game.priced import Play, PricedGame
from vetopoint.game.road import road_answer
from vetopoint.game.solved import solver_answer
from vetopoint.game.solver.solve import FAILED
from vetopoint.game.stopped import stopped_answer
from vetopoint.game.threats import threat_answer
from vetopoint.game.unroll import GameTree
from vetopoint.game.veto import veto_points
from vetopoint.quantity import LEAST_WEIGHT, Band, band, given

__all__ = ["affordable", "game_section", "method_changes", "outcome_answers", "presupposed", "tree_answers"]

Goals = Mapping[str, Array]

TREE_LIMIT = 600
_GIVEN = "(given)"  # what the figures of a game are given, among its goals, whose names are words
PRECISION_FACTORS = (0.5, 2.0)  # the rational limit follows them


def game_section(
    play: Play,
    goals: Goals,
    budget: Budget = USUAL,
    timelines: Sequence[Timeline] = (),
    values: GameValues | None = None,
) -> GameSection:
    """All answers of the game engine.

    Parameters
    ----------
    play : the game over n draws, solved.
    goals : weights (terminals,) or (n, terminals) in [0, 1] of each goal.
    budget : how many of the first draws the parts use that solve the game anew.
    timelines : for each public history which forms of presence stand when.
    values : takes what is solved of the game where actors favour and refuse each goal, for whoever ranks them among others.
    """
    game = play.priced.game
    few, fewer = play.first(budget.threats), play.first(min(budget.threats, budget.decisiveness))
    few_goals, fewer_goals = (_first_draws(goals, part.priced.n) for part in (few, fewer))
    effects, others = option_effects(play, goals, presupposed(game)), _at_other_precisions(fewer.priced)
    return GameSection(
        outcomes=outcome_answers(play),
        goals=_goal_answers(play, goals, others, fewer_goals),
        moves=_move_answers(game, effects),
        tree=tree_answers(play, goals),
        veto_points=tuple(veto_points(game, effects, goals)),
        decisiveness=_decisiveness_answers(play, fewer, fewer_goals, budget, {} if values is None else values),
        threats=tuple(threat_answer(few, name, few_goals, presupposed(game)) for name in game.case.file.threats),
        **_lost(play, goals, effects, few.priced.n, affordable(fewer, budget)),
        other_forms=_other_forms(play, goals, effects, fewer, timelines),
        road=road_answer(play, next(iter(goals)), next(iter(goals.values())), presupposed(game)),
        beliefs=tuple(belief_answers(play)),
        anticipation=_anticipation_answers(fewer, fewer_goals),
        methods=method_changes(fewer, others, fewer_goals),
        solver=solver_answer(play, budget.retraced),
    )


def _lost(play: Play, goals: Goals, effects: OptionEffects, most: int, few: Play) -> dict[str, Any]:
    """Where each goal is lost, by when, and who deterred the owner from asking; nothing where what is presupposed never holds."""
    game, holds = play.priced.game, presupposed(play.priced.game)
    found: dict[str, list[Any]] = {"moments": [], "stopped": []}
    for goal, weights in goals.items():
        known = asking(game, weights if holds is None else weights * holds)
        lost = moments(play, weights, most, holds, known.unasked)
        if lost.condition.mean() < LEAST_WEIGHT:
            continue
        few_weights = _first_draws({goal: weights}, few.priced.n)[goal]
        accepted = partial(_unasked_where_accepted, few.priced, few_weights, holds, known.unasked)
        by = deterrence(deterrers(game, known), lost.unasked, lost.condition, accepted, few.priced.n)
        found["moments"].append(moments_answer(game, goal, lost, effects, by))
        found["stopped"].append(stopped_answer(game, goal, lost, by))
    return {name: tuple(parts) for name, parts in found.items()}


def _unasked_where_accepted(
    few: PricedGame, weights: Array, holds: Bools | None, unasked: Bools, accepting: frozenset[str]
) -> Floats:
    """(n,) what the owner's choices not to attempt account for where some actors are known to favour the goal above all."""
    actors = sorted(accepting)
    play, _ = favour(few, weights, actors)
    given_ = None if holds is None else few.collapse_weights(actors, holds)
    return moments(play, few.collapse_weights(actors, weights), few.n, given_, unasked).unasked


def _other_forms(
    play: Play, goals: Goals, effects: OptionEffects, few: Play, timelines: Sequence[Timeline]
) -> tuple[OtherForm, ...]:
    holds, lead = presupposed(play.priced.game), next(iter(goals))
    held = np.ones(play.priced.game.terminals, dtype=bool) if holds is None else holds
    return tuple(other_forms(play, effects, lead, goals[lead], held, timelines, few))


def _first_draws(goals: Goals, draws: int) -> dict[str, Array]:
    """The goals' weights on the first draws."""
    return {name: w[:draws] if np.ndim(w) == 2 and np.shape(w)[0] > 1 else w for name, w in goals.items()}


class _Given:
    """Probabilities given the presupposed chance events of a solved game."""

    def __init__(self, play: Play) -> None:
        self.play, self.holds = play, presupposed(play.priced.game)
        self.whole: Floats | None = None if self.holds is None else play.goal(self.holds)

    def __call__(self, weights: Array) -> Band | None:
        """P(goal | presupposed), for weights (terminals,) or (n, terminals); None if nothing is presupposed."""
        if self.holds is None or self.whole is None:
            return None
        return given(ratio(self.play.goal(weights * self.holds), self.whole), self.whole)


def outcome_answers(play: Play) -> tuple[OutcomeAnswer, ...]:
    """Probability of every outcome, overall and given the presupposed chance events."""
    game, labels, holds = play.priced.game, play.priced.game.case.file.outcome_labels, presupposed(play.priced.game)
    events = {name: game.outcome == name for name in game.case.file.outcomes}
    overall, whole = play.goals(events), None if holds is None else play.goal(holds)
    both = {} if holds is None else play.goals({name: event & holds for name, event in events.items()})
    return tuple(
        OutcomeAnswer(
            name=name,
            label=labels.get(name, name.replace("_", " ")),
            probability=band(overall[name]),
            presupposed=None if whole is None else given(ratio(both[name], whole), whole),
        )
        for name in events
    )


@dataclass(frozen=True, eq=False)
class _Precise:
    """The same draws played at another precision: the factor on every actor's, None for the rational limit."""

    factor: float | None
    play: Play

    @property
    def failed(self) -> float:
        """Share of draws without a settled solution."""
        return self.play.solution.share(FAILED)

    def answer(self, weights: Array) -> PrecisionAnswer:
        """A goal at this precision."""
        found, given = band(self.play.goal(weights)), _Given(self.play)(weights)
        return PrecisionAnswer(factor=self.factor, probability=found, presupposed=given, failed=self.failed)


def _at_other_precisions(few: PricedGame) -> list[_Precise]:
    return [*(_Precise(f, few.with_precision(f).solve()) for f in PRECISION_FACTORS), _Precise(None, few.rational())]


def method_changes(play: Play, others: Sequence[_Precise], goals: Goals) -> tuple[MethodChange, ...]:
    """What other precisions do: for each the outcome whose share moves furthest, then every goal; given the presupposed chance events.

    Parameters
    ----------
    play, others : the same draws, played at the precision as stated and at others.
    """
    file, outcome = play.priced.game.case.file, play.priced.game.outcome
    asked: dict[str, Goals] = {"outcome": {name: outcome == name for name in file.outcomes}, "goal": goals}
    labels = {**file.outcome_labels, **file.goal_labels}
    stated = {kind: _shares(play, weights) for kind, weights in asked.items()}

    def rows(other: _Precise, kind: str) -> list[MethodChange]:
        after = _shares(other.play, asked[kind])
        return [
            MethodChange(
                factor=other.factor,
                outcome=name if kind == "outcome" else None,
                goal=name if kind == "goal" else None,
                label=labels.get(name) or name.replace("_", " "),
                before=before,
                after=after[name],
                failed=other.failed,
            )
            for name, before in stated[kind].items()
        ]

    found: list[MethodChange] = []
    for other in others:
        found += [max(rows(other, "outcome"), key=lambda r: abs(r.after - r.before)), *rows(other, "goal")]
    return tuple(found)


def _shares(play: Play, weights: Goals) -> dict[str, float]:
    """Name to P(it | the presupposed chance events), over all draws, in one pass; overall where these cannot come true."""
    holds = presupposed(play.priced.game)
    given = np.ones(play.priced.game.terminals) if holds is None else holds.astype(np.float64)
    found = play.goals({**{name: w * given for name, w in weights.items()}, "": given})
    whole = float(found.pop("").sum())
    found = found if whole > 0 else play.goals(weights)
    return {name: float(part.sum()) / (whole or play.priced.n) for name, part in found.items()}


def _goal_answers(play: Play, goals: Goals, others: Sequence[_Precise], few_goals: Goals) -> tuple[GoalAnswer, ...]:
    """Probability of every goal: overall, given the presupposed chance events, and, on few draws, at other λ."""
    labels, given = play.priced.game.case.file.goal_labels, _Given(play)
    return tuple(
        GoalAnswer(
            name=name,
            label=labels.get(name, name.replace("_", " ")),
            probability=band(play.goal(weights)),
            presupposed=given(weights),
            by_precision=tuple(other.answer(few_goals[name]) for other in others),
            reached_in=_outcomes_where(play.priced.game, weights >= 1),
            missed_in=_outcomes_where(play.priced.game, weights <= 0),
        )
        for name, weights in goals.items()
    )


def _outcomes_where(game: GameTree, holds: Bools) -> tuple[str, ...]:
    """The outcomes in all of whose histories it holds, in every draw."""
    always = np.asarray(np.atleast_2d(holds).all(axis=0))
    ends = {name: always[game.outcome == name] for name in game.case.file.outcomes}
    return tuple(name for name, each in ends.items() if each.size and each.all())


def _move_answers(game: GameTree, effects: OptionEffects) -> tuple[MoveAnswer, ...]:
    """The calendar: every move and round that some history reaches, and what each option would do."""
    found = []
    for number, layer in enumerate(game.public.layers):
        if not game.public.at_layer(number).size:
            continue
        move = game.case.file.moves[layer.move]
        columns = range(int(effects.start[number]), int(effects.start[number + 1]))
        reached = effects.reached[:, number]
        options = tuple(
            OptionAnswer(
                option=option,
                label=move.labels.get(option, option.replace("_", " ")),
                probability=given(effects.chosen[:, c], reached),
                goal_if_forced={goal: given(v[:, c], effects.within[:, c]) for goal, v in effects.goal.items()},
            )
            for option, c in zip(layer.options, columns, strict=True)
        )
        found.append(
            MoveAnswer(
                move=layer.move,
                label=move.label or layer.move.replace("_", " "),
                by=layer.by,
                round=layer.round or None,
                at=float(effects.at[number]),
                p_reached=band(reached),
                options=options,
            )
        )
    return tuple(found)


def tree_answers(play: Play, goals: Goals, limit: int = TREE_LIMIT) -> tuple[TreeNodeAnswer, ...]:
    """The likeliest public histories, for the picture of the tree; every listed node's parent is listed."""
    game = play.priced.game
    public = game.public
    rows = [as_weights(w) for w in goals.values()]

    def work(flow: Flow, block: slice) -> list[Floats]:
        found = [flow.public_reach, *(flow.public_reach * flow.public_value(cut(w, block)) for w in rows)]
        return [part.sum(axis=0)[None] for part in found]

    sums = over_draws(work, game, play.strategy, play.priced.chance)
    reach, *masses = (part.sum(axis=0) / play.priced.n for part in sums)
    mass = dict(zip(goals, masses, strict=True))
    order = np.lexsort((np.arange(public.size), -reach))
    listed = np.sort(order[:limit])
    found = []
    for v in listed.tolist():
        up = int(public.parent[v])
        layer = public.layers[public.layer[up]] if up >= 0 else None
        end = int(public.end_of[v])
        found.append(
            TreeNodeAnswer(
                id=v,
                parent=up if up >= 0 else None,
                move=layer.move if layer else None,
                round=(layer.round or None) if layer else None,
                option=layer.options[public.option[v]] if layer else None,
                by=layer.by if layer else None,
                at=float(public.date[up]) if layer else None,
                probability=float(reach[v]),
                outcome=str(game.outcome_names[end]) if end >= 0 else None,
                goal={g: float(m[v] / reach[v]) if reach[v] > 0 else 0.0 for g, m in mass.items()},
            )
        )
    return tuple(found)


def affordable(play: Play, budget: Budget) -> Play:
    """The first draws of a game that is solved anew for sets of actors: of many actors fewer, by the size of the game."""
    game = play.priced.game
    if 1 << len(game.movers) <= budget.sets:
        return play
    return play.first(max(16, budget.cells // game.tree.n_nodes))


def _decisiveness_answers(
    full: Play, few: Play, goals: Goals, budget: Budget, values: GameValues
) -> tuple[DecisivenessAnswer, ...]:
    """Decisiveness, Shapley lift, smallest sets and what follows an attempt for every goal; of many actors on fewer draws."""
    play = affordable(few, budget)
    goals = _first_draws(goals, play.priced.n)
    game, holds = play.priced.game, presupposed(play.priced.game)

    def answer(goal: str, weights: Array) -> DecisivenessAnswer:
        value = values[goal, ()] = GameValue(play.priced, weights, holds, play)
        found = asked(goal, play, full, weights, holds, values)
        if goal == next(iter(goals)):
            part = play.first(budget.keys).priced
            cut_to = _first_draws({goal: weights}, part.n)[goal]
            found["at_precision"] = tuple(keys_at(part, cut_to, holds, PRECISION_FACTORS))
        return decisiveness_answer(goal, value, game.movers, game.case, most=budget.sets, **found)

    return tuple(answer(goal, w) for goal, w in goals.items())


def _anticipation_answers(play: Play, goals: Goals) -> tuple[AnticipationAnswer, ...]:
    """Every option announced against the same option by surprise, given the presupposed chance events."""
    holds = presupposed(play.priced.game)
    everywhere = np.ones(play.priced.game.terminals, dtype=bool) if holds is None else holds
    measured = {_GIVEN: everywhere, **{goal: w * everywhere for goal, w in goals.items()}}

    def share(found: Mapping[str, Floats], goal: str) -> tuple[Floats, Floats]:
        return ratio(found[goal], found[_GIVEN]), found[_GIVEN]

    def told(values: Floats, condition: Floats) -> Band:
        return given(values, condition) or band(np.zeros_like(values))

    return tuple(
        AnticipationAnswer(
            goal=goal,
            actor=a.actor,
            move=a.move,
            option=a.option,
            announced=told(*share(a.announced, goal)),
            surprise=told(*share(a.surprise, goal)),
            anticipation=told(share(a.announced, goal)[0] - share(a.surprise, goal)[0], a.surprise[_GIVEN]),
            reached_announced=band(a.reached_announced),
            reached_surprise=band(a.reached_surprise),
            draws=play.priced.n,
        )
        for a in anticipation(play, measured)
        for goal in goals
    )
