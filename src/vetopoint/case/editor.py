"""What an editor needs to complete and explain keys while somebody writes: the schema as a file, and the line that names it.

The schema ships with the package as ``data/case.schema.json`` and is written beside a new case, so that the case can be moved, mailed and
edited without a network. ``vetopoint schema > case.schema.json`` renews it after an update.
"""

from __future__ import annotations

from importlib.resources import files

__all__ = ["SCHEMA_FILE", "example_text", "schema_text", "with_schema"]

#: Name of the file that stands beside a case.
SCHEMA_FILE = "case.schema.json"
_LINE = f"# yaml-language-server: $schema=./{SCHEMA_FILE}"


def with_schema(text: str) -> str:
    """The text of a case, headed by the line that names the schema beside it; whoever writes the text writes `schema_text` there.

    >>> with_schema("vetopoint: 1\\n").splitlines()
    ['# yaml-language-server: $schema=./case.schema.json', 'vetopoint: 1']
    """
    return text if text.startswith(_LINE) else f"{_LINE}\n{text}"


def schema_text() -> str:
    """The JSON Schema of case files, as ``vetopoint schema`` prints it."""
    return _data(SCHEMA_FILE)


def example_text() -> str:
    """The case of which the examples of ``docs/case-language.md`` are the parts."""
    return _data("example.yaml")


def _data(name: str) -> str:
    return (files("vetopoint.case") / "data" / name).read_text(encoding="utf-8")
