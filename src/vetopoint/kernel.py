"""How kernels are compiled and run: without the interpreter lock, kept on disk, IEEE division, no reordering of sums.

The compiler is loaded when the first kernel is called: most commands open, show or check a case and call none.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache, partial, update_wrapper
from pathlib import Path
from threading import local
from types import ModuleType
from typing import Any, TypeVar, cast

import numpy as np

__all__ = ["alone", "in_order", "kernel", "side_by_side"]

F = TypeVar("F", bound=Callable[..., object])
Item = TypeVar("Item")
Found = TypeVar("Found")
_thread = local()


def kernel(function: F) -> F:
    """Compile a function over arrays at its first call.

    Numba's cache on disk notices a change of the file that holds a function, but not of the files whose functions and constants
    it uses, and would go on running the old ones. The stamp of a cached kernel therefore covers the kernels and constants that its
    module holds or imports, and theirs. Processes may share a cache: each version of a kernel has a file of its own.
    """
    return cast(F, _Kernel(function))


class _Kernel:
    """A function that is compiled at its first call, or when a kernel that calls it is."""

    def __init__(self, function: Callable[..., object]) -> None:
        update_wrapper(self, function)
        self.py_func = function
        self._compiled: Any = None

    def __call__(self, *args: object) -> object:
        return (self._compiled or self._compile())(*args)

    def __reduce__(self) -> str:
        return self.py_func.__qualname__

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._compile(), name)

    @property
    def _numba_type_(self) -> Any:
        """What the compiler takes this for where another kernel calls it."""
        from numba import typeof

        return typeof(self._compile())

    def _compile(self) -> Any:
        if self._compiled is not None:
            return self._compiled
        from numba import njit
        from numba.core.compiler_lock import global_compiler_lock

        # The compiler's own lock: it holds that one when it asks for a kernel that another calls, and a second lock could be waited for.
        with global_compiler_lock:
            if self._compiled is None:
                self._compiled = _kept(njit(nogil=True, error_model="numpy")(self.py_func), self.py_func)
        return self._compiled


def _kept(compiled: Any, function: Callable[..., object]) -> Any:
    """The same, kept on disk; with the compiler switched off it is the plain function."""
    if hasattr(compiled, "enable_caching"):
        compiled.enable_caching()
        file = compiled._cache._cache_file
        file._source_stamp = (file._source_stamp, _stamp(function))
        file.save = partial(_save, file)
    return compiled


@contextmanager
def alone() -> Iterator[None]:
    """What this thread does meanwhile it does by itself: `in_order` starts no others, since others do other work beside it."""
    before = getattr(_thread, "alone", False)
    _thread.alone = True
    try:
        yield
    finally:
        _thread.alone = before


def in_order(work: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """Do the work on every item, in as many threads as there are processors; answers come in the order of the items."""
    waiting = list(items)
    if len(waiting) < 2 or getattr(_thread, "alone", False):
        return [work(item) for item in waiting]
    with side_by_side(len(waiting)) as pool:
        return list(pool.map(work, waiting))


def side_by_side(most: int | None = None) -> ThreadPoolExecutor:
    """A pool of as many threads as there are processors, or fewer, which begin first what they are given first, each by itself.

    Where all processors have work, more threads only wait for each other; whoever waits for a part that is handed on must not be in the pool.
    """
    processors = os.cpu_count() or 1

    def begin() -> None:
        _thread.alone = True

    return ThreadPoolExecutor(processors if most is None else min(most, processors), initializer=begin)


def _save(file: Any, version: object, data: object) -> None:
    """Keep a compiled version under a name made of its signature, and only then enter it into the index.

    Numba numbers the versions by the index that it read: two processes that compile two versions at once would both write number 1,
    and one of them would later be run in place of the other.
    """
    name = f"{file._index_name}.{hashlib.sha256(repr(version).encode()).hexdigest()[:16]}.nbc"
    file._save_data(name, data)
    file._save_index({**file._load_index(), version: name})


def _stamp(function: Callable[..., object]) -> str:
    """Digest of the files of all kernels within reach of a function's module, and of the constants that it may compile in."""
    files: set[Path] = set()
    constants: set[str] = set()
    waiting: list[Callable[..., object]] = [function]
    while waiting:
        current = waiting.pop()
        file = Path(current.__code__.co_filename)
        if file in files:
            continue
        files.add(file)
        for name, value in current.__globals__.items():
            if isinstance(value, bool | int | float | np.generic | np.ndarray):
                constants.add(f"{name}={value!r}")
            reached = vars(value).values() if isinstance(value, ModuleType) and _is_ours(value, current) else [value]
            waiting += [item.py_func for item in reached if isinstance(item, _Kernel)]
    sources = [_digest(file) for file in sorted(files)]
    return hashlib.sha256("\n".join([*sources, *sorted(constants)]).encode()).hexdigest()


@lru_cache
def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _is_ours(module: ModuleType, function: Callable[..., object]) -> bool:
    return module.__name__.partition(".")[0] == function.__module__.partition(".")[0]
