"""Spans in brat's stand-off form: a folder with a ``.txt`` and an ``.ann`` for each document, and ``annotation.conf``.

Source: brat standoff format and annotation configuration, https://brat.nlplab.org/standoff.html and
https://brat.nlplab.org/configuration.html; the types Source, Cue and Content are those of PolNeAR (Newell, Margolin & Ruths, LREC
2018). A ``T`` line is a type, one or several spans (``0 5;16 23``) and their words, a blank between pieces; ``E`` an event
on a trigger; ``R`` a relation; ``A`` and ``M`` attributes; ``#`` a note. Offsets count the characters of the ``.txt``, which
programs on Windows write with two characters at the end of a line and often count as one: the words decide.
Other types than those three mean what a mapping file says.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, unquote

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim
from vetopoint.evidence.documents import Document
from vetopoint.evidence.exchange._bounds import number_in, read_text, wrong
from vetopoint.evidence.exchange._codes import Meaning, Meanings, Part
from vetopoint.evidence.exchange._passages import Foreign, Mark, Piece
from vetopoint.evidence.exchange._whole import carried, carry, placed
from vetopoint.evidence.scores import ROLES

_OWN: Mapping[str, Meaning] = {
    "source": Meaning("speaker"),
    "cue": Meaning("cue"),
    "content": Meaning("content"),
}
_OWN_ATTRIBUTES: Mapping[str, Meaning] = {"Negation": Meaning(fields={"polarity": -1})}
"""The name in brat's own sample configuration, and one that must not be lost: it turns the claim round."""
_REMEDY = "see https://brat.nlplab.org/standoff.html"
_MAPPING = "say in a mapping file what its types mean: --mapping FILE, see docs/exchange.md"
_CONFIGURATION = """[entities]
Source
Cue
Content

[relations]

[events]
Cue\tSource*:Source, Content*:Content
Source\tContent*:Content
Content

[attributes]
"""


@dataclass(frozen=True)
class _Span:
    type: str
    pieces: tuple[Piece, ...]
    place: str


@dataclass(frozen=True)
class _Event:
    type: str
    trigger: str
    roles: tuple[tuple[str, str], ...]
    place: str


@dataclass
class _Notes:
    """One ``.ann`` file, line by line."""

    spans: dict[str, _Span] = field(default_factory=dict)
    events: dict[str, _Event] = field(default_factory=dict)
    relations: list[_Event] = field(default_factory=list)
    attributes: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    remarks: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    left: Counter[str] = field(default_factory=Counter)


def read_brat(text: str) -> list[dict[str, list[tuple[int, int]]]]:
    """Relations of a brat stand-off file: for each event, the character spans of source, cue and content."""
    notes = _parse(text, Path("brat"))
    out = []
    for event in notes.events.values():
        found: dict[str, list[tuple[int, int]]] = {role: [] for role in ROLES}
        for role, target in ((event.type, event.trigger), *event.roles):
            name = _bare(role)
            if name in found and target in notes.spans:
                found[name] += [(piece.start, piece.end) for piece in notes.spans[target].pieces]
        out.append(found)
    return out


def _bare(role: str) -> str:
    return re.sub(r"\d+$", "", role).lower()


def _parse(text: str, path: Path) -> _Notes:
    notes = _Notes()
    known: dict[str, int] = {}
    # Not splitlines: a line separator may stand among the words.
    for number, line in _lines(text):
        key, tab, rest = line.partition("\t")
        place = f"line {number}"
        if not tab:
            raise wrong(path, f"no tab behind the id in {line!r:.60}", _REMEDY, place)
        if key != "*" and key in known:
            raise wrong(path, f"id {key!r:.40} was used on line {known[key]}", _REMEDY, place)
        known[key] = number
        _line(key, rest, notes, path, place)
    return notes


