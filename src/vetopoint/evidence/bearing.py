"""How much a claim bears on the plan: by what a list of claims to review is ordered, most telling first."""

from collections.abc import Collection

from vetopoint.evidence.claim import Claim, EdgeKind

_EDGES: dict[EdgeKind, float] = {
    "veto": 4.0,
    "requires": 4.0,
    "threat": 4.0,
    "alternative": 3.5,
    "risk": 3.0,
    "value": 3.0,
}
_ACTS = frozenset(("AGREE", "SUPPORT", "CONCEDE", "DEMAND", "DISAPPROVE", "REJECT", "THREATEN"))
_UNSURE = frozenset(("quotation", "runs-on"))


def bearing(claim: Claim, actors: Collection[str]) -> float:
    """How much a claim bears on the plan of a case.

    What counts, in this order: an edge (one of the case's actors before one of anybody), a position of an actor of the
    case, a position of anybody, a statement about an actor. A rule that is unsure who speaks takes a little off. The
    weights are a judgement: they order a list and are no probability.

    Parameters
    ----------
    claim : the claim.
    actors : ids of the case's actors.

    Returns
    -------
    float
        0 where nothing in the claim touches the plan; larger is more telling.

    Examples
    --------
    >>> veto = Claim(id="1", source="d", edges=[{"kind": "veto", "actor": "norland"}])
    >>> bearing(veto, {"norland"}) > bearing(veto, {"ostia"}) > bearing(Claim(id="2", source="d"), {"ostia"})
    True
    """
    known = frozenset(actors)
    edges = sum(_EDGES[edge.kind] + (2.0 if edge.actor in known else 0.0) for edge in claim.edges)
    holds = claim.act in _ACTS or claim.kind in ("position", "threat", "condition")
    position = (2.0 if claim.says.actor in known else 1.0) if holds else 0.0
    touched = 0.5 if known & {claim.about, claim.says.actor} else 0.0
    total = edges + position + touched
    return total * (0.9 if claim.rule in _UNSURE else 1.0)
