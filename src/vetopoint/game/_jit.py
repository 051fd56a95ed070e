"""How kernels are compiled: without the interpreter lock, kept on disk, IEEE division, and no reordering of sums."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

__all__ = ["kernel"]

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compile a function over arrays at its first call."""
    return cast(F, njit(nogil=True, cache=True, error_model="numpy")(function))
