"""Estimating what a game's actors want from what they did: strategic models by maximum likelihood.

`spec` declares a tree and its unknown coefficients, `likelihood` (over `jets`, numbers with their derivatives) weighs what was observed,
`maximise` climbs, `estimate` puts them together, `case` binds them to a case file.
"""

from vetopoint.game.fit.case import CaseFit, fit_case
from vetopoint.game.fit.estimate import Estimator, FitResult, Row, fit
from vetopoint.game.fit.spec import Chance, Decision, TreeSpec

__all__ = ["CaseFit", "Chance", "Decision", "Estimator", "FitResult", "Row", "TreeSpec", "fit", "fit_case"]
