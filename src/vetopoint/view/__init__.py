"""Answers for people: sentences, tables, chart specifications, the self-contained report, the same for the terminal."""

from vetopoint.view.report import render_report
from vetopoint.view.text import render_text

__all__ = ["render_report", "render_text"]
