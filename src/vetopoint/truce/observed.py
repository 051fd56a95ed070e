"""Incidents observed since a truce began, by month: read as counts, or counted from a table of events near the line.

Months are the truce's own: month 1 begins on its first day, month 2 a calendar month later, and so on; a file of counts that has a month
0 counts from 0. How long the truce has held is the end of the last month, however many months are missing before it. Events come in the
columns of two tables in wide use: ACLED (R. Raleigh, C. Linke, H. Hegre & J. Karlsen 2010, *Journal of Peace Research* 47:651-660;
codebook 2023) and UCDP GED (R. Sundberg & E. Melander 2013, *Journal of Peace Research* 50:523-532; codebook 23.1).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from calendar import monthrange
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from vetopoint.arrays import Floats
from vetopoint.case import Case, Observed
from vetopoint.errors import CaseError, Problem, did_you_mean
from vetopoint.truce._files import read_table
from vetopoint.truce.line import read_line

__all__ = ["Counts", "observed_counts", "read_counts"]

_FEWEST, _LAST_MONTH, _MOST = 3, 1_200, 1e9
_LONGEST_DAYS = 31
_FORMATS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d-%B-%Y", "%d-%b-%Y")
_WAYS = {"1": "state-based", "2": "non-state", "3": "one-sided"}
_ACLED_TYPES = (
    "battles", "explosions/remote violence", "violence against civilians", "protests", "riots", "strategic developments",
)  # fmt: skip
# What is counted unless the case says otherwise: fighting between armed sides.
_FIGHTING = ("battles", "explosions/remote violence", "state-based")


@dataclass(frozen=True)
class Counts:
    """Observed months.

    Parameters
    ----------
    months : (T,) numbers of the months that were watched, rising.
    held : months from the truce's start to the end of the last of them.
    seen : (T,) incidents seen.
    detection : (T,) share of incidents seen, or ``None`` where the file does not say.
    by_type, left_out : events counted by type, and events not counted by why; empty where the file holds counts.
    """

    months: tuple[int, ...]
    held: int
    seen: Floats
    detection: Floats | None = None
    by_type: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    def detected(self, otherwise: float) -> Floats:
        """(T,) share of incidents seen, where the file does not say ``otherwise``."""
        return np.full(len(self.seen), otherwise) if self.detection is None else self.detection

    def calendar(self, otherwise: float) -> tuple[Floats, Floats]:
        """Seen counts and detection in every month from the first one watched to the last; 0 and 0 where nobody watched."""
        place = np.array(self.months) - self.months[0]
        seen, detection = np.zeros(place[-1] + 1), np.zeros(place[-1] + 1)
        seen[place], detection[place] = self.seen, self.detected(otherwise)
        return seen, detection


@dataclass(frozen=True)
class _Event:
    """One row of a table of events: identity, type and its variant, first and last day, place, whether the place is known closely."""

    id: str
    type: str
    variant: str
    first: dt.date
    last: dt.date
    place: tuple[float, float]
    close: bool


def observed_counts(case: Case) -> Counts | None:
    """The months that a case has observed; ``None`` where it names no file.

    Raises
    ------
    CaseError
        for a file that cannot be used, or events without what it takes to count them.
    """
    observed, line = case.file.truce.watched, case.file.line
    if observed is None:
        return None
    drawn = case.folder / line.geojson if line is not None and line.geojson is not None else None
    try:
        return _counted(
            case.folder / observed.file, observed, _since(case), drawn, _stamps(case.folder / observed.file, drawn)
        )
    except _Unsaid as error:
        raise CaseError(case.problem(*error.args, "truce", "observed")) from error


class _Unsaid(Exception):
    """What the case must say before a table of events can be counted: message, remedy."""


def _stamps(*paths: Path | None) -> tuple[tuple[int, int], ...]:
    return tuple((p.stat().st_mtime_ns, p.stat().st_size) for p in paths if p is not None and p.is_file())


def _since(case: Case) -> dt.date | None:
    """The truce's first day: as the case says, or `as_of` and the month at which it begins; ``None`` where the history decides."""
    settings = case.file.truce
    if settings.watched is not None and settings.watched.since is not None:
        return settings.watched.since
    move = case.file.moves.get(settings.at) if isinstance(settings.at, str) else None
    at = settings.at if isinstance(settings.at, float) else move.at if move is not None else None
    if at is None:
        return None
    if case.calendar.days:
        return case.calendar.day_of(at)
    whole = int(at // 1)
    return _months_on(case.file.as_of, whole) + dt.timedelta(days=round(30.4375 * (at - whole)))


def _months_on(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=8)
def _counted(
    path: Path, observed: Observed, since: dt.date | None, drawn: Path | None, stamps: tuple[tuple[int, int], ...]
) -> Counts:
    columns = {name.lower() for name in read_table(path)[0]}
    if not ({"event_date"} <= columns or {"date_start", "date_end"} <= columns):
        return read_counts(path)
    if drawn is None:
        raise _Unsaid("events are counted near a drawn line", "name it under `line.geojson`")
    if observed.within_km is None:
        raise _Unsaid("how near the line events count is not said", "write {file: …, within_km: 20, until: 2026-06-30}")
    if since is None:
        raise _Unsaid("the truce's first day depends on the history", "write it under `truce.observed.since`")
    if observed.until is None:
        raise _Unsaid("events do not say until when there was nobody who looked", "write the last day under `until`")
    months = 0
    while _months_on(since, months + 1) <= observed.until + dt.timedelta(days=1):
        months += 1
    if not _FEWEST <= months <= _LAST_MONTH:
        message = f"{months} whole months from {since} to {observed.until}"
        raise _Unsaid(message, f"observe between {_FEWEST} and {_LAST_MONTH} months")
    return _events_by_month(path, observed, since, months, drawn)


def _events_by_month(path: Path, observed: Observed, since: dt.date, months: int, drawn: Path) -> Counts:
    events = _read_events(path)
    wanted = _wanted(observed, events)
    distances = read_line(drawn).distance_km([event.place for event in events])
    starts = [_months_on(since, k) for k in range(months + 1)]
    seen, by_type, left_out, known = np.zeros(months), Counter[str](), Counter[str](), set[str]()
    for event, km in zip(events, distances.tolist(), strict=True):
        why = _why_not(event, wanted, starts) or (
            f"farther than {observed.within_km:g} km" if km > (observed.within_km or 0) else ""
        )
        if event.id in known:
            why = "listed twice"
        known |= {event.id} - {""}
        if why:
            left_out[why] += 1
            continue
        by_type[event.type] += 1
        seen[bisect_right(starts, _middle(event)) - 1] += 1
    return Counts(
        tuple(range(1, months + 1)), months, seen, None, dict(sorted(by_type.items())), dict(sorted(left_out.items()))
    )


def _middle(event: _Event) -> dt.date:
    return event.first + (event.last - event.first) // 2


def _why_not(event: _Event, wanted: frozenset[str], starts: list[dt.date]) -> str:
    """Why an event is left out whatever its distance, or ""."""
    day = _middle(event)
    reasons = {
        "of another type": not wanted & {event.type.lower(), event.variant.lower()},
        "dated no closer than a month": (event.last - event.first).days > _LONGEST_DAYS,
        "before the truce": day < starts[0],
        "after the last whole month": day >= starts[-1],
        "at a place known only roughly": not event.close,
    }
    return next((why for why, holds in reasons.items() if holds), "")


def _wanted(observed: Observed, events: list[_Event]) -> frozenset[str]:
    """Types to be counted, in small letters; an error where one is neither known nor in the file."""
    there = {name.lower() for e in events for name in (e.type, e.variant) if name}
    known = sorted(there | {*_ACLED_TYPES, *_WAYS.values()})
    for name in observed.types:
        if name.lower() not in known:
            raise _Unsaid(
                f"no event is of the type '{name}'",
                did_you_mean(name.lower(), known, f"known: {', '.join(known[:12])}"),
            )
    return frozenset(name.lower() for name in observed.types or _FIGHTING)


def _read_events(path: Path) -> list[_Event]:
    _, rows = read_table(path)
    found = []
    for line, cells in rows:
        row = {name.lower(): value for name, value in cells.items()}
        try:
            found.append(_event(row))
        except (KeyError, ValueError) as error:
            message = f"column {error} is missing" if isinstance(error, KeyError) else str(error)
            remedy = "give the columns of an ACLED or UCDP GED export, dates as 2026-01-31, places in degrees"
            raise CaseError(Problem(f"no event: {message}", remedy, file=str(path), line=line)) from error
    return found


def _event(row: Mapping[str, str]) -> _Event:
    place = float(row["longitude"]), float(row["latitude"])
    if not (abs(place[0]) <= 180 and abs(place[1]) <= 90):
        raise ValueError(f"[{place[0]:g}, {place[1]:g}] is no longitude and latitude")
    if "event_date" in row:
        day = _day(row["event_date"])
        close = row.get("geo_precision", "1") in ("", "1", "2")
        known = row.get("event_id_cnty") or row.get("data_id") or ""
        return _Event(known, row["event_type"], row.get("sub_event_type", ""), day, day, place, close)
    way = row["type_of_violence"]
    if _WAYS.get(way) is None:
        raise ValueError(f"type_of_violence is '{way}', not 1, 2 or 3")
    first, last = _day(row["date_start"]), _day(row["date_end"])
    if last < first:
        raise ValueError(f"it ends ({last}) before it starts ({first})")
    return _Event(row.get("id", ""), _WAYS[way], way, first, last, place, row.get("where_prec", "1") in ("", "1", "2"))


def _day(text: str) -> dt.date:
    for form in _FORMATS:
        try:
            return dt.datetime.strptime(text[:10] if form == _FORMATS[0] else text, form).date()
        except ValueError:
            continue
    raise ValueError(f"'{text}' is no date")


def read_counts(path: str | Path) -> Counts:
    """Read a CSV with columns ``month``, ``incidents`` and, if known, ``detection`` (share of incidents seen).

    Raises
    ------
    CaseError
        for a missing column, a month before the truce or twice, a count that is no whole number of at least 0, a detection outside
        (0, 1], or fewer than three months.
    """
    columns, rows = read_table(path, ("month", "incidents"))
    read: dict[int, tuple[float, float]] = {}
    for line, row in rows:
        month, *numbers = _month(row, str(path), line)
        if month in read:
            raise CaseError(Problem(f"month {month} stands twice", "keep one row a month", "", str(path), line))
        read[month] = (numbers[0], numbers[1])
    if len(read) < _FEWEST:
        raise CaseError(Problem("fewer than three months", "observe longer before updating", file=str(path)))
    months = tuple(sorted(read))
    counts, detection = np.array([read[month] for month in months]).T
    return Counts(months, months[-1] + (months[0] == 0), counts, detection if "detection" in columns else None)


def _month(row: Mapping[str, str], path: str, line: int) -> tuple[int, float, float]:
    """Month, incidents and detection of one row."""
    remedy = {
        "month": f"whole months since the truce's start, from 1 to {_LAST_MONTH:,}",
        "incidents": "a whole number of at least 0; leave out a month that nobody watched",
        "detection": "a share above 0, up to 1; leave out the column where it is not known",
    }
    values: dict[str, float] = {"detection": 1.0}
    for column, how in remedy.items():
        text = row.get(column)
        if text is None:
            continue
        try:
            value = float(text)
            good = 0 < value <= 1 if column == "detection" else 0 <= value < _MOST and value == int(value)
        except ValueError:
            good = False
        if not good or (column == "month" and value > _LAST_MONTH):
            raise CaseError(Problem(f"not a month: {column} is '{text}'", how, "", path, line))
        values[column] = value
    return int(values["month"]), values["incidents"], values["detection"]
