"""What is wrong, or odd, in what a case says of its members, before anything is solved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from vetopoint.case import Case
from vetopoint.coalition.stances import KINDS, reported
from vetopoint.errors import Problem, did_you_mean

__all__ = ["problems"]


def problems(case: Case) -> list[Problem]:
    """Errors and warnings, each with file, line and remedy; a case with errors cannot be solved."""
    found = [*_expectations(case), *_self_reference(case), *_events(case), *_silent_stances(case)]
    return sorted(found, key=lambda p: p.severity)


def _near(word: str, known: Collection[str]) -> str:
    return did_you_mean(word, known, f"name one of {', '.join(sorted(known)) or 'none, as none is declared'}")


def _expectations(case: Case) -> Iterator[Problem]:
    facts = case.file.coalition.facts
    for name, member in case.file.members.items():
        place = ("members", name, "joins", "expects")
        expects = member.joins.expects
        if isinstance(expects, Mapping):
            for fact in expects:
                if fact not in facts:
                    yield case.problem(f"'{name}' expects '{fact}', which is no fact", _near(fact, facts), *place)
        elif expects is not None:
            rule = case.expression("members", name, "joins", "requires")
            named = sorted(rule.names & set(facts)) if rule is not None else []
            if len(named) != 1:
                message = f"'{name}' expects a probability but its rule names {len(named)} facts"
                yield case.problem(message, "write `expects: {FACT: probability}`", *place)


def _self_reference(case: Case) -> Iterator[Problem]:
    for name in case.file.members:
        rule = case.expression("members", name, "joins", "requires")
        if rule is not None and name in rule.names:
            message, remedy = f"'{name}' waits for itself to join", "take it out of its own rule"
            yield case.problem(message, remedy, "members", name, "joins", "requires")


def _events(case: Case) -> Iterator[Problem]:
    for name, event in case.file.events.items():
        for target in event.shifts:
            member, _, stance = target.rpartition(".")
            if member and member not in case.file.members:
                message, remedy = f"no member '{member}' whose '{stance}' could shift", _near(member, case.file.members)
                yield case.problem(message, remedy, "events", name, "shifts", target)


def _silent_stances(case: Case) -> Iterator[Problem]:
    for name in case.file.members:
        rule = case.expression("members", name, "joins", "requires")
        for kind in sorted(rule.names & set(KINDS)) if rule is not None else ():
            if not any(r.member in (name, None) for r in reported(case, kind)):
                looks = f"the rule of '{name}' looks at its stance '{kind}'"
                message = f"{looks}, of which nothing is reported: taken as not held"
                remedy = "report it under the member's `stances` or under `others`"
                yield case.problem(message, remedy, "members", name, "joins", "requires", severity="warning")
