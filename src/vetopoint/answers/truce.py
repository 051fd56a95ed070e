"""The truce's part of the answers: frozen models whose JSON is the key ``truce`` of ``answers.json``.

Probabilities are shares of 1; *points* are differences of probabilities (0.17 is seventeen points). Months count from the start of
the truce. ``lo`` and ``hi`` are the 5th and 95th percentile over draws: input uncertainty, not Monte-Carlo error (``mc``).
"""

from typing import Literal

from vetopoint.answers._base import Answer, doc
from vetopoint.quantity import Band


class Curve(Answer):
    """One number per month of ``TruceSection.months``."""

    mean: tuple[float, ...]
    median: tuple[float, ...]
    lo: tuple[float, ...]
    hi: tuple[float, ...]


class Hold(Answer):
    """P(the truce still holds) at one month, given a truce, and how that differs from no presence at all: forms, no presence and the
    mixture weigh types and draws alike, so that any two of them may be compared."""

    month: int
    holds: Band
    better_than_none: float | None = doc("Share of draws in which it holds better than without presence.")
    lift: Band | None = doc("Difference from no presence, in points.")
    alternative: Band | None = doc("The same under the other baseline (Weibull or log-normal).", default=None)


class Further(Answer):
    """P(it holds a further ``further`` months, given that it has held ``held`` months)."""

    held: int
    further: int
    holds: Band


class Channel(Answer):
    """What one channel adds to P(hold 12 months), in points."""

    channel: Literal["consent", "monitoring", "force", "formalisation"]
    kind: Literal["gate", "practical", "symbolic"]
    switch_off: Band = doc("Full effect minus the effect without this channel.")
    shapley: Band = doc("Its Shapley share of the lift over no presence; the shares sum to the lift.")
    share_of_effect: float = doc("Share of the published practical effect given to it (judgement).")
    intensity: Band = doc("How far the form brings it, 0 to 1.")


class Lift(Answer):
    """A difference in P(hold 12 months), in points, and the share of draws in which it is positive."""

    points: Band
    positive: float


class SymbolVerdict(Answer):
    """Symbol and practice of one form.

    ``verdict`` is ``"symbolic"`` only if the symbolic share of worth is at least one half and the practical lift at most 0.05 in at
    least 80 % of draws, ``"practical"`` only if that share is at most one half and the lift above 0.05 in at least 80 % of draws, both by
    three Monte-Carlo standard errors; else it is not settled.
    """

    form: str
    month: int
    symbolic_share_of_worth: Band | None = doc(
        "Symbolic over symbolic plus practical terms of the owner's payoff in the histories in which the form stands during a truce; of "
        "practical terms only what presence adds over none."
    )
    practical_lift: Lift
    formalisation_lift: Lift
    full_lift: Lift
    practical_small: float = doc("Share of draws with a practical lift of at most 0.05.")
    ratio: Band | None = doc("Formalisation over full lift; only where the full lift is above 0.02 in 95 % of draws.")
    ratio_note: str
    verdict: Literal["symbolic", "practical", "not settled"]
    sentence: str


class TruceForm(Answer):
    """How long the truce holds under one form of presence that stands from its start with consent."""

    form: str
    label: str
    consented: bool
    curve: Curve
    hold: tuple[Hold, ...]
    further: tuple[Further, ...]
    incidence: dict[str, Curve] = doc("Cumulative incidence by cause; they sum to 1 − survival.")
    channels: tuple[Channel, ...]
    detection: Band | None = doc("P(a violation is seen and its side named), day and night averaged.")
    exit_per_year: Band | None = doc("Rate at which it leaves for causes that no modelled actor decides.")


class SeenBy(Answer):
    """What a form sees of one class of event, by day or by night."""

    event: str
    light: Literal["day", "night"]
    visible_hours: float
    seen: Band = doc("P(one event is seen).")
    attributed: Band = doc("P(one event is seen and its side is named).")
    seen_in: dict[str, Band] = doc("P(at least one of k events is seen), by k.")


class CoverageAnswer(Answer):
    """What one form can see of the line."""

    form: str
    label: str
    preset: str
    personnel: Band
    active: Band = doc("People watching at any moment.")
    posts: Band
    patrols: Band
    km_seen_day: Band
    km_seen_night: Band
    gap_day_km: Band = doc("Largest stretch between the fields of view of two posts; posts evenly spaced.")
    gap_night_km: Band
    revisit_hours: Band | None = doc("Hours between two visits of a patrol to the same place; none without patrols.")
    seen: tuple[SeenBy, ...]
    personnel_for_target: dict[str, float | None] = doc(
        "People for P(seen) of the target, by `day 0.5` and the like; none: out of reach at this access."
    )
    watched_day: tuple[tuple[float, float], ...] = doc("Stretches of the line in view of a post, km from its start.")
    watched_night: tuple[tuple[float, float], ...]
    post_km: tuple[float, ...]
    post_points: tuple[tuple[float, float], ...] = doc("Posts as longitude, latitude; empty without a map.", default=())


