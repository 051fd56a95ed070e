"""What a parse derives from its lists, and what it is asked but once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vetopoint.evidence.reader.parse import Parse, once


def tree(heads: list[int]) -> Parse:
    size = len(heads)
    flat = ["x"] * size
    return Parse(flat, flat, flat, flat, flat, heads, [2 * k for k in range(size)], [0] * size)


@st.composite
def heads_of_trees(draw: st.DrawFn) -> list[int]:
    """Heads of a tree over shuffled tokens: the first hangs on itself, each other on one before it."""
    order = draw(st.permutations(range(draw(st.integers(1, 12)))))
    above = [order[draw(st.integers(0, max(at - 1, 0)))] for at in range(len(order))]
    return [head for _, head in sorted(zip(order, above, strict=True))]


@given(heads_of_trees())
def test_first_and_last_token_below_each_are_those_of_its_subtree(heads: list[int]) -> None:
    parse = tree(heads)
    for token in range(len(heads)):
        below = parse.subtree(token)
        assert (parse.lefts[token], parse.rights[token]) == (below[0], below[-1])
        assert parse.children[token] == [c for c, head in enumerate(heads) if head == token != c]


def test_a_function_of_a_parse_is_worked_out_once_for_the_same_places_and_anew_for_others() -> None:
    asked: list[tuple[Parse, int, bool]] = []

    @once
    def told(parse: Parse, token: int, *, whole: bool = False) -> int | None:
        asked.append((parse, token, whole))
        return token or None

    one, other = tree([0, 0]), tree([0, 0])
    answers = [told(one, 1), told(one, 1), told(one, 0), told(one, 0), told(one, 1, whole=True), told(other, 1)]
    assert answers == [1, 1, None, None, 1, 1]
    assert asked == [(one, 1, False), (one, 0, False), (one, 1, True), (other, 1, False)]
