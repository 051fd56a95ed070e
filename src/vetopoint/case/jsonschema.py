"""The JSON Schema of case files, for editors: the models' own schema, with the short forms that the loader expands."""

from __future__ import annotations

from typing import Any

from vetopoint.case.schema import CaseFile

__all__ = ["case_schema"]

SPEC: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string"}]}


def case_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) that every valid ``case.yaml`` satisfies, short forms included."""
    schema = CaseFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Vetopoint case"
    definitions, properties = schema["$defs"], schema["properties"]
    _each(properties["quantities"], {"anyOf": [*SPEC["anyOf"], {"$ref": "#/$defs/Quantity"}]})
    long_form = definitions["Payoff"]
    short_form = {
        "type": "object",
        "properties": {"unit": long_form["properties"]["unit"]},
        "required": ["unit"],
        "additionalProperties": {"anyOf": [*SPEC["anyOf"], {"$ref": "#/$defs/Term"}]},
    }
    definitions["Payoff"] = {"description": long_form["description"], "anyOf": [long_form, short_form]}
    _each(properties["paths"], {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
    return schema


def _each(mapping: dict[str, Any], value: dict[str, Any]) -> None:
    """Replace what the values of a mapping may be, keeping the pattern of its keys."""
    key = "patternProperties" if "patternProperties" in mapping else "additionalProperties"
    mapping[key] = dict.fromkeys(mapping[key], value) if key == "patternProperties" else value
