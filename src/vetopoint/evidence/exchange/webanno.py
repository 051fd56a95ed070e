"""Documents as INCEpTION and WebAnno export them: WebAnno TSV 3.

Source: INCEpTION User Guide, "WebAnno TSV 3.3 File format" (inception-project/inception, webannotsv.adoc): ``T_SP`` span layers,
``T_CH`` chains, ``T_RL`` relations; a row a token (``1-3``) or sub-token (``1-3.1``) with offsets in UTF-16 units, a column a
feature, ``_`` no annotation, ``*`` no value, ``[n]`` what tells annotations apart, ``|`` between stacked ones; reserved characters
behind a backslash. The text is put together again from the ``#Text`` lines and the offsets of the tokens, in code points
where these fit better. The layers of DKPro Core (parts of speech, entities …) are no claims unless a mapping file says so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from vetopoint.evidence.claim import ACTS, Claim
from vetopoint.evidence.documents import Document
from vetopoint.evidence.exchange._bounds import number_in, read_text, wrong
from vetopoint.evidence.exchange._codes import KINDS, Meaning, Meanings, codes_of
from vetopoint.evidence.exchange._passages import Foreign, Mark, Piece
from vetopoint.evidence.exchange._places import Units
from vetopoint.evidence.exchange._whole import carried, carry, placed

_REMEDY = "export it as WebAnno TSV v3.3"
_OF_LINGUISTS = "de.tudarmstadt.ukp.dkpro."
_LAYER, _FEATURES = "webanno.custom.Claim", ("codes", "hedge", "part", "polarity", "vetopoint")
_ROW = re.compile(r"(\d{1,9}-\d{1,9}(?:\.\d{1,9})?)\t(\d{1,15})-(\d{1,15})\t(.*)", re.ASCII | re.DOTALL)
_ESCAPED = re.compile(r"\\(->|.)", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "b": "\b"}
_NUMBERED = re.compile(r"(.*)(?<!\\)\[(\d{1,9})\]", re.DOTALL)


@dataclass(frozen=True)
class _Layer:
    name: str
    features: tuple[str, ...]
    first: int
    """Its first column, counted behind the token."""


@dataclass
class _Row:
    id: str
    start: int
    end: int
    token: str
    cells: list[str]
    place: str


@dataclass
class _Annotation:
    layer: _Layer
    place: str
    values: list[str]
    rows: list[_Row] = field(default_factory=list)


@dataclass
class _Sheet:
    """A parsed file: layers, sentences as first row and text, rows."""

    layers: list[_Layer] = field(default_factory=list)
    sentences: list[tuple[int, str]] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)


def read_folder(folder: Path, meanings: Meanings) -> Foreign:
    """Read every ``.tsv`` of a folder."""
    return _read(sorted(folder.glob("*.tsv")), meanings, folder)


def read_file(path: Path, meanings: Meanings) -> Foreign:
    """Read one document; it bears the name of the file."""
    return _read([path], meanings, path)


def _read(files: list[Path], meanings: Meanings, path: Path) -> Foreign:
    if not files:
        raise wrong(path, "no .tsv file in it", "name a folder of WebAnno TSV files")
    found = Foreign(remedy="say in a mapping file which layers are claims: --mapping FILE, see docs/exchange.md")
    for file in files:
        name = unquote(file.stem)
        sheet = _parse(read_text(file, _REMEDY), file)
        places = _assemble(sheet, file)
        found.texts[name] = places.text
        found.left += sheet.left
        for number, note in enumerate(_annotations(sheet, file), start=1):
            mark = _mark(note, number, name, places, meanings, file, found.left)
            found.marks += [mark] if mark is not None else []
        found.marks = _joined(found.marks)
    return found


def _parse(text: str, path: Path) -> _Sheet:
    lines = text.replace("\r\n", "\n").split("\n")
    if not lines[0].startswith("#FORMAT=WebAnno TSV 3"):
        raise wrong(path, "no WebAnno TSV 3", _REMEDY, "line 1")
    sheet = _Sheet()
    begun: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines[1:], start=2):
        place = f"line {number}"
        if line.startswith("#T_"):
            _declare(line, sheet, path, place)
        elif line.startswith("#Text="):
            begun.append(_plain(line.removeprefix("#Text=")))
        elif line.strip() and not line.startswith("#"):
            row = _row(line, sheet, path, place)
            if row.id in seen:
                raise wrong(path, f"token {row.id} was on line {seen[row.id]}", _REMEDY, place)
            seen[row.id] = number
            if begun:
                sheet.sentences.append((row.start, "\n".join(begun)))
                begun = []
            sheet.rows.append(row)
    return sheet


def _declare(line: str, sheet: _Sheet, path: Path, place: str) -> None:
    kind, _, rest = line.partition("=")
    name, *features = rest.split("|")
    told = tuple(features) if features and features != [""] else ("",)
    first = sheet.layers[-1].first + len(sheet.layers[-1].features) if sheet.layers else 0
    if kind not in ("#T_SP", "#T_CH", "#T_RL") or not name:
        raise wrong(path, f"{line!r:.60} declares no layer", _REMEDY, place)
    prefix = {"#T_SP": "", "#T_CH": "chain ", "#T_RL": "relation "}[kind]
    sheet.layers.append(_Layer(prefix + name, told, first))


def _row(line: str, sheet: _Sheet, path: Path, place: str) -> _Row:
    match = _ROW.fullmatch(line)
    if match is None:
        raise wrong(path, f"{line!r:.60} is no token with its place", _REMEDY, place)
    token, *cells = match[4].split("\t")
    start, end = (number_in(match[group], path, place, _REMEDY) for group in (2, 3))
    if end < start:
        raise wrong(path, f"it ends at {end}, before it starts at {start}", _REMEDY, place)
    wanted = sum(len(layer.features) for layer in sheet.layers)
    if len(cells) < wanted:
        raise wrong(path, f"{len(cells)} columns where the header declares {wanted}", _REMEDY, place)
    return _Row(match[1], start, end, _plain(token), cells[:wanted], place)


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda match: _LETTERS.get(match[1], match[1]), text)


class _Places:
    """The text of a file, and where its places lie in it; `unit` is the size of what they count, in bytes of UTF-16 or UTF-32."""

    def __init__(self, sheet: _Sheet, code: str) -> None:
        self.size = 2 if code == "utf-16-le" else 4
        self.code = code
        units = bytearray()
        blank, feed = " ".encode(code), "\n".encode(code)
        for start, text in sheet.sentences:
            gap = start - len(units) // self.size
            if 0 < gap < 1_000_000:
                units += blank * (gap - 1) + feed if units else blank * gap
            units += text.encode(code, "surrogatepass")
        self.units = bytes(units)
        self.text = self.units.decode(code, "replace")

    def at(self, start: int, end: int) -> str:
        return self.units[start * self.size : end * self.size].decode(self.code, "replace")

    def index(self, place: int) -> int:
        return len(self.units[: place * self.size].decode(self.code, "replace"))

    def fitting(self, rows: Iterable[_Row]) -> int:
        return sum(self.at(row.start, row.end) == row.token for row in rows)


def _assemble(sheet: _Sheet, path: Path) -> _Places:
    if not sheet.rows:
        raise wrong(path, "no tokens", _REMEDY)
    both = [_Places(sheet, code) for code in ("utf-16-le", "utf-32-le")]
    return max(both, key=lambda places: places.fitting(sheet.rows))


def _annotations(sheet: _Sheet, path: Path) -> list[_Annotation]:
    """Annotations of span layers, those over several tokens put together by their number."""
    out: list[_Annotation] = []
    for layer in sheet.layers:
        known: dict[str, _Annotation] = {}
        for row in sheet.rows:
            cells = [_stacked(cell) for cell in row.cells[layer.first : layer.first + len(layer.features)]]
            if all(cell == ["_"] for cell in cells):
                continue
            for level in range(max(map(len, cells))):
                values = [cell[level] if level < len(cell) else "*" for cell in cells]
                numbers = [match[2] for value in values if (match := _NUMBERED.fullmatch(value))]
                plain = [match[1] if (match := _NUMBERED.fullmatch(value)) else value for value in values]
                key = numbers[0] if numbers else f"{row.id}/{level}"
                note = known.get(key)
                if note is None:
                    note = known[key] = _Annotation(layer, row.place, plain)
                    out.append(note)
                note.rows.append(row)
    return out


def _stacked(cell: str) -> list[str]:
    """Annotations one above the other, parted by bars that no backslash precedes."""
    return re.findall(r"(?:^|\|)((?:\\.|[^|\\])*)", cell, re.DOTALL) or ["_"]


def _mark(
    note: _Annotation,
    number: int,
    source: str,
    places: _Places,
    meanings: Meanings,
    path: Path,
    left: Counter[str],
) -> Mark | None:
    name, short = note.layer.name, note.layer.name.rpartition(".")[2]
    meaning = meanings.types.get(name) or meanings.types.get(short)
    strange = name.startswith(("chain ", "relation ", _OF_LINGUISTS))
    if (strange and meaning is None) or (meaning is not None and meaning.part == "ignore"):
        left[f"annotation{{s}} of {short if not name.startswith('relation ') else 'relation ' + short}"] += 1
        return None
    told = {
        feature: _plain(value) for feature, value in zip(note.layer.features, note.values, strict=True) if value != "*"
    }
    start, end = min(row.start for row in note.rows), max(row.end for row in note.rows)
    fitting = all(places.at(row.start, row.end) == row.token for row in note.rows)
    words = places.at(start, end) if fitting else " ".join(row.token for row in note.rows if "." not in row.id)
    first = places.index(start)
    piece = Piece(first, first + len(words) if fitting else places.index(end), words)
    whole = carried(told.get("vetopoint"), path, note.place)
    codes, fields, rest = _described(told, meaning)
    part = told.get("part", meaning.part if meaning else "content") if name == _LAYER else (meaning or Meaning()).part
    sides: dict[str, Any] = {part: (piece,)} if part in ("content", "speaker", "cue") else {"content": (piece,)}
    mark = Mark(
        note.place, source, sides.pop("content", ()), f"{source}.{number}", codes=codes, note=rest, fields=fields
    )
    if whole is not None:
        return Mark(note.place, source, (piece,) if part == "content" else (), whole.id, whole=whole)
    if not mark.content:
        left[f"annotation{{s}} of {short} that stand{{s}} alone".replace("stand{s}", "stands")] += 1
        return None
    return mark


def _described(told: Mapping[str, str], meaning: Meaning | None) -> tuple[tuple[str, ...], dict[str, Any], str]:
    """Codes, fields and note of an annotation: features named as a claim's fields are those, the others a note."""
    fields: dict[str, Any] = {k: v for k, v in (meaning.fields if meaning else {}).items() if k != "edge"}
    codes, rest = [f"edge:{meaning.fields['edge']}"] if meaning and "edge" in meaning.fields else [], []
    for name, value in told.items():
        low = name.lower()
        if (low == "kind" and value in KINDS) or (low == "act" and value in ACTS):
            fields[low] = value
        elif low == "polarity" and value in ("1", "-1"):
            fields[low] = int(value)
        elif low in ("hedge", "condition") and value:
            fields[low] = value
        elif low == "codes":
            codes += value.split(" + ")
        elif value and low not in ("vetopoint", "part"):
            rest.append(f"{name}={value}" if name else value)
    return tuple(codes), fields, "; ".join(rest)


