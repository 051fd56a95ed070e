"""Coalition and consent: who joins under what, who can be done without, and what the members could agree on.

Everything works on its own, arrays in and arrays out, and from a case.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_WHERE = {
    "CoalitionTables": "consent",
    "Consent": "consent",
    "Joining": "joining",
    "PowerIndices": "power",
    "Mixture": "settlement",
    "VotingRule": "bodies",
    "challenge": "challenging",
    "crps": "settlement",
    "Structure": "worlds",
    "acts_table": "worlds",
    "deu_table": "backtest",
    "enumerated_decisiveness": "worlds",
    "evaluate_deu": "backtest",
    "exchange": "bargaining",
    "fixed_points": "joining",
    "forced_table": "worlds",
    "join": "joining",
    "join_independent": "independent",
    "join_sampled": "sampling",
    "known_bodies": "bodies",
    "known_body": "bodies",
    "leverage": "bargaining",
    "nash": "bargaining",
    "polarisation": "bargaining",
    "poisson_binomial": "independent",
    "power_indices": "power",
    "problems": "checks",
    "section": "reporting",
    "spread": "bargaining",
    "tables": "consent",
    "weighted_mean": "challenging",
    "weighted_median": "challenging",
}

__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
