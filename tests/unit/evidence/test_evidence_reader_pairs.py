"""Minimal pairs: a word or two part the sentences, and what is read must part with them. Whoever finds a reversal adds a row to the table.

The table is ``tests/data/reading/pairs.csv``; what may be written in it stands at the head of ``tools/validation/pairs.py``, which prints shares
by domain and fault.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from support import tool
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, Edge, Link, Reader

pairs = tool("validation/pairs")
NAMES, PAIRS = pairs.read_pairs(pairs.TABLE)
NOT_YET = pytest.mark.xfail(strict=False, reason="read in part: an edge, a holder or a condition of the pair is missed")
WHOLLY_READ = frozenset(
    """agreed not|denied act|double negation|embedded|failed to|lift|lists|negated act|never|not only|persist|stopped short|
    threat form|urged|without|yet to""".replace("\n    ", "").split("|")
)
"""Faults of which every pair is read as the table says; of the others as large a share as `LEAST_SHARE`."""
LEAST_SHARE = 0.9
FEWEST_PAIRS, FEWEST_A_DOMAIN = 200, 30


@pytest.fixture(scope="module")
def judged() -> dict[str, Any]:
    """Each pair as judged, by name; all sentences are read in one batch."""
    return {one.pair.name: one for one in pairs.score(pairs.TABLE)}


def test_the_table_is_as_large_as_it_claims_in_every_domain() -> None:
    domains = Counter(pair.domain for pair in PAIRS)
    assert len(PAIRS) >= FEWEST_PAIRS
    assert set(domains) == set(pairs.DOMAINS)
    assert min(domains.values()) >= FEWEST_A_DOMAIN


@pytest.mark.parametrize("name", [pair.name for pair in PAIRS])
def test_nothing_is_reversed(judged: dict[str, Any], name: str) -> None:
    assert not judged[name].turned, judged[name].pair.sentences


@pytest.mark.parametrize(
    "name", [pytest.param(pair.name, marks=() if pair.fault in WHOLLY_READ else NOT_YET) for pair in PAIRS]
)
def test_each_sentence_says_what_the_table_says(judged: dict[str, Any], name: str) -> None:
    assert not judged[name].failed, judged[name].pair.sentences


def test_most_pairs_are_read_as_the_table_says(judged: dict[str, Any]) -> None:
    assert sum(not one.failed for one in judged.values()) >= LEAST_SHARE * len(PAIRS)


GOOD = {
    "pair": "p1",
    "domain": "trade",
    "fault": "negated act",
    "sentence": "Ostia {accepts|does not accept} the pact.",
    "aliases": "ostia: Ostia",
    "expect_one": "position:ostia=+",
    "expect_other": "position:ostia=-0",
}


def write(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, pairs.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_row_gives_two_sentences_and_what_must_hold_of_each(tmp_path: Path) -> None:
    names, (pair,) = pairs.read_pairs(write(tmp_path / "t.csv", [GOOD]))
    assert names == {"ostia": ["Ostia"]}
    assert pair.sentences == ("Ostia accepts the pact.", "Ostia does not accept the pact.")
    assert [[[e.text for e in some] for some in side] for side in pair.expected] == [
        [["position:ostia=+"]],
        [["position:ostia=-0"]],
    ]


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("domain", "football", "domain 'football'"),
        ("fault", "", "empty"),
        ("sentence", "Ostia accepts the pact.", "no {one|other}"),
        ("sentence", "Ostia {accepts the pact.", "no {one|other}"),
        ("sentence", "Ostia {accepts|accepts} the pact.", "the same"),
        ("sentence", "Ostia {accepts|was one of the seven states which accept} the pact.", "no minimal pair"),
        ("expect_one", "", "nothing is expected"),
        ("expect_one", "position:ostia=yes", "not understood"),
        ("expect_other", "edge:blocks:ostia", "not understood"),
        ("expect_other", "position:ostai=+", "no aliases for ['ostai']"),
        ("aliases", "Ostia", "is not ACTOR"),
    ],
)
def test_a_malformed_row_is_refused_with_its_number(tmp_path: Path, column: str, value: str, says: str) -> None:
    path = write(tmp_path / "t.csv", [GOOD, {**GOOD, "pair": "p2", column: value}])
    with pytest.raises(EvidenceError) as caught:
        pairs.read_pairs(path)
    assert f"{path}, row 3: " in str(caught.value)
    assert says in str(caught.value)


def test_a_name_that_stands_twice_and_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"\['p1'\] stand twice"):
        pairs.read_pairs(write(tmp_path / "t.csv", [GOOD, GOOD]))
    other = tmp_path / "o.csv"
    other.write_text("one,other\na,b\n", encoding="utf-8")
    with pytest.raises(EvidenceError, match="columns are"):
        pairs.read_pairs(other)


@pytest.mark.parametrize(
    ("tail", "says"),
    [(b"p2,trade,negated act\n", "row 3: too few"), (b"p2,tr\xe9ties,a,b,c,d,e\n", "UTF-8"), (b'p2,"x', "as CSV")],
)
def test_a_table_that_is_cut_off_or_in_another_encoding_is_refused(tmp_path: Path, tail: bytes, says: str) -> None:
    path = write(tmp_path / "t.csv", [GOOD])
    path.write_bytes(path.read_bytes() + tail)
    with pytest.raises(EvidenceError, match=says):
        pairs.read_pairs(path)


def test_a_speaker_may_stand_anywhere_in_the_chain_of_a_claim_but_makes_only_the_last() -> None:
    nested = claim("REJECT").model_copy(
        update={"chain": (Link(name="Norland", actor="norland"), Link(name="Ostia", actor="ostia"))}
    )
    held = {
        text: pairs._expectation(text).judge([nested]).holds
        for text in ("claim:norland=+", "no-claim:norland", "position:norland=0")
    }
    assert held == {"claim:norland=+": True, "no-claim:norland": True, "position:norland=0": True}
    assert pairs._expectation("position:ostia=-").judge([nested]).holds


def claim(act: str = "", polarity: int = 1, edges: tuple[Edge, ...] = (), actor: str = "ostia") -> Claim:
    return Claim.model_validate(
        {
            "id": "c",
            "source": "d",
            "act": act,
            "polarity": polarity,
            "edges": edges,
            "chain": [Link(name="Ostia", actor=actor)],
        }
    )


@pytest.mark.parametrize(
    ("text", "claims", "holds", "turned"),
    [
        ("position:ostia=+", [claim("AGREE")], True, False),
        ("position:ostia=+", [claim("REJECT", -1)], True, False),
        ("position:ostia=+", [claim("REJECT")], False, True),
        ("position:ostia=+", [], False, False),
        ("position:ostia=-0", [claim("AGREE")], False, True),
        ("position:ostia=0", [claim("AGREE")], False, False),
        ("claim:ostia=-", [claim(polarity=-1)], True, False),
        ("claim:ostia=-", [claim()], False, True),
        ("claim:*=-", [], False, False),
        ("no-claim:ostia", [claim()], False, False),
        ("no-claim:ostia:AGREE", [claim("AGREE")], False, True),
        ("no-claim:ostia:AGREE", [claim("AGREE", -1)], True, False),
        ("act:ostia=DEMAND", [claim("DEMAND")], True, False),
        ("edge:veto:ostia", [claim(edges=(Edge(kind="veto", actor="ostia"),))], True, False),
        ("edge:veto:ostia", [claim(edges=(Edge(kind="veto", actor="ostia", holds=False),))], False, True),
        ("edge:veto:ostia:denied", [claim(edges=(Edge(kind="veto", actor="ostia"),))], False, True),
        ("edge:veto:*", [claim(edges=(Edge(kind="risk"),))], False, False),
        ("no-edge:veto:ostia", [claim(edges=(Edge(kind="veto", actor="ostia"),))], False, True),
        ("no-edge:veto", [claim(edges=(Edge(kind="veto", holds=False),))], True, False),
        ("threat:ostia", [claim("THREATEN")], True, False),
        ("threat:ostia", [claim("THREATEN", -1)], False, False),
        ("no-threat", [claim("THREATEN")], False, True),
        ("no-threat:norland", [claim("THREATEN")], True, False),
        ("no-condition", [claim()], True, False),
    ],
)
def test_what_holds_and_what_is_reversed(text: str, claims: list[Claim], holds: bool, turned: bool) -> None:
    assert pairs._expectation(text).judge(claims) == (holds, turned)


def test_the_command_prints_shares_and_logs_what_failed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    impossible = {**GOOD, "pair": "p2", "domain": "basing", "expect_one": "edge:veto:ostia"}
    table, log = write(tmp_path / "t.csv", [GOOD, impossible]), tmp_path / "log.txt"
    assert pairs.main([str(table), "--log", str(log)]) == 0
    out = capsys.readouterr().out.split("\n")
    assert [line.split()[0] for line in out if "100" in line or " 0" in line][:1] == ["basing"]
    assert "missed   one: edge:veto:ostia" in log.read_text(encoding="utf-8")


def test_the_command_names_the_row_that_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pairs.main([str(write(tmp_path / "t.csv", [{**GOOD, "sentence": "x"}]))]) == 1
    assert "row 2: " in capsys.readouterr().err


# -- adding "not" once turns a sentence round, adding it twice restores it ------------------------------------------------------------

ACTS = (
    ("accept", "accepted", "accepted"),
    ("approve", "approved", "approved"),
    ("back", "backed", "backed"),
    ("endorse", "endorsed", "endorsed"),
    ("support", "supported", "supported"),
    ("welcome", "welcomed", "welcomed"),
    ("agree to", "agreed to", "agreed to"),
    ("consent to", "consented to", "consented to"),
    ("oppose", "opposed", "opposed"),
    ("reject", "rejected", "rejected"),
    ("refuse", "refused", "refused"),
    ("condemn", "condemned", "condemned"),
    ("criticise", "criticised", "criticised"),
    ("object to", "objected to", "objected to"),
)
"""Infinitive, past, participle."""
TOPICS = ("the treaty", "the tariff plan", "the ceasefire proposal")
ONCE = (
    "Ostia did not {0} {3}.",
    "Ostia has not {2} {3}.",
    "Ostia has never {2} {3}.",
    "It is not true that Ostia {1} {3}.",
    "Ostia, which had asked for more time, did not {0} {3}, its ambassador said.",
)
TWICE = (
    "It is not true that Ostia did not {0} {3}.",
    "It is not the case that Ostia has not {2} {3}.",
    "It is not true that Ostia has never {2} {3}.",
)
OPINIONS = (("think", 1), ("believe", 1), ("expect", 1), ("doubt", -1), ("deny", -1))
CONTENTS = (
    ("the truce will hold", "the truce will not hold"),
    ("the quota has helped farmers", "the quota has not helped farmers"),
)


@pytest.fixture(scope="module")
def stances() -> dict[str, int]:
    """Sign of Ostia's position in every sentence that the frames give."""
    frames = ("Ostia {1} {3}.", *ONCE, *TWICE)
    texts = [frame.format(*verb, topic) for frame in frames for verb in ACTS for topic in TOPICS]
    documents = [Document(id=str(n), text=text) for n, text in enumerate(texts)]
    read = Reader({"ostia": ["Ostia"]}).read(documents)
    return {text: pairs.stance(claims, "ostia") for text, (_, claims) in zip(texts, read, strict=True)}


