"""Rows that were solved before: what-ifs ask about the same draws again and again, most of them untouched by what was changed."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from threading import Lock

import numpy as np

from vetopoint.arrays import Bools, Floats

__all__ = ["SolvedRows"]


class SolvedRows:
    """Answers by all the bytes that they depend on, the oldest of which give way to new ones.

    Parameters
    ----------
    most : bytes that keys and answers may take together.

    Examples
    --------
    >>> import numpy as np
    >>> rows = SolvedRows(most=100)
    >>> rows.keep([b"a"], np.array([[1.0, 2.0]]))
    >>> known, answers = rows.known([b"b", b"a"], (2,))
    >>> known.tolist(), answers[1].tolist()
    ([False, True], [1.0, 2.0])
    """

    def __init__(self, most: int) -> None:
        self.most, self.held = most, 0
        self._rows: dict[bytes, Floats] = {}
        self._kept: deque[tuple[list[bytes], int]] = deque()  # what was kept at once, and its bytes, the oldest first
        self._lock = Lock()

    def known(self, keys: Sequence[bytes], shape: tuple[int, ...]) -> tuple[Bools, Floats]:
        """Which keys (n,) are known, and an array (n, *shape) with the answers of those; the others are yet to be filled in."""
        with self._lock:
            found = [self._rows.get(key) for key in keys]
        known, answers = np.array([row is not None for row in found], dtype=np.bool_), np.empty((len(keys), *shape))
        for place, row in enumerate(found):
            if row is not None:
                answers[place] = row
        return known, answers

    def keep(self, keys: Sequence[bytes], answers: Floats) -> None:
        """Remember the answers (n, …) to keys (n,), of which no other use is made."""
        with self._lock:
            new = {key: row for key, row in zip(keys, answers, strict=True) if key not in self._rows}
            size = sum(map(len, new)) + answers.nbytes
            self._rows |= new
            self._kept.append((list(new), size))
            self.held += size
            while self.held > self.most:
                oldest, size = self._kept.popleft()
                self.held -= size
                for key in oldest:
                    del self._rows[key]
