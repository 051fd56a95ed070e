"""A sweep: a case at every point of a grid, or one long run, block by block, resumable, on threads or on a cluster.

What a draw comes to here is what goals, outcomes and the solver's labels need, and not the whole report. Means and bands stream
(`vetopoint.chain.streams`), so that memory does not grow with the number of draws; rows are kept of the first 100,000 draws.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from vetopoint.budget import USUAL
from vetopoint.chain import drawn_beside, frame_of
from vetopoint.chain.blocks import PRESUPPOSED, figure_names, frame_with, rows_in
from vetopoint.chain.streams import KINDS
from vetopoint.chain.values import FirstPass
from vetopoint.chain.world import first_pass
from vetopoint.errors import VetopointError
from vetopoint.quantity import Band, Random
from vetopoint.quantity.sampling import BLOCK
from vetopoint.study.engines import Cluster, Engine, Threads
from vetopoint.study.grid import Axis, points_of
from vetopoint.study.making import Maker, Piece, Recipe, recipe_of
from vetopoint.study.project import data_files, versions
from vetopoint.study.shelf import Point, Shelf, kept_rows
from vetopoint.study.sources import Study
from vetopoint.study.store import make_folder, write_text
from vetopoint.study.tables import write_tables

__all__ = ["ROWS", "Sweep", "SweepPace", "SweptFigure", "sweep"]

ROWS = 100_000
"""Draws whose rows are kept, shared out evenly over the grid points."""

BANDS = ("mean", "lo", "hi", "mc")


@dataclass(frozen=True)
class SweptFigure:
    """A figure at a grid point.

    Attributes
    ----------
    point : number of the grid point.
    figure, label : its name, such as ``goal.deployed``, and what it is called.
    given : the condition under which it stands, or "".
    band : mean, band and Monte-Carlo error; None where the condition never holds.
    """

    point: int
    figure: str
    label: str
    given: str
    band: Band | None


@dataclass(frozen=True)
class Sweep:
    """What a sweep found.

    Attributes
    ----------
    axes : the grid, as labels of its numbers by name.
    points : what is set at each point.
    figures : every figure at every point.
    draws : draws of a point.
    made, found : blocks that were made now, and those that were there before.
    folder : where the table is.
    """

    axes: Mapping[str, str]
    points: tuple[Mapping[str, str], ...]
    figures: tuple[SweptFigure, ...]
    draws: int
    made: int
    found: int
    folder: Path


@dataclass
class SweepPace:
    """How far a sweep is: blocks in all, those there before, those made, and since when."""

    total: int
    clock: Callable[[], float] = time.monotonic
    found: int = 0
    made: int = 0
    rows: int = 0
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    @property
    def share(self) -> float:
        """The share of the blocks that are there."""
        return min(1.0, (self.found + self.made) / max(self.total, 1))

    @property
    def rate(self) -> float:
        """Draws a second, of those made now; 0 before there is one."""
        seconds = self.clock() - self.began
        return self.rows / seconds if self.rows and seconds > 0 else 0.0

    @property
    def left(self) -> float:
        """Seconds until the end at this rate; infinite before there is one."""
        seconds = self.clock() - self.began
        rest = max(0, self.total - self.found - self.made)
        return rest * seconds / self.made if self.made else float("inf")


def sweep(
    study: Study,
    axes: Sequence[Axis],
    draws: int,
    seed: int,
    out: str | Path,
    engine: Engine | None = None,
    progress: Callable[[SweepPace], None] | None = None,
) -> Sweep:
    """Run a case at every point of a grid, or where there is none as it is, and keep one table of its figures.

    The same draws serve every point, and the first pass of the case as written is kept, as by ``--set``. A sweep that was ended in any
    way goes on from the blocks that are there; more draws, or more points, use those of fewer.

    Parameters
    ----------
    axes : the numbers that are set; each value with each.
    draws : at every point.
    out : folder for ``sweep.parquet`` (a row a point and figure), ``sweep.json``, ``draws.parquet`` (the first rows) and ``blocks/``.
    engine : who makes the blocks; threads of this process unless given.
    progress : called whenever a block is there.

    Raises
    ------
    VetopointError
        No draws, a grid that the case cannot take, a folder that cannot be written or in which another sweep is at work, a cluster
        that is lost; what was made is kept.
    """
    if draws < 1:
        raise VetopointError(f"{draws} draws → ask for at least one")
    case, folder = study.case, Path(out)
    points = points_of(case, axes)
    if study.re_anchor:
        raise VetopointError("a sweep keeps the first pass of the case as written → leave out --re-anchor")
    fixed = first_pass(frame_of(case, USUAL, case.as_written if case.overrides else None))
    make_folder(folder)
    shelf = Shelf(folder / "blocks")
    try:
        work = _Work(study, points, draws, seed, fixed, shelf, progress or (lambda pace: None))
        bands = work.done(engine or Threads())
        return _written(work, axes, bands, folder)
    finally:
        shelf.close()


class _Work:
    """The pieces of a sweep, and what of them is there."""

    def __init__(
        self,
        study: Study,
        points: list[dict[str, str]],
        draws: int,
        seed: int,
        fixed: FirstPass,
        shelf: Shelf,
        progress: Callable[[SweepPace], None],
    ) -> None:
        self.study, self.points, self.draws, self.seed, self.fixed = study, points, draws, seed, fixed
        self.rows = min(draws, ROWS // len(points))
        self._shelf, self._progress = shelf, progress
        self._open: dict[int, Point] = {}
        self._under_way: dict[int, int] = {}
        self._bands: dict[int, dict[str, Band | None]] = {}
        self.blocks = -(-draws // BLOCK)
        self.pace = SweepPace(len(points) * self.blocks)

    @cached_property
    def files(self) -> dict[str, str]:
        """SHA-256 of the case file and of the data files that it names."""
        case = self.study.case
        others = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in data_files(case)}
        return {case.path.name: case.document.sha256, **others}

    def about(self, point: Mapping[str, str]) -> dict[str, Any]:
        """All that the blocks of a point rest on but their number and size."""
        return {
            "files": self.files,
            "set": {**self.study.case.overrides, **point},
            "first pass": self.fixed.digest,
            "seed": self.seed,
            "streams": list(KINDS),
            "versions": versions(),
        }

    def done(self, engine: Engine) -> list[dict[str, Band | None]]:
        """Make what is not there, and say what each point comes to."""
        case = self.study.case
        make: Maker | Recipe = Maker(case, self.fixed, self.seed)
        if isinstance(engine, Cluster):
            make = recipe_of(self.study, self.fixed, self.seed)
        while len(self._bands) < len(self.points):  # once, unless a file was damaged
            for piece, (stream, columns) in engine.each(make, self._pieces()):
                self._open[piece.point].keep(piece.block, stream, piece.kept, columns)
                self._under_way[piece.point] -= 1
                self.pace.made, self.pace.rows = self.pace.made + 1, self.pace.rows + piece.rows
                self._advance(piece.point)
                self._progress(self.pace)
        return [self._bands[number] for number in range(len(self.points))]

    def _pieces(self) -> Iterator[Piece]:
        """What is still to be made, point by point; what is there is taken in on the way."""
        for number, values in enumerate(self.points):
            if number in self._bands:
                continue
            point = self._open[number] = Point(self._shelf, self.about(values), self.draws)
            self._under_way[number] = 1  # for the list itself
            for block in range(self.blocks):
                rows, kept = rows_in(block, self.draws), rows_in(block, self.rows)
                if point.kept(block, kept):
                    self.pace.found += 1
                    continue
                self._under_way[number] += 1
                yield Piece(number, tuple(values.items()), block, rows, kept)
            self._under_way[number] -= 1
            self._advance(number)
            self._progress(self.pace)

    def _advance(self, number: int) -> None:
        """Take in what is there of a point; once that is all, keep no more of it than its bands."""
        if self._open[number].advance() and not self._under_way[number]:
            self._bands[number] = self._open.pop(number).streams.figures.bands()

    def columns(self) -> dict[str, Any]:
        """The rows that were kept of every point, one below the other."""
        parts: dict[str, list[Any]] = {}
        for number, values in enumerate(self.points):
            for block in range(-(-self.rows // BLOCK)):
                kept = rows_in(block, self.rows)
                found = kept_rows(self._shelf, self.about(values), block, rows_in(block, self.draws), kept)
                parts.setdefault("point", []).append(np.full(kept, number, np.int32))
                for name, value in values.items():
                    parts.setdefault(f"grid.{name}", []).append(np.full(kept, float(value)))
                for name, column in found.items():
                    parts.setdefault(name, []).append(column)
        return {name: np.concatenate(parts.pop(name)) for name in list(parts)}


def _written(work: _Work, axes: Sequence[Axis], bands: list[dict[str, Band | None]], folder: Path) -> Sweep:
    """Write the table, the rows and what they rest on, all or none of them."""
    labels, given, _ = _labels(work)
    figures = tuple(
        SweptFigure(number, name, labels[name], given if name.startswith(("goal.", "outcome.")) else "", band)
        for number, found in enumerate(bands)
        for name, band in found.items()
    )
    columns = {axis.name: _column_of(work, axis.name) for axis in axes}
    table = _table(work, figures)
    said = {f"grid.{name}": about for name, about in columns.items()}
    about = _about(work, axes, given)
    parts = {
        "sweep.parquet": (table, {"columns": said | _SAID, **about}),
        "draws.parquet": (work.columns(), {"columns": said | _rows_said(work, labels), **about}),
    }
    digests = write_tables(folder, parts)
    text = json.dumps({**about, "figures": labels, "columns": said, "files": digests}, indent=1, ensure_ascii=False)
    write_text(folder / "sweep.json", text + "\n")
    called = {name: about["label"] or name for name, about in columns.items()}
    return Sweep(called, tuple(work.points), figures, work.draws, work.pace.made, work.pace.found, folder)


_SAID = {
    "point": {"label": "number of the grid point", "unit": ""},
    "figure": {"label": "figure", "unit": ""},
    "label": {"label": "what the figure is called", "unit": ""},
    "given": {"label": "the condition under which it stands", "unit": ""},
    "mean": {"label": "mean over draws", "unit": "probability"},
    "lo": {"label": "5th percentile over draws", "unit": "probability"},
    "hi": {"label": "95th percentile over draws", "unit": "probability"},
    "mc": {"label": "Monte-Carlo standard error of the mean", "unit": "probability"},
    "draws": {"label": "draws at the point", "unit": "draws"},
}


def _labels(work: _Work) -> tuple[dict[str, str], str, Mapping[str, Random]]:
    """What each figure is called, what goals and outcomes presuppose, and what is drawn beside the case's own numbers."""
    frame = frame_with(work.study.case, work.fixed)
    file = frame.case.file
    return figure_names(frame), file.short_.presupposes or file.presupposes or "", drawn_beside(frame).inputs


