"""From what a foreign file marks to claims: every passage is compared with the document's words, and found again by its own."""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote

from pydantic import ValidationError

from vetopoint.errors import EvidenceError
from vetopoint.evidence._wording import first_fault
from vetopoint.evidence.claim import Claim, Link, Span, normalise_text
from vetopoint.evidence.exchange._codes import Meanings, known
from vetopoint.evidence.exchange._locate import sentence_of
from vetopoint.evidence.exchange._passages import Foreign, Mark, Piece, Taken, counted
from vetopoint.evidence.exchange._places import Way, ways
from vetopoint.evidence.exchange._words import Fold, Searched, squeezed

_NO_WORDS = "passage{s} whose words do not stand in the text"
_AMBIGUOUS = "passage{s} whose words stand there several times"
_OUTSIDE = "passage{s} outside the text"
_EMPTY = "passage{s} without words"
_NO_DOCUMENT = "passage{s} of a document that the case does not have"
_NO_CLAIM = "passage{s} that make no claim"
_LONGEST_NAME, _LONGEST_CODER, _LONGEST_NOTE = 150, 100, 4000

_TELLING = 10
"""Characters from which a name that stands in the text is taken for its words; ATLAS.ti names a passage by its first ten."""


class Refused(Exception):
    """A passage that cannot be taken: the noun under which it is counted, and why."""

    def __init__(self, noun: str, why: str) -> None:
        super().__init__(why)
        self.noun = noun


@dataclass(frozen=True)
class _At:
    start: int
    end: int
    moved: bool = False
    unseen: bool = False


class _Text:
    """A document of the case, and the text that a file brings along for it."""

    def __init__(self, text: str, raw: str | None, fold: Fold | None) -> None:
        self.text = text
        self.case = Searched(text, fold)
        self.own = self.case if raw is None or normalise_text(raw) == text else Searched(normalise_text(raw), fold)
        self.raw = text if raw is None else raw
        self.way: Way | None = None

    def choose(self, pieces: Sequence[Piece], units: Sequence[Any]) -> None:
        """Take the way of counting under which most of the quoted words stand where the file says."""
        told = [piece for piece in pieces if piece.words and piece.start >= 0]
        best = -1
        for way in ways(self.raw, units):
            fitting = sum(self.fits(piece, way.at(piece.start, piece.end)) for piece in told)
            if fitting > best:
                self.way, best = way, fitting
            if best == len(told):
                return

    def fits(self, piece: Piece, at: tuple[int, int] | None) -> bool:
        """Whether the file's words stand there."""
        if at is None or at[0] >= at[1]:
            return False
        if piece.begun and self.own.begins(*at, piece.words):
            return True
        return self.own.reads(*at, piece.words)

    def settle(self, piece: Piece) -> _At:
        """The place of a piece in the case's text."""
        if piece.within is not None:
            return self._within(piece)
        if piece.start < 0:
            return self._quoted(piece, None)
        at = self.way.at(piece.start, piece.end) if self.way else None
        if at is not None and piece.words and self.fits(piece, at):
            return self._carried(*at, unseen=False)
        if piece.words and (not piece.begun or self._quotes(piece)):
            return self._quoted(piece, at)
        if at is None:
            raise Refused(_OUTSIDE, f"characters {piece.start} to {piece.end} lie outside the text of {len(self.raw)}")
        if at[0] >= at[1] or not self.own.text[slice(*at)].strip():
            raise Refused(_EMPTY, f"no words stand at characters {piece.start} to {piece.end}")
        return self._carried(*at, unseen=True)

    def _quotes(self, piece: Piece) -> bool:
        """Whether a name that does not stand where its passage does is the passage's words, and not a title."""
        name = _start_of(piece.words)
        return (len(name) >= _TELLING or len(name) == piece.end - piece.start) and bool(self.own.hits(name))

    def _carried(self, start: int, end: int, *, unseen: bool) -> _At:
        """From the file's own text into the case's, which may be another version of it."""
        if self.own is self.case:
            return _At(start, end, unseen=unseen)
        found = self._quoted(Piece(words=self.own.text[start:end]), (start, end))
        return replace(found, unseen=unseen)

    def _quoted(self, piece: Piece, at: tuple[int, int] | None) -> _At:
        words = _start_of(piece.words) if piece.begun else piece.words
        if not words.strip():
            raise Refused(_EMPTY, "it marks no words")
        hits = self.case.hits(words)
        if not hits:
            raise Refused(_NO_WORDS, f"{_short(words)} does not stand in the text")
        start, end = self._one(hits, piece, at, words)
        if piece.begun and at is not None:
            end = min(start + at[1] - at[0], len(self.text))
        told = at is not None or piece.start >= 0
        return _At(start, end, moved=told and (start, end) != at)

    def _one(
        self, hits: list[tuple[int, int]], piece: Piece, at: tuple[int, int] | None, words: str
    ) -> tuple[int, int]:
        around = [hit for hit in hits if self._stands_between(hit, piece)] or hits
        if len(around) == 1:
            return around[0]
        if at is not None:
            first, second = sorted(around, key=lambda hit: abs(hit[0] - at[0]))[:2]
            # Clearly the nearest: a place that lies between two occurrences points at neither.
            if abs(first[0] - at[0]) * 4 <= abs(second[0] - at[0]):
                return first
        raise Refused(_AMBIGUOUS, f"{_short(words)} stands {len(around)} times in the text")

    def _stands_between(self, hit: tuple[int, int], piece: Piece) -> bool:
        before, after = squeezed(piece.before), squeezed(piece.after)
        ahead = squeezed(self.text[max(hit[0] - len(piece.before) * 2 - 2, 0) : hit[0]])
        behind = squeezed(self.text[hit[1] : hit[1] + len(piece.after) * 2 + 2])
        return ahead.endswith(before) and behind.startswith(after)

    def _within(self, piece: Piece) -> _At:
        assert piece.within is not None
        outer = self.settle(piece.within)
        inside = _Text(self.text[outer.start : outer.end], None, self.case.fold)
        alone = replace(piece, within=None)
        inside.choose([alone], ("points", "utf16"))
        found = inside.settle(alone)
        moved = found.moved or outer.moved
        return _At(found.start + outer.start, found.end + outer.start, moved, found.unseen)


