"""Arguments and options that several commands take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["CaseArgument", "JsonOption", "StoreOption"]

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
