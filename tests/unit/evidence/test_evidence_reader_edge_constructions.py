"""Edges by construction: conditions laid in another's hands, what would happen otherwise, exceptions, refusals, in sentences of the test's own."""

from __future__ import annotations

import pytest

from vetopoint.evidence import SpacyParser
from vetopoint.evidence.reader.edges import find_edges
from vetopoint.evidence.reader.people import Actors

NAMES = {
    name.lower(): [name] for name in ("Belgium", "Chile", "Denmark", "Ghana", "Morocco", "Peru", "Serbia", "Vietnam")
}
ACTORS = Actors({**NAMES, "council": ["council"]})
PARSER = SpacyParser()


def edges(text: str) -> set[str]:
    """``kind:actor`` of each edge, with ``!`` where it is denied."""
    ((*parses,),) = PARSER.parse([text])
    found = (f.edge for p in parses for place in p.sentences() for f in find_edges(p, *place, ACTORS))
    return {f"{e.kind}:{e.actor}{'' if e.holds else '!'}" for e in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the act of another as a condition
        ("No lorry will leave the depot unless Ghana first opens the bridge, the hauliers said.", {"requires:ghana"}),
        ("The seeds cannot be sold unless each sack is stamped by Denmark.", {"requires:denmark"}),
        ("Nothing will be paid out until Peru publishes the accounts.", {"requires:peru"}),
        ("Chile will not join the register unless Peru does.", {"requires:peru", "veto:chile"}),
        ("Serbia does not have to wait until Peru has finished the dam.", {"requires:peru!"}),
        ("Denmark would not oppose the charter unless Chile does.", set()),
        ("The boats do not put out unless the governor of Ghana waves them through.", {"requires:ghana"}),
        ("Serbia will not open fire unless Denmark attacks.", {"threat:serbia!"}),
        # consent, however it is governed
        ("A second runway takes the consent of Vietnam.", {"requires:vietnam"}),
        ("The ferry may sail only after ratification by Morocco.", {"requires:morocco"}),
        ("The lease takes effect only after Belgium has notified the registry of its consent.", {"requires:belgium"}),
        ("The need for Ghana's approval is not in dispute, the clerk wrote.", {"requires:ghana"}),
        ("There is no need for Ghana's approval.", {"requires:ghana!"}),
        ("The necessity of Peru's consent has slowed the sale.", {"requires:peru"}),
        ("The new rules must be put to the council.", {"requires:council"}),
        ("Everything depends on whether Chile agrees.", {"requires:chile"}),
        ("The sale is subject to its approval by Denmark.", {"requires:denmark"}),
        ("No crate moves without Serbia's say-so.", {"requires:serbia"}),
        ("The turbines cannot be started without a go-ahead from Vietnam.", {"requires:vietnam"}),
        # consent of nobody
        ("A smaller harbour calls for no such agreement.", {"requires:!"}),
        ("For that we need permission from no one.", {"requires:!"}),
        ("The memorandum needed nobody's approval.", {"requires:!"}),
        ("The waiver is subject to no approval of Peru.", {"requires:peru!"}),
        ("It would need no treaty, no pilot and no leave from Ghana.", {"requires:ghana!"}),
        # vetoes
        ("The budget is being held up by Denmark.", {"veto:denmark"}),
        ("The reform has been blocked by Chile since May.", {"veto:chile"}),
        ("Morocco is holding out for a larger share.", {"veto:morocco"}),
        ("Peru is the last holdout, a banker said.", {"veto:peru"}),
        ("Serbia stands in the way of the merger.", {"veto:serbia"}),
        ("Vietnam can refuse entry to the surveyors.", {"veto:vietnam"}),
        ("Under the old treaty Vietnam cannot refuse entry to the surveyors.", {"veto:vietnam!"}),
        ("Ghana would withhold its consent for as long as the fees were not paid.", {"veto:ghana"}),
        ("Denmark will not grant the licence if the pilots are foreign.", {"veto:denmark"}),
        ("Peru's vote is decisive for the dam.", {"veto:peru"}),
        ("The split makes Chile's position decisive for the sale.", {"veto:chile"}),
        ("Ghana's voice is not decisive.", {"veto:ghana!"}),
        # whose it is
        ("Chile accused Peru of blocking the fisheries accord.", {"veto:peru"}),
        ("Chile blamed Peru for torpedoing the fisheries accord.", {"veto:peru"}),
        ("Chile criticised Peru for vetoing the budget.", {"veto:peru"}),
        ("Peru praised Chile for dropping its veto.", {"veto:chile!"}),
        ("Peru was accused by Chile of blocking the sale.", {"veto:peru"}),
        # exceptions
        ("No party to the charter, with the exception of Ghana, can veto an amendment.", {"veto:ghana"}),
        ("No member other than Ghana can block the sale.", {"veto:ghana"}),
        ("All members except Serbia can veto the budget.", {"veto:serbia!"}),
        ("Every member but Peru has a veto.", {"veto:peru!"}),
        ("Chile, but not Denmark, has the right to veto new members.", {"veto:chile"}),
        # two powers of one holder
        (
            "Peru can block a closure of the port, but neither Peru nor Chile can block a tariff.",
            {"veto:peru", "veto:peru!", "veto:chile!"},
        ),
    ],
)
def test_who_is_needed_and_who_can_stop_it(text: str, expected: set[str]) -> None:
    """The holder stands where the grammar puts him, and the sign is that of the whole sentence."""
    assert edges(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("If the ballot fails, the trams will run under the old contract.", {"alternative:"}),
        ("If it does not, the two firms may go back to sharing one office.", {"alternative:"}),
        ("If the council says no, the barges would go to Rotterdam.", {"alternative:"}),
        ("Were the council to reject the bid, the trams would be sold to Serbia.", {"alternative:"}),
        ("Without an accord, the clerk reminded them, the old fees would apply.", {"alternative:"}),
        ("In the absence of an extension, the school would be replaced by a bus to the coast.", {"alternative:"}),
        ("In case of a further delay Chile will propose its own timetable.", {"alternative:chile"}),
        ("Otherwise, the island would buy its power from the mainland.", {"alternative:"}),
        ("A note might serve just as well, the lawyer wrote.", {"alternative:"}),
        # what would be lost is a risk, what would be done to others a threat
        ("If the ferries stop, the island could run out of flour.", {"risk:"}),
        ("Without a deal the city will run out of water within a month.", {"risk:"}),
        ("If Denmark does not pay, Chile will cut off the gas.", {"threat:chile"}),
        ("If the plan is dropped, Chile would resume talks.", {"alternative:chile"}),
        # neither
        ("Chile would resume whaling if the ban is lifted.", set()),
        ("If it rains, the match will be moved indoors.", set()),
        ("If the bill is rejected, nothing will change.", set()),
        ("The plan would otherwise have been dropped.", set()),
        ("Whoever has an alternative does not have to beg.", set()),
        ("A camera is no substitute for a guard.", set()),
        ("“That is not a threat,” the mayor said.", set()),
    ],
)
def test_what_would_happen_otherwise(text: str, expected: set[str]) -> None:
    """A plan that comes to nothing gives way to an alternative, to a loss, or to what somebody threatens."""
    assert edges(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ghana warned that it could resume fishing on the bank if the talks slip beyond June.", {"threat:ghana"}),
        ("Peru has told the owners that it will padlock the mill if the strikers come back.", {"threat:peru"}),
        ("Serbia stated that it would reoccupy the lock should the posts be left empty.", {"threat:serbia"}),
        ("Any landing would be met with force.", {"threat:"}),
        ("Morocco's admirals would be foolish to bomb the port.", set()),
        ("Vietnam would be mad to shell the island.", set()),
        ("It would be unwise for Chile to attack the convoy.", set()),
    ],
)
def test_threats_in_plain_words(text: str, expected: set[str]) -> None:
    """A threat needs no word for it; what somebody would be a fool to do is none."""
    assert edges(text) == expected


def test_names_given_small_are_found_small() -> None:
    """An alias in small letters is a common word of the case ("the council"); one with a capital is told by it."""
    assert edges("The sale needs the approval of the council.") == {"requires:council"}
    assert edges("Peru has a veto.") == {"veto:peru"}
    assert edges("The peru has a veto.") != {"veto:peru"}
