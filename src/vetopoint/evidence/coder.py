"""Any program as a coder: it gets a document on standard input and proposes claims as JSON lines on standard output.

The program is the user's own, but what it prints is taken for no more than it shows: every quotation must stand in the text,
its claims arrive as proposed, and time, bytes and claims are bounded. It is started once for each document, so that one that
hangs, floods or dies costs that document alone; with it ends its whole process group.
"""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, Edge, Link, Span, locate, normalise_text
from vetopoint.evidence._program import Program, ProgramLimits
from vetopoint.evidence._wording import first_fault
from vetopoint.evidence.claim import Act, Kind
from vetopoint.evidence.reader.parse import Told

__all__ = ["Greeting", "ProgramCoder", "ProgramLimits", "Proposal", "ProposedClaim", "line_schema", "proposal"]

_NAME = r"^[^\W_](?:[\w .+-]{0,58}[\w.+-])?$"
_VERSION = r"^[^\W_][\w.+-]{0,39}$"
_Words = str | tuple[str, ...]

UNREADABLE = "no JSON object"
NO_CLAIM = "no claim as `vetopoint schema --of claims` has it"
NOT_THERE = "the quotation does not stand in the text"
SEVERAL = "the quotation stands more than once, and `nth` does not say which is meant"
ELSEWHERE = "cue, content or speaker do not stand in the quotation's sentence"
TOO_MANY = "beyond the bound of claims a document"


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Greeting(_Line):
    """The first line of an answer: which program this is, and in which version."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    coder: str = Field(pattern=_NAME, description="Name of the program or model.")
    version: str = Field(pattern=_VERSION, description="Its version; claims of another version are another coder's.")

    @property
    def name(self) -> str:
        """The coder's name as claims bear it; no person and no reader of ours can be called so."""
        return f"program/{self.coder}@{self.version}"


class ProposedClaim(_Line):
    """A claim as a program proposes it: fields as in `docs/claims.md`, places told by quotation and never by number."""

    quote: str = Field(min_length=1, max_length=20_000, description="The words that carry the claim, copied exactly.")
    nth: int | None = Field(
        default=None, ge=1, description="Which occurrence is meant, if the quote stands several times."
    )
    chain: tuple[str | Link, ...] = Field(default=(), max_length=12, description="Who says so, outermost first.")
    cue: str = Field(default="", max_length=2_000, description="The words that say that somebody says it.")
    content: _Words = Field(default=(), description="The proposition's own words, if not the whole quote.")
    speaker: _Words = Field(default=(), description="The words that name the speaker.")
    kind: Kind = "assertion"
    act: Act = ""
    polarity: Literal[1, -1] = 1
    hedge: str = Field(default="", max_length=200)
    reporter_hedge: str = Field(default="", max_length=200)
    condition: str = Field(default="", max_length=2_000)
    about: str = Field(default="", max_length=200)
    edges: tuple[Edge, ...] = Field(default=(), max_length=50)
    date: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=2_000)


_LINE: TypeAdapter[Greeting | ProposedClaim] = TypeAdapter(Greeting | ProposedClaim)


def line_schema() -> dict[str, Any]:
    """JSON Schema of one line that a program prints: its greeting, or a claim."""
    schema = _LINE.json_schema()
    return {"title": "A line of a coder's answer", **schema}


@dataclass(frozen=True)
class Proposal:
    """What a program's answer came to: its greeting if there was one, claims that stand, and reason → number of the others."""

    greeting: Greeting | None
    claims: tuple[Claim, ...]
    dropped: Mapping[str, int]


class ProgramCoder:
    """A program that reads documents into claims, behind the same interface as the built-in reader.

    Parameters
    ----------
    command : the program and its arguments, split as a shell would but run by none.
    name : ``NAME@VERSION`` for a program that does not say what it is called. Without it the program is first handed a document
        without text, and must answer with its greeting.
    aliases : actor id → names under which sources speak of the actor; handed to the program with each document.
    limits : what it may use for a document.
    workers : how many documents are handed out at once.

    Raises
    ------
    EvidenceError
        The command is none, or the program does not say what it is called.
    """

    def __init__(
        self,
        command: str,
        *,
        name: str = "",
        aliases: Mapping[str, Iterable[str]] | None = None,
        limits: ProgramLimits | None = None,
        workers: int = 1,
    ) -> None:
        self.limits = limits or ProgramLimits()
        self.program = Program(command, self.limits)
        self.aliases = {actor: list(names) for actor, names in (aliases or {}).items()}
        self.dropped: Counter[str] = Counter()
        self.workers = workers
        self.coder = _named(name).name if name else self._greeted()

    def read(
        self, documents: Iterable[Document], told: Told | None = None
    ) -> Iterator[tuple[Document, list[Claim] | EvidenceError]]:
        """The claims of each document, in order, or the error that cost this document; what is not taken is counted."""
        for document, answer in self._answers(documents):
            if isinstance(answer, EvidenceError):
                yield document, answer
                continue
            self.dropped.update(answer.dropped)
            if told is not None:
                told(len(document.text))
            yield document, list(answer.claims)

    def _answers(self, documents: Iterable[Document]) -> Iterator[tuple[Document, Proposal | EvidenceError]]:
        if self.workers == 1:
            for document in documents:
                yield document, self._answer(document)
            return
        window: deque[tuple[Document, Future[Proposal | EvidenceError]]] = deque()
        with ThreadPoolExecutor(self.workers) as pool:
            for document in documents:
                window.append((document, pool.submit(self._answer, document)))
                if len(window) == 2 * self.workers:
                    first, future = window.popleft()
                    yield first, future.result()
            while window:
                first, future = window.popleft()
                yield first, future.result()

    def _answer(self, document: Document) -> Proposal | EvidenceError:
        try:
            answer = self.program.answer(_asked(document, self.aliases), f"document {document.id!r}")
            return proposal(answer, document, self.coder, self.limits.claims)
        except EvidenceError as error:
            return error

    def _greeted(self) -> str:
        """The name that the program gives itself when it is handed a document without text."""
        nothing = Document(id="", text="")
        answer = self.program.answer(_asked(nothing, self.aliases), "the greeting, a document without text,")
        first = next((line for line in answer.splitlines() if line.strip()), b"")
        try:
            return Greeting.model_validate_json(first).name
        except ValidationError as error:
            message = f"{self.program.shown}: its first line does not say what it is called ({first_fault(error)})"
            raise EvidenceError(
                f'{message} → let it print {{"coder": "NAME", "version": "1"}} first, or give --coder-name NAME@VERSION'
            ) from error


