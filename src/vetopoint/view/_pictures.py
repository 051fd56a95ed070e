"""Which pictures a report has, by section, from what the answers hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from vetopoint.answers import Answers
from vetopoint.view.charts import change as change_charts
from vetopoint.view.charts import coalition as coalition_charts
from vetopoint.view.charts import game as game_charts
from vetopoint.view.charts import influence, line_map
from vetopoint.view.charts import truce as truce_charts
from vetopoint.view.charts.spec import Interval
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count
from vetopoint.view.sentences.change import told_value
from vetopoint.view.tables import Column, Figure, Rows

__all__ = ["Pictures", "pictures"]


@dataclass(frozen=True)
class Pictures:
    """The figures of each section of the report."""

    game: tuple[Figure, ...]
    coalition: tuple[Figure, ...]
    bodies: tuple[Figure, ...]
    truce: tuple[Figure, ...]
    change: tuple[Figure, ...]
    evidence: tuple[Figure, ...]
    methods: tuple[Figure, ...]

    def all(self) -> list[Figure]:
        """Return every figure, in the order of the page."""
        return [f for field in fields(self) for f in getattr(self, field.name)]

    def titles(self) -> dict[str, str]:
        """Return the title of each figure by its id."""
        return {f.id: f.title for f in self.all()}


def _present(figures: Iterable[Figure | None]) -> tuple[Figure, ...]:
    return tuple(f for f in figures if f is not None)


def pictures(answers: Answers, names: Names) -> Pictures:
    """Make every figure that the answers allow."""
    c, t = answers.coalition, answers.truce
    return Pictures(
        game=_game(answers, names),
        coalition=_present(
            (
                coalition_charts.quorum_figure(c, names),
                coalition_charts.members_figure(c, names),
                coalition_charts.weight_figure(c),
                coalition_charts.erosion_figure(c, names),
                coalition_charts.conceding_figure(c, names),
                coalition_charts.blocs_figure(c),
                coalition_charts.expectations_figure(answers.expectations, names),
                *coalition_charts.issue_figures(c),
            )
        )
        if c is not None
        else (),
        bodies=tuple(coalition_charts.bodies_figure(c)) if c is not None else (),
        truce=_present(
            (
                truce_charts.curves_figure(t, names),
                truce_charts.further_figure(t, names),
                truce_charts.causes_figure(t, names),
                truce_charts.coverage_figure(t, names),
                line_map.map_figure(t, names),
                truce_charts.line_figure(t, names),
                truce_charts.needed_figure(t, names),
                truce_charts.symbol_figure(t, names),
                truce_charts.channels_figure(t, names),
                truce_charts.rates_figure(t),
                truce_charts.analogues_figure(t),
                truce_charts.priors_figure(t),
            )
        )
        if t is not None
        else (),
        change=_change(answers, names),
        evidence=_present((change_charts.origins_figure(answers.evidence),)),
        methods=_present((influence.precision_figure(answers.goals[0]), _solver(answers))),
    )


def _game(answers: Answers, names: Names) -> tuple[Figure, ...]:
    lead = answers.goals[0].name
    given = names.condition(answers.run.presupposes) or "the chance events presupposed"
    events = answers.coalition.events if answers.coalition is not None else []
    return _present(
        (
            game_charts.goals_figure(answers.goals, given),
            game_charts.outcomes_figure(answers.outcomes, given),
            game_charts.tree_figure(answers.tree, answers.veto_points, lead, names),
            *(influence.chain_figure(d, names) for d in answers.members_decisiveness),
            *(influence.decisiveness_figure(d, names) for d in answers.decisiveness),
            *(game_charts.calendar_figure(answers.veto_points, g.name, names, events) for g in answers.goals),
            game_charts.options_figure(answers.moves, answers.veto_points, lead, names),
            influence.threats_figure(answers.threats, names),
            *(influence.moments_figure(m, names) for m in answers.moments if m.failure.mean > 0),
            beliefs_figure(answers, names),
        )
    )


def _change(answers: Answers, names: Names) -> tuple[Figure, ...]:
    change = answers.change
    own = {g.name: Interval(g.label, g.probability.mean, g.probability.lo, g.probability.hi) for g in answers.goals}
    return _present(
        (
            change_charts.swings_figure(change, answers.goals[0].probability.mean, names),
            change_charts.tipping_figure(change, names),
            change_charts.twin_figure(change, own, names),
            _findings(answers, names),
            change_charts.stability_figure(change, names),
        )
    )


def _findings(answers: Answers, names: Names) -> Figure | None:
    twin = answers.change.twin
    if not twin:
        return None
    table = Rows({t.finding: t for t in twin}.values()).under(
        Column("Finding", lambda t: capital(names.quoted(t.finding))),
        Column("The case", lambda t: told_value(t.case_value)),
        Column("Vague payoffs", lambda t: told_value(t.twin_value)),
        Column("Due to", lambda t: "structure" if t.structural else "judged payoffs"),
    )
    structural = sum(t.structural for t in twin)
    sentence = f"{capital(count(structural, 'finding'))} of {len(twin)} {'holds' if structural == 1 else 'hold'} under vague payoffs too."
    return Figure("findings", "Each finding under the ignorance twin", sentence, table, open_table=True)


def beliefs_figure(answers: Answers, names: Names) -> Figure | None:
    """What actors come to believe of each other's type."""
    if not answers.beliefs:
        return None
    ranked = sorted(answers.beliefs, key=lambda b: -b.probability.mean)[:24]
    table = Rows(ranked).under(
        Column("After", lambda b: names.history(b.history)),
        Column("When", lambda b: names.when(b.at)),
        Column("History's weight", lambda b: b.probability, "percent"),
        Column("Believer", lambda b: names.actor(b.believer)),
        Column("About", lambda b: names.actor(b.about)),
        Column("Type", lambda b: b.type.replace("_", " ")),
        Column("At first", lambda b: b.prior, "percent"),
        Column("Then", lambda b: b.belief, "percent"),
    )
    largest = max(ranked, key=lambda b: abs(b.belief.mean - b.prior.mean))
    sentence = (
        f"The largest change of mind: {names.actor(largest.believer)} about whether {names.actor(largest.about)} is "
        f"“{largest.type.replace('_', ' ')}”, after {names.history(largest.history)}."
    )
    return Figure("beliefs", "What actors come to believe of each other", sentence, table)


def _solver(answers: Answers) -> Figure | None:
    precision = answers.run.solver.precision
    if not precision:
        return None
    labels = answers.run.actors
    table = Rows(precision.items()).under(
        Column("Actor", lambda r: labels.get(r[0], r[0])),
        Column("Precision λ, in its own unit", lambda r: r[1], "number"),
    )
    sentence = "How precisely each actor chooses the better option: 0 is a coin, large is always the best."
    return Figure("lambda", "Precision of the actors", sentence, table)
