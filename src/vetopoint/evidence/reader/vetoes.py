"""Vetoes: who can stop a plan, by the verb of stopping, the word *veto*, or a consent that is refused on a condition."""

from collections.abc import Iterator

from vetopoint.evidence.reader.doers import passive, subjects
from vetopoint.evidence.reader.found import Found, found_for
from vetopoint.evidence.reader.holders import SUBJECTS, Holder, Scene
from vetopoint.evidence.reader.modality import modals
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.polarity import denies, own_sign, power
from vetopoint.evidence.reader.roles import nobody, roles

_POWER = frozenset(["can", "could", "may", "might", "able", "enable", "vow", "right", "power"])
_FUTURE = frozenset(["will", "would", "shall"])
_EACH = frozenset(["any", "every", "each", "either", "single", "one", "both", "all"])
_CONDITION = frozenset(("if", "unless", "until", "till", "before", "without", "provided", "long", "except", "once"))
_ENDED = (
    "drop",
    "lift",
    "withdraw",
    "abandon",
    "relinquish",
    "waive",
    "renounce",
    "surrender",
    "lose",
    "forgo",
    "overturn",
)


def vetoes(s: Scene) -> Iterator[Found]:
    """Every veto that a sentence states or denies."""
    p = s.p
    for token, mine in s.marked:
        if p.pos[token] in ("VERB", "AUX"):
            if mine & {"block", "hinder"}:
                yield from _stopping(s, token, mine)
            if "withdraw" in mine:
                yield from _leaving(s, token)
            if mine & {"agree", "accept", "ballot"} or ("give" in mine and _grants(p, token)):
                yield from _refusing(s, token)
            if "deny" in mine:
                yield from _denying(s, token)
        if "decisive" in mine:
            yield from _deciding(s, token)
        if "holdout" in mine:
            yield from _holding_out(s, token)
        if "veto" in mine and p.pos[token] in ("NOUN", "PROPN"):
            yield from _veto(s, token)


def conditioned(p: Parse, verb: int) -> bool:
    """Whether a clause, or the one that governs it, stands under a condition: *if*, *unless*, *until*, *without* …"""
    node = verb
    for _ in range(3):
        for child in p.children[node]:
            joins = [
                c
                for c in (child, *p.children[child])
                if p.lower[c] in _CONDITION and p.deps[c] in ("mark", "prep", "advmod", "pcomp")
            ]
            if joins and not _dated(p, child):
                return True
            if p.deps[child] == "advcl" and p.lower[p.lefts[child]] in ("should", "were", "had"):
                return True
        if p.deps[node] not in ("xcomp", "conj", "pcomp", "prep", "ccomp", "acomp", "attr") or p.heads[node] == node:
            break
        node = p.heads[node]
    return _loosely_conditioned(p, verb)


def _loosely_conditioned(p: Parse, verb: int) -> bool:
    """A condition behind a verb, or "should the boardings continue", however the parser hangs it."""
    first, last = p.sentence(verb)
    if any(
        p.lower[t] in ("if", "unless") and p.deps[t] == "mark" and p.lower[t - 1] != "as"
        for t in range(verb + 1, last + 1)
    ):
        return True
    return any(
        p.lower[t] == "should"
        and t < p.child(p.heads[t], *SUBJECTS)
        and p.lower[max(t - 1, 0)] not in ("why", "what", "how", "when")
        for t in range(first, last + 1)
    )


def _dated(p: Parse, prep: int) -> bool:
    """ "until 15 December", "before the summer" are dates, no conditions."""
    return p.deps[prep] == "prep" and p.lower[prep] in ("until", "till", "before", "if", "once")


def _stopping(s: Scene, verb: int, mine: frozenset[str]) -> Iterator[Found]:
    p = s.p
    who, noun = subjects(s, verb)
    if not who or nobody_needed(p, verb):
        return
    known = any(h.actor or h.own for h in who)
    if not known and not _any_of_them(s, noun):
        return
    aux, where = modals(p, verb), power(p, verb)
    plan = p.child(verb, "dobj", "nsubjpass")
    if where.is_open or (plan >= 0 and "place" in roles(p, plan)):
        s.unsaid.update((verb, noun))
        return
    if not _is_power(p, verb, aux, mine):
        return
    if "vow" in aux and (where.sign < 0 or "block" not in mine):
        return
    yield from found_for("veto", who, where.sign > 0, (verb, noun), plan=(plan,) if plan >= 0 else ())
    yield from _so_can(s, verb)


