"""How kernels are compiled: without the interpreter lock, kept on disk, IEEE division, and no reordering of sums."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit

__all__ = ["kernel"]

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a function over arrays at its first call.

    Numba's cache on disk notices a change of the file that holds a function, but not of the files whose functions it calls, and
    would go on running the old ones. The stamp of a cached kernel therefore covers all kernels of the room.
    """
    compiled: Any = njit(nogil=True, error_model="numpy")(function)
    if hasattr(compiled, "enable_caching"):
        compiled.enable_caching()
        file = compiled._cache._cache_file
        file._source_stamp = (file._source_stamp, _stamp(Path(function.__code__.co_filename).parent))
    return cast(F, compiled)


@lru_cache
def _stamp(folder: Path) -> str:
    """Digest of all modules in a folder that hold kernels."""
    sources = [path.read_bytes() for path in sorted(folder.glob("*.py"))]
    return hashlib.sha256(b"".join(source for source in sources if b"@kernel" in source)).hexdigest()
