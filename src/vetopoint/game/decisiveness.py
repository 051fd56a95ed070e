"""How decisive each actor is: what the goal's probability does when the actor wants it, or refuses it, above all.

D_i = g(fav_i) − g(ref_i), with *unlock* g(fav_i) − g and *block* g − g(ref_i), signs kept; the policies are announced and the
others re-solve. The *Shapley lift* shares u(N) − u(∅) among the actors, u(S) being g with all of S favouring. Without replies
D is Owen's multilinear derivative (Owen 1972, Management Science 18), the Banzhaf index at probabilities of one half.

Everything is written over a function ``value(favouring, refusing) -> (n,)``, so that the same figures can be had through a
longer chain than the game alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import comb
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from vetopoint.answers import DecisivenessAnswer, RankedParty, SetAnswer
from vetopoint.arrays import Array, Bools, Floats, ratio
from vetopoint.budget import Budget
from vetopoint.game.interventions import favour
from vetopoint.game.priced import PricedGame
from vetopoint.game.solver.solve import FAILED
from vetopoint.pivots import minimal_sets, shapley
from vetopoint.quantity import LEAST_WEIGHT, Band, band, share_given

if TYPE_CHECKING:
    from vetopoint.case import Case

__all__ = [
    "NOBODY", "Decisiveness", "GameValue", "PolicyValue", "decisive", "decisiveness", "decisiveness_answer", "ranked_party",
    "ranking",
]  # fmt: skip

PolicyValue = Callable[[frozenset[str], frozenset[str]], Floats]
Direction = Literal["unlock", "block"]

FIRST_SHARE, LEAST_RANKED, MEDIAN_LEAD = 0.95, 3, 0.05
NOBODY: frozenset[str] = frozenset()


class GameValue:
    """P(goal) (n,) when some actors favour and some refuse, by the game alone; every combination is solved once.

    Parameters
    ----------
    priced : the game.
    weights : (terminals,) or (n, terminals) weights of the goal.
    solved : (n,) P(goal) as solved, if it is known already.
    """

    def __init__(self, priced: PricedGame, weights: Array, solved: Floats | None = None) -> None:
        self.priced, self.weights = priced, weights
        self.known: dict[tuple[frozenset[str], frozenset[str]], Floats] = {}
        self.failures: list[float] = []
        if solved is not None:
            self.known[NOBODY, NOBODY] = solved

    def __call__(self, favouring: frozenset[str], refusing: frozenset[str]) -> Floats:
        """P(goal) (n,) for a set of favouring and a set of refusing actors."""
        key = (favouring, refusing)
        if key not in self.known:
            play, self.known[key] = favour(self.priced, self.weights, sorted(favouring), sorted(refusing))
            self.failures.append(play.solution.share(FAILED))
        return self.known[key]

    @property
    def unsettled(self) -> float:
        """Largest share of draws, over the combinations solved, in which best responses did not settle."""
        return max(self.failures, default=0.0)


@dataclass(frozen=True, eq=False)
class Decisiveness:
    """How decisive the actors are for one goal; all arrays by draw.

    Attributes
    ----------
    actors : in the order of the columns.
    goal : (n,) g as solved.
    favoured, refused : (n, actors) g(fav_i), g(ref_i).
    shapley : (n, actors) shares of u(N) − u(∅).
    orders : how many orders of actors were sampled for them; 0 where every set was solved.
    error : (actors,) standard error that this leaves in the mean of each share.
    """

    actors: tuple[str, ...]
    goal: Floats
    favoured: Floats
    refused: Floats
    shapley: Floats
    orders: int = 0
    error: Floats = field(default_factory=lambda: np.zeros(0))

    @property
    def d(self) -> Floats:
        """(n, actors) D_i."""
        return self.favoured - self.refused

    @property
    def unlock(self) -> Floats:
        """(n, actors) g(fav_i) − g."""
        return self.favoured - self.goal[:, None]

    @property
    def block(self) -> Floats:
        """(n, actors) g − g(ref_i)."""
        return self.goal[:, None] - self.refused


def decisiveness(value: PolicyValue, actors: Sequence[str], most: int = Budget.sets) -> Decisiveness:
    """D, unlock, block and Shapley lift of every actor.

    Parameters
    ----------
    value : P(goal) (n,) for a set of favouring and a set of refusing actors.
    actors : the parties (chance and types are none).
    most : sets of them to be solved for; where there are more, orders are sampled, in antithetic pairs.
    """
    goal = value(NOBODY, NOBODY)
    favoured = np.stack([value(frozenset([a]), NOBODY) for a in actors], axis=1)
    refused = np.stack([value(NOBODY, frozenset([a])) for a in actors], axis=1)
    m = len(actors)
    exact_up_to = most.bit_length() - 1
    orders = 0 if m <= exact_up_to else max(4, most // (2 * (m + 1)) * 2)
    rows = _over_rows(value, actors, "unlock")
    shared = shapley(rows, m, exact_up_to=exact_up_to, samples=orders, batch=2 * (m + 1))
    shares = np.ascontiguousarray(shared.shares.T)
    return Decisiveness(tuple(actors), goal, favoured, refused, shares, orders, shared.error.mean(axis=1))


def _largest(m: int, most: int) -> int:
    """The largest size such that there are at most so many sets of m actors that are no larger, at least 1."""
    return next((size for size in range(m, 1, -1) if sum(comb(m, k) for k in range(size + 1)) <= most), 1)


def _over_rows(value: PolicyValue, actors: Sequence[str], direction: Direction) -> Callable[[Bools], Floats]:
    """The value of sets of favouring (refusing) actors, each a row of (sets, actors) bool, as (sets, n)."""

    def batched(rows: Bools) -> Floats:
        chosen = [frozenset(a for a, inside in zip(actors, row, strict=True) if inside) for row in rows]
        return np.stack([value(s, NOBODY) if direction == "unlock" else value(NOBODY, s) for s in chosen])

    return batched


def ranking(found: Decisiveness, ranked: Sequence[str]) -> dict[str, tuple[float, float]]:
    """For each ranked actor the share of draws in which its D is largest, and its median lead over the next."""
    columns = [found.actors.index(a) for a in ranked]
    d = found.d[:, columns]
    result: dict[str, tuple[float, float]] = {}
    for k, actor in enumerate(ranked):
        others = np.delete(d, k, axis=1).max(axis=1) if len(ranked) > 1 else np.zeros(d.shape[0])
        lead = d[:, k] - others
        result[actor] = (float((lead > 0).mean()), float(np.median(lead)))
    return result


def decisive(found: Decisiveness, ranked: Sequence[str]) -> str | None:
    """The actor that may be called decisive: first in ≥ 95 % of draws, among three or more, with a median lead ≥ 0.05."""
    if len(ranked) < LEAST_RANKED:
        return None
    for actor, (first, lead) in ranking(found, ranked).items():
        if first >= FIRST_SHARE and lead >= MEDIAN_LEAD:
            return actor
    return None


def ranked_party(
    found: Decisiveness, party: str, places: Mapping[str, tuple[float, float]], **known: Any
) -> RankedParty:
    """One party's figures in bands, with its place in a `ranking`, and what else is known of it."""
    first, lead = places.get(party, (None, None))
    columns = (found.d, found.unlock, found.block)
    d, unlock, block = (band(column[:, found.actors.index(party)]) for column in columns)
    return RankedParty(party=party, decisiveness=d, unlock=unlock, block=block, first=first, lead=lead, **known)


