"""What the answers say of each member: who joins, stances, distance from the threshold, what its exit does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vetopoint.answers import ExitAnswer, JoinAnswer, MemberAnswer, StanceAnswer
from vetopoint.arrays import Bools, Floats
from vetopoint.case import Case
from vetopoint.coalition.consent import CoalitionTables, Consent
from vetopoint.coalition.decisive import Interventions, Worlds
from vetopoint.coalition.stances import KINDS, carried, latest, reported
from vetopoint.quantity import Band, Draws, band

__all__ = ["member_answers", "slack", "weighted_band"]


def weighted_band(values: Floats, weights: Floats) -> Band:
    """Band over draws of a conditional figure; zero where its condition never holds."""
    if not np.any(weights > 0):
        return Band(mean=0.0, lo=0.0, hi=0.0, mc=0.0)
    return band(values, np.maximum(weights, 0.0))


def member_answers(
    case: Case,
    draws: Draws,
    tables: CoalitionTables,
    weights: Floats,
    names: Sequence[str],
    consent: Consent,
    effects: Interventions,
    drawn: Worlds | None,
) -> list[MemberAnswer]:
    k = consent.draws.n
    joined = (tables.values["joined"] * weights).sum(1)
    away = slack(drawn) if drawn is not None else None
    out = []
    for i, name in enumerate(tables.members):
        member = case.file.members[name]
        joins = (tables.greatest[:, :, i] * weights).sum(1)
        others_lost = joined[:k] - joins[:k] - effects.joined_without[i]
        out.append(
            MemberAnswer(
                name=name,
                label=member.label or name,
                bloc=member.bloc,
                rule=member.joins.requires,
                accepts=band(tables.accepts[:, i]),
                capability=band(tables.capability[:, i]),
                joins=[
                    JoinAnswer(
                        situation=f"s{s}",
                        greatest=band(tables.greatest[:, s, i]),
                        least=band(tables.least[:, s, i]),
                    )
                    for s in range(len(names))
                ],
                joins_overall=band(joins),
                stances=_stances(case, draws, name, tables.month),
                slack=None if away is None else weighted_band(away[0][i], away[1][i].astype(float)),
                exit=ExitAnswer(
                    survives=weighted_band(effects.no[i] / np.maximum(effects.base, 1e-300), effects.base),
                    cascade=weighted_band(others_lost / np.maximum(joins[:k], 1e-300), joins[:k]),
                ),
            )
        )
    return out


def _stances(case: Case, draws: Draws, member: str, month: float) -> list[StanceAnswer]:
    out = []
    for kind in KINDS:
        reports = reported(case, kind)
        own, group = latest(reports, member, month), latest(reports, None, month)
        report = own or group
        if report is None:
            continue
        stance = case.file.others[report.index] if own is None else case.file.members[member].stances[report.index]
        out.append(
            StanceAnswer(
                on=kind,
                value=band(carried(case, report, draws, month)),
                date=stance.date,
                own=own is not None,
                trend=stance.trend,
                because=stance.because,
            )
        )
    return out


def slack(drawn: Worlds) -> tuple[Floats, Bools]:
    """(M, W) fewest exits of others that would make a member leave, and (M, W) whether it has joined."""
    structure = drawn.structure
    m, f = structure.members, structure.facts
    masks = np.arange(1 << m)
    hold = drawn.acts >> m
    joined = _joined_masks(drawn)
    away = np.zeros((m, len(hold)))
    for i in range(m):
        left = np.where(structure.truth[i], np.inf, 0.0)
        for j in range(m):
            if j != i:
                without = np.where(masks >> j & 1, masks & ~(1 << j), masks)
                left = np.minimum(left, np.where(masks >> j & 1, left[:, without] + 1.0, np.inf))
        row = structure.row[:, i].copy()
        for fact in range(f):
            row |= np.where(hold >> fact & 1, structure.fact_bits[i, fact], 0)
        found = left[row, joined]
        away[i] = np.where(np.isinf(found), float(m), found)
    return away, ((joined[None, :] >> np.arange(m)[:, None]) & 1).astype(bool)


def _joined_masks(drawn: Worlds) -> NDArray[np.int64]:
    """(W,) mask of members that have joined in each world."""
    structure = drawn.structure
    m, f = structure.members, structure.facts
    hold = drawn.acts >> m
    row = structure.row.copy()
    for fact in range(f):
        row |= np.where((hold >> fact & 1)[:, None], structure.fact_bits[None, :, fact], 0)
    here = drawn.acts & ((1 << m) - 1)
    while True:
        after = here.copy()
        for i in range(m):
            after &= ~np.where(structure.truth[i][row[:, i], here], 0, 1 << i)
        if np.array_equal(after, here):
            return here
        here = after
