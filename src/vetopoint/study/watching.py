"""Look at a case again whenever its file or a file beside it changes, and say what has changed in what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vetopoint.errors import Problem

__all__ = ["Round", "state_of", "watch"]

MOST_FILES = 10_000
_MADE = ("out", "swept", "__pycache__")


@dataclass(frozen=True)
class Round:
    """What one look at a case found: what is new since the look before, what is mended, and all that is wrong now."""

    new: tuple[Problem, ...]
    mended: tuple[Problem, ...]
    now: tuple[Problem, ...]


def state_of(case: Path) -> Mapping[str, tuple[int, int]]:
    """When the files of a case were last written, and how long they are; what the program itself writes there is passed over."""
    folder = case if case.is_dir() else case.parent
    found: dict[str, tuple[int, int]] = {}
    for path in _files(folder):
        try:
            about = path.stat()
        except OSError:  # it went away while it was looked at
            continue
        found[str(path)] = (about.st_mtime_ns, about.st_size)
        if len(found) >= MOST_FILES:
            break
    return found


def _files(folder: Path) -> Iterator[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return
    for path in inside:
        if path.name.startswith(".") or path.name in _MADE or ".sqlite" in path.name or path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def watch(
    case: Path, look: Callable[[], Sequence[Problem]], show: Callable[[Round], None], wait: Callable[[], bool]
) -> None:
    """Look at a case, show what is found, and again whenever one of its files changes.

    Parameters
    ----------
    look : finds what is wrong with the case now.
    show : is handed each round, the first with all that is wrong as new.
    wait : waits a little; False ends the watch.
    """
    before: tuple[Problem, ...] = ()
    seen: Mapping[str, tuple[int, int]] | None = None
    while True:
        state = state_of(case)
        if state != seen:
            now = tuple(look())
            known, left = {_same(p) for p in before}, {_same(p) for p in now}
            new = tuple(p for p in now if _same(p) not in known)
            show(Round(new, tuple(p for p in before if _same(p) not in left), now))
            seen, before = state, now
        if not wait():
            return


def _same(problem: Problem) -> tuple[str, str, str]:
    """What makes two complaints the same, though lines were put in above."""
    return (problem.where, problem.message, problem.severity)
