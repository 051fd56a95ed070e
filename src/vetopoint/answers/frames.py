"""Answers as tables of pandas, polars and xarray, which are optional: each is imported when it is asked for.

Four tables, alike in every library: ``figures`` (every number that stands alone, a row each), ``series`` (every number along an axis, such as
month by month), ``draws`` (a row a draw) and ``columns`` (what the columns of the draws are).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from vetopoint.answers.columns import DrawColumn, draw_columns
from vetopoint.answers.figures import Figure, Labels, Point, figures_of, points_of
from vetopoint.arrays import Array
from vetopoint.errors import MissingExtra, VetopointError, did_you_mean

if TYPE_CHECKING:
    from vetopoint.answers.document import Answers

__all__ = ["TableName", "as_pandas", "as_polars", "as_xarray", "labels_of", "table_of"]

TableName = Literal["figures", "series", "draws", "columns"]
_ALONG = {"figures": "figure", "series": "point", "draws": "draw", "columns": "column"}


def labels_of(answers: Answers) -> Labels:
    """What the names of a case are called, from the labels that its answers carry."""
    run, truce = answers.run, answers.truce
    inputs = (*answers.evidence.inputs, *answers.evidence.beside)
    options = {(m.move, o.option): o.label for m in answers.moves for o in m.options if o.label}
    names = {item.name: item.label for item in inputs}
    if truce is not None:
        names |= {form.form: form.label for form in truce.forms if form.consented}
    if answers.coalition is not None:
        names |= {member.name: member.label for member in answers.coalition.members}
        names |= {situation.name: situation.label for situation in answers.coalition.situations}
    names |= {move.move: move.label for move in answers.moves}
    names |= {each.name: each.label for each in (*answers.outcomes, *answers.goals)} | run.actors
    names["chance"] = "chance"
    known = {name: label for name, label in names.items() if label}
    given = run.short.presupposes or Labels(known, options).said(run.presupposes)
    units = {item.name: item.unit for item in inputs}
    return Labels({**known, run.presupposes: given}, options, units, given)


def table_of(answers: Answers, table: TableName) -> dict[str, Array]:
    """A table as one array a column; what is missing is NaN among numbers and empty among texts.

    Raises
    ------
    VetopointError
        For a table that there is not, and for draws that are not at hand.
    """
    if table not in get_args(TableName):
        known = get_args(TableName)
        remedy = did_you_mean(str(table), known, f"name one of {', '.join(known)}")
        raise VetopointError(f"no table is called '{table}' → {remedy}")
    if table == "figures":
        return _columns_of(Figure, figures_of(answers, labels_of(answers)))
    if table == "series":
        return _columns_of(Point, points_of(answers, labels_of(answers)))
    draws = _draws(answers)
    if table == "draws":
        return {name: np.asarray(column) for name, column in draws.items()}
    return _columns_of(DrawColumn, draw_columns(answers, list(draws)))


def as_pandas(answers: Answers, table: TableName) -> Any:
    """The table as a pandas DataFrame; of draws, ``attrs["columns"]`` says what the columns are."""
    pandas = _library("pandas", "to_pandas()")
    frame = pandas.DataFrame(table_of(answers, table))
    if table == "draws":
        frame.attrs["columns"] = {each.name: asdict(each) for each in draw_columns(answers, list(frame.columns))}
    return frame


def as_polars(answers: Answers, table: TableName) -> Any:
    """The table as a polars DataFrame; a number that is missing is null."""
    polars = _library("polars", "to_polars()")
    return polars.DataFrame(table_of(answers, table), nan_to_null=True)


def as_xarray(answers: Answers, table: TableName) -> Any:
    """The table as an xarray Dataset along ``draw`` (``figure``, ``point``, ``column``); of draws, units and labels are attributes."""
    xarray = _library("xarray", "to_xarray()")
    found = table_of(answers, table)
    along = _ALONG[table]
    about: Mapping[str, dict[str, str]] = {}
    if table == "draws":
        about = {
            each.name: {"long_name": each.label, "units": each.unit, "kind": each.kind}
            for each in draw_columns(answers, list(found))
        }
    renamed = {name if name != along else "name": column for name, column in found.items()}
    variables = {name: (along, column, about.get(name, {})) for name, column in renamed.items()}
    run = answers.run
    attributes = {"title": run.title, "case": run.case, "seed": run.seed, "draws": run.draws}
    return xarray.Dataset(variables, attrs=attributes)


def _columns_of(kind: type, rows: list[Any]) -> dict[str, Array]:
    found: dict[str, Array] = {}
    for column in fields(kind):
        values = [getattr(row, column.name) for row in rows]
        if str(column.type).startswith("float"):
            found[column.name] = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        else:
            found[column.name] = np.array(values, dtype=object)
    return found


def _draws(answers: Answers) -> Mapping[str, Array]:
    kept = answers.draws_at_hand
    if kept is None:
        remedy = "run the case, or read draws.parquet beside answers.json, whose metadata say the same"
        raise VetopointError(f"these answers were read from a file, without their draws → {remedy}")
    return kept


def _library(name: str, what: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra(what, name) from error
