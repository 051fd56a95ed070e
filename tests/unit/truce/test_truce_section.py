"""The truce's section of the answers over a whole case."""

from __future__ import annotations

import json

import numpy as np
import pytest
from truce_cases import make_case, make_draws

from vetopoint.answers import TruceSection
from vetopoint.case import load_case
from vetopoint.truce import PresencePath, Worth, section, tables
from vetopoint.truce._symbol import needed
from vetopoint.truce._tables import hold, standing
from vetopoint.truce.model import bind

LINE = {"type": "LineString", "coordinates": [[30.0, 50.0], [30.0, 54.0]]}
PLAN = "analogue: {form: armed, consent_government: 'yes', consent_opponent: 'no', threatened: true}"


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    (folder / "line.geojson").write_text(json.dumps(LINE), encoding="utf-8")
    case = make_case(folder, truce=f"{{context: [imposed], {PLAN}, overrides: {{exit: 0.1}}, why: {{exit: tested}}}}")
    (folder / "seen.csv").write_text("longitude,latitude\n30.1,52\n", encoding="utf-8")
    drawn = "line: {geojson: line.geojson, incidents: seen.csv}"
    text = case.path.read_text(encoding="utf-8").replace("line: {length_km: 1000}", drawn)
    case.path.write_text(
        text.replace("effect: presence_alternative,", "effect: presence_alternative, coverage: {tail: 0.2},")
    )
    case = load_case(folder)
    draws = make_draws(case)
    paths = [standing("contingent"), standing("remote", consented=False), PresencePath()]
    found = tables(case, draws, paths, [{}, {"host": "spoiling"}])
    weights = np.zeros((draws.n, 2, 3))
    weights[:, 0, 0], weights[:, 1, 1], weights[:, 0, 2] = 0.3, 0.2, 0.1
    return (
        case,
        draws,
        found,
        weights,
        section(case, draws, found, weights, {"contingent": Worth(np.full(draws.n, 0.7), np.ones(draws.n))}),
    )


def test_section_survives_its_own_json(answers):
    found = answers[-1]
    assert TruceSection.model_validate_json(found.model_dump_json()) == found


def test_every_declared_form_is_there_and_the_refused_one_where_the_case_says_what_it_does(answers):
    forms = [(f.form, f.consented) for f in answers[-1].forms]
    assert forms == [("none", True), ("contingent", True), ("remote", True), ("remote", False)]
    for form in answers[-1].forms:
        assert [h.month for h in form.hold] == [6, 12, 24]
        assert (form.hold[0].lift is None) == (form.form == "none")
        total = np.sum([form.incidence[c].mean for c in form.incidence], axis=0)
        np.testing.assert_allclose(total, 1 - np.array(form.curve.mean), atol=1e-12)


def test_mixture_is_the_weighted_mean_of_the_paths(answers):
    _, _, found, _, answer = answers
    s = found.survival
    expected = (0.3 * s[:, 0, 0] + 0.2 * s[:, 1, 1] + 0.1 * s[:, 0, 2]).mean(axis=0) / 0.6
    np.testing.assert_allclose(answer.mixture.mean, expected, rtol=1e-12)
    shares = {name: b.mean for name, b in answer.mixture_weights.items()}
    assert shares == pytest.approx({"contingent": 0.5, "remote without consent": 1 / 3, "none": 1 / 6})


def test_mixture_weighs_draws_by_their_own_chance_of_a_truce(answers):
    case, draws, found, weights, _ = answers
    chance = np.linspace(0.0, 1.0, draws.n)
    answer = section(case, draws, found, weights / 0.6 * chance[:, None, None])
    s = found.survival[..., 12]
    mixed = 0.5 * s[:, 0, 0] + s[:, 1, 1] / 3 + s[:, 0, 2] / 6
    hold = next(h for h in answer.mixture_hold if h.month == 12).holds
    assert answer.mixture.mean[12] == pytest.approx(np.average(mixed, weights=chance))
    curve = answer.mixture
    assert (curve.mean[12], curve.lo[12], curve.hi[12]) == pytest.approx((hold.mean, hold.lo, hold.hi))
    assert curve.lo[12] < curve.median[12] < curve.hi[12]


def test_all_weight_on_the_fallback_equals_the_fallback(answers):
    case, draws, found, weights, _ = answers
    refused = np.zeros_like(weights)
    refused[:, 0, 1] = 1.0
    answer = section(case, draws, found, refused)
    np.testing.assert_allclose(answer.mixture.mean, found.survival[:, 0, 1].mean(axis=0), rtol=1e-12)
    assert answer.symbol[0].symbolic_share_of_worth is None


def test_no_truce_anywhere_leaves_no_mixture(answers):
    case, draws, found, weights, _ = answers
    answer = section(case, draws, found, np.zeros_like(weights))
    assert answer.mixture_hold == ()
    assert answer.mixture_weights == {}


def test_weights_of_another_shape_are_refused(answers):
    case, draws, found, weights, _ = answers
    with pytest.raises(ValueError, match="weights have shape"):
        section(case, draws, found, weights[:, :, :1])


