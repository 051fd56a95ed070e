"""The expression language: what it means over arrays, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.case import Expression, ExpressionError, Scope, parse_path

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
