"""Tables for other programs: Parquet with what each column is called, and counts in, in the schema's metadata."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from vetopoint.errors import VetopointError

__all__ = ["KEY", "write_parquet", "write_tables"]

KEY = "vetopoint"
"""The key of the metadata, a JSON object: ``columns`` holds name → label and unit, the rest is about the table."""


def write_parquet(path: Path, columns: Mapping[str, Any], metadata: Mapping[str, str]) -> None:
    """Write a table, the same bytes for the same.

    Parameters
    ----------
    columns : one column a name, arrays of numbers or of texts; NaN is a missing number.
    metadata : key → text, which whatever reads Parquet finds as the file's key-value metadata.

    Raises
    ------
    OSError
        It cannot be written.
    """
    import duckdb

    table = {name: np.ascontiguousarray(values) for name, values in columns.items()}  # read by name in the query
    said = ", ".join(f"{_quoted(key)}: {_quoted(text)}" for key, text in metadata.items())
    options = f"FORMAT parquet, COMPRESSION zstd{f', KV_METADATA {{{said}}}' if said else ''}"
    try:
        with duckdb.connect(config={"threads": "1"}) as connection:
            connection.register("columns", table)
            connection.execute(f"COPY (SELECT * FROM columns) TO {_quoted(str(path))} ({options})")
    except duckdb.Error as error:
        raise OSError(errno.EIO, str(error)) from error


def _quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def write_tables(folder: Path, tables: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]]) -> dict[str, str]:
    """Write tables into a folder, none before all can be, and say the SHA-256 of each.

    Parameters
    ----------
    tables : name of a file to its columns and what is said of it.
    """
    digests: dict[str, str] = {}
    parts = {name: folder / f".{name}.part" for name in tables}
    try:
        for name, (columns, about) in tables.items():
            told = json.dumps(about, sort_keys=True, ensure_ascii=False)
            write_parquet(parts[name], columns, {KEY: told})
            with parts[name].open("rb") as file:
                digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
        for name, part in parts.items():
            os.replace(part, folder / name)
    except OSError as error:
        why = f"{folder}: tables cannot be written ({error.strerror or error})"
        raise VetopointError(f"{why} → make room, or choose another folder with --out") from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    return digests
