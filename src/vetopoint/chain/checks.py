"""Checks that need more than the file: distributions, histories, tables of priors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetopoint.coalition import problems as check_coalition
from vetopoint.errors import Problem
from vetopoint.game.unroll import check_histories, unroll
from vetopoint.quantity import impossible_probabilities, possibility_warnings, unused_words
from vetopoint.truce import check as check_truce

if TYPE_CHECKING:
    from vetopoint.case import Case

__all__ = ["check_histories_of"]


def check_histories_of(case: Case) -> list[Problem]:
    """Every complaint about what a case's moves, distributions and priors come to.

    Raises
    ------
    CaseError
        If a distribution cannot be read or the moves cannot be unrolled.
    """
    problems = [*impossible_probabilities(case), *possibility_warnings(case), *unused_words(case)]
    problems += check_truce(case) if case.file.forms else []
    problems += check_coalition(case) if case.file.members else []
    return problems + check_histories(unroll(case))
