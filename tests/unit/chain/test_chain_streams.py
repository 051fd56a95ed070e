"""Streams of blocks: nothing is lost in sums, the order of workers does not matter, and figures are those of the rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.chain.streams import FEW, KINDS, Block, DamagedStream, Figures, Streams, packed, unpacked
from vetopoint.quantity import Band
from vetopoint.quantity import band as plain_band
from vetopoint.quantity import given as given_condition
from vetopoint.quantity.sampling import BLOCK


def block(number: int, rows: int = BLOCK, seed: int = 0) -> Block:
    rng = np.random.default_rng([seed, number])
    weights = rng.beta(5, 2, rows)
    figures = {
        "often": (rng.beta(2, 3, rows), weights),
        "rare": (rng.beta(0.3, 60, rows), weights),
        "label": ((rng.random(rows) < 0.02) * 1.0, np.ones(rows)),
    }
    return Block(number, {}, figures)


def stream(blocks: list[Block]) -> Figures:
    made = Figures()
    for each in blocks:
        made.add(each)
    return made


def given_band(values: np.ndarray, weights: np.ndarray) -> Band | None:
    return plain_band(values) if (weights == 1).all() else given_condition(values, weights)


def rows_of(blocks: list[Block], name: str) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.concatenate([b.figures[name][i] for b in blocks]) for i in (0, 1))


@pytest.mark.parametrize("draws", [100, 3_000, BLOCK + 5, FEW])
def test_few_draws_have_the_bands_of_a_run(draws: int) -> None:
    blocks = [block(n, min(BLOCK, draws - n * BLOCK)) for n in range(-(-draws // BLOCK))]
    found = stream(blocks).bands()
    assert list(found) == ["often", "rare", "label"]
    for name, band in found.items():
        assert band == given_band(*rows_of(blocks, name))


@pytest.mark.parametrize("last", [1, 2000, BLOCK])
def test_many_draws_have_the_mean_and_error_of_their_rows_and_quantiles_to_a_bin(last: int) -> None:
    blocks = [*(block(n) for n in range(9)), block(9, last)]
    found = stream(blocks)
    assert found.rows is None
    for name, band in found.bands().items():
        exact = given_band(*rows_of(blocks, name))
        assert band is not None
        assert exact is not None
        assert band.mean == pytest.approx(exact.mean, rel=1e-12)
        assert band.mc == pytest.approx(exact.mc, rel=1e-9)
        assert band.lo == pytest.approx(exact.lo, abs=2e-4, rel=2e-3)
        assert band.hi == pytest.approx(exact.hi, abs=2e-4)


@given(st.integers(1, 11), st.integers(1, 11), st.integers(1, BLOCK))
@settings(max_examples=10)
def test_cut_anywhere_the_bytes_are_the_same(first: int, second: int, last: int) -> None:
    """A stream of all blocks is that of the first ones with that of the others merged into it, kept and read again between."""
    blocks = [block(n, 64 if n < 6 else last) for n in range(first + second)]
    whole = stream(blocks)
    kept = Figures.from_bytes(stream(blocks[:first]).to_bytes())
    kept.merge(Figures.from_bytes(stream(blocks[first:]).to_bytes()))
    assert kept.to_bytes() == whole.to_bytes()
    assert kept.bands() == whole.bands()


def test_sums_over_blocks_lose_nothing() -> None:
    """Ten thousand tenths, and one weight of 1e-300 among them: a sum of floats would be off, and would drop it."""
    tenth = Block(9, {}, {"x": (np.array([0.1]), np.array([1.0]))})
    tiny = Block(9, {}, {"x": (np.array([1.0]), np.array([1e-300]))})
    found, turned = stream([*[tenth] * 5_000, tiny, *[tenth] * 5_000]), stream([tiny, *[tenth] * 10_000])
    assert found.sums == turned.sums
    assert found.sums[0][0] > 10_000 * stream([tenth]).sums[0][0]
    assert found.bands()["x"].mean == 0.1  # type: ignore[union-attr]


def test_a_condition_that_never_holds_leaves_no_figure() -> None:
    never = Block(9, {}, {"x": (np.full(10, np.nan), np.zeros(10))})
    assert stream([never] * 10).bands() == {"x": None}


def test_what_is_the_same_in_every_draw_stays_so() -> None:
    same = Block(9, {}, {"x": (np.full(BLOCK, 0.3), np.ones(BLOCK))})
    band = stream([same] * 12).bands()["x"]
    assert band is not None
    assert (band.mean, band.lo, band.hi) == (0.3, 0.3, 0.3)
    assert band.mc < 1e-12


def test_a_byte_that_is_missing_or_another_is_noticed() -> None:
    whole = stream([block(0, 10)]).to_bytes()
    for broken in (whole[:-1], whole[:40], b"", whole[:100] + bytes([whole[100] ^ 1]) + whole[101:]):
        with pytest.raises(DamagedStream):
            Figures.from_bytes(broken)


def test_any_array_comes_back() -> None:
    arrays = {"a, b\n": np.arange(6).reshape(2, 3), "none": np.zeros((0, 4)), "x": np.array([b"\n"], "S1")}
    head, found = unpacked(packed({"é": [1, None]}, arrays))
    assert head == {"é": [1, None]}
    assert list(found) == list(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)


def test_what_is_kept_does_not_grow_with_the_number_of_blocks() -> None:
    """But for the digits of the exact sums, which are as many as the logarithm of what was summed."""
    piece = Streams()
    for number in range(9, 19):
        piece.add(block(number, 50))
    sizes = []
    whole = Streams()
    for _ in range(300):
        whole.merge(Streams.from_bytes(piece.to_bytes()))
        arrays = unpacked(whole.figures.to_bytes())[1]
        sizes.append(sum(array.nbytes for array in arrays.values()))
    assert whole.blocks == whole.figures.blocks == 3_000
    assert len(set(sizes)) == 1
    assert max(len(f"{s:x}") for sums in whole.figures.sums for s in sums) < 2 * 2148 / 4


def test_streams_of_other_kinds_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that an earlier version wrote, with fewer kinds, is made again."""

    class Counted(Figures):
        """Another kind."""

    data = Streams().to_bytes()
    monkeypatch.setitem(KINDS, "counted", Counted)
    with pytest.raises(DamagedStream, match="other kinds"):
        Streams.from_bytes(data)
    both = Streams()
    both.add(block(3, 20))
    both.merge(Streams.from_bytes(both.to_bytes()))
    again = Streams.from_bytes(both.to_bytes())
    assert again.blocks == 2
    assert again.parts["counted"].to_bytes() == again.figures.to_bytes() == both.figures.to_bytes()


def test_other_figures_are_not_added() -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        stream([block(0, 10), Block(1, {}, {"other": (np.zeros(3), np.ones(3))})])
