"""How kernels are compiled and run: without the interpreter lock, kept on disk, IEEE division, no reordering of sums."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

__all__ = ["in_order", "kernel"]

F = TypeVar("F", bound=Callable[..., object])
Item = TypeVar("Item")
Found = TypeVar("Found")

_PACKAGE = Path(__file__).parent
_IMPORT = re.compile(r"^\s*from vetopoint\.([\w.]+) import", re.MULTILINE)


def kernel(function: F) -> F:
    """Compile a function over arrays at its first call.

    Numba's cache on disk notices a change of the file that holds a function, but not of the files whose functions and constants
    it uses, and would go on running the old ones. The stamp of a cached kernel therefore covers every module of ours that its
    own imports, one through the other.
    """
    compiled: Any = njit(nogil=True, error_model="numpy")(function)
    if hasattr(compiled, "enable_caching"):
        compiled.enable_caching()
        file = compiled._cache._cache_file
        file._source_stamp = (file._source_stamp, _stamp(Path(function.__code__.co_filename)))
    return cast(F, compiled)


def in_order(work: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Do the work on every item, in as many threads as there are processors; answers come in the order of the items."""
    waiting = list(items)
    if len(waiting) < 2:
        return [work(item) for item in waiting]
    with ThreadPoolExecutor(min(len(waiting), os.cpu_count() or 1)) as pool:
        return list(pool.map(work, waiting))


@lru_cache
def _stamp(file: Path) -> str:
    """Digest of a module and of all modules of ours that it imports, directly or not."""
    found: dict[Path, bytes] = {}
    waiting = [file]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = path.read_bytes()
            waiting += [home for name in _IMPORT.findall(found[path].decode()) if (home := _home(name)) is not None]
    return hashlib.sha256(b"".join(found[path] for path in sorted(found))).hexdigest()


def _home(module: str) -> Path | None:
    """The file of one of our modules, by its name behind ``vetopoint.``."""
    path = _PACKAGE.joinpath(*module.split("."))
    return next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.exists()), None)
