"""Projects of programs for qualitative analysis (REFI-QDA 1.5): a zip with ``project.qde`` and the sources' texts.

Source: REFI-QDA Standard 1.5 and its schema `Project.xsd` (urn:QDA-XML:project:1.0, 18 March 2019, https://www.qdasoftware.org).
Codes are a claim's kind, speech act and edges, below one head code each; a coded passage is a `PlainTextSelection` with the
offsets of its code points in the plain text. ATLAS.ti and QualCoder put the passage's first words into the selection's name,
which shows whether a file counts code points or UTF-16 units, and line ends as one or two. What the standard has no place for
(chain, spans of cue and speaker, links, hedges) goes into the selection's description as JSON.
"""

from __future__ import annotations

import uuid
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import ACTS, Claim
from vetopoint.evidence.documents import Document
from vetopoint.evidence.exchange._bounds import decode, number_in, parse_xml, wrong
from vetopoint.evidence.exchange._codes import KINDS, codes_of, edge_name
from vetopoint.evidence.exchange._passages import Foreign, Mark, Piece
from vetopoint.evidence.exchange._whole import carried, carry, placed

_PROJECT = "urn:QDA-XML:project:1.0"
_CODEBOOK = "urn:QDA-XML:codebook:1.0"
_SPACE = uuid.UUID("6a0e3f3c-7a55-5d0b-9f55-0a1d5a6b2c10")
"""The same thing gets the same GUID in every export (RFC 9562, version 5)."""
_MOST_FILES, _MOST_BYTES, _MOST_RATIO = 20_000, 200_000_000, 200
_ANEW = "export the project anew"
_TEXTS = ("TextSource", "Representation", "TextDescription")
_LEFT = {
    "PictureSource": "image{s}",
    "PictureSelection": "coded part{s} of images",
    "PDFSelection": "coded area{s} of PDF pages",
    "AudioSource": "sound recording{s}",
    "AudioSelection": "coded part{s} of recordings",
    "VideoSource": "video{s}",
    "VideoSelection": "coded part{s} of videos",
    "TranscriptSelection": "coded part{s} of transcripts",
    "Note": "memo{s}",
    "Variable": "variable{s}",
    "Case": "case{s}",
    "Set": "set{s}",
    "Graph": "graph{s}",
    "Link": "link{s}",
}
_NAME = 60


def write_refi(claims: Iterable[Claim], documents: Mapping[str, Document], path: str | Path) -> None:
    """Write claims as a ``.qdpx`` project with their documents, which must be given and hold their words."""
    claims = placed(claims, path)
    users = {c.coder: _guid("user", c.coder) for c in claims}
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    about = {"xmlns": _PROJECT, "name": Path(path).stem, "origin": "Vetopoint", "creationDateTime": now}
    root = ET.Element("Project", about)
    listed = ET.SubElement(root, "Users")
    for name, guid in users.items():
        ET.SubElement(listed, "User", {"guid": guid, "name": name})
    book = ET.SubElement(root, "CodeBook")
    codes = _codes(book, {edge_name(e) for c in claims for e in c.edges})
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
            _select(source, claim, codes, users[claim.coder])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", ET.tostring(root, "utf-8", xml_declaration=True))
        for file, text in texts.items():
            archive.writestr(file, text.encode("utf-8"))


def write_codebook(claims: Iterable[Claim], path: str | Path) -> None:
    """Write the codes that claims use as a ``.qdc`` codebook."""
    root = ET.Element("CodeBook", {"xmlns": _CODEBOOK, "origin": "Vetopoint"})
    _codes(root, {edge_name(e) for c in claims for e in c.edges})
    Path(path).write_bytes(ET.tostring(root, "utf-8", xml_declaration=True))


def _codes(parent: ET.Element, edges: set[str]) -> dict[str, str]:
    guids: dict[str, str] = {}
    codes = ET.SubElement(parent, "Codes")
    for head, below in (("kind", KINDS), ("act", ACTS), ("edge", tuple(sorted(edges)))):
        top = ET.SubElement(codes, "Code", {"guid": _guid("code", head), "name": head, "isCodable": "false"})
        for name in below:
            full = f"{head}:{name}"
            guids[full] = _guid("code", full)
            ET.SubElement(top, "Code", {"guid": guids[full], "name": full, "isCodable": "true"})
    return guids


def _select(source: ET.Element, claim: Claim, codes: dict[str, str], user: str) -> None:
    for number, span in enumerate(claim.content):
        guid = _guid("selection", f"{claim.source}/{claim.id}#{number}")
        words = " ".join(span.text.split())[:_NAME]
        place = {"guid": guid, "name": words, "startPosition": str(span.start), "endPosition": str(span.end)}
        selection = ET.SubElement(source, "PlainTextSelection", {**place, "creatingUser": user})
        ET.SubElement(selection, "Description").text = carry(claim)
        for name in codes_of(claim):
            about = {"guid": _guid("coding", f"{guid}{name}"), "creatingUser": user}
            coding = ET.SubElement(selection, "Coding", about)
            ET.SubElement(coding, "CodeRef", {"targetGUID": codes[name]})


