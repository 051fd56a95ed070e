"""Numbers in words: percentages without false precision, bands in brackets, months as dates (en-GB)."""

import calendar
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar

T = TypeVar("T")

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PATH = re.compile(r"(?:[~.]{0,2}/|[\w.-]+(?:[/\\][\w.-]+)+\.\w+|[\w-]+\.[a-z]{2,8}(?=[:\s]|$))")


class Banded(Protocol):
    """A mean with the 5th and 95th percentile over draws."""

    @property
    def mean(self) -> float: ...
    @property
    def lo(self) -> float: ...
    @property
    def hi(self) -> float: ...


def percent(share: float, *, bare: bool = False) -> str:
    """Say a share of 1 in whole per cent; what is neither 0 nor 1 is never rounded to it.

    >>> percent(0.6249), percent(0.0004), percent(0.9999), percent(0.0)
    ('62%', 'under 1%', 'over 99%', '0%')
    """
    sign = "" if bare else "%"
    if 0 < share <= 0.005:
        return "0" if bare else "under 1%"
    if 0.995 <= share < 1:
        return "100" if bare else "over 99%"
    return f"{share * 100:.0f}{sign}"


def natural(value: float, per: int = 100) -> str:
    """Say a share of 1 as so many of 100, or of 1,000; with ``per=1`` a number as it stands, whole.

    What is neither 0 nor 1 is never rounded to it.

    >>> natural(0.892), natural(0.004), natural(0.0), natural(0.996), natural(0.0042, 1000), natural(71, 1)
    ('89', 'fewer than 1', 'none', 'more than 99', '4', '71')
    """
    whole, each = value * per, 1.0 / per
    if per == 1:
        return f"{value:,.0f}"
    if value <= 0 or value >= 1:
        return "none" if value <= 0 else "all"
    if value < each:
        return "fewer than 1"
    return f"more than {per - 1:,}" if value > 1 - each else f"{whole:,.0f}"


def adding_up(first: float, others: Sequence[float]) -> list[str]:
    """Say shares that make a whole as so many of 100 each that add up to it: the first as everywhere, the others in what it leaves.

    The others are rounded by largest remainders (A. Hamilton 1792), of two alike the earlier up; each stays within 1 of its share.

    >>> adding_up(0.334, [0.333, 0.333]), adding_up(0.745, [0.125, 0.125, 0.005]), adding_up(0.004, [0.996])
    (['33', '34', '33'], ['74', '13', '13', 'fewer than 1'], ['fewer than 1', 'more than 99'])
    """
    said = natural(first)
    taken = {"none": 0, "fewer than 1": 0, "more than 99": 100, "all": 100}.get(said)
    whole = [int(100 * share) for share in others]
    left = round(100 * (first + sum(others))) - (int(said) if taken is None else taken) - sum(whole)
    for i in sorted(range(len(whole)), key=lambda i: (whole[i] - 100 * others[i], i))[: max(left, 0)]:
        whole[i] += 1
    return [said, *(natural(n / 100 if 0 < n < 100 else share) for n, share in zip(whole, others, strict=True))]


def percent_band(band: Banded) -> str:
    """Say a share with its band.

    >>> from types import SimpleNamespace as B
    >>> percent_band(B(mean=0.62, lo=0.354, hi=0.88)), percent_band(B(mean=0.012, lo=0.0, hi=0.001))
    ('62% [35–88%]', '1% [0–1%]')
    """
    low, high = _ends(band)
    if high <= 0.005 or low >= 0.995:
        return percent(band.mean)
    return f"{percent(band.mean)} [{percent(low, bare=True)}–{percent(high, bare=True)}%]"


def _ends(band: Banded) -> tuple[float, float]:
    """The ends of a band as printed: drawn out to a mean that a few draws carry outside of it, see the report's “What a band is”."""
    return min(band.lo, band.mean), max(band.hi, band.mean)


def points(difference: float) -> str:
    """Say a difference of shares in percentage points, with its sign.

    >>> points(0.124), points(-0.03), points(0.001)
    ('+12 points', '−3 points', '0 points')
    """
    whole = round(difference * 100)
    return f"{_signed(whole)} point{'' if abs(whole) == 1 else 's'}"


def points_band(band: Banded) -> str:
    """Say a difference of shares with its band.

    >>> from types import SimpleNamespace as B
    >>> points_band(B(mean=0.12, lo=-0.03, hi=0.25))
    '+12 points [−3 to +25]'
    """
    low, high = (_signed(round(end * 100)) for end in _ends(band))
    return f"{points(band.mean)} [{low} to {high}]"


def _signed(whole: int) -> str:
    return "0" if whole == 0 else f"{'+' if whole > 0 else '−'}{abs(whole)}"


def number(value: float, digits: int = 2) -> str:
    """Say a number with so many significant digits and commas between thousands.

    >>> number(14987.3), number(0.07213), number(-2.0), number(1183.2, 3)
    ('15,000', '0.072', '−2', '1,180')
    """
    if value == 0:
        return "0"
    if abs(value) >= 1e9 or abs(value) < 1e-4:
        return f"{value:.{digits}g}".replace("-", "−")
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,}".removesuffix(".0").replace("-", "−")


