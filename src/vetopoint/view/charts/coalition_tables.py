"""Tables of the coalition that need no picture: who is reported to concede what, and what blocs weigh."""

from __future__ import annotations

from vetopoint.answers import CoalitionSection
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, listed, percent_band
from vetopoint.view.tables import Column, Figure, Link, Table

__all__ = ["blocs_figure", "conceding_figure"]


def conceding_figure(section: CoalitionSection, names: Names) -> Figure | None:
    """Each dated report of how many members concede the dependency."""
    found = section.conceding
    if found is None or not found.reports:
        return None
    labels = {m.name: m.label for m in section.members}
    table = Table(
        (
            Column("Reported"),
            Column("Of whom"),
            Column("Concede", "percent"),
            Column("Trend reported"),
            Column("Names whom it speaks of"),
            Column("Claims"),
            Column("Note"),
        ),
        tuple(
            (
                r.date.isoformat() if r.date else names.when(r.month),
                labels.get(r.of, capital(r.of)) if r.of else "the group",
                r.share,
                r.trend,
                "yes" if r.who == "named" else "no",
                tuple(Link(c, f"claim-{c}") for c in r.because),
                r.note,
            )
            for r in found.reports
        ),
    )
    sentence = (
        f"{capital(count(len(found.reports), 'report'))}; at the month of decision {percent_band(found.share)} concede."
    )
    return Figure("conceding", "Who is reported to concede the dependency", sentence, table)


def blocs_figure(section: CoalitionSection) -> Figure | None:
    """What members that go together weigh, by Owen's value."""
    if not section.blocs:
        return None
    labels = {m.name: m.label for m in section.members}
    table = Table(
        (Column("Bloc"), Column("Member"), Column("Of the member", "points"), Column("Of the bloc", "points")),
        tuple(
            (capital(b.name.replace("_", " ")), labels.get(m, m), share, b.lift)
            for b in section.blocs
            for m, share in b.members.items()
        ),
    )
    ranked = sorted(section.blocs, key=lambda b: -b.lift.mean)
    sentence = f"In order of what they add: {listed([capital(b.name.replace('_', ' ')) for b in ranked])}."
    return Figure("blocs", "What blocs of members weigh (Owen value)", sentence, table)
