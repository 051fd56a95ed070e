"""Which pattern a plan has: by its words, and by who has a part in it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from vetopoint.evidence import Claim
from vetopoint.evidence.plans import Telling
from vetopoint.study.drafting.patterns import NAMES, read
from vetopoint.study.drafting.plan import Cast

_TRUCE = re.compile(r"\b(?:cease-?\s?fires?|truces?|armistices?|cessation\s+of\s+hostilities)\b", re.IGNORECASE)
_OTHERWISE = "approval"
_PLAN = 2.0
_LEAST = 3.0
"""Below so much the words of a text are those of no kind of plan."""


def choose(cast: Cast, claims: Sequence[Claim]) -> str:
    """The name of the pattern that fits."""
    return choice(cast, claims)[0]


def choice(cast: Cast, claims: Sequence[Claim], telling: Telling | None = None) -> tuple[str, str]:
    """The name of the pattern that fits, and why.

    Parameters
    ----------
    telling : what the texts tell; their nouns decide. Without it those of the claims do.
    """
    nouns = dict(telling.nouns) if telling is not None else _nouns(claims)
    scores = _scores(nouns)
    for name, words in _words().items():
        scores[name] += _PLAN * sum(
            weight for word, weight in words.items() if re.search(rf"\b{word}s?\b", cast.plan.casefold())
        )
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < _LEAST:
        return _OTHERWISE, "since the texts speak of no other kind of plan"
    told = [
        word
        for word, weight in sorted(_words()[best].items(), key=lambda item: -item[1])
        if nouns.get(word) or word in cast.plan
    ]
    return best, f"since the texts speak of {', '.join(told[:4])}"


def speak_of_a_ceasefire(texts: Iterable[str]) -> bool:
    """Whether some texts name a ceasefire; a case of theirs speaks of one only then."""
    return any(_TRUCE.search(text) for text in texts)


def speak_of_plans(nouns: Mapping[str, int]) -> bool:
    """Whether some nouns, each with how often it stands in a text, are those of a kind of plan."""
    return max(_scores(nouns).values()) >= _LEAST


def _scores(nouns: Mapping[str, int]) -> dict[str, float]:
    """How much some nouns tell of each pattern."""
    return {
        name: sum(weight * min(nouns.get(word, 0), 4) for word, weight in words.items())
        for name, words in _words().items()
    }


def weight_of(noun: str) -> float:
    """How much a noun tells of a kind of plan; 0 where it tells nothing."""
    return max((words.get(noun, 0.0) for words in _words().values()), default=0.0)


@cache
def _words() -> Mapping[str, Mapping[str, float]]:
    """The table ``patterns/words.csv``: pattern → noun → how much it tells of that kind of plan."""
    found: dict[str, dict[str, float]] = {name: {} for name in NAMES}
    for row in csv.DictReader(read("words.csv").splitlines()):
        found[row["pattern"]][row["word"]] = float(row["weight"])
    return found


def _nouns(claims: Sequence[Claim]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in re.findall(r"[a-z]+", " ".join(claim.text for claim in claims).casefold()):
        for form in {word, word.removesuffix("s")}:
            found[form] = found.get(form, 0) + 1
    return found
