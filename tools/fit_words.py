"""Fit the words of probability and write ``src/vetopoint/quantity/data/words.csv``.

    python tools/fit_words.py            write the table
    python tools/fit_words.py --check    fail when the table differs from a fresh fit

Survey words: the beta whose 19 quantiles at 5 %, 10 %, …, 95 % lie nearest (least squares) to those of the 46 readers'
answers, so that the one or two readers in each column who read the scale upside down do not pull the fit. Scales: the
beta whose 5 % and 95 % quantiles are the published range.
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

DATA = Path(__file__).resolve().parents[1] / "src" / "vetopoint" / "quantity" / "data"
SURVEY = "Survey of 46 readers, zonination/perceptions (MIT), 2015, column '{column}'"
ICD = "ODNI, Intelligence Community Directive 203, Analytic Standards, 2015, D.6.e(2)(a): {lo:.0%} to {hi:.0%}"
KENT = "S. Kent, Words of Estimative Probability, Studies in Intelligence 8(4), 1964: {what}"

ICD203 = {
    (0.01, 0.05): ("almost no chance", "remote"),
    (0.05, 0.20): ("very unlikely", "highly improbable"),
    (0.20, 0.45): ("unlikely", "improbable", "improbably"),
    (0.45, 0.55): ("roughly even chance", "roughly even odds"),
    (0.55, 0.80): ("likely", "probable", "probably"),
    (0.80, 0.95): ("very likely", "highly probable"),
    (0.95, 0.99): ("almost certain", "almost certainly", "nearly certain"),
}
KENT1964 = {
    "almost certain": (93, 6),
    "probable": (75, 12),
    "chances about even": (50, 10),
    "probably not": (30, 10),
    "almost certainly not": (7, 5),
}
POSSIBILITY = (
    "can", "conceivable", "conceivably", "could", "may", "maybe", "might", "not impossible", "not ruled out", "perhaps",
    "possible", "possibly",
)  # fmt: skip
CERTAINTY = {"certain": 1.0, "certainly": 1.0, "impossible": 0.0}
LEVELS = np.arange(1, 20) / 20
FIELDS = ("word", "kind", "scale", "a", "b", "q05", "q50", "q95", "misfit", "source")


def fit_survey(answers: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return beta parameters for answers in (0, 1), and the root mean square misfit of the 19 quantiles."""
    target = np.quantile(answers, LEVELS)
    mean = float(np.clip(np.median(answers), 0.01, 0.99))
    spread = max(float(np.diff(np.quantile(answers, [0.25, 0.75]))[0]) / 1.35, 0.01)
    start = np.array([np.log(mean / (1 - mean)), np.log(np.clip(mean * (1 - mean) / spread**2 - 1, 2.0, 1000.0))])

    def shapes(x: NDArray[np.float64]) -> tuple[float, float]:
        centre, strength = special.expit(x[0]), np.exp(x[1])
        return centre * strength, (1 - centre) * strength

    found = optimize.least_squares(
        lambda x: special.betaincinv(*shapes(x), LEVELS) - target,
        start,
        bounds=([-8, 0], [8, np.log(2000)]),
        xtol=1e-12,
    )
    return *shapes(found.x), float(np.sqrt(np.mean(found.fun**2)))


def fit_range(lo: float, hi: float) -> tuple[float, float, float]:
    """Return the beta whose 5 % and 95 % quantiles are `lo` and `hi`, and the misfit."""
    mean, spread = (lo + hi) / 2, (hi - lo) / 3.29
    strength = mean * (1 - mean) / spread**2 - 1
    found = optimize.least_squares(
        lambda x: special.betaincinv(*np.exp(x), [0.05, 0.95]) - [lo, hi],
        np.log([mean * strength, (1 - mean) * strength]),
        xtol=1e-14,
        ftol=1e-14,
    )
    return *np.exp(found.x), float(np.sqrt(np.mean(found.fun**2)))


def survey_answers() -> dict[str, NDArray[np.float64]]:
    """Return the 46 readers' answers by column, as shares."""
    with (DATA / "perceptions-probly.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {name: np.array([float(row[name]) for row in rows]) / 100 for name in rows[0]}


def _row(word: str, scale: str, fit: tuple[float, float, float], source: str) -> dict[str, str]:
    a, b, misfit = fit
    q05, q50, q95 = (f"{q:.3f}" for q in special.betaincinv(round(a, 3), round(b, 3), [0.05, 0.5, 0.95]))
    numbers = {"a": f"{a:.3f}", "b": f"{b:.3f}", "q05": q05, "q50": q50, "q95": q95, "misfit": f"{misfit:.3f}"}
    return {"word": word, "kind": "probability", "scale": scale, **numbers, "source": source}


def _bounds(word: str, kind: str, a: float, b: float, what: str) -> dict[str, str]:
    row = {
        "word": word,
        "kind": kind,
        "scale": "kent1964",
        "a": f"{a:g}",
        "b": f"{b:g}",
        "source": KENT.format(what=what),
    }
    return dict.fromkeys(FIELDS, "") | row


def rows() -> list[dict[str, str]]:
    """Return the whole table, freshly fitted."""
    out = [_row(c.lower(), "survey", fit_survey(x), SURVEY.format(column=c)) for c, x in survey_answers().items()]
    for (lo, hi), words in ICD203.items():
        out += [_row(word, "icd203", fit_range(lo, hi), ICD.format(lo=lo, hi=hi)) for word in words]
    for word, (centre, give) in KENT1964.items():
        fit = fit_range((centre - give) / 100, (centre + give) / 100)
        out.append(_row(word, "kent1964", fit, KENT.format(what=f"{centre} %, give or take about {give} %")))
    out += [_bounds(word, "possibility", 0.0, 1.0, "a possibility bears no odds") for word in POSSIBILITY]
    out += [_bounds(word, "certainty", p, p, f"{p:.0%}") for word, p in CERTAINTY.items()]
    return sorted(out, key=lambda row: (row["scale"], row["word"]))


def table() -> str:
    """Return the table as CSV text."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows())
    return stream.getvalue()


def main() -> int:
    target, text = DATA / "words.csv", table()
    if "--check" in sys.argv[1:]:
        same = target.exists() and target.read_text(encoding="utf-8") == text
        print(
            "words.csv is up to date" if same else "words.csv differs from a fresh fit: run python tools/fit_words.py"
        )
        return 0 if same else 1
    target.write_text(text, encoding="utf-8")
    print(f"{len(text.splitlines()) - 1} words written to {target.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
