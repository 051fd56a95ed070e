"""The coalition's part of the answers, put together from tables, interventions and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from vetopoint import answers
from vetopoint.answers import CoalitionSection, MemberAnswer, MemberSetAnswer
from vetopoint.arrays import Bools, Floats, Ints, ratio
from vetopoint.budget import USUAL, Budget
from vetopoint.case import Case
from vetopoint.case.telling import clause_in_words, fact_in_words, rule_in_words
from vetopoint.coalition.agreement import evaluate
from vetopoint.coalition.checks import problems
from vetopoint.coalition.consent import CoalitionTables, Consent
from vetopoint.coalition.decisive import Interventions, Structure, Worlds, interventions, worlds
from vetopoint.coalition.disputes import bodies, issues
from vetopoint.coalition.indispensable import indispensable
from vetopoint.coalition.stances import (
    KINDS,
    Kind,
    Report,
    carried,
    judged,
    known,
    latest,
    reported,
    share_taken,
    shift,
    tension,
)
from vetopoint.pivots import Value, rows
from vetopoint.quantity import Band, Draws, band, bands, given

__all__ = ["section"]

#: Bound on worlds times sets of parties, which are tabulated.
TABLE_CELLS = 1 << 25
LARGEST_SET = 4
MOST_SETS = 12
#: P(quorum) that an unlock set must reach, and that a block set must come down to.
UNLOCK_AT_LEAST, BLOCK_AT_MOST = 0.5, 0.05
#: Situations of less weight are not met: no member is shown in them.
MET = 0.005
#: Months are shown one by one up to here, whatever the horizon: a stance two years old says little about the third.
LONGEST = 24

Measure = Literal["quorum", "joined", "cohesion", "conceding", "supports"]


@dataclass(frozen=True)
class _Solved:
    """What the answers are made from; n draws, S situations, M members.

    Beside the tables and the probability of each situation (n, S), the consent structure over the first k draws with
    single interventions on it and, unless there are too many parties, single worlds, one in each of the first
    `world_draws` draws, with every set of interventions on them.
    """

    case: Case
    draws: Draws
    tables: CoalitionTables
    weights: Floats
    consent: Consent
    effects: Interventions
    drawn: Worlds | None
    world_draws: int
    condition: Floats | None

    @classmethod
    def of(
        cls,
        case: Case,
        draws: Draws,
        tables: CoalitionTables,
        weights: Floats,
        budget: Budget,
        condition: Floats | None,
    ) -> _Solved:
        """Intervene on as many draws as each kind of intervention allows."""
        shape = (draws.n, tables.situations)
        if weights.shape != shape:
            raise ValueError(f"weights must be (draws, situations) = {shape}, not {weights.shape}")
        k = min(draws.n, budget.consent)
        consent = Consent(case, draws.first(k), tables.month)
        effects = interventions(consent, tables.facts, weights[:k])
        w = min(draws.n, budget.worlds, max(64, TABLE_CELLS >> len(effects.parties)))
        helps = effects.decisiveness[len(consent.members) :].mean(axis=1) >= 0
        drawn = worlds(Consent(case, draws.first(w), tables.month), tables.facts, weights[:w], helps)
        return cls(case, draws, tables, weights, consent, effects, drawn, w, condition)

    def told(self, word: str, member: int | None = None) -> Band:
        """A figure of the tables, the situations weighed, of one member where it is by member."""
        values = getattr(self.tables, word)[:, :, member] if member is not None else self.tables.values[word]
        error = self.tables.error.get(word)
        within = 0.0 if error is None else float(self.weights.mean(0) @ (error if member is None else error[:, member]))
        return _drawn_band((values * self.weights).sum(1), within, self.condition)

    def overall(self, word: str) -> Floats:
        """(n,) a figure of the tables, the situations weighed."""
        return np.asarray((self.tables.values[word] * self.weights).sum(1))

    @cached_property
    def met(self) -> Bools:
        """(S,) whether the game comes to each situation at all once the owner tries; the heaviest where it comes to all of them rarely."""
        share = np.average(self.weights, axis=0, weights=self.condition)
        return np.asarray(share >= min(MET, share.max()))

    @cached_property
    def slack(self) -> tuple[Floats, Bools] | None:
        """Fewest exits that would make each member leave, and whether it has joined; see `slack`."""
        return None if self.drawn is None or not self.tables.members else slack(self.drawn)


def section(
    case: Case,
    draws: Draws,
    tables: CoalitionTables,
    weights: Floats,
    budget: Budget = USUAL,
    condition: Floats | None = None,
) -> CoalitionSection:
    """Put together what the coalition engine answers.

    Parameters
    ----------
    case, draws : the case and its draws, n.
    tables : what `vetopoint.coalition.tables` returned for them.
    weights : (n, S) probability of each situation; rows sum to 1.
    budget : how many draws each part may use.
    condition : (n,) P(what the situations are given), by which draws are weighed where the situations are; default alike.
    """
    possible = None if condition is None or condition.sum() <= 0 else condition
    solved = _Solved.of(case, draws, tables, np.asarray(weights, dtype=float), budget, possible)
    consent, drawn = solved.consent, solved.drawn
    c = min(draws.n, budget.curves)
    rules = case.file.coalition
    actor = rules.actor or case.file.owner
    members = _members(solved)
    unlock, block = _sets(drawn)
    return CoalitionSection(
        actor=actor,
        actor_label=case.actor_label(actor),
        rule=rules.requires or "",
        rule_label=clause_in_words(case),
        facts={fact: fact_in_words(case, fact) for fact in rules.facts},
        need=None if consent.quorum.need is None else band(consent.quorum.need),
        minimum=rules.minimum,
        month=tables.month,
        situations=_situations(solved),
        members=members,
        cohesion=_cohesion(solved, members),
        conceding=conceding(case, draws.first(c), tables.month),
        erosion=erosion(case, draws.first(c), tables.facts, solved.weights[:c]) if tables.members else [],
        events=events(case, draws),
        decisiveness=_decisive(solved),
        threshold=UNLOCK_AT_LEAST,
        block_threshold=BLOCK_AT_MOST,
        pivotal=_pivotal(unlock, block),
        unlock_sets=unlock,
        block_sets=block,
        blocs=_blocs(case, drawn),
        expectations=_expectations(solved),
        issues=issues(case, draws, budget.issues),
        bodies=bodies(case),
        draws={"tables": draws.n, "interventions": consent.draws.n, "worlds": solved.world_draws, "curves": c},
        notes=_notes(solved, unlock),
    )


def _drawn_band(values: Floats, error: float, condition: Floats | None = None) -> Band:
    """A band whose Monte-Carlo error holds what drawing acceptances within draws adds."""
    found = band(values, condition)
    return found.model_copy(update={"mc": float(np.hypot(found.mc, error))}) if error else found


def _situations(solved: _Solved) -> list[answers.SituationAnswer]:
    out = []
    for s in range(solved.tables.situations):
        holds = {name: bool(held[s]) for name, held in solved.tables.facts.items()}
        values, error = {name: value[:, s] for name, value in solved.tables.values.items()}, solved.tables.error
        out.append(
            answers.SituationAnswer(
                name=f"s{s}",
                label=", ".join(fact_in_words(solved.case, f) for f, held in holds.items() if held) or "no fact holds",
                facts=holds,
                weight=band(solved.weights[:, s], solved.condition),
                met=bool(solved.met[s]),
                coordination_risk=band(values["quorum"] - values["quorum_least"]),
                **{k: _drawn_band(value, float(error[k][s]) if k in error else 0.0) for k, value in values.items()},
            )
        )
    return out


def _where_it_holds(values: Floats, weights: Floats) -> Band | None:
    """Band of a figure given something; None where that never holds: there is no such figure, and nought would be one."""
    return given(values, np.maximum(weights, 0.0))


def _members(solved: _Solved) -> list[MemberAnswer]:
    """What the answers say of each member: who joins, stances, distance from the threshold, what its exit does."""
    case, tables, effects, k = solved.case, solved.tables, solved.effects, solved.consent.draws.n
    joined, away = solved.overall("joined"), solved.slack
    out = []
    for i, name in enumerate(tables.members):
        member = case.file.members[name]
        greatest, least = tables.greatest[:, :, i], tables.least[:, :, i]
        error = {end: tables.error[end][:, i] for end in ("greatest", "least") if end in tables.error}
        joins = (greatest * solved.weights).sum(1)
        others_lost = joined[:k] - joins[:k] - effects.joined_without[i]
        survives = _where_it_holds(ratio(effects.no[i], effects.base), effects.base)
        cascade = _where_it_holds(ratio(others_lost, joins[:k]), joins[:k])
        out.append(
            MemberAnswer(
                name=name,
                label=member.label or name,
                bloc=member.bloc,
                rule=member.joins.requires,
                rule_label=rule_in_words(case, name),
                accepts=band(tables.accepts[:, i]),
                capability=band(tables.capability[:, i]),
                joins=[
                    answers.JoinAnswer(
                        situation=f"s{s}",
                        **{
                            end: _drawn_band(ends[:, s], float(error[end][s]) if error else 0.0)
                            for end, ends in (("greatest", greatest), ("least", least))
                        },
                    )
                    for s in np.flatnonzero(solved.met)
                ],
                joins_overall=solved.told("greatest", i),
                stances=_stances(solved, name),
                slack=None if away is None else _where_it_holds(away[0][i], away[1][i].astype(float)),
                exit=answers.ExitAnswer(survives=survives, cascade=cascade),
            )
        )
    return out


def _stances(solved: _Solved, member: str) -> list[answers.StanceAnswer]:
    month, out = solved.tables.month, []
    for kind in KINDS:
        reports = reported(solved.case, kind)
        own = latest(reports, member, month)
        told = own or latest(reports, None, month)
        if told:
            value = carried(solved.case, told, solved.draws, month)
            if not own:
                value = np.clip(value + shift(solved.case, solved.draws, f"{member}.{kind}", month), 0.0, 1.0)
            trend = told[0].trend if len({r.trend for r in told}) == 1 else "steady"
            because = tuple(dict.fromkeys(claim for r in told for claim in r.because))
            out.append(
                answers.StanceAnswer(
                    on=kind,
                    value=band(value),
                    judged=any(judged(solved.case, r) for r in told),
                    own=bool(own),
                    date=told[0].date,
                    trend=trend,
                    because=because,
                )
            )
    return out


def slack(drawn: Worlds) -> tuple[Floats, Bools]:
    """(M, W) fewest exits of others that would make a member leave, and (M, W) whether it has joined."""
    structure = drawn.structure
    m = structure.members
    masks = np.arange(1 << m)
    row = _rows_under(structure, drawn.acts >> m)
    joined, there = drawn.joined, drawn.joined >= 0
    away = np.zeros((m, len(row)))
    for i in range(m):
        left = np.where(structure.truth[i], np.inf, 0.0)
        for j in range(m):
            if j != i:
                without = np.where(masks >> j & 1, masks & ~(1 << j), masks)
                left = np.minimum(left, np.where(masks >> j & 1, left[:, without] + 1.0, np.inf))
        found = left[row[:, i], joined]
        away[i] = np.where(np.isinf(found), float(m), found)
    return away, ((joined[None, :] >> np.arange(m)[:, None]) & 1).astype(bool) & there


def _rows_under(structure: Structure, hold: Ints) -> Ints:
    """(W, M) each member's row of its truth table under the facts that hold in each world, (W,) masks."""
    row = structure.row.copy()
    for fact in range(structure.facts):
        row |= np.where((hold >> fact & 1)[:, None], structure.fact_bits[None, :, fact], 0)
    return row


