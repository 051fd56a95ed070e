"""How likely the plan reaches its goals, and how it ends otherwise."""

from collections.abc import Iterator

from vetopoint.answers import Answers
from vetopoint.view.names import Names
from vetopoint.view.numbers import listed, percent, percent_band
from vetopoint.view.sentences._base import Sentence


def headline(answers: Answers, names: Names) -> Sentence:
    """Say the leading goal's chance twice: given the chance events it presupposes, and overall."""
    lead = answers.goals[0]
    overall = f"the chance of “{lead.label or names.goal(lead.name)}” is {percent_band(lead.probability)} overall"
    if lead.presupposed is None:
        return Sentence(overall, "goals")
    given = names.condition(answers.run.presupposes)
    return Sentence(f"{overall}, and {percent_band(lead.presupposed)} given {given}", "goals")


def outcome_sentences(answers: Answers, names: Names) -> Iterator[Sentence]:
    """Say the goals' chances, the likeliest ends, and how the headline moves with the actors' precision."""
    yield headline(answers, names)
    others = [f"“{names.goal(g.name)}” {percent_band(g.presupposed or g.probability)}" for g in answers.goals[1:]]
    if others:
        basis = f"given {names.condition(answers.run.presupposes)}" if _presupposed(answers) else "overall"
        yield Sentence(f"for the other goals, {basis}: {listed(others)}", "goals")
    ranked = sorted(answers.outcomes, key=lambda o: -(o.presupposed or o.probability).mean)
    likely = [o for o in ranked if (o.presupposed or o.probability).mean >= 0.005][:3]
    ends = [f"“{names.outcome(o.name)}” ({percent_band(o.presupposed or o.probability)})" for o in likely]
    basis = ", on the same condition," if _presupposed(answers) else ""
    yield Sentence(f"the likeliest ends{basis} are {listed(ends)}", "outcomes")
    moved = [m for m in answers.change.methods if m.outcome is not None]
    if moved:
        most = max(moved, key=lambda m: abs(m.after - m.before))
        at = "fully rationally" if most.factor is None else f"{'half' if most.factor < 1 else 'twice'} as precisely"
        words = (
            f"whether actors choose half or twice as precisely as stated, or fully rationally, moves no outcome{basis} further than "
            f"“{most.label}”, from {percent(most.before)} to {percent(most.after)} if {at}"
        )
        yield Sentence(words, "precision")


def _presupposed(answers: Answers) -> bool:
    return bool(answers.run.presupposes) and any(g.presupposed is not None for g in answers.goals)
