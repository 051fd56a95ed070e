"""The coalition's part of the answers, put together from tables, interventions and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vetopoint.answers import (
    BlocAnswer,
    CoalitionParty,
    CoalitionSection,
    CohesionAnswer,
    ExpectationAnswer,
    MemberSetAnswer,
    SituationAnswer,
)
from vetopoint.arrays import Bools, Floats
from vetopoint.budget import USUAL, Budget
from vetopoint.case import Case
from vetopoint.coalition.checks import problems
from vetopoint.coalition.consent import CoalitionTables, Consent
from vetopoint.coalition.decisive import Interventions, Worlds, interventions, worlds
from vetopoint.coalition.disputes import bodies, issues
from vetopoint.coalition.erosion import conceding, erosion, events
from vetopoint.coalition.membership import member_answers, slack, weighted_band
from vetopoint.pivots import rows
from vetopoint.quantity import Draws, band

__all__ = ["section"]


#: Bound on worlds times sets of parties, which are tabulated.
TABLE_CELLS = 1 << 25
LARGEST_SET = 4
MOST_SETS = 12


def section(
    case: Case,
    draws: Draws,
    tables: CoalitionTables,
    weights: Floats,
    *,
    labels: Sequence[str] | None = None,
    threshold: float = 0.5,
    block_threshold: float = 0.05,
    budget: Budget = USUAL,
) -> CoalitionSection:
    """Put together what the coalition engine answers.

    Parameters
    ----------
    case, draws : the case and its draws, n.
    tables : what `vetopoint.coalition.tables` returned for them.
    weights : (n, S) probability of each situation; rows sum to 1.
    labels : names of the situations (default: made from the facts that hold).
    threshold : P(quorum) that an unlock set must reach.
    block_threshold : P(quorum) that a block set must come down to.
    budget : how many draws each part may use.

    Returns
    -------
    CoalitionSection
    """
    weights = np.asarray(weights, dtype=float)
    if weights.shape != (draws.n, tables.situations):
        raise ValueError(f"weights must be (draws, situations) = {(draws.n, tables.situations)}, not {weights.shape}")
    k = min(draws.n, budget.consent)
    few = draws.first(k)
    consent = Consent(case, few, tables.month)
    effects = interventions(consent, tables.facts, weights[:k])
    parties = len(tables.members) + len(tables.facts)
    w = min(draws.n, budget.worlds, max(64, TABLE_CELLS >> parties))
    helps = effects.decisiveness[len(consent.members) :].mean(axis=1) >= 0
    drawn = worlds(Consent(case, draws.first(w), tables.month), tables.facts, weights[:w], helps)
    c = min(draws.n, budget.curves)
    names = list(labels) if labels is not None else situation_labels(tables.facts, tables.situations)
    rules = case.file.coalition
    actor = rules.actor or case.file.owner
    unlock, block = _sets(drawn, threshold, block_threshold)
    return CoalitionSection(
        actor=actor,
        actor_label=case.actor_label(actor),
        rule=rules.requires or "",
        need=None if consent.need is None else band(consent.need),
        minimum=rules.minimum,
        month=tables.month,
        situations=_situations(tables, weights, names),
        members=member_answers(case, draws, tables, weights, names, consent, effects, drawn),
        cohesion=_cohesion(case, tables, weights, consent, effects, drawn),
        conceding=conceding(case, draws.first(c), tables.month),
        erosion=erosion(case, draws.first(c), tables.facts, weights[:c]) if tables.members else [],
        events=events(case, draws),
        decisiveness=_decisive(case, effects, drawn),
        threshold=threshold,
        block_threshold=block_threshold,
        pivotal=_pivotal(unlock, block),
        unlock_sets=unlock,
        block_sets=block,
        blocs=_blocs(case, drawn),
        expectations=_expectations(case, consent, tables, weights[:k]),
        issues=issues(case, draws, budget.issues),
        bodies=bodies(case),
        draws={"tables": draws.n, "interventions": k, "worlds": w, "curves": c},
        notes=_notes(case, tables, drawn, unlock, threshold),
    )


def situation_labels(facts: Mapping[str, Bools], situations: int) -> list[str]:
    """Name each situation by the facts that hold in it."""
    return [
        ", ".join(name.replace("_", " ") for name, v in facts.items() if v[s]) or "no fact holds"
        for s in range(situations)
    ]


def _situations(tables: CoalitionTables, weights: Floats, names: Sequence[str]) -> list[SituationAnswer]:
    v = tables.values
    return [
        SituationAnswer(
            name=f"s{s}",
            label=names[s],
            facts={name: bool(held[s]) for name, held in tables.facts.items()},
            weight=band(weights[:, s]),
            quorum=band(v["quorum"][:, s]),
            quorum_least=band(v["quorum_least"][:, s]),
            coordination_risk=band(v["quorum"][:, s] - v["quorum_least"][:, s]),
            joined=band(v["joined"][:, s]),
            joined_least=band(v["joined_least"][:, s]),
            capability=band(v["capability"][:, s]),
            cohesion=band(v["cohesion"][:, s]),
        )
        for s in range(tables.situations)
    ]


def _cohesion(
    case: Case,
    tables: CoalitionTables,
    weights: Floats,
    consent: Consent,
    effects: Interventions,
    drawn: Worlds | None,
) -> CohesionAnswer:
    k = consent.draws.n
    v = {name: (x * weights).sum(1) for name, x in tables.values.items()}
    joins = (tables.greatest * weights[:, :, None]).sum(1)[:k]
    lost = [v["joined"][:k] - joins[:, i] - effects.joined_without[i] for i in range(len(tables.members))]
    cascades = [weighted_band(x / np.maximum(joins[:, i], 1e-300), joins[:, i]) for i, x in enumerate(lost)]
    conceded = tables.stances["needs_consent"]
    share = (conceded * tables.capability).sum(1) / np.maximum(tables.capability.sum(1), 1e-300)
    away = slack(drawn) if drawn is not None and tables.members else None
    slacks = [] if away is None else [weighted_band(a, j.astype(float)) for a, j in zip(*away, strict=True)]
    weakest = min(range(len(slacks)), key=lambda i: slacks[i].mean, default=None)
    widest = max(range(len(cascades)), key=lambda i: cascades[i].mean, default=None)
    return CohesionAnswer(
        quorum=band(v["quorum"]),
        survives_one_exit=band(v["cohesion"]),
        weakest="" if weakest is None else tables.members[weakest],
        weakest_slack=None if weakest is None else slacks[weakest],
        largest_cascade="" if widest is None else tables.members[widest],
        largest_cascade_size=None if widest is None else cascades[widest],
        polarisation=band(4.0 * share * (1.0 - share)),
        coordination_risk=band(v["quorum"] - v["quorum_least"]),
    )


def _decisive(case: Case, effects: Interventions, drawn: Worlds | None) -> list[CoalitionParty]:
    lift = None if drawn is None else drawn.lift().shares
    degree, fails = (None, None) if drawn is None else drawn.blame()
    members = len(case.file.members)
    out = []
    for p, name in enumerate(effects.parties):
        blame = None
        if degree is not None and fails is not None:
            blame = weighted_band(degree[p], fails.astype(float))
        out.append(
            CoalitionParty(
                party=name,
                label=_party_label(case, name),
                kind="member" if p < members else "fact",
                actor=_decider(case, name) if p >= members else None,
                structural_veto=bool(effects.structural[p].all()),
                effective_veto=band(effects.effective[p].astype(float)),
                given_yes=band(effects.yes[p]),
                given_no=band(effects.no[p]),
                decisiveness=band(effects.decisiveness[p]),
                unlock=band(effects.yes[p] - effects.base),
                block=band(effects.base - effects.no[p]),
                lift=None if lift is None else band(lift[p]),
                largest=float(effects.largest[p]),
                blame=blame,
            )
        )
    return sorted(out, key=lambda d: -abs(d.decisiveness.mean))


def _party_label(case: Case, name: str) -> str:
    member = case.file.members.get(name)
    if member is not None:
        return member.label or name
    actor = _decider(case, name)
    words = name.replace("_", " ")
    return f"{case.actor_label(actor)} ({words})" if actor else words


def _decider(case: Case, fact: str) -> str | None:
    """The actor whose move settles a fact, if it is one actor's alone."""
    expression = case.expression(f"coalition.facts.{fact}")
    if expression is None:
        return None
    movers = {case.file.moves[word].by for word in expression.names if word in case.file.moves}
    return movers.pop() if len(movers) == 1 else None


