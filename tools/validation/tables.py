"""Reproduce published tables of strategic estimation: `make tables`, or ``python tools/validation/tables.py [NAME ...]``.

Reads the data from the folder named by ``VETOPOINT_REFERENCE_DATA`` (default ``../shared/data``), estimates each model with
``vetopoint.game.fit`` and what stands beside this file, and prints published and reproduced figures side by side. Needs ``rdata`` and ``pandas``.
"""

from __future__ import annotations

import io
import os
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from signalling import Method, SignallingFit, SignallingSpec, fit_signalling
from trees import TreeSpec, fit
from ultimatum import fit_ultimatum

from vetopoint.game.fit.estimate import Estimator, FitResult
from vetopoint.game.fit.likelihood import Penalty
from vetopoint.game.fit.spec import Decision, Error

Columns = dict[str, np.ndarray]
DATA = Path(os.environ.get("VETOPOINT_REFERENCE_DATA", Path(__file__).resolve().parents[2].parent / "shared" / "data"))


@dataclass(frozen=True)
class Table:
    """A published table and the way to reproduce it.

    ``within`` bounds the difference of a coefficient as (absolute, relative); ``loglik`` is as printed, None where it is not.
    """

    title: str
    source: str
    file: str
    run: Callable[[], FitResult]
    coefficients: tuple[float, ...]
    loglik: float | None
    within: tuple[float, float]
    se: tuple[float, ...] = ()


def numbers(text: str) -> tuple[float, ...]:
    """Figures as printed, one after the other."""
    return tuple(map(float, text.split()))


@cache
def read(name: str) -> Columns:
    """Columns of a data set of the reference folder, R's or Stata's."""
    path = DATA / "strategic" / name
    if path.suffix == ".dta":
        return _stata7(path)
    import rdata

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        frame = next(iter(rdata.read_rda(path).values()))
    return {str(c): np.asarray(frame[c]) for c in frame.columns}


def _stata7(path: Path) -> Columns:
    """A file of Stata 7 (format 110): as format 111, but for the letters that name the types of the columns."""
    import pandas as pd

    raw = bytearray(path.read_bytes())
    if raw[0] != 110:
        raise ValueError(f"{path.name} is Stata format {raw[0]}, not 110")
    columns = int.from_bytes(raw[4:6], "little")
    raw[0] = 111
    raw[109 : 109 + columns] = bytes(251 + "bilfd".index(chr(c)) for c in raw[109 : 109 + columns])
    frame = pd.read_stata(io.BytesIO(bytes(raw)), convert_categoricals=False)
    return {str(c): np.asarray(frame[c]) for c in frame.columns}


ATTACK = Decision(
    "market",
    {"stay": "no attack", "attack": Decision("government", {"devalue": "devaluation", "defend": "defense"})},
)
HEADS = ("market", "no attack"), ("market", "devaluation"), ("market", "defense"), ("government", "defense")
MARKET = ["capcont", "lreserves", "overval", "creditgrow", "USinterest", "service", "contagion", "prioratt"]
GOVERNMENT = ["1", "unifgov", "lexports", "preelec", "postelec", "rightgov", "realinterest", "capcont", "lreserves"]
LEBLANG = TreeSpec(ATTACK, dict(zip(HEADS, (MARKET, ["1"], ["1"], GOVERNMENT), strict=True)))


def leblang(error: Error = "private", starts: int = 1) -> FitResult:
    """Speculative attacks on currencies, D. Leblang (2003)."""
    data = read("leblang2003.rda")
    return fit(LEBLANG, data, data["outcome"].astype(str), Estimator(error, "probit", starts=starts))


def heteroskedastic() -> FitResult:
    """The same with a scale that moves with prior attacks."""
    data = read("leblang2003.rda")
    payoffs = (["lreserves", "overval"], ["1"], ["1"], ["1", "preelec", "realinterest"])
    spec = TreeSpec(ATTACK, dict(zip(HEADS, payoffs, strict=True)), {"all": ["prioratt"]})
    return fit(spec, data, data["outcome"].astype(str), Estimator("private", "probit", starts=3))


def fixed_utilities() -> FitResult:
    """The same with payoffs fixed by the analyst; only the scale is estimated."""
    data = read("leblang2003.rda")
    spec = TreeSpec(ATTACK, dict(zip(HEADS, (1.0, -1.0, 0.0, 1.0), strict=True)), {"all": ["1"]})
    return fit(spec, data, data["outcome"].astype(str), Estimator("private", "probit"))