def _so_can(s: Scene, verb: int) -> Iterator[Found]:
    """ "…, and Y can", "…, but Y cannot"."""
    p = s.p
    for at in range(verb + 2, s.last - 1):
        if at in s.named and p.lower[at - 1] in ("and", "but", "while", "so") and p.tags[at + 1] == "MD":
            end = at + 2 + (p.lower[at + 2] in ("not", "n't"))
            if end <= s.last and p.pos[end] == "PUNCT":
                yield Found("veto", s.named[at], end == at + 2, (verb, at))


def nobody_needed(p: Parse, verb: int) -> bool:
    """ "nothing stops X from": the subject of stopping is nothing, and nobody's veto."""
    subject = p.child(verb, *SUBJECTS)
    return subject >= 0 and nobody(p, subject) and p.lower[subject] in ("nothing", "none", "little")


def _is_power(p: Parse, verb: int, aux: frozenset[str], mine: frozenset[str]) -> bool:
    """Whether a verb of stopping speaks of a veto: as a power, a will, or (of the strong ones) a deed."""
    if aux & _POWER or (aux & _FUTURE and ("block" in mine or conditioned(p, verb) or p.lemmas[verb] != "stop")):
        return True
    if passive(p, verb):
        return p.deps[verb] not in ("acl", "relcl") and p.lemmas[verb] not in ("stop", "kill", "frustrate")
    object_ = p.child(verb, "dobj") >= 0 or (p.lemmas[verb] == "stand" and p.child(verb, "prep") > verb)
    return "block" in mine and p.tags[verb] in ("VBD", "VBN", "VBZ", "VBP", "VBG") and object_


def _any_of_them(s: Scene, noun: int) -> bool:
    """ "any single member", "each of the states", "either side"."""
    p = s.p
    if noun < 0:
        return False
    words = {p.lower[c] for c in p.children[noun]} | {p.lower[noun]}
    return bool(words & _EACH) and (
        "body" in roles(p, noun) or p.lemmas[noun] in ("signatory", "one", "each", "either", "any")
    )


def _leaving(s: Scene, verb: int) -> Iterator[Found]:
    """ "can withdraw from the treaty at any moment", "either side can end at twelve months' notice"."""
    p = s.p
    if not modals(p, verb) & {"can", "could", "may", "able"}:
        return
    at = [
        t
        for prep in p.having(verb, "prep")
        if p.lower[prep] in ("at", "with", "by", "on")
        for t in p.having(prep, "pobj")
    ]
    if not any(
        p.lemmas[t] in ("time", "moment", "notice", "will", "hour", "call", "word", "stroke", "signature", "letter")
        for t in at
    ):
        return
    who, noun = subjects(s, verb)
    where = power(p, verb)
    if not where.is_open and who and (any(h.actor or h.own for h in who) or _any_of_them(s, noun)):
        plan = p.child(verb, "dobj")
        yield from found_for("veto", who, where.sign > 0, (verb, noun), plan=(plan,) if plan >= 0 else ())


def _refusing(s: Scene, verb: int) -> Iterator[Found]:
    """ "X will not approve … if", "X threatens not to ratify", "X refuses to sign unless": a veto of X."""
    p = s.p
    aux = modals(p, verb)
    against = p.lemmas[verb] == "vote" and any(p.lower[c] == "against" for c in p.children[verb])
    if p.lemmas[verb] == "vote" and not against:
        return
    if p.deps[verb] == "xcomp" and p.lemmas[p.heads[verb]] in ("have", "need"):
        return
    if passive(p, verb) or not aux & {"will", "would", "shall", "vow", "denies"}:
        return
    refused = against or _will_not(p, verb)
    if refused:
        s.unsaid.add(verb)
    if not refused or not (conditioned(p, verb) or "vow" in aux):
        return
    who, noun = subjects(s, verb)
    where = power(p, verb)
    plan = p.child(verb, "dobj")
    if who and not where.is_open and any(h.actor or h.own for h in who):
        yield from found_for("veto", who, True, (verb, noun), plan=(plan,) if plan >= 0 else ())


def _grants(p: Parse, verb: int) -> bool:
    """ "Grant the licence", "give its consent"."""
    given = p.child(verb, "dobj")
    return given >= 0 and bool(roles(p, given) & {"consent", "grant"})


