"""Estimating what a game's actors want from what they did: strategic models by maximum likelihood.

`fit` takes any declared tree with perfect information; `signalling` holds the crisis-signalling game, whose equilibria are
not unique; `ultimatum` the bargaining model with continuous offers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vetopoint.game.fitting.estimate import fit as fit
    from vetopoint.game.fitting.result import FitResult as FitResult
    from vetopoint.game.fitting.result import Row as Row
    from vetopoint.game.fitting.spec import Chance as Chance
    from vetopoint.game.fitting.spec import Decision as Decision
    from vetopoint.game.fitting.spec import TreeSpec as TreeSpec

_HOMES = {
    "Chance": "spec",
    "Decision": "spec",
    "FitResult": "result",
    "Row": "result",
    "TreeSpec": "spec",
    "fit": "estimate",
}

__all__ = ["Chance", "Decision", "FitResult", "Row", "TreeSpec", "fit"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"vetopoint.game.fitting.{_HOMES[name]}"), name)
