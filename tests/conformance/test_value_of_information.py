"""The value of information against closed forms.

Two options, one of which is worth nothing and the other a normal net benefit with mean m and standard deviation s: perfect information is
worth s·φ(m/s) − |m|·Φ(−|m|/s), the unit normal loss integral (Raiffa & Schlaifer 1961, *Applied Statistical Decision Theory*, 5.3 and
table 11.1). Of a linear net benefit the part that is known is normal too, with the variance that it explains: partial EVPI in the same form
(Ades, Lu & Claxton 2004, *Medical Decision Making* 24, 207-227; Strong, Oakley & Brennan 2014, 34, 311-326).
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from vetopoint.arrays import Floats
from vetopoint.chain.information import DEGREE, Value, value_of_information
from vetopoint.chain.legendre import basis
from vetopoint.game.decision import OptionsWorth
from vetopoint.quantity import sample
from vetopoint.quantity.distributions import Uniform

DRAWS = 20_000
SLOPES = (0.5, 0.3, 0.1, 0.03)
IDLE = 70


def unit_loss(mean: float, spread: float) -> float:
    """What it is worth to know a normal net benefit."""
    return float(spread * norm.pdf(mean / spread) - abs(mean) * norm.cdf(-abs(mean) / spread))


def shares(inputs: int, seed: int, correlate: tuple[tuple[str, str, float], ...] = ()) -> dict[str, Floats]:
    """Sobol' draws of inputs that are uniform."""
    names = [f"x{i}" for i in range(inputs)]
    return dict(sample({name: Uniform(0, 1) for name in names}, DRAWS, seed, correlate).columns)


def valued(u: dict[str, Floats], benefit: Floats, **more: object) -> Value:
    """The value of information where one option is worth nothing and the other is worth `benefit` (n,)."""
    worth = np.stack([np.zeros_like(benefit), benefit], axis=1)[:, None, :]
    polynomials = np.stack([basis(column, DEGREE) for column in u.values()])
    return value_of_information(OptionsWorth(worth, np.ones((len(benefit), 1))), list(u), polynomials, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("mean", [0.0, 0.05, 0.3, -0.6])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_linear_net_benefit_of_many_inputs(mean: float, seed: int) -> None:
    u = shares(len(SLOPES) + IDLE, seed)
    x = norm.ppf(np.stack(list(u.values()), axis=1))
    found = valued(u, mean + x[:, : len(SLOPES)] @ np.array(SLOPES), groups={"two": ["x0", "x1"]})
    whole = float(np.sqrt(np.sum(np.square(SLOPES))))
    assert found.everything.value == pytest.approx(unit_loss(mean, whole), abs=max(4 * found.everything.error, 1e-4))
    for i, slope in enumerate(SLOPES):
        known = found.inputs[f"x{i}"]
        assert known.value == pytest.approx(unit_loss(mean, slope), abs=1e-4 + 4 * known.error)
    two = float(np.hypot(*SLOPES[:2]))
    assert found.groups["two"].value == pytest.approx(unit_loss(mean, two), abs=4 * found.groups["two"].error + 1e-3)
    assert max(found.inputs[f"x{i}"].value for i in range(len(SLOPES), len(u))) <= 1e-4


def test_a_uniform_net_benefit() -> None:
    u = shares(2, 1)
    found = valued(u, 3.0 * u["x0"] - 1.0)  # uniform on −1 to 2: E max = 4/6, less the mean of ½
    assert found.everything.value == pytest.approx(1 / 6, abs=1e-4)
    assert found.inputs["x0"].value == pytest.approx(1 / 6, abs=1e-4)
    assert found.inputs["x1"].value == 0.0


@pytest.mark.parametrize("rank", [0.6, -0.5])
def test_a_tied_input_is_worth_what_it_tells_of_the_other(rank: float) -> None:
    u = shares(12, 3, (("x0", "x1", rank),))
    x = norm.ppf(np.stack(list(u.values()), axis=1))
    normal = 2.0 * np.sin(np.pi * rank / 6.0)  # Kruskal 1958: the normal correlation that has this rank correlation
    found = valued(u, 0.1 + 0.5 * x[:, 1] + 0.2 * x[:, 2], tied=[("x0", "x1")])
    for name, spread in (("x0", 0.5 * abs(normal)), ("x1", 0.5), ("x2", 0.2)):
        known = found.inputs[name]
        assert known.value == pytest.approx(unit_loss(0.1, spread), abs=4 * known.error)
    assert max(found.inputs[f"x{i}"].value for i in range(3, 12)) <= 1e-4


def test_what_two_inputs_are_worth_only_together() -> None:
    """Of a product of two numbers around nought neither tells anything alone; both tell all: E|x·y|/2 = 1/8 for x, y uniform on ±1."""
    u = shares(6, 1)
    found = valued(u, (2 * u["x0"] - 1) * (2 * u["x1"] - 1), groups={"both": ["x0", "x1"], "one": ["x0", "x2"]})
    assert found.everything.value == pytest.approx(1 / 8, abs=1e-3)
    assert found.groups["both"].value == pytest.approx(1 / 8, abs=1e-3)
    assert (found.inputs["x0"].value, found.inputs["x1"].value, found.groups["one"].value) == (0.0, 0.0, 0.0)


def test_the_printed_error_covers_the_closed_form() -> None:
    """Over seeds the closed form lies within two standard errors in about 95 of 100."""
    within = []
    for seed in range(1, 31):
        u = shares(8, seed)
        x = norm.ppf(np.stack(list(u.values()), axis=1))
        found = valued(u, 0.2 + 0.5 * x[:, 0] + 0.4 * x[:, 1] * x[:, 2])
        known = found.inputs["x0"]
        within.append(abs(known.value - unit_loss(0.2, 0.5)) <= 2 * known.error)
    assert sum(within) >= 26


def test_numbers_that_do_nothing_are_worth_nothing_even_next_to_a_tie() -> None:
    """The hardest case: two options worth the same on average, and noise that no input explains alone."""
    false = []
    for seed in range(1, 9):
        u = shares(40, seed)
        noise = np.prod([2.0 * u[f"x{i}"] - 1.0 for i in range(3)], axis=0) * 3.0
        false += [known.value for known in valued(u, noise).inputs.values()]
    assert len(false) == 320
    assert max(false) <= 1e-4
