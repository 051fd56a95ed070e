"""What would change the answer: the numbers that matter, the values at which it flips, structure against judgement."""

from collections.abc import Iterator, Sequence

from vetopoint.answers import (
    Answers,
    ChangedInput,
    ChangeSection,
    Counterexample,
    FindingTried,
    QuantitySet,
    TippingPoint,
)
from vetopoint.view.names import Names, lowered
from vetopoint.view.numbers import count, level_with, listed, number, percent, percent_band, points, stop
from vetopoint.view.sentences._base import Sentence
from vetopoint.view.sentences.discovery import discovery_words


def change_sentences(answers: Answers, names: Names) -> Iterator[Sentence]:
    """Say which numbers swing the leading goal most, where it flips, and what is left without unnamed sources."""
    change, given = answers.change, _given(answers, names)
    ranked = sorted(change.swings, key=lambda s: -abs(s.swing))
    top = [s for s in ranked[:3] if abs(s.swing) >= 0.005]
    if top:
        told = [(s.label or names.quantity(s.quantity), points(s.swing), ", judged" if s.judged else "") for s in top]
        parts = listed(f"{label} ({swing}{judged})" for label, swing, judged in told)
        parts += level_with(
            top[-1], ranked[len(top) :], lambda s: abs(s.swing), lambda s: s.label or names.quantity(s.quantity), points
        )
        words = f"moved alone across its range, what changes the chance of “{names.goal(change.goal)}”{given} most is {parts}"
        yield Sentence(words, "swings")
    elif not ranked:
        yield Sentence("No number was moved alone in this run, so what matters most is not known.", aside=True)
    else:
        words = "No single number, moved alone across its range, changes the leading goal by half a point."
        yield Sentence(words, "swings")
    yield from _flips(change, given, names)
    if change.scenarios is not None:
        yield from (Sentence(words, "scenarios") for words in discovery_words(change.scenarios, names))
    for found in change.quantity_sets:
        if found.inputs:
            yield Sentence(_quantity_set(found, names.goal(change.goal), given, names), "swings")
    if change.given and change.swings:
        yield Sentence(f"These figures are given {names.condition(change.given)}", "swings", aside=True)
    lead = answers.goals[0].name
    without, own = change.without_unnamed.get(lead), answers.goals[0].presupposed or answers.goals[0].probability
    if without is not None:
        words = (
            f"with the unnamed sources dropped, and what rests on them made vague, the chance of “{names.goal(lead)}”{given} "
            f"is {percent_band(without)} instead of {percent_band(own)}"
        )
        yield Sentence(words, "swings")
    yield from _second_opinion(answers, names)


def _given(answers: Answers, names: Names) -> str:
    """Say the condition under which the leading goal's chance is looked at; empty where nothing is presupposed."""
    presupposed = answers.goals[0].presupposed is not None
    return f", given {names.condition(answers.run.presupposes)}," if presupposed else ""


def _flips(change: ChangeSection, given: str, names: Names, most: int = 3) -> Iterator[Sentence]:
    """Say which findings a number alone overturns within its own range, and that no value of any number overturns the others."""
    rows = change.flips
    for finding in dict.fromkeys(t.finding for t in rows):
        own = [t for t in rows if t.finding == finding and t.value is not None]
        if not own:
            continue
        said = lowered(names.quoted(finding)) + (given.rstrip(",") if own[0].kind in ("goal", "outcome") else "")
        at = [_passed(t, names) for t in own[:most]]
        more = f" (and so for {count(len(own) - most, 'further number')})" if len(own) > most else ""
        yield Sentence(f"{said} once {listed(at, joint='or')}{more}", "tipping")
    firm = [t for t in change.tried if t.kind != "threat" and not t.flipping]
    if firm:
        numbers = count(firm[0].inputs, "number")
        told = listed([f"{lowered(names.quoted(t.finding))}{_stays(t)}" for t in firm], joint="or")
        yield Sentence(
            f"no value within its 98% range of any one of {numbers} tried makes it so that {told}", "tipping"
        )


def _stays(t: FindingTried) -> str:
    """How far the figure of a finding goes that no number flips, and whether that is all that is known."""
    if t.least is None or t.most is None:
        return ""
    what = {"outcome": "the lead", "key": "the lead", "veto": "the margin of its test"}.get(t.kind, "it")
    far = f"{what} stays between {figure_words(t, t.least)} and {figure_words(t, t.most)}"
    open_ = f"; {count(t.unsettled, 'number')} may, unconfirmed" if t.unsettled else ""
    return f" ({far}{open_})"


def figure_words(of: FindingTried | TippingPoint, figure: float) -> str:
    """The figure that decides a finding: a chance in per cent, a lead or a margin in points."""
    return percent(min(max(figure, 0.0), 1.0)) if of.kind in ("goal", "threat") else points(figure)


