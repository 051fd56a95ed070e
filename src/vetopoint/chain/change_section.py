"""The part of the answers that says what would change them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from vetopoint.answers import ChangeSection, EvidenceSection, QuantitySet, TippingPoint
from vetopoint.arrays import Floats
from vetopoint.chain.change import Figure, counterexample, fewest_changes, swings, tipping_points
from vetopoint.chain.findings import leading_doubt, twin_findings
from vetopoint.chain.second_opinion import second_opinion
from vetopoint.chain.twin import ignorance_twin, twin_goals
from vetopoint.chain.world import Frame, World, build_world, sample_case
from vetopoint.game.section import presupposed
from vetopoint.quantity import Band, band

if TYPE_CHECKING:
    from vetopoint.answers import GameSection
    from vetopoint.game.unroll.histories import GameTree
    from vetopoint.quantity import Distribution

__all__ = ["change_section", "goals_without_unnamed"]

TIPPING_INPUTS = 5
LEVEL = 0.5


def change_section(
    world: World,
    answered: Callable[[], GameSection],
    distributions: Mapping[str, Distribution],
    proof: EvidenceSection,
    without_unnamed: Callable[[], dict[str, Band]],
    say: Callable[[float], None],
) -> ChangeSection:
    """Swings, tipping points, the ignorance twin, a counterexample, and the run without unnamed sources.

    Parameters
    ----------
    world : the case over all draws; re-solving uses the first few of them, the same for every change.
    answered : waits for what the game answered; asked for as late as can be, since the game is solved meanwhile.
    distributions, proof : every input's distribution and origin.
    without_unnamed : waits for the goals of the run without unnamed sources.
    say : told the share that is done.
    """
    goal = next(iter(world.goals))
    labels = {item.name: item.label or item.name for item in proof.inputs}
    judged = {item.name for item in proof.inputs if item.origin != "read"}
    few = build_world(world.frame, world.draws.first(world.frame.budget.swings), like=world)
    medium = build_world(world.frame, world.draws.first(world.frame.budget.twin), like=world)

    def measure(other: World) -> float:
        return float(other.priced.solve().goal(other.goals[goal]).mean())

    swung = swings(few, distributions, measure, judged, labels, lambda share: say(0.6 * share))
    leaders = [swing.quantity for swing in swung[:TIPPING_INPUTS]]
    name = world.frame.case.file.goal_labels.get(goal, goal)
    tipping = tipping_points(
        few, distributions, measure, leaders, labels, f"the chance of “{name}” passes {LEVEL:.0%}", LEVEL
    )
    say(0.7)
    quantity_sets = _quantity_sets(medium, distributions, labels, goal)
    anyway = _defied_anyway(few, distributions, labels)
    say(0.8)
    twin, weights = ignorance_twin(medium), twin_goals(medium)
    twin_play = twin.solve()
    game = answered()
    doubt = leading_doubt(game.veto_points, goal, world.frame.game)
    with ThreadPoolExecutor(1) as pool:
        wrong = pool.submit(counterexample, medium, doubt, distributions, labels)
        stability, stability_note = second_opinion(world, game.outcomes, world.frame.budget.stability)
        shared = twin_findings(game, twin, twin_play, weights, goal)
    return ChangeSection(
        goal=goal,
        swings=swung,
        tipping=tipping,
        twin_goal={name: band(twin_play.goal(w)) for name, w in weights.items()},
        twin=shared,
        counterexample=wrong.result(),
        quantity_sets=quantity_sets,
        deployed_anyway=anyway,
        without_unnamed=without_unnamed(),
        stability=stability,
        stability_note=stability_note,
    )


def _quantity_sets(
    world: World, distributions: Mapping[str, Distribution], labels: Mapping[str, str], goal: str
) -> tuple[QuantitySet, ...]:
    """Fewest changes of quantities that bring the goal over one half, and under one in twenty."""

    def given(other: World) -> tuple[Floats, Floats]:
        play = other.priced.solve()
        holds = presupposed(other.frame.game)
        reached = play.goal(other.goals[goal] if holds is None else other.goals[goal] * holds)
        chance = np.ones_like(reached) if holds is None else play.goal(holds)
        return np.divide(reached, chance, out=np.zeros_like(reached), where=chance > 0), reached

    def missed(other: World) -> tuple[Floats, Floats]:
        share, reached = given(other)
        return 1.0 - share, reached

    found = []
    directions: tuple[tuple[Literal["unlock", "block"], Figure, float], ...] = (
        ("unlock", given, 0.5),
        ("block", missed, 0.95),
    )
    for direction, figure, enough in directions:
        changes = fewest_changes(world, distributions, figure, enough)
        found.append(
            QuantitySet(
                direction=direction,
                threshold=enough if direction == "unlock" else 1.0 - enough,
                inputs={labels.get(n, n): v for n, v in changes.inputs.items()},
                medians={labels.get(n, n): v for n, v in changes.medians.items()},
                probability=changes.value if direction == "unlock" else 1.0 - changes.value,
                reached=changes.reached,
            )
        )
    return tuple(found)


def _defied_anyway(
    world: World, distributions: Mapping[str, Distribution], labels: Mapping[str, str]
) -> tuple[TippingPoint, ...]:
    """For each threat: the value of each number in the threatened's costs at which it would defy as often as not."""
    found: list[TippingPoint] = []
    case = world.frame.case
    for name, threat in case.file.threats.items():
        threatened = threat.to or case.file.owner
        terms = case.file.payoffs[threatened].terms if threatened in case.file.payoffs else {}
        costs = {
            w
            for t, body in terms.items()
            if body.channel == "cost"
            for w in case.spec(f"payoffs.{threatened}.{t}").names
        }
        measure = _share_defied(world.frame.game, name)
        finding = f"{case.actor_label(threatened)} defies “{threat.label or name}” as often as not"
        found += tipping_points(
            world, distributions, measure, [n for n in distributions if n in costs], labels, finding, LEVEL, 0.5
        )
    return tuple(found)


def _share_defied(game: GameTree, threat: str) -> Callable[[World], float]:
    """World → P(defied | made), over all draws."""
    made, defied = (_holds(game, f"threats.{threat}.{part}") for part in ("made", "defied"))

    def measure(world: World) -> float:
        play = world.priced.solve()
        said = play.goal(made).sum()
        return float(play.goal(made & defied).sum() / said) if said > 0 else 0.0

    return measure


def _holds(game: GameTree, place: str) -> NDArray[np.bool_]:
    """(terminals,) whether a condition of the case holds."""
    expression = game.case.expression(place)
    assert expression is not None
    return np.broadcast_to(expression.evaluate(game.scope()), (game.terminals,)).astype(bool)


def goals_without_unnamed(frame: Frame, dropped: Collection[str], draws: int, seed: int) -> dict[str, Band]:
    """Goals when the unnamed sources are dropped: a real run of the same case with what the numbers fall back to."""
    if not dropped:
        return {}
    world = build_world(frame, sample_case(frame.case, min(frame.budget.twin, draws), seed, dropped))
    play = world.priced.solve()
    return {name: band(play.goal(weights)) for name, weights in world.goals.items()}
