"""Who depends on whom: edges read off a sentence by reviewable patterns, each turned round by a negation, in the text's words."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from vetopoint.evidence.claim import Edge, EdgeKind
from vetopoint.evidence.reader.found import Found
from vetopoint.evidence.reader.holders import SUBJECTS, Scene, excepted, excluded
from vetopoint.evidence.reader.lexicon import data
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.people import Actors, Mention
from vetopoint.evidence.reader.polarity import Standing, frame
from vetopoint.evidence.reader.requires import requirements
from vetopoint.evidence.reader.roles import roles
from vetopoint.evidence.reader.stakes import alternatives, risks, threats, values
from vetopoint.evidence.reader.vetoes import vetoes

_SPLIT = re.compile(
    r"\s*(?:;|—|–|--| - (?=[a-z@])|(?<!not )(?<!formality )\bbut (?!(?:as|about|primarily|rather|mainly|a|to)\b)|\bwhereas\b|"
    r"(?<!even )\bwhile\b)\s*"
)
_CUTTING = (";", "—", "–", "--", " - ", "but ", "whereas", "while")
"""What each cut has one of."""
_ANYTHING = re.compile(r"\(\?P<what>\.\{\d+,\d+\}\??\)(?![?*])")
_GAP = re.compile(r" (?=[,.;:?!”)]|[’']s\b)|(?<=[“(]) | (?=-)|(?<=-) ")
_FIELD = re.compile(r"\{([A-Z]+)\}")
_NEEDS_NONE = re.compile(r"\b(?:need|require|take|await)(?:s|d|ed)? no (?!less|longer|more|other)")
_PRONOUNS = frozenset(("it", "they", "he", "she"))
_POSSESSIVES = frozenset(("its", "their", "his", "her"))
_SPEAKING = frozenset(
    ("that", "if", "unless", "until", "because", "as", "says", "said", "insists", "insisted", "since", "before")
)
_LONGEST = 30
_STRONG = ("requires", "veto", "threat")
_BEGINNINGS = (2, 3)
"""Letters by which needed words are looked up; none has fewer than the first."""
_SPELLINGS = {"cannot": "can not", "ca": "can", "wo": "will", "sha": "shall", "n't": "not", "'": "'s"}


@dataclass(frozen=True)
class _Pattern:
    kind: EdgeKind
    holds: bool
    regex: re.Pattern[str]
    number: int
    behind: re.Pattern[str] | None
    """Of a pattern that begins with any words what must stand behind them, which is far quicker to look for."""


@dataclass(frozen=True)
class FoundEdge:
    """An edge, the tokens of the stretch that carry it, the rule that found it, and its sentence.

    ``own`` marks one whose actor is whoever says it ("not without our consent").
    """

    edge: Edge
    tokens: tuple[int, ...]
    pattern: str
    sentence: tuple[int, int]
    own: bool = False


def find_edges(parse: Parse, first: int, last: int, actors: Actors) -> list[FoundEdge]:
    """The dependency edges of one sentence: what its tree shows, and what the patterns add where the tree shows nothing of the kind."""
    scene = Scene(parse, first, last, actors)
    shown = [_from_tree(scene, found, actors) for found in dict.fromkeys(_tree(scene))]
    matched = [
        found
        for found in _from_patterns(scene, actors)
        if scene.unsaid.isdisjoint(found.tokens) and not _settled(found, shown) and not _set_apart(scene, found)
    ]
    kept: list[FoundEdge] = []
    for found in (*shown, *matched):
        if not any(_same(found, other) for other in kept):
            kept.append(found)
    return _prune(kept)


def _same(one: FoundEdge, other: FoundEdge) -> bool:
    """Whether two edges of a sentence are one: of an actor one of a kind is said in the same words, of nobody in particular one of each sign."""
    mine, its = one.edge, other.edge
    if (mine.kind, mine.actor, one.own) != (its.kind, its.actor, other.own):
        return False
    signed = mine.kind == "value" or not mine.actor or set(one.tokens).isdisjoint(other.tokens)
    return mine.holds == its.holds or not signed


def _settled(found: FoundEdge, shown: Sequence[FoundEdge]) -> bool:
    """Whether the tree has already said what a pattern's words mean: its kind, or another strong edge in the same words."""
    return any(
        (f.edge.kind == found.edge.kind and (f.edge.kind != "value" or f.edge.holds == found.edge.holds))
        or (f.edge.kind in _STRONG and found.edge.kind in _STRONG and not set(f.tokens).isdisjoint(found.tokens))
        for f in shown
    )


