"""What is wrong, or odd, in what a case says of its members, before anything is solved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from vetopoint.case import Case
from vetopoint.coalition.stances import KINDS, latest, reported, tension
from vetopoint.errors import Problem, did_you_mean
from vetopoint.quantity import Draws

__all__ = ["contradictions", "problems", "reports_of_one_date", "silent_stances"]

#: A contradiction is worth a warning where it stands in so many of the draws.
OFTEN = 0.1


def problems(case: Case) -> list[Problem]:
    """Errors and warnings, each with file, line and remedy; a case with errors cannot be solved."""
    found = [
        *_expectations(case),
        *_self_reference(case),
        *_events(case),
        *silent_stances(case),
        *reports_of_one_date(case),
    ]
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


def silent_stances(case: Case) -> Iterator[Problem]:
    """Rules and events that speak of a stance of which nothing is reported."""
    for name, event in case.file.events.items():
        for target in event.shifts:
            member, _, kind = target.rpartition(".")
            known = not member or member in case.file.members
            if (
                known
                and kind in KINDS
                and not any(not member or r.member in (member, None) for r in reported(case, kind))
            ):
                message, remedy = (
                    f"'{target}' shifts what nothing is reported of: it moves nothing",
                    "report the stance",
                )
                yield case.problem(message, remedy, "events", name, "shifts", target, severity="warning")
    for name in case.file.members:
        rule = case.expression("members", name, "joins", "requires")
        for kind in sorted(rule.names & set(KINDS)) if rule is not None else ():
            if not any(r.member in (name, None) for r in reported(case, kind)):
                looks = f"the rule of '{name}' looks at its stance '{kind}'"
                message = f"{looks}, of which nothing is reported: taken as not held"
                remedy = "report it under the member's `stances` or under `others`"
                yield case.problem(message, remedy, "members", name, "joins", "requires", severity="warning")


def reports_of_one_date(case: Case) -> Iterator[Problem]:
    """Stances of one kind and date, of one member or of the group, of which none is the last."""
    for kind in KINDS:
        seen: dict[tuple[str | None, float], str] = {}
        for report in reported(case, kind):
            key = (report.member, report.month)
            if key in seen:
                message = f"'{kind}' is reported twice of one date, also at {seen[key]}: the mean of both counts"
                yield case.problem(message, "date them apart, or keep the better one", report.at, severity="warning")
            seen.setdefault(key, str(report.at))


def contradictions(case: Case, draws: Draws, month: float) -> Iterator[Problem]:
    """Stances reported of members that leave no room for what is reported of the group, at a month."""
    for kind in KINDS:
        found = tension(case, draws, kind, month)
        if found is not None and found[0] >= OFTEN:
            report = latest(reported(case, kind), None, month)[-1]
            message = f"the members' own reports allow {found[1]:.0%} on '{kind}', not the group's {found[2]:.0%} ({found[0]:.0%} of draws)"
            yield case.problem(
                message, "mend one of them; until then the members' count", report.at, severity="warning"
            )
