"""The game's part of the answers, as frozen models.

Every uncertain figure is a `Band`: the mean over draws with the 5th and 95th percentile, and the Monte-Carlo error of
the mean. Every figure that depends on an intervention says which one, and every test says its thresholds.
"""

from typing import Literal

from vetopoint.answers._base import Answer, doc
from vetopoint.answers.change import MethodChange
from vetopoint.answers.decisiveness import DecisivenessAnswer, Intervention
from vetopoint.quantity import Band


class OutcomeAnswer(Answer):
    """One named outcome."""

    name: str
    label: str
    probability: Band
    presupposed: Band | None = doc("The same, given the chance events that the headlines presuppose.", default=None)


class PrecisionAnswer(Answer):
    """A headline at another precision of the actors."""

    factor: float | None = doc("Factor on every actor's precision; null: best responses, the rational limit.")
    probability: Band
    presupposed: Band | None = doc("The same, given the chance events that the headlines presuppose.", default=None)
    failed: float = doc("Share of draws without a settled solution at this precision.", default=0.0)


class GoalAnswer(OutcomeAnswer):
    """How likely the plan succeeds, in one sense of success."""

    by_precision: tuple[PrecisionAnswer, ...] = ()
    reached_in: tuple[str, ...] = doc("Outcomes all of whose histories reach it …", default=())
    missed_in: tuple[str, ...] = doc("… and those of which none does.", default=())


class OptionAnswer(Answer):
    """One option of one move (or round), as solved and as forced."""

    option: str
    label: str
    probability: Band | None = doc("P(option | the move is reached), as solved; null: never reached.")
    goal_if_forced: dict[str, Band | None] = doc(
        "For each goal P(goal | what the case presupposes, the move reached, the option taken by surprise); null: never reached."
    )


class MoveAnswer(Answer):
    """One move, or one round of a repeated move: when it comes, how likely it is reached, what is chosen."""

    move: str
    label: str
    by: str
    round: int | None = doc("Round of a repeated move, counted from 1.", default=None)
    at: float = doc("Month since the case's date, averaged over the histories that reach it.")
    p_reached: Band
    options: tuple[OptionAnswer, ...]


class TreeNodeAnswer(Answer):
    """One public history, for the picture of the tree."""

    id: int
    parent: int | None
    move: str | None = doc("The move that led here.")
    round: int | None = None
    option: str | None = doc("The option that led here.")
    by: str | None = doc("Who took it.")
    at: float | None = None
    probability: float = doc("P(history), mean over draws.")
    outcome: str | None = doc("The outcome, where the history ends here.", default=None)
    goal: dict[str, float] = doc("For each goal P(goal | history), mean over draws.")


class Threshold(Answer):
    """The test of an effective veto: g(o) at most `absolute`, and at most `relative` times that of the best other option, which is
    at least `alternative`."""

    absolute: float
    relative: float
    alternative: float = 0.25


class SweepAnswer(Answer):
    """What the test would say at other thresholds."""

    threshold: Threshold
    share_of_draws: float
    listed: bool = doc("Whether the printed figures would pass it.", default=True)


class VetoPoint(Answer):
    """A place at which one actor can stop the plan."""

    actor: str
    owner: bool = doc("Whether this is the owner of the plan, who can always drop it.", default=False)
    move: str = doc("The move; for a veto by a whole policy the first of the moves it needs.")
    round: int | None = None
    option: str
    kind: Literal["rule", "forcing", "effective"]
    scope: Literal["option", "policy", "clause"] = doc(
        "Whether one option suffices, a policy over several moves is needed, or a clause forbids the plan."
    )
    policy: dict[str, tuple[str, ...]] = doc(
        "For a veto by policy: at each move the options with which it can go on.", default_factory=dict
    )
    goal: str
    goal_if_forced: Band | None = doc(
        "P(goal | what the case presupposes, the move reached, the option taken); null: never reached."
    )
    alternative: Band | None = doc(
        "The same for the best other option of the move. An effective veto is listed where its mean and that of `goal_if_forced` "
        "pass the test.",
        default=None,
    )
    share_of_draws: float = doc(
        "Share of draws in which the test holds, each counted by how likely the move is reached; 1 where the tree or a rule decides."
    )
    p_reached: Band = doc("P(the move is reached | what the case presupposes).")
    rarely_reached: bool = doc("That is below 0.01 on average.")
    at: float = doc("Month since the case's date.")
    intervention: Intervention
    threshold: Threshold | None = doc("Null where the tree or a rule decides.", default=None)
    sweep: tuple[SweepAnswer, ...] = ()
    clause: str | None = doc("For a rule veto: the clause as written.", default=None)
    clause_label: str = doc("The clause in words.", default="")


