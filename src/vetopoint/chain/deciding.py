"""How decisive actors and members are through the whole chain: coalition → truce → game.

The value of a set of yeses and noes is P(goal) given what the case presupposes. A *member* that says yes is made to join in every situation, whatever its rule
says and whether or not it likes the terms; one that says no stays out; the other members follow their rules to the new greatest
fixed point. The new tables change payoffs and the chance that enough join, so the game is solved anew and the result is what
everybody would do if the member's choice were announced. An *actor* favours or refuses the goal above all
(`vetopoint.game.decisiveness`). D = g(yes) − g(no), as in Owen (1972), Management Science 18; signs are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from vetopoint.answers import Asked, Ranking
from vetopoint.arrays import Floats
from vetopoint.chain.frame import COALITION_VALUES
from vetopoint.chain.world import World, build_world, first_draws
from vetopoint.coalition import Consent
from vetopoint.game.asking import NEVER_ASKED, GameValues, asked_answer
from vetopoint.game.attempts import Attempt, attempt_at, presupposed
from vetopoint.game.decisiveness import NOBODY, GameValue, decisive, ranked_party, ranking, singly
from vetopoint.game.priced import Play
from vetopoint.game.veto import goal_histories
from vetopoint.quantity import LEAST_WEIGHT

__all__ = ["Chain", "chain_decisiveness", "members_decisiveness"]


class Chain:
    """A case through the whole chain, with some members' choices made for them; every combination is solved once.

    Parameters
    ----------
    world : the case over the draws to use.
    whole : the same over all draws, for what need not be solved anew.
    known : of each goal, as things stand and once the plan is attempted, what is solved on these draws or more, no member forced.
    """

    def __init__(self, world: World, whole: World | None = None, known: GameValues | None = None) -> None:
        self.world, self.whole, self.known = world, whole or world, known or {}
        tables = world.tables.coalition
        self.members: tuple[str, ...] = tables.members if tables is not None else ()
        self._consent = None if tables is None else Consent(world.frame.case, world.draws, tables.month)
        self._looked_up = [name for name in COALITION_VALUES if name in world.frame.case.used_at]
        self._worlds: dict[tuple[frozenset[str], frozenset[str]], World] = {}
        self._games: dict[tuple[str, frozenset[str], frozenset[str], bool], GameValue] = {}
        self._plays: dict[tuple[Any, frozenset[str], frozenset[str]], Play] = {}

    def forced(self, joining: frozenset[str], staying_out: frozenset[str]) -> World:
        """The case with some members made to join and some kept out."""
        key = (joining, staying_out)
        if key not in self._worlds:
            self._worlds[key] = self._force(joining, staying_out)
        return self._worlds[key]

    def _force(self, joining: frozenset[str], staying_out: frozenset[str]) -> World:
        tables = self.world.tables.coalition
        if tables is None or self._consent is None or not joining | staying_out:
            return self.world
        choices = {m: m in joining for m in self.members if m in joining | staying_out}
        solved = self._consent.solve(tables.facts, members=choices)
        if all(np.array_equal(solved.values[name], tables.values[name]) for name in self._looked_up):
            return self.world  # nothing that the game looks up has changed, so it need not be solved anew
        return build_world(self.world.frame, self.world.draws, like=self.world, changed="", coalition=solved)

    def value(
        self, goal: str, joining: frozenset[str] = NOBODY, out: frozenset[str] = NOBODY, attempt: Attempt | None = None
    ) -> GameValue:
        """P(goal | what the case presupposes), and that the plan is attempted, with some members made to join and some kept out."""
        key = (goal, joining, out, attempt is not None)
        if key not in self._games:
            forced = self.forced(joining, out)
            if forced is self.world and joining | out:
                return self.value(goal, attempt=attempt)
            numbers = forced.priced, self.world.goals[goal], presupposed(forced.frame.game)
            known = None if joining | out else self.known.get((goal, () if attempt is None else attempt.key))
            if known is not None and known.priced.n >= self.world.draws.n:
                found = known.first(self.world.draws.n)
            elif attempt is None:
                found = GameValue(*numbers, forced.play)
            else:
                same = (attempt.key, joining, out)
                found = attempt.game(*numbers, self._plays.get(same))
                self._plays[same] = found.play
            self._games[key] = found
        return self._games[key]

    def goal(self, goal: str, yes: frozenset[str], no: frozenset[str], attempt: Attempt | None = None) -> Floats:
        """P(goal | what the case presupposes) (n,) when some parties say yes and some say no.

        Parameters
        ----------
        goal : a goal of the case.
        yes, no : actors that favour (refuse) the goal, and members that join (stay out).
        attempt : by what the plan is attempted, if that is given too.
        """
        own = frozenset(self.members)
        return self.value(goal, yes & own, no & own, attempt)(yes - own, no - own)


def chain_decisiveness(
    chain: Chain, goal: str, parties: Sequence[str], labels: Mapping[str, str] | None = None
) -> Ranking:
    """Rank parties by D for one goal.

    Parameters
    ----------
    chain : the case.
    goal : one of its goals.
    parties : actors and members to rank.
    labels : what they are called.
    """
    found = singly(partial(chain.goal, goal), parties, chain.value(goal).weight)
    places = ranking(found, parties)
    named = {
        p: {"label": (labels or {}).get(p, p), "kind": "member" if p in chain.members else "actor"} for p in parties
    }
    listed = [ranked_party(found, p, places, **known) for p, known in named.items()]
    asked, unasked = _asked(chain, goal, named)
    return Ranking(
        goal=goal,
        draws=int(found.goal.size),
        parties=tuple(sorted(listed, key=lambda p: (-p.decisiveness.mean, p.party))),
        decisive=decisive(found, parties) if asked is None else asked.decisive,
        asked=asked,
        unasked=unasked,
    )


def _asked(chain: Chain, goal: str, named: Mapping[str, Mapping[str, Any]]) -> tuple[Asked | None, str]:
    """The same parties once the plan is attempted, or why that is not asked."""
    game = chain.world.frame.game
    attempt = attempt_at(game, goal_histories(game, chain.world.goals[goal]))
    if not isinstance(attempt, Attempt):
        return None, attempt
    weight = chain.value(goal, attempt=attempt).weight
    if weight is None or weight.mean() < LEAST_WEIGHT:
        return None, NEVER_ASKED
    found = singly(partial(chain.goal, goal, attempt=attempt), list(named), weight)
    return asked_answer(found, attempt, chain.whole.play, named), ""


def members_decisiveness(world: World, known: GameValues | None = None) -> tuple[Ranking, ...]:
    """Members and actors in one ranking, for every goal; empty for a case without members.

    Parameters
    ----------
    known : what is solved already of the game where actors favour and refuse a goal, see `Chain`.
    """
    case = world.frame.case
    if not case.file.members:
        return ()
    few = first_draws(world, world.frame.budget.members)
    chain = Chain(few, world, known)
    actors = [a for a in few.priced.game.movers if a != case.file.owner]
    labels = {a: world.frame.labels[a] for a in actors} | {m: b.label or m for m, b in case.file.members.items()}
    return tuple(chain_decisiveness(chain, goal, [*actors, *chain.members], labels) for goal in few.goals)