def read_refi(path: Path) -> Foreign:
    """Read a ``.qdpx`` project: its texts, and a passage for each coder of each coded selection.

    Passages that this package wrote come back as the same claims. Images, sound, memos, variables and the like are counted.

    Raises
    ------
    EvidenceError
        No such archive, one that expands beyond bounds, one with a document type or entities, or a selection without numbers.
    """
    files = _unpack(path)
    raw = next((data for name, data in files.items() if name.lower().rpartition("/")[2] == "project.qde"), None)
    if raw is None:
        raise wrong(path, "no project.qde in the archive", _ANEW)
    root = parse_xml(raw, path, _ANEW)
    if root.tag != _q("Project"):
        raise wrong(path, "no REFI-QDA project", _ANEW)
    names = {_key(c.get("guid")): c.get("name", "") for c in root.iter(_q("Code"))}
    users = {_key(u.get("guid")): u.get("name", "") for u in root.iter(_q("User"))}
    found = Foreign(remedy=_ANEW)
    for tag, noun in _LEFT.items():
        found.left[noun] = sum(1 for _ in root.iter(_q(tag)))
    for name, source in _sources(root):
        _take(source, name, files, names, users, path, found)
    found.left = +found.left
    return found


def _sources(root: ET.Element) -> Iterator[tuple[str, ET.Element]]:
    """Every text of the project, those of PDF files and pictures included, under the name of its source."""
    seen: set[str] = set()
    for parent in root.iter():
        for source in parent:
            if source.tag in {_q(tag) for tag in _TEXTS}:
                own = source if source.tag == _q("TextSource") else parent
                name = own.get("name") or own.get("guid") or "source"
                while name in seen:
                    name += "~"
                seen.add(name)
                yield name, source


def _take(
    source: ET.Element,
    name: str,
    files: Mapping[str, bytes],
    codes: Mapping[str, str],
    users: Mapping[str, str],
    path: Path,
    found: Foreign,
) -> None:
    text = _text_of(source, files, path)
    if text is not None:
        found.texts[name] = text
    whole = sum(1 for _ in source.findall(_q("Coding")))
    found.left["coding{s} of a whole source"] += whole
    claims: dict[str, Mark] = {}
    for number, selection in enumerate(source.findall(_q("PlainTextSelection")), start=1):
        place = f"{name}, selection {number}"
        for mark in _marks(selection, name, place, codes, users, path):
            own = mark.whole
            if own is not None and own.id in claims:
                first = claims[own.id]
                claims[own.id] = Mark(
                    first.place, name, first.content + mark.content, own.id, coder=mark.coder, whole=own
                )
            else:
                claims[own.id if own is not None else f"\n{len(claims)}"] = mark
    found.marks += claims.values()


def _marks(
    selection: ET.Element, source: str, place: str, codes: Mapping[str, str], users: Mapping[str, str], path: Path
) -> Iterator[Mark]:
    start, end = (number_in(selection.get(f"{side}Position", ""), path, place, _ANEW) for side in ("start", "end"))
    if end < start:
        raise wrong(path, f"it ends at {end}, before it starts at {start}", _ANEW, place)
    piece = Piece(start, end, selection.get("name", ""), begun=True)
    about = selection.findtext(_q("Description"), "")
    whole = carried(about, path, place)
    codings = selection.findall(_q("Coding"))
    creator = selection.get("creatingUser") or next(filter(None, (c.get("creatingUser") for c in codings)), None)
    if whole is not None:
        yield Mark(place, source, (_piece_of(whole, piece),), whole.id, coder=users.get(_key(creator), ""), whole=whole)
        return
    by_user: defaultdict[str, list[str]] = defaultdict(list)
    for coding in codings:
        used = [codes.get(_key(ref.get("targetGUID")), "") for ref in coding.findall(_q("CodeRef"))]
        by_user[_key(coding.get("creatingUser") or creator)] += used
    guid = _key(selection.get("guid"))
    for number, (user, used) in enumerate((by_user or {_key(creator): []}).items()):
        id = f"{guid}-{number}" if guid and number else guid
        named = tuple(filter(None, used))
        yield Mark(place, source, (piece,), id, coder=users.get(user, ""), codes=named, note=about)


def _piece_of(whole: Claim, piece: Piece) -> Piece:
    """A selection with the words of the claim's piece that stands there; of one that was moved only its name is known."""
    words = next((s.text for s in whole.content if (s.start, s.end) == (piece.start, piece.end)), "")
    return Piece(piece.start, piece.end, words) if words else piece


def _text_of(source: ET.Element, files: Mapping[str, bytes], path: Path) -> str | None:
    """A source's plain text, or None where the archive does not bring it along."""
    inline = source.findtext(_q("PlainTextContent"))
    if inline is not None:
        return inline
    name = source.get("plainTextPath", "").rpartition("://")[2].replace("\\", "/").rpartition("/")[2].lower()
    for file, raw in files.items():
        if name and file.lower().replace("\\", "/").rpartition("/")[2] == name:
            return decode(raw, path, _ANEW, file)
    return None


def _unpack(path: Path) -> dict[str, bytes]:
    """The archive's files, read within bounds whatever its headers claim; nothing is written to the disk."""
    too_much = wrong(path, "the archive expands beyond all measure", "export fewer sources at a time")
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
    except EvidenceError:
        raise
    except Exception as error:  # a damaged archive raises what its decompressor and its headers please
        raise wrong(path, f"no usable project archive ({str(error)[:100]})", "export it anew as .qdpx") from error


def _key(guid: str | None) -> str:
    return (guid or "").strip("{} ").lower()


def _q(tag: str) -> str:
    return f"{{{_PROJECT}}}{tag}"


def _guid(kind: str, name: str) -> str:
    return str(uuid.uuid5(_SPACE, f"{kind}:{name}"))
