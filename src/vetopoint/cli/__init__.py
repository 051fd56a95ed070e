"""The command line: thin, every command loads what it needs when it is called."""

import os
from functools import cache

import typer

from vetopoint.errors import VetopointError

__all__ = ["complete", "main"]

INTERRUPTED = 130
"""The exit code to which the library of commands turns Ctrl-C."""


@cache
def complete() -> typer.Typer:
    """The application with every command."""
    from vetopoint.cli import _cases, _compare, _evidence, _patterns, _start, _sweep, _tools, _tree

    about = "Who can stop a contested plan, at which point, and how long what it builds would hold."
    app = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, help=about
    )
    rooms = (_start, _cases, _compare, _sweep, _evidence, _patterns, _tools, _tree)
    for command in (command for room in rooms for command in room.COMMANDS):
        app.command(short_help=(command.__doc__ or "").partition("\n")[0])(command)
    return app


def main() -> None:
    """Entry point: a complaint goes to stderr with exit code 1, wrong usage with 2, an interruption with 130."""
    # A run keeps all processors at work itself; a second team of threads under each product of matrices only waits for the first.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        complete()()
    except VetopointError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            typer.echo("interrupted; results saved before are untouched", err=True)
        raise
