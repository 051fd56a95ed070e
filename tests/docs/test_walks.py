"""The page of walks names functions that exist, room after room."""

from __future__ import annotations

import re
from importlib import import_module

from support import ROOT


def found(name: str) -> object:
    """What a dotted name stands for: the longest part that is a module, then its attributes."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            item: object = import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            item = getattr(item, part)
        return item
    raise AssertionError(name)


def test_every_step_of_the_walks_exists_in_its_room() -> None:
    text = (ROOT / "docs" / "walks.md").read_text(encoding="utf-8")
    steps = re.findall(r"^\| (\w+) \| `(vetopoint[\w.]+)` \|", text, re.MULTILINE)
    assert len(steps) > 15
    assert [name for room, name in steps if name.split(".")[1] != room] == []
    assert [name for _, name in steps if not callable(found(name))] == []
