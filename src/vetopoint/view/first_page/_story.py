"""What the lines of the first page are told from: the answers, the leading goal, who is asked, and numbers by their places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from vetopoint.answers import (
    Answers,
    Asked,
    AskedParty,
    DecisivenessAnswer,
    FirstNumber,
    Fork,
    ForkBranch,
    KeyAt,
    RankedParty,
)
from vetopoint.view.names import Names
from vetopoint.view.numbers import listed, natural, stop

_END = {"none": "0", "all": "{per}", "fewer than 1": "under 1", "more than 99": "over 99", "more than 999": "over 999"}
WIDE = 0.30
"""A band wider than this stands in the line."""


def at(answers: Answers, pointer: str) -> Any:
    """Return what stands at a JSON pointer (RFC 6901) into the answers.

    Raises
    ------
    LookupError
        If nothing stands there.
    """
    found: Any = answers
    for key in (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]):
        if isinstance(found, dict):
            found = found[key]
        elif isinstance(found, list | tuple):
            found = found[int(key)]
        elif key in type(found).model_fields:
            found = getattr(found, key)
        else:
            raise LookupError(f"{pointer}: no '{key}'")
    return found


def pointer(*keys: str | int) -> str:
    """Return the JSON pointer of these keys.

    >>> pointer("decisiveness", 0, "goal")
    '/decisiveness/0/goal'
    """
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)


@dataclass(frozen=True)
class Clause:
    """A piece of a sentence, with its numbers in the order in which they stand in it; ``tight`` says the same in fewer words."""

    text: str
    numbers: tuple[FirstNumber, ...] = ()
    tight: str = ""

    @classmethod
    def joined(cls, parts: Iterable[Clause | str], by: str = "") -> Clause:
        """Join pieces, their numbers in order."""
        pieces = [part if isinstance(part, Clause) else cls(part) for part in parts]
        text, tight = by.join(p.text for p in pieces), by.join(p.tight or p.text for p in pieces)
        return cls(text, tuple(n for p in pieces for n in p.numbers), tight)

    def sentence(self) -> Clause:
        """Return it with its first letter a capital and a full stop at its end."""
        return replace(self, text=stop(self.text), tight=stop(self.tight or self.text))

    def tightened(self) -> Clause:
        """Return it in fewer words."""
        return replace(self, text=self.tight or self.text)


@dataclass(frozen=True)
class Story:
    """The answers on their leading goal, as the lines need them."""

    answers: Answers
    names: Names

    @property
    def goal(self) -> str:
        """The leading goal."""
        return self.answers.goals[0].name

    @cached_property
    def place(self) -> int | None:
        """Where the leading goal's ranking stands."""
        return next((i for i, d in enumerate(self.answers.decisiveness) if d.goal == self.goal), None)

    @property
    def ranking(self) -> DecisivenessAnswer | None:
        """Who decides over the leading goal."""
        return None if self.place is None else self.answers.decisiveness[self.place]

    @property
    def asked(self) -> Asked | None:
        """The same given that the plan is tried; None where that says nothing."""
        return None if self.ranking is None else self.ranking.asked

    @cached_property
    def parties(self) -> tuple[RankedParty, ...]:
        """Everybody but the owner, who changes most first; alike by name."""
        ranking = self.ranking
        if ranking is None:
            return ()
        found: Sequence[RankedParty] = ranking.parties if ranking.asked is None else ranking.asked.parties
        return tuple(
            sorted((p for p in found if not p.owner), key=lambda p: (-p.decisiveness.mean, self.names.brief(p.party)))
        )

    @property
    def keys_at(self) -> tuple[KeyAt, ...]:
        """Who decides most where everybody chooses more or less sharply."""
        return () if self.ranking is None else self.ranking.at_precision

    def fork(self, actor: str) -> tuple[int, Fork] | None:
        """An actor's fork, and where it stands among them."""
        forks = () if self.ranking is None else self.ranking.forks
        return next(((i, f) for i, f in enumerate(forks) if f.actor == actor), None)

    def branch(self, fork: tuple[int, Fork], side: Literal["yes", "no"]) -> tuple[str, ForkBranch]:
        """One side of a fork, and its place in the answers."""
        number, found = fork
        i = next(i for i, b in enumerate(found.branches) if b.side == side)
        return pointer("decisiveness", self.place or 0, "forks", number, "branches", i), found.branches[i]

    def party_place(self, party: str) -> str:
        """Where a party stands in the answers given that the plan is tried."""
        parties = () if self.asked is None else self.asked.parties
        i = next(i for i, p in enumerate(parties) if p.party == party)
        return pointer("decisiveness", self.place or 0, "asked", "parties", i)

    @property
    def attempt(self) -> str:
        """That the plan is tried, as a clause; empty where nothing is known of that."""
        asked, names = self.asked, self.names
        if asked is None:
            return ""
        if names.short.attempt:
            return names.short.attempt
        options = [names.options.get((move, o), "") for move, chosen in asked.attempt.items() for o in chosen]
        if 0 < len(options) <= 2 and all(options):
            return f"{names.brief(self.answers.run.owner)} {listed(options, joint='or')}"
        return "the plan is tried"

    @property
    def presupposed(self) -> str:
        """What the headlines presuppose, as a clause; empty for nothing."""
        if not self.answers.run.presupposes:
            return ""
        return self.names.short.presupposes or f"it is {self.names.condition(self.answers.run.presupposes)}"

    @property
    def cases(self) -> tuple[str, str]:
        """A condition to begin a sentence with, and what it then counts: where these have a name, no condition is needed."""
        if self.presupposed and self.names.short.cases:
            return "", f" {self.names.short.cases}"
        return (f"if {self.presupposed}, " if self.presupposed else ""), " cases"

    def given(self, *more: str, attempted: bool = True) -> str:
        """The condition of a figure, in words."""
        return ", ".join(filter(None, (self.presupposed, self.attempt if attempted else "", *more)))

    def number(self, *paths: str, per: Literal[1, 100, 1000] = 100, given: str = "") -> FirstNumber:
        """The number at a place (or the sum at several), as it is printed."""
        value = sum(float(at(self.answers, p)) for p in paths)
        return FirstNumber(paths=paths, per=per, said=natural(value, per), given=given)

    def share(self, path: str, given: str, *, of: str = "", small: bool = True) -> Clause:
        """A chance as a natural frequency, with its band where that is wide.

        ``of``: what it is so many of 100 of, such as `` cases``; with ``small`` of 1,000 where it is small. Without it the number
        stands bare.
        """
        mean = float(at(self.answers, f"{path}/mean"))
        per: Literal[100, 1000] = 1000 if of and small and 0 < mean < 0.01 else 100
        said = self.number(f"{path}/mean", per=per, given=given)
        words = f"{said.said} of {per:,}{of}" if of else said.said
        low, high = (float(at(self.answers, f"{path}/{end}")) for end in ("lo", "hi"))
        if high - low <= WIDE:
            return Clause(words, (said,))
        ends = [self.number(f"{path}/{end}", per=per, given=given) for end in ("lo", "hi")]
        low_said, high_said = (_END.get(end.said, end.said).format(per=f"{per:,}") for end in ends)
        wide = f"{words} (between {low_said} and {high_said})"
        return Clause(wide, (said, *ends), f"{words} ({low_said}–{high_said})")

    def yes_and_no(self, party: RankedParty) -> tuple[str, str] | None:
        """Places of P(goal) on a party's yes and on its no: at its fork, or by what it wants above all."""
        fork = self.fork(party.party)
        if fork is not None:
            yes, no = (self.branch(fork, side)[0] for side in ("yes", "no"))
            return f"{yes}/goal", f"{no}/goal"
        if isinstance(party, AskedParty):
            place = self.party_place(party.party)
            return f"{place}/on_yes", f"{place}/on_no"
        return None
