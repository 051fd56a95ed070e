"""Plain text and Markdown; what Markdown's front matter says of its publication."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vetopoint.evidence.documents.decoding import decode
from vetopoint.evidence.documents.document import Found, Limits, day, plain

_MATTER = re.compile(r"\ufeff?---[ \t]*\n(.{0,10000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)


def read_text(raw: bytes, where: str, limits: Limits) -> Found:
    """A text as it is."""
    text, notes = decode(raw, where)
    return Found(text, notes=notes)


def read_markdown(raw: bytes, where: str, limits: Limits) -> Found:
    """A Markdown text as it is, its marks included, so that offsets count the file's own characters; they are not read."""
    text, notes = decode(raw, where)
    about = _matter(text.replace("\r\n", "\n"))

    def told(*names: str) -> str:
        return next((plain(about[name]) for name in names if isinstance(about.get(name), str)), "")

    return Found(
        text,
        title=told("title", "headline"),
        outlet=told("outlet", "publisher", "source", "site"),
        date=day(about.get("date")),
        url=told("url", "link"),
        author=told("author", "byline"),
        notes=notes,
    )


def _matter(text: str) -> Mapping[str, Any]:
    found = _MATTER.match(text)
    if not found:
        return {}
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        about = YAML(typ="safe", pure=True).load(found[1])
    except (YAMLError, ValueError, RecursionError):
        return {}
    return {str(name).lower(): value for name, value in about.items()} if isinstance(about, Mapping) else {}
