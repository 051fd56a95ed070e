"""Dated stances: as reported of members or of the group, carried forward by trend and events, and drawn to fit.

A stance reported of a member is the probability that it takes it. A stance reported of the group is a share: in every
draw so many members take it, those first of whom it is reported, then members drawn at random, so that the drawn
coalition fits what was reported as far as what is reported of members allows. What an event shifts of one member alone then
moves that member, and the share with it. Reports of one date count alike. The same uniforms serve every month, so that a
rising share adds members and never swaps them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from vetopoint.arrays import Bools, Floats, ratio
from vetopoint.case import Case, Place
from vetopoint.coalition.agreement import evaluate
from vetopoint.quantity import Draws, Random
from vetopoint.quantity.distributions import Uniform

__all__ = [
    "KINDS",
    "Kind",
    "Report",
    "carried",
    "draw_stances",
    "judged",
    "known",
    "latest",
    "month_of",
    "reported",
    "share_taken",
    "shift",
    "tension",
]

Kind = Literal["supports", "needs_consent", "effective", "opposes"]
KINDS: tuple[Kind, ...] = ("supports", "needs_consent", "effective", "opposes")

#: Change of log-odds a year that the words "rising" and "falling" stand for where a case declares no `drift`: a
#: judgement of the project (a half becomes 62 % within a year), named in the notes of every run that uses it.
TREND = {"rising": 0.5, "falling": -0.5, "steady": 0.0}

_DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Report:
    """One dated stance of the case, of a member or (None) of the group: what it is on, where it stands, when it was taken."""

    on: Kind
    member: str | None
    at: Place
    date: dt.date | None
    month: float
    trend: Literal["rising", "falling", "steady"]
    drifts: bool
    who: Literal["named", "unnamed"]
    because: tuple[str, ...]
    note: str

    @property
    def place(self) -> Place:
        """Where its number stands."""
        return self.at / ("share" if self.member is None else "value")


def judged(case: Case, report: Report) -> bool:
    """Whether the number of a report is the analyst's: no claim from which it was read stands behind every quantity in it."""
    names = case.spec(report.place).names
    origins = [case.inputs[name].origin for name in names]
    return not origins or any(not o.claims or o.by == "analyst" for o in origins) or bool(names & set(case.overrides))


def month_of(case: Case, date: dt.date | None) -> float:
    """Months from the case's `as_of` to a date (negative: before); an undated stance counts as taken at `as_of`."""
    return 0.0 if date is None else (date - case.file.as_of).days / _DAYS_PER_MONTH


def reported(case: Case, kind: str | None = None) -> list[Report]:
    """All stances of a case (of one kind), in the order of their dates."""
    written = [
        (name, Place.of("members", name, "stances", i), s)
        for name, member in case.file.members.items()
        for i, s in enumerate(member.stances)
        if s.value is not None
    ]
    group = [(None, Place.of("others", i), s) for i, s in enumerate(case.file.others) if s.share is not None]
    found = [
        Report(s.on, member, at, s.date, month_of(case, s.date), s.trend, s.drift is not None, s.who, s.because, s.note)
        for member, at, s in (*written, *group)
        if kind is None or s.on == kind
    ]
    return sorted(found, key=lambda r: r.month)


def latest(reports: Sequence[Report], member: str | None, month: float) -> list[Report]:
    """The last reports of a member (None: of the group) that are out by a month: those of one date, or none."""
    out = [r for r in reports if r.member == member and r.month <= month + 1e-9]
    return [r for r in out if r.month == out[-1].month]


def shift(case: Case, draws: Draws, target: str, month: float) -> Floats:
    """Sum of what the events that have come by a month add to a stance or to cohesion, (n,)."""
    total = np.zeros(draws.n)
    for name, event in case.file.events.items():
        if target not in event.shifts or event.at > month + 1e-9:
            continue
        left = 0.5 ** ((month - event.at) / event.fades) if event.fades else 1.0
        total = total + left * evaluate(case, draws, "events", name, "shifts", target)
    return total


def carried(case: Case, reports: Sequence[Report], draws: Draws, month: float) -> Floats:
    """Mean value of reports of one date at a month, (n,): drifted in log-odds since, then shifted by events, within 0 and 1."""
    return np.asarray(np.mean([_carried(case, report, draws, month) for report in reports], axis=0))


