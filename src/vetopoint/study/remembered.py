"""What a check found, kept until anything changes on which it rests.

A verdict lies in the user's cache folder under a name made of what was asked and of the program as it is installed; in it stands the
digest of every file that was read, or that would have been read if it were there. One that differs, and the check is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vetopoint.errors import Problem

__all__ = ["CACHE_VARIABLE", "Verdict", "digests"]

CACHE_VARIABLE = "VETOPOINT_CACHE"
MOST = 256
"""How many verdicts are kept; the oldest go first."""


@dataclass(frozen=True)
class Verdict:
    """The place where the verdict on a case is kept.

    Parameters
    ----------
    file : where it is; ``None`` keeps nothing.
    """

    file: Path | None

    @classmethod
    def on(cls, case: str | Path, store: str | None = None) -> Verdict:
        """That of a case named so, from here, by the program as it is now and is told to be by the environment."""
        folder = _folder()
        told = sorted((name, value) for name, value in os.environ.items() if name.startswith("VETOPOINT_"))
        asked = json.dumps([str(case), os.path.abspath(case), store, told, _program()])
        return cls(folder and folder / f"{hashlib.sha256(asked.encode()).hexdigest()}.json")

    def recall(self) -> list[Problem] | None:
        """What was found, if it was asked before and every file is as it was then; else ``None``."""
        if self.file is None:
            return None
        try:
            kept: Any = json.loads(self.file.read_text(encoding="utf-8"))
            found = [Problem(**each) for each in kept["found"]]
            return found if kept["files"] and kept["files"] == digests(map(Path, kept["files"])) else None
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def keep(self, files: Mapping[str, str | None], found: Iterable[Problem]) -> None:
        """Keep what was found in files with these digests, unless one of them has changed since, or the folder cannot be written."""
        if self.file is None or files != digests(map(Path, files)):
            return
        text = json.dumps({"files": dict(files), "found": [asdict(problem) for problem in found]})
        beside = self.file.with_suffix(f".{os.getpid()}.part")
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8")
            os.replace(beside, self.file)
            for old in sorted(self.file.parent.iterdir(), key=lambda kept: kept.stat().st_mtime_ns)[:-MOST]:
                old.unlink(missing_ok=True)


def digests(files: Iterable[Path]) -> dict[str, str | None]:
    """SHA-256 of every file by its full path; ``None`` for one that there is not, or that cannot be read."""
    return {os.path.abspath(file): _digest(file) for file in files}


def _digest(file: Path) -> str | None:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _folder() -> Path | None:
    """Where verdicts are kept: in ``VETOPOINT_CACHE`` (empty: nowhere), else in the user's cache folder."""
    named = os.environ.get(CACHE_VARIABLE)
    if named is not None:
        return Path(named) / "checks" if named else None
    with contextlib.suppress(RuntimeError):  # nobody's home
        own = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
        return Path(own) / "vetopoint" / "checks"
    return None


@cache
def _program() -> str:
    """The digest of what makes up the program: the interpreter, the files of this package, the names and versions of all others."""
    package = Path(__file__).parents[1]
    own = sorted(
        (os.path.join(folder, name), about.st_size, about.st_mtime_ns, about.st_ctime_ns)
        for folder, _, names in os.walk(package)
        if not folder.endswith("__pycache__")
        for name in names
        for about in [os.lstat(os.path.join(folder, name))]
    )
    others = sorted(name for place in sys.path for name in _inside(place) if name.endswith(("-info", ".pth")))
    return hashlib.sha256(json.dumps([sys.version, own, others]).encode()).hexdigest()


def _inside(place: str) -> list[str]:
    try:
        return os.listdir(place or ".")
    except OSError:
        return []
