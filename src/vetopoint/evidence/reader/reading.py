"""Read documents into claims, and into a store that remembers what was read; whoever reads them is a coder."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim
from vetopoint.evidence.documents import Document, Flow, flow, is_foreign, passed_over, refusal
from vetopoint.evidence.reader.claims import build_claims
from vetopoint.evidence.reader.parse import Parse, Parser, SpacyParser, Told
from vetopoint.evidence.reader.people import Actors

if TYPE_CHECKING:
    from vetopoint.evidence.store import Store

Progress = Callable[[int], None]
_Found = tuple[Document, list[Claim] | EvidenceError]
_Waiting = deque[tuple[Document, Flow | EvidenceError]]
_PATIENCE = 32
"""Refused documents that may wait for the parser to finish those before them."""


@dataclass(frozen=True)
class Reading:
    """What a bulk reading came to.

    Parameters
    ----------
    read, skipped : documents newly read, and known before.
    claims : claims proposed.
    refused : one clear complaint for each source that cannot be used, and for each that its coder failed on.
    notes : what was guessed or left out of those that were read.
    dropped : reason → how many of the coder's claims were not taken for it.
    characters, seconds : how much was newly read, and how long it took.
    """

    read: int
    skipped: int
    claims: int
    refused: tuple[str, ...]
    notes: tuple[str, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    characters: int = field(default=0, compare=False)
    seconds: float = field(default=0.0, compare=False)


class Coder(Protocol):
    """Whoever turns documents into proposed claims: the built-in `Reader`, or a program.

    `coder` is written into every claim, and tells what this coder has read before.
    """

    coder: str

    @property
    def dropped(self) -> Mapping[str, int]:
        """Reason → number of claims that were not taken."""
        ...

    def read(self, documents: Iterable[Document], told: Told | None = None) -> Iterator[_Found]:
        """Claims of each document, in order, or the error that cost this document alone."""
        ...


class Reader:
    """Reads documents into claims.

    Parameters
    ----------
    aliases : actor id → names under which sources speak of the actor.
    parser : the parser; spaCy with the default model unless given.

    The coder's name, ``machine/<parser>``, is written into every claim.
    """

    def __init__(self, aliases: Mapping[str, Iterable[str]] | None = None, parser: Parser | None = None) -> None:
        self.aliases = {actor: tuple(names) for actor, names in (aliases or {}).items()}
        self.actors = Actors(self.aliases)
        self.parser: Parser = parser if parser is not None else SpacyParser()
        self.coder = f"machine/{self.parser.name}"
        self.dropped: dict[str, int] = {}

    def read(self, documents: Iterable[Document], told: Told | None = None) -> Iterator[_Found]:
        """Claims of each document, in order, or the error that refuses it; memory does not grow with the number of documents.

        The parser gets each paragraph on one line, without marks of layout; spans point into the document's own text.

        Parameters
        ----------
        told : called with the number of characters that were read just now, several times in a long document.
        """
        source, waiting = iter(documents), _Waiting()
        parsed = 0

        def heard(characters: int) -> None:
            nonlocal parsed
            parsed += characters
            if told is not None:
                told(characters)

        while True:
            for parses in self.parser.parse(self._texts(source, waiting), heard):
                yield from _refused(waiting)
                document, flowing = waiting.popleft()
                assert isinstance(flowing, Flow)
                if passed := len(document.text) - parsed:
                    heard(passed)
                parsed = 0
                yield self._claimed(document, flowing, parses)
            if not waiting:
                return
            yield from _refused(waiting)

    def _texts(self, source: Iterator[Document], waiting: _Waiting) -> Iterator[str]:
        """What the parser is to read of the documents, until too many in a row of refused ones wait for it."""
        refused = 0
        for document in source:
            if why := self.refuses(document):
                waiting.append((document, EvidenceError(why)))
                refused += 1
                if refused == _PATIENCE:
                    return
            else:
                flowing = flow(document.text, is_foreign)
                waiting.append((document, flowing))
                refused = 0
                yield flowing.text

    def _claimed(self, document: Document, flowing: Flow, parses: list[Parse]) -> _Found:
        read = document if flowing.text == document.text else replace(document, text=flowing.text)
        claims = [flowing.claim(claim) for claim in build_claims(read, parses, self.actors, self.coder)]
        remark = passed_over(flowing.left_out)
        return replace(document, notes=(*document.notes, remark)) if remark else document, claims

    def refuses(self, document: Document) -> str:
        """Why a document is not read; "" where it is. Paragraphs in another language within it are passed over."""
        why = refusal(document.text, document.language)
        return f"{document.id}: {why}" if why else ""


def _refused(waiting: _Waiting) -> Iterator[tuple[Document, EvidenceError]]:
    """The refused documents that no other one stands before."""
    while waiting:
        document, failure = waiting[0]
        if isinstance(failure, Flow):
            return
        waiting.popleft()
        yield document, failure


class Pace:
    """How far a reading is, counted in characters, and how fast it goes.

    Parameters
    ----------
    documents : how many documents are expected; those not opened yet are taken to be as long as the others.
    tell : called with this pace whenever it has changed.
    clock : seconds; what is read takes time, what was known before does not.
    """

    def __init__(
        self,
        documents: int,
        tell: Callable[[Pace], None] = lambda pace: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.documents, self._tell, self._clock = documents, tell, clock
        self.opened = self.characters = self.known = self.read = 0
        self._began = clock()
        self._share = 0.0

    def open(self, characters: int) -> None:
        """A document of so many characters was opened."""
        self.opened += 1
        self.characters += characters

    def skip(self, characters: int) -> None:
        """A document just opened had been read before."""
        self.known += characters
        self._tell(self)

    def fail(self, characters: int = 0) -> None:
        """A document could not be opened, or its coder failed with so many of its characters unread."""
        self.documents = max(self.documents - (characters == 0), self.opened)
        self.characters -= characters
        self._tell(self)

    def advance(self, characters: int) -> None:
        """So many characters were read just now."""
        self.read += characters
        self._tell(self)

    @property
    def expected(self) -> float:
        """Characters in all: those of the opened documents, and as many for each of the others as these have on average."""
        unopened = max(self.documents - self.opened, 0)
        return self.characters * (1 + unopened / self.opened) if self.opened else 0.0

    @property
    def share(self) -> float:
        """Share of the characters that are done; it never falls, though the length of what is still to come is a guess."""
        done = (self.read + self.known) / self.expected if self.expected > 0 else 0.0
        self._share = max(self._share, min(done, 1.0))
        return self._share

    @property
    def seconds(self) -> float:
        """Seconds since the reading began."""
        return self._clock() - self._began

    @property
    def rate(self) -> float:
        """Characters a second; 0 before anything was read."""
        return self.read / self.seconds if self.read and self.seconds > 0 else 0.0

    @property
    def left(self) -> float:
        """Seconds that are left at this rate; infinite before there is one."""
        rest = max(self.expected - self.read - self.known, 0.0)
        return rest / self.rate if self.rate else float("inf")


def read_into(
    store: Store,
    documents: Iterable[Document | EvidenceError],
    coder: Coder,
    *,
    progress: Progress | None = None,
    pace: Pace | None = None,
    batch: int = 16,
) -> Reading:
    """Read documents into a store, skipping what this coder has read before.

    Each batch is kept whole or not at all, in the order in which the documents came, so that the store is the same with any
    number of workers, and a killed run goes on where it stopped, without loss or duplicates. A document on which the coder
    fails costs itself alone: it is named, nothing of it is kept, and the next run tries it again.

    Parameters
    ----------
    documents : documents, or the errors of those that could not be opened (see :func:`vetopoint.evidence.gather`).
    coder : who reads them. A `Reader` reads with several processes if its parser does.
    progress : called with the number of documents seen so far.
    pace : told of every character that is read.
    batch : documents that are kept in one transaction.

    Raises
    ------
    EvidenceError
        One of several reading processes died.
    """
    queue = _Queue(documents, store.read_by(coder.coder), pace or Pace(0))
    found = coder.read(queue, queue.pace.advance)
    notes: list[str] = []
    read = claims = 0
    while piece := list(islice(found, batch)):
        done = [(document, made) for document, made in piece if not isinstance(made, EvidenceError)]
        for document, failure in piece:
            if isinstance(failure, EvidenceError):
                queue.refused.append(str(failure))
                queue.pace.fail(len(document.text))
        read += store.add_readings(done, coder.coder)
        claims += sum(len(proposed) for _, proposed in done)
        notes += [f"{document.id}: {note}" for document, _ in done for note in document.notes]
        if progress is not None:
            progress(queue.number_of(piece[-1][0]))
    pace = queue.pace
    complaints = tuple(queue.refused)
    return Reading(read, queue.skipped, claims, complaints, tuple(notes), dict(coder.dropped), pace.read, pace.seconds)


class _Queue:
    """The documents that are still to be read, one after the other; counts the others."""

    def __init__(self, items: Iterable[Document | EvidenceError], known: frozenset[str], pace: Pace) -> None:
        self._items, self._known, self.pace = items, known, pace
        self._numbers: dict[str, int] = {}
        self._hashes: dict[str, str] = {}
        self.refused: list[str] = []
        self.skipped = 0

    def __iter__(self) -> Iterator[Document]:
        for number, item in enumerate(self._items, start=1):
            if isinstance(item, EvidenceError):
                self.refused.append(str(item))
                self.pace.fail()
                continue
            self.pace.open(len(item.text))
            first = self._hashes.setdefault(item.id, item.hash)
            if first != item.hash:
                self.refused.append(f"{item.id}: another text of this run has this id → give it an id of its own")
            elif item.id in self._known or item.id in self._numbers:
                self.skipped += 1
            else:
                self._numbers[item.id] = number
                yield item
                continue
            self.pace.skip(len(item.text))

    def number_of(self, document: Document) -> int:
        """The how manieth of the documents one was."""
        return self._numbers[document.id]
