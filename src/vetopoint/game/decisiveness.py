"""How decisive each actor is: what the goal's probability does when the actor wants it, or refuses it, above all.

g is P(goal) given what the case presupposes (`GameValue`). D_i = g(fav_i) − g(ref_i), with *unlock* g(fav_i) − g and *block* g − g(ref_i), signs kept; the policies are announced and the
others re-solve. The *Shapley lift* shares u(N) − u(∅) among the actors, u(S) being g with all of S favouring. Without replies
D is Owen's multilinear derivative (Owen 1972, Management Science 18), the Banzhaf index at probabilities of one half.

Everything is written over a function ``value(favouring, refusing) -> (n,)``, so that the same figures can be had through a
longer chain than the game alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from math import comb
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from vetopoint.answers import DecisivenessAnswer, RankedParty, SetAnswer
from vetopoint.arrays import Array, Bools, Floats, ratio
from vetopoint.budget import Budget
from vetopoint.game.interventions import favoured
from vetopoint.game.priced import Play, PricedGame
from vetopoint.game.solver.solve import FAILED
from vetopoint.game.veto import forcing_options, goal_histories
from vetopoint.pivots import minimal_sets, shapley
from vetopoint.quantity import LEAST_WEIGHT, Band, band, share_given

if TYPE_CHECKING:
    from vetopoint.case import Case

__all__ = [
    "NOBODY", "Decisiveness", "GameValue", "PolicyValue", "decisive", "decisiveness", "decisiveness_answer", "ranked_party",
    "ranking", "singly",
]  # fmt: skip

PolicyValue = Callable[[frozenset[str], frozenset[str]], Floats]
Direction = Literal["unlock", "block"]

FIRST_SHARE, MEDIAN_LEAD, LEAD_OF_BEST = 0.95, 0.10, 1 / 3
NOBODY: frozenset[str] = frozenset()


class GameValue:
    """P(goal | condition) (n,) when some actors favour and some refuse, by the game alone; every combination is solved once.

    Some actors can keep the condition itself from coming about, such as one on whose permission it hangs: that is a no as well. What
    their stance makes rarer than it is as solved counts as missed, so P(goal and condition) is then over P(condition) as solved.

    Parameters
    ----------
    priced : the game.
    weights : (terminals,) or (n, terminals) weights of the goal.
    condition : (terminals,) what it is given; None: nothing.
    play : the game as solved, if it is known already.

    Attributes
    ----------
    weight : (n,) P(condition) as solved; None: nothing is given.
    """

    def __init__(
        self, priced: PricedGame, weights: Array, condition: Array | None = None, play: Play | None = None
    ) -> None:
        self.priced, self.weights, self.condition = priced, weights, condition
        self.measured = {"": weights} if condition is None else {"": weights * condition, "condition": condition}
        self.play = priced.solve() if play is None else play
        solved = self.play.goals(self.measured)
        self.weight: Floats | None = solved.get("condition")
        barred = {} if condition is None else forcing_options(priced.game, goal_histories(priced.game, condition))
        self.barring = {priced.game.public.layers[number].by for number in barred}
        self.known = {(NOBODY, NOBODY): self._value(solved, NOBODY)}
        self.failures: list[float] = []

    def first(self, draws: int) -> GameValue:
        """The same on the first draws only, with what is solved already."""
        few = copy(self)
        few.priced, few.play = self.priced.first(draws), self.play.first(draws)
        few.weights, few.measured = (
            _cut(self.weights, draws),
            {name: _cut(w, draws) for name, w in self.measured.items()},
        )
        few.weight = None if self.weight is None else self.weight[:draws]
        few.known = {sides: found[:draws] for sides, found in self.known.items()}
        few.failures = []
        return few

    def _value(self, found: Mapping[str, Floats], moved: frozenset[str]) -> Floats:
        if self.weight is None:
            return found[""]
        whole = np.maximum(found["condition"], self.weight) if moved & self.barring else found["condition"]
        return ratio(found[""], whole)

    def __call__(self, favouring: frozenset[str], refusing: frozenset[str]) -> Floats:
        """P(goal | condition) (n,) for a set of favouring and a set of refusing actors."""
        key = (favouring, refusing)
        if key not in self.known:
            sides = sorted(favouring), sorted(refusing)
            play, found = favoured(self.priced, self.weights, self.measured, *sides)
            self.known[key] = self._value(found, favouring | refusing)
            self.failures.append(play.solution.share(FAILED))
        return self.known[key]

    @property
    def unsettled(self) -> float:
        """Largest share of draws, over the combinations solved, in which best responses did not settle."""
        return max(self.failures, default=0.0)


def _cut(weights: Array, draws: int) -> Array:
    """Weights (terminals,) or (n, terminals) on the first draws."""
    return weights[:draws] if np.ndim(weights) == 2 and len(weights) > 1 else weights


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
    weight : (n,) P(what the figures are given), by which a draw counts; None: every draw alike.
    """

    actors: tuple[str, ...]
    goal: Floats
    favoured: Floats
    refused: Floats
    shapley: Floats
    orders: int = 0
    error: Floats = field(default_factory=lambda: np.zeros(0))
    weight: Floats | None = None

    def __post_init__(self) -> None:
        if self.weight is not None and self.weight.mean() < LEAST_WEIGHT:  # nothing follows: every figure is nought
            object.__setattr__(self, "weight", None)

    def answers(self, party: str) -> tuple[Floats, Floats, Floats]:
        """(n,) g if the party favours the goal, g as solved, g if it refuses."""
        column = self.actors.index(party)
        return self.favoured[:, column], self.goal, self.refused[:, column]

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