def _lines(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers; words that a line end has broken (PolNeAR has such) are put together again."""
    out: list[tuple[int, str]] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        begun = "\t" in line or re.match(r"[TERAMN#]\d+\s", line) is not None
        if not begun and out and out[-1][1].startswith("T"):
            out[-1] = out[-1][0], f"{out[-1][1]}\n{line}"
        elif line.strip():
            out.append((number, line))
    return [(number, line.rstrip("\n")) for number, line in out]


def _line(key: str, rest: str, notes: _Notes, path: Path, place: str) -> None:
    head, _, tail = rest.partition("\t")
    words = head.split()
    if key[:1] in "TERAM" and not words:
        raise wrong(path, "nothing behind the id", _REMEDY, place)
    if key.startswith("T"):
        notes.spans[key] = _span(head, tail, path, place)
    elif key.startswith("E"):
        parts = [_argument(word, path, place) for word in words]
        notes.events[key] = _Event(parts[0][0], parts[0][1], tuple(parts[1:]), place)
    elif key.startswith("R"):
        roles = tuple(_argument(word, path, place) for word in words[1:])
        notes.relations.append(_Event(words[0], "", roles, place))
    elif key[:1] in "AM" and len(words) >= 2:
        notes.attributes[words[1]].append("=".join([words[0], *words[2:3]]))
    elif key.startswith("#") and len(words) >= 2:
        notes.remarks[words[1]].append(tail)
    else:
        noun = {"*": "equivalence{s}", "N": "reference{s} to other sources"}
        notes.left[noun.get(key[:1], "line{s} of other kinds")] += 1


def _argument(word: str, path: Path, place: str) -> tuple[str, str]:
    role, colon, target = word.partition(":")
    if not colon or not role or not target:
        raise wrong(path, f"{word!r:.40} is no role with its target", _REMEDY, place)
    return role, target


def _span(head: str, words: str, path: Path, place: str) -> _Span:
    type, _, ranges = head.partition(" ")
    bounds: list[tuple[int, int]] = []
    for part in ranges.split(";"):
        ends = part.split()
        if len(ends) != 2:
            raise wrong(path, f"{part!r:.40} is no start and end", _REMEDY, place)
        start, end = (number_in(side, path, place, _REMEDY) for side in ends)
        if end < start:
            raise wrong(path, f"it ends at {end}, before it starts at {start}", _REMEDY, place)
        bounds.append((start, end))
    told = _split(words, [end - start for start, end in bounds])
    return _Span(type, tuple(Piece(a, b, text) for (a, b), text in zip(bounds, told, strict=True)), place)


def _split(words: str, lengths: list[int]) -> list[str]:
    """The words of each piece, whose lengths count code points or UTF-16 units; a blank stands between them."""
    if len(lengths) == 1:
        return [words]
    for wide in (False, True):
        size = 2 if wide else 4
        units = words.encode("utf-16-le" if wide else "utf-32-le", "surrogatepass")
        if len(units) // size != sum(lengths) + len(lengths) - 1:
            continue
        out, at = [], 0
        for length in lengths:
            piece = units[at * size : (at + length) * size]
            out.append(piece.decode("utf-16-le" if wide else "utf-32-le", "replace"))
            at += length + 1
        return out
    return ["" if not words else f"{words}\n{number}" for number in range(len(lengths))]


def read_folder(folder: Path, meanings: Meanings) -> Foreign:
    """Read every ``.ann`` of a folder with the ``.txt`` beside it; without one it is on the case's text of that name."""
    return _read(sorted(folder.glob("*.ann")), meanings, folder)


def read_file(path: Path, meanings: Meanings) -> Foreign:
    """Read one ``.ann`` file with the ``.txt`` beside it."""
    return _read([path], meanings, path)


def _read(files: list[Path], meanings: Meanings, path: Path) -> Foreign:
    if not files:
        raise wrong(path, "no .ann file in it", "name a folder of .txt and .ann files")
    found = Foreign(remedy=_MAPPING)
    for file in files:
        name = unquote(file.stem)
        if file.with_suffix(".txt").is_file():
            found.texts[name] = read_text(file.with_suffix(".txt"))
        text = read_text(file) if file.is_file() and file.stat().st_size else ""
        notes = _parse(text, file)
        found.left += notes.left
        found.marks += _Reading(notes, name, file, meanings, found.left).marks()
    return found


class _Reading:
    """From the lines of one file to marks."""

    def __init__(self, notes: _Notes, source: str, path: Path, meanings: Meanings, left: Counter[str]) -> None:
        self.notes, self.source, self.path, self.meanings, self.left = notes, source, path, meanings, left
        self.used: set[str] = set()

    def marks(self) -> Iterator[Mark]:
        related = self._related()
        made = [mark for key, event in self.notes.events.items() if (mark := self._of_event(key, event)) is not None]
        for key, span in self.notes.spans.items():
            meaning = self._meaning(span.type)
            if key in self.used or meaning is None or meaning.part != "content":
                continue
            mark = Mark(span.place, self.source, span.pieces, f"{self.source}.{key}", codes=(span.type,))
            made.append(self._described(self._with(mark, related.get(key, ())), key))
            self.used.add(key)
        self._count()
        yield from made

    def _meaning(self, type: str) -> Meaning | None:
        return self.meanings.types.get(type) or _OWN.get(_bare(type))

    def _of_event(self, key: str, event: _Event) -> Mark | None:
        parts: list[tuple[Part, str]] = []
        roles = self.meanings.relations.get(event.type, {})
        for role, target in ((event.type, event.trigger), *event.roles):
            meaning = self._meaning(role)
            part = roles.get(role) or roles.get(re.sub(r"\d+$", "", role)) or (meaning.part if meaning else None)
            span = self._span_of(target, event.place)
            if part is None and span in self.notes.spans:
                own = self._meaning(self.notes.spans[span].type)
                part = own.part if own else None
            if part is None:
                self.left[f"argument{{s}} {role}"] += 1
                continue
            parts.append((part, span))
        if not any(part == "content" for part, _ in parts):
            self.left["event{s} without a content"] += 1
            return None
        types = tuple(dict.fromkeys([event.type, *(self.notes.spans[s].type for p, s in parts if p == "content")]))
        mark = Mark(event.place, self.source, (), f"{self.source}.{key}", codes=self._told(types))
        self.used |= {span for _, span in parts}
        contents = [span for part, span in parts if part == "content"]
        return self._described(self._with(mark, parts), key, *contents)

    def _told(self, types: Iterable[str]) -> tuple[str, ...]:
        return tuple(type for type in types if type in self.meanings.types or _bare(type) not in _OWN)

    def _span_of(self, target: str, place: str) -> str:
        """The span of an argument; that of an event is its trigger's, however deep."""
        seen: set[str] = set()
        while target in self.notes.events:
            if target in seen:
                raise wrong(self.path, f"event {target} has itself as its trigger", _REMEDY, place)
            seen.add(target)
            target = self.notes.events[target].trigger
        if target not in self.notes.spans:
            raise wrong(self.path, f"{target!r:.40} is not in the file", _REMEDY, place)
        return target

    def _related(self) -> dict[str, list[tuple[Part, str]]]:
        """For each span that is a content, the spans that a relation joins to it, and as which part."""
        out: defaultdict[str, list[tuple[Part, str]]] = defaultdict(list)
        for relation in self.notes.relations:
            roles = self.meanings.relations.get(relation.type)
            if roles is None:
                self.left[f"relation{{s}} {relation.type}"] += 1
                continue
            ends = [
                (roles.get(role, "ignore"), self._span_of(target, relation.place)) for role, target in relation.roles
            ]
            for _, content in (end for end in ends if end[0] == "content"):
                out[content] += [end for end in ends if end[0] not in ("content", "ignore")]
        return out

    def _with(self, mark: Mark, parts: Iterable[tuple[Part, str]]) -> Mark:
        for part, key in parts:
            pieces = self.notes.spans[key].pieces
            self.used.add(key)
            if part == "content":
                mark = replace(mark, content=mark.content + pieces)
            elif part == "speaker":
                mark = replace(mark, speaker=mark.speaker + pieces)
            elif part == "cue":
                mark = replace(mark, cue=mark.cue + pieces)
            elif part == "actor":
                mark = replace(mark, actor=" ".join(piece.words for piece in pieces))
        return mark

    def _described(self, mark: Mark, *keys: str) -> Mark:
        """With the attributes and notes of the event and of its content."""
        fields, told = dict(mark.fields), []
        for name in (name for key in dict.fromkeys(keys) for name in self.notes.attributes.pop(key, ())):
            own = {**_OWN_ATTRIBUTES, **self.meanings.attributes}
            meaning = own.get(name) or own.get(name.partition("=")[0])
            if meaning is None:
                told.append(name)
                self.left[f"attribute{{s}} {name.partition('=')[0]}, kept as a note"] += 1
            else:
                fields |= {key: value for key, value in meaning.fields.items() if key != "edge"}
        whole = None
        for remark in (remark for key in dict.fromkeys(keys) for remark in self.notes.remarks.pop(key, ())):
            own_claim = carried(remark, self.path, mark.place)
            whole = whole or own_claim
            told += [remark] if own_claim is None else []
        id = whole.id if whole else mark.id
        return replace(mark, id=id, codes=self._told(mark.codes), fields=fields, note="; ".join(told), whole=whole)

    def _count(self) -> None:
        for key, span in self.notes.spans.items():
            if key not in self.used:
                self.left[f"span{{s}} of type {span.type}"] += 1
        for names in self.notes.attributes.values():
            self.left.update(f"attribute{{s}} {name.partition('=')[0]}" for name in names)
        self.left["note{s}"] += sum(map(len, self.notes.remarks.values()))
        for noun in [noun for noun, number in self.left.items() if not number]:
            del self.left[noun]


def to_brat(claims: Iterable[Claim]) -> str:
    """The claims of one document as brat stand-off, each whole in a note."""
    lines: list[str] = []
    number = 0
    for event, claim in enumerate(claims, start=1):
        parts: dict[str, str] = {}
        sides = {"Cue": (claim.cue,) if claim.cue else (), "Source": claim.speaker, "Content": claim.content}
        for role, spans in sides.items():
            if not spans:
                continue
            number += 1
            places = ";".join(f"{span.start} {span.end}" for span in spans)
            words = " ".join(re.sub(r"[\n\t]", " ", span.text) for span in spans)
            lines.append(f"T{number}\t{role} {places}\t{words}")
            parts[role] = f"{role}:T{number}"
        lines += [f"E{event}\t{' '.join(parts.values())}", f"#{event}\tAnnotatorNotes E{event}\t{carry(claim)}"]
    return "\n".join(lines) + "\n" if lines else ""


def write_folder(claims: Iterable[Claim], documents: Mapping[str, Document], folder: Path) -> None:
    """Write claims, the documents in which they stand, and the configuration by which brat shows them."""
    claims = placed(claims, folder)
    names = list(dict.fromkeys(claim.source for claim in claims))
    if missing := [name for name in names if name not in documents]:
        raise EvidenceError(f"{folder}: no document {missing[0]!r} → give it along with its claims")
    folder.mkdir(parents=True)
    (folder / "annotation.conf").write_text(_CONFIGURATION, encoding="utf-8", newline="")
    for name in names:
        # A document's id may hold what no file name may.
        file = folder / quote(name, safe=" ")
        file.with_name(f"{file.name}.txt").write_text(documents[name].text, encoding="utf-8", newline="")
        notes = to_brat(claim for claim in claims if claim.source == name)
        file.with_name(f"{file.name}.ann").write_text(notes, encoding="utf-8", newline="")
