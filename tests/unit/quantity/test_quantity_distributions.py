"""Every family is monotone, exact in its mean, recovered by its quantiles, and readable from its own text."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from vetopoint.errors import VetopointError
from vetopoint.quantity import Distribution, SpecError, parse_distribution
from vetopoint.quantity.distributions import (
    Beta,
    Discrete,
    Empirical,
    Fixed,
    LogNormal,
    Normal,
    Pert,
    Triangular,
    Uniform,
)

numbers = st.floats(-1e3, 1e3).map(lambda x: round(x, 3))
positive = st.floats(0.05, 50).map(lambda x: round(x, 3))


@st.composite
def ordered(draw: st.DrawFn) -> tuple[float, float, float]:
    lo, left, right = draw(numbers), draw(positive), draw(positive)
    return lo, round(lo + left, 3), round(lo + left + right, 3)


@st.composite
def discrete(draw: st.DrawFn) -> Discrete:
    values = draw(st.lists(numbers, min_size=1, max_size=6, unique=True))
    parts = draw(st.lists(st.integers(1, 9), min_size=len(values), max_size=len(values)))
    return Discrete(tuple(values), tuple(p / sum(parts) for p in parts))


@st.composite
def cut_normal(draw: st.DrawFn) -> Normal:
    centre, sd = draw(numbers), draw(positive)
    below, above = draw(st.floats(0.1, 3)), draw(st.floats(0.1, 3))
    shift = draw(st.floats(-3, 3))
    return Normal(centre, sd, centre + sd * (shift - below), centre + sd * (shift + above))


@st.composite
def cut_lognormal(draw: st.DrawFn) -> LogNormal:
    middle, factor = draw(positive), draw(st.floats(1.2, 5))
    full = LogNormal(middle, middle * factor)
    lo, hi = full.ppf([draw(st.floats(0.02, 0.4)), draw(st.floats(0.6, 0.98))])
    return LogNormal(middle, middle * factor, float(lo), float(hi))


families = st.one_of(
    st.builds(Normal, numbers, positive),
    cut_normal(),
    st.builds(lambda m, f: LogNormal(m, m * f), positive, st.floats(1.2, 5)),
    cut_lognormal(),
    st.builds(Beta, positive, positive),
    ordered().map(lambda x: Uniform(x[0], x[2])),
    ordered().map(lambda x: Triangular(*x)),
    ordered().map(lambda x: Pert(*x)),
    discrete(),
    st.lists(numbers, min_size=1, max_size=9).map(Empirical.of),
    numbers.map(Fixed),
)


@given(families, st.lists(st.floats(1e-9, 1 - 1e-9), min_size=2, max_size=20))
def test_quantiles_rise_and_stay_inside_the_support(distribution: Distribution, u: list[float]) -> None:
    values = distribution.ppf(np.sort(u))
    lo, hi = distribution.support()
    assert (np.diff(values) >= 0).all()
    assert lo <= values.min()
    assert values.max() <= hi


@given(families)
def test_text_reads_back_as_the_same_distribution(distribution: Distribution) -> None:
    u = np.linspace(0.001, 0.999, 101)
    np.testing.assert_allclose(parse_distribution(distribution.text).ppf(u), distribution.ppf(u), rtol=1e-9, atol=1e-12)


@given(families.filter(lambda d: not isinstance(d, Empirical | Discrete)))
@settings(max_examples=60)
def test_mean_is_the_integral_of_the_quantiles(distribution: Distribution) -> None:
    # Normal scores as integration variable keep the integrand smooth in both tails.
    z, weight = np.polynomial.legendre.leggauss(400)
    z, weight = 8.0 * z, 8.0 * weight * np.exp(-0.5 * (8.0 * z) ** 2) / math.sqrt(2 * math.pi)
    values = distribution.ppf(special.ndtr(z))
    scale = float(np.ptp(distribution.ppf([0.01, 0.99]))) + 1e-9
    assert float(weight @ values) == pytest.approx(distribution.mean(), abs=2e-3 * scale, rel=1e-9)


@pytest.mark.parametrize(
    ("distribution", "cdf"),
    [
        (Normal(2.0, 3.0), lambda x: special.ndtr((x - 2) / 3)),
        (LogNormal(1.0, 2.5), lambda x: special.ndtr(np.log(x) / math.log(2.5) * special.ndtri(0.9))),
        (Beta(2.0, 5.0), lambda x: special.betainc(2.0, 5.0, x)),
        (Beta(0.5, 0.5), lambda x: special.betainc(0.5, 0.5, x)),
        (Beta(0.1, 3.0), lambda x: special.betainc(0.1, 3.0, x)),
        (Beta(400.0, 9.0), lambda x: special.betainc(400.0, 9.0, x)),
        (Uniform(-1.0, 3.0), lambda x: (x + 1) / 4),
        (Triangular(0.0, 1.0, 3.0), lambda x: np.where(x < 1, x**2 / 3, 1 - (3 - x) ** 2 / 6)),
        (Pert(0.0, 1.0, 4.0), lambda x: special.betainc(2.0, 4.0, x / 4)),
    ],
)
def test_distribution_function_undoes_the_quantiles(distribution: Distribution, cdf) -> None:
    u = np.concatenate([10.0 ** -np.arange(1, 9), np.linspace(0.05, 0.95, 19), 1 - 10.0 ** -np.arange(1, 9)])
    np.testing.assert_allclose(cdf(distribution.ppf(u)), u, atol=5e-9)


@given(st.floats(0.2, 2000), st.floats(0.2, 2000))
@settings(max_examples=40)
def test_tabulated_beta_quantiles_equal_inverted_ones(a: float, b: float) -> None:
    u = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 301), [2.0**-33, 1 - 2.0**-33]])
    np.testing.assert_allclose(Beta(a, b).ppf(u), special.betaincinv(a, b, u), atol=2e-9)


def test_a_quantile_has_the_same_bytes_in_any_batch() -> None:
    u = np.random.default_rng(1).random(5000)
    for distribution in (Beta(2, 5), Pert(0, 1, 4), Normal(0, 1), LogNormal(1, 3)):
        whole = distribution.ppf(u)
        assert whole[1234] == distribution.ppf(u[1234])
        assert (whole[:700] == distribution.ppf(u[:700])).all()


def test_lognormal_keeps_what_it_was_given() -> None:
    by_quantiles = parse_distribution("lognormal(median=1.4, p90=2.2)")
    assert by_quantiles.median() == pytest.approx(1.4)
    assert float(by_quantiles.ppf(0.9)) == pytest.approx(2.2)
    by_moments = parse_distribution("lognormal(mean=3, sd=2)")
    u = (np.arange(400_000) + 0.5) / 400_000
    assert by_moments.mean() == pytest.approx(3)
    assert float(np.std(by_moments.ppf(u))) == pytest.approx(2, rel=2e-3)


def test_a_cut_spreads_what_it_removes() -> None:
    cut = parse_distribution("normal(0.5, 0.2, lo=0, hi=1)")
    u = np.linspace(0.01, 0.99, 99)
    inside = special.ndtr([-2.5, 2.5])
    np.testing.assert_allclose(
        special.ndtr((cut.ppf(u) - 0.5) / 0.2), inside[0] + u * (inside[1] - inside[0]), rtol=1e-12
    )
    far = Normal(0.0, 1.0, lo=6.0)
    assert 6.0 < far.median() < far.mean() < 6.2


def test_discrete_shares_are_the_weights() -> None:
    drawn = parse_distribution("discrete(2: 0.7, 1: 0.3, 9: 0)").ppf((np.arange(1000) + 0.5) / 1000)
    assert dict(zip(*np.unique(drawn, return_counts=True), strict=True)) == {1.0: 300, 2.0: 700}


def test_empirical_draws_only_what_was_observed(tmp_path: Path) -> None:
    (tmp_path / "past.csv").write_text("year,months held\n1993,3\n1995,8\n1999,\n2001,5.5\n", encoding="utf-8")
    for text in ("empirical(past.csv, months held)", "empirical('past.csv', \"months held\")"):
        distribution = parse_distribution(text, tmp_path)
        assert set(distribution.ppf(np.linspace(0.01, 0.99, 50))) == {3.0, 5.5, 8.0}
        assert distribution.mean() == pytest.approx(5.5)
    assert parse_distribution("empirical(8, 3, 5.5)").ppf([0.1, 0.5, 0.9]).tolist() == [3.0, 5.5, 8.0]


@pytest.mark.parametrize("text", ["0.3", "3/10", " 0.3 ", "-(-0.3)", 0.3])
def test_numbers(text: str | float) -> None:
    distribution = parse_distribution(text)
    assert isinstance(distribution, Fixed)
    assert distribution.mean() == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("nomal(0, 1)", "unknown distribution 'nomal'", "did you mean 'normal'?"),
        ("exec(1)", "unknown distribution 'exec'", "known distributions: normal"),
        ("pert(1, 2)", "cannot be made of 2 numbers", "pert(lowest, most likely, highest)"),
        ("pert(1, 2, 3, 4)", "cannot be made of 4 numbers", "pert(lowest, most likely, highest)"),
        ("pert(3, 2, 1)", "3, 2, 1 are not in order", "lowest, most likely, highest"),
        ("uniform(1, 1)", "lo 1 is not below hi 1", "lower end first"),
        ("normal(0, -1)", "sd is -1", "above 0"),
        ("normal(0, 1, lo=2, hi=1)", "lo 2 is not below hi 1", "lo below hi"),
        ("normal(0, 1, lo=30)", "almost no probability", "widen"),
        ("normal(0, 1, low=3)", "normal takes no 'low'", "did you mean 'lo'?"),
        ("lognormal(medain=1, p90=2)", "takes no 'medain'", "did you mean 'median'?"),
        ("lognormal(median=2, p90=1)", "p90 1 is not above the median 2", "one draw in ten"),
        ("lognormal(median=0, p90=1)", "median is 0", "positive"),
        ("lognormal(1, 2)", "by name: median and p90", "median=1"),
        ("lognormal(1, p90=2)", "by name", "median=1"),
        ("lognormal(1, 2, lo=0.5)", "by name", "median=1"),
        ("lognormal(3)", "by name", "median=1"),
        ("lognormal(1)", "median and p90", "lognormal(median=1, p90=2.5)"),
        ("beta(0, 1)", "a=0", "above 0"),
        ("beta(mean=1.2, strength=4)", "mean 1.2 is not between 0 and 1", "share"),
        ("beta(1, 2, mean=0.2)", "a and b, or mean and strength", "beta(2, 5)"),
        ("beta(1, 1/0)", "has no value", "number itself"),
        ("beta(hostile, 1)", "'hostile' is not a number", "arithmetic over their names"),
        ("beta(2, 5", "no number, distribution or word", "write beta(2, 5)"),
        ("beta(2,, 5)", "cannot be read", "write beta(2, 5)"),
        ("discrete(1: 0.3, 2: 0.6)", "add up to 0.9, not 1", "add up to 1"),
        ("discrete(1: -0.3, 2: 1.3)", "weight -0.3 of 1 is negative", "probabilities"),
        ("discrete(1: 0.5, 1: 0.5)", "stands twice", "weights up"),
        ("discrete(1, 2)", "value: weight pairs", "discrete(1: 0.3, 2: 0.7)"),
        ("empirical()", "no values", "empirical(3, 5, 8)"),
        ("empirical(past.csv)", "no column is named", "empirical(past.csv, column)"),
        ("uniform(0, 1) + uniform(0, 1)", "more than one distribution", "name two quantities"),
        ("very likley", "no number, distribution or word", "did you mean 'very likely'?"),
        ("1e999", "no number", "write a number"),
        ("uniform(" + "(" * 3000 + "1" + ")" * 3000 + ", 2)", "cannot be read", "brackets"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(text: str, message: str, remedy: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_distribution(text)
    assert message in caught.value.message
    assert remedy in caught.value.remedy
    assert isinstance(caught.value, VetopointError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("empirical(pst.csv, months)", "pst.csv cannot be read", "relative to the case folder"),
        ("empirical(past.csv, month)", "no column 'month'", "did you mean 'months'?"),
        ("empirical(past.csv, note)", "row 3: note is 'long'", "correct or empty"),
        ("empirical(../past.csv, months)", "outside the case folder", "copy the file"),
        ("empirical(/etc/past.csv, months)", "outside the case folder", "copy the file"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, text: str, message: str, remedy: str) -> None:
    (tmp_path / "past.csv").write_text("months,note\n3,1\n5,long\n", encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        parse_distribution(text, tmp_path)
    assert message in caught.value.message
    assert remedy in caught.value.remedy


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_remedy(text: str) -> None:
    try:
        found: Distribution | SpecError = parse_distribution(text)
    except SpecError as error:
        found = error
    assert found.remedy if isinstance(found, SpecError) else math.isfinite(found.median())
