"""Checks of what is asked of disputed issues."""

from collections.abc import Iterator

from vetopoint.case.case import Case
from vetopoint.case.checks._complaints import unknown
from vetopoint.case.expression import Expression
from vetopoint.case.place import Place
from vetopoint.case.registry import check
from vetopoint.errors import Problem


@check("unknown-issue")
def _issues(case: Case) -> Iterator[Problem]:
    """An expression asks of an issue that there is not, or whether one is agreed that does not say when it is."""
    for place, expression in (*case.specs.items(), *case.conditions.items()):
        for function, name in sorted(expression.asked) if case.file.issues else ():
            if name not in case.file.issues:
                yield unknown(case, "issue", name, case.file.issues, place)
            elif function == "agreed" and case.file.issues[name].agreed_if is None:
                yield _never_agreed(case, name, expression, place)


def _never_agreed(case: Case, name: str, expression: Expression, place: Place) -> Problem:
    message = f"'{expression.text}' asks whether '{name}' is agreed, and the issue does not say when it is"
    return case.problem(message, f"write `agreed_if: spread < 20`, say, under `issues: {{{name}: …}}`", place)


def out_of_place(case: Case, function: str, place: Place) -> Problem:
    """An issue is asked about where only what has been done, or what is drawn, may be looked at."""
    message = f"'{function}(…)' cannot be asked here: it differs from draw to draw, whatever anybody does"
    if place.field == ("Term", "when"):
        return case.problem(message, f"multiply by it under `worth:`, as in `worth: 0.3 * {function}(…)`", place)
    remedy = "ask it in the odds of a chance move, a payoff's `worth`, a goal, or a member's rule and what it `accepts`"
    return case.problem(message, remedy, place)
