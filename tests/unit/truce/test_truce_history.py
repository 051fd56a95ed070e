"""Past plans: base rates as counted by hand, nearness, and a back-test that reads nothing it must not."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from truce_cases import make_case

from vetopoint.errors import CaseError
from vetopoint.truce.backtesting import (
    backtest,
    choice_probabilities,
    compare,
    fate,
    fit_choice,
    fit_consent,
    predict,
)
from vetopoint.truce.history import (
    Plan,
    analogues,
    base_rates,
    case_features,
    load_links,
    load_plans,
    read_plans,
    wilson,
)

FORBIDDEN = (
    "veto_used", "attacked", "end_reason", "year_started", "year_ended", "personnel_peak", "truce_in_place_at_start", "truce_held_12m",
    "truce_held_60m", "note", "outcome", "consent_withdrawn_year",
)  # fmt: skip


def test_shipped_table():
    plans = load_plans()
    assert len(plans) == 57
    assert len({p["id"] for p in plans}) == 57
    assert all(1948 <= p.year <= 2024 for p in plans)
    assert all(p["source_1"] for p in plans)


def test_base_rates_are_those_counted_by_hand():
    """Counts and intervals given with the table by its coder."""
    found = {r.question: r for r in base_rates()}
    expected = {
        "fielded as planned, where the government in control refused or withdrew": (1, 11, 0.02, 0.38),
        "fielded as planned, where only the opponent refused": (4, 6, 0.30, 0.90),
        "an outside veto was used": (8, 57, 0.07, 0.25),
        "the truce held 12 months, of all with a truce": (28, 35, 0.64, 0.90),
        "the truce held 60 months, of all with a truce": (23, 35, 0.49, 0.79),
    }
    for question, (k, n, lo, hi) in expected.items():
        rate = found[question]
        assert (rate.k, rate.n) == (k, n), question
        assert rate.lo == pytest.approx(lo, abs=0.006)
        assert rate.hi == pytest.approx(hi, abs=0.006)


def test_wilson_edges():
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == pytest.approx(1.0)


def test_a_plan_is_its_own_nearest_analogue():
    for plan in load_plans()[::9]:
        features = {
            c: plan[c]
            for c in ("form", "mandate_by", "consent_government", "consent_opponent", "threatened", "year_proposed")
        }
        features["outside_veto_holder"] = "yes" if plan["outside_veto_holder"] else "no"
        nearest = analogues(features, 3)
        assert nearest[0].similarity == pytest.approx(1.0)
        assert plan["id"] in {a.id for a in nearest}
        assert nearest[0].similarity >= nearest[1].similarity >= nearest[2].similarity


def test_a_refused_plan_names_what_came_instead():
    cyprus = next(a for a in analogues({"year_proposed": "1964"}, 57) if a.id == "cyprus-nato-force-1964")
    assert any("UN" in link and "replaced" in link for link in cyprus.linked)
    assert len(load_links()) >= 8


def test_unknown_features_are_not_compared():
    assert analogues({}, 3) == ()
    only = analogues({"consent_opponent": "no"}, 40)
    assert {a.consent_opponent for a in only if a.similarity == 1.0} == {"no"}
    assert all(a.shares == ("consent_opponent",) for a in only if a.similarity == 1.0)


def test_features_come_from_the_case(tmp_path):
    case = make_case(
        tmp_path, truce="{analogue: {form: armed, consent_opponent: 'no', threatened: true, year_proposed: 2025}}"
    )
    assert case_features(case) == {
        "form": "armed",
        "consent_opponent": "no",
        "threatened": "yes",
        "year_proposed": "2025",
    }
    assert case_features(make_case(tmp_path)) == {}


def test_backtest_beats_its_baselines_on_the_shipped_plans():
    """Known limit, asserted so that it stays said: without the consents the model does not beat a rate that knows one of them."""
    found = backtest()
    assert set(found) == {"n", "model", "base_rate", "given_consent"}
    assert set(found["given_consent"]) == {"model", "conditional_rate"}
    json.dumps(found)
    assert found["n"] == 57
    assert found["model"]["log_score"] > found["base_rate"]["log_score"]
    assert found["model"]["brier"] < found["base_rate"]["brier"]
    assert found["given_consent"]["model"]["log_score"] > found["given_consent"]["conditional_rate"]["log_score"]
    assert found["given_consent"]["model"]["brier"] < found["given_consent"]["conditional_rate"]["brier"]
    against = compare()
    assert against["proposal: base_rate"].lo > 0
    assert against["consents: conditional_rate"].lo > 0
    assert against["proposal: conditional_rate"].difference < 0


def test_forbidden_columns_change_no_prediction(tmp_path):
    """Permute everything that is known only afterwards, in the file: predictions are the same to the last bit."""
    plans, rng = load_plans(), np.random.default_rng(8)
    columns = {c: rng.permutation([p[c] for p in plans]) for c in FORBIDDEN}
    rows = [{**p.row, **{c: str(v[i]) for c, v in columns.items()}} for i, p in enumerate(plans)]
    file = tmp_path / "permuted.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    permuted = read_plans(file)
    assert any(p["outcome"] != q["outcome"] for p, q in zip(plans, permuted, strict=True))
    before, after = predict(plans), predict(permuted)
    for name in ("model", "base_rate", "model_given_consent", "conditional_rate"):
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def test_consents_change_the_second_table_only():
    plans = load_plans()[:12]
    turned = [Plan({**p.row, "consent_government": "no", "consent_opponent": "no"}) for p in plans]
    before, after = predict(plans), predict(turned)
    np.testing.assert_array_equal(before.model, after.model)
    assert np.all(after.model_given_consent[:, 0] < 0.3)


def test_own_conflict_is_left_out():
    """A plan whose conflict is renamed is foretold by its own row too, and so better than when the row is left out."""
    plan = next(p for p in load_plans() if p["id"] == "nnsc-korea-1953")
    renamed = replace(plan, row={**plan.row, "conflict": "elsewhere"})
    assert predict([renamed]).model_given_consent[0, fate(plan)] > predict([plan]).model_given_consent[0, fate(plan)]


def test_predictions_are_probabilities_and_refusal_hurts():
    model = fit_consent(load_plans())
    base = {"id": "x", "form": "armed", "mandate_by": "UNSC", "threatened": "no", "outside_veto_holder": ""}
    rows = [
        Plan({**base, "consent_government": g, "consent_opponent": o})
        for g, o in (("yes", "yes"), ("yes", "no"), ("no", "yes"), ("no", "no"))
    ]
    found = model.given_consents(rows)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    assert found[0, 0] > found[1, 0] > found[2, 0] > found[3, 0]
    threatened = model.at_proposal([Plan({**base, "threatened": t}) for t in ("no", "yes")])
    np.testing.assert_allclose(threatened.sum(axis=1), 1.0)
    assert threatened[1, 0] < threatened[0, 0]


def test_choice_fit_finds_the_coefficients_that_made_the_data():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(4_000, 3, 2))
    p = choice_probabilities(x, [1.0, -0.5])
    chosen = (rng.random((4_000, 1)) > np.cumsum(p, axis=1)).sum(axis=1)
    np.testing.assert_allclose(fit_choice(x, chosen, [0, 0], [10, 10]), [1.0, -0.5], atol=0.1)
    np.testing.assert_allclose(fit_choice(x, chosen, [3, 3], [1e-4, 1e-4]), [3, 3], atol=1e-3)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("id,outcome\nx,never_deployed\n", "columns missing"),
        ("id,year_proposed,form,mandate_by,consent_government,consent_opponent,outcome\nx,soon,armed,UNSC,yes,yes,never_deployed\n", "year"),
        ("id,year_proposed,form,mandate_by,consent_government,consent_opponent,outcome\nx,1999,armed,UNSC,yes,yes,perhaps\n", "unknown outcome"),
        ("id,year_proposed,form,mandate_by,consent_government,consent_opponent,outcome\nx\n", "no year"),
        ("id,year_proposed,form,mandate_by,consent_government,consent_opponent,outcome\n", "no plans"),
    ],
)  # fmt: skip
def test_a_bad_table_is_refused(tmp_path, text, word):
    file = tmp_path / "plans.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=word):
        backtest(file)


def test_a_missing_table_is_refused(tmp_path):
    with pytest.raises(CaseError, match="cannot read"):
        backtest(tmp_path / "nowhere.csv")
