"""Commands on cases: run, check, report, trace, new, schema."""

import gc
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from typer import Argument, BadParameter, Exit, Option, echo

from vetopoint.budget import Budget
from vetopoint.cli._common import (
    PAGE_LINES,
    CaseArgument,
    JsonOption,
    StoreOption,
    Texts,
    console_progress,
    few,
    json_text,
    page_width,
    print_json,
)
from vetopoint.cli._patterns import PatternOption
from vetopoint.errors import Problem

OutOption = Annotated[Path | None, Option("--out", help="Folder for the results (default: out beside the case).")]


def run(
    case: CaseArgument,
    draws: Annotated[int, Option(min=1, help="Number of draws.")] = 20_000,
    seed: Annotated[int, Option(min=0, help="The same seed gives the same bytes.")] = 1,
    out: OutOption = None,
    set_: Annotated[Texts, Option("--set", metavar="NAME=VALUE", help="Replace an uncertain number.")] = None,
    re_anchor: Annotated[
        bool,
        Option(
            "--re-anchor", help="Let units and expectations follow the replaced numbers; else they stay the case's own."
        ),
    ] = False,
    store: StoreOption = None,
    budget: Annotated[
        Texts, Option(metavar="NAME=N", help=f"How many draws a part may use; parts: {', '.join(Budget.names())}.")
    ] = None,
) -> None:
    """Run a case: answers.json, draws.parquet and report.html."""
    from vetopoint.study import open_study, run_study
    from vetopoint.view import render_text, told

    # A run's memory is in arrays, which go with their last use; looking through all objects for circles so often finds nothing.
    gc.set_threshold(20_000, 20, 20)
    counts = Budget.of(pairs("--budget", budget or []))
    study = replace(open_study(case, pairs("--set", set_ or []), store), re_anchor=re_anchor)
    for line in few([str(warning) for warning in study.case.warnings], f"`vetopoint check {case}`"):
        echo(line, err=True)
    folder = out or study.out
    with console_progress() as progress:
        answers = run_study(study, draws, seed, folder, progress, counts, told, early=progress.early)
    echo(render_text(answers, page_width(), PAGE_LINES - 2))
    echo(f"\nreport: {folder / 'report.html'}")


