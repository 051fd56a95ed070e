"""What is negated, ended, doubted, denied or left open: act, polarity, kind, hedge and condition of claims, on sentences of other topics."""

from __future__ import annotations

from itertools import product

import pytest

from support import tool
from vetopoint.evidence import Claim, Document, Reader

pairs = tool("validation/pairs")
ALIASES = {"orla": ["Orla"], "tessin": ["Tessin"], "league": ["the League"]}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ALIASES)


def read(reader: Reader, text: str) -> list[Claim]:
    ((_, claims),) = reader.read([Document(id="d", text=text)])
    assert claims, text
    return claims


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Orla, whose fleet has been idle since the storm, has not rejected the fishing accord.", 1),
        ("After a week of talks in the mountains, Orla no longer opposes the tunnel.", 1),
        ("Orla has long since ceased to oppose the tunnel, the mayor of the port said.", 1),
        ("Orla, under pressure from its unions, stopped short of endorsing the wage pact.", -1),
        ("Orla has yet to agree to the grain protocol.", -1),
        ("Orla failed to support the motion on Monday.", -1),
        ("Orla refused to sign the grain protocol, which its own envoys had drafted.", -1),
        ("Orla refused to reject the motion.", 1),
        ("Orla denied that it had accepted the lower price.", -1),
        ("Orla did not deny that it had accepted the lower price.", 1),
        ("It is not true that Orla rejected the motion, the clerk said.", 1),
        ("Orla withdrew its consent to the survey after the accident.", -1),
        ("Orla gave up its opposition to the survey.", 1),
        ("Orla has at no time accepted the survey.", -1),
        ("Not only Orla supports the survey.", 1),
        ("Not even Orla supports the survey.", -1),
        ("Orla agreed not to oppose the survey.", 1),
        ("Orla ruled out joining the customs union before the vote.", -1),
        ("Orla neither accepted nor rejected the survey.", 0),
        ("The islands, which trade with both, urged Orla to accept the survey.", 0),
        ("Orla must accept the survey, the islanders said.", 0),
        ("If Orla rejects the survey, the ships will leave.", 0),
        ("Orla can block the survey.", 0),
    ],
)
def test_the_sign_of_a_position_is_its_act_times_its_polarity(reader: Reader, text: str, sign: int) -> None:
    ((_, claims),) = reader.read([Document(id="d", text=text)])
    assert pairs.stance(claims, "orla") == sign


@pytest.mark.parametrize(
    ("text", "act", "polarity"),
    [
        ("Orla has not rejected the motion.", "REJECT", -1),
        ("Orla did not accept the motion.", "AGREE", -1),
        ("Orla said it will not approve the motion.", "AGREE", -1),
        ("Orla declined to support the motion.", "SUPPORT", -1),
        ("Orla denied that the dam had been mined.", "SAY", -1),
    ],
)
def test_an_act_is_that_of_the_affirmed_verb(reader: Reader, text: str, act: str, polarity: int) -> None:
    assert (act, polarity) in {(claim.act, claim.polarity) for claim in read(reader, text)}


def test_who_reports_an_act_does_not_perform_it(reader: Reader) -> None:
    claims = read(reader, "Orla said on Sunday that Tessin, which had asked for time, had rejected the motion.")
    assert [pairs.stance(claims, actor) for actor in ("orla", "tessin")] == [0, -1]


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Miners doubt that the pit will reopen before the winter.", -1),
        ("Few miners believe that the pit will reopen.", -1),
        ("Few miners doubt that the pit will reopen.", 1),
        ("The engineers are not convinced that the pit is safe.", -1),
        ("There is no doubt that the pit will reopen, the miners said.", 1),
        ("The company said that it had made no promise to the miners.", -1),
        ("The miners said that there was nothing in the plan that they could not accept.", 1),
    ],
)
def test_polarity_is_that_of_what_is_said(reader: Reader, text: str, polarity: int) -> None:
    assert max(read(reader, text), key=lambda claim: len(claim.text)).polarity == polarity


@pytest.mark.parametrize(
    ("text", "threatens"),
    [
        ("Orla warned that it would shell the harbour.", True),
        ("Orla warned that the river would flood the harbour.", False),
        ("Orla warned that it would need more time.", False),
        ("Orla did not threaten to leave the pact.", False),
    ],
)
def test_a_warning_is_a_threat_only_of_what_the_speaker_would_do(reader: Reader, text: str, *, threatens: bool) -> None:
    acts = {(claim.act, claim.polarity) for claim in read(reader, text)}
    assert (("THREATEN", 1) in acts) == threatens


@pytest.mark.parametrize(
    ("text", "hangs"),
    [
        ("The mayor said the ferry would run until 4 June.", False),
        ("The mayor said the ferry would run as soon as possible.", False),
        ("The mayor said the ferry would run in May.", False),
        ("The mayor said the ferry would run unless the crew struck.", True),
    ],
)
def test_dates_and_haste_are_neither_conditions_nor_hedges(reader: Reader, text: str, *, hangs: bool) -> None:
    (claim,) = read(reader, text)
    assert bool(claim.condition) == hangs
    assert claim.hedge == "would"


TURNING = ("did not {0}", "failed to {0}", "stopped short of {1}")
VERBS = (
    ("support", "supporting", 1),
    ("endorse", "endorsing", 1),
    ("oppose", "opposing", -1),
    ("reject", "rejecting", -1),
)


@pytest.mark.parametrize(("base", "gerund", "sign"), VERBS)
@pytest.mark.parametrize(("one", "other"), list(product(TURNING, ("It is not true that", "Nobody believes that"))))
def test_turning_once_turns_and_twice_restores(
    reader: Reader, base: str, gerund: str, sign: int, one: str, other: str
) -> None:
    turned = f"Orla {one.format(base, gerund)} the bridge."
    once, twice = ([*reader.read([Document(id="d", text=text)])] for text in (turned, f"{other} {turned}"))
    assert [pairs.stance(found[0][1], "orla") for found in (once, twice)] == [-sign, sign]
