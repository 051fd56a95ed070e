"""Checks that need more than the file: distributions, histories, tables of priors, and a trial on a few draws.

Importing this module brings every room's checks into the registry (`vetopoint.case.CHECKS`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

import numpy as np

import vetopoint.chain.playing  # noqa: F401 (adds the checks of a case as it is played)
from vetopoint.arrays import Floats
from vetopoint.budget import Budget
from vetopoint.case import Case, check, complaints
from vetopoint.chain.deciding import Chain
from vetopoint.chain.frame import Frame, frame_of
from vetopoint.chain.world import World, build_world, sample_case
from vetopoint.coalition import problems as check_coalition
from vetopoint.coalition.checks import contradictions, reports_of_one_date, silent_stances
from vetopoint.errors import CaseError, Problem, VetopointError
from vetopoint.game.threats import threat_facts
from vetopoint.game.unroll import checks as histories
from vetopoint.truce import check as check_truce

__all__ = ["check_histories_of"]

TRIAL_DRAWS = 128


def check_histories_of(case: Case) -> list[Problem]:
    """Every complaint about what a case's moves, distributions and priors come to, silenced warnings included.

    Raises
    ------
    CaseError
        If a distribution cannot be read or the moves cannot be unrolled.
    """
    found = complaints(case, "registry") + complaints(case, "numbers")
    found += complaints(case, "forms") if case.file.forms or case.file.models_truce else []
    found += complaints(case, "members") if case.file.members else []
    frame = frame_of(case, Budget(first=TRIAL_DRAWS))
    found += complaints(case, "histories", frame.game)
    if any(p.severity == "error" for p in found):
        return found
    trial = _trial(frame)
    found += complaints(case, "draws", trial)
    if not isinstance(trial, World):
        return found
    found += complaints(case, "units", trial.tables, trial.unit) + complaints(case, "played", trial)
    return found + [problem for name in case.file.variants for problem in _of_variant(case, name)]


def _of_variant(case: Case, name: str) -> list[Problem]:
    """The errors of a variant of the case, which each name it and a line."""
    try:
        variant = case.variant(name)
        found = complaints(variant, "numbers") + complaints(variant, "histories", frame_of(variant).game)
        if any(p.severity == "error" for p in found):
            raise CaseError(found)
    except CaseError as error:
        return [case.of_variant(p, name) for p in error.problems if p.severity == "error"]
    return []


def _trial(frame: Frame) -> World | VetopointError:
    """The case on a few draws, solved once, also with every member made to join and with none; or what is wrong with it."""
    case, members = frame.case, frozenset(frame.case.file.members)
    try:
        with np.errstate(all="ignore"), case.located():  # what is not finite is said below
            world = build_world(frame, sample_case(frame, TRIAL_DRAWS, seed=1))
        for player, precision in zip(frame.game.players, world.precision.T, strict=True):
            _finite(case, precision, "precision", player)
        for view, player in zip(world.view_of, frame.game.players, strict=True):
            _finite(case, world.payoffs[view][:, :, frame.game.players.index(player)], "payoffs", player)
        for joining in (members, frozenset[str]()) if members else ():
            with np.errstate(all="ignore"), case.located():
                Chain(world).forced(joining, members - joining)
        for threat in case.file.threats:
            threat_facts(frame.game, threat)
        world.priced.solve()
    except VetopointError as error:
        return error
    return world


def _finite(case: Case, values: Floats, section: str, player: str) -> None:
    wrong = ~np.isfinite(values).reshape(len(values), -1).all(axis=1)
    if wrong.any():
        message = f"a number that is not finite in {wrong.mean():.0%} of draws"
        remedy = "look for a division by nought, a logarithm or a power that overflows"
        raise CaseError(case.problem(message, remedy, section, player))


#: The engines' complaints by id: severity, what their function is handed beside the case, the function, and what it finds.
_ENGINES: Mapping[str, tuple[Literal["error", "warning"], str, Callable[..., Iterable[Problem]], str]] = {
    "unusable-form": ("error", "forms", check_truce, "A form or the truce names a prior, preset, parameter or file that there is not."),
    "unexplained-prior": ("warning", "forms", check_truce, "A prior is overridden without a reason."),
    "unusable-rule": ("error", "members", check_coalition, "A member's rule, expectation or event speaks of what there is not."),
    "silent-stance": ("warning", "members", silent_stances, "A member's rule or an event speaks of a stance of which nothing is reported."),
    "stance-twice": ("warning", "members", reports_of_one_date, "A stance is reported twice of one date."),
    "unreached-move": ("error", "histories", histories.unreached_moves, "No history comes to a move."),
    "unreached-round": ("warning", "histories", histories.unreached_moves, "No history comes to a round of a move."),
    "unreached-outcome": ("error", "histories", histories.unreached_outcomes, "No history ends in an outcome, or one ends in none."),
    "idle-otherwise": ("warning", "histories", histories.unreached_outcomes, "The outcomes before `otherwise` name every history."),
    "unreached-goal": ("error", "histories", histories.unreached_goals, "No history reaches a goal."),
    "certain-goal": ("warning", "histories", histories.unreached_goals, "Every history reaches a goal."),
    "idle-threat": ("error", "histories", histories.idle_threats, "A threat can never be made, or is never defied."),
    "empty-threat": ("warning", "histories", histories.idle_threats, "A threat is never carried out when it is defied."),
    "dates-out-of-order": ("warning", "histories", histories.dates_out_of_order, "A move is dated before one that precedes it."),
}  # fmt: skip


def _of(severity: str, find: Callable[..., Iterable[Problem]], about: str) -> Callable[..., Iterable[Problem]]:
    """The errors, or the warnings, among what a function of an engine complains of."""

    def chosen(case: Case, *more: object) -> Iterator[Problem]:
        return (p for p in find(case, *more) if p.severity == severity)

    chosen.__doc__ = about
    return chosen


for _id, (_severity, _stage, _find, _about) in _ENGINES.items():
    check(_id, _severity, _stage)(_of(_severity, _find, _about))


@check("fails-on-draws", stage="draws")
def _failure(case: Case, world: World | VetopointError) -> Iterator[Problem]:
    """The chain cannot be worked out on draws: a unit is nought, probabilities exceed 1, a number leaves its range."""
    if isinstance(world, CaseError):
        yield from world.problems
    elif isinstance(world, VetopointError):
        message, _, remedy = str(world).partition(" → ")
        yield case.problem(message, remedy)


@check("contradicting-stances", severity="warning", stage="draws")
def _contradictions(case: Case, world: World | VetopointError) -> Iterator[Problem]:
    """What is reported of members leaves no room for what is reported of the group."""
    if isinstance(world, World) and world.tables.coalition is not None:
        yield from contradictions(case, world.draws, world.tables.coalition.month)
