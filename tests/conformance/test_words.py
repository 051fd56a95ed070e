"""Words of probability against what readers and published scales say.

Survey: zonination/perceptions (MIT), 46 readers, 2015. Scale: ODNI, Intelligence Community Directive 203 (2015),
D.6.e(2)(a). Possibility without odds: S. Kent, "Words of Estimative Probability", Studies in Intelligence 8(4), 1964.
"""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy import special

from support import reference
from vetopoint.quantity.distributions import Beta, Uniform
from vetopoint.quantity.words import WordOfProbability, all_words, find_word

ROOT = Path(__file__).resolve().parents[2]


def word(text: str, scale: str | None = None) -> WordOfProbability:
    found = find_word(text, scale)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def fit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fit_words", ROOT / "tools" / "fit_words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def answers() -> dict[str, np.ndarray]:
    with reference("perceptions/probly.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 46
    return {name.lower(): np.array([float(row[name]) for row in rows]) / 100 for name in rows[0]}


def test_the_shipped_table_is_a_fresh_fit(fit: ModuleType) -> None:
    shipped = (fit.DATA / "words.csv").read_text(encoding="utf-8").splitlines()
    fresh = fit.table().splitlines()
    assert len(shipped) == len(fresh)
    for old, new in zip(csv.DictReader(shipped), csv.DictReader(fresh), strict=True):
        assert {k: old[k] for k in ("word", "kind", "scale", "source")} == {
            k: new[k] for k in ("word", "kind", "scale", "source")
        }
        if old["kind"] == "probability":
            assert float(new["a"]) == pytest.approx(float(old["a"]), rel=1e-2)
            assert float(new["q50"]) == pytest.approx(float(old["q50"]), abs=2e-3)


def test_every_surveyed_word_is_near_its_readers(answers: dict[str, np.ndarray]) -> None:
    for text, given in answers.items():
        found = word(text, "survey")
        assert "46 readers" in found.source
        for level, room in ((0.25, 0.05), (0.5, 0.05), (0.75, 0.05)):
            assert float(found.distribution.ppf(level)) == pytest.approx(np.quantile(given, level), abs=room), text


def test_words_rank_as_readers_rank_them(answers: dict[str, np.ndarray]) -> None:
    readers = [np.median(x) for x in answers.values()]
    fitted = [word(text, "survey").distribution.median() for text in answers]
    ranks = [np.argsort(np.argsort(x)) for x in (readers, fitted)]
    assert np.corrcoef(*ranks)[0, 1] > 0.97


def test_two_readers_upside_down_do_not_turn_a_word(fit: ModuleType, answers: dict[str, np.ndarray]) -> None:
    given = np.sort(answers["highly unlikely"])
    flipped = np.concatenate([given[:-2], 1 - given[:2]])
    before, after = fit.fit_survey(given), fit.fit_survey(flipped)
    medians = [special.betaincinv(a, b, 0.5) for a, b, _ in (before, after)]
    assert medians[0] == pytest.approx(medians[1], abs=0.01)


@pytest.mark.parametrize(
    ("text", "lo", "hi"),
    [
        ("almost no chance", 0.01, 0.05),
        ("remote", 0.01, 0.05),
        ("very unlikely", 0.05, 0.20),
        ("highly improbable", 0.05, 0.20),
        ("unlikely", 0.20, 0.45),
        ("improbable", 0.20, 0.45),
        ("roughly even chance", 0.45, 0.55),
        ("roughly even odds", 0.45, 0.55),
        ("likely", 0.55, 0.80),
        ("probable", 0.55, 0.80),
        ("very likely", 0.80, 0.95),
        ("highly probable", 0.80, 0.95),
        ("almost certain", 0.95, 0.99),
        ("nearly certain", 0.95, 0.99),
    ],
)
def test_nine_tenths_of_a_scale_word_lie_in_its_published_range(text: str, lo: float, hi: float) -> None:
    found = word(text, "icd203")
    assert found.distribution.ppf([0.05, 0.95]) == pytest.approx([lo, hi], abs=5e-4)
    assert "Directive 203" in found.source


def test_possibility_bears_no_odds() -> None:
    for text in ("could", "might", "possible", "may", "perhaps"):
        found = word(text)
        assert found.kind == "possibility"
        assert found.distribution == Uniform(0, 1)
        assert "Kent" in found.source


def test_certainty_is_a_number() -> None:
    assert word("impossible").distribution.support() == (0, 0)
    assert word("certain").distribution.support() == (1, 1)


def test_every_word_names_its_source_and_kind() -> None:
    assert len(all_words()) > 40
    for text in all_words():
        found = word(text)
        assert found.source
        assert isinstance(found.distribution, Beta) == (found.kind == "probability")


@pytest.mark.parametrize(
    "text", ["Very Likely", "very-likely", " “very likely” ", "VERY  LIKELY", "very likely (icd203)"]
)
def test_spelling_does_not_matter(text: str) -> None:
    assert word(text) == word("very likely")


def test_a_scale_can_be_named() -> None:
    assert word("likely (icd203)").scale == "icd203"
    assert word("likely").scale == "survey"
    assert word("probable", "kent1964").distribution.ppf([0.05, 0.95]) == pytest.approx([0.63, 0.87], abs=1e-3)


@pytest.mark.parametrize(
    ("text", "scale"), [("likley", None), ("we doubt it", None), ("realistic possibility", "icd203")]
)
def test_an_unknown_word_is_none(text: str, scale: str | None) -> None:
    assert find_word(text, scale) is None