def test_line_is_measured_and_posts_stand_on_it(answers):
    answer = answers[-1]
    assert answer.line is not None
    assert answer.line.incidents == ((30.1, 52.0, ""),)
    assert answer.line.measured_km == pytest.approx(4 * 111.195, rel=1e-4)
    contingent = next(c for c in answer.coverage if c.form == "contingent")
    assert len(contingent.post_points) == len(contingent.post_km) > 3
    assert all(50 < latitude < 54 for _, latitude in contingent.post_points)
    assert {s.light for s in contingent.seen} == {"day", "night"}
    assert {s.event for s in contingent.seen} == {"fire", "reference", "moved gun", "trench"}


def test_priors_show_what_was_replaced_and_why(answers):
    rows = {p.effect: p for p in answers[-1].priors}
    assert rows["exit"].overridden
    assert rows["exit"].why == "tested"
    assert rows["exit"].status == "case"
    assert rows["exit"].estimate == pytest.approx(0.1)
    assert rows["armed_consented"].e_value_limit == 1.0
    assert rows["armed_consented"].e_value > 2
    assert rows["imposed"].conflicts == ""
    assert "baseline_lognormal" in rows


def test_a_re_derived_effect_shows_what_each_set_of_controls_would_mean(answers):
    """A lower hazard ratio lets the truce hold longer under the form that has it; without presence nothing changes."""
    rows = {p.effect: p for p in answers[-1].priors}
    fits = sorted(rows["armed_consented"].specifications, key=lambda s: s.estimate)
    assert [s.controls for s in fits] == ["none", "few", "all"]
    held = [s.holds["contingent"].mean for s in fits]
    assert held == sorted(held, reverse=True)
    assert held[0] > held[-1] + 0.01
    assert len({s.holds["none"].mean for s in fits}) == 1
    assert rows["exit"].specifications == ()


def test_drivers_name_what_moves_the_forecast(answers):
    """A harmful value of its own effect hurts the contingent and leaves no presence alone; a longer baseline helps."""
    swings = {(d.form, d.effect): d.swing for d in answers[-1].drivers}
    assert swings["none", "baseline_lognormal"] > 0.1
    assert swings["contingent", "armed_consented"] < -0.05
    assert abs(swings["contingent", "armed_consented"]) > 3 * abs(swings["none", "armed_consented"])
    mine = [abs(d.swing) for d in answers[-1].drivers if d.form == "contingent"]
    assert mine == sorted(mine, reverse=True)


def test_analogues_and_base_rates_stand_beside_the_model(answers):
    answer = answers[-1]
    assert len(answer.analogues) == 6
    assert answer.analogues[0].consent_government == "yes"
    assert len(answer.base_rates) >= 8
    assert answer.types_shift_hazard
    assert not any("No type shifts" in n for n in answer.notes)


def test_what_it_takes_reaches_the_target(tmp_path):
    """A certain effect on a short line: the people found give the target, a tenth fewer do not."""
    sure = "{target: 0.62, overrides: {armed_consented: 0.3, formal_text: 1, detection_reference: 0.3}, why: {armed_consented: t, formal_text: t, detection_reference: t}}"
    case = make_case(tmp_path, truce=sure, exit="0", force="0.5", personnel="100")
    answers = {n.what: n for n in needed(bind(case, make_draws(case))) if n.form == "contingent"}
    assert answers["personnel"].value is not None
    assert 100 < answers["personnel"].value < 100_000
    assert 0 < answers["detection"].value < 0.3
    assert answers["consent"].value is None
    held = []
    for people in (answers["personnel"].value, 0.9 * answers["personnel"].value):
        model = bind(
            case := make_case(tmp_path, truce=sure, exit="0", force="0.5", personnel=str(people)), make_draws(case)
        )
        held.append(hold(model, "contingent", 12).mean())
    assert held[0] >= 0.62 - 1e-3 > held[1] - 1e-3
    assert held[0] > held[1]


def test_a_case_without_line_or_forms_still_answers(tmp_path):
    case = make_case(tmp_path)
    text = case.path.read_text(encoding="utf-8")
    start, end = text.index("forms:"), text.index("payoffs:")
    case.path.write_text(text[:start] + text[end:].replace("line: {length_km: 1000}\n", ""), encoding="utf-8")
    case = load_case(case.path)
    draws = make_draws(case)
    found = tables(case, draws, [PresencePath()], [{}])
    answer = section(case, draws, found, np.ones((draws.n, 1, 1)))
    assert [f.form for f in answer.forms] == ["none"]
    assert answer.line is None
    assert answer.coverage == ()
    assert any("No line" in n for n in answer.notes)


def test_what_holds_further_is_what_its_own_curve_says(answers):
    """P(holds to h + 12) = P(holds 12 further | held h) · P(holds to h): a ratio of sums over draws, not a mean of ratios."""
    told = [(form, f) for form in answers[-1].forms for f in form.further]
    assert len(told) >= 4
    for form, f in told:
        assert f.holds.mean * form.curve.mean[f.held] == pytest.approx(form.curve.mean[f.held + f.further], abs=1e-12)
