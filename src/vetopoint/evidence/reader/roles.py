"""The part that a word plays in a sentence about who depends on whom, from the table ``dependence.csv``.

==============  ===================================================================================================
consent, grant  a noun of consent; of the second sort only where somebody is said to give it
agree, accept   a verb of consenting; the second sort is no requirement where somebody *must* do it
need, depend    a verb or adjective between a plan and what it cannot do without
block, hinder   a verb of stopping a plan; the second sort only where somebody is said to be able to
harm, hurt      a verb of harm; the second sort only under a condition or a word of threat
lift, lie       what is done to a veto that ends it; where a veto "lies" with somebody
==============  ===================================================================================================

The others are what they are called.
"""

from collections.abc import Mapping
from functools import cache

from vetopoint.evidence.reader.lexicon import rows
from vetopoint.evidence.reader.parse import Parse

_PARTS = {"VERB": "V", "AUX": "V", "NOUN": "N", "PROPN": "N", "ADJ": "A", "ADV": "A", "PRON": "N"}
_REACH = 7
_NOBODY = frozenset(("nobody", "nothing", "none", "neither", "no", "few", "little", "hardly", "scarcely", "not", "nor"))
_BEFORE = ("det", "amod", "advmod", "neg", "nummod", "preconj", "quantmod")
_NONE: frozenset[str] = frozenset()


@cache
def _table() -> Mapping[str, tuple[tuple[str, str, tuple[str, ...]], ...]]:
    """Head lemma → its entries: part of speech, role, and the other words of the expression."""
    found: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for row in rows("dependence.csv"):
        for expression in row["lemmas"].split():
            head, *others = expression.split("_")
            found.setdefault(head, []).append((row["part"], row["role"], tuple(others)))
    return {head: tuple(entries) for head, entries in found.items()}


def roles(p: Parse, token: int) -> frozenset[str]:
    """The roles of a word, by its lemma, its part of speech and the words that belong to it."""
    if not p.roles:
        listed = _table().get
        p.roles.extend(
            _roles(p, at, entries) if (entries := listed(lemma) or listed(word)) else _NONE
            for at, (lemma, word) in enumerate(zip(p.lemmas, p.lower, strict=True))
        )
    return p.roles[token]


def _roles(p: Parse, token: int, entries: tuple[tuple[str, str, tuple[str, ...]], ...]) -> frozenset[str]:
    parts = _parts_of(p, token)
    return frozenset(
        role for part, role, others in entries if part in parts and (not others or _beside(p, token, others))
    )


def _parts_of(p: Parse, token: int) -> str:
    """A participle may be verb or adjective."""
    part = _PARTS.get(p.pos[token], "")
    return "VA" if part == "V" and p.tags[token] in ("VBN", "VBG") else part


def _beside(p: Parse, token: int, others: tuple[str, ...]) -> bool:
    """Whether the other words of an expression follow within reach or hang on the word itself."""
    begin = end = token + 1
    while end < min(token + _REACH, len(p)) and p.sents[end] == p.sents[token]:
        end += 1
    near = {*p.lemmas[begin:end], *p.lower[begin:end], *(p.lemmas[c] for c in p.children[token])}
    return near.issuperset(others)


def only(p: Parse, token: int) -> bool:
    """Whether a *not* is that of "not only"."""
    return p.lower[token] == "not" and p.lower[min(token + 1, len(p) - 1)] in ("only", "just", "merely", "least")


def nobody(p: Parse, node: int) -> bool:
    """Whether a phrase is of nobody or nothing: "no force", "few diplomats", "hardly anyone", "not one of them"."""
    if p.lower[node] in _NOBODY - {"not"}:
        return not _a_few(p, node)
    before = [t for t in p.children[node] if t < node and p.deps[t] in _BEFORE]
    below = [c for t in before for c in p.children[t] if c < node]
    return any(p.lower[t] in _NOBODY and not _a_few(p, t) and not only(p, t) for t in (*before, *below))


def _a_few(p: Parse, token: int) -> bool:
    return (
        p.lower[token] in ("few", "little")
        and token > 0
        and p.lower[token - 1] in ("a", "the", "quite", "these", "those")
    )
