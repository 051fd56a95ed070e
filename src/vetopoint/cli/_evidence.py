"""Commands on evidence: claims."""

from __future__ import annotations

import csv
import io
import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]

CaseArgument = Annotated[Path, typer.Argument(help="A case folder, or its case.yaml.")]


class Format(StrEnum):
    """How to print claims."""

    table = "table"
    jsonl = "jsonl"
    csv = "csv"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command()(claims)


def claims(
    case: CaseArgument, format: Annotated[Format, typer.Option(help="How to print them.")] = Format.table
) -> None:
    """List a case's claims: who says so, through whom, in which words."""
    from vetopoint.evidence import origins, to_line
    from vetopoint.study import open_study

    study = open_study(case)
    found = study.evidence.claims
    if format is Format.jsonl:
        for claim in found:
            typer.echo(to_line(claim))
        return
    rows = [
        {
            "id": claim.id,
            "source": claim.source,
            "chain": " → ".join(link.name or link.kind for link in claim.chain),
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
            f"{row['id']:<5} {row['kind']:<10} {row['chain']}\n      {json.dumps(row['text'], ensure_ascii=False)}"
        )
    typer.echo(f"\n{origins(found)}")
