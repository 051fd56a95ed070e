"""From a number back to the sentence: where an input comes from, and where it is used."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetopoint.answers import ClaimAnswer
from vetopoint.errors import CaseError
from vetopoint.quantity import compile_inputs
from vetopoint.study.evidence_section import claim_answer, origin_words, used_in
from vetopoint.study.project import Study

if TYPE_CHECKING:
    from vetopoint.case import Input

__all__ = ["Trace", "trace"]


@dataclass(frozen=True)
class Trace:
    """Where a number comes from.

    Parameters
    ----------
    item : the input, with its distribution as written and the note of whoever judged.
    mean, lo, hi : of that distribution; 5th and 95th percentile.
    origin : ``read``, ``judged`` or ``judged, prompted by text``.
    place : file and line.
    used_in : places of the case that use it.
    steps : the claims it names: who says so, through whom, in which words.
    """

    item: Input
    mean: float
    lo: float
    hi: float
    origin: str
    place: str
    used_in: tuple[str, ...]
    steps: tuple[ClaimAnswer, ...]


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
    place = f"{case.path}:{case.document.line(item.place)}"
    steps = tuple(claim_answer(case, study.evidence, c) for c in study.evidence.claims if c.id in item.origin.claims)
    return Trace(item, distribution.mean(), lo, hi, origin_words(item), place, used_in(case, name), steps)
