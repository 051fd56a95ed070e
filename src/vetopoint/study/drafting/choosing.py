"""Which pattern a plan has: by its words, and by who has a part in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from vetopoint.evidence import Claim
from vetopoint.evidence.plans import Telling
from vetopoint.study.drafting.plan import Cast

_WORDS: Mapping[str, Mapping[str, float]] = {
    "presence": {"peacekeeper": 4, "monitor": 3, "ceasefire": 2, "truce": 2, "contingent": 2, "mission": 1.5, "soldier": 1, "troop": 1.5, "observer": 1.5, "force": 1, "patrol": 1, "convoy": 1, "escort": 2, "line": 0.3},
    "ratification": {"ratification": 4, "treaty": 2.5, "agreement": 1, "accession": 3, "membership": 2, "parliament": 1.5, "protocol": 2, "chapter": 1, "trade": 1, "senate": 1.5, "constitution": 1, "enlargement": 3, "referendum": 2, "congress": 1, "coalition": 0.5},
    "renewal": {"renewal": 4, "mandate": 3, "extension": 3, "resolution": 2, "corridor": 1.5, "authorisation": 2, "expiry": 3, "mechanism": 1, "month": 0.5, "grain": 1, "deal": 0.5, "crossing": 1},
    "sanctions": {"sanction": 4, "embargo": 4, "unanimity": 2.5, "measure": 1, "import": 1, "package": 1.5, "tariff": 0.5, "ban": 1, "cap": 1.5, "price": 0.3},
    "basing": {"base": 3, "basing": 4, "squadron": 2, "battalion": 2, "airfield": 1.5, "barrack": 2.5, "garrison": 3, "host": 2, "deployment": 1, "withdrawal": 2, "access": 0.5},
    "permits": {"permit": 4, "licence": 3.5, "license": 3, "court": 1, "pipeline": 2, "mine": 3, "dam": 3, "reservoir": 2, "scheme": 0.7, "planning": 2, "regulator": 3, "merger": 3, "takeover": 3, "clearance": 2.5, "company": 1.5, "home": 1, "site": 1, "developer": 3, "appeal": 1.5, "railway": 1.5, "construction": 1, "review": 0.5},
}  # fmt: skip
_OTHERWISE = "ratification"
_PLAN = 2.0


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
    scores = {
        name: sum(weight * min(nouns.get(word, 0), 4) for word, weight in words.items())
        for name, words in _WORDS.items()
    }
    for name, words in _WORDS.items():
        scores[name] += _PLAN * sum(
            weight for word, weight in words.items() if re.search(rf"\b{word}s?\b", cast.plan.casefold())
        )
    best = max(scores, key=lambda name: scores[name])
    if scores[best] <= 0:
        return _OTHERWISE, "no words of another kind of plan"
    told = [
        word
        for word, weight in sorted(_WORDS[best].items(), key=lambda item: -item[1])
        if nouns.get(word) or word in cast.plan
    ]
    return best, f"the texts speak of {', '.join(told[:4])}"


def weight_of(noun: str) -> float:
    """How much a noun tells of a kind of plan; 0 where it tells nothing."""
    return max((words.get(noun, 0.0) for words in _WORDS.values()), default=0.0)


def _nouns(claims: Sequence[Claim]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in re.findall(r"[a-z]+", " ".join(claim.text for claim in claims).casefold()):
        for form in {word, word.removesuffix("s")}:
            found[form] = found.get(form, 0) + 1
    return found
