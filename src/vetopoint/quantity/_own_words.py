"""The words of probability that a case takes otherwise than the shipped table, or adds to it."""

from __future__ import annotations

from vetopoint.case import Case, Problem, check
from vetopoint.quantity.distributions import SpecError
from vetopoint.quantity.parse import parse_distribution
from vetopoint.quantity.words import normalised

__all__ = ["check_words", "unused_words"]


def check_words(case: Case) -> list[Problem]:
    """Complain of each entry of ``words`` that cannot be read, or that can lie outside 0 to 1."""
    found = []
    alike: dict[str, str] = {}
    for word, meant in case.file.words.items():
        first = alike.setdefault(normalised(word), word)
        if first != word:
            message = f"'{word}' is read as '{first}' is: case, hyphens and quotation marks do not count"
            found.append(case.problem(message, "keep one of the two", "words", word))
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


@check("unused-word", "warning", "numbers")
def unused_words(case: Case) -> list[Problem]:
    """A word that the case declares is used by no uncertain number."""
    texts = (text for item in case.inputs.values() for text in (item.text, item.without) if isinstance(text, str))
    used = {normalised(text) for text in texts}
    unused = [word for word in case.file.words if normalised(word) not in used]
    remedy = "write it where a number may stand, or delete it"
    return [case.problem(f"nobody uses the word '{w}'", remedy, "words", w, severity="warning") for w in unused]