def _cohesion(solved: _Solved, members: Sequence[MemberAnswer]) -> answers.CohesionAnswer:
    tables = solved.tables
    quorum = solved.overall("quorum")
    whose = known(solved.case, "needs_consent", tables.month)
    weighed, whole = tables.stances["needs_consent"] * tables.capability, tables.capability
    share = ratio(weighed[:, whose].sum(1), whole[:, whose].sum(1))
    slacks = [(m.name, m.slack) for m in members if m.slack is not None]
    weakest = min(slacks, key=lambda s: s[1].mean, default=("", None))
    cascades = [(m.name, m.exit.cascade) for m in members if m.exit.cascade is not None]
    widest = max(cascades, key=lambda c: c[1].mean, default=("", None))
    return answers.CohesionAnswer(
        quorum=solved.told("quorum"),
        survives_one_exit=solved.told("cohesion"),
        weakest=weakest[0],
        weakest_slack=weakest[1],
        largest_cascade=widest[0],
        largest_cascade_size=widest[1],
        polarisation=band(4.0 * share * (1.0 - share)) if any(whose) else None,
        coordination_risk=band(quorum - solved.overall("quorum_least")),
    )


def _decisive(solved: _Solved) -> list[answers.CoalitionParty]:
    case, effects, drawn = solved.case, solved.effects, solved.drawn
    lift = None if drawn is None else drawn.lift().shares
    degree, fails = (None, np.zeros(0)) if drawn is None else drawn.blame()
    members = len(case.file.members)
    needed = indispensable(solved.consent, solved.tables.facts)
    out = [
        answers.CoalitionParty(
            party=name,
            label=_party_label(case, name),
            kind="member" if p < members else "fact",
            actor=_decider(case, name) if p >= members else None,
            structural_veto=bool(effects.structural[p].all()),
            rule_veto=name in needed,
            effective_veto=band(effects.effective[p].astype(float)),
            given_yes=band(effects.yes[p]),
            given_no=band(effects.no[p]),
            decisiveness=band(effects.decisiveness[p]),
            unlock=band(effects.yes[p] - effects.base),
            block=band(effects.base - effects.no[p]),
            lift=None if lift is None else band(lift[p]),
            largest=float(effects.largest[p]),
            blame=None if degree is None else _where_it_holds(degree[p], fails.astype(float)),
        )
        for p, name in enumerate(effects.parties)
    ]
    return sorted(out, key=lambda d: -abs(d.decisiveness.mean))


