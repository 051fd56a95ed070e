"""Whatever is written, a case file or an expression is read or refused in words; nothing else happens."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from support import ROOT
from vetopoint.case import CaseError, Expression, ExpressionError, Scope, load_case
from vetopoint.quantity import Distribution, SpecError, parse_distribution

TEMPLATE = (ROOT / "src/vetopoint/study/template/case.yaml").read_text(encoding="utf-8")
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MANY = settings(FEW, max_examples=2000)

pieces = st.sampled_from(
    ["", ":", "- ", "{", "}", "[", "]", "&a ", "*a", "!!python/object:os.system ", "|", ">", "'", '"', "#", "\t", "\n", "  ", "%", "@", "<<: ",
     "otherwise", "rest", "null", "~", "1e309", ".nan", "-1", "0x10", "2026-13-40", "true", "() => 1", "__class__", "\x00", "\u2028", "é", "🦊"]
)  # fmt: skip
edits = st.lists(
    st.tuples(st.integers(0, len(TEMPLATE)), st.integers(0, 40), st.one_of(pieces, st.text(max_size=8))), max_size=4
)

words = st.sampled_from(
    ["a", "b", "move", "other", "any", "count", "min", "truth", "skipped", "1", "0", "2.5", "1e400", "''", "'x'"]
)
operators = st.sampled_from(
    ["+", "-", "*", "/", "**", "//", "%", "==", "!=", "<", "<=", " in ", " not in ", " and ", " or ", " if ", " else ", ",", ".", "=", ":=", "@", "|"]
)  # fmt: skip
brackets = st.sampled_from(
    ["", "(", ")", "[", "]", "{", "}", "not ", "-", "lambda: ", "[1]", ".last", ".__class__", "(a for a in b)"]
)
expressions = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(words, operators, brackets), max_size=14).map("".join),
)
SCOPE = Scope(
    {"a": np.array([[0.5], [2.0]]), "b": np.array([[1.0, 0.0, -1.0]])},
    {"move": np.array(["x", "y", "skipped"]), "other": np.array([["x", "y"], ["y", "y"], ["x", "skipped"]])},
    {},
    frozenset(["other"]),
    {"move": frozenset(["x", "y"]), "other": frozenset(["x", "y"])},
)


def load_or_refuse(changes: list[tuple[int, int, str]]) -> None:
    text = TEMPLATE
    for at, length, new in changes:
        text = text[:at] + new + text[at + length :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.yaml"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        try:
            load_case(path)
        except CaseError as error:
            problems = error.problems
        else:
            return
    assert problems
    assert all(p.message and p.remedy for p in problems), problems


def evaluate_or_refuse(text: str) -> None:
    try:
        expression = Expression.parse(text)
        with np.errstate(all="ignore"):
            value = expression.evaluate(SCOPE)
    except ExpressionError:
        return
    assert value.dtype.kind in "bifU"


def draw_or_refuse(text: str) -> None:
    try:
        distribution = parse_distribution(text)
    except SpecError as error:
        complaint = error
    else:
        _is_sound(distribution)
        return
    assert complaint.message
    assert complaint.remedy


def _is_sound(distribution: Distribution) -> None:
    lo, hi = distribution.support()
    values = distribution.ppf(np.array([0.01, 0.5, 0.99]))
    assert lo <= values[0] <= values[1] <= values[2] <= hi


numbers = st.one_of(st.floats(allow_nan=False), st.integers(-3, 3)).map(str)
calls = st.tuples(
    st.sampled_from(["normal", "lognormal", "beta", "uniform", "triangular", "pert", "fixed", "discrete", "empirical", "nobody"]),
    st.lists(st.one_of(numbers, st.tuples(st.sampled_from(["lo", "hi", "mean", "sd", "median", "p90"]), numbers).map("=".join), st.tuples(numbers, numbers).map(": ".join)), max_size=4),
).map(lambda call: f"{call[0]}({', '.join(call[1])})")  # fmt: skip


@FEW
@given(edits)
def test_a_damaged_case_is_read_or_refused(changes: list[tuple[int, int, str]]) -> None:
    load_or_refuse(changes)


@pytest.mark.soak
@pytest.mark.timeout(3000)
@MANY
@given(edits)
def test_many_damaged_cases_are_read_or_refused(changes: list[tuple[int, int, str]]) -> None:
    load_or_refuse(changes)


@FEW
@example("-''")
@example("0/''")
@example("0<''")
@example("0 == 'x'")
@example("max(move, 1)")
@example("1 if move else 0")
@given(expressions)
def test_an_expression_is_evaluated_or_refused(text: str) -> None:
    evaluate_or_refuse(text)


@pytest.mark.soak
@pytest.mark.timeout(3000)
@MANY
@given(expressions)
def test_many_expressions_are_evaluated_or_refused(text: str) -> None:
    evaluate_or_refuse(text)


@FEW
@example("lognormal(4.4e-168, 1.9e97)")
@example("lognormal(mean=1e-200, sd=1e200)")
@example("triangular(0.0, 0.0, 1.7976931348623157e+308)")
@example("beta(7.654326314945415e+32, 1.0)")
@example("beta(1e9, 1e9)")
@example("beta(1e9, 0.2)")
@given(st.one_of(calls, st.text(max_size=30)))
def test_a_distribution_is_read_or_refused(text: str) -> None:
    draw_or_refuse(text)


@pytest.mark.soak
@pytest.mark.timeout(3000)
@MANY
@given(st.one_of(calls, st.text(max_size=30)))
def test_many_distributions_are_read_or_refused(text: str) -> None:
    draw_or_refuse(text)
