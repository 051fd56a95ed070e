"""What the answers rest on: sources, claims, inputs."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from vetopoint.answers._base import Answer, doc
from vetopoint.answers._shown import evidence_shown

ELISION = " […] "
"""Stands for words of a source that are not shown; brackets, since a source has dots of its own."""


class ChainLink(Answer):
    """One link of a claim's chain of sources."""

    name: str
    kind: str
    role: str = ""
    reason: str = ""


class PieceAnswer(Answer):
    """Words of a source: characters ``start`` to ``end`` (exclusive) of its normalised text."""

    start: int
    end: int
    text: str


class Dependence(Answer):
    """One thing that a claim says about who depends on whom; the fields are those of `vetopoint.evidence.Edge`."""

    kind: Literal["requires", "veto", "threat", "alternative", "value", "risk"]
    actor: str = ""
    plan: str = ""
    what: str = ""
    holds: bool = doc("False where the text denies it.", default=True)


class ClaimAnswer(Answer):
    """One claim, as the report shows it."""

    id: str
    source: str
    sentence: str = doc("The sentence in which it stands.")
    sentence_start: int = doc("Where the sentence begins in the source; −1 if that is not known.")
    sentence_end: int
    quote: str
    pieces: tuple[PieceAnswer, ...] = doc("The words that carry it, piece by piece, as they stand.")
    start: int = doc("Where the first of the pieces begins (−1: not known) …")
    end: int = doc("… and the last one ends.")
    chain: tuple[ChainLink, ...]
    kind: str
    polarity: int
    hedge: str
    condition: str
    about: str
    origin: str = doc("Claims of one origin count once.")
    coder: str
    status: str
    note: str = ""
    supports: tuple[str, ...] = doc("Inputs that name it.")
    edges: tuple[str, ...] = doc("Dependencies it states, in words …", default=())
    depends: tuple[Dependence, ...] = doc("… and part by part, in the same order.", default=())
    act: str = doc("The speech act (PLOVER's verbal event types); empty: not coded.", default="")

    @property
    def words(self) -> tuple[str, ...]:
        """The words that carry the claim, piece by piece; those the coder wrote where no place is known."""
        return tuple(piece.text for piece in self.pieces) or (self.quote or self.sentence,)

    @property
    def place(self) -> str:
        """Where they stand, in words; "" if that is not known."""
        spans = [(piece.start, piece.end) for piece in self.pieces] or [(self.sentence_start, self.sentence_end)]
        told = [f"{start:,} to {end:,}" for start, end in spans if start >= 0]
        return f"characters {' and '.join(told)}" if told else ""

    def passage(self) -> tuple[tuple[str, bool], ...]:
        """The sentence, and pieces that stand outside of it, cut into words that do not carry the claim and words that do.

        Cut at offsets alone, so that every part is the source's own text; what lies between parts far from each other is
        left out, and says so.
        """
        merged: list[tuple[str, bool]] = []
        for text, marked in self._cut():
            if merged and merged[-1][1] == marked and ELISION not in (text, merged[-1][0]):
                text = merged.pop()[0] + text
            merged.append((text, marked))
        return tuple(merged) or ((self.quote or self.sentence, True),)

    def _cut(self) -> Iterator[tuple[str, bool]]:
        around = PieceAnswer(start=self.sentence_start, end=self.sentence_end, text=self.sentence)
        known = [piece for piece in (*self.pieces, around) if piece.start < piece.end]
        edges = sorted({edge for piece in known for edge in (piece.start, piece.end)})
        for start, end in pairwise(edges):
            over = [piece for piece in known if piece.start <= start and end <= piece.end]
            if not over:
                yield ELISION, False
                continue
            yield over[0].text[start - over[0].start : end - over[0].start], over[0] is not around


class SourceAnswer(Answer):
    """One document."""

    id: str
    title: str
    outlet: str
    date: dt.date | None
    url: str
    file: str
    sha256: str
    kind: Literal["original", "summary"] = doc(
        "Whose words were read: the document's own, or a summary by the case's authors, which is no quotation.",
        default="original",
    )


class InputAnswer(Answer):
    """One uncertain number, its distribution and its origin."""

    name: str
    label: str
    text: str = doc("As written in the case.")
    unit: str
    mean: float
    lo: float
    hi: float
    origin: Literal["read", "judged", "judged, prompted by text", "published", "lot"] = doc(
        "Published: a number of the program's own tables; lot: it only decides who is drawn."
    )
    by: str
    claims: tuple[str, ...]
    note: str
    without: str
    line: int = doc("Line of the case file.")
    used_in: tuple[str, ...] = doc("Places of the case that use it.")
    used_in_words: tuple[str, ...] = doc("The same by the case's labels.", default=())


class EvidenceSection(Answer):
    """Who says so."""

    claims: tuple[ClaimAnswer, ...]
    sources: tuple[SourceAnswer, ...]
    mentions: int
    origins: int
    unnamed_origins: int
    inputs: tuple[InputAnswer, ...]
    beside: tuple[InputAnswer, ...] = doc(
        "Numbers that the case does not write down: priors, and who is drawn.", default=()
    )
    judged: int = doc("How many inputs are judgement …")
    total: int = doc("… of how many.")
    dates: int = doc("Dates that the case sets (`at`, `every`, `until`): part of the structure, no inputs.", default=0)
    coefficients: int = doc(
        "Numbers but 0 and 1 that are written into expressions, such as 0.3 in `0.3 * loss`: part of the structure too.",
        default=0,
    )

    def _repr_html_(self) -> str:
        return evidence_shown(self)
