"""A diagram of moves drawn from top to bottom: a numbered step, its options on a stem, beside or below each what it leads to.

Ends differ in shape besides their colour: a filled dot where the leading goal is reached, a ring where it is not, a diamond where that hangs
on more. Steps of actors are filled, those of chance are rings.
"""

from __future__ import annotations

from vetopoint.study.diagram import Diagram, End
from vetopoint.view._tree_layout import AGAIN, LEGEND, Block, Branch, happens, plain, read_down, repeats, told
from vetopoint.view.letters import SIZE, width_of, wrapped
from vetopoint.view.pages._svg import Drawing, Shape

__all__ = ["drawn"]

_MARKS: dict[str, tuple[Shape, str]] = {
    "reached": ("dot", "c1"),
    "missed": ("ring", "c2"),
    "depends": ("diamond", "muted"),
}
_STEM, _TEXT, _SMALL, _LINE = 11, 29, 12, 17
_BESIDE = 0.53
"""Where on a wide page what an option leads to begins."""


def drawn(diagram: Diagram, width: int) -> Drawing:
    """The picture at a width in pixels."""
    return _Picture(diagram, width).made()


class _Picture:
    def __init__(self, diagram: Diagram, width: int) -> None:
        self.diagram, self.to = diagram, Drawing(width)
        self.y = 0.0
        self.labels: dict[int, str] = {}

    def made(self) -> Drawing:
        self._said(plain(self.diagram.title), 0, size=15, bold=True)
        self._said(f"Leading goal: {plain(self.diagram.goal)}", 0)
        for kind, said in LEGEND.items():
            self._marked(kind, said, 0)
        blocks = read_down(self.diagram, 4 if self.to.narrow else 8)
        self._name(blocks)
        for block in blocks:
            self._block(block, 0)
        for line in told(self.diagram):
            self.y += 8
            self._said(line, 0, fill="muted", size=_SMALL)
        return self.to

    def _name(self, blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            self.labels[block.number] = plain(block.step.label)
            for branch in block.branches:
                self._name(branch.inner)

    def _said(self, words: str, x: float, *, fill: str = "ink", size: float = SIZE, bold: bool = False) -> None:
        """Lines of text below what is drawn so far, as wide as there is room."""
        for line in wrapped(words, self.to.width - x, size, bold=bold):
            self.y += _LINE
            self.to.text(x, self.y, line, fill=fill, size=size, bold=bold)

    def _marked(self, kind: str, words: str, x: float) -> None:
        """Text beside the mark of an end."""
        shape, colour = _MARKS[kind]
        self.to.mark(x + 7, self.y + _LINE - 4.5, shape, colour)
        self._said(words, x + 18)

    def _badge(self, number: int, x: float, y: float, chance: bool) -> None:
        said = str(number)
        self.to.mark(x, y, "ring" if chance else "dot", "ink", 11 if chance else 10)
        fill = "ink" if chance else "paper"
        self.to.text(x, y + 4, said, anchor="middle", fill=fill, size=11.5 if len(said) < 3 else 9, bold=True)

    def _block(self, block: Block, x: float) -> None:
        self.y += 12
        top = self.y + _LINE - 4.5
        self._said(plain(block.step.label), x + _TEXT, bold=True)
        meta = " · ".join(filter(None, (happens(self.diagram, block.step), repeats(self.diagram, block.step))))
        self._said(meta, x + _TEXT, fill="muted", size=_SMALL)
        if block.condition:
            self._said(f"only if {plain(block.condition)}", x + _TEXT, fill="muted", size=_SMALL)
        foot = top
        for branch in block.branches:
            self.y += 5
            foot = self.y + _LINE - 4.5
            self.to.line(x + _STEM, foot, x + _TEXT - 5, foot, stroke="muted", width=1.5)
            self._branch(branch, x + _TEXT)
        self.to.line(x + _STEM, top, x + _STEM, foot, stroke="muted", width=1.5)
        self._badge(block.number, x + _STEM, top, block.step.by == "chance")

    def _branch(self, branch: Branch, x: float) -> None:
        words = plain(branch.way.label) + (f" ↻ {AGAIN}" if branch.way.again else "")
        beside = 0.0 if self.to.narrow else max(x + 120, self.to.width * _BESIDE)
        leads = bool(branch.leads)
        lines = wrapped(words, (beside - 14 if beside and leads else self.to.width) - x)
        y = self.y
        for line in lines:
            self.y += _LINE
            self.to.text(x, self.y, line)
        below = self.y
        if leads and beside:
            end = x + width_of(lines[-1]) + 8 if lines else x
            if end < beside - 8:
                self.to.line(end, below - 4.5, beside - 6, below - 4.5, stroke="rule", dash="2 4")
            self.y = below - _LINE if lines else y
        for lead in branch.leads:
            self._lead(lead, beside or x)
        self.y = max(self.y, below)
        for inner in branch.inner:
            self._block(inner, x)

    def _lead(self, lead: int | End, x: float) -> None:
        if isinstance(lead, End):
            self._marked(lead.reach, plain(lead.label), x)
            return
        y = self.y + _LINE
        self.to.text(x + 1, y, "→")
        self.to.mark(x + 25, y - 4.5, "ring", "muted", 10)
        self.to.text(x + 25, y - 0.5, str(lead), anchor="middle", size=11 if lead < 100 else 9)
        self._said(self.labels[lead], x + 40, fill="muted", size=_SMALL)
