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
    properties["quantities"]["additionalProperties"] = {"anyOf": [*SPEC["anyOf"], {"$ref": "#/$defs/Quantity"}]}
    term = {"anyOf": [*SPEC["anyOf"], {"$ref": "#/$defs/Term"}]}
    long_form = definitions["Payoff"]
    definitions["Payoff"] = {
        "description": long_form["description"],
        "anyOf": [
            long_form,
            {
                "type": "object",
                "properties": {"unit": long_form["properties"]["unit"]},
                "required": ["unit"],
                "additionalProperties": term,
            },
        ],
    }
    paths = properties["paths"]["additionalProperties"]
    properties["paths"]["additionalProperties"] = {"anyOf": [{"type": "string"}, paths]}
    return schema
