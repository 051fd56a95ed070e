"""Sources made to harm, and sources that are merely odd: each gets a bounded, clear answer, and nothing in them is run."""

from __future__ import annotations

import time
import zlib
from pathlib import Path

import pytest

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Document, Reader, read_document
from vetopoint.evidence.documents import Limits


def pdf(contents: bytes, *filters: str, pages: int = 1) -> bytes:
    """A PDF whose pages show one content stream, written by hand."""
    names = " ".join(f"/{name}" for name in filters)
    kids = " ".join(f"{k + 5} 0 R" for k in range(pages))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 3 0 R>>>>>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Length {len(contents)}/Filter[{names}]>>".encode() + b"\nstream\n" + contents + b"\nendstream",
        *[page] * pages,
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF"
    )
    return out + end.encode()


def test_a_plain_pdf_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plain.pdf"
    path.write_bytes(
        pdf(zlib.compress(b"BT /F 12 Tf 10 100 Td (Ada said that the ferry would stop.) Tj ET"), "FlateDecode")
    )
    assert "Ada said that the ferry would stop." in read_document(path).text


def test_a_pdf_that_expands_without_end_is_refused_in_time(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    once = zlib.compress(b" " * 600_000_000, 9)
    path.write_bytes(pdf(zlib.compress(once, 9), "FlateDecode", "FlateDecode"))
    assert path.stat().st_size < 20_000
    began = time.monotonic()
    with pytest.raises(EvidenceError, match="PDF") as caught:
        read_document(path, limits=Limits(pdf_seconds=20, pdf_memory=500_000_000))
    assert time.monotonic() - began < 60
    assert "bomb.pdf" in str(caught.value)
    assert "→" in str(caught.value)


def test_a_pdf_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "slow.pdf"
    path.write_bytes(pdf(zlib.compress(b"BT /F 12 Tf " + b"(a) Tj " * 300_000 + b"ET"), "FlateDecode", pages=200))
    began = time.monotonic()
    with pytest.raises(EvidenceError, match=r"longer than 2 s"):
        read_document(path, limits=Limits(pdf_seconds=2))
    assert time.monotonic() - began < 30


def test_nothing_in_the_working_folder_is_run_by_opening_a_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pypdf.py").write_text("open('ran', 'w').close()\n", encoding="utf-8")
    (tmp_path / "json.py").write_text("open('ran', 'w').close()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.pdf").write_bytes(
        pdf(zlib.compress(b"BT /F 12 Tf 10 100 Td (Ada said no.) Tj ET"), "FlateDecode")
    )
    assert "Ada said no." in read_document("plain.pdf").text
    assert not (tmp_path / "ran").exists()


def test_pages_and_characters_are_bounded(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf(zlib.compress(b"BT /F 12 Tf 10 100 Td (Ada said no.) Tj ET"), "FlateDecode", pages=9))
    with pytest.raises(EvidenceError, match="9 pages"):
        read_document(path, limits=Limits(pages=5))
    with pytest.raises(EvidenceError, match="characters"):
        read_document(path, limits=Limits(text_chars=50))


@pytest.mark.parametrize("body", ["<p>{}</p>", "<p>Ada said no.</p><!--{}-->", "<p>Ada said no.</p><a href='{}'>x</a>"])
def test_a_page_with_a_line_of_a_million_characters(tmp_path: Path, body: str) -> None:
    path = tmp_path / "line.html"
    words = "Ada said that the ferry would stop on Monday. " * 22_000
    path.write_text(f"<html><body>{body.format(words)}</body></html>", encoding="utf-8")
    assert path.stat().st_size > 1_000_000
    began = time.process_time()
    document = read_document(path)
    assert time.process_time() - began < 30
    assert 0 < len(document.text) <= 1_100_000


def test_a_page_of_tags_alone_ends_in_a_clear_answer(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_text("<html><body>" + "<div>" * 100_000, encoding="utf-8")
    with pytest.raises(EvidenceError, match="no prose"):
        read_document(path)


def test_one_file_in_two_encodings_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "mixed.txt"
    path.write_bytes("Die Brücke über die Küste. ".encode() * 20 + "Die Gespräche. ".encode("cp1252"))
    document = read_document(path)
    assert "Brücke" in document.text
    assert "replaced" in document.notes[0]


def test_text_from_right_to_left_keeps_its_offsets() -> None:
    text = "قال الوزير إن المحادثات فشلت. \u202bהמעבורת תיעצר\u202c\nAda Norman said that the ferry would stop."
    ((document, claims),) = Reader().read([Document(id="d", text=text)])
    assert [claim.text for claim in claims if claim.rule == "clause"] == ["that the ferry would stop"]
    for claim in claims:
        for span in claim.content:
            assert document.text[span.start : span.end] == span.text
