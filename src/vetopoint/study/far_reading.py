"""Reading by an engine's workers, as a coder like any other: batches of documents out, their claims back, in the order of the documents.

The store stays here and is written by this process alone, in order; so what was read is known whenever a reading ends, and the claims
are those of a reading in one process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from vetopoint.errors import EvidenceError, VetopointError
from vetopoint.evidence import Claim, Document, Reader, SpacyParser
from vetopoint.evidence.reader.parse import DEFAULT_MODEL, Told
from vetopoint.study.engines import Engine

__all__ = ["FarReader", "batched"]

CHARACTERS = 40_000
DOCUMENTS = 64
_ON_WHICH_CLAIMS_HANG = ("vetopoint", "spacy", "thinc", DEFAULT_MODEL)

Found = list[Claim] | EvidenceError
Aliases = tuple[tuple[str, tuple[str, ...]], ...]


class FarReader:
    """The built-in reader at work elsewhere; spaCy need not be installed here.

    Parameters
    ----------
    aliases : actor id → names under which sources speak of the actor.
    engine : who does the work.
    """

    def __init__(self, aliases: Mapping[str, Iterable[str]], engine: Engine) -> None:
        self._work = _Work(tuple((actor, tuple(names)) for actor, names in aliases.items()))
        self._engine = engine
        self.coder = f"machine/{DEFAULT_MODEL}"
        self.dropped: dict[str, int] = {}

    def read(self, documents: Iterable[Document], told: Told | None = None) -> Iterator[tuple[Document, Found]]:
        """Claims of each document, in order, or the error that refuses it; some batches a worker are under way.

        Raises
        ------
        VetopointError
            The cluster was lost, lacks the reader, or its workers have different versions of it; what was read before is kept.
        """
        seen: dict[str, str] | None = None
        for batch, (versions, made) in self._engine.each(self._work, batched(documents), in_order=True):
            seen = versions if seen is None else seen
            if versions != seen:
                differing = [
                    f"{name} {seen[name]} and {versions[name]}" for name in seen if seen[name] != versions[name]
                ]
                raise EvidenceError(
                    f"the workers differ: {', '.join(differing)} → install one version on all of them; what was read is kept"
                )
            for document, (read, found) in zip(batch, made, strict=True):
                if told is not None:
                    told(len(document.text))
                yield read, found


def batched(documents: Iterable[Document]) -> Iterator[tuple[Document, ...]]:
    """Documents in batches of about 40,000 characters, so that a batch takes some seconds whatever their lengths.

    >>> [len(batch) for batch in batched([Document(str(n), "x" * 15_000) for n in range(7)])]
    [3, 3, 1]
    """
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text)
        if size >= CHARACTERS or len(batch) == DOCUMENTS:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


@dataclass(frozen=True)
class _Work:
    """What is sent to the workers: for whom names speak."""

    aliases: Aliases

    def __call__(self, batch: tuple[Document, ...]) -> tuple[dict[str, str], list[tuple[Document, Found]]]:
        try:
            return _installed(), list(_reader(self.aliases).read(batch))
        except VetopointError as error:  # which has to travel: as words alone
            raise EvidenceError(f"a worker of the cluster: {error}") from error


@lru_cache(4)
def _reader(aliases: Aliases) -> Reader:
    return Reader(dict(aliases), SpacyParser())


def _installed() -> dict[str, str]:
    """The versions of what claims hang on."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in _ON_WHICH_CLAIMS_HANG:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found
