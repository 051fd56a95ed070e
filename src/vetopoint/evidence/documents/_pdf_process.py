"""The process that opens a PDF: characters and their places by PDFium (pypdfium2), put in reading order by `_pdf_pages`."""

import contextlib
import json
import math
import sys
from collections.abc import Iterator
from typing import Any

from vetopoint.evidence.documents._pdf_pages import Glyph, PageText, text_of


def _extract(raw: bytes, pages: int, chars: int) -> dict[str, object]:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(raw) as document:
            if len(document) > pages:
                return {"error": f"{len(document)} pages, above the limit of {pages} → cut it into articles"}
            read, left = [], chars
            for number in range(len(document)):
                page = _page(document[number])
                left -= len(page.glyphs)
                if left < 0:
                    return {"error": f"more than {chars:,} characters of text → cut it into articles"}
                read.append(page)
            about = document.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            return {"error": "a PDF protected by a password → save it without one"}
        return {"error": f"a broken PDF ({error}) → save it anew, or save its text"}
    text, notes = text_of(read)
    return {"text": text, "notes": notes, "title": about.get("Title", ""), "author": about.get("Author", "")}


def _page(page: Any) -> PageText:
    width, height = page.get_size()
    text = page.get_textpage()
    found = PageText(width, height, list(_glyphs(text)))
    text.close()
    page.close()
    return found


def _glyphs(text: Any) -> Iterator[Glyph]:
    """The upright characters of a page that the file itself draws, blanks apart."""
    import ctypes

    from pypdfium2 import raw

    box = raw.FS_RECTF()
    for index in range(raw.FPDFText_CountChars(text)):
        code = raw.FPDFText_GetUnicode(text, index)
        if code in (0xFFFE, 2):  # PDFium's own sign for a hyphen at a line end
            code = 0x2D
        if code <= 32 or raw.FPDFText_IsGenerated(text, index) == 1 or 0xD800 <= code < 0xE000:
            continue
        if not raw.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box)) or box.right - box.left <= 0:
            continue
        if abs(math.sin(raw.FPDFText_GetCharAngle(text, index))) > 0.1:
            continue
        if code != 0xA0:
            yield Glyph(chr(code), box.left, box.right, box.bottom, box.top)


def _bound(memory: int) -> None:
    """Limit this process's memory, where the system can."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _main() -> None:
    pages, chars, memory = map(int, sys.argv[1:4])
    raw = sys.stdin.buffer.read()
    _bound(memory)
    sys.stdout.write(json.dumps(_extract(raw, pages, chars)))


if __name__ == "__main__":
    _main()
