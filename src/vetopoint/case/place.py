"""A place in a case file: a path of keys that knows, by the schema, which are the language's and which the user's.

Options, actors, quantities and terms may bear any name, also one that the language uses (``value``, ``worth``, ``terms``),
so a place is never a dotted text that is cut and compared: it is made from its parts, or read from its text by the schema.

The text leaves out what the short forms leave out: ``payoffs.russia.strike`` is the worth of a term, which in full stands at
``payoffs.russia.terms.strike.worth``; ``members.fr.stances.0`` is that stance's value. The entry itself is written the long
way, ``payoffs.russia.terms.strike`` and ``members.fr.stances[0]``. A key is quoted where it could not be read back.
"""

from __future__ import annotations

import json
import re
import types
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any, Union, get_args, get_origin

from vetopoint.case.schema import CaseFile, Part

_INDEX = re.compile(r"\[([0-9]+)\]")


@dataclass(frozen=True)
class _Node:
    """What the schema allows at a place: a part, a mapping to nodes, a sequence of nodes, anything (`free`), or else a value."""

    part: type[Part] | None = None
    keys: _Node | None = None
    items: _Node | None = None
    free: bool = False

    @property
    def is_value(self) -> bool:
        return self.part is None and self.keys is None and self.items is None and not self.free

    def has(self, key: str | int) -> bool:
        """Whether a key is one of the language's own here."""
        return self.part is not None and key in _fields(self.part)

    def below(self, key: str | int) -> _Node:
        if self.part is not None and key in _fields(self.part):
            return _fields(self.part)[str(key)][1]
        found = self if self.free else self.items if isinstance(key, int) else self.keys
        return found if found is not None else _Node()


def _node(annotation: Any) -> _Node:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return _Node(part=annotation)
    if annotation is Any:
        return _Node(free=True)
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is dict:
        return _Node(keys=_node(inner[1]))
    if origin is tuple:
        return _Node(items=_node(inner[0]))
    if origin is Annotated:
        return _node(inner[0])
    if origin in (Union, types.UnionType):
        found = [_node(each) for each in inner]
        return _Node(
            part=next((n.part for n in found if n.part is not None), None),
            keys=next((n.keys for n in found if n.keys is not None), None),
            items=next((n.items for n in found if n.items is not None), None),
        )
    return _Node()


@cache
def _fields(part: type[Part]) -> Mapping[str, tuple[str, _Node]]:
    """Key in the file → name of the field, and what may stand there."""
    return {f.alias or name: (name, _node(f.annotation)) for name, f in part.model_fields.items()}


_FILE = _Node(part=CaseFile)


