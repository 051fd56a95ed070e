"""Whether a case is plausible: played on a few thousand draws and held to what it says of itself, without a run of all its parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetopoint.answers import Plausible, VariantAnswer
from vetopoint.budget import USUAL
from vetopoint.case import Case, Problem, complaints
from vetopoint.quantity import compile_inputs

if TYPE_CHECKING:
    from vetopoint.chain import Numbers, World
    from vetopoint.study.project import Progress

__all__ = ["claims_behind", "play", "variants"]


def claims_behind(case: Case) -> dict[str, tuple[str, ...]]:
    """Each number that rests on claims, its own or those that its stance, issue or event names; none that the command line replaced."""
    found = {}
    for name, item in case.inputs.items():
        if name in case.overrides:
            continue
        claims, place = item.origin.claims, item.place.above
        while not claims and place.parts:
            claims, place = getattr(place.find(case.file), "because", ()), place.above
        if claims:
            found[name] = claims
    return found


def play(case: Case, draws: int, seed: int = 1) -> tuple[Plausible, list[Problem]]:
    """Expectations, coin tosses and what is ignored, and the complaints about a case as it is played.

    Parameters
    ----------
    case : the case.
    draws, seed : how many draws every value of a number is tried on, from which seed.
    """
    from vetopoint.chain.effects import effects
    from vetopoint.chain.plausible import expectations_held, ignored
    from vetopoint.game.choices import choice_answers, near_ties

    with case.located():
        world, numbers = _world(case, draws, seed)
        claims, choices = claims_behind(case), choice_answers(world.play)
        swung = effects(world, numbers, claims).swings
        found = Plausible(
            expectations_held=expectations_held(world, numbers),
            choices=choices,
            near_ties=near_ties(world.play, choices, world.frame.presupposed),
            ignored=ignored(swung[next(iter(world.goals))], claims),
        )
        return found, [p for p in complaints(case, "played", world) if p.severity == "warning"]


def variants(case: Case, draws: int, seed: int = 1, progress: Progress | None = None) -> tuple[VariantAnswer, ...]:
    """The answers of a case and of every variant that it declares, on as many draws each."""
    from vetopoint.chain.variants import variant_answers

    say = progress or (lambda stage, share: None)
    with case.located():
        world, _ = _world(case, draws, seed)
        return variant_answers(world, lambda share: say("variants", share))


def _world(case: Case, draws: int, seed: int) -> tuple[World, Numbers]:
    from vetopoint.chain import Numbers, build_world, frame_of, sample_case

    distributions = compile_inputs(case)
    labels = {name: item.label for name, item in case.inputs.items() if item.label}
    frame = frame_of(case, USUAL, case.as_written if case.overrides else None)
    return build_world(frame, sample_case(frame, draws, seed)), Numbers(distributions, labels)
