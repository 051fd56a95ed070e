"""Begin a new case: a folder with a commented case file, a source and a claim that run as they stand."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from vetopoint.errors import VetopointError
from vetopoint.study.store import make_folder, write_text

__all__ = ["new_case"]

TEMPLATE = ("case.yaml", "claims.jsonl", "sources/report.md")


def new_case(folder: str | Path) -> Path:
    """Write a small case that `check` accepts and `run` runs; the comments say what to replace.

    Raises
    ------
    VetopointError
        If the folder holds something already.
    """
    target = Path(folder)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise VetopointError(f"{target}: is not empty → name a new folder; nothing was written")
    template = files("vetopoint.study") / "template"
    for name in TEMPLATE:
        path = target / name
        make_folder(path.parent)
        write_text(path, (template / name).read_text(encoding="utf-8"))
    return target
