"""Other ways to build the case: the declared variants and the ignorance twin side by side, and what survives all of them."""

from __future__ import annotations

from collections import Counter

from vetopoint.answers import Answers, VariantAnswer
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, listed, stop
from vetopoint.view.pages._page import Page, Point, picture
from vetopoint.view.pages._rows import Mark, Row, Rows
from vetopoint.view.pages._words import given, hundred
from vetopoint.view.sentences.change import twin_sentences
from vetopoint.view.tables import Column, Link
from vetopoint.view.tables import Rows as TableRows

_MARKS = {
    "yes": Mark("on its yes", "up", "c1"),
    "now": Mark("as it is", "dot", "c6"),
    "no": Mark("on its no", "down", "c2"),
}
_MOST, _FINDINGS = 11, 3


def page(answers: Answers, names: Names) -> Page | None:
    """The page, or none where the case stands alone."""
    ways = [v for v in answers.variants if not v.failed and v.goals.get(v.goal) is not None]
    points = [*_survives(ways, names), *_twin(answers, names), *_failed(answers)]
    if len(ways) < 2:
        return _alone(answers, names, points)
    shown, goal = ways[:_MOST], answers.goals[0]
    rows = Rows([Row(_label(v), _values(v), _key(v, names)) for v in shown], _MARKS)
    table = TableRows(ways).under(
        Column("How it is built", _label),
        Column("Who matters most", lambda v: names.actor(v.leader) if v.leader else ""),
        Column("On its yes", lambda v: v.on_yes, "percent"),
        Column("As it is", lambda v: v.goals[v.goal], "percent"),
        Column("On its no", lambda v: v.on_no, "percent"),
        Column("Likeliest end", lambda v: names.outcome(v.outcome) if v.outcome else ""),
    )
    leader, times = Counter(v.leader for v in ways if v.leader).most_common(1)[0]
    title = f"{names.brief(leader)} {names.agree(leader, 'matters', 'matter')} most in {times} of {len(ways)} ways to build the case"
    label = "Chance of success in each way to build the case: on the yes of who matters most, as it is, and on its no."
    condition = given(answers, names)
    lead = f"Each row is the whole case with some part written otherwise{f', {condition}' if condition else ''}, on the same draws; the mark is how many of 100 succeed."
    return Page(
        "builds",
        "Other ways to build the case",
        title,
        (lead,),
        picture("builds", title, label, table, rows),
        points=tuple(points),
        more=(
            Link("All variants", "fig-variants"),
            Link(f"All findings on “{names.goal(goal.name)}” under vague payoffs", "fig-findings"),
        ),
    )


def _alone(answers: Answers, names: Names, points: list[Point]) -> Page | None:
    """Without variants: the case beside its ignorance twin."""
    goal = answers.goals[0]
    twin = answers.change.twin_goal.get(goal.name)
    if twin is None or not points:
        return None
    title = f"{hundred((goal.presupposed or goal.probability).mean)} of 100 succeed as built, {hundred(twin.mean)} with payoffs that say nothing"
    lead = "The case declares no variants. Its ignorance twin is the same tree with vague payoffs: what holds there too comes from the order of moves."
    return Page(
        "builds",
        "Other ways to build the case",
        title,
        (lead,),
        points=tuple(points),
        more=(Link("All findings compared", "fig-findings"),),
    )


def _label(v: VariantAnswer) -> str:
    return capital(v.label) if v.name else "The case as written"


def _key(v: VariantAnswer, names: Names) -> str:
    return f"most: {names.brief(v.leader)}" if v.leader else ""


def _values(v: VariantAnswer) -> dict[str, float]:
    found = {"yes": v.on_yes, "now": v.goals[v.goal], "no": v.on_no}
    return {mark: band.mean for mark, band in found.items() if band is not None}


def _survives(ways: list[VariantAnswer], names: Names) -> list[Point]:
    """What is the same in every way to build the case."""
    if len(ways) < 2:
        return []
    lines = []
    if len({v.leader for v in ways}) == 1 and ways[0].leader:
        lines.append(
            f"{names.brief(ways[0].leader)} {names.agree(ways[0].leader, 'matters', 'matter')} most in all of them."
        )
    if len({v.outcome for v in ways}) == 1 and ways[0].outcome:
        lines.append(f"The likeliest end is {names.brief_outcome(ways[0].outcome)} in all of them.")
    own = set(ways[0].vetoes)
    held = {veto for veto in own if all(veto in v.vetoes for v in ways)}
    if own:
        who = listed(dict.fromkeys(names.brief(veto.partition(":")[0]) for veto in sorted(held)))
        lines.append(
            f"{count(len(held), 'way')} to stop the plan {'holds' if len(held) == 1 else 'hold'} in all of them{f' ({who})' if held else ''}."
        )
    return [Point("What survives all of them", tuple(map(capital, lines)) or ("Nothing that was compared.",))]


def _twin(answers: Answers, names: Names) -> list[Point]:
    structural, judged = twin_sentences(answers, names)
    points = []
    if structural:
        points.append(Point("Holds under vague payoffs too, and so comes from the order of moves", _few(structural)))
    if judged:
        points.append(Point("Comes from what somebody judged", _few(judged)))
    return points


def _few(found: list[str]) -> tuple[str, ...]:
    rest = len(found) - _FINDINGS
    return (*map(stop, found[:_FINDINGS]), *([f"{capital(count(rest, 'further finding'))}."] if rest > 0 else []))


def _failed(answers: Answers) -> list[Point]:
    failed = [v.label or v.name for v in answers.variants if v.failed]
    return (
        [
            Point(
                "Could not be answered",
                (f"{listed(f'“{label}”' for label in failed)}: the case cannot be written so.",),
            )
        ]
        if failed
        else []
    )
