"""What the benchmark of the main job puts a clock around is still there: a moved function would be timed at nothing."""

from __future__ import annotations

import importlib.util
import sys
from importlib import import_module
from types import ModuleType

import pytest

from support import ROOT


def benchmark(name: str = "run") -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"benchmark_{name}", ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("place", [place for places in benchmark().CLOCKED.values() for place in places.values()])
def test_what_is_clocked_is_found_where_its_user_finds_it(place: str) -> None:
    home, name = place.rsplit(".", 1)
    assert callable(getattr(import_module(f"vetopoint.{home}"), name))


@pytest.mark.parametrize("factor", [1.0, 1.2, 2.0])
def test_the_paired_ratio_is_that_of_the_jobs_whatever_the_machine_does_meanwhile(factor: float) -> None:
    """A machine that slows down eightfold while it is measured falls on both jobs, since they take turns piece by piece."""
    reader, now, slow = benchmark("reader"), [0.0], [1.0]

    def job(cost: float) -> None:
        now[0] += cost * slow[0]
        slow[0] *= 1.01

    rounds: list[int] = []
    found = reader.paired(
        [1.0, 2.0, 3.0, 4.0], job, lambda piece: job(piece * factor), 7, lambda: now[0], lambda: rounds.append(1)
    )
    assert found.ratio == pytest.approx(factor, rel=0.02)
    assert len(found.ratios) == 7
    assert len(rounds) == 8
    assert slow[0] > 1.7
