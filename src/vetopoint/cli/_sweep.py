"""The command that runs a case over a grid, or with very many draws."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import BadParameter, Option, echo

from vetopoint.cli._common import CaseArgument, ClusterOption, StoreOption, Texts

if TYPE_CHECKING:
    from vetopoint.study.engines import Engine
    from vetopoint.study.sweep import Sweep, SweepPace, SweptFigure

_EVERY = 10.0
"""Seconds between two lines, where standard error is no terminal."""

_SHOWN = 24
"""The most grid points that are listed on the terminal."""


def sweep(
    case: CaseArgument,
    out: Annotated[Path, Option("--out", metavar="DIR", help="Folder for the table and the blocks; goes on there.")],
    grid: Annotated[
        Texts, Option("--grid", metavar="NAME=A:B:K", help="Set a number to K values from A to B; each with each.")
    ] = None,
    draws: Annotated[int, Option(min=1, help="Number of draws at every point.")] = 20_000,
    seed: Annotated[int, Option(min=0, help="The same seed gives the same bytes.")] = 1,
    set_: Annotated[Texts, Option("--set", metavar="NAME=VALUE", help="Replace an uncertain number.")] = None,
    workers: Annotated[int, Option(min=0, max=256, help="Threads (0: one a processor).")] = 0,
    cluster: ClusterOption = None,
    store: StoreOption = None,
) -> None:
    """Run a case at every point of a grid, or with very many draws: sweep.parquet, resumable, here or on a cluster."""
    from vetopoint.cli._cases import pairs
    from vetopoint.study import open_study
    from vetopoint.study.grid import parse_axis
    from vetopoint.study.sweep import sweep as run_sweep

    if cluster is not None and workers:
        raise BadParameter("--workers counts threads here: leave it out with --cluster")
    axes = [parse_axis(text) for text in grid or []]
    study = open_study(case, pairs("--set", set_ or []), store)
    for warning in study.case.warnings:
        echo(str(warning), err=True)
    with engine_of(cluster, workers) as engine, sweep_shown() as show:
        found = run_sweep(study, axes, draws, seed, out, engine, show)
    for line in swept_lines(found):
        echo(line)
    before = f", {found.found:,} were there before" if found.found else ""
    echo(f"\n{found.made:,} blocks made{before}; table: {found.folder / 'sweep.parquet'}")


@contextmanager
def engine_of(cluster: str | None, workers: int) -> Iterator[Engine]:
    """Threads of this process, or the cluster at an address while it is needed."""
    from vetopoint.study.engines import Cluster, Threads

    if cluster is None:
        yield Threads(workers)
        return
    with Cluster(cluster) as engine:
        yield engine


@contextmanager
def sweep_shown() -> Iterator[Callable[[SweepPace], None]]:
    """A bar on standard error with draws a second and the time left; a line every ten seconds where that is no terminal."""
    seen: list[SweepPace] = []
    with _bar() if sys.stderr.isatty() else nullcontext(_lines()) as draw:

        def say(pace: SweepPace) -> None:
            seen[:] = [pace]
            draw(pace)

        try:
            yield say
        except KeyboardInterrupt:
            for pace in seen:
                kept = f"{pace.found + pace.made:,} of {pace.total:,} blocks are kept"
                echo(f"{kept}; the same command goes on from there", err=True)
            raise


def _lines() -> Callable[[SweepPace], None]:
    last = 0.0

    def say(pace: SweepPace) -> None:
        nonlocal last
        now = pace.clock()
        if now - max(last, pace.began) >= _EVERY:
            last = now
            echo(f"sweeping … {paced(pace)}", err=True)

    return say


@contextmanager
def _bar() -> Iterator[Callable[[SweepPace], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("sweeping"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda pace: bar.update(task, completed=pace.share, description=paced(pace))


def paced(pace: SweepPace) -> str:
    """The share that is done, draws a second and the time left, in words.

    >>> from vetopoint.study.sweep import SweepPace
    >>> times = iter([0.0])
    >>> pace = SweepPace(10, clock=lambda: next(times, 4.0))
    >>> pace.found, pace.made, pace.rows = 2, 4, 16_384
    >>> paced(pace)
    '60% of 10 blocks, 4,096 draws a second, about 4 s left'
    """
    from vetopoint.cli._reading import spoken

    share = f"{pace.share:.0%} of {pace.total:,} blocks"
    return f"{share}, {pace.rate:,.0f} draws a second, about {spoken(pace.left)} left" if pace.rate else share


def swept_lines(found: Sweep) -> Iterator[str]:
    """A sweep on the terminal: a table a goal, a line a grid point."""
    shown = range(min(len(found.points), _SHOWN))
    goals = dict.fromkeys(f.figure for f in found.figures if f.figure.startswith("goal."))
    by_place = {(f.point, f.figure): f for f in found.figures}
    names = list(found.axes)
    width = max([len(found.points[p][name]) for p in shown for name in names] + [len(n) for n in names] + [6])
    called = [f"{name}: {found.axes[name]}" for name in names if found.axes[name] != name]
    yield from [*called, ""] if called else []
    for goal in goals:
        head = by_place[0, goal]
        yield f"{head.label}" + (f", given: {head.given}" if head.given else "")
        yield (
            "  " + "".join(f"{name:>{width}}  " for name in names) + f"{'mean':>7}  {'90 % of draws':>15}  {'error':>7}"
        )
        for point in shown:
            at = "".join(f"{found.points[point][name]:>{width}}  " for name in names)
            yield f"  {at}{_said(by_place[point, goal])}"
        yield ""
    if len(found.points) > len(shown):
        yield f"… and {len(found.points) - len(shown):,} more points in the table"
    yield f"{found.draws:,} draws at {'each of ' if names else ''}{len(found.points):,} point{'s' * (len(found.points) != 1)}"


def _said(figure: SweptFigure) -> str:
    band = figure.band
    if band is None:
        return "the condition never holds"
    return f"{band.mean:7.3f}  {f'{band.lo:.3f} to {band.hi:.3f}':>15}  {band.mc:7.2g}"


COMMANDS = (sweep,)
