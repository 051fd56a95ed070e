"""Score the reader on texts coded by hand: ``python tools/validation/reading.py [GOLD ...] [--log FILE] [--json]``.

A gold file (default: all ``tests/data/reading/gold_*.txt``) holds texts one after another::

    === name | title | style=wire
    @aliases norland: Norland, Nordhaven; ostia: Ostia
    [S1|Norland's envoy, Ada Holm,] [Q1|said] on Monday [C1|the force could not go without Ostia's consent].
    --
    1 | named | Holm | condition | 1/-1 | could? | requires:ostia |

Marks: S speaker, Q cue, C content of claim n; a further piece of the same bears a ``b`` (``C1b``); marks may nest. Below ``--`` a line a
claim, with alternatives parted by ``/``: number | kinds of source (a link's, or ``article`` for the narrator) | names, one of which the
speaker must bear | kinds | polarities | hedge (``-`` none, ``could?`` may be missing) | edges as ``kind:actor`` (``*`` any actor, ``:!``
denied, a trailing ``?`` optional) | ``optional``, ``content=words`` in place of the marks.

A claim is found where its content and the gold's share half their letters and digits (Jaccard), one-to-one, the closest first. What is
found twice or in shreds lowers the precision. Optional gold counts neither way. An edge is found where its claim's content shares three
tenths of the shorter content; surplus edges of one sentence, kind, actor and sign count once.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, get_args

from vetopoint.errors import EvidenceError, VetopointError
from vetopoint.evidence import Document, Reader, SpacyParser
from vetopoint.evidence.claim import Claim, Edge, EdgeKind, Kind, LinkKind, Span, normalise_text
from vetopoint.evidence.scores import pair

GOLD = Path(__file__).resolve().parents[2] / "tests" / "data" / "reading"
FIELDS = ("speaker", "source", "kind", "polarity", "hedge")
"""What is judged of a claim that was found."""
_MARK = re.compile(r"\[([SQC])(\d+)b?\||\]")
_COLUMNS = ("number", "source", "names", "kind", "polarity", "hedge", "edges", "remarks")
_SAME_CLAIM, _SAME_PLACE = 0.5, 0.3


@dataclass(frozen=True)
class GoldEdge:
    """An edge that a claim bears. ``actor`` is an id or ``*``; ``holds`` is False where the text denies it."""

    kind: str
    actor: str
    holds: bool
    optional: bool

    def __str__(self) -> str:
        return f"{self.kind}:{self.actor}{'' if self.holds else ':!'}"

    def fits(self, edge: Edge) -> bool:
        """Whether the reader's edge is this one."""
        return edge.kind == self.kind and self.actor in ("*", edge.actor) and edge.holds == self.holds


@dataclass(frozen=True)
class GoldClaim:
    """One coded claim. ``where``: places of its content's letters and digits in the text; ``words``: the content."""

    number: str
    sources: frozenset[str]
    names: tuple[str, ...]
    kinds: frozenset[str]
    polarities: frozenset[int]
    hedge: str
    hedge_may_miss: bool
    edges: tuple[GoldEdge, ...]
    optional: bool
    where: frozenset[int]
    words: str

    def right(self, claim: Claim) -> dict[str, bool]:
        """Which of the ``FIELDS`` of the reader's claim are as coded."""
        speaker = self._is_spoken_by(claim)
        return {
            "speaker": speaker,
            "source": claim.says.kind in self.sources or ("article" in self.sources and speaker),
            "kind": claim.kind in self.kinds,
            "polarity": claim.polarity in self.polarities,
            "hedge": self._is_hedged_like(claim.hedge),
        }

    def _is_spoken_by(self, claim: Claim) -> bool:
        says = claim.says
        if "article" in self.sources:
            nobody = says.kind == "unknown" and not claim.speaker
            return says.role in ("article", "outlet") or nobody or not claim.chain
        heard = " ".join([says.name, says.role, says.actor, *(span.text for span in claim.speaker)]).lower()
        return any(name.lower() in heard for name in self.names)

    def _is_hedged_like(self, hedge: str) -> bool:
        if not (hedge and self.hedge):
            return not hedge and (not self.hedge or self.hedge_may_miss)
        return hedge in self.hedge or self.hedge in hedge


@dataclass(frozen=True)
class GoldText:
    """One text without its marks, and what was coded in it."""

    name: str
    style: str
    aliases: dict[str, list[str]]
    text: str
    claims: tuple[GoldClaim, ...]


Read = Callable[[GoldText], Sequence[Claim]]
"""What reads a text into claims."""


