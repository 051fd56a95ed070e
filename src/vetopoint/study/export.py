"""Hand a case's game to other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    payoffs = world.payoffs[0].mean(axis=0)
    chance = world.chance[:, 0, :].mean(axis=0)
    return write_efg(
        frame.game.tree, payoffs, chance, study.case.file.title, "payoffs and chance at their means over draws"
    )
