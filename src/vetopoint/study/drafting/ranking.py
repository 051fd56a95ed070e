"""Which of several parties is likeliest to have a part: how each stands in the texts and what speaks for it, weighed together.

The odds of two parties to be the owner, or the one whose yes bears most, are those of a conditional logit (McFadden 1974, "Conditional
logit analysis of qualitative choice behavior", eq. 12): exp of the difference of their scores, a score being a weighted sum of counts. Whether a party threatens is told of each by itself, by a logit.
The weights are learnt on texts whose parts were told beforehand (``tools/validation/ranking.py``) and stand in ``ranking.csv``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Literal

from vetopoint.evidence.plans import Telling
from vetopoint.evidence.plans.words import kinds
from vetopoint.evidence.reader.lexicon import rows

Part = Literal["owner", "consenter", "threat"]
CONSTANT = "constant"
_MOST_OF_A_SIGN = 6.0
_MOST_OF_ALL = 9.0
_LEAST_OF_ALL = -3.0


@cache
def learnt() -> Mapping[str, Mapping[str, float]]:
    """Part → way in which a party stands → its weight."""
    found: dict[str, dict[str, float]] = {}
    for row in rows("ranking.csv"):
        found.setdefault(row["part"], {})[row["way"]] = float(row["weight"])
    return found


def ways_of(told: Telling, speaking: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """How each party stands, in numbers: party → way → number.

    Parameters
    ----------
    speaking : what speaks for each party to consent, propose and threaten, added up over signs and claims: part → party → sum.
    """
    most = max((ways.get("named", 0) for ways in told.standings.values()), default=0)
    found = {}
    for actor, names in told.parties.names.items():
        stands = told.standings.get(actor, {})
        ways = {f"stands: {way}": math.log1p(count) for way, count in stands.items()}
        ways["named most"] = float(stands.get("named", 0) == most)
        for part in ("consent", "propose", "threat"):
            ways[f"all {part}"] = min(max(speaking[part].get(actor, 0.0), _LEAST_OF_ALL), _MOST_OF_ALL)
        found[actor] = ways | _made(told, actor, names)
    for sign in told.signs:
        if sign.actor in found:
            way = f"sign: {sign.part}"
            found[sign.actor][way] = min(found[sign.actor].get(way, 0.0) + sign.weight, _MOST_OF_A_SIGN)
    return found


def _made(told: Telling, actor: str, names: Sequence[str]) -> dict[str, float]:
    """What sort of party it is."""
    parties = told.parties
    sorts = {
        "is a country": actor in parties.countries,
        "is a person": actor in parties.persons.values() and actor not in parties.countries,
        "bears no name": names[0].islower(),
        "belongs to another": actor in parties.owners,
        "is a body": any(kinds().get(name.split()[-1].casefold()) == "body" for name in names if name),
    }
    return {sort: float(holds) for sort, holds in sorts.items()}


def score(part: Part, ways: Mapping[str, float]) -> float:
    """How much speaks for a party to have a part, in log odds up to a constant that all parties of a text share."""
    weights = learnt().get(part, {})
    return math.fsum(weights.get(way, 0.0) * number for way, number in sorted(ways.items()))


def chance(part: Part, ways: Mapping[str, float]) -> float:
    """How likely a party has a part that others may have as well, between 0 and 1."""
    return 1.0 / (1.0 + math.exp(-score(part, {**ways, CONSTANT: 1.0})))


def ranked(part: Part, actors: Iterable[str], ways: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Parties, the likeliest first; those alike by their ids."""
    return sorted(actors, key=lambda actor: (-score(part, ways.get(actor, {})), actor))