def _denying(s: Scene, verb: int) -> Iterator[Found]:
    """ "X can refuse entry to the ships", "X would withhold its consent until": a veto of X."""
    p = s.p
    given = p.child(verb, "dobj")
    if given < 0 or not roles(p, given) & {"consent", "grant", "passage"}:
        return
    aux, where = modals(p, verb), power(p, verb)
    meant = bool(aux & {"will", "would", "shall", "vow"}) and (conditioned(p, verb) or "vow" in aux)
    who, noun = subjects(s, verb)
    if where.is_open or not (aux & _POWER or meant) or not any(h.actor or h.own for h in who):
        return
    yield from found_for("veto", who, where.sign > 0, (verb, noun))


def _deciding(s: Scene, word: int) -> Iterator[Found]:
    """ "Making X's position decisive for the plan", "X's vote is decisive"."""
    p = s.p
    clause = word if p.child(word, "nsubj") >= 0 else p.heads[word]
    said = p.child(clause, "nsubj", "dobj")
    if said < 0 or "word" not in roles(p, said) or not (owners := [h for h in s.holders(said) if h.actor or h.own]):
        return
    where = power(p, clause)
    plan = [o for c in p.having(word, "prep") if p.lower[c] == "for" for o in p.having(c, "pobj")]
    if not where.is_open:
        yield from found_for("veto", owners, where.sign > 0, (word, said), plan=tuple(plan[:1]))


def _holding_out(s: Scene, word: int) -> Iterator[Found]:
    """ "X is holding out against the deal", "X is the last holdout"."""
    p = s.p
    verb = word if p.pos[word] == "VERB" else p.heads[word]
    if p.pos[word] != "VERB" and not (p.deps[word] == "attr" and p.lemmas[verb] in ("be", "remain")):
        return
    who, noun = subjects(s, verb)
    where = power(p, verb)
    if not where.is_open:
        yield from found_for("veto", [h for h in who if h.actor or h.own], where.sign > 0, (word, verb, noun))


def _will_not(p: Parse, verb: int) -> bool:
    """Whether a verb and what governs it as an infinitive come to a refusal."""
    sign: int = own_sign(p, verb)
    node = verb
    while p.deps[node] == "xcomp" and p.heads[node] != node:
        node = p.heads[node]
        sign *= own_sign(p, node) * (-1 if denies(p, node) else 1)
        if "vow" in roles(p, node) and own_sign(p, node) < 0:
            return False
    return sign < 0


def _veto(s: Scene, noun: int) -> Iterator[Found]:
    """ "X has a veto", "the final say lies with X", "X will not lift its veto", "X's veto"."""
    p = s.p
    head, label = p.heads[noun], p.deps[noun]
    owners = [h for h in s.holders(noun) if h.actor or h.own]
    mine = roles(p, head)
    where = power(p, head)
    if where.is_open:
        s.unsaid.add(noun)
    if label == "dobj" and p.lemmas[head] in (*_ENDED, "give") and "lift" in mine:
        its = any(p.lower[c] in ("its", "their", "his", "her") for c in p.having(noun, "poss"))
        who = [h for h in subjects(s, head)[0] if h.actor] if its or not owners else []
        who = who or owners or subjects(s, head)[0]
        if not where.is_open:
            yield from found_for("veto", who, where.sign < 0, (noun, head))
        return
    if label == "nsubjpass" and "lift" in mine and owners:
        yield from found_for("veto", owners, where.sign < 0, (noun, head))
        return
    if label in ("dobj", "pobj") and ("hold" in mine or "give" in mine or "enable" in mine):
        yield from _held(s, noun, head, owners)
        return
    if label in ("nsubj", "nsubjpass") and "lie" in mine:
        with_whom = [
            o for c in p.having(head, "prep") if p.lower[c] in ("with", "to", "in") for o in p.having(c, "pobj")
        ]
        who = [h for o in with_whom for h in s.members(o) if h.actor or h.own]
        yield from found_for("veto", who, where.sign > 0, (noun, head))
        return
    if owners and not where.is_open and label in (*SUBJECTS, "pobj", "dobj", "attr") and p.lemmas[noun] == "veto":
        stops = bool(mine & {"block", "hinder"})
        yield from found_for("veto", owners, where.sign > 0 if stops else not nobody(p, noun), (noun, head))


def _held(s: Scene, noun: int, head: int, owners: list[Holder]) -> Iterator[Found]:
    p = s.p
    where = power(p, head)
    who, _ = subjects(s, head)
    if "give" in roles(p, head):
        to = [c for c in p.having(head, "dative", "dobj") if c != noun]
        to = [o for c in to for o in (p.having(c, "pobj") or [c])]
        who = [h for o in to for h in s.members(o)]
    if owners and not (who and any(h.actor for h in who)):
        who = owners
    if not where.is_open and who:
        yield from found_for("veto", who, where.sign > 0, (noun, head))
