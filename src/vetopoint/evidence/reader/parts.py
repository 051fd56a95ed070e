"""A statement that holds several: "not as A but as B", a concession at its end, a consequence after a dash."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from vetopoint.evidence.claim import Claim, Edge, Kind, Span
from vetopoint.evidence.reader.acts import hedge

_WEIGHING = r"(?:(?:rather|primarily|mainly|chiefly|largely|above all|instead|more|simply|merely|only) )*"
_CONTRAST = re.compile(
    r"\bnot (?:so much )?(?P<a>(?P<lead>as|about|for|by|in|with|to|because|through|against|an?|the) [^.;]{3,200}?),? but "
    rf"{_WEIGHING}(?P<b>(?:(?P=lead)|(?<=but )an?|(?<=but )the) [^;]+)"
)
_CONCESSION = re.compile(r", (?P<c>(?:even if|even though|although|though|albeit) [^.;—]+)")
_CONSEQUENCE = re.compile(
    r"\s*[—–]\s*(?P<c>(?:making|meaning|leaving|giving|turning|forcing|which (?:means|makes|leaves|gives|would)) [^.;—]+)"
)
_ENDS = " \n,.;:!?"


@dataclass(frozen=True)
class Placed:
    """An edge and the character up to which the words that carry it run."""

    edge: Edge
    end: int


@dataclass(frozen=True)
class _Part:
    content: tuple[Span, ...]
    polarity: Literal[1, -1]
    kind: Kind | None = None
    conceded: bool = False

    def until(self, text: str, end: int) -> _Part:
        return replace(self, content=(*self.content[:-1], _span(text, self.content[-1].start, end)))


def parted(claim: Claim, edges: Sequence[Placed], text: str) -> list[Claim]:
    """The claims of which a claim consists, each with the edges in its words; most consist of themselves alone."""
    parts = _parts(claim, text)
    if len(parts) == 1:
        return [claim]
    own: list[list[Edge]] = [[] for _ in parts]
    for placed in edges:
        own[_home(placed.end, parts)].append(placed.edge)
    return [_claim(claim, part, tuple(kept)) for part, kept in zip(parts, own, strict=True)]


def _home(end: int, parts: Sequence[_Part]) -> int:
    """The part in whose last words an edge ends; failing that the first."""
    within = (n for n, part in enumerate(parts) if part.content[-1].start < end <= part.content[-1].end + 2)
    return next(within, 0)


def _claim(claim: Claim, part: _Part, edges: tuple[Edge, ...]) -> Claim:
    words = " ".join(span.text for span in part.content)
    kinds = {edge.kind for edge in edges}
    kind: Kind = part.kind or ("assessment" if claim.kind == "threat" and "threat" not in kinds else claim.kind)
    return claim.model_copy(
        update={
            "quote": part.content[0].text if len(part.content) == 1 else "",
            "content": part.content,
            "polarity": part.polarity,
            "kind": "threat" if "threat" in kinds else kind,
            "act": "CONCEDE" if part.conceded else claim.act,
            "hedge": hedge(words),
            "condition": claim.condition if claim.condition in " ".join(words.split()) else "",
            "edges": edges,
        }
    )


def _parts(claim: Claim, text: str) -> list[_Part]:
    if claim.sentence is None or not claim.content:
        return [_Part(claim.content, claim.polarity)]
    last, stop = claim.content[-1], claim.sentence.end
    parts = [_Part(claim.content, claim.polarity)]
    contrast = _CONTRAST.search(text, max(last.start - len("not "), claim.sentence.start), stop)
    if contrast and contrast.start() < last.end:
        lead = _span(text, last.start, contrast.start())
        before = (*claim.content[:-1], *((lead,) if lead.end > lead.start else ()))
        parts = [
            _Part((*claim.content[:-1], _span(text, min(last.start, contrast.start()), contrast.end("a"))), -1),
            _Part((*before, _span(text, contrast.start("b"), contrast.end("b"))), 1),
        ]
    if any(edge.kind == "requires" for edge in claim.edges):
        return parts
    tail = parts[-1]
    concession = _CONCESSION.search(text, tail.content[-1].start, tail.content[-1].end)
    if concession:
        parts[-1] = tail.until(text, concession.start())
        parts.append(_Part((_span(text, *concession.span("c")),), 1, "assessment", conceded=True))
    said = parts[-1].content[-1]
    consequence = _CONSEQUENCE.search(text, said.start, stop)
    if consequence and consequence.start() <= said.end:
        parts[-1] = parts[-1].until(text, consequence.start())
        parts.append(_Part((_span(text, *consequence.span("c")),), 1, "assessment"))
    return [part for part in parts if part.content[-1].text] or [_Part(claim.content, claim.polarity)]


def _span(text: str, start: int, end: int) -> Span:
    return Span.cut(text, start, end, _ENDS)
