"""Keep the results of a run: written beside their place and moved there at the end, so that nothing saved is half lost."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vetopoint.errors import VetopointError

__all__ = ["write_parquet", "write_results", "write_text"]


def write_results(folder: Path, answers: str, columns: Mapping[str, NDArray[np.float64]], about: str) -> None:
    """Write ``answers.json``, ``draws.parquet`` and ``run.json``."""
    make_folder(folder)
    write_parquet(folder / "draws.parquet", columns)
    write_text(folder / "answers.json", answers)
    write_text(folder / "run.json", about)


def make_folder(folder: Path) -> None:
    """Make a folder for results, or say why it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VetopointError(
            f"{folder}: cannot be made ({error.strerror}) → choose another folder with --out"
        ) from error


def write_text(path: Path, text: str, option: str = "--out") -> None:
    """Replace a file in one step; ``option`` names what says where."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise VetopointError(
            f"{path}: cannot be written ({error.strerror}) → choose another folder with {option}"
        ) from error


def write_parquet(path: Path, columns: Mapping[str, NDArray[np.float64]]) -> None:
    """Write one column a name, one row a draw.

    Parameters
    ----------
    columns : name → (n,) float64.
    """
    import duckdb

    beside = path.with_name(f".{path.name}.part")
    table = {name: np.ascontiguousarray(values) for name, values in columns.items()}  # read by name in the query
    try:
        with duckdb.connect(config={"threads": "1"}) as connection:
            connection.register("draws", table)
            connection.execute(
                f"COPY (SELECT * FROM draws) TO '{str(beside).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, COMPRESSION zstd)"
            )
        os.replace(beside, path)
    except (OSError, duckdb.Error) as error:
        raise VetopointError(f"{path}: cannot be written ({error}) → choose another folder with --out") from error
