"""Tasks as Label Studio exports them in its JSON and its short JSON form.

Source: Label Studio documentation, "Label Studio Task Format" and "How Label Studio saves results in annotations"
(HumanSignal/label-studio, docs/source/includes/task_format.md and result_format.md): a list of tasks with ``data`` and
``annotations`` (``completions`` before version 1), each a list of results; those of one region share an id; ``labels``
and ``choices`` name it, ``relation`` joins two. Offsets count code points since label-studio-frontend#308, and UTF-16 units
before (label-studio#1347); the region's own ``text`` decides.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vetopoint.evidence.claim import Claim, Span
from vetopoint.evidence.documents import Document
from vetopoint.evidence.exchange._bounds import listed, mapping_of, parse_json, read_text, whole_number, wrong
from vetopoint.evidence.exchange._codes import Meanings, codes_of
from vetopoint.evidence.exchange._passages import Foreign, Mark, Piece
from vetopoint.evidence.exchange._whole import carried, carry, placed

_REMEDY = "export it from Label Studio as JSON"
_NAMES = ("document", "source", "title", "name", "filename", "file", "id")
_TEXTUAL = ("labels", "hypertextlabels", "text", "hypertext")
_MEANT = {"speaker": "speaker", "source": "speaker", "cue": "cue"}


@dataclass
class _Region:
    """What the results of one region say together."""

    place: str
    piece: Piece | None = None
    labels: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    whole: Claim | None = None


def is_export(data: Any) -> bool:
    """Whether parsed JSON is an export of Label Studio."""
    tasks = data if isinstance(data, list) else [data]
    first = tasks[0] if tasks else None
    return isinstance(first, dict) and ("annotations" in first or "completions" in first or "annotator" in first)


def read_tasks(path: Path, meanings: Meanings) -> Foreign:
    """Read an export; predictions, skipped annotations and regions of images or sound are counted."""
    return tasks_in(parse_json(read_text(path, _REMEDY), path, _REMEDY), path, meanings)


def tasks_in(data: Any, path: Path, meanings: Meanings) -> Foreign:
    """The annotations of a parsed export."""
    found = Foreign(remedy="name the case's documents, or give them the tasks' very text")
    tasks = data if isinstance(data, list) else [data]
    for number, item in enumerate(tasks, start=1):
        place = f"task {number}"
        task = mapping_of(item, path, place, _REMEDY)
        if "data" not in task:
            _short_form(task, number, path, place, meanings, found)
            continue
        texts = {
            k: v for k, v in mapping_of(task["data"], path, f"{place}, data", _REMEDY).items() if isinstance(v, str)
        }
        source = _document(texts, number, found)
        notes = task.get("annotations", task.get("completions", []))
        for index, note in enumerate(listed(notes, path, f"{place}, annotations", _REMEDY), start=1):
            _annotation(note, source, f"{place}, annotation {index}", path, meanings, found)
        predictions = task.get("predictions")
        found.left["prediction{s}"] += len(predictions) if isinstance(predictions, list) else 0
    found.left = +found.left
    return found


def _document(texts: Mapping[str, str], number: int, found: Foreign) -> str:
    """The name of a task's text: what the task calls it, else its number."""
    text = texts.get("text") or max((value for key, value in texts.items() if key not in _NAMES), key=len, default="")
    name = next((texts[key] for key in _NAMES if texts.get(key)), f"task {number}")
    while name in found.texts and found.texts[name] != text:
        name += "~"
    if text:
        found.texts[name] = text
    return name


def _coder(note: Mapping[str, Any]) -> str:
    who = note.get("completed_by")
    if isinstance(who, dict):
        named = " ".join(str(who.get(key) or "") for key in ("first_name", "last_name")).strip()
        return named or str(who.get("email") or who.get("id") or "")
    if isinstance(who, str):
        return who
    return f"user {who}" if isinstance(who, int) and not isinstance(who, bool) else ""


