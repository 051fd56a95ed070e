"""What a walk through claims looks like: the text with the claim's words marked, and beside or below it the claim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from itertools import pairwise
from typing import Literal

from rich.console import Console
from rich.text import Text

from vetopoint.cli._walk import COMMANDS, FIELDS, Walk
from vetopoint.evidence import Claim, Document
from vetopoint.evidence.fields import edge_text, shown
from vetopoint.evidence.places import with_neighbours

Style = Literal["colour", "plain", "bare"]
_WIDE = 100
_HIDDEN = re.compile("[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Marks that would turn or hide what is shown: a document is not to play with the screen."""
_WRAPPED = re.compile(r"(?<!\n)\n(?!\n)")
_STATUS = {"proposed": "yellow", "accepted": "green", "corrected": "green", "rejected": "red"}
_SIGN = {"1": "affirmed", "-1": "denied"}
_ALWAYS = ("content", "chain", "kind", "act", "polarity")
_CALLED = {"reporter_hedge": "reporter", "condition": "if", "chain": "chain"}


def screen(walk: Walk, width: int, height: int, style: Style = "colour") -> str:
    """The screen as terminal text, `height` lines of `width` columns.

    Parameters
    ----------
    style : what the terminal can do; `plain` knows bold and the like, `bare` nothing. Both get brackets around the words.
    """
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=True,
        color_system=None if style == "bare" else "standard",
        no_color=style != "colour",
        legacy_windows=False,
    )
    foot = _foot(walk, console, width)
    room = max(1, height - len(foot) - 1)
    body = _help(width) if walk.helping else _body(walk, console, width, room)
    lines = [_head(walk, width), *body[:room]]
    lines += [Text("")] * (height - len(foot) - len(lines))
    with console.capture() as caught:
        for number, line in enumerate([*lines, *foot]):
            line.truncate(width, overflow="ellipsis")
            console.print(line, end="" if number == height - 1 else "\n", no_wrap=True, overflow="crop", soft_wrap=True)
    return caught.get().replace("\n", "\x1b[K\r\n") + "\x1b[K\x1b[J"


def _clean(words: str) -> str:
    return " ".join(_HIDDEN.sub("", words).split())


def _head(walk: Walk, width: int) -> Text:
    number = min(walk.at + 1, len(walk.ids))
    head = Text(f" {number} of {len(walk.ids)} · {walk.left} to judge · {walk.desk.coder}", style="bold")
    head.pad_right(max(0, width - head.cell_len))
    head.stylize("reverse")
    return head


