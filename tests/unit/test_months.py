"""Names of months, in full and in short."""

import calendar
import re

from hypothesis import given
from hypothesis import strategies as st

from vetopoint.months import MONTH_PATTERN, MONTHS, month_number


def test_they_are_those_of_the_calendar() -> None:
    assert [name.capitalize() for name in MONTHS] == [calendar.month_name[number] for number in range(1, 13)]
    assert [month_number(calendar.month_abbr[number]) for number in range(1, 13)] == list(range(1, 13))


@given(number=st.integers(1, 12), dot=st.sampled_from(["", "."]), data=st.data())
def test_every_way_of_writing_one_is_matched_whole_and_understood(number: int, dot: str, data: st.DataObject) -> None:
    name = MONTHS[number - 1]
    short = data.draw(st.sampled_from([name, name[:3], *(["sept"] if number == 9 else [])]))
    for written in (short, short.capitalize(), short.upper()):
        assert re.fullmatch(MONTH_PATTERN, written, re.IGNORECASE)
        assert month_number(f"{written}{dot}") == number


@given(word=st.text(max_size=12))
def test_another_word_is_no_month(word: str) -> None:
    number = month_number(word)
    assert number is None or MONTHS[number - 1].startswith(word.casefold().rstrip("."))