def _column_of(work: _Work, name: str) -> dict[str, str]:
    """What a number of the grid is called, and what it counts in."""
    item = work.study.case.inputs.get(name)
    return {"label": item.label if item else "", "unit": item.unit if item else ""}


def _table(work: _Work, figures: Sequence[SweptFigure]) -> dict[str, Any]:
    """A row a point and figure."""
    nothing = float("nan")
    numbers = {part: [getattr(f.band, part) if f.band else nothing for f in figures] for part in BANDS}
    grid = {f"grid.{name}": [float(work.points[f.point][name]) for f in figures] for name in work.points[0]}
    return {
        "point": np.array([f.point for f in figures], np.int32),
        **{name: np.array(values) for name, values in grid.items()},
        **{name: np.array([getattr(f, name) for f in figures], object) for name in ("figure", "label", "given")},
        **{name: np.array(values) for name, values in numbers.items()},
        "draws": np.full(len(figures), work.draws, np.int64),
    }


def _rows_said(work: _Work, labels: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What the columns of the rows are called, and what they count in."""
    beside = _labels(work)[2]
    inputs = {
        f"input.{name}": {"label": item.label, "unit": item.unit} for name, item in work.study.case.inputs.items()
    }
    inputs |= {f"input.{name}": {"label": what.label, "unit": ""} for name, what in beside.items()}
    shares = {name: {"label": label, "unit": "probability"} for name, label in labels.items() if "solver" not in name}
    shares.pop(PRESUPPOSED, None)
    label = {"label": "0 settled, 1 folded, 2 failed", "unit": ""}
    residual = {"label": "largest difference between a choice and the reply to the others", "unit": "probability"}
    return {"point": _SAID["point"], **inputs, **shares, "solver.label": label, "solver.residual": residual}


def _about(work: _Work, axes: Sequence[Axis], given: str) -> dict[str, Any]:
    """What a sweep rests on, without when and where it ran."""
    case = work.study.case
    return {
        "case": case.name,
        "title": case.file.title,
        "as_of": case.file.as_of.isoformat(),
        "presupposes": case.file.presupposes or "",
        "given": given,
        "seed": work.seed,
        "draws": work.draws,
        "rows": work.rows,
        "grid": {axis.name: list(axis.values) for axis in axes},
        "set": dict(case.overrides),
        "first_pass": work.fixed.digest,
        "inputs": work.files,
        "versions": versions(),
    }
