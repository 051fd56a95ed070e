"""Draw the rooms of the house and the arrows between them from the imports: docs/img/rooms.svg, docs/architecture.md.

Run: python tools/rooms.py (or `make rooms`). An arrow that a longer way implies is left out of the picture, not of the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import grimp

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "img" / "rooms.svg"
PAGE = ROOT / "docs" / "architecture.md"
START, END = "<!-- rooms: made by tools/rooms.py -->", "<!-- end of rooms -->"
WIDTH, HEIGHT, GAP = 118, 40, 34

Arrows = Mapping[str, frozenset[str]]


def arrows() -> dict[str, frozenset[str]]:
    """Room → rooms that it imports, as the code stands."""
    graph = grimp.build_graph("vetopoint", cache_dir=None)
    rooms = {module.split(".")[1] for module in graph.modules if "." in module} - {"__main__"}
    found: dict[str, set[str]] = {room: set() for room in rooms}
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            ends = [*module.split(".")[1:2], *imported.split(".")[1:2]]
            if len(ends) == 2 and ends[0] != ends[1] and set(ends) <= rooms:
                found[ends[0]].add(ends[1])
    return {room: frozenset(found[room]) for room in sorted(found)}


def storeys(known: Arrows) -> dict[str, int]:
    """Storey of each room, counted from the top: one below the lowest room that imports it; refuses a circle."""
    storey: dict[str, int] = {}

    def of(room: str, below: tuple[str, ...]) -> int:
        if room in below:
            raise SystemExit(f"a circle of imports: {' → '.join([room, *reversed(below)])}")
        if room not in storey:
            storey[room] = 1 + max(
                (of(other, (*below, room)) for other in sorted(known) if room in known[other]), default=-1
            )
        return storey[room]

    for room in known:
        of(room, ())
    return storey


def direct(known: Arrows) -> list[tuple[str, str]]:
    """Arrows that no longer way implies."""

    def reaches(room: str, goal: str) -> bool:
        return goal in known[room] or any(reaches(other, goal) for other in known[room])

    return [(a, b) for a in known for b in sorted(known[a]) if not any(reaches(c, b) for c in known[a] - {b})]


def picture(known: Arrows) -> str:
    """The rooms by storey as SVG."""
    storey = storeys(known)
    rows = [sorted(room for room in known if storey[room] == s) for s in range(max(storey.values()) + 1)]
    width = max(len(row) for row in rows) * (WIDTH + GAP) + GAP
    place = {
        room: ((width - len(row) * (WIDTH + GAP) + GAP) / 2 + i * (WIDTH + GAP), GAP + y * (HEIGHT + GAP))
        for y, row in enumerate(rows)
        for i, room in enumerate(row)
    }
    height = GAP + len(rows) * (HEIGHT + GAP)
    lines = [
        f'<line x1="{place[a][0] + WIDTH / 2:g}" y1="{place[a][1] + HEIGHT:g}" x2="{place[b][0] + WIDTH / 2:g}" '
        f'y2="{place[b][1]:g}" marker-end="url(#tip)"/>'
        for a, b in direct(known)
    ]
    boxes = [
        f'<g><rect x="{x:g}" y="{y:g}" width="{WIDTH}" height="{HEIGHT}" rx="5"/>'
        f'<text x="{x + WIDTH / 2:g}" y="{y + HEIGHT / 2 + 5:g}">{escape(room)}</text></g>'
        for room, (x, y) in sorted(place.items())
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" '
            'aria-label="Rooms and the one way they look: each imports only rooms below it">',
            "<style>rect{fill:#eef3f7;stroke:#46637a}line{stroke:#8aa0b2;stroke-width:1.2}"
            "text{font:14px sans-serif;text-anchor:middle;fill:#16222c}</style>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0 8 4 0 8z" fill="#8aa0b2"/></marker></defs>',
            *lines,
            *boxes,
            "</svg>",
            "",
        ]
    )


def table(known: Arrows) -> str:
    """All arrows, a room a line, the highest first."""
    storey = storeys(known)
    rows = sorted(known, key=lambda room: (storey[room], room))
    lines = [f"| `{room}` | {', '.join(f'`{other}`' for other in sorted(known[room])) or '–'} |" for room in rows]
    return "\n".join(["| room | imports |", "|---|---|", *lines])


def pages() -> dict[Path, str]:
    """Every file that this command writes, with its text."""
    known = arrows()
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    if not after:
        raise SystemExit(f"{PAGE.name}: no place for the rooms → put `{START}` and `{END}` into it")
    return {PICTURE: picture(known), PAGE: f"{before}{START}\n\n{table(known)}\n\n{END}{after}"}


def main() -> None:
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
