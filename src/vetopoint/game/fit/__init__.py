"""Estimating what a game's actors want from what they did: strategic models by maximum likelihood.

`spec` says what a tree and its linear payoffs are, `likelihood` (over `jets`, numbers with their derivatives) weighs what
was observed, `maximise` climbs, `estimate` puts them together, `case` binds them to a case file.
"""

from vetopoint.game.fit.case import CaseFit, fit_case
from vetopoint.game.fit.estimate import Estimator

__all__ = ["CaseFit", "Estimator", "fit_case"]