def _body(walk: Walk, console: Console, width: int, room: int) -> list[Text]:
    claim = walk.claim
    if claim is None:
        return [Text(""), Text(" That was the last. u takes back, b goes back, q ends.")]
    document = walk.desk.document(claim.source)
    plain = console.no_color or console.color_system is None
    if width >= _WIDE:
        half = width // 2 - 2
        left = _passage(claim, document, console, half, room, plain)
        right = _fields(walk, claim, console, width - half - 3, room)
        return _beside(left, right, half)
    below = _fields(walk, claim, console, width, max(room - 6, room * 3 // 5))
    above = _passage(claim, document, console, width, room - len(below) - 1, plain)
    return [*above, Text("─" * width, style="dim"), *below]


def _beside(left: Sequence[Text], right: Sequence[Text], half: int) -> list[Text]:
    lines = []
    for number in range(max(len(left), len(right))):
        line = left[number].copy() if number < len(left) else Text("")
        line.truncate(half)
        line.pad_right(half - line.cell_len)
        line.append(" │ ", style="dim")
        lines.append(line.append_text(right[number]) if number < len(right) else line)
    return lines


def _passage(claim: Claim, document: Document, console: Console, width: int, room: int, plain: bool) -> list[Text]:
    """The sentence with its neighbours, the claim's words marked, cut to the room that there is around them."""
    about = " · ".join(filter(None, (document.title, document.outlet, str(document.date or ""))))
    head = Text(_clean(" · ".join(filter(None, (document.id, about)))), style="dim")
    head.truncate(width, overflow="ellipsis")
    places = [span for span in (claim.sentence, *claim.content) if span is not None and span.located]
    if not places:
        return [head, *_wrapped(Text(_clean(claim.text), style="bold"), console, width)[: room - 1]]
    start, end = min(span.start for span in places), max(span.end for span in places)
    for reach in (4, 3, 2, 1):
        shown_part = with_neighbours(document.text, start, end, reach)
        lines = _wrapped(_marked(claim, document.text, shown_part, (start, end), plain), console, width)
        if len(lines) < room:
            break
    return [head, *_around(lines, room - 1)]


def _marked(claim: Claim, text: str, part: tuple[int, int], near: tuple[int, int], plain: bool) -> Text:
    """A part of a document with the claim's words marked; lines that were only wrapped are joined."""
    marks = [(span.start, span.end, "bold yellow") for span in claim.content if span.located]
    marks += [(span.start, span.end, "bold cyan") for span in claim.speaker if span.located]
    marks += [(claim.cue.start, claim.cue.end, "underline")] if claim.cue is not None and claim.cue.located else []
    cuts = {place for begin, stop, _ in marks for place in (begin, stop)} | set(near) | set(part)
    steps = sorted(place for place in cuts if part[0] <= place <= part[1])
    out = Text()
    for first, last in pairwise(steps):
        styles = [style for begin, stop, style in marks if begin <= first < stop]
        words = _HIDDEN.sub("", _WRAPPED.sub(" ", text[first:last]))
        brackets = plain and "bold yellow" in styles
        style = " ".join(styles) or ("" if near[0] <= first < near[1] else "dim")
        out.append(f"⟦{words}⟧" if brackets else words, style)
    return out


def _wrapped(text: Text, console: Console, width: int) -> list[Text]:
    """Lines of a text; its own line breaks stay, empty lines go."""
    return [line for line in text.wrap(console, width, overflow="fold") if line.plain.strip()]


def _around(lines: list[Text], room: int) -> list[Text]:
    """As many lines as there is room for, with the marked ones among them."""
    if len(lines) <= room:
        return lines
    marked = [
        n for n, line in enumerate(lines) if any(["bold" in str(s.style) for s in line.spans]) or "⟦" in line.plain
    ]
    first, last = (marked[0], marked[-1]) if marked else (0, 0)
    spare = max(0, room - (last - first + 1))
    begin = max(0, min(first - spare // 2, len(lines) - room))
    return lines[begin : begin + max(0, room)]


def _fields(walk: Walk, claim: Claim, console: Console, width: int, room: int) -> list[Text]:
    """The claim, each field with the key that edits it; empty ones together in the end."""
    title = Text.assemble(
        (claim.id, "bold"),
        "  ",
        (claim.status, _STATUS[claim.status]),
        (f"  rule {claim.rule}" if claim.rule else "", "dim"),
    )
    if claim.reason:
        title.append(f"  {_clean(claim.reason)}", style="dim")
    lines, empty = [title], Text("empty ", style="dim")
    for key, name in FIELDS.items():
        words = _clean(shown(claim, name))
        words = _SIGN.get(words, words) if name == "polarity" else words
        if name == "edges":
            continue
        if words or name in _ALWAYS:
            line = Text.assemble((f"{key} ", "bold magenta"), (f"{_CALLED.get(name, name):<9}", "dim"), words or "–")
            lines += _hanging(line, console, width, 4 if name == "content" else 2)
        else:
            empty.append(f" {key}\u00a0", style="bold magenta").append(_CALLED.get(name, name), style="dim")
    lines += _edges(walk, claim)
    return [*lines, *_wrapped(empty, console, width)][:room]


def _hanging(line: Text, console: Console, width: int, most: int) -> list[Text]:
    """A line folded under its words, at most so many lines."""
    head, rest = line[:11], line[11:]
    parts = _wrapped(rest, console, max(10, width - 11)) or [Text("")]
    if len(parts) > most:
        parts = parts[:most]
        parts[-1].truncate(max(1, width - 13))
        parts[-1].append(" …")
    return [head.copy().append_text(parts[0]), *(Text(" " * 11).append_text(part) for part in parts[1:])]


def _edges(walk: Walk, claim: Claim) -> list[Text]:
    lines = []
    for number, (edge, on) in enumerate(walk.edges(claim), start=1):
        name = edge.actor and edge.actor not in walk.desk.actors and walk.desk.actors
        line = Text.assemble(
            (f"{number if number < 10 else ' '} ", "bold magenta"), ("edge ● " if on else "edge ○ ", "dim")
        )
        line.append(_clean(edge_text(edge)), style="" if on else "dim strike")
        line.append("" if on else "  (off)", style="dim").append("  no actor of the case" if name else "", style="red")
        lines.append(line)
    return lines or [Text.assemble(("+ ", "bold magenta"), ("edge     none", "dim"))]


def _foot(walk: Walk, console: Console, width: int) -> list[Text]:
    """The question or the keys, and what the last key came to."""
    question, lines = walk.question, []
    if walk.note:
        lines += _wrapped(Text(_clean(walk.note), style="bold red" if walk.failed else "green"), console, width)[:4]
    if question is None:
        keys = Text()
        for key, word in COMMANDS.items():
            keys.append(f" {key}\u00a0", style="bold magenta").append(word.replace(" ", "\u00a0"))
        return [*lines, *_wrapped(keys, console, width)]
    asked = Text(f"{question.words}: ", style="bold")
    for key, word in question.choices.items():
        asked.append(f" {key}\u00a0", style="bold magenta").append((word or "none").replace(" ", "\u00a0"))
    lines += _wrapped(asked, console, width)
    if question.line is not None:
        text, at = _HIDDEN.sub("\ufffd", question.line.text) + " ", question.line.at
        written = Text(text)
        written.stylize("reverse", at, at + 1)
        rows = list(Text("> ").append_text(written).wrap(console, width, overflow="fold", no_wrap=False))
        cursor = next((n for n, row in enumerate(rows) if any(["reverse" in str(s.style) for s in row.spans])), 0)
        lines += rows[max(0, cursor - 3) : cursor + 3][:6]
    return [
        *lines,
        Text("Enter keeps · Esc leaves it as it was" if question.line else "Esc leaves it as it was", style="dim"),
    ]


def _help(width: int) -> list[Text]:
    words = [
        "Each key is kept at once: a terminal that dies loses nothing you decided.",
        "",
        "a  accept the claim as it stands          r  reject it, with a reason",
        "s  skip (also space, →)                   b  back (also ←)",
        "u  take back your latest decision         q  quit; the rest stays proposed",
        "1 … 9  edge on or off                     !  deny an edge, or no longer",
        "+  add an edge: requires:ostia, !veto:norland(the plan)",
        "",
        "A field's own letter, shown before it, edits the field:",
        "  content, speaker, cue: words of the document; pieces parted by …",
        "  chain, outermost first: The Gazette (outlet) > named: Ada Holm @ostia",
        "  kind, act: one letter from the list; polarity: turned at once",
        "  the others: free words; an empty line empties the field",
        "",
        "Any key goes back.",
    ]
    return [Text(line) for line in words]
