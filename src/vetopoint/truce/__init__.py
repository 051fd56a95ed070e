"""How long a truce holds under each form of presence, what the presence can see, and what past plans became."""

from vetopoint.truce._section import section
from vetopoint.truce._symbol import Worth
from vetopoint.truce._tables import PresencePath, Segment, TruceTables, along, tables
from vetopoint.truce.backtesting import backtest, compare
from vetopoint.truce.fitting import fit_truce
from vetopoint.truce.hazard import held
from vetopoint.truce.history import analogues, base_rates, case_features
from vetopoint.truce.model import check

__all__ = [
    "PresencePath",
    "Segment",
    "TruceTables",
    "Worth",
    "along",
    "analogues",
    "backtest",
    "base_rates",
    "case_features",
    "check",
    "compare",
    "fit_truce",
    "held",
    "section",
    "tables",
]
