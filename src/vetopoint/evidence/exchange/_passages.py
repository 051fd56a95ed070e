"""What a foreign file has marked, before it is compared with the text, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vetopoint.evidence.claim import Claim
from vetopoint.evidence.exchange._places import Unit
from vetopoint.evidence.exchange._words import Fold

_SHOWN = 20


@dataclass(frozen=True)
class Piece:
    """A stretch of text as a file marks it.

    Parameters
    ----------
    start, end : its place as the file counts; −1 where the file only quotes.
    words : what the file says stands there; "" where it does not say.
    begun : whether the words may be only how the stretch begins, or a name that somebody gave it.
    before, after : what the file says stands around it.
    within : the stretch from whose start its place counts, if not from the text's.
    """

    start: int = -1
    end: int = -1
    words: str = ""
    begun: bool = False
    before: str = ""
    after: str = ""
    within: Piece | None = None


@dataclass(frozen=True)
class Mark:
    """One coded passage of a foreign file.

    Parameters
    ----------
    place : where in the file it stands, for messages.
    id : its id within the file; "" where it has none.
    source : what the file calls the document.
    codes : names that the coder gave it.
    actor : the words that name the actor of its edges.
    fields : what the file says in a claim's own words (kind, act, chain …).
    whole : the claim itself, where this package wrote the file.
    """

    place: str
    source: str
    content: tuple[Piece, ...]
    id: str = ""
    speaker: tuple[Piece, ...] = ()
    cue: tuple[Piece, ...] = ()
    coder: str = ""
    codes: tuple[str, ...] = ()
    actor: str = ""
    note: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    whole: Claim | None = None


@dataclass
class Foreign:
    """What a reader found in a file.

    Parameters
    ----------
    texts : document → its text as the file brings it along, line ends and accents as they are.
    units : how such files count, the likeliest first.
    left : what is not taken, as a noun with ``{s}`` where the plural has an s, and how many.
    """

    marks: list[Mark] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    units: Sequence[Unit] = ("points", "utf16")
    fold: Fold | None = None
    left: Counter[str] = field(default_factory=Counter)
    remedy: str = ""


@dataclass(frozen=True)
class Taken:
    """What came of a foreign file: its claims, and what was not taken.

    Parameters
    ----------
    claims : the claims, each of whose spans reads in its document what the file says.
    left : what was not taken → how many.
    refused : which passages, and why.
    moved : passages that stood elsewhere than the file says, and were found by their words.
    unseen : passages for which the file quotes no words, so that nothing could be compared.
    """

    claims: tuple[Claim, ...]
    left: Mapping[str, int] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    moved: int = 0
    unseen: int = 0

    def told(self) -> str:
        """The same in words, a line each; "" where everything was taken as it stands."""
        lines = []
        if self.left:
            what = ", ".join(counted(number, noun) for noun, number in sorted(self.left.items()))
            lines.append(f"{len(self.claims)} taken, {sum(self.left.values())} not: {what}")
            lines += [f"  {line}" for line in self.refused[:_SHOWN]]
            lines += [f"  … and {len(self.refused) - _SHOWN} more"] if len(self.refused) > _SHOWN else []
        if self.moved:
            lines.append(f"{counted(self.moved, 'passage{s}')} stood elsewhere than the file says: found by the words")
        if self.unseen:
            lines.append(
                f"{counted(self.unseen, 'passage{s}')} without a quotation: nothing to compare the places with"
            )
        return "\n".join(lines)


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(2, "search pattern{s}")
    '2 search patterns'
    """
    return f"{number} {noun.replace('{s}', 's' * (number != 1))}"
