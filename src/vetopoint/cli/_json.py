"""The one place in which commands print JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import typer

__all__ = ["json_text", "print_json"]


def json_text(value: Any, indent: int | None = None, sort_keys: bool = False) -> str:
    """A value as JSON that every reader takes: what is no finite number is null, since JSON has no word for it.

    >>> json_text({"se": float("nan"), "n": 2})
    '{"se": null, "n": 2}'
    """
    return json.dumps(_finite(value), indent=indent, sort_keys=sort_keys, ensure_ascii=False, allow_nan=False)


def print_json(value: Any) -> None:
    """Print a value as indented JSON."""
    typer.echo(json_text(value, indent=1))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value
