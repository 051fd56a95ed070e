"""What the first lines of a text say of its publication: a headline, a dateline ("LASTENBURG, 14 May 2027 (Agency) -"), an outlet's line.

Files seldom say it themselves. Lines are asked one after the other, until one is prose and has no dateline; nothing that the file does
say is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from vetopoint.evidence.documents.document import Document
from vetopoint.evidence.plans.words import plan_words
from vetopoint.evidence.reader.people import is_outlet

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b",
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<year>(?:19|20)\d\d)\b",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)\b",
        r"\b(?P<day>\d{1,2})[./](?P<number>\d{1,2})[./](?P<year>(?:19|20)\d\d)\b",
        rf"\b{_MONTH}\s+(?P<year>(?:19|20)\d\d)\b",
    )
)
_DAYS_OF_A_YEAR = (
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b", re.IGNORECASE),
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATELINE = re.compile(
    r"^[A-Z][^.!?“”\n]{0,70}?\((?P<agency>[A-Z][\w&.' /-]{1,50})\)(?:[^.!?“”\n]{0,30}?)\s*(?:--?|—|–)\s"
)
_AGENCY_FIRST = re.compile(r"^\((?P<agency>[A-Z][\w&.' /-]{1,50})\)\s+[A-Z]{3}")
_BYLINE = re.compile(r"^(?:by|von|par)\s+[A-Z]|\bargues that\b|^opinion\b", re.IGNORECASE)
_LABELS = re.compile(
    r"^(?:opinion|analysis|comment|exclusive|news|update \d|editorial|commentary|subject)\s*[|:–—-]\s*", re.IGNORECASE
)
_PUBLISHED = re.compile(r"\b(?:published|posted|updated|date[d]?|in|on)\b:?", re.IGNORECASE)
_PARTED = re.compile(r"\s+[|·•—–]\s+|,\s+|\.\s+|:\s+|\s+-\s+")
_PUBLISHERS = plan_words("publishers")
_LINES = 6
_HEADLINE = 160
_PROSE = 400


def headed(document: Document) -> Document:
    """A document with what its first lines say of its publication, where the file itself did not say it.

    Examples
    --------
    >>> text = "Force hangs on Kovrin\\n\\nLASTENBURG, 14 May 2027 (Continental News Agency) - The union offered on Friday to go."
    >>> found = headed(Document("a", text))
    >>> found.title, found.outlet, found.date
    ('Force hangs on Kovrin', 'Continental News Agency', datetime.date(2027, 5, 14))
    """
    lines = [*_first_lines(document.text), *_last_line(document.text)]
    dated = [*_first_paragraphs(document.text), *lines]
    title = document.title or _title(lines)
    outlet = document.outlet or _outlet(lines, title)
    return replace(
        document, title=title, outlet=outlet, date=document.date or _date(dated) or _date_of_year(dated, document.text)
    )


def _first_lines(text: str) -> Iterator[str]:
    """The lines of a text's head; the first paragraph of prose ends it, and counts as far as its dateline goes."""
    lines = (line.strip() for line in text.split("\n"))
    for _, line in zip(range(_LINES), filter(None, lines), strict=False):
        yield line
        if len(line) > _HEADLINE * 1.5:
            return


def _first_paragraphs(text: str) -> Iterator[str]:
    """The first paragraphs with their lines joined, as far as a text's head goes: a day may be broken over two lines."""
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text[: 4 * _PROSE]))
    for _, paragraph in zip(range(_LINES), filter(None, paragraphs), strict=False):
        yield paragraph
        if len(paragraph) > _HEADLINE * 1.5:
            return


def _date_of_year(lines: Sequence[str], text: str) -> date | None:
    """The day that the head names without its year ("Reuters, March 5"), in the only year of which the text speaks."""
    years = set(_YEAR.findall(text))
    heads = (line[:_HEADLINE] for line in lines if len(line) <= _HEADLINE or _DATELINE.match(line))
    days = (match for line in heads for pattern in _DAYS_OF_A_YEAR for match in pattern.finditer(line))
    if len(years) != 1:
        return None
    return next((found for match in days if (found := day_in(f"{match['day']} {match['month']} {min(years)}"))), None)


def _last_line(text: str) -> Iterator[str]:
    """The line behind the text, where it says the source: "(Gulf Courier, June 8, 2026)"."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    if len(lines) > 2 and len(lines[-1]) < 100 and re.match(r"\(|source\b|published\b|from:", lines[-1], re.IGNORECASE):
        yield re.sub(r"^source:?\s*", "", lines[-1].strip("() "), flags=re.IGNORECASE)


def day_in(words: str) -> date | None:
    """The first day, or month, that some words name.

    >>> day_in("Posted: 7 July 2026"), day_in("Aug. 21, 2026"), day_in("22.06.2026"), day_in("brief 11, November 2025")
    (datetime.date(2026, 7, 7), datetime.date(2026, 8, 21), datetime.date(2026, 6, 22), datetime.date(2025, 11, 1))
    """
    for pattern in _DAYS:
        for match in pattern.finditer(words):
            told = match.groupdict()
            number = int(told["number"]) if told.get("number") else _MONTHS.index(told["month"][:3].lower()) + 1
            try:
                return date(int(told["year"]), number, int(told.get("day") or 1))
            except ValueError:
                continue
    return None


def _date(lines: Sequence[str]) -> date | None:
    heads = [line[:_HEADLINE] for line in lines]
    return next((found for line in (*heads, *lines) if (found := day_in(line[:_PROSE]))), None)


def _title(lines: Sequence[str]) -> str:
    """The first line that is a headline: short, no byline, more than a date, an outlet or a place."""
    for line in lines:
        bare = _LABELS.sub("", line.lstrip("# ").strip()).strip()
        if len(bare) > _HEADLINE or _DATELINE.match(line) or _BYLINE.match(bare):
            continue
        if len(_undated(bare).split()) >= 3 and not _is_publisher(_undated(bare)) and (day_in(bare) is None):
            return bare
    return ""


def _undated(line: str) -> str:
    for pattern in _DAYS:
        line = pattern.sub("", line)
    line = re.sub(r"\bNo\.? ?\d+|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\(\s*\)", "", line)
    return line.strip(" ,.;|-–—()")


def _outlet(lines: Sequence[str], title: str) -> str:
    """By whom a text was published: the agency of its dateline, or the part of a line that is an outlet or an institution."""
    for line in lines:
        if (match := _DATELINE.match(line) or _AGENCY_FIRST.match(line)) and not day_in(match["agency"]):
            return match["agency"]
    for line in lines:
        bare = line.lstrip("# ").strip()
        if bare in (title, "") or title in bare or len(bare) > _HEADLINE:
            continue
        parts = [_undated(part) for part in _PARTED.split(_PUBLISHED.sub(" | ", bare))]
        known = next(filter(_is_publisher, parts), "")
        if known or (len(parts) >= 3 and day_in(bare) and _is_named(parts)):
            return known or _is_named(parts)
    return ""


def _is_named(parts: Sequence[str]) -> str:
    """What stands between an author and a date: two or more words with capitals, not the first."""
    named = [part for part in parts[1:] if len(part.split()) > 1 and part.istitle() and not part.isupper()]
    return named[-1] if named else ""


def _is_publisher(words: str) -> bool:
    parts = words.split()
    if (
        not 1 <= len(parts) <= 7
        or not parts[0][:1].isupper()
        or any(p[:1].islower() and p not in ("of", "for", "the", "and", "on") for p in parts)
    ):
        return False
    return is_outlet(words) or parts[-1].lower() in _PUBLISHERS or parts[0].lower() in _PUBLISHERS
