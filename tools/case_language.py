"""Write the tables of ``docs/case-language.md`` from the schema of the case file.

    python tools/case_language.py            rewrite the tables in place
    python tools/case_language.py --check    fail when they differ from the schema

The page holds hand-written text and examples; between ``<!-- keys: Model -->`` and ``<!-- end -->`` stands one table per part.
A key's meaning is its description in the schema; where the schema has none because the key explains itself there, ``MEANINGS``
below says it. ``tests/docs/test_case_language.py`` fails when a key is documented by neither, or by both.
"""

from __future__ import annotations

import re
import sys
import types
import typing
from pathlib import Path

from pydantic_core import PydanticUndefined

from vetopoint.case._part import Condition, Name, Part, Spec, Text
from vetopoint.case.schema import CaseFile

PAGE = Path(__file__).resolve().parents[1] / "docs" / "case-language.md"
MARK = re.compile(r"(<!-- keys: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)

MEANINGS = {
    "CaseFile.title": "What the case is called.",
    "CaseFile.summary": "Two or three sentences for the head of the report.",
    "CaseFile.as_of": "The day on which month 0 begins.",
    "CaseFile.horizon_months": "How far ahead is looked; what still stands then counts as standing.",
    "CaseFile.sources": "Documents on which the case rests.",
    "CaseFile.actors": "Everybody who decides or is asked for consent.",
    "CaseFile.quantities": "Uncertain numbers. A bare number or text is short for `{value: …}`.",
    "CaseFile.correlate": "Pairs of quantities with their rank correlation. Those not named together are independent.",
    "CaseFile.types": "What an actor may be like inside and knows of itself alone. One type of each actor is `rest`.",
    "CaseFile.moves": "Decisions in the order in which they can come.",
    "CaseFile.threats": "Declared intentions whose credibility is measured.",
    "CaseFile.outcomes": "How histories end: the first condition that holds names the history; `otherwise` closes the list.",
    "CaseFile.outcome_labels": "What outcomes are called in sentences.",
    "CaseFile.goals": "What counts as the plan succeeding. Vetoes and decisiveness are computed for each; the first one leads.",
    "CaseFile.goal_labels": "What goals are called in sentences.",
    "CaseFile.forms": "Forms of presence.",
    "CaseFile.payoffs": "What each actor wants. Terms may stand beside `unit` directly.",
    "CaseFile.precision": "How sharply an actor chooses, per unit of its payoff (λ): 0 is a coin toss, infinity always takes the best.",
    "CaseFile.coalition": "What the coalition as a whole needs.",
    "CaseFile.members": "Members of the coalition.",
    "CaseFile.issues": "What the members dispute.",
    "CaseFile.events": "Dates that shift stances or cohesion.",
    "CaseFile.line": "The line along which the truce is watched.",
    "CaseFile.truce": "When a truce begins and what bears on how long it holds.",
    "SourceRef.title": "Headline or title.",
    "SourceRef.outlet": "Who published it.",
    "SourceRef.date": "Day of publication.",
    "SourceRef.url": "Where it can be read.",
    "Actor.label": "What the actor is called in sentences.",
    "Actor.note": "Anything worth knowing.",
    "Quantity.value": "Its distribution, word of probability or number.",
    "Quantity.label": "What it is called in sentences.",
    "Quantity.unit": "Its unit, for tables.",
    "Origin.claims": "Ids of the claims behind it.",
    "Origin.by": "How it follows from them: a `hedge`, a `share` or a `figure` was read; `analyst` means judged, prompted by them.",
    "Origin.note": "Why this number; what a sceptic should know.",
    "TypeSpec.truth": "Probability that the actor is of this type.",
    "TypeSpec.label": "What the type is called in sentences.",
    "Move.by": "The actor who decides, or `chance`.",
    "Move.repeat": "The move comes again. A number is short for that many rounds, a month apart.",
    "Move.label": "What the move is called in sentences.",
    "Repeat.rounds": "How many rounds.",
    "Threat.by": "Who makes it.",
    "Threat.to": "Whom it is to move.",
    "Threat.made": "Histories in which it is made.",
    "Threat.demand": "What it asks for.",
    "Threat.defied": "Histories in which it is defied.",
    "Threat.carried_out": "Histories in which it is carried out.",
    "Threat.label": "What it is called in sentences.",
    "Form.label": "What the form is called in sentences.",
    "Form.personnel": "How many people.",
    "Form.drones": "How many drones.",
    "Form.cameras": "How many fixed cameras.",
    "Payoff.terms": "The terms by name. The keyword `terms` may be left out and the terms put beside `unit`.",
    "Term.worth": "What it is worth, in any unit that all terms of this actor share.",
    "Term.when": "It counts in histories where this holds (default: in all).",
    "Term.channel": "Whether it is worth as a signal (`symbolic`), by its effect (`practical`), or a `cost`.",
    "Term.label": "What the term is called in sentences.",
    "Member.label": "What the member is called in sentences.",
    "Member.aka": "Other names under which sources speak of it.",
    "Member.capability": "What it brings, in the unit of `coalition.need`.",
    "Member.joins": "Its joining rule.",
    "Member.stances": "Its dated positions.",
    "Member.bloc": "Members with the same bloc go together when shares are computed.",
    "Stance.on": "What the position is on. To concede that consent is needed is not to oppose.",
    "Stance.date": "When it was reported (default: `as_of`).",
    "Stance.trend": "Which way it moves.",
    "Stance.who": "Whether its bearers are named.",
    "Stance.note": "Anything worth knowing.",
    "Body.weights": "Votes by voter.",
    "Body.quota": "Votes needed.",
    "Body.label": "What the body is called in sentences.",
    "Majority.weights": "Weights by voter.",
    "Majority.quota": "Weight needed.",
    "Issue.label": "What the issue is called, and what 0 and 100 mean.",
    "Issue.positions": "Where each member stands, 0 to 100.",
    "Issue.salience": "How much each member cares (default: all alike).",
    "Issue.because": "Claims that report it.",
    "Event.label": "What the event is called in sentences.",
    "Event.at": "Month in which it falls.",
    "Event.because": "Claims that report it.",
    "Line.length_km": "Its length.",
    "TruceSettings.baseline": "Shape of the baseline: log-normal, or Weibull as the stated alternative.",
    "PlanFeatures.form": "Kind of presence.",
    "PlanFeatures.mandate_by": "Who mandates it.",
    "PlanFeatures.consent_government": "Consent of the government.",
    "PlanFeatures.consent_opponent": "Consent of its opponent.",
    "PlanFeatures.outside_veto_holder": "Whether an outsider holds a veto.",
    "PlanFeatures.threatened": "Whether the presence was threatened.",
    "PlanFeatures.truce_in_place_at_start": "Whether a truce was in place at the start.",
    "PlanFeatures.year_proposed": "Year in which it was proposed.",
}


def models() -> dict[str, type[Part]]:
    """Every part of a case file, in the order in which the schema reaches it."""
    found: dict[str, type[Part]] = {}

    def visit(annotation: object) -> None:
        if isinstance(annotation, type) and issubclass(annotation, Part):
            if annotation.__name__ in found:
                return
            found[annotation.__name__] = annotation
            for hint in typing.get_type_hints(annotation, include_extras=True).values():
                visit(hint)
        for inner in typing.get_args(annotation):
            visit(inner)

    visit(CaseFile)
    return found


def meaning(model: type[Part], field: str) -> str:
    """Return what a key means, from the schema or from `MEANINGS`; empty when neither says."""
    return model.model_fields[field].description or MEANINGS.get(f"{model.__name__}.{field}", "")


def _kind(hint: object) -> str:
    """Return the type of a value in the words of the page."""
    for known, name in ((Name, "name"), (Spec, "number"), (Condition, "condition"), (Text, "text")):
        if hint == known:
            return name
    origin, inner = typing.get_origin(hint), [a for a in typing.get_args(hint) if a is not Ellipsis]
    if isinstance(hint, type) and issubclass(hint, Part):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    if origin is typing.Literal:
        return " \\| ".join(f"`{value}`" for value in inner)
    if origin in (typing.Union, types.UnionType):
        return " \\| ".join(dict.fromkeys(_kind(part) for part in inner if part is not type(None)))
    if origin is dict:
        return f"{_kind(inner[0])} → {_kind(inner[1])}"
    if origin is tuple:
        kinds = list(dict.fromkeys(_kind(part) for part in inner))
        return f"list of {kinds[0]}" if len(inner) == 1 else f"[{', '.join(_kind(part) for part in inner)}]"
    if origin is typing.Annotated:
        return _kind(inner[0])
    plain = {"str": "text", "float": "plain number", "int": "whole number", "bool": "true \\| false", "date": "day"}
    return plain.get(getattr(hint, "__name__", ""), str(hint))


def _default(model: type[Part], field: str) -> str:
    info = model.model_fields[field]
    if info.is_required():
        return "**needed**"
    value = info.default
    if (
        info.default_factory is not None
        or value is PydanticUndefined
        or value in (None, "", ())
        or isinstance(value, Part)
    ):
        return ""
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def table(model: type[Part]) -> str:
    """Return the table of one part's keys."""
    hints = typing.get_type_hints(model, include_extras=True)
    lines = [f"*{(model.__doc__ or '').strip()}*", "", "| key | value | default | meaning |", "|---|---|---|---|"]
    for name, info in model.model_fields.items():
        said = meaning(model, name).replace("|", "\\|")
        lines.append(f"| `{info.alias or name}` | {_kind(hints[name])} | {_default(model, name)} | {said} |")
    return "\n".join(lines) + "\n"


def filled(page: str) -> str:
    """Return the page with every table rewritten."""
    known = models()
    return MARK.sub(lambda found: found[1] + table(known[found[2]]) + found[4], page)


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    fresh = filled(page)
    if "--check" in sys.argv[1:]:
        print("case-language.md is up to date" if page == fresh else "run python tools/case_language.py")
        return 0 if page == fresh else 1
    PAGE.write_text(fresh, encoding="utf-8")
    print(f"{len(MARK.findall(fresh))} tables written to {PAGE.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
