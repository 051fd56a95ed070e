"""A claim's fields as people write and read them: short forms for chains, edges and words, and what is wrong with a correction.

Every field's short form, read back, gives the field again; where the short form would not, the JSON stands in its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, get_args

from pydantic import ValidationError

from vetopoint.errors import EvidenceError, did_you_mean
from vetopoint.evidence._wording import first_fault
from vetopoint.evidence.claim import Act, Claim, Edge, EdgeKind, Kind, Link, LinkKind, Span
from vetopoint.evidence.documents import Document
from vetopoint.evidence.places import find_words, line_of, nearest_place, sentence_around
from vetopoint.evidence.review import FIXED, changed

EDITABLE = (
    "content", "speaker", "cue", "chain", "kind", "act", "polarity", "hedge", "reporter_hedge", "condition", "about", "edges",
    "restates", "origin", "date", "note", "quote", "sentence", "nth",
)  # fmt: skip
"""Fields that a review can correct, in the order in which a reviewer looks at them."""
CHOICES: Mapping[str, tuple[str, ...]] = {"kind": get_args(Kind), "act": get_args(Act), "polarity": ("1", "-1")}
_PLACED = ("content", "speaker", "cue", "quote", "sentence")
_POLARITY = {"affirmed": 1, "positive": 1, "+1": 1, "denied": -1, "negative": -1, "−1": -1}
_KINDS = get_args(LinkKind)
_PARTS = re.compile(r"\s*(?:…|\[…\]|\.\.\.)\s*")
_STEP = re.compile(r"(?:^|(?<=\s))[>→](?=\s|$)")
_BACK = re.compile(r"(?:^|(?<=\s))[<←](?=\s|$)")
_EDGE_KINDS = "|".join(get_args(EdgeKind))
_NEXT_EDGE = re.compile(rf"\s*[,;]\s*(?=[+\-]?\s*!?\s*(?:{_EDGE_KINDS})\b)")
_EDGE = re.compile(r"([+\-]?)\s*(!?)\s*(\w+)\s*(?::\s*([\w.\-]*))?\s*(?:\((.*?)\))?\s*(?:=\s*(.*))?", re.DOTALL)
_EDGE_FORM = "write kind:actor, such as requires:ostia or !veto:norland(the plan); docs/claims.md"
_LINK_FORM = "write it outermost first: The Gazette (outlet) > named: Ada Holm @ostia; docs/claims.md"


def shown(claim: Claim, name: str) -> str:
    """A field in its short form."""
    value = getattr(claim, name)
    if name in ("content", "speaker"):
        return " … ".join(span.text for span in value)
    if name in ("cue", "sentence"):
        return value.text if value is not None else ""
    if name == "chain":
        return _faithful(" > ".join(map(link_text, value)), value, lambda text: _links(text, claim))
    if name == "edges":
        return _faithful(", ".join(map(edge_text, value)), value, lambda text: _edges(text, claim))
    return str(value)


def link_text(link: Link) -> str:
    """A link in its short form: kind, name, whether it is an outlet, the actor for whom it speaks."""
    kind = "" if link.kind == "named" and link.name.partition(":")[0].strip() not in _KINDS else f"{link.kind}: "
    role = f" ({link.role})" if link.role in ("outlet", "article") else ""
    return f"{kind}{link.name}{role}{f' @{link.actor}' if link.actor else ''}".strip()


def edge_text(edge: Edge) -> str:
    """An edge in its short form: ``!`` where it is denied, kind, actor, plan in brackets, what behind the equals sign."""
    actor = f":{edge.actor}" if edge.actor else ""
    plan = f"({edge.plan})" if edge.plan else ""
    return f"{'' if edge.holds else '!'}{edge.kind}{actor}{plan}{f'={edge.what}' if edge.what else ''}"


def _faithful(short: str, value: Sequence[Link | Edge], back: Callable[[str], Sequence[Link | Edge]]) -> str:
    try:
        if tuple(back(short)) == tuple(value):
            return short
    except EvidenceError:
        pass
    return json.dumps([part.model_dump(exclude_defaults=True) for part in value], ensure_ascii=False)


def settled(claim: Claim, changes: Mapping[str, Any], document: Document) -> dict[str, Any]:
    """A correction as it is kept: short forms read, words found in the document, every value checked.

    Words that carry the claim are looked for in its sentence, then nearest to it. A new quote is the new content too, and a
    new content brings its sentence along.

    Raises
    ------
    EvidenceError
        A field is unknown or cannot be corrected, a value is none that it may have, or words stand nowhere in the document; the
        message gives what comes nearest.
    """
    for name in changes:
        if name in FIXED:
            raise _wrong(claim, f"{name} cannot be corrected", "correct the other fields; give a reason with --reason")
        if name not in EDITABLE:
            raise _wrong(claim, f"no field {name!r}", did_you_mean(name, EDITABLE, f"one of {', '.join(EDITABLE)}"))
    found = {name: _read(claim, name, value) for name, value in changes.items() if name not in _PLACED}
    found |= _placed(claim, {name: changes[name] for name in _PLACED if name in changes}, document, found.get("nth", 0))
    after = changed(claim, found)
    return {name: after.model_dump(mode="json")[name] for name in found}


def _read(claim: Claim, name: str, value: Any) -> Any:
    if name == "chain":
        return [link.model_dump() for link in _links(value, claim)]
    if name == "edges":
        return [edge.model_dump() for edge in _edges(value, claim)]
    if name in CHOICES:
        return _chosen(claim, name, value)
    if name == "nth":
        return _counted(claim, value)
    text = " ".join(str(value).split())
    if name == "date" and text:
        try:
            date.fromisoformat(text)
        except ValueError:
            raise _wrong(claim, f"date: {text!r} is no date", "write YYYY-MM-DD") from None
    return text


def _counted(claim: Claim, value: Any) -> int:
    if not str(value).isascii() or not str(value).isdigit() or not 0 < int(value) < 1_000_000:
        raise _wrong(claim, f"nth: {value!r} is no count", "write 2 for the second place where the words stand")
    return int(value)


def _chosen(claim: Claim, name: str, value: Any) -> Any:
    text = str(value).strip()
    if name == "polarity":
        text = str(_POLARITY.get(text.casefold(), text))
    known = {choice.casefold(): choice for choice in CHOICES[name]}
    if text.casefold() not in known:
        words = [choice for choice in CHOICES[name] if choice]
        raise _wrong(claim, f"{name}: no {text!r}", did_you_mean(text, words, f"one of {', '.join(words)}", 0.7))
    return int(text) if name == "polarity" else known[text.casefold()]


def _links(value: Any, claim: Claim) -> Sequence[Link]:
    return _many(value, Link, lambda text: read_chain(text, claim))


def _edges(value: Any, claim: Claim) -> Sequence[Edge]:
    return _many(value, Edge, lambda text: read_edges(text, claim))


def _many(value: Any, model: type[Link] | type[Edge], read: Callable[[str], Sequence[Link | Edge]]) -> Sequence[Any]:
    """Links or edges from JSON, from JSON in a text, or from the short form."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        try:
            value = json.loads(value)
        except json.JSONDecodeError as error:
            raise EvidenceError(f"no JSON ({error.msg}, column {error.colno}) → docs/claims.md") from error
    if isinstance(value, str):
        return read(value)
    parts = value if isinstance(value, Sequence) else [value]
    try:
        return [part if isinstance(part, model) else model.model_validate(part) for part in parts]
    except ValidationError as error:
        fault = first_fault(error, model.model_fields)
        raise EvidenceError(f"{model.__name__.lower()}: {fault} → docs/claims.md") from error


