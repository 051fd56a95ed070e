"""What the first lines of a text say of its publication."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.evidence import Document
from vetopoint.evidence.plans.heading import day_in, headed


@pytest.mark.parametrize(
    ("text", "title", "outlet", "day"),
    [
        ("Force waits\n\nX", "", "", None),
        ("Force waits for word from Kovrin\n\nOSTIA, March 5, 2024 (Reuters) - It waits.", "Force waits for word from Kovrin", "Reuters", date(2024, 3, 5)),
        ("Reuters, 5 March 2024\n\nForce waits for word\n\nIt waits.", "Force waits for word", "Reuters", date(2024, 3, 5)),
        ("# A note on the dam\nInstitute for Rivers, May 2026\n\nProse.", "A note on the dam", "Institute for Rivers", date(2026, 5, 1)),
        ("Opinion | The pact may founder\n\nHelga Rein\nThe Danube Review, 18 January 2026\n\nProse.", "The pact may founder", "The Danube Review", date(2026, 1, 18)),
        ("Council asks for time to think\n\nProse that goes on.\n\n(Gulf Courier, June 8, 2026)", "Council asks for time to think", "Gulf Courier", date(2026, 6, 8)),
    ],
)  # fmt: skip
def test_first_lines(text: str, title: str, outlet: str, day: date | None) -> None:
    found = headed(Document("a", text))
    assert (found.title, found.outlet, found.date) == (title, outlet, day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("# A note\n\nThis note states what a paper reports, dated for this case 24 February\n2026, after a long winter. Nothing was checked.", date(2026, 2, 24)),
        ("# A note\n\nWhat was known as of 3\nMay 2024 is told here.", date(2024, 5, 3)),
        ("14 March 2025 – The union offered to go.", date(2025, 3, 14)),
        ("Pact may founder\n\nReuters, March 5\n\nThe pact of 2024 may founder.", date(2024, 3, 5)),
        ("Pact may founder\n\nReuters, March 5\n\nThe pact of 2024 may founder in 2026.", None),
        ("Pact may founder\n\nReuters, March 5\n\nThe pact may founder.", None),
    ],
)  # fmt: skip
def test_the_day_of_a_texts_head(text: str, day: date | None) -> None:
    assert headed(Document("a", text)).date == day


def test_nothing_that_the_file_said_is_replaced() -> None:
    known = Document("a", "Another headline of the day\n\n5 March 2024\n\nProse.", "Title", "Outlet", date(2020, 1, 1))
    found = headed(known)
    assert (found.title, found.outlet, found.date) == ("Title", "Outlet", date(2020, 1, 1))


@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_is_found_in_every_way_of_writing_it(day: date) -> None:
    month = day.strftime("%B")
    for words in (
        day.isoformat(),
        f"{day.day} {month} {day.year}",
        f"{month[:3]}. {day.day}, {day.year}",
        day.strftime("%d.%m.%Y"),
    ):
        assert day_in(f"Posted {words} by the desk") == day


@given(text=st.text(max_size=400))
def test_any_text_has_a_heading_or_none(text: str) -> None:
    found = headed(Document("a", text))
    assert found.text == Document("a", text).text
    assert len(found.title) <= 160
    assert "\n" not in found.title
