"""The reader on thirteen articles written for the project and coded in full by hand (``tests/data/evidence/gold.txt``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from vetopoint.evidence import Claim, Document, Reader

GOLD = Path(__file__).parents[2] / "data" / "evidence" / "gold.txt"
ALIASES = {"norland": ["Norland", "Vik"], "kyst": ["Kyst"], "alliance": ["the Alliance"]}
REPORTS = ("envoy", "budget", "monitors")
MARK = re.compile(r"\[([SQC])(\d+)\||\]")


@dataclass
class Coded:
    """One claim as a person coded it: characters of source, cue and content, and the other fields."""

    places: dict[str, set[int]] = field(default_factory=lambda: {"S": set(), "Q": set(), "C": set()})
    kind: str = ""
    hedge: str = ""
    condition: bool = False
    edges: set[tuple[str, str, bool]] = field(default_factory=set)


def unmark(marked: str) -> tuple[str, dict[int, Coded]]:
    """The plain text, and the marked characters of each claim."""
    text, found, last = "", {}, 0
    stack: list[tuple[str, int, int]] = []
    for match in MARK.finditer(marked):
        text += marked[last : match.start()]
        last = match.end()
        if match.group(1):
            stack.append((match.group(1), int(match.group(2)), len(text)))
        else:
            role, number, start = stack.pop()
            found.setdefault(number, Coded()).places[role] |= set(range(start, len(text)))
    return text + marked[last:], found


def articles() -> Iterator[tuple[str, str, list[Coded]]]:
    """Name, text and coded claims of each article."""
    body = "\n".join(line for line in GOLD.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    for part in body.split("=== ")[1:]:
        name, _, rest = part.partition("\n")
        marked, fields = re.split(r"\n(?=1 (?:named|role|unnamed|collective)\b)", rest.rstrip(), maxsplit=1)
        text, found = unmark(marked)
        for line in fields.splitlines():
            number, kind, *more = line.split()
            coded = found[int(number)]
            coded.kind = kind
            for item in more:
                key, _, value = item.partition("=")
                if key == "edge":
                    edge, _, actor = value.lstrip("!").partition(":")
                    coded.edges.add((edge, actor, not value.startswith("!")))
                elif key == "hedge":
                    coded.hedge = value
                else:
                    coded.condition = True
        yield name, text, [found[number] for number in sorted(found)]


def chars(text: str, *spans: object) -> set[int]:
    return {k for span in spans if span for k in range(span.start, span.end) if text[k].isalnum()}  # type: ignore[attr-defined]


def linked(text: str, claim: Claim, coded: Coded) -> bool:
    """Source, cue and content overlap, and the contents' overlap is at least half of their union."""
    mine, theirs = chars(text, *claim.content), {k for k in coded.places["C"] if text[k].isalnum()}
    return bool(
        chars(text, *claim.speaker) & coded.places["S"]
        and chars(text, claim.cue) & coded.places["Q"]
        and len(mine & theirs) * 2 >= len(mine | theirs)
    )


def fully_right(claim: Claim, coded: Coded) -> bool:
    return (
        claim.says.kind == coded.kind
        and claim.hedge == coded.hedge
        and bool(claim.condition) == coded.condition
        and {(e.kind, e.actor, e.holds) for e in claim.edges if e.kind in ("requires", "veto", "threat")} == coded.edges
    )


@dataclass
class Result:
    """Counts over some articles."""

    coded: int = 0
    found: int = 0
    linked: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    def f1(self, hits: int) -> float:
        return 200 * hits / (self.coded + self.found)


def score(chosen: Callable[[str], bool]) -> Result:
    reader, out = Reader(ALIASES), Result()
    for name, text, coded in articles():
        if not chosen(name):
            continue
        ((_, claims),) = reader.read([Document(id=name, text=text)])
        attributed = [claim for claim in claims if claim.cue is not None]
        out.coded += len(coded)
        out.found += len(attributed)
        for number, one in enumerate(coded, start=1):
            match = next((claim for claim in attributed if linked(text, claim, one)), None)
            out.linked += match is not None
            if match is not None and fully_right(match, one):
                out.right += 1
            else:
                out.wrong.append(
                    f"{name} {number}: {match and (match.says.kind, match.hedge, match.condition, match.edges)}"
                )
    return out


@pytest.fixture(scope="module")
def briefs() -> Result:
    return score(lambda name: name not in REPORTS)


@pytest.fixture(scope="module")
def reports() -> Result:
    return score(lambda name: name in REPORTS)


def test_there_are_ten_briefs_with_sixty_claims_and_three_reports(briefs: Result, reports: Result) -> None:
    assert len(list(articles())) == 13
    assert (briefs.coded, reports.coded) == (60, 31)


def test_relations_of_briefs_are_found(briefs: Result) -> None:
    assert briefs.f1(briefs.linked) >= 85, briefs.wrong


def test_claims_of_briefs_are_fully_right(briefs: Result) -> None:
    assert briefs.f1(briefs.right) >= 75, briefs.wrong


def test_reports_that_no_rule_was_written_for(reports: Result) -> None:
    """Longer pieces, coded before the reader was run on them: what to expect of unseen reporting."""
    assert reports.f1(reports.linked) >= 74, reports.wrong
    assert reports.f1(reports.right) >= 50, reports.wrong
