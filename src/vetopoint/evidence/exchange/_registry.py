"""Which form a file has, by its ending and, where several programs share one, by what stands in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim
from vetopoint.evidence.documents import Document
from vetopoint.evidence.exchange import (
    brat,
    dna_csv,
    dna_sqlite,
    jsonl,
    labelstudio,
    refi,
    tables,
    webanno,
    webannotation,
)
from vetopoint.evidence.exchange._bounds import parse_json, read_text, wrong
from vetopoint.evidence.exchange._codes import Meanings, read_meanings
from vetopoint.evidence.exchange._locate import locate
from vetopoint.evidence.exchange._passages import Foreign, Taken
from vetopoint.evidence.exchange._settle import settle

Documents = Mapping[str, Document]


@dataclass(frozen=True)
class Form:
    """A form of claims on disk.

    Parameters
    ----------
    ending : what a file's or a folder's name ends in.
    what : whose form it is, in words.
    write : writes claims; None where a form is only read.
    read : reads what a foreign file has marked; None for this package's own forms and those only written.
    own : reads this package's own claims.
    """

    ending: str
    what: str
    write: Callable[[list[Claim], Documents, Path], None] | None = None
    read: Callable[[Path, Meanings], Foreign] | None = None
    own: Callable[[Path], tuple[Claim, ...]] | None = None


def _texts(documents: Documents) -> dict[str, str]:
    return {name: document.text for name, document in documents.items()}


FORMS = (
    Form("brat", "brat (a folder)", brat.write_folder, brat.read_folder),
    Form("webanno", "WebAnno TSV (a folder)", webanno.write_folder, webanno.read_folder),
    Form(".dna.csv", "Discourse Network Analyzer's event list", dna_csv.write_events, dna_csv.read_events),
    Form(".dna", "Discourse Network Analyzer", dna_sqlite.write_dna, dna_sqlite.read_dna),
    Form(".qdpx", "REFI-QDA", refi.write_refi, lambda path, _: refi.read_refi(path)),
    Form(".qdc", "REFI-QDA, the codes alone", lambda claims, _, path: refi.write_codebook(claims, path)),
    Form(
        ".jsonld",
        "Web Annotation",
        lambda claims, documents, path: webannotation.write_annotations(claims, path, _texts(documents)),
        lambda path, _: webannotation.read_annotations(path),
    ),
    Form(".tsv", "INCEpTION/WebAnno TSV 3, one document", webanno.write_file, webanno.read_file),
    Form(".json", "Label Studio", labelstudio.write_tasks, lambda path, meanings: _read_json(path, meanings)),
    Form(".jsonl", "JSON Lines", lambda claims, _, path: jsonl.write_jsonl(claims, path), own=jsonl.read_jsonl),
    Form(".csv", "CSV", lambda claims, _, path: tables.write_csv(claims, path), own=tables.read_csv),
    Form(".parquet", "Parquet", lambda claims, _, path: tables.write_parquet(claims, path), own=tables.read_parquet),
    Form(".ann", "brat, one document", read=brat.read_file),
)


def forms() -> str:
    """The endings with whose form each is, for help and messages."""
    return ", ".join(f"{form.ending} ({form.what})" for form in FORMS)


def _unknown(path: Path) -> EvidenceError:
    return wrong(path, "unknown form", f"end the name in {', '.join(form.ending for form in FORMS)}")


def _form_of(path: Path) -> Form:
    """The form of what is to be read: a folder's by what lies in it, a table's by its header."""
    if path.is_dir():
        return next(form for form in FORMS if form.ending == ("webanno" if _only_tsv(path) else "brat"))
    if path.name.lower().endswith(".csv") and path.is_file():
        with path.open("rb") as handle:
            head = handle.readline(100_000).decode("utf-8-sig", "replace")
        separator = max(",;\t", key=head.count)
        listed = dna_csv.is_event_list(head.split(separator)) or path.name.lower().endswith(".dna.csv")
        return next(form for form in FORMS if form.ending == (".dna.csv" if listed else ".csv"))
    return _named(path)


def _only_tsv(folder: Path) -> bool:
    return any(folder.glob("*.tsv")) and not any(folder.glob("*.ann"))


def _named(path: Path) -> Form:
    for form in FORMS:
        if path.name.lower().endswith(form.ending):
            return form
    raise _unknown(path)


def _read_json(path: Path, meanings: Meanings) -> Foreign:
    """Label Studio and Web Annotation both use this ending."""
    data = parse_json(read_text(path), path, "export it anew")
    if labelstudio.is_export(data):
        return labelstudio.tasks_in(data, path, meanings)
    return webannotation.annotations_in(data, path)


def take_claims(
    path: str | Path,
    texts: Mapping[str, str] | None = None,
    coder: str = "",
    mapping: str | Path | None = None,
    *,
    keep_reviews: bool = False,
) -> Taken:
    """Read claims from a file of any form that is read, and say what was not taken.

    Every span is compared with the words that the file quotes, and is found again by them where its offsets do not fit; what
    can be found nowhere, or in several places, is refused and counted. The claims are *proposed*, whatever the file says.

    Parameters
    ----------
    texts : the text of each document by its id; of a foreign form, the texts that it brings along unless given.
    coder : who coded them; whom the file names, unless given.
    mapping : a file that says what the types of a foreign form mean (`docs/exchange.md`).
    keep_reviews : leave status and coder of this package's own JSON Lines as they are.

    Raises
    ------
    EvidenceError
        The file cannot be used, or nothing in it; one message with file, place, cause and remedy.
    """
    path = Path(path)
    if not path.exists():
        raise wrong(path, "no such file", "check the path")
    form, meanings = _form_of(path), read_meanings(mapping)
    if form.own is not None:
        claims = form.own(path)
        if texts is not None:
            claims = locate(claims, texts, f"{path}: ")
        if not keep_reviews:
            claims = tuple(
                c.model_copy(update={"status": "proposed", "reason": "", "coder": coder or c.coder}) for c in claims
            )
        return Taken(claims)
    if form.read is None:
        raise wrong(path, f"{form.what} cannot be read", "name a file of another form")
    name = form.ending.strip(".").partition(".")[0]
    return settle(form.read(path, meanings), texts, coder, name, meanings, str(path))


def read_claims(path: str | Path, texts: Mapping[str, str] | None = None, coder: str = "") -> tuple[Claim, ...]:
    """The claims of :func:`take_claims`; those of this package's own forms as they are, reviews and all."""
    return take_claims(path, texts, coder, keep_reviews=True).claims


