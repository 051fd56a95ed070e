"""Places: what is shown reads back, whatever anybody's options, actors and terms are called."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import ROOT
from vetopoint.case import Case, Place, kind_at, load_case
from vetopoint.case.document import read_document
from vetopoint.case.place import _FILE, _fields
from vetopoint.case.schema import CaseFile, Part

AWKWARD = ["value", "worth", "terms", "unit", "when", "last", "rest", "very-good", "a.b", "é", "1", "0", "[0]", "", '"', "a=b", " x", "truth", "\n", "a[1].b"]  # fmt: skip
keys = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=6))
CASES = [*sorted(ROOT.glob("cases/*/case.yaml")), ROOT / "src/vetopoint/study/template/case.yaml"]


@st.composite
def places(draw: st.DrawFn) -> Place:
    """Any place that the schema has, below any keys of the user's."""
    place, node = Place(), _FILE
    while not node.is_value and (not place.parts or draw(st.integers(0, 4))):
        ways = ["field"] * (node.part is not None and bool(_fields(node.part))) + ["key"] * (node.keys is not None)
        ways += ["item"] * (node.items is not None)
        if not ways:
            break
        way = draw(st.sampled_from(ways))
        if way == "field":
            assert node.part is not None
            part: str | int = draw(st.sampled_from(sorted(_fields(node.part))))
        else:
            part = draw(keys) if way == "key" else draw(st.integers(0, 12))
        place, node = place / part, node.below(part)
    return place


@given(places())
def test_what_is_shown_reads_back(place: Place) -> None:
    assert Place.parse(str(place)) == place


@given(places(), places())
def test_two_places_are_never_shown_alike(one: Place, other: Place) -> None:
    assert (str(one) == str(other)) == (one == other)


@given(st.text(max_size=30))
def test_any_text_is_read(text: str) -> None:
    assert isinstance(Place.parse(text), Place)


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.parent.name)
def test_every_place_of_a_case_reads_back_and_is_found_and_has_its_line(path: Path) -> None:
    case = load_case(path)
    document, data = case.document, CaseFile.normalise(case.document.data)
    every = [*case.specs, *case.conditions, *document.lines, *(item.place for item in case.inputs.values())]
    assert len(every) > 100
    for place in every:
        assert Place.parse(str(place)) == place
        if place.section == "variants":  # where null removes
            place.find(case.file)
            continue
        if place in document.lines:
            place.find(document.data)
            assert place.find(data) is not None
        assert place.find(case.file) is not None or place not in document.lines
        assert document.line(place) >= document.line(place.above)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("payoffs", "russia", "terms", "strike", "worth"), "payoffs.russia.strike"),
        (("payoffs", "russia", "terms", "strike", "when"), "payoffs.russia.strike.when"),
        (("payoffs", "russia", "terms", "strike"), "payoffs.russia.terms.strike"),
        (("payoffs", "russia", "terms", "unit", "worth"), 'payoffs.russia."unit"'),
        (("payoffs", "russia", "unit"), "payoffs.russia.unit"),
        (("payoffs", "value", "terms", "worth", "worth"), "payoffs.value.worth"),
        (("members", "fr", "stances", 0, "value"), "members.fr.stances.0"),
        (("members", "fr", "stances", 0), "members.fr.stances[0]"),
        (("others", 1, "share"), "others.1.share"),
        (("precision", "value"), "precision.value"),
        (("moves", "answer", "options", "1"), "moves.answer.options.1"),
        (("moves", "answer", "options", 1), "moves.answer.options[1]"),
        (("moves", "answer", "options", "very-good"), "moves.answer.options.very-good"),
        (("events", "vote", "shifts", "fr.supports"), "events.vote.shifts.fr.supports"),
        (("quantities", "seen", "value"), "quantities.seen.value"),
        (("types", "russia", "value", "truth"), "types.russia.value.truth"),
    ],
)
def test_what_a_place_is_called(parts: tuple[str | int, ...], text: str) -> None:
    assert str(Place(parts)) == text
    assert Place.parse(text) == Place(parts)


def test_going_down_and_up() -> None:
    place = Place.of("moves") / "answer" / "options"
    assert (place.section, place.key, str(place.above)) == ("moves", "options", "moves.answer")
    assert (place / "yes").within(place)
    assert not place.within(place / "yes")
    assert place.field == (place / "yes").field == ("Move", "options")
    assert Place.of("moves", "answer", "nonsense").field is None
    assert "when" in Place.of("moves", "answer").keys


SHORT = "payoffs:\n  a:\n    unit: [x, y]\n    gain: 0.3\n    pain:\n      when: z\n      worth: -1\nquantities:\n  q: likely\n"
LONG = "payoffs:\n  a:\n    unit: [x, y]\n    terms:\n      gain: {worth: 0.3}\n      pain:\n        worth: -1\nquantities: {q: {value: likely}}\n"


@pytest.mark.parametrize("text", [SHORT, LONG])
def test_short_and_long_forms_are_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    document = read_document(tmp_path / "case.yaml")
    for name, value in (("payoffs.a.gain", 0.3), ("payoffs.a.pain", -1), ("quantities.q.value", "likely")):
        place = Place.parse(name)
        assert place.find(document.data) == value
        line = text.splitlines()[document.line(place) - 1]
        assert str(value) in line
        assert place.replaced(CaseFile.normalise(document.data), 7)["payoffs"]["a"]["unit"] == ["x", "y"]
    with pytest.raises(KeyError):
        Place.parse("payoffs.a.loss").find(document.data)


@pytest.fixture(scope="module")
def presence() -> Case:
    return load_case(ROOT / "cases" / "european-presence")


def test_something_else_can_be_put_in_a_place(presence: Case) -> None:
    numbers = [place for place in presence.specs if isinstance(place.above.find(presence.file), Part | dict)]
    assert len(numbers) > 50
    for place in numbers:
        changed = place.replaced(presence.file, 0.125)
        assert place.find(changed) == 0.125
        assert place.replaced(changed, place.find(presence.file)) == presence.file


def test_a_name_leads_to_where_it_is_used(presence: Case) -> None:
    names = {name for spec in presence.specs.values() for name in spec.names}
    assert names <= set(presence.used_at)
    for name in names:
        places = [place for place, spec in presence.specs.items() if name in spec.names]
        assert [p for p in presence.used_at[name] if p in presence.specs] == places


def test_places_that_were_found_are_those_of_the_schema(presence: Case) -> None:
    assert presence.specs
    assert presence.conditions
    for place in presence.specs:
        kind = kind_at(place)
        assert kind is not None
        assert not kind.condition
    for place in presence.conditions:
        kind = kind_at(place)
        assert kind is not None
        assert kind.condition
