"""One footing for all curves, symbol and practice for each form along its own outcomes, and a verdict that no draws can flip."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from truce_cases import make_case, make_draws

from vetopoint.case import load_case
from vetopoint.chain import build_world, frame_of, sample_case
from vetopoint.chain.numbers import Numbers
from vetopoint.chain.run import run_case
from vetopoint.quantity import compile_inputs
from vetopoint.truce import PresencePath, Segment, section, tables
from vetopoint.truce._symbol import Worth, symbol
from vetopoint.truce._tables import standing, walk_path
from vetopoint.truce.model import bind

TYPES = ({"host": "spoiling"}, {"host": "tolerant"})


@lru_cache
def bound(folder: Path):
    case = make_case(folder)
    draws = make_draws(case, 256)
    return case, draws, tables(case, draws, [standing("contingent"), standing("none")], TYPES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("footing")


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), path=st.integers(0, 1))
def test_a_game_in_which_one_form_always_stands_has_that_forms_curve(folder: Path, seed: int, path: int) -> None:
    """Whatever the chances of types and of a truce: the mixture, the form and no presence are given the same (today 50 against 46)."""
    case, draws, found = bound(folder)
    rng = np.random.default_rng(seed)
    weights = np.zeros((draws.n, 2, 2))
    weights[:, :, path] = rng.dirichlet([0.7, 0.7, 0.7], size=draws.n)[:, :2] * (rng.random(draws.n) > 0.2)[:, None]
    answer = section(case, draws, found, weights)
    form = next(f for f in answer.forms if f.form == ("contingent", "none")[path])
    assert any(b > 0 for b in form.curve.mean)
    for end in ("mean", "median", "lo", "hi"):
        np.testing.assert_allclose(getattr(answer.mixture, end), getattr(form.curve, end), atol=1e-12, rtol=0)
    for own, mixed in zip(form.hold, answer.mixture_hold, strict=True):
        assert own.holds.mean == pytest.approx(mixed.holds.mean, abs=1e-12)
        assert mixed.lift.mean == pytest.approx(0.0 if own.lift is None else own.lift.mean, abs=1e-12)
        if path == 0:
            assert own.better_than_none == pytest.approx(mixed.better_than_none, abs=1e-12)
        else:
            assert mixed.better_than_none == 0.0


def test_the_hazard_of_types_is_the_mean_of_their_curves_not_the_curve_of_their_mean(folder: Path) -> None:
    case, draws, found = bound(folder)
    weights = np.zeros((draws.n, 2, 2))
    weights[:, 0, 0], weights[:, 1, 0] = 0.1, 0.3
    form = section(case, draws, found, weights).forms[1]
    expected = 0.25 * found.survival[:, 0, 0] + 0.75 * found.survival[:, 1, 0]
    np.testing.assert_allclose(form.curve.mean, expected.mean(axis=0), atol=1e-12)
    assert sum(c.shapley.mean for c in form.channels) == pytest.approx(form.hold[1].lift.mean, abs=1e-12)


def test_without_any_truce_the_types_count_as_they_are(folder: Path) -> None:
    case, draws, found = bound(folder)
    prior = np.tile([0.9, 0.1], (draws.n, 1))
    answer = section(case, draws, found, np.zeros((draws.n, 2, 2)), prior=prior)
    none = 0.9 * found.survival[:, 0, 1] + 0.1 * found.survival[:, 1, 1]
    np.testing.assert_allclose(answer.forms[0].curve.mean, none.mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(answer.mixture.mean, none.mean(axis=0), atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(cut=st.floats(0.05, 29.9), rate=st.sampled_from(["0", "0.4", "3"]))
def test_a_form_cut_in_two_at_any_date_is_the_same_form(folder: Path, cut: float, rate: str) -> None:
    """Months between whole ones are no other months: who leaves within a month is counted at its end, wherever a path is cut."""
    case = make_case(folder, exit=rate)
    model = bind(case, make_draws(case, 64))
    whole = walk_path(model, PresencePath((Segment("contingent", True, 0.0, 30.0),)))[0]
    halves = PresencePath((Segment("contingent", True, 0.0, cut), Segment("contingent", True, cut, 30.0)))
    np.testing.assert_allclose(walk_path(model, halves)[0], whole, atol=1e-12)


# --- symbol and practice ------------------------------------------------------------------------------------------------

CASE = """\
vetopoint: 1
title: Flag or fence
as_of: 2026-01-01
horizon_months: 24
owner: sender
actors: {sender: {}, host: {}}
quantities: {truth: "pert(0.2, 0.5, 0.8)", flag: FLAG, peace: PEACE}
types: {host: {spoiling: {truth: truth, hazard: 3}, tolerant: rest}}
moves:
  luck: {by: chance, at: 0, options: {calm: 0.6, war: rest}}
  answer: {by: host, at: 0, when: luck == calm, options: [post, visits, nobody]}
outcomes: {at_war: luck == war, posted: answer == post, visited: answer == visits, bare: otherwise}
goals: {posted: outcome == posted}
presupposes: luck == calm
forms:
  post: {personnel: 20000, effect: armed_consented, committed_force: 1, formalisation: 1}
  visits: {personnel: 0, formalisation: 1, effect: presence_alternative}
paths: {posted: post from answer, visited: visits from answer}
truce: {starts: luck == calm, overrides: {armed_consented: STRONG, presence_alternative: 1, formal_text: 1, tripwire_uncommitted: 1}}
payoffs:
  sender:
    unit: [bare, posted]
    seen: {channel: symbolic, worth: flag, when: "outcome in [posted, visited]"}
    peace: {channel: practical, worth: peace * truce}
    cost: {channel: cost, worth: -0.01, when: outcome == posted}
  host: {unit: [bare, posted], pain: {worth: -0.3, when: outcome == posted}, joy: {worth: 0.1, when: outcome == visited}}
