"""Claims on disk: one JSON object a line, short to write by hand, and the forms of other programs.

Those are flat tables (CSV, Parquet), W3C Web Annotation and discourse-network statements; brat and REFI-QDA have
modules of their own. Words are looked for in a source where only their text is given; offsets that are given are checked.
"""

import csv
import glob
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from vetopoint.errors import EvidenceError
from vetopoint.evidence._brat import from_folder, to_folder
from vetopoint.evidence._refi import read_refi, write_codebook, write_refi
from vetopoint.evidence.claim import Claim, EdgeKind, Span, normalise_text
from vetopoint.evidence.documents import Document

_JSON = ("chain", "edges", "content", "speaker", "cue", "sentence")
_FLAT = tuple(name for name in Claim.model_fields if name not in (*_JSON, "nth"))
_COLUMNS = (*_FLAT, *_JSON)
_STATEMENTS = ("id", "document", "date", "person", "organization", "concept", "agreement", "text", "start", "end")
_BRAT = "brat"
_FORMS = "end the name in .jsonl, .csv, .parquet, .dna.csv or .jsonld"


def write_claims(claims: Iterable[Claim], path: str | Path, documents: Mapping[str, Document] | None = None) -> None:
    """Write claims in the form that the name's ending says.

    ``.jsonl`` leaves defaults out. ``.csv`` and ``.parquet`` are flat tables, ``.jsonld`` is a Web Annotation page,
    ``.qdpx`` a REFI-QDA project and ``.qdc`` its codes alone. ``.dna.csv`` is a statement table as Discourse Network
    Analyzer exports it: one row for each edge and each piece of the words, actor by concept, with agreement; it keeps
    less than the others. A folder whose name ends in ``brat`` gets a ``.txt`` and an ``.ann`` for each document.

    Parameters
    ----------
    documents : those in which the claims stand, by id; for ``.qdpx`` and ``brat``.
    """
    path, claims = Path(path), list(claims)
    if path.name.endswith(_BRAT):
        to_folder(claims, documents or {}, path)
    elif path.suffix == ".qdpx":
        write_refi(claims, documents or {}, path)
    elif path.suffix == ".qdc":
        write_codebook(claims, path)
    elif path.name.endswith(".dna.csv"):
        _write_csv(path, _STATEMENTS, _statements(claims))
    elif path.suffix == ".jsonl":
        path.write_text("".join(to_line(claim) + "\n" for claim in claims), encoding="utf-8")
    elif path.suffix == ".csv":
        _write_csv(path, _COLUMNS, [_flat(claim) for claim in claims])
    elif path.suffix == ".jsonld":
        path.write_text(json.dumps(to_web_annotation(claims), ensure_ascii=False, indent=1), encoding="utf-8")
    elif path.suffix == ".parquet":
        _write_parquet(path, claims)
    else:
        raise EvidenceError(f"{path}: unknown form → {_FORMS}")


def read_claims(path: str | Path, texts: Mapping[str, str] | None = None, coder: str = "") -> tuple[Claim, ...]:
    """Read claims from any of the forms that :func:`write_claims` writes, but the codes alone.

    Parameters
    ----------
    texts : the text of each document by its id: a ``.qdpx`` or ``brat`` that brings another text along is refused.
    coder : who coded a ``.qdpx`` or ``brat`` that does not say.
    """
    path = Path(path)
    if path.is_dir():
        return from_folder(path, texts or {}, coder or _BRAT)
    if path.suffix == ".qdpx":
        documents, found = read_refi(path, coder or "refi")
        if other := [d.id for d in documents if (texts or {}).get(d.id, d.text) != d.text]:
            raise EvidenceError(f"{path}: {', '.join(other)}: not the text that the case has → export it anew")
        return found
    if path.suffix == ".jsonl":
        return read_jsonl(path)
    if path.name.endswith(".dna.csv"):
        return _from_statements(_read_csv(path))
    if path.suffix in (".csv", ".parquet"):
        return tuple(_unflat(row) for row in (_read_csv if path.suffix == ".csv" else _read_parquet)(path))
    if path.suffix == ".jsonld":
        return from_web_annotation(json.loads(path.read_text(encoding="utf-8")))
    raise EvidenceError(f"{path}: unknown form → {_FORMS}")


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
        lines = path.read_text(encoding="utf-8").split("\n")  # a line separator may stand in a quote
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
        claims.append(_located(claim, normal, f"{path}:{number}") if documents is not None else claim)
    return tuple(claims)


