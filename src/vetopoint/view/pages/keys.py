"""Who holds a key: for each actor what is reached if it backs the plan throughout, as it is and if it opposes it, and how it could stop it."""

from __future__ import annotations

from vetopoint.answers import Answers
from vetopoint.view.names import Names
from vetopoint.view.numbers import natural
from vetopoint.view.pages._page import Page, Point, picture
from vetopoint.view.pages._reach import Reach, condition, leading, reach_of
from vetopoint.view.pages._rows import Mark, Row, Rows
from vetopoint.view.pages._words import hundred, of_hundred
from vetopoint.view.sentences.vetoes import standing_vetoes
from vetopoint.view.tables import Column, Link
from vetopoint.view.tables import Rows as TableRows

_MARKS = {
    "yes": Mark("backing it", "up", "c1"),
    "now": Mark("as it is", "dot", "c6"),
    "no": Mark("opposing it", "down", "c2"),
}
_KINDS = {
    "rule": "a clause asks for its consent",
    "forcing": "can stop it outright",
    "effective": "can stop it in effect",
}
MOST = 6


def page(answers: Answers, names: Names) -> Page | None:
    """The page, or none where nobody's yes and no are compared."""
    keys = ranked(answers, names)
    if not keys:
        return None
    head = condition(answers, names)
    first, reach = keys[0]
    rows = Rows(
        [Row(names.brief(a), {"yes": r.yes, "now": r.now, "no": r.no}, _tags(answers, a)) for a, r in keys[:MOST]],
        _MARKS,
    )
    table = TableRows(keys).under(
        Column("Actor", lambda k: names.actor(k[0])),
        Column("Backing it throughout", lambda k: k[1].yes, "percent"),
        Column("As it is", lambda k: k[1].now, "percent"),
        Column("Opposing it throughout", lambda k: k[1].no, "percent"),
        Column("How it could stop it", lambda k: _tags(answers, k[0])),
    )
    found = leading(answers)
    decisive = found is not None and (found.asked.decisive if found.asked is not None else found.decisive) == first
    verb = names.agree(first, "holds", "hold") if decisive else names.agree(first, "counts", "count")
    says, it = f"{verb} {'the key' if decisive else 'most'}", names.they(first, "it", "they")
    title = (
        f"{names.brief(first)} {says}: {hundred(reach.yes)} of 100 succeed if {it} {names.they(first, 'backs', 'back')} the plan "
        f"throughout, {hundred(reach.no)} if {it} {names.they(first, 'opposes', 'oppose')} it"
    )
    lead = [
        f"{head}, so many of 100 succeed if an actor wants success above all at every move, as it is, and if it refuses it above all."
    ]
    lead += _answer_alone(names, first, reach)
    for actor, other in keys[1:2]:
        lead.append(
            f"{names.brief(actor)} {names.agree(actor, 'comes', 'come')} next: {hundred(other.yes)} backing it, {hundred(other.no)} opposing it."
        )
    return Page(
        "keys",
        "Who holds a key",
        title,
        tuple(lead),
        picture(
            "keys",
            title,
            f"{head}: chance of success with each actor backing it throughout, as it is, and opposing it.",
            table,
            rows,
        ),
        points=tuple(_deterred(answers, names)),
        tail=(f"The plan’s owner, {names.brief(answers.run.owner)}, can always drop it and is not listed.",),
        more=tuple(_more(answers)),
    )


def _answer_alone(names: Names, actor: str, reach: Reach) -> list[str]:
    """How a backing throughout differs from the one answer that the first page shows; nothing where the actor has no such answer."""
    if reach.fork is None:
        return []
    yes, no = map(natural, reach.answer)
    return [
        "That is more than one yes: it counts at every move, and is known beforehand. "
        f"The answer of {names.brief(actor)} alone, as on the first page, leads to {yes} on a yes, {no} on a no."
    ]


def ranked(answers: Answers, names: Names) -> list[tuple[str, Reach]]:
    """The actors but the owner, by how far apart their yes and their no lie."""
    found = leading(answers)
    if found is None:
        return []
    parties = found.asked.parties if found.asked is not None else found.parties
    reached = [(p.party, reach_of(answers, p.party, names)) for p in parties if not p.owner]
    keys = [(party, reach) for party, reach in reached if reach is not None]
    return sorted(keys, key=lambda k: (k[1].no - k[1].yes, k[0]))


def _tags(answers: Answers, actor: str) -> str:
    """The kinds of veto that an actor has over the leading goal."""
    vetoes = standing_vetoes(answers.veto_points, answers.goals[0].name)
    kinds = {v.kind for v in vetoes if v.actor == actor and not v.rarely_reached}
    return " · ".join(said for kind, said in _KINDS.items() if kind in kinds)


def _deterred(answers: Answers, names: Names) -> list[Point]:
    """Whose expected refusal keeps the owner from asking at all."""
    lost = next((m for m in answers.moments if m.goal == answers.goals[0].name), None)
    by: dict[str, float] = {}
    for moment in lost.moments if lost is not None else ():
        if moment.deterred_by:
            by[moment.deterred_by] = by.get(moment.deterred_by, 0.0) + moment.share.mean
    ranked = sorted(by.items(), key=lambda part: (-part[1], part[0]))
    owner = answers.run.owner
    lines = [
        f"{of_hundred(share)} plans are not tried for fear of a no from {names.brief(who)}."
        for who, share in ranked
        if share >= 0.005
    ]
    if not lines:
        return []
    return [Point(f"What {names.brief(owner)} {names.agree(owner, 'does', 'do')} not even try", tuple(lines))]


def _more(answers: Answers) -> list[Link]:
    goal = answers.goals[0].name
    return [
        Link("Every veto on the calendar", f"fig-calendar-{goal}"),
        Link("Decisiveness, with and without replies", f"fig-decisiveness-{goal}"),
    ]
