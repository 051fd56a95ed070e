"""A case as it was known on a day: numbers all of whose claims came later fall back to what they are without their sources.

A claim is known from its own date on, or else from its document's; one that a program proposed and a person accepted, only once it was accepted.
Reviews that were made later count for nothing. What is dated by nobody is taken as known. The moves of the case, their months, and what nobody
claims stay as they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from vetopoint.case import Case
from vetopoint.errors import CaseError
from vetopoint.evidence import Claim, read_jsonl
from vetopoint.evidence.review import composed
from vetopoint.quantity import compile_inputs
from vetopoint.study.plausible import claims_behind
from vetopoint.study.sources import CLAIMS_FILE, Study

__all__ = ["Known", "as_known", "known_on"]


@dataclass(frozen=True)
class Known:
    """What was known of a case on a day.

    Attributes
    ----------
    case : the case as it was known.
    fallen : number to what it falls back to.
    later : ids of the claims that came later.
    undated : ids of the claims that nobody dates.
    """

    case: Case
    fallen: Mapping[str, str]
    later: tuple[str, ...]
    undated: tuple[str, ...]


def known_on(study: Study, day: dt.date) -> tuple[frozenset[str], tuple[str, ...]]:
    """Ids of the claims that were known on a day, and of those among them that nobody dates."""
    kept = _reviewed_by(study, day)
    known, undated = set[str](), []
    for claim in study.evidence.claims:
        if claim.id in kept and not kept[claim.id]:
            continue
        dated = _date(study, claim)
        if dated is None:
            undated.append(claim.id)
        if dated is None or dated <= day:
            known.add(claim.id)
    return frozenset(known), tuple(undated)


def _date(study: Study, claim: Claim) -> dt.date | None:
    """When a claim was made, by its own date or by its document's."""
    try:
        return dt.date.fromisoformat(claim.date[:10])
    except ValueError:
        document = study.evidence.documents.get(claim.source)
        return document.date if document is not None else None


def _reviewed_by(study: Study, day: dt.date) -> dict[str, bool]:
    """Of every claim of the store that no file has: whether it stood accepted on a day."""
    texts = {name: document.text for name, document in study.evidence.documents.items()}
    file = study.case.folder / CLAIMS_FILE
    coded = {claim.id for claim in read_jsonl(file, texts)} if file.is_file() else set()
    store = study.store.look()
    if store is None:
        return {}
    with store:
        claims, log = store.claims(as_coded=True), store.log()
    until = [review for review in log if review.at[:10] <= day.isoformat()]
    stood = {c.id: composed(c, [r for r in until if r.claim == c.id]).status for c in claims if c.id not in coded}
    return {name: status in ("accepted", "corrected") for name, status in stood.items()}


def as_known(study: Study, case: Case, day: dt.date) -> Known:
    """A case as it was known on a day.

    Parameters
    ----------
    study : with its evidence.
    case : its case, or a variant of it.

    Raises
    ------
    CaseError
        If no claim of it has a date, or the case is wrong with what its numbers fall back to.
    """
    known, undated = known_on(study, day)
    all_claims = [claim.id for claim in study.evidence.claims]
    if len(undated) == len(all_claims):
        what = "no claim has a date" if all_claims else "it has no claims"
        remedy = "give `date:` to its sources or to its claims, or compare without @DATE"
        raise CaseError(case.problem(f"{what}, so it cannot be said what was known on {day}", remedy, "sources"))
    lost = [name for name, claims in claims_behind(case).items() if known.isdisjoint(claims)]
    forgotten, said = compile_inputs(case, lost), {name: case.inputs[name].without for name in lost}
    texts = {name: forgotten[name].text if text is None else str(text) for name, text in said.items()}
    later = tuple(name for name in all_claims if name not in known)
    return Known(case.with_values(texts) if texts else case, texts, later, undated)
