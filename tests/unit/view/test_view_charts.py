"""Charts as specifications: plain values, honest cuts, and tables that say the same."""

from __future__ import annotations

import base64
import csv
import io
import json

import pytest
from example_answers import example_answers

from vetopoint.answers import TreeNodeAnswer
from vetopoint.view.charts import pictures
from vetopoint.view.charts.game import readable_tree
from vetopoint.view.charts.line import line_figure, map_figure
from vetopoint.view.charts.spec import Branch, ChartSpec, Interval, Point, Track
from vetopoint.view.charts.truce import further_figure, needed_figure
from vetopoint.view.names import Names, names_of
from vetopoint.view.tables import Column, Figure, Link, Rows

KINDS = {"bars", "dots", "ranges", "lines", "stack", "strip", "heat", "calendar", "tree", "map"}


@pytest.fixture(scope="module")
def figures() -> list[Figure]:
    answers = example_answers()
    return [figure for made in pictures(answers, names_of(answers)).values() for figure in made]


def test_every_figure_has_sentence_rows_table_and_its_own_id(figures: list[Figure]) -> None:
    assert len({f.id for f in figures}) == len(figures)
    for f in figures:
        assert f.sentence.endswith("."), f.id
        assert f.table.rows, f.id
        assert f.chart is None or f.chart.rows, f.id


def test_every_kind_is_in_use(figures: list[Figure]) -> None:
    assert {f.chart.kind for f in figures if f.chart is not None} == KINDS


def test_specifications_are_strict_json_and_keep_their_series(figures: list[Figure]) -> None:
    for f in figures:
        if f.chart is None:
            continue
        spec = json.loads(json.dumps(f.spec(), allow_nan=False))
        keys = {s["key"] for s in spec["series"]}
        used = {r.get("series") or r.get("part") for r in spec["rows"]} - {None}
        assert used <= keys or not keys, f.id


def test_a_number_that_is_none_is_left_out_and_not_drawn() -> None:
    spec = ChartSpec("bars", (Interval("x", 0.123456789), Interval("y", float("nan"))))
    assert spec.as_json()["rows"] == [{"label": "x", "mean": 0.123457}, {"label": "y"}]


def _chain(ends: int) -> list[TreeNodeAnswer]:
    """Return a tree of one move with many options, the first likelier than all others."""
    shares = [0.5] + [0.5 / (ends - 1)] * (ends - 1)
    root = TreeNodeAnswer(id=0, parent=None, move=None, option=None, by=None, probability=1.0, goal={"g": 0.5})
    return [
        root,
        *(
            TreeNodeAnswer(
                id=i + 1,
                parent=0,
                move="m",
                option=f"o{i}",
                by="a",
                probability=p,
                outcome="end",
                goal={"g": float(i == 0)},
            )
            for i, p in enumerate(shares)
        ),
    ]


def test_the_tree_is_cut_by_probability_and_says_so() -> None:
    tree = readable_tree(_chain(200), (), "g", Names(), most=10)
    leaves = _leaves(tree.branches)
    assert len(leaves) <= 10
    assert tree.histories == 200
    assert tree.least > 0
    assert tree.gathered == pytest.approx(0.5)
    assert sum(b.value for b in leaves) == pytest.approx(1.0)


def test_a_small_tree_is_not_cut() -> None:
    tree = readable_tree(_chain(4), (), "g", Names())
    assert tree.least == 0
    assert len(_leaves(tree.branches)) == 4


def test_rounds_are_drawn_as_one_and_probability_is_kept() -> None:
    answers = example_answers()
    tree = readable_tree(answers.tree, answers.veto_points, "built", names_of(answers))
    labels = [b.label for b in tree.branches]
    assert "revoke, some round" in labels
    assert "keep, every round" in labels
    assert sum(b.value for b in _leaves(tree.branches)) == pytest.approx(
        sum(n.probability for n in answers.tree if n.outcome)
    )
    byid = {b.id: b for b in tree.branches}
    for b in tree.branches[1:]:
        assert b.value == pytest.approx(b.share * byid[b.parent or ""].value)