def locate(claims: Iterable[Claim], documents: Mapping[str, str], place: str = "") -> tuple[Claim, ...]:
    """Fill in the offsets of every quote, cue, content and speaker from the sources' texts, and check those that are given.

    Parameters
    ----------
    place : where the claims come from, for messages.

    Raises
    ------
    EvidenceError
        A quote does not stand in its source, or stands there several times and ``nth`` does not say which.
    """
    normal = {key: normalise_text(text) for key, text in documents.items()}
    return tuple(_located(claim, normal, f"{place}claim {claim.id}") for claim in claims)


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


def _located(claim: Claim, documents: Mapping[str, str], place: str) -> Claim:
    if claim.source not in documents:
        known = ", ".join(sorted(documents)) or "none"
        cause = f"source {claim.source!r} is not among the documents ({known})"
        raise EvidenceError(f"{place}: {cause} → name it under `sources`")
    text = documents[claim.source]
    quote, content, sentence = _carried(claim, text, place)
    near = [*content, *([sentence] if sentence else [])]
    window = _hull(near) if near else (0, len(text))
    return claim.model_copy(
        update={
            "quote": quote,
            "content": content,
            "sentence": sentence,
            "speaker": tuple(_settled(span, text, window, place) for span in claim.speaker),
            "cue": None if claim.cue is None else _settled(claim.cue, text, window, place),
        }
    )


def _carried(claim: Claim, text: str, place: str) -> tuple[str, tuple[Span, ...], Span | None]:
    """The quote, the words that carry the claim and their sentence; offsets that are given decide, then the quote."""
    whole = (0, len(text))
    quote, content, sentence = claim.quote, claim.content, claim.sentence
    if sentence is not None:
        sentence = _settled(sentence, text, whole, place)
    around = sentence
    if quote and content and all(span.located for span in content):
        _find(quote, text, whole, place)
    elif quote:
        found = _find(quote, text, whole, place, nth=claim.nth, unique=True)
        quote, content = found.text, content or (found,)
        sentence = sentence or _sentence(text, found.start, found.end)
        around = Span.cut(text, *_hull((found, sentence)))
    window = (around.start, around.end) if around else whole
    content = tuple(_settled(span, text, window, place, unique=around is None) for span in content)
    if sentence is None and content:
        sentence = _sentence(text, *_hull(content))
    return quote, content, sentence


def _hull(spans: Sequence[Span]) -> tuple[int, int]:
    return min(span.start for span in spans), max(span.end for span in spans)


def _settled(span: Span, text: str, window: tuple[int, int], place: str, *, unique: bool = False) -> Span:
    if not span.located:
        return _find(span.text, text, window, place, unique=unique)
    found = text[span.start : span.end]
    if found != span.text:
        raise EvidenceError(
            f"{place}: characters {span.start}–{span.end} of the source are {found[:80]!r}, not {span.text[:80]!r} → "
            "it is another version of the text: restore it, or leave the offsets out and let the program find the quote"
        )
    return span


def _find(quote: str, text: str, window: tuple[int, int], place: str, *, nth: int = 1, unique: bool = False) -> Span:
    words = normalise_text(quote).split()
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    found = list(pattern.finditer(text, *window)) if words else []
    if len(found) < nth:
        raise EvidenceError(f"{place}: {quote[:80]!r} does not stand in the source → copy its words exactly")
    if unique and nth == 1 and len(found) > 1:
        wrong = f"{place}: {quote[:80]!r} stands {len(found)} times in the source"
        raise EvidenceError(f'{wrong} → quote a little more, or add "nth": 2 for the second')
    return Span.cut(text, *found[nth - 1].span())


_END = re.compile(r"[.!?…][”\"’')\]]*(?=\s)|\n\s*\n|\n(?=[A-Z“\"])")


def _sentence(text: str, start: int, end: int) -> Span:
    """Widen a quote to the sentence or sentences that hold it."""
    first = max((match.end() for match in _END.finditer(text, 0, start)), default=0)
    first += len(text[first:start]) - len(text[first:start].lstrip())
    after = _END.search(text, max(end - 1, start))
    last = max(after.end() if after else len(text), end)
    return Span.cut(text, first, end + len(text[end:last].rstrip()))


