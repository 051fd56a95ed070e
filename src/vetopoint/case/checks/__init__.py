"""Checks that need the case file alone: names, references, probabilities, dates, loose ends."""

from vetopoint.case.checks import ends, expressions, issues, moves, naming, numbers, settable, silence, threats

__all__ = ["ends", "expressions", "issues", "moves", "naming", "numbers", "settable", "silence", "threats"]