precision: {sender: 3, host: 2}
line: {length_km: 300}
"""


def world_of(
    folder: Path,
    flag: str = "0.5",
    peace: str = "2",
    strong: str = '"uniform(0.2, 0.4)"',
    draws: int = 512,
    **more: str,
):
    text = CASE.replace("FLAG", flag).replace("PEACE", peace).replace("STRONG", strong)
    for old, new in more.items():
        text = text.replace(old.replace("_", " "), new)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    frame = frame_of(load_case(folder))
    return build_world(frame, sample_case(frame, draws, 1))


def verdicts(folder: Path, draws: int, seed: int, **kwargs: str):
    case = world_of(folder, **kwargs, draws=64).frame.case
    found = run_case(case, Numbers(compile_inputs(case)), draws, seed).truce
    assert found is not None
    return {v.form: v for v in found.symbol}


def worth_of(world):
    from vetopoint.chain.values import worth_by_form
    from vetopoint.game.flow import end_probabilities

    return worth_by_form(world.tables, end_probabilities(world.frame.game, world.play.solution.strategy, world.chance))


def test_the_symbolic_share_counts_of_practice_what_the_presence_adds(tmp_path: Path) -> None:
    """By hand, history by history: flag over flag plus peace times (the truce under the form less the truce under none)."""
    world = world_of(tmp_path)
    found, model = worth_of(world), world.tables.truce.model
    q = world.draws["truth"]
    reached = world.priced.solve()
    assert set(found) == {"post", "visits"}
    curves = {
        name: [walk_path(model, standing(name), factor=f)[0].mean(axis=1) for f in (np.full(512, 3.0), np.ones(512))]
        for name in ("post", "visits", "none")
    }
    for name, outcome in (("post", "posted"), ("visits", "visited")):
        game = world.frame.game
        ends = [np.flatnonzero((game.outcome == outcome) & (game.terminal_combo == t)) for t in (0, 1)]
        chance = [reached.goal(np.isin(np.arange(game.terminals), e).astype(float)) for e in ends]
        added = sum(c * 2 * (s - n) for c, s, n in zip(chance, curves[name], curves["none"], strict=True))
        flag = 0.5 * sum(chance)
        np.testing.assert_allclose(found[name].symbolic, flag / (flag + np.maximum(added, 0)), rtol=1e-9)
        np.testing.assert_allclose(found[name].stands, sum(chance), rtol=1e-9)
    assert found["visits"].symbolic.mean() > 0.99 > 0.9 > found["post"].symbolic.mean()
    assert 0.1 < q.mean() < 0.9


def test_a_truce_that_holds_by_itself_is_no_worth_of_a_presence(tmp_path: Path) -> None:
    """Whatever a truce is worth: a form that does nothing to it is worth what is seen of it (today 20 % of it and less)."""
    for peace in ("1", "100"):
        assert worth_of(world_of(tmp_path, peace=peace))["visits"].symbolic.min() > 0.999


def test_what_counts_with_a_presence_only_counts_in_full(tmp_path: Path) -> None:
    """Practical terms that read no truce, or only where something stands, are no worth without it."""
    change = {"worth:_peace_*_truce": "worth: peace * truce, when: present"}
    world = world_of(tmp_path, **change)
    assert worth_of(world)["visits"].symbolic.mean() < 0.5
    world = world_of(tmp_path, **{"worth:_peace_*_truce": "worth: 0.5 * present"})
    np.testing.assert_allclose(worth_of(world)["visits"].symbolic, 0.5)


CASES = {
    "symbolic": {"flag": '"uniform(0.4, 0.9)"', "peace": '"uniform(0.1, 0.6)"', "strong": '"uniform(0.9, 1.0)"'},
    "practical": {"flag": '"uniform(0.05, 0.2)"', "peace": '"uniform(2, 4)"', "strong": '"uniform(0.2, 0.4)"'},
    "not settled": {"flag": '"uniform(0.4, 0.9)"', "peace": '"uniform(0.1, 0.6)"', "strong": '"uniform(0.2, 0.4)"'},
}


@pytest.mark.slow
@pytest.mark.parametrize("said", CASES)
def test_no_verdict_flips_with_draws_or_seeds(tmp_path: Path, said: str) -> None:
    told = {
        verdicts(tmp_path, n, seed, **CASES[said])["post"].verdict
        for n, seed in ((2000, 1), (2000, 2), (2000, 3), (20_000, 4))
    }
    assert told == {said}


@pytest.mark.parametrize(("little", "symbolic"), [(0.8, 0.9), (0.2, 0.1), (0.9, 0.5), (0.1, 0.5)])
def test_on_a_threshold_nothing_is_said_whatever_the_draws(folder: Path, little: float, symbolic: float) -> None:
    """Draws of lifts and shares that lie on a threshold: more of them must not turn silence into a word, nor one word into the other."""
    from vetopoint.quantity import band
    from vetopoint.truce._symbol import _share, _verdict

    told = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        for n in (2000, 20_000):
            share = _share(Worth(np.clip(rng.normal(symbolic, 0.05, n), 0, 1), np.ones(n)))
            told.append(_verdict(share, band((rng.random(n) < little).astype(float))))
    assert len(told) == 80
    assert told.count("not settled") >= 78


def test_an_unknown_worth_is_no_symbol_and_no_practice(folder: Path) -> None:
    _, draws, found = bound(folder)
    assert symbol(found.model, "contingent", None).verdict == "not settled"
    never = Worth(np.full(draws.n, np.nan), np.zeros(draws.n))
    assert symbol(found.model, "contingent", never).symbolic_share_of_worth is None