def _annotation(item: Any, source: str, place: str, path: Path, meanings: Meanings, found: Foreign) -> None:
    note = mapping_of(item, path, place, _REMEDY)
    if note.get("was_cancelled") is True:
        found.left["skipped annotation{s}"] += 1
        return
    regions: dict[str, _Region] = {}
    relations: list[dict[str, Any]] = []
    for number, raw in enumerate(listed(note.get("result", []), path, f"{place}, result", _REMEDY), start=1):
        where = f"{place}, result {number}"
        result = mapping_of(raw, path, where, _REMEDY)
        if result.get("type") == "relation":
            relations.append(result)
            continue
        key = result.get("id", f"\n{number}")
        if not isinstance(key, str | int) or isinstance(key, bool):
            raise wrong(path, "an id that is neither text nor number", _REMEDY, where)
        _result(result, regions.setdefault(str(key), _Region(where)), path, where, found)
    regions = {key: region for key, region in regions.items() if region.piece or region.labels or region.notes}
    prefix = f"{source}.{note['id']}" if isinstance(note.get("id"), str | int) else source
    found.marks += _marks(
        regions, _ends(relations, regions, meanings, found), source, prefix, _coder(note), meanings, found
    )


def _result(result: dict[str, Any], region: _Region, path: Path, place: str, found: Foreign) -> None:
    value = mapping_of(result.get("value", {}), path, f"{place}, value", _REMEDY)
    kind = str(result.get("type", ""))
    labels = [name for key in (kind, "labels", "choices") for name in _texts(value.get(key))]
    if "start" in value and kind in _TEXTUAL:
        piece = _piece(value, path, place)
        if region.piece is not None and region.piece != piece:
            raise wrong(path, "one id for two regions", "give each region its own id", place)
        region.piece = piece
    elif kind not in (*_TEXTUAL, "choices", "textarea", "rating", "number", "taxonomy") and not labels:
        found.left[f"region{{s}} of type {kind or 'none'}"] += 1
        return
    region.labels += [name for name in labels if name not in region.labels]
    if kind == "textarea":
        region.notes += _texts(value.get("text"))
    meta = result.get("meta")
    for line in _texts(meta.get("text")) if isinstance(meta, dict) else []:
        whole = carried(line, path, place)
        region.whole = region.whole or whole
        region.notes += [line] if whole is None else []


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _piece(value: dict[str, Any], path: Path, place: str) -> Piece:
    words = value.get("text", "")
    words = words if isinstance(words, str) else ""
    whole = value.get("globalOffsets")
    ends = whole if isinstance(whole, dict) else value
    if isinstance(ends.get("start"), str) and isinstance(ends.get("end"), str):
        return Piece(words=words)  # the path of an element in a page
    start, end = (whole_number(ends.get(side), path, f"{place}, {side}", _REMEDY) for side in ("start", "end"))
    if end < start:
        raise wrong(path, f"it ends at {end}, before it starts at {start}", _REMEDY, place)
    return Piece(start, end, words)


def _ends(
    relations: Iterable[dict[str, Any]], regions: Mapping[str, _Region], meanings: Meanings, found: Foreign
) -> dict[str, list[tuple[str, str]]]:
    """Content's region → the regions joined to it, and as which part."""
    out: dict[str, list[tuple[str, str]]] = {}
    for relation in relations:
        ends = [str(relation.get(key)) for key in ("from_id", "to_id")]
        names = _texts(relation.get("labels")) or [""]
        roles = meanings.relations.get(names[0])
        told = (
            [roles.get(f"Arg{n}", "ignore") for n in (1, 2)]
            if roles
            else [_part(regions.get(end), meanings) for end in ends]
        )
        if any(end not in regions for end in ends) or told.count("content") != 1:
            found.left[f"relation{{s}} {names[0]}".strip()] += 1
            continue
        if relation.get("direction") == "left" and roles:
            ends.reverse()
        content = ends[told.index("content")]
        out.setdefault(content, []).append((told[1 - told.index("content")], ends[1 - told.index("content")]))
    return out


def _part(region: _Region | None, meanings: Meanings) -> str:
    for label in region.labels if region else ():
        if label in meanings.types:
            return meanings.types[label].part
        if label.lower() in _MEANT:
            return _MEANT[label.lower()]
    return "content"


