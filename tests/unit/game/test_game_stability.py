"""Graph-model stability against the definitions, spelled out state by state in plain Python."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pytest

from oracles.graph_model import Reach, by_definition, reach_of, standing_payoffs
from vetopoint.case import Case
from vetopoint.errors import SolverError
from vetopoint.game.flow import goal_probabilities
from vetopoint.game.graph_model import CONCEPTS, equilibria, option_form, ordinal_ranks, stability
from vetopoint.game.priced import PricedGame
from vetopoint.game.stability import GameStability, stability_of_game
from vetopoint.game.unroll.games import unroll

MakeCase = Callable[[str], Case]
Price = Callable[..., PricedGame]


def check_option_forms(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(count):
        dms = int(rng.integers(2, 5))
        owner = [*range(dms), *rng.integers(0, dms, rng.integers(0, 2)).tolist()]
        sizes = rng.integers(2, 4, len(owner)).tolist()
        locked = [(k, sizes[k] - 1) for k in range(len(sizes)) if rng.random() < 0.4]
        form = option_form(sizes, owner, locked)
        rank = rng.integers(0, form.states, (3, form.states, dms))
        ours = stability(form, rank)
        for draw in range(len(rank)):
            truth = by_definition(reach_of(form), rank[draw])
            for concept in CONCEPTS:
                assert np.array_equal(ours[concept][draw], truth[concept]), (concept, sizes, owner, locked)


def test_option_form_agrees_with_the_definitions() -> None:
    check_option_forms(40, 2)


@pytest.mark.soak
def test_a_thousand_games_agree_with_the_definitions() -> None:
    check_option_forms(1000, 4)


def test_a_second_move_after_somebody_elses_is_a_legal_sanction() -> None:
    """One opponent moves, then another, then the first again: 1 → 2 → 3 → 4."""
    reach: Reach = [
        [[1], [], [], [], []],
        [[], [2], [], [4], []],
        [[], [], [3], [], []],
    ]
    rank = np.array([[1, 0, 0], [2, 0, 0], [2, 0, 0], [2, 0, 0], [0, 0, 0]])
    assert by_definition(reach, rank)["gmr"][0, 0]
    consecutive: Reach = [reach[0], [[], [2], [3], [], []], [[], [], [], [], []]]
    rank[3, 0] = 0
    assert not by_definition(consecutive, rank)["gmr"][0, 0]


def test_concepts_imply_one_another() -> None:
    form = option_form([2] * 6, [0, 0, 1, 1, 2, 2])
    rank = np.random.default_rng(5).integers(0, 64, (50, 64, 3))
    found = stability(form, rank)
    assert not (found["nash"] & ~found["seq"]).any()
    assert not (found["nash"] & ~found["smr"]).any()
    assert not (found["smr"] & ~found["gmr"]).any()
    assert not (found["seq"] & ~found["gmr"]).any()
    assert (found["gmr"] & ~found["nash"]).any()


def test_relabelling_actors_changes_nothing_but_the_order() -> None:
    rank = np.random.default_rng(6).integers(0, 16, (20, 16, 4))
    one = stability(option_form([2] * 4, [0, 1, 2, 3]), rank)
    swap = [2, 0, 3, 1]
    moved = stability(option_form([2] * 4, [swap.index(k) for k in range(4)]), rank[:, :, swap])
    for concept in CONCEPTS:
        assert np.array_equal(one[concept][:, :, swap], moved[concept])


@pytest.mark.parametrize("processors", [1, 3])
def test_the_number_of_threads_changes_nothing(monkeypatch: pytest.MonkeyPatch, processors: int) -> None:
    form = option_form([2] * 5, [0, 0, 1, 1, 2])
    rank = np.random.default_rng(7).integers(0, 32, (64, 32, 3))
    alone = [stability(form, rank[k : k + 1]) for k in range(len(rank))]
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    whole = stability(form, rank)
    for concept in CONCEPTS:
        np.testing.assert_array_equal(whole[concept], np.concatenate([one[concept] for one in alone]))


def test_ties_within_tolerance_are_no_improvement() -> None:
    payoffs = np.zeros((1, 4, 2))
    payoffs[0, 1:] = 1e-12
    assert equilibria(stability(option_form([2, 2], [0, 1]), payoffs))["nash"].all()
    assert ordinal_ranks([[[3.0], [1.0], [2.0]]])[0, :, 0].tolist() == [2, 0, 1]


def test_standing_options_of_a_consent_game() -> None:
    """Owner proposes, the other consents or refuses; refusing is preferred: nothing proposed, refusal standing."""
    taken = [[0, -1], [1, 0], [1, 1]]
    payoffs = standing_payoffs([2, 2], taken, [[1.0, 1.0, 1.0]], [[[0.0, 0.0], [2.0, -1.0], [-1.0, -0.5]]])
    form = option_form([2, 2], [0, 1])
    (nash,) = equilibria(stability(form, payoffs))["nash"]
    assert form.settings[nash].tolist() == [[0, 1]]


def test_an_irreversible_option_cannot_be_withdrawn() -> None:
    likes = [[[1.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]]
    free = stability(option_form([2, 2], [0, 1]), likes)
    bound = stability(option_form([2, 2], [0, 1], irreversible=[(0, 1)]), likes)
    assert not free["nash"][0, 2, 0]
    assert bound["nash"][0, 2, 0]


def test_a_model_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(SolverError, match="shape"):
        stability(option_form([2, 2], [0, 1]), np.zeros((1, 3, 2)))
    with pytest.raises(SolverError, match="combinations"):
        option_form([2] * 30, [0] * 30)
    with pytest.raises(SolverError, match="finite"):
        ordinal_ranks([[[np.nan]]])


def test_a_case_with_types_and_rounds_by_playing_the_standing_options(consent_case: Case, price: Price) -> None:
    """Payoffs of a state equal those of the game in which everybody plays that pure strategy, types and chance included."""
    game = unroll(consent_case)
    rng = np.random.default_rng(8)
    worth = rng.normal(size=(3, game.terminals, 3))
    values = {"hostile": rng.random(3), "feared": rng.random(3), "reached": rng.random(3)}
    priced = price(game, worth, values=values)
    found = stability_of_game(game, worth, priced.chance)
    assert np.allclose(found.reached.sum(axis=2), 1)
    for number in rng.integers(0, len(found.states), 12):
        standing = found.states[number]
        strategy = np.zeros((3, game.tree.n_actions))
        for h in range(game.information_sets):
            layer = game.public.layers[game.infoset_layer[h]]
            strategy[:, game.tree.action_start[h] + layer.options.index(standing[layer.move])] = 1
        for k, outcome in enumerate(found.outcomes):
            (mass,) = goal_probabilities(game, strategy, priced.chance, [game.outcome == outcome])
            assert np.allclose(found.reached[:, number, k], mass)


def stable_outcomes(found: GameStability) -> np.ndarray:
    """(n, outcomes) whether some Nash equilibrium of standing options leads to the outcome in some course of chance."""
    return (found.equilibrium["nash"][:, :, None] & (found.reached > 0)).any(axis=1)


def test_a_plan_that_everybody_wants_is_stable(small_case: Case, price: Price) -> None:
    game = unroll(small_case)
    agreed = (game.outcome == "agreed").astype(float)
    worth = np.stack([agreed, agreed], axis=1)[None]
    found = stability_of_game(game, worth, price(game, worth).chance)
    assert stable_outcomes(found).tolist() == [[True, True]]
    refuses = np.stack([agreed, -agreed], axis=1)[None]
    found = stability_of_game(game, refuses, price(game, refuses).chance)
    assert stable_outcomes(found).tolist() == [[False, True]]


def test_too_many_standing_options_say_what_to_cut(make_case: MakeCase) -> None:
    lines = "\n".join(f"  m{k}: {{by: a, options: [p, q, r]}}" for k in range(10))
    head = "vetopoint: 1\ntitle: wide\nas_of: 2026-01-01\nowner: a\nactors: {a: {}}\nmoves:\n"
    tail = "\noutcomes: {good: m0 == p, bad: otherwise}\ngoals: {g: outcome == good}\n"
    case = make_case(head + lines + tail + "payoffs: {a: {unit: [good, bad], t: {worth: 1, when: outcome == good}}}\n")
    game = unroll(case)
    with pytest.raises(SolverError, match="combinations of standing options"):
        stability_of_game(game, np.zeros((1, game.terminals, 1)), np.zeros((1, 1, 0)))
