"""OpenDocument text (ISO/IEC 26300, OASIS OpenDocument 1.3): headings, paragraphs, tables and notes, deletions left out.

Read from its XML: odfpy, which could do it, has had no release since 2020.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vetopoint.evidence.documents.document import Found, Limits, plain
from vetopoint.evidence.documents.zipped import Packed

if TYPE_CHECKING:
    from lxml.etree import _Element

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CHARACTERS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}
_LEFT_OUT = frozenset((_TEXT + "tracked-changes", _OFFICE + "annotation", _TEXT + "note"))
_BLANKS = 100


def read_odt(raw: bytes, where: str, limits: Limits) -> Found:
    """The text of an ODT file: a paragraph a paragraph, a table's row a paragraph, notes behind the text."""
    packed = Packed(raw, where, limits)
    root, about = packed.xml("content.xml"), packed.xml("meta.xml")
    blocks = list(_blocks(root)) if root is not None else []

    def told(*names: str) -> str:
        found = (node.text for name in names if about is not None for node in about.iter(name))
        return next(filter(None, map(plain, found)), "")

    return Found(
        "\n\n".join(blocks), title=told(_DC + "title"), author=told(_META + "initial-creator", _DC + "creator")
    )


def _blocks(root: _Element) -> Iterator[str]:
    notes = []
    for node in root.iter(_TEXT + "p", _TEXT + "h", _TABLE + "table-row"):
        above = {parent.tag for parent in node.iterancestors()}
        if _TABLE + "table-row" in above or above & {_TEXT + "tracked-changes", _OFFICE + "annotation"}:
            continue
        if node.tag == _TABLE + "table-row":
            cells = (" ".join(_words(p) for p in cell.iter(_TEXT + "p")) for cell in node.iter(_TABLE + "table-cell"))
            words = " | ".join(filter(None, (cell.strip() for cell in cells)))
        else:
            words = _words(node).strip()
        if words and _TEXT + "note" in above:
            notes.append(words)
        elif words:
            yield words
    yield from notes


def _words(paragraph: _Element) -> str:
    """The text of a paragraph; runs of blanks in the file are one blank, as the format says (clause 6.1.2)."""
    found: list[str] = [_squeezed(paragraph.text)]
    waiting: list[tuple[_Element, bool]] = [(child, True) for child in reversed(paragraph)]
    while waiting:
        node, opens = waiting.pop()
        if not opens:
            found.append(_squeezed(node.tail))
            continue
        waiting.append((node, False))
        if node.tag in _CHARACTERS:
            found.append(_CHARACTERS[node.tag])
        elif node.tag == _TEXT + "s":
            count = node.get(_TEXT + "c", "1")
            found.append(" " * min(int(count) if count.isdigit() else 1, _BLANKS))
        elif node.tag not in _LEFT_OUT:
            found.append(_squeezed(node.text))
            waiting += [(child, True) for child in reversed(node)]
    return "".join(found)


def _squeezed(text: str | None) -> str:
    if not text:
        return ""
    return f"{' ' * text[0].isspace()}{' '.join(text.split())}{' ' * (text[-1].isspace() and bool(text.strip()))}"
