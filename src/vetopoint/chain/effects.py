"""What each input, and each group of them, does to every goal: its swing, its first and its total effect."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from threading import Lock

import numpy as np

from vetopoint.answers import GroupEffect, Swing
from vetopoint.arrays import Floats
from vetopoint.chain.legendre import placed, ranks
from vetopoint.chain.numbers import GroupedBy, Numbers, tied_inputs
from vetopoint.chain.sensitivity import Anew, Effect, Fit, course, first_effects, total_effects, variances
from vetopoint.chain.world import World, build_world, first_draws, sample_case
from vetopoint.kernel import in_order
from vetopoint.quantity import Draws

__all__ = ["Effects", "effects"]

LOW, HIGH = 0.05, 0.95
CLOSELY = 8
ANOTHER_SEED = 0x5EED


@dataclass(frozen=True)
class Effects:
    """What inputs do, goal by goal.

    Attributes
    ----------
    swings : of every input that is not fixed, the largest first.
    groups : of every group of inputs, by what they are grouped by.
    """

    swings: Mapping[str, tuple[Swing, ...]]
    groups: Mapping[str, tuple[GroupEffect, ...]]


def effects(
    world: World,
    numbers: Numbers,
    names: Collection[str] | None = None,
    say: Callable[[float], None] = lambda share: None,
) -> Effects:
    """Find the effects of inputs on each goal, given what the case presupposes.

    Every input is drawn anew in the first few draws, all others as they are; those whose total effect is largest in more of them. What
    those play on who do not know an input, the expectation of its distribution, stays. Correlated inputs are drawn anew together for
    their total effect, alone for their course. A first effect is cut to what its total effect may be at most, since it is never larger
    (Sobol' 2001, *Mathematics and Computers in Simulation* 55, 271-280).

    Parameters
    ----------
    world : the case over all its draws.
    numbers : its uncertain numbers, and how they are grouped.
    names : the inputs to try; all, and their groups, unless given.
    say : told the share that is done, from whichever thread did it.
    """
    trial = _Trial(world, numbers)
    tried = [n for n in (numbers.distributions if names is None else names) if trial.varies(n)]
    groups = [] if names is not None else trial.groups()
    done, counting, whole = [0], Lock(), len(tried) + len(groups) + min(CLOSELY, len(tried))

    def anew(names: Collection[str], rows: int) -> Anew:
        found = trial.anew(names, rows)
        with counting:
            done[0] += 1
            say(done[0] / whole)
        return found

    few, many = world.frame.budget.swings, world.frame.budget.effects
    trial.first(few)
    first = dict(zip(tried, in_order(lambda name: anew([name], few), tried), strict=True))
    sizes = {name: float(total_effects(a, trial.spread).share.max(initial=0.0)) for name, a in first.items()}
    close = sorted((n for n in tried if sizes[n] > 0), key=lambda n: (-sizes[n], n))[:CLOSELY] if many > few else []
    _ = trial.first(many) if close else None
    first |= zip(close, in_order(lambda name: anew([name], many), close), strict=True)
    answered = in_order(lambda name: trial.swing(name, first[name]), tried)
    grouped = in_order(lambda group: trial.group(*group, anew(group[2], few), answered), groups)
    return Effects(
        {
            goal: tuple(sorted((s[goal] for s in answered), key=lambda s: (-abs(s.swing), s.quantity)))
            for goal in world.goals
        },
        {goal: tuple(g[goal] for g in grouped) for goal in world.goals},
    )


class _Trial:
    """A case's goals over its draws, and what they become where some inputs are drawn anew."""

    def __init__(self, world: World, numbers: Numbers) -> None:
        self.world, self.numbers = world, numbers
        figures, self.holds = world.given(world.goals)
        self.goals = list(figures)
        self.values = np.stack(list(figures.values()), axis=1)
        self.spread = variances(self.values, self.holds)
        self.means = (self.values * self.holds[:, None]).sum(axis=0) / max(float(self.holds.sum()), 1e-300)
        self.tied = tied_inputs(pair[:2] for pair in world.frame.case.file.correlate)

    def varies(self, name: str) -> bool:
        """Whether an input is uncertain and more than a lot."""
        low, high = self.numbers.distributions[name].ppf(np.array([LOW, HIGH]))
        return bool(low < high) and self.numbers.beside.get(name) != "lot"

    def groups(self) -> list[tuple[GroupedBy, str, tuple[str, ...]]]:
        """What its numbers are grouped by, each group and its inputs; those of the solver's precision are no cause of anything."""
        found = []
        for by, of in self.numbers.groups.items():
            for label, names in of.items():
                kept = tuple(n for n in names if n in self.numbers.distributions and n not in self.world.frame.methods)
                found += [(by, label, kept)] if kept else []
        return found

    @cached_property
    def other(self) -> Draws:
        """Draws of every input that have nothing to do with the world's own, in an order of their own."""
        budget = self.world.frame.budget
        rows = min(self.world.draws.n, max(budget.swings, budget.effects))
        seed = self.world.draws.seed + ANOTHER_SEED
        order = np.random.default_rng(np.random.SeedSequence(seed)).permutation(rows)
        drawn = sample_case(self.world.frame, rows, seed)
        return replace(drawn, columns={name: column[order] for name, column in drawn.columns.items()})

    @cache  # noqa: B019 (it lives as long as a run's effects are looked for)
    def first(self, rows: int) -> World:
        """The world over its first draws, solved."""
        few = first_draws(self.world, rows)
        _ = few.play
        return few

    def anew(self, names: Collection[str], rows: int) -> Anew:
        """What becomes of the goals where some inputs are drawn anew in the first few draws; the ranks are those of the first input."""
        few, one = self.first(rows), next(iter(names))
        rows = few.draws.n
        columns = {**few.draws.columns, **{name: self.other.columns[name][:rows] for name in names}}
        draws = replace(few.draws, columns=columns)
        there = build_world(self.world.frame, draws, like=few, changed=one if len(names) == 1 else None)
        figures, holds = there.given(there.goals)
        change = np.stack(list(figures.values()), axis=1) - self.values[:rows]
        own = self.holds[:rows]
        weights = own if np.array_equal(holds, own) else own * holds
        if len(names) > 1 or not change.any():
            return Anew(np.zeros(rows), np.zeros(rows), change, weights)
        return Anew(self.shares(one)[:rows], placed(columns[one], self.world.draws.columns[one]), change, weights)

    @cache  # noqa: B019
    def shares(self, name: str) -> Floats:
        """(n,) the ranks of an input, as shares of all draws."""
        return ranks(self.world.draws.columns[name])

    def swing(self, name: str, anew: Anew) -> dict[str, Swing]:
        """What one input does to each goal."""
        together = self.tied.get(name, frozenset())
        fit = Fit.along(self.shares(name), self.values, self.holds) if anew.change.any() else None
        first = Effect.none(len(self.goals)) if fit is None else first_effects(fit)
        total = total_effects(self.anew(sorted(together), len(anew.before)) if together else anew, self.spread)
        along = course(anew, None if together else fit)
        low, high = (float(v) for v in self.numbers.distributions[name].ppf(np.array([LOW, HIGH])))
        at_low, at_high, error = along.between(LOW, HIGH)
        at_low, at_high = (np.clip(self.means + at, 0.0, 1.0) for at in (at_low, at_high))
        return {
            goal: Swing(
                quantity=name,
                label=self.numbers.called(name),
                low=low,
                high=high,
                at_low=at_low[k],
                at_high=at_high[k],
                swing=at_high[k] - at_low[k],
                error=error[k],
                first=min(first.share[k], total.share[k] + 2.0 * total.error[k]),
                first_error=first.error[k],
                total=total.share[k],
                total_error=total.error[k],
                together=tuple(sorted(together - {name})),
                given=self.world.frame.case.file.presupposes or "",
                judged=name in self.numbers.judged,
                origin=self.numbers.beside.get(name, "case"),
            )
            for k, goal in enumerate(self.goals)
        }

    def group(
        self, by: GroupedBy, label: str, names: Collection[str], anew: Anew, answered: Sequence[Mapping[str, Swing]]
    ) -> dict[str, GroupEffect]:
        """What a group of inputs does to each goal."""
        total = total_effects(anew, self.spread)
        return {
            goal: GroupEffect(
                by=by,
                label=label,
                inputs=len(names),
                first=sum(s[goal].first for s in answered if s[goal].quantity in names),
                total=total.share[k],
                total_error=total.error[k],
            )
            for k, goal in enumerate(self.goals)
        }
