"""Checks of threats."""

from collections.abc import Iterator

from vetopoint.case.case import Case
from vetopoint.case.checks._complaints import unknown
from vetopoint.case.place import Place
from vetopoint.case.registry import check
from vetopoint.errors import Problem


@check("silent-twin")
def _twins(case: Case) -> Iterator[Problem]:
    """The silent twin of a threat is no option of a move by which it is made."""
    for name, threat in case.file.threats.items():
        options = {o for move in _made_by(case, name) for o in case.options[move]}
        if options and threat.silent_twin not in options:
            yield unknown(case, "option", threat.silent_twin, options, "threats", name, "silent_twin")


@check("threat-about")
def _abouts(case: Case) -> Iterator[Problem]:
    """A threat is about a goal that there is not."""
    for name, threat in case.file.threats.items():
        if threat.about is not None and threat.about not in case.file.goals:
            yield unknown(case, "goal", threat.about, case.file.goals, "threats", name, "about")


@check("threat-half-made", "warning")
def _half_made(case: Case) -> Iterator[Problem]:
    """An option by which a threat is made stands at another move of its maker, where it does not count as making it."""
    for name, threat in case.file.threats.items():
        moves, compared = _made_by(case, name), case.conditions[Place.of("threats", name, "made")].comparisons()
        options = {option for _, option in compared} - {threat.silent_twin}
        makers = {case.file.moves[move].by for move in moves} - {"chance"}
        for move in [m for m, own in case.file.moves.items() if m not in moves and own.by in makers]:
            shared = [option for option in case.options[move] if option in options]
            if shared:
                message = f"'{shared[0]}' at '{move}' does not count as making the threat '{name}'"
                remedy = f"write `{shared[0]} in [{', '.join([move, *sorted(moves)])}]`, or call the option otherwise"
                yield case.problem(message, remedy, "threats", name, "made")


@check("cheap-talk", "warning")
def _cheap_talk(case: Case) -> Iterator[Problem]:
    """A threat changes no payoff, outcome or later move."""
    elsewhere = [c for place, c in case.conditions.items() if place.section != "threats"]
    for name in case.file.threats:
        movers = _made_by(case, name)
        if movers and not any(movers & c.names for c in elsewhere):
            message = "the threat changes no payoff, outcome or later move (cheap talk)"
            yield case.problem(message, "let a payoff, a fact or a later move depend on it", "threats", name)


def _made_by(case: Case, threat: str) -> set[str]:
    return set(case.file.moves) & case.conditions[Place.of("threats", threat, "made")].names
