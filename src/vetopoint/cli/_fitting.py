"""The command that estimates a case's payoffs from a table of past cases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from vetopoint.cli._json import print_json
from vetopoint.cli._options import StoreOption

if TYPE_CHECKING:
    from vetopoint.game.fit import CaseFit

__all__ = ["COMMANDS"]


def fit(
    case: Annotated[Path, typer.Argument(help="A case folder, or its case.yaml.")],
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA.csv", exists=True, dir_okay=False, help="One past case a line: covariates, and what happened."
        ),
    ],
    estimate: Annotated[
        list[str] | None,
        typer.Option("--estimate", metavar="QUANTITY", help="What to estimate (default: quantities named beta_…)."),
    ] = None,
    error: Annotated[
        Literal["agent", "private"], typer.Option(help="Who errs: the agent in acting, or we in knowing its payoffs.")
    ] = "agent",
    link: Annotated[Literal["logit", "probit"], typer.Option(help="Law of the errors.")] = "logit",
    penalty: Annotated[
        Literal["none", "firth", "cauchy", "log-f"],
        typer.Option(help="Against estimates that run away; log-f is advised."),
    ] = "none",
    width: Annotated[float | None, typer.Option(min=0.0, help="Width of the penalty (default: its own).")] = None,
    errors: Annotated[
        Literal["hessian", "sandwich", "bootstrap"], typer.Option(help="How standard errors are reckoned.")
    ] = "hessian",
    cluster: Annotated[str | None, typer.Option(metavar="COLUMN", help="Lines that belong together.")] = None,
    resamples: Annotated[int, typer.Option(min=2, help="Resamples of the bootstrap.")] = 100,
    starts: Annotated[int, typer.Option(min=1, help="Starts of the climb.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same figures.")] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="File for the lines to paste into the case.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    store: StoreOption = None,
) -> None:
    """Estimate the coefficients in a case's payoffs from past cases, by maximum likelihood."""
    from vetopoint.game.fit import Estimator, fit_case
    from vetopoint.study import open_study
    from vetopoint.study.store import write_text

    how = Estimator(error, link, penalty, width, errors, resamples, starts, seed)
    found = fit_case(open_study(case, store=store).case, data, how, estimate, cluster)
    if json_:
        print_json(found.summary())
    else:
        _print(found, with_text=out is None)
    if out is not None:
        write_text(out, found.as_case_text())
        typer.echo(f"case text: {out}", err=json_)


def _print(found: CaseFit, with_text: bool) -> None:
    result = found.result
    settled = "" if result.converged else ", NOT converged"
    typer.echo(
        f"{result.method}; {result.n} past cases; log-likelihood {result.loglik:.4f}, AIC {result.aic:.2f}{settled}"
    )
    width = max(len(row.name) for row in result.table())
    typer.echo(f"  {'':<{width}} {'estimate':>10} {'std. error':>10} {'z':>8} {'p':>8}")
    for row in result.table():
        typer.echo(f"  {row.name:<{width}} {row.estimate:>10.4f} {row.se:>10.4f} {row.z:>8.2f} {row.p:>8.4f}")
    typer.echo(f"standard errors: {result.errors}; covariates: {', '.join(found.covariates) or 'none'}")
    if found.ignored:
        typer.echo(f"columns that name nothing in the case: {', '.join(found.ignored)}", err=True)
    for warning in result.warnings:
        typer.echo(f"warning: {warning}", err=True)
    if with_text:
        typer.echo("\n" + found.as_case_text(), nl=False)


COMMANDS = (fit,)
