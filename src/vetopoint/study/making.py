"""What makes the blocks of a sweep: the case at a grid point and its first pass, here or sent to a worker elsewhere."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from vetopoint.case import Case, load_case
from vetopoint.chain import Frame
from vetopoint.chain.blocks import frame_with, make_block
from vetopoint.chain.streams import Streams, packed, unpacked
from vetopoint.chain.values import FirstPass
from vetopoint.errors import VetopointError
from vetopoint.study.project import data_files, versions
from vetopoint.study.sources import Study

__all__ = ["Maker", "Piece", "Recipe", "recipe_of"]

FRAMES = 8  # grid points whose histories are kept at hand


@dataclass(frozen=True)
class Piece:
    """A block of draws at a grid point.

    Attributes
    ----------
    point : number of the grid point.
    values : what is set there.
    block, rows : number of the block, and how many draws it holds.
    kept : how many of its first rows are kept as they are.
    """

    point: int
    values: tuple[tuple[str, str], ...]
    block: int
    rows: int
    kept: int


class Maker:
    """Makes pieces of one case with one first pass; several threads may."""

    def __init__(self, case: Case, fixed: FirstPass, seed: int, home: object = None) -> None:
        self._case, self._fixed, self._seed = case, fixed, seed
        self._home = home  # the folder goes when nobody makes pieces of its case any more
        self._frame = lru_cache(FRAMES)(self._framed)

    def _framed(self, values: tuple[tuple[str, str], ...]) -> Frame:
        return frame_with(self._case.with_values(dict(values)) if values else self._case, self._fixed)

    def __call__(self, piece: Piece) -> tuple[bytes, bytes]:
        """A piece's streams, and its first rows."""
        try:
            made = make_block(self._frame(piece.values), self._seed, piece.block, piece.rows)
        except VetopointError as error:  # which may have to travel: as words alone
            at = ", ".join(f"{name} = {value}" for name, value in piece.values)
            raise VetopointError(f"at {at}: {error}" if at else str(error)) from error
        streams = Streams()
        streams.add(made.block)
        rows = packed({}, {name: values[: piece.kept] for name, values in made.columns.items()}) if piece.kept else b""
        return streams.to_bytes(), rows


@dataclass(frozen=True)
class Recipe:
    """All that a worker elsewhere needs to make pieces; it travels with every piece, and is unpacked once.

    Attributes
    ----------
    files : the case file and the data files it names, by their places relative to the case's folder.
    case : which of them is the case file.
    overrides : what was set in the case.
    fixed : the first pass.
    versions : of the packages on which the bytes of a row hang.
    """

    files: tuple[tuple[str, bytes], ...]
    case: str
    overrides: tuple[tuple[str, str], ...]
    fixed: bytes
    seed: int
    versions: tuple[tuple[str, str], ...]

    def __call__(self, piece: Piece) -> tuple[bytes, bytes]:
        """Make a piece, on whichever machine this is."""
        return _maker(self)(piece)


def recipe_of(study: Study, fixed: FirstPass, seed: int) -> Recipe:
    """What is sent to the workers of a cluster.

    Raises
    ------
    VetopointError
        A data file lies outside of the case's folder.
    """
    case = study.case
    home = case.folder.resolve()
    files = {}
    for path in (case.path, *data_files(case)):
        full = path.resolve()
        if not full.is_relative_to(home):
            raise VetopointError(
                f"--cluster: {path} lies outside of the case's folder → copy it there, and name the copy"
            )
        files[full.relative_to(home).as_posix()] = full.read_bytes()
    own = case.path.resolve().relative_to(home).as_posix()
    return Recipe(
        tuple(files.items()),
        own,
        tuple(case.overrides.items()),
        first_pass_packed(fixed),
        seed,
        tuple(versions().items()),
    )


@lru_cache(4)
def _maker(recipe: Recipe) -> Maker:
    here = versions()
    other = [
        f"{name} {here.get(name)} and not {wanted}" for name, wanted in recipe.versions if here.get(name) != wanted
    ]
    if other:
        raise VetopointError(
            f"--cluster: a worker has {', '.join(other)} → install the same versions there as here, from one lock"
        )
    home = tempfile.TemporaryDirectory()
    for name, data in recipe.files:
        path = Path(home.name) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    case = load_case(Path(home.name) / recipe.case, dict(recipe.overrides))
    return Maker(case, first_pass_unpacked(recipe.fixed), recipe.seed, home)


def first_pass_packed(fixed: FirstPass) -> bytes:
    """A first pass as bytes."""
    arrays = {"unit": fixed.unit} | ({} if fixed.survival is None else {"survival": fixed.survival})
    return packed({"means": list(fixed.means.items())}, arrays)


def first_pass_unpacked(data: bytes) -> FirstPass:
    """The first pass that `first_pass_packed` packed, to the bit."""
    head, arrays = unpacked(data)
    return FirstPass(arrays["unit"], dict(head["means"]), arrays.get("survival"))