@pytest.fixture(scope="module")
def polarities() -> dict[str, int]:
    """Polarity of the officials' longest claim in every sentence of opinion; 0 where they make none."""
    texts = [
        f"Officials in the capital {aux}{verb} that {content}."
        for verb, _ in OPINIONS
        for contents in CONTENTS
        for content in contents
        for aux in ("", "do not ")
    ]
    read = Reader({}).read([Document(id=str(n), text=text) for n, text in enumerate(texts)])
    out = {}
    for text, (_, claims) in zip(texts, read, strict=True):
        spoken = [c for c in claims if "Officials" in c.says.name]
        out[text] = max(spoken, key=lambda c: len(c.text)).polarity if spoken else 0
    return out


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("verb", ACTS, ids=[verb[0] for verb in ACTS])
def test_a_plain_act_is_a_position(stances: dict[str, int], verb: tuple[str, str, str], topic: str) -> None:
    expected = 1 if ACTS.index(verb) < ACTS.index(("oppose", "opposed", "opposed")) else -1
    assert stances["Ostia {1} {3}.".format(*verb, topic)] == expected


@pytest.mark.parametrize("frame", ONCE)
@pytest.mark.parametrize("verb", ACTS, ids=[verb[0] for verb in ACTS])
def test_not_once_turns_a_position_round(stances: dict[str, int], verb: tuple[str, str, str], frame: str) -> None:
    plain = [stances["Ostia {1} {3}.".format(*verb, topic)] for topic in TOPICS]
    assert 0 not in plain
    assert [stances[frame.format(*verb, topic)] for topic in TOPICS] == [-sign for sign in plain]


