"""The evidence part of the answers: claims with their sentences, inputs with their origins, what is judgement."""

import ast
from collections.abc import Iterator, Mapping
from typing import Literal

from vetopoint.answers import (
    ChainLink,
    ClaimAnswer,
    Dependence,
    EvidenceSection,
    InputAnswer,
    PieceAnswer,
    SourceAnswer,
)
from vetopoint.case import Case, Input, Place
from vetopoint.case.telling import place_in_words
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, Edge, origin_of, origins
from vetopoint.quantity import Distribution, Random
from vetopoint.study.sources import Evidence

_AS_CODED = ("id", "source", "kind", "act", "polarity", "condition", "about", "coder", "status", "note")


def evidence_section(case: Case, evidence: Evidence, distributions: Mapping[str, Distribution]) -> EvidenceSection:
    """Put together who says so; ``distributions`` are those of all inputs, by name."""
    counted = origins(evidence.claims)
    inputs = tuple(input_answer(case, item, distributions[name]) for name, item in case.inputs.items())
    named = {origin_of(c) for c in evidence.claims if c.is_named}
    dates, coefficients = fixed_numbers(case)
    return EvidenceSection(
        claims=tuple(claim_answer(case, evidence, claim) for claim in evidence.claims),
        sources=tuple(_source(case, document) for document in evidence.documents.values()),
        mentions=len(evidence.claims),
        origins=len(counted),
        unnamed_origins=len(set(counted) - named),
        inputs=inputs,
        judged=sum(item.origin != "read" for item in inputs),
        total=len(inputs),
        dates=dates,
        coefficients=coefficients,
    )


def unnamed_fallbacks(case: Case, evidence: Evidence) -> dict[str, str]:
    """Overrides for "drop the unnamed sources": inputs that lose every claim fall back to their ``without``."""
    named = {claim.id for claim in evidence.claims if claim.is_named}
    lost = [item for item in case.inputs.values() if item.origin.claims and named.isdisjoint(item.origin.claims)]
    return {i.name: str(i.without) for i in lost if i.without is not None and i.name not in case.overrides}


def input_answer(case: Case, item: Input, distribution: Distribution) -> InputAnswer:
    """An input with its distribution and its origin, the command line where that replaced it."""
    lo, hi = (float(v) for v in distribution.ppf([0.05, 0.95]))
    overridden = item.name in case.overrides
    used = _uses(case, item)
    return InputAnswer(
        name=item.name,
        label=item.label or place_in_words(case, item.place),
        text=str(item.text),
        unit=item.unit,
        mean=distribution.mean(),
        lo=lo,
        hi=hi,
        origin=origin_of_input(case, item),
        by="command line" if overridden else item.origin.by,
        claims=() if overridden else item.origin.claims,
        note=item.origin.note,
        without="" if item.without is None else str(item.without),
        line=case.document.line(item.place),
        used_in=tuple(map(str, used)),
        used_in_words=tuple(dict.fromkeys(place_in_words(case, place) for place in used)),
    )


def _uses(case: Case, item: Input) -> list[Place]:
    """The places whose expression names an input, and those that ask about an issue behind which it stands."""
    named = case.used_at.get(item.name, ())
    issues = dict.fromkeys(str(place.parts[1]) for place in named if place.section == "issues")
    asked = [place for issue in issues for place in case.asked_at.get(issue, ())]
    return list(dict.fromkeys([*(place for place in named if str(place) != item.name), *asked]))


def beside_answer(name: str, what: Random) -> InputAnswer:
    """A number that an engine draws beside those of the case."""
    lo, hi = (float(v) for v in what.distribution.ppf([0.05, 0.95]))
    return InputAnswer(
        name=name, label=what.label, text=what.distribution.text, unit="", mean=what.distribution.mean(), lo=lo, hi=hi,
        origin=what.origin, by=what.source or "drawn by the program", claims=(), note="", without="", line=0, used_in=(),
    )  # fmt: skip


