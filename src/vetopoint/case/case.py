"""A loaded case: the file, its uncertain inputs, and the expression that stands at each place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from vetopoint.arrays import Bools
from vetopoint.case.document import Document
from vetopoint.case.expression import Expression, ExpressionError, Scope
from vetopoint.case.functions import TABLE
from vetopoint.case.place import Place
from vetopoint.case.schedule import Turn, turns
from vetopoint.case.schema import CaseFile, Origin
from vetopoint.case.times import Calendar
from vetopoint.case.variants import varied
from vetopoint.case.vocabulary import TABLES, expressions, kind_at
from vetopoint.errors import CaseError, Problem, did_you_mean
from vetopoint.notebook import folded, heading, paragraph, table

Made = TypeVar("Made")
KEPT = 32  # cases in use

_DISTRIBUTION = re.compile(r"^([a-z_]+)\s*\(.*\)$", re.DOTALL)
_WORDS = re.compile(r"^[A-Za-z][A-Za-z' -]*$")


@dataclass(frozen=True)
class Input:
    """An uncertain number of the case: a declared quantity, or a distribution written where it is used.

    Parameters
    ----------
    name : a quantity's name, or the place of an inline number as a text (``precision.russia``).
    text : the distribution, word of probability or number, as written (or as overridden).
    place : where it stands in the file.
    known_to : ``"all"``, ``"none"`` or the actors who know the realised value.
    """

    name: str
    text: str | float
    place: Place
    label: str = ""
    unit: str = ""
    origin: Origin = field(default_factory=Origin)
    without: str | float | None = None
    known_to: str | tuple[str, ...] = "all"


@dataclass(frozen=True)
class Case:
    """A case, ready to be sampled and solved. Made by `load_case`.

    Attributes
    ----------
    file : the case file as written, validated.
    inputs : every uncertain number by name.
    specs, conditions : the expression of every uncertain number that is used, and of every condition, by place.
    overrides : what ``--set`` replaced.
    warnings : complaints that do not stop a run and that the case does not silence.
    reviewed : reads a changed file anew and checks it; see `with_values`.
    """

    file: CaseFile
    document: Document
    inputs: Mapping[str, Input]
    specs: Mapping[Place, Expression] = field(repr=False)
    conditions: Mapping[Place, Expression] = field(repr=False)
    overrides: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    reviewed: Callable[[Document, Mapping[str, str]], Case] | None = field(default=None, repr=False, compare=False)

    @property
    def path(self) -> Path:
        """The case file."""
        return self.document.path

    @property
    def folder(self) -> Path:
        """The folder in which the case lives; relative paths start here."""
        return self.document.path.parent

    @property
    def name(self) -> str:
        """Short name: the folder's, or the file's when it is not called ``case.yaml``."""
        return self.folder.resolve().name if self.path.stem == "case" else self.path.stem

    def _repr_html_(self) -> str:
        """As a notebook shows it: what is planned, by whom, what counts as success, on which numbers it rests."""
        file = self.file
        actors = [(self.actor_label(name), "owner of the plan" if name == file.owner else "") for name in file.actors]
        moves = [(m.label or name.replace("_", " "), self.actor_label(m.by)) for name, m in file.moves.items()]
        numbers = [
            (i.label or i.name.replace("_", " "), str(i.text), i.unit, ", ".join(i.origin.claims) or i.origin.note)
            for i in self.inputs.values()
        ]
        goals = [(label,) for label in (file.goal_labels.get(n) or n.replace("_", " ") for n in file.goals)]
        return "".join(
            [
                heading(f"{file.title}, as of {file.as_of.isoformat()}"),
                paragraph(file.summary),
                table(("actors", ""), actors),
                table(("counts as success",), goals),
                folded(f"moves: {len(moves)}", table(("", "who moves"), moves)),
                folded(f"uncertain numbers: {len(numbers)}", table(("", "as written", "unit", "from"), numbers)),
            ]
        )

    @cached_property
    def options(self) -> dict[str, frozenset[str]]:
        """Options of every move, the outcomes under ``outcome`` and types under their actor, for reading comparisons."""
        found = {name: frozenset(move.options) for name, move in self.file.moves.items()}
        typed = {actor: frozenset(types) for actor, types in self.file.types.items()}
        return {**found, **typed, "outcome": frozenset(self.file.outcomes)}

    @cached_property
    def repeated(self) -> frozenset[str]:
        """Names of the moves that come again."""
        return frozenset(name for name, turn in self.turn_of.items() if turn.repeats)

    @cached_property
    def calendar(self) -> Calendar:
        """How its times are told."""
        return Calendar(self.file.as_of, self.file.horizon_days is not None)

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Its moves in the order in which they come, those that alternate in rounds together."""
        return turns(self.file, self.calendar)

    @cached_property
    def turn_of(self) -> dict[str, Turn]:
        """Each move with those that come together with it."""
        return {move: turn for turn in self.turns for move in turn.moves}

    @cached_property
    def used_at(self) -> Mapping[str, tuple[Place, ...]]:
        """Name of an input or of a table → the places whose expression names it, in the order of the file."""
        found: dict[str, list[Place]] = {}
        settled = {p: e for p, e in self.conditions.items() if (kind := kind_at(p)) is not None and kind.quantities}
        for place, expression in (*self.specs.items(), *settled.items()):
            for name in expression.names:
                found.setdefault(name, []).append(place)
        return {name: tuple(places) for name, places in found.items()}

    @cached_property
    def asked_at(self) -> Mapping[str, tuple[Place, ...]]:
        """Disputed issue → the places whose expression asks about it, in the order of the file."""
        found: dict[str, list[Place]] = {}
        for place, expression in (*self.specs.items(), *self.conditions.items()):
            for issue in expression.issues:
                found.setdefault(issue, []).append(place)
        return {issue: tuple(places) for issue, places in found.items()}

    def spec(self, *keys: Place | str | int) -> Expression:
        """Expression of the uncertain number at the place of these keys, such as ``"coalition", "need"``."""
        return self.specs[Place.of(*keys)]

    def expression(self, *keys: Place | str | int) -> Expression | None:
        """Condition at the place of these keys, such as ``"moves", "answer", "when"``; None where none is written."""
        return self.conditions.get(Place.of(*keys))

    def holds(self, scope: Scope, size: int, *keys: Place | str | int) -> Bools:
        """(size,) whether the condition at the place of these keys holds in each entry of a scope; True where none is written.

        Raises
        ------
        CaseError
            Where it cannot be evaluated, with its place in the file.
        """
        condition = self.expression(*keys)
        if condition is None:
            return np.ones(size, dtype=bool)
        with self.located():
            return np.broadcast_to(np.ravel(condition.evaluate(scope)), (size,)).astype(bool)

    def with_values(self, values: Mapping[str, str]) -> Case:
        """The same case with some uncertain numbers replaced; no file is read again.

        Parameters
        ----------
        values : a quantity, or the place of an uncertain number, to what is to stand there.

        Raises
        ------
        CaseError
            If something else is named, or the case is wrong with these values.
        """
        if self.reviewed is None:
            raise CaseError(self.problem("this case was not loaded from a file", "load it with `load_case`"))
        return self.reviewed(self.document, {**self.overrides, **values})

    def variant(self, name: str) -> Case:
        """The case as one of its `variants` has it: read and checked as a case of its own, numbers replaced here replaced there too.

        Raises
        ------
        CaseError
            If it is wrong; see `of_variant` for its problems in words of this file.
        """
        if self.reviewed is None:
            raise CaseError(self.problem("this case was not loaded from a file", "load it with `load_case`"))
        at = Place.of("variants", name)
        return self.reviewed(varied(self.document, at, self.file.variants[name].set), self.overrides)

    def of_variant(self, problem: Problem, name: str) -> Problem:
        """A problem of a variant as one of this file: it names the variant, and stands at its line there or else at the variant's."""
        at = Place.of("variants", name)
        own = {line for place, line in self.document.lines.items() if place.within(at)}
        said = f"variant '{name}': {problem.message}"
        if problem.line in own:
            return replace(problem, message=said)
        return self.problem(f"{said} (as it has line {problem.line})", problem.remedy, at)

    @property
    def as_written(self) -> Case:
        """The same case without the numbers that were replaced."""
        return self.reviewed(self.document, {}) if self.overrides and self.reviewed is not None else self

    def actor_label(self, actor: str) -> str:
        """What an actor is called in sentences."""
        known = self.file.actors.get(actor)
        return (known.label if known else "") or actor.replace("_", " ")

    def actor_within(self, actor: str) -> str:
        """What an actor is called within a sentence, where its name begins with "The"."""
        label = self.actor_label(actor)
        return f"t{label[1:]}" if label.startswith("The ") else label

    def is_several(self, actor: str) -> bool:
        """Whether verbs that follow an actor's name stand in the plural."""
        known, called = self.file.actors.get(actor), self.file.short_.actors.get(actor) or self.actor_label(actor)
        return " and " in called if known is None or known.plural is None else known.plural

    @contextmanager
    def located(self) -> Iterator[None]:
        """Turn an expression that cannot be evaluated into a complaint with its place in the file."""
        try:
            yield
        except ExpressionError as error:
            place = [error.place] if isinstance(error.place, Place) else []
            raise CaseError(self.problem(str(error), error.remedy, *place)) from error

    def problem(self, message: str, remedy: str = "", *keys: Place | str | int, severity: str = "error") -> Problem:
        """A complaint located in the case file, at the place of these keys."""
        return self.document.problem(message, remedy, Place.of(*keys), severity)


