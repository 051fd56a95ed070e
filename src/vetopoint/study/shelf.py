"""Where the blocks of a sweep are kept while it goes on: one file a block, and what the first so many of them come to.

Every file is written aside and renamed, so that it is there whole or not at all, and is named by a digest of all that it rests on:
whoever finds it may use it. From time to time the files of the first blocks of a grid point are put together into one, which says how
many blocks it holds, and only then removed; a sweep that is killed at any moment goes on from what is there.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from vetopoint.arrays import Floats
from vetopoint.chain.blocks import rows_in
from vetopoint.chain.streams import DamagedStream, Streams, unpacked
from vetopoint.errors import VetopointError
from vetopoint.quantity.sampling import BLOCK
from vetopoint.study.store import make_folder

__all__ = ["FOLD", "Point", "Shelf", "digest", "kept_rows"]

FOLD = 64
"""Blocks after which those that are there are put together."""


def digest(about: Mapping[str, Any]) -> str:
    """The name of something by all that it rests on."""
    text = json.dumps(about, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Shelf:
    """The folder of a sweep's blocks; one process at a time may hold it.

    Raises
    ------
    VetopointError
        It cannot be made, or another sweep is at work in it.
    """

    def __init__(self, folder: Path) -> None:
        make_folder(folder)
        self.folder = folder
        self._lock = _held(folder / ".lock")
        for left in folder.glob(".*.part"):
            left.unlink()
        self._names = {path.name for path in folder.iterdir()}

    def close(self) -> None:
        """Let others have it."""
        self._lock.close()

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def names(self, start: str) -> list[str]:
        """The files whose names begin so."""
        return sorted(name for name in self._names if name.startswith(start))

    def write(self, name: str, data: bytes) -> None:
        """Keep a file, whole or not at all."""
        path, part = self.folder / name, self.folder / f".{name}.part"
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            why = f"{path}: cannot be written ({error.strerror})"
            raise VetopointError(
                f"{why} → what is there is kept; make room, and give the same command again"
            ) from error
        self._names.add(name)

    def read(self, name: str) -> bytes:
        """What stands in a file."""
        try:
            return (self.folder / name).read_bytes()
        except OSError as error:
            raise VetopointError(f"{self.folder / name}: cannot be read ({error.strerror})") from error

    def drop(self, name: str) -> None:
        """Remove a file that is not needed any more, or is none."""
        (self.folder / name).unlink(missing_ok=True)
        self._names.discard(name)


def _held(path: Path) -> IO[str]:
    """A lock that ends with the process that holds it."""
    try:
        file = path.open("w")
    except OSError as error:
        raise VetopointError(
            f"{path}: cannot be written ({error.strerror}) → choose another folder with --out"
        ) from error
    try:
        import fcntl
    except ImportError:  # a system without such locks
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise VetopointError(
            f"{path.parent}: another sweep is at work there → wait for it, or choose another folder with --out"
        ) from error
    return file


class Point:
    """The blocks of one grid point.

    Parameters
    ----------
    about : all that its blocks rest on but their number and size.
    draws : how many are wanted.

    Attributes
    ----------
    streams : what the blocks that were taken in come to.
    """

    def __init__(self, shelf: Shelf, about: Mapping[str, Any], draws: int) -> None:
        self._shelf, self._about, self._draws = shelf, about, draws
        self._name, self._whole = digest(about), draws // BLOCK
        self.blocks = -(-draws // BLOCK)
        self.streams = self._begun()
        self._done = self._folded = self.streams.blocks

    def _begun(self) -> Streams:
        """What the largest file of put-together blocks holds that holds no more than are wanted."""
        best = Streams()
        for name in self._shelf.names(f"{self._name}.upto."):
            try:
                found = Streams.from_bytes(self._shelf.read(name))
            except DamagedStream:
                self._shelf.drop(name)
                continue
            best = found if best.blocks < found.blocks <= self._whole else best
        return best

    def _file(self, block: int, rows: int = 0) -> str:
        return _file(self._about, block, rows_in(block, self._draws), rows)

    def kept(self, block: int, rows: int) -> bool:
        """Whether a block is there, in a file of its own or with others, and so many of its rows."""
        there = block < self._done or self._file(block) in self._shelf
        return there and (not rows or self._file(block, rows) in self._shelf)

    def keep(self, block: int, stream: bytes, rows: int, columns: bytes) -> None:
        """Keep a block that was made, and the first so many of its rows: these first, since it is done when it is there itself."""
        if rows:
            self._shelf.write(self._file(block, rows), columns)
        if block >= self._done:
            self._shelf.write(self._file(block), stream)

    def advance(self) -> bool:
        """Take in the blocks that are there and follow those taken in before; whether all are in."""
        while self._done < self.blocks and (name := self._file(self._done)) in self._shelf:
            try:
                later = Streams.from_bytes(self._shelf.read(name))
            except DamagedStream:
                self._shelf.drop(name)
                break
            self.streams.merge(later)
            self._done += 1
            if self._done - self._folded >= FOLD and self._done <= self._whole:
                self._fold()
        return self._done == self.blocks

    def _fold(self) -> None:
        """Put the blocks taken in together in one file, and remove their own."""
        self._shelf.write(f"{self._name}.upto.{self._whole}", self.streams.to_bytes())
        for block in range(self._folded, self._done):
            self._shelf.drop(self._file(block))
        self._folded = self._done


def kept_rows(shelf: Shelf, about: Mapping[str, Any], block: int, size: int, rows: int) -> dict[str, Floats]:
    """The first so many rows of a block of so many draws, as they were kept.

    Raises
    ------
    VetopointError
        They are not whole; their file is gone then, so that the next run makes them again.
    """
    name = _file(about, block, size, rows)
    try:
        return unpacked(shelf.read(name))[1]
    except DamagedStream as error:
        shelf.drop(name)
        raise VetopointError(
            f"{shelf.folder / name}: is damaged, and was removed → give the same command again"
        ) from error


def _file(about: Mapping[str, Any], block: int, size: int, rows: int = 0) -> str:
    """The name of a block's file, or of that of its first rows."""
    name = digest({**about, "block": block, "draws": size})
    return f"{name}.rows.{rows}" if rows else f"{name}.block"
