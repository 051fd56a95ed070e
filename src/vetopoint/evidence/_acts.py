"""What a clause does: agree, demand, reject, threaten …, by PLOVER's verbal event types."""

from __future__ import annotations

from functools import lru_cache

from vetopoint.evidence._lexicon import Lexicon, rows
from vetopoint.evidence._parse import Parse
from vetopoint.evidence.claim import Act

__all__ = ["clause_act"]

_NEGATIONS = ("not", "n't", "n’t", "never", "no")
_DUTY = frozenset(("must", "should", "ought"))
_INTENT = frozenset(("will", "would", "’ll", "'ll", "shall", "’d", "'d"))
_READY = frozenset(("ready", "prepared", "willing", "committed", "set", "eager"))


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[str, str]]:
    return {row["lemma"]: (row["act"], row["will"]) for row in rows("acts.csv")}


def clause_act(parse: Parse, verb: int, lexicon: Lexicon, *, speaker: int = -1) -> Act:
    """The speech act of the clause that `verb` heads, or an empty string.

    Parameters
    ----------
    speaker : head of the source phrase; a duty laid on somebody else is a demand.
    """
    p = parse
    lemma = p.lemmas[verb]
    helpers = [c for c in p.children[verb] if p.deps[c] in ("aux", "auxpass", "neg")]
    modals = {p.lower[c] for c in helpers}
    negated = any(p.lower[c] in _NEGATIONS for c in helpers)
    if lemma == "be":
        return _state(p, verb, negated)
    for key in _keys(p, verb):
        if key in _table():
            act, intent = _table()[key]
            break
    else:
        listed = lexicon.verbs.get(lemma)
        act = intent = listed.act if listed is not None and listed.act != "SAY" else ""
    if modals & _DUTY or (lemma == "have" and p.child(verb, "xcomp") > verb):
        return "DEMAND"
    if modals & _INTENT or (
        p.tags[verb] == "VBG" and "be" in {p.lemmas[c] for c in helpers} and p.child(verb, "xcomp") > 0
    ):
        if negated:
            return "REJECT"
        return intent  # type: ignore[return-value]
    if negated and act in ("AGREE", "CONCEDE", "SUPPORT", "CONSULT", "COOPERATE"):
        return "REJECT"
    return act  # type: ignore[return-value]


def _state(p: Parse, verb: int, negated: bool) -> Act:
    """Predicates: "is opposed to", "is prepared to", "is committed to"."""
    adjective = p.child(verb, "acomp")
    if adjective < 0:
        return ""
    word = p.lower[adjective]
    if word in ("opposed", "against", "unwilling", "reluctant") or (word in _READY and negated):
        return "REJECT"
    return "AGREE" if word in _READY else ""


def _keys(p: Parse, verb: int) -> list[str]:
    """What to look up: the verb with its particle or object, then the verb alone."""
    lemma = p.lemmas[verb]
    keys = [f"{lemma} {p.lower[c]}" for c in p.having(verb, "prt", "prep")]
    keys += [f"{lemma} {p.lemmas[c]}" for c in p.having(verb, "dobj")]
    keys += [f"{lemma} {p.lower[c]}" for c in p.having(verb, "dobj")]
    return [*keys, lemma]


def main_act(parse: Parse, lexicon: Lexicon) -> tuple[Act, str]:
    """The leading speech act of a sentence and the phrase that names who performs it.

    A reporting frame ("officials said") is looked through where the clause that it reports has an act of its own.

    Returns
    -------
    tuple
        The act (empty if none is found) and the actor's words.
    """
    for verb in _candidates(parse, lexicon):
        act = clause_act(parse, verb, lexicon)
        if act and act != "SAY":
            return act, _actor(parse, verb)
    root = next((t for t in range(len(parse)) if parse.heads[t] == t and parse.pos[t] in ("VERB", "AUX")), 0)
    return "", _actor(parse, root)


def _candidates(p: Parse, lexicon: Lexicon) -> list[int]:
    """Verbs of the sentence from the outermost inwards; a plain "said" comes after what was said."""
    out: list[int] = []
    queue = [t for t in range(len(p)) if p.heads[t] == t]
    while queue:
        node = queue.pop(0)
        if p.pos[node] in ("VERB", "AUX"):
            out.append(node)
        queue.extend(
            c
            for c in p.children[node]
            if p.deps[c] in ("ccomp", "xcomp", "conj", "advcl", "acl", "parataxis", "dobj", "pcomp")
        )
    return out


def _actor(p: Parse, verb: int) -> str:
    """The subject's words, or the agent's in a passive, or those of the verb on which this one hangs."""
    node = verb
    for _ in range(6):
        agent = p.child(node, "agent")
        if agent >= 0:
            return " ".join(p.words[t] for t in p.subtree(agent)[1:])
        subject = p.child(node, "nsubj", "nsubjpass")
        if subject >= 0 and p.pos[subject] != "PRON":
            return " ".join(p.words[t] for t in p.subtree(subject))
        if p.heads[node] == node:
            return ""
        node = p.heads[node]
    return ""
