"""Files of every form become documents: text, title, outlet, date and author where the file says so; odd ones one clear message."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest

from support import ROOT
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Document, gather, read_document
from vetopoint.evidence.documents import Limits, flow, paragraphs

FORMS = ROOT / "tests" / "data" / "reading" / "forms"
PLAIN = paragraphs((FORMS / "plain.txt").read_text(encoding="utf-8"))
LONG = paragraphs((FORMS / "long.txt").read_text(encoding="utf-8"))
TITLE = "Hungary to veto sanctions package"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("crlf.txt", []),
        ("bom.txt", []),
        ("mail.eml", []),
        ("hyph.pdf", []),
        ("rowwise.pdf", []),
        ("doc.docx", [TITLE]),
        ("page.html", [TITLE]),
        ("page.mhtml", [TITLE]),
        ("md.md", ["Hungary to veto", "Quoted: Turkey said it would block the deal.", "link"]),
    ],
)
def test_one_text_in_many_forms_is_one_text(name: str, more: list[str]) -> None:
    """What an advertisement, a caption, a comment, a script or a link on the page says is not in it."""
    assert len(PLAIN) == 5
    found = paragraphs(read_document(FORMS / name).text)
    assert [p for p in found if p not in more] == PLAIN
    assert set(found) == {*PLAIN, *more}


@pytest.mark.parametrize("name", ["columns.pdf", "three.pdf"])
def test_printed_columns_read_as_the_article(name: str) -> None:
    """Printed by Chromium (``--print-to-pdf``) in two and three columns, justified and hyphenated, over two pages."""
    assert paragraphs(read_document(FORMS / name).text) == LONG


@pytest.mark.parametrize("name", ["one.pdf", "two.pdf"])
def test_running_heads_and_page_numbers_are_left_out_and_said(name: str) -> None:
    document = read_document(FORMS / name)
    found = paragraphs(document.text)
    assert set(PLAIN) <= set(found)
    assert not [p for p in found if "EXAMPLE POST" in p or p.startswith("Page")]
    assert document.notes == ("4 running heads and page numbers left out",)


def test_footnotes_of_a_pdf_stand_behind_its_text() -> None:
    found = paragraphs(read_document(FORMS / "notes.pdf").text)
    assert found == [
        *LONG[2:],
        "1 Letter of the ministry to the council, 3 March.",
        "2 North Coast Institute, Crossing in Winter, page 12.",
    ]


@pytest.mark.parametrize(
    ("name", "title", "outlet", "day", "author"),
    [
        ("page.html", TITLE, "The Example Post", date(2026, 2, 24), "Jane Doe"),
        ("page.mhtml", TITLE, "The Example Post", date(2026, 2, 24), "Jane Doe"),
        ("mail.eml", TITLE, "", date(2026, 2, 24), "The Wire Alerts"),
        ("md.md", "Hungary to veto", "", date(2026, 2, 24), ""),
        ("two.pdf", TITLE, "", None, "Jane Doe"),
        ("hyph.pdf", "", "", None, ""),
    ],
)
def test_publication_is_taken_from_the_file(name: str, title: str, outlet: str, day: date | None, author: str) -> None:
    found = read_document(FORMS / name)
    assert (found.title, found.outlet, found.date, found.author) == (title, outlet, day, author)


def test_a_page_says_when_it_was_published_not_changed(tmp_path: Path) -> None:
    """OpenGraph alone; and a `time` alone, without any other date."""
    prose = "<p>Ada Norman said that the ferry would stop, and nobody on the quay was surprised to hear it.</p>" * 3
    graph = (
        '<meta property="og:site_name" content="Quay Gazette"><meta property="og:title" content="Ferry stops">'
        '<meta property="article:published_time" content="2026-03-04T08:00:00Z">'
        '<meta property="article:modified_time" content="2026-03-09T08:00:00Z">'
    )
    page = tmp_path / "graph.html"
    page.write_text(f"<html><head>{graph}</head><body><article>{prose}</article></body></html>", encoding="utf-8")
    found = read_document(page)
    assert (found.title, found.outlet, found.date) == ("Ferry stops", "Quay Gazette", date(2026, 3, 4))
    page.write_text(
        f'<html><title>x</title><body><article><time datetime="2026-03-05T10:00">5 March</time>{prose}</article></body></html>',
        encoding="utf-8",
    )
    assert read_document(page).date == date(2026, 3, 5)


def test_what_pages_mark_as_no_part_of_the_article_is_dropped(tmp_path: Path) -> None:
    first, second = (
        "".join(
            f"<p>Ada Norman said that ferry number {n} would stop, and that nobody was surprised.</p>" for n in part
        )
        for part in (range(4), range(4, 8))
    )
    marks = (
        'class="ad-slot"',
        'id="adContainer"',
        'class="related-stories"',
        'class="newsletter signup"',
        'class="comments"',
    )
    strange = "".join(
        f"<div {mark}><p>Bo Ray said that this watch, {mark[:2]}, is the best of all.</p></div>" for mark in marks
    )
    strange += "<p>Advertisement: Bo Ray said that this is the best watch of all.</p>"
    figure = "<figure><img src=a><figcaption>Cy Dee said cheese. Photograph: A. Ray</figcaption></figure>"
    page = tmp_path / "page.html"
    page.write_text(
        f"<html><body><article class='has-ads'>{first}{strange}{figure}{second}</article></body></html>", "utf-8"
    )
    text = read_document(page).text
    assert text.count("Ada Norman") == 8
    assert "Bo Ray" not in text
    assert "Cy Dee" not in text


def packed(path: Path, parts: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed_file:
        for name, body in parts.items():
            packed_file.writestr(name, body)
    return path


def docx(path: Path, body: str, **more: str) -> Path:
    parts = {"word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'}
    return packed(path, {**parts, **{f"word/{name}.xml": text for name, text in more.items()}})


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_docx_with_tracked_changes_notes_tables_and_fields(tmp_path: Path) -> None:
    body = (
        f"<w:p>{run('Ada said ')}<w:del><w:r><w:delText>yes</w:delText></w:r></w:del><w:ins>{run('no')}</w:ins>{run('.')}"
        '<w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r></w:p>'
        f"<w:p><w:hyperlink>{run('Bo agreed.')}</w:hyperlink></w:p>"
        f"<w:tbl><w:tr><w:tc><w:p>{run('Quay')}</w:p></w:tc><w:tc><w:p>{run('shut')}</w:p></w:tc></w:tr></w:tbl>"
        f"<w:sdt><w:sdtContent><w:p>{run('Cy left.')}</w:p></w:sdtContent></w:sdt><w:moveFrom><w:p>{run('Old.')}</w:p></w:moveFrom>"
    )
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote><w:p>{run("As Ada wrote in May.")}</w:p></w:footnote></w:footnotes>'
    )
    found = read_document(docx(tmp_path / "a.docx", body, footnotes=notes))
    assert found.text == "Ada said no.\n\nBo agreed.\n\nQuay | shut\n\nCy left.\n\nAs Ada wrote in May."


def test_odt_with_changes_notes_and_blanks(tmp_path: Path) -> None:
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("text", "text"), ("table", "table"), ("meta", "meta"))
    )
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:h>Ferry stops</text:h><text:p>Ada <text:span>said</text:span><text:s text:c='2'/>no.\n   And"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>In May.</text:p></text:note-body></text:note>"
        " left.</text:p><table:table><table:table-row><table:table-cell><text:p>Quay</text:p></table:table-cell>"
        "<table:table-cell><text:p>shut</text:p></table:table-cell></table:table-row></table:table>"
    )
    about = '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">Ferry</dc:title><meta:initial-creator>Ada Holm</meta:initial-creator>'
    path = packed(
        tmp_path / "a.odt",
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {names}><office:body><office:text>{body}</office:text></office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {names}><office:meta>{about}</office:meta></office:document-meta>",
        },
    )
    found = read_document(path)
    assert found.text == "Ferry stops\n\nAda said  no. And left.\n\nQuay | shut\n\nIn May."
    assert (found.title, found.author) == ("Ferry", "Ada Holm")


def test_rtf_with_notes_deletions_and_accents(tmp_path: Path) -> None:
    path = tmp_path / "a.rtf"
    path.write_bytes(
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\title Ferry stops}{\author Ada Holm}}\f0 Ada said \'93no\'94"
        rb"{\footnote \pard In {\i May}.} to B\u225?la.\par {\deleted\revauthdel1 Gone.}Bo left.\par}"
    )
    found = read_document(path)
    assert found.text == "Ada said “no” to Béla.".replace("é", "á") + "\n\nBo left.\n\nIn May."
    assert (found.title, found.author) == ("Ferry stops", "Ada Holm")


def test_subtitles_are_joined_and_speakers_kept_apart(tmp_path: Path) -> None:
    srt = tmp_path / "a.srt"
    srt.write_text(
        "1\n00:00:01,000 --> 00:00:03,000\n- Will you sign\nthe pact?\n\n2\n00:00:03,000 --> 00:00:05,000\n- No.\n- Why?\n\n"
        "3\n00:00:05,000 --> 00:00:06,000\n[door slams]\n<i>The council</i>\n\n4\n00:00:06,000 --> 00:00:07,000\nhas not voted.\n\n"
        "5\n00:00:20,000 --> 00:00:22,000\nLater that day, the pilots agreed.\n",
        encoding="utf-8",
    )
    assert paragraphs(read_document(srt).text) == [
        "Will you sign the pact?",
        "No.",
        "Why? The council has not voted.",
        "Later that day, the pilots agreed.",
    ]
    vtt = tmp_path / "b.vtt"
    vtt.write_text(
        "WEBVTT\n\nNOTE made by hand\n\n00:01.000 --> 00:02.000 align:start\n<v Ada Holm>We will not\n\n"
        "00:02.000 --> 00:03.000\nsign <b>this</b>.\n\n00:03.000 --> 00:04.000\n<v.loud Bo Ray>Nor will we.\n",
        encoding="utf-8",
    )
    assert paragraphs(read_document(vtt).text) == ["Ada Holm: We will not sign this.", "Bo Ray: Nor will we."]
    assert flow(read_document(FORMS / "sub.srt").text).text == "Hungary said it would veto the package."


def test_a_mail_in_parts_keeps_headers_and_attachments_apart(tmp_path: Path) -> None:
    """MIME (RFC 2045), flowed lines (RFC 3676), a mail within the mail (RFC 5322), and files beside it."""
    inner = "From: Bo <bo@example.org>\r\nSubject: The quay\r\nContent-Type: text/plain\r\n\r\nBo agreed to all of it."
    path = tmp_path / "a.eml"
    path.write_text(
        "Received: from a\r\nFrom: =?utf-8?q?B=C3=A9la_Ray?= <b@example.org>\r\nTo: x@example.org\r\nSubject: =?utf-8?b?RmVycnkgc3RvcHM=?=\r\n"
        "Date: Mon, 2 Mar 2026 23:30:00 -0500\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n"
        "--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n"
        "--a\r\nContent-Type: text/plain; charset=iso-8859-1; format=flowed\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "Ada Norman said that the ferry would =\r\nstop for \r\ngood in B=E9la's harbour and at the old quay too, whatever they say.\r\n"
        "--a\r\nContent-Type: text/html\r\n\r\n<p>Ada said no.</p>\r\n--a--\r\n"
        "--m\r\nContent-Type: application/pdf; name=plan.pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\n%PDF\r\n"
        f"--m\r\nContent-Type: message/rfc822\r\n\r\n{inner}\r\n--m--\r\n",
        encoding="ascii",
        newline="",
    )
    found = read_document(path)
    assert paragraphs(found.text) == [
        "Ada Norman said that the ferry would stop for good in Béla's harbour and at the old quay too, whatever they say.",
        "The quay",
        "Bo agreed to all of it.",
    ]
    assert (found.title, found.author, found.date) == ("Ferry stops", "Béla Ray", date(2026, 3, 2))
    assert found.notes == ("attachments are not read: plan.pdf",)


def test_a_mail_that_is_a_page_alone_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    rows = "".join(
        f"<tr><td>Ada Norman said that ferry number {n} would stop at the old quay.</td></tr>" for n in range(5)
    )
    path.write_text(
        f"From: a@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html><body><table>{rows}</table></body></html>",
        encoding="utf-8",
    )
    assert read_document(path).text.count("Ada Norman said") == 5


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("a.json", b'{"headline": "x", "body": "Ada said no."}', "data, no text"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Word"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a picture"),
        ("a.txt", b"\x1f\x8b\x08\x00abc", "packed file"),
        ("a.docx", b"PK\x03\x04 nothing", "neither DOCX nor ODT"),
        ("a.xlsx", b"", "empty"),
        ("a.mhtml", b"From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p></p>", "no prose"),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\n\n", "no text"),
    ],
)
def test_what_holds_no_text_is_refused_in_words(tmp_path: Path, name: str, body: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(EvidenceError, match=message) as caught:
        read_document(path)
    assert name in str(caught.value)
    assert "→" in str(caught.value)


def test_a_packed_file_that_expands_without_end_is_refused_unopened(tmp_path: Path) -> None:
    bomb = docx(tmp_path / "bomb.docx", run("x" * 80_000_000))
    assert bomb.stat().st_size < 200_000
    began = time.monotonic()
    with pytest.raises(EvidenceError, match=r"bomb\.docx: word/document\.xml unpacks to 80 MB.*→"):
        read_document(bomb)
    many = packed(tmp_path / "many.docx", {"word/document.xml": "<x/>", **{f"word/{n}": "" for n in range(6_000)}})
    with pytest.raises(EvidenceError, match=r"6,001 parts.*→"):
        read_document(many)
    assert time.monotonic() - began < 20


def test_a_declared_size_that_lies_does_not_let_a_part_grow(tmp_path: Path) -> None:
    raw = bytearray(docx(tmp_path / "a.docx", run("Ada said no. " * 10_000)).read_bytes())
    true_size = len(f'<w:document xmlns:w="{W}"><w:body>{run("Ada said no. " * 10_000)}</w:body></w:document>')
    shown = true_size.to_bytes(4, "little")
    assert raw.count(shown) == 2
    (tmp_path / "b.docx").write_bytes(raw.replace(shown, (500).to_bytes(4, "little")))
    with pytest.raises(EvidenceError, match=r"b\.docx: word/document\.xml .*→"):
        read_document(tmp_path / "b.docx")


@pytest.mark.parametrize(
    ("prolog", "inside"),
    [
        ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;"),
        ("<!DOCTYPE x [<!ENTITY a 'haha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]>", "&c;"),
        ("", "<w:r>" * 100_000),
    ],
)
def test_entities_and_bottomless_xml_are_refused(tmp_path: Path, prolog: str, inside: str) -> None:
    body = f'{prolog}<w:document xmlns:w="{W}"><w:body><w:p>{inside}</w:p></w:body></w:document>'
    path = packed(tmp_path / "a.docx", {"word/document.xml": body})
    with pytest.raises(
        EvidenceError, match=r"a\.docx: word/document\.xml (?:declares a document type|is broken XML).*→"
    ):
        read_document(path)


def test_a_locked_packed_file_and_a_broken_one_are_said(tmp_path: Path) -> None:
    raw = bytearray(docx(tmp_path / "a.docx", run("Ada said no.")).read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(sign) + offset] |= 1
    (tmp_path / "locked.docx").write_bytes(raw)
    with pytest.raises(EvidenceError, match=r"protected by a password.*→"):
        read_document(tmp_path / "locked.docx")


def test_a_mail_nested_without_end_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "deep.eml"
    parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3_000))
    path.write_text(f"From: a@example.org\nMIME-Version: 1.0\n{parts}", encoding="ascii")
    began = time.monotonic()
    with pytest.raises(EvidenceError, match=r"deep\.eml.*→"):
        read_document(path)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32", "utf-16", "cp1252"])
def test_encodings_without_a_mark_or_with_one(tmp_path: Path, encoding: str) -> None:
    text = "Béla Ray said that “no” was the answer, and that the ferry would stop."
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    assert read_document(path).text == text


@pytest.mark.parametrize("name", ["cp1252.txt", "latin1.txt"])
def test_short_western_texts_are_no_chinese(name: str) -> None:
    document = read_document(FORMS / name)
    assert "Anton Varga, said" in document.text
    assert document.notes == ("encoding guessed as cp1252",)


def test_a_page_says_its_own_encoding(tmp_path: Path) -> None:
    prose = "<p>Béla Ray said that the ferry would stop, and nobody on the quay was surprised to hear it.</p>" * 3
    path = tmp_path / "a.html"
    path.write_bytes(f'<html><head><meta charset="iso-8859-2"></head><body>{prose}</body></html>'.encode("iso-8859-2"))
    assert "Béla" in read_document(path).text


def test_standard_input_is_read_by_its_form_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = (FORMS / "doc.docx").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    (document,) = gather("-")
    assert isinstance(document, Document)
    assert paragraphs(document.text)[1:] == PLAIN
    assert document.id == f"stdin-{document.hash[:8]}"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * 2_000)))
    with pytest.raises(EvidenceError, match=r"standard input.*→"):
        read_document("-", limits=Limits(file_bytes=1_000))


def test_a_folder_of_all_forms_gives_a_document_or_a_reason_for_each() -> None:
    found = list(gather(FORMS))
    documents = {item.id for item in found if isinstance(item, Document)}
    refused = sorted(str(item) for item in found if isinstance(item, EvidenceError))
    assert {"plain", "doc", "mail", "md", "page", "two", "sub"} <= documents
    assert [text.split(": ")[1][:12] for text in refused] == ["binary data,", "a PDF withou"]


@pytest.mark.parametrize("again", [False, True])
def test_files_of_one_stem_get_ids_of_their_own(tmp_path: Path, again: bool) -> None:
    for name in ("news.html", "news.txt", "news.md", "other.md", "sub/news.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("<html><body><p>Ada Norman said that the ferry would stop.</p></body></html>", encoding="utf-8")
    names = [item.id for item in gather(tmp_path) if isinstance(item, Document)]
    assert sorted(names) == ["news", "news.html", "news.md", "other", "sub.news"]
    paths = [tmp_path / "sub" / "news.txt", tmp_path / "news.txt", tmp_path / "news.txt"]
    texts = {str(item.id) for item in gather(*(reversed(paths) if again else paths)) if isinstance(item, Document)}
    assert texts == {"news", "sub.news"} or texts == {"news", f"{tmp_path.name}.news"}


def test_rows_of_one_id_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text("id,text,author\na,Ada said no.,Bo Ray\na,Bo said yes.,\n", encoding="utf-8")
    first, second = gather(table)
    assert isinstance(first, Document)
    assert first.author == "Bo Ray"
    assert "id 'a' stands in row 1 too →" in str(second)
