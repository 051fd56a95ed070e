"""What a statement does and how surely: its act (PLOVER's verbal event types), kind, hedge, and whose doing it speaks of."""

import re
from collections.abc import Sequence
from functools import cache
from typing import cast

from vetopoint.evidence.claim import Act
from vetopoint.evidence.reader.lexicon import rows, verbs
from vetopoint.evidence.reader.parse import Parse, once
from vetopoint.evidence.reader.people import Actors

_NEGATIONS = ("not", "n't", "n’t", "never", "no")
_DUTY = frozenset(("must", "should", "ought"))
_INTENT = frozenset(("will", "would", "’ll", "'ll", "shall", "’d", "'d"))
_READY = frozenset(("ready", "prepared", "willing", "committed", "set", "eager"))
_REPORTERS = ("reportedly", "allegedly", "purportedly", "supposedly", "ostensibly", "apparently")
_MARKS = frozenset(("if", "unless", "until", "till", "once", "provided"))
_CONDITION = re.compile(
    r"\b(?:only when|as long as|as soon as (?!possible)|in the event of|on condition|provided that)\b[^,;.]*",
    re.IGNORECASE,
)
_SURENESS = ("probability", "belief", "possibility", "conditional")


@cache
def _table() -> dict[str, tuple[Act, Act]]:
    return {row["lemma"]: (cast(Act, row["act"]), cast(Act, row["will"])) for row in rows("acts.csv")}


@cache
def _begun() -> frozenset[str]:
    """The table's entries and the first words of those of several."""
    return frozenset(word for key in _table() for word in (key, key.split(" ")[0]))


def clause_act(p: Parse, verb: int) -> Act:
    """The speech act of the clause that `verb` heads, its own negation included, or an empty string.

    PLOVER counts what is not agreed to as rejected; see `affirmed_act` for the act apart from its negation.
    """
    lemma = p.lemmas[verb]
    words = {p.lower[c] for c in p.having(verb, "aux", "auxpass", "neg")}
    denied = not words.isdisjoint(_NEGATIONS)
    act = affirmed_act(p, verb)
    if lemma == "be":
        adjective = p.child(verb, "acomp")
        return "REJECT" if denied and adjective >= 0 and p.lower[adjective] in _READY else act
    if act == "DEMAND" and (words & _DUTY or lemma == "have"):
        return act
    positive = ("AGREE", "CONCEDE", "SUPPORT", "CONSULT", "COOPERATE")
    return "REJECT" if denied and (intends(p, verb) or act in positive) else act


@once
def affirmed_act(p: Parse, verb: int) -> Act:
    """The act of the clause that `verb` heads as if it were not negated, or an empty string.

    What is intended ("will veto") is what ``acts.csv`` gives as its ``will``; what is due ("should", "has to") is a demand.
    """
    if p.lemmas[verb] in ("be", "remain", "stay"):
        return _state(p, verb)
    if p.lemmas[verb] == "have" and _minds(p, verb):
        return "REJECT"
    listed = verbs().get(p.lemmas[verb])
    plain: Act = listed.act if listed is not None and listed.act != "SAY" else ""
    keys = _keys(p, verb) if p.lemmas[verb] in _begun() else ()
    act, intent = next((_table()[key] for key in keys if key in _table()), (plain, plain))
    if is_due(p, verb):
        return "DEMAND"
    return intent if intends(p, verb) else act


def intended_act(p: Parse, verb: int) -> Act:
    """The act that it would be to intend what a verb says."""
    return next((_table()[key][1] for key in _keys(p, verb) if key in _table()), "")


def is_due(p: Parse, verb: int) -> bool:
    """Whether a clause says what should or has to be done."""
    due = not _DUTY.isdisjoint(p.lower[c] for c in p.having(verb, "aux"))
    return due or p.lower[verb] == "ought" or (p.lemmas[verb] == "have" and p.child(verb, "xcomp") > verb)


def intends(p: Parse, verb: int) -> bool:
    """Whether a clause states an intention: "will", "would", "is going to"."""
    helpers = p.having(verb, "aux", "auxpass")
    going = p.tags[verb] == "VBG" and p.child(verb, "xcomp") > 0 and "be" in {p.lemmas[c] for c in helpers}
    return going or not _INTENT.isdisjoint(p.lower[c] for c in helpers)


def _state(p: Parse, verb: int) -> Act:
    """Predicates: "is opposed to", "is prepared to", "is in favour of", "is against"."""
    for child in p.having(verb, "acomp", "prep"):
        word, noun = p.lower[child], p.child(child, "pobj")
        if word in ("opposed", "against", "unwilling", "reluctant"):
            return "REJECT"
        if word in _READY and p.child(child, "xcomp", "prep") >= 0:
            return "AGREE"
        if word == "behind" and noun >= 0:
            return "SUPPORT"
        if word == "in" and noun >= 0 and p.lemmas[noun] in stances():
            return stances()[p.lemmas[noun]]
    return ""


