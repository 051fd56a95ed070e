"""Times in a case: months since its date, written as a number, with a unit (``10 days``) or as a day (``2026-03-01``).

Everything that follows reckons in months. A case may be written in days (``horizon_days``): a bare number then counts days, and
a month counts thirty of them. Otherwise months are those of the calendar, and a day is a thirtieth of one.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from vetopoint.case.functions import DAYS, TABLE

__all__ = ["Calendar"]

_IN_MONTHS = {"day": 1 / DAYS, "week": 7 / DAYS, "month": 1.0, "year": 12.0}
_NUMBER = r"\d{1,6}(?:\.\d+)?|\.\d+"
_UNIT = "|".join(_IN_MONTHS)
_AMOUNT = re.compile(rf"(?P<count>{_NUMBER})\s*(?P<unit>{_UNIT})s?", re.ASCII | re.IGNORECASE)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SAID = re.compile(
    rf"(?<![\w.\-/])(?:(?P<day>\d{{4}}-\d{{2}}-\d{{2}})|(?P<count>{_NUMBER})\s*(?P<unit>{_UNIT})s?)(?![\w\-/]|\.\w)",
    re.ASCII | re.IGNORECASE,
)
_IN_PATH = re.compile(_SAID.pattern.replace(rf"\s*(?P<unit>{_UNIT})s?", rf"(?:\s*(?P<unit>{_UNIT})s?)?"), _SAID.flags)
_CALLED = "|".join(name for name, function in TABLE.items() if function.takes == "month")
_BARE = re.compile(rf"\b(?P<head>(?:{_CALLED})\s*\(\s*)(?P<count>{_NUMBER})(?=\s*\))", re.ASCII)
_FROM_START = re.compile(r"\b(truce_at|truce_held_at)\s*\(\s*\d{4}-", re.ASCII)
_REMEDY = "write a number, a number with its unit such as `10 days`, or a day such as 2026-03-01"


@dataclass(frozen=True)
class Calendar:
    """How the times of a case become months since its date, and these days again.

    Parameters
    ----------
    as_of : the day on which month 0 begins.
    days : whether the case is written in days.

    Examples
    --------
    >>> months = Calendar(dt.date(2026, 1, 1))
    >>> months.month("2026-03-16"), months.month("15 days"), months.month(4), months.day_of(2.5)
    (2.5, 0.5, 4.0, datetime.date(2026, 3, 16))
    >>> days = Calendar(dt.date(2026, 1, 1), days=True)
    >>> days.month(15), days.month("2026-01-31"), days.day_of(1.0)
    (0.5, 1.0, datetime.date(2026, 1, 31))
    """

    as_of: dt.date
    days: bool = False

    def month(self, value: object) -> float:
        """Months since the case's date of a moment as it is written; `PydanticCustomError` where it is none."""
        if isinstance(value, str) and _DAY.fullmatch(value.strip()):
            value = _day(value.strip())
        return self.month_of(value) if isinstance(value, dt.date) else self.span(value)

    def span(self, value: object) -> float:
        """The months that a length of time lasts; `PydanticCustomError` where it is none."""
        if isinstance(value, bool):
            raise PydanticCustomError("boolean", "a boolean is no number")
        if isinstance(value, str):
            amount = _AMOUNT.fullmatch(value.strip())
            if amount is not None:
                return float(amount["count"]) * _IN_MONTHS[amount["unit"].lower()]
        try:
            return float(value) * self._unit  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            raise PydanticCustomError(
                "time", "'{said}' is no time", {"said": str(value)[:60], "remedy": _REMEDY}
            ) from None

    def month_of(self, day: dt.date) -> float:
        """Months since the case's date of a day; `day_of` leads back to it."""
        day = dt.date(day.year, day.month, day.day)
        if day < self.as_of:
            said = {"day": day.isoformat(), "as_of": self.as_of.isoformat()}
            said["remedy"] = "name a later day, or give the case an earlier `as_of`"
            raise PydanticCustomError("time", "{day} is before the case's date, {as_of}", said)
        if self.days:
            return (day - self.as_of).days / DAYS
        whole = (day.year - self.as_of.year) * 12 + day.month - self.as_of.month
        whole -= _months_on(self.as_of, whole) > day
        # The 31st day of a month would be the first of the next if it counted a whole thirtieth.
        return whole + min((day - _months_on(self.as_of, whole)).days / DAYS, 0.99)

    def day_of(self, month: float) -> dt.date:
        """The day of a month since the case's date; parts of a month count as thirtieths."""
        whole = 0 if self.days else int(month // 1)
        return _months_on(self.as_of, whole) + dt.timedelta(days=round((month - whole) * DAYS))

    def said(self, month: float) -> str:
        """A moment in the case's own count.

        >>> Calendar(dt.date(2026, 1, 1)).said(1.5), Calendar(dt.date(2026, 1, 1), days=True).said(1.5)
        ('month 1.5', 'day 45')
        """
        return f"day {month * DAYS:g}" if self.days else f"month {month:g}"

    def in_text(self, text: str) -> str:
        """An expression in which days and times with a unit are months, and so are bare numbers of functions that take a month."""
        if _FROM_START.search(text):
            said = {"remedy": "write a length of time, such as `truce_held_at(12)` or `truce_held_at(10 days)`"}
            raise PydanticCustomError("time", "months are counted from the truce's start there, which has no day", said)
        text = _SAID.sub(self._replace, text)
        return _BARE.sub(lambda m: m["head"] + _plain(float(m["count"]) * self._unit), text) if self.days else text

    def in_path(self, text: str) -> str:
        """A presence path, or a move and a time after it, in which all times are months."""
        return _IN_PATH.sub(self._replace, text)

    @property
    def _unit(self) -> float:
        return 1 / DAYS if self.days else 1.0

    def _replace(self, found: re.Match[str]) -> str:
        if found["day"]:
            return _plain(self.month(found["day"]))
        unit = found["unit"]
        return _plain(float(found["count"]) * (_IN_MONTHS[unit.lower()] if unit else self._unit))


def _months_on(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        said = {"day": text, "remedy": "name a day of the calendar, as YEAR-MONTH-DAY, such as 2026-03-01"}
        raise PydanticCustomError("time", "there is no day {day}", said) from None


def _plain(number: float) -> str:
    """A number as an expression or a path reads it back: never with an exponent."""
    text = repr(number).removesuffix(".0")
    return text if "e" not in text else f"{number:.12f}"
