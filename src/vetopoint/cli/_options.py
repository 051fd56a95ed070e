"""Arguments and options that several commands take, and ways in which several end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["CaseArgument", "JsonOption", "StoreOption", "write_or_print"]

CaseArgument = Annotated[Path, typer.Argument(help="A case folder, or its case.yaml.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="Where claims are kept: postgresql://USER@HOST/DATABASE, a SQLite file or a folder for such files "
        "(default: VETOPOINT_STORE, else a file in the case's folder).",
    ),
]


def write_or_print(text: str, out: Path | None, what: str, then: str = "") -> None:
    """Write a text to a file and say so, with what to do next; or print it where no file is named."""
    from vetopoint.study.store import write_text

    if out is None:
        typer.echo(text, nl=False)
        return
    write_text(out, text)
    typer.echo(f"{what}: {out}{then}")
