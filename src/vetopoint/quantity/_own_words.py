"""The words of probability that a case takes otherwise than the shipped table, or adds to it."""

from __future__ import annotations

from collections.abc import Mapping

from vetopoint.case import Case, Problem
from vetopoint.quantity.distributions import SpecError
from vetopoint.quantity.parse import own_word, parse_distribution

__all__ = ["check_words", "unused_words"]


def check_words(case: Case) -> list[Problem]:
    """Complain of each entry of ``words`` that cannot be read, or that can lie outside 0 to 1."""
    found = []
    for word, meant in case.file.words.items():
        try:
            distribution = parse_distribution(meant, case.folder)
        except SpecError as error:
            found.append(case.problem(error.message, error.remedy, "words", word))
            continue
        lo, hi = distribution.support()
        if lo < 0 or hi > 1:
            message = f"'{word}' stands for a probability and can be {lo if lo < 0 else hi:g}"
            found.append(case.problem(message, "use beta, pert or uniform within 0 and 1", "words", word))
    return found


def unused_words(case: Case) -> list[Problem]:
    """Warn of each entry of ``words`` that no uncertain number of the case uses."""
    texts = [text for item in case.inputs.values() for text in (item.text, item.without) if isinstance(text, str)]
    return [
        case.problem(
            f"nobody uses the word '{word}'",
            "write it where a number may stand, or delete it",
            "words",
            word,
            severity="warning",
        )
        for word in case.file.words
        if not any(_is(text, word, case.file.words) for text in texts)
    ]


def _is(text: str, word: str, words: Mapping[str, float | str]) -> bool:
    return own_word(text, {word: words[word]}) is not None
