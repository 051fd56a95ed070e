"""A loaded case: the file, its uncertain inputs, and the expression that stands at each place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from vetopoint.case.document import Document, Place
from vetopoint.case.expression import Expression
from vetopoint.case.schema import CaseFile, Origin
from vetopoint.errors import Problem

__all__ = ["Case", "Input"]


@dataclass(frozen=True)
class Input:
    """An uncertain number of the case: a declared quantity, or a distribution written where it is used.

    Parameters
    ----------
    name : a quantity's name, or the dotted place of an inline number (``precision.russia``).
    text : the distribution, word of probability or number, as written (or as overridden).
    place : where it stands in the file.
    known_to : ``"all"``, ``"none"`` or the actors who know the realised value.
    declared : whether it is an entry of ``quantities``.
    """

    name: str
    text: str | float
    place: Place
    label: str = ""
    unit: str = ""
    origin: Origin = field(default_factory=Origin)
    without: str | float | None = None
    known_to: str | tuple[str, ...] = "all"
    declared: bool = False


@dataclass(frozen=True)
class Case:
    """A case, ready to be sampled and solved. Made by `load_case`.

    Attributes
    ----------
    file : the case file as written, validated.
    inputs : every uncertain number by name.
    overrides : what ``--set`` replaced.
    warnings : complaints that do not stop a run.
    """

    file: CaseFile
    document: Document
    inputs: Mapping[str, Input]
    specs: Mapping[str, Expression] = field(repr=False)
    conditions: Mapping[str, Expression] = field(repr=False)
    overrides: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()

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

    @cached_property
    def options(self) -> dict[str, frozenset[str]]:
        """Options of every move, the outcomes under ``outcome`` and types under their actor, for reading comparisons."""
        found = {name: frozenset(move.options) for name, move in self.file.moves.items()}
        typed = {actor: frozenset(types) for actor, types in self.file.types.items()}
        return {
            **found,
            **typed,
            "outcome": frozenset(self.file.outcomes),
            "form": frozenset([*self.file.forms, "none"]),
        }

    @cached_property
    def repeated(self) -> frozenset[str]:
        """Names of the moves that come again."""
        return frozenset(name for name, move in self.file.moves.items() if move.repeat is not None)

    def spec(self, place: str) -> Expression:
        """Expression of the uncertain number at a dotted place, such as ``payoffs.russia.strike``."""
        return self.specs[place]

    def expression(self, place: str) -> Expression | None:
        """Condition at a dotted place, such as ``moves.answer.when``; None where none is written."""
        return self.conditions.get(place)

    def actor_label(self, actor: str) -> str:
        """What an actor is called in sentences."""
        known = self.file.actors.get(actor)
        return (known.label if known else "") or actor.replace("_", " ")

    def problem(self, message: str, remedy: str = "", *place: str | int, severity: str = "error") -> Problem:
        """A complaint located at a place of the case file."""
        return self.document.problem(message, remedy, tuple(place), severity)
