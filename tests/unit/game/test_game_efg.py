"""The .efg reader and writer: particulars of the format, refusals with the line, and the answer of `solve_efg`."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shapes import consent_payoffs, consent_tree, random_chance, random_tree
from vetopoint.errors import SolverError
from vetopoint.game.efg import branch_efg, parse_efg, read_efg, solve_efg, table, write_efg
from vetopoint.game.solver.solve import solve_aqre
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Node, Tree

SIGNAL = r"""EFG 2 R "A \"quoted\" title" { "Sender" "Receiver" }
"A comment
over two lines"
c "nature" 7 "deal" { "hi" 1/4 "lo" .75 } 3 "bonus" { 1.5, -1e1 }
p "" 1 9 "saw hi" { "up" "down" } 0
p "" 2 2 "answer" { "yes" "no" } 0
t "" 1 "win" { 10 2 }
t "" 2 "lose" { 0, 10 }
p "" 2 1 "quiet" { "yes" "no" } 0
t "" 1
t "" 2 "lose"
p "" 1 4 "saw lo" { "up" "down" } 2
p "" 2 2 0
t "" 1
t "" 0
p "" 2 1 "quiet" { "yes" "no" } 0
t "" 1
t "" 2 { 0 10 }
"""


def test_outcomes_add_up_along_the_play_and_may_be_bare_numbers() -> None:
    game = parse_efg(SIGNAL)
    bonus, win, lose = np.array([1.5, -10.0]), np.array([10.0, 2.0]), np.array([0.0, 10.0])
    hi = [bonus + win, bonus + lose] * 2
    lo = [bonus + lose + end for end in (win, np.zeros(2), win, lose)]
    np.testing.assert_allclose(game.payoffs, [*hi, *lo])
    np.testing.assert_allclose(game.chance, [0.25, 0.75])
    assert game.title == 'A "quoted" title'
    assert game.comment == "A comment\nover two lines"


def test_information_sets_are_ordered_by_player_and_number_in_the_file() -> None:
    game = parse_efg(SIGNAL)
    assert game.tree.infoset_player.tolist() == [0, 0, 1, 1]
    assert game.numbers == (4, 9, 1, 2)
    assert game.names == ("saw lo", "saw hi", "quiet", "answer")
    assert [len(game.tree.members(h)) for h in range(4)] == [1, 1, 2, 2]


def test_solving_a_file_answers_in_the_stated_form(tmp_path: Path) -> None:
    path = tmp_path / "signal.efg"
    path.write_text(SIGNAL)
    solved = solve_efg(path, 0.3)
    assert list(solved) == ["label", "residual", "infosets"]
    assert solved["label"] == "converged"
    assert 0 <= solved["residual"] < 1e-10
    assert [(found["player"], found["infoset"]) for found in solved["infosets"]] == [(1, 4), (1, 9), (2, 1), (2, 2)]
    assert all(list(found) == ["player", "infoset", "name", "probabilities"] for found in solved["infosets"])
    game = read_efg(path)
    direct = solve_aqre(game.tree, game.payoffs[None], game.chance[None, None], np.full((1, 2), 0.3))
    np.testing.assert_array_equal(np.concatenate([f["probabilities"] for f in solved["infosets"]]), direct.strategy[0])
    assert table(solved)[1][:3] == ("1", "4", "saw lo")


@pytest.mark.parametrize("seed", range(6))
def test_writing_and_reading_returns_the_same_game(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tree = consent_tree() if seed == 0 else random_tree(rng)
    payoffs = consent_payoffs(1, seed)[0] if seed == 0 else rng.normal(size=(tree.n_terminals, tree.n_players))
    chance = random_chance(rng, tree)[0, 0] if tree.n_chance else np.zeros(0)
    back = parse_efg(write_efg(tree, payoffs, chance, 'title with "quotes" and \\', "comment"))
    assert back.title == 'title with "quotes" and /'
    assert (back.tree.n_nodes, back.tree.n_infosets) == (tree.n_nodes, tree.n_infosets)
    precision = np.full((1, tree.n_players), 1.0)
    one = solve_aqre(tree, payoffs[None], chance[None, None], precision)
    other = solve_aqre(back.tree, back.payoffs[None], back.chance[None, None], precision)
    for h in range(tree.n_infosets):
        same = [k for k in range(tree.n_infosets) if back.names[k] == tree.infoset_names[h]]
        mine = one.strategy[0, list(tree.actions(h))]
        assert any(np.allclose(mine, other.strategy[0, list(back.tree.actions(k))], atol=1e-9) for k in same)


def test_latin_1_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    text = 'EFG 2 R "caf\u00e9" { "a" }\np "" 1 1 "" { "l" "r" } 0\nt "" 1 "" { 1 }\nt "" 2 "" { 0 }\n'
    for name, raw in (("latin", text.encode("latin-1")), ("bom", b"\xef\xbb\xbf" + text.encode())):
        (tmp_path / name).write_bytes(raw)
        assert read_efg(tmp_path / name).title == "caf\u00e9"


HEAD = 'EFG 2 R "t" { "a" "b" }\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"game.efg:1: not an extensive game"),
        ("NFG 1 R", r"game.efg:1: a strategic game \(.nfg\).* → give a file"),
        ('EFG 1 R "t" { "a" }', "only version 2"),
        ('EFG 2 R "t" { }', "no players"),
        (HEAD + 'p "" 1 1 "" { "l" "r" } 0\nt "" 1 "" { 1 2 }', r":3: .*branch 2 of node 1 is missing"),
        (HEAD + 't "" 1 "" { 1 2 3 }', r":2: outcome 1: 3 payoffs for 2 players"),
        (HEAD + 't "" 1 "" { 1 2 3 }\n\n', r":2: outcome 1: 3 payoffs for 2 players → give one for each"),
        (HEAD + 't "" 1 "" { 1 1e999999999 }', r":2: expected a payoff.*'1e999999999'"),
        (HEAD + 't "" 1 "" { 1 1e400 }', r":2: 1e400 is too large a number → measure"),
        (HEAD + 't "" 1 "" { 1 1_000 }', r":2: expected a payoff.*'1_000'"),
        (HEAD + 't "" 1 "" { 1 1/0 }', r":2: expected a payoff.*'1/0'"),
        (HEAD + 't "" 1 "" { 1 x }', r":2: expected a payoff.*'x'"),
        (HEAD + 't "" 1', "payoffs are missing at its first mention"),
        (HEAD + 't "" 1 "" { 1 2 }\nt "" 1', r":3: text after the last node"),
        (HEAD + 'p "" 3 1 "" { "l" } 0\nt "" 0', "player 3 is not one of the 2"),
        (HEAD + 'p "" 1 1 0\nt "" 0', "actions are missing at its first mention"),
        (HEAD + 'c "" 1 "" { "l" 1/2 "r" 1/3 } 0\nt "" 0\nt "" 0', "probabilities sum to 0.833333 → "),
        (HEAD + 'p "" 1 1 "" { "l" } 0\np "" 1 1 "" { "l" "r" } 0', r":3: .*actions \['l', 'r'\] here, \['l'\] at"),
        (
            HEAD + 'p "" 1 1 "" { "l" "r" } 0\nt "" 0\np "" 1 1 "" { "r" "l" } 0',
            r":4: .*actions \['r', 'l'\] here.* → list the same actions in the same order",
        ),
        (HEAD + 'c "" 1 "" { "l" 1.5 "r" -0.5 } 0\nt "" 0\nt "" 0', "a probability is below zero"),
        (HEAD + 'p "" 1 1 "" { "l" "r" } 0\nt "" 1 "" { 1 2 }\nt "" 1 "" { 2 1 }', "payoffs differ"),
        (HEAD, "expected the root node"),
        (HEAD + 'p "" x 1', "a whole number, found 'x'"),
        (
            HEAD + 'p "" 1 1 "h" { "l" } 0\np "" 1 1 0\nt "" 0',
            "game.efg: information set 'h' of a: absent-mindedness",
        ),
        (
            HEAD + 'p "" 1 1 "h" { "l" "r" } 0\np "" 1 2 "k" { "x" } 0\nt "" 0\np "" 1 2 0\nt "" 0',
            "'k' of a: imperfect recall",
        ),
    ],
)
def test_broken_files_are_refused_with_place_and_reason(text: str, message: str) -> None:
    with pytest.raises(SolverError, match=message):
        parse_efg(text)


def test_a_missing_file_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(SolverError, match="cannot be read"):
        read_efg(tmp_path / "none.efg")


def test_long_plays_need_no_recursion() -> None:
    rounds = 3000
    lines = [f'p "" 1 {k + 1} "" {{ "on" "off" }} 0' for k in range(rounds)]
    game = parse_efg(HEAD + "\n".join(lines) + "\n" + 't "" 0\n' * (rounds + 1))
    assert game.tree.n_terminals == rounds + 1


def test_doubled_names_are_told_apart_and_chance_moves_are_not_shared() -> None:
    """Gambit refuses two information sets of one name, and takes a shared chance move for one that forgets."""
    text = write_efg(consent_tree(), consent_payoffs(1, 1)[0], np.full(2, 0.5))
    names = re.findall(r'^p "" (\d+) (\d+) ("[^"]*")', text, flags=re.MULTILINE)
    assert len({(player, name) for player, _, name in names}) == len({(player, number) for player, number, _ in names})
    same = Tree.from_nodes(
        ("a",),
        [
            Node(-1, 0, DECISION, 0, None, ("l", "r"), "move"),
            *(Node(0, k, CHANCE, group="luck", options=("good", "bad")) for k in (0, 1)),
            *(Node(1, k, DECISION, 0, None, ("x", "y"), "move") for k in (0, 1)),
            *(Node(2, k, TERMINAL) for k in (0, 1)),
            *(Node(parent, k, TERMINAL) for parent in (3, 4) for k in (0, 1)),
        ],
    )
    text = write_efg(same, np.zeros((same.n_terminals, 1)), np.full(same.n_chance, 0.5))
    assert re.findall(r'^p "" 1 \d+ "([^"]*)"', text, flags=re.MULTILINE) == ["move (1)", "move (2)", "move (3)"]
    assert re.findall(r'^c "" (\d+)', text, flags=re.MULTILINE) == ["1", "2"]


def wager(chance: list[float], names: list[str] | None = None) -> Tree:
    """One chance move, and nothing after it."""
    options = tuple(names or [f"o{k}" for k in range(len(chance))])
    ends = [Node(0, k, TERMINAL, name=name) for k, name in enumerate(options)]
    return Tree.from_nodes(("a",), [Node(-1, 0, CHANCE, group="luck", options=options), *ends])


def odds_of(text: str) -> list[str]:
    return re.findall(r'"[^"]*" (\S+)', re.search(r"^c .*\{(.*)\}", text, flags=re.MULTILINE)[1])  # type: ignore[index]


@pytest.mark.parametrize(
    ("chance", "written"),
    [
        ([0.4, 0.6], ["0.4", "0.6"]),
        ([0.1, 0.2, 0.7], ["0.1", "0.2", "0.7"]),
        ([1 / 3, 2 / 3], ["1/3", "2/3"]),
        ([1 / 7] * 7, ["1/7"] * 7),
        ([0.0, 1.0], ["0", "1"]),
        ([0.39999999999999997, 0.6], ["0.39999999999999997", "0.60000000000000003"]),
        ([1e-5, 1 - 1e-5], ["1e-05", "0.99999"]),
    ],
)
def test_probabilities_are_written_shortly_and_sum_to_one(chance: list[float], written: list[str]) -> None:
    text = write_efg(wager(chance), np.zeros((len(chance), 1)), np.array(chance))
    assert odds_of(text) == written
    assert sum(map(Fraction, written)) == 1


@given(st.lists(st.floats(1e-12, 1.0), min_size=1, max_size=9))
def test_any_probabilities_sum_to_one_and_read_back(weights: list[float]) -> None:
    chance = np.array(weights) / sum(weights)
    written = odds_of(write_efg(wager(list(chance)), np.zeros((chance.size, 1)), chance))
    assert sum(map(Fraction, written)) == 1
    back = np.array([float(Fraction(w)) for w in written])
    likeliest = int(chance.argmax())
    assert np.array_equal(np.delete(back, likeliest), np.delete(chance, likeliest))
    assert abs(back - chance)[likeliest] <= 1e-15


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
def test_payoffs_read_back_as_the_same_floats(value: float) -> None:
    tree = Tree.from_nodes(("a",), [Node(-1, 0, TERMINAL)])
    text = write_efg(tree, np.array([[value]]), np.zeros(0))
    assert parse_efg(text).payoffs[0, 0] == value
    assert "+" not in text


NAMES = [
    "Zürich",
    "Zurich",
    "Zu\u0308rich",
    "“Łódź” – ½",
    "Москва",
    "Мосkва",
    "two  blanks ",
    "two blanks",
    "tab\tbed",
    "straße",
    "é",
    "e",
    "É",
]


def test_names_are_put_in_ascii_and_stay_distinct() -> None:
    tree = wager([1 / len(NAMES)] * len(NAMES), NAMES)
    text = write_efg(
        tree, np.zeros((len(NAMES), 1)), np.full(len(NAMES), 1 / len(NAMES)), "Vertrag von Zürich", "très bien"
    )
    assert text.isascii()
    assert 'EFG 2 R "Vertrag von Zurich"' in text
    written = list(parse_efg(text).tree.chance_names)
    assert len(set(written)) == len(NAMES)
    assert written[1] == "Zurich"
    assert written[3] == "'Lodz' - 1/2"
    assert written[7] == "two blanks"
    assert "strasse" in written
    for name in written:
        assert name == " ".join(name.split())
        assert name.isprintable()


@given(st.lists(st.text(max_size=6), min_size=2, max_size=8, unique=True))
def test_no_two_names_become_one(names: list[str]) -> None:
    chance = [1 / len(names)] * len(names)
    text = write_efg(wager(chance, names), np.zeros((len(names), 1)), np.array(chance))
    assert text.isascii()
    assert len(set(parse_efg(text).tree.chance_names)) == len(names)


STAKES = (
    'EFG 2 R "t" { "a" "b" } p "" 1 1 "x" { "l" "r" } 0 p "" 2 1 "y" { "l" "r" } 0 t "" 1 "" { 3e10 1 } t "" 2 "" { 0 0 } '
    'p "" 2 1 "y" { "l" "r" } 0 t "" 3 "" { 0 0 } t "" 4 "" { 1 3e10 }'
)


@pytest.mark.parametrize("precision", [1e300, 1e290, 1e95, float("inf"), float("nan")])
def test_a_precision_beyond_what_can_be_computed_with_is_refused(tmp_path: Path, precision: float) -> None:
    (tmp_path / "game.efg").write_text(STAKES, encoding="utf-8")
    for command in (solve_efg, branch_efg):
        with pytest.raises(SolverError, match=r"game\.efg: precision .* → give a smaller precision"):
            command(tmp_path / "game.efg", precision)
    found = solve_efg(tmp_path / "game.efg", 1e-12)
    assert np.isfinite([p for f in found["infosets"] for p in f["probabilities"]]).all()
