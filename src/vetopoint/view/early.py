"""What is said while a run is still at work: what it does and about how long that takes, and the leading answers on its first draws."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vetopoint.answers import Early, LeadingAnswers, Work
from vetopoint.quantity import Band
from vetopoint.view.numbers import count, natural

SOON = 5.0
"""Seconds: of a run that takes no longer, nothing is said beforehand."""


def early_lines(found: Early) -> list[str]:
    """What is said of what a run told early: the leading answers, or what it is going to do where that takes more than some seconds."""
    if isinstance(found, LeadingAnswers):
        return list(_leading(found))
    return [_work(found)] if found.seconds is None or found.seconds > SOON else []


def _leading(found: LeadingAnswers) -> Iterator[str]:
    """The leading answers in a few lines: the goal, on whom it hangs, what is likeliest."""
    of = "" if found.draws == found.total else f" of {found.total:,}"
    given = f", given that {found.given}" if found.given else ""
    yield f"First answers, from {found.draws:,}{of} draws{given}:"
    if found.chance is None:
        yield f"  nothing can be said of “{found.goal}”: what is presupposed never happens"
        return
    yield f"  “{found.goal}” in {_cases(found.chance)}"
    if found.leader is not None and found.on_yes is not None and found.on_no is not None:
        yes, no = _cases(found.on_yes), _cases(found.on_no)
        leader = re.sub(r"^The ", "the ", found.leader)
        yield f"  once the plan is tried, it hangs most on {leader}: {yes} after a yes, {no} after a no"
    yield f"  likeliest: “{found.outcome}”, in {natural(found.share)} of 100 cases"


def _cases(band: Band) -> str:
    low, high = (natural(end) for end in (min(band.lo, band.mean), max(band.hi, band.mean)))
    spread = "" if low == high else f" ({low}–{high})"
    return f"{natural(band.mean)} of 100 cases{spread}"


def _work(found: Work) -> str:
    """What a run does, and about how long that takes."""
    anew = found.solved_anew
    size = f"{found.draws:,} draws of a game of {found.nodes:,} nodes with {count(found.inputs, 'uncertain number')}"
    again = f"about {round(anew, 2 - len(str(anew))):,} are solved anew to see who decides and what would change it"
    time = "" if found.seconds is None else f": about {_time(found.seconds)}"
    return f"{size}; {again}{time}"


def _time(seconds: float) -> str:
    """A length of time in the few digits that an estimate has.

    >>> _time(17.3), _time(140), _time(9000)
    ('17 seconds', '2 minutes', '2.5 hours')
    """
    if seconds < 100:
        return f"{float(f'{seconds:.2g}'):g} seconds"
    if seconds < 6000:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
