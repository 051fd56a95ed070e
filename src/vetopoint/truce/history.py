"""Past plans for a presence: the coded table, base rates with intervals, and the plans nearest to a case.

The table holds plans, not missions: a refused plan is a row, and the fallback fielded in its place is another. Nearness is Gower's
(1971, *Biometrics* 27:857-871) coefficient over the features known of both plans; intervals are Wilson's (1927, *JASA* 22:209-212).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np

from vetopoint.answers import Analogue, BaseRate
from vetopoint.case import Case
from vetopoint.errors import CaseError, Problem
from vetopoint.truce.priors import Z95

__all__ = [
    "Plan",
    "analogues",
    "base_rates",
    "case_features",
    "history_note",
    "load_links",
    "load_plans",
    "read_plans",
    "wilson",
]

_REQUIRED = ("id", "year_proposed", "form", "mandate_by", "consent_government", "consent_opponent", "outcome")
_CONSENT = {"yes": 1.0, "coerced": 0.8, "partial": 0.5, "withdrawn": 0.1, "no": 0.0}
_WEIGHTS = {
    "form": 1.0,
    "mandate_by": 1.0,
    "consent_government": 2.0,
    "consent_opponent": 2.0,
    "outside_veto_holder": 1.0,
    "threatened": 1.0,
    "truce_in_place_at_start": 1.0,
    "year_proposed": 0.5,
}
_ERA_YEARS = 76.0


@dataclass(frozen=True)
class Plan:
    """One row of the table, by column."""

    row: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.row.get(column, "") or ""

    @property
    def year(self) -> int:
        """Year of the proposal or mandate."""
        return int(self["year_proposed"])

    @property
    def conflict(self) -> str:
        """The conflict that the plan belongs to; rows share conflicts."""
        return self["conflict"] or self["id"]

    @property
    def fielded_as_planned(self) -> bool:
        """Whether the presence came in the form that was planned."""
        return self["outcome"] in ("deployed_with_consent", "deployed_without_full_consent")


@lru_cache(maxsize=1)
def load_plans() -> tuple[Plan, ...]:
    """The shipped table, 1948-2024."""
    text = resources.files("vetopoint.truce").joinpath("data/presences.csv").read_text(encoding="utf-8")
    return _parse(text, "presences.csv")


@lru_cache(maxsize=1)
def load_links() -> dict[str, tuple[tuple[str, str], ...]]:
    """Plan id to the plans it is linked with: (name, relation as read from that plan's side)."""
    text = resources.files("vetopoint.truce").joinpath("data/links.csv").read_text(encoding="utf-8")
    names = {p["id"]: p["name"] for p in load_plans()}
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        found.setdefault(row["from_id"], []).append((names[row["to_id"]], row["relation"]))
    return {plan: tuple(links) for plan, links in found.items()}


def read_plans(path: str | Path) -> tuple[Plan, ...]:
    """Read a table of plans with the columns of the shipped one.

    Raises
    ------
    CaseError
        if a needed column is missing or a year is no number.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CaseError(
            Problem(f"cannot read '{path}': {error.strerror}", "give a CSV file", file=str(path))
        ) from error
    return _parse(text, str(path))


def _parse(text: str, file: str) -> tuple[Plan, ...]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [c for c in _REQUIRED if c not in (reader.fieldnames or ())]
    if missing:
        remedy = "use the columns of the shipped table of past plans"
        raise CaseError(Problem(f"columns missing: {', '.join(missing)}", remedy, file=file, line=1))
    plans, problems = [], []
    for cells in reader:
        # A row may be shorter or longer than the header.
        row = {k: (v or "").strip() for k, v in cells.items() if isinstance(k, str)}
        if row["year_proposed"].isdigit():
            plans.append(Plan(row))
        else:
            message = f"'{row['id']}' has no year of proposal"
            problems.append(Problem(message, "write a year", "year_proposed", file, reader.line_num))
    if problems:
        raise CaseError(problems)
    return tuple(plans)


def wilson(k: int, n: int) -> tuple[float, float]:
    """95 % interval of a share.

    Examples
    --------
    >>> [round(x, 2) for x in wilson(1, 11)]
    [0.02, 0.38]
    """
    if n == 0:
        return 0.0, 1.0
    p, z2 = k / n, Z95**2
    centre, half = p + z2 / (2 * n), Z95 * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return float(max(0.0, (centre - half) / (1 + z2 / n))), float(min(1.0, (centre + half) / (1 + z2 / n)))


def base_rates() -> tuple[BaseRate, ...]:
    """Shares of the shipped past plans, each with its count and interval."""
    refused, free = ("no", "withdrawn"), ("yes", "n/a")

    def rate(question: str, among: Callable[[Plan], bool], hit: Callable[[Plan], bool]) -> BaseRate:
        chosen = [p for p in load_plans() if among(p)]
        k, n = sum(map(hit, chosen)), len(chosen)
        lo, hi = wilson(k, n)
        return BaseRate(question=question, k=k, n=n, share=k / n if n else 0.0, lo=lo, hi=hi)

    def government_refused(p: Plan) -> bool:
        return p["consent_government"] in refused

    def opponent_only(p: Plan) -> bool:
        return not government_refused(p) and p["consent_opponent"] in refused

    def fielded(p: Plan) -> bool:
        return p.fielded_as_planned

    def held(months: str) -> Callable[[Plan], bool]:
        return lambda p: p[f"truce_held_{months}"] == "yes"

    def truce(p: Plan) -> bool:
        return p["truce_in_place_at_start"] == "yes" and p["truce_held_12m"] in ("yes", "no")

    def consented(p: Plan) -> bool:
        return p["consent_government"] in free and p["consent_opponent"] in free

    return (
        rate("fielded as planned, where the government in control refused or withdrew", government_refused, fielded),
        rate("fielded as planned, where only the opponent refused", opponent_only, fielded),
        rate(
            "fielded in another form, where the government in control refused or withdrew",
            government_refused,
            lambda p: p["outcome"] == "deployed_in_other_form",
        ),
        rate("fielded as planned, where both consented freely", consented, fielded),
        rate("fielded as planned, where a party threatened to fight it", lambda p: p["threatened"] == "yes", fielded),
        rate("attacked, of those fielded", fielded, lambda p: p["attacked"] == "yes"),
        rate("an outside veto was used", lambda p: True, lambda p: p["veto_used"] == "yes"),
        rate("the truce held 12 months, of all with a truce", truce, held("12m")),
        rate(
            "the truce held 60 months, of all with a truce",
            lambda p: truce(p) and p["truce_held_60m"] in ("yes", "no"),
            held("60m"),
        ),
        rate(
            "the truce held 12 months, where the presence never came",
            lambda p: truce(p) and p["outcome"] == "never_deployed",
            held("12m"),
        ),
    )


def case_features(case: Case) -> dict[str, str]:
    """A case's plan in the words of the table, as declared under ``truce.analogue``."""
    declared = case.file.truce.analogue
    if declared is None:
        return {}
    words = {True: "yes", False: "no"}
    return {
        name: words.get(value, str(value)) if isinstance(value, bool) else str(value)
        for name, value in declared.model_dump().items()
        if value is not None
    }


def analogues(features: Mapping[str, str], k: int) -> tuple[Analogue, ...]:
    """The k shipped past plans nearest to a plan; none where no feature is given.

    Parameters
    ----------
    features : column to value in the words of the table; ``outside_veto_holder`` is yes or no.
    k : how many.

    Returns
    -------
    Nearest first; ties in the order of the table's ids.
    """
    if not features:
        return ()
    scored = sorted(
        (_analogue(features, plan) for plan in load_plans()), key=lambda found: (-found.similarity, found.id)
    )
    return tuple(scored[:k])


def _likeness(column: str, a: str, b: str) -> float | None:
    """Likeness of two values of a feature, 0 to 1; ``None`` where one of them is unknown."""
    if column == "outside_veto_holder":
        b = "yes" if b else "no"
    if not a or not b:
        return None
    if column == "year_proposed":
        return 1.0 - min(1.0, abs(float(a) - float(b)) / _ERA_YEARS)
    if a in _CONSENT and b in _CONSENT and column.startswith("consent"):
        return 1.0 - abs(_CONSENT[a] - _CONSENT[b])
    return float(a == b)


def _analogue(features: Mapping[str, str], plan: Plan) -> Analogue:
    known = {c: s for c in _WEIGHTS if (s := _likeness(c, features.get(c, ""), plan[c])) is not None}
    weight = sum(_WEIGHTS[c] for c in known)
    copied = (
        "id", "name", "form", "mandate_by", "consent_government", "consent_opponent", "threatened", "outcome",
        "truce_held_12m", "truce_held_60m", "note",
    )  # fmt: skip
    return Analogue(
        **{c: plan[c] for c in copied},
        year=plan.year,
        similarity=sum(_WEIGHTS[c] * s for c, s in known.items()) / weight if weight else 0.0,
        shares=tuple(c for c, s in known.items() if s == 1.0),
        sources=tuple(s for s in (plan["source_1"], plan["source_2"]) if s),
        linked=tuple(f"{relation}: {name}" for name, relation in load_links().get(plan["id"], ())),
    )


def history_note(case: Case) -> str:
    """What the table of past plans can and cannot bear."""
    missing = (
        "" if case.file.truce.analogue else " The case codes no plan (`truce.analogue`), so no analogues are shown."
    )
    return (
        f"{len(load_plans())} plans picked by hand for variety in consent, coded by one person; plans dropped before anybody wrote them down are missing. "
        "They give rough shares and analogues, not proof that a presence makes truces last: easy truces get small missions or none. A "
        "deterrent force on a willing state's soil against another state's flat refusal has hardly any precedent here."
        + missing
    )
