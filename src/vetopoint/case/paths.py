"""The grammar of presence paths: which form stands from when to when.

``contingent from respond`` · ``contingent from answer to review.last, then contingent without consent`` ·
``remote from 6 to 36`` · ``contingent from enforce + 1``. A stretch starts where the one before it ends.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vetopoint.case.expression import ExpressionError

_STRETCH = re.compile(
    r"^(?P<form>\w+)(?P<alone>\s+without\s+consent)?(?:\s+from\s+(?P<start>[\w.]+(?:\s*\+\s*[\d.]+)?))?"
    r"(?:\s+to\s+(?P<end>[\w.]+(?:\s*\+\s*[\d.]+)?))?$"
)
_POINT = re.compile(
    r"^(?:(?P<move>[A-Za-z_]\w*)(?:\.last)?)?\s*\+?\s*(?P<months>[0-9]{1,6}(?:\.[0-9]+)?|\.[0-9]+)?$", re.ASCII
)


@dataclass(frozen=True)
class Point:
    """A moment: the date of a move (its last round if repeated), plus months; or a month of the calendar."""

    move: str | None
    months: float


@dataclass(frozen=True)
class Stretch:
    """One form standing for a while. ``start`` None: where the last one ended; ``end`` None: to the horizon."""

    form: str
    consented: bool
    start: Point | None
    end: Point | None


def parse_path(text: str | Sequence[str]) -> tuple[Stretch, ...]:
    """Read a path.

    Examples
    --------
    >>> [s.form for s in parse_path("contingent from answer to review.last, then none")]
    ['contingent', 'none']
    """
    texts = [text] if isinstance(text, str) else text
    return tuple(_stretch(part) for each in texts for part in re.split(r"\s*,?\s*\bthen\b\s*", each.strip()))


def _stretch(text: str) -> Stretch:
    match = _STRETCH.match(text.strip())
    if match is None:
        remedy = "write `FORM [without consent] from MOVE [to MOVE], then FORM …`"
        raise ExpressionError(f"cannot read the path '{text}'", remedy)
    start, end = (None if match[key] is None else parse_point(match[key]) for key in ("start", "end"))
    return Stretch(match["form"], match["alone"] is None, start, end)


def parse_point(text: str) -> Point:
    """Read a moment: ``answer``, ``review.last``, ``answer + 2`` or a month."""
    match = _POINT.match(text.strip())
    if match is None or not (match["move"] or match["months"]):
        raise ExpressionError(f"cannot read the date '{text}'", "write a move, `move.last`, `move + 2` or a month")
    return Point(match["move"], float(match["months"] or 0))
