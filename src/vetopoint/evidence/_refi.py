"""Claims in the exchange form of qualitative-analysis programs (REFI-QDA 1.5): a zip with ``project.qde`` and the sources' texts.

Codes are a claim's kind, speech act and edges, below one head code each; a coded passage is a `PlainTextSelection` with the
offsets of its code points. What the standard has no place for (chain, spans of cue and speaker, links, hedges) goes into the
selection's description as JSON, which other programs show as text and keep.
"""

import json
import re
import uuid
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree as ET

from pydantic import ValidationError

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import ACTS, Claim, Edge, EdgeKind, Kind, Span, normalise_text
from vetopoint.evidence.documents import Document

_PROJECT = "urn:QDA-XML:project:1.0"
_CODEBOOK = "urn:QDA-XML:codebook:1.0"
_SPACE = uuid.UUID("6a0e3f3c-7a55-5d0b-9f55-0a1d5a6b2c10")
"""The same thing gets the same GUID in every export (RFC 9562, version 5)."""
_KINDS, _EDGES = get_args(Kind), get_args(EdgeKind)
_MOST_FILES, _MOST_BYTES, _MOST_RATIO = 20_000, 200_000_000, 200
_MARK = "vetopoint-claim "


def write_refi(claims: Iterable[Claim], documents: Mapping[str, Document], path: str | Path) -> None:
    """Write claims as a ``.qdpx`` project with their documents, which must be given and hold their words."""
    claims = list(claims)
    users = {c.coder: _guid("user", c.coder) for c in claims}
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    about = {"xmlns": _PROJECT, "name": Path(path).stem, "origin": "Vetopoint", "creationDateTime": now}
    root = ET.Element("Project", about)
    listed = ET.SubElement(root, "Users")
    for name, guid in users.items():
        ET.SubElement(listed, "User", {"guid": guid, "name": name})
    book = ET.SubElement(root, "CodeBook")
    codes = _codes(book, {_edge_name(e) for c in claims for e in c.edges})
    sources = ET.SubElement(root, "Sources")
    texts: dict[str, str] = {}
    by_source: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_source[claim.source].append(claim)
    for name, found in by_source.items():
        if name not in documents:
            raise EvidenceError(f"{path}: no document {name!r} → give it along with its claims")
        guid = _guid("source", name)
        texts[f"sources/{guid}.txt"] = documents[name].text
        place = {"guid": guid, "name": name, "plainTextPath": f"internal://{guid}.txt"}
        source = ET.SubElement(sources, "TextSource", place)
        for claim in found:
            _select(source, claim, codes, users[claim.coder], path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", ET.tostring(root, "utf-8", xml_declaration=True))
        for file, text in texts.items():
            archive.writestr(file, text.encode("utf-8"))


def read_refi(path: str | Path, coder: str = "refi") -> tuple[tuple[Document, ...], tuple[Claim, ...]]:
    """Read a ``.qdpx`` project: its texts, and one claim for each coded passage.

    Passages that this package wrote come back as the same claims; of others the text, the codes whose names are known here
    (kinds, acts, edges), the remaining codes (as the claim's note) and the coder are kept.

    Parameters
    ----------
    coder : coder of passages that name no user.

    Raises
    ------
    EvidenceError
        No such archive, one that expands beyond bounds, one with a document type or entities, or a selection that lies
        outside its text.
    """
    path = Path(path)
    files = _unpack(path)
    root = _parse(files.get("project.qde"), path)
    codes = {c.get("guid", ""): c.get("name", "") for c in root.iter(_q("Code"))}
    users = {u.get("guid", ""): u.get("name") or coder for u in root.iter(_q("User"))} | {"": coder}
    documents: list[Document] = []
    claims: list[Claim] = []
    for source in root.iter(_q("TextSource")):
        name = source.get("name") or source.get("guid") or "source"
        raw = _text_of(source, files, path)
        if normalise_text(raw) != raw and list(source.iter(_q("PlainTextSelection"))):
            message = f"{path}: {name}: offsets would shift, since the text is not in normal form (NFC, line feeds)"
            raise EvidenceError(message)
        documents.append(Document(id=name, text=raw))
        found: dict[str, Claim] = {}
        for number, selection in enumerate(source.iter(_q("PlainTextSelection")), start=1):
            claim = _claim(selection, documents[-1], path, codes, users, f"{name}.{coder}.{number}")
            found.setdefault(claim.id, claim)
        claims += found.values()
    return tuple(documents), tuple(claims)


def write_codebook(claims: Iterable[Claim], path: str | Path) -> None:
    """Write the codes that claims use as a ``.qdc`` codebook."""
    root = ET.Element("CodeBook", {"xmlns": _CODEBOOK, "origin": "Vetopoint"})
    _codes(root, {_edge_name(e) for c in claims for e in c.edges})
    Path(path).write_bytes(ET.tostring(root, "utf-8", xml_declaration=True))


def _codes(parent: ET.Element, edges: set[str]) -> dict[str, str]:
    guids: dict[str, str] = {}
    codes = ET.SubElement(parent, "Codes")
    for head, below in (("kind", _KINDS), ("act", ACTS), ("edge", tuple(sorted(edges)))):
        top = ET.SubElement(codes, "Code", {"guid": _guid("code", head), "name": head, "isCodable": "false"})
        for name in below:
            full = f"{head}:{name}"
            guids[full] = _guid("code", full)
            ET.SubElement(top, "Code", {"guid": guids[full], "name": full, "isCodable": "true"})
    return guids


def _edge_name(edge: Edge) -> str:
    return f"{'' if edge.holds else 'not '}{edge.kind}{f' {edge.actor}' if edge.actor else ''}"


def _select(source: ET.Element, claim: Claim, codes: dict[str, str], user: str, path: str | Path) -> None:
    if not claim.content or not all(span.located for span in claim.content):
        raise EvidenceError(f"{path}: claim {claim.id} has no place in its text → locate it first")
    used = [f"kind:{claim.kind}", *([f"act:{claim.act}"] if claim.act else [])]
    used += [f"edge:{_edge_name(edge)}" for edge in claim.edges]
    for number, span in enumerate(claim.content):
        guid = _guid("selection", f"{claim.id}#{number}")
        place = {"guid": guid, "name": claim.id, "startPosition": str(span.start), "endPosition": str(span.end)}
        selection = ET.SubElement(source, "PlainTextSelection", {**place, "creatingUser": user})
        ET.SubElement(selection, "Description").text = _MARK + claim.model_dump_json(exclude_defaults=True)
        for name in dict.fromkeys(used):
            about = {"guid": _guid("coding", f"{guid}{name}"), "creatingUser": user}
            coding = ET.SubElement(selection, "Coding", about)
            ET.SubElement(coding, "CodeRef", {"targetGUID": codes[name]})


def _claim(
    selection: ET.Element, document: Document, path: Path, codes: Mapping[str, str], users: Mapping[str, str], id: str
) -> Claim:
    """The claim of one coded passage; `codes` and `users` are names by GUID, "" who coded what names no user."""
    source, text = document.id, document.text
    try:
        start, end = int(selection.get("startPosition", "")), int(selection.get("endPosition", ""))
    except ValueError as error:
        message = f"{path}: {source}: a selection without numbers as its place → export the project anew"
        raise EvidenceError(message) from error
    if not 0 <= start <= end <= len(text):
        message = f"{path}: {source}: selection {start} to {end} lies outside the text of {len(text)} characters"
        raise EvidenceError(message)
    about = selection.findtext(_q("Description"), "")
    if about.startswith(_MARK):
        try:
            claim = Claim.model_validate(json.loads(about.removeprefix(_MARK)))
        except (ValueError, ValidationError) as error:
            message = f"{path}: {source}: a claim's description is damaged → export the project anew"
            raise EvidenceError(message) from error
        if any(text[s.start : s.end] != s.text for s in claim.content) or claim.source != source:
            message = f"{path}: claim {claim.id} does not stand in {source} where it says → export the project anew"
            raise EvidenceError(message)
        return claim
    codings = list(selection.iter(_q("Coding")))
    used = [codes.get(ref.get("targetGUID", ""), "") for ref in selection.iter(_q("CodeRef"))]
    user = selection.get("creatingUser") or next((c.get("creatingUser") for c in codings if c.get("creatingUser")), "")
    span = Span.cut(text, start, end)
    named = users.get(user or "", users[""])
    return Claim(id=id, source=source, quote=span.text, content=(span,), coder=named, **_known(used))


def _known(used: list[str]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    edges: list[Edge] = []
    rest: list[str] = []
    for name in used:
        head, _, value = name.partition(":")
        holds = not value.startswith("not ")
        kind, _, actor = value.removeprefix("not ").partition(" ")
        if head == "kind" and value in _KINDS:
            out["kind"] = value
        elif head == "act" and value in ACTS:
            out["act"] = value
        elif head == "edge" and kind in _EDGES:
            edges.append(Edge.model_validate({"kind": kind, "actor": actor, "holds": holds}))
        elif name:
            rest.append(name)
    return {**out, "edges": tuple(edges), "note": "; ".join(rest)}


def _text_of(source: ET.Element, files: Mapping[str, bytes], path: Path) -> str:
    inline = source.findtext(_q("PlainTextContent"))
    if inline is not None:
        return inline
    name = source.get("plainTextPath", "").removeprefix("internal://")
    for place in (f"sources/{name}", f"Sources/{name}"):
        if name and place in files:
            try:
                return files[place].decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise EvidenceError(f"{path}: {place} is no UTF-8 text → export the project anew") from error
    message = f"{path}: the text of source {source.get('name')!r} is not in the archive → export it with its sources"
    raise EvidenceError(message)


def _unpack(path: Path) -> dict[str, bytes]:
    """The archive's files, read within bounds whatever its headers claim; nothing is written to the disk."""
    too_much = EvidenceError(f"{path}: the archive expands beyond all measure → export fewer sources at a time")
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [e for e in archive.infolist() if e.filename.lower().endswith((".qde", ".txt"))]
            left = min(_MOST_BYTES, max(sum(e.compress_size for e in entries), 10_000) * _MOST_RATIO)
            if len(entries) > _MOST_FILES or sum(e.file_size for e in entries) > left:
                raise too_much
            files: dict[str, bytes] = {}
            for entry in entries:
                with archive.open(entry) as handle:
                    files[entry.filename] = handle.read(left + 1)
                left -= len(files[entry.filename])
                if left < 0:
                    raise too_much
            return files
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise EvidenceError(f"{path}: no usable project archive ({error}) → export it anew as .qdpx") from error


def _parse(raw: bytes | None, path: Path) -> ET.Element:
    if raw is None:
        raise EvidenceError(f"{path}: no project.qde in the archive → export it anew as .qdpx")
    # Looking at bytes suffices only for an encoding in which ASCII is ASCII; others are not in the standard.
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in raw:
        raise EvidenceError(f"{path}: not UTF-8 → export it anew")
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", raw, re.IGNORECASE):
        raise EvidenceError(f"{path}: it declares a document type or entities, which are not read → export it anew")
    declared = re.match(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", raw)
    if declared and declared.group(1).lower() not in (b"utf-8", b"us-ascii"):
        raise EvidenceError(f"{path}: not UTF-8 → export it anew")
    try:
        root = ET.fromstring(raw)
    except (ET.ParseError, ValueError) as error:
        raise EvidenceError(f"{path}: no well-formed XML ({error}) → export it anew") from error
    if root.tag != _q("Project"):
        raise EvidenceError(f"{path}: no REFI-QDA project → export it anew")
    return root


def _q(tag: str) -> str:
    return f"{{{_PROJECT}}}{tag}"


def _guid(kind: str, name: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{kind}:{name}"))
