"""Every number of the answers as a row: where it stands, what it is called, its band, its unit, and what it is given.

What a field's number is measured in and given stands in ``data/figures.csv``, one row a field, held to the models by a test. A number
that is one of several along an axis, such as a chance month by month, is a point of a series; places on a map are no figures.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from pydantic import BaseModel

from vetopoint.quantity import Band

__all__ = ["Figure", "Labels", "Meaning", "Point", "figures_of", "meanings", "numbers_of", "points_of"]

OWN, PLACE = "own", "place"
_NAMES = (
    "name", "party", "actor", "by", "believer", "about", "on", "move", "option", "goal", "outcome", "form", "fact", "quantity",
    "situation", "member", "effect", "channel", "model", "event", "light", "side", "direction", "what", "question", "concept", "type",
    "controls", "kind",
)  # fmt: skip
"""Fields that say which thing a part is about, in the order in which they are said."""
_UNSAID = {"actor", "member", "fact"}
_COUNTED = {"round": "round {}", "month": "{} months", "held": "after {} months", "further": "{} months more"}
_FACTOR = "precision times {:g}"


class Meaning(NamedTuple):
    """What the numbers of one field are.

    Attributes
    ----------
    unit : in which they are; `OWN`: that of the uncertain number that the part is about; `PLACE`: places on a map, no figures.
    along : of a series, the field with its positions, in the same part or one around it; empty: counted from 0.
    given : the condition, with ``{presupposes}`` for what the case presupposes and ``{given}`` for what the part itself says.
    """

    unit: str
    along: str
    given: str


@cache
def meanings() -> dict[tuple[str, str], Meaning]:
    """Name of a model and of its field → what its numbers are."""
    with resources.files("vetopoint.answers").joinpath("data/figures.csv").open(encoding="utf-8") as stream:
        return {
            (row["model"], row["field"]): Meaning(row["unit"], row["along"], row["given"])
            for row in csv.DictReader(stream)
        }


@dataclass(frozen=True)
class Figure:
    """One number of the answers.

    Attributes
    ----------
    path : JSON pointer (RFC 6901) into ``answers.json``: of a band, or of a bare number.
    part : the part of the answers in which it stands.
    figure : the field.
    label : what it is of, in words.
    mean, lo, hi, mc : mean over draws, 5th and 95th percentile, Monte-Carlo error; of a bare number, only the first.
    unit : in words; empty: not said.
    given : the condition, in words; empty: none.
    meaning : what the schema says of the field.
    """

    path: str
    part: str
    figure: str
    label: str
    mean: float
    lo: float | None = None
    hi: float | None = None
    mc: float | None = None
    unit: str = ""
    given: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Point:
    """One number of a series: the same, with where it stands on the axis.

    Attributes
    ----------
    path : JSON pointer of the number, or of its mean.
    at : position on the axis `along`, whose unit is `along_unit`; counted from 0 where the series has none.
    """

    path: str
    part: str
    figure: str
    label: str
    at: float
    mean: float
    median: float | None = None
    lo: float | None = None
    hi: float | None = None
    unit: str = ""
    along: str = ""
    along_unit: str = ""
    given: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Labels:
    """What names of the case are called, and what its headlines presuppose."""

    names: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[tuple[str, str], str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    presupposes: str = ""

    def of(self, name: str, move: str = "") -> str:
        """A name in words."""
        return self.options.get((move, name)) or self.names.get(name) or name.replace("_", " ")

    def said(self, condition: str) -> str:
        """A condition over moves, such as `answer == yes and court in [stops, delays]`, in words.

        >>> Labels({"answer": "The board"}, {("answer", "yes"): "agrees"}).said("answer == yes and court in [stops, delays]")
        'The board: agrees and court: stops or delays'
        """

        def one(match: re.Match[str]) -> str:
            move, sign, option = match.groups()
            return f"{self.of(move)}: {'' if sign == '==' else 'other than '}{self.of(option, move)}"

        def among(match: re.Match[str]) -> str:
            move, options = match.groups()
            return f"{self.of(move)}: {' or '.join(self.of(option, move) for option in re.split(', *', options))}"

        if condition in self.names:
            return self.names[condition]
        return re.sub(r"(\w+) (==|!=) (\w+)", one, re.sub(r"(\w+) in \[([^\]]*)\]", among, condition))

    def condition(self, given: str, model: BaseModel) -> str:
        """What a figure of a part is given."""
        own = self.said(getattr(model, "given", "")) if "{given}" in given else ""
        return given.replace("{presupposes}", self.presupposes).replace("{given}", own).removeprefix(", ")


class _Place(NamedTuple):
    """Where the walk is: the parts around it, outermost first, and their words."""

    path: str
    part: str
    words: tuple[str, ...]
    around: tuple[BaseModel, ...]


class _Number(NamedTuple):
    place: _Place
    figure: str
    value: Any


def numbers_of(model: BaseModel, labels: Labels, path: str = "") -> Iterator[Figure | Point]:
    """Every figure and point of a part of the answers, in its order.

    Parameters
    ----------
    model : the whole answers, or a part of them.
    labels : what names are called.
    path : the part's own JSON pointer.
    """
    part = path.split("/")[1] if path else ""
    for place, figure, value in _walk(model, _Place(path, part, (), ()), labels):
        meaning = _meaning(place, figure)
        if meaning.unit == PLACE:
            continue
        common: dict[str, Any] = {
            "part": place.part,
            "figure": figure,
            "label": " · ".join(dict.fromkeys(filter(None, (*place.words, "" if figure == "mean" else _said(figure))))),
            "unit": _own_unit(place.around, labels) if meaning.unit == OWN else meaning.unit,
            "given": labels.condition(meaning.given, place.around[-1]),
            "meaning": type(place.around[-1]).model_fields[figure].description or "",
        }
        if isinstance(value, Band):
            yield Figure(place.path, mean=value.mean, lo=value.lo, hi=value.hi, mc=value.mc, **common)
        elif isinstance(value, float):
            yield Figure(place.path, mean=value, **common)
        else:
            yield from _points(place, figure, value, labels, common)


def figures_of(model: BaseModel, labels: Labels, path: str = "") -> list[Figure]:
    """Every figure that stands alone."""
    return [number for number in numbers_of(model, labels, path) if isinstance(number, Figure)]


def points_of(model: BaseModel, labels: Labels, path: str = "") -> list[Point]:
    """Every point of a series."""
    return [number for number in numbers_of(model, labels, path) if isinstance(number, Point)]


def _walk(model: BaseModel, place: _Place, labels: Labels) -> Iterator[_Number]:
    around = (*place.around, model)
    here = place._replace(words=(*place.words, *_about(model, labels)), around=around)
    for name in type(model).model_fields:
        inner = here._replace(path=f"{place.path}/{name}", part=place.part or name)
        yield from _inside(getattr(model, name), name, inner, labels)


def _inside(value: Any, name: str, place: _Place, labels: Labels) -> Iterator[_Number]:
    """The numbers in one field's value; a set of lists along one axis is told once, by its mean."""
    if isinstance(value, float | Band):
        yield _Number(place, name, value)
    elif isinstance(value, BaseModel):
        yield from _walk(value, place, labels)
    elif isinstance(value, Mapping):
        move = getattr(place.around[-1], "move", "")
        for key, each in value.items():
            inner = place._replace(path=f"{place.path}/{_escaped(key)}", words=(*place.words, labels.of(key, move)))
            yield from _inside(each, name, inner, labels)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        if any(isinstance(each, float) for each in value):
            if not (name in ("median", "lo", "hi") and hasattr(place.around[-1], "mean")):
                yield _Number(place, name, value)
            return
        for i, each in enumerate(value):
            yield from _inside(each, name, place._replace(path=f"{place.path}/{i}"), labels)


