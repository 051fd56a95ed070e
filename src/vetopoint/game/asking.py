"""Who decides once the plan is attempted, and what each actor's yes and no then lead to.

A plan that is given up because refusal is expected leaves no trace of who stood in its way: that is the rule of anticipated
reactions (Friedrich 1963, *Man and His Government*, ch. 11), by which a power can keep a matter from being raised at all (Bachrach &
Baratz 1962, APSR 56; 1963, APSR 57). So every actor is also measured in the game in which it is public that the owner attempts the
plan: D_i = g(fav_i | attempt) − g(ref_i | attempt).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vetopoint.answers import Asked, AskedParty, Fork, ForkBranch, KeyAt
from vetopoint.arrays import Array, Bools, Floats, ratio
from vetopoint.game.attempts import Attempt, Options, attempt_at, presupposed
from vetopoint.game.decisiveness import Decisiveness, GameValue, decisive, ranked_party, ranking, singly
from vetopoint.game.flow import end_probabilities
from vetopoint.game.interventions import OptionEffects, option_effects, surprise
from vetopoint.game.priced import Play, PricedGame
from vetopoint.game.unroll import GameTree
from vetopoint.game.veto import goal_histories
from vetopoint.quantity import LEAST_WEIGHT, Band, band, given

__all__ = ["GameValues", "asked", "asked_answer", "forks", "keys_at", "widest_fork"]

# Of each goal and the options by which the plan is attempted (none: as things stand).
GameValues = MutableMapping[tuple[str, Options], GameValue]

NEVER_ASKED = "in no draw does it come to the attempt"
SAME = 1e-9
ALREADY = 0.5
"""An earlier move on which so much hangs, of what hangs on the weightiest, is the answer: a later one decides only after it."""


def asked(
    goal: str, play: Play, full: Play, weights: Array, condition: Bools | None, values: GameValues | None = None
) -> dict[str, Any]:
    """What is known of one goal once the plan is attempted: the fields `asked` or `unasked`, and `forks`.

    Parameters
    ----------
    goal : its name.
    play, full : the game as solved, on the draws that may be solved anew and on all.
    weights : (terminals,) or (n, terminals) weights of the goal on the former.
    condition : (terminals,) whether what the case presupposes came true; None: it presupposes nothing.
    values : what is solved on these draws already of the game in which the plan is attempted; takes what is solved here.
    """
    game = play.priced.game
    attempt = attempt_at(game, goal_histories(game, weights))
    if isinstance(attempt, Attempt):
        known, by = {} if values is None else values, attempt.key
        same = next((value.play for (_, options), value in known.items() if options == by), None)
        value = known[goal, by] = attempt.game(play.priced, weights, condition, same)
        if value.weight is not None and value.weight.mean() >= LEAST_WEIGHT:
            own = {a: {"kind": "actor", "label": game.case.actor_label(a)} for a in game.movers}
            branches = tuple(forks(goal, value.play, value.weights, value.condition, min(attempt.options)))
            told = asked_answer(singly(value, game.movers, value.weight), attempt, full, own)
            return {"asked": told, "forks": branches, "unsettled": value.unsettled}
        return {"unasked": NEVER_ASKED}
    return {"unasked": attempt, "forks": tuple(forks(goal, play, weights, condition))}


def keys_at(priced: PricedGame, weights: Array, condition: Bools | None, factors: Iterable[float]) -> Iterator[KeyAt]:
    """On whose answer the goal hangs most at other precisions; nothing where it hangs on nobody's or is never asked.

    Parameters
    ----------
    priced, weights, condition : the game at the precision as stated, on the draws to use; see `asked`.
    factors : on every actor's precision.
    """
    for factor in factors:
        found = widest_fork("", priced.with_precision(factor), weights, condition)
        if found is not None:
            yes, no = (branch.goal.mean for branch in found.branches)
            yield KeyAt(factor=factor, actor=found.actor, on_yes=yes, on_no=no)


def widest_fork(
    goal: str, priced: PricedGame, weights: Array, condition: Bools | None, play: Play | None = None
) -> Fork | None:
    """The fork on which the goal hangs most once the plan is attempted, or, where nothing sets an attempt apart, as things stand.

    None where it hangs on nobody's answer, or is never asked. ``play``: of the game as it stands, if it is known already.
    """
    attempt = attempt_at(priced.game, goal_histories(priced.game, weights))
    if isinstance(attempt, Attempt):
        value = attempt.game(priced, weights, condition)
        if value.weight is None or value.weight.mean() < LEAST_WEIGHT:
            return None
        found = forks(goal, value.play, value.weights, value.condition, min(attempt.options))
    else:
        found = forks(goal, priced.solve() if play is None else play, weights, condition)
    return found[0] if found else None


def asked_answer(found: Decisiveness, attempt: Attempt, full: Play, named: Mapping[str, Mapping[str, Any]]) -> Asked:
    """Every party's place in the game in which the plan is attempted; how often it is, and what happens else, as solved.

    Parameters
    ----------
    found : their figures there.
    full : the whole game as solved.
    named : party → its `kind` and `label`.
    """
    game = full.priced.game
    owner, condition = game.case.file.owner, presupposed(game)
    ranked = [a for a in found.actors if a != owner]
    places, parties = ranking(found, ranked), []
    for party, known in named.items():
        yes, solved, no = (band(each, found.weight) for each in found.answers(party))
        place = ranked_party(found, party, places, owner=party == owner, **known).model_dump()
        parties.append(AskedParty(**place, on_yes=yes, as_it_is=solved, on_no=no))
    holds = np.ones(game.terminals, dtype=bool) if condition is None else condition
    missed = {o: ~attempt.made & holds & (game.outcome == o) for o in game.case.file.outcomes}
    chances = full.goals({"": attempt.made & holds, **{o: event for o, event in missed.items() if event.any()}})
    made = chances.pop("")
    rest = np.sum([np.zeros_like(made), *chances.values()], axis=0)
    instead = {o: given(ratio(part, rest), rest) for o, part in chances.items()}
    return Asked(
        attempt=attempt.named(game),
        chance=given(ratio(made, made + rest), made + rest) or band(np.zeros_like(made)),
        instead={o: b for o, b in instead.items() if b is not None},
        parties=tuple(sorted(parties, key=lambda p: (p.owner, -p.decisiveness.mean))),
        decisive=decisive(found, ranked),
    )


def forks(goal: str, play: Play, weights: Array, condition: Bools | None, after: int = -1) -> list[Fork]:
    """What the yes and the no of each actor but the owner lead to, at the first move of its on which much of the goal hangs.

    The goal hangs on a move by P(the move is reached) times the difference between what its best and its worst option leave, each
    taken by surprise; much is half of what hangs on the weightiest of its moves, so that a consent counts as the answer and not its
    renewal, which only whoever consented comes to. Options nearer to the best than to the worst are its yes.

    Parameters
    ----------
    goal : its name.
    play : the game, solved; in which the plan is attempted.
    weights, condition : see `asked`, of this game.
    after : number of the layer of the attempt: only later moves count.
    """
    game = play.priced.game
    effects = option_effects(play, {goal: weights}, condition)
    ends, found = end_probabilities(game, play.strategy, play.priced.chance), []
    for actor in game.movers:
        own = [n for n in range(after + 1, len(game.public.layers)) if game.public.layers[n].by == actor]
        stakes = {n: _stake(game, effects, goal, n) for n in own if actor != game.case.file.owner}
        most = max(stakes.values(), default=0.0)
        if most > SAME:
            number = next(n for n, stake in stakes.items() if stake >= ALREADY * most)
            found.append((most, _fork(goal, play, _Ends(ends, weights, condition), effects, number)))
    return [fork for _, fork in sorted(found, key=lambda pair: -pair[0])]


def _left(game: GameTree, effects: OptionEffects, goal: str, number: int) -> dict[str, float]:
    """Option of a layer → what it leaves the goal, a ratio of sums; options after which the condition cannot hold are left out."""
    columns = range(int(effects.start[number]), int(effects.start[number + 1]))
    bands = [given(effects.goal[goal][:, c], effects.within[:, c]) for c in columns]
    return {o: b.mean for o, b in zip(game.public.layers[number].options, bands, strict=True) if b is not None}


def _stake(game: GameTree, effects: OptionEffects, goal: str, number: int) -> float:
    """How much of the goal hangs on a move."""
    left = _left(game, effects, goal, number).values()
    reached = given(effects.met[:, number], effects.holds)
    return (max(left) - min(left)) * reached.mean if left and reached is not None else 0.0


@dataclass(frozen=True, eq=False)
class _Ends:
    """Where a game ends: P(terminal) (n, terminals), the goal's weights there, and what everything is given."""

    ends: Floats
    weights: Array
    condition: Bools | None

    def event(self, holds: Bools) -> Bools:
        """(terminals,) an event and the condition."""
        return holds if self.condition is None else holds & self.condition


