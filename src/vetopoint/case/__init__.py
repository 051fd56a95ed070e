"""The case language: what may be written in ``case.yaml``, read with positions, checked, and compiled to expressions."""

from vetopoint.case.case import Case, Input, once_a_case
from vetopoint.case.expression import SKIPPED, Expression, ExpressionError, Scope
from vetopoint.case.load import load_case
from vetopoint.case.paths import Point, Stretch, parse_path
from vetopoint.case.place import Place
from vetopoint.case.registry import CHECKS, Check, check, complaints, suggest
from vetopoint.case.schema import CaseFile, Observed, case_schema
from vetopoint.case.vocabulary import kind_at
from vetopoint.errors import CaseError, Problem

__all__ = [
    "CHECKS", "SKIPPED", "Case", "CaseError", "CaseFile", "Check", "Expression", "ExpressionError", "Input", "Observed", "Place",
    "Point", "Problem", "Scope", "Stretch", "case_schema", "check", "complaints", "kind_at", "load_case", "once_a_case", "parse_path",
    "suggest",
]  # fmt: skip
