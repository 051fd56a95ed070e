"""What the first lines of a text say of its publication: a headline, a dateline ("LASTENBURG, 14 May 2027 (Agency) -"), an outlet's line.

Files seldom say it themselves. Lines are asked one after the other, until one is prose and has no dateline; nothing that the file does
say is replaced. A day counts where a line is of the publication, not where prose or a headline tells of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from vetopoint.evidence.documents.document import Document
from vetopoint.evidence.plans.words import plan_words
from vetopoint.evidence.reader.people import is_outlet
from vetopoint.months import MONTH_PATTERN, month_number

_MONTH = rf"(?P<month>{MONTH_PATTERN})\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)\b"
_NUMBER = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b",
        rf"\b{_NUMBER}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
        rf"\b{_MONTH}\s+{_NUMBER},?\s+{_YEAR}",
        r"\b(?P<day>\d{1,2})[./](?P<number>\d{1,2})[./](?P<year>(?:19|20)\d\d)\b",
    )
)
_MONTHS = (re.compile(rf"\b{_MONTH},?\s+{_YEAR}", re.IGNORECASE),)
_YEARLESS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (rf"\b{_NUMBER}\s+(?:of\s+)?{_MONTH}(?!\w)", rf"\b{_MONTH}\s+{_NUMBER}\b")
)
_DATELINE = re.compile(
    r"^[A-Z](?:[^.!?“”\n]|(?<=\b\w{3})\.(?= \d)|(?<=Sept)\.(?= \d)){0,70}?\((?P<agency>[A-Z][\w&.' /-]{1,50})\)[^.!?“”\n]{0,30}?\s*(?:--?|—|–)\s"
)
_AGENCY_FIRST = re.compile(r"^\((?P<agency>[A-Z][\w&.' /-]{1,50})\)\s+[A-Z]{3}")
_BYLINE = re.compile(r"^(?:by|von|par)\s+[A-Z]|\bargues that\b|^opinion\b", re.IGNORECASE)
_LABELS = re.compile(
    r"^(?:opinion|analysis|comment|exclusive|news|update \d|editorial|commentary|subject)\s*[|:–—-]\s*", re.IGNORECASE
)
_PUBLISHED = re.compile(
    rf"\b(?:(?:first\s+)?(?:published|posted|updated|printed|issued)|dated?|in|on|by|{_WEEKDAY})\b:?", re.IGNORECASE
)
_ISSUED_BY = re.compile(
    r"\b(?:published|posted|printed|issued|appeared|prepared)\b.{0,40}?\b(?:by|in)\s+(?:the\s+)?(?P<name>[^,.|;:–—(]+?)"
    r"(?=\s+(?:on|in|at)\b|\s*[,.|;:–—(]|\s*$)",
    re.IGNORECASE,
)
_SERIES = re.compile(
    r"^(?:(?:policy|issue|research|security|strategic|working|discussion|position|briefing|occasional|special|background)\s+)?"
    r"(?:brief(?:ing)?|paper|note|report|memo(?:randum)?|bulletin|newsletter|insight|factsheet|issue|volume|vol\.|series)s?"
    r"(?:,?\s*(?:(?:no|nr|vol)\.?|number|issue|#|№)?\s*\d[\d/.-]*)?$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"[,.]?\s*(?:\b(?:no|nr|vol)\.?|\bnumber|\bissue|#|№)\s*\d[\d/.-]*|(?<=\w)\s+\d{1,4}$", re.IGNORECASE
)
_TELLING = re.compile(
    r"\b(?:dated|as of|published|posted|updated|printed|issued)\b[^.!?]{0,40}$|\bdate:\s*$|"
    r"\b(?:reported|known|written) (?:by|up to|until)\s*$|\bbroadcast\b[^.!?]{0,90}\b(?:on|of)\s*$",
    re.IGNORECASE,
)
_PART_ENDS = re.compile(rf"(?:^|[|·•—–:,.(-])\s*(?:{_WEEKDAY},?\s*)?$", re.IGNORECASE)
_PART_BEGINS = re.compile(r"\W*$|\s*(?:[|·•—–:.,)-]|by\b|in\b)", re.IGNORECASE)
_MEETING = re.compile(
    r"\b(?:minutes|meeting|held|session|hearing|sitting|issued|adopted)\b.*\b(?:on|of)\s*$", re.IGNORECASE
)
_CLOSED = re.compile(r"[,\s]*(?:\([^()\n]{2,50}\)\s*)?(?:--?|—|–|\.|:)\s|\s*\([^()\n]{2,50}\)")
_SENTENCE = re.compile(r"(?:On|In|By|Since|Until|Till|After|From|Before|At)\b")
_TOLD = re.compile(
    r"[^.!?]*\b(?:presented|announced|said|told|met|voted|opened|submitted|tabled|unveiled|proposed|published|adopted|decided|"
    rf"confirmed|agreed|gathered)\b[^.!?]*\bon\s+(?:{_WEEKDAY},?\s*)?$"
)
_PARTED = re.compile(r"\s+[|·•—–]\s+|,\s+|\.\s+|:\s+|\s+-\s+")
_PUBLISHERS = plan_words("publishers")
_IMPRINTS = _PUBLISHERS | plan_words("imprints")
_SMALL = ("of", "for", "the", "and", "on", "de", "la", "der", "die", "des", "du", "el", "da", "do", "&")
_SENTENCE_FROM = 7
"""Words from which on a line with a full stop is a sentence, and no headline."""
_BROKEN = 3
"""Lines of a paragraph from which on it may be prose broken at a width, if each but the last is as long as …"""
_WIDTH = 60
_LINES = 6
_HEADLINE = 160
_PROSE = 400


@dataclass(frozen=True)
class Dated:
    """When a text was published, as far as it says so; `note` tells what was not taken as it stands, in words."""

    day: date | None = None
    note: str = ""


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
    title = document.title or _title(lines)
    return replace(
        document,
        title=title,
        outlet=document.outlet or _spelt(_outlet(lines, title)),
        date=document.date or dated(document.text).day,
    )


def dated(text: str) -> Dated:
    """When a text was published: the day of its dateline, of its outlet's line, or of a line that says so.

    Examples
    --------
    >>> dated("Dam in doubt\\n\\nReview of Rivers, May 2026\\n\\nProse.").note
    'the text says “May 2026” and no day: taken as the first'
    >>> dated("TBILISI, Sept 9 - Armenia plans a road by 2027.")
    Dated(day=None, note='“Sept 9” has no year and was not taken')
    """
    places = [*_first_lines(text), *_last_line(text), *_first_paragraphs(text)]
    for patterns in (_DAYS, _MONTHS, _YEARLESS):
        for words, day in _found(places, patterns, _is_of_publication):
            return _as_taken(day, words, patterns)
        if patterns is _MONTHS:
            told = list(_found(_first_paragraphs(text), _DAYS, _is_told))
            if len({day for _, day in told}) == 1:
                return Dated(told[0][1], f"the text bears no date: taken is “{told[0][0]}”, of which it tells first")
    return Dated()


_Stands = Callable[[str, "re.Match[str]"], bool]


def _found(lines: Iterable[str], patterns: Sequence[re.Pattern[str]], stands: _Stands) -> Iterator[tuple[str, date]]:
    """The days in some lines that stand where they count, each with its words."""
    for line in lines:
        for match in (match for pattern in patterns for match in pattern.finditer(line[:_PROSE])):
            if stands(line, match) and (day := _day(match)) is not None:
                yield " ".join(match.group().split()), day


def _as_taken(day: date, words: str, patterns: Sequence[re.Pattern[str]]) -> Dated:
    if patterns is _YEARLESS:
        return Dated(None, f"“{words}” has no year and was not taken")
    return Dated(day, f"the text says “{words}” and no day: taken as the first" if patterns is _MONTHS else "")


def _is_of_publication(line: str, match: re.Match[str]) -> bool:
    """Whether a date stands where a line says when a text was published, and not within a sentence or a headline."""
    before, after = line[: match.start()], line[match.end() :]
    if _TELLING.search(before):
        return True
    if len(line) <= _HEADLINE and not re.search(r"[.!?]$", line):
        parted = _PART_ENDS.search(before) or _MEETING.search(before) or _is_outlets(before.strip())
        return bool(parted) and _PART_BEGINS.match(after) is not None
    return _is_place(before) and _CLOSED.match(after) is not None


def _is_place(words: str) -> bool:
    """Whether some words could be the place and the agency of a dateline, and begin no sentence."""
    parts = words.split()
    named = (
        not part[:1].isalpha() or part[:1].isupper() or part.strip(",.") in (*_SMALL, "upon", "am", "sur")
        for part in parts
    )
    return len(parts) <= 9 and all(named) and not re.search("[“”]", words) and not _SENTENCE.match(words)


def _is_told(line: str, match: re.Match[str]) -> bool:
    """Whether a sentence tells of a day that has been."""
    return _TOLD.search(line[: match.start()]) is not None


def _day(match: re.Match[str]) -> date | None:
    """The day that was matched, in a leap year where it has none."""
    told = match.groupdict()
    month = int(told["number"]) if told.get("number") else month_number(told["month"])
    try:
        return date(int(told.get("year") or 2000), month or 0, int(told.get("day") or 1))
    except ValueError:
        return None


def day_in(words: str) -> date | None:
    """The first day, or month, that some words name.

    >>> day_in("Posted: 7 July 2026"), day_in("Aug. 21, 2026"), day_in("22.06.2026"), day_in("brief 11, November 2025")
    (datetime.date(2026, 7, 7), datetime.date(2026, 8, 21), datetime.date(2026, 6, 22), datetime.date(2025, 11, 1))
    """
    found = (_day(match) for pattern in (*_DAYS, *_MONTHS) for match in pattern.finditer(words))
    return next(filter(None, found), None)


def _first_lines(text: str) -> Iterator[str]:
    """The lines of a text's head; the first paragraph of prose ends it, and counts as far as its dateline goes."""
    for _, line in zip(range(_LINES), filter(None, _whole_lines(text[: 8 * _PROSE])), strict=False):
        yield line
        if len(line) > _HEADLINE * 1.5:
            return


