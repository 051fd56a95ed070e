"""Sentences on what to ask next: what it is worth to know a number before a decision."""

from __future__ import annotations

from vetopoint.answers import DecisionAnswer
from vetopoint.view.names import Names, inside
from vetopoint.view.numbers import capital, count, listed, natural, number

__all__ = ["asked_sentences", "idle_words", "leading_decision", "unit_sentence"]


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
    sentences = [f"On what is known, {best}{by_place} is best for {who}."]
    if len(chosen) == 1:
        sentences.append(f"Were every number known, it would still be best in {natural(chosen[0].best)} of 100 draws.")
    sentences.append(
        f"To know every number first would add {number(decision.everything)} units to what {who} can expect."
    )
    if decision.unit is not None:
        sentences.append(unit_sentence(decision, names))
    if not decision.numbers:
        sentences.append("No single number is worth asking: whichever is learnt, the choice stays the same.")
    return sentences


def unit_sentence(decision: DecisionAnswer, names: Names) -> str:
    """In what worth is counted; empty where the case does not say."""
    if decision.unit is None:
        return ""
    one, other = (names.brief_outcome(end).strip("“”") for end in decision.unit)
    return f"One unit is the step between “{one}” and “{other}”."


def idle_words(decision: DecisionAnswer) -> str:
    """How many numbers are worth nothing; empty where there are none."""
    if not decision.idle or not decision.numbers:
        return ""
    verb = "is" if decision.idle == 1 else "are"
    return f"{capital(count(decision.idle, 'further number'))} {verb} not worth asking."
