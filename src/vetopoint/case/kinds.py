"""Text where a number or a condition is needed: every expression is tried once, on one history and one draw of ones."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from vetopoint.case.case import Case
from vetopoint.case.document import place_of
from vetopoint.case.expression import FUNCTIONS, Expression, ExpressionError, Scope
from vetopoint.errors import Problem

__all__ = ["check_kinds", "over_history"]


def check_kinds(case: Case) -> Iterator[Problem]:
    """Complaints about expressions that mix options or text with numbers; for cases whose names are all known."""
    for name, spec in case.specs.items():
        yield from _tried(case, name, spec, _ones(spec))
    for name, condition in case.conditions.items():
        if condition.text != "otherwise":
            scope = _one_history(case, name, condition) if over_history(name) else _ones(condition)
            yield from _tried(case, name, condition, scope)


def over_history(name: str) -> bool:
    """Whether the condition at a dotted place looks at moves and outcomes; if not, at members, facts and issues."""
    return not name.startswith(("members.", "issues.")) and name != "coalition.requires"


def _tried(case: Case, name: str, expression: Expression, scope: Scope) -> Iterator[Problem]:
    try:
        expression.evaluate(scope, finite=False)
    except ExpressionError as error:
        yield case.problem(f"'{expression.text}': {error}", error.remedy, *place_of(name))


def _ones(expression: Expression) -> Scope:
    return Scope(dict.fromkeys(expression.names, np.ones(())), functions=_functions(expression))


def _one_history(case: Case, name: str, expression: Expression) -> Scope:
    """One history in which every move was skipped, with as many rounds as the expression asks for.

    Whether a move comes again is asked after one round of it, which then stands for the move.
    """
    section, mover, *rest = [*name.split("."), ""]
    repeated = case.repeated - ({mover} if section == "moves" and "repeat" in rest else set())
    asked = [
        int(node.slice.value)
        for node in ast.walk(expression.tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, int)
    ]
    rounds = np.full(max([2, *asked]), "skipped")
    once = {name: rounds[0] for name in (*case.file.moves, "outcome", *case.file.types)}
    choices = {**once, **dict.fromkeys(repeated, rounds)}
    standing = {name: np.ones(()) for name in ("present", "presence_share")}
    return Scope(standing, choices, _functions(expression), repeated, case.options)


def _functions(expression: Expression) -> Mapping[str, Any]:
    """Whatever is not arithmetic answers with a one; `form_at` with the name of a form."""
    found: dict[str, Any] = {name: lambda *a: np.ones(()) for name in expression.calls - set(FUNCTIONS)}
    return {**found, "form_at": lambda *a: np.array("none")}