def _marks(
    regions: Mapping[str, _Region],
    joined: Mapping[str, list[tuple[str, str]]],
    source: str,
    prefix: str,
    coder: str,
    meanings: Meanings,
    found: Foreign,
) -> list[Mark]:
    marks: dict[str, Mark] = {}
    used = {key for ends in joined.values() for part, key in ends if part in ("speaker", "cue", "actor")}
    for key, region in regions.items():
        part = _part(region, meanings)
        if region.piece is None:
            found.left["judgement{s} of a whole text"] += 1
        elif part == "ignore" or (part != "content" and key not in used):
            found.left[f"region{{s}} labelled {', '.join(region.labels)}"] += 1
        elif part == "content" and key not in used:
            id, note = f"{prefix}.{key}", "; ".join(region.notes)
            mark = Mark(region.place, source, (region.piece,), id, coder=coder, codes=tuple(region.labels), note=note)
            mark = _with(mark, joined.get(key, ()), regions)
            whole = region.whole
            if whole is not None and whole.id in marks:
                mark = replace(marks[whole.id], content=(*marks[whole.id].content, region.piece))
            marks[whole.id if whole else f"\n{key}"] = replace(mark, id=whole.id if whole else id, whole=whole)
    return list(marks.values())


def _with(mark: Mark, ends: Iterable[tuple[str, str]], regions: Mapping[str, _Region]) -> Mark:
    for part, key in ends:
        piece = regions[key].piece
        if piece is None:
            continue
        if part == "speaker":
            mark = replace(mark, speaker=(*mark.speaker, piece))
        elif part == "cue":
            mark = replace(mark, cue=(*mark.cue, piece))
        elif part == "actor":
            mark = replace(mark, actor=piece.words)
    return mark


def _short_form(task: dict[str, Any], number: int, path: Path, place: str, meanings: Meanings, found: Foreign) -> None:
    """A task of the short form, whose regions stand under the names of its controls."""
    texts = {key: value for key, value in task.items() if isinstance(value, str)}
    source = _document(texts, number, found)
    regions: dict[str, _Region] = {}
    for key, value in task.items():
        for index, raw in enumerate(value if isinstance(value, list) else (), start=1):
            if isinstance(raw, dict) and "start" in raw:
                where = f"{place}, {key} {index}"
                kind = next((name for name in _TEXTUAL[:2] if name in raw), "labels")
                result = {"type": kind, "value": raw}
                _result(result, regions.setdefault(f"{key}{index}", _Region(where)), path, where, found)
    if not regions:
        found.left["task{s} without regions"] += 1
    who = task.get("annotator", task.get("completed_by"))
    coder = _coder({"completed_by": who})
    found.marks += _marks(regions, {}, source, f"{source}.{number}", coder, meanings, found)


def write_tasks(claims: Iterable[Claim], documents: Mapping[str, Document], path: Path) -> None:
    """Write a task for each document, the claims' passages labelled with their codes, each whole in a region's note."""
    claims = placed(claims, path)
    tasks = []
    for number, name in enumerate(dict.fromkeys(claim.source for claim in claims), start=1):
        if name not in documents:
            raise wrong(path, f"no document {name!r}", "give it along with its claims")
        own = [claim for claim in claims if claim.source == name]
        notes = [
            {"id": f"{number}-{coder}", "completed_by": coder, "result": _results([c for c in own if c.coder == coder])}
            for coder in dict.fromkeys(claim.coder for claim in own)
        ]
        tasks.append({"id": number, "data": {"text": documents[name].text, "document": name}, "annotations": notes})
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1), encoding="utf-8", newline="")


def _results(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for claim in claims:
        first = len(out)
        for span in claim.content:
            region = _region(span, [*codes_of(claim)])
            out.append({**region, "id": f"{claim.id}#{len(out) - first}", "meta": {"text": [carry(claim)]}})
        for label, spans in (("speaker", claim.speaker), ("cue", (claim.cue,) if claim.cue else ())):
            for number, span in enumerate(spans):
                id = f"{claim.id}#{label}{number}"
                out.append({**_region(span, [label]), "id": id})
                relation = {
                    "type": "relation",
                    "from_id": id,
                    "to_id": f"{claim.id}#0",
                    "direction": "right",
                    "labels": [],
                }
                out.append(relation)
    return out


def _region(span: Span, labels: list[str]) -> dict[str, Any]:
    value = {"start": span.start, "end": span.end, "text": span.text, "labels": labels}
    return {"from_name": "label", "to_name": "text", "type": "labels", "value": value}
