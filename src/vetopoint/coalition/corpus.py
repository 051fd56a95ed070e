"""How the settlements of disputed issues fare on public outcomes: the Decision-making in the European Union data, third wave.

The data set (364 issues of 141 proposals, 30 actors, outcomes on 353) may not be shipped; take it from the deposit,
Arregui & Perarnaud, doi:10.34810/data53. Coding: capability is the vote of a state in the Council (before 2004, or Nice
votes where a member of 2004 or later holds a position on any issue of the proposal); Commission and Parliament weigh as
much as the largest state; an actor without a stated salience is left out.

Reference: Gneiting & Raftery (2007), Strictly proper scoring rules, JASA 102:359-378 (CRPS).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from vetopoint.arrays import Floats, Ints
from vetopoint.coalition.challenging import Profile, challenge
from vetopoint.coalition.settlement import FITTED, components, nash, weighted_mean, weighted_median
from vetopoint.errors import EvidenceError

__all__ = ["DeuIssue", "crps", "deu_table", "evaluate_deu", "grid", "parts_of", "placed", "read_deu"]

_BEFORE_2004 = {
    "de": 10, "fr": 10, "it": 10, "uk": 10, "es": 8, "be": 5, "el": 5, "nl": 5, "pt": 5, "at": 4, "se": 4,
    "dk": 3, "fi": 3, "ie": 3, "lu": 2,
}  # fmt: skip
_NICE = {
    "de": 29, "fr": 29, "it": 29, "uk": 29, "es": 27, "pl": 27, "ro": 14, "nl": 13, "be": 12, "cz": 12, "el": 12,
    "hu": 12, "pt": 12, "at": 10, "bu": 10, "se": 10, "dk": 7, "fi": 7, "ie": 7, "lt": 7, "sk": 7, "cr": 7, "cy": 4,
    "ee": 4, "lv": 4, "lu": 4, "si": 4, "mt": 3,
}  # fmt: skip
_INSTITUTIONS = ("com", "ep")
_RESAMPLES = 2000


@dataclass(frozen=True)
class DeuIssue:
    """One issue: positions, salience and votes of those actors that have all three, and the outcome, on a scale of 0 to 100."""

    positions: Floats
    salience: Floats
    votes: Floats
    outcome: float | None

    @property
    def weights(self) -> Floats:
        """Votes times salience."""
        return self.votes * self.salience


def read_deu(folder: str | Path) -> list[DeuIssue]:
    """Read ``deu3.csv`` from a folder (or the file itself).

    Raises
    ------
    EvidenceError
        If the file is missing or lacks the expected columns.
    """
    path = Path(folder)
    path = path / "deu3.csv" if path.is_dir() else path
    if not path.exists():
        raise EvidenceError(f"{path} not found → take DEU III from doi:10.34810/data53 and name its folder")
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    delimiter = max("\t;,", key=text.partition("\n")[0].count)
    rows = list(csv.reader(text.splitlines(), delimiter=delimiter))
    header = rows[0]
    actors = [c[1:] for c in header if c.startswith("p") and f"s{c[1:]}" in header]
    if "out" not in header or len(actors) < 10:
        raise EvidenceError(f"{path} has no columns p…, s… and out → is it DEU III?")
    issues = [dict(zip(header, row, strict=False)) for row in rows[1:] if row[header.index("isnr")].strip()]
    joined = [a for a in actors if a in _NICE and a not in _BEFORE_2004]
    newer = {i["prnr"] for i in issues if any(_number(i[f"p{a}"]) is not None for a in joined)}
    return [_issue(i, actors, _NICE if i["prnr"] in newer else _BEFORE_2004) for i in issues]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _issue(row: dict[str, str], actors: list[str], votes: dict[str, int]) -> DeuIssue:
    most = max(votes.values())
    held = []
    for actor in actors:
        position, salience = _number(row[f"p{actor}"]), _number(row[f"s{actor}"])
        vote = most if actor in _INSTITUTIONS else votes.get(actor, 0)
        if position is not None and salience is not None and vote > 0:
            held.append((position, salience, vote))
    x, s, v = (np.array(column, float) for column in zip(*held, strict=True))
    return DeuIssue(x, s, v, _number(row["out"]))


def _models() -> dict[str, Callable[[DeuIssue], float]]:
    def challenged(profile: Profile) -> Callable[[DeuIssue], float]:
        def run(i: DeuIssue) -> float:
            path = challenge(i.positions, i.salience / 100, i.votes / i.votes.max(), profile=profile)
            return float(weighted_mean(path[0, -1], i.weights))

        return run

    return {
        "compromise": lambda i: float(weighted_mean(i.positions, i.weights)),
        "nash, costly no agreement": lambda i: float(nash(i.positions, i.weights)[0]),
        "salience mean": lambda i: float(weighted_mean(i.positions, i.salience)),
        "plain mean": lambda i: float(i.positions.mean()),
        "challenge, scholz2011": challenged("scholz2011"),
        "challenge, least-movement": challenged("least-movement"),
        "constant 50": lambda i: 50.0,
        "median voter": lambda i: float(weighted_median(i.positions, i.weights)),
    }


def evaluate_deu(folder: str | Path, seed: int = 0) -> dict[str, Any]:
    """Score every model, and the shipped distribution, on the outcomes of DEU III, ``deu3.csv`` or a folder with it.

    Returns ``issues``, ``outcomes``; ``models``: per model mean absolute error (``mae``) with its 95 % bootstrap
    interval, ``rmse``, ``median``, ``within_10``, ``difference`` in mae from the compromise model with its interval;
    ``crps``: mean scores of distributions, the shipped one among them; ``interval_80``: share of outcomes in its 80 %
    interval; ``scored``: on what; ``says``: the finding in words.
    """
    every = read_deu(folder)
    issues = [i for i in every if i.outcome is not None]
    outcomes = np.array([i.outcome for i in issues], dtype=float)
    rng = np.random.default_rng(seed)
    resample = rng.integers(0, len(issues), (_RESAMPLES, len(issues)))
    error = {name: np.abs(np.array([f(i) for i in issues]) - outcomes) for name, f in _models().items()}
    models = {name: _score(e, e - error["compromise"], resample) for name, e in error.items()}
    better = ", ".join(n for n, m in models.items() if m["difference"]["hi"] < 0)
    points = grid()
    parts = parts_of(issues, points, FITTED.deviation)
    shipped = np.tensordot([FITTED.positions, FITTED.normal, FITTED.uniform], parts, axes=1)
    distributions = {
        "point compromise": parts_of(issues, points, 1e-6)[1],
        "positions": parts[0],
        "uniform": parts[2],
        "climatology, in sample": (outcomes[None, :, None] <= points).mean(axis=1).repeat(len(issues), axis=0),
        "calibrated mixture": shipped,
    }
    place = placed(shipped, outcomes, points, rng)
    return {
        "corpus": "DEU III, doi:10.34810/data53",
        "issues": len(every),
        "outcomes": len(issues),
        "models": models,
        "scored": "the mixture as shipped, which was fitted on these outcomes",
        "crps": {name: float(crps(cdf, outcomes, points).mean()) for name, cdf in distributions.items()},
        "interval_80": float(((place >= 0.1) & (place <= 0.9)).mean()),
        "says": f"Better than the weighted mean at 95 %: {better}."
        if better
        else "No model beats the weighted mean of positions significantly.",
    }


def _score(error: Floats, difference: Floats, resample: Ints) -> dict[str, Any]:
    def interval(values: Floats) -> dict[str, float]:
        lo, hi = np.quantile(values[resample].mean(axis=1), [0.025, 0.975])
        return {"mean": float(values.mean()), "lo": float(lo), "hi": float(hi)}

    mae = interval(error)
    return {
        "mae": mae.pop("mean"),
        **mae,
        "rmse": float(np.sqrt((error**2).mean())),
        "median": float(np.median(error)),
        "within_10": float((error <= 10 + 1e-9).mean()),
        "difference": interval(difference),
    }


def grid(step: float = 0.5) -> Floats:
    """Midpoints of the cells of a scale of 0 to 100."""
    return np.arange(step / 2, 100.0, step)


def crps(cdf: Floats, outcomes: ArrayLike, points: Floats) -> Floats:
    """Continuous ranked probability score on evenly spaced points, in units of the scale; (n,)."""
    reached = np.asarray(outcomes, dtype=float)[:, None] <= points
    return np.asarray(((cdf - reached) ** 2).sum(axis=1) * (points[1] - points[0]))


def parts_of(issues: Sequence[DeuIssue], points: Floats, deviation: float) -> Floats:
    """Distribution functions of the three parts of the mixture on every issue, (3, issues, points)."""
    return np.concatenate([components(i.positions, i.weights, points, deviation) for i in issues], axis=1)


def placed(cdf: Floats, outcomes: Floats, points: Floats, rng: np.random.Generator) -> Floats:
    """Place of each outcome in its distribution, drawn within the jump where the distribution has one (randomised PIT)."""
    at = np.minimum(np.searchsorted(points, outcomes), len(points) - 1)
    rows = np.arange(len(outcomes))
    above = np.where(outcomes >= points[-1], 1.0, cdf[rows, at])
    below = np.where(at > 0, cdf[rows, np.maximum(at - 1, 0)], 0.0)
    return np.asarray(below + (above - below) * rng.random(len(outcomes)))


def deu_table(found: dict[str, Any]) -> str:
    """What `evaluate_deu` found, as text: the record of the models, and the scores."""
    lines = [
        f"{found['corpus']}: {found['outcomes']} outcomes on {found['issues']} issues, scale 0 to 100",
        "",
        f"{'model':28s}{'mae':>7s}  {'95 %':14s}{'rmse':>7s}{'median':>8s}{'within 10':>11s}   less the compromise",
    ]
    for name, m in found["models"].items():
        d = m["difference"]
        other = "" if name == "compromise" else f"{d['mean']:+6.2f} [{d['lo']:+.2f}, {d['hi']:+.2f}]"
        lines.append(
            f"{name:28s}{m['mae']:7.2f}  [{m['lo']:5.2f}, {m['hi']:5.2f}]{m['rmse']:7.2f}{m['median']:8.2f}"
            f"{m['within_10']:11.3f}   {other}".rstrip()
        )
    lines += ["", found["says"], "", f"mean continuous ranked probability score ({found['scored']})"]
    lines += [f"  {name:26s}{score:7.2f}" for name, score in found["crps"].items()]
    return "\n".join([*lines, f"  the 80 % interval of the mixture holds {found['interval_80']:.1%} of the outcomes"])
