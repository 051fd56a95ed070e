"""Pictures of influence: decisiveness, threats, the moments at which the plan is lost, precision."""

from collections.abc import Sequence

from vetopoint.answers import DecisivenessAnswer, MomentAnswer, MomentsAnswer, Ranking, ThreatAnswer
from vetopoint.view.charts.spec import SHARE, Axis, ChartSpec, Interval, Series, bands, coloured, interval
from vetopoint.view.names import Names, lowered
from vetopoint.view.numbers import Banded, capital, count, level_with, percent, percent_band, points, points_band
from vetopoint.view.tables import Column, Figure, Rows


def decisiveness_figure(answer: DecisivenessAnswer, names: Names) -> Figure:
    """What it would change if one actor favoured, or refused, the goal above all."""
    ranked = sorted(answer.parties, key=lambda a: (a.owner, -a.decisiveness.mean))
    rows: list[Interval] = []
    for a in ranked:
        rows += bands(f"{a.label} (owner, ranked apart)" if a.owner else a.label, unlock=a.unlock, block=a.block)
    series = coloured(
        unlock="unlock: gained if it favours the goal above all", block="block: lost if it refuses the goal above all"
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
    others = [a for a in ranked if not a.owner]
    level = level_with(first, others, lambda a: a.decisiveness.mean, lambda a: lowered(a.label), points)
    sentence = (
        f"For the goal “{names.goal(answer.goal)}” {lowered(first.label)} {names.agree(first.party, 'makes', 'make')} the "
        f"largest difference{level}, "
        f"{points_band(first.decisiveness)} between favouring and refusing it, announced, with the others replying."
    )
    id_, title = f"decisiveness-{answer.goal}", f"Who decides, game alone: {names.goal(answer.goal)}"
    return Figure(id_, title, sentence, table, ChartSpec.in_points("bars", rows, series))


def chain_figure(answer: Ranking, names: Names, most: int = 12) -> Figure:
    """Actors and members in one ranking, through coalition, truce and game."""
    rows: list[Interval] = []
    for p in answer.parties[:most]:
        rows += bands(f"{p.label} (member)" if p.kind == "member" else p.label, unlock=p.unlock, block=p.block)
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
    level = level_with(first, answer.parties, lambda p: p.decisiveness.mean, lambda p: lowered(p.label), points)
    its = names.they(first.party, "its", "their")
    sentence = (
        f"For the goal “{names.goal(answer.goal)}”, with members beside actors, {lowered(first.label)} {names.agree(first.party, 'makes', 'make')} the "
        f"largest difference{level}: "
        f"{points_band(first.decisiveness)} between {its} yes and {its} no."
    )
    id_, title = f"chain-{answer.goal}", f"Who decides through the whole chain: {names.goal(answer.goal)}"
    series = coloured(unlock="unlock: gained by its yes", block="block: lost by its no")
    note = (
        f"A member is made to join or kept out, whatever its rule; an actor favours or refuses the goal above all; coalition and "
        f"game are solved anew each time, on the first {answer.draws:,} draws. The owner is left out."
    )
    return Figure(id_, title, sentence, table, ChartSpec.in_points("bars", rows, series), note)


def threats_figure(threats: Sequence[ThreatAnswer], names: Names) -> Figure:
    """How likely each threat is carried out, said and unsaid, beside what would make the threatened indifferent."""
    rows: list[Interval] = []
    for t in threats:
        made, unsaid = t.credibility.made, t.credibility.not_made
        rows += bands(capital(t.label), made=made, unsaid=unsaid, indifferent=_told(t))
    series = (
        Series("made", "carried out, if made and defied", "c5"),
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
        Column("Threatened indifferent at", _told, "percent"),
        Column("In words", lambda t: t.words),
    )
    made = threats[0].credibility.made
    sentence = f"“{capital(threats[0].label)}”: " + (
        f"carried out in {percent_band(made)} of the cases in which it is made and defied."
        if made is not None
        else "it never comes to the point where it is made and defied."
    )
    return Figure("threats", "Are the threats meant?", sentence, table, ChartSpec("dots", rows, x=SHARE, series=series))


def _told(t: ThreatAnswer) -> Banded | None:
    """The point of indifference, where the words give one: not where a few draws carry it."""
    return t.indifference if t.words.startswith("indifferent") else None


def moments_figure(answer: MomentsAnswer, names: Names, given: str = "", most: int = 9) -> Figure:
    """Where the plan is lost, ``given`` what is presupposed: contributions that sum to the probability of failure."""

    def place(m: MomentAnswer) -> str:
        if m.cause == "afterwards":
            return "afterwards, with no move to blame"
        if m.cause == "start" or m.move is None:
            return "lost from the start"
        deterred = f", a refusal by {names.within(m.deterred_by)} being expected" if m.deterred_by else ""
        return f"{names.step(m.actor, m.move)}: {names.option(m.move, m.option)}{deterred}"

    def in_round(m: MomentAnswer) -> str:
        return f" (round {m.round})" if m.round is not None and names.rounds.get(m.move or "", 1) > 1 else ""

    shares: dict[str, list[Banded]] = {}
    for m in answer.moments:
        shares.setdefault(place(m), []).append(m.share)
    total = {label: sum(share.mean for share in own) for label, own in shares.items()}
    ranked = sorted((k for k in total if total[k] > 0.0005), key=lambda k: -total[k])
    rows = [
        interval(capital(k), shares[k][0]) if len(shares[k]) == 1 else Interval(capital(k), total[k])
        for k in ranked[:most]
    ]
    rest = sum(total[k] for k in ranked[most:])
    if rest > 0.0005:
        rows.append(Interval(count(len(ranked) - most, "further moment"), rest))
    table = Rows([m for m in sorted(answer.moments, key=lambda m: -m.share.mean) if m.share.mean > 0.0005]).under(
        Column("Moment", lambda m: capital(place(m)) + in_round(m)),
        Column("When", lambda m: names.when(m.at)),
        Column("Share of 1 − P(goal)", lambda m: m.share, "percent"),
    )
    level = level_with(ranked[0], ranked, total.__getitem__, lowered, percent) if ranked else ""
    falls = (
        f"most falls on: {lowered(ranked[0])} ({percent(total[ranked[0]])}){level}"
        if ranked
        else "nothing falls on a move"
    )
    of = f"Given {given}, of" if given else "Of"
    sentence = f"{of} the {percent_band(answer.failure)} chance that “{names.goal(answer.goal)}” fails, {falls}."
    note = "The contributions of all moments sum to the probability of failure; rounds of a repeated move are added up in the picture."
    id_, title = f"moments-{answer.goal}", f"Where it is lost: {names.goal(answer.goal)}"
    return Figure(id_, title, sentence, table, ChartSpec("bars", rows, x=Axis(format="percent")), note)
