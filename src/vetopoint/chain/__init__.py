"""One run of a whole case: the engines in order, what would change their answers, and who decides through all of them."""

from vetopoint.chain.frame import Frame, frame_of
from vetopoint.chain.numbers import Numbers
from vetopoint.chain.run import Progress, Result, run_case
from vetopoint.chain.world import World, build_world, drawn_beside, sample_case

__all__ = [
    "Frame",
    "Numbers",
    "Progress",
    "Result",
    "World",
    "build_world",
    "drawn_beside",
    "frame_of",
    "run_case",
    "sample_case",
]