def _sets(drawn: Worlds | None, threshold: float, block: float) -> tuple[list[MemberSetAnswer], list[MemberSetAnswer]]:
    if drawn is None:
        return [], []

    def answers(sets: Sequence[tuple[int, ...]], refusing: bool) -> list[MemberSetAnswer]:
        value = drawn.without() if refusing else drawn.gain()
        p = len(drawn.parties)
        return [
            MemberSetAnswer(
                names=tuple(drawn.parties[i] for i in found),
                probability=band(value(rows(np.array([sum(1 << i for i in found)]), p))[0]),
            )
            for found in sets[:MOST_SETS]
        ]

    unlock = drawn.unlock_sets(threshold, LARGEST_SET)
    blocked = drawn.block_sets(block, LARGEST_SET)
    return answers(unlock, False), answers(blocked, True)


def _pivotal(unlock: Sequence[MemberSetAnswer], block: Sequence[MemberSetAnswer]) -> list[str]:
    """Parties in every unlock set, or that block alone."""
    in_all = set.intersection(*(set(s.names) for s in unlock)) if unlock else set()
    alone = {s.names[0] for s in block if len(s.names) == 1}
    return sorted(in_all | alone)


def _blocs(case: Case, drawn: Worlds | None) -> list[BlocAnswer]:
    names: dict[str, list[str]] = {}
    for name, member in case.file.members.items():
        if member.bloc is not None:
            names.setdefault(member.bloc, []).append(name)
    if drawn is None or not names:
        return []
    grouped = [[drawn.parties.index(n) for n in inside] for inside in names.values()]
    rest = [[i] for i in range(len(drawn.parties)) if not any(i in g for g in grouped)]
    shares = drawn.bloc_lift([*grouped, *rest]).shares
    return [
        BlocAnswer(
            name=bloc,
            members={n: band(shares[drawn.parties.index(n)]) for n in inside},
            lift=band(shares[[drawn.parties.index(n) for n in inside]].sum(0)),
        )
        for bloc, inside in names.items()
    ]


