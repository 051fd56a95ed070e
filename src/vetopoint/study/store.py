"""Keep the results of a run: written beside their place and moved there at the end, so that nothing saved is half lost."""

import errno
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from vetopoint.arrays import Floats
from vetopoint.case.editor import SCHEMA_FILE, schema_text, with_schema
from vetopoint.errors import VetopointError
from vetopoint.study.tables import write_parquet


def write_results(
    folder: Path, texts: Mapping[str, str], columns: Mapping[str, Floats], about: Mapping[str, str] | None = None
) -> None:
    """Write the files of a run, and ``draws.parquet``; all are written beside their places before the first is moved there.

    Parameters
    ----------
    texts : name of a file to what stands in it.
    columns : one column a name → (n,) float64, one row a draw.
    about : key → text, kept in the metadata of ``draws.parquet``; see `vetopoint.answers.parquet_metadata`.
    """
    make_folder(folder)
    paths = {folder / name: text for name, text in texts.items()} | {folder / "draws.parquet": None}
    path = folder
    try:
        for path, text in paths.items():
            if path.is_dir():
                raise OSError(errno.EISDIR, "a folder is called so")
            if text is None:
                write_parquet(_beside(path), columns, about or {})
            else:
                _beside(path).write_text(text, encoding="utf-8")
        for path in paths:
            os.replace(_beside(path), path)
    except OSError as error:
        raise _unwritable(path, error.strerror) from error
    finally:
        for left in map(_beside, paths):
            if left.is_file():
                left.unlink()


def make_folder(folder: Path) -> None:
    """Make a folder for results, or say why it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{folder}: cannot be made ({error.strerror}) → choose another folder with --out"
        raise VetopointError(message) from error


def write_case(folder: Path, text: str) -> None:
    """Write a new case file, and beside it the schema by which editors complete and explain its keys."""
    make_folder(folder)
    write_text(folder / "case.yaml", with_schema(text))
    write_text(folder / SCHEMA_FILE, schema_text())


def write_text(path: Path, text: str, option: str = "--out") -> None:
    """Replace a file in one step; ``option`` names what says where."""
    try:
        _beside(path).write_text(text, encoding="utf-8")
        os.replace(_beside(path), path)
    except OSError as error:
        raise _unwritable(path, error.strerror, option) from error


def _beside(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    return path.with_name(f".{path.name}.part")


def _unwritable(path: Path, why: object, option: str = "--out") -> VetopointError:
    return VetopointError(f"{path}: cannot be written ({why}) → choose another folder with {option}")


def read_columns(path: Path, sections: Collection[str]) -> dict[str, Floats]:
    """Columns of a ``draws.parquet`` whose names begin with one of some sections; none where the file is not there or cannot be read.

    Parameters
    ----------
    sections : what stands before the first dot, such as ``goal``.
    """
    import duckdb

    if not path.is_file():
        return {}
    try:
        with duckdb.connect(config={"threads": "1"}) as connection:
            relation = connection.read_parquet(str(path))
            wanted = [name for name in relation.columns if name.partition(".")[0] in sections]
            quoted = [f'"{name.replace(chr(34), chr(34) * 2)}"' for name in wanted]
            return dict(relation.select(*quoted).fetchnumpy()) if wanted else {}
    except duckdb.Error:
        return {}
