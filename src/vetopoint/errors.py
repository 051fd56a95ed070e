"""What can go wrong, as one small hierarchy.

VetopointError
├── CaseError        the case file is wrong; carries every problem found, each with file, line and remedy
├── EvidenceError    a source document or a claim cannot be used
├── SolverError      a game cannot be compiled or solved as stated
└── MissingExtra     an optional part is not installed; the message names the pip line
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["CaseError", "EvidenceError", "MissingExtra", "Problem", "SolverError", "VetopointError", "did_you_mean"]


class VetopointError(Exception):
    """Base of every error that the program explains to its user."""


@dataclass(frozen=True)
class Problem:
    """One complaint about an input file: place, cause, remedy.

    Parameters
    ----------
    message : what is wrong, in the words of the case.
    remedy : what to do about it.
    where : place in the file as a text, such as ``moves.answer.options``.
    file, line : file name and line counted from 1 (0: unknown).
    severity : ``"error"`` stops the run, ``"warning"`` does not; ``"silenced"`` is a warning that the case silences.
    check : id of the check that found it, if one did.
    """

    message: str
    remedy: str = ""
    where: str = ""
    file: str = ""
    line: int = 0
    severity: str = "error"
    check: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        where = f"{self.where}: " if self.where else ""
        remedy = f" → {self.remedy}" if self.remedy else ""
        return f"{place}{self.severity}: {where}{self.message}{remedy}"


class CaseError(VetopointError):
    """The case file is wrong; ``problems`` holds every complaint found."""

    def __init__(self, problems: Sequence[Problem] | Problem) -> None:
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class EvidenceError(VetopointError):
    """A source document or claim cannot be used."""


class SolverError(VetopointError):
    """A game cannot be compiled or solved as stated."""


class MissingExtra(VetopointError):
    """An optional part is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs the extra [{extra}] → pip install 'vetopoint[{extra}]'")


def did_you_mean(word: str, known: Iterable[str], otherwise: str, cutoff: float = 0.6) -> str:
    """A remedy that offers the nearest known word; ``otherwise`` where none comes as near as ``cutoff``, from 0 to 1."""
    near = difflib.get_close_matches(word, list(known), 1, cutoff=cutoff)
    return f"did you mean '{near[0]}'?" if near else otherwise
