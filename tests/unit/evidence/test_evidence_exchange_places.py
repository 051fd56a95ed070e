"""Where a place that another program counts lies in the normal form: laws over texts with emoji, CRLF and accents apart."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from vetopoint.evidence import normalise_text
from vetopoint.evidence.exchange._places import Places, Way, ways
from vetopoint.evidence.exchange._words import Searched, squeezed

RAW = st.text(
    st.sampled_from("ab e\u0301\u0308\ufeff\x00\x85\r\n\t\u2028각\u1100\u1161\u11a8🙂👩\u09c7\u09be\u0958")
    | st.characters()
)
MARKS = "\u0301\u0308\u1161\u11a8\u09be\u09bc"


def bounds(raw: str) -> list[int]:
    """Places between which the normal form may be cut: it is then the normal forms of both parts."""
    return [
        i
        for i in range(len(raw) + 1)
        if normalise_text(f"x{raw[:i]}") + normalise_text(f"x{raw[i:]}")[1:] == normalise_text(f"x{raw}")
    ]


@given(RAW)
@example("e\u0301\r\nb")
@example("\ufeff\x00e\x07\u0301")
@example("\u09c7\u09be\u0958x")
@example("\u1100\u1161\u11a8")
def test_the_ends_of_a_text_are_those_of_its_normal_form(raw: str) -> None:
    places, text = Places(raw), normalise_text(raw)
    assert places.of(0) == 0
    assert places.of(len(raw), end=True) == len(text)
    order = [places.of(i) for i in range(len(raw) + 1)]
    assert order == sorted(order)


@given(RAW)
@example("ae\u0301\r\nb🙂c")
@example("\r\u0301")
@example("x\ufeff\u0301")
@example("\x08\u1b6b")
def test_a_place_lies_behind_as_much_normal_text_as_the_raw_text_before_it_has(raw: str) -> None:
    raw = f"x{raw}"
    places = Places(raw)
    cuts = bounds(raw[1:])
    assert cuts
    for cut in cuts:
        # Controls between two characters belong to either, so only what they leave is compared.
        assert places.of(cut + 1, end=True) == len(normalise_text(raw[: cut + 1])), cut


@given(RAW, st.integers(0, 40), st.integers(0, 10))
def test_code_points_and_units_name_the_same_characters(raw: str, start: int, length: int) -> None:
    raw = raw.encode("utf-8", "ignore").decode()
    end = min(start + length, len(raw))
    start = min(start, end)
    unit = [len(raw[:place].encode("utf-16-le")) // 2 for place in (start, end)]
    assert Way(raw, "utf16").at(unit[0], unit[1]) == Way(raw, "points").at(start, end)


@given(RAW)
def test_one_of_the_ways_counts_line_ends_as_two(raw: str) -> None:
    lines = raw.replace("\r", "")
    found = {way.at(0, len(lines.replace("\n", "\r\n"))) for way in ways(lines, ("points",))}
    assert (0, len(normalise_text(lines))) in found


@given(RAW.map(normalise_text), st.integers(0, 40), st.integers(1, 10))
def test_words_are_found_where_they_stand(text: str, start: int, length: int) -> None:
    words = text[start : start + length]
    hits = Searched(text).hits(words)
    if not words.strip():
        assert hits == []
        return
    first, last = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
    assert (first, last) in hits
    for a, b in hits:
        assert squeezed(text[a:b]) == squeezed(words)
