"""What it does to the plan whether a disputed issue is agreed, where something in the case asks: agreed in every draw, and in none."""

from __future__ import annotations

from dataclasses import replace

from vetopoint.answers import AgreementEffect
from vetopoint.case import Expression, Place
from vetopoint.chain.world import World, build_world, first_draws, first_pass
from vetopoint.quantity import Band

__all__ = ["agreement_effects", "with_agreement"]


def agreement_effects(world: World) -> dict[str, list[AgreementEffect]]:
    """Issue whose agreement is asked for to its effect on each goal, all else as drawn, on as many draws as the budget allows."""
    few, labels = first_draws(world, world.frame.budget.consent), world.frame.case.file.goal_labels
    found = {}
    for issue in _asked(world):
        ends = [with_agreement(few, issue, held).goal_bands() for held in (True, False)]
        found[issue] = [
            AgreementEffect(goal=g, label=labels.get(g) or g.replace("_", " "), draws=few.draws.n, **_ends(g, *ends))
            for g in few.goals
        ]
    return found


def _asked(world: World) -> list[str]:
    """The issues whose agreement something asks for, in the order of the file."""
    case = world.frame.case
    asked = set().union(*(e.asked for e in (*case.specs.values(), *case.conditions.values())))
    return [issue for issue in case.file.issues if ("agreed", issue) in asked]


def _ends(goal: str, agreed: dict[str, Band], disputed: dict[str, Band]) -> dict[str, Band]:
    return {"agreed": agreed[goal], "disputed": disputed[goal]}


def with_agreement(world: World, issue: str, held: bool) -> World:
    """The same world in which an issue is agreed in every draw, or in none; units and expectations stay."""
    frame = world.frame
    settled = {Place.of("issues", issue, "agreed_if"): Expression.parse(held)}
    case = replace(frame.case, conditions={**frame.case.conditions, **settled})
    return build_world(replace(frame, case=case, fixed=first_pass(frame)), world.draws)