def _set_apart(scene: Scene, found: FoundEdge) -> bool:
    """Whether the actor that a pattern met is but the one with whom the sentence contrasts another."""
    named = [t for t in found.tokens if scene.named.get(t) == found.edge.actor]
    return bool(named) and all(excluded(scene.p, t) or excepted(scene.p, t) for t in named)


def _tree(scene: Scene) -> Iterator[Found]:
    for read in (requirements, vetoes, threats, alternatives, values, risks):
        yield from read(scene)


def _from_tree(scene: Scene, found: Found, actors: Actors) -> FoundEdge:
    p = scene.p
    said = {name: _words(p, at[0]) for name, at in (("what", found.what), ("plan", found.plan)) if at}
    edge = Edge(kind=found.kind, actor=found.actor, holds=found.holds, **said)
    edge = edge if edge.what else worded(p, found.tokens, edge, actors)
    return FoundEdge(edge, found.tokens, found.kind, (scene.first, scene.last), found.own)


def _from_patterns(scene: Scene, actors: Actors) -> list[FoundEdge]:
    """What the patterns find in a sentence taken as a row of words."""
    tokens = scene.tokens
    words = [scene.p.words[t] for t in tokens]
    needing = frozenset().union(*map(_needing_part, words))
    if not (needing if scene.mentions else needing - _naming()):
        return []
    text, offsets, names = _plain(words, scene.mentions)
    found: dict[tuple[str, str, bool], FoundEdge] = {}
    for begin, end in _clauses(text):
        piece = text[begin:end]
        for pattern, match in _matches(piece):
            hit = _edge(pattern, match, names)
            key = (hit.kind, hit.actor, hit.kind == "value" and hit.holds) if hit else None
            if hit is None or key is None or key in found:
                continue
            first, last = _tokens(offsets, begin + match.start(), begin + match.end())
            carried = tuple(tokens[first : last + 1])
            framed = _framed(scene.p, carried[_tokens(offsets, *_core(match, begin))[0] - first :])
            if not framed.is_open:
                edge = _worded(hit, match, words, offsets, begin)
                edge = edge.model_copy(update={"holds": edge.holds == (framed.sign > 0)})
                edge = worded(scene.p, carried, edge, actors)
                found[key] = FoundEdge(edge, carried, str(pattern.number), (scene.first, scene.last))
    return list(found.values())


def _core(match: re.Match[str], begin: int) -> tuple[int, int]:
    """Where a match tells of the edge itself: behind what it names first ("(a split) could undermine")."""
    named = "what" in match.re.groupindex and match.start("what") == match.start()
    return begin + (match.end("what") if named else match.start()), begin + match.end()


def _framed(p: Parse, tokens: tuple[int, ...]) -> Standing:
    """What the sentence makes of what a pattern's words say."""
    return frame(p, next(iter(_verbs(p, tokens)), tokens[-1]), tokens)


def _prune(found: list[FoundEdge]) -> list[FoundEdge]:
    """A stated condition or threat outranks the risk or worth that the same words would also fit."""
    stated = {at for f in found if f.edge.kind in _STRONG for at in f.tokens}
    aimed = {at for f in found if f.edge.kind == "threat" for at in f.tokens}
    weaker = {"risk": stated, "value": aimed}
    return [f for f in found if weaker.get(f.edge.kind, set()).isdisjoint(f.tokens)]


def _plain(words: Sequence[str], mentions: Iterable[Mention]) -> tuple[str, list[int], list[str]]:
    """Lower-case text with actors numbered; for each token where it begins; and the actors' ids."""
    starts: dict[int, tuple[int, str]] = {m.first: (m.last, m.actor) for m in mentions}
    consents = _data()["words"]["CONSENT"]
    names: list[str] = []
    parts: list[str] = []
    offsets: list[int] = []
    length, token, hyphened = 1, 0, "-" in words
    while token < len(words):
        last = token
        if token in starts:
            last, actor = starts[token]
            names.append(actor)
            piece = f"@{len(names) - 1}"
        else:
            while hyphened and _hyphen(words, last + 1) and last + 2 not in starts:
                last += 2
            piece = _spelt(words[token] if last == token else "".join(words[token : last + 1]))
            if names and piece in _POSSESSIVES and any(w.lower() in consents for w in words[last + 1 : last + 4]):
                piece = f"@{len(names) - 1} 's"
            elif names and piece in _PRONOUNS and parts[-1] in _SPEAKING and len(set(names)) == 1:
                piece = "@0"
        offsets += [length] * (last - token + 1)
        parts.append(piece)
        length += len(piece) + 1
        token = last + 1
    return " " + " ".join(parts) + " ", offsets, names