def _party_label(case: Case, name: str) -> str:
    member = case.file.members.get(name)
    if member is not None:
        return member.label or name
    return fact_in_words(case, name)


def _decider(case: Case, fact: str) -> str | None:
    """The actor whose move settles a fact, if it is one actor's alone."""
    expression = case.expression("coalition", "facts", fact)
    if expression is None:
        return None
    movers = {case.file.moves[word].by for word in expression.names if word in case.file.moves}
    return movers.pop() if len(movers) == 1 else None


def _sets(drawn: Worlds | None) -> tuple[list[MemberSetAnswer], list[MemberSetAnswer]]:
    """Unlock sets and block sets."""
    if drawn is None:
        return [], []

    def told(sets: Sequence[tuple[int, ...]], value: Value) -> list[MemberSetAnswer]:
        names = [tuple(drawn.parties[i] for i in found) for found in sets]
        reached = value(rows(np.array([sum(1 << i for i in found) for found in sets], int), len(drawn.parties)))
        return [MemberSetAnswer(names=n, probability=band(p)) for n, p in zip(names, reached, strict=True)]

    unlock, block = drawn.unlock_sets(UNLOCK_AT_LEAST, LARGEST_SET), drawn.block_sets(BLOCK_AT_MOST, LARGEST_SET)
    return told(unlock[:MOST_SETS], drawn.gain), told(block[:MOST_SETS], drawn.without)


