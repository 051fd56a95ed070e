"""Minimal transversals of a family of sets, by sequential intersection (Berge 1989, Hypergraphs, ch. 2)."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["hitting_sets"]


def hitting_sets(sets: Iterable[Iterable[int]]) -> list[tuple[int, ...]]:
    """Minimal sets that meet every given set: the dual of an antichain.

    Applied to minimal unlock sets it gives minimal block sets, and applied again the unlock sets come back.

    Examples
    --------
    >>> hitting_sets([(0, 1), (0, 2)])
    [(0,), (1, 2)]
    """
    current = [0]
    for given in sets:
        items = list(given)
        mask = sum(1 << i for i in items)
        grown = {c if c & mask else c | 1 << i for c in current for i in (items if not c & mask else [0])}
        current = _minimal(grown)
    return [members(mask) for mask in sorted(current, key=lambda c: (c.bit_count(), members(c)))]


def members(mask: int) -> tuple[int, ...]:
    """The places of the ones of a mask, in order."""
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def _minimal(masks: Iterable[int]) -> list[int]:
    kept: list[int] = []
    for mask in sorted(masks, key=int.bit_count):
        if not any(k & mask == k for k in kept):
            kept.append(mask)
    return kept
