"""Estimating a case's own game from a table of past cases: `vetopoint fit CASE DATA.csv`.

The case file needs no extra words. Each row of the table is one past case. A column with the name of a quantity replaces that quantity row
by row (a covariate); quantities whose name begins with ``beta_`` are estimated, as the coefficients that multiply covariates in the payoffs;
every other quantity stands at its mean. What happened is read from a column ``outcome``, or from columns with the names of moves
(``review[2]`` for a round): the option taken, ``skipped`` where the move did not come, nothing where it is not known.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from vetopoint.arrays import Array, Bools, Floats
from vetopoint.case import Case, Expression, Place
from vetopoint.case.expression import DATES, FUNCTIONS, REDUCERS, SKIPPED, Scope
from vetopoint.errors import SolverError
from vetopoint.game.fit.estimate import Estimator, FitResult, fit_design
from vetopoint.game.fit.spec import Chance, Decision, Design, Index, Node, terminals
from vetopoint.game.tree import DECISION
from vetopoint.game.unroll import CHANCE, ChanceSet, GameTree, chance_probabilities, unroll
from vetopoint.quantity import compile_inputs

PREFIX = "beta_"
_NEEDS = "estimation needs perfect information"


@dataclass(frozen=True)
class CaseFit:
    """Estimates of a case's coefficients.

    Attributes
    ----------
    result : the estimates; their names are quantities of the case.
    precision : actor to the λ to write into the case. Runs divide payoffs by each actor's unit, so λ equal to the unit at the estimate plays
        as estimated, where shocks have scale 1. Empty for actors whose unit is zero.
    covariates : columns of the table that were used.
    ignored : columns of the table that name nothing in the case.
    """

    result: FitResult
    precision: dict[str, float]
    covariates: tuple[str, ...]
    ignored: tuple[str, ...]

    def summary(self) -> dict[str, Any]:
        """The fit as plain values, ready for JSON; the keys keep their meaning between releases."""
        result = self.result
        return {
            "method": result.method,
            "errors": result.errors,
            "observations": result.n,
            "loglik": result.loglik,
            "aic": result.aic,
            "converged": result.converged,
            "coefficients": [asdict(row) for row in result.table()],
            "precision": self.precision,
            "covariates": list(self.covariates),
            "ignored": list(self.ignored),
            "warnings": list(result.warnings),
        }

    def as_case_text(self) -> str:
        """Lines to paste into the case: quantities, their correlations, precision."""
        lines = ["quantities:"]
        lines += [f"  {name}: {{value: '{text}'}}" for name, text in self.result.as_quantities().items()]
        pairs = self.result.correlations()
        if pairs:
            lines += ["correlate:", *(f"  - [{a}, {b}, {r:g}]" for a, b, r in pairs)]
        if self.precision:
            lines += ["precision:", *(f"  {actor}: {value:.6g}" for actor, value in self.precision.items())]
        return "\n".join(lines) + "\n"


def fit_case(
    case: Case,
    data_path: str | Path,
    how: Estimator | None = None,
    estimate: Sequence[str] | None = None,
    cluster: str | None = None,
) -> CaseFit:
    """Estimate the coefficients in a case's payoffs from past cases.

    Parameters
    ----------
    case : a case whose game has perfect information and no private types.
    data_path : a CSV file with a header.
    how : see `Estimator`; default: five starts. Runs of a case play with the agent error and the logit link; other
        choices are for comparison.
    estimate : quantities to estimate; default: those whose name begins with ``beta_``.
    cluster : column whose equal labels belong together, for sandwich and bootstrap errors.

    Raises
    ------
    SolverError
        The game hides something from a mover, a payoff is not linear in a coefficient or needs another engine's result, a column is not a
        number, or a row agrees with no history.
    """
    how = how or Estimator(starts=5)
    game = unroll(case)
    _check_game(game)
    table = _read(Path(data_path))
    coefficients = _coefficients(case, estimate)
    covariates = tuple(c for c in table.columns if c in case.file.quantities and c not in coefficients)
    seen = _observed(game, table)
    rows = seen.shape[0]
    values = _values(case, {name: table.numbers(name) for name in covariates})
    root = _node(game, _chances(game, values), 0)
    order = [int(name) for name in terminals(root)]
    payoffs = _payoffs(game, values, coefficients, order, rows)
    design = Design(root, coefficients, rows, payoffs, {}, seen[:, order])
    result = fit_design(design, how, None if cluster is None else table.labels(cluster))
    used = {*covariates, *(layer.name for layer in game.public.layers), "outcome", cluster}
    ignored = tuple(c for c in table.columns if c not in used)
    estimates = dict(zip(coefficients, result.coefficients, strict=True))
    return CaseFit(result, _precision(game, estimates), covariates, ignored)


def _coefficients(case: Case, estimate: Sequence[str] | None) -> tuple[str, ...]:
    """Names of what is estimated."""
    found = tuple(estimate or (name for name in case.file.quantities if name.startswith(PREFIX)))
    unknown = [name for name in found if name not in case.file.quantities]
    if unknown or not found:
        what = f"{unknown[0]!r} is not a quantity" if unknown else f"no quantity begins with {PREFIX!r}"
        raise SolverError(f"nothing to estimate: {what} → declare a quantity for each coefficient in the payoffs")
    return found


def _check_game(game: GameTree) -> None:
    if game.types.size > 1:
        actors = ", ".join(game.types.names)
        raise SolverError(f"{actors} has private types; {_NEEDS} → fit a case without `types`")
    decisions = game.tree.kind == DECISION
    sizes = np.bincount(game.tree.index[decisions])
    if sizes.max(initial=0) > 1:
        hidden = game.infoset(int(np.argmax(sizes)))
        wrong = f"{hidden.by} does not see every earlier move at {hidden.move}"
        raise SolverError(f"{wrong}; {_NEEDS} → drop `sees`")
    if game.base.size and np.ptp(game.base) > 0:
        raise SolverError("nests give options unequal base weights, which estimation does not use → drop `nests`")


@dataclass(frozen=True)
class _Table:
    """The data: cells by column, and where each row stands in the file."""

    file: str
    columns: Mapping[str, list[str]]
    lines: Sequence[int]

    def numbers(self, column: str) -> Floats:
        """(rows,) a column as finite numbers."""
        return np.array([self._number(column, row) for row in range(len(self.lines))])

    def labels(self, column: str) -> Array:
        """(rows,) a column as text, every cell filled."""
        if column not in self.columns:
            message = f"{self.file}: column {column!r} is not in the data → columns are {', '.join(self.columns)}"
            raise SolverError(message)
        for row, cell in enumerate(self.columns[column]):
            if not cell:
                raise self.fault(
                    row, f"column {column!r} is empty", "write what the line belongs with, or delete the line"
                )
        return np.asarray(self.columns[column])

    def fault(self, row: int, message: str, remedy: str) -> SolverError:
        """A complaint about a row, with its line."""
        return SolverError(f"{self.file}:{self.lines[row]}: {message} → {remedy}")

    def _number(self, column: str, row: int) -> float:
        cell = self.columns[column][row]
        try:
            value = float(cell)
        except ValueError:
            value = math.nan
        if math.isfinite(value):
            return value
        if not cell:
            raise self.fault(row, f"column {column!r} is empty", "write a number, or delete the line")
        raise self.fault(
            row, f"column {column!r}: {cell!r} is not numeric", "write a finite number, or delete the line"
        )


def _read(path: Path) -> _Table:
    with path.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.reader(handle)
        told = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    rows = [(line, row) for line, row in told if any(row)]
    if len(rows) < 2:
        raise SolverError(f"{path.name} has no rows → give a header and one line for each past case")
    header = rows[0][1]
    for line, row in rows[1:]:
        if len(row) != len(header):
            wrong = f"{path.name}:{line}: {len(row)} cells, the header has {len(header)}"
            raise SolverError(f"{wrong} → give each column one cell, empty where unknown")
    columns = {name: [row[k] for _, row in rows[1:]] for k, name in enumerate(header)}
    return _Table(path.name, columns, [line for line, _ in rows[1:]])


def _observed(game: GameTree, table: _Table) -> Bools:
    """(rows, histories) whether a public history agrees with what a row records."""
    known: dict[str, Array] = {"outcome": game.outcome_names}
    for k, layer in enumerate(game.public.layers):
        known[layer.name] = np.array([*layer.options, SKIPPED])[game.public.codes[:, k]]
    recorded = [name for name in table.columns if name in known]
    if not recorded:
        message = f"{table.file}: no column says what happened → add a column 'outcome', or one named after each move"
        raise SolverError(message)
    seen = np.ones((len(table.lines), game.public.histories), bool)
    for name in recorded:
        cells = np.asarray(table.columns[name])
        seen &= (cells[:, None] == known[name][None]) | (cells == "")[:, None]
    lost = np.flatnonzero(~seen.any(axis=1))
    if lost.size:
        row = int(lost[0])
        told = ", ".join(f"{name}: {table.columns[name][row]}" for name in recorded if table.columns[name][row])
        raise table.fault(row, f"{told} agrees with no history", "check the names of options and outcomes")
    return seen


def _values(case: Case, covariates: Mapping[str, Floats]) -> dict[str, Floats]:
    """Every quantity as (rows, 1) from the table or (1, 1) at its mean."""
    means = {name: np.full((1, 1), d.mean()) for name, d in compile_inputs(case).items()}
    return means | {name: column[:, None] for name, column in covariates.items()}


def _node(game: GameTree, chances: Floats, node: int) -> Node:
    """The game from a node on, with the numbers of public histories as names of its ends."""
    public = game.public
    layer = int(public.layer[node])
    if layer < 0:
        return str(int(public.end_of[node]))
    move, first = public.layers[layer], int(public.first_child[node])
    after = {option: _node(game, chances, first + k) for k, option in enumerate(move.options)}
    if move.by != CHANCE:
        return Decision(move.by, after)
    drawn = game.tree.index[np.flatnonzero(game.node_public == node)[0]]
    shares = chances[game.tree.chance_start[drawn] : game.tree.chance_start[drawn + 1]].tolist()
    return Chance({option: (p, after[option]) for option, p in zip(move.options, shares, strict=True) if p > 0})


def _chances(game: GameTree, values: Mapping[str, Floats]) -> Floats:
    """(chance actions,) probabilities, common to all rows."""

    def value(spec: Expression, chance: ChanceSet | None) -> Floats:
        assert chance is not None, "there are no types"
        share = _evaluate(game, spec, replace(chance.scope, values=values))
        if share.size > 1:
            wrong = f"the chances of {chance.move} vary with a column of the data"
            raise SolverError(f"{wrong} → record the move, and state its chances as numbers")
        return share.ravel()

    return np.asarray(chance_probabilities(game, value, 1)[0, 0])


def _evaluate(game: GameTree, expression: Expression, scope: Scope) -> Floats:
    calls = sorted(expression.calls - set(FUNCTIONS) - set(REDUCERS) - set(DATES))
    choices = {*scope.choices, *(o for options in scope.options.values() for o in options), SKIPPED}
    strange = sorted(expression.names - set(scope.values) - choices)
    if calls or strange:
        raise SolverError(
            f"{expression.place} uses {(calls + strange)[0]!r}, which another part of the run computes → estimate payoffs that depend on "
            "quantities and moves alone"
        )
    return np.asarray(expression.evaluate(scope), float)


def _worths(game: GameTree, values: Mapping[str, Floats], rows: int) -> Floats:
    """(rows, public histories, players) payoffs before units."""
    scope = game.public_scope(values=values)
    out = np.zeros((rows, game.public.histories, len(game.players)))
    for p, player in enumerate(game.players):
        payoff = game.case.file.payoffs.get(player)
        for term in payoff.terms if payoff else ():
            place = Place.of("payoffs", player, "terms", term)
            worth = _evaluate(game, game.case.spec(place, "worth"), scope)
            when = game.case.expression(place, "when")
            mask = np.ones((1, 1)) if when is None else _evaluate(game, when, scope)
            out[:, :, p] += np.broadcast_to(worth * mask, out.shape[:2])
    return out


def _payoffs(
    game: GameTree, values: Mapping[str, Floats], coefficients: Sequence[str], order: Sequence[int], rows: int
) -> dict[tuple[str, int], Index]:
    """Payoffs as linear indices in the coefficients, at the ends in the order of the tree."""

    def at(point: Floats) -> Floats:
        return _worths(
            game, {**values, **{c: np.full((1, 1), b) for c, b in zip(coefficients, point, strict=True)}}, rows
        )

    size = len(coefficients)
    base = at(np.zeros(size))
    slopes = np.stack([at(row) - base for row in np.eye(size)])
    probe = np.random.default_rng(0).normal(size=size)
    gap = np.abs(at(probe) - base - np.tensordot(probe, slopes, axes=1)).max(initial=0.0)
    if not gap <= 1e-8 * (1 + np.abs(slopes).max(initial=0.0) + np.abs(base).max(initial=0.0)):
        raise SolverError("payoffs are not linear in the coefficients → write each as a sum of coefficient * column")
    unused = [c for c, slope in zip(coefficients, slopes, strict=True) if not np.any(slope)]
    if unused:
        message = f"{unused[0]} changes no payoff in these data → use it in a payoff, or leave it out of `estimate`"
        raise SolverError(message)
    found = {}
    for player in sorted(game.movers):
        p = game.players.index(player)
        for end, history in enumerate(order):
            columns = np.flatnonzero(np.any(slopes[:, :, history, p] != 0, axis=1))
            found[player, end] = Index(base[:, history, p], columns, slopes[columns, :, history, p].T.copy())
    return found


def _precision(game: GameTree, estimates: Mapping[str, float]) -> dict[str, float]:
    """Each mover's unit at the estimate and at the means of the case's other quantities."""
    values = _values(game.case, {})
    values.update({name: np.full((1, 1), value) for name, value in estimates.items()})
    worths = _worths(game, values, 1)[0]
    found = {}
    for player in sorted(game.movers):
        payoff = game.case.file.payoffs.get(player)
        if payoff is None:
            continue
        one, two = (worths[game.outcome_names == outcome, game.players.index(player)] for outcome in payoff.unit)
        gap = abs(float(one.mean() - two.mean())) if one.size and two.size else 0.0
        if gap > 1e-9:
            found[player] = gap
    return found
