"""Who depends on whom: edges read off a sentence by reviewable patterns, each turned round by a negation."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from vetopoint.evidence._actors import Actors
from vetopoint.evidence.claim import Edge, EdgeKind

__all__ = ["FoundEdge", "find_edges"]

_NOT = r"(?P<neg{n}>not|never|no longer|hardly|scarcely|nowhere near|not even|by no means|in no way|no)"
_IMPOSSIBLE = (
    r"(?:(?<!not )(?<!n't )impossible|unthinkable|inconceivable|unfeasible|unworkable|hypothetical|pointless|futile|doomed|"
    r"out of the question|illusory|dead|(?:not|never|hardly|no longer)(?: \w+)? (?:possible|feasible|viable|conceivable|"
    r"realistic|an option)|(?:can|could|will|would|may|must|should|shall) (?:not|never|hardly)|unable to|no way|nothing|"
    r"no \w+(?: \w+)? (?:can|could|will|would|may|is)|never|neither|nobody|(?:does|do|did) not (?:want|intend|plan|wish|"
    r"dare)|refuses? to|rule[sd]? out)"
)
_POSSIBLE = (
    r"(?:possible|not impossible|feasible|viable|conceivable|(?:can|could|will|would|may|might) (?!not|never|hardly|be "
    r"(?:treated|regarded|seen|attacked|targeted|considered))\w+|able to|ready to|prepared to|free to|willing to|go ahead|"
    r"proceed)"
)
_FLIP = re.compile(
    r"(?:\b(?:not|never|nobody|no one|denied|denies|deny|untrue|false|wrong|doubts?|doubted|rejects?|rejected|dismissed|"
    r"dismisses|disputes?|disputed|refuted|myth)(?: \S+){0,4}|without(?: \w+ing)?|\bno \w+(?: \S+){0,2})\s*$"
)
_SPLIT = re.compile(
    r"\s*(?:;|—|–| - (?=[a-z@])|(?<!not )\bbut (?!(?:as|about|primarily|rather|mainly)\b)|\bwhereas\b|\balthough\b|\bwhile\b)\s*"
)
_FIX = ((" ca n't ", " can not "), (" wo n't ", " will not "), (" n't ", " not "), (" sha n't ", " shall not "))
_FIELD = re.compile(r"\{([A-Z]+)\}")


@dataclass(frozen=True)
class _Pattern:
    kind: EdgeKind
    holds: bool
    regex: re.Pattern[str]
    number: int


@dataclass(frozen=True)
class FoundEdge:
    """An edge, with the tokens (first, last) that carry it and the number of the pattern that fired."""

    edge: Edge
    first: int
    last: int
    pattern: int


def find_edges(words: Sequence[str], actors: Actors) -> list[FoundEdge]:
    """Find the dependency edges of one sentence.

    Parameters
    ----------
    words : the sentence's tokens.
    actors : how actors are recognised.
    """
    text, offsets, names = _plain(words, actors)
    found: list[FoundEdge] = []
    taken: set[tuple[str, str, bool]] = set()
    for begin, end in _clauses(text):
        piece = text[begin:end]
        kinds = _kinds(piece)
        for pattern in _patterns() if kinds else ():
            if pattern.kind not in kinds:
                continue
            for match in pattern.regex.finditer(piece):
                hit = _edge(pattern, match, piece, names)
                if hit is None:
                    continue
                key = (hit.kind, hit.actor, hit.kind == "value" and hit.holds)
                if key in taken:
                    continue
                taken.add(key)
                first, last = _tokens(offsets, begin + match.start(), begin + match.end())
                found.append(FoundEdge(_worded(hit, match, words, offsets, begin), first, last, pattern.number))
    return _prune(found)


def _prune(found: list[FoundEdge]) -> list[FoundEdge]:
    """A stated condition outranks the risk or alternative that the same words would also fit."""
    strong = [f for f in found if f.edge.kind in ("requires", "veto", "threat")]
    out = []
    for one in found:
        inside = any(one is not s and s.first <= one.last and one.first <= s.last for s in strong)
        if one.edge.kind == "risk" and inside:
            continue
        out.append(one)
    return out


def _plain(words: Sequence[str], actors: Actors) -> tuple[str, list[int], list[str]]:
    """Lower-case text with actors numbered; for each token where it begins; and the actors' ids."""
    starts: dict[int, tuple[int, str]] = {m.first: (m.last, m.actor) for m in actors.mentions(words)}
    names: list[str] = []
    parts: list[str] = []
    offsets: list[int] = []
    length = 1
    token = 0
    while token < len(words):
        if token in starts:
            last, actor = starts[token]
            names.append(actor)
            piece = f"@{len(names) - 1}"
        else:
            last = token
            piece = words[token].lower().replace("’", "'").strip() or ","
            piece = {"'s": "'s", "cannot": "can not", "ca": "can", "wo": "will", "n't": "not", "'": "'s"}.get(
                piece, piece
            )
        offsets.extend([length] * (last - token + 1))
        parts.append(piece)
        length += len(piece) + 1
        token = last + 1
    return " " + " ".join(parts) + " ", offsets, names


def _clauses(text: str) -> list[tuple[int, int]]:
    cuts: list[tuple[int, int]] = []
    begin = 0
    for match in _SPLIT.finditer(text):
        cuts.append((begin, match.start()))
        begin = match.end() - 1
    cuts.append((begin, len(text)))
    return [cut for cut in cuts if cut[1] - cut[0] > 8]


