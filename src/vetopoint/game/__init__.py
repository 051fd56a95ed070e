"""The game of consent: moves → tree → equilibrium over draws; veto points, decisiveness, threats, stability, estimation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vetopoint.game.efg import read_efg, solve_efg, write_efg
    from vetopoint.game.interventions import announce, anticipation, favour, option_effects, surprise
    from vetopoint.game.priced import Play, PricedGame
    from vetopoint.game.section import game_section
    from vetopoint.game.solve import Solution, solve_aqre
    from vetopoint.game.tree import Tree
    from vetopoint.game.unroll import check_histories
    from vetopoint.game.veto import veto_points

_HOMES = {
    "efg": ("read_efg", "solve_efg", "write_efg"),
    "interventions": ("announce", "anticipation", "favour", "option_effects", "surprise"),
    "priced": ("Play", "PricedGame"),
    "section": ("game_section",),
    "solve": ("Solution", "solve_aqre"),
    "tree": ("Tree",),
    "unroll": ("check_histories",),
    "veto": ("veto_points",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Play",
    "PricedGame",
    "Solution",
    "Tree",
    "announce",
    "anticipation",
    "check_histories",
    "favour",
    "game_section",
    "option_effects",
    "read_efg",
    "solve_aqre",
    "solve_efg",
    "surprise",
    "veto_points",
    "write_efg",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"vetopoint.game.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
