"""Names of months as people write them."""

from __future__ import annotations

__all__ = ["MONTHS", "MONTH_PATTERN", "month_number"]

MONTHS = tuple(
    [
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
)
MONTH_PATTERN = "|".join(
    ("sept?(?:ember)?" if name == "september" else f"{name[:3]}(?:{name[3:]})?" if name[3:] else name)
    for name in MONTHS
)
"""A regular expression of every name and its short form, in small letters and without the dot of a short form."""


def month_number(word: str) -> int | None:
    """Which month a word names, in full or in short; None where it names none.

    >>> month_number("October"), month_number("Sept."), month_number("may"), month_number("marble")
    (10, 9, 5, None)
    """
    said = word.casefold().rstrip(".")
    return next((n for n, name in enumerate(MONTHS, 1) if len(said) >= 3 and name.startswith(said)), None)