def read_chain(text: str, claim: Claim) -> tuple[Link, ...]:
    """Links from the short form, outermost first behind ``>``, innermost first behind ``<``.

    A bare ``outlet`` or ``article`` is the link of that role that the claim has, and goes first wherever it is written. A link
    keeps the function and the reason for anonymity that the claim's link of the same name and kind has.
    """
    back = _BACK.search(text) is not None and _STEP.search(text) is None
    pieces = [piece.strip() for piece in (_BACK if back else _STEP).split(text.strip())] if text.strip() else []
    pieces = pieces[::-1] if back else pieces
    published = [_of_role(piece, claim) for piece in pieces if piece in ("outlet", "article")]
    return (*published, *(_link(piece, claim) for piece in pieces if piece not in ("outlet", "article")))


def _of_role(role: str, claim: Claim) -> Link:
    found = next((link for link in claim.chain if link.role == role), None)
    if found is None:
        raise _wrong(claim, f"chain: the claim has no {role}", f"name it: The Gazette ({role}) > …")
    return found


def _link(text: str, claim: Claim) -> Link:
    if not text:
        raise _wrong(claim, "chain: an empty link", _LINK_FORM)
    kept, at, actor = text.rpartition("@")
    if not at or not re.fullmatch(r"[\w.\-]*", actor) or (kept and not kept[-1:].isspace()):
        kept, actor = text, ""
    head, colon, _ = kept.partition(":")
    if colon and " " not in head.strip() and head.strip() not in _KINDS and did_you_mean(head.strip(), _KINDS, ""):
        raise _wrong(claim, f"chain: no kind {head.strip()!r}", did_you_mean(head.strip(), _KINDS, ""))
    link = Link.model_validate(kept.strip())
    if not link.name and link.kind != "unknown":
        raise _wrong(claim, f"chain: {text!r} has no name", _LINK_FORM)
    same = next((old for old in claim.chain if (old.name, old.kind) == (link.name, link.kind)), None)
    more = {"actor": actor}
    if same is not None:
        more |= {"reason": same.reason} | ({} if link.role else {"role": _function(same)})
    return link.model_copy(update=more)


