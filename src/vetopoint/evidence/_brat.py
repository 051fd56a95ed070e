"""Spans in brat's stand-off form, laid out as PolNeAR is; a folder has a ``.txt`` and an ``.ann`` for each document."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, unquote

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim, Link, Span, normalise_text
from vetopoint.evidence.documents import Document, read_document
from vetopoint.evidence.scores import ROLES

_LINE = re.compile(r"([TE]\d+)\t(\S.*)")


def read_brat(text: str) -> list[dict[str, list[tuple[int, int]]]]:
    """Relations of a brat stand-off file: for each event, the character spans of source, cue and content."""
    spans: dict[str, list[tuple[int, int]]] = {}
    events: list[dict[str, list[tuple[int, int]]]] = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        key, rest = match.groups()
        if key[0] == "T":
            pieces = rest.split("\t")[0].split(" ", 1)[1]
            spans[key] = [(int(a), int(b)) for a, b in (piece.split() for piece in pieces.split(";"))]
            continue
        event: dict[str, list[tuple[int, int]]] = {role: [] for role in ROLES}
        for part in rest.split():
            role, _, target = part.partition(":")
            name = re.sub(r"\d+$", "", role).lower()
            if name in event:
                event[name] += spans.get(target, [])
        events.append(event)
    return events


def from_brat(annotation: str, text: str, source: str, coder: str) -> tuple[Claim, ...]:
    """Claims from brat stand-off; offsets count characters of `text`, which must be in normal form."""
    if normalise_text(text) != text:
        raise EvidenceError(f"{source}: offsets would shift, since the text is not in normal form → normalise it first")
    out = []
    for number, event in enumerate(read_brat(annotation), start=1):
        speaker, cue, content = (tuple(Span.cut(text, *place) for place in event[role]) for role in ROLES)
        link = Link(name=" ".join(s.text for s in speaker), kind="named" if speaker else "unknown")
        whole = Span.cut(text, cue[0].start, cue[-1].end) if cue else None
        id = f"{source}.{coder}.{number}"
        out.append(Claim(id=id, source=source, cue=whole, content=content, speaker=speaker, chain=(link,), coder=coder))
    return tuple(out)


def to_brat(claims: Iterable[Claim]) -> str:
    """The claims of one document as brat stand-off."""
    lines: list[str] = []
    number = 0
    for event, claim in enumerate(claims, start=1):
        parts: list[str] = []
        roles = (("Source", claim.speaker), ("Cue", (claim.cue,) if claim.cue else ()), ("Content", claim.content))
        for role, spans in roles:
            if not spans:
                continue
            number += 1
            places = ";".join(f"{span.start} {span.end}" for span in spans)
            words = " ".join(" ".join(span.text.split()) for span in spans)
            lines.append(f"T{number}\t{role} {places}\t{words}")
            parts.append(f"{role}:T{number}")
        lines.append(f"E{event}\t{' '.join(parts)}")
    return "\n".join(lines) + "\n" if lines else ""


def to_folder(claims: Iterable[Claim], documents: Mapping[str, Document], folder: Path) -> None:
    """Write claims and the documents in which they stand."""
    claims = list(claims)
    folder.mkdir(parents=True)
    for name in dict.fromkeys(claim.source for claim in claims):
        # A document's id may hold what no file name may.
        file = folder / quote(name, safe=" ")
        file.with_name(f"{file.name}.txt").write_text(documents[name].text, encoding="utf-8", newline="")
        placed = [c for c in claims if c.source == name and all(s.located for s in c.content)]
        file.with_name(f"{file.name}.ann").write_text(to_brat(placed), encoding="utf-8", newline="")


def from_folder(folder: Path, texts: Mapping[str, str], coder: str) -> tuple[Claim, ...]:
    """Read claims; each document is the text that ``texts`` has under its name, if it has one."""
    out: list[Claim] = []
    for file in sorted(folder.glob("*.ann")):
        name, beside = unquote(file.stem), file.with_suffix(".txt")
        text = read_document(beside, id=name).text
        if texts.get(name, text) != text:
            raise EvidenceError(f"{beside}: not the text that the case has → export it anew")
        out += from_brat(file.read_text(encoding="utf-8"), text, name, coder)
    return tuple(out)
