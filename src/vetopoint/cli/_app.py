"""The application object, how errors end a command, and how progress is drawn."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from vetopoint.errors import VetopointError

if TYPE_CHECKING:
    from vetopoint.study.project import Progress

__all__ = ["app", "complete", "console_progress", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Who can stop a contested plan, at which point, and how long what it builds would hold.",
)


def complete() -> typer.Typer:
    """The application with every command."""
    if not app.registered_commands:
        from vetopoint.cli import _cases, _evidence, _fitting, _tools

        for module in (_cases, _evidence, _tools, _fitting):
            module.register(app)
    return app


def main() -> None:
    """Entry point: a complaint goes to stderr with exit code 1, wrong usage with 2."""
    try:
        complete()()
    except VetopointError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        typer.echo("interrupted; results saved before are untouched", err=True)
        raise SystemExit(130) from None


@contextmanager
def console_progress() -> Iterator[Progress]:
    """A progress bar on stderr; silent where stderr is no terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not sys.stderr.isatty():
        seen: set[str] = set()

        def say(stage: str, share: float) -> None:
            if stage not in seen:
                seen.add(stage)
                typer.echo(f"{stage} …", err=True)

        yield say
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    ) as bar:
        tasks: dict[str, object] = {}

        def draw(stage: str, share: float) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=1.0)
            bar.update(tasks[stage], completed=share)  # type: ignore[arg-type]

        yield draw
