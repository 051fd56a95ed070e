"""Commands for several coders: claims out and in, agreement, positions over time."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["register"]

CaseArgument = Annotated[Path, typer.Argument(help="A case folder, or its case.yaml.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_FORMS = (
    "Ends in .jsonl, .csv, .parquet, .jsonld (Web Annotation), .dna.csv (statement table), or a folder ending in brat."
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("export-claims")(export_claims)
    app.command("import-claims")(import_claims)
    app.command()(agreement)
    app.command()(positions)


def export_claims(case: CaseArgument, file: Annotated[Path, typer.Argument(help=_FORMS)]) -> None:
    """Write a case's claims for another program, in the form that the file's ending names."""
    from vetopoint.study import coding, open_study

    number = coding.export_claims(open_study(case), file)
    typer.echo(f"{number} claims: {file}")


def import_claims(
    case: CaseArgument,
    file: Annotated[Path, typer.Argument(help=_FORMS)],
    coder: Annotated[str, typer.Option(help="Who coded them (default: as the file says).")] = "",
) -> None:
    """Read another coder's claims into the case's store; each must stand in its document word for word."""
    from vetopoint.study import coding, open_study

    new, known = coding.import_claims(open_study(case), file, coder)
    typer.echo(f"{new} claims added, {known} known before")


def agreement(case: CaseArgument, json_: JsonOption = False) -> None:
    """How far the coders agree: Krippendorff's alpha by field, F1 of the relations for each pair."""
    from vetopoint.study import coding, open_study

    found = coding.agreement(open_study(case))
    if json_:
        pairs = [{"coders": list(pair), **measures} for pair, measures in found.pairs.items()]
        _print({"coders": dict(found.coders), "alpha": dict(found.alpha), "pairs": pairs})
        return
    for name, number in found.coders.items():
        typer.echo(f"{name}: {number} claims")
    if len(found.coders) < 2:
        typer.echo(
            "one coder only: agreement needs two → `vetopoint review`, or `vetopoint import-claims --coder NAME`"
        )
        return
    typer.echo("\nKrippendorff's alpha")
    for field, value in found.alpha.items():
        typer.echo(f"  {field:<12} {value:6.3f}")
    if not found.alpha:
        typer.echo("  no claim on which two coders differ")
    for (one, other), measures in found.pairs.items():
        typer.echo(f"\n{one} against {other}: F1 in percent")
        for name, score in measures.items():
            typer.echo(f"  {name:<12} {score['f1']:6.1f}")


def positions(
    case: CaseArgument,
    on: Annotated[
        list[str] | None, typer.Option("--on", help="Id of an actor whose consent is meant (default: all).")
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Where the actors stand over time: softening and hardening, and the share of members that concede a dependency."""
    from vetopoint.study import coding, open_study

    found = coding.stances(open_study(case), on or ())
    if json_:
        _print(asdict(found))
        return
    if not found.positions and not found.shares:
        typer.echo(
            "no dated claim in which an actor of the case takes a position → date the sources, name speakers in `aka`"
        )
        return
    turns = {(change.actor, change.after.date): change.direction for change in found.changes}
    for actor, series in found.positions.items():
        typer.echo(actor)
        for position in series:
            turn = turns.get((actor, position.date), "")
            typer.echo(f"  {position.date}  {position.value:+.1f}  {turn:<9}  {', '.join(position.claims)}".rstrip())
    for actor, shares in found.shares.items():
        typer.echo(f"members that concede that {actor}'s consent is needed")
        for share in shares:
            typer.echo(
                f"  {share.date}  {share.conceding} of {share.speaking} that spoke ({share.members} in all)  "
                f"{share.low:.0%} to {share.high:.0%}"
            )


def _print(value: object) -> None:
    typer.echo(json.dumps(value, indent=1, ensure_ascii=False))
