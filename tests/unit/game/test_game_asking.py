"""Who decides once the plan is attempted, given what the case presupposes; what is vetoed by the figure that is printed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from oracles.play import terminal_probabilities
from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.chain import build_world, frame_of, sample_case
from vetopoint.errors import CaseError
from vetopoint.game.asking import forks
from vetopoint.game.attempts import Attempt, attempt_at, presupposed
from vetopoint.game.decisiveness import GameValue, singly
from vetopoint.game.section import game_section
from vetopoint.game.unroll import unroll
from vetopoint.game.veto import goal_histories, stands

CASES = Path(__file__).resolve().parents[3] / "cases"

PLAN = """
vetopoint: 1
title: A plan that needs a calm and a yes
as_of: 2026-01-01
owner: league
presupposes: calm == comes
actors: {league: {}, town: {}, mayor: {}}
quantities: {odds: "uniform(0, 1)"}
moves:
  calm: {by: chance, at: 0, options: {comes: odds, fails: rest}}
  invite: {by: mayor, at: 1, when: calm == comes, options: [asks, bars]}
  offer: {by: league, at: 2, when: invite == asks, options: [full, half, none]}
  answer: {by: town, at: 3, when: "offer in [full, half]", options: [accept, scold, refuse]}
  respond: {by: league, at: 4, when: "answer in [scold, refuse]", options: [build, drop]}
outcomes:
  stormy: calm == fails
  barred: invite == bars
  idle: offer == none
  small: offer == half
  built: answer == accept or respond == build
  dropped: otherwise
goals: {built: outcome == built}
payoffs:
  league: {unit: [dropped, built], gain: {worth: 1, when: outcome == built}}
  town: {unit: [dropped, built], loss: {worth: -1, when: outcome == built}}
  mayor: {unit: [dropped, built], gain: {worth: 1, when: outcome == built}}
"""
N = 24


@pytest.fixture(scope="module")
def plan(make_case):
    return make_case(PLAN)


def solved(case, price, odds, seed=0):
    """The plan with random payoffs, the calm coming with the given probability in each draw; its goal."""
    game = unroll(case)
    payoffs = np.random.default_rng(seed).normal(size=(N, game.terminals, 3)) * 2
    play = price(game, payoffs, 1.5, {"odds": np.broadcast_to(np.asarray(odds, float), (N,))}).solve()
    return play, {"built": (game.outcome == "built").astype(float)}


def test_the_attempt_is_found_on_the_tree_or_named(make_case, plan):
    game = unroll(plan)
    found = attempt_at(game, goal_histories(game, game.outcome == "built"))
    assert isinstance(found, Attempt)
    assert found.named(game) == {"offer": ("full",)}  # not `respond`, which comes after it; not the mayor's
    assert np.array_equal(found.made, game.choices["offer"] == "full")
    some = attempt_at(game, goal_histories(game, np.isin(game.outcome, ["built", "small"])))
    assert some.named(game) == {"offer": ("full", "half")}
    named = unroll(make_case(PLAN + "attempt: {offer: half, respond: [build]}\n"))
    told = attempt_at(named, goal_histories(named, named.outcome == "built"))
    choices = named.choices
    dropped = choices["respond"] == "drop"
    assert np.array_equal(
        told.made,
        ((choices["offer"] == "half") | (choices["respond"] == "build")) & ~dropped & (choices["offer"] != "full"),
    )


RENEWED = """
vetopoint: 1
title: A consent that can be taken back
as_of: 2026-01-01
owner: league
actors: {league: {}, town: {}}
moves:
  offer: {by: league, at: 0, options: [full, none]}
  answer: {by: town, at: 1, when: offer == full, options: [accept, refuse]}
  review: {by: town, at: 9, when: answer == accept, options: [keep, revoke]}