def singly(value: PolicyValue, actors: Sequence[str], weight: Floats | None = None) -> Decisiveness:
    """D, unlock and block of every party, without lifts.

    Parameters
    ----------
    value : P(goal | condition) (n,) for a set of favouring and a set of refusing parties.
    actors : the parties (chance and types are none).
    weight : (n,) P(condition) as solved; None: nothing is given.
    """
    goal = value(NOBODY, NOBODY)
    yes = np.stack([value(frozenset([a]), NOBODY) for a in actors], axis=1)
    no = np.stack([value(NOBODY, frozenset([a])) for a in actors], axis=1)
    return Decisiveness(tuple(actors), goal, yes, no, np.zeros((goal.size, 0)), weight=weight)


def decisiveness(
    value: PolicyValue, actors: Sequence[str], most: int = Budget.sets, weight: Floats | None = None
) -> Decisiveness:
    """The same with the Shapley lift of every actor; of more than ``most`` sets orders are sampled, in antithetic pairs."""
    found, m = singly(value, actors, weight), len(actors)
    exact_up_to = most.bit_length() - 1
    orders = 0 if m <= exact_up_to else max(4, most // (2 * (m + 1)) * 2)
    rows = _over_rows(value, actors, "unlock")
    shared = shapley(rows, m, exact_up_to=exact_up_to, samples=orders, batch=2 * (m + 1))
    shares = np.ascontiguousarray(shared.shares.T)
    return replace(found, shapley=shares, orders=orders, error=shared.error.mean(axis=1))


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
    """For each ranked actor the share of draws in which its D is largest and above nought, and its median lead over the next."""
    columns = [found.actors.index(a) for a in ranked]
    d = found.d[:, columns]
    weight = np.ones(len(d)) if found.weight is None else found.weight
    result: dict[str, tuple[float, float]] = {}
    for k, actor in enumerate(ranked):
        lead = d[:, k] - np.delete(d, k, axis=1).max(axis=1, initial=0.0)
        result[actor] = (share_given(lead > 0, weight), _median(lead, weight))
    return result


def _median(values: Floats, weight: Floats) -> float:
    """The weighted median, between the two values in the middle where the weight parts there."""
    low, high = (np.quantile(v, 0.5, weights=weight, method="inverted_cdf") for v in (values, -values))
    return float(low - high) / 2


def decisive(found: Decisiveness, ranked: Sequence[str]) -> str | None:
    """The actor that may be called decisive: first in ≥ 95 % of draws, with a median lead of ≥ 10 points, or of a third of what the
    best of its answers leaves the goal; however many are ranked."""
    for actor, (first, lead) in ranking(found, ranked).items():
        best = max(band(each, found.weight).mean for each in found.answers(actor))
        if first >= FIRST_SHARE and lead >= min(MEDIAN_LEAD, LEAD_OF_BEST * best):
            return actor
    return None


def ranked_party(
    found: Decisiveness, party: str, places: Mapping[str, tuple[float, float]], **known: Any
) -> RankedParty:
    """One party's figures in bands, with its place in a `ranking`, and what else is known of it."""
    first, lead = places.get(party, (None, None))
    columns = (found.d, found.unlock, found.block)
    d, unlock, block = (band(column[:, found.actors.index(party)], found.weight) for column in columns)
    return RankedParty(party=party, decisiveness=d, unlock=unlock, block=block, first=first, lead=lead, **known)


def decisiveness_answer(
    goal: str,
    value: PolicyValue,
    actors: Sequence[str],
    case: Case,
    thresholds: tuple[float, float] = (0.5, 0.05),
    most: int = Budget.sets,
    **asked: Any,
) -> DecisivenessAnswer:
    """The figures of one goal in bands, the most decisive first, the owner last.

    Parameters
    ----------
    goal : its name.
    value : see `singly`; that of the game says what it is given.
    actors : the parties.
    case : says what they are called, and who owns the plan: the owner is never ranked, and left out of block sets, since it can
        always drop its plan.
    thresholds : of the smallest sets that unlock, and that block.
    most : sets of actors to be solved for.
    asked : what is known of the game in which the plan is attempted, see `vetopoint.game.asking`.
    """
    weight = value.weight if isinstance(value, GameValue) else None
    found, largest = decisiveness(value, actors, most, weight), _largest(len(actors), most)
    ranked = [a for a in actors if a != case.file.owner]
    places = ranking(found, ranked)
    lifts = {a: _with_error(band(found.shapley[:, i], found.weight), found.error[i]) for i, a in enumerate(actors)}
    listed = (
        ranked_party(
            found, a, places, kind="actor", label=case.actor_label(a), owner=a == case.file.owner, lift=lifts[a]
        )
        for a in actors
    )
    scale = np.ones_like(found.goal) if weight is None else weight
    everybody, given_attempt = value(frozenset(actors), NOBODY), asked.get("asked")
    unsettled = [asked.pop("unsettled", 0.0), value.unsettled if isinstance(value, GameValue) else 0.0]
    return DecisivenessAnswer(
        goal=goal,
        draws=int(found.goal.size),
        parties=tuple(sorted(listed, key=lambda a: (a.owner, -a.decisiveness.mean))),
        decisive=decisive(found, ranked) if given_attempt is None else given_attempt.decisive,
        gap=band(everybody - found.goal, found.weight),
        sets=(
            *_sets(value, list(actors), "unlock", thresholds[0], scale, largest),
            *_sets(value, ranked, "block", thresholds[1], scale, largest),
        ),
        orders=found.orders,
        largest_set=largest,
        unsettled=max(unsettled),
        **asked,
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
        return np.asarray(raw(rows) * scale / scale.mean())  # its mean over draws is the ratio of sums

    found = []
    for chosen in minimal_sets(on_average, len(actors), threshold, below=direction == "block", largest=largest):
        goal = raw(np.isin(np.arange(len(actors)), chosen)[None, :])[0]
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