class CredibilityAnswer(Answer):
    """How likely the threat is carried out."""

    made: Band | None = doc("P(carried out | made, defied); null: never made and defied.")
    not_made: Band | None = doc("P(carried out | not made, defied); null: never defied without it.")


class ThreatAnswer(Answer):
    """One declared intention: is it meant, would it deter, does saying it change anything."""

    name: str
    label: str
    by: str
    to: str
    p_made: Band = doc("P(made), at whichever move, given what the headlines presuppose, as all of a threat's figures.")
    made_at: dict[str, Band] = doc(
        "By the move at which it is first made: P(made there); they sum to `p_made`.", default={}
    )
    about: str = doc("The goal on which its effect is told.", default="")
    p_defied: Band | None = doc("P(defied | made); null: never made.")
    p_yielded: Band | None = doc("P(the demand is met | made); null: never made.")
    credibility: CredibilityAnswer
    indifference: Band | None = doc(
        "Probability of being carried out at which the threatened would be indifferent, over draws in [0, 1]."
    )
    indifference_share: float = doc(
        "Share of draws in which that probability lies in [0, 1]; here and below each draw counts by how likely it comes to the choice."
    )
    defies_even_if_certain: float = doc("Share of draws in which the threatened would defy even if certain.")
    yields_to_any_risk: float = doc("Share of draws in which the threatened yields to any risk.")
    words: str = doc("The indifference in words.")
    silent_twin: str
    effect: dict[str, Band] = doc(
        "For each goal g minus g in the game in which the threat cannot be told from its silent twin."
    )
    effect_on_demand: Band = doc("The same for P(the demand is met).")


Cause = Literal["move", "chance", "afterwards", "start"]


class MomentAnswer(Answer):
    """The share of failure that one move, option and round accounts for."""

    move: str | None = doc("Null: not lost at any move (lost from the start, or afterwards).")
    round: int | None = None
    option: str | None = None
    actor: str | None = doc("Who moves; `chance` for chance; null with a null move.")
    at: float | None = None
    cause: Cause
    deterred_by: str | None = doc("Whose expected refusal explains that the owner did not ask.", default=None)
    share: Band = doc("Contribution to 1 − g.")


class MomentsAnswer(Answer):
    """Where the plan is lost: contributions that sum to 1 − g, all given the chance events that the headlines presuppose."""

    goal: str
    failure: Band = doc("1 − g")
    moments: tuple[MomentAnswer, ...]
    by_actor: dict[str, Band] = doc(
        "By who moves, what an actor deterred charged to it; `chance`, `start` and `afterwards` stand beside the actors."
    )
    by_move: dict[str, Band]
    worst_error: float = doc("Largest difference between the sum and 1 − g over draws.")
    draws: int = doc("How many draws it is of: fewer where many move at once.", default=0)
    deterred_draws: int = doc(
        "Draws on which the owner was compared with one who knows that others accept; 0: on none.", default=0
    )


class StoppedPart(Answer):
    """P(the plan is stopped by month t) by one actor at one move, all its rounds together."""

    cause: Cause
    actor: str | None = doc("Who moves; null where it is lost at no move.")
    move: str | None
    deterred_by: str | None = doc("Whose expected refusal explains that the owner did not ask.", default=None)
    mean: tuple[float, ...] = doc("Cumulative, a number for each of the months.")


class Stopped(Answer):
    """By when the plan is stopped, given what the headlines presuppose; the curve ends at 1 − P(goal)."""

    goal: str
    months: tuple[float, ...] = doc("Since the case's date, up to the horizon; the last also holds what is lost later.")
    mean: tuple[float, ...] = doc("P(stopped by the month), mean over draws.")
    lo: tuple[float, ...]
    hi: tuple[float, ...]
    parts: tuple[StoppedPart, ...] = doc("By actor and move, the largest first; they sum to `mean` in every month.")
    draws: int = 0


class Refusal(Answer):
    """What a refusal bought the refuser, in its own units, given that it is asked and what the headlines presuppose."""

    actor: str
    move: str
    accepting: str = doc("The option that counts as accepting: the one best for the leading goal.")
    refusing: tuple[str, ...]
    as_solved: Band = doc("The refuser's expected payoff with its answer as solved.")
    if_accepted: Band = doc("The same if it accepts by surprise, all else as solved.")
    bought: Band = doc("as_solved − if_accepted")
    draws: int = 0


