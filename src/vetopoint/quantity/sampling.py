"""Draws of all uncertain quantities at once, in independent blocks.

A block holds 4,096 draws and depends on the seed and its own number only, so that the first k·4,096 draws are the same
whatever the total, and any worker can make any block. From the eighth block on, a block is one scrambled Sobol' set. The
first consists of 32 Sobol' sets of 128 draws and the next six of eight sets of 512, scrambled apart: with few draws their spread
is the only honest measure of the Monte-Carlo error (`vetopoint.quantity.bands`).

Scrambling is a random linear matrix with a random digital shift, drawn for each dimension from its own seed, so that a
quantity's column does not depend on the quantities declared after it.

References
----------
S. Joe & F. Y. Kuo, *SIAM J. Sci. Comput.* 30 (2008), 2635-2654 (direction numbers, from the table that scipy ships; to import
`scipy.stats.qmc` for them takes a second).
J. Matoušek, *J. Complexity* 14 (1998), 527-556 (linear matrix scrambling with digital shift).
Rank and normal-score correlation: W. H. Kruskal, *JASA* 53 (1958), 814-861, eq. 5.2.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from vetopoint.arrays import Floats
from vetopoint.errors import did_you_mean
from vetopoint.quantity.distributions import Distribution, Fixed, SpecError

__all__ = ["BLOCK", "FIRST_SETS", "SUB_BLOCK", "Draws", "Random", "sample", "set_size"]

BLOCK = 4096
SUB_BLOCK = 512
FIRST_SETS = 128
SPLIT_BLOCKS = 7

_BITS = 32
_NUMBERS = BLOCK.bit_length() - 1
_PLACES = np.arange(_BITS - 1, -1, -1, dtype=np.uint64)
_DIAGONAL = np.eye(_BITS, dtype=np.uint64)
_BELOW = np.tril(np.ones((_BITS, _BITS), dtype=np.uint64), -1)
_LEAST_EIGENVALUE = 1e-8


@lru_cache(maxsize=8)
def _direction_numbers(dimensions: int) -> NDArray[np.uint64]:
    """Return the first 12 direction numbers of each Sobol' dimension, (dimensions, 12), as 32-bit fractions."""
    with np.load(str(resources.files("scipy").joinpath("stats/_sobol_direction_numbers.npz"))) as table:
        polynomials, beginnings = table["poly"][:dimensions].tolist(), table["vinit"][:dimensions].tolist()
    rows = [[1] * _NUMBERS, *(_recurrence(p, v) for p, v in zip(polynomials[1:], beginnings[1:], strict=True))]
    return np.array(rows, np.uint64) << _PLACES[:_NUMBERS]


def _recurrence(polynomial: int, numbers: Sequence[int]) -> list[int]:
    """The first 12 integers m of a dimension, of which the direction numbers are the fractions m / 2^k, from those that it begins with.

    The coefficients of a primitive polynomial over bits say how each follows from as many before it as its degree (Bratley & Fox
    1988, *ACM Transactions on Mathematical Software* 14, 88-100, eq. 2).
    """
    degree = polynomial.bit_length() - 1
    found = list(numbers[:degree])
    while len(found) < _NUMBERS:
        new = found[-degree]
        for k in range(1, degree + 1):
            new ^= (polynomial >> (degree - k) & 1) * found[-k] << k
        found.append(new)
    return found[:_NUMBERS]


