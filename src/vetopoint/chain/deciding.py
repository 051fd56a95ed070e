"""How decisive actors and members are through the whole chain: coalition → truce → game.

The value of a set of yeses and noes is P(goal). A *member* that says yes is made to join in every situation, whatever its rule
says and whether or not it likes the terms; one that says no stays out; the other members follow their rules to the new greatest
fixed point. The new tables change payoffs and the chance that enough join, so the game is solved anew and the result is what
everybody would do if the member's choice were announced. An *actor* favours or refuses the goal above all
(`vetopoint.game.decisiveness`). D = g(yes) − g(no), as in Owen (1972), Management Science 18; signs are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vetopoint.answers import Ranking
from vetopoint.arrays import Floats
from vetopoint.chain.frame import COALITION_VALUES
from vetopoint.chain.world import World, build_world, first_draws
from vetopoint.coalition import Consent
from vetopoint.game.decisiveness import NOBODY, Decisiveness, GameValue, decisive, ranked_party, ranking

__all__ = ["Chain", "chain_decisiveness", "members_decisiveness"]


class Chain:
    """A case through the whole chain, with some members' choices made for them; every combination is solved once.

    Parameters
    ----------
    world : the case over the draws to use.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        tables = world.tables.coalition
        self.members: tuple[str, ...] = tables.members if tables is not None else ()
        self._consent = None if tables is None else Consent(world.frame.case, world.draws, tables.month)
        self._looked_up = [name for name in COALITION_VALUES if name in world.frame.case.used_at]
        self._worlds: dict[tuple[frozenset[str], frozenset[str]], World] = {}
        self._games: dict[tuple[str, frozenset[str], frozenset[str]], GameValue] = {}

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

    def goal(self, goal: str, yes: frozenset[str], no: frozenset[str]) -> Floats:
        """P(goal) (n,) when some parties say yes and some say no.

        Parameters
        ----------
        goal : a goal of the case.
        yes, no : actors that favour (refuse) the goal, and members that join (stay out).
        """
        own = frozenset(self.members)
        joining, staying_out = yes & own, no & own
        if not (yes | no) - own:
            return self.forced(joining, staying_out).probability(self.world.goals[goal])
        key = (goal, joining, staying_out)
        if key not in self._games:
            self._games[key] = GameValue(self.forced(joining, staying_out).priced, self.world.goals[goal])
        return self._games[key](yes - own, no - own)


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
    base = chain.goal(goal, NOBODY, NOBODY)
    yes = np.stack([chain.goal(goal, frozenset([p]), NOBODY) for p in parties], axis=1)
    no = np.stack([chain.goal(goal, NOBODY, frozenset([p])) for p in parties], axis=1)
    found = Decisiveness(tuple(parties), base, yes, no, np.zeros((base.size, 0)))
    places, named = ranking(found, parties), labels or {}
    listed = [
        ranked_party(found, p, places, label=named.get(p, p), kind="member" if p in chain.members else "actor")
        for p in parties
    ]
    return Ranking(
        goal=goal,
        draws=int(base.size),
        parties=tuple(sorted(listed, key=lambda p: (-p.decisiveness.mean, p.party))),
        decisive=decisive(found, parties),
    )


def members_decisiveness(world: World) -> tuple[Ranking, ...]:
    """Members and actors in one ranking, for every goal; empty for a case without members."""
    case = world.frame.case
    if not case.file.members:
        return ()
    few = first_draws(world, world.frame.budget.members)
    chain = Chain(few)
    actors = [a for a in few.priced.game.movers if a != case.file.owner]
    labels = {a: world.frame.labels[a] for a in actors} | {m: b.label or m for m, b in case.file.members.items()}
    return tuple(chain_decisiveness(chain, goal, [*actors, *chain.members], labels) for goal in few.goals)
