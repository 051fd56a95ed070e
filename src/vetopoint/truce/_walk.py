"""Kernel: survival and cumulative incidence along one presence path, one pass over the months for each draw."""

from __future__ import annotations

from typing import Any

import numpy as np

from vetopoint.kernel import kernel

__all__ = ["walk"]


@kernel
def walk(
    increments: Any,
    scale: Any,
    dt: Any,
    stretch: Any,
    enters: Any,
    present: Any,
    absent: Any,
    leave: Any,
    shares_present: Any,
    shares_absent: Any,
    month: Any,
    broken: int,
    survival: Any,
    incidence: Any,
) -> None:
    """Fill ``survival`` (n, months + 1) and ``incidence`` (n, causes, months + 1; no causes: not computed).

    increments (n, G), scale (n,), dt (G,); stretch (G,) is the state of presence in each interval, -1 for none; enters (G,) marks
    intervals at whose start a presence comes; present (n, S), absent (n,) are hazard factors, leave (n, S) the monthly rate of exit;
    shares_present (n, S, K), shares_absent (n, K) split the hazard; month (G + 1,) is the whole month of each edge or -1; broken is the
    edge at which a move ends the truce, or -1.
    """
    draws, grid = increments.shape
    causes = incidence.shape[1]
    whole_month = np.empty(present.shape[1])
    for i in range(draws):
        for s in range(len(whole_month)):
            whole_month[s] = -np.expm1(-leave[i, s])
        there, gone = 0.0, 1.0
        ended = np.zeros(causes)
        for g in range(grid + 1):
            if g == broken:
                if causes:
                    ended[0] += there + gone
                there, gone = 0.0, 0.0
            m = month[g]
            if m >= 0:
                survival[i, m] = there + gone
                for k in range(causes):
                    incidence[i, k, m] = ended[k]
            if g == grid:
                break
            s = stretch[g]
            if s < 0:
                gone, there = gone + there, 0.0
            elif enters[g]:
                there, gone = there + gone, 0.0
            hazard = increments[i, g] * scale[i]
            if gone > 0.0:
                kept = gone * np.exp(-hazard * absent[i])
                for k in range(causes):
                    ended[k] += shares_absent[i, k] * (gone - kept)
                gone = kept
            if there > 0.0:
                kept = there * np.exp(-hazard * present[i, s])
                for k in range(causes):
                    ended[k] += shares_present[i, s, k] * (there - kept)
                left = kept * (whole_month[s] if dt[g] == 1.0 else -np.expm1(-leave[i, s] * dt[g]))
                there, gone = kept - left, gone + left