def decisiveness_answer(
    goal: str,
    value: PolicyValue,
    actors: Sequence[str],
    case: Case,
    thresholds: tuple[float, float] = (0.5, 0.05),
    presupposed: Floats | None = None,
    most: int = Budget.sets,
) -> DecisivenessAnswer:
    """The figures of one goal in bands, the most decisive first, the owner last.

    Parameters
    ----------
    goal : its name.
    value : see `decisiveness`.
    actors : the parties.
    case : says what they are called, and who owns the plan: the owner is never ranked, and left out of block sets, since it can
        always drop its plan.
    thresholds : of the smallest sets that unlock, and that block, for g given the presupposed chance events.
    presupposed : (n,) P(the chance events that the headlines presuppose); default 1.
    most : sets of actors to be solved for.
    """
    found, largest = decisiveness(value, actors, most), _largest(len(actors), most)
    ranked = [a for a in actors if a != case.file.owner]
    places = ranking(found, ranked)
    lifts = {a: _with_error(band(found.shapley[:, i]), found.error[i]) for i, a in enumerate(actors)}
    listed = (
        ranked_party(
            found, a, places, kind="actor", label=case.actor_label(a), owner=a == case.file.owner, lift=lifts[a]
        )
        for a in actors
    )
    scale = np.ones_like(found.goal) if presupposed is None else presupposed
    everybody = value(frozenset(actors), NOBODY)
    return DecisivenessAnswer(
        goal=goal,
        draws=int(found.goal.size),
        parties=tuple(sorted(listed, key=lambda a: (a.owner, -a.decisiveness.mean))),
        decisive=decisive(found, ranked),
        gap=band(everybody - found.goal),
        sets=(
            *_sets(value, list(actors), "unlock", thresholds[0], scale, largest),
            *_sets(value, ranked, "block", thresholds[1], scale, largest),
        ),
        orders=found.orders,
        largest_set=largest,
        unsettled=value.unsettled if isinstance(value, GameValue) else 0.0,
    )


def _with_error(found: Band, error: float) -> Band:
    """A band whose mean bears a further, independent error."""
    return found.model_copy(update={"mc": float(np.hypot(found.mc, error))})


def _sets(
    value: PolicyValue, actors: Sequence[str], direction: Direction, threshold: float, scale: Floats, largest: int
) -> list[SetAnswer]:
    """Minimal sets of favouring (refusing) actors that bring the mean of g over (under) the threshold."""
    if not actors or scale.mean() < LEAST_WEIGHT:
        return []
    raw = _over_rows(value, actors, direction)

    def on_average(rows: Bools) -> Floats:
        return np.asarray(raw(rows) / scale.mean())  # its mean over draws is the ratio of sums

    found = []
    for chosen in minimal_sets(on_average, len(actors), threshold, below=direction == "block", largest=largest):
        goal = ratio(raw(np.isin(np.arange(len(actors)), chosen)[None, :])[0], scale)
        passed = goal >= threshold if direction == "unlock" else goal <= threshold
        found.append(
            SetAnswer(
                direction=direction,
                actors=tuple(actors[i] for i in chosen),
                threshold=threshold,
                probability=band(goal, scale),
                share_of_draws=share_given(passed, scale),
            )
        )
    return found