def _pivotal(unlock: Sequence[MemberSetAnswer], block: Sequence[MemberSetAnswer]) -> list[str]:
    """Parties in every unlock set, or that block alone."""
    in_all = set.intersection(*(set(s.names) for s in unlock)) if unlock else set()
    alone = {s.names[0] for s in block if len(s.names) == 1}
    return sorted(in_all | alone)


def _blocs(case: Case, drawn: Worlds | None) -> list[answers.BlocAnswer]:
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
        answers.BlocAnswer(
            name=bloc,
            members={n: band(shares[drawn.parties.index(n)]) for n in inside},
            lift=band(shares[[drawn.parties.index(n) for n in inside]].sum(0)),
        )
        for bloc, inside in names.items()
    ]


def _expectations(solved: _Solved) -> list[answers.ExpectationAnswer]:
    consent, out = solved.consent, []
    weights = solved.weights[: consent.draws.n]
    for i, name in enumerate(consent.members):
        for fact, expected in consent.expected(i).items():
            found = weights @ solved.tables.facts[fact].astype(float)
            told = {"expected": band(expected), "solved": band(found), "gap": band(expected - found)}
            out.append(answers.ExpectationAnswer(member=name, fact=fact, **told))
    return out


def _notes(solved: _Solved, unlock: Sequence[MemberSetAnswer]) -> list[str]:
    case, tables, unmet = solved.case, solved.tables, int((~solved.met).sum())
    notes = []
    if unmet:
        notes.append(
            f"{unmet} of {tables.situations} situations are not shown: once the owner tries, under {MET:.1%} of histories end in each of them."
        )
    if tables.nonmonotone:
        looked = "enumerated" if tables.exact else "searched for from everybody and from nobody"
        none, several = (float(solved.overall(word).mean()) for word in ("none", "several"))
        notes.append(
            f"Rules that another member's joining can break: {', '.join(_party_label(case, n) for n in tables.nonmonotone)}. The sets of members that are "
            f"consistent with every rule were {looked}: none in {none:.1%} (nobody is counted as joining), several in {several:.1%} "
            "(figures at best and at worst over them), else one."
        )
    if not tables.exact:
        notes.append(
            f"{len(tables.members)} members who look at each other: acceptances were drawn, 16 patterns a draw, not enumerated. The standard "
            f"error of at most {max(float(e.max()) for e in tables.error.values()):.2g} that this leaves is part of the Monte-Carlo error here, of no band."
        )
    notes += [f"{p.message[:1].upper()}{p.message[1:]}." for p in problems(case) if p.severity == "warning"]
    for kind in KINDS:
        found = tension(case, solved.draws, kind, tables.month)
        if found is not None:
            notes.append(
                f"Reports of members and of the group contradict each other on '{kind}' in {found[0]:.1%} of draws: the group's share of {found[2]:.0%} "
                f"is beyond the {found[1]:.0%} that the members allow, which are counted."
            )
    moving = sorted({r.trend for r in reported(case) if r.trend != "steady" and not r.drifts})
    if moving:
        notes.append(
            f"A stance reported as {' or '.join(moving)} without a declared drift moves by half a unit of log-odds a year: "
            "a judgement of this program."
        )
    if tables.members and solved.drawn is None:
        notes.append("Too many parties for Shapley shares, unlock and block sets.")
    elif tables.members and not unlock:
        notes.append(f"No set of up to {LARGEST_SET} yeses brings the coalition to {UNLOCK_AT_LEAST:.0%}.")
    return notes


