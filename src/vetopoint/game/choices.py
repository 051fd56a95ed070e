"""What each option is worth to whoever chooses, and where the choice is next to a coin toss.

Under quantal response an option that is worth Δ units more is taken e^(λΔ) times as often (McKelvey & Palfrey 1998): where Δ is small
against 1/λ, who stops what is settled by noise. A choice is a near-tie where Δ between the two best is under a tenth of a unit in most
draws; where they are worth alike on average only, it is the numbers that decide, draw by draw, and no coin. What hangs on such a choice
is found by letting the toss fall one way and then the other in all near-tied rounds of the move, everything else staying as solved
(a surprise intervention).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from vetopoint.answers import ChoiceAnswer, NearTie
from vetopoint.arrays import Array, Floats, Ints, ratio
from vetopoint.case.expression import SKIPPED
from vetopoint.game.flow import Flow, collect, cut, gather_pairs, over_draws
from vetopoint.game.priced import Play
from vetopoint.game.tree import DECISION
from vetopoint.game.unroll import CHANCE, GameTree

__all__ = ["NEAR_TIE", "OptionPayoffs", "choice_answers", "near_ties", "option_payoffs"]

NEAR_TIE = 0.1  # of the mover's unit
MOST, RARELY = 0.5, 0.01
COMPOUNDS = 0.15  # by which the chance that an option is ever taken must exceed that in one round


@dataclass(frozen=True, eq=False)
class OptionPayoffs:
    """What options are worth at every information set.

    Attributes
    ----------
    payoff : (n, actions) E[payoff of the mover | information set, action], in its units, as it sees the game.
    reach : (n, information sets) P(information set), in truth.
    """

    payoff: Floats
    reach: Floats


def option_payoffs(play: Play) -> OptionPayoffs:
    """Expected payoffs of all actions to those who choose, each by its own view and beliefs, everybody playing as solved."""
    game, priced = play.priced.game, play.priced
    tree = game.tree
    decides = tree.kind == DECISION
    at_set = np.where(decides, tree.index, -1)
    taken = np.where(decides[np.maximum(tree.parent, 0)] & (tree.parent >= 0), tree.via, -1)
    (reach,) = over_draws(
        lambda flow, _: [collect(at_set, tree.n_infosets, flow.reach)], game, play.strategy, priced.chance
    )
    payoff = np.zeros((priced.n, tree.n_actions))
    set_of = np.repeat(np.arange(tree.n_infosets), np.diff(tree.action_start))
    for p in sorted(set(tree.infoset_player.tolist())):
        view = priced.view_of[p]
        worth = np.ascontiguousarray(priced.payoffs[view][:, :, p])
        own = tree.infoset_player[set_of] == p
        column = np.where((taken >= 0) & own[taken], taken, -1)

        def work(flow: Flow, block: slice, worth: Floats = worth, column: Ints = column) -> list[Floats]:
            value = flow.value(cut(worth, block))
            sums = gather_pairs(column, tree.n_actions, flow.reach, tree.parent, value)
            return [sums, collect(at_set, tree.n_infosets, flow.reach)]

        sums, seen = over_draws(work, game, play.views[view].strategy, priced.chance, 1 + p)
        payoff[:, own] = ratio(sums, seen[:, set_of])[:, own]
    return OptionPayoffs(payoff, reach)


def choice_answers(play: Play) -> tuple[ChoiceAnswer, ...]:
    """Every move, and round, of an actor that some history reaches: its options' shares and worth, and how near the best two are."""
    game, worth = play.priced.game, option_payoffs(play)
    found = []
    for number, layer in enumerate(game.public.layers):
        sets = np.flatnonzero(game.infoset_layer == number)
        if layer.by == CHANCE or not sets.size:
            continue
        actions = np.stack([np.asarray(game.tree.actions(int(h))) for h in sets])
        weight = worth.reach[:, sets]
        shares, payoffs = (
            ratio((weight[:, :, None] * values[:, actions]).sum(axis=(0, 1)), weight.sum())
            for values in (play.strategy, worth.payoff)
        )
        nests = _nests(game, number)
        gaps = _gap(worth.payoff[:, actions], nests)
        move = game.case.file.moves[layer.move]
        found.append(
            ChoiceAnswer(
                move=layer.move,
                label=move.label or layer.move.replace("_", " "),
                round=layer.round or None,
                by=layer.by,
                reached=float(weight.sum(axis=1).mean()),
                shares=dict(zip(layer.options, shares.tolist(), strict=True)),
                payoffs=dict(zip(layer.options, payoffs.tolist(), strict=True)),
                gap=None if gaps is None or weight.sum() <= 0 else _median(gaps, weight),
                near=0.0 if gaps is None else float(ratio((weight * (gaps < NEAR_TIE)).sum(), weight.sum())),
            )
        )
    return tuple(found)