@dataclass(frozen=True)
class Place:
    """Where something stands in a case file, from the top; keys are texts, positions in a list are numbers.

    Examples
    --------
    >>> place = Place.of("payoffs", "russia", "terms", "strike", "worth")
    >>> str(place), Place.parse("payoffs.russia.strike") == place
    ('payoffs.russia.strike', True)
    >>> str(Place.of("moves", "answer", "options") / "very-good"), str(Place.of("precision", "value"))
    ('moves.answer.options.very-good', 'precision.value')
    """

    parts: tuple[str | int, ...] = ()

    @classmethod
    def of(cls, *keys: Place | str | int) -> Place:
        """Return the place of these keys, none left out; a place stands for its own keys."""
        return cls(tuple(part for key in keys for part in (key.parts if isinstance(key, Place) else (key,))))

    def __truediv__(self, part: str | int) -> Place:
        """Return the place of a key below."""
        return Place((*self.parts, part))

    def within(self, other: Place) -> bool:
        """Whether it is another place or stands below it."""
        return self.parts[: len(other.parts)] == other.parts

    @property
    def section(self) -> str:
        """The key at the top of the file under which it stands."""
        return str(self.parts[0]) if self.parts else ""

    @property
    def key(self) -> str:
        """The last key."""
        return str(self.parts[-1]) if self.parts else ""

    @property
    def above(self) -> Place:
        """The place one key up."""
        return Place(self.parts[:-1])

    @cached_property
    def nodes(self) -> tuple[_Node, ...]:
        """What the schema allows before each key, and last what it allows here."""
        found = [_FILE]
        for part in self.parts:
            found.append(found[-1].below(part))
        return tuple(found)

    @property
    def field(self) -> tuple[str, str] | None:
        """Model and key of the language under which it stands: ``("Move", "options")`` for ``moves.answer.options.yes``."""
        for node, part in zip(reversed(self.nodes[:-1]), reversed(self.parts), strict=True):
            if node.part is not None:
                return (node.part.__name__, str(part)) if node.has(part) else None
        return None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the language that may stand below."""
        part = self.nodes[-1].part
        return tuple(_fields(part)) if part is not None else ()

    @property
    def short(self) -> Place | None:
        """The place of the value for which alone the part that stands here may be written."""
        part = self.nodes[-1].part
        return self / part.short if part is not None and part.short else None

    def child(self, key: str, keys: Collection[str]) -> Place:
        """Return the place in full of a key that is written here among others, perhaps beside what it belongs under."""
        node = self.nodes[-1]
        if node.part is None or not node.part.beside or node.part.keeps(keys):
            return self / key
        if node.has(key) and key != node.part.beside:
            return self / key
        return self / node.part.beside / key

    @property
    def short_parts(self) -> tuple[str | int, ...]:
        """The keys that its text says, wrappers left out."""
        return tuple(self.parts[i] for i, _ in self._said())

    # --- its text ---------------------------------------------------------------------------------------------------

    def __str__(self) -> str:
        return "".join(piece for _, piece in self._said()).removeprefix(".")

    def _said(self) -> Iterator[tuple[int, str]]:
        """The keys that the text says, each as it stands there."""
        beside: _Node | None = None
        for i, part in enumerate(self.parts):
            here, below, left = self.nodes[i], self.nodes[i + 1], len(self.parts) - i - 1
            if here.part is not None and part == here.part.beside and left > self._is_entry:
                beside = here
            elif here.part is not None and part == here.part.unsaid and not left:
                continue
            elif isinstance(part, int):
                bare = here.keys is not None or here.free or (self._is_entry and not left)
                yield i, f"[{part}]" if bare else f".{part}"
            else:
                plain = _is_plain(part, here, below, beside)
                yield i, f".{part}" if plain else f".{json.dumps(part, ensure_ascii=False)}"
                beside = None

    @property
    def _is_entry(self) -> bool:
        """Whether a part stands here for whose value the short text stands."""
        part = self.nodes[-1].part
        return part is not None and bool(part.unsaid)

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read the text of a place; any text is the place of something, if only of a key that the language does not know."""
        found, at, entry = cls(), 0, False
        while at < len(text):
            at += bool(found.parts) and text[at] == "."
            node = found.nodes[-1]
            index = _INDEX.match(text, at) if node.items is not None or node.free else None
            if index:
                found, at, entry = found / int(index[1]), index.end(), True
                continue
            key, at, quoted = _read_key(text, at, node)
            parent = found.nodes[-2].part if found.parts else None
            entry = node.part is None and parent is not None and found.key == parent.beside
            if node.part is not None and node.part.beside and (quoted or not node.has(key)):
                found = found / node.part.beside / key
            elif node.items is not None and node.keys is None and key.isascii() and key.isdecimal():
                found = found / int(key)
            else:
                found = found / key
        part = found.nodes[-1].part
        return found / part.unsaid if part is not None and part.unsaid and not entry else found

    # --- what stands there ------------------------------------------------------------------------------------------

    def find(self, root: Any) -> Any:
        """Return what stands here in a `CaseFile` or in plain data, short forms included; `KeyError` where nothing does."""
        value = root
        for node, part in zip(self.nodes, self.parts, strict=False):
            value = self._entered(value, node, part)
        return value

    def _entered(self, value: Any, node: _Node, part: str | int) -> Any:
        if isinstance(value, Part) and node.has(part):
            return getattr(value, _fields(type(value))[str(part)][0])
        if isinstance(value, Mapping) and part in value:
            return value[part]
        if isinstance(value, Mapping) and node.part is not None and part == node.part.beside:
            return {key: each for key, each in value.items() if not node.has(key)}
        if isinstance(value, list | tuple) and isinstance(part, int) and part < len(value):
            return value[part]
        if node.part is not None and part == node.part.short and isinstance(value, str | int | float):
            return value
        raise KeyError(str(self))

    def replaced(self, root: Any, value: Any) -> Any:
        """Return a copy of a `CaseFile`, or of data in the long form, in which something else stands here.

        Raises
        ------
        KeyError
            Where there is no such entry of a list, or a plain value stands above.
        """
        return self._with(root, value, 0)

    def _with(self, here: Any, value: Any, depth: int) -> Any:
        if depth == len(self.parts):
            return value
        part: Any = self.parts[depth]
        if isinstance(here, Part) and self.nodes[depth].has(part):
            name = _fields(type(here))[part][0]
            return here.model_copy(update={name: self._with(getattr(here, name), value, depth + 1)})
        if isinstance(here, list | tuple) and isinstance(part, int) and part < len(here):
            return type(here)([*here[:part], self._with(here[part], value, depth + 1), *here[part + 1 :]])
        if isinstance(here, Mapping | None):
            return {**(here or {}), part: self._with((here or {}).get(part), value, depth + 1)}
        raise KeyError(str(self))


def _is_plain(key: str, here: _Node, below: _Node, beside: _Node | None) -> bool:
    """Whether a key reads back without quotation marks."""
    if not key or key[0] == '"' or "=" in key or key != key.strip() or not key.isprintable():
        return False
    if here.part is None and here.keys is not None and below.is_value:
        return key[0] != "["
    return not set(key) & set(".[") and not (beside is not None and beside.has(key))


def _read_key(text: str, at: int, node: _Node) -> tuple[str, int, bool]:
    """Read the key that begins at a position: the key, where it ends, and whether it was quoted."""
    if text[at : at + 1] == '"':
        try:
            key, end = json.JSONDecoder().raw_decode(text, at)
        except ValueError:
            return text[at:], len(text), False
        return key, end, True
    if node.part is None and node.keys is not None and node.keys.is_value:
        return text[at:], len(text), False  # nothing stands below, so that the key may hold dots
    end = next((i for i in range(at, len(text)) if text[i] in ".["), len(text))
    return text[at:end], max(end, at + 1), False
