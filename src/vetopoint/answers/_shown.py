"""Answers and their parts in a notebook: what they say in a few words, and their figures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from pydantic import BaseModel

from vetopoint.answers.figures import Figure, Labels, figures_of
from vetopoint.notebook import Cell, folded, heading, paragraph, table

if TYPE_CHECKING:
    from vetopoint.answers.document import Answers
    from vetopoint.answers.evidence import EvidenceSection

__all__ = ["answers_shown", "evidence_shown", "part_shown"]

FEW = 12
_HEADS = ("", "mean", "5th", "95th", "MC error", "unit", "given")
_MARKS = {"firm": "firm", "judged": "hangs on judged numbers", "open": "open", None: ""}


def part_shown(part: BaseModel, labels: Labels) -> str:
    """A part of the answers: what its schema says it is, its words, its figures, those of one field together."""
    figures = figures_of(part, labels)
    move = getattr(part, "move", None) or ""
    words = [(name.replace("_", " "), labels.of(text, move)) for name, text in _words(part)]
    title = (type(part).__doc__ or type(part).__name__).strip().splitlines()[0]
    pieces = [heading(title), table(("", ""), words) if words else ""]
    if len(figures) <= FEW:
        return "".join([*pieces, _figures(figures) if figures else ""])
    for number, (field, found) in enumerate(groupby(figures, lambda f: f.part)):
        rows = list(found)
        said = f"{field.replace('_', ' ')}: {len(rows)} figure{'s' * (len(rows) != 1)}"
        pieces.append(folded(said, _figures(rows), number == 0))
    return "".join(pieces)


def _words(part: BaseModel) -> Iterator[tuple[str, str]]:
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, str | bool | int) and value != "":
            yield name, ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _figures(figures: list[Figure]) -> str:
    rows: list[tuple[Cell, ...]] = [(f.label, f.mean, f.lo, f.hi, f.mc, f.unit, f.given) for f in figures]
    return table(_HEADS, rows, "to_pandas() has them all")


def answers_shown(answers: Answers, labels: Labels) -> str:
    """The answers as a whole: the lines of the first page and its picture as a table; without a first page the goals."""
    run, page = answers.run, answers.first_page
    pieces = [heading(f"{run.title}, as of {run.as_of.isoformat()}")]
    if page is None:
        pieces.append(
            _figures([f for f in figures_of(answers, labels) if f.part == "goals" and f.path.count("/") == 3])
        )
    else:
        lines = [(line.text, _MARKS[line.mark]) for line in page.lines]
        pieces.append(table(("", "how firm"), lines))
        if page.fork is not None:
            ends = [(side.label, end.label, end.number.said) for side in page.fork.sides for end in side.ends]
            pieces.append(table((page.fork.title, "what follows", "of 100 cases"), ends))
    pieces.append(
        paragraph(
            f"{run.draws:,} draws from seed {run.seed}. All figures: to_pandas(), to_polars(); "
            "curves: to_pandas('series'); draws: to_pandas('draws'), to_xarray()."
        )
    )
    return "".join(pieces)


def evidence_shown(evidence: EvidenceSection) -> str:
    """What the answers rest on: the uncertain numbers, and who says what."""
    numbers = [(i.label or i.name.replace("_", " "), i.mean, i.lo, i.hi, i.unit, i.origin) for i in evidence.inputs]
    claims = [
        (" → ".join(link.name or link.kind for link in c.chain), " … ".join(c.words), c.hedge, c.status)
        for c in evidence.claims
    ]
    counts = f"{evidence.judged} of {evidence.total} numbers are judgement; mentions {evidence.mentions}, origins {evidence.origins}."
    number_heads, claim_heads = (
        ("", "mean", "5th", "95th", "unit", "origin"),
        ("who says so", "words", "hedge", "status"),
    )
    return "".join(
        [
            heading("What the answers rest on"),
            paragraph(counts),
            folded(f"uncertain numbers: {len(numbers)}", table(number_heads, numbers), True),
            folded(f"claims: {len(claims)}", table(claim_heads, claims)),
        ]
    )
