"""Exact best response of some players against the logit play of the others.

In one pass where no belief depends on a choice. Otherwise the opponents are re-solved against a pure policy until that policy is a
best response to them. Where no pure policy is (a best response that must mix, or a circle), the branch is traced with the player's
precision so high that play is a best response to within a thousandth of the spread of its payoffs; ties then go by logit on the
tie-break payoffs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from vetopoint.arrays import Array, Floats
from vetopoint.game.solver.batch import Inputs, Solution
from vetopoint.game.solver.engine import Engine, Held
from vetopoint.game.solver.homotopy import FAILED
from vetopoint.game.solver.plans import BEST, FIXED, FREE, HELD, Plans
from vetopoint.game.solver.replies import joint_reply

__all__ = ["forced_choices", "respond"]

_ROUNDS = 12  # most rounds of re-solving; circles repeat, so that more would not help
_SHARED = 1.5  # as many unknowns more than the fewest may a program have that serves every set of best responders
_MULTIPLES = (1e4, 1e3)  # high precision over the spread of payoffs; the second where the first fails


def respond(engine: Engine, inputs: Inputs, roles: Array, best: Array, together: Sequence[Sequence[int]]) -> Solution:
    """Equilibrium in which information sets with role ``BEST`` best-respond.

    ``best (players,)`` says whose they are, ``together`` which of these players choose as one.
    """
    plans = engine.plan(roles)
    if not plans.circular and not plans.tried:
        return engine.equilibrium(inputs, plans)
    found = _policies(engine, inputs, roles, together)
    for multiple in _MULTIPLES:
        left = np.flatnonzero(found.label == FAILED)
        if not len(left):
            break
        found.put(left, _nearly(engine, inputs.take(left), roles, best, multiple))
    return found


def _policies(engine: Engine, inputs: Inputs, roles: Array, together: Sequence[Sequence[int]]) -> Solution:
    """Re-solve the others until the policy no longer changes, starting from the reply to logit play."""
    tree, free = engine.tree, np.asarray(roles == BEST)
    bound = free[tree.action_infoset]

    def replies(part: Inputs, strategy: Floats) -> Floats:
        found = strategy.copy()
        for team in together:
            own = np.isin(tree.action_player, team) & bound
            found[:, own] = joint_reply(tree, part, free, team, strategy)[:, own]
        return found

    logit, answered = _answers(engine, inputs, roles)
    policy = replies(inputs, logit.strategy)
    found = replace(logit, label=np.full(inputs.n, FAILED, dtype=np.int8))
    open_ = np.arange(inputs.n)
    for _ in range(_ROUNDS):
        part = inputs.take(open_)
        answer = answered(part, policy)
        answer.strategy[:, bound] = policy[:, bound]  # where it was held, nought was a number near it
        reply = replies(part, answer.strategy)
        settled = np.all(np.abs(reply - policy)[:, bound] <= 1e-9, axis=1) & (answer.label != FAILED)
        found.strategy[open_], found.residual[open_] = answer.strategy, answer.residual
        found.label[open_[settled]] = answer.label[settled]
        open_, policy = open_[~settled], reply[~settled]
        if not len(open_):
            break
    return found


def _answers(engine: Engine, inputs: Inputs, roles: Array) -> tuple[Solution, Callable[[Inputs, Floats], Solution]]:
    """Logit play of everybody, and what the others play against given choices of the best responders.

    Where one program serves every set of best responders it is taken; else a smaller one is made for this set.
    """
    tree, best = engine.tree, np.asarray(roles == BEST)
    logit = np.where(best, FREE, roles)
    any_held = _any_held(engine, logit)
    if any_held is not None:

        def held(part: Inputs, policy: Floats) -> Solution:
            return engine.equilibrium(part, any_held, Held(best, policy))

        return engine.equilibrium(inputs, any_held), held
    others, bound = engine.plan(np.where(best, FIXED, roles)), best[tree.action_infoset]

    def answered(part: Inputs, policy: Floats) -> Solution:
        forced = np.array(np.broadcast_to(part.fixed, (part.n, tree.n_actions)))
        forced[:, bound] = policy[:, bound]
        return engine.equilibrium(replace(part, fixed=forced), others)

    return engine.equilibrium(inputs, engine.plan(logit)), answered


def _any_held(engine: Engine, roles: Array) -> Plans | None:
    """A plan in which any free choice may be held, where nearly every choice is an unknown anyway, as among many who move at once."""
    alone = engine.plan(roles)
    holding = engine.plan(np.where((roles == FREE) & (np.diff(engine.tree.action_start) > 1), HELD, roles))
    return holding if len(holding.odds.contrasts) <= _SHARED * len(alone.odds.contrasts) else None


def forced_choices(engine: Engine, inputs: Inputs, roles: Array) -> Solution:
    """Equilibrium where the choices at some information sets are given: by one program for all such sets, where that serves."""
    tree = engine.tree
    forced = (roles == FIXED) & (np.diff(tree.action_start) > 1)
    any_held = _any_held(engine, np.where(forced, FREE, roles)) if engine.alike and forced.any() else None
    if any_held is None:
        return engine.equilibrium(inputs, engine.plan(roles))
    policy = np.broadcast_to(inputs.fixed, (inputs.n, tree.n_actions))
    found, bound = engine.equilibrium(inputs, any_held, Held(forced, policy)), forced[tree.action_infoset]
    found.strategy[:, bound] = policy[:, bound]
    return found


def _nearly(engine: Engine, inputs: Inputs, roles: Array, best: Array, multiple: float) -> Solution:
    """Logit play at a high precision of the best-responding players, with their own precision on the tie-break payoffs."""
    players = engine.tree.n_players
    primary, ties = inputs.payoffs[..., :players], inputs.payoffs[..., players:]
    spread = primary.max(axis=1) - primary.min(axis=1)
    high = multiple / np.where(spread > 0, spread, 1.0)
    own = np.broadcast_to(inputs.precision, np.broadcast_shapes(inputs.precision.shape, high.shape))
    second = ties * (own / high)[:, None, :] if ties.shape[2] else 0.0
    payoffs = np.where(best, primary + second, primary)
    raised = replace(inputs, payoffs=payoffs, precision=np.ascontiguousarray(np.where(best, high, own)))
    return engine.equilibrium(raised, engine.plan(np.where(roles == BEST, FREE, roles)))