def _joined(marks: list[Mark]) -> list[Mark]:
    """The pieces of one claim that this package wrote, as one passage."""
    out: dict[str, Mark] = {}
    for mark in marks:
        key = f"{mark.source}\n{mark.whole.id}" if mark.whole else f"\n{len(out)}"
        if key in out:
            first = out[key]
            mark = Mark(first.place, first.source, first.content + mark.content, first.id, whole=first.whole)
        out[key] = mark
    return list(out.values())


def write_file(claims: Iterable[Claim], documents: Mapping[str, Document], path: Path) -> None:
    """Write the claims of one document; of several, name a folder that ends in ``webanno``."""
    claims = placed(claims, path)
    names = list(dict.fromkeys(claim.source for claim in claims))
    if len(names) != 1:
        raise wrong(path, f"a .tsv holds one document, not {len(names)}", "name a folder that ends in webanno")
    _document(path, names[0], documents)
    path.write_text(to_tsv(claims, documents[names[0]].text), encoding="utf-8", newline="")


def write_folder(claims: Iterable[Claim], documents: Mapping[str, Document], folder: Path) -> None:
    """Write a ``.tsv`` for each document."""
    claims = placed(claims, folder)
    names = list(dict.fromkeys(claim.source for claim in claims))
    for name in names:
        _document(folder, name, documents)
    folder.mkdir(parents=True)
    for name in names:
        own = [claim for claim in claims if claim.source == name]
        file = folder / f"{quote(name, safe=' ')}.tsv"
        file.write_text(to_tsv(own, documents[name].text), encoding="utf-8", newline="")


