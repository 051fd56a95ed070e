"""Estimating what a game's actors want from what they did: strategic models by maximum likelihood.

`fit` takes any declared tree with perfect information; `signalling` holds the crisis-signalling game, whose equilibria are
not unique; `ultimatum` the bargaining model with continuous offers; `precision` fits one λ; `case` binds `fit` to a case file.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vetopoint.game.fit.case import CaseFit as CaseFit
    from vetopoint.game.fit.case import fit_case as fit_case
    from vetopoint.game.fit.estimate import fit as fit
    from vetopoint.game.fit.precision import fit_precision as fit_precision
    from vetopoint.game.fit.result import FitResult as FitResult
    from vetopoint.game.fit.result import Row as Row
    from vetopoint.game.fit.signalling import SignallingSpec as SignallingSpec
    from vetopoint.game.fit.signalling import fit_signalling as fit_signalling
    from vetopoint.game.fit.spec import Chance as Chance
    from vetopoint.game.fit.spec import Decision as Decision
    from vetopoint.game.fit.spec import TreeSpec as TreeSpec
    from vetopoint.game.fit.ultimatum import fit_ultimatum as fit_ultimatum

_HOMES = {
    "CaseFit": "case",
    "Chance": "spec",
    "Decision": "spec",
    "FitResult": "result",
    "Row": "result",
    "SignallingSpec": "signalling",
    "TreeSpec": "spec",
    "fit": "estimate",
    "fit_case": "case",
    "fit_precision": "precision",
    "fit_signalling": "signalling",
    "fit_ultimatum": "ultimatum",
}

__all__ = [
    "CaseFit",
    "Chance",
    "Decision",
    "FitResult",
    "Row",
    "SignallingSpec",
    "TreeSpec",
    "fit",
    "fit_case",
    "fit_precision",
    "fit_signalling",
    "fit_ultimatum",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"vetopoint.game.fit.{_HOMES[name]}"), name)