def pairs(option: str, pairs: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        match = re.fullmatch(r'((?:"(?:\\.|[^"\\])*"|[^="])+)=(.+)', pair, re.DOTALL)
        name, value = (part.strip() for part in match.groups()) if match else ("", "")
        if not name or not value:
            raise BadParameter(f"'{pair}' → write {option} name=value")
        found[name] = value
    return found


def check(
    case: Annotated[Path | None, Argument(help="A case folder, or its case.yaml.")] = None,
    list_: Annotated[bool, Option("--list", help="List every check instead.")] = False,
    play: Annotated[
        bool,
        Option(
            "--play", help="Play it too: hold it to its `expect:` lines, show what is a coin toss and what is ignored."
        ),
    ] = False,
    draws: Annotated[int, Option(min=1, help="Number of draws with --play.")] = 2_000,
    watch: Annotated[
        bool, Option("--watch", help="Check again whenever a file of the case changes, until Ctrl-C.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Check a case without running it."""
    from vetopoint.study import check as check_study
    from vetopoint.study import checks

    if list_:
        for each in checks():
            echo(f"{each.id:<20} {each.severity:<8} {each.about}")
        return
    if case is None:
        raise BadParameter("name a case folder, or its case.yaml")
    if watch:
        if play:
            raise BadParameter("--watch checks only: leave --play out")
        _watched(case, store)
        return
    problems = check_study(case, store)
    if play and all(p.severity != "error" for p in problems):
        raise Exit(_played(case, problems, draws, store))
    for problem in (p for p in problems if p.severity != "silenced"):
        echo(_line(problem), err=True)
    counts = {severity: sum(p.severity == severity for p in problems) for severity in ("error", "warning", "silenced")}
    if counts["error"]:
        raise Exit(1)
    said = [f"{counts['warning']} warnings"] * (counts["warning"] > 0)
    said += [f"{counts['silenced']} silenced"] * (counts["silenced"] > 0)
    echo(", ".join([f"{case}: fine", *said]))


def _line(problem: Problem) -> str:
    return f"{problem} [{problem.check}]" if problem.check else str(problem)


def _watched(case: Path, store: str | None) -> None:
    """Check a case again and again, until Ctrl-C; on a terminal each round begins on a clear screen."""
    import sys
    import time

    from rich.console import Console

    from vetopoint.errors import CaseError, VetopointError
    from vetopoint.study import check as check_study
    from vetopoint.study.watching import Round
    from vetopoint.study.watching import watch as watch_case

    def look() -> list[Problem]:
        try:
            return [p for p in check_study(case, store) if p.severity != "silenced"]
        except CaseError as error:
            return error.problems
        except VetopointError as error:
            message, _, remedy = str(error).partition(" → ")
            return [Problem(message, remedy)]

    def show(found: Round) -> None:
        whole = sys.stdout.isatty()
        if whole:
            Console().clear()
        lines = [f"mended: {_line(p)}" for p in found.mended]
        lines += [_line(p) for p in (found.now if whole else found.new)]
        count = len(found.now)
        left = f"{count} complaint{'' if count == 1 else 's'} left" if count else "fine"
        for line in (*lines, f"{time.strftime('%H:%M:%S')} {case}: {left}; watching, Ctrl-C ends"):
            echo(line)

    def wait() -> bool:
        sys.stdout.flush()
        time.sleep(0.4)
        return True

    with suppress(KeyboardInterrupt):
        watch_case(case, look, show, wait)


def _played(case: Path, problems: list[Problem], draws: int, store: str | None) -> int:
    """Print what came out of a case that was played; the exit code."""
    from vetopoint.study import open_study
    from vetopoint.study import play as play_case
    from vetopoint.view.plausible import play_lines

    opened = open_study(case, store=store).case
    found, warnings = play_case(opened, draws)
    tosses = {"coin-toss", "compounding-toss"}  # which hang on the draws: what the larger number of them says counts
    said = [p for p in problems if p.check not in tosses and p.severity == "warning"]
    for problem in [*said, *(p for p in warnings if p.check in tosses)]:
        echo(f"{problem} [{problem.check}]", err=True)
    for line in play_lines(found, draws):
        echo(line)
    broken = [e for e in found.expectations_held if e.verdict == "not held"]
    for each in broken:
        echo(f"{case}: not held: {each.said} → {each.note}", err=True)
    return 1 if broken else 0


def variants(
    case: CaseArgument,
    draws: Annotated[int, Option(min=1, help="Number of draws of each variant.")] = 2_000,
    seed: Annotated[int, Option(min=0, help="The same seed gives the same bytes.")] = 1,
    json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Run every variant that a case declares, and print the answers side by side."""
    from vetopoint.errors import VetopointError
    from vetopoint.study import open_study
    from vetopoint.study import variants as variants_of
    from vetopoint.view.plausible import variant_lines

    opened = open_study(case, store=store).case
    if not opened.file.variants:
        raise VetopointError(f"{opened.path}: no variants → declare some under `variants:`, each with what it sets")
    with console_progress() as progress:
        found = variants_of(opened, draws, seed, progress)
    if json:
        print_json([each.model_dump(mode="json") for each in found])
    else:
        for line in variant_lines(found):
            echo(line)
    if any(each.failed for each in found):
        raise Exit(1)


def report(case: CaseArgument, out: OutOption = None, store: StoreOption = None) -> None:
    """Make the report anew from the answers of the last run, and say what that run said."""
    from vetopoint.answers import Answers
    from vetopoint.errors import VetopointError
    from vetopoint.study import open_study
    from vetopoint.study.store import write_text
    from vetopoint.view.report import render_report
    from vetopoint.view.text import render_text

    folder = out or open_study(case, store=store).out
    source = folder / "answers.json"
    if not source.is_file():
        raise VetopointError(f"{source}: no answers yet → run `vetopoint run {case}` first")
    try:
        answers = Answers.from_json(source.read_text(encoding="utf-8"))
    except ValueError as error:
        wrong = f"{source}: not readable as answers of this version"
        raise VetopointError(f"{wrong} → run `vetopoint run {case}` again") from error
    write_text(folder / "report.html", render_report(answers))
    echo(render_text(answers, page_width(), PAGE_LINES - 2))
    echo(f"\nreport: {folder / 'report.html'}")


def trace(
    case: CaseArgument,
    name: Annotated[str, Argument(help="A quantity, or a dotted place such as precision.russia.")],
    store: StoreOption = None,
) -> None:
    """Trace a number to the sentences behind it."""
    from vetopoint.study import open_study
    from vetopoint.study import trace as trace_study

    study = open_study(case, store=store)
    found, steps = trace_study(study, name)
    written = study.case.inputs.get(name)
    label = found.label if written is None else written.label
    echo(f"{name}: {label}" if label else name)
    echo(f"  value      {found.text}   mean {found.mean:.3g}, 90 % between {found.lo:.3g} and {found.hi:.3g}")
    echo(f"  origin     {found.origin}" + (f" ({found.note})" if found.note else ""))
    if written is None:
        echo(f"  not written in the case: {found.by}")
        return
    echo(f"  written at {study.case.path}:{found.line}")
    echo(f"  without its sources {found.without}" if found.without else "  no fallback without its sources")
    for place in found.used_in:
        echo(f"  used in    {place}")
    for step in steps:
        chain = " → ".join(k.name if k.kind == "named" else f"{k.name} ({k.kind})" for k in step.chain)
        source = study.case.file.sources.get(step.source)
        own = source is not None and source.kind == "summary"
        first, last, note = ("", "", " (as summarised by the case's authors)") if own else ("“", "”", "")
        words = " … ".join(f"{first}{' '.join(piece.split())}{last}" for piece in step.words)
        echo(f"  {step.id}: {chain}")
        echo(f"      {first}{' '.join(''.join(text for text, _ in step.passage()).split())}{last}{note}")
        echo(f"      {words}: {step.source}, {step.place}" + (f"; hedge: {step.hedge}" if step.hedge else ""))


def new(
    folder: Annotated[Path, Argument(metavar="DIR", help="A folder that does not exist yet.")],
    pattern: PatternOption = "",
) -> None:
    """Begin a new case that runs as it stands."""
    from vetopoint.study import new_case

    made = new_case(folder, pattern)
    echo(f"{made}: edit case.yaml, then `vetopoint check {made}` and `vetopoint run {made}`")


def schema(of: Annotated[str, Option(help="`case`, `answers`, `comparison` or `claims`.")] = "case") -> None:
    """Print the JSON Schema of case files (or of answers.json, or of the lines that a program proposes claims in)."""
    if of == "case":
        from vetopoint.case import case_schema

        found = case_schema()
    elif of == "answers":
        from vetopoint.answers import Answers

        found = Answers.model_json_schema()
    elif of == "comparison":
        from vetopoint.answers import Comparison

        found = Comparison.model_json_schema()
    elif of == "claims":
        from vetopoint.evidence.coder import line_schema

        found = line_schema()
    else:
        raise BadParameter("write --of case, --of answers, --of comparison or --of claims")
    echo(json_text(found, indent=1, sort_keys=True))


def explain(
    word: Annotated[
        str, Argument(metavar="[KEY]", help="A key, such as moves.repeat, a function, a word or a check.")
    ] = "",
) -> None:
    """Explain a word of the case language: what it means, what may stand there, an example."""
    from vetopoint.study.explaining import explain as explained

    for line in explained(word):
        echo(line)


COMMANDS = (run, check, variants, report, trace, new, schema, explain)
