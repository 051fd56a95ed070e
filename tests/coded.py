"""Claims that people coded in the texts under ``tests/data/reading``, taken as accepted, and a cast that their edges suggest."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Any

from support import tool
from vetopoint.evidence import Claim
from vetopoint.study.drafting.plan import Cast, Party

reading = tool("validation/reading")


@cache
def texts() -> list[Any]:
    """Every coded text whose edges name somebody who must consent, can stop the plan, or threatens."""
    found = [gold for path in sorted(reading.GOLD.glob("*_[ab].txt")) for gold in reading.read_gold(path)]
    return [gold for gold in found if _bearing(gold)]


def claims_of(gold: Any) -> list[Claim]:
    """The coded claims of a text."""
    return [_claim(gold, coded) for coded in gold.claims]


def cast_of(gold: Any) -> Cast:
    """A cast: who bears most consents, who speaks most of the others owns the plan."""
    bearing = _bearing(gold)
    consenters = [actor for actor, _ in bearing.most_common(3)]
    others = [actor for actor in gold.aliases if actor not in consenters]
    said = Counter(claim.says.actor for claim in claims_of(gold) if claim.says.actor in others)
    owner = max(others, key=lambda actor: said[actor]) if others else "planner"
    feared = {e.actor for c in gold.claims for e in c.edges if e.kind == "threat" and e.holds and e.actor in bearing}
    fallback = next((c.words for c in gold.claims for e in c.edges if e.kind == "alternative" and e.holds), "")
    return Cast(
        plan="the plan",
        owner=_party(gold, owner),
        consenters=tuple(_party(gold, actor) for actor in consenters),
        threats={actor: () for actor in sorted(feared)},
        backers=tuple(_party(gold, actor) for actor in others if actor != owner)[:1],
        fallback="something less" if fallback else "",
    )


def _bearing(gold: Any) -> Counter[str]:
    kinds = {"requires": 3, "veto": 3, "threat": 2}
    count: Counter[str] = Counter()
    for claim in gold.claims:
        for edge in claim.edges:
            if edge.holds and edge.kind in kinds and edge.actor != "*":
                count[edge.actor] += kinds[edge.kind]
    return count


def _party(gold: Any, actor: str) -> Party:
    names = gold.aliases.get(actor, [actor.capitalize()])
    return Party(actor, names[0], tuple(names[1:]))


def _claim(gold: Any, coded: Any) -> Claim:
    edges = [
        {"kind": edge.kind, "actor": "" if edge.actor == "*" else edge.actor, "holds": edge.holds}
        for edge in coded.edges
    ]
    return Claim.model_validate(
        {
            "id": f"c{coded.number}",
            "source": "text",
            "quote": coded.words,
            "content": [coded.words],
            "chain": [_link(gold, coded)],
            "kind": min(coded.kinds),
            "polarity": max(coded.polarities),
            "hedge": coded.hedge,
            "edges": edges,
        }
    )


def _link(gold: Any, coded: Any) -> dict[str, str]:
    name = coded.names[0]
    if "article" in coded.sources:
        return {"name": "the article", "kind": "named", "role": "article"}
    before = gold.text[max(gold.text.find(name) - 60, 0) : gold.text.find(name) + len(name)]
    heard = [a for a, names in gold.aliases.items() if any(re.search(rf"\b{re.escape(n)}", before) for n in names)]
    return {"name": name, "kind": min(coded.sources), "actor": heard[-1] if heard else ""}