def _scrambled(directions: NDArray[np.uint64], matrices: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Multiply direction numbers (k, 12) of k dimensions by their lower triangular bit matrices (k, 32, 32)."""
    bits = (directions[:, :, None] >> _PLACES) & np.uint64(1)
    # Products of bits add up to 32 at most, which floating point holds exactly and multiplies faster.
    mixed = (bits.astype(np.float64) @ matrices.transpose(0, 2, 1).astype(np.float64)).astype(np.uint64) & np.uint64(1)
    return np.asarray((mixed << _PLACES).sum(axis=2, dtype=np.uint64))


@lru_cache(maxsize=256)
def _scrambling(
    seed: int, block: int, part: int, columns: tuple[int, ...], dimensions: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Scrambled direction numbers (12, columns) of one set, and the shifts (columns, 1), kept for the next who draws the same set."""
    matrices = np.empty((len(columns), _BITS, _BITS), np.uint64)
    shifts = np.empty((len(columns), 1), np.uint64)
    for place, column in enumerate(columns):
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(block, part, column)))
        matrices[place] = rng.integers(0, 2, size=(_BITS, _BITS), dtype=np.uint64)
        shifts[place] = rng.integers(0, 2**_BITS, dtype=np.uint64)
    numbers = _scrambled(_direction_numbers(dimensions)[list(columns)], matrices * _BELOW + _DIAGONAL).T
    numbers.flags.writeable = shifts.flags.writeable = False
    return numbers, shifts


def _sobol_set(seed: int, block: int, part: int, size: int, columns: Sequence[int], dimensions: int) -> Floats:
    """Return one scrambled set, (size, len(columns)) uniforms strictly between 0 and 1."""
    numbers, points = _scrambling(seed, block, part, tuple(columns), dimensions)
    for number in numbers[: size.bit_length() - 1]:
        points = np.concatenate([points, points ^ number[:, None]], axis=1)
    return (points.T.astype(np.float64) + 0.5) * 2.0**-_BITS


def set_size(block: int) -> int:
    """How many draws the Sobol' sets of a block hold."""
    return FIRST_SETS if block == 0 else SUB_BLOCK if block < SPLIT_BLOCKS else BLOCK


def _parts(draws: int, first: int = 0) -> Iterator[tuple[int, int, int, slice]]:
    """Yield (block, part, size, place) of every scrambled set that `draws` draws need from block `first` on."""
    start = 0
    while start < draws:
        block = first + start // BLOCK
        size = set_size(block)
        yield block, (start % BLOCK) // size, size, slice(start, min(start + size, draws))
        start += size


def _named_uniforms(name: str, seed: int, draws: int, first: int = 0) -> Floats:
    """Return a stratified column (draws,) in random order within each set; its seed is the hash of its name.

    A second scrambling of a Sobol' dimension already in use would be tied to it; a shuffled column is tied to none.
    """
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    out = np.empty(draws)
    for block, part, size, place in _parts(draws, first):
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(block, part, 2**32, key)))
        strata = (rng.permutation(size) + rng.random(size)) / size
        out[place] = np.clip(strata, 2.0**-53, 1 - 2.0**-53)[: place.stop - place.start]
    return out


@dataclass(frozen=True)
class Random:
    """A random number that a case does not write down and an engine draws for it.

    Parameters
    ----------
    distribution : how it is distributed.
    label : what it is, in words.
    origin : ``published``, ``judged``, or ``lot`` for what only decides who is drawn.
    source : where it comes from.
    """

    distribution: Distribution
    label: str
    origin: Literal["published", "judged", "lot"]
    source: str = ""