def _document(path: Path, name: str, documents: Mapping[str, Document]) -> None:
    if name not in documents:
        raise wrong(path, f"no document {name!r}", "give it along with its claims")


def to_tsv(claims: Iterable[Claim], text: str) -> str:
    """The claims of one document as WebAnno TSV 3.3: a line is a sentence, what stands between blanks a token."""
    spans: list[tuple[int, int, int, tuple[str, ...]]] = []
    for claim in claims:
        values = (" + ".join(codes_of(claim)), claim.hedge, "content", str(claim.polarity), carry(claim))
        spans += [(span.start, span.end, len(spans) + n, values) for n, span in enumerate(claim.content, start=1)]
    lines = ["#FORMAT=WebAnno TSV 3.3", f"#T_SP={_LAYER}|{'|'.join(_FEATURES)}", "", ""]
    units = Units(text)
    for number, match in enumerate(re.finditer(r"[^\s][^\n]*", text), start=1):
        lines.append(f"#Text={_escaped_text(match.group())}")
        inside = [span for span in spans if span[0] < match.end() and span[1] > match.start()]
        for token, word in enumerate(re.finditer(r"\S+", match.group()), start=1):
            start, end = match.start() + word.start(), match.start() + word.end()
            lines += _token_rows(f"{number}-{token}", text, start, end, inside, units)
        lines.append("")
    return "\n".join(lines) + "\n"


def _token_rows(id: str, text: str, start: int, end: int, spans: list[Any], units: Units) -> list[str]:
    """A token's row, and one for each part of it in which an annotation begins or ends."""
    over = [span for span in spans if span[0] < end and span[1] > start]
    parts = {(max(span[0], start), min(span[1], end)) for span in over}
    rows = []
    for number, (first, last) in enumerate([(start, end), *sorted(parts - {(start, end)})]):
        own = [span for span in over if (max(span[0], start), min(span[1], end)) == (first, last)]
        cells = ["|".join(f"{_escaped(span[3][i])}[{span[2]}]" for span in own) or "_" for i in range(len(_FEATURES))]
        name = f"{id}.{number}" if number else id
        rows.append(
            "\t".join([name, f"{units.of(first)}-{units.of(last)}", _escaped_text(text[first:last]), *cells, ""])
        )
    return rows


def _escaped(value: str) -> str:
    if not value:
        return "*"
    told = re.sub(r"->|[\\\[\]|_;*]", lambda match: f"\\{match.group()}", value)
    return told.replace("\t", "\\t").replace("\n", "\\n")


def _escaped_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t")
