"""The case and its declared variants side by side: does the answer hang on how the case is written?

A variant is a what-if: it is played on draws from the same seed, and actors keep the units of the case unless the variant itself names
another, so that raising an actor's stakes shows. What players expect of the truce is worked out anew, since its histories may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import numpy as np

from vetopoint.answers import VariantAnswer
from vetopoint.arrays import ratio
from vetopoint.budget import Budget
from vetopoint.case import Case
from vetopoint.chain.frame import Frame, frame_of
from vetopoint.chain.world import World, build_world, first_pass, sample_case
from vetopoint.errors import CaseError, VetopointError
from vetopoint.game.asking import widest_fork
from vetopoint.game.interventions import option_effects
from vetopoint.game.veto import veto_points
from vetopoint.kernel import in_order
from vetopoint.quantity import given

__all__ = ["kept_units", "leading_figures", "variant_answers"]


def variant_answers(world: World, done: Callable[[float], None] = lambda share: None) -> tuple[VariantAnswer, ...]:
    """The answers of the case, and of every variant that it declares; none where it declares none.

    Parameters
    ----------
    world : the case over the draws to use; each variant is drawn as often, from the same seed.
    done : told the share that is done.
    """
    names = list(world.frame.case.file.variants)
    if not names:
        return ()
    finished: list[str] = []

    def answered(name: str) -> VariantAnswer:
        found = _answer(world, name)
        finished.append(name)
        done(len(finished) / (len(names) + 1))
        return found

    own, *others = in_order(answered, ["", *names])
    mine = set(own.vetoes)
    return (own, *(_compared(other, mine) for other in others))


def _compared(other: VariantAnswer, mine: set[str]) -> VariantAnswer:
    """A variant with which of its veto points the case has too, and which of the case's it has not."""
    kept = tuple(veto for veto in other.vetoes if veto in mine)
    lost = () if other.failed else tuple(sorted(mine - set(other.vetoes)))
    return other.model_copy(update={"kept": kept, "lost": lost})


def _answer(world: World, name: str) -> VariantAnswer:
    """The answers of one variant, or why there are none; of the case itself where the name is empty."""
    file = world.frame.case.file
    if not name:
        about = VariantAnswer(name="", label="The case as written", draws=world.draws.n)
        return about.model_copy(update=_figures(world))
    variant = file.variants[name]
    written = {place: "" if value is None else str(value) for place, value in variant.set.items()}
    label = variant.label or name.replace("_", " ")
    about = VariantAnswer(name=name, label=label, set=written, draws=world.draws.n)
    try:
        other = _world(world, world.frame.case.variant(name), frozenset(variant.set))
        return about.model_copy(update=_figures(other))
    except CaseError as error:
        failed = str(world.frame.case.of_variant(error.problems[0], name))
        return about.model_copy(update={"failed": failed})
    except VetopointError as error:
        return about.model_copy(update={"failed": str(error).splitlines()[0]})


def _world(base: World, case: Case, changed: frozenset[str]) -> World:
    """A variant over draws from the same seed, its actors in the units of the case where it names no other."""
    budget = Budget(first=min(base.frame.budget.first, base.draws.n))
    frame: Frame = replace(frame_of(case, budget), units=kept_units(base.frame, changed))
    with case.located(), np.errstate(all="ignore"):
        return build_world(frame, sample_case(frame, base.draws.n, base.draws.seed))


def kept_units(base: Frame, changed: Collection[str]) -> dict[str, float]:
    """The units of a case that its actors keep in a variant: those of whom no other is named among the places that it changes."""
    unit = dict(zip(base.game.players, first_pass(base).unit.tolist(), strict=True))
    return {p: v for p, v in unit.items() if {"payoffs", f"payoffs.{p}", f"payoffs.{p}.unit"}.isdisjoint(changed)}


def _figures(world: World) -> dict[str, Any]:
    """What is set side by side of a case or a variant."""
    return {**leading_figures(world), "vetoes": _vetoes(world, next(iter(world.goals)))}


def leading_figures(world: World) -> dict[str, Any]:
    """Every goal given what is presupposed, on whose answer the leading one hangs most, and the likeliest outcome, by fields of a variant."""
    frame, play = world.frame, world.play
    whole = world.probability(frame.presupposed)
    chances = play.goals({name: weights * frame.presupposed for name, weights in world.goals.items()})
    goal = next(iter(world.goals))
    names = list(dict.fromkeys(frame.game.outcome.tolist()))
    ends = play.goals({name: (frame.game.outcome == name) & frame.presupposed for name in names})
    shares = {name: float(ratio(end.sum(), whole.sum())) for name, end in ends.items()}
    outcome = max(shares, key=lambda name: shares[name])
    widest = widest_fork(goal, world.priced, world.goals[goal], frame.presupposed, play)
    sides = {} if widest is None else {branch.side: branch.goal for branch in widest.branches}
    return {
        "goals": {name: given(ratio(both, whole), whole) for name, both in chances.items()},
        "goal": goal,
        "leader": None if widest is None else widest.actor,
        "on_yes": sides.get("yes"),
        "on_no": sides.get("no"),
        "outcome": outcome,
        "outcome_share": shares[outcome],
    }


def _vetoes(world: World, goal: str) -> tuple[str, ...]:
    """Veto points of others than the owner on a goal."""
    weights = {goal: world.goals[goal]}
    points = veto_points(world.frame.game, option_effects(world.play, weights, world.frame.presupposed), weights)
    named = [(p, f"{p.actor}: {p.move}{f'[{p.round}]' if p.round else ''} = {p.option}") for p in points if not p.owner]
    return tuple(dict.fromkeys(name for p, name in named if not p.rarely_reached))
