"""From a case's words to arrays: payoffs as each actor sees them, chance probabilities, goals; one row a draw.

Payoffs are divided by each actor's *unit*: the distance between its mean payoffs at the pair of outcomes that the case names,
at the inputs' means; so that precision λ means the same for every actor (McKelvey & Palfrey 1998 leave the unit open).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import Any

import numpy as np

from vetopoint.arrays import Floats, Ints, ratio
from vetopoint.case import Case, Expression, Scope, check
from vetopoint.chain.frame import COALITION_VALUES, Frame, Term, values_of
from vetopoint.coalition import CoalitionTables, issue_functions
from vetopoint.errors import CaseError, Problem
from vetopoint.game.unroll import ChanceSet, GameTree, chance_probabilities
from vetopoint.kernel import kernel
from vetopoint.quantity import Draws
from vetopoint.truce import PresencePath, TruceTables, Worth, along, held

__all__ = [
    "FirstPass",
    "Tables",
    "chance_values",
    "goal_weights",
    "payoff_in_truth",
    "payoffs_as_seen",
    "precisions",
    "units",
    "worth_by_form",
    "worths",
]

NEAR_NOUGHT = 0.1  # of a unit
#: Shares of draws in which a unit's outcomes change places, or are that near, to call it unsteady.
REVERSED, NEAR = 0.02, 0.1
SMALL_UNIT = 0.05


@dataclass(frozen=True, eq=False)
class FirstPass:
    """What is a mean over draws and the same for every draw: it is fixed before the draws of a run, and stays in every what-if.

    Attributes
    ----------
    unit : (players,) by which payoffs are divided.
    means : input to the expectation on which those play who do not know it.
    survival : (types, paths, months + 1) P(the truce holds) as players expect it, who do not know its effects; None where no truce is modelled.
    """

    unit: Floats
    means: Mapping[str, float]
    survival: Floats | None

    @property
    def digest(self) -> str:
        """SHA-256 of its numbers."""
        numbers = [self.unit, np.array(list(self.means.values())), *([] if self.survival is None else [self.survival])]
        return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in numbers)).hexdigest()


@dataclass(frozen=True, eq=False)
class Tables:
    """A case's draws and the tables of the engines, with how terminals look them up."""

    frame: Frame
    draws: Draws
    fixed: FirstPass
    coalition: CoalitionTables | None
    truce: TruceTables | None

    @property
    def game(self) -> GameTree:
        """The case's game."""
        return self.frame.game

    def first(self, draws: int) -> Tables:
        """The same tables on the first draws only, the truce's apart."""
        coalition = None if self.coalition is None else self.coalition.first(draws)
        return replace(self, draws=self.draws.first(draws), coalition=coalition)

    def coalition_value(self, name: str, situation: Any) -> Floats:
        """(n, …) value of a coalition table at situations."""
        assert self.coalition is not None
        return np.asarray(np.take(self.coalition.values[name], situation, axis=1))

    def held(self, month: float | None) -> Floats:
        """(n, terminals) P(the truce holds) ``month`` months after its start; None: the mean share of the horizon."""
        assert self.truce is not None
        return self._at_terminals(self.truce.survival, month)

    def expected(self, month: float | None) -> Floats:
        """(1, terminals) the same as players expect it."""
        assert self.fixed.survival is not None
        return self._at_terminals(self.fixed.survival[None], month)

    def _at_terminals(self, survival: Floats, month: float | None) -> Floats:
        return _looked_up(self.frame, survival, self.frame.path, month)

    @cached_property
    def asked(self) -> dict[str, Callable[[str], Floats]]:
        """What expressions may ask of disputed issues, each a function of its name: (n, 1), the same at every terminal."""
        found = issue_functions(self.frame.case, self.draws) if self.frame.issues else {}
        return {name: cache(lambda issue, ask=ask: np.asarray(ask(issue))[:, None]) for name, ask in found.items()}

    def inputs(self, mean_of: frozenset[str] = frozenset()) -> dict[str, Floats]:
        """Name of every input to (n, 1) values; those in ``mean_of`` at their mean."""
        means = {name: np.full((1, 1), self.fixed.means.get(name, self.draws.means[name])) for name in mean_of}
        return {name: means.get(name, column[:, None]) for name, column in self.draws.columns.items()}

    def scope(self, mean_of: frozenset[str] = frozenset(), wanted: Collection[str] = COALITION_VALUES) -> Scope:
        """What names mean at the terminals over the draws, the inputs in ``mean_of`` at their means; arrays (n or 1, terminals or 1).

        Of what the coalition works out only the names in ``wanted`` are looked up, which for all terminals takes long.
        """
        frame = self.frame
        values, functions = {**self.inputs(mean_of), **frame.scope.values}, {**frame.scope.functions, **self.asked}
        if self.coalition is not None:
            looked_up = (name for name in COALITION_VALUES if name in wanted)
            values.update({name: self.coalition_value(name, frame.situation) for name in looked_up})
        if self.fixed.survival is not None:
            values["truce"] = self.expected(None)
            functions["truce_at"] = lambda month: self.expected(float(month))
        if self.truce is not None:
            functions["truce_held_at"] = lambda month: self.held(float(month))
        return replace(frame.scope, values=values, functions=functions)


