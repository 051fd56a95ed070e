"""The command line: thin, every command loads what it needs when it is called."""

from functools import cache

import typer

from vetopoint.errors import VetopointError

__all__ = ["complete", "main"]

INTERRUPTED = 130
"""The exit code to which the library of commands turns Ctrl-C."""


@cache
def complete() -> typer.Typer:
    """The application with every command."""
    from vetopoint.cli import _cases, _compare, _evidence, _sweep, _tools

    about = "Who can stop a contested plan, at which point, and how long what it builds would hold."
    app = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, add_completion=False, pretty_exceptions_enable=False, help=about
    )
    for command in (*_cases.COMMANDS, *_compare.COMMANDS, *_sweep.COMMANDS, *_evidence.COMMANDS, *_tools.COMMANDS):
        app.command(short_help=(command.__doc__ or "").partition("\n")[0])(command)
    return app


def main() -> None:
    """Entry point: a complaint goes to stderr with exit code 1, wrong usage with 2, an interruption with 130."""
    try:
        complete()()
    except VetopointError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            typer.echo("interrupted; results saved before are untouched", err=True)
        raise
