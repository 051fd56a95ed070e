"""What the tree says of dependence, before it is given to a claim."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vetopoint.evidence.claim import EdgeKind
from vetopoint.evidence.reader.holders import Holder


@dataclass(frozen=True)
class Found:
    """An edge that the tree shows, and the tokens that carry it.

    Parameters
    ----------
    actor, own : whose it is; ``own`` where it is whoever speaks.
    what, plan : tokens of the phrase that the edge names, or none.
    """

    kind: EdgeKind
    actor: str
    holds: bool
    tokens: tuple[int, ...]
    own: bool = False
    what: tuple[int, ...] = ()
    plan: tuple[int, ...] = ()


def found_for(
    kind: EdgeKind, holders: Iterable[Holder], holds: bool, tokens: tuple[int, ...], plan: tuple[int, ...] = ()
) -> Iterator[Found]:
    """The same edge for each of its holders; what "neither X nor Y" denies of them turns round."""
    for holder in holders:
        said = holds != holder.denied
        yield Found(kind, holder.actor, said, tuple(sorted({*tokens, holder.token})), holder.own, plan=plan)
