"""The command that compares two cases."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from typer import Argument, Option, echo

from vetopoint.cli._cases import pairs
from vetopoint.cli._common import JsonOption, StoreOption, Texts, console_progress

Side = Annotated[
    str,
    Argument(
        metavar="A",
        help="A case folder or case.yaml, behind it @VARIANT, @DATE (as known on 2026-02-24) or @twin (its ignorance twin); or the folder "
        "of a finished run.",
    ),
]
Other = Annotated[str | None, Argument(metavar="B", help="The same; left out: A with what --set replaces.")]


def compare(
    a: Side,
    b: Other = None,
    set_: Annotated[Texts, Option("--set", "--set-b", metavar="NAME=VALUE", help="Replace a number in B.")] = None,
    set_a: Annotated[
        Texts, Option("--set-a", metavar="NAME=VALUE", help="Replace a number in A (and in B, where only A is named).")
    ] = None,
    draws: Annotated[int, Option(min=1, help="Number of draws of each.")] = 2_000,
    seed: Annotated[int, Option(min=0, help="The same seed gives the same bytes.")] = 1,
    each: Annotated[
        bool, Option("--each", help="Tell every change apart, by sampled orders where there are many (slow).")
    ] = False,
    re_anchor: Annotated[
        bool, Option("--re-anchor", help="Let units and expectations follow the replaced numbers.")
    ] = False,
    json: JsonOption = False,
    out: Annotated[Path | None, Option("--out", metavar="FILE.html", help="Write a page too.")] = None,
    store: StoreOption = None,
) -> None:
    """Compare two cases: which answers moved beyond the Monte-Carlo error, and which change moved them."""
    from vetopoint.study.compare import Asked, compare_as
    from vetopoint.study.store import write_text
    from vetopoint.view.comparison import comparison_lines, render_comparison

    first, second = pairs("--set-a", set_a or []), pairs("--set", set_ or [])
    with console_progress() as progress:
        found = compare_as(a, b, Asked(draws, seed, first, second, each, re_anchor, store), progress)
    if out is not None:
        write_text(out, render_comparison(found))
    if json:
        echo(found.to_json(), nl=False)
        return
    for line in comparison_lines(found):
        echo(line)
    if out is not None:
        echo(f"\npage: {out}")


COMMANDS = (compare,)