def compiled(file: CaseFile, document: Document, overrides: Mapping[str, str]) -> Case:
    """Find the uncertain numbers of a case file and parse every expression; `CaseError` has all that cannot be read."""
    inputs = {}
    for name, q in file.quantities.items():
        place = Place.of("quantities", name)
        inputs[name] = Input(name, q.value, place, q.label, q.unit, q.from_, q.without, q.known_to)
    specs: dict[Place, Expression] = {}
    conditions: dict[Place, Expression] = {}
    problems: list[Problem] = []
    for kind, place, value in expressions(file):
        takes_rest = place.field == ("Move", "options") and value == "rest"
        if place.section == "quantities" or takes_rest:
            continue
        try:
            if kind.condition:
                conditions[place] = replace(Expression.parse(value), place=place)
                continue
            text = " ".join(str(value).split())
            # A default is no judgement of this case; a plain number among a payoff's terms is arithmetic, as -1 in a - 1 is.
            alone = place in document.lines and place.section != "payoffs"
            found = _calculated(text, [*file.quantities, *(file.moves if kind.moves else ())], alone)
            if found is None:
                inputs[str(place)] = Input(str(place), _number(text), place)
            specs[place] = replace(found or Expression.input(str(place)), place=place)
        except ExpressionError as error:
            problems.append(document.problem(str(error), error.remedy, place))
    if problems:
        raise CaseError(problems)
    return Case(file, document, inputs, specs, conditions, overrides)