def to_web_annotation(claims: Iterable[Claim]) -> dict[str, Any]:
    """Claims as a W3C Web Annotation collection (Recommendation of 23 February 2017), with both kinds of text selector."""
    items = []
    for claim in claims:
        value = claim.model_dump(exclude_defaults=True, mode="json")
        head = {"id": f"urn:vetopoint:claim:{claim.id}", "type": "Annotation", "motivation": "describing"}
        body = {"type": "Dataset", "format": "application/json", "value": value}
        target = [{"source": claim.source, "selector": _selector(span)} for span in claim.content]
        items.append({**head, "creator": claim.coder, "body": body, "target": target})
    return {"@context": "http://www.w3.org/ns/anno.jsonld", "type": "AnnotationPage", "items": items}


def _selector(span: Span) -> dict[str, Any]:
    quote = {"type": "TextQuoteSelector", "exact": span.text}
    return {"type": "TextPositionSelector", "start": span.start, "end": span.end, "refinedBy": quote}


def from_web_annotation(page: Mapping[str, Any]) -> tuple[Claim, ...]:
    """Claims from a Web Annotation page: whole where this program wrote it, else the marked text and who marked it."""
    out = []
    for number, item in enumerate(page.get("items", ()), start=1):
        body = item.get("body")
        if isinstance(body, Mapping) and isinstance(body.get("value"), Mapping):
            out.append(Claim.model_validate(body["value"]))
            continue
        targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
        spans = tuple(_selected(target["selector"]) for target in targets)
        quote = spans[0].text if len(spans) == 1 else ""
        note = body.get("value", "") if isinstance(body, Mapping) else str(body or "")
        id = re.sub(r"\W+", "-", str(item.get("id", number))).strip("-")
        source, coder = str(targets[0]["source"]), str(item.get("creator") or "annotation")
        out.append(Claim(id=id, source=source, content=spans, quote=quote, coder=coder, note=note))
    return tuple(out)


def _selected(selector: Any) -> Span:
    found: dict[str, Any] = {}
    for option in selector if isinstance(selector, list) else [selector]:
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
        message = f"row {row.get('id', '?')}: no claim ({error}) → see docs/claims.md for the fields"
        raise EvidenceError(message) from error


def _statements(claims: Iterable[Claim]) -> list[dict[str, Any]]:
    out = []
    for claim in claims:
        outlet = next((link.name for link in claim.chain if link.role == "outlet"), "")
        voice = (claim.id, claim.source, claim.date, claim.says.name, claim.says.actor or outlet)
        for edge in claim.edges:
            concept = f"{edge.kind}:{edge.actor}" if edge.actor else edge.kind
            for place in claim.content or (Span(text=claim.quote),):
                row = (*voice, concept, int(edge.holds), place.text, place.start, place.end)
                out.append(dict(zip(_STATEMENTS, row, strict=True)))
    return out


def _from_statements(rows: Iterable[Mapping[str, str]]) -> tuple[Claim, ...]:
    """One claim for each id: the pieces of its words and its edges stand on rows of their own."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        link = {"name": row["person"] or row["organization"], "actor": row["organization"]}
        about = {"id": row["id"], "source": row["document"], "date": row.get("date", ""), "chain": [link]}
        claim = found.setdefault(row["id"], {**about, "content": [], "edges": [], "note": "", "coder": "dna"})
        kind, _, actor = row["concept"].partition(":")
        edge = {"kind": kind, "actor": actor, "holds": row["agreement"] in ("1", "yes", "true", "True")}
        piece = {"text": row["text"], "start": int(row["start"] or -1), "end": int(row["end"] or -1)}
        if kind not in get_args(EdgeKind):
            claim["note"] = "; ".join(dict.fromkeys(filter(None, (*claim["note"].split("; "), row["concept"]))))
        elif edge not in claim["edges"]:
            claim["edges"].append(edge)
        if piece not in claim["content"]:
            claim["content"].append(piece)
    return tuple(Claim.model_validate(claim) for claim in found.values())


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

    columns = ", ".join(f"{name} {'INTEGER' if name == 'polarity' else 'VARCHAR'}" for name in _COLUMNS)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE claims ({columns})")
        table = [tuple(_flat(claim)[name] for name in _COLUMNS) for claim in claims]
        if table:
            connection.executemany(f"INSERT INTO claims VALUES ({', '.join('?' * len(_COLUMNS))})", table)
        connection.execute(f"COPY claims TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")


def _read_parquet(path: Path) -> list[dict[str, Any]]:
    import duckdb

    with duckdb.connect() as connection:
        # A path is read as a pattern there, and would match other folders' files.
        cursor = connection.execute("SELECT * FROM read_parquet(?)", [glob.escape(str(path))])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
