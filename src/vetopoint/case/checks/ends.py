"""Checks of outcomes, presence paths, payoffs and expectations."""

from collections.abc import Collection, Iterator

from vetopoint.case.case import Case
from vetopoint.case.checks._complaints import unknown
from vetopoint.case.expression import Expression, ExpressionError
from vetopoint.case.paths import Stretch, parse_path
from vetopoint.case.registry import check
from vetopoint.case.schema import TypeSpec
from vetopoint.errors import Problem


@check("outcomes")
def _outcomes(case: Case) -> Iterator[Problem]:
    """The case has no outcome or no goal, or `otherwise` stands where it closes nothing."""
    for section, remedy in (
        ("outcomes", "say how histories end under `outcomes`"),
        ("goals", "name the outcomes that count as the plan succeeding under `goals`"),
    ):
        if not getattr(case.file, section):
            yield case.problem(f"no {section.removesuffix('s')}", remedy, section)
    for name in list(case.file.outcomes)[:-1]:
        if case.file.outcomes[name] == "otherwise":
            yield case.problem("`otherwise` is not last", "put this outcome at the end of the list", "outcomes", name)
    for place, condition in case.conditions.items():
        if condition.text == "otherwise" and place.section != "outcomes":
            yield case.problem("`otherwise` closes the list of outcomes only", "write a condition", place)


def readable_paths(case: Case) -> Iterator[tuple[str, tuple[Stretch, ...]]]:
    for name, text in case.file.paths.items():
        try:
            yield name, parse_path(text)
        except ExpressionError:
            continue


@check("presence-path")
def _paths(case: Case) -> Iterator[Problem]:
    """A presence path cannot be read, or names a form or a move that the case does not declare."""
    forms, moves = [*case.file.forms, "none"], case.file.moves
    for name, text in case.file.paths.items():
        try:
            stretches = parse_path(text)
        except ExpressionError as error:
            yield case.problem(str(error), error.remedy, "paths", name)
            continue
        for stretch in stretches:
            if stretch.form not in forms:
                yield unknown(case, "form", stretch.form, forms, "paths", name)
            for point in (stretch.start, stretch.end):
                if point is not None and point.move is not None and point.move not in moves:
                    yield unknown(case, "move", point.move, moves, "paths", name)
    if isinstance(case.file.truce.at, str) and case.file.truce.at not in moves:
        yield unknown(case, "move", case.file.truce.at, moves, "truce", "at")


@check("idle-presence", "warning")
def _idle(case: Case) -> Iterator[Problem]:
    """Something bears on how long a truce holds, and the case models none."""
    file = case.file
    idle: list[tuple[str, ...]] = [(section,) for section in ("line", "breaks_truce") if file.declares(section)]
    for actor, types in file.types.items():
        shifting = (name for name, spec in types.items() if isinstance(spec, TypeSpec) and spec.hazard != 1.0)
        idle += [("types", actor, name, "hazard") for name in shifting]
    for place in idle if not file.models_truce else []:
        message = f"'{place[-1]}' counts for nothing in a case without `truce`"
        yield case.problem(message, "say under `truce:` when one begins, or leave it out", *place)


@check("exit-twice", "warning")
def _exits(case: Case) -> Iterator[Problem]:
    """A form's exit is modelled both as a move and as a hazard."""
    for name, stretches in readable_paths(case):
        for stretch in stretches:
            form, end = case.file.forms.get(stretch.form), stretch.end
            if end is not None and end.move and form is not None and form.exit not in (None, 0.0):
                message = f"the exit of '{stretch.form}' is modelled both as the move '{end.move}' and as a hazard"
                remedy = "keep the hazard for causes that no modelled actor decides, or drop one"
                yield case.problem(message, remedy, "paths", name)


@check("payoffs")
def _payoffs(case: Case) -> Iterator[Problem]:
    """An actor moves without a payoff, or its unit is the difference of an outcome from itself."""
    movers = {move.by for move in case.file.moves.values()} - {"chance"}
    for actor in sorted(movers & set(case.file.actors) - set(case.file.payoffs)):
        yield case.problem(f"'{actor}' moves but has no payoff", f"add `payoffs: {actor}:` with its terms", "payoffs")
    for actor, payoff in case.file.payoffs.items():
        if payoff.unit[0] == payoff.unit[1]:
            message = f"a unit of nought: both outcomes are '{payoff.unit[0]}'"
            yield case.problem(message, "name two outcomes whose difference counts as 1", "payoffs", actor, "unit")


@check("expectation")
def _expectations(case: Case) -> Iterator[Problem]:
    """An expectation changes what is no number of the case, or joins a goal or an outcome with something else."""
    ends = {*case.file.goals, *case.file.outcomes}
    for i, expected in enumerate(case.file.expect):
        if expected.number not in case.inputs:
            key = "raise" if expected.raise_ is not None else "lower"
            yield unknown(case, "number", expected.number, case.inputs, "expect", i, key)
        target = case.expression("expect", i, expected.target)
        if target is not None and target.names & ends and not target.is_name and not _compared_only(target, ends):
            message = f"'{target.text}' joins a goal or an outcome with something else"
            remedy = "name it alone, or write a condition such as `outcome in [a, b] and answer == refuse`"
            yield case.problem(message, remedy, "expect", i, expected.target)


def _compared_only(condition: Expression, ends: Collection[str]) -> bool:
    """Whether the names of ends that stand in a condition stand there as words that something is compared with."""
    return condition.names & set(ends) <= {word for _, word in condition.comparisons()}
