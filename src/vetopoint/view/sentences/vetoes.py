"""Who can stop the plan: the three kinds of veto, never merged, each with its goal, its intervention and its threshold."""

from collections.abc import Iterator, Sequence

from vetopoint.answers import Answers, VetoPoint
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, listed, percent, percent_band, stop
from vetopoint.view.sentences._base import Sentence

_ORDER = {"rule": 0, "forcing": 1, "effective": 2}


class _Group:
    """The vetoes of one actor at one move: its options, and the rounds of a repeated move, said together."""

    def __init__(self, vetoes: list[VetoPoint]) -> None:
        self.vetoes = vetoes
        self.first = min(vetoes, key=lambda v: (v.at, v.round or 0))
        self.last = max(vetoes, key=lambda v: (v.at, v.round or 0))
        self.share = max(v.share_of_draws for v in vetoes)
        self.reached = max(v.p_reached.mean for v in vetoes)
        self.rarely = all(v.rarely_reached for v in vetoes)


def veto_sentences(answers: Answers, goal: str, names: Names, most: int = 8) -> Iterator[Sentence]:
    """Say each veto over a goal, the surest kinds and likeliest moments first."""
    see = f"calendar-{goal}"
    groups = _grouped(standing_vetoes(answers.veto_points, goal))
    presupposed = answers.run.presupposes
    given = f", given {names.condition(presupposed)}" if presupposed else ""
    if not groups:
        words = f"No actor but the owner has a veto of any kind over “{names.goal(goal)}”, at the thresholds used."
        yield Sentence(words, see)
    yield from (Sentence(_say(g, names, given), see) for g in groups[:most])
    yield from member_sentences(answers)
    if len(groups) > most:
        rest = count(len(groups) - most, "further veto", "further vetoes")
        yield Sentence(f"{rest} over the same goal stand in the table of the calendar", see, aside=True)


def member_sentences(answers: Answers) -> Iterator[Sentence]:
    """Say which members the coalition cannot do without by rule."""
    section = answers.coalition
    needed = [d.label for d in section.decisiveness if d.rule_veto] if section is not None else []
    if section is not None and needed:
        has = "has a rule veto" if len(needed) == 1 else "have a rule veto each"
        words = (
            f"{listed(needed, most=len(needed))} {has} inside {section.actor_label}: by its clause and its members' rules "
            "nothing passes without it, whatever happens and whoever else is willing"
        )
        yield Sentence(words, "weight")


def standing_vetoes(vetoes: Sequence[VetoPoint], goal: str) -> list[VetoPoint]:
    """List the vetoes over a goal but the owner's; a policy that one of its own options makes needless is left out."""
    own = [v for v in vetoes if v.goal == goal and not v.owner]
    single = {(v.actor, v.move, v.option) for v in own if v.kind == "forcing" and v.scope == "option"}
    return [v for v in own if v.scope != "policy" or (v.actor, v.move, v.option) not in single]


def _grouped(vetoes: Sequence[VetoPoint]) -> list[_Group]:
    """Gather vetoes by kind, actor and move."""
    groups: dict[tuple[str, str, str, str], list[VetoPoint]] = {}
    for v in vetoes:
        groups.setdefault((v.kind, v.scope, v.actor, v.move), []).append(v)
    return sorted(map(_Group, groups.values()), key=lambda g: (g.rarely, _ORDER[g.first.kind], -g.share, -g.reached))


def _say(group: _Group, names: Names, given: str) -> str:
    v = group.first
    words = {"rule": _rule, "forcing": _forcing, "effective": _effective}[v.kind](group, names)
    return f"{stop(capital(words))}{_reached(group, given)}"


def _has(group: _Group, names: Names) -> str:
    v = group.first
    kind = {"rule": "a rule veto", "forcing": "a forcing veto", "effective": "an effective veto"}[v.kind]
    return f"{names.actor(v.actor)} {names.agree(v.actor, 'has', 'have')} {kind} over “{names.goal(v.goal)}”"


def _place(group: _Group, names: Names) -> str:
    v = group.first
    rounds = len({w.round for w in group.vetoes})
    if rounds > 1:
        span = f"from {names.when(v.at)} to {names.when(group.last.at)}"
        return f"at “{names.move(v.move)}”, in any of {count(rounds, 'round')} {span}"
    return f"at “{names.move(v.move, v.round)}” ({names.when(v.at)}, as the case dates it)"