@dataclass(frozen=True, eq=False)
class Draws(Mapping[str, Floats]):
    """A batch of draws: name → (n,) float64, read-only.

    Parameters
    ----------
    n : number of draws.
    seed : the seed that they came from.
    columns : name → (n,) values.
    means : name → expectation of the distribution (not of the sample).
    base : the draws that these are several times over, so that changes can be tried on common draws in one batch.
    asked : what was drawn beside the columns, by name; see `drawn`.
    block : number of the block with which they begin.
    """

    n: int
    seed: int
    columns: Mapping[str, Floats]
    means: Mapping[str, float]
    base: Draws | None = field(default=None, repr=False)
    asked: dict[str, Random] = field(default_factory=dict, repr=False)
    block: int = 0
    _uniforms: dict[str, Floats] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> Floats:
        if name not in self.columns:
            raise KeyError(f"no quantity {name!r}{_near(name, self.columns)}")
        return self.columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def mean(self, name: str) -> float:
        """Return the expectation of a quantity's distribution: what those play on who do not know its value."""
        self[name]
        return self.means[name]

    def drawn(self, name: str, what: Random) -> Floats:
        """Return the (n,) column of a random number that no case writes down; drawn beside the columns if it is not among them."""
        if name in self.columns:
            return self.columns[name]
        self.asked[name] = what
        return what.distribution.ppf(self.uniforms(name))

    def uniforms(self, name: str) -> Floats:
        """Return an extra (n,) column of uniforms for an engine's own use, the same for the same name and seed."""
        if name not in self._uniforms:
            if self.base is None:
                drawn = _named_uniforms(name, self.seed, self.n, self.block)
            else:
                drawn = np.tile(self.base.uniforms(name), self.n // self.base.n)
            self._uniforms[name] = _frozen(drawn)
        return self._uniforms[name]

    def first(self, k: int) -> Draws:
        """Return the first `k` draws (all, if there are fewer)."""
        if k < 1:
            raise ValueError(f"cannot keep {k} draws")
        k = min(k, self.n)
        columns = {name: _frozen(x[:k]) for name, x in self.columns.items()}
        return Draws(k, self.seed, columns, dict(self.means), block=self.block)

    def at_means(self) -> Draws:
        """Return one draw in which every quantity stands at its expectation."""
        return Draws(1, self.seed, {name: np.array([mean]) for name, mean in self.means.items()}, self.means)

    def tiled(self, times: int) -> Draws:
        """Return these draws `times` over: row ``k * n + i`` is row ``i`` again, extra uniforms included."""
        columns = {name: _frozen(np.tile(values, times)) for name, values in self.columns.items()}
        return replace(self, n=self.n * times, columns=columns, _uniforms={}, base=self)

    def replace(self, name: str, values: ArrayLike, mean: float | None = None) -> Draws:
        """Return the same draws with one quantity set to a number or to (n,) values; `mean`: its new expectation."""
        self[name]
        given = np.asarray(values, np.float64)
        column = _frozen(np.broadcast_to(given, (self.n,)).copy())
        means = {**self.means, name: float(given.mean()) if mean is None else mean}
        return replace(self, columns={**self.columns, name: column}, means=means)


def _frozen(values: Floats) -> Floats:
    values.flags.writeable = False
    return values


def _near(name: str, known: Iterable[str]) -> str:
    remedy = did_you_mean(name, known, "", cutoff=0.5)
    return f"; {remedy}" if remedy else ""


def sample(
    inputs: Mapping[str, Distribution],
    draws: int,
    seed: int,
    correlate: Sequence[tuple[str, str, float]] = (),
    block: int = 0,
) -> Draws:
    """Draw every quantity at once.

    Parameters
    ----------
    inputs : name → distribution; the order of declaration gives each its Sobol' dimension.
    draws : how many, at least 1.
    seed : at least 0; the same seed gives the same bytes.
    correlate : (name, name, r) with r the rank (Spearman) correlation of the two, joined by a Gaussian copula.
    block : number of the block with which they begin: row i is row ``block * 4096 + i`` of a sample that begins with block 0, and
        nothing that stands before it is drawn.

    Raises
    ------
    SpecError : when a correlation names an unknown quantity, lies outside (-1, 1), or all of them cannot hold together.

    Examples
    --------
    >>> from vetopoint.quantity.distributions import Uniform
    >>> draws = sample({"p": Uniform(0, 1), "q": Uniform(0, 1)}, draws=4096, seed=1, correlate=[("p", "q", 0.5)])
    >>> bool(abs(np.corrcoef(draws["p"], draws["q"])[0, 1] - 0.5) < 0.02)
    True
    """
    if draws < 1:
        raise SpecError(f"{draws} draws", "ask for at least one draw")
    if seed < 0:
        raise SpecError(f"seed {seed} is negative", "give a seed of 0 or more")
    names = list(inputs)
    correlation = _Correlation.of(inputs, correlate)
    # A number that is fixed goes on to have a place in its correlations, so that fixing it moves no other column.
    uncertain = [j for j, n in enumerate(names) if n in correlation.names or not isinstance(inputs[n], Fixed)]
    uniforms = np.empty((draws, len(uncertain)))
    for number, part, size, place in _parts(draws if uncertain else 0, block):
        points = _sobol_set(seed, number, part, size, uncertain, len(names))
        uniforms[place] = points[: place.stop - place.start]
    place_of = {names[j]: place for place, j in enumerate(uncertain)}
    correlation.apply(uniforms, [place_of[name] for name in correlation.names])
    columns = {
        name: _frozen(np.array(d.ppf(uniforms[:, place_of[name]]) if name in place_of else d.ppf(np.zeros(draws))))
        for name, d in inputs.items()
    }
    return Draws(draws, seed, columns, {name: d.mean() for name, d in inputs.items()}, block=block)


@dataclass(frozen=True)
class _Correlation:
    """Which quantities are tied, and the Cholesky factor of their normal-score correlations."""

    names: tuple[str, ...]
    factor: Floats

    @classmethod
    def of(cls, inputs: Mapping[str, Distribution], pairs: Sequence[tuple[str, str, float]]) -> _Correlation:
        seen: set[frozenset[str]] = set()
        for first, second, rank in pairs:
            _check_pair(inputs, seen, first, second, rank)
        members = {name for a, b, _ in pairs for name in (a, b)}
        names = tuple(name for name in inputs if name in members)
        matrix = _score_matrix(names, pairs, 1.0)
        if _least_eigenvalue(matrix) < _LEAST_EIGENVALUE:
            shares = [k / 100 for k in range(99, 0, -1)]
            fits = next(k for k in shares if _least_eigenvalue(_score_matrix(names, pairs, k)) >= _LEAST_EIGENVALUE)
            message = f"the correlations among {', '.join(names)} cannot all hold at once"
            raise SpecError(message, f"multiply each by {fits:g} or less, or declare fewer of them")
        return cls(names, np.asarray(np.linalg.cholesky(matrix), np.float64))

    def apply(self, uniforms: Floats, places: Sequence[int]) -> None:
        """Tie the columns at `places` of `uniforms` (n, k), in place; the first of them stays as it is."""
        if not self.names:
            return
        scores = special.ndtri(uniforms[:, places]) @ self.factor.T
        tied = np.clip(special.ndtr(scores), 2.0**-53, 1 - 2.0**-53)
        uniforms[:, places[1:]] = tied[:, 1:]


def _score_matrix(names: Sequence[str], pairs: Sequence[tuple[str, str, float]], share: float) -> Floats:
    """Normal-score correlations (k, k) that give `share` of the declared rank correlations."""
    matrix = np.eye(len(names))
    for a, b, rank in pairs:
        i, j = names.index(a), names.index(b)
        matrix[i, j] = matrix[j, i] = 2.0 * math.sin(math.pi * share * rank / 6.0)
    return matrix


def _least_eigenvalue(matrix: Floats) -> float:
    return float(np.linalg.eigvalsh(matrix)[0]) if len(matrix) else 1.0


def _check_pair(
    inputs: Mapping[str, Distribution], seen: set[frozenset[str]], first: str, second: str, rank: float
) -> None:
    for name in (first, second):
        if name not in inputs:
            message = f"correlate names {name!r}, which is no quantity{_near(name, inputs)}"
            raise SpecError(message, "name two quantities")
    if first == second:
        raise SpecError(f"correlate ties {first!r} to itself", "name two different quantities")
    if frozenset((first, second)) in seen:
        raise SpecError(f"correlate ties {first!r} and {second!r} twice", "keep one of the two lines")
    if not -1.0 < rank < 1.0:
        remedy = "a correlation lies between -1 and 1; quantities that always move together are one quantity"
        raise SpecError(f"the correlation of {first!r} and {second!r} is {rank:g}", remedy)
    seen.add(frozenset((first, second)))