def _carried(case: Case, report: Report, draws: Draws, month: float) -> Floats:
    value = np.clip(evaluate(case, draws, report.place), 0.0, 1.0)
    rate = evaluate(case, draws, report.at, "drift") if report.drifts else np.asarray(TREND[report.trend])
    odds = np.exp(np.clip(rate * (month - report.month) / 12.0, -700.0, 700.0))
    value = value * odds / (1.0 - value + value * odds)
    extra = shift(case, draws, report.on, month)
    if report.member is not None:
        extra = extra + shift(case, draws, f"{report.member}.{report.on}", month)
    return np.asarray(np.clip(value + extra, 0.0, 1.0))


def draw_stances(case: Case, draws: Draws, kind: str, month: float) -> Bools:
    """Who takes a stance in each draw at a month, (n, M) bool.

    Members of whom it is reported take it with the reported probability; the others are drawn so that the number of all
    who take it is the reported share of the members (rounded up or down at random, so that the mean is kept). An event that
    shifts one of these others turns it, in so many of the draws in which that is possible.
    """
    names = list(case.file.members)
    reports = reported(case, kind)
    taken = np.zeros((draws.n, len(names)), dtype=bool)
    own = [latest(reports, name, month) for name in names]
    said = kind.replace("_", " ")

    def lot(name: str, words: str) -> Floats:
        return draws.drawn(f"stance.{kind}.{name}", Random(Uniform(0.0, 1.0), f"{words}: {said}", "lot"))

    called = {name: member.label or name for name, member in case.file.members.items()}
    uniforms = [lot(name, f"Place of {called[name]} among those drawn") for name in names]
    for i, report in enumerate(own):
        if report:
            taken[:, i] = uniforms[i] < carried(case, report, draws, month)
    group = latest(reports, None, month)
    free = [i for i, report in enumerate(own) if not report]
    if group and free:
        target = carried(case, group, draws, month) * len(names)
        rounded = np.floor(target + lot("rounding", "Rounding of the number that takes a stance")).astype(int)
        missing = np.clip(rounded - taken.sum(axis=1), 0, len(free))
        rank = np.argsort(np.argsort(np.column_stack([uniforms[i] for i in free]), axis=1), axis=1)
        taken[:, free] = rank < missing[:, None]
        chance = np.clip(
            (target - taken[:, [i for i in range(len(names)) if i not in free]].sum(axis=1)) / len(free), 0.0, 1.0
        )
        for i in free:
            extra = shift(case, draws, f"{names[i]}.{kind}", month)
            if extra.any():
                turned = lot(f"{names[i]}.event", f"Whether an event turns {called[names[i]]}") < ratio(
                    np.abs(extra), np.where(extra > 0.0, 1.0 - chance, chance), 1.0
                )
                taken[:, i] = np.where(turned & (extra != 0.0), extra > 0.0, taken[:, i])
    return taken


def share_taken(case: Case, draws: Draws, kind: str, month: float) -> tuple[Floats, int] | None:
    """Share of the members that take a stance at a month, (n,), among those of whom it is known, and how many these are; None if none."""
    whose = known(case, kind, month)
    return (draw_stances(case, draws, kind, month)[:, whose].mean(axis=1), sum(whose)) if any(whose) else None


def known(case: Case, kind: str, month: float) -> list[bool]:
    """Of which members a stance is known at a month, by their own reports or the group's; of the others it is unknown, not refused."""
    reports = reported(case, kind)
    group = bool(latest(reports, None, month))
    return [group or bool(latest(reports, name, month)) for name in case.file.members]


def tension(case: Case, draws: Draws, kind: str, month: float) -> tuple[float, float, float] | None:
    """Where what is reported of members leaves no room for what is reported of the group at a month.

    Returns the share of draws in which the group's share is more than half a member beyond what the members allow, and the
    mean over these of the nearest share that they allow and of the group's; None if in no draw.
    """
    reports, names = reported(case, kind), list(case.file.members)
    group, own = latest(reports, None, month), [latest(reports, name, month) for name in names]
    if not group or not any(own):
        return None
    target = carried(case, group, draws, month) * len(names)
    least = np.sum([carried(case, report, draws, month) for report in own if report], axis=0)
    nearest = np.clip(target, least, least + own.count([]))
    apart = np.abs(nearest - target) > 0.5 + 1e-9
    if not apart.any():
        return None
    return float(apart.mean()), float(nearest[apart].mean()) / len(names), float(target[apart].mean()) / len(names)
