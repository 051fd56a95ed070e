"""Truce kernels beside lifelines, and the skill of the shipped priors.

python benchmarks/truce.py            times (median of several runs) beside lifelines' prediction, in one process run
python benchmarks/truce.py --brier    leave-one-country-out Brier scores on Fortna's spells (needs VETOPOINT_REFERENCE_DATA)
python benchmarks/truce.py --history  back-test on past plans with intervals
python benchmarks/truce.py --update   log scores of the incident forecast on simulated series
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

from vetopoint.truce.backtesting import backtest, compare
from vetopoint.truce.baseline import cumulative_hazard, load_baseline, parameters
from vetopoint.truce.hazard import Grid, Hazards, mean_survival, path_survival, standing_survival
from vetopoint.truce.incidents import gamma_poisson_scores, lagged_scores
from vetopoint.truce.priors import priors_page
from vetopoint.truce.skill import HORIZONS, Spells, log_hazard_ratio, spell_skill

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
    rng = np.random.default_rng(0)
    base = load_baseline("lognormal")
    n = 1_000_000
    mu, shape = parameters(base, rng.random((n, 2)))
    effects = rng.normal(-0.5, 0.3, (n, FORMS))
    rows = [
        (
            "mean survival, 1,000,000 draws x 4 forms x 60 months",
            0.8,
            timed(lambda: mean_survival("lognormal", mu, shape, effects, MONTHS), 3),
        )
    ]
    mu, shape, effects, n = mu[:20_000], shape[:20_000], effects[:20_000], 20_000
    rows.append(
        ("the same, 20,000 draws", 0.025, timed(lambda: mean_survival("lognormal", mu, shape, effects, MONTHS)))
    )
    edges = np.arange(MONTHS + 1.0)
    mix = rng.dirichlet([7.2, 1.6, 1.2], n)
    grid = Grid(edges, np.zeros(MONTHS, dtype=np.int64), np.arange(MONTHS) == 0)

    def risks() -> None:
        steps = np.diff(cumulative_hazard("lognormal", mu, shape, edges))
        for f in range(FORMS):
            factors = Hazards(np.exp(effects[:, [f]]), np.ones(n), np.full((n, 1), 0.005), mix[:, None, :], mix)
            path_survival(steps, np.ones(n), grid, factors)

    rows.append(("competing risks with exits, 20,000 draws x 4 forms x 60 months", 0.15, timed(risks)))
    for name, gate, seconds in rows:
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
    ours = timed(lambda: standing_survival(cumulative_hazard("lognormal", mu, shape, months), effect))
    print(f"{'one curve for each of 20,000 draws, ours':66s} {1000 * ours:9.1f} ms")
    print(
        f"{'one curve for each of 20,000 rows, lifelines log-normal AFT':66s} {1000 * theirs:9.1f} ms   ratio {theirs / ours:.1f}"
    )


def fortna() -> Spells:
    import pandas as pd

    root = Path(
        os.environ.get("VETOPOINT_REFERENCE_DATA", Path(__file__).resolve().parents[1].parent / "shared" / "data")
    )
    file = root / "fortna" / "pk_pkept.dta"
    if not file.exists():
        sys.exit(f"{file} not found: set VETOPOINT_REFERENCE_DATA to the folder that holds fortna/pk_pkept.dta")
    rows = pd.read_stata(file, convert_categoricals=False)
    rows = rows[rows.pcw == 1]
    names = {"presence_consented": "consent", "armed_consented": "enforce", "treaty": "treaty", "victory": "victory"}
    month = 365.25 / 12
    return Spells(
        rows.id.to_numpy(), rows.ccode.to_numpy(), rows._t0.to_numpy(float) / month, rows._t.to_numpy(float) / month,
        rows._d.to_numpy() == 1, log_hazard_ratio({effect: rows[column].to_numpy() for effect, column in names.items()}),
    )  # fmt: skip


def brier() -> None:
    skill = spell_skill(fortna())
    print(f"{skill.spells} ceasefires of 1989-99, one country left out at a time; Brier score of P(still holds)")
    print(f"{'months':>14s} " + " ".join(f"{h:7.0f}" for h in HORIZONS) + "    mean")
    print(f"{'shipped priors':>14s} " + " ".join(f"{b:7.3f}" for b in skill.brier) + f" {skill.mean:7.3f}   gate 0.205")
    print(f"{'base rate':>14s} " + " ".join(f"{b:7.3f}" for b in skill.base_rate) + f" {skill.mean_base_rate:7.3f}")


def history() -> None:
    found = backtest()
    given = found["given_consent"]
    print(
        f"{found['n']} past plans, one conflict left out at a time           log score (nats)   Brier (three classes)"
    )
    for name, scores in (
        ("at the proposal: model", found["model"]),
        ("at the proposal: class rate", found["base_rate"]),
        ("given the consents: model", given["model"]),
        ("given the consents: rate given the government's consent", given["conditional_rate"]),
    ):
        print(f"{name:58s} {scores['log_score']:15.3f} {scores['brier']:19.3f}")
    for name, c in compare().items():
        print(f"model minus {name:46s} {c.difference:+7.3f} [{c.lo:+.3f}, {c.hi:+.3f}]   P(better) {c.better:.3f}")


def priors() -> None:
    print(priors_page(), end="")


def update() -> None:
    print("negative binomial with lag against Gamma-Poisson, 84 months, forecast from month 24 on; nats a month")
    for seed in range(1, 9):
        rng = np.random.default_rng(seed)
        counts = [10.0]
        for _ in range(84):
            mean = 2.0 + 0.79 * counts[-1]
            counts.append(float(rng.poisson(rng.gamma(1.5, mean / 1.5))))
        y = np.array(counts[1:])
        ours, plain = lagged_scores(y, 24).mean(), gamma_poisson_scores(y, 24).mean()
        print(
            f"series {seed}: mean {y.mean():5.1f} variance {y.var():7.1f}   {ours:7.3f} {plain:8.3f}   gain {ours - plain:+.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--brier", action="store_true")
    parser.add_argument("--history", action="store_true")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--priors", action="store_true")
    asked = parser.parse_args()
    chosen = [
        work
        for flag, work in (
            (asked.brier, brier),
            (asked.history, history),
            (asked.update, update),
            (asked.priors, priors),
        )
        if flag
    ]
    for work in chosen or [times]:
        work()


if __name__ == "__main__":
    main()
