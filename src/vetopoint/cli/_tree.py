"""The command that draws the moves of a case."""

import shutil
from pathlib import Path
from typing import Annotated

from typer import Option, echo

from vetopoint.cli._common import CaseArgument


def tree(
    case: CaseArgument,
    out: Annotated[Path | None, Option("--out", metavar="FILE.svg", help="Draw a picture instead of text.")] = None,
    width: Annotated[
        int | None,
        Option(min=40, help="Letters of a line, or pixels of the picture (default: what there is room for)."),
    ] = None,
) -> None:
    """Draw the moves of a case: who decides what, and where each option leads."""
    from vetopoint.study import open_study
    from vetopoint.study.moves import diagram_of
    from vetopoint.study.store import write_text
    from vetopoint.view.tree import tree_svg, tree_text

    diagram = diagram_of(open_study(case).case)
    if out is None:
        echo(tree_text(diagram, width or shutil.get_terminal_size().columns))
        return
    write_text(out, tree_svg(diagram, width))
    echo(f"tree: {out}")


COMMANDS = (tree,)
