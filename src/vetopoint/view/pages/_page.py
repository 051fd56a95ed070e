"""What a page of the report is: one idea, its finding as the title, at most one picture, and what the finding rests on."""

from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup

from vetopoint.view.numbers import stop
from vetopoint.view.pages._svg import NARROW, WIDE, Drawing
from vetopoint.view.tables import Link, Table


@dataclass(frozen=True)
class Picture:
    """A picture drawn for a wide page and for a phone, and the table of the same numbers."""

    id: str
    title: str
    wide: Markup
    narrow: Markup
    table: Table


def picture(id: str, title: str, label: str, table: Table, draw: Callable[[Drawing], None]) -> Picture:
    """Draw a picture at both widths; ``label`` says in a sentence what it shows."""

    def at(width: int) -> Markup:
        drawing = Drawing(width)
        draw(drawing)
        return drawing.svg(label)

    return Picture(id, title, at(WIDE), at(NARROW), table)


@dataclass(frozen=True)
class Point:
    """One point of a list: its head, what is said under it, and a short table where that says it better."""

    head: str
    lines: tuple[str, ...]
    table: Table | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Said:
    """What one voice says: who it is and through whom, its words, each with its place in the appendix, and how it stands to its source."""

    says: str
    words: tuple[Link, ...]
    note: str = ""


@dataclass(frozen=True)
class Compared:
    """What somebody says beside what is found: the words with their chain, our figure, the verdict and its reason."""

    said: tuple[Said, ...]
    figure: str
    verdict: str
    reason: str


@dataclass(frozen=True)
class Page:
    """One page; ``about`` is its name in the contents, ``title`` its finding."""

    id: str
    about: str
    title: str
    lead: tuple[str, ...] = ()
    picture: Picture | None = None
    compared: tuple[Compared, ...] = ()
    points: tuple[Point, ...] = ()
    tail: tuple[str, ...] = ()
    more: tuple[Link, ...] = field(default=())

    @property
    def finding(self) -> str:
        """The title as a sentence without its full stop."""
        return stop(self.title).removesuffix(".")
