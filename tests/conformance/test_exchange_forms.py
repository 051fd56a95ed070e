"""What is written and read as other programs define it, by examples and facts that they publish.

Sources: DNA 3, `Exporter.eventCSV` and `Sql.createTables` (leifeld/dna, commit 2adbf78) and its sample database; REFI-QDA `Project.xsd`
(18 March 2019); brat standoff format (https://brat.nlplab.org/standoff.html); WebAnno TSV 3.3 (INCEpTION User Guide); Web
Annotation Data Model (W3C Recommendation, 23 February 2017); Label Studio documentation and issue HumanSignal/label-studio#1347.
"""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from vetopoint.evidence import Claim, Document, locate, take_claims, write_claims
from vetopoint.evidence.exchange.dna_sqlite import digest

TEXT = "Ada said “the ship 🚢 cannot sail”.\nBo warned that it would."
CLAIMS = locate(
    [
        Claim(
            id="c1", source="d", quote="the ship 🚢 cannot sail", speaker="Ada", cue="said", act="REJECT", coder="anna"
        ),
        Claim(id="c2", source="d", content=("Bo", "it would"), sentence="Bo warned that it would.", kind="threat"),
    ],
    {"d": TEXT},
)
DOCUMENTS = {"d": Document("d", TEXT, outlet="The Wire")}


def test_the_header_of_an_event_list_is_that_of_dna(tmp_path: Path) -> None:
    write_claims(CLAIMS, tmp_path / "c.dna.csv", DOCUMENTS)
    raw = (tmp_path / "c.dna.csv").read_bytes()
    assert raw.split(b"\n")[0].decode() == (
        '"statement_id";"time";"person";"organization";"concept";"agreement";"start_position";"stop_position";"text";"coder";'
        '"document_id";"document_title";"document_author";"document_source";"document_section";"document_type"'
    )
    assert b'\n1;1970-01-01 00:00:00;"";"";"act:REJECT";1;10;33;"the ship' in raw, "Java counts the ship as two"


def test_a_password_is_digested_as_in_dnas_sample_database() -> None:
    kept = "t7STqOHxpl+RXxRUgjsEno+e/38banaYjANbdYQ1geGfH6Xlc2roWgYrPbpCeg5M"  # of its coder Admin, "sample"
    assert digest("sample", base64.b64decode(kept)[:16]) == kept


DNA_COLUMNS = {
    "CODERS": {"ID", "Name", "Password", "Refresh", "FontSize", "PopupWidth", "PermissionEditCoderRelations"},
    "DOCUMENTS": {"ID", "Title", "Text", "Coder", "Author", "Source", "Section", "Notes", "Type", "Date"},
    "STATEMENTS": {"ID", "StatementTypeId", "DocumentId", "Start", "Stop", "Coder"},
    "VARIABLES": {"ID", "Variable", "DataType", "StatementTypeId"},
    "ENTITIES": {"ID", "VariableId", "Value", "Red", "Green", "Blue", "ChildOf"},
    "DATASHORTTEXT": {"ID", "StatementId", "VariableId", "Entity"},
    "DATABOOLEAN": {"ID", "StatementId", "VariableId", "Value"},
    "ATTRIBUTEVALUES": {"ID", "EntityId", "AttributeVariableId", "AttributeValue"},
    "CODERRELATIONS": {
        "ID",
        "Coder",
        "OtherCoder",
        "viewStatements",
        "editStatements",
        "viewDocuments",
        "editDocuments",
    },
}


