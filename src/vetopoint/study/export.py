"""Hand a case's game to other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vetopoint.arrays import Floats

if TYPE_CHECKING:
    from vetopoint.study.project import Study

__all__ = ["export_game"]

DRAWS = 4096


def export_game(study: Study) -> str:
    """A case's game in Gambit's .efg format, payoffs and chance at their means over draws, in the actors' units."""
    from vetopoint.chain import build_world, frame_of, sample_case
    from vetopoint.game.efg import write_efg

    frame = frame_of(study.case)
    world = build_world(frame, sample_case(study.case, DRAWS, 1))
    payoffs, chance = _mean(world.payoffs[0]), _mean(world.chance[:, 0, :])
    return write_efg(
        frame.game.tree, payoffs, chance, study.case.file.title, "payoffs and chance at their means over draws"
    )


def _mean(values: Floats) -> Floats:
    """The mean over draws; of what is the same in all, that number without rounding."""
    return np.asarray(values[0] + (values - values[0]).mean(axis=0))
