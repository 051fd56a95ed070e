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

__all__ = ["WordOfProbability", "all_words", "direction", "find_word", "near_words", "normalised"]

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


_NOT = frozenset(("not", "no", "never", "hardly", "barely", "scarcely"))
_DEGREES = frozenset(
    re.findall(
        r"\w+",
        "quite fairly rather pretty very extremely really somewhat reasonably most more highly so too relatively moderately virtually "
        "overwhelmingly exceedingly increasingly still also just less a an is it be seems looks appears remarkably bit little",
    )
)


def direction(word: str) -> int:
    """Whether a known word speaks of more (1) or less (-1) than even odds; 0 where it says neither."""
    entry = find_word(word)
    if entry is None or entry.kind == "possibility":
        return 0
    middle = entry.distribution.median()
    return 0 if abs(middle - 0.5) < 0.02 else 1 if middle > 0.5 else -1


def near_words(text: str) -> list[str]:
    """The known words that come nearest to one that is not known, of the same direction, nearest first; none if none does.

    Examples
    --------
    >>> near_words("quite likely"), near_words("not likely"), near_words("unlikley"), near_words("windy")
    (['likely', 'very likely'], ['unlikely', 'improbable'], ['unlikely'], [])
    """
    said = [word.strip(".,;!?") for word in normalised(text).split()]
    core = " ".join(word for word in said if word not in _DEGREES | _NOT)
    negated = sum(word in _NOT for word in said) % 2 == 1
    whole = None if find_word(core) is not None else _typo(" ".join(said))
    if whole is not None:
        return [whole]
    meant = _typo(core) if core else None
    if meant is None:
        return []
    sought = direction(meant) * (-1 if negated else 1)
    stem = core.removeprefix("un").removeprefix("im")[:5]
    fitting = [word for word in all_words() if direction(word) == sought and sought]
    ranked = sorted(fitting, key=lambda word: (stem not in word, len(word.split()) if not negated else len(word)))
    return ranked[:2] or ([meant] if not negated else [])


def _typo(text: str) -> str | None:
    """The known word that a text is but for a slip or two; None where the nearest words speak of both directions."""
    if find_word(text) is not None:
        return normalised(text)
    far = {word: _slips(text, word) for word in all_words() if abs(len(word) - len(text)) <= 2}
    least = min(far.values(), default=9)
    nearest = [word for word, slips in far.items() if slips == least]
    return nearest[0] if least <= min(2, len(text) // 4) and len({direction(word) for word in nearest}) == 1 else None


def _slips(one: str, other: str) -> int:
    """How many letters must be put in, left out, replaced or swapped with their neighbour to make one text of another.

    References
    ----------
    F. J. Damerau, "A technique for computer detection and correction of spelling errors", *Communications of the ACM* 7(3), 1964.
    """
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[-1] = min(row[-1], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]
