"""What the learner of weights finds where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from support import tool

ranking = tool("validation/ranking")


def simulated(texts: int, weights: dict[str, float], *, each: bool, seed: int) -> list[object]:
    """Texts whose parts are drawn by the very model that is to be learnt: five parties each, standing in random ways."""
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(texts):
        ways = [{way: float(draw.normal()) for way in weights} for _ in range(5)]
        scores = np.array([sum(weights[way] * stands[way] for way in weights) for stands in ways])
        if each:
            right = list(draw.random(5) < 1 / (1 + np.exp(-scores)))
        else:
            odds = np.exp(scores)
            chosen = draw.choice(5, p=odds / odds.sum())
            right = [at == chosen for at in range(5)]
        found.append(ranking.Text("simulated", ways, right, each))
    return found


@pytest.mark.parametrize("each", [False, True])
def test_weights_by_which_parts_were_drawn_are_found_again(each: bool) -> None:
    weights = {"asks": 1.5, "denied": -0.8, "named": 0.0}
    learnt = ranking.learn(simulated(1_500, weights, each=each, seed=5))
    assert all(abs(learnt[way] - weight) < 0.15 for way, weight in weights.items()), learnt


@pytest.mark.parametrize("loss", [ranking.of_one, ranking.of_each])
def test_slopes_are_those_of_the_loss(loss: object) -> None:
    scores, right = np.array([0.3, -1.2, 0.9, 0.1]), np.array([False, True, False, True])
    slope = loss(scores, right)[1]  # type: ignore[operator]
    for at in range(4):
        step = np.eye(4)[at] * 1e-6
        ahead, behind = loss(scores + step, right)[0], loss(scores - step, right)[0]  # type: ignore[operator]
        assert (ahead - behind) / 2e-6 == pytest.approx(slope[at], abs=1e-6)


def test_one_constant_alone_tells_how_many_threaten() -> None:
    """The greatest likelihood of a logit with nothing but a constant is the share itself."""
    texts = [ranking.Text("simulated", [{ranking.CONSTANT: 1.0}] * 4, [True, False, False, False], True)] * 50
    constant = ranking.learn(texts)[ranking.CONSTANT]
    assert 1 / (1 + np.exp(-constant)) == pytest.approx(0.25, abs=1e-4)
