"""Pictures of what every figure rests on: the origins of the inputs, the precision of the actors."""

from collections import Counter
from collections.abc import Iterator

from vetopoint.answers import Answers, EvidenceSection, GoalAnswer, MethodChange, RunAnswer, Swing
from vetopoint.view.charts.spec import SHARE, Axis, ChartSpec, Series, Share, interval
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, percent, points
from vetopoint.view.tables import Column, Figure, Rows


def evidence_figures(answers: Answers, names: Names) -> Iterator[Figure]:
    """Return the picture of where the inputs come from."""
    if answers.evidence.inputs:
        yield _origins(answers.evidence)


def method_figures(answers: Answers, names: Names) -> Iterator[Figure]:
    """Return the picture and the table of the actors' precision."""
    if answers.goals[0].by_precision:
        yield _other_precision(answers.goals[0], answers.change.methods)
    if answers.run.solver.precision:
        yield _precision(answers.run)
    if answers.change.method_swings:
        yield _precision_swings(answers.change.method_swings, names)


def _origins(evidence: EvidenceSection) -> Figure:
    """Which share of the inputs is read, and which judged."""
    kinds = (
        Series("read", "read from a source", "c1"),
        Series("judged, prompted by text", "judged, prompted by a source", "c3"),
        Series("judged", "judged by the analyst alone", "c2"),
    )
    inputs = Counter[str](i.origin for i in evidence.inputs)
    sentence = f"{evidence.judged} of {evidence.total} inputs are judgement."
    series = tuple(kind for kind in kinds if inputs[kind.key])
    rows = tuple(Share("Inputs", kind.key, float(inputs[kind.key])) for kind in series)
    axis = Axis(domain=(0.0, float(len(evidence.inputs))))
    table = Rows(kinds).under(
        Column("Origin", lambda kind: kind.label), Column("Inputs", lambda kind: inputs[kind.key], "number")
    )
    return Figure("origins", "Read or judged", sentence, table, ChartSpec("stack", rows, x=axis, series=series))


def _other_precision(goal: GoalAnswer, moved: tuple[MethodChange, ...]) -> Figure:
    """The headline at other precisions of the actors, and the outcome that each moves furthest."""
    furthest = {m.factor: m for m in moved if m.outcome is not None}

    def name(factor: float | None) -> str:
        if factor is None:
            return "rational limit"
        return "as stated" if factor == 1 else f"precision × {factor:g}".replace("0.5", "½")

    answers = [(name(p.factor), p.presupposed or p.probability, furthest.get(p.factor)) for p in goal.by_precision]
    if not any(p.factor == 1 for p in goal.by_precision):
        answers.insert(1, ("as stated", goal.presupposed or goal.probability, None))
    lowest, highest = (f(b.mean for _, b, _ in answers) for f in (min, max))
    sentence = (
        f"With actors half or twice as precise, or fully rational, the chance of “{goal.label}” "
        f"lies between {percent(lowest)} and {percent(highest)}."
    )
    chart = ChartSpec("dots", [interval(n, b) for n, b, _ in answers], x=SHARE)
    table = Rows(answers).under(
        Column("Precision of the actors", lambda r: r[0]),
        Column("P(goal)", lambda r: r[1], "percent"),
        Column("Outcome that moves furthest", lambda r: r[2].label if r[2] else ""),
        Column("From", lambda r: r[2].before if r[2] else None, "percent"),
        Column("To", lambda r: r[2].after if r[2] else None, "percent"),
    )
    return Figure("precision", "If actors chose less, or more, precisely", sentence, table, chart)


def _precision(run: RunAnswer) -> Figure:
    table = Rows(run.solver.precision.items()).under(
        Column("Actor", lambda r: run.actors.get(r[0], r[0])),
        Column("Precision λ, in its own unit", lambda r: r[1], "number"),
    )
    sentence = "How precisely each actor chooses the better option: 0 is a coin, large is always the best."
    return Figure("lambda", "Precision of the actors", sentence, table)


def _precision_swings(swings: tuple[Swing, ...], names: Names) -> Figure:
    """How far the leading goal hangs on each number that is the solver's precision and nothing else."""
    table = Rows(swings).under(
        Column("Precision", lambda s: capital(names.quantity(s.quantity))),
        Column("Low (5th)", lambda s: s.low, "number"),
        Column("High (95th)", lambda s: s.high, "number"),
        Column("P(goal) at low", lambda s: s.at_low, "percent"),
        Column("P(goal) at high", lambda s: s.at_high, "percent"),
        Column("Swing", lambda s: s.swing, "points"),
    )
    most = max(abs(s.swing) for s in swings)
    sentence = f"One actor's precision alone moves the leading goal by up to {points(most).lstrip('+')}; it is a part of the method, no cause."
    return Figure("lambda-swings", "What the actors' precision does to the answer", sentence, table)