def _function(link: Link) -> str:
    return "" if link.role in ("outlet", "article") else link.role


def read_edges(text: str, claim: Claim) -> tuple[Edge, ...]:
    """Edges from the short form; an edge keeps the plan and the words that the claim's edge of that kind and actor has.

    Where each begins with ``+`` or ``-``, they are added to the claim's own, or taken from them.
    """
    items = [_edge(piece, claim) for piece in _NEXT_EDGE.split(text.strip())] if text.strip() else []
    signs = {sign for sign, _ in items}
    if not signs - {""}:
        return tuple(edge for _, edge in items)
    if "" in signs:
        raise _wrong(claim, "edges: some with a sign, some without", "put + or - before each, or before none")
    edges = list(claim.edges)
    for sign, edge in items:
        same = [old for old in edges if (old.kind, old.actor) == (edge.kind, edge.actor)]
        if sign == "-" and not same:
            raise _wrong(claim, f"edges: it has no {edge.kind}:{edge.actor}", f"it has {_listed(claim)}")
        edges = [old for old in edges if old not in same]
        edges += [edge] if sign == "+" else []
    return tuple(edges)


def _listed(claim: Claim) -> str:
    return ", ".join(map(edge_text, claim.edges)) or "none"


def _edge(text: str, claim: Claim) -> tuple[str, Edge]:
    match = _EDGE.fullmatch(text.strip())
    if match is None:
        raise _wrong(claim, f"edges: {text!r} is none", _EDGE_FORM)
    sign, denied, kind, actor, plan, what = match.groups()
    if kind not in get_args(EdgeKind):
        raise _wrong(claim, f"edges: no kind {kind!r}", did_you_mean(kind, get_args(EdgeKind), _EDGE_FORM))
    edge = Edge.model_validate({"kind": kind, "actor": actor or "", "holds": not denied})
    same = next((old for old in claim.edges if (old.kind, old.actor) == (edge.kind, edge.actor)), edge)
    plan = same.plan if plan is None else plan.strip()
    what = same.what if what is None else what.strip()
    return sign, edge.model_copy(update={"plan": plan, "what": what})


