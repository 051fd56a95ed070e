"""Commands on patterns of plans: list them, fill one from claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option, echo

from vetopoint.cli._common import CaseArgument, StoreOption, write_or_print

if TYPE_CHECKING:
    from vetopoint.study.drafting.plan import Draft

PatternOption = Annotated[
    str, Option("--pattern", metavar="NAME", help="A pattern of plans; `vetopoint patterns` lists them.")
]


def patterns() -> None:
    """List the patterns of plans that a case can begin with."""
    from vetopoint.study.drafting.patterns import patterns as all_patterns

    for pattern in all_patterns():
        echo(f"{pattern.name:<13} {pattern.about}")
        echo(f"{'':<13} such as {pattern.example}")
    echo("\nbegin one with `vetopoint new DIR --pattern NAME`, or fill one from texts with `vetopoint start TEXT`")


def draft(
    case: CaseArgument,
    pattern: PatternOption = "",
    out: Annotated[Path | None, Option("--out", help="File to write (default: print).")] = None,
    store: StoreOption = None,
) -> None:
    """Fill a pattern from accepted claims: a first case, and of every claim where it went or why not."""
    from vetopoint.errors import VetopointError
    from vetopoint.study import open_evidence
    from vetopoint.study.drafting.redraft import draft_case

    found = draft_case(open_evidence(case, store), pattern)
    if out is not None and out.exists():
        raise VetopointError(f"{out}: exists already → name a new file; nothing was written")
    write_or_print(found.text, out, "draft", f"; look for GAP in it, then `vetopoint check {out}`")
    for line in account_lines(found):
        echo(line, err=out is None)


def account_lines(draft: Draft) -> list[str]:
    """The table of claims, each with where it went or why not, and the gaps."""
    rows = {**draft.placed, **{id: f"– {why}" for id, why in draft.unplaced.items()}}
    width = max(map(len, rows), default=0)
    lines = [f"{id:<{width}}  {where}" for id, where in rows.items()]
    lines += [f"{len(draft.placed)} of {len(rows)} claims placed in the pattern “{draft.pattern}”"]
    return [*lines, *(f"GAP: {gap}" for gap in draft.gaps)]


COMMANDS = (patterns, draft)
