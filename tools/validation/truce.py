"""What the truce rests on, by command: its priors as a page, how estimates were pooled, and how well all of it foretells what happened.

python tools/validation/truce.py --priors   the shipped priors as docs/method/priors.md
python tools/validation/truce.py --brier    leave-one-country-out Brier scores on Fortna's spells (needs VETOPOINT_REFERENCE_DATA)
python tools/validation/truce.py --specifications  effects re-fitted to the same spells without, with few and with all controls, as the shipped table
python tools/validation/truce.py --history  back-test on past plans with intervals
python tools/validation/truce.py --blind    branching ratios found in simulated series of which a share is seen (half an hour)
python tools/validation/truce.py --update   log scores of the incident forecast on simulated series

The effects scored on spells are the shipped ones and are not refitted; one number is learnt from the other groups, the scale of a Weibull
with the shipped shape: with S(t) = exp(−λ R t^k) its maximum-likelihood estimate is λ = ends / Σ R (stop^k − start^k).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from vetopoint.arrays import Array, Bools, Floats
from vetopoint.truce import backtest, compare
from vetopoint.truce.hazard import load_baseline
from vetopoint.truce.incidents import CountModel, fit_counts, gamma_poisson_scores, lagged_scores
from vetopoint.truce.priors import Z95, load_priors, load_specifications

#: Months at which a spell is asked whether it still holds.
HORIZONS = (6.0, 12.0, 24.0, 60.0)


@dataclass(frozen=True)
class Spells:
    """Spells in counting-process form, one row per stretch, (rows,) each.

    Parameters
    ----------
    spell, group : what the row belongs to; groups are left out one at a time.
    start, stop : months since the ceasefire.
    ended : whether the spell ended at ``stop``.
    log_ratio : log hazard ratio of the row's covariates, from `log_hazard_ratio`.
    """

    spell: Array
    group: Array
    start: Floats
    stop: Floats
    ended: Bools
    log_ratio: Floats


@dataclass(frozen=True)
class Skill:
    """Brier scores by horizon and their mean, for the priors and for the base rate of the other groups."""

    brier: tuple[float, ...]
    base_rate: tuple[float, ...]
    spells: int

    @property
    def mean(self) -> float:
        """Mean over horizons, of the priors."""
        return float(np.mean(self.brier))

    @property
    def mean_base_rate(self) -> float:
        """Mean over horizons, of the base rate."""
        return float(np.mean(self.base_rate))


def log_hazard_ratio(present: Mapping[str, ArrayLike]) -> Floats:
    """Log hazard ratio of rows: sum over effects of the shipped ln estimate times whether it is present (0 to 1)."""
    rows = load_priors()
    parts = [np.log(rows[name].estimate) * np.asarray(x, dtype=np.float64) for name, x in present.items()]
    return np.asarray(sum(parts))


def _scale(spells: Spells, rows: Bools, shape: float) -> float:
    exposure = np.exp(spells.log_ratio[rows]) * (spells.stop[rows] ** shape - spells.start[rows] ** shape)
    return float(spells.ended[rows].sum() / exposure.sum())


def spell_skill(spells: Spells, horizons: Sequence[float] = HORIZONS) -> Skill:
    """Leave-one-group-out Brier scores of P(still holds) at each horizon, from what is known at the outset.

    A spell that is lost from sight before a horizon is not scored there.
    """
    shape = float(np.exp(load_baseline("weibull").log_shape))
    names, first = np.unique(spells.spell, return_index=True)
    order = np.lexsort((spells.start, spells.spell))
    first = order[np.searchsorted(spells.spell[order], names)]
    last = order[np.searchsorted(spells.spell[order], names, side="right") - 1]
    end, ended, group = spells.stop[last], spells.ended[last], spells.group[first]
    scores, base = [], []
    for month in horizons:
        known = (end >= month) | ended
        held = end > month
        predicted, rate = np.empty(len(names)), np.empty(len(names))
        for g in np.unique(group):
            inside = group == g
            scale = _scale(spells, spells.group != g, shape)
            predicted[inside] = np.exp(-scale * np.exp(spells.log_ratio[first[inside]]) * month**shape)
            rate[inside] = held[known & ~inside].mean()
        scores.append(float(np.mean((predicted - held)[known] ** 2)))
        base.append(float(np.mean((rate - held)[known] ** 2)))
    return Skill(tuple(scores), tuple(base), len(names))


def fortna_rows() -> Any:
    import pandas as pd

    root = Path(
        os.environ.get("VETOPOINT_REFERENCE_DATA", Path(__file__).resolve().parents[2].parent / "shared" / "data")
    )
    file = root / "fortna" / "pk_pkept.dta"
    if not file.exists():
        sys.exit(f"{file} not found: set VETOPOINT_REFERENCE_DATA to the folder that holds fortna/pk_pkept.dta")
    rows = pd.read_stata(file, convert_categoricals=False)
    return rows[rows.pcw == 1]


def fortna() -> Spells:
    rows = fortna_rows()
    names = {"presence_consented": "consent", "armed_consented": "enforce", "treaty": "treaty", "victory": "victory"}
    month = 365.25 / 12
    return Spells(
        rows.id.to_numpy(), rows.ccode.to_numpy(), rows._t0.to_numpy(float) / month, rows._t.to_numpy(float) / month,
        rows._d.to_numpy() == 1, log_hazard_ratio({effect: rows[column].to_numpy() for effect, column in names.items()}),
    )  # fmt: skip


#: How the war ended beside a truce; and what else is controlled for: its cost, kind, history, factions, and the country's state.
_ENDINGS = ("treaty", "victory")
_CONTROLS = ("logcost", "wartype", "sambsec", "infst", "polityle", "faction", "contraband")
_KINDS = {2: "monitors", 3: "interposition", 4: "multidimensional", 5: "enforcement"}
#: Row of the priors table to its column, and what stands beside it without controls.
_REFITTED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "presence_consented": ("consent", ("consent", "enforce")),
    "armed_consented": ("enforce", ("consent", "enforce")),
    "monitors_consented": ("monitors", tuple(_KINDS.values())),
    "treaty": ("treaty", _ENDINGS),
    "victory": ("victory", _ENDINGS),
    "spoiler_income": ("contraband", ("contraband",)),
}


def specifications() -> list[dict[str, str]]:
    """Hazard ratios of the re-derived rows under three sets of controls: Cox, late entry, errors robust by cluster of conflicts."""
    import lifelines

    rows = fortna_rows()
    rows = rows.assign(**{name: (rows.pkop == kind).astype(float) for kind, name in _KINDS.items()})
    found = []
    for effect, (column, beside) in _REFITTED.items():
        presence = () if "consent" in beside or "monitors" in beside else ("consent", "enforce")
        few = (*beside, *(c for c in (*_ENDINGS, *presence) if c not in beside))
        for controls, columns in (
            ("none", beside),
            ("few", few),
            ("all", (*few, *(c for c in _CONTROLS if c not in few))),
        ):
            known = rows[["id", "cluster", "_t0", "_t", "_d", *columns]].dropna()
            cox = lifelines.CoxPHFitter().fit(
                known.drop(columns="id"), "_t", "_d", entry_col="_t0", cluster_col="cluster", robust=True
            )
            ratio, lo, hi = np.exp(
                cox.summary.loc[column, ["coef", "coef lower 95%", "coef upper 95%"]].to_numpy(float)
            )
            numbers = {"estimate": f"{ratio:.3f}", "lo": f"{lo:.3f}", "hi": f"{hi:.3f}"}
            found.append(
                {
                    "effect": effect,
                    "controls": controls,
                    **numbers,
                    "spells": str(known.id.nunique()),
                    "ends": str(int(known._d.sum())),
                }
            )
    return found


def print_specifications() -> None:
    found = specifications()
    print(",".join(found[0]), *(",".join(row.values()) for row in found), sep="\n")


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


def pool(estimates: Iterable[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Pool hazard ratios with 95 % intervals by a random-effects mean (DerSimonian & Laird 1986).

    Parameters
    ----------
    estimates : triples (ratio, lo, hi).

    Returns
    -------
    ratio, lo, hi of the pooled effect.

    Examples
    --------
    >>> [round(x, 2) for x in pool([(0.46, 0.24, 0.89), (0.72, 0.32, 1.62)])]
    [0.55, 0.33, 0.91]
    """
    rows = np.asarray(list(estimates), dtype=np.float64)
    y = np.log(rows[:, 0])
    v = ((np.log(rows[:, 2]) - np.log(rows[:, 1])) / (2 * Z95)) ** 2
    w = 1.0 / v
    fixed = np.sum(w * y) / np.sum(w)
    spread = np.sum(w * (y - fixed) ** 2) - (len(y) - 1)
    scale = np.sum(w) - np.sum(w**2) / np.sum(w)
    tau2 = max(0.0, float(spread / scale)) if scale > 0 else 0.0
    w = 1.0 / (v + tau2)
    mean, sd = np.sum(w * y) / np.sum(w), np.sqrt(1.0 / np.sum(w))
    return float(np.exp(mean)), float(np.exp(mean - Z95 * sd)), float(np.exp(mean + Z95 * sd))