@pytest.mark.parametrize("frame", TWICE)
@pytest.mark.parametrize("verb", ACTS, ids=[verb[0] for verb in ACTS])
def test_not_twice_restores_a_position(stances: dict[str, int], verb: tuple[str, str, str], frame: str) -> None:
    plain = [stances["Ostia {1} {3}.".format(*verb, topic)] for topic in TOPICS]
    assert 0 not in plain
    assert [stances[frame.format(*verb, topic)] for topic in TOPICS] == plain


@pytest.mark.parametrize(
    ("verb", "sign", "contents"),
    [
        pytest.param(
            verb,
            sign,
            contents,
            marks=pytest.mark.xfail(strict=True, reason='the parser reads "the capital doubt" as a noun')
            if (verb, contents) == ("doubt", CONTENTS[1])
            else (),
        )
        for verb, sign in OPINIONS
        for contents in CONTENTS
    ],
)
def test_not_in_verb_or_content_turns_an_opinion_and_in_both_restores_it(
    polarities: dict[str, int], verb: str, sign: int, contents: tuple[str, str]
) -> None:
    def of(aux: str, content: str) -> int:
        return polarities[f"Officials in the capital {aux}{verb} that {content}."]

    plain, negated = contents
    assert (of("", plain), of("do not ", plain), of("", negated), of("do not ", negated)) == (sign, -sign, -sign, sign)