@lru_cache(maxsize=1 << 16)
def _spelt(word: str) -> str:
    low = word.lower().replace("’", "'").strip() or ","
    return _SPELLINGS.get(low, low)


def _hyphen(words: Sequence[str], at: int) -> bool:
    """Whether a compound goes on here: "say - so" as the tokenizer parts it."""
    return at + 1 < len(words) and words[at] == "-" and words[at - 1][-1:].isalpha() and words[at + 1][:1].isalpha()


def _clauses(text: str) -> list[tuple[int, int]]:
    cuts = [match.span() for match in _SPLIT.finditer(text)] if any(word in text for word in _CUTTING) else []
    begins, ends = [0, *(end - 1 for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    return [(begin, end) for begin, end in zip(begins, ends, strict=True) if end - begin > 8]


def _edge(pattern: _Pattern, match: re.Match[str], names: list[str]) -> Edge | None:
    groups = match.groupdict()
    number = next((value for key, value in groups.items() if key[0] == "a" and value is not None), None)
    if number is None and pattern.kind in ("requires", "veto", "threat"):
        return None
    negations = sum(1 for key, value in groups.items() if key.startswith("neg") and value)
    negations += pattern.kind == "requires" and _NEEDS_NONE.search(match.group()) is not None
    holds = pattern.holds if negations % 2 == 0 else not pattern.holds
    return Edge(kind=pattern.kind, actor=names[int(number)] if number is not None else "", holds=holds)


def _worded(edge: Edge, match: re.Match[str], words: Sequence[str], offsets: list[int], begin: int) -> Edge:
    said = {}
    for field in ("what", "plan"):
        if match.groupdict().get(field):
            first, last = _tokens(offsets, begin + match.start(field), begin + match.end(field))
            said[field] = _GAP.sub("", " ".join(words[first : last + 1])).strip(" ,.;—")
    return edge.model_copy(update=said) if said else edge


def _tokens(offsets: list[int], start: int, end: int) -> tuple[int, int]:
    first = next((t for t, at in enumerate(offsets) if at >= start), len(offsets) - 1)
    last = max((t for t, at in enumerate(offsets) if at < end), default=first)
    return first, max(first, last)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(data("edges.toml"))


@cache
def _patterns() -> tuple[_Pattern, ...]:
    parts = _parts()
    return tuple(
        _Pattern(row["kind"], row.get("holds", True), _compile(row["text"], parts), number, _behind(row["text"], parts))
        for number, row in enumerate(_data()["pattern"])
    )


@cache
def _parts() -> dict[str, str]:
    """What a name in braces stands for: a list of words, or a phrase that may name others."""
    lists = {
        name: "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + r")(?![\w-])"
        for name, words in _data()["words"].items()
    }
    return {**lists, **_data()["phrases"], "W": r"(?: [^\s,]+){0,3}?", "WW": r"(?: \S+){0,10}?"}


def _behind(text: str, parts: dict[str, str]) -> re.Pattern[str] | None:
    begun = _ANYTHING.match(text)
    return _compile(text[begun.end() :], parts, "") if begun else None


def _compile(text: str, parts: dict[str, str], start: str = r"(?<![\w@-])") -> re.Pattern[str]:
    count = 0

    def expand(match: re.Match[str]) -> str:
        nonlocal count
        name = match.group(1)
        count += 1
        if name == "A":
            return rf"(?:the )?(?:\w+ )?@(?P<a{count}>\d+)"
        if name == "NO":
            return rf"(?P<neg_{count}>{parts['NOT']})"
        return parts[name]

    while _FIELD.search(text):
        text = _FIELD.sub(expand, text)
    return re.compile(start + text)


def _matches(piece: str) -> Iterator[tuple[_Pattern, re.Match[str]]]:
    """What fits a clause; only patterns of whose needed words it holds one are tried."""
    for pattern in _possible(piece.split(), named="@" in piece):
        if pattern.behind is None or pattern.behind.search(piece):
            yield from ((pattern, match) for match in pattern.regex.finditer(piece))


def _possible(words: Iterable[str], *, named: bool) -> list[_Pattern]:
    """The patterns that could fit some words: one of those that a pattern needs is there, and an actor where its kind has one."""
    found = frozenset().union(*map(_needing, words))
    patterns = _patterns()
    return [patterns[number] for number in sorted(found if named else found - _naming())]


@cache
def _naming() -> frozenset[int]:
    """The numbers of the patterns whose kind has an actor."""
    return frozenset(pattern.number for pattern in _patterns() if pattern.kind in _STRONG)


@lru_cache(maxsize=1 << 16)
def _needing_part(word: str) -> frozenset[int]:
    """The numbers of the patterns that need what stands between the hyphens of a word as written."""
    return frozenset().union(*map(_needing, word.lower().replace("’", "'").split("-")))


@lru_cache(maxsize=1 << 16)
def _needing(word: str) -> frozenset[int]:
    """The numbers of the patterns that need a word which begins as this one does."""
    begun = _begun_by()
    entries = [entry for length in _BEGINNINGS for entry in begun.get(word[:length], ())]
    return frozenset(number for beginning, numbers in entries if word.startswith(beginning) for number in numbers)


@cache
def _begun_by() -> dict[str, tuple[tuple[str, frozenset[int]], ...]]:
    """The first letters of a needed word → the needed words that begin so, each with the numbers of its patterns."""
    numbers: dict[str, set[int]] = {}
    for number, row in enumerate(_data()["pattern"]):
        for word in row["needs"]:
            numbers.setdefault(word, set()).add(number)
    found: dict[str, list[tuple[str, frozenset[int]]]] = {}
    for word, of in numbers.items():
        found.setdefault(word[: _BEGINNINGS[-1]], []).append((word, frozenset(of)))
    return {beginning: tuple(entries) for beginning, entries in found.items()}


def worded(parse: Parse, tokens: Sequence[int], edge: Edge, actors: Actors) -> Edge:
    """Fill an edge's `plan` (of a risk its `what`) from the clause of its `tokens`, where the tree shows it."""
    if edge.kind in ("requires", "veto", "threat") and not edge.plan:
        found = _spoken_of(parse, tokens, edge.actor, actors)
        return edge.model_copy(update={"plan": found}) if found else edge
    if edge.kind == "risk":
        verbs = _verbs(parse, tokens)
        objects = [parse.child(verb, "dobj") for verb in verbs if "spoil" in roles(parse, verb)]
        subjects = [*objects, *(parse.child(verb, *SUBJECTS) for verb in verbs)]
        found = next((words for subject in subjects if subject >= 0 and (words := _words(parse, subject))), "")
        return edge.model_copy(update={"what": found}) if found else edge
    return edge


def _spoken_of(parse: Parse, tokens: Sequence[int], actor: str, actors: Actors) -> str:
    for verb in _verbs(parse, tokens):
        subject = parse.child(verb, *SUBJECTS)
        if subject < 0 or _names(parse, subject, actor, actors):
            found = _object(parse, verb, actor, actors, "dobj")
        elif parse.lower[subject] == "it":
            found = _object(parse, verb, actor, actors, "xcomp")
        else:
            found = _words(parse, subject)
        if found:
            return found
    return ""


def _verbs(parse: Parse, tokens: Sequence[int]) -> list[int]:
    """The verbs of the stretch, the topmost first, and the one above it."""
    inside = set(tokens)
    verbs = [t for t in tokens if parse.pos[t] in ("VERB", "AUX") and parse.deps[t] not in ("aux", "auxpass")]
    outside = [parse.heads[t] for t in tokens if parse.heads[t] not in inside]
    above = [head for head in outside if parse.pos[head] in ("VERB", "AUX")]
    tops = [t for t in verbs if parse.heads[t] not in inside or parse.heads[t] == t]
    return list(dict.fromkeys((*tops, *verbs, *above)))


def _object(parse: Parse, verb: int, actor: str, actors: Actors, label: str) -> str:
    others = (child for child in parse.having(verb, label) if not _names(parse, child, actor, actors))
    return next((_words(parse, child) for child in others), "")


def _names(parse: Parse, node: int, actor: str, actors: Actors) -> bool:
    """Whether the phrase is the actor itself (its head stands in the actor's name), or leans on it alone."""
    words = parse.subtree(node)
    return any(
        mention.actor == actor and words[mention.first] <= node <= words[mention.last]
        for mention in actors.mentions([parse.words[t] for t in words])
    )


def _words(parse: Parse, node: int) -> str:
    if parse.pos[node] in ("PRON", "DET") or parse.tags[node] in ("WDT", "WP", "EX"):
        return ""
    kept: list[int] = []
    for token in parse.subtree(node):
        if parse.words[token] in (",", ";", "—", "–", "--") and token > node:
            break
        kept.append(token)
    while kept and (parse.pos[kept[-1]] in ("PUNCT", "SPACE") or parse.lower[kept[-1]] == "without"):
        kept.pop()
    while kept and (parse.pos[kept[0]] in ("PUNCT", "SPACE") or parse.lower[kept[0]] in ("that", "to")):
        kept.pop(0)
    if not kept or len(kept) > _LONGEST:
        return ""
    return parse.phrase(kept)
