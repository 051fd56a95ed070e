"""A small writer of static SVG: pictures that stand in the page itself and need no script.

Colours are the page's own variables, so that a picture follows its theme; every text is escaped. A picture is drawn twice, for a wide
page and for a phone, at its true size, so that its letters are neither blown up nor shrunk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from markupsafe import Markup, escape

from vetopoint.view.letters import SIZE

WIDE, NARROW = 760, 358
Anchor = Literal["start", "middle", "end"]
Shape = Literal["up", "dot", "down", "diamond", "square", "ring"]


class Drawing:
    """One picture of a given width, whose height grows with what is drawn."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.narrow = width < 500
        self.height = 0.0
        self._parts: list[str] = []

    def _add(self, tag: str, attributes: Mapping[str, float | str], body: str = "") -> None:
        said = "".join(f' {name}="{escape(_plain(value))}"' for name, value in attributes.items())
        self._parts.append(f"<{tag}{said}>{body}</{tag}>" if body else f"<{tag}{said}/>")

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: Anchor = "start",
        fill: str = "ink",
        size: float = SIZE,
        bold: bool = False,
    ) -> None:
        """One line of text, its baseline at y."""
        more = {"font-weight": "650"} if bold else {}
        made: dict[str, float | str] = {
            "x": x,
            "y": y,
            "text-anchor": anchor,
            "fill": f"var(--{fill})",
            "font-size": size,
            **more,
        }
        self._add("text", made, str(escape(words)))
        self.height = max(self.height, y + 0.4 * size)

    def lines(
        self, x: float, y: float, words: Sequence[str], *, fill: str = "ink", size: float = SIZE, bold: bool = False
    ) -> float:
        """Lines of text under one another, the first one's baseline at y; returns where a further line would stand."""
        for line in words:
            self.text(x, y, line, fill=fill, size=size, bold=bold)
            y += 1.3 * size
        return y

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: str = "rule", width: float = 1, dash: str = ""
    ) -> None:
        """A straight line."""
        more = {"stroke-dasharray": dash} if dash else {}
        self._add(
            "line",
            {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": f"var(--{stroke})", "stroke-width": width, **more},
        )
        self.height = max(self.height, y1, y2)

    def area(self, points: Sequence[tuple[float, float]], *, fill: str, opacity: float = 1) -> None:
        """A filled polygon."""
        self._add("polygon", {"points": _points(points), "fill": f"var(--{fill})", "fill-opacity": opacity})
        self.height = max(self.height, *(y for _, y in points))

    def curve(self, points: Sequence[tuple[float, float]], *, stroke: str, dash: str = "") -> None:
        """A line through points."""
        more = {"stroke-dasharray": dash} if dash else {}
        made: dict[str, float | str] = {
            "points": _points(points),
            "fill": "none",
            "stroke": f"var(--{stroke})",
            "stroke-width": 2.2,
            **more,
        }
        self._add("polyline", made)

    def mark(self, x: float, y: float, shape: Shape, fill: str, r: float = 5.5) -> None:
        """A mark of one shape, so that marks differ without colour too."""
        colour = f"var(--{fill})"
        edge: dict[str, float | str] = {"stroke": "var(--paper)", "stroke-width": 1}
        if shape in ("dot", "ring"):
            hollow: dict[str, float | str] = {"fill": "var(--paper)", "stroke": colour, "stroke-width": 2}
            inside = {"fill": colour, **edge} if shape == "dot" else hollow
            self._add("circle", {"cx": x, "cy": y, "r": r if shape == "dot" else r - 1, **inside})
            return
        corners = {
            "up": ((0, -1.2), (1.15, 0.9), (-1.15, 0.9)),
            "down": ((0, 1.2), (1.15, -0.9), (-1.15, -0.9)),
            "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
            "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        }[shape]
        placed = [(x + r * dx, y + r * dy) for dx, dy in corners]
        self._add("polygon", {"points": _points(placed), "fill": colour, **edge})

    def svg(self, label: str) -> Markup:
        """The picture, named for those who cannot see it."""
        size = f'viewBox="0 0 {self.width} {_plain(self.height + 4)}" width="{self.width}" height="{_plain(self.height + 4)}"'
        return Markup(f'<svg class="drawn" role="img" aria-label="{escape(label)}" {size}>{"".join(self._parts)}</svg>')


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_plain(x)},{_plain(y)}" for x, y in points)


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