def test_a_database_has_dnas_tables_and_counts_as_java_does(tmp_path: Path) -> None:
    write_claims(CLAIMS, tmp_path / "c.dna", DOCUMENTS)
    with closing(sqlite3.connect(tmp_path / "c.dna")) as connection:
        for table, wanted in DNA_COLUMNS.items():
            assert wanted <= {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}, table
        assert connection.execute("SELECT Start, Stop FROM STATEMENTS WHERE ID = 1").fetchone() == (10, 33)
        (text,) = connection.execute("SELECT Text FROM DOCUMENTS").fetchone()
        assert text.encode("utf-16-le")[20:66].decode("utf-16-le") == "the ship 🚢 cannot sail"
        names = connection.execute("SELECT Variable, DataType FROM VARIABLES WHERE ID < 5").fetchall()
        assert names == [
            ("person", "short text"),
            ("organization", "short text"),
            ("concept", "short text"),
            ("agreement", "boolean"),
        ]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT count(*) FROM CODERRELATIONS").fetchone() == (6,)


GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
ORDER = ["Users", "CodeBook", "Sources"]
CHILDREN = {
    "TextSource": {"PlainTextSelection"},
    "PlainTextSelection": {"Description", "Coding"},
    "Coding": {"CodeRef"},
}
NEEDED = {"Code": {"guid", "name", "isCodable"}, "PlainTextSelection": {"guid", "startPosition", "endPosition"}}
NEEDED |= {"User": {"guid"}, "TextSource": {"guid"}, "Coding": {"guid"}, "CodeRef": {"targetGUID"}, "Project": {"name"}}


def test_a_project_has_the_order_and_attributes_of_the_schema(tmp_path: Path) -> None:
    write_claims(CLAIMS, tmp_path / "c.qdpx", DOCUMENTS)
    with zipfile.ZipFile(tmp_path / "c.qdpx") as archive:
        root = ET.fromstring(archive.read("project.qde"))
        names = archive.namelist()
    space = "{urn:QDA-XML:project:1.0}"
    assert [child.tag for child in root] == [f"{space}{name}" for name in ORDER]
    elements = list(root.iter())
    assert len(elements) > 20
    for element in elements:
        tag = element.tag.removeprefix(space)
        assert NEEDED.get(tag, set()) <= element.attrib.keys()
        assert {child.tag.removeprefix(space) for child in element} <= CHILDREN.get(
            tag, {c.tag.removeprefix(space) for c in element}
        )
        for name in ("guid", "creatingUser", "targetGUID"):
            assert GUID.fullmatch(element.get(name, "00000000-0000-0000-0000-000000000000"))
    source = root.find(f"{space}Sources/{space}TextSource")
    assert source is not None
    assert f"sources/{source.attrib['plainTextPath'].removeprefix('internal://')}" in names
    first = source.find(f"{space}PlainTextSelection")
    assert first is not None
    assert (first.get("startPosition"), first.get("endPosition")) == ("10", "32"), "code points"


def folder(place: Path, text: str, notes: str) -> Path:
    (place / "d.txt").write_text(text, encoding="utf-8", newline="")
    (place / "d.ann").write_text(notes, encoding="utf-8", newline="")
    return place


