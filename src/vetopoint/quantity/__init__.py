"""Uncertain numbers: distributions, words of probability, draws in blocks, bands and Monte-Carlo error."""

from vetopoint.quantity.bands import (
    LEAST_WEIGHT,
    Band,
    band,
    bands,
    given,
    monte_carlo_error,
    share_given,
    weighted_quantiles,
)
from vetopoint.quantity.distributions import Distribution, SpecError
from vetopoint.quantity.inputs import compile_inputs, draw_case, impossible_numbers, input_files
from vetopoint.quantity.parse import parse_distribution
from vetopoint.quantity.sampling import Draws, Random, sample

__all__ = [
    "LEAST_WEIGHT",
    "Band",
    "Distribution",
    "Draws",
    "Random",
    "SpecError",
    "band",
    "bands",
    "compile_inputs",
    "draw_case",
    "given",
    "impossible_numbers",
    "input_files",
    "monte_carlo_error",
    "parse_distribution",
    "sample",
    "share_given",
    "weighted_quantiles",
]
