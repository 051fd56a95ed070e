"""Answers for people: sentences, tables, chart specifications, the self-contained report, the same for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vetopoint.view.charts.spec import ChartSpec
    from vetopoint.view.report import render_report
    from vetopoint.view.text import render_text

__all__ = ["ChartSpec", "render_report", "render_text"]

_HOMES = {
    "ChartSpec": "vetopoint.view.charts.spec",
    "render_report": "vetopoint.view.report",
    "render_text": "vetopoint.view.text",
}


def __getattr__(name: str) -> Any:
    """Import on first use, so that asking for help loads no template engine."""
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
