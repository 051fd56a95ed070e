"""Commands on evidence: read sources, list, review and exchange claims, compare coders and positions."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, BadParameter, Exit, Option, echo

from vetopoint.cli import _common
from vetopoint.cli._common import CaseArgument, ClusterOption, JsonOption, StoreOption, Texts, print_json
from vetopoint.cli._review import review

_FORMS = (
    "Ends in .jsonl, .csv, .parquet, .jsonld (Web Annotation), .dna or .dna.csv (Discourse Network Analyzer: its database, its "
    "event list), .qdpx (REFI-QDA), .qdc (codebook), .tsv (WebAnno), .json (Label Studio), or a folder ending in brat or webanno."
)


def read(
    files: Annotated[
        list[Path],
        Argument(
            metavar="FILE…",
            help="Texts, pages, mails, DOCX, ODT, RTF, PDF, subtitles, folders, a CSV with a `text` column; - reads input.",
        ),
    ],
    case: Annotated[Path | None, Option("--case", help="The case whose store keeps the claims.")] = None,
    out: Annotated[
        Path | None, Option("--out", metavar="DIR", help="Without a case: a folder for the texts and their claims.")
    ] = None,
    outlet: Annotated[str, Option(help="Who published it.")] = "",
    date: Annotated[str, Option(help="When, as YYYY-MM-DD.")] = "",
    workers: Annotated[
        int, Option(min=0, max=64, help="Processes to read with (0: as many as are worth it; of a --coder one).")
    ] = 0,
    store: StoreOption = None,
    coder: Annotated[
        str | None,
        Option(metavar="COMMAND", help="A program of yours that proposes the claims instead (docs/coders.md)."),
    ] = None,
    coder_name: Annotated[
        str, Option(metavar="NAME@VERSION", help="What that program is called, if it does not say so itself.")
    ] = "",
    coder_timeout: Annotated[float, Option(min=0.1, help="Seconds that it may take for a document.")] = 300.0,
    cluster: ClusterOption = None,
) -> None:
    """Read sources into attributed claims, proposed for review in a case's store or in a folder of their own."""
    from functools import partial

    from vetopoint.cli._reading import cluster_coder, pace_shown, program_coder, told
    from vetopoint.study.folder import open_to_read
    from vetopoint.study.reading import read_sources, read_to_folder

    if (case is None) == (out is None):
        raise BadParameter("write --case CASE, or --out DIR where there is no case yet")
    if out is not None and store is not None:
        raise BadParameter("--store goes with --case: a folder of evidence keeps its own")
    maker = program_coder(coder, coder_name, coder_timeout, workers)
    into = partial(read_sources, open_to_read(case, store)) if case else partial(read_to_folder, out or "")
    if cluster is not None and (coder is not None or workers):
        raise BadParameter("--cluster lets the built-in reader of its workers read: leave out --coder and --workers")
    with cluster_coder(cluster, maker) as maker, pace_shown() as show:
        done = into(files, outlet=outlet, date=date, workers=workers, coder=maker, progress=show)
    told(done)
    if out is not None:
        echo(f"{out}: documents.csv, sources/, proposed.jsonl; next `vetopoint claims {out}`, `vetopoint review {out}`")
    if done.refused:
        raise Exit(1)


def claims(
    case: CaseArgument,
    format: Annotated[Literal["table", "jsonl", "csv"], Option(help="How to print them.")] = "table",
    order: Annotated[
        Literal["text", "bearing"], Option(help="As they stand in the sources, or what bears most on the plan first.")
    ] = "text",
    store: StoreOption = None,
) -> None:
    """List a case's claims: who says so, through whom, in which words."""
    from vetopoint.evidence import origins, to_line
    from vetopoint.evidence.bearing import bearing
    from vetopoint.sheets import sheet
    from vetopoint.study import open_evidence
    from vetopoint.study.evidence_section import claim_answer
    from vetopoint.study.sources import names_of

    study = open_evidence(case, store)
    found = study.evidence.standing
    if order == "bearing":
        actors = names_of(study.case)
        found = tuple(sorted(found, key=lambda claim: -bearing(claim, actors)))
    if format == "jsonl":
        for claim in found:
            echo(to_line(claim))
        return
    rows = []
    for claim in found:
        shown = claim_answer(study.case, study.evidence, claim)
        rows.append(
            {
                "id": claim.id,
                "source": claim.source,
                "chain": " → ".join(link.name or link.kind for link in claim.chain),
                "status": claim.status,
                "kind": claim.kind,
                "polarity": claim.polarity,
                "hedge": claim.hedge or claim.reporter_hedge,
                "text": " … ".join(" ".join(words.split()) for words in shown.words),
                "start": shown.start,
                "end": shown.end,
                "place": shown.place,
            }
        )
    if format == "csv":
        head = list(rows[0]) if rows else ["id"]
        echo(sheet([head, *(list(row.values()) for row in rows)]), nl=False)
        return
    for row in rows:
        echo(f"{row['id']:<5} {row['status']:<9} {row['kind']:<10} {row['chain']}")
        echo(f"      {_common.json_text(row['text'])}, {row['place']}")
    sources = len(origins(found))
    open_ones = sum(claim.status == "proposed" for claim in found)
    told = f", {open_ones} not reviewed yet" if open_ones else ""
    echo(f"\n{len(found)} mention{'s' * (len(found) != 1)}, {sources} origin{'s' * (sources != 1)}{told}")


