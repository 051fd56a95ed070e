"""The game's part of the answers, as frozen models.

Every uncertain figure is a `Band`: the mean over draws with the 5th and 95th percentile, and the Monte-Carlo error of
the mean. Every figure that depends on an intervention says which one, and every test says its thresholds.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vetopoint.answers._base import Answer
from vetopoint.answers.decisiveness import DecisivenessAnswer, Intervention
from vetopoint.quantity import Band

__all__ = [
    "AnticipationAnswer",
    "BeliefAnswer",
    "CredibilityAnswer",
    "GameSection",
    "GoalAnswer",
    "MomentAnswer",
    "MomentsAnswer",
    "MoveAnswer",
    "OptionAnswer",
    "OutcomeAnswer",
    "PrecisionAnswer",
    "RetraceAnswer",
    "SolverAnswer",
    "SweepAnswer",
    "ThreatAnswer",
    "Threshold",
    "TreeNodeAnswer",
    "VetoPoint",
]


class OutcomeAnswer(Answer):
    """One named outcome."""

    name: str
    label: str
    probability: Band
    presupposed: Band | None = Field(
        default=None, description="The same, given the chance events that the headlines presuppose."
    )


class PrecisionAnswer(Answer):
    """A headline at another precision of the actors."""

    factor: float | None = Field(
        description="Factor on every actor's precision; null: best responses, the rational limit."
    )
    probability: Band
    failed: float = Field(default=0.0, description="Share of draws without a settled solution at this precision.")


class GoalAnswer(Answer):
    """How likely the plan succeeds, in one sense of success."""

    name: str
    label: str
    probability: Band
    presupposed: Band | None = Field(
        default=None, description="The same, given the chance events that the headlines presuppose."
    )
    by_precision: tuple[PrecisionAnswer, ...] = ()


class OptionAnswer(Answer):
    """One option of one move (or round), as solved and as forced."""

    option: str
    label: str
    probability: Band = Field(description="P(option | the move is reached), as solved.")
    goal_if_forced: dict[str, Band] = Field(
        description="For each goal P(goal | the move is reached, the option taken by surprise)."
    )


class MoveAnswer(Answer):
    """One move, or one round of a repeated move: when it comes, how likely it is reached, what is chosen."""

    move: str
    label: str
    by: str
    round: int | None = Field(default=None, description="Round of a repeated move, counted from 1.")
    at: float = Field(description="Month since the case's date, averaged over the histories that reach it.")
    p_reached: Band
    options: tuple[OptionAnswer, ...]


class TreeNodeAnswer(Answer):
    """One public history, for the picture of the tree."""

    id: int
    parent: int | None
    move: str | None = Field(description="The move that led here.")
    round: int | None = None
    option: str | None = Field(description="The option that led here.")
    by: str | None = Field(description="Who took it.")
    at: float | None = None
    probability: float = Field(description="P(history), mean over draws.")
    outcome: str | None = Field(default=None, description="The outcome, where the history ends here.")
    goal: dict[str, float] = Field(description="For each goal P(goal | history), mean over draws.")


class Threshold(Answer):
    """The test of an effective veto: g(o) at most `absolute`, and at most `relative` times the best other option."""

    absolute: float
    relative: float


class SweepAnswer(Answer):
    """The share of draws in which the test would hold at other thresholds."""

    threshold: Threshold
    share_of_draws: float


class VetoPoint(Answer):
    """A place at which one actor can stop the plan."""

    actor: str
    owner: bool = Field(default=False, description="Whether this is the owner of the plan, who can always drop it.")
    move: str = Field(description="The move; for a veto by a whole policy the first of the moves it needs.")
    round: int | None = None
    option: str
    kind: Literal["rule", "forcing", "effective"]
    scope: Literal["option", "policy", "clause"] = Field(
        description="Whether one option suffices, a policy over several moves is needed, or a clause forbids the plan."
    )
    policy: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="For a veto by policy: at each move the options with which it can go on."
    )
    goal: str
    goal_if_forced: Band
    share_of_draws: float = Field(
        description="Share of draws in which the test holds; 1 where the tree or a rule decides."
    )
    p_reached: Band
    rarely_reached: bool = Field(description="P(reached) below 0.01 on average.")
    at: float = Field(description="Month since the case's date.")
    intervention: Intervention
    threshold: Threshold | None = Field(default=None, description="Null where the tree or a rule decides.")
    sweep: tuple[SweepAnswer, ...] = ()
    clause: str | None = Field(default=None, description="For a rule veto: the clause as written.")


class CredibilityAnswer(Answer):
    """How likely the threat is carried out."""

    made: Band | None = Field(description="P(carried out | made, defied); null: never made and defied.")
    not_made: Band | None = Field(description="P(carried out | not made, defied); null: never defied without it.")


class ThreatAnswer(Answer):
    """One declared intention: is it meant, would it deter, does saying it change anything."""

    name: str
    label: str
    by: str
    to: str
    p_made: Band
    p_defied: Band = Field(description="P(defied | made)")
    p_yielded: Band = Field(description="P(the demand is met | made)")
    credibility: CredibilityAnswer
    indifference: Band | None = Field(
        description="Probability of being carried out at which the threatened would be indifferent, over draws in [0, 1]."
    )
    indifference_share: float = Field(description="Share of draws in which that probability lies in [0, 1].")
    defies_even_if_certain: float = Field(
        description="Share of draws in which the threatened would defy even if certain."
    )
    yields_to_any_risk: float = Field(description="Share of draws in which the threatened yields to any risk.")
    words: str = Field(description="The indifference in words.")
    silent_twin: str
    effect: dict[str, Band] = Field(
        description="For each goal g minus g in the game in which the threat cannot be told from its silent twin."
    )
    effect_on_demand: Band = Field(description="The same for P(the demand is met).")


class MomentAnswer(Answer):
    """The share of failure that one move, option and round accounts for."""

    move: str | None = Field(description="Null: not lost at any move (lost from the start, or afterwards).")
    round: int | None = None
    option: str | None = None
    actor: str | None = Field(description="Who moves; `chance` for chance; null with a null move.")
    at: float | None = None
    cause: Literal["move", "chance", "afterwards", "start"]
    share: Band = Field(description="Contribution to 1 − g.")


class MomentsAnswer(Answer):
    """Where the plan is lost: contributions that sum to 1 − g."""

    goal: str
    failure: Band = Field(description="1 − g")
    moments: tuple[MomentAnswer, ...]
    by_actor: dict[str, Band]
    by_move: dict[str, Band]
    worst_error: float = Field(description="Largest difference between the sum and 1 − g over draws.")


class BeliefAnswer(Answer):
    """What one actor believes of another's type after a public history."""

    history: tuple[str, ...] = Field(description="The moves so far, as `move: option`.")
    at: float
    probability: Band = Field(description="P(history)")
    believer: str
    about: str
    type: str
    prior: Band
    belief: Band


