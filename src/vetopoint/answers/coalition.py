"""The coalition's part of the answers, as frozen models.

Every uncertain figure is a `Band`: the mean over draws with the 5th and 95th percentile, and the Monte-Carlo error of
the mean. What a figure means is said in its field's description, which the shipped JSON Schema carries.
"""

import datetime as dt
from typing import Literal

from vetopoint.answers._base import Answer, doc
from vetopoint.answers.decisiveness import CoalitionParty
from vetopoint.quantity import Band


class SituationAnswer(Answer):
    """One combination of public facts, and what the coalition does in it."""

    name: str
    label: str = doc("The facts that hold, in words.")
    facts: dict[str, bool]
    weight: Band = doc(
        "P(the game ends in it | what the headlines presuppose, and the owner tries what the members are asked for)."
    )
    met: bool = doc(
        "Whether that is at least 0.5 %: in others the rules of the case ask no member, and none is shown there.",
        default=True,
    )
    quorum: Band = doc("P(the coalition reaches what it needs | situation), if all expect the best.")
    quorum_least: Band = doc("The same if all expect the worst.")
    coordination_risk: Band = doc("quorum − quorum_least: what depends on who moves first.")
    joined: Band = doc("Expected number of members that join (greatest fixed point).")
    joined_least: Band
    capability: Band = doc("Expected capability that joins, in the case's units.")
    cohesion: Band = doc("P(quorum, and it survives the exit of one joined member picked at random).")
    none: Band = doc("P(no set of members is consistent with every rule): expectations chase each other; nobody joins.")
    several: Band = doc(
        "P(more than one set of members is consistent with every rule): who joins hangs on expectations."
    )


class JoinAnswer(Answer):
    """P(member joins) in one situation, at best and at worst over what members may consistently expect of each other."""

    situation: str
    greatest: Band
    least: Band


class StanceAnswer(Answer):
    """A dated stance of one member: as reported, and as drawn to fit what is reported of the group."""

    on: str
    value: Band = doc("P(the member takes this stance) at the month of decision.")
    judged: bool = doc("Whether the number is the analyst's, not read from a source.", default=True)
    date: dt.date | None = None
    own: bool = doc("True if reported of this member; false if drawn to fit an aggregate share.")
    trend: str = "steady"
    because: tuple[str, ...] = ()


class ExitAnswer(Answer):
    """What the exit of one member does, over all situations by weight."""

    survives: Band | None = doc(
        "P(quorum without it) / P(quorum); 1: it makes no difference; null: there never is a quorum."
    )
    cascade: Band | None = doc(
        "Expected number of others that leave with it, given that it had joined; null: it never joins."
    )


class MemberAnswer(Answer):
    """One member of the coalition."""

    name: str
    label: str
    bloc: str | None = None
    rule: str = doc("Its joining rule as written.")
    rule_label: str = doc("The rule in words.", default="")
    accepts: Band
    capability: Band
    joins: list[JoinAnswer] = doc("In the situations that are met.")
    joins_overall: Band = doc("P(joins), over all situations by weight (greatest fixed point).")
    stances: list[StanceAnswer]
    slack: Band | None = doc(
        "Its distance from its threshold: fewest others whose exit would make it leave, where it has joined; "
        "the number of members if none could; null: it never joins, or the members are too many to tell."
    )
    exit: ExitAnswer


class CohesionAnswer(Answer):
    """How well the coalition holds together, over all situations by weight."""

    quorum: Band
    survives_one_exit: Band = doc("P(quorum, and it survives one exit picked at random).")
    weakest: str = doc("Member with the least slack.")
    weakest_slack: Band | None
    largest_cascade: str = doc("Member whose exit takes most others with it.")
    largest_cascade_size: Band | None
    polarisation: Band | None = doc(
        "Capability-weighted spread of stances on consent, among members of whom one is known: 0 agreed, 1 split in halves; null: of none.",
        default=None,
    )
    coordination_risk: Band


class MemberSetAnswer(Answer):
    """A smallest set of parties whose yes lifts P(quorum) to the threshold, or whose no stops it whoever else is willing.

    An empty set of names: the threshold is reached without anybody's change of mind.
    """

    names: tuple[str, ...]
    probability: Band


class BlocAnswer(Answer):
    """Owen share of a bloc and of its members in the lift."""

    name: str
    members: dict[str, Band]
    lift: Band


class ConcedingReport(Answer):
    """One dated report of how many concede the dependency."""

    date: dt.date | None
    month: float
    of: str = doc("The member of whom it is reported; empty: the group.")
    share: Band
    judged: bool = doc("Whether the number is the analyst's, not read from a source.", default=True)
    who: Literal["named", "unnamed"]
    trend: str
    because: tuple[str, ...]
    note: str = ""


class ConcedingAnswer(Answer):
    """The share of members that concede the plan's dependency on consent, of those of whom it is known, with its sources."""

    share: Band = doc("At the month of decision.")
    judged: bool = doc(
        "Whether a number behind it is the analyst's: then the share is assumed by the case, no finding.", default=True
    )
    stated: Band | None = doc("Its latest reports, before they were carried to the month of decision.", default=None)
    drift: Literal["none", "case", "program", "both"] = doc(
        "Who says how it moves from then on: nobody, the case (`drift`, an event), the program, from the word `rising` or `falling`, or both.",
        default="none",
    )
    known: int = doc("Of how many members it is known then; the curve begins when it is known of so many.", default=0)
    months: list[float]
    mean: list[float]
    lo: list[float]
    hi: list[float]
    reports: list[ConcedingReport]
    named: int = doc("Reports that name whom they speak of.")
    unnamed: int


