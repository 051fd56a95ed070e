"""Single keys from a terminal, and the screen given back as it was found, on POSIX systems and on Windows."""

from __future__ import annotations

import codecs
import os
import re
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = {
    "\r": "enter", "\n": "enter", "\x7f": "backspace", "\x08": "backspace", "\x15": "clear", "\x01": "home", "\x05": "end",
    "\x04": "quit",
}  # fmt: skip
_SEQUENCES = {
    "[D": "left", "[C": "right", "[A": "up", "[B": "down", "[H": "home", "[F": "end", "[1~": "home", "[4~": "end",
    "[3~": "delete", "OD": "left", "OC": "right", "OH": "home", "OF": "end", "OA": "up", "OB": "down",
}  # fmt: skip
_SEQUENCE = re.compile(r"\x1b(\[[0-9;]*[A-Za-z~]|O[A-Za-z])")
_PASTE, _PASTED = "\x1b[200~", "\x1b[201~"
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?2004h"
_LEAVE = "\x1b[?2004l\x1b[?25h\x1b[?1049l"
_BREATH = 0.05
"""Seconds to wait for the rest of what a key sends in several characters."""


def is_terminal() -> bool:
    """Whether a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


@contextmanager
def keyboard() -> Iterator[Keys]:
    """Keys one by one, without echo, on a screen of their own; afterwards the terminal is as before."""
    if sys.platform == "win32":
        yield _WindowsKeys()
        return
    import termios
    import tty

    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    try:
        tty.setcbreak(fd)
        put(_ENTER)
        yield Keys(fd)
    finally:
        put(_LEAVE)
        termios.tcsetattr(fd, termios.TCSADRAIN, before)


def put(text: str) -> None:
    """Write to the screen at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


class Keys:
    """Names keys as they come: a character, ``enter``, ``escape``, ``left``, ``paste:…``; ``quit`` where the line is cut."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._held = ""

    def read(self, patience: float) -> str | None:
        """The next key; None where none came within so many seconds."""
        while not self._held:
            if not self._take(patience):
                return None
        if self._held[0] == "\x1b":
            return self._escape()
        key, self._held = self._held[0], self._held[1:]
        return _NAMES.get(key, key if key.isprintable() else "")

    def _take(self, patience: float) -> bool:
        if not select.select([self._fd], [], [], patience)[0]:
            return False
        try:
            raw = os.read(self._fd, 4096)
        except OSError:
            raw = b""
        self._held += self._decoder.decode(raw) if raw else "\x04"
        return True

    def _escape(self) -> str:
        while len(self._held) < 16 and not _SEQUENCE.match(self._held) and self._take(_BREATH):
            pass
        if self._held.startswith(_PASTE):
            while _PASTED not in self._held and len(self._held) < 100_000 and self._take(1.0):
                pass
            pasted, _, self._held = self._held[len(_PASTE) :].partition(_PASTED)
            return f"paste:{pasted}"
        found = _SEQUENCE.match(self._held)
        self._held = self._held[found.end() if found else 1 :]
        return _SEQUENCES.get(found[1], "") if found else "escape"


class _WindowsKeys(Keys):
    def __init__(self) -> None:
        super().__init__(-1)

    def read(self, patience: float) -> str | None:
        import msvcrt

        key: str = msvcrt.getwch()  # type: ignore[attr-defined]
        if key in ("\x00", "\xe0"):
            codes = {"K": "left", "M": "right", "H": "up", "P": "down", "G": "home", "O": "end", "S": "delete"}
            return codes.get(msvcrt.getwch(), "")  # type: ignore[attr-defined]
        if key == "\x03":
            raise KeyboardInterrupt
        return "escape" if key == "\x1b" else _NAMES.get(key, key if key.isprintable() else "")
