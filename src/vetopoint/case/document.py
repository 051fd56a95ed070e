"""Read YAML with positions: every key remembers its line, so that a complaint can name it."""

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from vetopoint.case.place import Place
from vetopoint.errors import CaseError, Problem

MAX_BYTES = 2_000_000
MAX_NODES = 200_000


@dataclass(frozen=True)
class Document:
    """A parsed file: plain data, the line of every place in it, and the digest of what was read.

    ``data`` is as written, ``lines`` speaks of places in full: a term written beside ``unit`` stands under ``terms``, and a
    quantity written as a bare number has its ``value`` on the same line. ``given`` is what was set from outside, by place: what
    is wrong there is no line's fault.
    """

    path: Path
    data: Any
    lines: Mapping[Place, int] = field(repr=False)
    sha256: str = ""
    given: Mapping[Place, str] = field(default_factory=dict, repr=False)

    def line(self, place: Place) -> int:
        """Line of a place, or of the nearest place above it that is written in the file."""
        while place not in self.lines:
            place = place.above
        return self.lines[place]

    def located(self, keys: Iterable[str | int]) -> Place:
        """The place that keys lead to, those passed over that are not written (such as a checker's own names of types)."""
        found = Place()
        for key in keys:
            below = found / key
            found = below if below in self.lines or any(place.within(below) for place in self.given) else found
        return found

    def given_at(self, place: Place) -> str:
        """What was given from outside for what stands at a place, or just below it; empty if nothing was."""
        return next((said for at, said in self.given.items() if place.within(at) or place == at.above), "")

    def problem(self, message: str, remedy: str = "", place: Place | None = None, severity: str = "error") -> Problem:
        """A located complaint about this file."""
        place = place or Place()
        if severity == "error" and (said := self.given_at(place)):
            return Problem(f"{said}: {message}", remedy, file=str(self.path))
        return Problem(message, remedy, str(place), str(self.path), self.line(place), severity)


def read_document(path: Path) -> Document:
    """Read a YAML file; raises `CaseError` with file, line and remedy."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        remedy = "name a case folder that holds case.yaml, or the file itself"
        raise _unreadable(path, f"cannot be read ({error.strerror})", remedy) from error
    if len(raw) > MAX_BYTES:
        raise _unreadable(path, f"{len(raw):,} bytes", f"a case file may have {MAX_BYTES:,}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _unreadable(path, "not UTF-8 text", "save the file as UTF-8", line) from error
    for number, written in enumerate(text.splitlines(), 1):
        if "\t" in written[: len(written) - len(written.lstrip())]:
            raise _unreadable(path, "a tab in the indentation", "YAML wants spaces: replace the tab", number)
    reader = _Reader(path)
    data = reader.plain(_parse(text, path), Place())
    if not isinstance(data, dict):
        raise _unreadable(path, "the file holds no mapping", "start with `vetopoint: 1` and `title:`", 1)
    return Document(path, data, reader.lines, hashlib.sha256(raw).hexdigest())


def _unreadable(path: Path, message: str, remedy: str, line: int = 0) -> CaseError:
    return CaseError(Problem(message, remedy, file=str(path), line=line))


def _parse(text: str, path: Path) -> Any:
    yaml = YAML(typ="rt")
    yaml.allow_duplicate_keys = False
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = (error.problem or "not valid YAML").split("\n")[0]
        remedy = "each key may stand once" if "duplicate" in message else "check indentation, colons and quotes here"
        raise _unreadable(path, message, remedy, mark.line + 1 if mark else 0) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(path, f"not valid YAML ({error})", "check the file with a YAML editor") from error
    except Exception as error:  # the parser stumbles over some files, in ways of its own
        remedy = "check the file with a YAML editor, and move comments that stand between a key and its value"
        raise _unreadable(path, "the YAML parser cannot take this file in", remedy) from error


class _Reader:
    """Makes a plain copy of a round-trip node, noting lines; bounded, so that nested aliases cannot blow up."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {Place(): 1}
        self.left = MAX_NODES

    def plain(self, node: Any, place: Place) -> Any:
        self.left -= 1
        if self.left < 0 or len(place.parts) > 40:
            remedy = "remove YAML aliases that repeat whole sections"
            raise _unreadable(self.path, "too many or too deeply nested parts", remedy)
        if isinstance(node, CommentedMap):
            return self._mapping(node, place)
        if isinstance(node, CommentedSeq):
            for i in range(len(node)):
                self._note(place / i, partial(node.lc.item, i))
            return [self.plain(item, place / i) for i, item in enumerate(node)]
        if place.short is not None:
            self.lines[place.short] = self.lines.get(place, 1)
        kind = next((kind for kind in (bool, int, float, str) if isinstance(node, kind)), None)
        return node if kind is None else kind(node)

    def _mapping(self, node: CommentedMap, place: Place) -> dict[str, Any]:
        out: dict[str, Any] = {}
        words = {_key(key) for key in node}
        for key in node:
            word = _key(key)
            below = place.child(word, words)
            self.lines.setdefault(below.above, self.lines.get(place, 1))
            self._note(below, partial(node.lc.key, key))
            if word in out:
                message, line = f"'{word}' stands twice, written in two ways", self.lines.get(below, 1)
                remedy = "each key may stand once; keys are read as text"
                raise CaseError(Problem(message, remedy, str(place), str(self.path), line))
            out[word] = self.plain(node[key], below)
        return out

    def _note(self, place: Place, position: Callable[[], tuple[int, int]]) -> None:
        with contextlib.suppress(KeyError, AttributeError, TypeError):
            self.lines[place] = position()[0] + 1


def _key(key: Any) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)
