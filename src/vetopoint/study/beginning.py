"""Begin a new case: the smallest that runs, or one of a pattern of plans."""

from importlib.resources import files
from pathlib import Path

from vetopoint.errors import VetopointError
from vetopoint.study.store import make_folder, write_case, write_text

__all__ = ["new_case"]

BESIDE = ("claims.jsonl", "sources/report.md")
"""What the smallest case has beside its file."""
_TEMPLATE = files("vetopoint.study") / "template"


def new_case(folder: str | Path, pattern: str = "") -> Path:
    """Write a small case that `check` accepts and `run` runs; the comments say what to replace.

    Parameters
    ----------
    pattern : a pattern of plans to begin with; the smallest case unless given.

    Raises
    ------
    VetopointError
        If the folder holds something already, or there is no such pattern.
    """
    target = Path(folder)
    begun = _of_pattern(pattern) if pattern else (_TEMPLATE / "case.yaml").read_text(encoding="utf-8")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise VetopointError(f"{target}: is not empty → name a new folder; nothing was written")
    for name in () if pattern else BESIDE:
        make_folder((target / name).parent)
        write_text(target / name, (_TEMPLATE / name).read_text(encoding="utf-8"))
    write_case(target, begun)
    return target


def _of_pattern(name: str) -> str:
    from vetopoint.study.drafting.fill import example
    from vetopoint.study.drafting.patterns import pattern

    return example(pattern(name))