class EventAnswer(Answer):
    """A date on the calendar."""

    name: str
    label: str
    month: float
    shifts: dict[str, Band]
    because: tuple[str, ...]


class ErosionAnswer(Answer):
    """How one measure of the coalition moves over the months."""

    measure: Literal["quorum", "joined", "cohesion", "conceding", "supports"]
    known: int | None = doc(
        "Of a stance: of how many members it is known, which are those of whom the share is; of the others it is unknown.",
        default=None,
    )
    judged: bool = doc("Of a stance: whether a number behind it is the analyst's.", default=False)
    months: list[float]
    mean: list[float]
    lo: list[float]
    hi: list[float]


class ExpectationAnswer(Answer):
    """A declared expectation of a fact beside its solved probability."""

    member: str
    fact: str
    expected: Band
    solved: Band | None = doc("Given what the headlines presuppose, as are both others; null: that cannot happen.")
    gap: Band | None = doc("expected − solved")


class IssueActorAnswer(Answer):
    """One actor's place in a disputed issue, and its leverage."""

    name: str
    label: str
    position: Band
    salience: Band
    weight: Band = doc("Its share of capability × salience.")
    leverage_salience: Band = doc("Change of the compromise per unit of its salience: c (x − μ) / W.")


SettlementModel = Literal[
    "compromise", "nash", "challenge:scholz2011", "challenge:least-movement", "median", "exchange"
]


class IssueModelAnswer(Answer):
    """Where one model puts the settlement."""

    model: SettlementModel
    settlement: Band | None = doc(
        "Over the draws in which there is one; null where there is none in any.", default=None
    )
    none: float = doc(
        "Share of draws without a settlement: whatever the point, somebody is better off without agreement.",
        default=0.0,
    )


class AgreementEffect(Answer):
    """What it does to a goal whether an issue is agreed, all else as drawn; by intervention, not by comparison of draws."""

    goal: str
    label: str
    agreed: Band = doc("P(goal | what the case presupposes) where the issue is agreed in every draw …")
    disputed: Band = doc("… and where it is in none.")
    draws: int


class IssueAnswer(Answer):
    """A disputed issue: what the members could agree on, as a distribution with the models beside it."""

    name: str
    label: str
    actors: list[IssueActorAnswer]
    models: list[IssueModelAnswer]
    grid: list[float] = doc("Points of the scale, 0 to 100.")
    density: list[float] = doc("Calibrated density of the settlement at the points, averaged over draws.")
    quantiles: dict[str, float] = doc("5, 10, 25, 50, 75, 90, 95 per cent points of the calibrated distribution.")
    spread: Band = doc("Weighted standard deviation of positions.")
    polarisation: Band = doc("0: all at one point; 1: halves at the two ends.")
    agreed: Band = doc("P(the declared condition for agreement holds).")
    agreed_if: str | None
    because: tuple[str, ...]
    record: str = doc("How these models fared on public outcomes.")
    weighs: list[AgreementEffect] = doc(
        "What its agreement does to each goal; empty where nothing in the case asks whether it is agreed.", default=[]
    )


class BodyMemberAnswer(Answer):
    """Power indices of one voter; exact fractions as text where all coalitions of up to 62 voters were counted."""

    name: str
    label: str
    shapley_shubik: float
    shapley_shubik_exact: str | None = None
    shapley_shubik_error: float = doc("Standard error where orders of the voters were drawn; else 0.", default=0.0)
    banzhaf: float
    banzhaf_exact: str | None = None
    banzhaf_normalised: float
    coleman_prevent: float
    coleman_initiate: float
    johnston: float | None
    deegan_packel: float | None
    holler: float | None
    veto: bool


class BodyAnswer(Answer):
    """A formal body under its real rule."""

    name: str
    label: str
    rule: str
    power_to_act: float = doc("Coleman's power of the body to act: share of coalitions that win.")
    drawn: int = doc("Orders and coalitions drawn, where they are too many to be counted; else 0.", default=0)
    members: list[BodyMemberAnswer]


class CoalitionSection(Answer):
    """Who joins, who can be done without, and what the members could agree on."""

    actor: str
    actor_label: str
    rule: str = doc("The coalition's consent clause as written.")
    rule_label: str = doc("The clause in words.", default="")
    facts: dict[str, str] = doc("Public facts and what they are called.", default={})
    need: Band | None
    minimum: int
    month: float = doc("Month at which stances are read.")
    situations: list[SituationAnswer]
    members: list[MemberAnswer]
    cohesion: CohesionAnswer
    conceding: ConcedingAnswer | None
    erosion: list[ErosionAnswer]
    events: list[EventAnswer]
    decisiveness: list[CoalitionParty] = doc("Sorted by the size of decisiveness, the largest first.")
    threshold: float = doc("P(quorum) that an unlock set reaches.")
    block_threshold: float = doc("P(quorum) to which a block set brings it down, all others willing.")
    pivotal: list[str] = doc("Parties that belong to every unlock set or to some block set of one.")
    unlock_sets: list[MemberSetAnswer]
    block_sets: list[MemberSetAnswer]
    blocs: list[BlocAnswer]
    expectations: list[ExpectationAnswer]
    issues: list[IssueAnswer]
    bodies: list[BodyAnswer]
    draws: dict[str, int] = doc("Draws used by each part.")
    notes: list[str] = doc("What the reader must know: rules that are not monotone, defaults, sampling.")
