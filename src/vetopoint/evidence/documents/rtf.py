"""Rich Text Format (Microsoft, RTF 1.9.1): text by striprtf, without what was deleted, footnotes behind the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vetopoint.evidence.documents.document import Found, Limits, plain

_BRACES = re.compile(r"\\[{}\\]|[{}]")


def read_rtf(raw: bytes, where: str, limits: Limits) -> Found:
    """The text of an RTF file, a paragraph a paragraph."""
    markup = raw.decode("latin-1")
    title, author = (plain(_text(next(_groups(markup, word), ""))) for word in ("title", "author"))
    notes = [_text(note) for note in _groups(markup, "footnote")]
    for word in ("deleted", "footnote"):
        for group in _groups(markup, word):
            markup = markup.replace(group, "", 1)
    blocks = [*_text(markup).split("\n"), *notes]
    return Found("\n\n".join(filter(None, (block.strip() for block in blocks))), title=title, author=author)


def _text(markup: str) -> str:
    from striprtf.striprtf import rtf_to_text

    if not markup.startswith("{\\rtf"):
        markup = "{\\rtf1\\ansi " + re.sub(r"^\{(?:\\\*)?\\[a-z]+ ?", "", markup)
    return str(rtf_to_text(markup, errors="replace"))


def _groups(markup: str, word: str) -> Iterator[str]:
    """The groups that begin with a control word, braces included."""
    for found in re.finditer(rf"\{{(?:\\\*)?\\{word}(?![a-z])", markup):
        depth = 0
        for brace in _BRACES.finditer(markup, found.start()):
            depth += {"{": 1, "}": -1}.get(brace[0], 0)
            if depth == 0:
                yield markup[found.start() : brace.end()]
                break
