"""Who can stop the plan: the three kinds of veto, never merged, each with its goal, its intervention and its threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vetopoint.analysis.answers import Answers
from vetopoint.game.answers import VetoPoint
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, listed, percent, percent_band, stop
from vetopoint.view.sentences._base import Sentence

__all__ = ["owner_sentence", "veto_sentences"]

_ORDER = {"rule": 0, "forcing": 1, "effective": 2}


@dataclass(frozen=True)
class _Group:
    """The rounds of one option at one move, as one veto."""

    vetoes: tuple[VetoPoint, ...]

    @property
    def first(self) -> VetoPoint:
        return min(self.vetoes, key=lambda v: (v.at, v.round or 0))

    @property
    def last(self) -> VetoPoint:
        return max(self.vetoes, key=lambda v: (v.at, v.round or 0))

    @property
    def reached(self) -> float:
        return max(v.p_reached.mean for v in self.vetoes)


def veto_sentences(answers: Answers, names: Names, goal: str = "", most: int = 8) -> list[Sentence]:
    """Say each veto over one goal (the leading one by default), the surest kinds and likeliest moments first."""
    goal = goal or answers.goals[0].name
    own = [v for v in answers.veto_points if v.goal == goal and not v.owner]
    if not own:
        return [
            Sentence(
                f"No actor but the owner has a veto of any kind over “{names.goal(goal)}”, at the thresholds used.",
                f"calendar-{goal}",
            )
        ]
    groups = _grouped(own)
    said = [Sentence(_say(g, names), f"calendar-{goal}") for g in groups[:most]]
    if len(groups) > most:
        rest = count(len(groups) - most, "further veto", "further vetoes")
        said.append(
            Sentence(
                f"{capital(rest)} over the same goal stand in the table of the calendar.",
                f"calendar-{goal}",
                aside=True,
            )
        )
    return said


def _grouped(vetoes: Sequence[VetoPoint]) -> list[_Group]:
    groups: dict[tuple[str, str, str, str, str], list[VetoPoint]] = {}
    for v in vetoes:
        groups.setdefault((v.kind, v.scope, v.actor, v.move, v.option), []).append(v)
    made = [_Group(tuple(g)) for g in groups.values()]
    return sorted(
        made, key=lambda g: (g.first.rarely_reached, _ORDER[g.first.kind], -g.first.share_of_draws, -g.reached)
    )


def _say(group: _Group, names: Names) -> str:
    v = group.first
    words = {"rule": _rule, "forcing": _forcing, "effective": _effective}[v.kind](v, group, names)
    return stop(f"{capital(words)}{_reached(group)}")


def _place(group: _Group, names: Names) -> str:
    v = group.first
    rounds = len({w.round for w in group.vetoes})
    if rounds > 1:
        return (
            f"at “{names.move(v.move)}”, in any of {count(rounds, 'round')} "
            f"from {names.when(v.at)} to {names.when(group.last.at)}"
        )
    return f"at “{names.move(v.move, v.round)}” ({names.when(v.at)})"


def _rule(v: VetoPoint, group: _Group, names: Names) -> str:
    clause = f" “{v.clause}”" if v.clause else ""
    return (
        f"{names.actor(v.actor)} has a rule veto over “{names.goal(v.goal)}”: the clause{clause} forbids the plan without its yes, "
        f"{_place(group, names)}; as the rule stands, no draw and no threshold enters"
    )


def _forcing(v: VetoPoint, group: _Group, names: Names) -> str:
    if v.scope == "policy" and v.policy:
        steps = [
            f"“{names.move(move)}” keep to {listed((f'“{names.option(move, o)}”' for o in options), joint='or')}"
            for move, options in v.policy.items()
        ]
        how = f"by a policy announced before the first move (at {listed(steps)})"
    else:
        how = f"{_place(group, names)} by “{names.option(v.move, v.option)}”"
    return (
        f"{names.actor(v.actor)} has a forcing veto over “{names.goal(v.goal)}” {how}: no history then reaches the goal, "
        "whatever the others do; that is a fact of the tree, no draw and no threshold enters"
    )


def _effective(v: VetoPoint, group: _Group, names: Names) -> str:
    worst = max(group.vetoes, key=lambda w: w.goal_if_forced.mean)
    at = {
        "surprise": "taken by surprise, all other strategies as solved,",
        "announced": "announced before the first move,",
    }
    test = ""
    if v.threshold is not None:
        test = f" (threshold: at most {percent(v.threshold.absolute)}, and at most {v.threshold.relative:g} of the best other option)"
    lead = "has an effective veto" if v.share_of_draws >= 0.5 else "has, in a minority of draws, an effective veto"
    return (
        f"{names.actor(v.actor)} {lead} over “{names.goal(v.goal)}” {_place(group, names)}: “{names.option(v.move, v.option)}”, "
        f"{at.get(v.intervention, '')} leaves the goal {percent_band(worst.goal_if_forced)}{test}, in {_share(group)} of draws; "
        "the tree does not forbid the goal then, others back down or will not join"
    )


def _share(group: _Group) -> str:
    shares = [v.share_of_draws for v in group.vetoes]
    low, high = percent(min(shares)), percent(max(shares))
    return low if low == high else f"{low} to {high}"


def _reached(group: _Group) -> str:
    v = group.first
    if v.scope == "clause":
        return ""
    if all(w.rarely_reached for w in group.vetoes):
        return f". It is rarely reached ({percent(group.reached)})"
    low, high = (f(w.p_reached.mean for w in group.vetoes) for f in (min, max))
    if len(group.vetoes) > 1 and percent(low) != percent(high):
        return f". It comes to that in {percent(low)} to {percent(high)}, by round"
    if v.scope == "policy":
        return f". It comes to the first of these moves in {percent_band(v.p_reached)}"
    return f". It comes to that move in {percent_band(v.p_reached)}"


def owner_sentence(answers: Answers, names: Names) -> Sentence | None:
    """Say that the owner can drop its plan, apart from the others."""
    own = [v for v in answers.veto_points if v.owner and v.goal == answers.goals[0].name]
    if not own:
        return None
    moves = list(dict.fromkeys(names.move(v.move) for v in sorted(own, key=lambda v: v.at)))
    words = (
        f"{names.actor(answers.run.owner)} owns the plan and can always drop it, at {listed((f'“{m}”' for m in moves), most=4)}; "
        "it is listed apart and not ranked"
    )
    return Sentence(stop(capital(words)), f"calendar-{answers.goals[0].name}", aside=True)