def _rounds() -> tuple[list[TreeNodeAnswer], Names]:
    """Return a tree in which consent is kept three times, or revoked in one of the rounds, each a third likely."""
    nodes = [TreeNodeAnswer(id=0, parent=None, move=None, option=None, by=None, probability=1.0, goal={"g": 0.3})]
    left = 1.0
    for round_ in (1, 2, 3):
        for option in ("revoke", "keep"):
            ends = option == "revoke" or round_ == 3
            nodes.append(
                TreeNodeAnswer(
                    id=len(nodes),
                    parent=max(0, 2 * round_ - 2),
                    move="review",
                    round=round_,
                    option=option,
                    by="a",
                    probability=left * (1 / 3 if option == "revoke" else 2 / 3),
                    outcome=option if ends else None,
                    goal={"g": float(option == "keep")},
                )
            )
        left *= 2 / 3
    return nodes, Names(rounds={"review": 3})


@pytest.mark.parametrize(
    ("kinds", "painted"),
    [
        (("effective", "effective", "effective"), "effective"),
        (("effective", None, None), ""),
        ((None, "forcing", "forcing"), ""),
        (("forcing", "effective", "effective"), ""),
    ],
)
def test_rounds_drawn_as_one_bear_a_veto_only_where_it_holds_in_all_of_them(
    kinds: tuple[str | None, ...], painted: str
) -> None:
    nodes, names = _rounds()
    veto = example_answers().veto_points[0]
    vetoes = [
        veto.model_copy(
            update={
                "move": "review",
                "option": "revoke",
                "round": i,
                "kind": k,
                "goal": "g",
                "owner": False,
                "scope": "option",
            }
        )
        for i, k in enumerate(kinds, 1)
        if k
    ]
    drawn = readable_tree(nodes, vetoes, "g", names).branches
    revoked = next(b for b in drawn if b.label == "revoke, some round")
    assert revoked.series == painted
    assert revoked.value == pytest.approx(sum(n.probability for n in nodes if n.option == "revoke"))
    assert revoked.value == pytest.approx(1 - (2 / 3) ** 3)


def _leaves(branches: tuple[Branch, ...]) -> list[Branch]:
    parents = {b.parent for b in branches}
    return [b for b in branches if b.id not in parents]


def test_vetoes_are_marked_on_the_tree_and_the_owner_is_not() -> None:
    answers = example_answers()
    tree = readable_tree(answers.tree, answers.veto_points, "built", names_of(answers))
    marks = {b.label: b.series for b in tree.branches}
    assert marks["refuse"] == "effective"
    assert marks["ram the pier"] == "forcing"
    assert marks["offer nothing"] == ""
    assert marks["tolerate it"] == "goal"


def test_curves_start_at_one_and_hold_their_band(figures: list[Figure]) -> None:
    curves = next(f for f in figures if f.id == "curves").chart
    assert curves is not None
    points = [r for r in curves.rows if isinstance(r, Point)]
    assert all(p.y == 1 for p in points if p.x == 0)
    assert all(p.lo <= p.y <= p.hi for p in points if p.lo is not None and p.hi is not None)


def test_the_line_is_drawn_only_with_a_line() -> None:
    answers = example_answers()
    assert answers.truce is not None
    assert line_figure(answers.truce, Names()) is not None
    assert line_figure(answers.truce.model_copy(update={"line": None}), Names()) is None