def _start_of(words: str) -> str:
    return squeezed(words).rstrip("….").rstrip()


def _short(words: str) -> str:
    told = squeezed(words)
    return f"“{told[:60]}{'…' * (len(told) > 60)}”"


def settle(
    found: Foreign, texts: Mapping[str, str] | None, coder: str, default: str, meanings: Meanings, file: str = ""
) -> Taken:
    """Claims from what a file has marked; they are proposed, whatever the file says.

    Parameters
    ----------
    texts : document id → text; those that the file brings along unless given.
    coder : who coded them; the file's own names, or `default`, unless given.
    file : the file, for messages.

    Raises
    ------
    EvidenceError
        Two passages bear one id, or nothing at all could be taken.
    """
    have = {name: normalise_text(raw) for name, raw in (found.texts if texts is None else texts).items()}
    seen: dict[str, str] = {}
    for mark in found.marks:
        if mark.id and seen.setdefault(mark.id, mark.place) != mark.place:
            cause = f"{file}: {mark.place}: id {mark.id!r:.60} was used at {seen[mark.id]}"
            raise EvidenceError(f"{cause} → give each its own id")
    documents = _documents(found, have)
    left, moved, unseen = Counter(found.left), 0, 0
    refused: list[str] = []
    claims: dict[str, Claim] = {}
    for number, mark in enumerate(found.marks, start=1):
        try:
            claim, how = _claim(mark, documents.get(mark.source), _coder(mark, coder, default), number, meanings)
        except Refused as error:
            left[error.noun] += 1
            refused.append(f"{mark.place}: {error}")
            continue
        claims[_free(claim, claims)] = claim
        moved += any(at.moved for at in how)
        unseen += any(at.unseen for at in how)
    if not claims and left:
        what = ", ".join(counted(number, noun) for noun, number in sorted(left.items()))
        first = f" ({refused[0]})" if refused else ""
        remedy = "name the documents in the case as the file does, and check that it is their text"
        remedy = remedy if refused or not found.remedy else found.remedy
        raise EvidenceError(f"{file}: nothing in it can be taken: {what}{first} → {remedy}")
    named = tuple(claim.model_copy(update={"id": id}) for id, claim in claims.items())
    return Taken(named, dict(left), tuple(refused), moved, unseen)


def _coder(mark: Mark, coder: str, default: str) -> str:
    """Who coded a passage: who is given, else whom the file names."""
    written = mark.whole.coder if mark.whole is not None else ""
    return clean(coder or mark.coder or written, _LONGEST_CODER) or default


def _documents(found: Foreign, have: Mapping[str, str]) -> dict[str, tuple[str, _Text]]:
    pieces: defaultdict[str, list[Piece]] = defaultdict(list)
    for mark in found.marks:
        pieces[mark.source] += [*mark.content, *mark.speaker, *mark.cue]
    out: dict[str, tuple[str, _Text]] = {}
    for name, own in pieces.items():
        raw = found.texts.get(name)
        id = document_id(name, raw, have)
        if id is not None:
            text = _Text(have[id], raw, found.fold)
            text.choose(own, found.units)
            out[name] = id, text
    return out


def document_id(name: str, raw: str | None, have: Mapping[str, str]) -> str | None:
    """Which of the case's documents a file means: by name, else by the same text, else by the name of its file.

    >>> document_id("https://example.org/news/feb.html", None, {"feb": "…"})
    'feb'
    """
    if name in have:
        return name
    if raw is not None:
        text = normalise_text(raw)
        words = squeezed(raw)
        for same in (
            [id for id, t in have.items() if t == text],
            [id for id, t in have.items() if squeezed(t) == words],
        ):
            if len(same) == 1:
                return same[0]
    path = unquote(re.split(r"[?#]", name)[0]).rstrip("/").replace("\\", "/")
    base = normalise_text(PurePosixPath(path).name)
    for wanted in (normalise_text(name), base, base.rsplit(".", 1)[0]):
        near = [id for id in have if id.casefold() == wanted.casefold()]
        if len(near) == 1:
            return near[0]
    return None


