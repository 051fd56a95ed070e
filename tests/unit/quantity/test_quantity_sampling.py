"""Same seed, same bytes; blocks stand on their own; columns do not disturb each other; declared ranks are met."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.quantity import Distribution, SpecError, sample
from vetopoint.quantity.distributions import Beta, Fixed, Normal, Pert, Uniform
from vetopoint.quantity.sampling import BLOCK, SPLIT_BLOCKS, SUB_BLOCK, _scrambling

INPUTS: dict[str, Distribution] = {
    "hostile": Beta(18.7, 7.3),
    "losses": Pert(0, 1, 4),
    "years": Fixed(3.0),
    "seen": Uniform(0, 1),
    "rift": Normal(0, 1),
}
PAIRS = [("hostile", "losses", 0.4), ("losses", "rift", -0.5)]


def ranks(x: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(x)).astype(float)


@given(st.integers(0, 2**63), st.integers(1, 2 * BLOCK))
@settings(max_examples=10, deadline=None)
def test_same_seed_same_bytes(seed: int, draws: int) -> None:
    one, two = (sample(INPUTS, draws, seed, PAIRS) for _ in range(2))
    assert all(one[name].tobytes() == two[name].tobytes() for name in INPUTS)
    assert one.n == draws
    assert one.uniforms("moves.answer").tobytes() == two.uniforms("moves.answer").tobytes()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, BLOCK + 200), st.integers(0, 5)), min_size=2, max_size=5))
@settings(max_examples=10, deadline=None)
def test_what_was_drawn_before_changes_nothing(asked: list[tuple[int, int, int]]) -> None:
    """Scramblings that are kept are those that would be made anew, whatever was fixed, drawn or begun elsewhere meanwhile."""

    def drawn(seed: int, draws: int, block: int) -> bytes:
        inputs = INPUTS | {"seen": Fixed(0.5)} if seed % 2 else INPUTS
        found = sample(inputs, draws, seed, PAIRS, block=block)
        return b"".join(found[name].tobytes() for name in inputs)

    _scrambling.cache_clear()
    together = [drawn(*one) for one in asked]
    for one, found in zip(asked, together, strict=True):
        _scrambling.cache_clear()
        assert drawn(*one) == found


@pytest.mark.parametrize("draws", [100, SUB_BLOCK, BLOCK, BLOCK + 7, 3 * BLOCK, (SPLIT_BLOCKS + 1) * BLOCK])
def test_the_first_draws_do_not_depend_on_how_many_follow(draws: int) -> None:
    whole = sample(INPUTS, (SPLIT_BLOCKS + 2) * BLOCK, 5, PAIRS)
    part, cut = sample(INPUTS, draws, 5, PAIRS), whole.first(draws)
    for name in INPUTS:
        assert part[name].tobytes() == cut[name].tobytes()
    assert part.uniforms("x").tobytes() == cut.uniforms("x").tobytes() == whole.uniforms("x")[:draws].tobytes()


def test_a_column_does_not_depend_on_the_quantities_after_it() -> None:
    few, many = sample(INPUTS, 1000, 2), sample({**INPUTS, "new": Uniform(0, 1)}, 1000, 2)
    assert all((few[name] == many[name]).all() for name in INPUTS)


def test_fixing_one_quantity_leaves_the_others_alone() -> None:
    free, fixed = sample(INPUTS, 1000, 2, PAIRS), sample({**INPUTS, "seen": Fixed(0.5)}, 1000, 2, PAIRS)
    assert all((free[name] == fixed[name]).all() for name in INPUTS if name != "seen")
    assert (sample({**INPUTS, "rift": Fixed(1.0)}, 1000, 2, PAIRS)["losses"] == free["losses"]).all()


def test_seeds_differ() -> None:
    assert not np.isin(sample(INPUTS, BLOCK, 1)["seen"], sample(INPUTS, BLOCK, 2)["seen"]).any()


@given(st.floats(-0.95, 0.95))
@settings(max_examples=15, deadline=None)
def test_declared_rank_correlation_is_met(rank: float) -> None:
    draws = sample({"a": Beta(2, 5), "b": Pert(0, 1, 9), "c": Uniform(0, 1)}, 2 * BLOCK, 3, [("a", "c", rank)])
    assert np.corrcoef(ranks(draws["a"]), ranks(draws["c"]))[0, 1] == pytest.approx(rank, abs=0.02)
    assert np.corrcoef(ranks(draws["a"]), ranks(draws["b"]))[0, 1] == pytest.approx(0, abs=0.03)


def test_correlation_leaves_each_distribution_as_it_is() -> None:
    free, tied = sample(INPUTS, 4 * BLOCK, 4), sample(INPUTS, 4 * BLOCK, 4, PAIRS)
    levels = np.linspace(0.02, 0.98, 49)
    for name in ("hostile", "losses", "rift"):
        np.testing.assert_allclose(
            np.quantile(tied[name], levels), INPUTS[name].ppf(levels), atol=0.02 * float(np.ptp(free[name]))
        )


@pytest.mark.parametrize(
    ("pairs", "message", "remedy"),
    [
        ([("hostil", "losses", 0.4)], "'hostil', which is no quantity; did you mean 'hostile'?", "name two quantities"),
        ([("seen", "seen", 0.4)], "to itself", "two different"),
        ([("seen", "rift", 0.4), ("rift", "seen", 0.4)], "twice", "keep one"),
        ([("seen", "rift", 1.2)], "is 1.2", "between -1 and 1"),
        ([("seen", "rift", float("nan"))], "is nan", "between -1 and 1"),
        (
            [("seen", "rift", 0.9), ("rift", "losses", 0.9), ("seen", "losses", -0.9)],
            "cannot all hold",
            "multiply each by",
        ),
    ],
)
def test_correlations_that_cannot_be(pairs: list[tuple[str, str, float]], message: str, remedy: str) -> None:
    with pytest.raises(SpecError) as caught:
        sample(INPUTS, 10, 1, pairs)
    assert message in caught.value.message
    assert remedy in caught.value.remedy


def test_the_remedy_for_impossible_correlations_works() -> None:
    pairs = [("seen", "rift", 0.9), ("rift", "losses", 0.9), ("seen", "losses", -0.9)]
    with pytest.raises(SpecError) as caught:
        sample(INPUTS, 10, 1, pairs)
    factor = float(caught.value.remedy.split()[3])
    assert 0.3 < factor < 1
    assert sample(INPUTS, 10, 1, [(a, b, r * factor) for a, b, r in pairs]).n == 10


@pytest.mark.parametrize(("draws", "seed"), [(0, 1), (-1, 1), (10, -1)])
def test_counts_and_seeds_are_checked(draws: int, seed: int) -> None:
    with pytest.raises(SpecError):
        sample(INPUTS, draws, seed)


def test_draws_are_read_only_and_replaced_by_copies() -> None:
    draws = sample(INPUTS, 100, 1)
    with pytest.raises(ValueError, match="read-only"):
        draws["seen"][0] = 1
    swung = draws.replace("seen", 0.9)
    assert (swung["seen"] == 0.9).all()
    assert swung.mean("seen") == 0.9
    assert draws.mean("seen") == 0.5
    assert swung["rift"] is draws["rift"]
    shifted = draws.replace("seen", draws["seen"] / 2, mean=0.25)
    assert shifted.mean("seen") == 0.25
    assert shifted.first(10).mean("seen") == 0.25
    with pytest.raises(KeyError, match="did you mean 'seen'"):
        draws.replace("sen", 1.0)
    with pytest.raises(ValueError, match="broadcast"):
        draws.replace("seen", [1.0, 2.0])


def test_means_are_of_the_distribution_and_not_of_the_sample() -> None:
    draws = sample(INPUTS, 3, 1)
    assert draws.mean("losses") == pytest.approx(8 / 6)
    assert draws.mean("hostile") == pytest.approx(18.7 / 26)


def test_named_columns_are_uniform_and_tied_to_nothing() -> None:
    draws = sample({f"q{i}": Uniform(0, 1) for i in range(12)}, 2 * BLOCK, 9)
    column = draws.uniforms("engine")
    assert np.abs(np.sort(column) - (np.arange(draws.n) + 0.5) / draws.n).max() < 0.003
    assert column.min() > 0
    assert column.max() < 1
    others = [*draws.values(), draws.uniforms("other")]
    assert max(abs(np.corrcoef(column, other)[0, 1]) for other in others) < 0.05


def test_no_uncertain_quantity_is_fine() -> None:
    assert sample({}, 10, 1).n == 10
    assert sample({"x": Fixed(2)}, 10, 1)["x"].tolist() == [2.0] * 10


def test_reading_distributions_imports_no_heavy_package() -> None:
    import subprocess

    code = "import sys, vetopoint.quantity; print([m for m in ('numba', 'scipy.stats', 'pandas') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@given(st.integers(0, 9), st.integers(1, 3), st.integers(1, BLOCK))
@settings(max_examples=10)
def test_a_block_is_drawn_without_those_before_it(block: int, blocks: int, last: int) -> None:
    """Row i of block b is row b · 4096 + i of the whole, to the byte: correlated columns, fixed ones and an engine's own uniforms."""
    draws, start = (blocks - 1) * BLOCK + last, block * BLOCK
    whole, part = sample(INPUTS, start + draws, 5, PAIRS), sample(INPUTS, draws, 5, PAIRS, block)
    assert len(part) == len(INPUTS) > 1
    for name in INPUTS:
        assert part[name].tobytes() == whole[name][start:].tobytes()
    assert part.uniforms("x").tobytes() == whole.uniforms("x")[start:].tobytes()
    assert part.first(1).uniforms("x").tobytes() == part.uniforms("x")[:1].tobytes()
