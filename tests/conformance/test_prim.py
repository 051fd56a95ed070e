"""The trajectory of boxes is that of ema_workbench, box by box.

J. H. Kwakkel (2017), The Exploratory Modeling Workbench, *Environmental Modelling & Software* 96, 239-250 (BSD licence). Its answers, by
version 2.5.3 called directly, are stored by `prim_samples.py`; where the library is installed it is asked again.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from vetopoint.chain.prim import Box, inside, peeled

sys.path.insert(0, str(Path(__file__).parent))

from prim_samples import GOLDEN, KINDS, library_boxes, sample


def same(ours: list[Box], theirs: list[list[list[float]]], values: np.ndarray) -> None:
    assert len(ours) == len(theirs) > 10
    for box, (low, high) in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(np.maximum(box.low, values.min(axis=0)), low, atol=1e-11)
        np.testing.assert_allclose(np.minimum(box.high, values.max(axis=0)), high, atol=1e-11)


@pytest.mark.parametrize("kind", KINDS)
def test_the_boxes_are_those_that_the_library_found(kind: str) -> None:
    values, cases = sample(kind)
    stored = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert stored["by"].startswith("ema_workbench")
    same(list(peeled(values, cases)), stored["boxes"][kind], values)


@pytest.mark.parametrize("kind", KINDS)
def test_the_boxes_are_those_that_the_library_finds(kind: str) -> None:
    if importlib.util.find_spec("ema_workbench") is None:
        pytest.skip("ema_workbench is not installed; what it found is stored")
    values, cases = sample(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same(list(peeled(values, cases)), library_boxes(kind), values)


@pytest.mark.parametrize("kind", KINDS)
def test_a_draw_that_counts_twice_counts_as_two(kind: str) -> None:
    """With whole weights the shares of cases are those of repeated draws; with equal weights nothing changes at all."""
    values, cases = sample(kind)
    plain, weighed = list(peeled(values, cases)), list(peeled(values, cases, np.full(len(cases), 0.3)))
    assert len(plain) == len(weighed) > 10
    for a, b in zip(plain, weighed, strict=True):
        np.testing.assert_array_equal(inside(a, values), inside(b, values))
