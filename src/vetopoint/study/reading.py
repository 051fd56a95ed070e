"""Read sources into a case's store: claims as the machine proposes them, for a person to accept or reject."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Document, Reader, Reading, count_documents, draft, gather, read_into, workers_for
from vetopoint.study.project import Progress, Study, open_study
from vetopoint.study.sources import names_of


def aliases_of(study: Study) -> dict[str, tuple[str, ...]]:
    """Actor and member ids with the names under which sources speak of them."""
    return names_of(study.case)


def read_sources(
    case: str | Path | Study,
    paths: Iterable[str | Path],
    *,
    outlet: str = "",
    date: str = "",
    workers: int = 0,
    progress: Progress | None = None,
) -> Reading:
    """Read files, folders or tables of texts into the case's store.

    Each batch is kept whole or not at all; a source that cannot be used is refused with one message and changes nothing.
    Documents are opened one after the other, so that memory does not grow with their number; a run that was killed goes on
    where it stopped.

    Parameters
    ----------
    case : a case file, its folder, or an open study.
    paths : texts, HTML or PDF files, folders, or tables with a column ``text``.
    outlet, date : who published them, and when (YYYY-MM-DD), where the documents do not say.
    workers : number of processes; 0 chooses by the number of documents (1 for fewer than 200).

    Raises
    ------
    EvidenceError
        If the date is no date, or the reader is not installed.
    """
    study = case if isinstance(case, Study) else open_study(case)
    day = _day(date)
    paths = list(paths)
    total = max(sum(map(count_documents, paths)), 1)
    documents: Iterator[Document | EvidenceError] = (_labelled(item, outlet, day) for item in gather(*paths))
    refused: list[str] = []
    for item in documents:
        if isinstance(item, Document):
            documents = chain([item], documents)
            break
        refused.append(str(item))
    else:
        return Reading(0, 0, 0, tuple(refused))
    say = progress or (lambda stage, share: None)
    say("reading", 0.0)
    reader = Reader(aliases_of(study))

    def told(seen: int) -> None:
        say("reading", min((len(refused) + seen) / total, 1.0))

    with study.store.open() as store:
        done = read_into(store, documents, reader, workers or workers_for(total), progress=told)
    return replace(done, refused=(*refused, *done.refused))


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise EvidenceError(f"--date {text}: no date → write YYYY-MM-DD") from error


def _labelled(item: Document | EvidenceError, outlet: str, day: dt.date | None) -> Document | EvidenceError:
    if isinstance(item, EvidenceError):
        return item
    return replace(item, outlet=outlet or item.outlet, date=day or item.date)


def draft_case(study: Study) -> str:
    """A commented ``case.yaml`` from the case's reviewed claims, with what is missing marked as gaps.

    Raises
    ------
    EvidenceError
        If no claim has been accepted yet.
    """
    if not study.evidence.claims:
        raise EvidenceError("no accepted claims → accept some with `vetopoint review`, or write claims.jsonl")
    file = study.case.file
    labels = {name: actor.label or name for name, actor in file.actors.items()}
    sources = {name: source.file for name, source in file.sources.items()}
    return draft(
        study.evidence.claims, owner=file.owner, title=file.title, as_of=file.as_of, labels=labels, sources=sources
    )