def _whole_lines(text: str) -> Iterator[str]:
    """Lines, prose that was broken at a width put together again."""
    for paragraph in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in paragraph.strip().split("\n")]
        broken = len(lines) >= _BROKEN and all(len(line) >= _WIDTH for line in lines[:-1])
        yield from [" ".join(lines)] if broken else lines


def _first_paragraphs(text: str) -> Iterator[str]:
    """The first paragraphs with their lines joined, as far as a text's head goes: a day may be broken over two lines."""
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text[: 4 * _PROSE]))
    for _, paragraph in zip(range(_LINES), filter(None, paragraphs), strict=False):
        yield paragraph
        if len(paragraph) > _HEADLINE * 1.5:
            return


def _last_line(text: str) -> Iterator[str]:
    """The line behind the text, where it says the source: "(Gulf Courier, June 8, 2026)"."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    if len(lines) > 2 and len(lines[-1]) < 100 and re.match(r"\(|source\b|published\b|from:", lines[-1], re.IGNORECASE):
        yield re.sub(r"^source:?\s*", "", lines[-1].strip("() "), flags=re.IGNORECASE)


def _title(lines: Sequence[str]) -> str:
    """The first line that is a headline: short, no byline, more than a date, an outlet, a place or a number in a series."""
    found = [bare for line in lines if (bare := _headline(line))]
    telling = (line for line in found if not _is_outlets(line) and not line.endswith("."))
    return next(telling, found[0]) if found and _is_outlets(found[0]) else next(iter(found), "")


def _headline(line: str) -> str:
    """A line as a headline; "" where it is none."""
    bare = _LABELS.sub("", line.lstrip("# ").strip()).strip()
    told = bare.rstrip("”\"'’)").endswith(".") and len(bare.split()) > _SENTENCE_FROM
    if told or len(bare) > _HEADLINE or _DATELINE.match(line) or _BYLINE.match(bare) or _is_imprint(bare):
        return ""
    published = any(True for _ in _found([bare], (*_DAYS, *_MONTHS), _is_of_publication))
    words = _undated(bare)
    return "" if published or len(words.split()) < 3 or _is_publisher(words) else bare


def _is_imprint(line: str) -> bool:
    """Whether every part of a line is a number in a series, a date or a publisher: "Policy brief no. 41 – Centre for Rivers"."""
    parts = [
        part.strip(" ()")
        for part in _PARTED.split(re.sub(r"\b(no|nr|vol)\.\s*(?=\d)", r"\1 ", line, flags=re.IGNORECASE))
    ]
    return any(map(_SERIES.match, parts)) and all(
        _SERIES.match(part) or _is_publisher(_undated(part)) for part in parts
    )


def _undated(line: str) -> str:
    for pattern in (*_DAYS, *_MONTHS):
        line = pattern.sub("", line)
    line = _NUMBERED.sub("", re.sub(rf"\b{_WEEKDAY}\b|\(\s*\)", "", line))
    return line.strip(" ,.;|·•-–—()")


def _spelt(name: str) -> str:
    """A name of several words that a head prints in capitals, as sentences write it: "RAIL & LOGISTICS WEEK"."""
    return " ".join(map(str.capitalize, name.split())) if name.isupper() and " " in name else name


def _outlet(lines: Sequence[str], title: str) -> str:
    """By whom a text was published: the agency of its dateline, or the part of a line that is an outlet or an institution."""
    for line in lines:
        if (match := _DATELINE.match(line) or _AGENCY_FIRST.match(line)) and not day_in(match["agency"]):
            return match["agency"]
    for line in lines:
        bare = line.lstrip("# ").strip()
        if bare in (title, "") or title in bare or len(bare) > _HEADLINE:
            continue
        if named := _outlet_in(bare):
            return named
    return ""


def _outlet_in(line: str) -> str:
    """The outlet that a line names: as the one by whom or in which a text was published, as one that is known, or beside a date."""
    bare = re.sub(r"\bfor (?:the )?", " | ", line) if _BYLINE.match(line) else line
    for pattern in (*_DAYS, *_MONTHS):
        bare = pattern.sub(" | ", bare)
    issued = _ISSUED_BY.search(bare.replace(" | ", " "))
    if issued and _is_name(named := _undated(issued["name"])):
        return named
    parts = [_undated(part) for part in _PARTED.split(_PUBLISHED.sub(" | ", _NUMBERED.sub("", bare)))]
    parts = [part for part in parts if not _SERIES.match(part)]
    known = next(filter(_is_publisher, parts), "")
    if known or (day_in(line) is None and not _BYLINE.match(line)):
        return known
    named = next(filter(_is_outlets, parts), "")
    return named or (_is_named(parts) if len(parts) >= 3 else "")


def _is_named(parts: Sequence[str]) -> str:
    """What stands between an author and a date: two or more words with capitals, not the first."""
    named = [part for part in parts[1:] if len(part.split()) > 1 and part.istitle() and not part.isupper()]
    return named[-1] if named else ""


def _is_name(words: str) -> bool:
    parts = words.split()
    if not 1 <= len(parts) <= 8 or not parts[0][:1].isupper():
        return False
    return not any(part[:1].islower() and part.casefold() not in _SMALL for part in parts)


def _is_outlets(words: str) -> bool:
    """Whether a name beside a date is an outlet's rather than a person's or a town's: it says so, or bears an article."""
    parts = [part for word in words.casefold().split() for part in word.split("-")]
    sounds = bool(_IMPRINTS & set(parts)) or (
        parts[:1] != [] and parts[0] in ("the", "der", "die", "le", "la", "el", "il")
    )
    return len(parts) > 1 and sounds and _is_name(words)


def _is_publisher(words: str) -> bool:
    parts = words.split()
    if not _is_name(words) or len(parts) > 7:
        return False
    return is_outlet(words) or parts[-1].lower() in _PUBLISHERS or parts[0].lower() in _PUBLISHERS
