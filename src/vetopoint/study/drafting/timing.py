"""When a plan is decided, and at what interval it comes up again, as its texts say.

Of several days to come the one counts that stands behind a plain word for a decision, at the head of its text, in a sentence about this
plan; among equals the first that is told. Which one was taken, and which were not, is said. Several intervals become none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from vetopoint.months import MONTH_PATTERN, month_number
from vetopoint.study.drafting.plan import Cast

_COUNTED = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_FURTHEST = 3 * 366
"""Days ahead; a date beyond is no date of this decision."""

_DAY = re.compile(
    rf"\b(?:(?P<iso>\d{{4}}-\d\d-\d\d)|(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m1>{MONTH_PATTERN})\b\.?(?:,?\s+(?P<y1>\d{{4}}))?"
    rf"|(?P<m2>{MONTH_PATTERN})\b\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y2>\d{{4}}))?)",
    re.IGNORECASE,
)
_PLAINLY = re.compile(
    r"\b(?:vote[sd]?|voting|summit|decide[sd]?|decision|deadline|expir\w*|laps\w*|runs? out|ruling|due|ultimatum|"
    r"referendum|sign(?:ed|ing)?|renew\w*|extend\w*)\b",
    re.IGNORECASE,
)
_DECIDES = re.compile(rf"{_PLAINLY.pattern}|\b(?:rules?|ends?|until|by)\b", re.IGNORECASE)
_LEAD = 60
"""Characters between the word for a decision and its date."""
_HEAD = 3
"""Sentences of a text, its headline among them, that say what it is about."""
_LENGTH = rf"(?P<n>\d{{1,3}}|{'|'.join(_COUNTED)})[\s-]+(?P<unit>day|week|month|year)s?"
_INTERVAL = re.compile(
    rf"\b(?:every|each|(?:for|by)\s+(?:another|a further|further)|(?:renewed|extended|prolonged)(?:\s+\w+){{0,3}}?\s+(?:for|by))\s+{_LENGTH}\b"
    rf"|\b{_LENGTH.replace('?P<n>', '?P<n2>').replace('?P<unit>', '?P<unit2>')}\s+(?:extension|renewal|rollover|mandate|term)\b",
    re.IGNORECASE,
)
_RENEWS = re.compile(r"renew|exten[ds]|prolong|expir|laps|roll(?:ed)? over|rollover|mandate", re.IGNORECASE)


@dataclass(frozen=True)
class _Told:
    """A day to come, how much speaks for its being that of the decision, and the words that name it."""

    day: date
    weight: int
    words: str


def timed(cast: Cast, texts: Iterable[str], as_of: date) -> Cast:
    """A cast with the day of the decision and the interval of renewal that texts name; where they name several intervals, without one."""
    named = _names(cast)
    told, lengths = list[_Told](), set[str]()
    for text in texts:
        sentences = re.split(r"(?<=[.!?])\s+(?=[^\s\d])|\n\s*\n", text)
        for number, sentence in enumerate(filter(str.strip, sentences)):
            weight = 2 * (number < _HEAD) + 2 * bool(named.search(sentence))
            told += _days(sentence, weight, as_of)
            lengths |= set(_lengths(sentence))
    day, said = _taken(told)
    return replace(cast, day=day, day_said=said, every=lengths.pop() if len(lengths) == 1 else "")


def _names(cast: Cast) -> re.Pattern[str]:
    """What names the plan in a sentence: its noun, or who must agree to it."""
    noun = re.split(r"\s+(?:of|on|in|at|for|to|from|with|by|between)\s+", cast.plan)[0].split()[-1:]
    names = [*noun, *(name for party in cast.consenters for name in (party.label, *party.aka))]
    bare = filter(None, (re.sub(r"^the\s+", "", name, flags=re.IGNORECASE) for name in names))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, bare))})\b" if names else r"(?!)", re.IGNORECASE)


def _taken(told: Iterable[_Told]) -> tuple[date | None, str]:
    """The day of the decision, and how it was told from others."""
    weights: Counter[date] = Counter()
    words: dict[date, str] = {}
    best: dict[date, int] = {}
    for each in told:
        words.setdefault(each.day, each.words)
        best[each.day] = max(best.get(each.day, 0), each.weight)
        weights[each.day] += 1
    if not words:
        return None, ""
    day = max(words, key=lambda day: best[day] + weights[day])
    others = [f"{other} (“{words[other]}”)" for other in words if other != day]
    return day, f"{day} (“{words[day]}”)" + (f", rather than {' or '.join(others)}" if others else "")


def _days(sentence: str, weight: int, as_of: date) -> Iterator[_Told]:
    """Days to come that stand closely behind a word for a decision."""
    for match in _DAY.finditer(sentence):
        day = _day(match, as_of)
        before = re.split(r"[;:]", sentence[max(match.start() - _LEAD, 0) : match.start()])[-1]
        if day is None or not 0 < (day - as_of).days <= _FURTHEST:
            continue
        leads = list(_PLAINLY.finditer(before)) or list(_DECIDES.finditer(before))
        waits = re.match(r"\s+to\s+[a-z]", sentence[match.end() :])  # "until 10 April to propose remedies"
        if leads and not (waits and not _PLAINLY.search(before)):
            plain = bool(_PLAINLY.search(before)) + bool(re.search(r"\bfinal\b", before, re.IGNORECASE))
            yield _Told(day, weight + 2 * plain, _shown(before[leads[-1].start() :] + match.group()).rstrip("."))


def _shown(words: str) -> str:
    """Words of a text on one line, and nothing in them that is no letter."""
    return "".join(character for character in " ".join(words.split()) if character.isprintable())


def _day(match: re.Match[str], as_of: date) -> date | None:
    """The day that was written; without a year the next of that name."""
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        month, number = month_number(match["m1"] or match["m2"]) or 0, int(match["d1"] or match["d2"])
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
