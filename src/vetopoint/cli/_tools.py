"""Commands on single engines: games in Gambit's format, past plans, fitted truces and payoffs, corpora."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from typer import Argument, Option, echo

from vetopoint.cli._common import CaseArgument, JsonOption, StoreOption, Texts, json_text, print_json, write_or_print

if TYPE_CHECKING:
    from vetopoint.game.fit import CaseFit


def solve(
    file: Annotated[Path, Argument(metavar="FILE.efg", help="A game in Gambit's .efg format.")],
    precision: Annotated[float, Option(min=0.0, help="λ of every player, in inverse payoff units.")],
    branch: Annotated[
        Path | None,
        Option(
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
    echo(f"{found['label']}, residual {found['residual']:.2g}")
    for row in table(found):
        echo("  ".join(f"{cell:<12}" for cell in row).rstrip())
    if branch is not None:
        echo(f"branch: {branch}")


def export_efg(
    case: CaseArgument,
    out: Annotated[Path | None, Option("--out", help="File to write (default: print).")] = None,
    store: StoreOption = None,
) -> None:
    """Write a case's game, its uncertain numbers at their means, as a file that Gambit opens."""
    from vetopoint.study import export_game, open_study

    write_or_print(export_game(open_study(case, store=store)), out, "game")


def analogues(
    case: CaseArgument,
    nearest: Annotated[int, Option(min=1, help="How many past plans.")] = 6,
    store: StoreOption = None,
) -> None:
    """The nearest past plans, what became of them, and base rates with 95 % intervals."""
    from vetopoint.study import open_study
    from vetopoint.truce import analogues as nearest_plans
    from vetopoint.truce import base_rates, case_features

    for plan in nearest_plans(case_features(open_study(case, store=store).case), nearest):
        near = f"similarity {plan.similarity:.2f}; agrees on {', '.join(plan.shares)}"
        echo(f"{plan.year}  {plan.name}: {plan.outcome} ({near})")
    echo("")
    for rate in base_rates():
        echo(f"{rate.k:>3}/{rate.n:<3} {rate.share:>4.0%} [{rate.lo:.0%}-{rate.hi:.0%}]  {rate.question}")


def backtest(
    file: Annotated[Path | None, Argument(metavar="FILE.csv", help="Past plans (default: the shipped ones).")] = None,
    json_: JsonOption = False,
) -> None:
    """Score the generic consent case on past plans, leaving one conflict out at a time."""
    from vetopoint.truce import backtest as score
    from vetopoint.truce import compare

    found = score(file)
    if json_:
        print_json(found)
        return
    echo(f"{found['n']} plans; mean log score in nats, higher is better; Brier, lower is better")
    given = found["given_consent"]
    rows = {
        "model, at the proposal": found["model"],
        "class rate": found["base_rate"],
        "model, given the consents": given["model"],
        "rate given the government's consent": given["conditional_rate"],
    }
    for name, scores in rows.items():
        echo(f"  {name:<38} {scores['log_score']:>8.3f} {scores['brier']:>8.3f}")
    for name, difference in compare(file).items():
        interval = f"{difference.difference:+.3f} [{difference.lo:+.3f} to {difference.hi:+.3f}]"
        echo(f"  model minus {name:<34} {interval}, better in {difference.better:.0%} of resamples")


def fit_truce(
    file: Annotated[Path, Argument(metavar="FILE.csv", help="Spells: spell, start, stop, ended, covariates.")],
    out: Annotated[Path | None, Option("--out", help="Priors file to write (default: print).")] = None,
) -> None:
    """Fit your own truces (late entry, time-varying covariates) and turn them into a table of priors."""
    from vetopoint.truce import fit_truce as fitted

    write_or_print(fitted(file).csv(), out, "priors")


def evaluate(
    folder: Annotated[Path, Argument(metavar="DIR", help="Your own copy of the corpus.")],
    corpus: Annotated[Literal["deu", "polnear"], Option(help="Which corpus it is.")],
    json_: JsonOption = False,
) -> None:
    """Score a model on a corpus of outcomes (deu) or the reader on texts coded in brat, laid out as PolNeAR is (polnear)."""
    if corpus == "deu":
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
        echo(text)


def fit(
    case: CaseArgument,
    data: Annotated[
        Path,
        Argument(
            metavar="DATA.csv", exists=True, dir_okay=False, help="One past case a line: covariates, and what happened."
        ),
    ],
    estimate: Annotated[
        Texts, Option("--estimate", metavar="QUANTITY", help="What to estimate (default: quantities named beta_…).")
    ] = None,
    error: Annotated[
        Literal["agent", "private"], Option(help="Who errs: the agent in acting, or we in knowing its payoffs.")
    ] = "agent",
    link: Annotated[Literal["logit", "probit"], Option(help="Law of the errors.")] = "logit",
    penalty: Annotated[
        Literal["none", "firth", "cauchy", "log-f"], Option(help="Against estimates that run away; log-f is advised.")
    ] = "none",
    width: Annotated[float | None, Option(min=0.0, help="Width of the penalty (default: its own).")] = None,
    errors: Annotated[
        Literal["hessian", "sandwich", "bootstrap"], Option(help="How standard errors are reckoned.")
    ] = "hessian",
    cluster: Annotated[str | None, Option(metavar="COLUMN", help="Lines that belong together.")] = None,
    resamples: Annotated[int, Option(min=2, help="Resamples of the bootstrap.")] = 100,
    starts: Annotated[int, Option(min=1, help="Starts of the climb.")] = 5,
    seed: Annotated[int, Option(min=0, help="The same seed gives the same figures.")] = 0,
    out: Annotated[Path | None, Option("--out", help="File for the lines to paste into the case.")] = None,
    json_: JsonOption = False,
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
        _print_fit(found, with_text=out is None)
    if out is not None:
        write_text(out, found.as_case_text())
        echo(f"case text: {out}", err=json_)


def _print_fit(found: CaseFit, with_text: bool) -> None:
    result = found.result
    settled = "" if result.converged else ", NOT converged"
    echo(f"{result.method}; {result.n} past cases; log-likelihood {result.loglik:.4f}, AIC {result.aic:.2f}{settled}")
    width = max(len(row.name) for row in result.table())
    echo(f"  {'':<{width}} {'estimate':>10} {'std. error':>10} {'z':>8} {'p':>8}")
    for row in result.table():
        echo(f"  {row.name:<{width}} {row.estimate:>10.4f} {row.se:>10.4f} {row.z:>8.2f} {row.p:>8.4f}")
    echo(f"standard errors: {result.errors}; covariates: {', '.join(found.covariates) or 'none'}")
    if found.ignored:
        echo(f"columns that name nothing in the case: {', '.join(found.ignored)}", err=True)
    for warning in result.warnings:
        echo(f"warning: {warning}", err=True)
    if with_text:
        echo("\n" + found.as_case_text(), nl=False)


COMMANDS = (solve, export_efg, analogues, backtest, fit_truce, evaluate, fit)
