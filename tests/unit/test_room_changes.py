"""The tool that counts how often a run passes from one room to another counts right on a program made for it."""

from __future__ import annotations

import importlib.util
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from support import ROOT

FILES = {
    "house/__init__.py": "",
    "house/shared.py": "def shared(work):\n    return work()\n",
    "house/attic/__init__.py": "",
    "house/attic/box.py": "def box():\n    return inner()\n\ndef inner():\n    return 1\n",
    "house/cellar/__init__.py": "",
    "house/cellar/jar.py": (
        "from house.attic.box import box\nfrom house.shared import shared\n\n"
        "def direct():\n    return [box() for _ in range(3)]\n\n"
        "def through_a_file_of_no_room():\n    return shared(box)\n\n"
        "def within():\n    return shared(lambda: 2)\n"
    ),
}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("room_changes", ROOT / "tools" / "room_changes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def jar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [n for n in sys.modules if n.partition(".")[0] == "house"]:
        monkeypatch.delitem(sys.modules, name)
    from house.cellar import jar as found  # type: ignore[import-not-found]

    return found


def test_a_passage_is_counted_each_time_and_a_door_once(tool: ModuleType, jar: Any, tmp_path: Path) -> None:
    found = tool.doors(jar.direct, tmp_path / "house")
    assert {(a.partition(".<")[0], b): n for (a, b), n in found.items()} == {("cellar/jar:direct", "attic/box:box"): 3}


def test_a_file_of_no_room_is_passed_through(tool: ModuleType, jar: Any, tmp_path: Path) -> None:
    found = tool.doors(jar.through_a_file_of_no_room, tmp_path / "house")
    assert dict(found) == {("cellar/jar:through_a_file_of_no_room", "attic/box:box"): 1}
    assert not tool.doors(jar.within, tmp_path / "house"), "a call within a room is no change of room"


@pytest.mark.parametrize(("threads", "times"), [(False, 0), (True, 6)])
def test_threads_are_watched_if_asked_for(
    tool: ModuleType, jar: Any, tmp_path: Path, threads: bool, times: int
) -> None:
    def work() -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: jar.direct(), range(2)))

    assert tool.doors(work, tmp_path / "house", threads).total() == times