class OtherForm(Answer):
    """A form of presence other than the plan's: how it comes to stand, given what the headlines presuppose."""

    form: str
    label: str
    stands: Band | None = doc("P(the form stands at some time), the sum of the next four; null: nothing can be said.")
    at_once: Band | None = doc("P(it stands, the plan not having been attempted before).")
    after_no: Band | None = doc("P(it stands after the plan was attempted and an actor said no).")
    after_withdrawal: Band | None = doc("P(it stands after consent was given and withdrawn).")
    otherwise: Band | None = doc(
        "P(it stands after an attempt to which no refusal stands, as where too few members join)."
    )
    refusal: Refusal | None = doc("Of the actor whose no it most often follows; null: none.", default=None)


class RoadStep(Answer):
    """One move, or round of one, at which plans leave the way to the goal."""

    move: str
    round: int | None = doc("Round of a repeated move, counted from 1.", default=None)
    by: str
    left: Band = doc("P(the goal can still be reached after it | what the headlines presuppose).")


class Road(Answer):
    """How many plans are still on a way to the goal after each move that takes some off it, in order."""

    goal: str
    steps: tuple[RoadStep, ...]


class BeliefAnswer(Answer):
    """What one actor believes of another's type after a public history."""

    history: tuple[str, ...] = doc("The moves so far, as `move: option`.")
    at: float
    probability: Band = doc("P(history)")
    believer: str
    about: str
    type: str
    type_label: str = doc("What the type is called.", default="")
    prior: Band
    belief: Band


class AnticipationAnswer(Answer):
    """The same option announced before the first move, and taken by surprise."""

    goal: str
    actor: str
    move: str
    option: str
    announced: Band = doc(
        "P(goal | presupposed) if the option is public before the first move and the others re-solve."
    )
    surprise: Band = doc("P(goal | presupposed) if all other strategies stay as solved.")
    anticipation: Band = doc("announced − surprise")
    reached_announced: Band = doc("P(the move is reached), announced.")
    reached_surprise: Band = doc("P(the move is reached), as solved.")
    draws: int = doc("Draws used; the game is re-solved for every option.", default=0)


class RetraceAnswer(Answer):
    """Draws followed once more in short steps: how many ended elsewhere, and what that says of all draws."""

    draws: int
    longest: float = doc("Length of a step, in log-odds.")
    elsewhere: int = doc("Draws, failed ones apart, of which some probability differs by more than a millionth.")
    lo: float
    hi: float = doc("Share of all draws that would end elsewhere, 95 % (Clopper and Pearson 1934).")


class SearchAnswer(Answer):
    """Draws in which equilibria were searched for from random starts, in a small game; more may exist than were found."""

    draws: int
    starts: int = doc("Random starts in each draw.")
    several: float = doc(
        "Share of these draws in which more than one equilibrium is known, that on the branch included."
    )
    most: int = doc("The most that are known in one draw.")


class SolverAnswer(Answer):
    """How the games were solved; nothing is dropped silently."""

    draws: int
    nodes: int
    histories: int
    information_sets: int
    converged: float
    folded: float = doc("Share of draws whose branch turned back or met another: several equilibria exist.")
    failed: float
    out_of_evaluations: float = doc("Share of draws that failed because they ran out of evaluations.")
    evaluations: tuple[float, float, float] = doc("Evaluations of the game in a draw: median, 99.9 %, most.")
    retrace: RetraceAnswer | None = doc("None where every draw is exact in one pass.")
    search: SearchAnswer | None = doc("None where the game is not small, or one pass is exact.", default=None)
    worst_residual: float
    precision: dict[str, Band]


class GameFindings(Answer):
    """What the game engine finds."""

    outcomes: tuple[OutcomeAnswer, ...]
    goals: tuple[GoalAnswer, ...]
    moves: tuple[MoveAnswer, ...] = doc("The calendar: every move and round, with every option's effect.", default=())
    tree: tuple[TreeNodeAnswer, ...] = ()
    veto_points: tuple[VetoPoint, ...]
    decisiveness: tuple[DecisivenessAnswer, ...]
    threats: tuple[ThreatAnswer, ...]
    moments: tuple[MomentsAnswer, ...]
    road: Road | None = doc("The way to the leading goal; null: no move takes anything off it.", default=None)
    stopped: tuple[Stopped, ...] = doc("By when the plan is stopped, by whom; one curve a goal.", default=())
    other_forms: tuple[OtherForm, ...] = doc("Other forms of presence: chosen at once, or forced.", default=())
    beliefs: tuple[BeliefAnswer, ...] = ()
    anticipation: tuple[AnticipationAnswer, ...] = ()


class GameSection(GameFindings):
    """Everything that the game engine answers: its findings, and how the games were solved."""

    methods: tuple[MethodChange, ...] = ()
    solver: SolverAnswer