def _minds(p: Parse, verb: int) -> bool:
    """ "Has nothing against it", "has something against them"."""
    what = p.child(verb, "dobj")
    return (
        what >= 0
        and p.lower[what] in ("nothing", "something", "anything", "much", "little")
        and any(p.lower[c] == "against" for c in [*p.having(what, "prep"), *p.having(verb, "prep")])
    )


@cache
def stances() -> dict[str, Act]:
    """Nouns that are an act ("opposition") → the act."""
    return {row["noun"]: cast(Act, row["act"]) for row in rows("stances.csv")}


def _keys(p: Parse, verb: int) -> list[str]:
    """What to look up: the verb with its particle, its preposition (if no object parts them) or its object, then the verb alone."""
    lemma = p.lemmas[verb]
    objects = p.having(verb, "dobj")
    beside = [
        p.lower[c] for c in p.having(verb, "prt", "prep") if p.deps[c] == "prt" or not any(o < c for o in objects)
    ]
    beside += [*(p.lemmas[c] for c in objects), *(p.lower[c] for c in objects)]
    return [*(f"{lemma} {word}" for word in beside), lemma]


def root_of(p: Parse, tokens: Sequence[int]) -> int:
    """The token on which a statement hangs, a verb where there is one."""
    inside = set(tokens)
    outer = [t for t in tokens if (p.heads[t] not in inside or p.heads[t] == t) and p.pos[t] != "PUNCT"]
    roots = [t for t in outer if p.lower[t] != "according"] or outer
    return next((t for t in roots if p.pos[t] in ("VERB", "AUX")), roots[0] if roots else tokens[0])


def condition(p: Parse, tokens: Sequence[int]) -> str:
    """The words of the first clause or phrase in a content on which it hangs; a bare date behind "until" is none."""
    inside = set(tokens)
    for token in sorted(tokens):
        if (
            (
                p.lower[token] in _MARKS
                and p.deps[token] in ("mark", "advmod")
                and p.deps[p.heads[token]] in ("advcl", "ROOT", "ccomp")
            )
            and token < p.heads[token]
            and p.deps[p.heads[token]] == "advcl"
            and not _concessive(p, token)
        ):
            return p.phrase([t for t in p.subtree(p.heads[token]) if t in inside and t >= token])
        if p.lower[token] == "without" and p.children[token] and p.lower[max(token - 1, 0)] != "or":
            return p.phrase([t for t in p.subtree(token) if t in inside])
    found = _CONDITION.search(p.phrase(sorted(tokens)))
    return found.group() if found else ""


def _concessive(p: Parse, mark: int) -> bool:
    """ "Even if", "as if": no condition."""
    return p.lower[max(mark - 1, 0)] in ("even", "as") and p.lower[mark] == "if"


def about(p: Parse, root: int, actors: Actors, speaker: str) -> str:
    """The actor whose doing a statement speaks of, where that is not the speaker himself."""
    for node in (p.child(root, "agent"), p.child(root, "nsubj", "nsubjpass")):
        if node >= 0:
            found = actors.mentions([p.words[t] for t in _core(p, node)])
            if found and found[0].actor != speaker:
                return found[0].actor
    return ""


def _core(p: Parse, node: int) -> list[int]:
    """A phrase without the clauses that hang on it: "divisions, exposed on the day of the invasion" are divisions."""
    kept = [node]
    for token in kept:
        kept.extend(c for c in p.children[token] if p.deps[c] not in ("acl", "relcl", "advcl", "punct"))
    return sorted(kept)


@cache
def _hedges() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    table = {row["phrase"]: (row["word"], row["sort"]) for row in rows("hedges.csv")}
    phrases = sorted(
        (phrase for phrase, (word, sort) in table.items() if word or sort == "none"), key=len, reverse=True
    )
    return re.compile(r"\b(" + "|".join(map(re.escape, phrases)) + r")\b"), table


def hedge(text: str) -> str:
    """The strongest word of probability in a text: a stated probability before a bare possibility before "would"."""
    regex, table = _hedges()
    found = [
        table[match.group(1)]
        for match in regex.finditer(text.lower())
        if table[match.group(1)][0] and not (match.start() and text[match.start() : match.end()] == "May")
    ]
    return min(found, key=lambda entry: _SURENESS.index(entry[1]))[0] if found else ""


def distance(sentence: str, verb: str) -> str:
    """The reporter's distance from what is said: a word of the sentence ("reportedly"), else that of the verb."""
    return next((word for word in _REPORTERS if word in sentence.lower()), verb)
