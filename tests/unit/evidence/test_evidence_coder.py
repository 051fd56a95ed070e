"""Programs as coders: what they may say, that every word is found in the text, and that a bad one costs its document alone."""

from __future__ import annotations

import json
import os
import shlex
import sys
import textwrap
import time
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, Reader, read_into
from vetopoint.evidence.coder import (
    ELSEWHERE,
    NO_CLAIM,
    NOT_THERE,
    SEVERAL,
    TOO_MANY,
    UNREADABLE,
    ProgramCoder,
    ProgramLimits,
    ProposedClaim,
    line_schema,
    proposal,
)
from vetopoint.evidence.store import Store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the programs are written for POSIX")

GREETING = {"coder": "keywords", "version": "2"}
NAME = "program/keywords@2"
PRELUDE = f"""
import json, os, signal, subprocess, sys, time
def say(**line):
    print(json.dumps(line), flush=True)
say(**{GREETING!r})
"""
GOOD = """
document = json.load(sys.stdin)
for sentence in document["text"].split(". "):
    if " said " in sentence:
        say(quote=sentence, cue="said", chain=["Ada"])
"""
#: On a text that has "BAD" in it the program does what is tried; on another it answers.
BADLY = """
document = json.load(sys.stdin)
if "BAD" not in document["text"]:
    if document["text"]:
        say(quote=document["text"])
    sys.exit()
"""


def program(folder: Path, body: str, prelude: str = PRELUDE) -> str:
    folder.mkdir(exist_ok=True)
    path = folder / "coder.py"
    path.write_text(prelude + textwrap.dedent(body), encoding="utf-8")
    return shlex.join([sys.executable, str(path)])