def _options(group: _Group, names: Names, joint: str = "or") -> str:
    return listed(dict.fromkeys(f"“{names.option(v.move, v.option)}”" for v in group.vetoes), joint=joint)


def _rule(group: _Group, names: Names) -> str:
    clauses = listed(dict.fromkeys(f"“{v.clause_label or v.clause}”" for v in group.vetoes if v.clause))
    by = f"by {_options(group, names)} " if group.first.option else ""
    if group.first.policy:
        steps = names.steps(group.first.policy)
        by = f"by {listed(f'“{option}” at “{move}”' for move, options in steps for option in options)} "
    return (
        f"{_has(group, names)} {_place(group, names)}: {by}{names.they(group.first.actor, 'it withholds', 'they withhold')} what the clause {clauses} asks for, "
        f"and the rule forbids the plan without {names.they(group.first.actor, 'it', 'them')} (no threshold enters)"
    )


def _forcing(group: _Group, names: Names) -> str:
    v = group.first
    if v.scope == "policy" and v.policy:
        steps = [
            f"at “{move}” {listed((f'“{option}”' for option in options), joint='or')}"
            for move, options in names.steps(v.policy)
        ]
        how = f"by a policy that is public before the first move, {listed(steps)}"
    else:
        how = f"{_place(group, names)} by {_options(group, names)}"
    return (
        f"{_has(group, names)} {how}: no history then reaches the goal, whatever the others do "
        "(a fact of the tree, no threshold enters)"
    )


def _effective(group: _Group, names: Names) -> str:
    v = group.first
    how = {
        "surprise": "taken by surprise, all other strategies as solved",
        "announced": "announced before the first move, the others replying",
    }.get(v.intervention, "")
    parts = []
    for option in dict.fromkeys(w.option for w in group.vetoes):
        own = [w for w in group.vetoes if w.option == option]
        worst = max((w.goal_if_forced for w in own if w.goal_if_forced is not None), key=lambda b: b.mean)
        shares = [w.share_of_draws for w in own]
        low, high = percent(min(shares)), percent(max(shares))
        draws = low if low == high else f"{low} to {high}"
        left = f"“{names.option(v.move, option)}” leaves the goal {percent_band(worst)}"
        parts.append(f"{left} (test passed in {draws} of draws)")
    test = ""
    if v.threshold is not None:
        test = f" The test: at most {percent(v.threshold.absolute)}, and at most {v.threshold.relative:g} of the best other option, which leaves it at least {percent(v.threshold.alternative)}."
    weak = "" if group.share >= 0.5 else ", though in a minority of draws"
    return (
        f"{_has(group, names)} {_place(group, names)}{weak}: {how}, {listed(parts)}. "
        f"The tree would still allow the goal; others back down or will not join.{test}"
    )


def _reached(group: _Group, given: str) -> str:
    """Say how likely it comes to the move; what that and the figures before it are given stands here."""
    v = group.first
    if v.scope == "clause":
        return ""
    if group.rarely:
        return f" It rarely comes to that move ({percent(group.reached)}{given})."
    low, high = (f(w.p_reached.mean for w in group.vetoes) for f in (min, max))
    if percent(low) != percent(high):
        return f" It comes to that move in {percent(low)} to {percent(high)}, by round{given}."
    which = "the first of these moves" if v.scope == "policy" else "that move"
    return f" It comes to {which} in {percent_band(v.p_reached)}{given}."


def owner_sentences(answers: Answers, goal: str, names: Names) -> Iterator[Sentence]:
    """Say that the owner can drop its plan, apart from the others."""
    own = sorted((v for v in answers.veto_points if v.owner and v.goal == goal), key=lambda v: v.at)
    if not own:
        return
    moves = listed(dict.fromkeys(f"“{names.move(v.move)}”" for v in own), most=4)
    owns = names.agree(answers.run.owner or "", "owns", "own")
    words = f"{names.actor(answers.run.owner)} {owns} the plan and can always drop it, at {moves}"
    yield Sentence(f"{words}; it is listed apart and not ranked", f"calendar-{goal}", aside=True)
