"""Words that a rule of plans knows by nothing but their use, from a reviewable table."""

from collections.abc import Mapping
from functools import cache

from vetopoint.evidence.reader.lexicon import rows


@cache
def plan_words(use: str) -> frozenset[str]:
    """The words of one use in ``plan_words.csv``.

    Examples
    --------
    >>> "permit" in plan_words("consents")
    True
    """
    return frozenset(word for row in rows("plan_words.csv") if row["use"] == use for word in row["words"].split())


@cache
def kinds() -> Mapping[str, str]:
    """Nouns for those who can act → what kind they are; the first row of a noun counts."""
    found: dict[str, str] = {}
    for row in rows("bodies.csv"):
        found.setdefault(row["noun"], row["kind"])
    return found
