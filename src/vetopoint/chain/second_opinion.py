"""The second opinion without numbers: is the likeliest outcome of the solved game stable in the graph model of conflict?

States are combinations of standing options; only the order in which each actor ranks them counts (`vetopoint.game.stability`).
Draws count by how likely what the case presupposes is in them. An outcome is *stable* in a draw if it is where some equilibrium of standing options most likely ends, given the chance events that
the headlines presuppose. Each actor ranks as it sees the game: what it does not know stands at its mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vetopoint.answers import OutcomeAnswer, StabilityAnswer, StableOutcome
from vetopoint.arrays import Floats
from vetopoint.chain.world import World
from vetopoint.errors import SolverError
from vetopoint.game.stability import CONCEPTS, GameStability, stability_of_game
from vetopoint.quantity import share_given

__all__ = ["second_opinion"]


NAMES = {
    "nash": ("Nash", "nobody gains by moving"),
    "gmr": ("GMR", "the others can answer every gain"),
    "smr": ("SMR", "the others can answer every gain, and there is no escaping their answer"),
    "seq": ("SEQ", "the others can answer every gain by moves that they gain by themselves"),
}


def second_opinion(world: World, outcomes: Sequence[OutcomeAnswer]) -> tuple[tuple[StabilityAnswer, ...], str]:
    """Set the graph model beside the solved game.

    Parameters
    ----------
    world : the case over all draws.
    outcomes : how likely each outcome is in the solved game.

    Returns
    -------
    answers : one a concept; none if the case cannot be put as standing options.
    note : the reason in that case, else empty.
    """
    priced = world.priced.first(world.frame.budget.stability)
    ranked = np.stack([priced.payoffs[v][:, :, p] for p, v in enumerate(priced.view_of)], axis=2)
    try:
        found = stability_of_game(priced.game, ranked, priced.chance)
    except SolverError as error:
        return (), str(error)
    likely = _likely(world, outcomes)
    if not likely:
        return (), "no outcome is possible given the chance events that the case presupposes"
    holds = world.play.first(ranked.shape[0]).goal(world.frame.presupposed)
    return _answers(found, likely, {o.name: o.label for o in outcomes}, holds), ""


def _likely(world: World, outcomes: Sequence[OutcomeAnswer]) -> dict[str, float]:
    """Outcomes that chance allows, the likeliest first, with their probability."""
    allowed = set(world.frame.game.outcome[world.frame.presupposed].tolist())
    given = {o.name: (o.presupposed or o.probability).mean for o in outcomes if o.name in allowed}
    return dict(sorted(given.items(), key=lambda item: (-item[1], item[0])))


def _answers(
    found: GameStability, likely: dict[str, float], labels: dict[str, str], holds: Floats
) -> tuple[StabilityAnswer, ...]:
    reached = found.reached[:, :, [found.outcomes.index(name) for name in likely]]
    ends = np.where(reached.max(axis=2) > 0, reached.argmax(axis=2), -1)
    leader, probability = next(iter(likely.items()))
    answers = []
    for concept in CONCEPTS:
        equilibrium = found.equilibrium[concept]
        ending = {name: (equilibrium & (ends == k)).any(axis=1) for k, name in enumerate(likely)}
        found_stable = {name: share_given(stable, holds) for name, stable in ending.items()}
        shares = dict(sorted(found_stable.items(), key=lambda item: -item[1]))
        answers.append(
            StabilityAnswer(
                concept=NAMES[concept][0],
                meaning=NAMES[concept][1],
                agree=shares[leader],
                note=_note(leader, shares, labels),
                outcome=leader,
                probability=probability,
                agrees=shares[leader] >= 0.5,
                stable=tuple(StableOutcome(outcome=o, label=labels[o], share=s) for o, s in shares.items()),
                draws=holds.size,
                states=len(found.states),
            )
        )
    return tuple(answers)


def _note(leader: str, shares: dict[str, float], labels: dict[str, str]) -> str:
    """Where the graph model and the solved game part, in words."""
    others = [name for name, share in shares.items() if share >= 0.5 and name != leader]
    named, are = ", ".join(f"“{labels[name]}”" for name in others), "is" if len(others) == 1 else "are"
    own = f"“{labels[leader]}”"
    if shares[leader] >= 0.5:
        if others and len(others) == len(shares) - 1:
            return f"{own} is stable in most draws, but so is every other outcome: this concept rules nothing out."
        return f"{own} is stable in most draws" + (f", and so {are} {named}." if others else "; nothing else is.")
    if others:
        return (
            f"Disagrees: {own}, the likeliest in the solved game, is not stable in most draws; {named} {are}. "
            "So the answer hangs on how much outcomes are worth and on how often actors err, not on the order of outcomes alone."
        )
    return f"{own} is not stable in most draws, and no other outcome is either: this concept gives no opinion."
