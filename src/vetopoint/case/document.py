"""Read YAML with positions: every key remembers its line, so that a complaint can name it."""

import contextlib
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq, TaggedScalar
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.reader import ReaderError

from vetopoint.case.layout import OPENING, cut_in_two, diagnosed, split_text, valueless
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
    text = _decoded(raw, path)
    lines = text.split("\n")
    for number, written in enumerate(lines, 1):
        if "\t" in written[: len(written) - len(written.lstrip())]:
            raise _unreadable(path, "a tab in the indentation", "YAML wants spaces: replace the tab", number)
    reader = _Reader(path, lines)
    data = reader.plain(_parse(text, path), Place())
    if not isinstance(data, dict):
        message = "the file holds no keys" if text.strip() else "the file is empty"
        remedy = "start with `vetopoint: 1` and `title:`, each key in a line of its own; `vetopoint new` writes a case that runs"
        raise _unreadable(path, message, remedy)
    return Document(path, data, reader.lines, hashlib.sha256(raw).hexdigest())


def _decoded(raw: bytes, path: Path) -> str:
    """The text of a file, with one kind of line break."""
    try:
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise _unreadable(path, "the file is UTF-16 text", "save it as UTF-8")
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _unreadable(path, "not UTF-8 text", "save the file as UTF-8", line) from error
    return re.sub("[\x85\u2028\u2029]", " ", re.sub("\r\n?", "\n", text))


def _unreadable(path: Path, message: str, remedy: str, line: int = 1) -> CaseError:
    return CaseError(Problem(message, remedy, file=str(path), line=line))


class _Constructor(RoundTripConstructor):  # type: ignore[misc]
    """Reads a date that the calendar does not have as the text that it is, so that it can be complained of where it stands."""

    def construct_yaml_timestamp(self, node: ScalarNode, values: Any = None) -> Any:
        try:
            return super().construct_yaml_timestamp(node, values)
        except ValueError:
            return str(node.value)


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.construct_yaml_timestamp)


def _parse(text: str, path: Path) -> Any:
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    yaml.allow_duplicate_keys = False
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark, since = error.problem_mark or error.context_mark, error.context_mark or error.problem_mark
        at, began = ((m.line, m.column) if m is not None else (0, 0) for m in (mark, since))
        fault = diagnosed(text, error.problem or error.context or "", at, began)
        raise _unreadable(path, fault.message, fault.remedy, fault.line) from error
    except ReaderError as error:
        message, line = (
            f"a character that no text may hold (number {error.character})",
            text[: error.position].count("\n") + 1,
        )
        raise _unreadable(path, message, "delete it; it may not be seen in an editor", line) from error
    except (YAMLError, ValueError, RecursionError) as error:
        remedy = "take the file apart: leave out half of it until what is left is read"
        raise _unreadable(path, "the file cannot be taken in", remedy) from error
    except Exception as error:  # the parser stumbles over some files, in ways of its own
        remedy = "move comments that stand between a key and its value, and `?` at the beginning of lines"
        raise _unreadable(path, "the file cannot be taken in", remedy) from error


class _Reader:
    """Makes a plain copy of a round-trip node, noting lines; bounded, so that nested aliases cannot blow up."""

    def __init__(self, path: Path, text: Sequence[str]) -> None:
        self.path = path
        self.text = text
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
            self._whole(node, [(node.lc.item, i, node[i]) for i in range(len(node))])
            for i in range(len(node)):
                self._note(place / i, partial(node.lc.item, i))
            return [self.plain(item, place / i) for i, item in enumerate(node)]
        if isinstance(node, TaggedScalar):
            message = f"'{place.key}' begins with !, which YAML reads as a mark of its own"
            raise _unreadable(
                self.path,
                message,
                "write `not` for !, and put a text that begins with ! in quotation marks",
                self.lines.get(place, 1),
            )
        if place.short is not None:
            self.lines[place.short] = self.lines.get(place, 1)
        kind = next((kind for kind in (bool, int, float, str) if isinstance(node, kind)), None)
        return node if kind is None else kind(node)

    def _mapping(self, node: CommentedMap, place: Place) -> dict[str, Any]:
        out: dict[str, Any] = {}
        words = {_key(key) for key in node}
        self._whole(node, [(node.lc.value, key, node[key]) for key in node])
        self._named(node)
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

    def _whole(self, node: CommentedMap | CommentedSeq, entries: Iterable[tuple[Callable[..., Any], Any, Any]]) -> None:
        """Refuse a text in ``{…}`` or ``[…]`` that a comma inside its own brackets or curly quotation marks cuts in two."""
        if not node.fa.flow_style():
            return
        for position, key, value in entries:
            if isinstance(value, str) and set(value) & OPENING:
                written, line = self._from(position, key)
                cut = split_text(written) if written[:1] not in ("'", '"') else None
                if cut is not None:
                    raise _unreadable(
                        self.path, *cut_in_two(cut, None if isinstance(node, CommentedSeq) else str(key)), line
                    )

    def _named(self, node: CommentedMap) -> None:
        """Refuse an entry of ``{…}`` that has neither colon nor value: a comma inside the text before cut it off."""
        before: Any = None
        for key in node if node.fa.flow_style() else ():
            written, line = self._from(node.lc.key, key)
            rest = written.removeprefix(str(key)).lstrip()
            if node[key] is None and rest[:1] in (",", "}", "") and written.startswith(str(key)):
                bare = [str(k) for k in node] if all(value is None for value in node.values()) else []
                told = (str(before), node[before]) if before is not None else None
                raise _unreadable(self.path, *valueless(str(key), told, bare), line)
            before = key

    def _from(self, position: Callable[..., Any], key: Any) -> tuple[str, int]:
        """What is written from an entry on to the end of its line, and the line; nothing where the parser kept no position."""
        with contextlib.suppress(KeyError, AttributeError, TypeError, IndexError):
            line, column = position(key)
            return self.text[line][column:], line + 1
        return "", 1

    def _note(self, place: Place, position: Callable[[], tuple[int, int]]) -> None:
        with contextlib.suppress(KeyError, AttributeError, TypeError):
            self.lines[place] = position()[0] + 1


def _key(key: Any) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)
