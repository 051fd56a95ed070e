"""Edges of long sentences: the word of consent, its holder by syntactic role, its condition, and the sign of its path."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vetopoint.evidence.documents import Document

from vetopoint.evidence import Reader, SpacyParser
from vetopoint.evidence.reader.edges import find_edges
from vetopoint.evidence.reader.people import Actors

NAMES = {
    name.lower(): [name] for name in ("Belgium", "Chile", "Denmark", "Ghana", "Morocco", "Peru", "Serbia", "Vietnam")
}
ACTORS = Actors(NAMES)
PARSER = SpacyParser()


def edges(text: str) -> set[str]:
    """``kind:actor`` of each edge, with ``!`` where it is denied."""
    ((*parses,),) = PARSER.parse([text])
    found = (f.edge for p in parses for place in p.sentences() for f in find_edges(p, *place, ACTORS))
    return {f"{e.kind}:{e.actor}{'' if e.holds else '!'}" for e in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # holders: lists, apposition, coordination, contrast
        (
            "The three co-owners of the mine, Peru, Chile and Ghana, all need to approve the sale before it can close, "
            "lawyers for the buyer said.",
            {"requires:peru", "requires:chile", "requires:ghana"},
        ),
        ("Both Serbia and Denmark must ratify the air transport annex, the registry said.", {"requires:serbia", "requires:denmark"}),
        ("Transit across the delta requires the consent of Vietnam and not of Ghana.", {"requires:vietnam", "requires:ghana!"}),
        ("Morocco, unlike Ghana, can veto the cocoa levy when the board meets in the autumn.", {"veto:morocco"}),
        ("Serbia, not Belgium, can block the loan, the auditors wrote.", {"veto:serbia"}),
        ("The levy needs the backing of all six members, Peru included, before it can be raised.", {"requires:peru"}),
        # conditions
        ("The lease cannot be sold save with the prior approval of Ghana.", {"requires:ghana"}),
        ("Nothing may be shipped through the strait until Morocco has given its approval, the port authority said.", {"requires:morocco"}),
        ("The dam may be filled only if Vietnam agrees.", {"requires:vietnam"}),
        ("There can be no lasting border regime that Serbia has not accepted.", {"requires:serbia"}),
        ("The pilots will stay in the country until 15 December.", set()),
        ("The envoy spoke of the role of the host country.", set()),
        # a speaker's own condition is a veto
        ("Peru, whose fleet has been idle since May, will not sign the tuna accord unless the quota is raised.", {"veto:peru"}),
        ("Denmark said it would not ratify the protocol if the fees are kept.", {"veto:denmark"}),
        ("Chile is threatening not to approve the merger, which had been expected by the summer.", {"veto:chile"}),
        ("Ghana is threatening to veto the cocoa levy.", {"veto:ghana"}),
        # polarity of the whole path
        ("Few brokers believe that the cable can be laid without Morocco's consent.", {"requires:morocco"}),
        ("Nobody disputes that the cable needs the approval of Chile.", {"requires:chile"}),
        ("The regulator denied that the cable needs the approval of Chile.", {"requires:chile!"}),
        ("The cable, which is to be laid in June, needs no consent from Vietnam.", {"requires:vietnam!"}),
        ("Belgium would not lift its veto on the tariff, a clerk said.", {"veto:belgium"}),
        ("There is nothing in the treaty to stop Ghana from drilling without the consent of Morocco.", {"requires:morocco!"}),
        ("Serbia could not build the line over Denmark's objections.", {"requires:denmark"}),
        # threats are of those who would act
        ("Vietnam warned that it would close the border if the trawlers came back.", {"threat:vietnam"}),
        ("Vietnam warned that a storm would close the border if it came north.", set()),
        ("Ghana said that ships which enter the zone will be regarded as military targets.", {"threat:ghana"}),
        ("Peru rejected suggestions that Chile would cut supplies if the talks failed.", {"threat:chile!"}),
    ],
)  # fmt: skip
def test_an_edge_has_its_holder_and_its_sign(text: str, expected: set[str]) -> None:
    assert edges(text) == expected


def test_what_is_at_risk_is_what_the_risk_names() -> None:
    text = "A quarrel over fees could jeopardise the fisheries talks, the chair said."
    (parse,) = next(iter(PARSER.parse([text])))
    (found,) = find_edges(parse, *next(iter(parse.sentences())), ACTORS)
    assert (found.edge.kind, found.edge.what) == ("risk", "the fisheries talks")


def test_our_consent_is_that_of_the_speakers_actor() -> None:
    text = "“The line cannot be built without our consent,” the Danish minister said."
    ((_, claims),) = Reader(NAMES, PARSER).read([Document(id="d", text=text)])
    found = [edge for claim in claims for edge in claim.edges]
    assert [(edge.kind, edge.actor, edge.holds) for edge in found] == [("requires", "denmark", True)]


_WHOLE = "the cable needs the consent of {}"
_OVER = (
    "Nobody doubts that {}.",
    "Engineers deny that {}.",
    "Engineers doubt that {}.",
    "Engineers believe that {}.",
    "Few engineers think that {}.",
)
_SIGNS = (1, -1, -1, 1, -1)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["Chile", "Ghana", "Morocco", "Peru"]), st.integers(0, len(_OVER) - 1), st.booleans())
def test_signs_multiply_along_the_path(actor: str, over: int, denied: bool) -> None:
    inner = _WHOLE.format(actor)
    inner = inner.replace("needs", "does not need") if denied else inner
    sign = _SIGNS[over] * (-1 if denied else 1)
    assert edges(_OVER[over].format(inner)) == {f"requires:{actor.lower()}{'' if sign > 0 else '!'}"}
