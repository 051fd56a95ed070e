"""How a reading shows its pace on the terminal: the share that is done, characters a second, and what time is left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from typer import BadParameter, echo

if TYPE_CHECKING:
    from vetopoint.evidence import Pace, Reading
    from vetopoint.study.reading import MakeCoder

_EVERY = 10.0
"""Seconds between two lines, where standard error is no terminal."""


def paced(pace: Pace) -> str:
    """Characters a second and the time left, in words; nothing before there is a rate.

    >>> from vetopoint.evidence import Pace
    >>> times = iter([0.0, 2.0, 2.0])
    >>> pace = Pace(1, clock=lambda: next(times, 2.0))
    >>> pace.open(90_000)
    >>> pace.advance(30_000)
    >>> paced(pace)
    '15,000 characters a second, about 4 s left'
    """
    if not pace.rate:
        return ""
    return f"{pace.rate:,.0f} characters a second, about {spoken(pace.left)} left"


def spoken(seconds: float) -> str:
    """A time in words, as exact as a guess can be.

    >>> spoken(4.2), spoken(95), spoken(7300)
    ('4 s', '2 min', '2 h')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"


@contextmanager
def pace_shown() -> Iterator[Callable[[Pace], None]]:
    """A bar on standard error with the pace beside it; a line every ten seconds where that is no terminal."""
    if not sys.stderr.isatty():
        last = 0.0

        def say(pace: Pace) -> None:
            nonlocal last
            if pace.seconds - last >= _EVERY:
                last = pace.seconds
                echo(f"reading … {pace.share:.0%}, {paced(pace)}", err=True)

        echo("reading …", err=True)
        yield say
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (
        TextColumn("reading"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda pace: bar.update(task, completed=pace.share, description=paced(pace))


def told(done: Reading) -> None:
    """Say what a reading came to: notes, complaints, what was not taken of the coder's claims and why, the rate, the counts."""
    for said in (*done.notes, *done.refused):
        echo(said, err=True)
    for reason, number in sorted(done.dropped.items()):
        echo(f"{number} claim{'s' * (number != 1)} not taken: {reason}", err=True)
    if done.characters and done.seconds >= 1:
        rate = done.characters / done.seconds
        echo(f"{done.characters:,} characters in {done.seconds:.1f} s: {rate:,.0f} a second", err=True)
    echo(f"{done.read} documents read, {done.claims} claims proposed, {done.skipped} documents known before")


def program_coder(command: str | None, name: str, seconds: float, workers: int) -> MakeCoder | None:
    """What makes a coder of a command line; None where the built-in reader is meant."""
    if command is None:
        if name:
            raise BadParameter("--coder-name goes with --coder")
        return None
    from vetopoint.evidence.coder import ProgramCoder, ProgramLimits

    limits = ProgramLimits(seconds=seconds)
    return lambda aliases: ProgramCoder(command, name=name, aliases=aliases, limits=limits, workers=workers or 1)


@contextmanager
def cluster_coder(address: str | None, otherwise: MakeCoder | None) -> Iterator[MakeCoder | None]:
    """What makes a coder of the workers of a cluster, while it is needed; another where no cluster is named."""
    if address is None:
        yield otherwise
        return
    from vetopoint.study.engines import Cluster
    from vetopoint.study.far_reading import FarReader

    with Cluster(address) as cluster:
        yield lambda aliases: FarReader(aliases, cluster)
