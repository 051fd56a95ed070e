"""How long a truce holds under each form of presence, what the presence can see, and what past plans became."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from vetopoint.answers import TruceSection
from vetopoint.truce.paths import PresencePath, Segment

if TYPE_CHECKING:
    from vetopoint.truce._section import section
    from vetopoint.truce._tables import TruceTables, tables
    from vetopoint.truce.backtesting import backtest, compare
    from vetopoint.truce.fitting import fit_truce
    from vetopoint.truce.history import analogues, base_rates, case_features
    from vetopoint.truce.model import bind, check

__all__ = [
    "PresencePath",
    "Segment",
    "TruceSection",
    "TruceTables",
    "analogues",
    "backtest",
    "base_rates",
    "bind",
    "case_features",
    "check",
    "compare",
    "fit_truce",
    "section",
    "tables",
]

_LAZY = {
    "TruceTables": "_tables",
    "analogues": "history",
    "backtest": "backtesting",
    "base_rates": "history",
    "bind": "model",
    "case_features": "history",
    "check": "model",
    "compare": "backtesting",
    "fit_truce": "fitting",
    "section": "_section",
    "tables": "_tables",
}


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(f"vetopoint.truce.{_LAZY[name]}"), name)
    raise AttributeError(f"module 'vetopoint.truce' has no attribute '{name}'")
