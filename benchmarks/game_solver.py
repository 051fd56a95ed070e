"""Agent logit equilibria over draws against Gambit, in one run: ``python benchmarks/game_solver.py [--draws 100000]``.

The game is the 53-node consent game of the tests (3 players, 2 types, 16 information sets, 90 payoffs a draw). Gambit solves one
payoff vector at a time, so it is timed on a few draws with default and with tuned steps; medians are compared per draw.
Compile time is what the first call costs in a process whose cache on disk is empty, measured in a fresh process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
sys.path.insert(0, str(ROOT / "tests" / "conformance"))
sys.path.insert(0, str(ROOT / "tests" / "unit" / "game"))

from gambit_games import Sampled  # noqa: E402

from conftest import CONSENT  # noqa: E402
from shapes import EVEN, consent_payoffs, consent_tree, random_tree  # noqa: E402
from vetopoint.case import load_case  # noqa: E402
from vetopoint.game.solver.solve import FAILED, FOLDED, BestResponse, solve_aqre  # noqa: E402
from vetopoint.game.tree import Tree  # noqa: E402
from vetopoint.game.unroll.games import unroll  # noqa: E402

FIRST_CALL = """
import sys, time
sys.path.insert(0, "tests")
from shapes import EVEN, consent_payoffs, consent_tree
import numpy as np
start = time.perf_counter()
from vetopoint.game.solver.solve import solve_aqre
solve_aqre(consent_tree(), consent_payoffs(1, 1), EVEN, np.ones((1, 3)))
print(time.perf_counter() - start)
"""


def median_seconds(job: Callable[[], object], times: int) -> float:
    """Median wall time of a call."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def first_call(cache: str) -> float:
    """Seconds of import and first call in a fresh process with a given cache folder."""
    env = os.environ | {"NUMBA_CACHE_DIR": cache, "PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_CALL], env=env, cwd=ROOT, check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def gambit_seconds(tree: Tree, precision: float, draws: int, **steps: float) -> float:
    """Median seconds of Gambit's tracer for one draw, loading not counted."""
    import io

    import pygambit
    from pygambit.qre import logit_solve_lambda

    taken = []
    for payoffs in consent_payoffs(draws, 1):
        game = pygambit.read_efg(io.BytesIO(Sampled(tree, payoffs, EVEN[0, 0], precision).text().encode()))
        start = time.perf_counter()
        logit_solve_lambda(game, precision, **steps)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def deep_tree() -> Tree:
    """A tree with perfect information of about 60 nodes."""
    rng = np.random.default_rng(0)
    while True:
        tree = random_tree(rng, merge=0.0, depth=5, chance=0.1)
        if 58 <= tree.n_nodes <= 62:
            return tree


def many_rounds() -> tuple[int, float]:
    """Nodes of a consent case with twenty review rounds, and the seconds it takes to unroll it."""
    text = CONSENT.replace("until: 18", "until: 60").replace("[keep, revoke]", "[keep, wait, revoke]")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.yaml"
        file.write_text(text, encoding="utf-8")
        case = load_case(file)
    start = time.perf_counter()
    game = unroll(case)
    return game.nodes, time.perf_counter() - start


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100_000)
    parser.add_argument("--gambit", type=int, default=5, help="draws solved by Gambit; 0 leaves it out")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        cold, warm = first_call(cache), first_call(cache)
    print(f"first call, empty cache {cold:.1f} s; first call, cache on disk {warm:.2f} s\n")
    tree, payoffs = consent_tree(), consent_payoffs(chosen.draws, 1)
    print(f"consent game, {chosen.draws} draws, {os.cpu_count()} processors")
    print(
        "lambda   seconds   us/draw   folded    failed   evaluations (median, 99.9 %, most)   Gambit default, tuned (ms)   ratios"
    )
    for precision in (1.0, 2.0, 5.0, 10.0):
        rates = np.full((1, 3), precision)
        found = solve_aqre(tree, payoffs, EVEN, rates)
        seconds = median_seconds(lambda rates=rates: solve_aqre(tree, payoffs, EVEN, rates), 3)  # type: ignore[misc]
        each = seconds / chosen.draws
        line = (
            f"{precision:6.1f} {seconds:9.3f} {1e6 * each:9.2f} {found.share(FOLDED):8.3%} {found.share(FAILED):9.4%}"
        )
        line += "{:9.0f} {:6.0f} {:6.0f}".format(*np.quantile(found.spent, [0.5, 0.999, 1.0])).ljust(36)
        if chosen.gambit:
            slow = gambit_seconds(tree, precision, chosen.gambit)
            tuned = gambit_seconds(tree, precision, chosen.gambit, first_step=0.3, max_accel=1.5)
            line += f"   {1e3 * slow:9.0f}, {1e3 * tuned:.0f}   {slow / each:16,.0f}, {tuned / each:,.0f}"
        print(line)
    small = deep_tree()
    many = np.random.default_rng(2).normal(size=(1_000_000, small.n_terminals, small.n_players))
    odds = np.concatenate([np.full(k, 1.0 / k) for k in np.diff(small.chance_start)] or [np.zeros(0)])[None, None]
    rates = np.ones((1, small.n_players))
    seconds = median_seconds(lambda: solve_aqre(small, many, odds, rates), 5)
    print(f"\nperfect information, {small.n_nodes} nodes, 1,000,000 draws: {seconds:.3f} s")
    best = BestResponse(np.ones(small.n_players, dtype=bool))
    seconds = median_seconds(lambda: solve_aqre(small, many, odds, rates, best=best), 3)
    print(f"the same, subgame perfect: {seconds:.3f} s")
    nodes, seconds = many_rounds()
    print(f"\na case of {nodes:,} nodes unrolled: {seconds:.2f} s")


if __name__ == "__main__":
    main()
