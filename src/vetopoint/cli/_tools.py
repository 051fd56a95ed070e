"""Commands on single engines: games in Gambit's format, past plans, fitted truces, corpora."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vetopoint.cli._json import json_text, print_json
from vetopoint.cli._options import CaseArgument, JsonOption, StoreOption

__all__ = ["COMMANDS"]


class Corpus(StrEnum):
    """Corpora on which models can be scored."""

    deu = "deu"
    polnear = "polnear"


def solve(
    file: Annotated[Path, typer.Argument(metavar="FILE.efg", help="A game in Gambit's .efg format.")],
    precision: Annotated[float, typer.Option(min=0.0, help="λ of every player, in inverse payoff units.")],
    branch: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv", dir_okay=False, help="Write the branch there: λ and all probabilities, one row a step."
        ),
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Agent quantal response equilibrium of a game on the principal branch."""
    from vetopoint.game.efg import branch_efg, solve_efg, table
    from vetopoint.study.store import write_text

    found = solve_efg(file, precision)
    if branch is not None:
        write_text(branch, branch_efg(file, precision), "--branch")
    if json_:
        print_json(found)
        return
    typer.echo(f"{found['label']}, residual {found['residual']:.2g}")
    for row in table(found):
        typer.echo("  ".join(f"{cell:<12}" for cell in row).rstrip())
    if branch is not None:
        typer.echo(f"branch: {branch}")


def export_efg(
    case: CaseArgument,
    out: Annotated[Path | None, typer.Option("--out", help="File to write (default: print).")] = None,
    store: StoreOption = None,
) -> None:
    """Write a case's game, its uncertain numbers at their means, as a file that Gambit opens."""
    from vetopoint.study import export_game, open_study
    from vetopoint.study.store import write_text

    text = export_game(open_study(case, store=store))
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)
        typer.echo(f"game: {out}")


def analogues(
    case: CaseArgument,
    nearest: Annotated[int, typer.Option(min=1, help="How many past plans.")] = 6,
    store: StoreOption = None,
) -> None:
    """The nearest past plans, what became of them, and base rates with 95 % intervals."""
    from vetopoint.study import open_study
    from vetopoint.truce import analogues as nearest_plans
    from vetopoint.truce import base_rates, case_features

    for plan in nearest_plans(case_features(open_study(case, store=store).case), nearest):
        typer.echo(
            f"{plan.year}  {plan.name}: {plan.outcome} (similarity {plan.similarity:.2f}; agrees on {', '.join(plan.shares)})"
        )
    typer.echo("")
    for rate in base_rates():
        typer.echo(f"{rate.k:>3}/{rate.n:<3} {rate.share:>4.0%} [{rate.lo:.0%}-{rate.hi:.0%}]  {rate.question}")


def backtest(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE.csv", help="Past plans (default: the shipped ones).")
    ] = None,
    json_: JsonOption = False,
) -> None:
    """Score the generic consent case on past plans, leaving one conflict out at a time."""
    from vetopoint.truce import backtest as score
    from vetopoint.truce import compare

    found = score(file)
    if json_:
        print_json(found)
        return
    typer.echo(f"{found['n']} plans; mean log score in nats, higher is better; Brier, lower is better")
    given = found["given_consent"]
    rows = {
        "model, at the proposal": found["model"],
        "class rate": found["base_rate"],
        "model, given the consents": given["model"],
        "rate given the government's consent": given["conditional_rate"],
    }
    for name, scores in rows.items():
        typer.echo(f"  {name:<38} {scores['log_score']:>8.3f} {scores['brier']:>8.3f}")
    for name, difference in compare(file).items():
        interval = f"{difference.difference:+.3f} [{difference.lo:+.3f} to {difference.hi:+.3f}]"
        typer.echo(f"  model minus {name:<34} {interval}, better in {difference.better:.0%} of resamples")


def fit_truce(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Spells: spell, start, stop, ended, covariates.")],
    out: Annotated[Path | None, typer.Option("--out", help="Priors file to write (default: print).")] = None,
) -> None:
    """Fit your own truces (late entry, time-varying covariates) and turn them into a table of priors."""
    from vetopoint.study.store import write_text
    from vetopoint.truce import fit_truce as fit

    text = fit(file).csv()
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)
        typer.echo(f"priors: {out}")


def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Your own copy of the corpus.")],
    corpus: Annotated[Corpus, typer.Option(help="Which corpus it is.")],
    json_: JsonOption = False,
) -> None:
    """Score a model on a corpus of outcomes (deu) or the reader on texts coded in brat, laid out as PolNeAR is (polnear)."""
    if corpus is Corpus.deu:
        from vetopoint.coalition import deu_table, evaluate_deu

        found = evaluate_deu(folder)
        text = deu_table(found)
    else:
        from vetopoint.evidence.corpus import evaluate_polnear

        found = evaluate_polnear(folder)
        text = "\n".join(f"{name}: {json_text(value)}" for name, value in found.items())
    if json_:
        print_json(found)
    else:
        typer.echo(text)


COMMANDS = (solve, export_efg, analogues, backtest, fit_truce, evaluate)
