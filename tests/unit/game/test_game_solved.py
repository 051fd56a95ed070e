"""How the draws were solved is said as it is: draws that end elsewhere in short steps are counted, and failures have their reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from vetopoint.game.priced import Play
from vetopoint.game.solved import _exact_interval, retrace, solver_answer
from vetopoint.game.solver import engine
from vetopoint.game.unroll import unroll


@pytest.fixture(scope="module")
def play(consent_case, price) -> Play:
    game = unroll(consent_case)
    rng = np.random.default_rng(3)
    values = {"hostile": rng.beta(2, 2, 40), "feared": rng.beta(4, 2, 40), "reached": rng.uniform(0.2, 0.8, 40)}
    return price(game, rng.normal(size=(40, game.terminals, 3)), 2.0, values).solve()


def test_the_same_play_is_found_in_short_steps(play: Play) -> None:
    found = retrace(play, 32)
    assert (found.draws, found.elsewhere) == (32, 0)
    assert (found.lo, found.hi) == (0.0, pytest.approx(1 - 0.025 ** (1 / 32)))  # no success in n: Clopper and Pearson


def test_draws_that_ended_elsewhere_are_counted(play: Play) -> None:
    strategy = play.strategy.copy()
    free = int(play.priced.game.tree.action_start[np.flatnonzero(np.diff(play.priced.game.tree.action_start) > 1)[0]])
    strategy[:5, [free, free + 1]] = strategy[:5, [free + 1, free]]
    found = retrace(replace(play, solution=replace(play.solution, strategy=strategy)), 32)
    assert found.elsewhere == 5
    assert found.lo < 5 / 32 < found.hi


def test_a_draw_that_ran_out_of_evaluations_says_so(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = solver_answer(play, 8)
    assert answer.failed == answer.out_of_evaluations == 0
    assert 0 < answer.evaluations[0] <= answer.evaluations[1] <= answer.evaluations[2]
    monkeypatch.setattr(engine, "EVALUATIONS", 3)
    monkeypatch.setattr("vetopoint.game.solved.EVALUATIONS", 3)
    short = solver_answer(play.priced.solve(), 8)
    assert short.failed == short.out_of_evaluations > 0


@given(st.integers(1, 400), st.floats(0, 1))
@settings(deadline=None)
def test_the_interval_of_a_share_is_that_of_clopper_and_pearson(of: int, share: float) -> None:
    count = round(share * of)
    assert _exact_interval(count, of) == pytest.approx(tuple(binomtest(count, of).proportion_ci(0.95)), abs=1e-9)
