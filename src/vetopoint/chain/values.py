"""From a case's words to arrays: payoffs as each actor sees them, chance probabilities, goals; one row a draw.

Payoffs are divided by each actor's *unit*: the distance between its mean payoffs at the pair of outcomes that the case names,
at the inputs' means; so that precision λ means the same for every actor (McKelvey & Palfrey 1998 leave the unit open).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats
from vetopoint.case import Scope, check
from vetopoint.chain.histories import Paths, Situations, form_standing, presence_share
from vetopoint.errors import CaseError, Problem
from vetopoint.game.unroll.chance import chance_probabilities

if TYPE_CHECKING:
    from vetopoint.case import Case, Expression
    from vetopoint.coalition import CoalitionTables
    from vetopoint.game.unroll.histories import ChanceSet, GameTree
    from vetopoint.quantity import Draws
    from vetopoint.truce import TruceTables

__all__ = [
    "Tables",
    "chance_values",
    "goal_weights",
    "payoffs_as_seen",
    "precisions",
    "spec_values",
    "unit_warnings",
    "units",
    "views_of",
]

SMALL_UNIT = 0.05
UNIT_DRAWS = 512
COALITION_VALUES = ("quorum", "cohesion", "capability", "joined")


@dataclass(frozen=True, eq=False)
class Tables:
    """A case's draws and the tables of the engines, with how histories look them up.

    ``masks`` keeps, by place, which terminals a condition of the case holds at; histories decide that, so it serves all draws.
    """

    game: GameTree
    draws: Draws
    situations: Situations
    paths: Paths
    coalition: CoalitionTables | None
    truce: TruceTables | None
    masks: dict[str, NDArray[np.bool_]] = field(default_factory=dict, repr=False)

    def first(self, draws: int) -> Tables:
        """The same tables on the first draws only; what the truce is worth on average stays that of all draws."""
        coalition = self.coalition
        if coalition is not None:
            coalition = replace(coalition, values={name: v[:draws] for name, v in coalition.values.items()})
        return replace(self, draws=self.draws.first(draws), coalition=coalition)

    def coalition_value(self, name: str, situation: Any) -> Floats:
        """(n, …) value of a coalition table at situations."""
        assert self.coalition is not None
        return np.asarray(self.coalition.values[name][:, situation])

    def held(self, month: float | None) -> Floats:
        """(n, terminals) P(the truce holds) ``month`` months after its start; None: the mean share of the horizon."""
        assert self.truce is not None
        survival = self.truce.survival
        if month is None:
            table = survival.mean(axis=3)
        else:
            table = survival[..., min(round(month), survival.shape[3] - 1)]
        path = self.paths.of_history[self.game.terminal_public]
        looked_up = table[:, self.game.terminal_combo, np.maximum(path, 0)]
        return np.asarray(np.where(path >= 0, looked_up, 0.0))


def spec_values(draws: Draws, mean_of: frozenset[str] = frozenset()) -> dict[str, Floats]:
    """Name of every input to (n, 1) values; those in ``mean_of`` at their mean."""
    return {name: np.full((1, 1), draws.mean(name)) if name in mean_of else draws[name][:, None] for name in draws}


def views_of(case: Case, players: tuple[str, ...]) -> tuple[list[frozenset[str]], list[int]]:
    """The distinct views of the game: inputs that are seen at their mean only, and the view of each player."""
    used = {name for name, places in case.used_at.items() if any(place.section == "payoffs" for place in places)}
    unknown = [
        frozenset(
            name
            for name, item in case.inputs.items()
            if item.known_to != "all" and player not in item.known_to and name in used
        )
        for player in players
    ]
    distinct = sorted(set(unknown), key=lambda names: (len(names), sorted(names)))
    return distinct, [distinct.index(names) for names in unknown]


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
    game, case = tables.game, tables.game.case
    values = spec_values(tables.draws, mean_of)
    values.update(_table_values(tables))
    scope = _terminal_scope(tables, values)
    payoffs = np.empty((tables.draws.n, game.terminals, len(game.players)))
    for p, player in enumerate(game.players):
        if known is not None and not _names(case, player) & set(changed):
            payoffs[:, :, p] = known[:, :, p]
            continue
        own = np.zeros(payoffs.shape[:2])
        payoff = case.file.payoffs.get(player)
        for term in payoff.terms if payoff else ():
            columns = np.flatnonzero(_mask(tables, f"payoffs.{player}.{term}.when", scope))
            spec = case.spec(f"payoffs.{player}.{term}")
            own[:, columns] += spec.evaluate(_at(scope, columns, spec))
        payoffs[:, :, p] = own if unit is None else own / unit[p]
    return payoffs


def _names(case: Case, player: str) -> set[str]:
    """All names in a player's payoff terms."""
    payoff = case.file.payoffs.get(player)
    return {n for term in (payoff.terms if payoff else ()) for n in case.spec(f"payoffs.{player}.{term}").names}