def _worth(spec: Expression, scope: Scope, columns: Ints) -> Floats:
    """(n or 1, columns) an expression at some terminals."""
    named = {name: scope.values[name] for name in spec.names if name in scope.values}
    values = {name: _columns(v, columns) for name, v in named.items()}
    functions = {name: lambda *a, f=f: _columns(f(*a), columns) for name, f in scope.functions.items()}
    choices, dates = (
        {n: table[n][columns] for n in spec.names & table.keys()} for table in (scope.choices, scope.dates)
    )
    return values_of(spec, replace(scope, values=values, choices=choices, functions=functions, dates=dates))


def _columns(values: Floats, columns: Ints) -> Floats:
    """Some columns of (…, terminals or 1) values; the one that stands for all stays."""
    return np.take(values, columns, axis=-1) if values.shape[-1] > 1 else values


@kernel
def _add(worth: Floats, columns: Ints, into: Floats) -> None:
    """Add ``worth (n or 1, columns or 1)`` to some columns of ``into (n, terminals)``."""
    rows, wide = worth.shape
    for i in range(into.shape[0]):
        row = i if rows > 1 else 0
        for k in range(columns.shape[0]):
            into[i, columns[k]] += worth[row, k if wide > 1 else 0]


def _summed(terms: Sequence[Term], scope: Scope, shape: tuple[int, int]) -> Floats:
    """(n, terminals) the sum of an actor's terms, undivided."""
    found = np.zeros(shape)
    for term in terms:
        worth = np.atleast_2d(np.asarray(_worth(term.worth, scope, term.columns), dtype=np.float64))
        _add(np.ascontiguousarray(worth), term.columns, found)
    return found


def payoffs_as_seen(
    tables: Tables,
    mean_of: frozenset[str],
    unit: Floats | None = None,
    known: Floats | None = None,
    changed: Collection[str] = (),
) -> Floats:
    """Payoffs (n, terminals, players) with the inputs in ``mean_of`` at their means; truce effects are known to none.

    Parameters
    ----------
    unit : (players,) by which they are divided.
    known : the payoffs before something was changed; those of players whose terms do not name it are taken from there.
    changed : the names that changed.
    """
    frame = tables.frame
    scope = tables.scope(mean_of)
    size = (tables.draws.n, frame.game.terminals, len(frame.game.players))
    payoffs = np.empty(size) if known is None else known.copy()
    for p, player in enumerate(frame.game.players):
        if known is not None and frame.named.get(player, frozenset()).isdisjoint(changed):
            continue
        own = _summed(frame.terms.get(player, ()), scope, size[:2])
        payoffs[:, :, p] = own if unit is None else own / unit[p]
    return payoffs


def worths(tables: Tables, player: str) -> Iterator[tuple[str, Floats]]:
    """The name of each term of an actor's payoff, and what it adds (n or 1, terminals), undivided."""
    frame, scope = tables.frame, tables.scope()
    payoff = frame.case.file.payoffs.get(player)
    for name, term in zip(payoff.terms if payoff is not None else (), frame.terms.get(player, ()), strict=True):
        worth = np.atleast_2d(_worth(term.worth, scope, term.columns))
        found = np.zeros((worth.shape[0], frame.game.terminals))
        found[:, term.columns] = worth
        yield name, found


def payoff_in_truth(tables: Tables, player: str, draws: int) -> Floats:
    """An actor's payoff (draws, terminals) as it turns out, in its unit: every number as drawn, a truce as long as it holds in each draw.

    Parameters
    ----------
    tables : with that of the truce, where a truce is modelled; their first `draws` draws are used.
    """
    frame, truce = tables.frame, tables.truce
    few, named = tables.first(draws), frame.named.get(player, frozenset())
    scope = few.scope(wanted=named)
    if frame.case.file.models_truce:
        assert truce is not None
        cut = replace(truce, survival=truce.survival[:draws])
        scope = _given_truce(few, cut, np.arange(len(frame.paths.paths)), scope)
    payoff = _summed(frame.terms.get(player, ()), scope, (few.draws.n, frame.game.terminals))
    return np.asarray(payoff / tables.fixed.unit[frame.game.players.index(player)], np.float64)


