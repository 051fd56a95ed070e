"""Checks of what a case lets be set from outside."""

from collections.abc import Iterator

from vetopoint.case.case import Case
from vetopoint.case.place import Place
from vetopoint.case.registry import check, suggest
from vetopoint.case.settable import is_plain_number
from vetopoint.errors import Problem


@check("settable")
def _settable(case: Case) -> Iterator[Problem]:
    """A place that is to be settable holds no time and no plain number."""
    for i, text in enumerate(case.file.settable):
        if not is_plain_number(case.file, Place.parse(text)):
            known = [f"moves.{move}.at" for move in case.file.moves]
            message = f"no time and no plain number stands at '{text}'"
            yield case.problem(message, suggest(text, known), "settable", i)
