"""Uncertain numbers: distributions, words of probability, draws in blocks, bands and Monte-Carlo error."""

from vetopoint.quantity._own_words import unused_words
from vetopoint.quantity.bands import Band, band, bands, monte_carlo_error
from vetopoint.quantity.distributions import (
    Beta,
    Discrete,
    Distribution,
    Empirical,
    Fixed,
    LogNormal,
    Normal,
    Pert,
    SpecError,
    Triangular,
    Uniform,
)
from vetopoint.quantity.inputs import (
    compile_inputs,
    draw_case,
    impossible_numbers,
    input_files,
    possibility_warnings,
    vague,
)
from vetopoint.quantity.parse import DISTRIBUTION_NAMES, parse_distribution
from vetopoint.quantity.sampling import BLOCK, SUB_BLOCK, Draws, sample
from vetopoint.quantity.words import WordOfProbability, all_words, find_word, word

__all__ = [
    "BLOCK",
    "DISTRIBUTION_NAMES",
    "SUB_BLOCK",
    "Band",
    "Beta",
    "Discrete",
    "Distribution",
    "Draws",
    "Empirical",
    "Fixed",
    "LogNormal",
    "Normal",
    "Pert",
    "SpecError",
    "Triangular",
    "Uniform",
    "WordOfProbability",
    "all_words",
    "band",
    "bands",
    "compile_inputs",
    "draw_case",
    "find_word",
    "impossible_numbers",
    "input_files",
    "monte_carlo_error",
    "parse_distribution",
    "possibility_warnings",
    "sample",
    "unused_words",
    "vague",
    "word",
]
