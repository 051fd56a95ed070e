"""Files that are damaged, forged or hostile: one message with file, place and remedy; never a traceback, never a false span."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, locate, normalise_text, take_claims, write_claims

FOREIGN = Path(__file__).parents[2] / "data" / "foreign"
TEXT = (FOREIGN / "doc.txt").read_text(encoding="utf-8")
CLAIM = locate([Claim(id="a", source="doc", quote="it would veto the package", speaker="Hungary")], {"doc": TEXT})
DOCUMENTS = {"doc": Document("doc", TEXT)}
SPACE = 'xmlns="urn:QDA-XML:project:1.0"'
DEEP = "[" * 200_000
ONE = {"id": "a", "source": "doc", "quote": "Hungary"}


def own(**fields: Any) -> bytes:
    return json.dumps({**ONE, **fields}).encode()


def anno(**fields: Any) -> bytes:
    return json.dumps({"type": "Annotation", "id": "a", "target": "doc", **fields}).encode()


def at(start: Any, end: Any, **more: Any) -> bytes:
    return anno(
        target={"source": "doc", "selector": {"type": "TextPositionSelector", "start": start, "end": end, **more}}
    )


def task(*result: Any, **more: Any) -> bytes:
    return json.dumps([{"data": {"text": TEXT}, "annotations": [{"result": list(result)}], **more}]).encode()


def region(start: Any, end: Any, **more: Any) -> dict[str, Any]:
    return {"id": "r", "type": "labels", "value": {"start": start, "end": end, "labels": ["x"], **more}}


def qdpx(body: str, head: str = "", **files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        source = f'<TextSource guid="s" name="doc" plainTextPath="internal://s.txt">{body}</TextSource>'
        archive.writestr("project.qde", f'{head}<Project {SPACE} name="p"><Sources>{source}</Sources></Project>')
        archive.writestr("sources/s.txt", TEXT)
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def selection(start: object, end: object, guid: str = "g") -> str:
    return f'<PlainTextSelection guid="{guid}" startPosition="{start}" endPosition="{end}"/>'


def dna(*changes: str) -> bytes:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "a.dna"
        write_claims(CLAIM, path, DOCUMENTS)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("DELETE FROM DATALONGTEXT")
            connection.execute("PRAGMA ignore_check_constraints=ON")
            for change in changes:
                connection.execute(change)
        return path.read_bytes()


HEAD = "#FORMAT=WebAnno TSV 3.3\n#T_SP=custom.C|kind\n\n\n#Text=Hungary said\n"
EVENTS = '"statement_id";"time";"text";"document_title";"start_position";"stop_position"\n'

MALFORMED: dict[str, list[tuple[bytes | Callable[[], bytes], str]]] = {
    "a.jsonl": [
        (b"", "nothing"),
        (b"{", "no JSON"),
        (b"\xff\xfe{\x00", "UTF-16"),
        (b'{"id": "\xe4"}', "not UTF-8"),
        (DEEP.encode(), "nested too deeply"),
        (b"[1]", "object"),
        (b"null", "object"),
        (own(content=5), "content"),
        (own(content=[{"text": "Hungary", "start": 10, "end": 999999}]), "another version"),
        (own(content=[{"text": TEXT[10:], "start": 10, "end": 999999}], quote=""), "another version"),
        (own(content=[{"text": "Hungary", "start": -10, "end": 17}], quote=""), "another version"),
        (own(content=[{"text": "Hungary", "start": 10**400, "end": 17}], quote=""), "another version"),
        (b'{"id": "a", "source": "doc", "quote": "Hungary", "nth": NaN}', "NaN is no number"),
        (own(nth=9), "does not stand"),
        (own(id=""), "id: it is empty"),
        (own(id=7), "id"),
        (own(polarity=3), "polarity"),
        (own(chain="x"), "chain"),
        (own(source="nowhere"), "not among the documents"),
        (own() + b"\n" + own(), "id 'a' was used on line 1"),
        (b'{"id": "a"}', "source"),
        (own(note="\ud800"), "no claim"), (own(note="\0"), "null character"),
        (own(unknown=1), "unknown"),
        (b'{"id": ' + b"9" * 5000 + b"}", "no usable JSON"),
    ],
    "a.csv": [
        (b"", "empty"),
        (b"id,source\na\n", "other cells"),
        (b"id,id\na,b\n", "two columns have one name"),
        (b'id,source,quote,polarity\na,doc,Hungary,up\n', "polarity"),
        (b'id,source,quote,content\na,doc,Hungary,"[{"\n', "no JSON"),
        (b'id,source,quote\na,doc,Hungary\na,doc,said\n', "was used in row 1"),
        (b'id,source,quote\n"a,doc,Hungary\n', "no table"),
        (b"\xff\xfei\x00d\x00", "UTF-16"),
    ],
    "a.parquet": [(b"PAR1", "no usable Parquet"), (b"", "no usable Parquet"), (b"PAR1" * 50, "no usable Parquet")],
    "a.jsonld": [
        (b"", "empty"),
        (b"7", "object"),
        (b"{}", "neither an annotation nor"),
        (DEEP.encode(), "nested too deeply"),
        (at(0, 999999), "outside the text"),
        (at(-5, 3), "no place"),
        (at(5, 3), "ends at 3, before"),
        (at("1", 3), "no whole number"),
        (at(1.5, 3), "no whole number"),
        (at(True, 3), "no whole number"),
        (at(10**30, 10**31), "no place"),
        (at(3, None), "no whole number"),
        (b'{"target": {"source": "doc", "selector": {"start": NaN, "end": 3}}}', "NaN is no number"),
        (anno(target=5), "an object is needed"),
        (anno(target={"selector": {}}), "without a source"),
        (json.dumps({"type": "Annotation"}).encode(), "neither an annotation"),
        (json.dumps({"items": [{"type": "Annotation"}]}).encode(), "no target"),
        (json.dumps({"items": 5}).encode(), "a list is needed"),
        (json.dumps({"first": {"items": [], "next": 5}}).encode(), "an object is needed"),
        (json.dumps({"items": [json.loads(at(10, 17))] * 2}).encode(), "was used at annotation 1"),
        (anno(target={"source": "doc", "selector": {"exact": 5}}), "no text"),
        (anno(target={"source": "doc", "selector": {"exact": ""}}), "passage"),
        (anno(target={"source": "doc", "selector": {"exact": "never said"}}), "do not stand in the text"),
        (anno(body={"type": "Dataset", "value": {"id": 5}}), "id"),
    ],
    "a.json": [
        (b"", "empty"),
        (b"[]", "nothing"),
        (DEEP.encode(), "nested too deeply"),
        (task(region(0, 999999)), "outside the text"),
        (task(region(-1, 3)), "no place"),
        (task(region("a", 3)), "no whole number"),
        (task(region(3, 1)), "before it starts"),
        (task(5), "an object is needed"),
        (task(region(1, 3), region(2, 5)), "one id for two regions"),
        (task({"id": [], "value": {}}), "neither text nor number"),
        (json.dumps([{"data": 5, "annotations": []}]).encode(), "an object is needed"),
        (json.dumps([{"data": {}, "annotations": 5}]).encode(), "a list is needed"),
        (json.dumps([{"annotations": []}, 7]).encode(), "an object is needed"),
    ],
    "a.qdpx": [
        (b"", "no usable project"),
        (b"PK\x03\x04", "no usable project"),
        (lambda: qdpx("")[:-30], "no usable project"),
        (lambda: qdpx(selection(0, 999999)), "outside the text"),
        (lambda: qdpx(selection(-3, 5)), "no place"),
        (lambda: qdpx(selection("", 5)), "no whole number"),
        (lambda: qdpx(selection("NaN", 5)), "no whole number"),
        (lambda: qdpx(selection("9" * 30, 5)), "no whole number"),
        (lambda: qdpx(selection(9, 5)), "before it starts"),
        (lambda: qdpx(selection(10, 17) * 2), "was used at"),
        (lambda: qdpx("", '<!DOCTYPE a [<!ENTITY b "c">]>'), "entities"),
        (lambda: qdpx("", '<!DOCTYPE a SYSTEM "file:///etc/passwd">'), "entities"),
        (lambda: qdpx("", '<?xml version="1.0" encoding="utf-16"?>'), "not UTF-8"),
        (lambda: qdpx("<unclosed>"), "well-formed"),
        (lambda: qdpx("<Description>vetopoint-claim {}</Description>" * 0 + "<PlainTextSelection startPosition='1' endPosition='2'>"
            "<Description>vetopoint-claim {}</Description></PlainTextSelection>"), "id: it is missing"),
    ],
    "a.dna": [
        (b"", "empty"),
        (b"no database at all", "no SQLite"),
        (b"SQLite format 3\0" + b"\0" * 200, "no usable database"),
        (lambda: dna()[:4096], "no usable database"),
        (lambda: dna().replace(b"TABLE CODERS", b"TABLE \xff\xffDERS").replace(b"CODERSCODERS", b"CODERS\xff\xffDERS"), "no usable"),
        (lambda: dna("DROP TABLE STATEMENTS"), "no table STATEMENTS"),
        (lambda: dna("ALTER TABLE DOCUMENTS RENAME TO D", "CREATE VIEW DOCUMENTS AS SELECT * FROM D"), "no table DOCUMENTS"),
        (lambda: dna("UPDATE STATEMENTS SET Stop = 999999"), "outside the text"),
        (lambda: dna("UPDATE STATEMENTS SET Start = -9"), "no place"),
        (lambda: dna("UPDATE STATEMENTS SET Stop = 'x'"), "no whole number"),
        (lambda: dna("UPDATE STATEMENTS SET Start = 9, Stop = 3"), "before it starts"),
        (lambda: dna("UPDATE STATEMENTS SET DocumentId = 77"), "is not in the file"),
        (lambda: dna("UPDATE DOCUMENTS SET Text = x'ff00'"), "binary data"),
        (lambda: dna("UPDATE ENTITIES SET Value = CAST(x'ff' AS TEXT) WHERE Value <> ''"), "no usable database"),
    ],
    "a.dna.csv": [
        (b"", "empty"),
        (b'"a";"b"\n1;2\n', "no event list"),
        ((EVENTS + '1;x;"Hungary"\n').encode(), "other cells"),
        ((EVENTS + 'x;x;"Hungary";"doc";1;2\n').encode(), "no whole number"),
        ((EVENTS + '1;x;"Hungary";"doc";1;x\n').encode(), "no whole number"),
        ((EVENTS + '1;x;"Hungary";"doc";9;3\n').encode(), "before it starts"),
        ((EVENTS + '1;x;"Hungary";"doc";-9;3\n').encode(), "no place"),
        ((EVENTS + '1;x;"never";"doc";0;999999\n').encode(), "do not stand in the text"),
        ((EVENTS + '1;x;"Hungary";"nowhere";10;17\n').encode(), "does not have"),
        ((EVENTS + '1;x;"Hungary";"doc";;\n' * 2).encode(), "statement 1 was in row 1"),
        ((EVENTS + '1;x;"";"doc";10;17\n').encode(), "nothing"),
    ],
    "a.tsv": [
        (b"", "empty"),
        (b"x\ty\n", "no WebAnno TSV 3"),
        (HEAD.encode(), "no tokens"),
        ((HEAD + "1-1\t0-7\tHungary\n").encode(), "0 columns where the header declares 1"),
        ((HEAD + "1-1\t0-x\tHungary\t_\n").encode(), "no token with its place"),
        ((HEAD + "1-1\t9-7\tHungary\t_\n").encode(), "before it starts"),
        ((HEAD + "1-1\t0-7\tHungary\t*\n1-1\t8-12\tsaid\t_\n").encode(), "was on line"),
        ((HEAD + "1-1\t0-999999\tHungarians\t*\n").encode(), "no document 'a' in the case"),
        ((HEAD + "#T_XX=\n1-1\t0-7\tHungary\t*\n").encode(), "declares no layer"),
        ((HEAD + "1-1\t999999999-999999999\tnever\t*\n").encode(), "no document 'a' in the case"),
    ],
}  # fmt: skip
CASES = [(name, n) for name, cases in MALFORMED.items() for n in range(len(cases))]


def message(path: Path, texts: dict[str, str] | None = None) -> str:
    """The one message that a file gets; "nothing" where it is taken or holds nothing."""
    try:
        taken = take_claims(path, texts or {"doc": TEXT})
    except EvidenceError as error:
        told = str(error)
        assert told.startswith(str(path)) or told.startswith(str(path.parent)), told
        assert " → " in told, told
        assert "\n" not in told.strip(), told
        return told
    for claim in taken.claims:
        for span in (*claim.content, *claim.speaker, *filter(None, (claim.cue, claim.sentence))):
            assert TEXT[span.start : span.end] == span.text
            assert 0 <= span.start < span.end <= len(TEXT)
    return "nothing"


@pytest.mark.parametrize(("name", "number"), CASES)
def test_a_malformed_file_gets_one_message(tmp_path: Path, name: str, number: int) -> None:
    given, word = MALFORMED[name][number]
    path = tmp_path / name
    path.write_bytes(given() if callable(given) else given)
    assert word in message(path)


BRAT = [
    ("T1 Source", "no tab"),
    ("T1\tContent 0 5;\tHunga", "no start and end"),
    ("T1\tContent a 5\tHunga", "no whole number"),
    ("T1\tContent -4 5\tHunga", "no place"),
    ("T1\tContent 9 5\tHunga", "before it starts"),
    ("T1\tContent 0 999999\tnever", "do not stand in the text"),
    ("T1\tContent 10 17\tHungary\nT1\tContent 10 17\tHungary", "was used on line 1"),
    ("E1\tContent:T9", "'T9' is not in the file"),
    ("E1\tContent:E2\nE2\tContent:E1", "has itself as its trigger"),
    ("E1\tContent", "no role with its target"),
    ("T1\t", "nothing behind the id"),
    ("R1\tSays", "nothing in it can be taken: 1 relation Says"),
    ("T1\tContent 10 17;20 25\tnothing of it", "stand in the text"),
    ("", "nothing"),
]


@pytest.mark.parametrize(("text", "word"), BRAT)
def test_a_malformed_stand_off_file_gets_one_message(tmp_path: Path, text: str, word: str) -> None:
    shutil.copy(FOREIGN / "doc.txt", tmp_path)
    (tmp_path / "doc.ann").write_text(text, encoding="utf-8")
    assert word in message(tmp_path)


def test_what_is_not_there_or_of_no_known_form_gets_one_message(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "c.qdc").write_text("x", encoding="utf-8")
    (tmp_path / "alone.ann").write_text("T1\tContent 0 1\tx", encoding="utf-8")
    for name, word in (
        ("gone.qdpx", "no such file"),
        ("empty", "no .ann file"),
        ("a.txt", "unknown form"),
        ("c.qdc", "cannot be read"),
        ("alone.ann", "no document 'alone' in the case"),
    ):
        assert word in message(tmp_path / name)


@pytest.mark.parametrize(
    "row", ["1-1\t0-999999\tHungarians\t*", "1-1\t999999999-999999999\tnever\t*", "1-1\t3-9\tnever\t*"]
)
def test_tokens_that_stand_nowhere_are_refused(tmp_path: Path, row: str) -> None:
    path = tmp_path / "doc.tsv"
    path.write_text(f"{HEAD}{row}\n", encoding="utf-8")
    assert "do not stand in the text" in message(path)


def bomb(name: str) -> bytes:
    return qdpx("", **{name: b"\0" * 60_000_000})


def test_bombs_are_refused_before_they_expand(tmp_path: Path) -> None:
    path = tmp_path / "a.qdpx"
    path.write_bytes(bomb("sources/b.txt"))
    assert "beyond all measure" in message(path)
    path.write_bytes(
        qdpx("", "<!DOCTYPE l [" + "".join(f'<!ENTITY l{i} "&l{i - 1};&l{i - 1};">' for i in range(1, 40)) + "]>")
    )
    assert "entities" in message(path)
    path.write_bytes(qdpx("<a>" * 100_000 + "</a>" * 100_000))
    message(path)


@pytest.fixture(scope="module")
def valid(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A file of each form with passages in it."""
    folder = tmp_path_factory.mktemp("valid")
    for name in ("c.jsonl", "c.csv", "c.jsonld", "c.qdpx", "c.dna", "c.dna.csv", "c.tsv", "c.json"):
        write_claims(CLAIM, folder / name, DOCUMENTS)
    others = ("list.jsonld", "collection.jsonld", "crlf.qdpx", "dna_real.dna.csv", "doc.tsv", "ls.json")
    for name in others:
        shutil.copy(FOREIGN / name, folder / f"f_{name}")
    shutil.copy(FOREIGN / "brat1" / "doc.txt", folder / "doc.txt")
    shutil.copy(FOREIGN / "brat1" / "doc.ann", folder / "doc.ann")
    return sorted(path for path in folder.iterdir() if path.suffix != ".txt")


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 1 << 20), st.sampled_from(["flip", "cut", "double", "number", "insert"]), st.binary(max_size=6)
    ),
    min_size=1,
    max_size=4,
)
NUMBERS = (b"-1", b"999999", b"0", b"NaN", b"1e9", b"99999999999999999999", b"null", b"true", b'"x"', b"[]", b"{}")


