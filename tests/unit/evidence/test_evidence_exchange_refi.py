"""Exchange with programs for qualitative analysis: what is written comes back, foreign codes are kept, bombs are refused."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, locate, take_claims
from vetopoint.evidence.exchange.refi import read_refi, write_codebook, write_refi

TEXT = "𝔄da & Bo said “patrols cannot sail unless Norland agrees”. Kyst warned <loudly> it might shell them."
DOCUMENTS = {"g": Document(id="g", text=TEXT)}
CLAIMS = locate(
    [
        Claim(
            id="c1",
            source="g",
            quote="patrols cannot sail unless Norland agrees",
            speaker="𝔄da & Bo",
            chain=("The Gazette (outlet)", "𝔄da & Bo"),
            kind="condition",
            act="CONCEDE",
            edges=({"kind": "requires", "actor": "norland"},),
        ),
        Claim(
            id="c2",
            source="g",
            quote="it might shell them",
            content=("<loudly>", "it might shell them"),
            polarity=-1,
            hedge="might",
            edges=({"kind": "threat", "actor": "kyst", "holds": False},),
            coder="ada",
        ),
    ],
    {"g": TEXT},
)
SPACE = 'xmlns="urn:QDA-XML:project:1.0"'


def project(path: Path, qde: str, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", qde)
        for name, data in files.items():
            archive.writestr(f"sources/{name}.txt", data)
    return path


def foreign(start: int = 4, end: int = 8) -> str:
    return (
        f'<Project {SPACE} name="p"><Users><User guid="u" name="Eve"/></Users><CodeBook><Codes>'
        '<Code guid="1" name="act:REJECT" isCodable="true"/><Code guid="2" name="sailing" isCodable="true"/></Codes></CodeBook>'
        '<Sources><TextSource guid="s" name="doc" plainTextPath="internal://s.txt">'
        f'<PlainTextSelection guid="x" startPosition="{start}" endPosition="{end}">'
        '<Coding guid="k" creatingUser="u"><CodeRef targetGUID="1"/></Coding>'
        '<Coding guid="l"><CodeRef targetGUID="2"/></Coding></PlainTextSelection></TextSource></Sources></Project>'
    )


def test_claims_and_texts_come_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "p.qdpx"
    write_refi(CLAIMS, DOCUMENTS, path)
    taken = take_claims(path, {"g": TEXT})
    assert taken.claims == tuple(c.model_copy(update={"status": "proposed"}) for c in CLAIMS)
    assert (taken.told(), read_refi(path).texts) == ("", {"g": TEXT})


def test_selections_count_code_points_and_carry_codes(tmp_path: Path) -> None:
    path = tmp_path / "p.qdpx"
    write_refi(CLAIMS, DOCUMENTS, path)
    with zipfile.ZipFile(path) as archive:
        qde = archive.read("project.qde").decode()
    start = TEXT.index("patrols")
    assert f'startPosition="{start}" endPosition="{start + len("patrols cannot sail unless Norland agrees")}"' in qde
    for name in ("kind:condition", "act:CONCEDE", "edge:requires norland", "edge:not threat kyst"):
        assert f'name="{name}"' in qde


def test_a_foreign_project_gives_its_passages_codes_and_coder(tmp_path: Path) -> None:
    path = project(tmp_path / "p.qdpx", foreign(), s=b"The ship sailed.")
    (claim,) = take_claims(path).claims
    assert (claim.quote, claim.act, claim.note, claim.coder) == ("ship", "REJECT", "sailing", "Eve")


def test_a_codebook_lists_the_codes(tmp_path: Path) -> None:
    write_codebook(CLAIMS, tmp_path / "c.qdc")
    book = ElementTree.parse(tmp_path / "c.qdc").getroot()
    assert book.tag == "{urn:QDA-XML:codebook:1.0}CodeBook"
    names = {code.get("name") for code in book.iter("{urn:QDA-XML:codebook:1.0}Code")}
    assert {"kind:condition", "act:SAY", "edge:requires norland"} <= names


@pytest.mark.parametrize(
    ("qde", "message"),
    [
        (foreign(4, 400), "outside"),
        (foreign().replace('"4"', '"four"'), "no whole number"),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + foreign(), "entities"),
        ("<Project>", "well-formed"),
        ("<Project/>", "no REFI-QDA"),
        ('<?xml version="1.0" encoding="utf-7"?>' + foreign(), "UTF-8"),
    ],
)
def test_odd_projects_get_one_clear_message(tmp_path: Path, qde: str, message: str) -> None:
    path = project(tmp_path / "p.qdpx", qde, s=b"The ship sailed.")
    with pytest.raises(EvidenceError, match=message):
        take_claims(path)


def test_archives_that_expand_beyond_measure_are_refused(tmp_path: Path) -> None:
    path = project(tmp_path / "bomb.qdpx", foreign(), s=b" " * 30_000_000)
    with pytest.raises(EvidenceError, match="beyond all measure"):
        read_refi(path)
    (tmp_path / "no.qdpx").write_bytes(b"nothing")
    with pytest.raises(EvidenceError, match="no usable project"):
        read_refi(tmp_path / "no.qdpx")


def test_a_source_whose_text_is_missing_is_that_of_the_case(tmp_path: Path) -> None:
    path = project(tmp_path / "p.qdpx", foreign())
    with pytest.raises(EvidenceError, match="a document that the case does not have"):
        take_claims(path)
    (claim,) = take_claims(path, {"doc": "The ship sailed."}).claims
    assert claim.quote == "ship"