def _at(scope: Scope, columns: NDArray[np.intp], spec: Expression) -> Scope:
    """What an expression names, cut to some terminals."""
    named = {name: scope.values[name] for name in spec.names if name in scope.values}
    values = {name: v[:, columns] if v.shape[1] > 1 else v for name, v in named.items()}
    functions = {name: lambda *a, f=f: f(*a)[:, columns] for name, f in scope.functions.items()}
    return Scope(values, {}, functions, scope.rounds, scope.options)


def _table_values(tables: Tables) -> dict[str, Floats]:
    """Values of the coalition and truce tables at every terminal, as payoffs may name them."""
    game = tables.game
    found: dict[str, Floats] = {}
    if tables.coalition is not None:
        situation = tables.situations.of_history[game.terminal_public]
        for name in COALITION_VALUES:
            found[name] = tables.coalition_value(name, situation)
    if tables.truce is not None:
        found["truce"] = tables.held(None).mean(axis=0, keepdims=True)
    return found


def _terminal_scope(tables: Tables, values: Mapping[str, Floats]) -> Scope:
    game = tables.game
    present = np.array([bool(t) for t in tables.paths.timelines])[game.terminal_public]
    share = presence_share(tables.paths, game.case.file.horizon_months)[game.terminal_public]
    base = game.scope()
    functions: dict[str, Any] = {
        "present_at": lambda month: (form_standing(tables.paths, float(month)) != "none")[game.terminal_public],
        "form_at": lambda month: form_standing(tables.paths, float(month))[game.terminal_public],
    }
    if tables.truce is not None:
        functions["truce_at"] = lambda month: tables.held(float(month)).mean(axis=0, keepdims=True)
        functions["truce_held_at"] = lambda month: tables.held(float(month))
    choices = {**base.choices, **game.type_names}
    standing = {"present": present[None, :], "presence_share": share[None, :]}
    return Scope({**values, **standing}, choices, functions, base.rounds, base.options)


def _mask(tables: Tables, place: str, scope: Scope) -> NDArray[np.bool_]:
    """(terminals,) whether a condition holds; True where none is written."""
    if place not in tables.masks:
        expression = tables.game.case.expression(place)
        holds = np.array(True) if expression is None else np.ravel(expression.evaluate(scope))
        tables.masks[place] = np.broadcast_to(holds, (tables.game.terminals,)).astype(bool)
    return tables.masks[place]


def units(tables: Tables) -> Floats:
    """(players,) the unit of each actor: |mean payoff at its two outcomes, apart| at the inputs' means."""
    game, case = tables.game, tables.game.case
    at_means = _payoffs_at_means(tables)
    found = np.ones(len(game.players))
    for p, player in enumerate(game.players):
        payoff = case.file.payoffs.get(player)
        if payoff is None:
            continue
        ends = [at_means[game.outcome == outcome, p] for outcome in payoff.unit]
        gap = abs(float(ends[0].mean() - ends[1].mean())) if all(e.size for e in ends) else 0.0
        if gap < 1e-9:
            message = f"the outcomes {payoff.unit[0]} and {payoff.unit[1]} are worth the same to {player}"
            raise CaseError(
                case.problem(
                    message, "name two outcomes between which it is not indifferent", "payoffs", player, "unit"
                )
            )
        found[p] = gap
    return found


def _payoffs_at_means(tables: Tables) -> Floats:
    """(terminals, players) raw payoffs at the inputs' means; what the coalition makes of them averaged over draws."""
    return np.asarray(payoffs_as_seen(tables.first(UNIT_DRAWS), frozenset(tables.draws)).mean(axis=0))


