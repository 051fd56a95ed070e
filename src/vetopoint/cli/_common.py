"""What several commands take, and how they print: options, JSON, files, progress."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option, echo

if TYPE_CHECKING:
    from vetopoint.answers import Early

CaseArgument = Annotated[Path, Argument(help="A case folder, or its case.yaml.")]
Texts = list[str] | None
JsonOption = Annotated[bool, Option("--json", help="Print JSON.")]
StoreOption = Annotated[
    str | None,
    Option(
        "--store",
        metavar="URL",
        help="Where claims are kept: postgresql://USER@HOST/DATABASE, a SQLite file or a folder for such files "
        "(default: VETOPOINT_STORE, else a file in the case's folder).",
    ),
]
ClusterOption = Annotated[
    str | None,
    Option("--cluster", metavar="ADDRESS", help="Let the workers of a Dask cluster do it; its scheduler's address."),
]


PAGE_LINES = 40
"""The most lines with which a run ends: the first page, and where the report is."""
_WIDEST, _NARROWEST, _FEW = 96, 60, 3


def page_width() -> int:
    """How many letters a line of the first page may have: what the terminal shows, between 60 and 96; 96 where there is none."""
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((_WIDEST, 24)).columns))


def few(lines: Sequence[str], where: str) -> list[str]:
    """The first three of some lines, and where more stand.

    >>> few(["a", "b", "c", "d", "e"], "`vetopoint check mine`")
    ['a', 'b', 'c', 'and 2 more: `vetopoint check mine`']
    """
    more = len(lines) - _FEW
    return [*lines[:_FEW], f"and {more} more: {where}"] if more > 0 else list(lines)


def write_or_print(text: str, out: Path | None, what: str, then: str = "") -> None:
    """Write a text to a file and say so, with what to do next; or print it where no file is named."""
    from vetopoint.study.store import write_text

    if out is None:
        echo(text, nl=False)
        return
    write_text(out, text)
    echo(f"{what}: {out}{then}")


def json_text(value: Any, indent: int | None = None, sort_keys: bool = False) -> str:
    """A value as JSON that every reader takes: what is no finite number is null, since JSON has no word for it.

    >>> json_text({"se": float("nan"), "n": 2})
    '{"se": null, "n": 2}'
    """
    return json.dumps(_finite(value), indent=indent, sort_keys=sort_keys, ensure_ascii=False, allow_nan=False)


def print_json(value: Any) -> None:
    """Print a value as indented JSON."""
    echo(json_text(value, indent=1))


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value


class Shown:
    """What a command shows of its progress, on stderr: a line a stage."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __call__(self, stage: str, share: float) -> None:
        """Show how far a stage is."""
        if stage not in self.seen:
            self.seen.add(stage)
            self.say(f"{stage} …")

    def early(self, found: Early) -> None:
        """Show what a run says while it is still at work."""
        from vetopoint.view.early import early_lines

        for line in early_lines(found):
            self.say(line)

    def say(self, line: str) -> None:
        """Show a line."""
        echo(line, err=True)


class Bars(Shown):
    """The same where stderr is a terminal: a bar a stage, lines above them."""

    def __init__(self, bars: Any) -> None:
        super().__init__()
        self.bars, self.tasks = bars, dict[str, Any]()

    def __call__(self, stage: str, share: float) -> None:
        if stage not in self.tasks:
            self.tasks[stage] = self.bars.add_task(stage, total=1.0)
        self.bars.update(self.tasks[stage], completed=share)

    def say(self, line: str) -> None:
        self.bars.console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def console_progress() -> Iterator[Shown]:
    """A progress bar on stderr; a line a stage where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield Shown()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        yield Bars(bars)
