"""What is kept of draws when there are too many to keep: sums that lose nothing, and histograms with fixed edges.

A block of draws becomes a *stream*, streams of consecutive blocks are merged, and what they come to is the same whoever made which
block. Sums of a block are rounded once (`math.fsum`); sums over blocks are exact integers. A share of draws below a value is read off
a histogram whose edges are fixed beforehand at sin²(πk/2N), so that they lie closest where probabilities crowd, at 0 and 1.

A ratio of sums and its Monte-Carlo error over blocks are those of `vetopoint.quantity.given`: with A_b and W_b the sums of a block,
m = ΣA/ΣW, the variance is G/(G − 1) · Σ(A_b − m·W_b)² / (ΣW)² (Cochran 1977, *Sampling Techniques*, 6.4), here without rounding before
the last division.
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from vetopoint.arrays import Floats
from vetopoint.quantity import LEAST_WEIGHT, Band, band, given
from vetopoint.quantity.sampling import BLOCK, SPLIT_BLOCKS

__all__ = ["BINS", "KINDS", "Block", "DamagedStream", "Figures", "Stream", "Streams", "packed", "unpacked"]

BINS = 8192
FEW = SPLIT_BLOCKS * BLOCK
"""Up to so many draws the Monte-Carlo error comes from parts of blocks, and every row is kept until there are more."""

_POINT = 1074  # binary places behind the point of any float
_UNIT = 1 << 20  # of weight in a histogram
_MAGIC = b"vetopoint stream 1\n"
_LEVELS = (0.05, 0.95)
_COVER = 0.975


class DamagedStream(ValueError):
    """Bytes that are no stream, or not a whole one."""


@dataclass(frozen=True, eq=False)
class Block:
    """What a block of draws came to, from which streams are made.

    Attributes
    ----------
    number : number of the block.
    inputs : name of every input to (n,) values.
    figures : name of a figure to (n,) values and (n,) weights: of a figure given a condition, P(condition).
    """

    number: int
    inputs: Mapping[str, Floats]
    figures: Mapping[str, tuple[Floats, Floats]]


S = TypeVar("S", bound="Stream")


class Stream(Protocol):
    """What is kept of consecutive blocks.

    A kind of stream is begun empty, and added to block by block on whichever machine makes them. `merge` is called in the order of the
    blocks, so that its sums may depend on it; `to_bytes` of equal streams are equal.
    """

    def add(self, block: Block) -> None:
        """Take in a block that follows those taken in before."""

    def merge(self: S, later: S) -> None:
        """Take in a stream over the blocks that follow."""

    def to_bytes(self) -> bytes:
        """The stream, for `from_bytes`."""

    @classmethod
    def from_bytes(cls: type[S], data: bytes) -> S:
        """The stream that `to_bytes` wrote; `DamagedStream` if it is not whole."""


@dataclass(eq=False)
class Figures:
    """Means, bands and Monte-Carlo errors of figures: a stream.

    Attributes
    ----------
    names : the figures, in their order; none before the first block.
    blocks, draws : how many were taken in.
    sums : five exact sums a figure, in units of 2⁻¹⁰⁷⁴ and 2⁻²¹⁴⁸: of A_b, W_b, A_b², A_b·W_b and W_b² over blocks b.
    counts : (figures, bins) weight of the draws in each bin.
    ends : (2, figures) the least and the greatest value that has weight.
    rows : (draws, 2 · figures) values and weights while there are no more than `FEW` draws, else None.
    """

    names: tuple[str, ...] = ()
    blocks: int = 0
    draws: int = 0
    sums: list[list[int]] = field(default_factory=list)
    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, BINS), np.int64))
    ends: Floats = field(default_factory=lambda: np.zeros((2, 0)))
    rows: Floats | None = None

    def add(self, block: Block) -> None:
        """Take in a block that follows those taken in before."""
        values, weights = (np.stack([pair[i] for pair in block.figures.values()], axis=1) for i in (0, 1))
        own = Figures(tuple(block.figures), 1, len(values))
        own.sums = [_sums(values[:, k], weights[:, k]) for k in range(len(own.names))]
        own.counts = np.stack([_counts(values[:, k], weights[:, k]) for k in range(len(own.names))])
        held = weights > 0
        own.ends = np.stack(
            [np.where(held, values, np.inf).min(axis=0), np.where(held, values, -np.inf).max(axis=0)], axis=0
        )
        own.rows = np.concatenate([values, weights], axis=1) if block.number < SPLIT_BLOCKS else None
        self.merge(own)

    def merge(self, later: Figures) -> None:
        """Take in the figures of the blocks that follow."""
        if not self.blocks:
            vars(self).update(vars(later))
            return
        if self.names != later.names:
            raise ValueError(f"figures {later.names} cannot be added to {self.names}")
        self.blocks, self.draws = self.blocks + later.blocks, self.draws + later.draws
        self.sums = [
            [a + b for a, b in zip(mine, its, strict=True)] for mine, its in zip(self.sums, later.sums, strict=True)
        ]
        self.counts = self.counts + later.counts
        self.ends = np.stack([np.minimum(self.ends[0], later.ends[0]), np.maximum(self.ends[1], later.ends[1])])
        both = self.rows is not None and later.rows is not None and self.draws <= FEW
        self.rows = np.concatenate([self.rows, later.rows]) if both else None  # type: ignore[list-item]

    def bands(self) -> dict[str, Band | None]:
        """Every figure's band; None where its condition never holds. Of no more than 28,672 draws it is that of the rows themselves."""
        return {name: self._band(k) for k, name in enumerate(self.names)}

    def _band(self, k: int) -> Band | None:
        if self.rows is not None:
            values, weights = self.rows[:, k], self.rows[:, len(self.names) + k]
            return band(values) if (weights == 1.0).all() else given(np.where(weights > 0, values, 0.0), weights)
        a, w, aa, aw, ww = self.sums[k]
        if Fraction(w, 1 << _POINT) < LEAST_WEIGHT * self.draws:
            return None
        mean, spread = Fraction(a, w), self.blocks - 1
        squares = aa - 2 * mean * aw + mean * mean * ww
        variance = float(Fraction(self.blocks, spread) * squares / (w * w))
        widened = float(special.stdtrit(spread, _COVER) / special.ndtri(_COVER))
        lo, hi = (self._quantile(k, level) for level in _LEVELS)
        return Band(mean=float(mean), lo=lo, hi=hi, mc=widened * math.sqrt(variance))

    def _quantile(self, k: int, level: float) -> float:
        """Where a figure's weight reaches a share of the whole, on a straight line within its bin."""
        reached = np.cumsum(self.counts[k])
        if not reached[-1]:
            return float(self.ends[0, k])
        wanted = level * float(reached[-1])
        bin = int(np.searchsorted(reached, wanted))
        within = (wanted - float(reached[bin] - self.counts[k, bin])) / float(self.counts[k, bin])
        low, high = _edge(bin), _edge(bin + 1)
        return float(np.clip(low + within * (high - low), *self.ends[:, k]))

    def to_bytes(self) -> bytes:
        """The figures, for `from_bytes`."""
        head = {
            "names": self.names,
            "blocks": self.blocks,
            "draws": self.draws,
            "sums": [[f"{s:x}" for s in sums] for sums in self.sums],
        }
        arrays = {"counts": self.counts, "ends": self.ends}
        return packed(head, arrays | ({} if self.rows is None else {"rows": self.rows}))

    @classmethod
    def from_bytes(cls, data: bytes) -> Figures:
        """The figures that `to_bytes` wrote; `DamagedStream` if they are not whole."""
        head, arrays = unpacked(data)
        sums = [[int(s, 16) for s in sums] for sums in head["sums"]]
        return cls(
            tuple(head["names"]),
            head["blocks"],
            head["draws"],
            sums,
            arrays["counts"],
            arrays["ends"],
            arrays.get("rows"),
        )


