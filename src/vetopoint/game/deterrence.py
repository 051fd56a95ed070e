"""Who deterred the owner from asking: how much of what it left unasked vanishes where an actor is known to accept.

The owner's choices not to attempt the plan bear a share of its failure. Let a set S of actors favour the goal above all, announced
before the first move, and everybody else re-solve: what vanishes of that share, v(S), was due to the refusal that was expected of S. It is
shared among the actors over all orders in which they come to accept, each bearing by how much the most that vanished so far rises: Shapley's
shares where v rises with S. No part is below nought, and together they are no more than the owner's share.

References
----------
Friedrich, C. J. (1963), Man and His Government, ch. 11: the rule of anticipated reactions.
Bachrach, P. and Baratz, M. (1962), Two faces of power, APSR 56, 947-952.
Chockler, H. and Halpern, J. (2004), Responsibility and blame, JAIR 22: blame is degree of responsibility, compared with what else could have been.
Andridge, R. and Little, R. (2010), A review of hot deck imputation, International Statistical Review 78.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from vetopoint.arrays import Floats, ratio
from vetopoint.game.attempts import Asking
from vetopoint.game.unroll import CHANCE, GameTree
from vetopoint.quantity import given

__all__ = ["Deterrence", "deterrence", "deterrers", "split_over_orders"]

ALL_ORDERS = 4
"""Up to so many actors all orders count; of more, a seeded few and their reverses."""
SETS = 32
"""Of more, orders for about so many sets of them."""
LEAST = 1e-6


@dataclass(frozen=True, eq=False)
class Deterrence:
    """Who deterred the owner.

    Attributes
    ----------
    actors : whose acceptance was compared.
    fractions : (n, actors) part of what the owner left unasked that each of them deterred; a row sums to at most 1.
    error : (actors,) standard error of the mean fraction.
    draws : draws that were compared; each further draw takes the fractions of one of these, drawn by how much was left unasked in it.
    """

    actors: tuple[str, ...]
    fractions: Floats
    error: Floats
    draws: int


def deterrers(game: GameTree, known: Asking) -> tuple[str, ...]:
    """Actors, the owner and chance left out, that move after an attempt."""
    public = game.public
    after = {
        public.layers[number].by for number in np.unique(public.layer[np.isfinite(known.asked) & (public.layer >= 0)])
    }
    return tuple(actor for actor in game.movers if actor in after - {CHANCE, game.case.file.owner})


def deterrence(
    actors: Sequence[str],
    unasked: Floats,
    condition: Floats,
    where_accepted: Callable[[frozenset[str]], Floats],
    draws: int,
) -> Deterrence | None:
    """Split what the owner left unasked.

    Parameters
    ----------
    actors : see `deterrers`.
    unasked : (n,) what the owner's choices not to attempt account for, see `Moments.unasked`.
    condition : (n,) how much each draw weighs.
    where_accepted : (draws,) the same in the game in which a set of actors is known to accept, on the first so many draws.
    draws : how many are compared.

    Returns
    -------
    Deterrence or None
        None where nothing is left unasked, or nobody moves after an attempt.
    """
    n, first = unasked.size, unasked[:draws]
    weight = condition[:draws] * first
    if not actors or weight.sum() <= LEAST * condition[:draws].sum():
        return None

    def vanished(chosen: frozenset[str]) -> Floats:
        return np.clip(first - where_accepted(chosen), 0.0, first)

    parts = split_over_orders(vanished, actors, draws)
    fractions = ratio(parts, first[:, None])
    errors = [given(column, weight) for column in fractions.T]
    at = np.searchsorted(np.cumsum(weight) / weight.sum(), (np.arange(n - draws) + 0.5) / max(n - draws, 1))
    donors = np.random.default_rng(0).permutation(np.minimum(at, draws - 1))
    return Deterrence(
        tuple(actors),
        np.concatenate([fractions, fractions[donors]]),
        np.array([e.mc if e else 0.0 for e in errors]),
        draws,
    )


def split_over_orders(value: Callable[[frozenset[str]], Floats], actors: Sequence[str], draws: int) -> Floats:
    """Shares (draws, actors) of ``value(set) -> (draws,)``: along each order by how much the most reached so far rises, on the mean over orders.

    Examples
    --------
    Two keys, both needed, bear a half each; one that changes nothing bears nothing:

    >>> both = lambda s: np.array([1.0 if {"a", "b"} <= s else 0.0])
    >>> split_over_orders(both, ["a", "b", "c"], 1).round(3).tolist()
    [[0.5, 0.5, 0.0]]
    """
    known: dict[frozenset[str], Floats] = {}
    orders = list(_orders(actors))
    out = np.zeros((draws, len(actors)))
    for order in orders:
        level = np.zeros(draws)
        for k, actor in enumerate(order):
            chosen = frozenset(order[: k + 1])
            if chosen not in known:
                known[chosen] = value(chosen)
            most = np.maximum(level, known[chosen])
            out[:, actors.index(actor)] += (most - level) / len(orders)
            level = most
    return out


def _orders(actors: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """All orders of few actors; of many a few by their names, so that the order of the file is without effect, and their reverses."""
    if len(actors) <= ALL_ORDERS:
        return permutations(actors)
    rng, named = np.random.default_rng(len(actors)), sorted(actors)
    drawn = [tuple(named[i] for i in rng.permutation(len(named))) for _ in range(max(1, SETS // (2 * len(named))))]
    return [order[::way] for order in drawn for way in (1, -1)]