def ultimatum() -> FitResult:
    """Offers and answers of 32 students."""
    data = read("ultimatum2010.rda")
    numbers = {c: data[c].astype(float) for c in ("gender1", "gender2", "offer", "accept")}
    return fit_ultimatum(
        ["1", "gender1"],
        ["1", "gender2"],
        numbers,
        numbers["offer"],
        numbers["accept"] == 1,
        pie=100,
        responder_scale=3,
    )


SANCTIONS = SignallingSpec(
    S_A=("sqrt senderecondep", "senderdemocracy", "contig", "ally"),
    V_A=("1", "anticipatedsendercosts"),
    C_B=("1", "sqrt targetecondep", "anticipatedtargetcosts", "contig", "ally"),
    W_A=("1", "sqrt senderecondep", "senderdemocracy", "lncaprat"),
    W_B=("1", "targetdemocracy", "lncaprat"),
    a=("1", "senderdemocracy"),
)


def sanctions_data() -> tuple[Columns, np.ndarray]:
    """Columns and counts (418, 4) of threats and sanctions by pairs of states and decades."""
    data = read("sanctionsData.rdata")
    columns = {c: v.astype(float) for c, v in data.items() if v.dtype.kind in "fiu"}
    columns.update({f"sqrt {c}": np.sqrt(columns[c]) for c in ("senderecondep", "targetecondep")})
    return columns, np.stack([columns[c] for c in ("sq", "cd", "sf", "bd")], axis=1)


def sanctions(method: Method) -> SignallingFit:
    """Economic sanctions as crisis signalling."""
    columns, counts = sanctions_data()
    return fit_signalling(SANCTIONS, columns, counts, method=method)


def deterrence(penalty: Penalty = "none") -> FitResult:
    """Extended immediate deterrence, 58 cases of P. Huth."""
    data = read("huth.dta")
    tree = Decision("attacker", {"stay": "sq", "attack": Decision("defender", {"yield": "back down", "fight": "war"})})
    spec = TreeSpec(
        tree,
        {
            ("attacker", "sq"): ["1", "tft", "firmflex", "dem_att", "syear"],
            ("attacker", "back down"): ["1"],
            ("attacker", "war"): ["nuclear", "ibf", "sbf", "lbf", "milallia", "milarm"],
            ("defender", "war"): [
                "1",
                "nuclear",
                "ibf",
                "sbf",
                "milallia",
                "milarm",
                "fortrade",
                "stalemat",
                "dem_def",
            ],
        },
    )
    outcome = np.array([{1: "sq", 3: "back down", 4: "war"}[int(v)] for v in data["outcome"]])
    return fit(spec, data, outcome, Estimator("private", "probit", penalty, starts=5))


JSS = "Kenkel & Signorino 2014, Journal of Statistical Software 56(8)"
PSRM = "Crisman-Cox & Gibilisco 2019, Political Science Research and Methods, replication archive"
PA = "Crisman-Cox, Gasparyan & Signorino 2022, Political Analysis, replication archive"