def mutated(raw: bytes, changes: list[tuple[int, str, bytes]]) -> bytes:
    for place, how, data in changes:
        at = place % max(len(raw), 1)
        if how == "flip" and raw:
            raw = raw[:at] + bytes([raw[at] ^ (1 << (place % 8))]) + raw[at + 1 :]
        elif how == "cut":
            raw = raw[:at] + raw[at + 1 + place % 40 :]
        elif how == "double":
            raw = raw[:at] + raw[at : at + 60] + raw[at:]
        elif how == "insert":
            raw = raw[:at] + data + raw[at:]
        else:
            numbers = [i for i in range(at, min(at + 400, len(raw))) if raw[i : i + 1].isdigit()]
            if numbers:
                end = numbers[0]
                while end < len(raw) and raw[end : end + 1].isdigit():
                    end += 1
                raw = raw[: numbers[0]] + NUMBERS[place % len(NUMBERS)] + raw[end:]
    return raw


def repacked(raw: bytes, changes: list[tuple[int, str, bytes]]) -> bytes:
    """An archive whose project file, not its packing, is changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, mutated(data, changes) if name.endswith("qde") else data)
    return out.getvalue()


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(which=st.integers(0, 14), changes=CHANGES, inside=st.booleans())
def test_no_change_to_a_valid_file_gives_a_traceback_or_a_false_span(
    valid: list[Path], which: int, changes: list[tuple[int, str, bytes]], inside: bool
) -> None:
    assert len(valid) == 15
    raw = valid[which].read_bytes()
    with tempfile.TemporaryDirectory() as place:
        shutil.copy(FOREIGN / "brat1" / "doc.txt", place)
        path = Path(place) / valid[which].name
        path.write_bytes(repacked(raw, changes) if inside and path.suffix == ".qdpx" else mutated(raw, changes))
        message(path)


KEYS = [
    "id",
    "type",
    "target",
    "source",
    "selector",
    "start",
    "end",
    "exact",
    "refinedBy",
    "items",
    "first",
    "next",
    "body",
    "value",
    "creator",
    "data",
    "annotations",
    "result",
    "labels",
    "text",
    "from_id",
    "to_id",
    "meta",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.floats() | st.sampled_from(["doc", "Hungary", "", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)


@settings(max_examples=150)
@given(JSON, st.sampled_from(["a.json", "a.jsonld", "a.jsonl"]))
def test_no_json_whatever_it_holds_gives_a_traceback(data: Any, name: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / name
        for shape in (
            data,
            {"items": [data]},
            {"type": "Annotation", "target": data},
            [{"data": {"text": TEXT}, "annotations": [{"result": [data]}]}],
        ):
            path.write_text(json.dumps(shape), encoding="utf-8")
            message(path)


@given(st.text(st.sampled_from("TERA#*N0123456789 \t:;\nContentSourceCue\u2028"), max_size=200))
def test_no_stand_off_lines_give_a_traceback(text: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "doc.txt").write_text(TEXT, encoding="utf-8")
        (Path(place) / "doc.ann").write_text(text, encoding="utf-8", newline="")
        message(Path(place))


def test_the_text_of_these_tests_is_in_normal_form() -> None:
    assert normalise_text(TEXT) == TEXT