# -- over the months -----------------------------------------------------------------------------------------------


def month_grid(case: Case) -> list[float]:
    """Months from 0 to the horizon (at most 24), with the eve and the day of each event among them."""
    last = min(case.file.horizon_months, LONGEST)
    eves = [at for e in case.file.events.values() for at in (e.at - 0.01, e.at) if 0 <= at <= last]
    return sorted({*map(float, range(last + 1)), *eves})


def erosion(case: Case, draws: Draws, facts: Mapping[str, Bools], weights: Floats) -> list[answers.ErosionAnswer]:
    """Measures of the coalition month by month, the situations weighed as now: facts (S,) each, weights (n, S)."""
    weighed: tuple[Measure, ...] = ("quorum", "joined", "cohesion")
    shares: tuple[tuple[Measure, Kind], ...] = (("conceding", "needs_consent"), ("supports", "supports"))
    told = {r.on for r in reported(case)}

    solved = {month: Consent(case, draws, month).solve(facts).values for month in month_grid(case)}
    found = [
        answers.ErosionAnswer(measure=m, **_curve({at: (v[m] * weights).sum(1) for at, v in solved.items()}))
        for m in weighed
    ]
    for measure, kind in shares:
        taken = {month: share_taken(case, draws, kind, month) for month in solved} if kind in told else {}
        shown = {month: share for month, share in taken.items() if share is not None}
        most = max((share[1] for share in shown.values()), default=0)
        if most:
            # The share of other members is another share: the curve begins when it is known of as many as it ever will be.
            assumed = any(judged(case, r) for r in reported(case, kind))
            curve = _curve({month: share[0] for month, share in shown.items() if share[1] == most})
            found.append(answers.ErosionAnswer(measure=measure, known=most, judged=assumed, **curve))
    return found


