"""The game of consent: moves → tree → equilibrium over draws; veto points, decisiveness, threats, stability, estimation."""

from vetopoint.game.efg import read_efg, solve_efg, write_efg
from vetopoint.game.interventions import announce, anticipation, favour, option_effects, surprise
from vetopoint.game.priced import Play, PricedGame
from vetopoint.game.section import game_section
from vetopoint.game.solver.solve import Solution, solve_aqre
from vetopoint.game.tree import Tree
from vetopoint.game.veto import veto_points

__all__ = [
    "Play",
    "PricedGame",
    "Solution",
    "Tree",
    "announce",
    "anticipation",
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
