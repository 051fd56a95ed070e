"""W3C Web Annotations: a list, a collection, a page or a single one.

Sources: Web Annotation Data Model and Web Annotation Vocabulary (W3C Recommendations, 23 February 2017): targets §3.2 and §4,
`TextQuoteSelector` §4.2.4, `TextPositionSelector` §4.2.5 (code points, counted from 0, the end exclusive), refinement of
selection §4.2.9, agents §3.3.2, bodies §3.2.4, collections §5; text fragments: RFC 5147. Selectors in a list are
alternatives for one passage; one under ``refinedBy`` selects within what the outer one selects. Programs in browsers count
UTF-16 units although the Recommendation says otherwise, so the quoted words decide.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from vetopoint.evidence.claim import Claim, Span
from vetopoint.evidence.exchange._bounds import listed, mapping_of, parse_json, read_text, whole_number, wrong
from vetopoint.evidence.exchange._passages import Foreign, Mark, Piece
from vetopoint.evidence.exchange._whole import claim_of, placed

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_REMEDY = "see the Web Annotation Data Model, https://www.w3.org/TR/annotation-model/"
_AROUND = 32
_FRAGMENT = re.compile(r"char=([0-9]{1,15}),([0-9]{1,15})(?:;.*)?", re.ASCII)
_MOST_NESTED = 20
_NOTHING = Piece()
_SELECTORS = "passage{s} selected by other means than text"


def write_annotations(claims: Iterable[Claim], path: Path, texts: Mapping[str, str]) -> None:
    """Write claims as an annotation page, each with the whole claim as its body and both kinds of text selector."""
    page = to_web_annotation(placed(claims, path), texts)
    path.write_text(json.dumps(page, ensure_ascii=False, indent=1), encoding="utf-8", newline="")


def to_web_annotation(claims: Iterable[Claim], texts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Claims as a Web Annotation page; with `texts` the quotations say what stands around them."""
    items = []
    for claim in claims:
        value = claim.model_dump(exclude_defaults=True, mode="json")
        text = (texts or {}).get(claim.source, "")
        items.append(
            {
                "id": f"urn:vetopoint:claim:{claim.id}",
                "type": "Annotation",
                "motivation": "describing",
                "creator": {"type": "Person", "name": claim.coder},
                "body": {"type": "Dataset", "format": "application/json", "value": value},
                "target": [{"source": claim.source, "selector": _selectors(span, text)} for span in claim.content],
            }
        )
    return {"@context": _CONTEXT, "type": "AnnotationPage", "items": items}


def _selectors(span: Span, text: str) -> list[dict[str, Any]]:
    quote = {"type": "TextQuoteSelector", "exact": span.text}
    if text:
        quote |= {
            "prefix": text[max(span.start - _AROUND, 0) : span.start],
            "suffix": text[span.end : span.end + _AROUND],
        }
    return [{"type": "TextPositionSelector", "start": span.start, "end": span.end}, quote]


def read_annotations(path: Path) -> Foreign:
    """Read annotations of text; those of whole documents, of images and by other selectors are counted."""
    return annotations_in(parse_json(read_text(path, _REMEDY), path, _REMEDY), path)


def annotations_in(data: Any, path: Path) -> Foreign:
    """The annotations of a parsed file."""
    found = Foreign(remedy=_REMEDY)
    for number, item in enumerate(_items(data, path, found), start=1):
        place = f"annotation {number}"
        if isinstance(item, str):
            found.left["annotation{s} named by address only"] += 1
            continue
        _take(mapping_of(item, path, place, _REMEDY), path, place, found)
    return found


def _items(data: Any, path: Path, found: Foreign) -> Iterator[Any]:
    """The annotations of a list, a graph, a collection, a page, or a single one."""
    if isinstance(data, list):
        yield from data
        return
    top = mapping_of(data, path, "", _REMEDY)
    if "@graph" in top:
        yield from listed(top["@graph"], path, "@graph", _REMEDY)
    elif "items" in top:
        yield from listed(top["items"], path, "items", _REMEDY)
    elif "first" in top or "AnnotationCollection" in _types(top):
        yield from _pages(top, path, found)
    elif "target" in top:
        yield top
    else:
        raise wrong(path, "neither an annotation nor a page or collection of them", _REMEDY)


def _pages(top: dict[str, Any], path: Path, found: Foreign) -> Iterator[Any]:
    page, number = top.get("first"), 0
    while page is not None:
        number += 1
        if isinstance(page, str):
            found.left["page{s} of annotations named by address only"] += 1
            return
        place = f"page {number}"
        inside = mapping_of(page, path, place, _REMEDY)
        yield from listed(inside.get("items", []), path, f"{place}, items", _REMEDY)
        page = inside.get("next")


def _types(thing: Mapping[str, Any]) -> list[Any]:
    kind = thing.get("type", thing.get("@type"))
    return kind if isinstance(kind, list) else [kind]


