"""Claims as JSON Lines: one object a line, short to write by hand; the form in which a case's claims are kept and restored.

A file that ``export-claims`` wrote begins with a line that names the case and the SHA-256 of its documents' texts; by it
``import-claims --keep-reviews`` knows that the claims go back where they came from.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim, normalise_text
from vetopoint.evidence.exchange._bounds import parse_json, read_text, wrong
from vetopoint.evidence.exchange._locate import located
from vetopoint.evidence.exchange._whole import claim_of

_ORIGIN = "# vetopoint claims "
_REMEDY = "one object a line"


@dataclass(frozen=True)
class Origin:
    """Where claims were exported: the case's name, and document → SHA-256 of its text."""

    case: str
    documents: Mapping[str, str]


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
    seen: dict[str, int] = {}
    claims: list[Claim] = []
    normal = {key: normalise_text(text) for key, text in (documents or {}).items()}
    # Not splitlines: a line separator may stand in a quote.
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith(("#", "//")):
            continue
        place = f"{path}:{number}"
        claim = claim_of(parse_json(line, place, _REMEDY), place, "")
        if claim.id in seen:
            raise EvidenceError(f"{place}: id {claim.id!r} was used on line {seen[claim.id]} → give each its own id")
        seen[claim.id] = number
        claims.append(located(claim, normal, place) if documents is not None else claim)
    return tuple(claims)


def _text(path: Path) -> str:
    """The file's text; an empty one holds no claims, and is no error in a case's folder."""
    if path.is_file() and path.stat().st_size == 0:
        return ""
    return read_text(path, f"save it as UTF-8, {_REMEDY}")


def to_line(claim: Claim) -> str:
    """One claim as a line of JSON with the defaults left out."""
    return json.dumps(claim.model_dump(exclude_defaults=True), ensure_ascii=False)


def write_jsonl(claims: Iterable[Claim], path: Path, origin: Origin | None = None) -> None:
    """Write claims, a line each, behind the line that says where they come from."""
    head = []
    if origin is not None:
        about = {"case": origin.case, "documents": dict(sorted(origin.documents.items()))}
        head = [_ORIGIN + json.dumps(about, ensure_ascii=False)]
    path.write_text("".join(line + "\n" for line in (*head, *map(to_line, claims))), encoding="utf-8", newline="")


def origin_of_file(path: Path) -> Origin | None:
    """Where a file's claims were exported, or None where it does not say."""
    first = _text(path).split("\n", 1)[0]
    if not first.startswith(_ORIGIN):
        return None
    about = parse_json(first.removeprefix(_ORIGIN), f"{path}:1", _REMEDY)
    documents = about.get("documents") if isinstance(about, dict) else None
    if not isinstance(documents, dict) or not all(
        isinstance(value, str) for value in (about.get("case"), *documents.values())
    ):
        raise wrong(f"{path}:1", "it does not say where the claims come from", "export them anew")
    return Origin(about["case"], documents)
