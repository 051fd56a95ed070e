"""How firm a line is: computed from what was checked, never chosen, with its reasons.

*Firm* says that a line holds however vague the payoffs, at half and double precision, and in most of the other ways to build the
case that it declares. *Open* says that it hangs on a coin toss, or on a number that nobody could judge. All else is *judged*.
Likelihood is one thing and confidence another (Mastrandrea et al. 2010, the IPCC's guidance on uncertainty): a mark says
nothing of how likely what the line says is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetopoint.answers import RankedParty, TruceForm
from vetopoint.answers.first_page import Mark

if TYPE_CHECKING:
    from vetopoint.view.first_page._story import Story


@dataclass(frozen=True)
class Marked:
    """A mark and its reasons, a sentence each."""

    mark: Mark
    why: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """One thing that a firm line must survive; ``holds`` is None where it was not checked."""

    holds: bool | None
    where: str

    @property
    def said(self) -> str:
        """The check in a sentence."""
        verb = {True: "Holds", False: "Does not hold", None: "Not checked"}[self.holds]
        return f"{verb} {self.where}."


def mark(checks: Iterable[Check], opened: Iterable[str] = ()) -> Marked:
    """Return the mark: open where anything opens it, firm where every check is made and holds, else judged.

    >>> mark([Check(True, "under vague payoffs")]).mark, mark([Check(None, "under vague payoffs")]).mark
    ('firm', 'judged')
    >>> mark([Check(True, "under vague payoffs")], ["It hangs on a coin toss."]).mark
    'open'
    """
    made, reasons = tuple(checks), tuple(opened)
    firm = bool(made) and all(check.holds for check in made)
    return Marked("open" if reasons else "firm" if firm else "judged", (*reasons, *(check.said for check in made)))


def mark_key(story: Story, holders: tuple[RankedParty, ...]) -> Marked:
    """Return the mark of who can stop it."""
    return mark(_of_key(story, [p.party for p in holders]))


def mark_second(story: Story, party: RankedParty | None) -> Marked:
    """Return the mark of who comes second: whether that is so elsewhere is not checked."""
    return mark([Check(None, "in the other ways to build the case")])


def mark_tried(story: Story) -> Marked:
    """Return the mark of whether it is tried."""
    return mark([Check(None, "under vague payoffs")])


def mark_hold(story: Story, form: TruceForm) -> Marked:
    """Return the mark of how long it holds: open where the sign of the difference is not settled."""
    year = next(h for h in form.hold if h.month == 12)
    better = year.better_than_none
    unsettled = better is not None and 0.2 < better < 0.8
    return mark([], ["In many of the settings tried it lasts no longer than without."] if unsettled else [])


def mark_change(story: Story) -> Marked:
    """Return the mark of what would change it."""
    return mark([])


def _of_key(story: Story, holders: list[str]) -> list[Check]:
    twin = next((t for t in story.answers.change.twin if t.kind == "key"), None)
    same = None if twin is None else twin.structural and holders == [twin.party]
    return [Check(same, "however vague the payoffs")]
