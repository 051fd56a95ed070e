"""The words by which the reader knows an attribution, loaded once from reviewable tables."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import cast

from vetopoint.evidence.claim import Act

__all__ = ["Lexicon", "Verb", "data", "lexicon", "rows"]

_MISREAD = {"hop": "hope", "hat": "hate", "rat": "rate"}


@dataclass(frozen=True)
class Verb:
    """What the reader uses of a row of ``verbs.csv``: frames, speech act and the distance it takes."""

    frames: frozenset[str]
    act: Act
    distance: str


@dataclass(frozen=True)
class Lexicon:
    """Reporting verbs, nouns and adjectives with the complements under which they report."""

    verbs: Mapping[str, Verb]
    nouns: Mapping[str, frozenset[str]]
    adjectives: Mapping[str, frozenset[str]]
    headline: Mapping[str, str]
    documents: frozenset[str]
    circles: frozenset[str]

    def lemma(self, lemma: str, form: str) -> str:
        """The lemma, mended where the lemmatiser is known to go wrong."""
        return _MISREAD.get(lemma, lemma) if form not in _MISREAD else lemma

    def frames(self, lemma: str) -> frozenset[str]:
        """Frames of a verb; none if it is not listed."""
        verb = self.verbs.get(lemma)
        return verb.frames if verb else frozenset()

    def reports(self, lemma: str) -> bool:
        """Whether the verb can report a clause or a quotation."""
        return not {"c", "q"}.isdisjoint(self.frames(lemma))

    def speech(self, lemma: str) -> bool:
        """Whether the verb can introduce or close a quotation."""
        return "q" in self.frames(lemma)


def data(name: str) -> str:
    """The text of one of the room's files of words."""
    return (files("vetopoint.evidence") / "data" / name).read_text(encoding="utf-8")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the room's tables."""
    return list(csv.DictReader(line for line in data(name).splitlines() if not line.startswith("#")))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    verbs = {
        row["lemma"]: Verb(frozenset(row["frames"].split()), cast(Act, row["act"]), row["distance"])
        for row in rows("verbs.csv")
    }
    return Lexicon(
        headline={
            _third_person(lemma): lemma
            for lemma, verb in verbs.items()
            if {"q", "o", "t"} & verb.frames and not {"r", "-c"} & verb.frames
        },
        circles=frozenset(row["lemma"] for row in rows("sourcewords.csv") if row["kind"] == "collective"),
        documents=frozenset(row["lemma"] for row in rows("documents.csv")),
        verbs=verbs,
        nouns={row["lemma"]: frozenset(row["frames"].split()) for row in rows("nouns.csv")},
        adjectives={row["lemma"]: frozenset(row["frames"].split()) for row in rows("adjectives.csv")},
    )


def _third_person(lemma: str) -> str:
    """The present form that headlines use."""
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + "s"
