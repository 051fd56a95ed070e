"""The registry of checks: a check is a function with an id, a severity and a line of what it finds.

Each room adds its own (see `check`); whoever may import them all runs them. A case may silence a warning by its id, with a reason.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar

from vetopoint.case.case import Case
from vetopoint.errors import Problem, did_you_mean

Finds = Callable[..., Iterable[Problem]]
F = TypeVar("F", bound=Finds)


@dataclass(frozen=True)
class Check:
    """One check.

    Parameters
    ----------
    id : its name, as ``silence`` and ``vetopoint check --list`` know it.
    severity : an ``error`` stops a run, a ``warning`` does not.
    stage : when it can be asked: ``names`` and, once these are all known, ``sense`` of the file alone; later stages belong to
        other rooms and are handed more than the case.
    about : one line: what it finds.
    find : the complaints about a case.
    """

    id: str
    severity: Literal["error", "warning"]
    stage: str
    about: str
    find: Finds


#: Every check by its id, in the order in which they were added.
CHECKS: dict[str, Check] = {}


def check(id: str, severity: Literal["error", "warning"] = "error", stage: str = "names") -> Callable[[F], F]:
    """Add a function to the registry; the first line of its docstring says what it finds."""

    def add(find: F) -> F:
        if id in CHECKS:
            raise ValueError(f"two checks are called {id}")
        CHECKS[id] = Check(id, severity, stage, (find.__doc__ or "").strip().splitlines()[0], find)
        return find

    return add


def complaints(case: Case, stage: str, *more: Any) -> list[Problem]:
    """What the checks of a stage find, errors first, in the order of the file.

    Parameters
    ----------
    stage : which checks are asked.
    more : what they are handed beside the case.

    Returns
    -------
    list of Problem
        Each with the id of its check; a warning that the case silences has the severity ``silenced``.
    """
    found: dict[Problem, None] = {}
    for each in CHECKS.values():
        if each.stage == stage:
            silenced = each.severity == "warning" and each.id in case.file.silence
            severity = "silenced" if silenced else each.severity
            found |= dict.fromkeys(replace(p, check=each.id, severity=severity) for p in each.find(case, *more))
    return sorted(found, key=lambda p: (p.severity != "error", p.line))


def suggest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """A remedy that names the nearest known word, or lists the known ones."""
    known = sorted(set(known))
    listed = f"known here: {', '.join(known[:15])}" if known else "declare it first"
    return did_you_mean(word, known, listed, cutoff)