def write_claims(
    claims: Iterable[Claim],
    path: str | Path,
    documents: Documents | None = None,
    *,
    origin: jsonl.Origin | None = None,
) -> None:
    """Write claims in the form that the name's ending says; the file appears whole or not at all.

    ``.jsonl``, ``.csv`` and ``.parquet`` keep everything, and so do ``.jsonld`` (Web Annotation), ``.qdpx`` (REFI-QDA), ``.dna``
    (Discourse Network Analyzer), ``.tsv`` (WebAnno), ``.json`` (Label Studio) and a folder whose name ends in ``brat`` or
    ``webanno``, which carry the claim along with its passage. ``.dna.csv`` is an event list, a row for each claim, and keeps
    less; ``.qdc`` is the codes alone.

    Parameters
    ----------
    documents : those in which the claims stand, by id.
    origin : of JSON Lines, where they come from.
    """
    path, found = Path(path), list(claims)
    form = _named(path)
    if form.write is None:
        raise _unknown(path)
    if not path.parent.is_dir():
        raise wrong(path, "its folder does not exist", "make it first; nothing was written")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as place:
        made = Path(place) / path.name
        if form.ending == ".jsonl":
            jsonl.write_jsonl(found, made, origin)
        else:
            form.write(found, documents or {}, made)
        if made.is_dir():
            shutil.move(made, path)
        else:
            os.replace(made, path)
