"""Claims in other programs' forms: flat tables (CSV, Parquet), brat stand-off, W3C Web Annotation, discourse-network statements."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vetopoint.errors import EvidenceError
from vetopoint.evidence._jsonl import read_jsonl, write_jsonl
from vetopoint.evidence.claim import Claim, Link, Span, normalise_text

__all__ = ["from_brat", "from_web_annotation", "read_claims", "to_brat", "to_web_annotation", "write_claims"]

_FLAT = [
    "id",
    "source",
    "kind",
    "act",
    "polarity",
    "hedge",
    "reporter_hedge",
    "condition",
    "about",
    "restates",
    "origin",
    "rule",
    "coder",
    "status",
    "reason",
    "date",
    "note",
    "quote",
]
_JSON = ("chain", "edges", "content", "speaker", "cue", "sentence")
_STATEMENTS = ("id", "document", "date", "person", "organization", "concept", "agreement", "text", "start", "end")


def write_claims(claims: Iterable[Claim], path: str | Path) -> None:
    """Write claims in the form that the file's ending names: ``.jsonl``, ``.csv``, ``.parquet``, ``.dna.csv`` or ``.jsonld``.

    ``.dna.csv`` is a statement table as Discourse Network Analyzer exports it: one row for each edge, actor by concept, with
    agreement; it keeps less than the others.
    """
    path, claims = Path(path), list(claims)
    if path.name.endswith(".dna.csv"):
        _write_csv(path, _STATEMENTS, _statements(claims))
    elif path.suffix == ".jsonl":
        write_jsonl(claims, path)
    elif path.suffix == ".csv":
        _write_csv(path, (*_FLAT, *_JSON), [_flat(claim) for claim in claims])
    elif path.suffix == ".jsonld":
        path.write_text(json.dumps(to_web_annotation(claims), ensure_ascii=False, indent=1), encoding="utf-8")
    elif path.suffix == ".parquet":
        _write_parquet(path, claims)
    else:
        raise EvidenceError(f"{path}: unknown form → end the name in .jsonl, .csv, .parquet, .dna.csv or .jsonld")


def read_claims(path: str | Path, documents: Mapping[str, str] | None = None) -> tuple[Claim, ...]:
    """Read claims from ``.jsonl``, ``.csv``, ``.parquet``, ``.dna.csv`` or ``.jsonld``."""
    path = Path(path)
    if path.suffix == ".jsonl":
        return read_jsonl(path, documents)
    if path.name.endswith(".dna.csv"):
        return tuple(_from_statement(row) for row in _read_csv(path))
    if path.suffix == ".csv":
        return tuple(_unflat(row) for row in _read_csv(path))
    if path.suffix == ".jsonld":
        return from_web_annotation(json.loads(path.read_text(encoding="utf-8")))
    if path.suffix == ".parquet":
        import duckdb

        with duckdb.connect() as connection:
            cursor = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
            names = [column[0] for column in cursor.description or ()]
            return tuple(_unflat(dict(zip(names, row, strict=True))) for row in cursor.fetchall())
    raise EvidenceError(f"{path}: unknown form → end the name in .jsonl, .csv, .parquet, .dna.csv or .jsonld")


def to_brat(claims: Iterable[Claim]) -> str:
    """The claims of one document as brat stand-off, in the layout of PolNeAR."""
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


def from_brat(annotation: str, text: str, source: str, coder: str = "brat") -> tuple[Claim, ...]:
    """Claims from brat stand-off; offsets count characters of `text`, which must be in normal form."""
    from vetopoint.evidence._evaluate import read_brat

    if normalise_text(text) != text:
        raise EvidenceError(f"{source}: offsets would shift, since the text is not in normal form → normalise it first")

    def cut(pieces: list[tuple[int, int]]) -> tuple[Span, ...]:
        return tuple(Span(text=text[a:b], start=a, end=b) for a, b in pieces)

    out = []
    for number, event in enumerate(read_brat(annotation), start=1):
        cue, content, speaker = cut(event["cue"]), cut(event["content"]), cut(event["source"])
        chain = (Link(name=" ".join(s.text for s in speaker), kind="named" if speaker else "unknown"),)
        out.append(
            Claim(
                id=f"{source}.{coder}.{number}",
                source=source,
                cue=Span(text=text[cue[0].start : cue[-1].end], start=cue[0].start, end=cue[-1].end) if cue else None,
                content=content,
                speaker=speaker,
                chain=chain,
                coder=coder,
            )
        )
    return tuple(out)


def to_web_annotation(claims: Iterable[Claim]) -> dict[str, Any]:
    """Claims as a W3C Web Annotation collection (Recommendation of 23 February 2017), with both kinds of text selector."""
    items = []
    for claim in claims:
        selectors = [
            {
                "type": "TextPositionSelector",
                "start": span.start,
                "end": span.end,
                "refinedBy": {"type": "TextQuoteSelector", "exact": span.text},
            }
            for span in claim.content
        ]
        items.append(
            {
                "id": f"urn:vetopoint:claim:{claim.id}",
                "type": "Annotation",
                "motivation": "describing",
                "creator": claim.coder,
                "body": {
                    "type": "Dataset",
                    "format": "application/json",
                    "value": claim.model_dump(exclude_defaults=True, mode="json"),
                },
                "target": [{"source": claim.source, "selector": selector} for selector in selectors],
            }
        )
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "AnnotationPage",
        "items": items,
    }


def from_web_annotation(page: Mapping[str, Any]) -> tuple[Claim, ...]:
    """Claims from a Web Annotation page: whole where this program wrote it, else the marked text and who marked it."""
    out = []
    for number, item in enumerate(page.get("items", ()), start=1):
        body = item.get("body")
        if isinstance(body, Mapping) and isinstance(body.get("value"), Mapping):
            out.append(Claim.model_validate(body["value"]))
            continue
        targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
        spans = [_selected(target["selector"]) for target in targets]
        note = body.get("value", "") if isinstance(body, Mapping) else str(body or "")
        name = re.sub(r"\W+", "-", str(item.get("id", number))).strip("-")
        coder = str(item.get("creator") or "annotation")
        out.append(
            Claim(
                id=name,
                source=str(targets[0]["source"]),
                content=tuple(spans),
                quote=spans[0].text,
                coder=coder,
                note=note,
            )
        )
    return tuple(out)


def _selected(selector: Any) -> Span:
    options = selector if isinstance(selector, list) else [selector]
    found: dict[str, Any] = {}
    for option in options:
        found |= {k: option[k] for k in ("start", "end", "exact") if k in option}
        found |= {k: v for k, v in (option.get("refinedBy") or {}).items() if k == "exact"}
    return Span(text=found.get("exact", ""), start=found.get("start", -1), end=found.get("end", -1))


def _flat(claim: Claim) -> dict[str, Any]:
    data = claim.model_dump(mode="json")
    return {**{k: data[k] for k in _FLAT}, **{k: json.dumps(data[k], ensure_ascii=False) for k in _JSON}}


def _unflat(row: Mapping[str, Any]) -> Claim:
    try:
        data: dict[str, Any] = {k: row[k] or "" for k in _FLAT if k in row and k != "polarity"}
        data |= {k: json.loads(row[k]) for k in _JSON if row.get(k)}
        return Claim.model_validate({**data, "polarity": int(row.get("polarity") or 1)})
    except (ValueError, KeyError) as error:
        raise EvidenceError(
            f"row {row.get('id', '?')}: no claim ({error}) → see docs/claims.md for the fields"
        ) from error


def _statements(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    out = []
    for claim in claims:
        outlet = next((link.name for link in claim.chain if link.role == "outlet"), "")
        place = claim.content[0] if claim.content else Span(text=claim.quote)
        out += [
            {
                "id": claim.id,
                "document": claim.source,
                "date": claim.date,
                "person": claim.says.name,
                "organization": claim.says.actor or outlet,
                "concept": f"{edge.kind}:{edge.actor}" if edge.actor else edge.kind,
                "agreement": int(edge.holds),
                "text": place.text,
                "start": place.start,
                "end": place.end,
            }
            for edge in claim.edges
        ]
    return out


def _from_statement(row: Mapping[str, str]) -> Claim:
    kind, _, actor = row["concept"].partition(":")
    edge = {"kind": kind, "actor": actor, "holds": row["agreement"] in ("1", "yes", "true", "True")}
    known = kind in ("requires", "veto", "threat", "alternative", "value", "risk")
    return Claim.model_validate(
        {
            "id": row["id"],
            "source": row["document"],
            "date": row.get("date", ""),
            "chain": [{"name": row["person"] or row["organization"], "actor": row["organization"]}],
            "content": [{"text": row["text"], "start": int(row["start"] or -1), "end": int(row["end"] or -1)}],
            "edges": [edge] if known else [],
            "note": "" if known else row["concept"],
            "coder": "dna",
        }
    )


def _write_csv(path: Path, names: Iterable[str], table: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(names))
        writer.writeheader()
        writer.writerows(table)


def _read_csv(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def _write_parquet(path: Path, claims: list[Claim]) -> None:
    import duckdb

    names = (*_FLAT, *_JSON)
    columns = ", ".join(f"{name} {'INTEGER' if name == 'polarity' else 'VARCHAR'}" for name in names)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE claims ({columns})")
        table = [tuple(_flat(claim)[name] for name in names) for claim in claims]
        if table:
            connection.executemany(f"INSERT INTO claims VALUES ({', '.join('?' * len(names))})", table)
        connection.execute(f"COPY claims TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")
