"""How reviews compose: a claim as coded, and on it every review that stands, in the order in which they were made.

A correction changes the fields that it names and leaves those of earlier corrections as they are; `accept` and `reject` judge
the claim as it then stands; `undo` takes back its coder's latest standing review of the claim, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from vetopoint.errors import EvidenceError
from vetopoint.evidence._wording import first_fault
from vetopoint.evidence.claim import Action, Claim

_STATUS = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}
FIXED = ("id", "source", "coder", "status", "rule", "reason")
"""Fields of a claim that no correction changes."""


@dataclass(frozen=True)
class Decision:
    """What a coder decides on one claim, before it is kept.

    Parameters
    ----------
    action : ``accept``, ``reject``, ``correct`` with `changes`, or ``undo``.
    changes : fields that `correct` replaces, as in the claim's JSON or in the short forms of `docs/claims.md`.
    """

    claim: str
    action: Action
    reason: str = ""
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Review:
    """One entry of the review log."""

    number: int
    claim: str
    coder: str
    action: Action
    changes: Mapping[str, Any]
    reason: str
    undoes: int | None
    at: str


def standing(log: Iterable[Review]) -> list[Review]:
    """Reviews that no later entry has undone, in order."""
    entries = list(log)
    undone = {entry.undoes for entry in entries if entry.action == "undo"}
    return [entry for entry in entries if entry.action != "undo" and entry.number not in undone]


def composed(claim: Claim, log: Iterable[Review]) -> Claim:
    """A claim as the standing ones of its reviews leave it.

    >>> coded = Claim(id="c1", source="g", quote="no", status="proposed")
    >>> log = [
    ...     Review(1, "c1", "ada", "correct", {"hedge": "could"}, "", None, ""),
    ...     Review(2, "c1", "bo", "correct", {"polarity": -1}, "", None, ""),
    ... ]
    >>> (composed(coded, log).hedge, composed(coded, log).polarity, composed(coded, log).status)
    ('could', -1, 'corrected')
    """
    reviews = standing(log)
    if not reviews:
        return claim
    judged: dict[str, Any] = {"status": _STATUS[reviews[-1].action]}
    for review in reviews:
        judged |= review.changes
        judged["reason"] = review.reason or judged.get("reason", claim.reason)
    return changed(claim, judged)


def as_judged_by(claim: Claim, log: Sequence[Review], coder: str) -> Claim | None:
    """The claim as it stood when `coder` last judged it, later reviews left out; None where he did not."""
    own = [review.number for review in standing(log) if review.coder == coder]
    if not own:
        return None
    # What was undone later than his review was undone all the same.
    return composed(claim, [review for review in standing(log) if review.number <= own[-1]])


def changed(claim: Claim, changes: Mapping[str, Any]) -> Claim:
    """The claim with some fields replaced, checked as a whole."""
    try:
        return Claim.model_validate({**claim.model_dump(), **changes})
    except ValidationError as error:
        fault = first_fault(error, Claim.model_fields)
        raise EvidenceError(f"claim {claim.id!r}: {fault} → docs/claims.md lists the fields") from error
