"""What evidence speaks of: a claim, the chain of sources behind it, and the edge that it supports."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

LinkKind = Literal["named", "role", "unnamed", "collective", "unknown"]
Kind = Literal["assertion", "position", "condition", "threat", "assessment", "forecast"]
EdgeKind = Literal["requires", "veto", "threat", "alternative", "value", "risk"]
Status = Literal["proposed", "accepted", "corrected", "rejected"]
Action = Literal["accept", "correct", "reject", "undo"]
Act = Literal[
    "", "SAY", "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "DEMAND", "DISAPPROVE", "REJECT", "THREATEN"
]
ACTS: tuple[str, ...] = tuple(filter(None, get_args(Act)))
"""Speech acts: the verbal event types of PLOVER, and SAY for a statement that does no more than state."""

_KINDS = get_args(LinkKind)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # categories Cc, but for \n and \t, and Cs


def normalise_text(raw: str) -> str:
    """Bring a text to the one form that is hashed, stored and counted in: NFC, line feeds, no control characters.

    >>> normalise_text("a\\r\\nb\\x00")
    'a\\nb'
    """
    # Control characters go first: a mark behind one would otherwise stay apart from its letter, or be found by the next pass.
    text = _CONTROL.sub("", raw.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", text.lstrip("\ufeff"))


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Part):
    """A piece of a source: characters ``start`` to ``end`` (exclusive) of the normalised text, and their text.

    A hand-coded span may leave the offsets out (−1); :func:`vetopoint.evidence.locate` finds them.
    """

    text: str
    start: int = -1
    end: int = -1

    @classmethod
    def cut(cls, text: str, start: int, end: int, idle: str | None = "") -> Span:
        """Characters ``start`` to ``end`` of a text, without the ``idle`` ones at both ends (None: without blanks)."""
        words = text[start:end]
        start += len(words) - len(words.lstrip(idle))
        words = words.strip(idle)
        return cls(text=words, start=start, end=start + len(words))

    @property
    def located(self) -> bool:
        """Whether the offsets are known."""
        return self.start >= 0


class Link(_Part):
    """One link of a source chain.

    ``named`` is a name (a person, a government, a newspaper); ``role`` an individual known by function only ("a senior
    official"); ``unnamed`` plain "sources"; ``collective`` a group of which nobody is named ("European capitals");
    ``unknown`` is the honest answer where the text does not say.
    """

    name: str
    kind: LinkKind = "named"
    role: str = Field(default="", description="`article`, `outlet`, or the function that the text gives.")
    reason: str = Field(default="", description="Why the source is not named, where the text says so.")
    actor: str = Field(default="", description="Id of the case's actor that this link speaks for, where known.")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        """Accept ``"The Gazette (outlet)"`` and ``"unnamed: two diplomats"``."""
        if not isinstance(data, str):
            return data
        kind, colon, name = data.partition(":")
        if not colon or kind.strip() not in _KINDS:
            kind, name = "named", data
        name, role = name.strip(), ""
        for word in ("outlet", "article"):
            if name.endswith(f"({word})"):
                name, role = name[: -len(word) - 2].strip(), word
        return {"name": name, "kind": kind.strip(), "role": role}


class Edge(_Part):
    """What a claim says about who depends on whom.

    Parameters
    ----------
    kind : ``requires`` (the plan needs the actor's consent), ``veto`` (the actor can stop it), ``threat`` (the actor
        would answer with harm), ``alternative`` (what would be done instead), ``value`` (what it is worth, and
        as what), ``risk`` (what could undo it).
    actor : the actor whose consent, veto or threat it is; for the other kinds the one who holds the view or bears it.
    plan : what is required, vetoed, threatened or replaced, in the words of the text.
    what : the alternative, the value or the risk, in the words of the text.
    holds : False where the text denies the edge ("possible without its consent").
    """

    kind: EdgeKind
    actor: str = ""
    plan: str = ""
    what: str = ""
    holds: bool = True


class Claim(_Part):
    """An attributed proposition, with its place in an immutable source.

    Parameters
    ----------
    id, source : its own id, and the id of the document in which it stands.
    quote : the text that carries it (hand-coded claims: copied from the source exactly).
    sentence, cue, content, speaker : spans in the normalised source; the last two may come in pieces.
    chain : the source chain, outermost first; the innermost link is who says so.
    kind, act : what sort of proposition it is, and the speech act (PLOVER's verbal event types).
    polarity : −1 where the proposition is denied.
    hedge, reporter_hedge : the speaker's own word of probability, and the reporter's distance ("reportedly").
    condition : the id of the claim (or the text of the clause) on which this one depends.
    about : the actor whose future move is spoken of, where that is not the speaker.
    restates : id of the claim that this one repeats.
    origin : names the origin outright, where the coder knows better than the chain.
    edges : what it says about dependence.
    rule, coder, status, reason : the rule that fired, who coded it, and how it was reviewed.
    """

    id: str
    source: str
    quote: str = ""
    sentence: Span | None = None
    cue: Span | None = None
    content: tuple[Span, ...] = ()
    speaker: tuple[Span, ...] = ()
    chain: tuple[Link, ...] = ()
    kind: Kind = "assertion"
    act: Act = ""
    polarity: Literal[1, -1] = 1
    hedge: str = ""
    reporter_hedge: str = ""
    condition: str = ""
    about: str = ""
    restates: str = ""
    origin: str = ""
    edges: tuple[Edge, ...] = ()
    rule: str = ""
    coder: str = "hand"
    status: Status = "accepted"
    reason: str = ""
    date: str = ""
    note: str = ""
    nth: int = Field(default=1, ge=1, description="Which occurrence of the quote is meant.")

    @field_validator("cue", "sentence", mode="before")
    @classmethod
    def _one(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value

    @field_validator("content", "speaker", mode="before")
    @classmethod
    def _several(cls, value: Any) -> Any:
        if isinstance(value, str):
            return ({"text": value},)
        if not isinstance(value, list | tuple):
            raise ValueError("neither a text nor a list")
        return tuple({"text": v} if isinstance(v, str) else v for v in value)

    @property
    def says(self) -> Link:
        """The innermost link: who says so."""
        return self.chain[-1] if self.chain else Link(name="", kind="unknown")

    @property
    def is_named(self) -> bool:
        """Whether a name stands behind the claim."""
        return self.says.kind == "named"

    @property
    def text(self) -> str:
        """The proposition's own words: the content's pieces, else the quote."""
        return " … ".join(s.text for s in self.content) or self.quote