@dataclass
class Table:
    """Counts by style and by kind of edge, and a line for each claim and edge that was missed, wrong or surplus."""

    styles: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    edges: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    log: list[str] = field(default_factory=list)

    def add(self, other: Table) -> None:
        """Add another file's counts."""
        for mine, theirs in ((self.styles, other.styles), (self.edges, other.edges)):
            for key, counts in theirs.items():
                mine[key].update(counts)
        self.log += other.log

    def as_dict(self) -> dict[str, dict[str, dict[str, Any]]]:
        """``styles`` and ``edges``, each with a row ``ALL``: counts as such, scores in percent, None where nothing was to be scored."""
        return {
            "styles": {name: _style_row(c) for name, c in _with_total(self.styles)},
            "edges": {name: _edge_row(c) for name, c in _with_total(self.edges)},
        }

    def __str__(self) -> str:
        return "\n\n".join(_grid(title, rows) for title, rows in self.as_dict().items())


@cache
def _parser() -> SpacyParser:
    return SpacyParser()


def read_text(gold: GoldText) -> Sequence[Claim]:
    """Read a text by the project's reader; the parser is loaded once."""
    ((_, claims),) = Reader(gold.aliases, _parser()).read([Document(id=gold.name, text=gold.text)])
    if isinstance(claims, EvidenceError):
        raise claims
    return claims


def score(path: str | Path, read: Read = read_text) -> Table:
    """Score what reads texts into claims on one gold file.

    Raises
    ------
    EvidenceError
        If the file cannot be read, or a mark or a line in it makes no sense.
    """
    table = Table()
    for gold in read_gold(path):
        _score_text(table, gold, read(gold))
    return table


