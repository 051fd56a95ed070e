"""Two cases side by side for people: sentences, a table for the terminal, and a self-contained page with a picture of before and after."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from vetopoint.answers import ChangedPart, ComparedFigure, Comparison, Share, VetoChange
from vetopoint.view.letters import SIZE, width_of, wrapped
from vetopoint.view.numbers import capital, count, listed, plural
from vetopoint.view.pages._page import Picture, picture
from vetopoint.view.pages._svg import Drawing
from vetopoint.view.report import self_contained
from vetopoint.view.sentences import FIXED_LINE
from vetopoint.view.tables import Column, Rows, Table

__all__ = ["comparison_lines", "comparison_sentences", "render_comparison"]

LINES, WIDTH = 40, 110
TOLD = 0.005  # a figure that moved by less than half a point gets no sentence of its own
REASONS, ERRORS = 3, 3.0
_LABEL, _LEAST_ROWS = 56, 8
_MOST_VETOES, _MOST_NOTES, _MOST_ONLY = 3, 3, 4
_SHOWN = ("goal", "key", "threat", "truce")
_ORDER = ("goal", "key", "outcome", "threat", "truce", "member", "veto")


def comparison_lines(found: Comparison) -> Iterator[str]:
    """What the terminal shows: at most 40 lines, sentences first, then a table."""
    head = _wrapped([f"A: {_named(found, 'a')}", f"B: {_named(found, 'b')}"])
    notes = _wrapped(_notes(found))
    if len(notes) > _MOST_NOTES:
        notes = [*notes[: _MOST_NOTES - 1], "further notes: --json or --out PAGE.html"]
    rows = _rows(found)
    said: list[str] = []
    for sentence in comparison_sentences(found):
        more = _wrapped([sentence])
        if len(said) + len(more) > LINES - len(head) - len(notes) - 4 - min(len(rows), _LEAST_ROWS):
            break
        said += more
    room = LINES - len(head) - len(said) - len(notes) - 4
    still = not any(f.moved for f in rows)
    yield from [*head, "", *said, ""]
    yield from _text_table(rows, min(room, _LEAST_ROWS) if still else room)
    yield from notes


def _text_table(rows: Sequence[ComparedFigure], room: int) -> Iterator[str]:
    """The first figures, as many as there is room for; nothing where there are none."""
    if not rows:
        return
    shown = rows[: max(room, 1)]
    yield f"{'':<{_LABEL}} {'A':>7} {'B':>7} {'B − A':>8} {'± s.e.':>7}"
    for figure in shown:
        before, after = (_value(figure, v) for v in (figure.before, figure.after))
        mark = " *" if figure.moved else ""
        yield f"{_cut(_labelled(figure)):<{_LABEL}} {before:>7} {after:>7} {_signed(figure):>8} {_error(figure):>7}{mark}"
    left = len(rows) - len(shown)
    more = f"; {count(left, 'more figure')}: --json or --out PAGE.html" if left else ""
    yield f"* beyond the Monte-Carlo error{more}"


def _wrapped(sentences: Iterable[str]) -> list[str]:
    """Sentences in lines for the terminal, each beginning a line."""
    return [line for s in sentences for line in textwrap.wrap(s, WIDTH, subsequent_indent="  ", break_on_hyphens=False)]


def comparison_sentences(found: Comparison) -> list[str]:
    """What moved and why, in plain sentences: the goals, who decides, vetoes, then what else moved, then what did not."""
    moved = [f for f in _rows(found) if f.moved]
    said = [] if moved or _differing_keys(found) or found.vetoes else [_nothing(found)]
    if not said:
        said += [_moved_sentence(f, found) for f in found.figures if f.kind == "goal"]
        said += [*_key_sentence(found), *_veto_sentences(found)]
        said += [_moved_sentence(f, found) for f in _others(moved)]
        said += _small(found, moved)
    said += _only(found)
    if found.why_none and moved:
        said.append(f"What moved them cannot be said: {found.why_none}.")
    return said


def _nothing(found: Comparison) -> str:
    if not found.figures:
        return "The two have no figure in common."
    if found.figures and all(f.change in (0.0, None) for f in found.figures):
        why = f", since {found.why_none}" if found.why_none and found.method == "none" and found.paired else ""
        return f"Nothing moved: every figure is the same in both{why}."
    return "Nothing moved beyond the Monte-Carlo error."


def _moved_sentence(figure: ComparedFigure, found: Comparison) -> str:
    """How one figure moved, and what moved it; or that it did not."""
    given = f", {figure.given}" if figure.given else ""
    called = capital(_labelled(figure, quoted=True))
    if figure.change is None:
        gone, there = ("A", "B") if figure.before is None else ("B", "A")
        return f"{called} is known in {there} only: in {gone} what it is given never happens."
    ends = f"{_value(figure, figure.before)} in A and {_value(figure, figure.after)} in B"
    if not figure.moved:
        return f"{called} has not moved beyond the Monte-Carlo error: {ends}{given}."
    verb = "rises" if figure.change > 0 else "falls"
    return f"{called} {verb}: {ends} ({_points(figure, figure.change)} ± {_plain(figure, figure.error)}){given}.{_reasons(figure, found)}"


def _reasons(figure: ComparedFigure, found: Comparison) -> str:
    """The largest shares, those left out that are within their errors or small beside the largest."""
    most = max((abs(s.share) for s in figure.shares), default=0.0)
    telling = [s for s in figure.shares if abs(s.share) > max(ERRORS * s.error, 0.1 * most)]
    if not telling:
        return ""
    if len(figure.shares) == 1:
        return f" All of it by {_part(telling[0], found)}."
    parts = [f"{_part(s, found)} {_points(figure, s.share, unit=False)}" for s in telling[:REASONS]]
    return f" By what: {listed(parts)}."


def _part(share: Share, found: Comparison) -> str:
    """A changed part within a sentence."""
    part = next(p for p in found.parts if p.name == share.part)
    return _part_words(part)


def _part_words(part: ChangedPart) -> str:
    return f"“{part.label}”" if part.kind == "number" else f"{part.label[:1].lower()}{part.label[1:]}"


def _differing_keys(found: Comparison) -> bool:
    key = found.key
    return key is not None and (key.before, key.decisive_before) != (key.after, key.decisive_after)


def _key_sentence(found: Comparison) -> Iterator[str]:
    """Who has the largest say on the leading goal, in each."""
    key = found.key
    if key is None:
        return
    figures = {f.name: f for f in found.figures if f.kind == "key"}
    if key.before != key.after:
        first, second = (label or "nobody" for label in (key.before_label, key.after_label))
        yield f"The key changes hands: {first} has the largest say on “{key.label}” in A, {second} in B, {key.given}."
    called = "decisive in A but not in B" if key.decisive_before else "decisive in B but not in A"
    for name in dict.fromkeys(n for n in (key.before, key.after) if n in figures):
        figure = figures[name]
        if key.before == key.after:
            still = f"{figure.label} has the largest say on “{key.label}” in both, {key.given}"
            yield f"{still}{f', and is {called}' if key.decisive_before != key.decisive_after else ''}."
        if figure.moved:
            yield _moved_sentence(figure, found)


def _veto_sentences(found: Comparison) -> Iterator[str]:
    """Veto points that only one side has: those that are clear first."""
    clear = [v for v in found.vetoes if not v.within_error and not v.rarely_reached]
    for veto in clear[:_MOST_VETOES]:
        where = "in A and not in B" if veto.change == "lost" else "in B and not in A"
        yield f"A veto {veto.change}: {veto.label} {where}{_left(veto)}."
    more, edge = len(clear) - _MOST_VETOES, [v for v in found.vetoes if v not in clear]
    if more > 0:
        yield f"{capital(count(more, 'further veto point'))} only one of them has."
    if edge:
        yield (
            f"{capital(count(len(edge), 'veto point'))} only one of them has {plural(len(edge), 'stands', 'stand')} at the edge of "
            f"{plural(len(edge), 'its', 'their')} test, or at a move rarely reached in the other: no difference is claimed."
        )


def _left(veto: VetoChange) -> str:
    if veto.before is None or veto.after is None:
        return ""
    return f" (it leaves {_share(veto.before)} in A and {_share(veto.after)} in B)"


def _others(moved: Sequence[ComparedFigure]) -> list[ComparedFigure]:
    """What else moved enough for a sentence: the two outcomes that moved furthest, threats, the truce, the number of members."""
    enough = [f for f in moved if f.change is not None and abs(f.change) >= TOLD]
    outcomes = sorted((f for f in enough if f.kind == "outcome"), key=lambda f: (-abs(f.change or 0.0), f.name))[:2]
    threats = [f for f in enough if f.kind == "threat"][:2]
    truces = [f for f in enough if f.kind == "truce"]
    furthest = sorted(truces, key=lambda f: -abs(f.change or 0.0))[:1]
    return [*outcomes, *threats, *furthest, *(f for f in enough if f.kind == "member" and not f.name)]


def _small(found: Comparison, moved: Sequence[ComparedFigure]) -> Iterator[str]:
    """How many figures did not move."""
    still = [f for f in _rows(found) if f.moved is False]
    if still:
        yield (
            f"{capital(count(len(moved), 'figure'))} of {len(_rows(found))} moved beyond the Monte-Carlo error; "
            f"{count(len(still), 'other')} did not."
        )


def _only(found: Comparison) -> Iterator[str]:
    """What only one side has."""
    for side in ("a", "b"):
        labels = [f"“{u.label}”" for u in found.only if u.side == side]
        if labels:
            yield f"Only {side.upper()} has {listed(labels, most=_MOST_ONLY)}."


def _named(found: Comparison, side: str) -> str:
    about = found.a if side == "a" else found.b
    replaced = f"; {', '.join(f'{name} = {text}' for name, text in about.set.items())}" if about.set else ""
    return f"{about.title}: {about.what}{replaced}"


def _notes(found: Comparison) -> Iterator[str]:
    if found.paired:
        yield (
            f"{found.a.draws:,} draws of each from seed {found.a.seed}, common random numbers; ± is the standard error of the difference, "
            "and says nothing of what is not known of the inputs"
        )
    if found.method != "none":
        how = "over all sets of changes" if found.method == "exact" else f"over {found.orders} orders of changes"
        yield f"“By what” are Shapley shares {how}; they add up to the difference"
    idle = [p.label for p in found.parts if p.idle]
    if idle:
        yield f"{listed((f'“{label}”' for label in idle), most=3)} differs but enters nothing"
    yield from found.notes


def _rows(found: Comparison) -> list[ComparedFigure]:
    """The figures in the order in which they are worth reading: what moved most first within each kind, members behind."""

    def place(figure: ComparedFigure) -> tuple[int, bool, float]:
        large = abs(figure.change or 0.0)
        by_size = figure.kind not in ("goal", "truce")
        return _ORDER.index(figure.kind), by_size and figure.name != "", -large if by_size else 0.0

    rows = sorted(found.figures, key=place)
    goals = {(f.label, f.before, f.after) for f in rows if f.kind == "goal"}  # an outcome that is a goal is told once
    rows = [f for f in rows if f.kind != "outcome" or (f.label, f.before, f.after) not in goals]
    main = [f for f in rows if f.kind != "member" or not f.name]
    return [*main, *(f for f in rows if f not in main)]


def _labelled(figure: ComparedFigure, *, quoted: bool = False) -> str:
    """What a figure is called in a table, or within a sentence."""
    label = f"“{figure.label}”" if quoted else figure.label
    if figure.kind == "key":
        return f"the decisiveness of {figure.label}" if quoted else f"Decisiveness of {figure.label}"
    if figure.kind == "threat":
        return f"the credibility of {label}" if quoted else f"Carried out: {figure.label}"
    if figure.kind == "truce" and quoted:
        return f"the chance that {figure.label[:1].lower()}{figure.label[1:]}"
    if figure.kind == "member":
        return (
            ("the number of members that join" if quoted else "Members that join")
            if not figure.name
            else f"Joins: {figure.label}"
        )
    return f"the chance of {label}" if quoted else label


def _cut(text: str, most: int = _LABEL) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _share(value: float) -> str:
    """A share in per cent with one decimal; what is neither 0 nor 1 is never rounded to it.

    >>> _share(0.0744), _share(0.0), _share(0.0002), _share(0.9999)
    ('7.4%', '0%', '<0.1%', '>99.9%')
    """
    if value in (0.0, 1.0):
        return f"{value:.0%}"
    if 0 < value < 0.0005 or 0.9995 < value < 1:
        return "<0.1%" if value < 0.5 else ">99.9%"
    return f"{100 * value:.1f}%".replace("-", "−")


def _value(figure: ComparedFigure, value: float | None) -> str:
    if value is None:
        return "–"
    if figure.kind == "key":
        return f"{100 * value:.1f}".replace("-", "−")
    return _share(value) if figure.unit == "share" else f"{value:.2f}"


def _size(figure: ComparedFigure, value: float) -> str:
    """The size of a change, in points or members, with a digit more where it is small."""
    size = abs(value) * (100 if figure.unit == "share" else 1)
    if size == 0:
        return "0"
    small = 0.1 if figure.unit == "share" else 0.01
    return f"{size:.2f}" if size < small or figure.unit != "share" else f"{size:.1f}"


def _sign(value: float) -> str:
    return "+" if value > 0 else "−" if value < 0 else ""


def _points(figure: ComparedFigure, value: float, *, unit: bool = True) -> str:
    said = f"{_sign(value)}{_size(figure, value)}"
    return f"{said} {'points' if figure.unit == 'share' else 'members'}" if unit else said


def _signed(figure: ComparedFigure) -> str:
    return "–" if figure.change is None else _points(figure, figure.change, unit=False)


def _plain(figure: ComparedFigure, value: float | None) -> str:
    return "–" if value is None else _size(figure, value)


def _error(figure: ComparedFigure) -> str:
    return _plain(figure, figure.error)


def render_comparison(found: Comparison) -> str:
    """Render a comparison as one HTML document without references to anything outside itself; everything in it is escaped."""
    same = found.a.title == found.b.title
    return self_contained(
        "comparison.html.j2",
        found=found,
        title=found.a.title if same else f"{found.a.title} / {found.b.title}",
        first=_named(found, "a"),
        second=_named(found, "b"),
        sentences=comparison_sentences(found),
        picture=_picture(found),
        figures=_figures_table(found),
        parts=_parts_table(found),
        shares=_shares_table(found),
        vetoes=[(v, _left(v)) for v in found.vetoes],
        notes=list(_notes(found)),
        fixed_line=FIXED_LINE,
    )


def _figures_table(found: Comparison) -> Table:
    return Rows(_rows(found)).under(
        Column("figure", _labelled),
        Column("given", lambda f: f.given.removeprefix("given ").removeprefix("that ")),
        Column("A", lambda f: _value(f, f.before)),
        Column("B", lambda f: _value(f, f.after)),
        Column("B − A", _signed),
        Column("± standard error", _error),
        Column("moved", lambda f: "" if f.moved is None else "yes" if f.moved else "no"),
    )


def _parts_table(found: Comparison) -> Table:
    """What differs between the two."""
    return Rows(found.parts).under(
        Column("what differs", lambda p: p.label),
        Column("in A", lambda p: p.before),
        Column("in B", lambda p: p.after),
        Column("made of", lambda p: "; ".join(p.holds)),
        Column("enters", lambda p: "nothing" if p.idle else "the answers"),
    )


def _shares_table(found: Comparison) -> Table:
    """Which change accounts for how much of each figure that moved."""
    labels = {part.name: part.label for part in found.parts}
    rows = [(figure, share) for figure in _rows(found) for share in figure.shares]
    return Rows(rows).under(
        Column("figure", lambda r: _labelled(r[0])),
        Column("by what", lambda r: labels.get(r[1].part, r[1].part)),
        Column("share of the change", lambda r: _points(r[0], r[1].share)),
        Column("± standard error", lambda r: _plain(r[0], r[1].error)),
    )


def _picture(found: Comparison) -> Picture | None:
    """Before and after: a ring for A, a dot for B, on one scale from 0 to 100%."""
    drawn = [f for f in _rows(found) if f.kind != "member" and f.before is not None and f.after is not None]
    drawn = [f for f in drawn if f.kind in _SHOWN or max(f.before or 0.0, f.after or 0.0) >= 0.01]
    if not drawn:
        return None
    label = "Each figure in A, a ring, and in B, a dot, on a scale from 0 to 100 per cent."
    return picture("before-after", "Before and after", label, _figures_table(found), lambda d: _draw(d, drawn))


def _draw(drawing: Drawing, figures: Sequence[ComparedFigure]) -> None:
    left = 8.0 if drawing.narrow else 330.0
    right = drawing.width - (64.0 if drawing.narrow else 118.0)
    y = 16.0
    drawing.mark(left + 6, y - 4, "ring", "c1")
    drawing.text(left + 18, y, "A")
    drawing.mark(left + 52, y - 4, "dot", "c2")
    drawing.text(left + 64, y, "B")
    y += 24
    top = y
    for figure in figures:
        y = _draw_row(drawing, figure, left, right, y)
    for share in (0.0, 0.5, 1.0):
        x = left + share * (right - left)
        if not drawing.narrow:
            drawing.line(x, top - 10, x, y - 12, dash="2 3")
        drawing.text(
            x,
            y + 4,
            f"{share:.0%}",
            anchor="middle" if 0 < share < 1 else "start" if share == 0 else "end",
            fill="muted",
        )
    drawing.height = max(drawing.height, y + 10)


def _draw_row(drawing: Drawing, figure: ComparedFigure, left: float, right: float, y: float) -> float:
    """One figure; returns where the next one stands."""
    before, after = (min(max(v or 0.0, 0.0), 1.0) for v in (figure.before, figure.after))
    words = wrapped(_labelled(figure), (right if drawing.narrow else left) - 24)
    ink = "ink" if figure.moved else "muted"
    below = drawing.lines(0, y, words, fill=ink, bold=bool(figure.moved))
    at = below - 2 if drawing.narrow else y - 4
    a, b = (left + share * (right - left) for share in (before, after))
    drawing.line(left, at, right, at)
    if figure.moved:
        drawing.line(a, at, b, at, stroke="c2", width=3)
    drawing.mark(b, at, "dot", "c2")
    drawing.mark(a, at, "ring", "c1")
    said = _signed(figure) if figure.moved else "not moved"
    size = SIZE if width_of(said) < drawing.width - right - 8 else SIZE - 2
    drawing.text(drawing.width, at + 4, said, anchor="end", fill=ink, size=size)
    return max(below, at + 14) + 8