@check("small-unit", "warning", "units")
def unit_warnings(case: Case, tables: Tables, unit: Floats) -> list[Problem]:
    """An actor's unit is small against what it stands to win or lose.

    λ counts in units: where all of an actor's mean payoffs differ by a hundred of its units, almost any λ makes it choose as if it
    were certain, and the band of λ says nothing.

    Parameters
    ----------
    unit : (players,) by which payoffs are divided.
    """
    game = tables.game
    mean = _payoffs_at_means(tables)
    found = []
    for player, gap, spread in zip(game.players, unit, np.ptp(mean, axis=0), strict=True):
        if player in case.file.payoffs and gap < SMALL_UNIT * spread:
            first, second = case.file.payoffs[player].unit
            found.append(
                case.problem(
                    f"the gap between {first} and {second} is {gap / spread:.1%} of the range of {player}'s mean payoffs",
                    f"name two outcomes that are farther apart for {player}, or lower its precision on purpose",
                    "payoffs",
                    player,
                    "unit",
                    severity="warning",
                )
            )
    return found


def precisions(tables: Tables) -> Floats:
    """(n, players) precision λ in each actor's unit; 1 where the case is silent."""
    game = tables.game
    found = np.ones((tables.draws.n, len(game.players)))
    for p, player in enumerate(game.players):
        if player in game.case.file.precision:
            spec = game.case.spec(f"precision.{player}")
            found[:, p] = np.ravel(
                np.broadcast_to(spec.evaluate(Scope(spec_values(tables.draws))), (tables.draws.n, 1))
            )
    if (found < 0).any():
        raise CaseError(
            game.case.problem("a precision below 0", "use a distribution over positive numbers", "precision")
        )
    return found


def chance_values(tables: Tables) -> Floats:
    """Chance probabilities (n, layers, chance options): layer 0 the truth, layer 1 + i what player i believes."""
    values = spec_values(tables.draws)
    number = {id(chance): i for i, chance in enumerate(tables.game.chance_sets)}

    def value(spec: Expression, chance: ChanceSet | None) -> Floats:
        if chance is None:
            return np.ravel(spec.evaluate(Scope(values)))
        local = dict(values)
        if tables.coalition is not None:
            situation = tables.situations.of_chance[number[id(chance)]]
            local.update({name: tables.coalition_value(name, [situation]) for name in COALITION_VALUES})
        past = chance.scope
        return np.ravel(spec.evaluate(Scope(local, past.choices, {}, past.rounds, past.options)))

    return chance_probabilities(tables.game, value, tables.draws.n)


def goal_weights(tables: Tables) -> dict[str, Floats]:
    """Goal to its weight at every terminal: (terminals,) where the history decides, (n, terminals) where the truce does."""
    game = tables.game
    scope = _terminal_scope(tables, {})
    found: dict[str, Floats] = {}
    for name in game.case.file.goals:
        expression = game.case.expression(f"goals.{name}")
        assert expression is not None
        weight = np.asarray(expression.evaluate(scope), dtype=np.float64)
        found[name] = (
            weight
            if weight.ndim == 2 and weight.shape[0] > 1
            else np.broadcast_to(np.ravel(weight), (game.terminals,)).copy()
        )
    return found


def symbolic_share(tables: Tables, reached: Floats, goal: Floats) -> Floats:
    """(n,) symbolic over symbolic plus practical terms of the owner's payoff along the goal; NaN where neither counts.

    Parameters
    ----------
    reached : (n, terminals) P(terminal).
    goal : (terminals,) or (n, terminals) weights of the goal.
    """
    case = tables.game.case
    owner = case.file.owner
    payoff = case.file.payoffs.get(owner)
    weight = reached * goal
    scope = _terminal_scope(tables, {**spec_values(tables.draws), **_table_values(tables)})
    worth = {"symbolic": np.zeros(tables.draws.n), "practical": np.zeros(tables.draws.n)}
    for name, term in (payoff.terms if payoff else {}).items():
        if term.channel in worth:
            columns = np.flatnonzero(_mask(tables, f"payoffs.{owner}.{name}.when", scope))
            spec = case.spec(f"payoffs.{owner}.{name}")
            value = spec.evaluate(_at(scope, columns, spec))
            worth[term.channel] += (
                np.abs(np.broadcast_to(value, (tables.draws.n, columns.size))) * weight[:, columns]
            ).sum(axis=1)
    total = worth["symbolic"] + worth["practical"]
    return np.where(total > 0, worth["symbolic"] / np.where(total > 0, total, 1.0), np.nan)
