"""The words by which the reader knows an attribution, loaded once from reviewable tables."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from vetopoint.evidence.claim import Act, LinkKind
from vetopoint.evidence.documents.language import readable

_MISREAD = {"hop": "hope", "hat": "hate", "rat": "rate"}


@dataclass(frozen=True)
class Verb:
    """What the reader uses of a row of ``verbs.csv``: frames, speech act and the distance it takes."""

    frames: frozenset[str]
    act: Act
    distance: str


def data(name: str, language: str = "en") -> str:
    """The text of one of a language's files of words."""
    return (files("vetopoint.evidence") / "data" / readable()[language].tables / name).read_text(encoding="utf-8")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the room's tables."""
    return list(csv.DictReader(line for line in data(name).splitlines() if not line.startswith("#")))


@cache
def verbs() -> Mapping[str, Verb]:
    """Reporting verbs by lemma."""
    table = rows("verbs.csv")
    found = {r["lemma"]: Verb(frozenset(r["frames"].split()), cast(Act, r["act"]), r["distance"]) for r in table}
    british = {lemma.removesuffix("ize") + "ise": verb for lemma, verb in found.items() if lemma.endswith("ize")}
    return {**british, **found}


def frames_of(lemma: str) -> frozenset[str]:
    """Frames of a verb; none if it is not listed."""
    verb = verbs().get(lemma)
    return verb.frames if verb else frozenset()


def reports(lemma: str) -> bool:
    """Whether a verb can report a clause or a quotation."""
    return not {"c", "q"}.isdisjoint(frames_of(lemma))


def speaks(lemma: str) -> bool:
    """Whether a verb can introduce or close a quotation."""
    return "q" in frames_of(lemma)


def mended(lemma: str, form: str) -> str:
    """The lemma, mended where the lemmatiser is known to go wrong."""
    if lemma.endswith(("lled", "lling")) and (plain := lemma.removesuffix("led").removesuffix("ling")) in verbs():
        return plain  # "signalled", which the lemmatiser leaves as it is
    return _MISREAD.get(lemma, lemma) if form not in _MISREAD else lemma


@cache
def nominals(kind: Literal["nouns", "adjectives"]) -> Mapping[str, frozenset[str]]:
    """Nouns or adjectives that report, with the complements under which they do."""
    return {row["lemma"]: frozenset(row["frames"].split()) for row in rows(f"{kind}.csv")}


@cache
def headline_verbs() -> Mapping[str, str]:
    """The present form that headlines use → its verb."""
    plain = (lemma for lemma, v in verbs().items() if {"q", "o", "t"} & v.frames and not {"r", "-c"} & v.frames)
    return {_third_person(lemma): lemma for lemma in plain}


@cache
def words_for(use: str) -> frozenset[str]:
    """The words of ``words.csv`` that a rule knows by nothing but their use."""
    return frozenset(row["word"] for row in rows("words.csv") if row["use"] == use)


@cache
def documents() -> frozenset[str]:
    """What is a text or a count, which can show what it does not say."""
    return frozenset(row["lemma"] for row in rows("documents.csv"))


@cache
def sourcewords() -> Mapping[str, LinkKind]:
    """Words for those who speak → what kind of source they are."""
    return {row["lemma"]: cast(LinkKind, row["kind"]) for row in rows("sourcewords.csv")}


def _third_person(lemma: str) -> str:
    if lemma.endswith(("s", "sh", "ch", "x", "z")):
        return lemma + "es"
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return lemma[:-1] + "ies"
    return lemma + "s"
