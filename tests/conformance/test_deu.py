"""Models of disputed issues on the public outcomes of DEU III (Arregui & Perarnaud, doi:10.34810/data53).

The compromise model's mean absolute error is 23.08 (23.0 to 23.1 in several independent codings); held-out scores of the
distribution were measured as 16.2 for a mixture of two parts and must not exceed 16.5.
"""

from __future__ import annotations

import runpy
from typing import Any

import pytest

from support import ROOT, reference
from vetopoint.coalition import deu_table, evaluate_deu
from vetopoint.coalition.settlement import FITTED

TOOL = runpy.run_path(str(ROOT / "tools" / "validation" / "deu.py"))


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    return TOOL["validate_deu"](reference("deu3/deu3.csv"))


def test_compromise(result: dict[str, Any]) -> None:
    assert result["issues"] == 364
    assert result["outcomes"] == 353
    compromise = result["models"]["compromise"]
    assert compromise["mae"] == pytest.approx(23.08, abs=0.01)
    assert compromise["rmse"] == pytest.approx(29.82, abs=0.01)
    assert compromise["median"] == pytest.approx(18.02, abs=0.01)


def test_others(result: dict[str, Any]) -> None:
    models = result["models"]
    assert models["constant 50"]["mae"] == pytest.approx(28.02, abs=0.01)
    assert models["plain mean"]["mae"] == pytest.approx(23.71, abs=0.05)
    assert models["nash, costly no agreement"]["mae"] == pytest.approx(23.03, abs=0.05)
    assert models["challenge, scholz2011"]["mae"] == pytest.approx(25.67, abs=0.15)


def test_nothing_beats_the_weighted_mean(result: dict[str, Any]) -> None:
    assert all(m["difference"]["hi"] >= 0 for m in result["models"].values())
    assert result["says"] == "No model beats the weighted mean of positions significantly."


def test_distribution_held_out(result: dict[str, Any]) -> None:
    scores = result["crps"]
    assert scores["calibrated mixture"] <= 16.5
    assert scores["calibrated mixture"] < 0.75 * scores["point compromise"]
    assert scores["positions"] == pytest.approx(18.3, abs=0.2)
    assert len(result["calibration"]) == 19
    assert all(abs(nominal - observed) < 0.05 for nominal, observed in result["calibration"])
    assert 0.75 < result["interval_80"] < 0.85


def test_shipped_mixture_is_the_fitted_one(result: dict[str, Any]) -> None:
    assert result["fitted"] == {k: round(v, 3) for k, v in vars(FITTED).items()}


def test_table_and_plot(result: dict[str, Any]) -> None:
    text = TOOL["report"](result)
    assert "compromise                    23.08" in text
    assert result["says"] in text
    plotted = [line for line in text.splitlines() if "*" in line and line.strip()[:2] == "0."]
    assert len(plotted) == len(result["calibration"])


def test_the_command_scores_the_models_and_the_shipped_distribution(result: dict[str, Any]) -> None:
    found = evaluate_deu(reference("deu3/deu3.csv"))
    assert found["models"] == result["models"]
    assert found["crps"]["positions"] == result["crps"]["positions"]
    # Seen outcomes are met no worse than unseen ones, and not much better: three weights are hardly tuned to 353 outcomes.
    assert 0.0 <= result["crps"]["calibrated mixture"] - found["crps"]["calibrated mixture"] < 0.5
    assert 0.75 < found["interval_80"] < 0.85
    assert "as shipped" in deu_table(found)
