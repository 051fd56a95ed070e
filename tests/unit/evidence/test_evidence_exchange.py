"""Exchange with other programs: round trips, files as others write them, what is not taken, and whose the claims are."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import unicodedata
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support import examples
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, Span, locate, normalise_text, read_claims, take_claims, write_claims
from vetopoint.evidence.exchange._registry import FORMS
from vetopoint.evidence.exchange.dna_csv import FOLD

FOREIGN = Path(__file__).parents[2] / "data" / "foreign"
TEXT = (FOREIGN / "doc.txt").read_text(encoding="utf-8")
ACCENT = TEXT.replace("Elan", "Élan")
VETO, NEEDS, RETALIATE = (
    "it would veto the package",
    "“The deal 🛢️ needs the consent of Turkey,”",
    "that it would retaliate",
)
CODED = locate(
    [
        Claim(
            id="c1",
            source="doc",
            quote=VETO,
            cue="said",
            speaker="Hungary",
            chain=("The Wire (outlet)", {"name": "Hungary", "actor": "hun"}),
            kind="threat",
            act="THREATEN",
            hedge="would",
            edges=({"kind": "veto", "actor": "hun", "plan": "the package"}, {"kind": "risk", "what": 'x; "y"'}),
            date="2026-02-01",
            coder="anna",
            note="a\nb\tc",
        ),
        Claim(
            id="c2",
            source="doc",
            content=("Élan", "consent of Turkey"),
            sentence="Élan: “The deal 🛢️ needs the consent of Turkey,” said Anton Varga.",
            edges=({"kind": "requires", "actor": "tur", "holds": False},),
            polarity=-1,
            status="corrected",
            reason="checked",
        ),
        Claim(id="c3", source="doc", quote=RETALIATE, restates="c1", status="accepted"),
    ],
    {"doc": ACCENT},
)
DOCUMENTS = {"doc": Document("doc", ACCENT, outlet="The Wire")}
WHOLE = ("c.jsonl", "c.csv", "c.parquet", "c.jsonld", "c.qdpx", "c.dna", "c.tsv", "c.json", "c.brat", "c.webanno")


def proposed(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    return tuple(claim.model_copy(update={"status": "proposed", "reason": ""}) for claim in claims)


@pytest.mark.parametrize("name", WHOLE)
def test_claims_come_back_whole_but_as_proposed(tmp_path: Path, name: str) -> None:
    write_claims(CODED, tmp_path / name, DOCUMENTS)
    taken = take_claims(tmp_path / name, {"doc": ACCENT})
    assert sorted(taken.claims, key=lambda claim: claim.id) == list(proposed(CODED))
    assert taken.told() == ""
    assert [claim.coder for claim in take_claims(tmp_path / name, {"doc": ACCENT}, "bo").claims] == ["bo"] * 3
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_every_form_that_is_written_and_read_is_tried_here() -> None:
    both = {form.ending.strip(".") for form in FORMS if form.write and (form.read or form.own)}
    assert both == {name.partition(".")[2] for name in WHOLE} | {"dna.csv"}


def test_an_event_list_has_one_row_for_each_claim_whatever_its_edges(tmp_path: Path) -> None:
    path = tmp_path / "c.dna.csv"
    six = [claim.model_copy(update={"id": f"{claim.id}{n}"}) for n in range(2) for claim in CODED]
    write_claims(six, path, DOCUMENTS)
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    assert len(rows) == 6
    assert head.startswith('"statement_id";"time";"person";"organization";"concept";"agreement";"start_position"')
    assert rows[0].startswith(
        '1;2026-02-01 00:00:00;"Hungary";"hun";"edge:veto hun + edge:risk";1;24;49;"it would veto'
    )
    taken = take_claims(path, {"doc": ACCENT})
    assert [claim.content for claim in taken.claims] == [claim.content for claim in six]
    assert [edge.kind for edge in taken.claims[0].edges] == ["veto", "risk"]
    assert [edge.holds for edge in taken.claims[1].edges] == [False]
    assert taken.claims[0].says.name == "Hungary"


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), min_size=1, max_size=3)
SNIPPETS = st.text(st.sampled_from("ab äe\u0301👩\u2028\x1c\r\n\t\"'<&,;|[]_*->\\#𝔄"), min_size=1, max_size=60)


@examples(10, soak=100)
@given(raw=SNIPPETS, places=SPANS)
@example(raw='no no\u2028no "no" no', places=[(3, 2), (12, 2)])
@example(raw="a\\b [1]|_*->;\t\t🙂", places=[(1, 4), (6, 9)])
def test_every_form_keeps_every_span(raw: str, places: list[tuple[int, int]]) -> None:
    text = normalise_text(f"x{raw}")
    cut = [Span.cut(text, a % len(text), min(a % len(text) + n, len(text)), None) for a, n in places]
    content = tuple(dict.fromkeys(span for span in cut if span.text)) or (Span.cut(text, 0, 1),)
    claim = Claim(id="c", source="g", content=content, edges=({"kind": "veto"}, {"kind": "risk", "what": "x"}))
    with tempfile.TemporaryDirectory() as place:
        for name in WHOLE:
            file = Path(place) / name
            write_claims([claim], file, {"g": Document("g", text)})
            (back,) = take_claims(file, {"g": text}).claims
            assert back.content == content, name
            assert {edge.kind for edge in back.edges} == {"veto", "risk"}
            assert back.sentence is not None
            assert text[back.sentence.start : back.sentence.end] == back.sentence.text


@pytest.mark.parametrize(
    "name",
    ["Sources.qdpx", "crlf.qdpx", "lf.qdpx", "lf_bom.qdpx", "nfd.qdpx", "relative.qdpx", "utf16pos.qdpx"],
)
def test_projects_as_windows_programs_write_them(name: str) -> None:
    taken = take_claims(FOREIGN / name, {"doc": ACCENT if name == "nfd.qdpx" else TEXT})
    assert [claim.text for claim in taken.claims] == [VETO, NEEDS, RETALIATE]
    assert [claim.content[0].start for claim in taken.claims] == [23, 57, 133]
    assert [claim.note for claim in taken.claims] == ["threat", "requires consent", "threat"]
    assert {(claim.coder, claim.status) for claim in taken.claims} == {("Anna Coder", "proposed")}
    assert taken.told() == ""


@pytest.mark.parametrize("name", ["list", "collection", "page", "utf16", "quoteonly", "single"])
def test_annotations_in_every_wrapping(name: str) -> None:
    taken = take_claims(FOREIGN / f"{name}.jsonld", {"doc": TEXT})
    wanted = [VETO] if name == "single" else [VETO, RETALIATE]
    assert [claim.text for claim in taken.claims] == wanted
    assert {(claim.coder, claim.note) for claim in taken.claims} == {("Anna", "threat; note")}
    assert taken.told() == ""


def test_an_annotation_of_a_whole_document_is_no_claim_and_says_so() -> None:
    with pytest.raises(EvidenceError, match="1 annotation of a whole document"):
        take_claims(FOREIGN / "notarget.jsonld", {"doc": TEXT})


@pytest.mark.parametrize("name", ["brat1", "brat2"])
def test_line_ends_of_two_characters_shift_nothing(name: str) -> None:
    taken = take_claims(FOREIGN / name, {"doc": TEXT})
    spans = [(claim.speaker[0].text, claim.cue and claim.cue.text, claim.text) for claim in taken.claims]
    assert spans == [("Hungary", "said", VETO), ("Ukraine", "warned", RETALIATE)]
    assert (taken.moved, taken.told()) == (0, "")


def test_brat_counting_a_windows_line_end_as_one_shifts_nothing(tmp_path: Path) -> None:
    shutil.copy(FOREIGN / "brat2" / "doc.txt", tmp_path)
    shutil.copy(FOREIGN / "brat1" / "doc.ann", tmp_path)
    assert [claim.text for claim in take_claims(tmp_path, {"doc": TEXT}).claims] == [VETO, RETALIATE]


MAPPING = """
[types]
Actor = "speaker"
Threat = { kind = "threat", act = "THREATEN", edge = "threat" }
[relations]
Says = { Arg1 = "speaker", Arg2 = "content" }
"""


def test_own_types_and_relations_by_a_mapping_file(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"1 span of type Actor, 1 span of type Threat.*--mapping FILE"):
        take_claims(FOREIGN / "brat3brat", {"doc": TEXT})
    mapping = tmp_path / "m.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    (claim,) = take_claims(FOREIGN / "brat3brat", {"doc": TEXT}, mapping=mapping).claims
    assert (claim.text, claim.says.name, claim.kind, claim.act) == (VETO, "Hungary", "threat", "THREATEN")
    assert claim.polarity == -1, "A negation that is lost turns the claim round"
    assert (claim.note, [edge.kind for edge in claim.edges]) == ("check", ["threat"])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[types]\nA = 'hero'\n", "types.A: 'hero' is none of content"),
        ("[types]\nA = { kind = 'hunch' }\n", "types.A: kind = 'hunch' is none of assertion"),
        ("[types]\nA = { polarity = true }\n", "polarity = True is none of 1, -1"),
        ("[relations]\nR = 3\n", "relations.R: no table"),
        ("[other]\n", "other is no table of it"),
        ("types = 1\n", "something is no table of it"),
        ("[types", "no TOML"),
    ],
)
def test_a_mapping_file_that_says_something_else_is_refused(tmp_path: Path, text: str, word: str) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(EvidenceError) as error:
        take_claims(FOREIGN / "brat3brat", {"doc": TEXT}, mapping=mapping)
    assert word in str(error.value)
    assert "→ docs/exchange.md" in str(error.value)


@pytest.mark.parametrize("name", ["dna_real.dna.csv", "dna3.dna.csv", "events.csv"])
def test_event_lists_under_either_header_and_any_name(tmp_path: Path, name: str) -> None:
    path = FOREIGN / name
    if name == "events.csv":
        path = tmp_path / name
        shutil.copy(FOREIGN / "dna_real.dna.csv", path)
    (claim,) = take_claims(path, {"doc": TEXT}).claims
    assert (claim.text, claim.date, claim.says.name) == (VETO, "2026-02-01", "Anton Varga")
    assert (claim.note, claim.polarity, claim.status) == ("Sanctions should be blocked", 1, "proposed")


def test_disagreement_with_a_concept_is_a_denial(tmp_path: Path) -> None:
    path = tmp_path / "d.dna.csv"
    text = (FOREIGN / "dna_real.dna.csv").read_text(encoding="utf-8")
    assert text.count('blocked";1') == 1
    path.write_text(text.replace('blocked";1', 'blocked";0'), encoding="utf-8")
    (claim,) = take_claims(path, {"doc": TEXT}).claims
    assert (claim.polarity, claim.note) == (-1, "disagrees: Sanctions should be blocked")


def test_words_that_an_event_list_has_changed_are_found(tmp_path: Path) -> None:
    told = 'He said "no; never" twice.'
    claim = locate([Claim(id="a", source="d", quote='said "no; never"')], {"d": told})
    write_claims(claim, tmp_path / "a.dna.csv", {"d": Document("d", told)})
    assert 'said "no; never"'.translate(FOLD) in (tmp_path / "a.dna.csv").read_text(encoding="utf-8")
    assert take_claims(tmp_path / "a.dna.csv", {"d": told}).claims[0].text == 'said "no; never"'


def test_a_database_of_dna_with_its_document_coders_and_what_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.dna"
    write_claims(CODED, path, DOCUMENTS)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM DATALONGTEXT")  # as if another had coded it
        connection.execute("INSERT INTO REGEXES (Label) VALUES ('veto')")
        connection.execute("UPDATE DOCUMENTS SET Text = ?", (ACCENT.replace("É", "E\u0301").replace("\n", "\r\n"),))
        connection.execute("UPDATE STATEMENTS SET Start = Start + 1, Stop = Stop + 1 WHERE ID > 1")
    taken = take_claims(path, {"doc": ACCENT})
    assert taken.claims[0].text == VETO
    assert taken.claims[0].edges[0].kind == "veto"
    assert [claim.coder for claim in taken.claims] == ["anna", "hand", "hand"]
    assert dict(taken.left) == {"search pattern{s}": 1}
    assert taken.unseen == 3


def test_a_tsv_of_webanno_gives_kind_and_polarity() -> None:
    (claim,) = take_claims(FOREIGN / "doc.tsv", {"doc": TEXT}).claims
    assert (claim.text, claim.kind, claim.polarity) == ("that it", "threat", 1)
    assert claim.content[0].start == TEXT.index("that it")


def test_label_studio_is_matched_by_its_text() -> None:
    (claim,) = take_claims(FOREIGN / "ls.json", {"mine": TEXT, "other": "x"}).claims
    assert (claim.text, claim.source, claim.note) == (VETO, "mine", "threat")


def tasks(result: list[dict[str, Any]], **more: Any) -> str:
    note = {"id": 1, "completed_by": {"first_name": "Anna", "last_name": "C"}, "result": result}
    return json.dumps([{"id": 1, "data": {"text": TEXT}, "annotations": [note], **more}])


def region(id: str, words: str, label: str, shift: int = 0) -> dict[str, Any]:
    start = TEXT.index(words) + shift
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
    return {"id": id, "from_name": "l", "to_name": "t", "type": "labels", "value": value}


def test_label_studio_relations_choices_and_what_is_not_taken(tmp_path: Path) -> None:
    result = [
        region("a", VETO, "Threat", 1),
        region("b", "Hungary", "Actor", 1),
        {"type": "relation", "from_id": "b", "to_id": "a", "direction": "right", "labels": ["Says"]},
        {"id": "a", "type": "choices", "value": {"choices": ["urgent"]}},
        {"id": "w", "type": "choices", "value": {"choices": ["good text"]}},
        {"id": "r", "type": "rectanglelabels", "value": {"x": 1}},
    ]
    path, mapping = tmp_path / "a.json", tmp_path / "m.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    path.write_text(tasks(result, predictions=[{}, {}]), encoding="utf-8")
    taken = take_claims(path, {"doc": TEXT}, mapping=mapping)
    (claim,) = taken.claims
    assert (claim.text, claim.says.name, claim.kind, claim.note) == (VETO, "Hungary", "threat", "urgent")
    assert claim.coder == "Anna C"
    assert taken.told() == (
        "1 taken, 4 not: 1 judgement of a whole text, 2 predictions, 1 region of type rectanglelabels"
    )


def project(path: Path, text: str, body: str, extra: str = "") -> Path:
    space = 'xmlns="urn:QDA-XML:project:1.0"'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "project.qde",
            f'<Project {space} name="p"><Sources><TextSource guid="s" name="doc" plainTextPath="internal://s.txt">{body}'
            f"</TextSource>{extra}</Sources></Project>",
        )
        archive.writestr("sources/s.txt", text)
    return path


def test_what_is_not_taken_is_counted_and_named(tmp_path: Path) -> None:
    body = (
        '<PlainTextSelection guid="1" name="it would v" startPosition="23" endPosition="48"/>'
        '<PlainTextSelection guid="2" name="nowhere" startPosition="2000" endPosition="2001"/>'
        '<PlainTextSelection guid="3" startPosition="8" endPosition="8"/>'
    )
    extra = '<PictureSource guid="p"/><PictureSource guid="q"/>'
    path = project(tmp_path / "p.qdpx", TEXT, body, extra)
    taken = take_claims(path, {"doc": TEXT})
    lines = taken.told().splitlines()
    assert lines[0] == "1 taken, 4 not: 2 images, 1 passage outside the text, 1 passage without words"
    assert lines[1] == "  doc, selection 2: characters 2000 to 2001 lie outside the text of 158"
    assert len(lines) == 3


def test_a_title_that_stands_elsewhere_in_the_text_moves_no_passage(tmp_path: Path) -> None:
    start = TEXT.index(NEEDS)
    body = (
        f'<PlainTextSelection guid="1" name="Turkey" startPosition="{start}" endPosition="{start + 12}"/>'
        '<PlainTextSelection guid="2" name="it would veto" startPosition="28" endPosition="53"/>'
    )
    taken = take_claims(project(tmp_path / "p.qdpx", TEXT, body), {"doc": TEXT})
    assert [claim.text for claim in taken.claims] == [NEEDS[:12], VETO]
    assert (taken.unseen, taken.moved) == (1, 1)


@pytest.mark.parametrize("counted", ["\ufeff{}", "nfd"])
def test_a_mark_at_the_start_and_accents_apart_are_counted_as_the_words_say(tmp_path: Path, counted: str) -> None:
    text = "Élan é no. Élan é no. Élan é no."
    raw = unicodedata.normalize("NFD", text) if counted == "nfd" else counted.format(text)
    at = raw.index("no", raw.index("no") + 1)
    value = {"start": at, "end": at + 2, "text": "no", "labels": ["x"]}
    path = tmp_path / "a.json"
    note = {"result": [{"id": "1", "type": "labels", "value": value}]}
    path.write_text(json.dumps([{"data": {"text": text}, "annotations": [note]}]), encoding="utf-8")
    (claim,) = take_claims(path, {"d": text}).claims
    assert claim.content[0].start == text.index("no", text.index("no") + 1)


def test_offsets_that_do_not_fit_are_mended_by_the_words_and_told(tmp_path: Path) -> None:
    result = [region("a", VETO, "x", 17), region("b", "Hungary", "x", -4)]
    path = tmp_path / "a.json"
    path.write_text(tasks(result), encoding="utf-8")
    taken = take_claims(path, {"doc": TEXT})
    assert [claim.text for claim in taken.claims] == [VETO, "Hungary"]
    assert taken.told() == "2 passages stood elsewhere than the file says: found by the words"


@pytest.mark.parametrize(("place", "found"), [(2, 0), (40, 45), (23, None), (400, None)])
def test_words_that_stand_twice_are_taken_only_where_the_place_clearly_points(
    tmp_path: Path, place: int, found: int | None
) -> None:
    text = "it will sail; " + "x" * 30 + " it will sail"
    value = {"start": place, "end": place + 12, "text": "it will sail", "labels": ["a"]}
    note = {"result": [{"id": "1", "type": "labels", "value": value}]}
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"data": {"text": text}, "annotations": [note]}]), encoding="utf-8")
    if found is None:
        with pytest.raises(EvidenceError, match="stands 2 times in the text"):
            take_claims(path, {"doc": text})
    else:
        assert take_claims(path, {"doc": text}).claims[0].content[0].start == found


def annotation(selector: Any, **more: Any) -> str:
    return json.dumps({"type": "Annotation", "target": {"source": "doc", "selector": selector}, **more})


def quote(exact: str, **more: Any) -> dict[str, Any]:
    return {"type": "TextQuoteSelector", "exact": exact, **more}


@pytest.mark.parametrize(
    ("selector", "words"),
    [
        (quote("it would", prefix="that "), "it would"),
        (quote("it would", suffix=" veto"), "it would"),
        ({"type": "TextPositionSelector", "start": 0, "end": 9}, "🙂 Update:"),
        ({**quote(VETO), "refinedBy": {"type": "TextPositionSelector", "start": 9, "end": 13}}, "veto"),
        ({**quote(VETO), "refinedBy": quote("package")}, "package"),
        ({"type": "TextPositionSelector", "start": 23, "end": 48, "refinedBy": quote(VETO)}, VETO),
        ({"type": "FragmentSelector", "conformsTo": "http://tools.ietf.org/rfc/rfc5147", "value": "char=23,48"}, VETO),
        ([{"type": "XPathSelector", "value": "/p"}, quote(VETO)], VETO),
    ],
)
def test_selectors_by_quotation_position_and_refinement(tmp_path: Path, selector: Any, words: str) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text(annotation(selector, creator={"nickname": "bo"}, bodyValue="why"), encoding="utf-8")
    (claim,) = take_claims(path, {"doc": TEXT}).claims
    assert (claim.text, claim.coder, claim.note) == (words, "bo", "why")
    start = {"it would": TEXT.index("it would", 30) if "prefix" in selector else 23}.get(words, TEXT.index(words))
    assert claim.content[0].start == start


def test_a_target_that_is_an_address_with_a_text_fragment(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text(json.dumps({"target": "https://x.org/news/doc.txt#char=23,48"}), encoding="utf-8")
    assert take_claims(path, {"doc": TEXT}).claims[0].text == VETO


def test_a_passage_that_was_moved_in_the_other_program_carries_its_new_words(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonld"
    write_claims(CODED[:1], path, DOCUMENTS)
    page = json.loads(path.read_text(encoding="utf-8"))
    page["items"][0]["target"][0]["selector"] = [quote("veto the package")]
    path.write_text(json.dumps(page), encoding="utf-8")
    (claim,) = take_claims(path, {"doc": ACCENT}).claims
    assert (claim.text, claim.quote, claim.act) == ("veto the package", "veto the package", "THREATEN")


def test_a_text_that_the_case_has_in_another_version_is_searched_by_the_words() -> None:
    longer = f"A new first line.\n{TEXT}"
    taken = take_claims(FOREIGN / "crlf.qdpx", {"doc": longer})
    assert [claim.text for claim in taken.claims] == [VETO, NEEDS, RETALIATE]
    assert taken.moved == 3
    with pytest.raises(EvidenceError, match="words do not stand in the text"):
        take_claims(FOREIGN / "crlf.qdpx", {"doc": "something else"})


def test_no_file_asserts_that_its_claims_were_accepted(tmp_path: Path) -> None:
    assert {claim.status for claim in CODED} >= {"accepted", "corrected"}
    for name in WHOLE:
        write_claims(CODED, tmp_path / name, DOCUMENTS)
        taken = take_claims(tmp_path / name, {"doc": ACCENT})
        assert {(claim.status, claim.reason) for claim in taken.claims} == {("proposed", "")}, name
    assert read_claims(tmp_path / "c.jsonl") == CODED


@pytest.mark.parametrize("name", ["c.xml", "c.ann"])
def test_a_form_that_is_not_written_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(EvidenceError, match="unknown form"):
        write_claims(CODED, tmp_path / name, DOCUMENTS)


@pytest.mark.parametrize("name", [name for name in WHOLE if name not in ("c.jsonl", "c.csv", "c.parquet", "c.jsonld")])
def test_nothing_is_left_behind_where_writing_fails(tmp_path: Path, name: str) -> None:
    with pytest.raises(EvidenceError, match="no document 'doc'"):
        write_claims(CODED, tmp_path / name, {})
    with pytest.raises(EvidenceError, match="has no place in its text"):
        write_claims([Claim(id="a", source="doc")], tmp_path / name, DOCUMENTS)
    assert list(tmp_path.iterdir()) == []
