"""Words of probability: what readers, or a published scale, take "very likely" to mean.

The table ``data/words.csv`` is written by ``tools/fit_words.py`` and never by hand. A word of *probability* has a beta
distribution; a word of *possibility* ("could", "might") says only that the chance is neither 0 nor 1 and is spread evenly
over that range; a word of *certainty* is a number.

References
----------
S. Kent, "Words of Estimative Probability", *Studies in Intelligence* 8(4), 1964: "possible", "could" and "might" bear no
odds. Office of the Director of National Intelligence, Intelligence Community Directive 203, *Analytic Standards*, 2015,
D.6.e(2)(a). Survey of 46 readers: zonination/perceptions (MIT), 2015.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast

from vetopoint.quantity.distributions import Beta, Distribution, Fixed, Uniform

__all__ = ["WordOfProbability", "all_words", "find_word", "normalised"]

Kind = Literal["probability", "possibility", "certainty"]
SCALES = ("survey", "icd203", "kent1964")


@dataclass(frozen=True)
class WordOfProbability:
    """What a word, in lower case, says about a probability: the distribution that a reader takes from it, by a source.

    Its kind is ``probability``, ``possibility`` (bounds only) or ``certainty``; `scale` is short for the source.
    """

    word: str
    distribution: Distribution
    source: str
    kind: Kind
    scale: str


def normalised(text: str) -> str:
    """A word without case, hyphens or quotation marks, as the table and a case's own words are looked up."""
    return re.sub(r"[\s\-–_]+", " ", text.strip().strip("\"'“”").lower())


@cache
def _table() -> dict[str, dict[str, WordOfProbability]]:
    table: dict[str, dict[str, WordOfProbability]] = {}
    families: dict[Kind, type[Beta] | type[Uniform]] = {"probability": Beta, "possibility": Uniform}
    with resources.files("vetopoint.quantity").joinpath("data/words.csv").open("r", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            kind = cast(Kind, row["kind"])
            a, b = float(row["a"]), float(row["b"])
            distribution = Fixed(a) if kind == "certainty" else families[kind](a, b)
            entry = WordOfProbability(row["word"], distribution, row["source"], kind, row["scale"])
            table.setdefault(row["word"], {})[row["scale"]] = entry
    return table


def all_words() -> list[str]:
    """Every known word, in alphabetical order."""
    return sorted(_table())


def find_word(text: str, scale: str | None = None) -> WordOfProbability | None:
    """Look a word of probability up; None when it is unknown.

    Parameters
    ----------
    text : the word; case, hyphens and quotation marks do not matter. ``likely (icd203)`` names its scale itself.
    scale : ``survey``, ``icd203`` or ``kent1964``; default: the first of these that knows the word.

    Examples
    --------
    >>> could = find_word("could")
    >>> could.kind
    'possibility'
    """
    named = re.fullmatch(rf"(.*?)\s*\(({'|'.join(SCALES)})\)", normalised(text))
    if named:
        text, scale = named[1], named[2]
    entries = _table().get(normalised(text), {})
    if scale is not None:
        return entries.get(scale)
    return next((entries[name] for name in SCALES if name in entries), None)
