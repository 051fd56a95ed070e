"""Claims on disk: one JSON object a line, short to write by hand, offsets filled in from the source."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim, Span, normalise_text

__all__ = ["locate", "read_jsonl", "to_line", "write_jsonl"]


def read_jsonl(path: str | Path, documents: Mapping[str, str] | None = None) -> tuple[Claim, ...]:
    """Read claims, and find their quotes in the sources where these are given.

    Parameters
    ----------
    path : the ``claims.jsonl`` file. Empty lines and lines that begin with ``#`` or ``//`` are skipped.
    documents : text of each source by its id; without them no offsets are filled in.

    Raises
    ------
    EvidenceError
        A line is no claim, an id comes twice, or a quote does not stand in its source; the message names file and line.
    """
    path = Path(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvidenceError(f"{path}: cannot be read ({error}) → save it as UTF-8, one JSON object a line") from error
    seen: dict[str, int] = {}
    claims: list[Claim] = []
    normal = {key: normalise_text(text) for key, text in (documents or {}).items()}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith(("#", "//")):
            continue
        claim = _parse(line, f"{path}:{number}")
        if claim.id in seen:
            first = seen[claim.id]
            raise EvidenceError(f"{path}:{number}: id {claim.id!r} was used on line {first} → give each its own id")
        seen[claim.id] = number
        claims.append(_locate(claim, normal, f"{path}:{number}") if documents is not None else claim)
    return tuple(claims)


def locate(claims: Iterable[Claim], documents: Mapping[str, str]) -> tuple[Claim, ...]:
    """Fill in the offsets of every quote, cue, content and speaker from the sources' texts.

    Raises
    ------
    EvidenceError
        A quote does not stand in its source, or stands there several times and ``nth`` does not say which.
    """
    normal = {key: normalise_text(text) for key, text in documents.items()}
    return tuple(_locate(claim, normal, f"claim {claim.id}") for claim in claims)


def write_jsonl(claims: Iterable[Claim], path: str | Path) -> None:
    """Write claims, one a line, defaults left out, in the order given."""
    Path(path).write_text("".join(to_line(claim) + "\n" for claim in claims), encoding="utf-8")


def to_line(claim: Claim) -> str:
    """One claim as a line of JSON with the defaults left out."""
    return json.dumps(claim.model_dump(exclude_defaults=True), ensure_ascii=False)


def _parse(line: str, place: str) -> Claim:
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise EvidenceError(f"{place}: no JSON ({error.msg}, column {error.colno}) → one object a line") from error
    try:
        return Claim.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise EvidenceError(f"{place}: {where}: {first['msg']} → docs/claims.md lists a claim's fields") from error


def _locate(claim: Claim, documents: Mapping[str, str], place: str) -> Claim:
    if claim.source not in documents:
        known = ", ".join(sorted(documents)) or "none"
        cause = f"source {claim.source!r} is not among the documents ({known})"
        raise EvidenceError(f"{place}: {cause} → name it under `sources`")
    text = documents[claim.source]
    changes: dict[str, object] = {}
    low, high = 0, len(text)
    if claim.quote:
        quote = _find(claim.quote, text, (low, high), claim.nth, place)
        low, high = quote.start, quote.end
        changes["quote"] = quote.text
        if not claim.content:
            changes["content"] = (quote,)
    if claim.sentence is not None:
        changes["sentence"] = _settle(claim.sentence, text, (0, len(text)), place)
    elif claim.quote:
        changes["sentence"] = _sentence(text, low, high)
    around = changes.get("sentence")
    if isinstance(around, Span):
        low, high = min(low, around.start), max(high, around.end)
    if claim.content:
        changes["content"] = tuple(_settle(span, text, (low, high), place) for span in claim.content)
    if claim.speaker:
        changes["speaker"] = tuple(_settle(span, text, (low, high), place) for span in claim.speaker)
    if claim.cue is not None:
        changes["cue"] = _settle(claim.cue, text, (low, high), place)
    return claim.model_copy(update=changes)


def _settle(span: Span, text: str, window: tuple[int, int], place: str) -> Span:
    if not span.located:
        return _find(span.text, text, window, 1, place, unique=False)
    if text[span.start : span.end] != span.text:
        found = text[span.start : span.end]
        raise EvidenceError(
            f"{place}: characters {span.start}–{span.end} of the source are {found!r}, not {span.text!r} → "
            "leave the offsets out and let the program find the quote, or restore the source"
        )
    return span


def _find(quote: str, text: str, window: tuple[int, int], nth: int, place: str, *, unique: bool = True) -> Span:
    words = normalise_text(quote).split()
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    found = list(pattern.finditer(text, *window)) if words else []
    if len(found) < nth:
        raise EvidenceError(f"{place}: {quote[:80]!r} does not stand in the source → copy its words exactly")
    if unique and nth == 1 and len(found) > 1:
        raise EvidenceError(
            f"{place}: {quote[:80]!r} stands {len(found)} times in the source → "
            'quote a little more, or add "nth": 2 for the second'
        )
    match = found[nth - 1]
    return Span(text=match.group(), start=match.start(), end=match.end())


_END = re.compile(r"[.!?…][”\"’')\]]*(?=\s)|\n\s*\n|\n(?=[A-Z“\"])")


def _sentence(text: str, start: int, end: int) -> Span:
    """Widen a quote to the sentence or sentences that hold it."""
    first = 0
    for match in _END.finditer(text, 0, start):
        first = match.end()
    after = _END.search(text, max(end - 1, start))
    last = after.end() if after else len(text)
    last = max(last, end)
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return Span(text=text[first:last], start=first, end=last)