def _claim(
    mark: Mark, document: tuple[str, _Text] | None, coder: str, number: int, meanings: Meanings
) -> tuple[Claim, list[_At]]:
    if document is None:
        raise Refused(_NO_DOCUMENT, f"no document {mark.source!r:.80} in the case")
    source, text = document
    content, speaker, cue = ([text.settle(p) for p in pieces] for pieces in (mark.content, mark.speaker, mark.cue))
    if not content:
        raise Refused(_EMPTY, "it marks no words")
    how = [*content, *speaker, *cue]
    spans = tuple(_span(text.text, at) for at in content)
    if mark.whole is not None:
        claim, same, again = _restored(mark.whole, spans, text)
        how = [replace(at, unseen=at.unseen and not same) for at in how]
        return claim.model_copy(
            update={"source": source, "coder": coder, "status": "proposed", "reason": ""}
        ), how + again
    fields, rest = known(mark.codes, meanings)
    if mark.actor:
        named = [
            edge if edge.actor else edge.model_copy(update={"actor": mark.actor}) for edge in fields.get("edges", ())
        ]
        fields["edges"] = tuple(named)
    note = clean("; ".join(dict.fromkeys(filter(None, (*rest, mark.note)))), _LONGEST_NOTE)
    said = tuple(_span(text.text, at) for at in speaker)
    about: dict[str, Any] = {
        "id": clean(mark.id, _LONGEST_NAME) or f"{source}.{coder}.{number}",
        "source": source,
        "quote": spans[0].text if len(spans) == 1 else "",
        "content": spans,
        "speaker": said,
        "cue": _span(text.text, _At(cue[0].start, cue[-1].end)) if cue else None,
        "sentence": sentence_of(text.text, spans),
        "coder": coder,
        "status": "proposed",
        "note": note,
    }
    if said and "chain" not in mark.fields:
        about["chain"] = (Link(name=" ".join(squeezed(span.text) for span in said)),)
    try:
        return Claim.model_validate({**about, **fields, **mark.fields}), how
    except (ValidationError, TypeError) as error:
        fault = (
            first_fault(error, Claim.model_fields) if isinstance(error, ValidationError) else "a field of another kind"
        )
        raise Refused(_NO_CLAIM, f"it makes no claim ({fault})") from error


def _restored(whole: Claim, spans: tuple[Span, ...], text: _Text) -> tuple[Claim, bool, list[_At]]:
    """A claim that this package wrote, whether the file still marks its words, and where the others stand now."""
    stands = all(s.text and s.start >= 0 and text.text[s.start : s.end] == s.text for s in whole.content)
    told = sorted(squeezed(span.text) for span in spans)
    ends = [place for s in whole.content for place in (s.start, s.end)]
    hull = text.text[min(ends) : max(ends)] if stands and ends else ""
    same = stands and told in (sorted(squeezed(s.text) for s in whole.content), [squeezed(hull)])
    update: dict[str, Any] = {}
    if not same:
        sentence = sentence_of(text.text, spans)
        update = {"content": spans, "quote": spans[0].text if len(spans) == 1 else "", "sentence": sentence}
    again: list[_At] = []
    sides = [(name, getattr(whole, name)) for name in ("speaker", "cue", "sentence") if name not in update]
    for name, value in sides:
        settled = [_again(span, text) for span in (value if isinstance(value, tuple) else (value,)) if span is not None]
        again += settled
        placed = tuple(_span(text.text, at) for at in settled)
        update[name] = placed if name == "speaker" else next(iter(placed), None)
    update["sentence"] = update["sentence"] or sentence_of(text.text, spans)
    return whole.model_copy(update=update), same, again


def _again(span: Span, text: _Text) -> _At:
    if span.text and text.text[max(span.start, 0) : max(span.end, 0)] == span.text and span.start >= 0:
        return _At(span.start, span.start + len(span.text))
    return text._quoted(Piece(words=span.text), (span.start, span.end) if span.start >= 0 else None)


def _span(text: str, at: _At) -> Span:
    return Span(text=text[at.start : at.end], start=at.start, end=at.end)


def clean(words: str, most: int) -> str:
    """A name on one line without control characters; a longer one ends in a digest, so that two do not become one."""
    told = squeezed(words)
    if len(told) <= most:
        return told
    return f"{told[: most - 9]}~{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def _free(claim: Claim, taken: Iterable[str]) -> str:
    id, number = claim.id, 1
    while id in taken:
        number += 1
        id = f"{claim.id}~{number}"
    return id
