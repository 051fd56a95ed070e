"""What inline numbers of a case are called: by the case's labels, never by their place in the file."""

from __future__ import annotations

import pytest

from support import ROOT
from vetopoint.case import Place, load_case
from vetopoint.study.evidence_section import _place_words


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("precision.us", "Precision of United States"),
        ("issues.guarantees.positions.italy", "Position of Italy on Post-war security guarantees"),
        ("issues.guarantees.salience.low_countries", "Salience of Post-war security guarantees for Low Countries"),
        ("members.france.stances.0", "Stance of France: supports"),
        ("members.nordics.capability", "Nordic states: capability"),
        ("forms.remote.committed_force", "Another form: committed force"),
        ("events.anniversary.shifts.needs_consent", "Anniversary of the invasion: shift of needs consent"),
        ("line.length_km", "Length of the line (km)"),
        ("somewhere.else_entirely", "Somewhere else entirely"),
    ],
)
def test_places_are_said_in_the_words_of_the_case(place: str, words: str) -> None:
    case = load_case(ROOT / "cases" / "european-presence")
    assert _place_words(case, Place.parse(place)) == words
