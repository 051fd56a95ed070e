"""The road: of 100 plans, how many are still on a way to success after each move, and which of the moves are coin tosses."""

from __future__ import annotations

from vetopoint.answers import Answers, MoveAnswer, OptionAnswer, RoadStep
from vetopoint.view.names import Names, shortened
from vetopoint.view.numbers import capital, listed
from vetopoint.view.pages._band import Road, Step
from vetopoint.view.pages._page import Page, picture
from vetopoint.view.pages._words import given, hundred, of_hundred, plans
from vetopoint.view.tables import Column, Link, Rows

_LEAST = 0.0005


def page(answers: Answers, names: Names) -> Page | None:
    """The page, or none where no move takes plans off the way."""
    if answers.road is None:
        return None
    lead = answers.goals[0]
    end = (lead.presupposed or lead.probability).mean
    steps = _steps(answers, end, names)
    if not steps:
        return None
    worst = max(steps, key=lambda s: s.lost)
    these = plans(answers, names)
    title = f"Of 100 {these} {hundred(end)} lead to success; {hundred(worst.lost)} are lost at “{worst.label}”"
    condition = given(answers, names)
    words = [
        f"The band is as broad as the number{f', of 100 {condition},' if condition else ' of plans, of 100,'} that may still lead to success after each move."
    ]
    tosses = [f"“{s.label}”" for s in steps if s.toss]
    if tosses:
        words.append(f"A coin toss (◐) is {listed(tosses)}: its options are worth almost the same to whoever chooses.")
    table = Rows(steps).under(
        Column("Move", lambda s: s.label),
        Column("Lost at it", lambda s: s.lost, "percent"),
        Column("Left after it", lambda s: s.left, "percent"),
    )
    label = f"One band that narrows: of 100 {these}, how many may still lead to success after each move; {of_hundred(end)} do in the end."
    start = capital(condition) if condition else "At the start"
    return Page(
        "road",
        "The road",
        title,
        tuple(words),
        picture("road", title, label, table, Road(start, steps)),
        more=(Link("By when the plan is stopped, and by whom", "fig-stopped"),),
    )


def _steps(answers: Answers, end: float, names: Names) -> list[Step]:
    left, steps = 1.0, list[Step]()
    tosses = {(tie.move, tie.round) for tie in answers.near_ties}
    for step in answers.road.steps if answers.road is not None else ():
        lost = left - step.left.mean
        if lost >= _LEAST:
            label = capital(shortened(names.move(step.move, step.round)))
            toss = bool({(step.move, step.round), (step.move, None)} & tosses)
            steps.append(Step(label, step.left.mean, lost, _how(step, answers, names), toss))
            left = step.left.mean
    if left - end >= _LEAST:
        steps.append(Step("Afterwards", end, left - end, "what was built does not last"))
    return steps


def _how(step: RoadStep, answers: Answers, names: Names) -> str:
    """The options that leave the way whatever anybody does next, the commonest first."""
    goal = answers.goals[0].name
    move = next((m for m in answers.moves if (m.move, m.round) == (step.move, step.round)), None)
    ending = [o for o in _by_chance(move) if (then := o.goal_if_forced.get(goal)) is not None and then.mean == 0.0]
    said = listed((names.option(step.move, o.option) for o in ending[:2]), joint="or")
    return said if step.by == "chance" or not said else f"{names.brief(step.by)} {said}"


def _by_chance(move: MoveAnswer | None) -> list[OptionAnswer]:
    options = [o for o in move.options if o.probability is not None] if move is not None else []
    return sorted(options, key=lambda o: -(o.probability.mean if o.probability is not None else 0.0))