def _expectations(case: Case, consent: Consent, tables: CoalitionTables, weights: Floats) -> list[ExpectationAnswer]:
    out = []
    for i, name in enumerate(consent.members):
        for fact, expected in consent.expected(i).items():
            solved = weights @ tables.facts[fact].astype(float)
            out.append(
                ExpectationAnswer(
                    member=name,
                    fact=fact,
                    expected=band(expected),
                    solved=band(solved),
                    gap=band(expected - solved),
                )
            )
    return out


def _notes(
    case: Case, tables: CoalitionTables, drawn: Worlds | None, unlock: Sequence[MemberSetAnswer], threshold: float
) -> list[str]:
    notes = [
        f"The rule of {name} can be broken by another member's joining: it has no greatest and least solution; the figures "
        "are what is left when members drop out one round after another, and who wins that contest is for the game."
        for name in tables.nonmonotone
    ]
    if not tables.exact:
        notes.append(f"{len(tables.members)} members: acceptances were drawn, 16 patterns a draw, not enumerated.")
    notes += [f"{p.message[:1].upper()}{p.message[1:]}." for p in problems(case) if p.severity == "warning"]
    stances = [*case.file.others, *(s for m in case.file.members.values() for s in m.stances)]
    moving = sorted({s.trend for s in stances if s.trend != "steady" and s.drift is None})
    if moving:
        notes.append(
            f"A stance reported as {' or '.join(moving)} without a declared drift moves by half a unit of log-odds a year: "
            "a judgement of this program."
        )
    if tables.members and drawn is None:
        notes.append("Too many parties for Shapley shares, unlock and block sets.")
    elif tables.members and not unlock:
        notes.append(f"No set of up to {LARGEST_SET} yeses brings the coalition to {threshold:.0%}.")
    return notes
