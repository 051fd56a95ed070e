"""Is a threat meant, would it deter, and does saying it change anything.

*Credibility* is P(carried out | made, defied) beside P(carried out | not made, defied). *Indifference* is the probability of being
carried out at which the threatened would be indifferent between defying and its best way of yielding. The *effect* of a threat
is measured against the game in which the others cannot tell it from its silent twin, never by deleting an option. All of it is given the
chance events that the headlines presuppose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from vetopoint.answers import CredibilityAnswer, ThreatAnswer
from vetopoint.arrays import Array, Bools, Floats, Ints, ratio
from vetopoint.errors import CaseError
from vetopoint.game.flow import Flow, as_weights, cut, gather_pairs, over_draws
from vetopoint.game.priced import Play
from vetopoint.game.tree import DECISION
from vetopoint.game.unroll import GameTree, pool
from vetopoint.quantity import Band, band, given, share_given

RARELY = 0.05  # the least chance of a choice, and the least share of its draws, on which a sentence is built

__all__ = [
    "Indifference",
    "ThreatFacts",
    "credibility",
    "first_made",
    "goal_about",
    "indifference",
    "pooled_play",
    "share",
    "threat_answer",
    "threat_facts",
]


@dataclass(frozen=True, eq=False)
class ThreatFacts:
    """What of a threat the tree decides.

    Attributes
    ----------
    by, to : who threatens whom.
    made, demand, defied, carried_out : (public histories,) whether it holds in the history.
    pairs : (move, option) by which the threat is made, to its silent twin.
    """

    name: str
    by: str
    to: str
    made: Bools
    demand: Bools
    defied: Bools
    carried_out: Bools
    pairs: Mapping[tuple[str, str], str]


def threat_facts(game: GameTree, name: str) -> ThreatFacts:
    """Read a declared threat over the histories of a game.

    Raises
    ------
    CaseError
        If nobody makes or receives it, or no move by which it is made offers the silent twin.
    """
    case, threat = game.case, game.case.file.threats[name]
    made, demand, defied, carried_out = (
        game.holds("threats", name, part) for part in ("made", "demand", "defied", "carried_out")
    )
    by = threat.by or _mover(game, name, "made")
    to = threat.to or _mover(game, name, "defied")
    pairs = _silent_pairs(game, name, by, made)
    if not pairs:
        message = f"no option of {by} makes the threat '{name}' beside the silent twin '{threat.silent_twin}'"
        remedy = "name an option of the same move as `silent_twin`"
        raise CaseError(case.problem(message, remedy, "threats", name, "silent_twin"))
    return ThreatFacts(name, by, to, made, demand, defied, carried_out, pairs)


def _mover(game: GameTree, name: str, part: str) -> str:
    expression = game.case.expression("threats", name, part)
    assert expression is not None
    found = [move.by for key, move in game.case.file.moves.items() if key in expression.names]
    if not found:
        raise CaseError(game.case.problem(f"'{part}' names no move", "name the move", "threats", name, part))
    return found[0]


def _silent_pairs(game: GameTree, name: str, by: str, held: Bools) -> dict[tuple[str, str], str]:
    """Options that make the threat: were the twin taken in their place, it would not have been made."""
    made = game.case.expression("threats", name, "made")
    assert made is not None
    twin, public = game.case.file.threats[name].silent_twin, game.public
    found: dict[tuple[str, str], str] = {}
    for number, layer in enumerate(public.layers):
        if layer.by != by or twin not in layer.options:
            continue
        for code, option in enumerate(layer.options):
            rows = np.flatnonzero(held & (public.codes[:, number] == code))
            if option == twin or not rows.size:
                continue
            codes = public.codes[rows].copy()
            codes[:, number] = layer.options.index(twin)
            instead = replace(game.public_scope(), choices=public.choices(codes))
            if not np.broadcast_to(made.evaluate(instead), rows.shape).all():
                found[layer.move, option] = twin
    return found


def credibility(play: Play, facts: ThreatFacts, holds: Bools | None = None) -> CredibilityAnswer:
    """P(carried out | made, defied) and P(carried out | not made, defied), given what is presupposed; None where that cannot happen."""
    made, not_made = (share(play, said & facts.defied, facts.carried_out, holds) for said in (facts.made, ~facts.made))
    return CredibilityAnswer(made=made, not_made=not_made)


def share(play: Play, condition: Bools, event: Bools, holds: Bools | None = None) -> Band | None:
    """P(event | condition), both over public histories; None where the condition cannot hold.

    ``holds`` (terminals,): where what the headlines presuppose came true; default everywhere.
    """
    within = True if holds is None else holds
    both = (condition, condition & event)
    whole, part = (play.goal(_on_terminals(play.priced.game, facts) & within) for facts in both)
    return given(ratio(part, whole), whole)


def first_made(game: GameTree, facts: ThreatFacts) -> dict[str, Bools]:
    """(histories,) by move: whether the threat is first made there, that is, by a choice after which every history has it made."""
    public = game.public
    settled = ~public.any_through(~facts.made)
    at = np.full(public.size, -1)
    for number in range(len(public.layers)):
        nodes, children = public.at_layer(number), public.children(number)
        at[children] = np.where(at[nodes][:, None] >= 0, at[nodes][:, None], np.where(settled[children], number, -1))
    of_history = at[public.ends]
    moves = {number: public.layers[number].move for number in np.unique(of_history[of_history >= 0]).tolist()}
    return {
        move: np.isin(of_history, [n for n, m in moves.items() if m == move]) for move in dict.fromkeys(moves.values())
    }


def goal_about(game: GameTree, facts: ThreatFacts, goals: Mapping[str, Array]) -> str:
    """The goal that a threat is about: as the case says; else the first that can be reached where it is defied; else the leading one."""
    said = game.case.file.threats[facts.name].about
    if said is not None:
        return said
    defied = _on_terminals(game, facts.defied)
    through = (goal for goal, weights in goals.items() if (np.atleast_2d(weights)[:, defied] > 0).any())
    return next(through, next(iter(goals)))


def _on_terminals(game: GameTree, condition: Bools) -> Bools:
    return np.asarray(condition[game.terminal_public])


@dataclass(frozen=True, eq=False)
class Indifference:
    """What the threatened expects where it must defy or yield, in its own eyes; (n,) each, NaN where it never comes to that.

    Attributes
    ----------
    carried, spared : its payoff from defying if the threat is sure to be carried out, and if it is sure not to be.
    yielded : its payoff from the best way of yielding.
    reached : P(it comes to that choice), as the threatened sees it.
    """

    carried: Floats
    spared: Floats
    yielded: Floats
    reached: Floats

    @property
    def known(self) -> Bools:
        """(n,) whether all three payoffs are defined."""
        return np.asarray(np.isfinite(self.carried) & np.isfinite(self.spared) & np.isfinite(self.yielded))

    @property
    def probability(self) -> Floats:
        """(n,) probability of being carried out at which it would be indifferent; beyond [0, 1] if it never would."""
        gap = self.spared - self.carried
        return np.asarray(np.divide(self.spared - self.yielded, gap, out=np.full_like(gap, np.inf), where=gap != 0))

    @property
    def defies(self) -> Bools:
        """(n,) whether it would defy even if the threat were certain."""
        return np.asarray(np.minimum(self.carried, self.spared) >= self.yielded)

    @property
    def yields(self) -> Bools:
        """(n,) whether it would yield to any risk."""
        return np.asarray(~self.defies & (np.maximum(self.carried, self.spared) <= self.yielded))


def indifference(play: Play, facts: ThreatFacts) -> Indifference | None:
    """Payoffs of the threatened at the moves at which it defies or yields after the threat was made.

    These are its moves at which the threat has been made for certain and at which some options may lead to defiance while
    others rule it out. If chance or others decide whether defiance comes about, its payoff where it does not is part of both
    payoffs from defying. Expectations are those of the threatened: its view of the payoffs, its beliefs, the strategies it
    reckons with. Several such information sets are averaged by how likely they are reached. None if there is no such move.
    """
    game = play.priced.game
    tree, player = game.tree, game.players.index(facts.to)
    infosets, defies = _defying_options(game, facts)
    if not infosets.size:
        return None
    view = play.priced.view_of[player]
    strategy, payoffs = play.views[view].strategy, play.priced.payoffs[view][:, :, player]
    parts_of = _on_terminals(game, np.stack([facts.defied & facts.carried_out, facts.defied & ~facts.carried_out], -1))
    ends = [as_weights(w) for w in (*parts_of.T, ~parts_of.any(axis=1))]
    up = np.maximum(tree.parent, 0)
    decides = (tree.kind[up] == DECISION) & np.isin(tree.index[up], infosets) & (tree.parent >= 0)
    column = np.where(decides, tree.via, -1)

    def work(flow: Flow, block: slice) -> list[Floats]:
        weights = [*(np.ascontiguousarray(cut(payoffs, block) * w) for w in ends), *ends]
        return [gather_pairs(column, tree.n_actions, flow.reach, tree.parent, flow.value(w)) for w in weights]

    found = over_draws(work, game, strategy, play.priced.chance, layer=1 + player)
    worth, mass = np.stack(found[:3]), np.stack(found[3:])
    actions = np.concatenate([np.asarray(tree.actions(int(h))) for h in infosets])
    weigh = np.where(defies[actions], strategy[:, actions], 0.0)
    struck, spared, other = (worth[:, :, actions] * weigh).sum(axis=2)
    p_struck, p_spared, p_other = (mass[:, :, actions] * weigh).sum(axis=2)
    whole = p_struck + p_spared + p_other
    defied, aside = ratio(p_struck + p_spared, whole, np.nan), ratio(other, whole, np.nan)
    best, reached = np.zeros(whole.size), np.zeros(whole.size)
    for h in infosets:
        ways = [a for a in tree.actions(int(h)) if not defies[a]]
        best += worth[:, :, ways].sum(axis=0).max(axis=1)
        reached += mass[:, :, ways[0]].sum(axis=0)
    at_stake = defied > 0
    sure, never = (
        np.where(at_stake, defied * ratio(u, p, np.nan), 0.0) for u, p in ((struck, p_struck), (spared, p_spared))
    )
    return Indifference(aside + sure, aside + never, ratio(best, reached, np.nan), reached)


def _defying_options(game: GameTree, facts: ThreatFacts) -> tuple[Ints, Bools]:
    """Information sets at which the threatened may defy or yield, and (actions,) which options may lead to defiance."""
    public, tree, copies = game.public, game.tree, game.types.size
    made, ever = ~public.any_through(~facts.made), public.any_through(facts.defied)
    root = int(copies > 1)
    open_: set[int] = set()
    defies = np.zeros(tree.n_actions, dtype=bool)
    for number, layer in enumerate(public.layers):
        if layer.by != facts.to:
            continue
        nodes, children = public.at_layer(number), public.children(number)
        splits = made[nodes] & ever[children].any(axis=1) & (~ever[children]).any(axis=1)
        for node, child in zip(nodes[splits], children[splits], strict=True):
            for combo in range(copies):
                infoset = int(tree.index[root + node * copies + combo])
                open_.add(infoset)
                defies[list(tree.actions(infoset))] |= ever[child]
    ways = [h for h in sorted(open_) if not defies[list(tree.actions(h))].all()]
    return np.array(ways, dtype=np.int64), defies


def pooled_play(play: Play, facts: ThreatFacts) -> Play:
    """The game in which the others cannot tell the threat from its silent twin, solved; payoffs stay what they are."""
    return play.priced.with_game(pool(play.priced.game, facts.pairs)).solve()


def threat_answer(play: Play, name: str, goals: Mapping[str, Array], holds: Bools | None = None) -> ThreatAnswer:
    """Credibility, indifference and effect of one threat, in bands; ``holds`` (terminals,): where what is presupposed came true."""
    game = play.priced.game
    facts = threat_facts(game, name)
    threat = game.case.file.threats[name]
    found = indifference(play, facts)
    pooled = pooled_play(play, facts)
    given_ = np.ones(game.terminals, dtype=bool) if holds is None else holds
    whole = play.goal(given_)

    def within(values: Floats) -> Band:
        return given(ratio(values, whole), whole) or band(values)

    def part(where: Bools) -> Band:
        return within(play.goal(_on_terminals(game, where) & given_))

    def effect(weights: Array) -> Band:
        return within(play.goal(weights * given_) - pooled.goal(weights * given_))

    inside, point = _inside(found)
    sure, never = (
        (share_given(found.defies & found.known, found.reached), share_given(found.yields & found.known, found.reached))
        if found
        else (0.0, 0.0)
    )
    return ThreatAnswer(
        name=name,
        label=threat.label or name,
        by=facts.by,
        to=facts.to,
        about=goal_about(game, facts, goals),
        p_made=part(facts.made),
        made_at={move: part(where) for move, where in first_made(game, facts).items()},
        p_defied=share(play, facts.made, facts.defied, holds),
        p_yielded=share(play, facts.made, facts.demand, holds),
        credibility=credibility(play, facts, holds),
        indifference=point,
        indifference_share=inside,
        defies_even_if_certain=sure,
        yields_to_any_risk=never,
        words=_words(
            0.0 if found is None else float(found.reached.mean()), sure, never, point if inside >= RARELY else None
        ),
        silent_twin=threat.silent_twin,
        effect={goal: effect(weights) for goal, weights in goals.items()},
        effect_on_demand=effect(_on_terminals(game, facts.demand)),
    )


def _inside(found: Indifference | None) -> tuple[float, Band | None]:
    if found is None:
        return 0.0, None
    at = found.probability
    inside = found.known & ~found.defies & ~found.yields & (at >= 0) & (at <= 1)
    return share_given(inside, found.reached), given(np.where(inside, at, 0.0), found.reached * inside)


def _words(comes: float, sure: float, never: float, point: Band | None) -> str:
    """The indifference in words: nothing where the choice seldom comes up, no figure that few of its draws carry."""
    if not comes:
        return "no move at which the threatened defies or yields"
    if comes < RARELY:
        return f"no more is said of defying or yielding: it comes to that choice in under {RARELY:.0%}"
    if sure >= 0.5:
        return "would defy even if certain"
    if never >= 0.5:
        return "yields to any risk"
    return f"indifferent at {point.mean:.0%}" if point else "undecided between the two"
