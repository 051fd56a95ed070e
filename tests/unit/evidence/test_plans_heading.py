"""What the first lines of a text say of its publication."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.evidence import Document
from vetopoint.evidence.plans.heading import dated, day_in, headed


@pytest.mark.parametrize(
    ("text", "title", "outlet", "day"),
    [
        ("Force waits\n\nX", "", "", None),
        ("Force waits for word from Kovrin\n\nOSTIA, March 5, 2024 (Reuters) - It waits.", "Force waits for word from Kovrin", "Reuters", date(2024, 3, 5)),
        ("Reuters, 5 March 2024\n\nForce waits for word\n\nIt waits.", "Force waits for word", "Reuters", date(2024, 3, 5)),
        ("# A note on the dam\nInstitute for Rivers, May 2026\n\nProse.", "A note on the dam", "Institute for Rivers", date(2026, 5, 1)),
        ("Opinion | The pact may founder\n\nHelga Rein\nThe Danube Review, 18 January 2026\n\nProse.", "The pact may founder", "The Danube Review", date(2026, 1, 18)),
        ("Council asks for time to think\n\nProse that goes on.\n\n(Gulf Courier, June 8, 2026)", "Council asks for time to think", "Gulf Courier", date(2026, 6, 8)),
        ("A dam for Ostia\n\nPublished 4 February 2026 by the Karst County Observer\n\nProse", "A dam for Ostia", "Karst County Observer", date(2026, 2, 4)),
        ("A dam for Ostia\n\nFirst published in The Ostia Examiner on 12 March 2026\n\nProse", "A dam for Ostia", "Ostia Examiner", date(2026, 3, 12)),
        ("A dam for Ostia\n\nNeue Strand-Zeitung, 21 October 2025\n\nProse", "A dam for Ostia", "Neue Strand-Zeitung", date(2025, 10, 21)),
        ("A dam for Ostia\n\nRiver Council Report, Monday, 3 November 2025\n\nProse", "A dam for Ostia", "River Council Report", date(2025, 11, 3)),
        ("A dam for Ostia\n\n5 May 2026 · Business Daily\n\nProse", "A dam for Ostia", "Business Daily", date(2026, 5, 5)),
        ("Policy brief no. 41 – Centre for Broad Waters\n\nOstia: who holds the tap?\n\nProse", "Ostia: who holds the tap?", "Centre for Broad Waters", None),
        ("Working Paper 12\nRiver Policy Lab, April 2026\nA dam for Ostia\n\nProse", "A dam for Ostia", "River Policy Lab", date(2026, 4, 1)),
        ("OSTIA, 3 May 2026 (AFP) - It waits.\n\n\"The council holds the key,\" one official said. It has refused.\n\nProse", "", "AFP", date(2026, 5, 3)),
        ("A dam for Ostia\n\nHelga Rein, 3 May 2026\n\nProse", "A dam for Ostia", "", date(2026, 5, 3)),
        ("A dam for Ostia\n\nGENEVA, 3 May 2026\n\nProse", "A dam for Ostia", "", date(2026, 5, 3)),
        ("By Jane Doe for the Ostia Examiner\n\nA dam for Ostia\n\nProse", "A dam for Ostia", "Ostia Examiner", None),
        ("Vote set for 12 June 2026, ministers say\nThe Herald, 3 May 2026\n\nProse", "Vote set for 12 June 2026, ministers say", "The Herald", date(2026, 5, 3)),
        ("ANKARA, Turkey, Nov. 4, 2026 (AFP) - It was renewed.", "", "AFP", date(2026, 11, 4)),
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
        ("Council to vote on 3 May 2026\n\nProse that goes on.", None),
        ("The treaty signed on 3 May 2019 binds us. Ostia wants out of it.", None),
        ("On 3 May 2026, the union offered to go.", None),
    ],
)  # fmt: skip
def test_the_day_of_a_texts_head(text: str, day: date | None) -> None:
    assert headed(Document("a", text)).date == day


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [
        ("Pact may founder\n\nReview of Pacts, May 2026\n\nProse.", date(2026, 5, 1), "“May 2026”"),
        ("Pact may founder\n\nReuters, March 5\n\nThe pact of 2024 may founder.", None, "“March 5” has no year"),
        ("DOHA, Jan 17 (AFP) - Two men missing since 2015 may be freed.", None, "“Jan 17” has no year"),
        ("Ministers presented the pact on Friday, 4 December 2026.", date(2026, 12, 4), "“4 December 2026”"),
        ("Pact may founder\n\nReuters, 5 March 2024\n\nThe pact may founder.", date(2024, 3, 5), ""),
        ("Pact may founder\n\nThe pact may founder.", None, ""),
    ],
)  # fmt: skip
def test_what_was_not_taken_as_it_stands_is_said(text: str, day: date | None, said: str) -> None:
    found = dated(text)
    assert found.day == day
    assert said in found.note
    assert bool(said) == bool(found.note)


@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)), year=st.integers(1900, 2099))
def test_no_year_of_the_prose_is_lent_to_a_day_without_one(day: date, year: int) -> None:
    found = dated(f"OSTIA, {day.day} {day.strftime('%B')} (AFP) - The pact of {year} may founder.")
    assert found.day is None
    assert "has no year" in found.note


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
        for line in (
            f"The Desk, {words}",
            f"Posted {words} by the desk",
            words,
            f"LASTENBURG, {words} (Agency) - It is so.",
        ):
            assert dated(f"A dam for Ostia\n\n{line}\n\nProse.").day == day, line


@given(text=st.text(max_size=400))
def test_any_text_has_a_heading_or_none(text: str) -> None:
    found = headed(Document("a", text))
    assert found.text == Document("a", text).text
    assert len(found.title) <= 160
    assert "\n" not in found.title
