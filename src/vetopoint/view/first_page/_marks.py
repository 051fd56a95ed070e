"""How firm a line is: computed from what was checked, never chosen, with its reasons.

*Firm* says that a line holds however vague the payoffs, at half and double precision, and in most of the other ways to build the
case that it declares. *Open* says that it hangs on a coin toss, or on a number that nobody could judge. All else is *judged*.
Likelihood is one thing and confidence another (Mastrandrea et al. 2010, the IPCC's guidance on uncertainty): a mark says
nothing of how likely what the line says is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetopoint.answers import NearTie, RankedParty, TruceForm
from vetopoint.answers.first_page import Mark
from vetopoint.view.numbers import plural

if TYPE_CHECKING:
    from vetopoint.view.first_page._story import Story

STRONG = 0.10
"""An answer that changes less than so much is no key."""
SELDOM = 0.01
OPEN = (0.2, 0.8)
"""Between these shares of draws the sign of a difference is not settled."""


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


def mark_key(story: Story, holders: Sequence[RankedParty]) -> Marked:
    """Return the mark of who can stop it; open where most of what a yes leads to hangs on a coin toss."""
    called = {p.party for p in holders}
    checks = [_sure(story, called), _vague(story, called), *_precision(story, called), *_variants(story, called)]
    return mark(checks, _tossed(story, story.answers.goals[0].reached_in))


def mark_tried(story: Story) -> Marked:
    """Return the mark of whether it is tried; open where the owner's choice is a coin toss."""
    attempt = {} if story.asked is None else story.asked.attempt
    tossed = [_says_toss(t) for t in story.answers.near_ties if t.move in attempt and t.reached >= SELDOM]
    return mark([Check(None, "however vague the payoffs"), Check(None, "in other ways to build the case")], tossed)


def mark_second(story: Story) -> Marked:
    """Return the mark of who comes second: who does elsewhere is not checked."""
    return mark([Check(None, "however vague the payoffs"), Check(None, "in other ways to build the case")])


def mark_toss(tie: NearTie) -> Marked:
    """Return the mark of a coin toss."""
    return mark([], [_says_toss(tie)])


def mark_hold(form: TruceForm) -> Marked:
    """Return the mark of how long it holds: open where it is not settled that it holds longer than without."""
    better = next(h for h in form.hold if h.month == 12).better_than_none
    unsettled = better is not None and OPEN[0] < better < OPEN[1]
    words = ["Whether it lasts longer than without is not settled: in many of the settings tried it does not."]
    return mark([Check(None, "in other ways to build the case")], words if unsettled else [])


def mark_change(_: Story) -> Marked:
    """Return the mark of what would change it: what is moved is judged as it stands."""
    return mark([Check(None, "in other ways to build the case")])


def _sure(story: Story, called: set[str]) -> Check:
    """Whether one actor decides most in nearly every draw."""
    ranking = story.asked or story.ranking
    holds = ranking is not None and ranking.decisive in called
    return Check(holds, "in at least 95 of 100 settings of the numbers within their ranges")


def _vague(story: Story, called: set[str]) -> Check:
    """Whether it hangs most on the same actor's answer in the ignorance twin, once the plan is tried; else who decides most there."""
    found = {t.kind: t for t in story.answers.change.twin}
    twin = found.get("fork") or found.get("key")
    return Check(None if twin is None else twin.structural and twin.party in called, "however vague the payoffs")


def _precision(story: Story, called: set[str]) -> Iterator[Check]:
    """Whether the same actor decides most where everybody chooses half and twice as sharply."""
    for factor, words in ((0.5, "half"), (2.0, "twice")):
        found = next((k for k in story.keys_at if k.factor == factor), None)
        holds = None if found is None else found.actor in called and found.on_yes - found.on_no >= STRONG
        yield Check(holds, f"where everybody chooses {words} as sharply")


def _variants(story: Story, called: set[str]) -> Iterator[Check]:
    """Whether the same actor decides most in more than half of the declared variants; nothing where none is declared."""
    others = [v for v in story.answers.variants if v.name and not v.failed]
    if not others:
        return
    same = [v for v in others if (v.leader in called) == bool(called)]
    ways = plural(len(others), "other way")
    words = f"in {len(same)} of {len(others)} {ways} to build the case that it declares"
    yield Check(2 * len(same) > len(others), words)


def _tossed(story: Story, ends: Iterable[str]) -> list[str]:
    """Coin tosses on which more than half of one of these ends hangs."""
    wanted, supposed = set(ends), {} if story.asked is None else story.asked.attempt
    return [_says_toss(t) for t in story.answers.near_ties if wanted & set(t.rests) and t.move not in supposed]


def _says_toss(tie: NearTie) -> str:
    return f"It hangs on a near coin toss, “{tie.label}”."