TABLES: dict[str, Table] = {
    "leblang": Table(
        "Speculative attacks (private information, probit)",
        f"{JSS}, Table 1; Hessian standard errors: {PA}, Table D2",
        "leblang2003.rda",
        leblang,
        numbers(
            "-0.4525 0.2292 -0.4413 -0.0648 -0.0505 -0.0288 -0.1159 -0.1218 -3.6648 -3.1385 "
            "0.4269 -0.3568 -0.1997 1.6632 1.0623 -0.9358 1.7955 0.0656 0.3099"
        ),
        -482.0155,
        (1e-3, 0.0),
        numbers("0.25 0.06 0.09 0.03 0.06 0.05 0.05 0.05 0.30 0.29 0.78 0.36 0.17 0.75 0.59 0.45 0.60 0.76 0.17"),
    ),
    "heteroskedastic": Table(
        "Speculative attacks, scale moving with prior attacks",
        JSS,
        "leblang2003.rda",
        heteroskedastic,
        (0.2264, -0.4381, -3.0137, -2.8410, -0.0190, 1.3690, 1.4943, 0.0427),
        -495.37,
        (5e-4, 0.0),
        (0.0464, 0.0836, 0.2471, 0.2275, 0.1985, 0.6406, 0.5649, 0.0186),
    ),
    "fixed": Table(
        "Speculative attacks, payoffs fixed at 1, -1, 0, 1",
        JSS,
        "leblang2003.rda",
        fixed_utilities,
        (-1.0513,),
        -646.54,
        (5e-5, 0.0),
        (0.0199,),
    ),
    "ultimatum": Table(
        "Ultimatum offers, scale of the responder 3",
        JSS,
        "ultimatum2010.rda",
        ultimatum,
        (62.198, -25.409, 37.684, -0.897, 3.934),
        -292.14,
        (5e-4, 2e-3),
        (18.734, 39.290, 1.616, 1.150, 0.430),
    ),
    "sanctions-npl": Table(
        "Economic sanctions, nested pseudo-likelihood",
        PSRM,
        "sanctionsData.rdata",
        lambda: sanctions("nested-pseudo").estimates,
        numbers(
            "-0.22 0.03 0.05 -0.17 1.60 -0.05 -2.14 2.34 0.12 0.12 -0.03 -2.42 0.01 0.04 0.03 -0.91 0.0 0.12 -2.64 0.02"
        ),
        -3932.45,
        (5.5e-3, 0.0),
    ),
    "sanctions-cmle": Table(
        "Economic sanctions, constrained maximum likelihood",
        PSRM,
        "sanctionsData.rdata",
        lambda: sanctions("constrained").estimates,
        numbers(
            "-0.52 0.01 0.04 -0.16 1.31 -0.19 -4.53 2.83 0.19 0.10 "
            "-0.02 -2.46 -0.05 0.0 0.04 -4.42 -0.01 0.29 -2.71 0.0"
        ),
        -3927.91,
        (5.5e-3, 0.0),
    ),
    "deterrence": Table(
        "Extended immediate deterrence (near-separation, flat)",
        f"{PA}, Table 4, FMLE",
        "huth.dta",
        deterrence,
        numbers(
            "-5.04 17.27 6.59 15.75 -0.35 13.51 -9.13 -12.51 -6.22 3.35 12.62 "
            "-0.86 -10.93 6.64 5.46 4.16 13.39 -1.75 4.85 8.40 5.93"
        ),
        None,
        (5e-3, 1e-2),
        numbers(
            "2.39 7.22 3.26 8.60 0.18 12.76 5.00 5.26 3.26 1.57 5.23 0.49 5.88 2.62 2.90 2.37 7.61 0.86 2.55 4.21 2.86"
        ),
    ),
    "deterrence-penalised": Table(
        "Extended immediate deterrence, log-F(1, 1) penalty",
        f"{PA}, Table 4, BR FMLE (its standard errors are a bootstrap)",
        "huth.dta",
        lambda: deterrence("log-f"),
        numbers(
            "-1.30 2.47 1.26 0.52 -0.03 1.94 -0.99 -1.43 -1.89 0.45 2.53 "
            "-0.16 -2.71 2.41 1.22 1.24 1.64 -0.29 0.90 1.38 1.08"
        ),
        None,
        (5.5e-3, 0.0),
    ),
}


def report(table: Table) -> str:
    """A table as text, published beside reproduced."""
    began = time.perf_counter()
    result = table.run()
    took = time.perf_counter() - began
    lines = [
        table.title,
        f"  {table.source}",
        f"  {'':38s}{'published':>12s}{'here':>12s}{'(s.e.)':>12s}{'s.e. here':>12s}",
    ]
    for k, row in enumerate(result.table()):
        se = f"({table.se[k]:g})" if table.se else ""
        lines.append(f"  {row.name:38s}{table.coefficients[k]:12g}{row.estimate:12.4f}{se:>12s}{row.se:12.4f}")
    stated = "" if table.loglik is None else str(table.loglik)
    lines.append(f"  {'log-likelihood':38s}{stated:>12s}{result.loglik:12.4f}")
    lines.append(f"  {result.n} observations, {result.method}, {took:.2f} s")
    lines.extend(f"  note: {warning}" for warning in result.warnings)
    return "\n".join(lines)


def main(names: list[str]) -> int:
    """Print the named tables, or all of them; 1 if a data set is missing."""
    missing = 0
    for name in names or list(TABLES):
        table = TABLES[name]
        if not (DATA / "strategic" / table.file).exists():
            print(
                f"{name}: {table.file} not found in {DATA / 'strategic'}; set VETOPOINT_REFERENCE_DATA\n",
                file=sys.stderr,
            )
            missing = 1
            continue
        print(report(table), end="\n\n")
    return missing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
