"""What the benchmark of the main job puts a clock around is still there: a moved function would be timed at nothing."""

from __future__ import annotations

import importlib.util
from importlib import import_module
from types import ModuleType

import pytest

from support import ROOT


def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_run", ROOT / "benchmarks" / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("place", [place for places in benchmark().CLOCKED.values() for place in places.values()])
def test_what_is_clocked_is_found_where_its_user_finds_it(place: str) -> None:
    home, name = place.rsplit(".", 1)
    assert callable(getattr(import_module(f"vetopoint.{home}"), name))