def lines(*rows: dict[str, object]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def taken(text: str, *rows: dict[str, object], most: int = 100) -> tuple[tuple[Claim, ...], dict[str, int]]:
    found = proposal(lines(*rows), Document(id="d", text=text), NAME, most)
    return found.claims, {reason: number for reason, number in found.dropped.items() if number}


def test_a_program_reads_into_the_store_and_its_name_and_version_stand_in_the_claims(tmp_path: Path) -> None:
    coder = ProgramCoder(program(tmp_path, GOOD))
    assert coder.coder == NAME
    with Store(":memory:") as store:
        done = read_into(store, [Document(id="a", text="Ada said no. Bo left. Ada said  yes")], coder)
        assert (done.read, done.claims, done.refused, dict(done.dropped)) == (1, 2, (), {})
        claims = store.claims()
        assert [(c.coder, c.status, c.source) for c in claims] == [(NAME, "proposed", "a")] * 2
        assert [c.id for c in claims] == [f"{NAME}/a.1", f"{NAME}/a.2"]
        assert store.coders() == {NAME: "machine"}
        again = read_into(store, [Document(id="a", text="Ada said no. Bo left. Ada said  yes")], coder)
        assert (again.read, again.skipped) == (0, 1)


BAD = {
    "hangs": ("time.sleep(300)", "took longer than 2 s"),
    "hangs and will not be ended": (
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(300)",
        "took longer than 2 s",
    ),
    "floods": ("while True: print('x' * 10_000)", "printed more than 100,000 bytes"),
    "floods with claims": ("while True: say(quote='BAD')", "printed more than 100,000 bytes"),
    "floods without a line feed": ("while True: sys.stdout.write('x' * 10_000)", "printed more than 100,000 bytes"),
    "dies": ("sys.stderr.write('no model\\x1b[2J here\\n'); sys.exit(3)", r"exit code 3 \(no model\[2J here\)"),
    "dies after a claim": ("say(quote='BAD'); sys.exit(1)", "exit code 1"),
    "is killed": ("os.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
    "prints rubbish": ("print('I am sorry, but'); print('[1, 2]'); print(b'\\xff'.hex())", "is a claim"),
    "prints another form": ("say(text='BAD', start=0, end=3)", "is a claim"),
    "takes another name": ("say(coder='other', version='2')", "calls itself program/other@2"),
    "floods standard error and hangs": ("while True: sys.stderr.write('x' * 10_000)", "took longer than 2 s"),
}


@pytest.mark.parametrize("how", BAD)
def test_a_bad_answer_costs_its_document_and_not_the_run(how: str, tmp_path: Path) -> None:
    body, message = BAD[how]
    coder = ProgramCoder(program(tmp_path, BADLY + body), limits=ProgramLimits(seconds=2, answer_bytes=100_000))
    documents = [
        Document(id="one", text="Ada said no."),
        Document(id="two", text="BAD"),
        Document(id="three", text="Yes."),
    ]
    with Store(tmp_path / "case.sqlite") as store:
        done = read_into(store, documents, coder, batch=1)
        assert (done.read, done.claims, len(done.refused)) == (2, 2, 1)
        assert "'two'" in done.refused[0]
        assert "→" in done.refused[0]
        with pytest.raises(EvidenceError, match=message):
            raise EvidenceError(done.refused[0])
        assert store.read_by(NAME) == {"one", "three"}
        assert {claim.source for claim in store.claims()} == {"one", "three"}
        program(tmp_path, BADLY + "say(quote='BAD')")
        again = read_into(store, documents, coder, batch=1)
        assert (again.read, again.skipped, again.refused) == (1, 2, ())


HARMLESS = {
    "writes to standard error": "sys.stderr.write('loading the model\\n' * 100_000)\nsay(quote='BAD')",
    "closes its input early": "os.close(0)\nsay(quote='BAD')",
    "leaves a child with its output": "subprocess.Popen(['sleep', '300'])\nsay(quote='BAD')",
    "leaves a child that left its group": "subprocess.Popen(['sleep', '17'], start_new_session=True)\nsay(quote='BAD')",
    "ends its lines as Windows does": "sys.stdout.write(json.dumps({'quote': 'BAD'}) + '\\r\\n')",
    "leaves blank lines": "print(); say(quote='BAD'); print()",
}


@pytest.mark.parametrize("how", HARMLESS)
def test_what_does_no_harm_is_taken_and_nobody_is_waited_for(how: str, tmp_path: Path) -> None:
    coder = ProgramCoder(program(tmp_path, BADLY + HARMLESS[how]), limits=ProgramLimits(seconds=15))
    begun = time.monotonic()
    ((_, claims),) = coder.read([Document(id="d", text="BAD")])
    assert isinstance(claims, list), claims
    assert [claim.quote for claim in claims] == ["BAD"]
    assert time.monotonic() - begun < 14


def test_a_program_may_answer_without_having_read_its_input(tmp_path: Path) -> None:
    coder = ProgramCoder(
        program(tmp_path, "say(quote='Ada said no') if sys.stdin.read(40) else 0"), limits=ProgramLimits(seconds=20)
    )
    text = "Ada said no " + "and so on " * 200_000
    ((_, claims),) = coder.read([Document(id="d", text=text)])
    assert isinstance(claims, list), claims
    assert len(claims) == 1


def test_nothing_that_a_program_started_outlives_its_document(tmp_path: Path) -> None:
    beat = tmp_path / "beat"
    child = f"while True:\n    open({str(beat)!r}, 'a').write('x')\n    time.sleep(0.02)"
    body = f"""
    if document["text"] == "BAD and waits":
        subprocess.Popen([sys.executable, "-c", {"import time" + chr(10) + child!r}])
        time.sleep(300)
    subprocess.Popen([sys.executable, "-c", {"import time" + chr(10) + child!r}])
    time.sleep(1)
    say(quote="BAD")
    """
    coder = ProgramCoder(program(tmp_path, BADLY + textwrap.dedent(body)), limits=ProgramLimits(seconds=3))
    found = [claims for _, claims in coder.read([Document(id="a", text="BAD"), Document(id="b", text="BAD and waits")])]
    assert isinstance(found[0], list)
    assert isinstance(found[1], EvidenceError)
    size = beat.stat().st_size
    assert size > 2
    time.sleep(0.3)
    assert beat.stat().st_size == size


def test_the_line_is_run_by_no_shell(tmp_path: Path) -> None:
    echo = program(tmp_path, "say(quote=' '.join(sys.argv[1:])) if json.load(sys.stdin)['text'] else 0")
    text = "$(touch owned) ; touch owned2 | cat > owned3 two words"
    coder = ProgramCoder(f"{echo} '$(touch owned)' ';' touch owned2 '|' cat '>' owned3 \"two words\"")
    ((_, claims),) = coder.read([Document(id="d", text=text)])
    assert isinstance(claims, list)
    assert [claim.quote for claim in claims] == [text]
    assert not list(Path.cwd().glob("owned*"))


@pytest.mark.parametrize(
    ("command", "message"),
    [("", "no such program"), ("no-such-program-anywhere", "no such program"), ("sh 'unclosed", "close its quotes")],
)
def test_a_command_that_is_none_is_refused_before_anything_is_read(command: str, message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        ProgramCoder(command)


def test_who_does_not_say_what_it_is_called_must_be_given_a_name(tmp_path: Path) -> None:
    command = program(tmp_path, "if json.load(sys.stdin)['text']: say(quote='Ada')", PRELUDE.rpartition("say(")[0])
    with pytest.raises(EvidenceError, match="--coder-name"):
        ProgramCoder(command)
    for name in ("", "model", "model@", "@1", "a/b@1", "x@1 2", "machine/x@1", "\x1b@1"):
        with pytest.raises(EvidenceError, match="--coder-name"):
            ProgramCoder(command, name=name)
    coder = ProgramCoder(command, name="big model@7.1-b")
    ((_, claims),) = coder.read([Document(id="d", text="Ada")])
    assert isinstance(claims, list)
    assert [claim.coder for claim in claims] == ["program/big model@7.1-b"]


def test_several_documents_at_once_are_kept_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    slow = "document = json.load(sys.stdin)\ntime.sleep(len(document['text']) % 3 / 5)\nif document['text']: say(quote=document['text'])"
    documents = [Document(id=f"d{k}", text="word " * k + "end") for k in range(7)]
    command = program(tmp_path, slow)
    alone, several = (list(ProgramCoder(command, workers=n).read(documents)) for n in (1, 3))
    assert alone == several
    assert [document.id for document, _ in several] == [document.id for document in documents]


def test_a_program_is_told_what_is_known_of_the_document(tmp_path: Path) -> None:
    import datetime as dt

    kept = tmp_path / "asked.json"
    command = program(tmp_path, f"open({str(kept)!r}, 'w').write(sys.stdin.read())")
    coder = ProgramCoder(command, aliases={"norland": ("Norland", "Oslo")})
    document = Document(
        id="d", text="Ünser Schiff\nsails.", title="T", outlet="O", date=dt.date(2026, 2, 3), url="u", author="Bo"
    )
    ((_, claims),) = coder.read([document])
    assert claims == []
    asked = json.loads(kept.read_text(encoding="utf-8"))
    assert asked == {
        "vetopoint": 1, "id": "d", "title": "T", "outlet": "O", "author": "Bo", "date": "2026-02-03", "url": "u", "language": "",
        "actors": {"norland": ["Norland", "Oslo"]}, "text": "Ünser Schiff\nsails.",
    }  # fmt: skip


def test_whitespace_is_collapsed_and_every_word_is_placed() -> None:
    text = "On Monday\n  Ada Norman said that\nthe ship  had sailed. Bo said no."
    row = {
        "quote": "Ada Norman said that the ship had sailed.",
        "speaker": "Ada  Norman",
        "cue": "said",
        "content": ["the ship", "sailed"],
    }
    (claim, other), dropped = taken(text, row, {"quote": "Bo said no.", "cue": "said"})
    assert dropped == {}
    assert other.cue is not None
    assert other.cue.start == text.rindex("said")
    assert claim.quote == "Ada Norman said that\nthe ship  had sailed."
    assert claim.sentence is not None
    assert claim.cue is not None
    spans = (*claim.content, *claim.speaker, claim.cue, claim.sentence)
    assert [text[span.start : span.end] for span in spans] == [span.text for span in spans]
    assert [span.text for span in claim.content] == ["the ship", "sailed"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"quote": "Ada said yes"}, NOT_THERE),
        ({"quote": "ada said no"}, NOT_THERE),
        ({"quote": "   "}, NOT_THERE),
        ({"quote": "Bo"}, SEVERAL),
        ({"quote": "Bo", "nth": 3}, NOT_THERE),
        ({"quote": "Ada said no", "cue": "claimed"}, ELSEWHERE),
        ({"quote": "Ada said no", "content": "Bo left"}, ELSEWHERE),
        ({"quote": "Ada said no", "speaker": ["Ada", "Bo"]}, ELSEWHERE),
        ({"quote": ""}, NO_CLAIM),
        ({"quote": "Ada said no", "start": 0}, NO_CLAIM),
        ({"quote": "Ada said no", "content": [{"text": "no", "start": 9, "end": 11}]}, NO_CLAIM),
        ({"quote": "Ada said no", "status": "accepted"}, NO_CLAIM),
        ({"quote": "Ada said no", "coder": "hand"}, NO_CLAIM),
        ({"quote": "Ada said no", "id": "c1"}, NO_CLAIM),
        ({"quote": "Ada said no", "polarity": 0}, NO_CLAIM),
        ({"quote": "Ada said no", "kind": "rumour"}, NO_CLAIM),
        ({"quote": "Ada said no", "edges": [{"kind": "loves"}]}, NO_CLAIM),
        ({"quote": "Ada said no", "note": "\ud800"}, ""),
    ],
)  # fmt: skip
def test_what_does_not_stand_or_is_no_claim_is_counted_by_its_reason(row: dict[str, object], reason: str) -> None:
    text = "Ada said no. Bo left. Bo came back."
    claims, dropped = taken(text, {"quote": "Bo left", "nth": 1}, row)
    assert len(claims) == 1 + (reason == "")
    assert dropped == ({reason: 1} if reason else {})


