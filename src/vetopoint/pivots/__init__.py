"""Who is pivotal: Shapley and Owen shares, minimal unlock and block sets, over any batched value of subsets."""

from vetopoint.pivots.responsibility import responsibility
from vetopoint.pivots.sets import cheapest_set, hitting_sets, minimal_sets
from vetopoint.pivots.shapley import Attribution, owen, shapley
from vetopoint.pivots.subsets import Value, rows

__all__ = [
    "Attribution",
    "Value",
    "cheapest_set",
    "hitting_sets",
    "minimal_sets",
    "owen",
    "responsibility",
    "rows",
    "shapley",
]