def _named(name: str) -> Greeting:
    program, _, version = name.partition("@")
    try:
        return Greeting(coder=program, version=version)
    except ValidationError as error:
        raise EvidenceError(
            f"--coder-name {name}: no name of a program ({first_fault(error)}) → NAME@VERSION"
        ) from error


def _asked(document: Document, aliases: Mapping[str, list[str]]) -> bytes:
    """What the program is handed: one line of JSON in UTF-8."""
    about = {field: getattr(document, field) for field in ("id", "title", "outlet", "author", "url", "language")}
    day = document.date.isoformat() if document.date else ""
    asked = {"vetopoint": 1, **about, "date": day, "actors": aliases, "text": document.text}
    return (json.dumps(asked, ensure_ascii=False) + "\n").encode("utf-8")


def proposal(answer: bytes, document: Document, coder: str, most: int) -> Proposal:
    """The claims that a program's answer makes of a document.

    Parameters
    ----------
    answer : the lines that the program printed.
    coder : the name that its claims are to bear; a greeting by another name refuses the document.
    most : how many claims are taken.

    Raises
    ------
    EvidenceError
        The program calls itself otherwise than before, or nothing in its answer is a claim.
    """
    greeting: Greeting | None = None
    dropped: Counter[str] = Counter()
    made: list[Claim] = []
    for raw in filter(bytes.strip, answer.splitlines()):
        line = _line(raw)
        if isinstance(line, Greeting):
            greeting = _same(line, coder, document)
        elif isinstance(line, str):
            dropped[line] += 1
        elif len(made) == most:
            dropped[TOO_MANY] += 1
        else:
            placed = _placed(line, document)
            if isinstance(placed, Claim):
                made.append(placed)
            else:
                dropped[placed] += 1
    unreadable = dropped[UNREADABLE] + dropped[NO_CLAIM]
    if unreadable and unreadable == dropped.total() and not made:
        worst = UNREADABLE if dropped[UNREADABLE] else NO_CLAIM
        raise EvidenceError(
            f"document {document.id!r}: nothing that {coder} printed is a claim ({unreadable} lines: {worst}) "
            "→ docs/coders.md shows the form"
        )
    made.sort(key=lambda claim: claim.content[0].start)
    numbered = [
        c.model_copy(update={"id": f"{coder}/{document.id}.{n}", "coder": coder}) for n, c in enumerate(made, 1)
    ]
    return Proposal(greeting, tuple(numbered), dropped)


def _same(greeting: Greeting, coder: str, document: Document) -> Greeting:
    if greeting.name != coder:
        message = f"document {document.id!r}: the program calls itself {greeting.name} now, not {coder}"
        raise EvidenceError(f"{message} → start the run again with one version")
    return greeting


def _line(raw: bytes) -> Greeting | ProposedClaim | str:
    """A line of the answer, or why it is none."""
    try:
        data = _cleaned(json.loads(raw))
    except (ValueError, RecursionError):
        return UNREADABLE
    if not isinstance(data, dict):
        return UNREADABLE
    try:
        return Greeting.model_validate(data) if "coder" in data else ProposedClaim.model_validate(data)
    except ValidationError:
        return NO_CLAIM


def _cleaned(data: Any) -> Any:
    """The same without control characters, which a terminal would obey."""
    if isinstance(data, str):
        return normalise_text(data)
    if isinstance(data, dict):
        return {_cleaned(key): _cleaned(value) for key, value in data.items()}
    return [_cleaned(part) for part in data] if isinstance(data, list) else data


def _placed(line: ProposedClaim, document: Document) -> Claim | str:
    """The claim with its words found in the document's text, or why it is not taken."""
    number = line.nth or 1
    found = _occurrences(line.quote, document.text, number + 1)
    if len(found) < number:
        return NOT_THERE
    if line.nth is None and len(found) > 1:
        return SEVERAL
    quote = found[number - 1]
    bare = Claim(id="", source=document.id, content=(quote,), status="proposed")
    texts = {document.id: document.text}
    (placed,) = locate([bare], texts)
    said = line.model_dump(exclude={"nth", "quote"}, exclude_defaults=True)
    try:
        (claim,) = locate([Claim.model_validate({**placed.model_dump(), **said})], texts)
    except EvidenceError:
        return ELSEWHERE
    return claim.model_copy(update={"quote": quote.text})


def _occurrences(quote: str, text: str, most: int) -> list[Span]:
    """The first places at which a quotation stands, whatever blanks and line breaks part its words."""
    words = quote.split()
    if not words:
        return []
    pattern = re.compile(r"\s+".join(map(re.escape, words)))
    return [Span.cut(text, *match.span()) for match in islice(pattern.finditer(text), most)]
