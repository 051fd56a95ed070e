"""From a number back to the sentence: where an input comes from, and where it is used."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from vetopoint.errors import CaseError
from vetopoint.quantity import compile_inputs
from vetopoint.study.evidence_section import origin_words, used_in
from vetopoint.study.project import Study
from vetopoint.study.sources import document_text, hedge_words, place_of

__all__ = ["Step", "Trace", "trace"]


@dataclass(frozen=True)
class Step:
    """One claim behind a number: who says so, through whom, in which sentence."""

    claim: str
    chain: str
    sentence: str
    hedge: str
    source: str
    start: int
    end: int


@dataclass(frozen=True)
class Trace:
    """Where a number comes from.

    Parameters
    ----------
    name, label, text : the input and its distribution as written.
    mean, lo, hi : of that distribution; 5th and 95th percentile.
    origin : ``read``, ``judged`` or ``judged, prompted by text``; with the note of whoever judged.
    place : file and line.
    used_in : places of the case that use it.
    steps : the claims it names.
    """

    name: str
    label: str
    text: str
    mean: float
    lo: float
    hi: float
    origin: str
    note: str
    place: str
    without: str
    used_in: tuple[str, ...]
    steps: tuple[Step, ...]


def trace(study: Study, name: str) -> Trace:
    """Trace an input of a case.

    Raises
    ------
    CaseError
        If the case has no such input; says which come near.
    """
    case = study.case
    if name not in case.inputs:
        near = difflib.get_close_matches(name, list(case.inputs), 3, cutoff=0.5)
        remedy = f"did you mean {' or '.join(near)}?" if near else f"name one of {', '.join(list(case.inputs)[:10])} …"
        raise CaseError(case.problem(f"no number is called '{name}'", remedy, "quantities"))
    item = case.inputs[name]
    distribution = compile_inputs(case)[name]
    lo, hi = (float(v) for v in distribution.ppf([0.05, 0.95]))
    steps = []
    for claim in study.evidence.claims:
        if claim.id in item.origin.claims:
            start, end = place_of(claim)
            steps.append(
                Step(
                    claim.id,
                    " → ".join(f"{k.name} ({k.kind})" if k.kind != "named" else k.name for k in claim.chain),
                    document_text(study.evidence, claim),
                    hedge_words(claim),
                    claim.source,
                    start,
                    end,
                )
            )
    return Trace(
        name,
        item.label,
        str(item.text),
        distribution.mean(),
        lo,
        hi,
        origin_words(item),
        item.origin.note,
        f"{case.path}:{case.document.line(item.place)}",
        "" if item.without is None else str(item.without),
        used_in(case, name),
        tuple(steps),
    )
