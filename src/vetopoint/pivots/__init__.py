"""Who is pivotal: Shapley and Owen shares, minimal unlock and block sets, over any batched value of subsets."""

from vetopoint.pivots.sets import minimal_sets, responsibility
from vetopoint.pivots.shapley import Attribution, owen, shapley
from vetopoint.pivots.subsets import Value, rows

__all__ = ["Attribution", "Value", "minimal_sets", "owen", "responsibility", "rows", "shapley"]
