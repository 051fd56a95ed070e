"""Pictures of influence: decisiveness, threats, the moments at which the plan is lost, precision."""

from __future__ import annotations

from collections.abc import Sequence

from vetopoint.answers import DecisivenessAnswer, GoalAnswer, MomentsAnswer, Ranking, ThreatAnswer
from vetopoint.view.charts.game import SHARE, interval
from vetopoint.view.charts.spec import Axis, ChartSpec, Interval, Series, points_axis
from vetopoint.view.names import Names
from vetopoint.view.numbers import Banded, capital, count, percent, percent_band, points_band
from vetopoint.view.tables import Column, Figure, Rows

__all__ = ["chain_figure", "decisiveness_figure", "moments_figure", "precision_figure", "threats_figure"]


def decisiveness_figure(answer: DecisivenessAnswer, names: Names) -> Figure:
    """What it would change if one actor favoured, or refused, the goal above all."""
    ranked = sorted(answer.parties, key=lambda a: (a.owner, -a.decisiveness.mean))
    rows: list[Interval] = []
    for a in ranked:
        label = f"{a.label} (owner, ranked apart)" if a.owner else a.label
        rows += [interval(label, a.unlock, "unlock"), interval(label, a.block, "block")]
    series = (
        Series("unlock", "unlock: gained if it favours the goal above all", "c1"),
        Series("block", "block: lost if it refuses the goal above all", "c2"),
    )
    table = Rows(ranked).under(
        Column("Actor", lambda a: a.label),
        Column("Decisiveness", lambda a: a.decisiveness, "points"),
        Column("Unlock", lambda a: a.unlock, "points"),
        Column("Block", lambda a: a.block, "points"),
        Column("Shapley lift", lambda a: a.lift, "points"),
        Column("First of the actors, in draws", lambda a: a.first, "percent"),
        Column("Median lead", lambda a: a.lead, "points"),
    )
    first = next((a for a in ranked if not a.owner), ranked[0])
    sentence = (
        f"For the goal “{names.goal(answer.goal)}” {first.label} makes the largest difference, "
        f"{points_band(first.decisiveness)} between favouring and refusing it, announced, with the others replying."
    )
    chart = ChartSpec(f"decisiveness-{answer.goal}", "bars", sentence, tuple(rows), x=points_axis(rows), series=series)
    title = f"Who decides, game alone: {names.goal(answer.goal)}"
    return Figure(f"decisiveness-{answer.goal}", title, sentence, table, chart)


def chain_figure(answer: Ranking, names: Names, most: int = 12) -> Figure | None:
    """Actors and members in one ranking, through coalition, truce and game."""
    if not answer.parties:
        return None
    rows: list[Interval] = []
    for p in answer.parties[:most]:
        label = f"{p.label} (member)" if p.kind == "member" else p.label
        rows += [interval(label, p.unlock, "unlock"), interval(label, p.block, "block")]
    table = Rows(answer.parties).under(
        Column("Party", lambda p: p.label),
        Column("Kind", lambda p: p.kind),
        Column("Decisiveness", lambda p: p.decisiveness, "points"),
        Column("Unlock", lambda p: p.unlock, "points"),
        Column("Block", lambda p: p.block, "points"),
        Column("First of all listed, in draws", lambda p: p.first, "percent"),
        Column("Median lead", lambda p: p.lead, "points"),
    )
    first = answer.parties[0]
    sentence = (
        f"For the goal “{names.goal(answer.goal)}”, with members beside actors, {first.label} makes the largest difference: "
        f"{points_band(first.decisiveness)} between its yes and its no."
    )
    series = (Series("unlock", "unlock: gained by its yes", "c1"), Series("block", "block: lost by its no", "c2"))
    chart = ChartSpec(f"chain-{answer.goal}", "bars", sentence, tuple(rows), x=points_axis(rows), series=series)
    note = (
        f"A member is made to join or kept out, whatever its rule; an actor favours or refuses the goal above all; coalition and "
        f"game are solved anew each time, on the first {answer.draws:,} draws. The owner is left out."
    )
    title = f"Who decides through the whole chain: {names.goal(answer.goal)}"
    return Figure(f"chain-{answer.goal}", title, sentence, table, chart, note)


