"""Answers for people: sentences, tables, chart specifications, the self-contained report, the same for the terminal."""

from vetopoint.answers import Answers
from vetopoint.view.first_page import with_first_page
from vetopoint.view.report import render_report
from vetopoint.view.text import render_text

__all__ = ["render_report", "render_text", "told", "with_first_page"]


def told(answers: Answers) -> tuple[Answers, dict[str, str]]:
    """Return the answers with their first page, and the report made from them."""
    answers = with_first_page(answers)
    return answers, {"report.html": render_report(answers)}