def _edge(pattern: _Pattern, match: re.Match[str], piece: str, names: list[str]) -> Edge | None:
    groups = match.groupdict()
    number = next((value for key, value in groups.items() if key[0] == "a" and value is not None), None)
    if number is None and pattern.kind in ("requires", "veto", "threat"):
        return None
    negations = sum(1 for key, value in groups.items() if key.startswith("neg") and value)
    before = piece[: match.start()]
    if pattern.kind in ("veto", "threat", "value", "risk", "alternative") or pattern.number in _assertive():
        negations += not match.group().startswith("but") and bool(_FLIP.search(before.rstrip()))
    holds = pattern.holds if negations % 2 == 0 else not pattern.holds
    return Edge(kind=pattern.kind, actor=names[int(number)] if number is not None else "", holds=holds)


def _worded(edge: Edge, match: re.Match[str], words: Sequence[str], offsets: list[int], begin: int) -> Edge:
    if "what" not in match.groupdict() or match.group("what") is None:
        return edge
    first, last = _tokens(offsets, begin + match.start("what"), begin + match.end("what"))
    return edge.model_copy(update={"what": " ".join(words[first : last + 1]).strip(" ,.;")})


def _tokens(offsets: list[int], start: int, end: int) -> tuple[int, int]:
    first = next((t for t, at in enumerate(offsets) if at >= start), len(offsets) - 1)
    last = max((t for t, at in enumerate(offsets) if at < end), default=first)
    return first, max(first, last)


@lru_cache(maxsize=1)
def _assertive() -> frozenset[int]:
    """Patterns of `requires` that a denial in front turns round (those that hold and carry no negation of their own)."""
    return frozenset(p.number for p in _patterns() if p.kind == "requires" and p.holds and "neg" in p.regex.pattern)


@lru_cache(maxsize=1)
def _patterns() -> tuple[_Pattern, ...]:
    data = tomllib.loads((files("vetopoint.evidence") / "data" / "edges.toml").read_text(encoding="utf-8"))
    lists = {
        name: "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + r")(?!\w)"
        for name, words in data["words"].items()
    }
    return tuple(
        _Pattern(row["kind"], row.get("holds", True), _compile(row["text"], lists), number)
        for number, row in enumerate(data["pattern"])
    )


def _compile(text: str, lists: dict[str, str]) -> re.Pattern[str]:
    count = 0
    own = (
        r"(?:{A}(?: 's)?(?: (?!and\b|or\b|but\b)\w+){0,2} {CONSENT}|(?:the |an? |any |some )?(?:\w+ ){0,2}{CONSENT} "
        r"(?:of|from|by|in) (?:the |president |\w+ in )?{A})"
    )
    head = (
        r"(?: (?:'s )?(?:president|government|leader|leadership|side|army|parliament|officials?|authorities|forces|military|"
        r"navy|troops|generals?|alone|itself|also|now|still|therefore|thus|again|then|simply|too))*"
    )
    parts = {"OWN": own, "HEAD": head, "IMPOSSIBLE": _IMPOSSIBLE, "POSSIBLE": _POSSIBLE, **lists}
    parts |= {"W": r"(?: [^\s,]+){0,3}?", "WW": r"(?: \S+){0,10}?"}

    def expand(match: re.Match[str]) -> str:
        nonlocal count
        name = match.group(1)
        count += 1
        if name == "A":
            return rf"(?:the )?(?:\w+ )?@(?P<a{count}>\d+)"
        if name == "NO":
            return _NOT.replace("{n}", f"x{count}")
        return parts[name]

    while _FIELD.search(text):
        text = _FIELD.sub(expand, text)
    if not text.startswith("^"):
        text = r"(?<![\w@])" + text
    return re.compile(text.replace("^(?:", "^ ?(?:"))


def _kinds(piece: str) -> set[EdgeKind]:
    """The kinds of edge of which a clause holds a word at all: most clauses hold none, and no pattern is tried on them."""
    words = set(piece.split())
    return {
        kind
        for kind, triggers in _triggers().items()
        if not triggers.isdisjoint(words) and ("@" in piece or kind in ("alternative", "value", "risk"))
    }


_TRIGGERS: dict[EdgeKind, tuple[str, ...]] = {
    "requires": ("CONSENT", "AGREES", "REFUSES"),
    "veto": ("BLOCK", "BLOCKED"),
    "threat": ("HARM", "HARMED", "HARMING", "TARGET"),
    "alternative": ("SWITCH",),
    "value": ("WORTH",),
    "risk": ("SPOIL", "SPOILS", "OBSTACLE"),
}
_MORE: dict[EdgeKind, tuple[str, ...]] = {
    "requires": ("agree", "sign", "asked", "board", "saying"),
    "veto": ("decisive", "last word", "final say", "final word", "final decision", "deciding vote", "decisive vote"),
    "threat": (),
    "alternative": ("instead", "alternative", "fallback", "plan b", "substitute", "second option", "replace"),
    "value": ("appearance", "semblance", "look", "show", "reassure", "deter", "demonstrate"),
    "risk": (
        "undermined",
        "obstacles",
        "hurdles",
        "risks",
        "dangers",
        "threats",
        "barriers",
        "impediments",
        "weakened",
        "endangered",
        "eroded",
        "jeopardised",
        "jeopardized",
        "undermining",
    ),
}


@lru_cache(maxsize=1)
def _triggers() -> dict[EdgeKind, frozenset[str]]:
    """For each kind the words without which no pattern of it can fire (of a phrase its longest word)."""
    data = tomllib.loads((files("vetopoint.evidence") / "data" / "edges.toml").read_text(encoding="utf-8"))
    return {
        kind: frozenset(
            max(phrase.split(), key=len)
            for phrase in [*(word for name in lists for word in data["words"][name]), *_MORE[kind]]
        )
        for kind, lists in _TRIGGERS.items()
    }
