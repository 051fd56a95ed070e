"""How progress is drawn on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from vetopoint.study.project import Progress

__all__ = ["console_progress"]


@contextmanager
def console_progress() -> Iterator[Progress]:
    """A progress bar on stderr; silent where stderr is no terminal."""
    if not sys.stderr.isatty():
        seen: set[str] = set()

        def say(stage: str, share: float) -> None:
            if stage not in seen:
                seen.add(stage)
                typer.echo(f"{stage} …", err=True)

        yield say
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, object] = {}

        def draw(stage: str, share: float) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=1.0)
            bar.update(tasks[stage], completed=share)  # type: ignore[arg-type]

        yield draw
