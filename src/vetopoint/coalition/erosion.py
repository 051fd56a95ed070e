"""How the coalition moves over the months: erosion, and the share of members that concede the dependency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vetopoint.answers import ConcedingAnswer, ConcedingReport, ErosionAnswer, EventAnswer
from vetopoint.arrays import Floats
from vetopoint.case import Case
from vetopoint.coalition.consent import Consent
from vetopoint.coalition.stances import draw_stances, evaluate, month_of, reported
from vetopoint.quantity import Draws, band, bands

__all__ = ["conceding", "erosion", "events", "month_grid"]

Measure = Literal["quorum", "joined", "cohesion", "conceding", "supports"]

#: Months are shown one by one up to here, whatever the horizon: a stance two years old says little about the third.
LONGEST = 24


def month_grid(case: Case) -> list[float]:
    """Months from 0 to the horizon (at most 24), with the eve and the day of each event among them."""
    last = min(case.file.horizon_months, LONGEST)
    eves = [at for e in case.file.events.values() for at in (e.at - 0.01, e.at) if 0 <= at <= last]
    return sorted({*map(float, range(last + 1)), *eves})


def erosion(case: Case, draws: Draws, facts: Mapping[str, NDArray[np.bool_]], weights: Floats) -> list[ErosionAnswer]:
    """Measures of the coalition month by month, the situations weighed as now.

    Parameters
    ----------
    case, draws : the case and its draws, n.
    facts : fact to (S,) bool.
    weights : (n, S).
    """
    months = month_grid(case)
    curves: dict[Measure, list[Floats]] = {}
    for month in months:
        solved = Consent(case, draws, month).solve(facts)
        now: dict[Measure, Floats] = {
            "quorum": (solved.values["quorum"] * weights).sum(1),
            "joined": (solved.values["joined"] * weights).sum(1),
            "cohesion": (solved.values["cohesion"] * weights).sum(1),
            "conceding": solved.stances["needs_consent"].mean(1),
            "supports": solved.stances["supports"].mean(1),
        }
        for measure, value in now.items():
            curves.setdefault(measure, []).append(value)
    told = {r.on for r in reported(case)}
    shown = {"quorum", "joined", "cohesion"} | ({"conceding"} if "needs_consent" in told else set())
    shown |= {"supports"} & told
    return [_curve(measure, months, np.column_stack(v)) for measure, v in curves.items() if measure in shown]


def _curve(measure: Measure, months: list[float], values: Floats) -> ErosionAnswer:
    found = bands(values)
    return ErosionAnswer(
        measure=measure,
        months=months,
        mean=[b.mean for b in found],
        lo=[b.lo for b in found],
        hi=[b.hi for b in found],
    )


def conceding(case: Case, draws: Draws, month: float) -> ConcedingAnswer | None:
    """The share of members that concede the dependency on consent: reports, and the curve that they imply."""
    reports = reported(case, "needs_consent")
    if not reports:
        return None
    first = min(0.0, np.floor(min(r.month for r in reports)))
    months = sorted({*map(float, np.arange(first, 1)), *(r.month for r in reports if r.month <= 0), *month_grid(case)})
    shares = np.column_stack([draw_stances(case, draws, "needs_consent", m).mean(1) for m in months])
    found = bands(shares)
    return ConcedingAnswer(
        share=band(draw_stances(case, draws, "needs_consent", month).mean(1)),
        months=months,
        mean=[b.mean for b in found],
        lo=[b.lo for b in found],
        hi=[b.hi for b in found],
        reports=_reports(case, draws),
        named=sum(r.member is not None or case.file.others[r.index].who == "named" for r in reports),
        unnamed=sum(r.member is None and case.file.others[r.index].who == "unnamed" for r in reports),
    )


def _reports(case: Case, draws: Draws) -> list[ConcedingReport]:
    out = []
    for r in reported(case, "needs_consent"):
        stance = case.file.others[r.index] if r.member is None else case.file.members[r.member].stances[r.index]
        member = "" if r.member is None else case.file.members[r.member].label or r.member
        out.append(
            ConcedingReport(
                date=stance.date,
                month=month_of(case, stance.date),
                of=member,
                share=band(evaluate(case, r.place, draws)),
                who=stance.who,
                trend=stance.trend,
                because=stance.because,
                note=stance.note,
            )
        )
    return out


def events(case: Case, draws: Draws) -> list[EventAnswer]:
    """The calendar, with what each date shifts."""
    return [
        EventAnswer(
            name=name,
            label=event.label or name.replace("_", " "),
            month=event.at,
            shifts={t: band(evaluate(case, f"events.{name}.shifts.{t}", draws)) for t in event.shifts},
            because=event.because,
        )
        for name, event in sorted(case.file.events.items(), key=lambda item: item[1].at)
    ]