def threats_figure(threats: Sequence[ThreatAnswer], names: Names) -> Figure | None:
    """How likely each threat is carried out, said and unsaid, beside what would make the threatened indifferent."""
    if not threats:
        return None
    rows: list[Interval] = []
    for t in threats:
        for band, key in (
            (t.credibility.made, "made"),
            (t.credibility.not_made, "unsaid"),
            (t.indifference, "indifferent"),
        ):
            if band is not None:
                rows.append(interval(capital(t.label), band, key))
    series = (
        Series("made", "carried out, if made and defied", "bad"),
        Series("unsaid", "carried out, if not made and defied", "c1"),
        Series("indifferent", "probability at which the threatened would be indifferent", "muted"),
    )
    table = Rows(threats).under(
        Column("Threat", lambda t: capital(t.label)),
        Column("By", lambda t: names.actor(t.by)),
        Column("Made", lambda t: t.p_made, "percent"),
        Column("Defied, if made", lambda t: t.p_defied, "percent"),
        Column("Carried out, if made and defied", lambda t: t.credibility.made, "percent"),
        Column("Carried out, if not made", lambda t: t.credibility.not_made, "percent"),
        Column("Threatened indifferent at", lambda t: t.indifference, "percent"),
        Column("In words", lambda t: t.words),
    )
    lead = threats[0]
    made = lead.credibility.made
    sentence = (
        f"“{capital(lead.label)}”: carried out in {percent_band(made)} of the cases in which it is made and defied."
        if made is not None
        else f"“{capital(lead.label)}”: it never comes to the point where it is made and defied."
    )
    chart = ChartSpec("threats", "dots", sentence, tuple(rows), x=SHARE, series=series)
    return Figure("threats", "Are the threats meant?", sentence, table, chart)


def moments_figure(answer: MomentsAnswer, names: Names, most: int = 9) -> Figure:
    """Where the plan is lost: contributions that sum to the probability of failure."""

    def place(actor: str | None, move: str | None, option: str | None, cause: str) -> str:
        if cause == "afterwards":
            return "afterwards, with no move to blame"
        if cause == "start" or move is None:
            return "lost from the start"
        return f"{names.step(actor, move)}: {names.option(move, option)}"

    total: dict[str, float] = {}
    for m in answer.moments:
        label = place(m.actor, m.move, m.option, m.cause)
        total[label] = total.get(label, 0.0) + m.share.mean
    single: dict[str, Banded | None] = {}
    for m in answer.moments:
        label = place(m.actor, m.move, m.option, m.cause)
        single[label] = None if label in single else m.share
    ranked = sorted((k for k in total if total[k] > 0.0005), key=lambda k: -total[k])
    rows = []
    for label in ranked[:most]:
        band = single[label]
        rows.append(Interval(capital(label), total[label], band.lo if band else None, band.hi if band else None))
    rest = sum(total[k] for k in ranked[most:])
    if rest > 0.0005:
        rows.append(Interval(count(len(ranked) - most, "further moment"), rest))
    table = Rows([m for m in sorted(answer.moments, key=lambda m: -m.share.mean) if m.share.mean > 0.0005]).under(
        Column(
            "Moment",
            lambda m: (
                capital(place(m.actor, m.move, m.option, m.cause))
                + (f" (round {m.round})" if m.round is not None and names.rounds.get(m.move or "", 1) > 1 else "")
            ),
        ),
        Column("When", lambda m: names.when(m.at)),
        Column("Share of 1 − P(goal)", lambda m: m.share, "percent"),
    )
    sentence = f"Of the {percent_band(answer.failure)} chance that “{names.goal(answer.goal)}” fails"
    sentence += (
        f", most falls on: {ranked[0]} ({percent(total[ranked[0]])})." if ranked else ", nothing falls on a move."
    )
    note = "The contributions of all moments sum to the probability of failure; rounds of a repeated move are added up in the picture."
    chart = ChartSpec(f"moments-{answer.goal}", "bars", sentence, tuple(rows), x=Axis(format="percent"))
    return Figure(
        f"moments-{answer.goal}", f"Where it is lost: {names.goal(answer.goal)}", sentence, table, chart, note
    )


def precision_figure(goal: GoalAnswer) -> Figure | None:
    """The headline at other precisions of the actors."""
    if not goal.by_precision:
        return None

    def name(factor: float | None) -> str:
        if factor is None:
            return "rational limit"
        return "as stated" if factor == 1 else f"precision × {factor:g}".replace("0.5", "½")

    answers = [(name(p.factor), p.probability) for p in goal.by_precision]
    if not any(p.factor == 1 for p in goal.by_precision):
        answers.insert(1, ("as stated", goal.probability))
    lowest, highest = (f(b.mean for _, b in answers) for f in (min, max))
    sentence = (
        f"With actors half or twice as precise, or fully rational, the chance of “{goal.label}” "
        f"lies between {percent(lowest)} and {percent(highest)}."
    )
    chart = ChartSpec("precision", "dots", sentence, tuple(interval(n, b) for n, b in answers), x=SHARE)
    table = Rows(answers).under(
        Column("Precision of the actors", lambda r: r[0]),
        Column("P(goal)", lambda r: r[1], "percent"),
    )
    return Figure("precision", "If actors chose less, or more, precisely", sentence, table, chart)