def _points(
    place: _Place, figure: str, values: Sequence[Any], labels: Labels, common: Mapping[str, Any]
) -> Iterator[Point]:
    """The points of a series, with what stands beside its mean."""
    owner, along = place.around[-1], _meaning(place, figure).along
    if figure in {_meaning(place, other).along for other in type(owner).model_fields}:
        return  # an axis, told with what runs along it
    axis, axis_owner = _axis(place.around, along, len(values))
    unit = meanings().get((axis_owner, along), Meaning("months" if along == "months" else "", "", "")).unit
    unit = _own_unit(place.around, labels) if unit == OWN else unit
    beside = {name: getattr(owner, name, None) for name in ("median", "lo", "hi")} if figure == "mean" else {}
    for i, (at, value) in enumerate(zip(axis, values, strict=True)):
        if isinstance(value, float):
            more = {name: found[i] for name, found in beside.items() if found is not None}
            yield Point(f"{place.path}/{i}", at=at, mean=value, along=along, along_unit=unit, **more, **common)


def _axis(around: Sequence[BaseModel], along: str, length: int) -> tuple[list[float], str]:
    """The positions of a series, and the model in which they stand: the nearest around it that has as many."""
    for model in reversed(around):
        found = getattr(model, along, None) if along else None
        if found is not None and len(found) == length:
            return [float(at) for at in found], type(model).__name__
    return [float(i) for i in range(length)], ""


def _about(model: BaseModel, labels: Labels) -> Iterator[str]:
    """Which thing a part is about, in words."""
    own, names = getattr(model, "label", ""), list(type(model).model_fields)
    labelled = names[names.index("label") - 1] if own else ""  # a label stands behind the name that it labels
    move = getattr(model, "move", None) or ""
    if own:
        yield own
    for name in _NAMES:
        value = getattr(model, name) if name in names and name != labelled else None
        if isinstance(value, str) and value and value not in _UNSAID:
            yield labels.of(value, move if name == "option" else "")
    deterred = getattr(model, "deterred_by", None)
    if deterred:
        yield f"deterred by {labels.of(deterred)}"
    for name, words in _COUNTED.items():
        value = getattr(model, name, None)
        if isinstance(value, int | float) and not (name == "month" and isinstance(value, float)):
            yield words.format(f"{value:g}")
    factor = getattr(model, "factor", None)
    if isinstance(factor, float):
        yield _FACTOR.format(factor)


def _said(figure: str) -> str:
    """A field in words.

    >>> _said("p_reached"), _said("at_low")
    ('P(reached)', 'at low')
    """
    return f"P({figure[2:].replace('_', ' ')})" if figure.startswith("p_") else figure.replace("_", " ")


def _meaning(place: _Place, figure: str) -> Meaning:
    known, model = meanings(), place.around[-1]
    names = [base.__name__ for base in type(model).__mro__]
    return next((known[name, figure] for name in names if (name, figure) in known), Meaning("", "", ""))


def _own_unit(around: Sequence[BaseModel], labels: Labels) -> str:
    """The unit of the uncertain number that a part is about."""
    for model in reversed(around):
        unit, name = getattr(model, "unit", ""), getattr(model, "quantity", "")
        if unit or name:
            return unit or labels.units.get(name, "")
    return ""


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
