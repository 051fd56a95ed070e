"""A whole claim as text inside a form that has no place for its chain, hedges and links; other programs show it and keep it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from vetopoint.errors import EvidenceError
from vetopoint.evidence._wording import first_fault
from vetopoint.evidence.claim import Claim
from vetopoint.evidence.exchange._bounds import parse_json, wrong

_SIGN = "vetopoint-claim "
REMEDY = "docs/claims.md lists a claim's fields"


def carry(claim: Claim) -> str:
    """A claim on one line, with the sign by which :func:`carried` knows it."""
    return _SIGN + json.dumps(claim.model_dump(exclude_defaults=True, mode="json"), ensure_ascii=False)


def carried(text: Any, path: str | Path, place: str) -> Claim | None:
    """The claim that a text carries, or None where it carries none."""
    if not isinstance(text, str) or not text.startswith(_SIGN):
        return None
    return claim_of(parse_json(text.removeprefix(_SIGN), path, "export the file anew", place), path, place)


def claim_of(data: Any, path: str | Path, place: str) -> Claim:
    """A claim from parsed JSON.

    Raises
    ------
    EvidenceError
        It is none; the message names the field.
    """
    if not isinstance(data, dict):
        raise wrong(path, "no object", REMEDY, place)
    try:
        claim = Claim.model_validate(data)
        told = claim.model_dump_json()  # refuses half of a surrogate pair, which no store takes
    except ValidationError as error:
        raise wrong(path, first_fault(error, Claim.model_fields), REMEDY, place) from error
    except (ValueError, TypeError, RecursionError) as error:
        raise wrong(path, f"no claim ({str(error)[:80]})", REMEDY, place) from error
    if "\\u0000" in told:
        raise wrong(path, "it holds a null character", REMEDY, place)
    if not claim.id.strip():
        raise wrong(path, "id: it is empty", REMEDY, place)
    return claim


def placed(claims: Iterable[Claim], path: str | Path) -> list[Claim]:
    """Claims whose words have their places, without which no other program can show them.

    Raises
    ------
    EvidenceError
        One has none.
    """
    found = list(claims)
    for claim in found:
        if not claim.content or not all(span.located for span in claim.content):
            raise EvidenceError(f"{path}: claim {claim.id} has no place in its text → locate it first")
    return found