def test_the_map_stretches_kilometres_to_the_length_of_the_case_and_says_so() -> None:
    answers = example_answers()
    assert answers.truce is not None
    assert answers.truce.line is not None
    figure = map_figure(answers.truce, Names())
    assert figure is not None
    assert figure.chart is not None
    tracks = [r for r in figure.chart.rows if isinstance(r, Track)]
    assert len(tracks) == 2
    assert (tracks[0].points[0][2], tracks[-1].points[-1][2]) == (0.0, 300.0)
    assert "100% of the line" not in figure.sentence
    assert "30% of the line by day and 10% of the line by night" in figure.sentence
    assert "schematic" in figure.note
    stretches = [r for r in figure.table.rows if not str(r[0]).startswith("Incident")]
    assert sum(int(str(r[3])) for r in stretches) == 30
    assert sum(float(str(r[4])) for r in stretches) / len(stretches) == pytest.approx(0.3)
    measured = answers.truce.line.model_copy(update={"measured_km": 301.0, "incidents": ()})
    exact = map_figure(answers.truce.model_copy(update={"line": measured}), Names())
    assert exact is not None
    assert "schematic" not in exact.note
    assert "no places of incidents" in exact.note


def test_there_is_no_map_without_a_drawn_line() -> None:
    answers = example_answers()
    assert answers.truce is not None
    assert answers.truce.line is not None
    undrawn = answers.truce.line.model_copy(update={"points": (), "parts": (), "measured_km": None})
    assert map_figure(answers.truce.model_copy(update={"line": undrawn}), Names()) is None
    assert map_figure(answers.truce.model_copy(update={"line": None}), Names()) is None


def test_what_it_would_take_says_what_is_out_of_reach() -> None:
    answers = example_answers()
    assert answers.truce is not None
    figure = needed_figure(answers.truce, names_of(answers))
    assert figure is not None
    assert figure.sentence == (
        "For the truce to hold 12 months with a chance of 80%: under “a resident crew” 2,400 people or a detection of 55% would do "
        "alone, while not even certain consent would; under “cameras only” no detection and not even certain consent would do alone."
    )
    assert figure.table.rows[1][2:] == (None, "out of reach", "out of reach")
    needs = tuple(n.model_copy(update={"value": None}) for n in answers.truce.needed)
    beyond = needed_figure(answers.truce.model_copy(update={"needed": needs}), Names())
    assert beyond is not None
    assert beyond.sentence.endswith(
        "under no form would any of these do alone: more people, better detection and certain consent."
    )
    assert needed_figure(answers.truce.model_copy(update={"needed": ()}), Names()) is None


def test_having_held_so_far_has_one_row_for_each_form() -> None:
    answers = example_answers()
    assert answers.truce is not None
    figure = further_figure(answers.truce, names_of(answers))
    assert figure is not None
    assert [c.head for c in figure.table.columns] == [
        "Form of presence",
        "After 3 months: 12 months more",
        "After 12 months: 12 months more",
    ]
    assert len(figure.table.rows) == len(answers.truce.forms)
    assert "falls with time" in figure.note


def test_csv_gives_bands_in_three_columns_and_no_formulas() -> None:
    band = example_answers().goals[0].probability
    things = [("=cmd()", band, Link("+there", "x")), ("plain, with comma", None, "")]
    table = Rows(things).under(
        Column("What", lambda t: t[0]), Column("P", lambda t: t[1], "percent"), Column("Where", lambda t: t[2])
    )
    rows = list(csv.reader(io.StringIO(table.csv())))
    assert rows[0] == ["What", "P", "P (5th)", "P (95th)", "Where"]
    assert rows[1] == ["'=cmd()", "0.33", "0.264", "0.396", "'+there"]
    assert rows[2] == ["plain, with comma", "", "", "", ""]
    head, _, body = table.data_uri().partition(",")
    assert head == "data:text/csv;charset=utf-8;base64"
    assert base64.b64decode(body).decode() == table.csv()


def test_bare_answers_have_fewer_pictures_and_no_error() -> None:
    answers = example_answers(bare=True)
    drawn = pictures(answers, names_of(answers))
    assert drawn["truce"] == drawn["coalition"] == drawn["change"] == ()
    assert {f.id for f in drawn["game"]} == {"goals", "outcomes", "decisiveness-built", "options"}
