"""The case language: what may be written in ``case.yaml``, read with positions, checked, and compiled to expressions."""

from vetopoint.case.case import Case, Input
from vetopoint.case.expression import SKIPPED, Expression, ExpressionError, Scope
from vetopoint.case.jsonschema import case_schema
from vetopoint.case.load import load_case
from vetopoint.case.paths import Point, Stretch, parse_path
from vetopoint.case.schema import CaseFile
from vetopoint.errors import CaseError, Problem

__all__ = [
    "SKIPPED",
    "Case",
    "CaseError",
    "CaseFile",
    "Expression",
    "ExpressionError",
    "Input",
    "Point",
    "Problem",
    "Scope",
    "Stretch",
    "case_schema",
    "load_case",
    "parse_path",
]
