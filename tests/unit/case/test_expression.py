"""The expression language: what it means over arrays, and what it refuses."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.case import Expression, ExpressionError, Scope, parse_path
from vetopoint.case.functions import FUNCTIONS, TABLE

SCOPE = Scope(
    values={"a": np.array([[1.0], [2.0]]), "consent": np.array([[9.0], [9.0]])},
    choices={
        "answer": np.array([["consent", "oppose", "skipped"]]),
        "warn": np.array([["oppose", "silent", "oppose"]]),
        "review": np.array([[["keep", "revoke"], ["keep", "keep"], ["skipped", "skipped"]]]),
    },
    rounds=frozenset(["review"]),
    options={
        "answer": frozenset(["consent", "oppose"]),
        "warn": frozenset(["oppose", "silent"]),
        "review": frozenset(["keep", "revoke"]),
    },
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("answer == consent", [[True, False, False]]),
        ("answer != skipped", [[True, True, False]]),
        ("answer in [consent, oppose]", [[True, True, False]]),
        ("oppose in [warn, answer]", [[True, True, True]]),
        ("not (answer == consent) and warn == oppose", [[False, False, True]]),
        ("any(review == revoke)", [[True, False, False]]),
        ("all(review == keep)", [[False, True, False]]),
        ("count(review == keep)", [[1.0, 2.0, 0.0]]),
        ("review.last == revoke", [[True, False, False]]),
        ("review[1] == keep", [[True, True, False]]),
        ("2 * a if answer == consent else -a", [[2.0, -1.0, -1.0], [4.0, -2.0, -2.0]]),
        ("max(a, 1.5) + min(a, 1, 0)", [[1.5], [2.0]]),
        ("consent / 3 ** 2", [[1.0], [1.0]]),
    ],
)
def test_meaning(text: str, expected: list[list[float]]) -> None:
    assert Expression.parse(text).evaluate(SCOPE).tolist() == expected


@pytest.mark.parametrize(
    "text",
    [
        "a.b",
        "a[x]",
        "lambda: 1",
        "[x for x in y]",
        "f'{a}'",
        "a := 1",
        "a @ b",
        "a if",
        "f(x=1)",
        "().__class__",
        "{1: 2}",
        "a and " * 400 + "a",
    ],
)
def test_refuses(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse(text)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "unknown + 1",
        "review == keep",
        "answer.last == consent",
        "review[5] == keep",
        "any(answer == consent)",
        "eval(a)",
    ],
)
def test_explains_what_cannot_be_evaluated(text: str) -> None:
    with pytest.raises(ExpressionError):
        Expression.parse(text).evaluate(SCOPE)


@given(st.text(max_size=60))
def test_no_text_is_ever_run(text: str) -> None:
    try:
        Expression.parse(text).evaluate(SCOPE)
    except (ExpressionError, ZeroDivisionError, FloatingPointError):
        pass
    except (TypeError, ValueError, RuntimeWarning, OverflowError, IndexError):
        pass


def test_paths() -> None:
    stretches = parse_path("contingent from answer to review.last, then contingent without consent, then none from 48")
    assert [(s.form, s.consented) for s in stretches] == [("contingent", True), ("contingent", False), ("none", True)]
    assert stretches[0].end is not None
    assert stretches[0].end.move == "review"
    assert stretches[2].start is not None
    assert stretches[2].start.months == 48


@pytest.mark.parametrize("text", ["from answer", "contingent until 3", "contingent from", "x from a to"])
def test_paths_that_cannot_be_read(text: str) -> None:
    with pytest.raises(ExpressionError):
        parse_path(text)


numbers = st.one_of(st.integers(-(10**25), 10**25), st.integers(-9, 9), st.floats(-1e6, 1e6)).map(lambda v: f"({v!r})")
arithmetic = st.recursive(
    st.one_of(numbers, st.just("x")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        inner.map(lambda v: f"(-{v})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
        inner.map(lambda v: f"abs({v})"),
    ),
    max_leaves=8,
)


class Python:
    """Python's own floats, as the truth from outside: what it cannot reckon, the language must refuse."""

    def __init__(self, text: str, x: float) -> None:
        wholes = re.sub(r"\((-?\d+)\)", r"(\1.0)", text)
        names = {"x": x, "min": min, "max": max, "abs": abs, "__builtins__": {}}
        try:
            value = eval(wholes, names)  # the text is made of numbers and operators only
        except (OverflowError, ZeroDivisionError):
            value = math.nan
        self.value = value if isinstance(value, float) else math.nan


