"""The ultimatum game with continuous offers, as a statistical model.

Source: K. W. Ramsay & C. S. Signorino (2009), "A statistical model of the ultimatum game"; B. Kenkel & C. S. Signorino (2014),
*Journal of Statistical Software* 56(8), sec. 5. A proposer offers y of a pie Q; the responder accepts if y exceeds its reservation
value R2 plus a logistic shock of scale s2; the proposer keeps Q - y, or gets its own reservation value R1 plus a logistic shock e of scale s1
when refused. The first-order condition of its offer fixes the shock that explains an offer seen:

    e(y) = Q - R1 - y - s2 (1 + exp((y - R2)/s2))        density of y = density of e at e(y) times 1 + exp((y - R2)/s2)

Offers at 0 and Q are censored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from trees import column_values

from vetopoint.arrays import Floats
from vetopoint.errors import SolverError
from vetopoint.game.fit.estimate import FitResult
from vetopoint.game.fit.jets import Jet, exponential, log_sum_exp
from vetopoint.game.fit.maximise import maximise

__all__ = ["fit_ultimatum"]


def fit_ultimatum(
    proposer: Sequence[str],
    responder: Sequence[str],
    data: Mapping[str, ArrayLike],
    offer: ArrayLike,
    accepted: ArrayLike,
    *,
    pie: float,
    responder_scale: float,
) -> FitResult:
    """Estimate both reservation values and the proposer's scale s1.

    Parameters
    ----------
    proposer, responder : columns of R1 and R2; ``"1"`` is the constant.
    data : column to (n,) numbers.
    offer : (n,) offers between 0 and ``pie``, in its unit.
    accepted : (n,) whether the offer was accepted.
    pie : what is divided, Q.
    responder_scale : the fixed scale s2, in the unit of the pie.

    Raises
    ------
    SolverError
        Offers outside the pie.
    """
    y = np.asarray(offer, float)
    yes = np.asarray(accepted, bool)
    if ((y < 0) | (y > pie)).any():
        raise SolverError(f"an offer lies outside 0 to {pie:g}")
    columns = [*proposer, *responder]
    design = np.stack([column_values(data, c, y.size) for c in columns], axis=1)
    split = len(proposer)
    names = (*(f"R1:{c}" for c in proposer), *(f"R2:{c}" for c in responder), "log s1")

    def seen(point: Floats, order: int) -> Jet:
        return _log_density(design, split, point, order, y, yes, pie, responder_scale)

    def derivatives(point: Floats) -> tuple[float, Floats, Floats]:
        jet = seen(point, 2)
        assert jet.gradient is not None
        assert jet.hessian is not None
        return float(jet.value.sum()), jet.gradient.sum(axis=1), jet.hessian.sum(axis=2)

    start = np.zeros(len(names))
    start[-1] = np.log(max(float(y.std()), 1e-3))
    if "1" in responder:
        # Offers far above R2 make the first-order condition explode, so the climb starts from the highest offer.
        start[split + list(responder).index("1")] = y.max()
    with np.errstate(all="ignore"):
        climb = maximise(lambda point: float(seen(point, 0).value.sum()), derivatives, start)
    return FitResult(
        names,
        climb.at,
        np.asarray(np.linalg.pinv(-climb.curve, hermitian=True), np.float64),
        climb.value,
        y.size,
        f"ultimatum, pie {pie:g}, s2 {responder_scale:g}",
        "hessian",
        climb.converged,
        (climb.value,),
        () if climb.converged else ("the climb stopped before its gradient vanished",),
    )


def _log_density(
    design: Floats, split: int, point: Floats, order: int, y: Floats, yes: NDArray[np.bool_], pie: float, s2: float
) -> Jet:
    """Log-density of each (offer, answer)."""
    p, n = point.size, y.size

    def index(columns: slice) -> Jet:
        value = design[:, columns] @ point[:-1][columns]
        gradient = np.zeros((p, n))
        gradient[:-1][columns] = design[:, columns].T
        return Jet(value, tuple(range(p)), gradient, second=True) if order else Jet(value)

    last = np.zeros((p, n))
    last[-1] = 1.0
    log_s1 = Jet(np.full(n, point[-1]), tuple(range(p)), last, second=True) if order else Jet(np.full(n, point[-1]))
    zero = Jet(np.zeros(n))
    excess = (Jet(y) - index(slice(split, None))).times(np.float64(1 / s2))
    steep = log_sum_exp([zero, excess])
    shock = Jet(pie - y) - index(slice(0, split)) - exponential(steep).times(np.float64(s2))
    scaled = shock * exponential(-log_s1)
    below, above = -log_sum_exp([zero, -scaled]), -log_sum_exp([zero, scaled])
    inside = below + above - log_s1 + steep
    at_top, at_bottom = (y >= pie).astype(float), (y <= 0).astype(float)
    offered = below.times(at_top) + above.times(at_bottom) + inside.times(1 - at_top - at_bottom)
    return offered + (excess.times(yes.astype(float)) - steep)