def _fork(goal: str, play: Play, at: _Ends, effects: OptionEffects, number: int) -> Fork:
    game = play.priced.game
    layer, left = game.public.layers[number], _left(game, effects, goal, number)
    middle = (max(left.values()) + min(left.values())) / 2
    sides = {
        "yes": tuple(o for o, value in left.items() if value > middle),
        "no": tuple(o for o, value in left.items() if value <= middle),
    }
    branches = [_branch(side, options, play, at, number) for side, options in sides.items()]
    return Fork(
        goal=goal, actor=layer.by, move=layer.move, round=layer.round or None, branches=(branches[0], branches[1])
    )


def _missed(event: Bools, weights: Array) -> bool:
    """Whether the goal can be missed where an event holds."""
    return bool((np.atleast_2d(weights)[:, event] < 1).any())


def _branch(side: Any, options: tuple[str, ...], play: Play, at: _Ends, number: int) -> ForkBranch:
    """One side of a fork; where nobody ever takes it, as if the first of its options were taken by surprise."""
    game = play.priced.game
    codes, layer = game.public.codes[game.terminal_public, number], game.public.layers[number]
    reached = at.ends @ at.event(codes >= 0)
    event = at.event(np.isin(codes, [layer.options.index(o) for o in options]))
    ends = at.ends
    chance = ends @ event
    if chance.mean() < LEAST_WEIGHT:
        forced = surprise(play, {number: options[0]})
        ends = end_probabilities(game, forced.strategy, play.priced.chance)

    def share(weights: Array) -> Band:
        whole = ends @ event
        return band(ratio((ends * (weights * event)).sum(axis=1), whole), whole)

    outcomes = {o: game.outcome == o for o in game.case.file.outcomes}
    return ForkBranch(
        side=side,
        options=options,
        goal=share(at.weights),
        outcomes={o: share(holds) for o, holds in outcomes.items() if (holds & event).any()},
        missed={
            o: share(holds * (1 - at.weights)) for o, holds in outcomes.items() if _missed(holds & event, at.weights)
        },
        chance=band(ratio(chance, reached), reached),
    )
