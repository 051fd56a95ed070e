"""Tables of the coalition that need no picture: who is reported to concede what, and what blocs weigh."""

from __future__ import annotations

from vetopoint.answers import CoalitionSection
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, listed, percent_band
from vetopoint.view.tables import Column, Figure, Link, Rows

__all__ = ["blocs_figure", "conceding_figure"]


def conceding_figure(section: CoalitionSection, names: Names) -> Figure | None:
    """Each dated report of how many members concede the dependency."""
    found = section.conceding
    if found is None or not found.reports:
        return None
    labels = {m.name: m.label for m in section.members}
    table = Rows(found.reports).under(
        Column("Reported", lambda r: r.date.isoformat() if r.date else names.when(r.month)),
        Column("Of whom", lambda r: labels.get(r.of, capital(r.of)) if r.of else "the group"),
        Column("Concede", lambda r: r.share, "percent"),
        Column("Trend reported", lambda r: r.trend),
        Column("Names whom it speaks of", lambda r: "yes" if r.who == "named" else "no"),
        Column("Claims", lambda r: tuple(Link(c, f"claim-{c}") for c in r.because)),
        Column("Note", lambda r: r.note),
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
    table = Rows([(b, *share) for b in section.blocs for share in b.members.items()]).under(
        Column("Bloc", lambda r: capital(r[0].name.replace("_", " "))),
        Column("Member", lambda r: labels.get(r[1], r[1])),
        Column("Of the member", lambda r: r[2], "points"),
        Column("Of the bloc", lambda r: r[0].lift, "points"),
    )
    ranked = sorted(section.blocs, key=lambda b: -b.lift.mean)
    sentence = f"In order of what they add: {listed([capital(b.name.replace('_', ' ')) for b in ranked])}."
    return Figure("blocs", "What blocs of members weigh (Owen value)", sentence, table)
