"""Another program, run on one piece of input within bounds: time, bytes, and an end for it and for all that it started."""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass
from typing import IO

from vetopoint.errors import EvidenceError

_CHUNK = 65_536
_GRACE = 3.0
"""Seconds to wait, once the program has ended, for those that it left behind and that keep its output open."""
_SAID = 400
"""Bytes of the end of standard error that a complaint repeats."""


@dataclass(frozen=True)
class ProgramLimits:
    """What a program may use for one document: seconds, bytes of its answer, claims that are taken of it."""

    seconds: float = 300.0
    answer_bytes: int = 16_000_000
    claims: int = 5_000


class Program:
    """A command line, split as a shell would but run by none.

    Parameters
    ----------
    command : the program and its arguments.
    limits : what it may use for each answer.

    Raises
    ------
    EvidenceError
        The line cannot be split, is empty, or names no program that can be started.
    """

    def __init__(self, command: str, limits: ProgramLimits) -> None:
        try:
            self.words = shlex.split(command, posix=os.name == "posix")
        except ValueError as error:
            raise EvidenceError(
                f"--coder {command}: cannot be split into words ({error}) → close its quotes"
            ) from error
        if not self.words or shutil.which(self.words[0]) is None:
            raise EvidenceError(f"--coder {command}: no such program → name one that can be started from here")
        self.limits = limits
        self.shown = f"--coder {command}"

    def answer(self, asked: bytes, on: str) -> bytes:
        """What the program prints when it is handed some bytes; then nothing of it runs any more.

        Parameters
        ----------
        on : what it is working on, for messages.

        Raises
        ------
        EvidenceError
            It cannot be started, takes too long, prints too much, or does not end with exit code 0.
        """
        try:
            run = _Run(self.words)
        except OSError as error:
            raise EvidenceError(f"{on}: {self.shown} cannot be started ({error.strerror}) → check it") from error
        return run.finished(asked, self.limits, f"{on}: {self.shown}")


class _Run:
    """One start of a program, at the head of a process group of its own."""

    def __init__(self, words: list[str]) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True)
        self.over = threading.Event()
        self.flooded = False
        self.printed: list[bytes] = []
        self.said = b""

    def finished(self, asked: bytes, limits: ProgramLimits, on: str) -> bytes:
        """Hand it its input, take its output, and wait for its end, which comes at the latest when its time is up."""
        assert self.process.stdin is not None
        threads = [
            threading.Thread(target=work, args=args, daemon=True)
            for work, args in (
                (self._hand, (self.process.stdin, asked)),
                (self._take, (self.process.stdout, limits.answer_bytes)),
                (self._listen, (self.process.stderr,)),
            )
        ]
        for thread in threads:
            thread.start()
        code: int | None
        try:
            code = self.process.wait(limits.seconds)
            threads[1].join(_GRACE)
            threads[2].join(0.1)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            self._end(threads)
        return self._judged(code, limits, on)

    def _judged(self, code: int | None, limits: ProgramLimits, on: str) -> bytes:
        if self.flooded:
            raise EvidenceError(f"{on} printed more than {limits.answer_bytes:,} bytes → let it print claims only")
        if code is None:
            remedy = "give it more time with --coder-timeout, or a shorter text"
            raise EvidenceError(f"{on} took longer than {limits.seconds:g} s and was ended → {remedy}")
        if code:
            how = f"was ended by signal {-code}" if code < 0 else f"ended with exit code {code}"
            last = self.said.decode("utf-8", errors="replace").split("\n")
            heard = next((line for line in map(_plain, reversed(last)) if line), "nothing on standard error")
            raise EvidenceError(f"{on} {how} ({heard}) → run it on this text by hand")
        return b"".join(self.printed)

    def _end(self, threads: list[threading.Thread]) -> None:
        """End the whole group, whether the program itself has ended or not, and give the pipes back."""
        self._kill()
        self.process.wait()
        self.over.set()
        for thread in threads:
            thread.join(_GRACE)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _kill(self) -> None:
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()

    def _hand(self, pipe: IO[bytes], asked: bytes) -> None:
        # A program may answer without having read to the end.
        with contextlib.suppress(OSError, ValueError):
            rest = memoryview(asked)
            while rest and not self.over.is_set():
                if _ready(pipe, to_write=True):
                    rest = rest[os.write(pipe.fileno(), rest[:_PIPE]) :]
            pipe.close()

    def _take(self, pipe: IO[bytes], most: int) -> None:
        size = 0
        while chunk := self._chunk(pipe):
            size += len(chunk)
            if size > most:
                self.flooded = True
                self._kill()
                return
            self.printed.append(chunk)

    def _listen(self, pipe: IO[bytes]) -> None:
        while chunk := self._chunk(pipe):
            self.said = (self.said + chunk)[-_SAID:]

    def _chunk(self, pipe: IO[bytes]) -> bytes:
        """What has arrived; nothing at the end, and where a process that left the group keeps the pipe open."""
        while not self.over.is_set():
            if _ready(pipe):
                with contextlib.suppress(OSError, ValueError):
                    return os.read(pipe.fileno(), _CHUNK)
                return b""
        return b""


_PIPE = 4_096
"""Bytes that a pipe which is ready takes without waiting (POSIX: PIPE_BUF is at least 512, on Linux 4,096)."""


def _ready(pipe: IO[bytes], to_write: bool = False) -> bool:
    """Whether a pipe can be used without waiting; asked again and again, so that nobody waits for ever."""
    if os.name != "posix":
        return True
    reads, writes = ([], [pipe]) if to_write else ([pipe], [])
    return any(select.select(reads, writes, [], 0.1))


def _plain(line: str) -> str:
    return "".join(c for c in line if c.isprintable()).strip()[:200]