class LineMap(Answer):
    """The line of contact and the incidents near it."""

    length_km: Band
    measured_km: float | None = doc("Length of the drawn line; the case's own length may differ.")
    points: tuple[tuple[float, float, float], ...] = doc(
        "Longitude, latitude, km from the start; longitudes go on beyond ±180 where the line goes over the antimeridian."
    )
    parts: tuple[int, ...] = doc("Index in `points` at which each separate stretch begins.")
    incidents: tuple[tuple[float, float, str], ...]


class UnderControls(Answer):
    """An effect as one set of controls gives it, and P(hold 12 months) by form if that were the right one."""

    controls: str = doc("How much was controlled for: none, few, all.")
    estimate: float
    lo: float
    hi: float
    month: int
    holds: dict[str, Band]


class PriorUsed(Answer):
    """One row of the priors table, as the run used it."""

    effect: str
    label: str
    estimate: float
    lo: float
    hi: float
    scale: str = doc("hazard_ratio, per_year, share or number.")
    transport: float = doc("Standard deviation added on the log scale for carrying it over to this case.")
    source: str
    status: Literal["published", "re-derived", "direction published, size judgement", "judgement", "case"]
    note: str
    overridden: bool
    why: str
    e_value: float | None
    e_value_limit: float | None = doc("E-value of the interval's end nearer to 1; 1: the interval holds no effect.")
    conflicts: str = ""
    specifications: tuple[UnderControls, ...] = doc("A re-derived effect by its controls.", default=())


class Analogue(Answer):
    """A past plan near this one, and what became of it."""

    id: str
    name: str
    year: int
    form: str
    mandate_by: str
    consent_government: str
    consent_opponent: str
    threatened: str
    outcome: str
    truce_held_12m: str
    truce_held_60m: str
    similarity: float = doc("Gower similarity over the features known of both, 0 to 1.")
    shares: tuple[str, ...] = doc("The features on which it agrees with the case.")
    note: str
    sources: tuple[str, ...]
    linked: tuple[str, ...] = doc(
        "Plans that came instead of it, after it or beside it, with the relation.", default=()
    )


class BaseRate(Answer):
    """A share of past plans with its 95 % Wilson interval."""

    question: str
    k: int
    n: int
    share: float
    lo: float
    hi: float


class UpdateAnswer(Answer):
    """What observed incidents say."""

    months: tuple[int, ...] = doc("Months of the truce that were watched, from 1; the others are missing.")
    seen: tuple[float, ...]
    corrected: tuple[float, ...] = doc("Seen counts divided by detection.")
    detection: float
    by_type: dict[str, int] = doc("Events counted, by type; empty where the file holds counts.", default={})
    left_out: dict[str, int] = doc("Events not counted, by why.", default={})
    branching: Band = doc("Expected further incidents per incident, one month later; 1 is explosive.")
    branching_note: str = doc("That the series says too little of it, where that is so.", default="")
    alarm: bool
    alarm_probability: float
    hazard_factor: Band = doc("Factor on the hazard of escalation.")
    held_months: int
    effective_draws: float = doc("Effective sample size after weighting each draw by its survival so far.")
    log_score: float
    log_score_gamma_poisson: float
    holds_further_12: dict[str, Band] = doc("P(holds a further year | held so far, incidents), by form.")


class Needed(Answer):
    """What it takes for P(hold) to reach a target; ``value`` none: out of reach."""

    form: str
    what: Literal["personnel", "detection", "consent"]
    month: int
    target: float
    value: float | None
    note: str = ""


class Driver(Answer):
    """How much one prior drives P(hold 12 months) under a form."""

    form: str
    effect: str
    label: str
    swing: float = doc("Mean over the tenth of draws with the highest value minus that with the lowest, in points.")


class TruceSection(Answer):
    """How long the truce would hold, what the presence can see, what is symbol and what is practice."""

    months: tuple[int, ...]
    baseline: Literal["lognormal", "weibull"]
    forms: tuple[TruceForm, ...] = doc("One per declared form, and `none`.")
    mixture: Curve = doc(
        "Survival weighed by what the game expects; like every curve given a truce, and the types that have one."
    )
    mixture_hold: tuple[Hold, ...]
    mixture_weights: dict[str, Band] = doc("P(form stands at the outset | truce), by form.")
    types_shift_hazard: bool
    symbol: tuple[SymbolVerdict, ...]
    coverage: tuple[CoverageAnswer, ...]
    line: LineMap | None
    needed: tuple[Needed, ...]
    priors: tuple[PriorUsed, ...]
    drivers: tuple[Driver, ...] = doc("Priors by how much they drive each form, strongest first.", default=())
    analogues: tuple[Analogue, ...]
    base_rates: tuple[BaseRate, ...]
    history_note: str
    update: UpdateAnswer | None
    notes: tuple[str, ...] = doc("What the survival figures rest on, said plainly.")