def export_claims(case: CaseArgument, file: Annotated[Path, Argument(help=_FORMS)], store: StoreOption = None) -> None:
    """Write a case's claims for another program, in the form that the file's ending names."""
    from vetopoint.study import coding, open_evidence

    number = coding.export_claims(open_evidence(case, store), file)
    echo(f"{number} claims: {file}")


def import_claims(
    case: CaseArgument,
    file: Annotated[Path, Argument(help=_FORMS)],
    coder: Annotated[str, Option(help="Who coded them (default: whom the file names).")] = "",
    mapping: Annotated[
        Path | None, Option(metavar="FILE", help="What the file's types and relations mean (docs/exchange.md).")
    ] = None,
    keep_reviews: Annotated[
        bool, Option("--keep-reviews", help="Restore JSON Lines exported from this case, reviews and all.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Read another coder's claims into the case's store as proposed; each must stand in its document word for word."""
    from vetopoint.study import coding, open_evidence

    done = coding.import_claims(open_evidence(case, store), file, coder, mapping=mapping, keep_reviews=keep_reviews)
    echo(f"{done.new} claims added, {done.known} known before")
    if done.told:
        echo(done.told)


def agreement(case: CaseArgument, json_: JsonOption = False, store: StoreOption = None) -> None:
    """How far the coders agree: Krippendorff's alpha by field, F1 of the relations for each pair."""
    from vetopoint.study import coding, open_evidence

    found = coding.agreement(open_evidence(case, store))
    if json_:
        pairs = [{"coders": list(pair), **measures} for pair, measures in found.pairs.items()]
        print_json({"coders": dict(found.coders), "alpha": dict(found.alpha), "pairs": pairs})
        return
    for name, number in found.coders.items():
        echo(f"{name}: {number} claims")
    if len(found.coders) < 2:
        echo("one coder only: agreement needs two → `vetopoint review`, or `vetopoint import-claims --coder NAME`")
        return
    echo("\nKrippendorff's alpha")
    for field, value in found.alpha.items():
        echo(f"  {field:<12} {value:6.3f}")
    if not found.alpha:
        echo("  no claim on which two coders differ")
    for (one, other), measures in found.pairs.items():
        echo(f"\n{one} against {other}: F1 in percent")
        for name, score in measures.items():
            echo(f"  {name:<12} {score['f1']:6.1f}")


def positions(
    case: CaseArgument,
    on: Annotated[Texts, Option("--on", help="Id of an actor whose consent is meant (default: all).")] = None,
    reviewed: Annotated[bool, Option("--reviewed", help="Leave out claims that nobody has reviewed yet.")] = False,
    json_: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Where the actors stand over time: softening and hardening, and the share of members that concede a dependency."""
    from vetopoint.study import coding, open_evidence

    found = coding.stances(open_evidence(case, store), on or (), reviewed=reviewed)
    if json_:
        print_json(asdict(found))
        return
    if not found.positions and not found.shares:
        which = "reviewed claim with a date" if reviewed else "dated claim"
        echo(f"no {which} in which an actor of the case takes a position → date the sources, name speakers in `aka`")
        return
    if found.unreviewed:
        told = f"{found.unreviewed} of the {found.counted} claims counted have not been reviewed"
        echo(f"{told} → `vetopoint review {case}`, or --reviewed to leave them out\n")
    turns = {(change.actor, change.after.date): change.direction for change in found.changes}
    for actor, series in found.positions.items():
        echo(actor)
        for position in series:
            turn = turns.get((actor, position.date), "")
            open_ones = f"  ({position.unreviewed} unreviewed)" if position.unreviewed else ""
            echo(
                f"  {position.date}  {position.value:+.1f}  {turn:<9}  {', '.join(position.claims)}{open_ones}".rstrip()
            )
    for actor, shares in found.shares.items():
        echo(f"members that concede that {actor}'s consent is needed")
        for share in shares:
            echo(
                f"  {share.date}  {share.conceding} of {share.speaking} that spoke ({share.members} in all)  "
                f"{share.low:.0%} to {share.high:.0%}"
            )


COMMANDS = (read, claims, review, agreement, positions, export_claims, import_claims)