def test_brats_own_example_of_a_span_in_two_pieces(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('[types]\nLocation = "content"\n', encoding="utf-8")
    place = folder(
        tmp_path,
        "North and South America",
        "T1\tLocation 0 5;16 23\tNorth America\nT2\tLocation 10 23\tSouth America\n",
    )
    taken = take_claims(place, mapping=tmp_path / "m.toml")
    assert [[span.text for span in claim.content] for claim in taken.claims] == [
        ["North", "America"],
        ["South America"],
    ]


def test_words_that_a_line_end_breaks_are_read_as_polnear_has_them(tmp_path: Path) -> None:
    text = "3.\n\nThe number of people is small."
    notes = (
        "T1\tContent 0 2;4 24\t3. The number of people\nT2\tContent 0 24\t3.\n\nThe number of people\nE1\tContent:T2\n"
    )
    taken = take_claims(folder(tmp_path, text, notes))
    assert [claim.text for claim in taken.claims] == ["3.\n\nThe number of people", "3. … The number of people"]


def test_brats_own_example_of_an_event_with_its_arguments(tmp_path: Path) -> None:
    text = "Sony formed a joint venture with Ericsson."
    notes = (
        "T1\tOrganization 0 4\tSony\nT2\tMERGE-ORG 14 27\tjoint venture\nT3\tOrganization 33 41\tEricsson\n"
        "E1\tMERGE-ORG:T2 Org1:T1 Org2:T3\nA1\tNegation E1\n*\tEquiv T1 T3\n#1\tAnnotatorNotes E1\tsure\n"
    )
    mapping = '[types]\nOrganization = "ignore"\n[relations]\nMERGE-ORG = { MERGE-ORG = "content", Org = "speaker" }\n'
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    taken = take_claims(folder(tmp_path, text, notes), mapping=tmp_path / "m.toml")
    (claim,) = taken.claims
    assert ([span.text for span in claim.speaker], claim.text, claim.polarity) == (
        ["Sony", "Ericsson"],
        "joint venture",
        -1,
    )
    assert (claim.note, dict(taken.left)) == ("MERGE-ORG; sure", {"equivalence{s}": 1})


def test_a_written_folder_has_a_configuration_that_declares_its_types(tmp_path: Path) -> None:
    write_claims(CLAIMS, tmp_path / "c.brat", DOCUMENTS)
    configuration = (tmp_path / "c.brat" / "annotation.conf").read_text(encoding="utf-8")
    assert re.findall(r"^\[(\w+)\]$", configuration, re.MULTILINE) == ["entities", "relations", "events", "attributes"]
    notes = (tmp_path / "c.brat" / "d.ann").read_text(encoding="utf-8").splitlines()
    spans = [line.split("\t") for line in notes if line.startswith("T")]
    assert len(spans) == 4
    for _, place, words in spans:
        type, _, ends = place.partition(" ")
        assert type in configuration
        pieces = [TEXT[int(a) : int(b)] for a, b in (piece.split() for piece in ends.split(";"))]
        assert " ".join(pieces) == words


GUIDE = """#FORMAT=WebAnno TSV 3.3
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|value
#T_SP=webanno.custom.Sentiment|Category|Opinion
#T_RL=webanno.custom.Relation|value|BT_de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity


#Text=I like it 😊 .
1-1\t0-1\tI\t_\t_\t_\t_\t_\t
1-2\t2-6\tlike\t_\tjoy[1]|irony[2]\tpositive[1]|*[2]\t_\t_\t
1-3\t7-9\tit\tORG\tjoy[1]\tpositive[1]\t_\t_\t
1-4\t10-12\t😊\tPER\tsmile\t*\t*\t1-3[0_0]\t
1-5\t13-14\t.\t_\t_\t_\t_\t_\t

#Text=It pl\\ays a\\tpart .
2-1\t15-17\tIt\t_\t_\t_\t_\t_\t
2-2\t18-24\tpl\\\\ays\t_\t_\t_\t_\t_\t
2-2.1\t18-20\tpl\t_\ta\\_b\\|c\t*\t_\t_\t
"""


def test_webanno_tsv_as_the_guide_describes_it(tmp_path: Path) -> None:
    """UTF-16 offsets, stacked and several-token annotations, sub-tokens, escapes, layers that are no claims."""
    path = tmp_path / "d.tsv"
    path.write_text(GUIDE.replace("It pl\\ays", "It pl\\\\ays"), encoding="utf-8")
    taken = take_claims(path)
    assert [(claim.text, claim.note) for claim in taken.claims] == [
        ("like it", "Category=joy; Opinion=positive"),
        ("like", "Category=irony"),
        ("😊", "Category=smile"),
        ("pl", "Category=a_b|c"),
    ]
    assert dict(taken.left) == {"annotation{s} of NamedEntity": 2, "annotation{s} of relation Relation": 1}


def test_a_written_tsv_counts_utf16_and_escapes_what_the_guide_reserves(tmp_path: Path) -> None:
    write_claims(CLAIMS, tmp_path / "c.tsv", DOCUMENTS)
    lines = (tmp_path / "c.tsv").read_text(encoding="utf-8").split("\n")
    assert lines[:4] == [
        "#FORMAT=WebAnno TSV 3.3",
        "#T_SP=webanno.custom.Claim|codes|hedge|part|polarity|vetopoint",
        "",
        "",
    ]
    rows = [line.split("\t") for line in lines if re.match(r"\d+-\d+", line)]
    assert len(rows) > 8
    for row in rows:
        start, _, end = row[1].partition("-")
        assert TEXT.encode("utf-16-le")[int(start) * 2 : int(end) * 2].decode("utf-16-le") == row[2]
        for value in row[3:8]:
            bare = re.sub(r"\\(->|.)|\[\d+\]|\|", "", value)
            assert bare in ("_", "*") or not re.search(r"[\[\]|_;*]|->", bare), value


def annotations(place: Path, *items: object) -> Path:
    path = place / "a.jsonld"
    path.write_text(
        json.dumps({"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": items}),
        encoding="utf-8",
    )
    return path


def test_the_recommendations_examples_of_text_selectors(tmp_path: Path) -> None:
    """Examples 25 (quotation), 26 (position) and 38 (refinement) of the Web Annotation Data Model, on a text of their form."""
    page = "This is an annotation about: there is an anotation in the selected text here."
    source = "http://example.org/page1"
    quote = {"type": "TextQuoteSelector", "exact": "anotation", "prefix": "there is an ", "suffix": " in the"}
    position = {"type": "TextPositionSelector", "start": 58, "end": 71}
    refined = {"type": "TextQuoteSelector", "exact": "there is an anotation in the selected text"}
    refined["refinedBy"] = {"type": "TextPositionSelector", "start": 12, "end": 21}  # type: ignore[assignment]
    items = [
        {"id": f"http://example.org/anno{n}", "target": {"source": source, "selector": s}}
        for n, s in enumerate((quote, position, refined))
    ]
    taken = take_claims(annotations(tmp_path, *items), {"page1": page})
    assert [claim.text for claim in taken.claims] == ["anotation", page[58:71], "anotation"]
    assert taken.claims[0].content == taken.claims[2].content


def test_written_annotations_have_what_the_recommendation_asks(tmp_path: Path) -> None:
    write_claims(CLAIMS, tmp_path / "c.jsonld", DOCUMENTS)
    page = json.loads((tmp_path / "c.jsonld").read_text(encoding="utf-8"))
    assert (page["@context"], page["type"], len(page["items"])) == (
        "http://www.w3.org/ns/anno.jsonld",
        "AnnotationPage",
        2,
    )
    for item in page["items"]:
        assert item["type"] == "Annotation"
        assert item["creator"]["type"] == "Person"
        for target in item["target"]:
            position, quote = target["selector"]
            assert TEXT[position["start"] : position["end"]] == quote["exact"]
            assert TEXT[: position["start"]].endswith(quote["prefix"])
            assert TEXT[position["end"] :].startswith(quote["suffix"])


@pytest.mark.parametrize("place", [(13, 23), (12, 22)])
def test_label_studio_before_and_after_it_counted_code_points(tmp_path: Path, place: tuple[int, int]) -> None:
    """The text of label-studio#1347, with the offsets that it reports and those that it asks for."""
    value = {"start": place[0], "end": place[1], "text": "annotation", "labels": ["Annotation"]}
    note = {"id": 2, "completed_by": 1, "result": [{"id": "r", "type": "labels", "value": value}]}
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps([{"id": 1, "data": {"text": "💩This is an annotation."}, "annotations": [note]}]), encoding="utf-8"
    )
    taken = take_claims(path)
    assert [(claim.content[0].start, claim.text, claim.coder) for claim in taken.claims] == [
        (12, "annotation", "user 1")
    ]
    assert taken.moved == 0