def priors_page() -> str:
    """The shipped table as a page of Markdown, for the documentation."""
    lines = [
        "# Priors of the truce",
        "",
        "Made by `python tools/validation/truce.py --priors` from `truce/data/priors.csv`. Intervals are 95 %; τ is the transport standard deviation",
        "on the log scale; the E-value says how strong unmeasured selection would have to be to explain the estimate (its limit) away.",
        "",
        "Re-derived effects were fitted without controls, with few (how the war ended, presence) and with all; the interval holds what these leave open.",
        "",
        "| effect | estimate | interval | τ | split watching / force | status | controls: none · few · all | E-value (limit) | source | note | against it |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in load_priors().values():
        interval = f"{row.lo:g} – {row.hi:g}" if row.lo < row.hi else ""
        split = f"{row.monitoring:g} / {row.force:g}" if row.monitoring + row.force else ""
        strength = "{:.1f} ({:.1f})".format(*row.e_values) if row.e_values else ""
        cells = (
            f"`{row.effect}` {row.label}", f"{row.estimate:g} ({row.scale.replace('_', ' ')})", interval, f"{row.transport:g}", split,
            row.status, " · ".join(map(str, load_specifications().get(row.effect, ()))), strength, row.source, row.note, row.conflicts,
        )  # fmt: skip
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


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


def thinned(
    months: int, branching: float, detection: float, series: int, level: float = 10.0, size: float = 3.0
) -> list[CountModel]:
    """Models fitted to simulated series with this branching ratio, of whose incidents a share is seen."""
    rng, found = np.random.default_rng(int(1000 * detection + 10 * branching + months)), []
    for _ in range(series):
        counts = [level]
        for _ in range(months + 24):
            mean = level * (1.0 - branching) + branching * counts[-1]
            counts.append(float(rng.poisson(rng.gamma(size, mean / size))))
        found.append(fit_counts(rng.binomial(np.array(counts[-months:], dtype=int), detection), detection))
    return found


#: How many series are simulated for each share of incidents that is seen: more where more is left open.
SERIES = {0.1: 40, 0.17: 120, 0.3: 80, 1.0: 80}


def blind(months: int = 85) -> None:
    print(
        f"series of {months} months, ten incidents a month, size 3: branching ratio as found where something can be said"
    )
    print("truth  seen  series   said   bias   interval holds it   alarm from 0.9")
    for branching in (0.2, 0.5, 0.8, 0.95):
        for detection, series in SERIES.items():
            told = [m for m in thinned(months, branching, detection, series) if m.telling]
            head = f"{branching:5.2f} {detection:5.2f} {series:6d} {len(told) / series:7.0%}"
            if len(told) < series / 5:
                print(f"{head}   nothing can be said", flush=True)
                continue
            middle = np.array([m.branching for m in told])
            inside = np.mean([np.diff(np.sign(m.wide_quantile([0.05, 0.95]) - branching))[0] > 0 for m in told])
            print(f"{head} {middle.mean() - branching:+6.3f} {inside:19.0%} {np.mean(middle >= 0.9):16.0%}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--brier", action="store_true")
    parser.add_argument("--history", action="store_true")
    parser.add_argument("--blind", action="store_true")
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--priors", action="store_true")
    parser.add_argument("--specifications", action="store_true")
    asked = parser.parse_args()
    chosen = {
        "brier": brier,
        "blind": blind,
        "history": history,
        "update": update,
        "priors": priors,
        "specifications": print_specifications,
    }
    if not any(vars(asked).values()):
        parser.error(f"name one of --{', --'.join(chosen)}")
    for name, work in chosen.items():
        if getattr(asked, name):
            work()


if __name__ == "__main__":
    main()