def _take(item: dict[str, Any], path: Path, place: str, found: Foreign) -> None:
    if "target" not in item:
        raise wrong(path, "no target", _REMEDY, place)
    codes, notes, whole = _bodies(item, path, place)
    pieces: dict[str, list[Piece]] = {}
    for target in _targets(item["target"], path, place, 0):
        source, piece, noun = _passage(target, path, place)
        if piece is None:
            found.left[noun] += 1
            continue
        pieces.setdefault(source, []).append(piece)
    name = item.get("id", item.get("@id", ""))
    id = re.sub(r"\W+", "-", name).strip("-") if isinstance(name, str) else ""
    for number, (source, content) in enumerate(pieces.items(), start=1):
        mark = Mark(place, source, tuple(content), id, coder=_agent(item.get("creator")), codes=codes, note=notes)
        several = f"{id}-{number}" if id and number > 1 else id
        found.marks.append(replace(mark, id=several, whole=whole if number == 1 else None))


def _targets(target: Any, path: Path, place: str, depth: int) -> Iterator[Any]:
    if depth > _MOST_NESTED:
        raise wrong(path, "targets nested too deeply", _REMEDY, place)
    if isinstance(target, list):
        for one in target:
            yield from _targets(one, path, place, depth + 1)
    elif isinstance(target, dict) and "items" in target:
        yield from _targets(listed(target["items"], path, place, _REMEDY), path, place, depth + 1)
    else:
        yield target


def _passage(target: Any, path: Path, place: str) -> tuple[str, Piece | None, str]:
    """Document and passage of one target, or the noun under which it is counted."""
    whole = "annotation{s} of a whole document"
    about = {"source": target} if isinstance(target, str) else mapping_of(target, path, place, _REMEDY)
    source = about.get("source", about.get("id", about.get("@id")))
    if isinstance(source, dict):
        source = source.get("id", source.get("@id"))
    if not isinstance(source, str):
        raise wrong(path, "a target without a source", _REMEDY, place)
    if "selector" not in about:
        base, _, fragment = source.partition("#")
        return base, _fragment(fragment), whole if not fragment else _SELECTORS
    return source, _selected(about["selector"], path, place, 0), _SELECTORS


def _fragment(fragment: str) -> Piece | None:
    match = _FRAGMENT.fullmatch(fragment)
    return Piece(int(match[1]), int(match[2])) if match else None


def _selected(selector: Any, path: Path, place: str, depth: int, within: Piece | None = None) -> Piece | None:
    """The passage of a selector, or of a list of them that are alternatives for one passage."""
    if depth > _MOST_NESTED:
        raise wrong(path, "selectors nested too deeply", _REMEDY, place)
    found = Piece(within=within)
    for option in selector if isinstance(selector, list) else [selector]:
        if isinstance(option, str):
            continue
        one = mapping_of(option, path, place, _REMEDY)
        piece = _simple(one, path, place)
        if piece is None:
            continue
        refined = one.get("refinedBy")
        if refined is not None:
            return _selected(refined, path, place, depth + 1, replace(piece, within=within))
        told = {name: value for name, value in vars(piece).items() if value != getattr(_NOTHING, name)}
        found = replace(found, **told)
    return found if found.start >= 0 or found.words else None


def _simple(one: dict[str, Any], path: Path, place: str) -> Piece | None:
    if "exact" in one:
        words, before, after = (one.get(name, "") for name in ("exact", "prefix", "suffix"))
        if not isinstance(words, str) or not isinstance(before, str) or not isinstance(after, str):
            raise wrong(path, "a quotation that is no text", _REMEDY, place)
        return Piece(words=words, before=before, after=after)
    if "TextPositionSelector" in _types(one) or {"start", "end"} <= one.keys():
        start, end = (whole_number(one.get(name), path, f"{place}, {name}", _REMEDY) for name in ("start", "end"))
        if end < start:
            raise wrong(path, f"it ends at {end}, before it starts at {start}", _REMEDY, place)
        return Piece(start, end)
    if "FragmentSelector" in _types(one) and isinstance(one.get("value"), str):
        return _fragment(one["value"])
    return None


def _bodies(item: dict[str, Any], path: Path, place: str) -> tuple[tuple[str, ...], str, Claim | None]:
    """Tags, comments, and the whole claim where this package wrote the annotation."""
    codes: list[str] = []
    notes: list[str] = []
    whole = None
    bodies = item.get("body", item.get("bodyValue", []))
    for body in bodies if isinstance(bodies, list) else [bodies]:
        if not isinstance(body, dict):
            notes.append(str(body) if isinstance(body, str) else "")
            continue
        value = body.get("value")
        if isinstance(value, dict) and "Dataset" in _types(body):
            whole = claim_of(value, path, place)
        elif isinstance(value, str):
            tagging = "tagging" in _purposes(body, item) or "classifying" in _purposes(body, item)
            (codes if tagging else notes).append(value)
        elif isinstance(address := body.get("id", body.get("source")), str):
            notes.append(address)
    return tuple(codes), "; ".join(filter(None, notes)), whole


def _purposes(body: Mapping[str, Any], item: Mapping[str, Any]) -> list[Any]:
    purpose = body.get("purpose", item.get("motivation"))
    return purpose if isinstance(purpose, list) else [purpose]


def _agent(creator: Any) -> str:
    """Who made an annotation: a name, else an address."""
    if isinstance(creator, list):
        return (
            next(filter(None, map(_agent, creator[:20])), "") if not any(isinstance(c, list) for c in creator) else ""
        )
    if not isinstance(creator, dict):
        return creator if isinstance(creator, str) else ""
    named = [creator.get(key) for key in ("name", "nickname", "id", "@id")]
    flat = [name for value in named for name in (value if isinstance(value, list) else [value])]
    return next((name for name in flat if isinstance(name, str) and name), "")
