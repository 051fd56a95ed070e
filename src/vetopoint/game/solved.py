"""How the draws of a game were solved, and how far that can be trusted: some are followed once more in short steps.

References
----------
Clopper, C. and Pearson, E. (1934), Biometrika 26: the exact interval of a share.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from vetopoint.answers import RetraceAnswer, SearchAnswer, SolverAnswer
from vetopoint.game.priced import Play
from vetopoint.game.solver.engine import EVALUATIONS
from vetopoint.game.solver.search import STARTS, count_equilibria
from vetopoint.game.solver.solve import CONVERGED, FAILED, FOLDED
from vetopoint.quantity import band

__all__ = ["retrace", "search", "solver_answer"]

LONGEST = 0.02
ELSEWHERE = 1e-6
SEARCHED = 16  # draws


def solver_answer(play: Play, retraced: int) -> SolverAnswer:
    """Labels, evaluations and residuals of a solved game, and what following ``retraced`` draws once more says of them."""
    game, solution = play.priced.game, play.solution
    failed = solution.label == FAILED
    middle, nearly_most, most = (float(v) for v in np.quantile(solution.spent, [0.5, 0.999, 1.0]))
    return SolverAnswer(
        draws=play.priced.n,
        nodes=game.nodes,
        histories=game.terminals,
        information_sets=game.information_sets,
        converged=solution.share(CONVERGED),
        folded=solution.share(FOLDED),
        failed=solution.share(FAILED),
        out_of_evaluations=float(np.mean(failed & (solution.spent >= EVALUATIONS))),
        evaluations=(middle, nearly_most, most),
        retrace=retrace(play, retraced) if solution.spent.any() else None,
        search=search(play) if solution.spent.any() else None,
        worst_residual=float(solution.residual.max(initial=0.0)),
        precision={actor: band(play.priced.precision[:, p]) for p, actor in enumerate(game.players)},
    )


def retrace(play: Play, draws: int) -> RetraceAnswer:
    """Follow the first draws, which are as random as any, in steps of at most a fiftieth, and count those that end elsewhere.

    The steps of the solver are long where the curve is smooth; what could mislead it is a place where two branches pass close by.
    Short steps see such places. Draws that fail either way are left out.
    """
    few = play.first(draws)
    closely = few.priced.solve(longest=LONGEST)
    known = (few.solution.label != FAILED) & (closely.solution.label != FAILED)
    gap = np.abs(few.strategy - closely.strategy).max(axis=1, initial=0.0)[known]
    elsewhere = int(np.sum(gap > ELSEWHERE))
    lo, hi = _exact_interval(elsewhere, gap.size)
    return RetraceAnswer(draws=int(gap.size), longest=LONGEST, elsewhere=elsewhere, lo=lo, hi=hi)


def _exact_interval(count: int, of: int) -> tuple[float, float]:
    """The exact 95 % interval of a share, by quantiles of the beta distribution.

    >>> tuple(round(end, 4) for end in _exact_interval(3, 20))
    (0.0321, 0.3789)
    """
    lo = float(special.betaincinv(count, of - count + 1, 0.025)) if count else 0.0
    hi = float(special.betaincinv(count + 1, of - count, 0.975)) if count < of else 1.0
    return lo, hi


def search(play: Play) -> SearchAnswer | None:
    """Look for further equilibria in the first draws that did not fail; of a game that is seen in one way."""
    few, tree = play.first(SEARCHED), play.priced.game.tree
    good = few.solution.label != FAILED
    if len(few.priced.payoffs) > 1 or not good.any():
        return None
    priced = few.priced
    numbers = (priced.payoffs[0][good], priced.chance[good], priced.precision[good])
    counts = count_equilibria(tree, *numbers, priced.game.base, few.strategy[good])
    if counts is None:
        return None
    return SearchAnswer(draws=counts.size, starts=STARTS, several=float(np.mean(counts > 1)), most=int(counts.max()))
