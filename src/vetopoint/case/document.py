"""Read YAML with positions: every key remembers its line, so that a complaint can name it."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from vetopoint.errors import CaseError, Problem

__all__ = ["Document", "place_of", "read_document"]

MAX_BYTES = 2_000_000
MAX_NODES = 200_000

Place = tuple[str | int, ...]


def place_of(name: str) -> Place:
    """The place that a dotted name stands for: ``correlate.0`` is the first entry under ``correlate``."""
    return tuple(int(part) if part.isdigit() else part for part in name.split("."))


@dataclass(frozen=True)
class Document:
    """A parsed file: plain data, the line of every place in it, and the digest of what was read."""

    path: Path
    data: Any
    lines: dict[Place, int] = field(repr=False)
    sha256: str = ""

    def written(self, place: Place) -> Place:
        """The place as it stands in the file: wrappers that the short forms leave out are passed over."""
        found: Place = ()
        for part in place:
            if (*found, part) in self.lines:
                found = (*found, part)
        return found

    def line(self, place: Place) -> int:
        """Line of a place, or of the nearest place above it that is written in the file."""
        return self.lines[self.written(place)]

    def problem(self, message: str, remedy: str = "", place: Place = (), severity: str = "error") -> Problem:
        """A located complaint about this file."""
        named = ".".join(str(part) for part in self.written(place) or place)
        return Problem(message, remedy, named, str(self.path), self.line(place), severity)


def read_document(path: Path) -> Document:
    """Read a YAML file; raises `CaseError` with file, line and remedy."""
    name = str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        remedy = "name a case folder that holds case.yaml, or the file itself"
        raise CaseError(Problem(f"cannot be read ({error.strerror})", remedy, file=name)) from error
    if len(raw) > MAX_BYTES:
        raise CaseError(Problem(f"{len(raw):,} bytes", f"a case file may have {MAX_BYTES:,}", file=name))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CaseError(Problem("not UTF-8 text", "save the file as UTF-8", file=name, line=line)) from error
    _refuse_tabs(text, name)
    return replace(_parse(text, path), sha256=hashlib.sha256(raw).hexdigest())


def _refuse_tabs(text: str, name: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            raise CaseError(
                Problem("a tab in the indentation", "YAML wants spaces: replace the tab", file=name, line=number)
            )


def _parse(text: str, path: Path) -> Document:
    yaml = YAML(typ="rt")
    yaml.allow_duplicate_keys = False
    try:
        root = yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        message = (error.problem or "not valid YAML").split("\n")[0]
        remedy = "each key may stand once" if "duplicate" in message else "check indentation, colons and quotes here"
        raise CaseError(Problem(message, remedy, file=str(path), line=line)) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise CaseError(
            Problem(f"not valid YAML ({error})", "check the file with a YAML editor", file=str(path))
        ) from error
    except Exception as error:  # the parser stumbles over some files, in ways of its own
        remedy = "check the file with a YAML editor, and move comments that stand between a key and its value"
        raise CaseError(Problem("the YAML parser cannot take this file in", remedy, file=str(path))) from error
    lines: dict[Place, int] = {(): 1}
    budget = [MAX_NODES]
    data = _plain(root, (), lines, budget, str(path))
    if not isinstance(data, dict):
        raise CaseError(
            Problem("the file holds no mapping", "start with `vetopoint: 1` and `title:`", file=str(path), line=1)
        )
    return Document(path, data, lines)


def _plain(node: Any, place: Place, lines: dict[Place, int], budget: list[int], name: str) -> Any:
    """Plain copy of a round-trip node, noting lines; bounded, so that nested aliases cannot blow up."""
    budget[0] -= 1
    if budget[0] < 0 or len(place) > 40:
        raise CaseError(
            Problem("too many or too deeply nested parts", "remove YAML aliases that repeat whole sections", file=name)
        )
    if isinstance(node, CommentedMap):
        out: dict[Any, Any] = {}
        for key in node:
            word = _key(key)
            with contextlib.suppress(KeyError, AttributeError, TypeError):
                lines[(*place, word)] = node.lc.key(key)[0] + 1
            out[word] = _plain(node[key], (*place, word), lines, budget, name)
        return out
    if isinstance(node, CommentedSeq):
        for i in range(len(node)):
            with contextlib.suppress(KeyError, AttributeError, TypeError):
                lines[(*place, i)] = node.lc.item(i)[0] + 1
        return [_plain(item, (*place, i), lines, budget, name) for i, item in enumerate(node)]
    return _scalar(node)


def _key(key: Any) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)


def _scalar(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return value
