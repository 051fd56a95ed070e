"""Commands on evidence: read sources, list claims, draft a case."""

from __future__ import annotations

import csv
import io
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vetopoint.cli._progress import console_progress

__all__ = ["register"]

CaseArgument = Annotated[Path, typer.Argument(help="A case folder, or its case.yaml.")]


class Action(StrEnum):
    """What a reviewer may do with a claim."""

    accept = "accept"
    reject = "reject"
    correct = "correct"
    undo = "undo"


class Format(StrEnum):
    """How to print claims."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(read)
    app.command()(claims)
    app.command()(review)
    app.command()(draft)


def read(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="Texts, HTML or PDF files, folders, or a CSV with a `text` column."),
    ],
    case: Annotated[Path, typer.Option("--case", help="The case whose store keeps the claims.")],
    outlet: Annotated[str, typer.Option(help="Who published it.")] = "",
    date: Annotated[str, typer.Option(help="When, as YYYY-MM-DD.")] = "",
    workers: Annotated[
        int, typer.Option(min=0, max=64, help="Processes to read with (0: one for fewer than 200 documents).")
    ] = 0,
) -> None:
    """Read sources into attributed claims, proposed for review in the case's store."""
    from vetopoint.study import open_study
    from vetopoint.study.reading import read_sources

    study = open_study(case)
    with console_progress() as progress:
        done = read_sources(study, files, outlet=outlet, date=date, workers=workers, progress=progress)
    for complaint in done.refused:
        typer.echo(complaint, err=True)
    typer.echo(f"{done.read} documents read, {done.claims} claims proposed, {done.skipped} documents known before")
    if done.refused:
        raise typer.Exit(1)


def claims(
    case: CaseArgument, format: Annotated[Format, typer.Option(help="How to print them.")] = Format.table
) -> None:
    """List a case's claims: who says so, through whom, in which words."""
    from vetopoint.evidence import origins, to_line
    from vetopoint.study import open_study
    from vetopoint.study.sources import STANDING, gather

    found = gather(open_study(case).case, STANDING).claims
    if format is Format.jsonl:
        for claim in found:
            typer.echo(to_line(claim))
        return
    rows = [
        {
            "id": claim.id,
            "source": claim.source,
            "chain": " → ".join(link.name or link.kind for link in claim.chain),
            "status": claim.status,
            "kind": claim.kind,
            "polarity": claim.polarity,
            "hedge": claim.hedge or claim.reporter_hedge,
            "text": " ".join(claim.text.split()),
            "start": claim.content[0].start if claim.content else -1,
            "end": claim.content[-1].end if claim.content else -1,
        }
        for claim in found
    ]
    if format is Format.csv:
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, list(rows[0]) if rows else ["id"], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        typer.echo(buffer.getvalue(), nl=False)
        return
    for row in rows:
        typer.echo(
            f"{row['id']:<5} {row['status']:<9} {row['kind']:<10} {row['chain']}\n      {json.dumps(row['text'], ensure_ascii=False)}"
        )
    typer.echo(f"\n{origins(found)}")


def review(
    case: CaseArgument,
    claim: Annotated[str, typer.Argument(help="Id of a claim that the reader proposed.")],
    action: Annotated[Action, typer.Argument(help="What to do with it.")],
    coder: Annotated[str, typer.Option(help="Who reviews.")],
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    change: Annotated[
        list[str] | None, typer.Option("--change", metavar="FIELD=VALUE", help="With correct: a field and its value.")
    ] = None,
) -> None:
    """Accept, correct or reject a claim that the reader proposed, or take the last review back."""
    from vetopoint.study import open_study
    from vetopoint.study.reading import review_claim

    changes: dict[str, str | int] = {}
    for pair in change or []:
        field, equals, value = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f"'{pair}' → write --change field=value")
        value = value.strip()
        changes[field.strip()] = int(value) if value.lstrip("+-").isdigit() else value
    number = review_claim(open_study(case), claim, action.value, coder, reason, changes)
    typer.echo(f"{claim}: {action.value}, entry {number} of the review log")


def draft(
    case: CaseArgument,
    out: Annotated[Path | None, typer.Option("--out", help="File to write (default: print).")] = None,
) -> None:
    """A first case file from accepted claims: actors, moves, numbers with their claims, gaps marked."""
    from vetopoint.errors import VetopointError
    from vetopoint.study import open_study
    from vetopoint.study.reading import draft_case
    from vetopoint.study.store import write_text

    text = draft_case(open_study(case))
    if out is None:
        typer.echo(text, nl=False)
        return
    if out.exists():
        raise VetopointError(f"{out}: exists already → name a new file; nothing was written")
    write_text(out, text)
    typer.echo(f"draft: {out}; look for GAP in it, then `vetopoint check {out}`")
