"""Past plans for a presence: the coded table, base rates with intervals, and the plans nearest to a case.

The table holds plans, not missions: a refused plan is a row, and the fallback fielded in its place is another. Nearness is Gower's
(1971, *Biometrics* 27:857-871) coefficient over the features known of both plans; intervals are Wilson's (1927, *JASA* 22:209-212).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np

from vetopoint.answers import Analogue, BaseRate
from vetopoint.case import Case
from vetopoint.errors import CaseError, Problem
from vetopoint.truce._files import read_text
from vetopoint.truce.priors import Z95

__all__ = ["Plan", "analogues", "base_rates", "case_features", "history_note", "load_plans", "read_plans", "wilson"]

_REQUIRED = ("id", "year_proposed", "form", "mandate_by", "consent_government", "consent_opponent", "outcome")
_CONSENT = {"yes": 1.0, "coerced": 0.8, "partial": 0.5, "withdrawn": 0.1, "no": 0.0}
_WEIGHTS = {
    "form": 1.0, "mandate_by": 1.0, "consent_government": 2.0, "consent_opponent": 2.0, "outside_veto_holder": 1.0,
    "threatened": 1.0, "truce_in_place_at_start": 1.0, "year_proposed": 0.5,
}  # fmt: skip
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
    return _parse(read_text(path), str(path))


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

    def where(column: str, *values: str) -> set[str]:
        return {p["id"] for p in load_plans() if p[column] in values}

    every = {p["id"] for p in load_plans()}
    refused = where("consent_government", "no", "withdrawn")
    opponent_only = where("consent_opponent", "no", "withdrawn") - refused
    free = where("consent_government", "yes", "n/a") & where("consent_opponent", "yes", "n/a")
    fielded = where("outcome", "deployed_with_consent", "deployed_without_full_consent")
    other_form = where("outcome", "deployed_in_other_form")
    truce = where("truce_in_place_at_start", "yes") & where("truce_held_12m", "yes", "no")
    year, five_years = where("truce_held_12m", "yes"), where("truce_held_60m", "yes")
    asked = (
        ("fielded as planned, where the government in control refused or withdrew", refused, fielded),
        ("fielded as planned, where only the opponent refused", opponent_only, fielded),
        ("fielded in another form, where the government in control refused or withdrew", refused, other_form),
        ("fielded as planned, where both consented freely", free, fielded),
        ("fielded as planned, where a party threatened to fight it", where("threatened", "yes"), fielded),
        ("attacked, of those fielded", fielded, where("attacked", "yes")),
        ("an outside veto was used", every, where("veto_used", "yes")),
        ("the truce held 12 months, of all with a truce", truce, year),
        ("the truce held 60 months, of all with a truce", truce & where("truce_held_60m", "yes", "no"), five_years),
        ("the truce held 12 months, where the presence never came", truce & where("outcome", "never_deployed"), year),
    )
    return tuple(_rate(question, len(among & hit), len(among)) for question, among, hit in asked)


def _rate(question: str, k: int, n: int) -> BaseRate:
    lo, hi = wilson(k, n)
    return BaseRate(question=question, k=k, n=n, share=k / n if n else 0.0, lo=lo, hi=hi)


def case_features(case: Case) -> dict[str, str]:
    """A case's plan in the words of the table, as declared under ``truce.analogue``."""
    declared = case.file.truce.analogue
    known = {} if declared is None else declared.model_dump(exclude_none=True)
    return {name: ("no", "yes")[value] if isinstance(value, bool) else str(value) for name, value in known.items()}


def analogues(features: Mapping[str, str], k: int) -> tuple[Analogue, ...]:
    """The k shipped past plans nearest to a plan, nearest first, ties in the order of ids; none without a feature.

    Parameters
    ----------
    features : column to value in the words of the table; ``outside_veto_holder`` is yes or no.
    k : how many.
    """
    scored = [_analogue(features, plan) for plan in load_plans()] if features else []
    return tuple(sorted(scored, key=lambda found: (-found.similarity, found.id))[:k])


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
    note = (
        f"{len(load_plans())} plans picked by hand for variety in consent, coded by one person; plans dropped before anybody wrote them down are missing. "
        "They give rough shares and analogues, not proof that a presence makes truces last: easy truces get small missions or none. A "
        "deterrent force on a willing state's soil against another state's flat refusal has hardly any precedent here."
    )
    coded = case.file.truce.analogue is not None
    return note if coded else f"{note} The case codes no plan (`truce.analogue`), so no analogues are shown."
