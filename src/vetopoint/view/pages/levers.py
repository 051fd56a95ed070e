"""What would change it: what somebody could announce, and which numbers move the answer over the range thought possible for them."""

from __future__ import annotations

from collections.abc import Iterator

from vetopoint.answers import Answers, AnticipationAnswer, InputAnswer, Swing, TippingPoint
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, natural, number
from vetopoint.view.pages._asked import asked_next
from vetopoint.view.pages._page import Page, Point, picture
from vetopoint.view.pages._rows import Mark, Row, Rows
from vetopoint.view.pages._words import given, hundred
from vetopoint.view.tables import Column, Link
from vetopoint.view.tables import Rows as TableRows

_MARKS = {"low": Mark("at its low end", "ring", "c1"), "high": Mark("at its high end", "dot", "c1")}
_MOST, _LEAST = 3, 0.005
_MOSTLY_ALONE = 0.9


def page(answers: Answers, names: Names) -> Page | None:
    """The page, or none where no number was moved."""
    ranked = sorted(answers.change.swings, key=lambda s: (-abs(s.swing), s.quantity))
    if not ranked:
        return None
    moving = [s for s in ranked if abs(s.swing) >= _LEAST]
    shown = moving[:_MOST]
    inputs = {i.name: i for i in answers.evidence.inputs}
    if not shown:
        title = f"None of {count(len(ranked), 'number')} moved alone changes the answer by half a point"
        points = (*asked_next(answers, names), *_announced(answers, names))
        return Page("levers", "What would change it", title, points=points)
    top = shown[0]
    title = f"{_name(top, names)} matters most: {hundred(min(top.at_low, top.at_high))} to {hundred(max(top.at_low, top.at_high))} of 100 over its range"
    rows = Rows(
        [Row(_name(s, names), {"low": s.at_low, "high": s.at_high}, _range(s, inputs.get(s.quantity))) for s in shown],
        _MARKS,
    )
    table = TableRows(ranked).under(
        Column("Number", lambda s: Link(_name(s, names), f"input-{s.quantity}")),
        Column("Low end", lambda s: s.low, "number"),
        Column("High end", lambda s: s.high, "number"),
        Column("Success at its low end", lambda s: s.at_low, "percent"),
        Column("Success at its high end", lambda s: s.at_high, "percent"),
    )
    return Page(
        "levers",
        "What would change it",
        title,
        tuple(_lead(ranked, moving, shown)),
        picture(
            "levers",
            title,
            "Chance of success with one number at a time at the low and the high end of its range.",
            table,
            rows,
        ),
        points=(
            *asked_next(answers, names),
            *_announced(answers, names),
            *_tipping(answers, names),
            *_together(answers),
        ),
        more=(
            Link("Every number that was moved", "fig-swings"),
            *(
                [Link("What each option is worth, and what knowing more is", "fig-options-worth")]
                if answers.change.decisions
                else []
            ),
        ),
    )


def _lead(ranked: list[Swing], moving: list[Swing], shown: list[Swing]) -> Iterator[str]:
    judged = sum(s.judged for s in shown)
    yield "One number at a time is moved over the range thought possible for it; all others stay as drawn."
    yield f"Of the {count(len(shown), 'number')} below {'all are' if judged == len(shown) else f'{judged} are'} judgement."
    if len(moving) > len(shown):
        yield f"{capital(count(len(moving) - len(shown), 'further number'))} move it by less."
    if still := len(ranked) - len(moving):
        yield f"{capital(count(still, 'other'))} {'moves' if still == 1 else 'move'} it by less than half a point."


def _together(answers: Answers) -> Iterator[Point]:
    """What numbers do together, and on whose word what is uncertain hangs."""
    change = answers.change
    alone, all_ = sum(s.first for s in change.swings), sum(s.total for s in change.swings)
    if all_ <= 0:
        return
    known = f"Of 100 parts of what is uncertain about success, {natural(min(max(alone, 0.0), 1.0))} would go if the numbers became known one by one"
    lines = [known + ("; the rest is what several of them do together." if alone < _MOSTLY_ALONE else ".")]
    hang = sorted((g for g in change.groups if g.by == "source" and g.total > 0), key=lambda g: -g.total)[:2]
    if len(hang) > 1:
        most, next_ = (f"on {g.label}" for g in hang)
        shares = [natural(min(g.total, 1.0)) for g in hang]
        lines.append(
            f"{capital(shares[0])} of them hang {most}, {shares[1]} {next_}; these overlap where numbers act together."
        )
    yield Point("What is uncertain, and on whose word it hangs", tuple(lines))


def _name(s: Swing, names: Names) -> str:
    return capital((s.label or names.quantity(s.quantity)).lstrip("… "))


def _range(s: Swing, known: InputAnswer | None) -> str:
    unit = f" {known.unit}" if known is not None and known.unit else ""
    return f"from {number(s.low)} to {number(s.high)}{unit}"


def _announced(answers: Answers, names: Names, most: int = 3) -> Iterator[Point]:
    """What an actor could say before the first move, and what would follow."""
    goal, owner = answers.goals[0], answers.run.owner
    now = (goal.presupposed or goal.probability).mean
    by: dict[tuple[str, str], AnticipationAnswer] = {}
    for a in answers.anticipation:
        if a.goal == goal.name and a.actor not in (owner, "chance") and a.announced.mean - now >= 0.01:
            by[a.move, a.option] = a
    found = sorted(by.values(), key=lambda a: (now - a.announced.mean, a.move, a.option))[:most]
    lines = [
        f"{names.brief(a.actor)}, “{names.option(a.move, a.option)}” at “{names.move(a.move)}”: {hundred(a.announced.mean)} of 100 succeed instead of {hundred(now)}."
        for a in found
    ]
    if lines:
        condition = given(answers, names)
        yield Point(
            f"What somebody could announce before the first move{f', {condition}' if condition else ''}", tuple(lines)
        )


def _tipping(answers: Answers, names: Names, most: int = 3) -> Iterator[Point]:
    """Where a finding flips within the range of a number, each finding once."""
    tried = answers.change.flips
    within: dict[str, TippingPoint] = {}
    for t in tried:
        if t.value is not None and t.low <= t.value <= t.high:
            within.setdefault(t.finding, t)
    lines = [
        f"“{capital((t.label or names.quantity(t.quantity)).lstrip('… '))}” at {number(t.value or 0.0)}{f' {t.unit}' if t.unit else ''}: {names.quoted(t.finding)}."
        for t in list(within.values())[:most]
    ]
    if lines:
        yield Point("Where it tips", tuple(lines))
    elif tried:
        inputs = max((t.inputs for t in answers.change.tried), default=len({t.quantity for t in tried}))
        yield Point(
            "Where it tips", (f"Nowhere: no finding flips within the range of {count(inputs, 'number')} tried.",)
        )