def _curve(curve: Mapping[float, Floats]) -> dict[str, Any]:
    """Fields of a curve from (n,) values at each month at which there are any."""
    months, found = list(curve), bands(np.column_stack(list(curve.values())))
    return {"months": months, **{end: [getattr(b, end) for b in found] for end in ("mean", "lo", "hi")}}


def conceding(case: Case, draws: Draws, month: float) -> answers.ConcedingAnswer | None:
    """The share of members that concede the dependency on consent: reports, and the curve that they imply."""
    reports = reported(case, "needs_consent")
    share = share_taken(case, draws, "needs_consent", month)
    if share is None:
        return None
    first = min(0.0, np.floor(min(r.month for r in reports)))
    months = sorted({*map(float, np.arange(first, 1)), *(r.month for r in reports if r.month <= 0), *month_grid(case)})
    taken = {m: share_taken(case, draws, "needs_consent", m) for m in months}
    counted = latest(reports, None, month) + [r for name in case.file.members for r in latest(reports, name, month)]
    group = [r for r in counted if r.member is None] or counted
    return answers.ConcedingAnswer(
        share=band(share[0]),
        judged=any(judged(case, r) for r in counted),
        stated=band(np.mean([np.clip(evaluate(case, draws, r.place), 0.0, 1.0) for r in group], axis=0)),
        drift=_drift(case, counted, month),
        known=share[1],
        **_curve({m: at[0] for m, at in taken.items() if at is not None and at[1] == share[1]}),
        reports=[_report(case, draws, r) for r in reports],
        named=sum(r.member is not None or r.who == "named" for r in reports),
        unnamed=sum(r.member is None and r.who == "unnamed" for r in reports),
    )


def _drift(case: Case, counted: Sequence[Report], month: float) -> Literal["none", "case", "program", "both"]:
    """Who moves the reports that count at a month: the program, where a word has no declared rate; the case, where a rate or an event does."""
    since = [r for r in counted if month > r.month + 1e-9]
    program = any(r.trend != "steady" and not r.drifts for r in since)
    events = [e for e in case.file.events.values() if e.at <= month + 1e-9]
    moved = any(target.rpartition(".")[2] == "needs_consent" for e in events for target in e.shifts)
    if moved or any(r.drifts for r in since):
        return "both" if program else "case"
    return "program" if program else "none"


def _report(case: Case, draws: Draws, report: Report) -> answers.ConcedingReport:
    told = {name: getattr(report, name) for name in ("date", "month", "who", "trend", "because", "note")}
    member = "" if report.member is None else case.file.members[report.member].label or report.member
    return answers.ConcedingReport(
        of=member, share=band(evaluate(case, draws, report.place)), judged=judged(case, report), **told
    )


def events(case: Case, draws: Draws) -> list[answers.EventAnswer]:
    """The calendar, with what each date shifts."""
    return [
        answers.EventAnswer(
            name=name,
            label=event.label or name.replace("_", " "),
            month=event.at,
            shifts={t: band(evaluate(case, draws, "events", name, "shifts", t)) for t in event.shifts},
            because=event.because,
        )
        for name, event in sorted(case.file.events.items(), key=lambda item: item[1].at)
    ]