def _passed(t: TippingPoint, names: Names) -> str:
    value = f"{number(t.value or 0.0)}{f' {t.unit}' if t.unit else ''}"
    return f"{t.label or names.quantity(t.quantity)} passes {value}{f' (then it is {t.instead})' if t.instead else ''}"


def _held(inputs: Sequence[ChangedInput], names: Names) -> str:
    """All numbers that were moved, in the order of their effect: as they are printed they were set."""
    return listed(f"“{names.quantity(i.quantity)}” at {number(i.value, 9)} (median {number(i.median)})" for i in inputs)


def _quantity_set(found: QuantitySet, goal: str, given: str, names: Names) -> str:
    """The fewest changed numbers that bring the goal over (or under) a threshold."""
    to = "to" if found.reached else "no further than to"
    side = "above" if found.direction == "unlock" else "below"
    target = f" ({side} {percent(found.threshold)})" if found.reached else f", not {side} {percent(found.threshold)}"
    return (
        f"with {_held(found.inputs, names)} and every other number at its median, the chance of “{goal}”{given} comes {to} "
        f"{percent(found.probability)}{target}; a smaller set may exist"
    )


def _second_opinion(answers: Answers, names: Names) -> Iterator[Sentence]:
    """Say whether the graph model of conflict, which uses no numbers, calls the likeliest outcome stable."""
    rows = answers.change.stability
    if not rows:
        if answers.change.stability_note:
            yield Sentence(answers.change.stability_note, aside=True)
        return
    agreeing = [r.concept for r in rows if r.agree >= 0.5]
    parting = [r.concept for r in rows if r.agree < 0.5]
    outcome = f"“{names.outcome(rows[0].outcome)}”" if rows[0].outcome else "the likeliest outcome"
    parts = [f"stable by {listed(agreeing)}"] if agreeing else []
    parts += [f"not by {listed(parting)}" if agreeing else f"stable by none of {listed(parting)}"] if parting else []
    calls = f"calls {outcome} {', '.join(parts)}, in most draws"
    yield Sentence(f"a second opinion without numbers (graph model of conflict) {calls}", "stability")


def twin_sentences(answers: Answers, names: Names) -> tuple[list[str], list[str]]:
    """Return the findings on the leading goal, the owner's own options apart, due to structure and due to judged payoffs."""
    others = {g.name for g in answers.goals[1:]} | {names.goal(g.name) for g in answers.goals[1:]}
    lead = names.goal(answers.goals[0].name)
    owner = names.actor(answers.run.owner)
    structural: dict[str, None] = {}
    judged: dict[str, None] = {}
    for t in answers.change.twin:
        told = names.quoted(t.finding)
        if any(f"“{g}”" in told for g in others) or told.startswith(f"{owner}:"):
            continue
        told = told.replace(f" on “{lead}”", "").replace(f"“{lead}”", "it")
        here, there = told_value(t.case_value), told_value(t.twin_value)
        words = f"{told} ({here}; under vague payoffs {'too' if here == there else there})"
        (structural if t.structural else judged)[words] = None
    return list(structural), list(judged)


def told_value(text: str) -> str:
    """Say a bare share of 1 in per cent, and one behind a name in points; other texts as they are.

    >>> told_value("0.017"), told_value("Russia 0.047"), told_value("in 99% of draws")
    ('2%', 'Russia +5 points', 'in 99% of draws')
    """
    name, _, last = text.rpartition(" ")
    try:
        value = float(last)
    except ValueError:
        return text
    return f"{name} {points(value)}" if name else percent(value)


def counterexample_sentence(found: Counterexample, names: Names) -> str:
    """Say one plausible set of numbers under which the leading finding is wrong: all that were moved, and where the others stand."""
    finding = lowered(names.quoted(found.finding))
    what = names.quoted(found.value_is) if found.value_is else "the figure that it is about"
    there = f"{what} is {percent(found.value)} there (the finding is wrong above {percent(found.threshold)})"
    words = f"The leading finding ({finding}) is wrong in {percent(found.draws_with)} of draws."
    if not found.inputs:
        return f"{words} {_at_medians(found, there)}"
    held = f"{_held(found.inputs, names)}, every other number at its median"
    if found.found:
        return f"{words} {stop(f'one plausible set of payoffs under which it is wrong, each within its own 98% range: {held}; {there}')}"
    return f"{words} {stop(found.note)} Nearest: {stop(f'{held}; {there}')}"


def _at_medians(found: Counterexample, there: str) -> str:
    """Say what holds where no number was changed: it is wrong as it stands, or nothing that was tried makes it wrong."""
    if found.found:
        return stop(f"with every number at its median it is wrong already: {there}")
    trials = f" among {count(found.tried, 'set')} of values tried" if found.tried else ""
    return f"{stop(f'no set of payoffs under which it is wrong was found{trials}')} {stop(f'with every number at its median, {there}')}"
