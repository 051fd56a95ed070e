"""From a case's moves to its game: public histories, types, information sets, chance; variants of a game; checks on histories.

`histories` says what a game is, `expand` unrolls the moves into public histories, `assemble` joins these with the private types to
information sets and the array tree, `chance` prices chance and types, `games` makes games and their variants, `checks` complains.
"""

from vetopoint.game.unroll.chance import chance_probabilities
from vetopoint.game.unroll.games import Restriction, collapse, pool, restrict, unroll
from vetopoint.game.unroll.histories import CHANCE, ChanceSet, GameTree, Layer, PublicTree, TypeSpace

__all__ = [
    "CHANCE",
    "ChanceSet",
    "GameTree",
    "Layer",
    "PublicTree",
    "Restriction",
    "TypeSpace",
    "chance_probabilities",
    "collapse",
    "pool",
    "restrict",
    "unroll",
]