def _calculated(text: str, known: Collection[str], alone: bool) -> Expression | None:
    """The arithmetic that a text states; None for what is an input of its own: a distribution, a word, a number if `alone`."""
    try:
        parsed = Expression.parse(text)
    except ExpressionError:
        if _DISTRIBUTION.match(text) or _WORDS.match(text):
            return None
        raise
    if parsed.names <= {*known, *TABLES} and parsed.calls <= {*TABLE}:
        return parsed if parsed.names or parsed.calls or not alone else None
    if parsed.is_name:
        near = did_you_mean(text, known, "", cutoff=0.75)
        if near:
            raise ExpressionError(f"'{text}' is not a quantity", near)
        return None
    call = _DISTRIBUTION.match(text)
    return None if call and call[1] not in TABLE else parsed


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


@dataclass(frozen=True, eq=False)
class _This:
    """A case as itself: another that says the same is another."""

    case: Case

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and self.case is other.case

    def __hash__(self) -> int:
        return id(self.case)


def once_a_case(make: Callable[[Case], Made]) -> Callable[[Case], Made]:
    """Have made once, and kept while a case is in use, what hangs on nothing but that case."""
    kept = lru_cache(maxsize=KEPT)(lambda this: make(this.case))
    return lambda case: kept(_This(case))
