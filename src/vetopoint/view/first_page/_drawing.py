"""The fork as a drawing: SVG laid out here, so that it stands in the page without a script and leaves it as one file.

Ends differ in shape and in filling besides their colour: a filled dot where the goal is reached, a ring where it is not, a square
for what is rarer. It is laid out 360 units wide, so that a letter has its 13 pixels on a telephone.
"""

from __future__ import annotations

from dataclasses import dataclass

from vetopoint.answers import FirstFork, ForkEnd, ForkSide
from vetopoint.view.first_page._text import SIGNS
from vetopoint.view.letters import wrapped

WIDTH = 360
LETTER = 13
LINE = 17
TRUNK, TWIG, MARK, TEXT = 8, 26, 42, 96
_BAR = WIDTH - TEXT - 1
_SHARE = {"none": 0.0, "all": 1.0, "fewer than 1": 0.004, "more than 99": 0.997}


@dataclass(frozen=True)
class Shape:
    """One shape of the drawing, by its attributes; a text has words."""

    tag: str
    attributes: dict[str, str]
    words: str = ""


@dataclass(frozen=True)
class Drawing:
    """The shapes of a drawing, and how high it is."""

    shapes: tuple[Shape, ...]
    height: int
    width: int = WIDTH


def _text(x: float, y: float, words: str, **more: str) -> Shape:
    look = {"font-size": str(LETTER), "fill": "var(--ink)"} | {k.replace("_", "-"): v for k, v in more.items()}
    return Shape("text", {"x": f"{x:g}", "y": f"{y:g}", **look}, words)


def _path(d: str) -> Shape:
    return Shape("path", {"d": d, "fill": "none", "stroke": "var(--muted)", "stroke-width": "1.5"})


def _wrapped(words: str, width: float, size: float = LETTER, *, bold: bool = False) -> list[str]:
    """Lines of at most a width."""
    return wrapped(words, width, size, bold=bold) or [""]


def drawing(fork: FirstFork, source: str) -> Drawing:
    """Lay out the fork, its finding above it and its source below."""
    shapes, y = [], 4
    for line in _wrapped(fork.title, WIDTH, 14.5, bold=True):
        y += 19
        shapes.append(_text(0, y, line, font_size="14.5", font_weight="650"))
    for line in _wrapped(f"{fork.given}. Of 100 cases:" if fork.given else "Of 100 cases:", WIDTH):
        y += LINE
        shapes.append(_text(0, y, line, fill="var(--muted)"))
    start = y + 14
    y += 8
    for side in fork.sides:
        turn = y + LINE - 4
        shapes.append(_path(f"M{TRUNK} {start}V{turn}H{TRUNK + 12}"))
        more, y = _side(side, y)
        shapes += more
    for line in _wrapped(source, WIDTH, 12):
        y += LINE
        shapes.append(_text(0, y, line, font_size="12", fill="var(--muted)"))
    return Drawing(tuple(shapes), y + 8)


def _side(side: ForkSide, y: int) -> tuple[list[Shape], int]:
    """One answer and its ends, from the height ``y``; returns how far down it goes."""
    words = side.label + (f" ({' or '.join(side.options)})" if side.options else "")
    shapes, top = [], y
    for line in _wrapped(words, WIDTH - TRUNK - 16, bold=True):
        y += LINE
        shapes.append(_text(TRUNK + 16, y, line, font_weight="650"))
    stem, last = y + 5, y
    for end in side.ends:
        made, y, last = _end(end, y + 6)
        shapes += made
    shapes.insert(0, _path(f"M{TWIG} {stem}V{last}"))
    return shapes, max(y, top) + 8


def _end(end: ForkEnd, y: int) -> tuple[list[Shape], int, int]:
    """One end: its mark, its number, a bar and its label; returns the height below it and that of its mark."""
    colour = {"reached": "var(--c1)", "missed": "var(--c2)", "rest": "var(--muted)"}[end.kind]
    middle = y + LINE - 4
    shapes = [_path(f"M{TWIG} {middle}H{MARK - 8}"), _mark(end.kind, MARK, middle, colour)]
    said = SIGNS.get(end.number.said, end.number.said)
    shapes.append(_text(TEXT - 6, y + LINE, said, text_anchor="end", font_weight="650"))
    for line in _wrapped(end.label, WIDTH - TEXT):
        y += LINE
        shapes.append(_text(TEXT, y, line))
    share = _SHARE[end.number.said] if end.number.said in _SHARE else float(end.number.said) / 100
    look = {"fill": colour} if end.kind == "reached" else {"fill": "none", "stroke": colour, "stroke-width": "1.5"}
    bar = {"x": str(TEXT), "y": str(y + 5), "height": "6", "width": f"{max(1.0, _BAR * share):g}", **look}
    if share > 0:
        shapes.append(Shape("rect", bar))
    return shapes, y + 13, middle


def _mark(kind: str, x: float, y: float, colour: str) -> Shape:
    if kind == "rest":
        return Shape(
            "rect",
            {
                "x": f"{x - 4:g}",
                "y": f"{y - 4:g}",
                "width": "8",
                "height": "8",
                "fill": "none",
                "stroke": colour,
                "stroke-width": "2",
            },
        )
    fill = colour if kind == "reached" else "none"
    return Shape(
        "circle", {"cx": f"{x:g}", "cy": f"{y:g}", "r": "4.5", "fill": fill, "stroke": colour, "stroke-width": "2"}
    )
