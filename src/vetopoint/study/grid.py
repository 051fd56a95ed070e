"""The points of a grid: which numbers of a case are set to what, one after another and each with each."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from vetopoint.case import Case, kind_at
from vetopoint.errors import CaseError, VetopointError
from vetopoint.quantity import impossible_numbers

__all__ = ["Axis", "parse_axis", "points", "points_of"]

MOST_POINTS = 100_000
_FORM = "write --grid name=a:b:k, k values from a to b, such as --grid {name}=0.1:0.9:5"
_AXIS = re.compile(r'((?:"(?:\\.|[^"\\])*"|[^="])+)=([^:]*):([^:]*):([^:]*)', re.DOTALL)


@dataclass(frozen=True)
class Axis:
    """One number of a case and the values that it is set to, as a `--set` would write them."""

    name: str
    values: tuple[str, ...]
    said: str

    def complaint(self, message: str, remedy: str) -> VetopointError:
        """What is wrong with it."""
        return VetopointError(f"--grid {self.said}: {message} → {remedy}")


def parse_axis(text: str) -> Axis:
    """Read ``name=a:b:k``: k values in equal steps from a to b, both included.

    Raises
    ------
    VetopointError
        Where that is not what is written, a is above b, or k is no number of values that fits them.

    Examples
    --------
    >>> parse_axis("hostile=0.1:0.5:3").values
    ('0.1', '0.3', '0.5')
    """
    match = _AXIS.fullmatch(text.strip())
    name = match[1].strip() if match else text.partition("=")[0].strip() or "name"
    axis = Axis(name, (), text)
    if match is None:
        raise axis.complaint("no grid", _FORM.format(name=name))
    first, last = (_number(axis, match[place]) for place in (2, 3))
    if first > last:
        raise axis.complaint(f"runs from {first:g} down to {last:g}", f"write {name}={last:g}:{first:g}:{match[4]}")
    steps = _count(axis, match[4])
    if steps == 1 and first < last:
        raise axis.complaint(
            f"one value cannot be both {first:g} and {last:g}", f"ask for two or more, or write {first:g}:{first:g}:1"
        )
    if steps > 1 and first == last:
        raise axis.complaint(
            f"{steps} values from {first:g} to {last:g} are all the same", f"write {name}={first:g}:{first:g}:1"
        )
    return Axis(name, tuple(f"{value:.12g}" for value in np.linspace(first, last, steps).tolist()), text)


def _number(axis: Axis, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise axis.complaint(f"'{text.strip()}' is no number", _FORM.format(name=axis.name))
    return value


def _count(axis: Axis, text: str) -> int:
    try:
        steps = int(text)
    except ValueError as error:
        message = f"'{text.strip()}' is no whole number of values"
        raise axis.complaint(message, _FORM.format(name=axis.name)) from error
    if steps < 1:
        raise axis.complaint(f"{steps} values", "ask for at least one")
    if steps > MOST_POINTS:
        raise axis.complaint(f"{steps:,} values", f"ask for {MOST_POINTS:,} or fewer")
    return steps


def points(axes: Sequence[Axis]) -> list[dict[str, str]]:
    """Every combination of the axes' values, the last axis running fastest; one point where nothing is set without axes.

    Raises
    ------
    VetopointError
        Where two axes set one number, or there are more than 100,000 points.
    """
    names = [axis.name for axis in axes]
    for place, axis in enumerate(axes):
        if axis.name in names[:place]:
            raise axis.complaint(f"{axis.name} has a grid already", "give each number one --grid")
    count = math.prod(len(axis.values) for axis in axes)
    if count > MOST_POINTS:
        raise VetopointError(
            f"--grid: {count:,} points → ask for {MOST_POINTS:,} or fewer: coarser steps, fewer numbers"
        )
    return [dict(zip(names, values, strict=True)) for values in product(*(axis.values for axis in axes))]


def points_of(case: Case, axes: Sequence[Axis]) -> list[dict[str, str]]:
    """Every point of a case's grid, all of its numbers checked.

    Raises
    ------
    VetopointError
        Where an axis names no number of the case, with the nearest, or takes it beyond what it stands for; names the option.
    """
    found = points(axes)
    for axis in axes:
        if axis.name in case.overrides:
            raise axis.complaint(f"{axis.name} is also --set", "give it one of the two")
        if axis.name in case.file.settable:
            cause = "a time changes the histories, which are the same over a grid"
            raise axis.complaint(cause, f"run the case once for each value, with `--set {axis.name}=…`")
        for value in axis.values:
            _checked(case, axis, value)
    return found


def _checked(case: Case, axis: Axis, value: str) -> None:
    """Try one value of one axis, the others as the case has them."""
    try:
        at = case.with_values({axis.name: value})
        impossible = impossible_numbers(at)
    except CaseError as error:
        problem = next((p for p in error.problems if p.severity == "error"), error.problems[0])
        message = problem.message.removeprefix(f"--set {axis.name}={value}: ")
        said = message if message.startswith(("no such", "only numbers", "the case does")) else f"at {value}: {message}"
        raise axis.complaint(said, problem.remedy or "choose other values") from error
    if impossible:
        raise axis.complaint(*_beyond(at, value))


def _beyond(case: Case, value: str) -> tuple[str, str]:
    """What a value is too small or too large for, and the range to stay in."""
    for place, spec in case.specs.items():
        name, kind = next(iter(spec.names)) if spec.is_name else "", kind_at(place)
        if kind is None or name not in case.inputs or case.inputs[name].text not in (value, float(value)):
            continue
        if not kind.least <= float(value) <= kind.most:
            most = f" and {kind.most:g}" if math.isfinite(kind.most) else ""
            within = f"keep a and b between {kind.least:g}{most}" if most else f"keep a at {kind.least:g} or above"
            return f"{value} cannot be {kind.what} {place}", within
    return f"{value} is beyond what the number stands for", "choose a and b within it"
