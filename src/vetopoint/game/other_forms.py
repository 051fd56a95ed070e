"""Another form of presence: chosen at once, taken after a no, or after consent is withdrawn; and what the no bought whoever said it.

Structure says what is what. After the owner's attempt (see `asking`) a move of another actor is an *answer* if its worst option leaves the goal
at most half the chance that its best one does, each taken by surprise; options nearer to the worst are a *no*, the others a *yes*. A
*withdrawal* is a no of an actor that said yes before, or an option that ends a repeated move and leaves the goal no better chance than going
on. The first no stands until its actor says yes, or until a withdrawal. What stands when the other form begins says how it came about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vetopoint.answers import OtherForm, Refusal
from vetopoint.arrays import Array, Bools, Floats, Ints, ratio
from vetopoint.game.attempts import asking
from vetopoint.game.interventions import OptionEffects, option_effects
from vetopoint.game.priced import Play
from vetopoint.game.unroll import CHANCE, GameTree
from vetopoint.quantity import LEAST_WEIGHT, given

__all__ = ["Timeline", "answers_given", "other_forms", "what_stands"]

#: Which form stands from which month to which, in one history.
Timeline = Sequence[tuple[str, float, float]]

NOTHING, REFUSED, WITHDRAWN = 0, 1, 2
SAME = 1e-9


@dataclass(frozen=True)
class _Answer:
    """A move, or round, at which another actor answers the plan: which options are a no, which is the best, which withdraw."""

    layer: int
    actor: str
    no: frozenset[int]
    best: int
    withdraws: frozenset[int]


def answers_given(game: GameTree, effects: OptionEffects, goal: str, asked: Floats) -> list[_Answer]:
    """The answers to a plan, in the order in which they come.

    Parameters
    ----------
    effects : of every option, see `option_effects`. goal : by which of its goals answers are told. asked : (public nodes,), see `Asking`.
    """
    public, found = game.public, []
    for number, layer in enumerate(public.layers):
        nodes = public.at_layer(number)
        if layer.by in (CHANCE, game.case.file.owner) or not np.isfinite(asked[nodes]).any():
            continue
        columns = slice(int(effects.start[number]), int(effects.start[number + 1]))
        reached = effects.reached[:, number]
        chance = reached @ effects.goal[goal][:, columns] / max(reached.sum(), LEAST_WEIGHT)
        best, worst = float(chance.max()), float(chance.min())
        answers = best > 0 and worst <= best / 2
        no = frozenset(np.flatnonzero(chance < (best + worst) / 2).tolist() if answers else ())
        ending = _ending(game, number)
        on = max((chance[code] for code in range(chance.size) if code not in ending), default=0.0)
        withdraws = frozenset(code for code in ending if chance[code] <= on + SAME)
        if no or withdraws:
            found.append(_Answer(number, layer.by, no, int(chance.argmax()), withdraws))
    return found


def _ending(game: GameTree, number: int) -> frozenset[int]:
    """Options of a repeated move after which it is not repeated, though it is after others."""
    public = game.public
    layers = public.layers_of[public.layers[number].move]
    goes_on: set[int] = set()
    for one, following in pairwise(layers):
        goes_on |= set(public.codes[public.codes[:, following] >= 0, one].tolist())
    return frozenset(range(len(public.layers[number].options))) - goes_on if goes_on else frozenset()


def what_stands(game: GameTree, answers: Sequence[_Answer], begins: Floats) -> tuple[Ints, Ints]:
    """Whether a no or a withdrawal stands when something begins, and whose.

    Parameters
    ----------
    begins : (public histories,) when, NaN where it never does.

    Returns
    -------
    state : (histories,) nothing, a no, a withdrawal. who : (histories,) number of the player, -1 for nobody.
    """
    public, count = game.public, begins.size
    state, who = np.zeros(count, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    agreed = {answer.actor: np.zeros(count, dtype=bool) for answer in answers}
    for answer in answers:
        codes, player = public.codes[:, answer.layer], game.players.index(answer.actor)
        given_ = (codes >= 0) & (public.dates[:, answer.layer] <= begins)
        ends = given_ & np.isin(codes, list(answer.withdraws))
        no = given_ & np.isin(codes, list(answer.no)) | ends
        yes = given_ & ~no
        back = ends | no & agreed[answer.actor]
        first = no & ~back & (state == NOTHING)
        state[back], state[first] = WITHDRAWN, REFUSED
        who[back | first] = player
        taken_back = yes & (who == player)
        state[taken_back], who[taken_back] = NOTHING, -1
        agreed[answer.actor] |= yes
    return state, who


def other_forms(
    play: Play,
    effects: OptionEffects,
    goal: str,
    weights: Array,
    presupposed: Bools,
    timelines: Sequence[Timeline],
    few: Play,
) -> Iterator[OtherForm]:
    """Every form of presence but that with which histories that reach the goal begin; nothing where nothing is attempted, or no form stands.

    Parameters
    ----------
    play : the solved game. effects : of every option. goal, weights : the leading goal.
    presupposed : (terminals,) whether the chance events that the headlines presuppose came true.
    timelines : for each public history which forms stand when, see `Timeline`.
    few : the game on the draws on which payoffs are compared.
    """
    game = play.priced.game
    reaching = np.atleast_2d(weights) * presupposed > 0
    asked = asking(game, reaching).asked
    of_history = asked[game.public.ends]
    if not any(timelines) or not np.isfinite(of_history).any():
        return
    answers = answers_given(game, effects, goal, asked)
    plan = {timelines[h][0][0] for h in np.unique(game.terminal_public[reaching.any(axis=0)]) if timelines[h]}
    for form in (form for form in game.case.file.forms if form not in plan):
        begins = np.array([min((start for f, start, _ in line if f == form), default=np.nan) for line in timelines])
        if np.isfinite(begins).any():
            state, who = what_stands(game, answers, begins)
            state = np.where(of_history <= begins, state, -1)
            ways = {"stands": np.isfinite(begins), "at_once": state == -1}
            ways |= {
                "otherwise": state == NOTHING,
                "after_no": state == REFUSED,
                "after_withdrawal": state == WITHDRAWN,
            }
            yield _form(
                play,
                few,
                form,
                {way: held & np.isfinite(begins) for way, held in ways.items()},
                who,
                answers,
                presupposed,
            )


def _form(
    play: Play,
    few: Play,
    form: str,
    ways: Mapping[str, Bools],
    who: Ints,
    answers: Sequence[_Answer],
    presupposed: Bools,
) -> OtherForm:
    game = play.priced.game
    masks = {way: held[game.terminal_public] & presupposed for way, held in ways.items()}
    refused = {
        str(player): masks["after_no"] & (who[game.terminal_public] == player) for player in np.unique(who[who >= 0])
    }
    found = play.goals({**masks, **refused, "": presupposed})
    whole = found[""]
    figures = {way: given(ratio(found[way], whole), whole) for way in masks}
    most = max(refused, key=lambda player: float(found[player].mean()), default="")
    actor = game.players[int(most)] if most and found[most].mean() >= LEAST_WEIGHT else None
    return OtherForm(
        form=form,
        label=game.case.file.forms[form].label or form.replace("_", " "),
        refusal=_refusal(few, actor, answers, presupposed) if actor else None,
        **figures,
    )


def _refusal(few: Play, actor: str, answers: Sequence[_Answer], presupposed: Bools) -> Refusal | None:
    """What an actor's own payoff is with its answer as solved, and if it accepts, everything else as solved."""
    priced = few.priced
    game, player = priced.game, priced.game.players.index(actor)
    own = priced.payoffs[priced.view_of[player]][:, :, player] * presupposed
    effects = option_effects(few, {"worth": own, "whole": presupposed})
    answer = next(
        (a for a in answers if a.actor == actor and a.no and effects.reached[:, a.layer].mean() >= LEAST_WEIGHT), None
    )
    if answer is None:
        return None
    columns = slice(int(effects.start[answer.layer]), int(effects.start[answer.layer + 1]))
    chosen, worth, whole = (a[:, columns] for a in (effects.chosen, effects.goal["worth"], effects.goal["whole"]))
    weight = effects.reached[:, answer.layer] * (chosen * whole).sum(axis=1)
    solved = ratio((chosen * worth).sum(axis=1), (chosen * whole).sum(axis=1))
    accepted = ratio(worth[:, answer.best], whole[:, answer.best])
    as_solved, if_accepted, bought = (given(x, weight) for x in (solved, accepted, solved - accepted))
    if as_solved is None or if_accepted is None or bought is None:
        return None
    layer = game.public.layers[answer.layer]
    return Refusal(
        actor=actor,
        move=layer.move,
        accepting=layer.options[answer.best],
        refusing=tuple(layer.options[code] for code in sorted(answer.no)),
        as_solved=as_solved,
        if_accepted=if_accepted,
        bought=bought,
        draws=priced.n,
    )
