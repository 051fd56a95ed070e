"""Where a plan is lost, worked out history by history with dictionaries: slow, and with nothing of the engine's but its tree and play.

Histories as tuples of ``move: option``; the chance of the goal after each beginning is a ratio of sums over the histories that begin so.
Only for games in which no two moves are made at once.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np


def lost_by_step(game, play, weights, holds, draw):
    """{(steps so far..., step): share of failure}, what is lost afterwards, what at the start, and 1 − g, of one draw given ``holds``."""
    whole, good, ends = defaultdict(float), defaultdict(float), {}
    reach = dict.fromkeys(range(game.terminals), 0.0)
    for terminal in reach:
        mask = np.zeros(game.terminals)
        mask[terminal] = 1.0
        reach[terminal] = play.goal(mask)[draw]
    for terminal, probability in reach.items():
        if not holds[terminal]:
            continue
        history = game.public.history(int(game.public.ends[game.terminal_public[terminal]]))
        ends[history] = None
        for length in range(len(history) + 1):
            whole[history[:length]] += probability
            good[history[:length]] += probability * weights[terminal]
    g = {h: good[h] / whole[h] if whole[h] > 0 else 0.0 for h in whole}
    shares, afterwards, start = defaultdict(float), 0.0, 0.0
    for history in ends:
        lost = (whole[history] - good[history]) / whole[()]
        falls = {history[: k + 1]: max(0.0, g[history[:k]] - g[history[: k + 1]]) for k in range(len(history))}
        total = sum(falls.values()) + g[history]
        if total <= 0:
            start += lost
            continue
        afterwards += lost * g[history] / total
        for step, fall in falls.items():
            shares[step] += lost * fall / total
    return dict(shares), afterwards, start, 1 - g[()]
