"""Tables: the numbers behind a picture, for the page, for the terminal and as CSV."""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Generic, Literal, TypeVar

from vetopoint.sheets import sheet
from vetopoint.view.charts.spec import ChartSpec
from vetopoint.view.numbers import Banded, number, number_band, percent, percent_band, points, points_band

T = TypeVar("T")
K = TypeVar("K")

Format = Literal["text", "percent", "points", "number"]


@dataclass(frozen=True)
class Link:
    """A text that leads to another place of the page."""

    text: str
    to: str


Value = str | float | int | None | Banded | Link | tuple[Link, ...]


def _plain(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else number(value, 3)


_FIGURES: dict[str, tuple[Callable[[float], str], Callable[[Banded], str]]] = {
    "percent": (percent, percent_band),
    "points": (points, points_band),
}
"""How a number and a band are written in each format; plainly in any other."""


@dataclass(frozen=True)
class Column(Generic[T]):
    """A column of a table over things of one kind: its head, what it shows of each, and how that is written."""

    head: str
    get: Callable[[T], Value]
    format: Format = "text"

    def say(self, value: Value) -> str:
        """Write a value as a reader sees it."""
        if value is None or value == "" or value == ():
            return "–"
        if isinstance(value, str):
            return value
        if isinstance(value, Link | tuple):
            return ", ".join(link.text for link in self.links(value))
        plain, banded = _FIGURES.get(self.format, (_plain, partial(number_band, digits=3)))
        return plain(value) if isinstance(value, int | float) else banded(value)

    def links(self, value: Value) -> tuple[Link, ...]:
        """Return the links of a value; empty for anything that leads nowhere."""
        if isinstance(value, Link):
            return (value,)
        return value if isinstance(value, tuple) else ()

    @property
    def numeric(self) -> bool:
        """Whether its values stand at the right edge."""
        return self.format in ("percent", "points", "number")


@dataclass(frozen=True)
class Table:
    """Rows of values under columns."""

    columns: tuple[Column[Any], ...]
    rows: tuple[tuple[Value, ...], ...]

    def csv(self) -> str:
        """Write the table as CSV at full precision; a value with a band becomes three columns."""
        cells = [_cells(column, [row[i] for row in self.rows]) for i, column in enumerate(self.columns)]
        return sheet(list(chain(*line)) for line in zip(*cells, strict=True))

    def data_uri(self) -> str:
        """Return the CSV as a link that works offline."""
        return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(self.csv().encode()).decode()}"


@dataclass(frozen=True)
class Rows(Generic[T]):
    """Things of one kind, a row each."""

    things: Iterable[T]

    def under(self, *columns: Column[T]) -> Table:
        """The table of these things under some columns."""
        return Table(columns, tuple(tuple(column.get(thing) for column in columns) for thing in self.things))

    def each(self, heads: Mapping[K, str], get: Callable[[T, K], Value], format: Format = "text") -> list[Column[T]]:
        """A column for each key and its head: what it shows of a thing under that key."""

        def column(key: K, head: str) -> Column[T]:
            return Column(head, lambda thing: get(thing, key), format)

        return [column(key, head) for key, head in heads.items()]


def _is_band(value: Value) -> bool:
    return value is not None and not isinstance(value, str | int | float | Link | tuple)


def _cells(column: Column[Any], values: list[Value]) -> list[list[str]]:
    """Return the cells of a column, its head first: three a line where a value has a band."""
    wide = any(map(_is_band, values))
    head = [column.head, f"{column.head} (5th)", f"{column.head} (95th)"] if wide else [column.head]
    written = [_written(column, value) for value in values]
    return [head, *(cells + [""] * (len(head) - len(cells)) for cells in written)]


def _written(column: Column[Any], value: Value) -> list[str]:
    if _is_band(value):
        band: Banded = value  # type: ignore[assignment]
        return [f"{v:.6g}" for v in (band.mean, band.lo, band.hi)]
    if isinstance(value, int | float):
        return [f"{value:.6g}"]
    return [column.say(value) if value else ""]


@dataclass(frozen=True)
class Figure:
    """A picture with the sentence that says what it shows, and the table behind it."""

    id: str
    title: str
    sentence: str
    table: Table
    chart: ChartSpec | None = None
    note: str = ""
    open_table: bool = False

    def spec(self) -> dict[str, Any]:
        """Return what the bundle reads of its picture, none where it has no chart."""
        chart = self.chart.as_json() if self.chart is not None else {}
        return {"id": self.id, "label": self.sentence, **chart}
