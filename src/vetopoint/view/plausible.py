"""Whether the case is plausible, in lines for the terminal: what was expected of it, what is a coin toss, what it ignores, its variants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vetopoint.answers import NearTie, Plausible, VariantAnswer
from vetopoint.view.names import spoken
from vetopoint.view.numbers import Banded, listed, number, percent

__all__ = ["play_lines", "tie_sentences", "variant_lines"]


def tie_sentences(found: Sequence[NearTie]) -> Iterator[str]:
    """What is a coin toss, and what hangs on it: one sentence a move, and one for what it adds up to."""
    for move in dict.fromkeys(t.move for t in found):
        ties = [t for t in found if t.move == move]
        first = ties[0]
        again = f" in {len(ties)} rounds" if len(ties) > 1 else ""
        one, other = (spoken(option) for option in first.options)
        yield f"“{first.label}” is a coin toss{again}: {one} and {other} are worth less than a tenth of a unit apart in most draws."
        if first.rests:
            lost = listed(f"{percent(share)} of “{spoken(name)}”" for name, share in first.rests.items())
            yield f"If it always fell the other way, {lost} would go."
        for option, ever in first.ever.items():
            yield f"Repeated, it adds up: “{spoken(option)}” is taken sooner or later in {percent(ever)} of cases that come to it."


def play_lines(found: Plausible, draws: int) -> Iterator[str]:
    """The same for the terminal."""
    if found.expectations_held:
        yield f"expectations ({draws:,} draws)"
    for e in found.expectations_held:
        yield f"  {e.verdict:<17} {e.said}" + (f" ({e.note})" if e.note else "")
        known = [(level, value) for level, value in zip(e.levels, e.values, strict=True) if value is not None]
        yield " " * 20 + f"{e.target}: " + ", ".join(f"{percent(value)} at {number(level)}" for level, value in known)
    yield "choices (as solved, given that the move is reached; worth in the mover's units)"
    for c in found.choices:
        tie = next((t for t in found.near_ties if (t.move, t.round) == (c.move, c.round)), None)
        options = ", ".join(f"{o} {percent(share)} (worth {number(c.payoffs[o])})" for o, share in c.shares.items())
        name = f"{c.move}[{c.round}]" if c.round else c.move
        yield f"  {name} by {c.by}: {options}" + ("   coin toss" if tie else "")
    yield from (f"  {sentence}" for sentence in tie_sentences(found.near_ties))
    for i in found.ignored:
        claims = ", ".join(i.claims)
        yield f"ignored: {i.quantity} ({claims}) moves the leading figure by less than half a point from {number(i.low)} to {number(i.high)}"


def variant_lines(found: Sequence[VariantAnswer]) -> Iterator[str]:
    """The variants side by side, for the terminal."""
    for v in found:
        yield v.label if not v.name else f"{v.name}: {v.label}"
        yield from (f"    {place}: {text or '(removed)'}" for place, text in v.set.items())
        if v.failed:
            yield f"  no answers: {v.failed}"
            continue
        yield "  " + ", ".join(f"{goal} {_chance(chance)}" for goal, chance in v.goals.items())
        if v.leader is not None:
            yield f"  {v.leader} has the largest say on {v.goal}: {_chance(v.on_yes)} on its yes, {_chance(v.on_no)} on its no"
        yield f"  likeliest: {v.outcome} ({percent(v.outcome_share)})"
        lost = f"; lost: {', '.join(v.lost)}" if v.lost else ""
        yield f"  vetoes: {', '.join(v.vetoes) or 'none'}{lost}"


def _chance(chance: Banded | None) -> str:
    return "never comes to it" if chance is None else percent(chance.mean)