def units(tables: Tables) -> Floats:
    """(players,) the unit of each actor: |mean payoff at its two outcomes, apart| at the inputs' means."""
    game, case = tables.game, tables.frame.case
    at_means, found = _payoffs_at_means(tables), np.ones(len(game.players))
    for p, player in enumerate(game.players):
        payoff = case.file.payoffs.get(player)
        if payoff is None:
            continue
        ends = [at_means[game.outcome == outcome, p] for outcome in payoff.unit]
        gap = abs(float(ends[0].mean() - ends[1].mean())) if all(e.size for e in ends) else 0.0
        if gap < 1e-9:
            message = f"the outcomes {payoff.unit[0]} and {payoff.unit[1]} are worth the same to {player}"
            remedy = "name two outcomes between which it is not indifferent"
            raise CaseError(case.problem(message, remedy, "payoffs", player, "unit"))
        found[p] = gap
    return found


def _payoffs_at_means(tables: Tables) -> Floats:
    """(terminals, players) raw payoffs at the inputs' means; what the coalition makes of them averaged over draws."""
    differ = tables.coalition is not None or tables.frame.issues  # else every draw has the same
    few = tables if differ else tables.first(1)
    return np.asarray(payoffs_as_seen(few, frozenset(tables.draws.columns)).mean(axis=0))


@check("small-unit", "warning", "units")
def _small_units(case: Case, tables: Tables, unit: Floats) -> Iterator[Problem]:
    """An actor's unit is small against what it stands to win or lose.

    λ counts in units: where all of an actor's mean payoffs differ by a hundred of its units, almost any λ makes it choose as if it
    were certain, and the band of λ says nothing.
    """
    spreads = np.ptp(_payoffs_at_means(tables.first(tables.frame.budget.first)), axis=0)
    for player, gap, spread in zip(tables.game.players, unit, spreads, strict=True):
        if player in case.file.payoffs and gap < SMALL_UNIT * spread:
            share, (first, second) = gap / spread, case.file.payoffs[player].unit
            message = f"the gap between {first} and {second} is {share:.1%} of the range of {player}'s mean payoffs"
            remedy = f"name two outcomes that are farther apart for {player}, or lower its precision on purpose"
            yield case.problem(message, remedy, "payoffs", player, "unit")


@check("unsteady-unit", "warning", "units")
def _unsteady_units(case: Case, tables: Tables, unit: Floats) -> Iterator[Problem]:
    """An actor's unit is the difference of two outcomes that are worth nearly the same to it, or the reverse, in some draws.

    The unit is one number for all draws, so payoffs do not explode; but where the outcomes' order changes from draw to draw it
    measures nothing that the actor wants, and λ, which counts in it, means little.
    """
    game, few = tables.game, tables.first(tables.frame.budget.first)
    payoffs = payoffs_as_seen(few, frozenset())
    for p, player in enumerate(game.players):
        if player not in case.file.payoffs:
            continue
        first, second = case.file.payoffs[player].unit
        gap = payoffs[:, game.outcome == first, p].mean(axis=1) - payoffs[:, game.outcome == second, p].mean(axis=1)
        reversed_ = float(np.mean(gap * np.sign(gap.mean()) <= 0))
        near = float(np.mean(np.abs(gap) < NEAR_NOUGHT * unit[p]))
        if reversed_ >= REVERSED or near >= NEAR:
            message = (
                f"the unit of {player} nears nought: {first} and {second} are worth the other way round in {reversed_:.0%} of draws, "
                f"and within a tenth of the unit in {near:.0%}"
            )
            remedy = f"name two outcomes that {player} values apart, and in one order, whatever the numbers"
            yield case.problem(message, remedy, "payoffs", player, "unit")


def precisions(tables: Tables) -> Floats:
    """(n, players) precision λ in each actor's unit; 1 where the case is silent."""
    case, players, scope = tables.frame.case, tables.game.players, Scope(tables.inputs())
    found = np.ones((tables.draws.n, len(players)))
    for p, player in enumerate(players):
        if player in case.file.precision:
            found[:, [p]] = values_of(case.spec("precision", player), scope)
    if (found < 0).any():
        message, remedy = "a precision below 0", "use a distribution over positive numbers"
        raise CaseError(case.problem(message, remedy, "precision"))
    return found