KINDS: dict[str, type[Any]] = {"figures": Figures}
"""The kinds of stream that are kept of every block, by name; another one is another line here."""


@dataclass(eq=False)
class Streams:
    """One stream of every kind over the same blocks; itself a stream.

    Attributes
    ----------
    blocks : how many were taken in.
    parts : a kind's name to its stream.
    """

    blocks: int = 0
    parts: dict[str, Any] = field(default_factory=lambda: {name: kind() for name, kind in KINDS.items()})

    @property
    def figures(self) -> Figures:
        """The figures among them."""
        found = self.parts["figures"]
        assert isinstance(found, Figures)
        return found

    def add(self, block: Block) -> None:
        """Take in a block that follows those taken in before."""
        self.blocks += 1
        for part in self.parts.values():
            part.add(block)

    def merge(self, later: Streams) -> None:
        """Take in what is kept of the blocks that follow."""
        self.blocks += later.blocks
        for name, part in self.parts.items():
            part.merge(later.parts[name])

    def to_bytes(self) -> bytes:
        """All of it, for `from_bytes`."""
        arrays = {name: np.frombuffer(part.to_bytes(), np.uint8) for name, part in self.parts.items()}
        return packed({"blocks": self.blocks}, arrays)

    @classmethod
    def from_bytes(cls, data: bytes) -> Streams:
        """What `to_bytes` wrote; `DamagedStream` if it is not whole, or has other kinds."""
        head, arrays = unpacked(data)
        if set(arrays) != set(KINDS):
            raise DamagedStream("other kinds of stream")
        return cls(head["blocks"], {name: kind.from_bytes(arrays[name].tobytes()) for name, kind in KINDS.items()})


