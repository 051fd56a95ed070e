"""What a statement does and how surely: its act (PLOVER's verbal event types), kind, hedge, and whose doing it speaks of."""

import re
from collections.abc import Sequence
from functools import cache
from typing import cast

from vetopoint.evidence.claim import Act, Edge, Kind
from vetopoint.evidence.reader.lexicon import rows, verbs
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.people import Actors
from vetopoint.evidence.reader.relation import Relation

_NEGATIONS = ("not", "n't", "n’t", "never", "no")
_DUTY = frozenset(("must", "should", "ought"))
_INTENT = frozenset(("will", "would", "’ll", "'ll", "shall", "’d", "'d"))
_READY = frozenset(("ready", "prepared", "willing", "committed", "set", "eager"))
_FUTURE = frozenset(("will", "would", "’ll", "'ll", "shall", "could", "may", "might", "can"))
_VIEWS = frozenset(("see", "view", "regard", "describe", "consider", "call", "perceive", "portray", "deem", "judge"))
_WISHES = frozenset(("want", "hope", "prefer", "wish", "plan", "intend", "seek", "refuse", "decline"))
_REPORTERS = ("reportedly", "allegedly", "purportedly", "supposedly", "ostensibly", "apparently")
_SURENESS = ("probability", "belief", "possibility", "conditional")


@cache
def _table() -> dict[str, tuple[Act, Act]]:
    return {row["lemma"]: (cast(Act, row["act"]), cast(Act, row["will"])) for row in rows("acts.csv")}


def clause_act(p: Parse, verb: int) -> Act:
    """The speech act of the clause that `verb` heads, or an empty string."""
    lemma = p.lemmas[verb]
    helpers = p.having(verb, "aux", "auxpass", "neg")
    modals = {p.lower[c] for c in helpers}
    denied = not modals.isdisjoint(_NEGATIONS)
    if lemma == "be":
        return _state(p, verb, denied)
    listed = verbs().get(lemma)
    plain: Act = listed.act if listed is not None and listed.act != "SAY" else ""
    act, intent = next((_table()[key] for key in _keys(p, verb) if key in _table()), (plain, plain))
    if modals & _DUTY or (lemma == "have" and p.child(verb, "xcomp") > verb):
        return "DEMAND"
    going = p.tags[verb] == "VBG" and p.child(verb, "xcomp") > 0 and "be" in {p.lemmas[c] for c in helpers}
    if going or modals & _INTENT:
        return "REJECT" if denied else intent
    return "REJECT" if denied and act in ("AGREE", "CONCEDE", "SUPPORT", "CONSULT", "COOPERATE") else act


def _state(p: Parse, verb: int, denied: bool) -> Act:
    """Predicates: "is opposed to", "is prepared to", "is committed to"."""
    adjective = p.child(verb, "acomp")
    if adjective < 0:
        return ""
    word = p.lower[adjective]
    if word in ("opposed", "against", "unwilling", "reluctant") or (word in _READY and denied):
        return "REJECT"
    return "AGREE" if word in _READY else ""


def _keys(p: Parse, verb: int) -> list[str]:
    """What to look up: the verb with its particle or object, then the verb alone."""
    lemma = p.lemmas[verb]
    objects = p.having(verb, "dobj")
    beside = [p.lower[c] for c in p.having(verb, "prt", "prep")]
    beside += [*(p.lemmas[c] for c in objects), *(p.lower[c] for c in objects)]
    return [*(f"{lemma} {word}" for word in beside), lemma]


def root_of(p: Parse, tokens: Sequence[int]) -> int:
    """The token on which a statement hangs, a verb where there is one."""
    inside = set(tokens)
    roots = [t for t in tokens if (p.heads[t] not in inside or p.heads[t] == t) and p.pos[t] != "PUNCT"]
    return next((t for t in roots if p.pos[t] in ("VERB", "AUX")), roots[0] if roots else tokens[0])


def kind_of(p: Parse, relation: Relation, root: int, edges: Sequence[Edge], act: Act, *, conditional: bool) -> Kind:
    """What sort of proposition a relation reports."""
    kinds = {edge.kind for edge in edges}
    if act == "THREATEN" or "threat" in kinds:
        return "threat"
    if "requires" in kinds or conditional:
        return "condition"
    if relation.lemma in _VIEWS or relation.rule == "raising":
        return "assessment"
    if relation.rule in ("infinitive", "adjective") or relation.lemma in _WISHES or act not in ("SAY", ""):
        return "position"
    return "forecast" if any(p.lower[c] in _FUTURE for c in p.having(root, "aux")) else "assertion"


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
    phrases = sorted((phrase for phrase, (word, _) in table.items() if word), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, phrases)) + r")\b"), table


def hedge(text: str) -> str:
    """The strongest word of probability in a text: a stated probability before a bare possibility before "would"."""
    regex, table = _hedges()
    found = [table[match.group(1)] for match in regex.finditer(text.lower())]
    return min(found, key=lambda entry: _SURENESS.index(entry[1]))[0] if found else ""


def distance(sentence: str, verb: str) -> str:
    """The reporter's distance from what is said: a word of the sentence ("reportedly"), else that of the verb."""
    return next((word for word in _REPORTERS if word in sentence.lower()), verb)
