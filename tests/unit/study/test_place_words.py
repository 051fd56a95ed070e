"""What inline numbers of a case are called: by the case's labels, never by their place in the file."""

from __future__ import annotations

import pytest

from support import ROOT
from vetopoint.case import Place, load_case
from vetopoint.case.telling import place_in_words


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
        ("payoffs.russia.zeal", "Russia: What a strike is worth to a hostile Russia"),
        ("types.russia.hostile.truth", "Russia – would fight a presence it did not consent to: in truth"),
        (
            "types.russia.hostile.believed.us",
            "Russia – would fight a presence it did not consent to: as United States believes",
        ),
        ("moves.ceasefire.options.reached", "A ceasefire is reached or not: ceasefire"),
        ("quantities.losses", "Cost of contingents being struck"),
        ("others.0.share", "Stance of the members: needs consent"),
        ("issues.guarantees.agreed_if", "Whether there is agreement on Post-war security guarantees"),
        ("line.length_km", "Length of the line (km)"),
        ("somewhere.else_entirely", "Somewhere else entirely"),
    ],
)
def test_places_are_said_in_the_words_of_the_case(place: str, words: str) -> None:
    case = load_case(ROOT / "cases" / "european-presence")
    assert place_in_words(case, Place.parse(place)) == words