class AnticipationAnswer(Answer):
    """The same option announced before the first move, and taken by surprise."""

    goal: str
    actor: str
    move: str
    option: str
    announced: Band = Field(
        description="P(goal) if the option is public before the first move and the others re-solve."
    )
    surprise: Band = Field(description="P(goal) if all other strategies stay as solved.")
    anticipation: Band = Field(description="announced − surprise")
    reached_announced: Band = Field(description="P(the move is reached), announced.")
    reached_surprise: Band = Field(description="P(the move is reached), as solved.")
    draws: int = Field(default=0, description="Draws used; the game is re-solved for every option.")


class RetraceAnswer(Answer):
    """Draws followed once more in short steps: how many ended elsewhere, and what that says of all draws."""

    draws: int
    longest: float = Field(description="Length of a step, in log-odds.")
    elsewhere: int = Field(
        description="Draws, failed ones apart, of which some probability differs by more than a millionth."
    )
    lo: float
    hi: float = Field(description="Share of all draws that would end elsewhere, 95 % (Clopper and Pearson 1934).")


class SolverAnswer(Answer):
    """How the games were solved; nothing is dropped silently."""

    draws: int
    nodes: int
    histories: int
    information_sets: int
    converged: float
    folded: float = Field(
        description="Share of draws whose branch turned back or met another: several equilibria exist."
    )
    failed: float
    out_of_evaluations: float = Field(description="Share of draws that failed because they ran out of evaluations.")
    evaluations: tuple[float, float, float] = Field(
        description="Evaluations of the game in a draw: median, 99.9 %, most."
    )
    retrace: RetraceAnswer | None = Field(description="None where every draw is exact in one pass.")
    worst_residual: float
    precision: dict[str, Band]


class GameSection(Answer):
    """Everything that the game engine answers."""

    outcomes: tuple[OutcomeAnswer, ...]
    goals: tuple[GoalAnswer, ...]
    moves: tuple[MoveAnswer, ...] = Field(description="The calendar: every move and round, with every option's effect.")
    tree: tuple[TreeNodeAnswer, ...] = ()
    veto_points: tuple[VetoPoint, ...]
    decisiveness: tuple[DecisivenessAnswer, ...]
    threats: tuple[ThreatAnswer, ...]
    moments: tuple[MomentsAnswer, ...]
    beliefs: tuple[BeliefAnswer, ...]
    anticipation: tuple[AnticipationAnswer, ...]
    solver: SolverAnswer
