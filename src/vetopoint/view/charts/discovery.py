"""Pictures of what several numbers do together: two at a time as a map, and the boxes in which the plan fails."""

from collections.abc import Iterator, Sequence

from vetopoint.answers import Answers, PairMap, ScenarioBox, ScenarioDiscovery
from vetopoint.view.charts.spec import Axis, Cell, ChartSpec, Point, Series
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, number, percent
from vetopoint.view.sentences.discovery import box_words, hundred_of, limit_words
from vetopoint.view.tables import Column, Figure, Rows

__all__ = ["figures"]


def figures(answers: Answers, names: Names) -> Iterator[Figure]:
    """Return the maps of pairs, the lines on which they flip, and the boxes."""
    goal = names.goal(answers.change.goal)
    known = [pair for pair in answers.change.pairs if any(c is not None for row in pair.chance for c in row)]
    for place, pair in enumerate(known, 1):
        yield _map(pair, place, goal)
        if len(pair.line) > 1:
            yield _line(pair, place, goal)
    if answers.change.scenarios is not None:
        yield _boxes(answers.change.scenarios, names)


def _said(label: str, unit: str) -> str:
    return capital(label.lstrip("… ")) + (f" ({unit})" if unit else "")


def _distinct(values: Sequence[float]) -> list[str]:
    """Values in as few digits, two at least, as keep them apart."""
    for digits in range(2, 9):
        said = [number(v, digits) for v in values]
        if len(set(said)) == len(said):
            return said
    return [f"{number(v)} ({place})" for place, v in enumerate(values, 1)]


def _map(pair: PairMap, place: int, goal: str) -> Figure:
    """The chance over two numbers, cell by cell."""
    first, second = _said(pair.first_label, pair.first_unit), _said(pair.second_label, pair.second_unit)
    up, across = _distinct(pair.first_values), _distinct(pair.second_values)
    cells: list[Cell] = []
    rows: list[tuple[float, float, float | None, int]] = []
    for i in reversed(range(len(pair.first_values))):
        for j, y in enumerate(pair.second_values):
            x, chance, draws = pair.first_values[i], pair.chance[i][j], pair.draws[i][j]
            rows.append((x, y, chance, draws))
            if chance is not None:
                past = " ●" if chance > pair.level else ""
                text = f"{percent(chance)}{past}"
                cells.append(Cell(up[i], across[j], chance, min(chance, 1.0), text))
    known = [c for _, _, c, _ in rows if c is not None]
    sentence = f"With “{first}” (up) and “{second}” (across) at the middle of each cell, the chance of “{goal}” goes from {percent(min(known))} to {percent(max(known))}; "
    over = sum(c > pair.level for c in known)
    sentence += (
        f"it is above {percent(pair.level)} in {count(over, 'cell')} of {len(known)}."
        if over
        else f"no cell of {len(known)} comes above {percent(pair.level)}."
    )
    places = range(len(across))

    def said(i: int, j: int) -> str:
        chance = pair.chance[i][j]
        return f"{'too few' if chance is None else percent(chance)} ({pair.draws[i][j]})"

    table = Rows(reversed(range(len(up)))).under(
        Column(f"{first}, down; {second}, across", lambda i: up[i]),
        *Rows[int](()).each({j: across[j] for j in places}, said),
    )
    fewest = min(d for _, _, c, d in rows if c is not None)
    note = (
        f"Smoothed from the draws, all other numbers as drawn; in the table the draws that lie in a cell stand in brackets, at least {fewest}, with a standard error of "
        f"{100 * pair.error:.1f} points at most. ● above {percent(pair.level)}."
    )
    title = f"Two numbers at a time: {first} and {second}"
    return Figure(f"pair-{place}", title, sentence, table, ChartSpec("heat", cells, x=Axis(format="percent")), note)


def _line(pair: PairMap, place: int, goal: str) -> Figure:
    """The line in the plane of two numbers on which the finding flips."""
    first, second = _said(pair.first_label, pair.first_unit), _said(pair.second_label, pair.second_unit)
    points = sorted(pair.line)
    sentence = (
        f"The chance of “{goal}” passes {percent(pair.level)} on the line from {number(points[0][0])} of “{first}” with {number(points[0][1])} of "
        f"“{second}” to {number(points[-1][0])} with {number(points[-1][1])}."
    )
    table = Rows(points).under(Column(first, lambda p: p[0], "number"), Column(second, lambda p: p[1], "number"))
    single = len({x for x, _ in points}) == len(points)
    rows = [Point(x, y, series="line") for x, y in points]
    heights = [y for _, y in points]
    chart = ChartSpec(
        "lines",
        rows,
        x=Axis(label=first),
        y=Axis(domain=(min(heights), max(heights))),
        series=(Series("line", f"{second}, at which the chance is {percent(pair.level)}", "c2"),),
    )
    note = "" if single else "It passes more than once for some values; the points are in the table."
    return Figure(
        f"pair-line-{place}", f"Where it flips: {first} and {second}", sentence, table, chart if single else None, note
    )


def _boxes(found: ScenarioDiscovery, names: Names) -> Figure:
    """The boxes in which the plan fails, or does best."""
    sentence = (
        f"{capital(box_words(found.boxes[0], found, names))}."
        if found.boxes
        else f"No few numbers tell in which draws {names.quoted(found.event)}."
    )

    def where(box: ScenarioBox) -> str:
        return "; ".join(limit_words(limit, names) for limit in box.limits)

    table = Rows(found.boxes).under(
        Column("Where", where),
        Column("Of 100 draws there", lambda b: b.density, "percent"),
        Column("Of 100 such draws in all", lambda b: b.coverage, "percent"),
        Column("Draws there", lambda b: b.draws, "number"),
    )
    note = (
        f"{capital(found.why) + '. ' if found.why else ''}Overall {hundred_of(found.share)} draws are such draws (density: of the draws in a box; "
        f"coverage: of all such draws; later boxes look at what earlier ones leave). Found by PRIM among {count(found.inputs, 'number')} on "
        f"{found.draws:,} draws, measured on as many others."
    )
    title = (
        "Which few numbers together tell where it fails"
        if not found.why
        else "Which few numbers together tell where it does best or worst"
    )
    return Figure("scenarios", title, sentence, table, note=note, open_table=True)