def read_gold(path: str | Path) -> list[GoldText]:
    """Texts of a gold file with their coded claims.

    Raises
    ------
    EvidenceError
        If the file cannot be read, or a mark or a line in it makes no sense.
    """
    try:
        raw = normalise_text(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvidenceError(f"{path}: cannot be read as UTF-8 text ({error}) → name a gold file") from error
    parts = re.split(r"^=== ", raw, flags=re.MULTILINE)[1:]
    if not parts:
        raise EvidenceError(f"{path}: holds no text → begin each with a line `=== name | title | style=...`")
    return [_gold_text(str(path), part) for part in parts]


# --- reading gold ----------------------------------------------------------------------------------------------------


def _gold_text(path: str, part: str) -> GoldText:
    head, _, rest = part.partition("\n")
    titles = [word.strip() for word in head.split("|")]
    marked, dashes, lines = rest.partition("\n--\n")
    aliases, _, body = marked.partition("\n")
    if len(titles) != 3 or not titles[2].startswith("style=") or not dashes or not aliases.startswith("@aliases"):
        raise EvidenceError(
            f"{path}, text {head!r}: head, `@aliases` or `--` is missing"
            " → write `=== name | title | style=...`, a line `@aliases`, the text, `--`, a line a claim"
        )
    place = f"{path}, text {titles[0]}"
    names = dict(_alias(place, entry) for entry in aliases.removeprefix("@aliases").split(";") if entry.strip())
    text, pieces = _unmark(place, body.strip("\n") + "\n")
    claims = tuple(_gold_claim(place, line, text, pieces) for line in lines.strip().splitlines())
    _check_numbers(place, claims, pieces, names)
    return GoldText(titles[0], titles[2].removeprefix("style="), names, text, claims)


def _alias(place: str, entry: str) -> tuple[str, list[str]]:
    actor, colon, words = entry.partition(":")
    if not colon:
        raise EvidenceError(f"{place}: alias {entry.strip()!r} has no colon → write `id: name, name; id: name`")
    return actor.strip(), [word.strip() for word in words.split(",")]


def _unmark(place: str, marked: str) -> tuple[str, dict[str, list[Span]]]:
    """The text without marks, and the content's pieces by the claim's number."""
    text, last = "", 0
    opened: list[tuple[str, str, int]] = []
    pieces: defaultdict[str, list[Span]] = defaultdict(list)
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        last = mark.end()
        if mark[1]:
            opened.append((mark[1], mark[2], len(text)))
            continue
        if not opened:
            raise EvidenceError(f"{place}: `]` after {text[-40:]!r} closes no mark → take it out")
        role, number, start = opened.pop()
        if role == "C":
            pieces[number].append(Span(text=text[start:], start=start, end=len(text)))
    if opened:
        role, number, start = opened[-1]
        raise EvidenceError(f"{place}: mark {role}{number} at {text[start : start + 40]!r} is never closed → add `]`")
    return text + marked[last:], pieces


def _gold_claim(place: str, line: str, text: str, pieces: dict[str, list[Span]]) -> GoldClaim:
    row = dict(zip(_COLUMNS, [*(cell.strip() for cell in line.split("|")), *[""] * len(_COLUMNS)], strict=False))
    place = f"{place}, claim {row['number']!r}"
    spans = sorted(pieces.get(row["number"], ()), key=lambda span: span.start)
    if instead := re.search(r"content=(.*)", row["remarks"]):
        start = text.find(instead[1])
        spans = [Span(text=instead[1], start=start, end=start + len(instead[1]))] if start >= 0 else []
    if not (where := _places(text, spans)):
        raise EvidenceError(f"{place}: no words are marked as its content → mark them, [C{row['number']}|...]")
    return GoldClaim(
        number=row["number"],
        sources=_words(place, row["source"], (*get_args(LinkKind), "article")),
        names=tuple(row["names"].split("/")),
        kinds=_words(place, row["kind"], get_args(Kind)),
        polarities=frozenset(map(int, _words(place, row["polarity"], ("1", "-1")))),
        hedge="" if row["hedge"] == "-" else row["hedge"].removesuffix("?"),
        hedge_may_miss=row["hedge"].endswith("?"),
        edges=tuple(_gold_edge(place, word.strip()) for word in row["edges"].split(",") if word.strip()),
        optional="optional" in row["remarks"],
        where=where,
        words=" … ".join(span.text for span in spans),
    )


def _words(place: str, cell: str, known: Sequence[str]) -> frozenset[str]:
    found = frozenset(cell.split("/"))
    if unknown := found - set(known):
        raise EvidenceError(f"{place}: {min(unknown)!r} is none of {', '.join(known)} → correct it")
    return found


def _gold_edge(place: str, word: str) -> GoldEdge:
    kind, *rest = word.removesuffix("?").split(":")
    if kind not in get_args(EdgeKind) or len(rest) not in (1, 2) or rest[1:] not in ([], ["!"]):
        raise EvidenceError(
            f"{place}: {word!r} is no edge → write kind:actor, kind:* or kind:actor:!, with ? if optional"
        )
    return GoldEdge(kind, rest[0], holds=len(rest) == 1, optional=word.endswith("?"))


def _check_numbers(place: str, claims: Sequence[GoldClaim], pieces: Iterable[str], actors: Iterable[str]) -> None:
    """Refuse a number that stands twice, contents that are never coded, and edges on actors that are not declared."""
    numbers = Counter(claim.number for claim in claims)
    if twice := [number for number, n in numbers.items() if n > 1]:
        raise EvidenceError(f"{place}: claim {twice[0]} is coded twice → number each claim once")
    if bare := sorted(set(pieces) - set(numbers)):
        raise EvidenceError(f"{place}: content {bare[0]} is marked but has no line below `--` → code it or unmark it")
    strange = [(c.number, e) for c in claims for e in c.edges if e.actor not in {"*", *actors}]
    if strange:
        number, edge = strange[0]
        raise EvidenceError(f"{place}, claim {number}: {edge} names no actor of `@aliases` → declare it or write *")


# --- scoring ---------------------------------------------------------------------------------------------------------


def _places(text: str, spans: Iterable[Span]) -> frozenset[int]:
    return frozenset(k for span in spans for k in range(span.start, span.end) if text[k].isalnum())


def _score_text(table: Table, gold: GoldText, claims: Sequence[Claim]) -> None:
    mine = [_places(gold.text, claim.content) for claim in claims]
    overlaps = (
        (len(m & g.where) / len(m | g.where), i, n) for i, m in enumerate(mine) for n, g in enumerate(gold.claims)
    )
    found = {n: i for i, n in pair(link for link in overlaps if link[0] >= _SAME_CLAIM)}
    counts = table.styles[gold.style]
    counts["gold"] += sum(not g.optional for g in gold.claims)
    counts["claims"] += len(claims) - sum(gold.claims[n].optional for n in found)
    for n, coded in enumerate(gold.claims):
        if coded.optional:
            continue
        if n in found:
            _score_claim(table, gold, coded, claims[found[n]])
        else:
            table.log.append(f"MISSED {gold.name} {coded.number}: {coded.words!r}")
    for i in sorted(set(range(len(claims))) - set(found.values())):
        table.log.append(f"SURPLUS {gold.name}: {claims[i].text!r}, said by {claims[i].says.name!r}")
    _score_edges(table, gold, claims, mine)


def _score_claim(table: Table, gold: GoldText, coded: GoldClaim, claim: Claim) -> None:
    counts, fields = table.styles[gold.style], coded.right(claim)
    counts["found"] += 1
    counts["all right"] += all(fields.values())
    counts.update({name: int(is_right) for name, is_right in fields.items()})
    if coded.polarities == {-1}:
        counts["negative"] += 1
        counts["negative found"] += fields["polarity"]
    if wrong := [name for name in FIELDS if not fields[name]]:
        says = claim.says
        table.log.append(
            f"WRONG {gold.name} {coded.number} in {', '.join(wrong)}: {claim.text!r}, said by {says.name!r} ({says.kind}),"
            f" {claim.kind}, polarity {claim.polarity}, hedge {claim.hedge!r}"
        )


def _score_edges(table: Table, gold: GoldText, claims: Sequence[Claim], mine: Sequence[frozenset[int]]) -> None:
    left = [(i, edge) for i, claim in enumerate(claims) for edge in claim.edges]
    hits: set[tuple[str, str, bool, int]] = set()
    for coded in gold.claims:
        for wanted in coded.edges:
            counts = table.edges[wanted.kind]
            counts["gold"] += not wanted.optional
            fit = next((p for p in left if wanted.fits(p[1]) and _same_place(mine[p[0]], coded.where)), None)
            if fit is not None:
                left.remove(fit)
                hits.add(_edge_key(claims, *fit))
                counts["optional found" if wanted.optional else "found"] += 1
            elif not wanted.optional:
                table.log.append(f"EDGE MISSED {gold.name} {coded.number} {wanted}: {coded.words!r}")
    for i, edge in left:
        if (key := _edge_key(claims, i, edge)) not in hits:
            hits.add(key)
            table.edges[edge.kind]["surplus"] += 1
            sign = "" if edge.holds else ":!"
            table.log.append(f"EDGE SURPLUS {gold.name} {edge.kind}:{edge.actor}{sign}: {claims[i].text!r}")


def _same_place(mine: frozenset[int], theirs: frozenset[int]) -> bool:
    return bool(mine) and len(mine & theirs) >= _SAME_PLACE * min(len(mine), len(theirs))


def _edge_key(claims: Sequence[Claim], i: int, edge: Edge) -> tuple[str, str, bool, int]:
    sentence = claims[i].sentence
    return edge.kind, edge.actor, edge.holds, sentence.start if sentence else i


# --- the table -------------------------------------------------------------------------------------------------------


def _with_total(rows: dict[str, Counter[str]]) -> Iterator[tuple[str, Counter[str]]]:
    yield from rows.items()
    yield "ALL", sum(rows.values(), Counter())


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _style_row(c: Counter[str]) -> dict[str, Any]:
    row = {"gold": c["gold"], "P": _percent(c["found"], c["claims"]), "R": _percent(c["found"], c["gold"])}
    row |= {"all right": _percent(c["all right"], c["gold"])} | {name: _percent(c[name], c["found"]) for name in FIELDS}
    return row | {"negative": f"{c['negative found']}/{c['negative']}"}


def _edge_row(c: Counter[str]) -> dict[str, Any]:
    hits = c["found"] + c["optional found"]
    return {"gold": c["gold"], "P": _percent(hits, hits + c["surplus"]), "R": _percent(c["found"], c["gold"])}


def _grid(title: str, rows: dict[str, dict[str, Any]]) -> str:
    cells = [[title, *rows["ALL"]], *([name, *map(_cell, row.values())] for name, row in rows.items())]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells
    )


def _cell(value: object) -> str:
    return "-" if value is None else f"{value:.0f}" if isinstance(value, float) else str(value)


def main(arguments: Sequence[str] | None = None, read: Read = read_text) -> None:
    """Score the gold files named on the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="*", type=Path, help="gold files; default: all of the tests'")
    parser.add_argument("--log", type=Path, help="file for what was missed, wrong or surplus, a line each")
    parser.add_argument("--json", action="store_true", help="print the table as JSON, unrounded")
    given = parser.parse_args(arguments)
    table = Table()
    if not (paths := given.gold or sorted(GOLD.glob("gold_*.txt"))):
        raise SystemExit("no gold_*.txt among the tests' data → name a gold file")
    try:
        for path in paths:
            table.add(score(path, read))
        if given.log:
            given.log.write_text("".join(f"{line}\n" for line in table.log), encoding="utf-8")
    except (VetopointError, OSError) as error:
        raise SystemExit(str(error)) from error
    print(json.dumps(table.as_dict(), indent=1, ensure_ascii=False) if given.json else table)


if __name__ == "__main__":
    main()
