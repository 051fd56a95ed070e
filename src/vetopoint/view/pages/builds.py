"""Other ways to build the case: the declared variants and the ignorance twin side by side, and what survives all of them."""

from __future__ import annotations

from vetopoint.answers import Answers
from vetopoint.view.names import Names
from vetopoint.view.numbers import count
from vetopoint.view.pages._page import Page, Point, picture
from vetopoint.view.pages._rows import Mark, Row, Rows
from vetopoint.view.pages._words import hundred
from vetopoint.view.sentences.change import twin_sentences
from vetopoint.view.tables import Column, Link
from vetopoint.view.tables import Rows as TableRows

_MARKS = {"goal": Mark("succeed", "dot", "c1")}
_MOST = 4


def page(answers: Answers, names: Names) -> Page | None:
    """The page, or none where the case stands alone."""
    goal = answers.goals[0]
    twin = answers.change.twin_goal.get(goal.name)
    if twin is None:
        return None
    rows = [Row("The case as built", {"goal": goal.probability.mean}, band=goal.probability, colour="c1")]
    rows.append(
        Row("The same moves with vague payoffs (ignorance twin)", {"goal": twin.mean}, band=twin, colour="muted")
    )
    table = TableRows([("The case as built", goal.probability), ("Ignorance twin", twin)]).under(
        Column("How it is built", lambda r: r[0]), Column("Success", lambda r: r[1], "percent")
    )
    structural, judged = twin_sentences(answers, names)
    title = f"{hundred(goal.probability.mean)} of 100 succeed as built, {hundred(twin.mean)} with vague payoffs"
    points = (
        [Point("Holds either way, and so comes from the order of moves", tuple(structural[:_MOST]))]
        if structural
        else []
    )
    points += [Point("Comes from what somebody judged", tuple(judged[:_MOST]))] if judged else []
    lead = (
        "The twin is the same tree with payoffs that say nothing. What holds there too is due to the order of moves.",
        f"Of {count(len(structural) + len(judged), 'finding')} compared, {count(len(structural), 'holds', 'hold')} either way.",
    )
    label = "Chance of success as the case is built, and with vague payoffs."
    return Page(
        "builds", "Other ways to build the case", title, lead, picture("builds", title, label, table, Rows(rows, _MARKS)), points=tuple(points),
        more=(Link("All findings compared", "fig-findings"),),
    )  # fmt: skip
