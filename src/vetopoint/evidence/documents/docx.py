"""Word's DOCX (Office Open XML, ISO/IEC 29500-1): paragraphs, tables, notes and text boxes, with tracked changes taken as accepted.

Read from its XML: python-docx (MIT) leaves out inserted text and footnotes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vetopoint.evidence.documents.document import Found, Limits, day, plain
from vetopoint.evidence.documents.zipped import Packed

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC, _DCTERMS = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/dc/terms/}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset(
    (_W + "del", _W + "moveFrom", _W + "instrText", _W + "delText", _W + "rPr", _W + "pPr", _FALLBACK)
)
_CHARACTERS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-", _W + "softHyphen": ""}
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_TEXT_BOX = _W + "txbxContent"


def read_docx(raw: bytes, where: str, limits: Limits) -> Found:
    """The text of a DOCX file: a paragraph a paragraph, a table's row a paragraph, notes behind the text."""
    packed = Packed(raw, where, limits)
    parts = [root for name in ("word/document.xml", *_NOTES) if (root := packed.xml(name)) is not None]
    blocks = [block for root in parts for block in _blocks(root)]
    core = packed.xml("docProps/core.xml")
    about = {child.tag: plain(child.text) for child in core} if core is not None else {}
    return Found(
        "\n\n".join(blocks),
        title=about.get(_DC + "title", ""),
        author=about.get(_DC + "creator", ""),
        outlet=about.get(_DC + "publisher", ""),
        date=day(about.get(_DCTERMS + "issued", "")),
    )


def _blocks(root: _Element) -> Iterator[str]:
    """Paragraphs and rows in the order of the text, none inside another."""
    for node in root.iter(_W + "p", _W + "tr"):
        if any(parent.tag in (_W + "tr", *_LEFT_OUT) for parent in node.iterancestors()):
            continue
        if node.tag == _W + "tr":
            cells = (
                " ".join(" ".join(_words(p).split()) for p in cell.iter(_W + "p")) for cell in node.iter(_W + "tc")
            )
            words = " | ".join(filter(None, (cell.strip() for cell in cells)))
        else:
            words = _words(node)
        if words.strip():
            yield words.strip()


def _words(paragraph: _Element) -> str:
    """The text of a paragraph without what was deleted; boxes within it are paragraphs of their own."""
    found: list[str] = []
    waiting = list(reversed(paragraph))
    while waiting:
        node = waiting.pop()
        if node.tag == _W + "t":
            found.append(node.text or "")
        elif node.tag in _CHARACTERS:
            found.append(_CHARACTERS[node.tag])
        elif node.tag not in _LEFT_OUT and node.tag != _TEXT_BOX:
            waiting += reversed(node)
    return "".join(found)