@given(arithmetic, st.floats(-1e3, 1e3))
def test_arithmetic_is_that_of_floats(text: str, x: float) -> None:
    expected = Python(text, x).value
    try:
        found = float(Expression.parse(text).evaluate(Scope({"x": np.array([x])}))[()].ravel()[0])
    except ExpressionError:
        assert not math.isfinite(expected) or abs(expected) > 1e300
    else:
        assert not math.isfinite(expected) or found == pytest.approx(expected, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(
    ("text", "value"),
    [("10**19", 1e19), ("2**64", 2.0**64), ("10**-3", 1e-3), ("true + true", 2.0), ("-true", -1.0), ("7 / 2", 3.5)],
)
def test_numbers_do_not_wrap(text: str, value: float) -> None:
    assert float(Expression.parse(text).evaluate(Scope())) == value


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_function_takes_what_the_table_says(name: str) -> None:
    function = TABLE[name]
    wrong = [function.least - 1, *([] if function.most is None else [function.most + 1])]
    for count in wrong:
        with pytest.raises(ExpressionError, match="argument"):
            Expression.parse(f"{name}({', '.join(['1'] * count)})")
    argument = "a" if function.takes == "issue" else "1"
    assert Expression.parse(f"{name}({', '.join([argument] * function.least)})").calls == {name}


@given(st.sampled_from(sorted(FUNCTIONS)), st.integers(0, 5))
def test_no_call_writes_into_what_it_is_given(name: str, count: int) -> None:
    values = {f"v{i}": np.array([0.5, 2.0]) for i in range(5)}
    before = {key: value.copy() for key, value in values.items()}
    try:
        Expression.parse(f"{name}({', '.join(list(values)[:count])})").evaluate(Scope(values))
    except ExpressionError:
        assert not FUNCTIONS[name].least <= count <= (FUNCTIONS[name].most or count)
    assert all((values[key] == before[key]).all() for key in before)


@pytest.mark.parametrize(
    "text", ["log(a - 1)", "sqrt(0 - a)", "1 / (a - 1)", "(0 - a) ** 0.5", "exp(1000 * a)", "0 / (a - a)"]
)
def test_what_is_no_finite_number_is_refused_unless_it_is_guarded(text: str) -> None:
    with pytest.raises(ExpressionError, match="finite number"):
        Expression.parse(text).evaluate(SCOPE)
    assert Expression.parse(f"({text}) if a > 9 else 7").evaluate(SCOPE).tolist() == [[7.0], [7.0]]


@pytest.mark.parametrize(
    "text", ["present_at(a)", "truce_held_at(-1)", "k_of(a, b, c)", "joined(review.last)", "form_at(min(1, 2))"]
)
def test_months_and_counts_are_plain_numbers(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse(text)
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["-" * 900 + "a", "not " * 900 + "a", "+".join(["a"] * 400), "9" * 400])
def test_what_is_too_deep_too_long_or_too_large_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        Expression.parse(text)
    assert caught.value.remedy


@pytest.mark.parametrize("text", ["-" * 100 + "a", "+".join(["a"] * 100), "(" * 90 + "a" + ")" * 90])
def test_what_is_long_but_bearable_is_read(text: str) -> None:
    assert Expression.parse(text).names == {"a"}


def test_whether_a_number_is_finite_need_not_be_asked() -> None:
    expression = Expression.parse("1 / (a - 1)")
    assert expression.evaluate(SCOPE, finite=False).tolist() == [[math.inf], [1.0]]
    with pytest.raises(ExpressionError, match="finite number"):
        expression.evaluate(SCOPE)
