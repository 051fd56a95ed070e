"""Tables for a sceptic: every choice with what its options are worth, what the numbers must do, which do nothing, and the variants."""

from collections.abc import Iterator

from vetopoint.answers import Answers, ChoiceAnswer
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count
from vetopoint.view.tables import Column, Figure, Link, Rows


def figures(answers: Answers, names: Names) -> Iterator[Figure | None]:
    """Return the tables that the answers allow."""
    if answers.choices:
        yield _choices(answers, names)
    if answers.expectations_held:
        yield _expectations(answers, names)
    if answers.ignored:
        yield _ignored(answers, names)
    if answers.variants:
        yield _variants(answers, names)


def _choices(answers: Answers, names: Names) -> Figure:
    rows = [(choice, option) for choice in answers.choices for option in choice.shares]
    ties = {(tie.move, tie.round) for tie in answers.near_ties}

    def toss(choice: ChoiceAnswer) -> str:
        return "coin toss" if (choice.move, choice.round) in ties else ""

    table = Rows(rows).under(
        Column("Move", lambda r: names.move(r[0].move, r[0].round)),
        Column("Who", lambda r: names.actor(r[0].by)),
        Column("Comes to it", lambda r: r[0].reached, "percent"),
        Column("Option", lambda r: names.option(r[0].move, r[1])),
        Column("Chosen", lambda r: r[0].shares[r[1]], "percent"),
        Column("Worth to who moves, in its units", lambda r: r[0].payoffs.get(r[1]), "number"),
        Column("Near-tie", lambda r: toss(r[0])),
    )
    tossed = (
        f"{count(len(ties), 'choice')} of {len(answers.choices)} {'is' if len(ties) == 1 else 'are'} near a coin toss"
    )
    sentence = f"{capital(tossed)}: the two best options are less than a tenth of a unit apart for whoever moves."
    return Figure("choices", "How often each option is chosen, and what it is worth", sentence, table)


def _expectations(answers: Answers, names: Names) -> Figure:
    held = answers.expectations_held
    table = Rows(held).under(
        Column("Number", lambda e: Link(capital(e.label.lstrip("… ")), f"input-{e.quantity}")),
        Column(
            "Is to",
            lambda e: (
                f"{e.effect} {names.condition(e.target)}{f', given {names.condition(e.given)}' if e.given else ''}"
            ),
        ),
        Column("Because", lambda e: e.why),
        Column("Over its range", lambda e: e.change, "points"),
        Column("Came out", lambda e: e.verdict),
        Column("Note", lambda e: e.note),
    )
    kept = sum(e.verdict == "held" for e in held)
    return Figure(
        "expectations-held",
        "What the numbers must do",
        f"{kept} of {count(len(held), 'expectation')} of the case came out.",
        table,
    )


def _ignored(answers: Answers, names: Names) -> Figure:
    table = Rows(answers.ignored).under(
        Column("Number", lambda i: Link(capital(i.label.lstrip("… ")), f"input-{i.quantity}")),
        Column("Claims", lambda i: tuple(Link(c, f"claim-{c}") for c in i.claims)),
        Column("Low (5th)", lambda i: i.low, "number"),
        Column("High (95th)", lambda i: i.high, "number"),
        Column("Moves the leading figure by", lambda i: i.swing, "points"),
    )
    sentence = f"{capital(count(len(answers.ignored), 'number'))} resting on a claim {'moves' if len(answers.ignored) == 1 else 'move'} the leading figure by less than half a point."
    return Figure("ignored", "What the answer ignores", sentence, table)


def _variants(answers: Answers, names: Names) -> Figure:
    rows = Rows(answers.variants)
    table = rows.under(
        Column("How it is built", lambda v: capital(v.label)),
        Column(
            "Written otherwise", lambda v: "; ".join(f"{place}: {text or 'removed'}" for place, text in v.set.items())
        ),
        *rows.each(
            {g.name: capital(names.goal(g.name)) for g in answers.goals}, lambda v, goal: v.goals.get(goal), "percent"
        ),
        Column("Matters most", lambda v: names.actor(v.leader) if v.leader else ""),
        Column("On its yes", lambda v: v.on_yes, "percent"),
        Column("On its no", lambda v: v.on_no, "percent"),
        Column("Likeliest end", lambda v: names.outcome(v.outcome) if v.outcome else ""),
        Column("Could not be answered", lambda v: v.failed.rpartition("error: ")[2]),
    )
    return Figure(
        "variants",
        "Other ways to build the case",
        f"{capital(count(len(answers.variants) - 1, 'variant'))} beside the case as written.",
        table,
    )