def _placed(claim: Claim, words: Mapping[str, Any], document: Document, nth: int) -> dict[str, Any]:
    """The fields that are words of the document, with their places."""
    text = document.text
    near = _window(claim, text)
    found: dict[str, Any] = {}
    if words.get("sentence"):
        found["sentence"] = _spans(claim, "sentence", words["sentence"], document, near, nth)[0]
        near = found["sentence"].start, found["sentence"].end
    if words.get("quote"):
        spans = _spans(claim, "quote", words["quote"], document, near, nth)
        found["quote"] = spans[0].text if len(spans) == 1 else ""
        found["content"] = spans
    if "content" in words:
        found["content"] = _spans(claim, "content", words["content"], document, near, nth)
        found["quote"] = found["content"][0].text if len(found["content"]) == 1 else ""
    if "content" in found:
        first, last = min(s.start for s in found["content"]), max(s.end for s in found["content"])
        if not (near[0] <= first and last <= near[1]) or (claim.sentence is None and "sentence" not in found):
            found["sentence"] = sentence_around(text, first, last)
            near = found["sentence"].start, found["sentence"].end
    for name in ("speaker", "cue"):
        if name in words:
            spans = _spans(claim, name, words[name], document, near, 0) if words[name] else ()
            found[name] = spans if name == "speaker" else next(iter(spans), None)
    return {name: _plain(value) for name, value in found.items()}


def _window(claim: Claim, text: str) -> tuple[int, int]:
    spans = [span for span in (claim.sentence, *claim.content) if span is not None and span.located]
    return (min(s.start for s in spans), max(s.end for s in spans)) if spans else (0, len(text))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [span.model_dump() for span in value]
    return value.model_dump() if isinstance(value, Span) else value


def _spans(
    claim: Claim, name: str, value: Any, document: Document, near: tuple[int, int], nth: int
) -> tuple[Span, ...]:
    """Where the words stand; a text may be in pieces, parted by an ellipsis."""
    text = document.text
    if isinstance(value, str):
        whole = find_words(value, text, near, nth)
        pieces: list[Any] = [whole] if whole is not None else [p for p in _PARTS.split(value) if p.strip()]
    else:
        pieces = list(value) if isinstance(value, list | tuple) else [value]
    spans = tuple(_span(claim, name, piece, document, near, nth) for piece in pieces)
    if not spans:
        raise _wrong(claim, f"{name}: no words", "copy them from the document")
    if len(spans) > 1 and name in ("cue", "sentence"):
        raise _wrong(claim, f"{name}: {len(spans)} pieces", "give one, as it stands in the document")
    return spans


def _span(claim: Claim, name: str, piece: Any, document: Document, near: tuple[int, int], nth: int) -> Span:
    text = document.text
    try:
        given = (
            piece
            if isinstance(piece, Span)
            else Span.model_validate({"text": piece} if isinstance(piece, str) else piece)
        )
    except ValidationError as error:
        raise _wrong(
            claim, f"{name}: no words ({first_fault(error, Span.model_fields)})", "give the words as a text"
        ) from error
    if given.located and text[given.start : given.end] == given.text and given.text.strip():
        return given
    found = find_words(given.text, text, near, nth)
    if found is not None:
        return found
    close = nearest_place(given.text, text)
    where = f"{name}: {given.text[:80]!r} does not stand in {document.id!r}"
    if nth > 1 and find_words(given.text, text, near) is not None:
        raise _wrong(claim, f"{where} {nth} times", "give a smaller nth")
    if close is None:
        raise _wrong(claim, where, "copy its words exactly")
    near_by = f"line {line_of(text, close.start)}, characters {close.start}–{close.end}: “{' '.join(close.text.split())[:160]}”"
    raise _wrong(claim, where, f"nearest is {near_by}")


def _wrong(claim: Claim, what: str, remedy: str) -> EvidenceError:
    return EvidenceError(f"claim {claim.id!r}: {what} → {remedy}")