def test_the_occurrence_that_is_meant_is_the_one_taken() -> None:
    text = "Bo left. Ada left. Bo left."
    claims, dropped = taken(text, *({"quote": "left", "nth": n} for n in (1, 2, 3)))
    assert dropped == {}
    assert [claim.content[0].start for claim in claims] == [3, 13, 22]


def test_claims_beyond_the_bound_are_counted() -> None:
    claims, dropped = taken("a b c d", *({"quote": word} for word in "abcd"), most=3)
    assert len(claims) == 3
    assert dropped == {TOO_MANY: 1}


def test_one_broken_line_does_not_cost_the_others() -> None:
    answer = lines(GREETING, {"quote": "Ada said no"}) + b'\n{"quote": "Ada sa\n' + b"[" * 100_000
    found = proposal(answer, Document(id="d", text="Ada said no."), NAME, 10)
    assert len(found.claims) == 1
    assert found.dropped == {UNREADABLE: 2}


def test_what_a_terminal_would_obey_does_not_come_in() -> None:
    (claim,), _ = taken("Ada said no.", {"quote": "Ada said no", "chain": ["A\x1b[2Jda"], "note": "a\x07b\x9b"})
    assert claim.chain[0].name == "A[2Jda"
    assert claim.note == "ab"


WORDS = st.text(st.sampled_from("abé\u0301“’ 🚀1.") | st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=12), st.data())
def test_any_stretch_of_a_text_is_found_however_its_blanks_are_written(words: list[str], data: st.DataObject) -> None:
    text = Document(id="d", text="\n".join(words)).text
    pieces = text.split()
    first = data.draw(st.integers(0, max(len(pieces) - 1, 0)))
    last = data.draw(st.integers(first, max(len(pieces) - 1, 0)))
    quote = data.draw(st.sampled_from([" ", "\n", " \t "])).join(pieces[first : last + 1])
    found = proposal(lines({"quote": quote, "nth": 1}), Document(id="d", text=text), NAME, 10) if quote else None
    if found is not None:
        (claim,) = found.claims
        assert claim.quote.split() == quote.split()
        assert text[claim.content[0].start : claim.content[0].end] == claim.quote


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(list(ProposedClaim.model_fields)), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.lists(JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=30), max_size=6))
def test_whatever_is_printed_only_words_of_the_text_come_in(printed: list[bytes]) -> None:
    document = Document(id="d", text="Ada said no. Bo left.")
    try:
        found = proposal(b"\n".join([*printed, lines({"quote": "Bo left"})]), document, NAME, 10)
    except EvidenceError:
        return
    assert found.claims[-1].quote
    for claim in found.claims:
        assert claim.status == "proposed"
        for span in claim.content:
            assert document.text[span.start : span.end] == span.text


def test_the_schema_is_that_of_the_lines_taken_and_keeps_step_with_the_claim() -> None:
    schema = line_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(GREETING, schema)
    jsonschema.validate(
        {"quote": "x", "chain": ["A", {"name": "B", "kind": "role"}], "edges": [{"kind": "veto"}]}, schema
    )
    for wrong in ({"quote": "x", "start": 1}, {"quote": "x", "polarity": 0}, {"coder": "x"}, {}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)
    assert set(ProposedClaim.model_fields) <= set(Claim.model_fields)
    assert set(Claim.model_fields) - set(ProposedClaim.model_fields) == {
        "id", "source", "sentence", "restates", "origin", "rule", "coder", "status", "reason",
    }  # fmt: skip


def test_the_built_in_reader_and_a_program_keep_their_readings_apart(tmp_path: Path) -> None:
    coder, document = (
        ProgramCoder(program(tmp_path, GOOD)),
        Document(id="a", text="Ada Norman said no deal was near. Bo left"),
    )
    with Store(":memory:") as store:
        reader = Reader()
        assert read_into(store, [document], reader).read == 1
        assert read_into(store, [document], coder).read == 1
        assert {claim.coder for claim in store.claims()} == {NAME, reader.coder}