def packed(head: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """A few words and arrays as bytes, the same for the same; a digest at their end tells whether they are whole."""
    about = {**head, "arrays": [(name, array.dtype.str, array.shape) for name, array in arrays.items()]}
    text = json.dumps(about, sort_keys=True).encode() + b"\n"
    body = b"".join(np.ascontiguousarray(array).tobytes() for array in arrays.values())
    data = _MAGIC + zlib.compress(text + body, 1)
    return data + hashlib.sha256(data).digest()


def unpacked(data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What `packed` packed.

    Raises
    ------
    DamagedStream
        If a byte is missing or another.
    """
    whole, digest = data[:-32], data[-32:]
    if not data.startswith(_MAGIC) or hashlib.sha256(whole).digest() != digest:
        raise DamagedStream("not a whole stream")
    text, _, body = zlib.decompress(whole[len(_MAGIC) :]).partition(b"\n")
    head = json.loads(text)
    arrays: dict[str, NDArray[Any]] = {}
    at = 0
    for name, kind, shape in head.pop("arrays"):
        size = math.prod(shape)
        arrays[name] = np.frombuffer(body, np.dtype(kind), size, at).reshape(shape)
        at += size * np.dtype(kind).itemsize
    return head, arrays


def _sums(values: Floats, weights: Floats) -> list[int]:
    """The five exact sums of a block."""
    a, w = (_exact(math.fsum(part.tolist())) for part in (np.where(weights > 0, values, 0.0) * weights, weights))
    return [a, w, a * a, a * w, w * w]


def _exact(value: float) -> int:
    """A float as a whole number of 2⁻¹⁰⁷⁴."""
    above, below = value.as_integer_ratio()
    return above << (_POINT - below.bit_length() + 1)


def _counts(values: Floats, weights: Floats) -> NDArray[np.int64]:
    """(bins,) weight of the values in each bin; values beyond 0 and 1 stand in the outermost."""
    angle = np.arcsin(np.sqrt(np.clip(np.where(weights > 0, values, 0.0), 0.0, 1.0)))
    bin = np.minimum((angle * (2 * BINS / np.pi)).astype(np.int64), BINS - 1)
    # Whole numbers below 2**53 are added without rounding, whatever the order.
    return np.bincount(bin, np.rint(weights * _UNIT), BINS).astype(np.int64)


def _edge(number: int) -> float:
    """The lower edge of a bin."""
    return math.sin(math.pi * number / (2 * BINS)) ** 2
