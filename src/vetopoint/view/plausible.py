"""Whether the case is plausible, in words: what was expected of it, what is a coin toss, what it ignores, how its variants answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vetopoint.answers import ExpectationHeld, NearTie, Plausible, VariantAnswer
from vetopoint.view.names import spoken
from vetopoint.view.numbers import Banded, listed, number, percent, points
from vetopoint.view.tables import Column, Rows, Table

__all__ = [
    "PlausibleParts",
    "plausible_parts",
    "play_lines",
    "tie_sentences",
    "variant_lines",
]  # fmt: skip


@dataclass(frozen=True)
class PlausibleParts:
    """What the report says of a case's plausibility."""

    expectations: Table
    ties: tuple[str, ...]
    ignored: str
    variants: Table
    choices: Table


def plausible_parts(found: Plausible) -> PlausibleParts:
    """Put together what the report says of a case's plausibility."""
    return PlausibleParts(
        expectations=expectations_table(found.expectations_held),
        ties=tuple(tie_sentences(found.near_ties)),
        ignored=ignored_sentence(found),
        variants=variants_table(found.variants),
        choices=choices_table(found),
    )


def expectations_table(found: Sequence[ExpectationHeld]) -> Table:
    """Every line of `expect:` with its verdict, and the figure at the lowest and the highest value."""
    return Rows(found).under(
        Column("expected", lambda e: e.said),
        Column("verdict", lambda e: e.verdict),
        Column("at the lowest", lambda e: e.values[0] if e.values else None, "percent"),
        Column("at the highest", lambda e: e.values[-1] if e.values else None, "percent"),
        Column("why it is expected", lambda e: e.why),
        Column("what came out", lambda e: e.note),
    )


def choices_table(found: Plausible) -> Table:
    """Every option of every move: how often it is chosen, and what it is worth to the mover."""
    tied = {(t.move, t.round): t.options for t in found.near_ties}
    rows = [(c, option) for c in found.choices for option in c.shares if c.reached > 0]
    return Rows(rows).under(
        Column("move", lambda r: f"{spoken(r[0].move)}{f' (round {r[0].round})' if r[0].round else ''}"),
        Column("by", lambda r: spoken(r[0].by)),
        Column("option", lambda r: spoken(r[1])),
        Column("chosen", lambda r: r[0].shares[r[1]], "percent"),
        Column("worth in units", lambda r: r[0].payoffs[r[1]], "number"),
        Column("near-tie", lambda r: "coin toss" if r[1] in tied.get((r[0].move, r[0].round), ()) else ""),
    )


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


def ignored_sentence(found: Plausible) -> str:
    """What rests on a claim and does next to nothing; empty where there is nothing of the kind."""
    named = [f"{i.label} ({', '.join(i.claims)})" for i in found.ignored]
    if not named:
        return ""
    return f"The answer ignores what is claimed of: {'; '.join(named)}. Each moves it by less than half a point over its range."


def variants_table(found: Sequence[VariantAnswer]) -> Table:
    """The case and its variants side by side."""
    goals = dict.fromkeys(goal for v in found for goal in v.goals)
    rows = Rows(found)
    return rows.under(
        Column("variant", lambda v: v.label),
        *rows.each({goal: spoken(goal) for goal in goals}, lambda v, goal: v.goals.get(goal), "percent"),
        Column("largest say", lambda v: spoken(v.leader or "") if not v.failed else v.failed),
        Column("on its yes", lambda v: v.on_yes, "percent"),
        Column("on its no", lambda v: v.on_no, "percent"),
        Column("likeliest", lambda v: spoken(v.outcome)),
        Column("of that", lambda v: v.outcome_share if not v.failed else None, "percent"),
        Column(
            "vetoes kept", lambda v: f"{len(v.kept)} of {len(v.kept) + len(v.lost)}" if v.name and not v.failed else ""
        ),
    )


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
        yield f"ignored: {i.quantity} ({claims}) moves the leading figure by {points(i.swing)} from {number(i.low)} to {number(i.high)}"


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