def origin_of_input(case: Case, item: Input) -> Literal["read", "judged", "judged, prompted by text"]:
    """Whether an input was read from text, judged by somebody whom a text prompted, or judged outright, as on the command line."""
    if not item.origin.claims or item.name in case.overrides:
        return "judged"
    return "judged, prompted by text" if item.origin.by == "analyst" else "read"


def claim_answer(case: Case, evidence: Evidence, claim: Claim) -> ClaimAnswer:
    """A claim with its words cut from the immutable copy of its source; `EvidenceError` if that is not at hand."""
    if claim.source not in evidence.documents:
        raise EvidenceError(f"claim {claim.id}: no document '{claim.source}' → add it under `sources:`")
    text = evidence.documents[claim.source].text
    placed = [(s.start, s.end) for s in claim.content if s.located]
    pieces = tuple(PieceAnswer(start=start, end=end, text=text[start:end]) for start, end in placed)
    sentence = claim.sentence if claim.sentence is not None and claim.sentence.located else None
    first, last = (sentence.start, sentence.end) if sentence else (-1, -1)
    return ClaimAnswer(
        **{name: getattr(claim, name) for name in _AS_CODED},
        sentence=text[first:last] if sentence else claim.quote,
        sentence_start=first,
        sentence_end=last,
        quote=claim.quote or claim.text,
        pieces=pieces,
        start=min((piece.start for piece in pieces), default=first),
        end=max((piece.end for piece in pieces), default=last),
        chain=tuple(ChainLink(**link.model_dump(exclude={"actor"})) for link in claim.chain),
        hedge=" / ".join(word for word in (claim.reporter_hedge, claim.hedge) if word),
        origin=origin_of(claim),
        supports=tuple(name for name, item in case.inputs.items() if claim.id in item.origin.claims),
        edges=tuple(_edge_words(case, edge) for edge in claim.edges),
        depends=tuple(Dependence(**edge.model_dump()) for edge in claim.edges),
    )


def _edge_words(case: Case, edge: Edge) -> str:
    """A dependency in words."""
    who = case.actor_label(edge.actor) if edge.actor else "somebody"
    within = case.actor_within(edge.actor) if edge.actor else "somebody"
    plan = edge.plan or "the plan"
    said = {
        "requires": f"{plan} requires the consent of {within}",
        "veto": f"{who} can stop {plan}",
        "threat": f"{who} would answer {plan} with harm",
        "alternative": f"instead of {plan}: {edge.what or 'something else'}",
        "value": f"{plan} is worth: {edge.what or 'something'}",
        "risk": f"{edge.what or 'something'} puts {plan} at risk",
    }[edge.kind]
    return said if edge.holds else f"not: {said}"


def _source(case: Case, document: Document) -> SourceAnswer:
    declared = case.file.sources.get(document.id)
    about = {name: getattr(document, name) for name in ("id", "title", "outlet", "date", "url")}
    file, kind = (declared.file, declared.kind) if declared else ("", "original")
    return SourceAnswer(**about, file=file, kind=kind, sha256=document.hash)


def fixed_numbers(case: Case) -> tuple[int, int]:
    """How many dates a case sets, and how many numbers but 0 and 1 stand in its expressions: no inputs, but part of the structure."""
    written = [e.tree for e in case.specs.values() if not e.is_name]
    numbers = (n.value for tree in written for n in ast.walk(tree) if isinstance(n, ast.Constant))
    coefficients = sum(isinstance(n, int | float) and not isinstance(n, bool) and n not in (0, 1) for n in numbers)
    return sum(1 for _ in _dates(case.file.model_dump(exclude_unset=True, exclude={"variants"}))), coefficients


def _dates(part: object) -> Iterator[float]:
    """The numbers under `at`, `every` and `until`, wherever they stand."""
    for key, value in part.items() if isinstance(part, dict) else ():
        if key in ("at", "every", "until") and isinstance(value, int | float):
            yield value
        yield from _dates(value)
    for each in part if isinstance(part, list | tuple) else ():
        yield from _dates(each)
