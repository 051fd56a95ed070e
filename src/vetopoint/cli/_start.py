"""The command that goes from texts to a case of one's own."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option, echo

from vetopoint.cli._common import console_progress

if TYPE_CHECKING:
    from vetopoint.answers import Early
    from vetopoint.study.drafting.plan import Party
    from vetopoint.study.drafting.start import Started, Understood


def start(
    texts: Annotated[
        list[Path],
        Argument(
            metavar="TEXT…", help="Texts, saved pages, mails, DOCX, ODT, RTF, PDF, subtitles, folders; - reads input."
        ),
    ],
    dir_: Annotated[
        Path | None,
        Option("--dir", metavar="DIR", help="The new case's folder (default: named after the first title)."),
    ] = None,
    pattern: Annotated[
        str,
        Option(
            metavar="NAME", help="The pattern to fill; `vetopoint patterns` lists them (default: the one that fits)."
        ),
    ] = "",
    draws: Annotated[int, Option(min=1, help="Number of draws.")] = 4_096,
    seed: Annotated[int, Option(min=0, help="The same seed gives the same bytes.")] = 1,
    no_open: Annotated[bool, Option("--no-open", help="Do not open the report in the browser.")] = False,
) -> None:
    """From a text to a case of your own: whose plan, whose yes, which threat, what else; written, checked, run."""
    from vetopoint.study.drafting.start import check_started, refuse_early, run_started, start_case
    from vetopoint.view import told
    from vetopoint.view.early import early_lines

    refuse_early(dir_, pattern)
    echo("reading …", err=True)
    started = start_case(texts, dir_, pattern=pattern)
    for line in understood_lines(started):
        echo(line)
    check_started(started)
    with console_progress() as progress:

        def early(found: Early) -> None:
            for line in early_lines(found):
                echo(line)

        run_started(started, draws, seed, progress, told, early)
    report = started.folder / "out" / "report.html"
    echo(
        f"next: mend in case.yaml what was misread, fill the gaps; vetopoint review {started.folder} judges the claims;"
    )
    echo(f"      vetopoint run {started.folder} runs the case again")
    echo(f"report: {report}")
    if not no_open and sys.stdin.isatty() and sys.stdout.isatty():
        import webbrowser

        webbrowser.open(report.resolve().as_uri())


def understood_lines(started: Started) -> list[str]:
    """What was understood of the texts, in at most thirty lines: the cast, the pattern, where the claims went, the gaps."""
    found, draft = started.understood, started.draft
    rows = [*_texts(found), *_cast(found), ("pattern", f"{found.pattern}, {found.why}"), *_claims(started)]
    lines = [f"  {name:<12} {_cut(words)}" for name, words in rows]
    gaps = [f"    {_cut(gap)}" for gap in draft.gaps[:_GAPS]]
    if len(draft.gaps) > _GAPS:
        gaps.append(f"    … and {len(draft.gaps) - _GAPS} more, marked GAP")
    head = ["What was understood (nobody has reviewed it yet):"]
    asked = [f"  {len(draft.gaps)} gaps, which only you can fill:", *gaps] if draft.gaps else []
    return [*found.refused[:3], *_apart(found), *head, *lines, *asked, f"case: {started.folder / 'case.yaml'}"]


_GAPS = 8
_WIDEST = 150


def _cut(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _WIDEST else words[: _WIDEST - 2].rsplit(" ", 1)[0] + " …"


def _texts(found: Understood) -> list[tuple[str, str]]:
    documents = list(found.documents.values())
    first = documents[0]
    said = [
        f"“{first.title}”" if first.title else first.id,
        first.outlet,
        first.date.isoformat() if first.date else "no date found",
    ]
    more = f" and {len(documents) - 1} more" if len(documents) > 1 else ""
    notes = "; ".join(dict.fromkeys(found.notes.values()))
    return [("text", ", ".join(filter(None, said)) + more), *([("date", notes)] if notes else [])]


def _apart(found: Understood) -> list[str]:
    """That the texts are on several plans, where they are, and from which the case was drafted."""
    if not found.aside:
        return []
    from vetopoint.study.drafting.english import plan_of

    others = ", ".join(f"{plan} in {id}" for id, plan in found.aside.items())
    plans = "two plans" if len(found.aside) == 1 else f"{1 + len(found.aside)} plans"
    first = next(iter(found.documents))
    return [
        f"These texts seem to speak of {plans}: {plan_of(found.cast)} in {first}, {others}.",
        f"Drafted from the first, without {', '.join(found.aside)} → start each of the others by itself.",
    ]


def _cast(found: Understood) -> list[tuple[str, str]]:
    from vetopoint.study.drafting.english import inside, opening

    cast = found.cast
    labels = {
        party.actor: party.label
        for party in (cast.owner, *cast.consenters, *cast.rivals, *cast.hosts, *cast.members, *cast.backers)
    }

    def names(parties: Iterable[Party]) -> str:
        return opening(", ".join(inside(party.label) for party in parties))

    rows = [
        ("whose plan", f"{cast.owner.label}: {cast.plan}"),
        ("whose yes", names(cast.consenters)),
        ("threat", opening(", ".join(inside(labels.get(actor, actor)) for actor in cast.threats)) or "none read"),
        ("instead", cast.fallback or "nothing said"),
        ("on whose soil", names(cast.hosts)),
        ("members", names(cast.members)),
        ("conceding", found.conceding),
        ("backers", names(cast.backers)),
        ("decided", cast.day_said),
    ]
    return [(name, words) for name, words in rows if words]


def _claims(started: Started) -> list[tuple[str, str]]:
    draft = started.draft
    lost = Counter(draft.unplaced.values()).most_common(2)
    why = "; ".join(f"{number}: {'each ' if number > 1 else ''}{reason}" for reason, number in lost)
    total = len(draft.placed) + len(draft.unplaced)
    rows = [("claims", f"{total} read, {len(draft.placed)} went into the case"), ("left out", why)]
    if 2 * len(draft.placed) < total:
        rows.append(
            (
                "careful",
                "most of what was read has no place in such a plan: is the text about one, and is it this kind?",
            )
        )
    return [(name, words) for name, words in rows if words]


COMMANDS = (start,)