def number_band(band: Banded, unit: str = "", digits: int = 2) -> str:
    """Say a number with its band and unit.

    >>> from types import SimpleNamespace as B
    >>> number_band(B(mean=15000, lo=8000, hi=30000), "people")
    '15,000 people [8,000–30,000]'
    """
    joint = " to " if band.lo < 0 else "–"
    mean, low, high = (number(v, digits) for v in (band.mean, *_ends(band)))
    return f"{mean}{' ' + unit if unit else ''} [{low}{joint}{high}]"


def count(whole: int, noun: str, nouns: str = "") -> str:
    """Say how many: numbers up to twelve in words.

    >>> count(1, "claim"), count(3, "claim"), count(20, "party", "parties"), count(0, "claim")
    ('one claim', 'three claims', '20 parties', 'no claims')
    """
    return f"{in_words(whole)} {plural(whole, noun, nouns)}"


def in_words(whole: int) -> str:
    """Say a whole number, in words up to twelve.

    >>> in_words(3), in_words(20)
    ('three', '20')
    """
    return _SMALL[whole] if 0 <= whole < len(_SMALL) else f"{whole:,}"


def plural(whole: int, noun: str, nouns: str = "") -> str:
    """Return the noun in the number that fits.

    >>> plural(2, "move"), plural(1, "move")
    ('moves', 'move')
    """
    return noun if whole == 1 else nouns or f"{noun}s"


def listed(words: Iterable[str], *, joint: str = "and", most: int = 0) -> str:
    """Join words as a sentence does; with ``most``, the rest are counted.

    >>> listed(["a", "b", "c"]), listed(["a", "b"], joint="or"), listed(["a", "b", "c", "d"], most=2)
    ('a, b and c', 'a or b', 'a, b and two others')
    """
    items: Sequence[str] = list(words)
    if most and len(items) > most + 1:
        items = [*items[:most], count(len(items) - most, "other")]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"


def level_with(
    first: T, things: Iterable[T], value: Callable[[T], float], label: Callable[[T], str], said: Callable[[float], str]
) -> str:
    """Say who else has as much, as it is printed, as whoever is named first; empty where nobody does.

    >>> level_with("a", "abc", {"a": 0.204, "b": 0.2, "c": 0.1}.get, str, percent)
    ', level with b'
    """
    level = [label(thing) for thing in things if thing is not first and said(value(thing)) == said(value(first))]
    return f", level with {listed(level, most=3)}" if level else ""


DAYS = 30
"""Days that a month counts."""


def add_months(start: date, offset: float) -> date:
    """Return the date so many months later; parts of a month count as thirtieths.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 2, 24), 0.5)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 11))
    """
    whole = int(offset // 1)
    index = start.year * 12 + start.month - 1 + whole
    year, month = divmod(index, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return date.fromordinal(date(year, month + 1, day).toordinal() + round((offset - whole) * DAYS))


def month_name(day: date) -> str:
    """Say a month.

    >>> month_name(date(2026, 5, 24))
    'May 2026'
    """
    return f"{calendar.month_name[day.month]} {day.year}"


def months(whole: float) -> str:
    """Say a length of time in months, or in years where it is whole years above one.

    >>> months(12), months(24), months(1), months(7.5)
    ('12 months', 'two years', 'one month', '7.5 months')
    """
    if whole > 12 and whole % 12 == 0:
        return count(int(whole // 12), "year")
    if whole == int(whole):
        return f"{int(whole)} months" if whole > 1 else count(int(whole), "month")
    return f"{number(whole)} months"


def capital(text: str) -> str:
    """Return the text with its first letter in upper case; the path of a file stays as it is.

    >>> capital("the Kremlin refuses"), capital("cases/a/case.yaml:3: no unit"), capital("case.yaml: no unit")
    ('The Kremlin refuses', 'cases/a/case.yaml:3: no unit', 'case.yaml: no unit')
    """
    return text if _PATH.match(text) else text[:1].upper() + text[1:]


def unbroken(text: str) -> str:
    """Keep each band on one line, by characters that forbid a break.

    >>> unbroken("2% [0–5%] of it") == "2%\\u00a0[0\\u2060–\\u20605%] of it"
    True
    >>> unbroken("in 43 (12–73)") == "in 43 (12\\u2060–\\u206073)"
    True
    """

    def held(match: re.Match[str]) -> str:
        return match[0].replace(" ", "\u00a0").replace("–", "\u2060–\u2060")

    text = re.sub(r"(?<=\d) (?=points?\b)", "\u00a0", text)
    text = re.sub(r"(?<=[\d%s]) \[[−+\d][^\]]{0,24}\]", held, text)
    return re.sub(r"(?<=\d)–(?=\d)", "\u2060–\u2060", text)


def stop(text: str) -> str:
    """Return the text as a sentence: first letter in upper case, a full stop at its end.

    >>> stop("nobody joins")
    'Nobody joins.'
    """
    text = capital(text.strip())
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
