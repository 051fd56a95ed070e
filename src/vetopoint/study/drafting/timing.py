"""When a plan is decided, and at what interval it comes up again, where its texts say so without contradiction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from vetopoint.study.drafting.plan import Cast

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_COUNTED = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_FURTHEST = 3 * 366
"""Days ahead; a date beyond is no date of this decision."""

_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _MONTHS)
_DAY = re.compile(
    rf"\b(?:(?P<iso>\d{{4}}-\d\d-\d\d)|(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m1>{_MONTH})\b\.?(?:,?\s+(?P<y1>\d{{4}}))?"
    rf"|(?P<m2>{_MONTH})\b\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y2>\d{{4}}))?)",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\b(?:vote[sd]?|voting|summit|decide[sd]?|decision|deadline|expir\w*|laps\w*|runs? out|ruling|rules?|due|ultimatum|"
    r"ends?|until|referendum|sign(?:ed|ing)?|renew\w*|extend\w*|by)\b",
    re.IGNORECASE,
)
_LEAD = 60
"""Characters between the word for a decision and its date."""
_LENGTH = rf"(?P<n>\d{{1,3}}|{'|'.join(_COUNTED)})[\s-]+(?P<unit>day|week|month|year)s?"
_INTERVAL = re.compile(
    rf"\b(?:every|each|(?:for|by)\s+(?:another|a further|further)|(?:renewed|extended|prolonged)(?:\s+\w+){{0,3}}?\s+(?:for|by))\s+{_LENGTH}\b"
    rf"|\b{_LENGTH.replace('?P<n>', '?P<n2>').replace('?P<unit>', '?P<unit2>')}\s+(?:extension|renewal|rollover|mandate|term)\b",
    re.IGNORECASE,
)
_RENEWS = re.compile(r"renew|exten[ds]|prolong|expir|laps|roll(?:ed)? over|rollover|mandate", re.IGNORECASE)


def timed(cast: Cast, texts: Iterable[str], as_of: date) -> Cast:
    """A cast with the day of the decision and the interval of renewal that texts name; without them where texts name several."""
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.!?])\s+|\n\s*\n", text)]
    days = {day for sentence in sentences for day in _days(sentence, as_of)}
    lengths = {length for sentence in sentences for length in _lengths(sentence)}
    return replace(cast, day=days.pop() if len(days) == 1 else None, every=lengths.pop() if len(lengths) == 1 else "")


def _days(sentence: str, as_of: date) -> Iterator[date]:
    """Days to come that stand closely behind a word for a decision."""
    for match in _DAY.finditer(sentence):
        day = _day(match, as_of)
        before = sentence[max(match.start() - _LEAD, 0) : match.start()]
        if day is not None and 0 < (day - as_of).days <= _FURTHEST and _DECIDES.search(before):
            yield day


def _day(match: re.Match[str], as_of: date) -> date | None:
    """The day that was written; without a year the next of that name."""
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        name, number = match["m1"] or match["m2"], int(match["d1"] or match["d2"])
        month = 1 + next(i for i, known in enumerate(_MONTHS) if known.startswith(name.casefold()[:3]))
        year = match["y1"] or match["y2"]
        if year:
            return date(int(year), month, number)
        this = date(as_of.year, month, number)
        return this if this > as_of else date(as_of.year + 1, month, number)
    except ValueError:
        return None


def _lengths(sentence: str) -> Iterator[str]:
    """Intervals of renewal, as the case language writes lengths."""
    if not _RENEWS.search(sentence):
        return
    for match in _INTERVAL.finditer(sentence):
        said, unit = (match["n"] or match["n2"]).casefold(), (match["unit"] or match["unit2"]).casefold()
        number = int(said) if said.isdigit() else 1 + _COUNTED.index(said)
        if number:
            yield f"{number} {unit}{'s' if number > 1 else ''}"
