"""Coalition kernels beside powerindices, tucoopy and a plain replication, in one process run.

python benchmarks/coalition.py          medians of several runs, ratios, and the gates
python benchmarks/coalition.py --json   the same as JSON
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import powerindices
from tucoopy.power.shapley_shubik import shapley_shubik_index_weighted_voting

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from oracles.bodies import known_body
from oracles.decisiveness import enumerated_decisiveness
from vetopoint.coalition import challenge, power_indices
from vetopoint.coalition.decisive import Structure, forced_table
from vetopoint.coalition.joining import Quorum
from vetopoint.pivots import shapley

EMISSION = np.array(
    [  # capability, position, salience: Bueno de Mesquita (1994), as in tests/conformance/data/emission_1994.csv
        [0.08, 4, 0.8], [0.08, 7, 0.4], [0.03, 4, 0.2], [0.16, 4, 0.8], [0.16, 10, 0.6],
        [0.16, 10, 0.6], [0.16, 10, 0.9], [0.05, 7, 0.1], [0.05, 4, 1.0], [0.08, 7, 0.7],
    ]
)  # fmt: skip


def timed(work: Callable[[], Any], runs: int = 5) -> tuple[float, Any]:
    """Median seconds of several runs, after one that is not counted where there are several; and the last result."""
    if runs > 1:
        work()
    seconds, result = [], None
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def plain_challenge(x: list[float], s: list[float], c: list[float], rounds: int) -> list[float]:
    """The challenge model as its equations read, actor by actor: the naive replication."""
    m, span = len(x), max(x) - min(x)
    for _ in range(rounds):

        def vote(k: int, a: float, b: float, r: list[float], x: list[float] = x) -> float:
            return c[k] * s[k] * ((abs(x[k] - b) / span) ** r[k] - (abs(x[k] - a) / span) ** r[k])

        def chance(i: int, j: int, r: list[float], x: list[float] = x) -> float:
            if x[i] == x[j]:
                return 0.0
            total = sum(abs(vote(k, a, b, r)) for k in range(m) for a in x for b in x)
            return sum(max(0.0, vote(k, x[i], x[j], r)) for k in range(m)) / total

        def expects(i: int, j: int, view: int, r: list[float], x: list[float] = x) -> float:
            gap, p = abs(x[i] - x[j]) / span, chance(i, j, r)
            up, down = 2 - 4 * (0.5 - 0.5 * gap) ** r[view], 2 - 4 * (0.5 + 0.5 * gap) ** r[view]
            return s[j] * (p * up + (1 - p) * down) + (1 - s[j]) * up - (2 - 4 * 0.5 ** r[view])

        even = [1.0] * m
        danger = [sum(expects(j, i, i, even) for j in range(m) if j != i) for i in range(m)]
        taken = [(2 * d - max(danger) - min(danger)) / (max(danger) - min(danger)) for d in danger]
        r = [(1 - t / 3) / (1 + t / 3) for t in taken]
        after = list(x)
        for i in range(m):
            offers = []
            for j in range(m):
                if x[i] != x[j]:
                    mine, theirs = expects(i, j, i, r), expects(j, i, i, r)
                    if theirs > mine > 0:
                        offers.append((0, abs(x[i] - x[j]), x[j]))
                    elif theirs > 0 > mine and theirs > -mine:
                        goal = x[i] + (x[j] - x[i]) * -mine / theirs
                        offers.append((1, (-mine * x[i] + theirs * x[j]) / (theirs - mine), goal))
            if offers:
                after[i] = min(offers, key=lambda o: o[:2])[2]
        x = after
    return x


def toy(m: int = 15) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two vetoes by clause, a backstop, a lead state and conditional joiners: rules, who wins, willingness."""
    masks = np.arange(1 << m)
    joined = np.bitwise_count((masks >> 4).astype(np.uint64)).astype(int)
    rules = np.full(1 << m, 0b0111, dtype=np.uint32)
    rules |= np.where(masks >> 2 & 1, 1 << 3, 0).astype(np.uint32)
    for i in range(4, m):
        others = joined - (masks >> i & 1)
        holds = (masks >> 2 & 1) & ((masks >> 3 & 1) | (others >= i - 3))
        rules |= np.where(holds, 1 << i, 0).astype(np.uint32)
    wins = ((masks & 0b11) == 0b11) & (joined >= 4)
    yes = np.array([0.95, 0.15, 0.5, 0.9, *np.linspace(0.85, 0.5, m - 4)])
    return rules, wins, yes


def plain_decisiveness(rules: np.ndarray, wins: np.ndarray, yes: np.ndarray, worlds: int) -> float:
    """Seconds that a plain loop takes for the 30 interventions on some worlds."""
    table, won, m = rules.tolist(), wins.tolist(), len(yes)
    start = time.perf_counter()
    hits = 0
    for world in range(worlds):
        for i in range(m):
            for force in (0, 1):
                cut = (1 << i) * force
                here = (world | cut) if force else world & ~(1 << i)
                while True:
                    after = here & (table[here] | cut)
                    if after == here:
                        break
                    here = after
                hits += won[here]
    return time.perf_counter() - start


