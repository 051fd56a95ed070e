"""Laws of the truce over a whole case: what must follow whatever the numbers are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from truce_cases import TEXT, make_case, make_draws

from vetopoint.errors import CaseError
from vetopoint.truce import PresencePath, Segment, Worth, check, tables
from vetopoint.truce._symbol import channels, symbol
from vetopoint.truce._tables import hold, standing, walk_path
from vetopoint.truce.channels import CHANNELS
from vetopoint.truce.hazard import held
from vetopoint.truce.model import NONE, bind

NO_EFFECT = (
    "{overrides: {armed_consented: 1, presence_alternative: 1, armed_refused: 1, formal_text: 1, tripwire_uncommitted: 1}, "
    "why: {armed_consented: t, presence_alternative: t, armed_refused: t, formal_text: t, tripwire_uncommitted: t}}"
)
FORMS = ("contingent", "remote")


def survival_of(model, form, **kwargs):
    return walk_path(model, standing(form), **kwargs)[0]


@pytest.fixture
def model(tmp_path):
    case = make_case(tmp_path)
    return bind(case, make_draws(case))


def test_all_effects_at_one_give_identical_curves(tmp_path):
    case = make_case(tmp_path, truce=NO_EFFECT)
    model = bind(case, make_draws(case))
    for form in FORMS:
        np.testing.assert_allclose(survival_of(model, form), survival_of(model, NONE), rtol=1e-12)


def test_no_detection_leaves_the_monitoring_channel_without_effect(tmp_path):
    case = make_case(tmp_path, personnel="0")
    model = bind(case, make_draws(case))
    without = [name for name in CHANNELS if name != "monitoring"]
    assert np.all(model.effects["contingent"].detection == 0)
    np.testing.assert_array_equal(hold(model, "contingent", 12), hold(model, "contingent", 12, without))


def test_without_consent_a_form_with_no_row_for_it_equals_no_presence(model):
    refused = walk_path(model, standing("contingent", consented=False))[0]
    np.testing.assert_allclose(refused, survival_of(model, NONE), rtol=1e-12)


def test_channels_at_full_intensity_multiply_to_the_published_effect(tmp_path):
    reference = "{overrides: {detection_reference: 0.1}, why: {detection_reference: t}}"
    case = make_case(tmp_path, personnel="1e9", force="1", length="10", exit="0", truce=reference)
    model = bind(case, make_draws(case))
    assert np.all(model.effects["contingent"].watching == 1.0)
    published = np.log(model.sample("armed_consented"))
    np.testing.assert_allclose(model.effects["contingent"].log_effect(True), published, rtol=1e-12)


def test_shapley_shares_sum_to_the_lift_over_none(model):
    split = channels(model, "contingent")
    lift = hold(model, "contingent", 12) - survival_of(model, NONE)[:, 12]
    assert sum(c.shapley.mean for c in split) == pytest.approx(lift.mean(), abs=1e-12)
    assert {c.channel for c in split} == set(CHANNELS)


def test_practical_and_formal_lift_sum_to_the_full_lift(model):
    found = symbol(model, "contingent", None)
    total = found.practical_lift.points.mean + found.formalisation_lift.points.mean
    assert total == pytest.approx(found.full_lift.points.mean, abs=1e-12)


def test_symbolic_in_words_needs_both_worth_and_little_practice(tmp_path):
    no_tripwire = "{overrides: {tripwire_uncommitted: 1}, why: {tripwire_uncommitted: t}}"
    blind = make_case(tmp_path, personnel="10", force="0", truce=no_tripwire)
    model = bind(blind, make_draws(blind))

    def verdict(symbolic):
        return symbol(model, "contingent", Worth(np.full(model.draws.n, symbolic), np.ones(model.draws.n))).verdict

    assert symbol(model, "contingent", None).practical_small >= 0.8
    assert (verdict(0.8), verdict(0.3)) == ("symbolic", "not settled")
    assert symbol(model, "contingent", None).verdict == "not settled"


def test_ratio_of_lifts_only_where_the_full_lift_is_large(tmp_path):
    sure = "{overrides: {armed_consented: 0.3, formal_text: 0.8}, why: {armed_consented: t, formal_text: t}}"
    case = make_case(tmp_path, truce=sure, force="1")
    found = symbol(bind(case, make_draws(case)), "contingent", None)
    assert found.ratio is not None
    assert 0.0 < found.ratio.mean < 1.0
    assert symbol(bind(case, make_draws(case)), "remote", None).ratio is None


def test_a_type_that_spoils_shortens_every_path(tmp_path):
    case = make_case(tmp_path)
    draws = make_draws(case)
    found = tables(
        case, draws, [standing("contingent"), standing(NONE)], [{}, {"host": "spoiling"}, {"host": "tolerant"}]
    )
    assert found.survival.shape == (draws.n, 3, 2, 37)
    assert np.all(found.survival[:, 1, :, 1:] < found.survival[:, 0, :, 1:])
    np.testing.assert_array_equal(found.survival[:, 2], found.survival[:, 0])


def test_presence_that_leaves_lies_between_staying_and_none(model):
    leaves = PresencePath((Segment("contingent", True, 0.0, 6.5),))
    halfway = walk_path(model, leaves)[0]
    better = survival_of(model, "contingent")[:, -1] > survival_of(model, NONE)[:, -1]
    low = np.where(better, survival_of(model, NONE)[:, -1], survival_of(model, "contingent")[:, -1])
    high = np.where(better, survival_of(model, "contingent")[:, -1], survival_of(model, NONE)[:, -1])
    assert np.all((halfway[:, -1] >= low - 1e-12) & (halfway[:, -1] <= high + 1e-12))
    np.testing.assert_allclose(halfway[:, :7], survival_of(model, "contingent")[:, :7], rtol=1e-12)


def test_faster_exit_brings_it_nearer_to_none(tmp_path):
    gaps = []
    for rate in ("0", "0.5", "5"):
        case = make_case(tmp_path, exit=rate)
        model = bind(case, make_draws(case))
        gaps.append(np.abs(survival_of(model, "contingent")[:, -1] - survival_of(model, NONE)[:, -1]).mean())
    assert gaps[0] > gaps[1] > gaps[2]


def test_a_form_that_goes_on_under_other_terms_brings_nobody_back(tmp_path):
    """Who has left for other causes stays away when consent is revoked, but another form would come afresh."""
    own = "effect: armed_consented\n    effect_refused: armed_consented"
    case = make_case(tmp_path, exit="2", text=TEXT.replace("effect: armed_consented", own))
    model = bind(case, make_draws(case))
    segments = Segment("contingent", True, 0.0, 12.0), Segment("contingent", False, 12.0)
    model = replace(model, effects={**model.effects, "contingent": _same_either_way(model.effects["contingent"])})
    carried_on = walk_path(model, PresencePath(segments))[0]
    np.testing.assert_allclose(carried_on, survival_of(model, "contingent"), rtol=1e-12)


def _same_either_way(effect):
    return replace(effect, watching_refused=effect.watching)


def test_tables_agree_with_their_incidences_and_dates(tmp_path):
    case = make_case(tmp_path)
    path = PresencePath((Segment("contingent", True, 0.5, 10.25), Segment("remote", False, 12.0)), broken_at=20.5)
    found = tables(case, make_draws(case), [path, standing(NONE)], [{}, {"host": "spoiling"}])
    for t in (0, 1):
        factor = found.model.type_factor(found.types[t])
        total = walk_path(found.model, path, factor=factor, causes=True)[1].sum(axis=1)
        assert np.abs(total - (1 - found.survival[:, t, 0])).max() < 1e-12
    assert np.all(held(found.survival, 20.0)[:, :, 0] > 0)
    assert np.all(held(found.survival, 21)[:, :, 0] == 0)


def test_effects_shift_the_mix_of_causes_towards_what_they_do_not_act_on(model):
    effect = model.effects["remote"]
    watched = effect.shares(True, model.mix, ["consent", "monitoring"])
    helps = effect.parts(True)["monitoring"] < 0
    assert helps.any()
    assert np.all(watched[helps, 1] < model.mix[helps, 1])
    np.testing.assert_allclose(watched.sum(axis=1), 1.0)


def test_same_draws_same_bytes_and_a_prefix_is_a_prefix(tmp_path):
    case = make_case(tmp_path)
    draws = make_draws(case, 1024)
    whole, again = (tables(case, draws, [standing("remote")]).survival for _ in range(2))
    np.testing.assert_array_equal(whole, again)
    np.testing.assert_array_equal(tables(case, draws.first(512), [standing("remote")]).survival, whole[:512])


def test_weibull_is_the_alternative(model):
    other = model.with_baseline("weibull")
    assert np.abs(survival_of(other, NONE)[:, 12].mean() - survival_of(model, NONE)[:, 12].mean()) > 0.005


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"truce": "{context: [treety]}"}, "no prior 'treety'"),
        ({"truce": "{context: [exit]}"}, "no effect on the hazard"),
        ({"truce": "{overrides: {armed: 1}, why: {armed: t}}"}, "no prior 'armed'"),
        ({"truce": "{observed: nowhere.csv}"}, "nowhere.csv"),
        ({"truce": "{priors: nowhere.csv}"}, "nowhere.csv"),
    ],
)
def test_an_unknown_row_or_file_is_named_with_its_line(tmp_path, change, word):
    case = make_case(tmp_path, **change)
    with pytest.raises(CaseError, match=word) as caught:
        bind(case, make_draws(case))
    assert caught.value.problems[0].line > 20


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"force": "1.5"}, "between 0 and 1"),
        ({"personnel": "-5"}, "at least 0"),
        ({"exit": "normal(0, 1)"}, "at least 0"),
        ({"length": "0"}, "at least 0.001"),
        ({"truce": "{context: [treaty], overrides: {treaty: -0.5}, why: {treaty: t}}"}, "at least 1e-06"),
    ],
)
def test_a_draw_out_of_range_is_named_with_its_line(tmp_path, change, word):
    case = make_case(tmp_path, **change)
    with pytest.raises(CaseError, match=word) as caught:
        bind(case, make_draws(case))
    assert caught.value.problems[0].line > 10


def test_an_override_without_a_reason_is_a_warning(tmp_path):
    case = make_case(tmp_path, truce="{overrides: {treaty: 0.5}}")
    assert [p.severity for p in check(case)] == ["warning"]


def test_segments_must_follow_each_other():
    with pytest.raises(ValueError, match="before"):
        Segment("a", True, 3.0, 2.0)
    with pytest.raises(ValueError, match="before 'a' has ended"):
        PresencePath((Segment("a", True, 0.0, 5.0), Segment("b", True, 4.0)))
