"""Truce kernels beside lifelines: median times of several runs, in one process run. ``python benchmarks/truce.py``"""

from __future__ import annotations

import resource
import statistics
import time
import warnings
from collections.abc import Callable

import numpy as np

from vetopoint.truce.hazard import Grid, Hazards, cumulative_hazard, load_baseline, parameters, path_survival

MONTHS, FORMS = 60, 4


def timed(work: Callable[[], object], runs: int = 5) -> float:
    """Median seconds of several runs, after one that is not counted."""
    work()
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def times() -> None:
    rng, n = np.random.default_rng(0), 20_000
    mu, shape = parameters(load_baseline("lognormal"), rng.random((n, 2)))
    effects = rng.normal(-0.5, 0.3, (n, FORMS))
    edges = np.arange(MONTHS + 1.0)
    mix = rng.dirichlet([7.2, 1.6, 1.2], n)
    grid = Grid(edges, np.zeros(MONTHS, dtype=np.int64), np.arange(MONTHS) == 0)

    def curves() -> None:
        hazard = cumulative_hazard("lognormal", mu, shape, edges)
        for f in range(FORMS):
            np.exp(-hazard * np.exp(effects[:, [f]])).mean(axis=0)

    def risks() -> None:
        steps = np.diff(cumulative_hazard("lognormal", mu, shape, edges))
        for f in range(FORMS):
            factors = Hazards(np.exp(effects[:, [f]]), np.ones(n), np.full((n, 1), 0.005), mix[:, None, :], mix)
            path_survival(steps, np.ones(n), grid, factors)

    for name, gate, seconds in (
        (f"mean survival, {n:,} draws x 4 forms x 60 months", 0.15, timed(curves)),
        (f"competing risks with exits, {n:,} draws x 4 forms x 60 months", 0.15, timed(risks)),
    ):
        print(
            f"{name:66s} {1000 * seconds:9.1f} ms   gate {1000 * gate:6.0f} ms   {'ok' if seconds <= gate else 'SLOW'}"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'peak memory so far':66s} {peak:9.0f} MB   gate   1024 MB")
    lifelines_times(rng, mu, shape)


def lifelines_times(rng: np.random.Generator, mu: np.ndarray, shape: np.ndarray) -> None:
    """lifelines predicts a curve for each of 20,000 rows at its point estimate, without parameter draws."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import pandas as pd
            from lifelines import LogNormalAFTFitter
        except ImportError:
            print("lifelines is not installed: pip install 'vetopoint[fit]'")
            return
        x = rng.integers(0, 2, 300)
        t = np.exp(2.5 + 0.5 * x + 2.0 * rng.standard_normal(300))
        frame = pd.DataFrame({"t": np.minimum(t, 120.0), "e": (t < 120).astype(int), "x": x})
        fitter = LogNormalAFTFitter().fit(frame, "t", "e")
        rows = pd.DataFrame({"x": rng.random(len(mu))})
        months = np.arange(1.0, MONTHS + 1)
        theirs = timed(lambda: fitter.predict_survival_function(rows, times=months), 3)
    effect = rng.normal(-0.5, 0.3, (len(mu), 1))
    ours = timed(lambda: np.exp(-cumulative_hazard("lognormal", mu, shape, months) * np.exp(effect)))
    print(f"{'one curve for each of 20,000 draws, ours':66s} {1000 * ours:9.1f} ms")
    print(
        f"{'one curve for each of 20,000 rows, lifelines log-normal AFT':66s} {1000 * theirs:9.1f} ms   ratio {theirs / ours:.1f}"
    )


if __name__ == "__main__":
    times()