def structure(rules: np.ndarray, wins: np.ndarray, worlds: int) -> Structure:
    """The toy as a structure over single worlds."""
    m = len(rules).bit_length() - 1
    truth = [((rules >> i) & 1).astype(bool)[None, :] for i in range(m)]
    none = np.zeros(0, dtype=np.int64)
    return Structure(
        truth, np.zeros((m, 0), dtype=np.int64), np.zeros((worlds, m), dtype=np.int64), wins[None, :], none, none,
        none.astype(bool), Quorum(np.ones((worlds, m))),
    )  # fmt: skip


def run() -> list[dict[str, Any]]:
    """All rows: what, peer, its seconds, ours, gate."""
    rows: list[dict[str, Any]] = []

    def row(what: str, ours: float, peer: str, theirs: float, limit: float | None, ratio: float | None = None) -> None:
        good = (limit is None or ours < limit) and (ratio is None or theirs / ours >= ratio)
        rows.append(
            {
                "what": what,
                "ours": ours,
                "peer": peer,
                "theirs": theirs,
                "ratio": theirs / ours,
                "limit": limit,
                "met": good,
            }
        )

    _, eu = known_body("eu28_65_16")
    ours, found = timed(lambda: power_indices(eu, minimal=False))
    weights = [int(w) for w in eu.weights]
    ssi, got = timed(lambda: powerindices.compute_ssi(eu.quota, weights, eu.minimum), 1)
    pbi, _ = timed(lambda: powerindices.compute_pbi(eu.quota, weights, eu.minimum), 1)
    for theirs, index in zip(got, found.shapley_shubik, strict=True):
        assert abs(theirs - float(index)) < 1e-12
    row("Council of 28, both indices", ours, "powerindices", ssi + pbi, 0.3, 25)
    real, _ = timed(lambda: power_indices(known_body("eu28")[1], minimal=False))
    row("the same with 'or 25 states' (no peer has the rule)", real, "powerindices, without", ssi + pbi, 0.3)

    _, nice = known_body("eu27_nice")
    ours, _ = timed(lambda: power_indices(nice, minimal=False))
    votes = [int(w) for w in nice.weights]
    row("Nice weights", ours, "powerindices", timed(lambda: powerindices.compute_ssi(nice.quota, votes), 3)[0], None)
    other = timed(lambda: shapley_shubik_index_weighted_voting(votes, int(nice.quota)), 3)[0]
    row("Nice weights", ours, "tucoopy", other, None)

    c, x, s = EMISSION.T
    one, path = timed(lambda: challenge(x, s, c, rounds=10, both_ways=False))
    naive, end = timed(lambda: plain_challenge(list(x), list(s), list(c), 10), 1)
    assert np.allclose(path[0, -1], end, atol=1e-9)
    row("challenge model, emission case, one run", one, "plain replication", naive, None)
    batch = np.tile(x, (10_000, 1))
    many, _ = timed(lambda: challenge(batch, s, c, rounds=10, both_ways=False), 3)
    row("challenge model, 10,000 draws", many, "plain replication x 10,000", naive * 10_000, 1.0)

    rules, wins, yes = toy()
    ours, (up, down, base) = timed(lambda: enumerated_decisiveness(rules, wins, yes, monotone=True))
    plain = plain_decisiveness(rules, wins, yes, 1024) * 32
    row("decisiveness, 2^15 worlds x 30 interventions", ours, "plain loop (1/32 of it, scaled)", plain, 3.0)

    rng = np.random.default_rng(0)
    acts = ((rng.random((500, 15)) < yes) << np.arange(15)).sum(axis=1)
    single = structure(rules, wins, 500)

    def lift() -> np.ndarray:
        table = forced_table(single, acts).T.astype(float)
        return shapley(lambda subsets: table[subsets @ (1 << np.arange(15))], 15).shares

    ours, shares = timed(lift, 3)
    gap = forced_table(single, acts)
    assert abs(shares.mean(axis=1).sum() - (gap[:, -1].mean() - gap[:, 0].mean())) < 1e-9
    row("exact Shapley lift, 15 actors x 500 worlds", ours, "plain loop (scaled)", plain * 500 / 30, 6.0)
    for i, name in enumerate(["host", "adversary", "backstop", "lead"]):
        print(f"  {name:10s} D = {up[i] - down[i]:.3f}   lift = {shares[i].mean():.3f}", file=sys.stderr)
    print(f"  P(plan) = {base:.3f}", file=sys.stderr)
    return rows


def main() -> int:
    """Print the table; 1 if a gate is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    rows = run()
    if parser.parse_args().json:
        print(json.dumps(rows, indent=1))
    else:
        for r in rows:
            limit = "" if r["limit"] is None else f"gate {r['limit']:g} s: {'met' if r['met'] else 'MISSED'}"
            print(
                f"{r['what']:52s} {r['ours'] * 1e3:10.2f} ms   {r['peer']:32s} {r['theirs'] * 1e3:14.1f} ms"
                f"   {r['ratio']:12,.1f} x   {limit}"
            )
    return 0 if all(r["met"] for r in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
