"""Sentences on what to ask next: what it is worth to know a number before a decision."""

from __future__ import annotations

from vetopoint.answers import AskedNumber, DecisionAnswer
from vetopoint.view.names import Names, inside
from vetopoint.view.numbers import capital, count, listed, natural, number

__all__ = ["asked_sentences", "leading_decision", "worth_words"]

UNIT_WORDS = "of what lies between"


def leading_decision(decisions: tuple[DecisionAnswer, ...]) -> DecisionAnswer | None:
    """The first decision before which some number is worth asking; else the first of which there is something to tell."""
    told = [d for d in decisions if not d.note]
    return next((d for d in told if d.numbers), told[0] if told else None)


def asked_sentences(decision: DecisionAnswer, names: Names) -> list[str]:
    """What is best on what is known, how sure that is, and what it is worth to know more."""
    who = names.brief(decision.actor)
    if decision.note:
        return [f"{capital(inside(decision.label))}: {decision.note}."]
    chosen = [o for o in decision.options if o.chosen > 0.005]
    best = listed((f"“{o.label}”" for o in sorted(chosen, key=lambda o: -o.chosen)), joint="or")
    by_place = ", depending on what was done before it," if len(chosen) > 1 else ""
    if decision.everything <= 0.0:
        return [
            f"Nothing is worth asking: {best}{by_place} is best for {who} in every draw, whatever the numbers.",
        ]
    right = sum(o.best for o in chosen)
    known = f"On what is known {best}{by_place} is best for {who}"
    known += f", and for all that {'one' if len(chosen) > 1 else 'it'} may turn out worse" if right < 0.5 else ""
    sentences = [f"{known}: with every number known, so it would be in {natural(right)} of 100 draws."]
    if len(chosen) > 1:
        sentences = [f"{known}."]
    whole = f"To know all of them would be worth {number(decision.everything)} {worth_words(decision, names)}."
    if not decision.numbers:
        return [*sentences, whole, "No single number is worth asking: whichever is learnt, the choice stays the same."]
    return [*sentences, whole, _first(decision.numbers[0], names)]


def _first(top: AskedNumber, names: Names) -> str:
    label = capital((top.label or names.quantity(top.quantity)).lstrip("… "))
    return f"“{label}” is the first to ask for."


def worth_words(decision: DecisionAnswer, names: Names) -> str:
    """In what worth is counted: ``of what lies between “no pier” and “agreed” for the port``."""
    if decision.unit is None:
        return f"of a unit of {names.brief(decision.actor)}"
    one, other = (names.brief_outcome(end) for end in decision.unit)
    return f"{UNIT_WORDS} “{one.strip('“”')}” and “{other.strip('“”')}” for {names.brief(decision.actor)}"


def idle_words(decision: DecisionAnswer) -> str:
    """How many numbers are worth nothing; empty where there are none."""
    if not decision.idle or not decision.numbers:
        return ""
    verb = "is" if decision.idle == 1 else "are"
    return f"{capital(count(decision.idle, 'further number'))} {verb} not worth asking before it."
