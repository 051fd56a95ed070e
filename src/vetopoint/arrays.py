"""The names of arrays in signatures, and the one guarded ratio."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Array", "Bools", "Floats", "Ints", "ratio"]

Array: TypeAlias = NDArray[Any]
Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]


def ratio(part: ArrayLike, whole: ArrayLike, otherwise: float = 0.0) -> Floats:
    """Divide where the whole is above zero; elsewhere the answer is ``otherwise``.

    Parameters
    ----------
    part, whole : arrays that broadcast against each other.
    otherwise : what stands where there is no whole: 0, nan or infinity.

    Examples
    --------
    >>> ratio([1.0, 1.0], [4.0, 0.0]).tolist()
    [0.25, 0.0]
    """
    above, below = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    out = np.full(np.broadcast_shapes(above.shape, below.shape), otherwise)
    np.divide(above, below, out=out, where=below > 0)
    return out
