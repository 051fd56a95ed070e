"""The command by which people judge what the reader proposed: one claim, many at once, in a spreadsheet, or key by key."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from typer import Argument, BadParameter, Option, echo

from vetopoint.cli._common import CaseArgument, StoreOption, Texts

if TYPE_CHECKING:
    from vetopoint.cli._walk import Walk
    from vetopoint.evidence.claim import Action
    from vetopoint.evidence.desk import Desk, Wanted

_MANY = "all, an id, a range (c3-c9) or several with commas"
Chosen = Annotated[
    str, Argument(metavar="[CLAIM]", help=f"The claims: {_MANY}. Without it: walk through the proposed ones.")
]
Verb = Annotated[
    Literal["accept", "reject", "correct", "undo"] | None,
    Argument(help="What to do with them. Without it: walk through them, key by key."),
]


def review(
    case: CaseArgument,
    claim: Chosen = "",
    action: Verb = None,
    coder: Annotated[str, Option(help="Who reviews; needed once, then remembered (or VETOPOINT_CODER).")] = "",
    reason: Annotated[str, Option(help="Why.")] = "",
    change: Annotated[
        Texts,
        Option(
            "--change",
            metavar="FIELD=VALUE",
            help='Correct a field: polarity=-1, edges="requires:ostia, !veto:norland".',
        ),
    ] = None,
    accept: Annotated[str, Option(metavar="CLAIMS", help=f"Accept {_MANY}.")] = "",
    reject: Annotated[str, Option(metavar="CLAIMS", help="Reject them, with --reason.")] = "",
    kind: Annotated[Texts, Option(help="Only claims of this kind.")] = None,
    rule: Annotated[Texts, Option(help="Only claims that this rule found; edge-* takes all such.")] = None,
    source: Annotated[Texts, Option(help="Only claims of this document.")] = None,
    status: Annotated[Texts, Option(help="Only claims that stand so (default for all and ranges: proposed).")] = None,
    write_sheet: Annotated[
        Path | None, Option("--write-sheet", metavar="FILE.csv", help="Write a spreadsheet, one row a claim.")
    ] = None,
    read_sheet: Annotated[
        Path | None,
        Option("--read-sheet", metavar="FILE.csv", help="Take back what was changed in it, all or nothing."),
    ] = None,
    store: StoreOption = None,
) -> None:
    """Accept, correct or reject what the reader proposed: key by key, one claim, many at once, or in a spreadsheet."""
    verb, words = _asked(claim, action, accept, reject)
    changes = _changes(change or [])
    if changes and verb != "correct":
        raise BadParameter("--change goes with correct: vetopoint review CASE CLAIM correct --change FIELD=VALUE")
    if [write_sheet, read_sheet].count(None) < 1 or (words and verb and (write_sheet or read_sheet)):
        raise BadParameter("one thing at a time: a spreadsheet out, a spreadsheet in, or decisions")
    from vetopoint.evidence.desk import Wanted, open_desk

    wanted = Wanted(*(tuple(part or ()) for part in (kind, rule, source, status)))
    with open_desk(case, store, coder) as desk:
        if write_sheet is not None:
            _write(desk, words, wanted, write_sheet)
        elif read_sheet is not None:
            _read(desk, read_sheet)
        elif verb is None:
            _walk(desk, words or "all", wanted)
        else:
            _decide(desk, desk.chosen(words, wanted), verb, reason, changes)


def _asked(claim: str, action: Action | None, accept: str, reject: str) -> tuple[Action | None, str]:
    """What is to be done, and with which claims."""
    ways: list[tuple[Action | None, str]] = [("accept", accept), ("reject", reject), (action, claim)]
    given = [(verb, words) for verb, words in ways if words]
    if len(given) > 1:
        raise BadParameter("claims are named twice → name them once, behind the case or behind --accept or --reject")
    return given[0] if given else (None, "")


def _changes(pairs: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadParameter(f"'{pair}' → write --change field=value")
        found[name.strip()] = value.strip()
    return found


def _decide(desk: Desk, ids: list[str], action: Action, reason: str, changes: dict[str, str]) -> None:
    from vetopoint.evidence.fields import shown
    from vetopoint.evidence.review import Decision

    if not ids:
        echo(
            f"no claim fits: nothing to {action} (`all` and ranges mean the proposed ones, unless --status says otherwise)"
        )
        return
    numbers = desk.decide([Decision(id, action, reason, changes) for id in ids])
    if len(ids) > 1:
        echo(f"{len(ids)} claims: {action}, entries {numbers[0]} to {numbers[-1]} of the review log")
        return
    echo(f"{ids[0]}: {action}, entry {numbers[0]} of the review log")
    if changes:
        now = desk.claim(ids[0])
        for name in changes:
            echo(f"  {name}: {shown(now, name) or 'none'}")


def _write(desk: Desk, words: str, wanted: Wanted, path: Path) -> None:
    from vetopoint.evidence.sheet import write_sheet

    claims = desk.claims(wanted)
    if words:
        ids = frozenset(desk.chosen(words, wanted))
        claims = [claim for claim in claims if claim.id in ids]
    echo(f"{write_sheet(claims, path)} claims: {path}; then `vetopoint review CASE --read-sheet {path}`")


def _read(desk: Desk, path: Path) -> None:
    from vetopoint.evidence.sheet import read_sheet

    found = read_sheet(desk, path)
    if found.decisions:
        desk.decide(found.decisions)
    done = Counter(decision.action for decision in found.decisions)
    said = ", ".join(f"{number} {action}" for action, number in sorted(done.items())) or "nothing was changed"
    echo(f"{found.rows} rows: {said}")
    if found.ignored:
        echo(f"columns that are none of a claim's: {', '.join(found.ignored)}", err=True)


def _walk(desk: Desk, words: str, wanted: Wanted) -> None:
    from vetopoint.cli._keys import is_terminal
    from vetopoint.cli._walk import Walk
    from vetopoint.errors import VetopointError

    if not is_terminal():
        raise VetopointError(
            "no terminal to walk through the claims in → name claims and an action, or use --write-sheet"
        )
    ids = desk.chosen(words, wanted)
    if not ids:
        echo("no claim fits: nothing is left to review")
        return
    walk = Walk(desk, ids)
    assert desk.coder  # asked before the screen is taken
    with suppress(KeyboardInterrupt):  # everything decided is kept, as by q
        _keys(walk)
    done = Counter(walk.judged.values())
    said = ", ".join(f"{number} {status}" for status, number in sorted(done.items())) or "nothing decided"
    echo(f"{said}; {walk.left} of {len(walk.ids)} left")


def _keys(walk: Walk) -> None:
    import shutil

    from rich.console import Console

    from vetopoint.cli._keys import keyboard, put
    from vetopoint.cli._screen import Style, screen

    console = Console()
    style: Style = "bare" if console.color_system is None else "plain" if console.no_color else "colour"
    with keyboard() as keys:
        size: Any = None
        while not walk.over:
            now = shutil.get_terminal_size()
            if now != size:
                size = now
                put("\x1b[H" + screen(walk, size.columns, size.lines, style))
            key = keys.read(0.5)
            if key is not None:
                walk.press(key)
                put("\x1b[H" + screen(walk, size.columns, size.lines, style))
