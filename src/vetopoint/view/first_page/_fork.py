"""The picture: what a yes and a no of the key-holder lead to, of 100 cases each; as data, and as a drawing that needs no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vetopoint.answers import FirstFork, Fork, ForkBranch, ForkEnd, ForkSide
from vetopoint.view.first_page._lines import keys
from vetopoint.view.first_page._story import Story, at, pointer
from vetopoint.view.names import shortened
from vetopoint.view.numbers import adding_up, capital

LEAST = 0.045
"""Rarer ends stand together."""
MOST_ENDS = 4


@dataclass(frozen=True)
class _End:
    """An end before it has its number: the places whose sum that is."""

    label: str
    kind: Literal["reached", "missed", "rest"]
    paths: tuple[str, ...]


def fork_picture(story: Story) -> FirstFork | None:
    """Return the fork at the answer of whoever holds the key; None where nobody has such an answer."""
    found = next((fork for party in keys(story) if (fork := story.fork(party.party)) is not None), None)
    if found is None:
        return None
    names, actor = story.names, found[1].actor
    yes, no = (_side(story, found, side) for side in ("yes", "no"))
    who = names.brief(actor)
    goal = names.brief_goal(story.goal)
    title = f"{capital(goal)} in {yes.reached.said} of 100 cases with a yes from {who}, in {no.reached.said} with a no"
    return FirstFork(title=title, given=capital(story.given()), actor=who, sides=(yes, no))


def _side(story: Story, fork: tuple[int, Fork], side: Literal["yes", "no"]) -> ForkSide:
    names, found = story.names, fork[1]
    place, branch = story.branch(fork, side)
    who = names.brief(found.actor)
    label = f"{capital(who)} {names.agree(found.actor, 'says', 'say')} {side}"
    given = story.given(label)
    options = tuple(
        names.option(found.move, o) for o in sorted(branch.options, key=lambda o: names.option(found.move, o))
    )
    reached = story.number(f"{place}/goal/mean", given=given)
    return ForkSide(side=side, label=label, options=options, reached=reached, ends=_ends(story, place, branch, given))


def _ends(story: Story, place: str, branch: ForkBranch, given: str) -> tuple[ForkEnd, ...]:
    """Success first, then how it ends otherwise, the likeliest first, what is rare together; of 100 they add up to 100."""
    lead, names = story.answers.goals[0], story.names
    goal = names.short.goals.get(lead.name) or shortened(names.goal(lead.name))
    mean = {o: b.mean for o, b in branch.missed.items() if b.mean > 0}
    ranked = sorted(mean, key=lambda o: (-mean[o], names.brief_outcome(o)))
    apart = [o for o in ranked if mean[o] >= LEAST][:MOST_ENDS]
    if len(ranked) == len(apart) + 1 and len(apart) < MOST_ENDS:
        apart = ranked
    rest = sorted(o for o in ranked if o not in apart)
    found = [_End(goal, "reached", (f"{place}/goal/mean",))]
    found += [
        _End(names.short.outcomes.get(o) or shortened(names.outcome(o)), "missed", (pointer_of(place, o),))
        for o in apart
    ]
    if rest:
        found.append(_End("Other ends", "rest", tuple(pointer_of(place, o) for o in rest)))
    first, *others = (sum(float(at(story.answers, path)) for path in end.paths) for end in found)
    return tuple(
        ForkEnd(
            label=capital(end.label),
            kind=end.kind,
            number=story.number(*end.paths, given=given).model_copy(update={"said": said}),
        )
        for end, said in zip(found, adding_up(first, others), strict=True)
    )


def pointer_of(place: str, outcome: str) -> str:
    """Return the place of an outcome's mean on one side of a fork."""
    return f"{place}/missed{pointer(outcome)}/mean"


__all__ = ["fork_picture"]