outcomes: {none: offer == none, refused: answer == refuse, revoked: review == revoke, kept: otherwise}
goals: {stands: outcome == kept}
payoffs: {league: {unit: [none, kept], it: 1}, town: {unit: [refused, kept], it: 1}}
"""


def test_a_consent_is_the_answer_and_not_its_renewal(make_case, price):
    """More hangs on the renewal, which nearly all come to and which decides by itself; but it only confirms what was granted."""
    game = unroll(make_case(RENEWED))
    payoffs = np.zeros((N, game.terminals, 2))
    payoffs[:, np.isin(game.outcome, ["kept", "revoked"]), 1] = 1.0
    play = price(game, payoffs, 1.5, {}).solve()
    (fork,) = forks("stands", play, (game.outcome == "kept").astype(float), None, 0)
    assert (fork.actor, fork.move) == ("town", "answer")
    yes, no = fork.branches
    assert yes.options == ("accept",)
    assert no.goal.mean == 0
    assert 0.4 < yes.goal.mean < 0.6


def test_why_nothing_is_asked(make_case, plan):
    game = unroll(plan)
    assert attempt_at(game, np.ones(game.public.histories, bool)) == "whatever the owner does, the goal stays as open"
    idle = unroll(make_case(PLAN.replace("by: league", "by: mayor")))
    assert attempt_at(idle, goal_histories(idle, idle.outcome == "built")) == "the owner of the plan makes no move"
    always = unroll(
        make_case(
            PLAN.replace("when: invite == asks, ", "").replace("presupposes: calm == comes\n", "")
            + "attempt: {offer: [full, half, none]}\n"
        )
    )
    assert attempt_at(always, goal_histories(always, always.outcome == "built")) == "every history attempts it"


@pytest.mark.parametrize(
    ("attempt", "message", "remedy"),
    [
        ("{offr: full}", "unknown move 'offr'", "offer"),
        ("{offer: ful}", "unknown option of 'offer' 'ful'", "full"),
        ("{answer: accept}", "not a move of the plan's owner", "offer"),
        ("{offer: []}", "no option", "full"),
    ],
)
def test_a_wrong_attempt_is_refused_with_its_line(make_case, attempt, message, remedy):
    with pytest.raises(CaseError) as caught:
        make_case(PLAN + f"attempt: {attempt}\n")
    (problem,) = caught.value.problems
    assert problem.check == "attempt"
    assert message in problem.message
    assert remedy in problem.remedy
    assert problem.line == len(PLAN.splitlines()) + 1


@pytest.mark.parametrize("veto", ["{absolute: 1.2}", "{relative: 0}", "{alternative: 0}", "{alternatve: 0.3}"])
def test_a_wrong_test_of_a_veto_is_refused(make_case, veto):
    with pytest.raises(CaseError):
        make_case(PLAN + f"veto: {veto}\n")


def by_hand(play, goal, actor, sign):
    """P(built | calm, the full offer) where one actor best-responds with ± the goal and the league is held to its offer: by
    holding actions of the whole game where the program cuts the tree, and by adding up histories."""
    priced, game = play.priced, play.priced.game
    calm, attempted = game.choices["calm"] == "comes", game.choices["offer"] == "full"
    fixed = np.full((1, game.tree.n_actions), np.nan)
    for infoset in np.flatnonzero(game.infoset_layer == game.layer_of("offer")):
        fixed[0, game.tree.actions(int(infoset))] = [1.0, 0.0, 0.0]
    held = priced.solve(fixed=fixed) if not actor else None
    if held is None:
        player, payoffs = game.players.index(actor), priced.payoffs[0].copy()
        payoffs[:, :, player] = sign * goal
        wanting = type(priced)(game, (payoffs,), priced.view_of, priced.chance, priced.precision)
        held = wanting.solve(best_response=[player], ties=priced.payoffs, fixed=np.repeat(fixed, N, axis=0))
    ends = terminal_probabilities(game.tree, held.strategy, priced.chance)
    return (ends @ (goal * calm * attempted)), ends @ (calm & attempted).astype(float)


@pytest.mark.parametrize(
    "attempt",
    [
        "{offer: none}",
        "{respond: build}",
        "{offer: [full, full]}",
        "{offer: [full, half, none]}",
        "{offer: half, respond: drop}",
    ],
)
def test_whatever_is_named_as_the_attempt_gets_an_answer(make_case, price, attempt):
    play, goals = solved(make_case(PLAN + f"attempt: {attempt}\n"), price, 0.5)
    (ranking,) = game_section(play, goals).decisiveness
    assert ranking.asked is not None
    for party in ranking.asked.parties:
        assert min(party.on_yes.lo, party.as_it_is.lo, party.on_no.lo) >= 0.0
        assert max(party.on_yes.hi, party.as_it_is.hi, party.on_no.hi) <= 1.0 + 1e-12
    if attempt == "{offer: none}":  # which leads nowhere
        assert ranking.asked.decisive is None
        assert all(p.on_yes.mean == 0.0 for p in ranking.asked.parties)


@pytest.mark.parametrize("seed", range(3))
def test_decisiveness_once_attempted_against_held_actions(plan, price, seed):
    play, goals = solved(plan, price, np.linspace(0.1, 0.9, N), seed)
    game, goal = play.priced.game, goals["built"]
    value = attempt_at(game, goal_histories(game, goal)).game(play.priced, goal, presupposed(game))
    found = singly(value, ("town", "mayor"), value.weight)
    joint, whole = by_hand(play, goal, "", 0)
    assert np.allclose(found.goal, joint / whole, atol=1e-9)
    assert np.allclose(value.weight, whole, atol=1e-9)
    for k, actor in enumerate(found.actors):
        for sign, told in ((1.0, found.favoured), (-1.0, found.refused)):
            own, given = by_hand(play, goal, actor, sign)
            assert np.allclose(told[:, k], own / (np.maximum(given, whole) if actor == "mayor" else given), atol=1e-9)
    assert np.allclose(
        found.refused[:, 1], 0.0, atol=1e-12
    )  # a mayor who bars it has said no, though nothing was offered
    assert found.d[:, 0].min() > -1e-9
    assert found.d[:, 0].max() > 0.5


def test_verdicts_do_not_hang_on_the_chance_of_what_is_presupposed(plan, price):
    """Nobody moves before the calm: all that follows it is the same, whatever its chance."""
    told, figures = [], []
    for odds in (0.99, 0.5, 0.2, 0.02):
        play, goals = solved(plan, price, odds)
        game, goal = play.priced.game, goals["built"]
        here = GameValue(play.priced, goal, presupposed(game), play)
        asked = attempt_at(game, goal_histories(game, goal)).game(play.priced, goal, presupposed(game))
        figures.append([singly(v, game.movers, v.weight).d for v in (here, asked)])
        section = game_section(play, goals)
        (ranking,) = section.decisiveness
        assert ranking.asked is not None
        places = [(p.party, p.first) for r in (ranking, ranking.asked) for p in r.parties]
        vetoes = [(v.actor, v.move, v.option, v.kind, v.rarely_reached) for v in section.veto_points]
        told.append(
            (
                ranking.decisive,
                ranking.asked.decisive,
                vetoes,
                [s.actors for s in ranking.sets],
                [f.move for f in ranking.forks],
            )
        )
        figures[-1] += [np.array([p.first or 0.0, p.lift.mean]) for p in ranking.parties]
        assert len(places) == 6
    assert figures[0][1].max() > 0.3
    for other in figures[1:]:
        for mine, its in zip(figures[0], other, strict=True):
            assert np.allclose(mine, its, atol=1e-9)
    assert told[1:] == [told[0]] * 3
    assert told[0][2]


def test_a_draw_counts_by_how_likely_what_is_presupposed_is_in_it(plan, price):
    play, goals = solved(plan, price, np.linspace(0.02, 0.98, N))
    (ranking,) = game_section(play, goals).decisiveness
    value = GameValue(play.priced, goals["built"], presupposed(play.priced.game), play)
    found = singly(value, ("town",), value.weight)
    (town,) = [p for p in ranking.parties if p.party == "town"]
    assert town.decisiveness.mean == pytest.approx(np.average(found.d[:, 0], weights=value.weight), abs=1e-12)
    assert abs(town.decisiveness.mean - found.d[:, 0].mean()) > 1e-3


def test_what_never_happens_leaves_nothing_to_decide(plan, price):
    play, goals = solved(plan, price, 0.0)
    (ranking,) = game_section(play, goals).decisiveness
    assert (ranking.decisive, ranking.asked) == (None, None)
    assert ranking.unasked == "in no draw does it come to the attempt"
    assert all(p.decisiveness.mean == 0.0 for p in ranking.parties)


def test_a_fork_adds_up(plan, price):
    """What follows a yes and a no, weighed by how often they are said, is what happens; and so it is by adding up histories."""
    play, goals = solved(plan, price, np.linspace(0.1, 0.9, N))
    (ranking,) = game_section(play, goals).decisiveness
    forks = {f.actor: f for f in ranking.forks}
    assert set(forks) == {"town"}  # the mayor moves before the attempt
    fork = forks["town"]
    assert fork.move == "answer"
    yes, no = fork.branches
    assert (yes.side, no.side) == ("yes", "no")
    assert "accept" in yes.options
    assert sorted(yes.options + no.options) == ["accept", "refuse", "scold"]
    for branch in fork.branches:
        assert sum(b.mean for b in branch.outcomes.values()) == pytest.approx(1.0, abs=1e-12)
        assert branch.outcomes.get("built").mean == pytest.approx(branch.goal.mean, abs=1e-12)
    assert yes.chance.mean + no.chance.mean == pytest.approx(1.0, abs=1e-12)
    (town,) = [p for p in ranking.asked.parties if p.party == "town"]
    assert yes.chance.mean * yes.goal.mean + no.chance.mean * no.goal.mean == pytest.approx(
        town.as_it_is.mean, abs=1e-9
    )


def test_how_often_it_is_attempted_and_what_happens_else(plan, price):
    play, goals = solved(plan, price, np.linspace(0.1, 0.9, N))
    (ranking,) = game_section(play, goals).decisiveness
    game = play.priced.game
    ends = terminal_probabilities(game.tree, play.strategy, play.priced.chance)
    calm, offered = (game.choices["calm"] == "comes").astype(float), (game.choices["offer"] == "full").astype(float)
    asked = ranking.asked
    assert asked.attempt == {"offer": ("full",)}
    assert asked.chance.mean == pytest.approx((ends @ (calm * offered)).sum() / (ends @ calm).sum(), abs=1e-12)
    missed = calm * (1 - offered)
    for outcome, told in asked.instead.items():
        own = (ends @ (missed * (game.outcome == outcome))).sum() / (ends @ missed).sum()
        assert told.mean == pytest.approx(own, abs=1e-12)
    assert sum(b.mean for b in asked.instead.values()) == pytest.approx(1.0, abs=1e-12)
    assert set(asked.instead) == {"barred", "idle", "small"}


@settings(max_examples=25, deadline=None)
@drawn(st.integers(0, 10**6), st.floats(0.02, 0.4), st.floats(0.05, 0.9), st.floats(0.05, 0.6), st.floats(0.1, 4))
def test_what_is_listed_as_a_veto_passes_by_the_figure_that_is_printed(
    tmp_path_factory, price, seed, absolute, relative, alternative, sharp
):
    path = tmp_path_factory.mktemp("veto") / "case.yaml"
    test = f"veto: {{absolute: {absolute}, relative: {relative}, alternative: {alternative}}}\n"
    path.write_text(PLAN + test, encoding="utf-8")
    game = unroll(load_case(path))
    rng = np.random.default_rng(seed)
    payoffs = rng.normal(size=(N, game.terminals, 3)) * sharp * 3
    play = price(game, payoffs, 1.0, {"odds": rng.uniform(size=N)}).solve()
    goal = {"built": (game.outcome == "built").astype(float)}
    section = game_section(play, goal, Budget(decisiveness=4, retraced=1))
    moves = {m.move: m for m in section.moves}
    for actor_move in ("answer", "invite", "respond"):
        options = {o.option: o.goal_if_forced["built"] for o in moves[actor_move].options}
        forcing = {v.option for v in section.veto_points if v.move == actor_move and v.kind == "forcing"}
        listed = {v.option: v for v in section.veto_points if v.move == actor_move and v.kind == "effective"}
        for option, left in options.items():
            best = max(b.mean for o, b in options.items() if o != option)
            passes = left.mean <= absolute and left.mean <= relative * best and best >= alternative
            assert (option in listed) == (passes and option not in forcing)
        for v in listed.values():
            assert v.goal_if_forced.mean <= absolute
            assert stands(v)
            assert v.goal_if_forced == options[v.option]


@pytest.fixture(scope="module")
def cyprus():
    frame = frame_of(load_case(CASES / "cyprus-1964"))
    world = build_world(frame, sample_case(frame, 512, 1))
    return game_section(world.play, world.goals)


def test_in_cyprus_the_one_consenter_decides(cyprus):
    """Two actors beside the owner, and the government's answer is nearly all of it; yet its refusal is borne in one case of ten."""
    planned = next(d for d in cyprus.decisiveness if d.goal == "as_planned")
    assert planned.decisive == planned.asked.decisive == "cyprus"
    assert planned.asked.attempt == {"propose": ("nato_force",)}
    nicosia = next(p for p in planned.asked.parties if p.party == "cyprus")
    assert nicosia.first > 0.99
    assert nicosia.lead > 0.8
    assert nicosia.on_yes.mean == pytest.approx(1.0, abs=1e-6)
    assert next(p for p in planned.parties if p.party == "cyprus").lead == pytest.approx(0.81, abs=0.02)
    (refusal,) = [o for m in cyprus.moves if m.move == "answer" for o in m.options if o.option == "refuse"]
    assert refusal.goal_if_forced["as_planned"].mean > 0.05
    assert not [v for v in cyprus.veto_points if (v.goal, v.move, v.kind) == ("as_planned", "answer", "effective")]
