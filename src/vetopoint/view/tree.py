"""The moves of a case as a picture: static SVG, and text for the terminal.

Every option of every move stands in it once for each way in which the plan goes on differently, and every outcome where it is come to.
What leads to the same continuation points to the same number.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

from vetopoint.study.diagram import Diagram, End
from vetopoint.view._tree_drawing import drawn
from vetopoint.view._tree_layout import AGAIN, LEGEND, Block, Branch, happens, plain, read_down, repeats, told
from vetopoint.view.pages._svg import WIDE, Drawing

__all__ = ["tree_svg", "tree_text"]

NARROWEST_TEXT, NARROWEST, MARGIN = 40, 280, 12
NARROW = 374 - 2 * MARGIN
"""What a phone of 390 pixels shows, less the margins of a page."""
_GLYPHS = {"reached": "●", "missed": "○", "depends": "◐"}
_LIGHT = "--paper:#fff;--ink:#1b2430;--muted:#5a6675;--rule:#c3cad3;--c1:#004883;--c2:#b15f00"
_DARK = "--paper:#14181e;--ink:#e8ecf1;--muted:#9fabb9;--rule:#4a5562;--c1:#5aa7ff;--c2:#e7a14d"
_FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Liberation Sans',sans-serif"


def tree_text(diagram: Diagram, width: int = 80) -> str:
    """The moves as text, in lines of at most ``width`` letters (at least 40)."""
    width = max(width, NARROWEST_TEXT)
    legend = " · ".join(f"{_GLYPHS[kind]} {said}" for kind, said in LEGEND.items())
    lines = [line for text in (diagram.title, f"Leading goal: {diagram.goal}", legend) for line in _filled(text, width)]
    for block in read_down(diagram, max(0, (width - 40) // 12)):
        lines += ["", *_block_lines(block, diagram, width, "")]
    for text in told(diagram):
        lines += ["", *_filled(text, width)]
    return "\n".join(lines)


def _filled(text: str, width: int, first: str = "", later: str = "") -> list[str]:
    words = textwrap.wrap(
        plain(text), width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False, drop_whitespace=True
    )
    return words or [first]


def _block_lines(block: Block, diagram: Diagram, width: int, before: str) -> Iterator[str]:
    """A step and its options, each line after what stands before it at its depth."""
    number = f"{block.number:>2} "
    indent = before + " " * len(number)
    yield from _filled(block.step.label, width, before + number, indent)
    meta = " · ".join(filter(None, (happens(diagram, block.step), repeats(diagram, block.step))))
    yield from _filled(meta, width, indent + "│ ", indent + "│ ")
    if block.condition:
        yield from _filled(f"only if {block.condition}", width, indent + "│ ", indent + "│   ")
    for branch in block.branches:
        last = branch is block.branches[-1]
        down = indent + ("   " if last else "│  ")
        said = f"{branch.way.label} {_leads(branch)}"
        yield from _filled(said, width, indent + ("└─ " if last else "├─ "), down + "  ")
        for inner in branch.inner:
            yield from _block_lines(inner, diagram, width, down)


def _leads(branch: Branch) -> str:
    """Where an option leads, in one line."""
    steps = " or ".join(str(to) for to in branch.leads if isinstance(to, int))
    ends = [f"{_GLYPHS[to.reach]} {to.label}" for to in branch.leads if isinstance(to, End)]
    leads = " or ".join([f"→ {steps}"] * bool(steps) + ends)
    return f"↻ {AGAIN} {leads}" if branch.way.again else leads


def tree_svg(diagram: Diagram, width: int | None = None) -> str:
    """The moves as a static picture that stands by itself, light or dark as the reader has it, every text in it escaped.

    Parameters
    ----------
    width : how wide it is, in pixels (at least 280); unless given it is drawn for a wide page and for a phone, of which one shows.
    """
    if width is not None:
        return _file(diagram, [drawn(diagram, max(width, NARROWEST) - 2 * MARGIN)])
    return _file(diagram, [drawn(diagram, WIDE), drawn(diagram, NARROW)])


def _file(diagram: Diagram, drawings: Sequence[Drawing]) -> str:
    """Drawings as one SVG file: where there are two, the second one shows on a narrow page."""
    title = f"The moves of “{plain(diagram.title)}”"
    sizes = [(drawing.width + 2 * MARGIN, math.ceil(drawing.height) + 2 * MARGIN) for drawing in drawings]
    width, height = sizes[0]
    rules = [f".moves{{{_LIGHT};{_FONT}}}", f"@media (prefers-color-scheme:dark){{.moves{{{_DARK}}}}}"]
    box = f' viewBox="0 0 {width} {height}"'
    if len(drawings) > 1:
        shown = f".moves{{width:{sizes[1][0]}px;height:{sizes[1][1]}px}}.moves>.wide{{display:none}}"
        rules += [
            ".moves>.narrow{display:none}",
            f"@media (max-width:{width - 1}px){{{shown}.moves>.narrow{{display:inline}}}}",
        ]
        box = ""
    inside = "".join(
        f'<g class="{name}" transform="translate({MARGIN} {MARGIN})">{drawing.svg(title)}</g>'
        for name, drawing in zip(("wide", "narrow"), drawings, strict=False)
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="moves" width="{width}" height="{height}"{box}>'
    paper = '<rect width="100%" height="100%" fill="var(--paper)"/>'
    return f"{head}<style>{''.join(rules)}</style>{paper}{inside}</svg>\n"