def chance_values(tables: Tables) -> Floats:
    """Chance probabilities (n, layers, chance options): layer 0 the truth, layer 1 + i what player i believes."""
    values, situations = tables.inputs(), tables.frame.situations
    number = {id(chance): i for i, chance in enumerate(tables.game.chance_sets)}

    def value(spec: Expression, chance: ChanceSet | None) -> Floats:
        if chance is None:
            return np.ravel(values_of(spec, Scope(values, functions=tables.asked)))
        local = dict(values)
        if tables.coalition is not None:
            situation = situations.of_chance[number[id(chance)]]
            local.update({name: tables.coalition_value(name, [situation]) for name in COALITION_VALUES})
        return np.ravel(values_of(spec, replace(chance.scope, values=local, functions=tables.asked)))

    return chance_probabilities(tables.game, value, tables.draws.n)


def goal_weights(tables: Tables) -> dict[str, Floats]:
    """Goal to its weight at every terminal: (terminals,) where the history decides, (n, terminals) where the truce does."""
    scope = tables.scope()
    found: dict[str, Floats] = {}
    for name, expression in tables.frame.goals.items():
        weight = values_of(expression, scope)
        if weight.ndim == 2:
            weight = np.broadcast_to(weight, (weight.shape[0], tables.frame.game.terminals)).copy()
        by_draw = weight.ndim == 2 and weight.shape[0] > 1
        found[name] = weight if by_draw else np.broadcast_to(np.ravel(weight), (tables.frame.game.terminals,)).copy()
    return found


def worth_by_form(tables: Tables, reached: Floats) -> dict[str, Worth]:
    """What the owner's payoff is made of in the histories in which each form stands during a truce, given what is presupposed.

    Symbolic over symbolic plus practical worth, each the sum of the owner's terms of that channel where it is above nought. Of practical terms
    counts what the presence adds over none at the same draw, types and history: terms that read how long the truce holds, or what stands, are
    worked out once along the path and once without its presence.

    Parameters
    ----------
    reached : (n, terminals) P(terminal).
    """
    frame, truce = tables.frame, tables.truce
    assert truce is not None
    owned = frame.terms.get(frame.case.file.owner, ())
    forms = tuple(frame.case.file.forms)
    there = frame.stands(forms) & (frame.presupposed & (frame.path >= 0))[:, None]
    weight = np.where(there.any(axis=1), reached, 0.0)
    ends = {path.broken_at: None for path in frame.paths.paths}
    bare = along(truce.model, [PresencePath((), end) for end in ends], frame.types)
    without = np.array([list(ends).index(path.broken_at) for path in frame.paths.paths])
    along_path, alone = _given_truce(tables, truce, np.arange(len(without))), _given_truce(tables, bare, without)
    nowhere = np.full(frame.game.terminals, "none")
    nothing = dict.fromkeys(("present", "presence_share"), np.zeros((1, 1)))
    absent = {"present_at": lambda month: nowhere == "", "form_at": lambda month: nowhere}
    alone = replace(alone, values={**alone.values, **nothing}, functions={**alone.functions, **absent})
    worth = {channel: np.zeros((tables.draws.n, len(forms))) for channel in ("symbolic", "practical")}
    for term in (term for term in owned if term.channel in worth):
        size = _worth(term.worth, along_path, term.columns)
        if term.channel == "practical" and term.without_presence:
            size = size - _worth(term.worth, alone, term.columns)
        worth[term.channel] += (size * weight[:, term.columns]) @ there[term.columns]
    symbolic, practical = (np.maximum(sums, 0.0) for sums in worth.values())
    shares, stands = ratio(symbolic, symbolic + practical, np.nan), weight @ there
    return {form: Worth(shares[:, i], stands[:, i]) for i, form in enumerate(forms)}


def _given_truce(tables: Tables, truce: TruceTables, path: Ints, scope: Scope | None = None) -> Scope:
    """The scope of payoffs in which a truce holds as it does in each draw, along other paths: (paths,) number of each in its table."""
    scope, frame = tables.scope() if scope is None else scope, tables.frame

    at = partial(_looked_up, frame, truce.survival, path[frame.path])
    functions = {**scope.functions, "truce_at": lambda month: at(float(month))}
    return replace(scope, values={**scope.values, "truce": at(None)}, functions=functions)


def _looked_up(frame: Frame, survival: Floats, path: Ints, month: float | None) -> Floats:
    """(n, terminals) P(the truce holds) at a month, or the mean share of the horizon, by the number of the path at each terminal."""
    table = survival.mean(axis=3) if month is None else held(survival, month)
    looked_up = table[:, frame.game.terminal_combo, np.maximum(path, 0)]
    return np.asarray(np.where(frame.path >= 0, looked_up, 0.0))