def _nests(game: GameTree, number: int) -> Ints:
    """(options,) number of the nest of each option of a layer; an option outside nests is one of its own."""
    layer = game.public.layers[number]
    groups = game.case.file.moves[layer.move].nests
    of = {option: i for i, group in enumerate(groups) for option in group}
    named = [of.get(option, len(groups) + i) for i, option in enumerate(layer.options)]
    return np.unique(named, return_inverse=True)[1].astype(np.int64)


def _gap(payoffs: Floats, nests: Ints) -> Floats | None:
    """(…) difference between the best and the next best nest of ``payoffs (…, options)``; None where there is one only."""
    if nests.max() == 0:
        return None
    best = np.sort(np.stack([payoffs[..., nests == k].max(axis=-1) for k in range(nests.max() + 1)], axis=-1), axis=-1)
    return np.asarray(best[..., -1] - best[..., -2])


def _median(values: Floats, weights: Floats) -> float:
    """The value with half of the weight on either side."""
    order = np.argsort(values, axis=None, kind="stable")
    below = np.cumsum(weights.ravel()[order])
    return float(values.ravel()[order[np.searchsorted(below, 0.5 * below[-1])]])


def near_ties(play: Play, choices: Sequence[ChoiceAnswer], holds: Array) -> tuple[NearTie, ...]:
    """The choices that are near a coin toss, and what rests on them.

    Parameters
    ----------
    play, choices : the solved game, and what `choice_answers` says of it.
    holds : (terminals,) whether what the headlines presuppose came true.
    """
    tied: dict[str, list[tuple[ChoiceAnswer, tuple[str, str]]]] = {}
    for choice in choices:
        if choice.gap is not None and choice.gap < NEAR_TIE:
            tied.setdefault(choice.move, []).append((choice, _best_two(play.priced.game, choice)))
    found = []
    for move, rounds in tied.items():
        rests, ever = _rests(play, rounds, holds), _ever(play, move, rounds)
        for choice, pair in rounds:
            assert choice.gap is not None
            about = choice.model_dump(include={"move", "label", "round", "by", "near", "reached"})
            shares = (choice.shares[pair[0]], choice.shares[pair[1]])
            found.append(NearTie(**about, gap=choice.gap, options=pair, shares=shares, rests=rests, ever=ever))
    return tuple(found)


def _best_two(game: GameTree, choice: ChoiceAnswer) -> tuple[str, str]:
    """The option worth most, and the one worth most outside its nest."""
    nests = _nests(game, game.layer_of(choice.move, choice.round or 0))
    nest = dict(zip(choice.payoffs, nests.tolist(), strict=True))
    order = sorted(choice.payoffs, key=lambda option: -choice.payoffs[option])
    return order[0], next(option for option in order if nest[option] != nest[order[0]])


def _rests(play: Play, rounds: Sequence[tuple[ChoiceAnswer, tuple[str, str]]], holds: Array) -> dict[str, float]:
    """Outcome to the share of it that is lost if the toss falls the worse way for it, where that is more than half."""
    game = play.priced.game
    ways = [play, *(_fallen(play, rounds, which) for which in (0, 1))]
    weights = {str(name): (game.outcome == name) & holds for name in np.unique(game.outcome[holds])}
    whole = {name: np.array([way.goal(w).mean() for way in ways]) for name, w in weights.items()}
    total = sum(v for v in whole.values())
    share = {name: ratio(v, total) for name, v in whole.items()}
    lost = {name: float(1.0 - ratio(v[1:].min(), v[0], 1.0)) for name, v in share.items() if v[0] >= RARELY}
    return {name: part for name, part in lost.items() if part > MOST}


def _fallen(play: Play, rounds: Sequence[tuple[ChoiceAnswer, tuple[str, str]]], which: int) -> Play:
    """Play in which the toss always falls on one of the two options, what else is chosen staying as it is."""
    game, strategy = play.priced.game, play.strategy.copy()
    for choice, pair in rounds:
        number = game.layer_of(choice.move, choice.round or 0)
        options = game.public.layers[number].options
        into, out = (options.index(pair[i]) for i in (which, 1 - which))
        for h in np.flatnonzero(game.infoset_layer == number):
            actions = game.tree.actions(int(h))
            strategy[:, actions[into]] += strategy[:, actions[out]]
            strategy[:, actions[out]] = 0.0
    return replace(play, solution=replace(play.solution, strategy=strategy))


def _ever(play: Play, move: str, rounds: Sequence[tuple[ChoiceAnswer, tuple[str, str]]]) -> dict[str, float]:
    """Of a move that is near a tie in several rounds: options that are taken in some round far more often than in one."""
    if len(rounds) < 2:
        return {}
    taken, found = play.priced.game.choices[move], {}
    comes = play.goal((taken != SKIPPED).any(axis=-1)).sum()
    for option in dict.fromkeys(option for _, pair in rounds for option in pair):
        once = max(choice.shares[option] for choice, _ in rounds)
        ever = float(ratio(play.goal((taken == option).any(axis=-1)).sum(), comes))
        if ever >= once + COMPOUNDS:
            found[option] = ever
    return found
