"""What else hangs on a plan: threats, alternatives, worth and risks, by the words that name them."""

from collections.abc import Iterator

from vetopoint.evidence.reader.doers import passive, subjects
from vetopoint.evidence.reader.found import Found, found_for
from vetopoint.evidence.reader.holders import SUBJECTS, Holder, Scene
from vetopoint.evidence.reader.lexicon import words_for
from vetopoint.evidence.reader.modality import modals
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.polarity import denies, effect_of, own_sign, power, predicate_effect, turns
from vetopoint.evidence.reader.roles import roles
from vetopoint.evidence.reader.vetoes import conditioned

_WILL = frozenset(["will", "would", "shall", "can", "could", "may", "might", "must", "able", "have"])
_FUTURE = frozenset(["will", "would", "shall", "able", "vow"])
_PERHAPS = frozenset(["may", "might", "could", "would", "will", "can"])
_NONE: frozenset[str] = frozenset()
_COMPARED = ("JJR", "RBR")
_SIGNALS = frozenset(("instead", "rather", "sooner", "short", "well"))
_HARMFUL = frozenset(("harm", "hurt", "block", "lose", "founder", "spoil", "veto"))
_PARTING = (",", ";", "—", "–", ":", "and", "or", "that", "“", '"')


# --- threats ---------------------------------------------------------------------------------------------------------


def threats(s: Scene) -> Iterator[Found]:
    """Every threat of harm by somebody who would do it himself."""
    p = s.p
    for token, mine in s.marked:
        verbal = p.pos[token] in ("VERB", "AUX")
        if "vow" in mine:
            yield from _vow(s, token, verbal)
        if verbal and "treat" in mine:
            yield from _treating(s, token)
        elif verbal and mine & {"harm", "hurt"}:
            yield from _harming(s, token, mine)


def _vow(s: Scene, vow: int, verbal: bool) -> Iterator[Found]:
    """ "X threatens to …", "X's threat to …", "X warned that it would …"."""
    p = s.p
    act = p.child(vow, "xcomp", "ccomp", "acl")
    if act < 0 or (verbal and passive(p, vow)):
        return
    if verbal and (power(p, vow).is_open or power(p, vow).sign < 0):
        s.unsaid.update((vow, act))
    if verbal:
        who, noun = subjects(s, vow)
    else:
        who = s.holders(vow)
        noun = who[0].token if who else -1
    if not who or _is_plan(s, who, noun) or not _does_it(s, act, who, noun):
        return
    if p.lemmas[vow] in ("warn", "give", "serve", "warning", "ultimatum", "pledge", "promise", "vow", "swear"):
        harmful = roles(p, act) & {"harm", "hurt"} or (
            conditioned(p, act) and p.lemmas[vow] in ("warn", "give", "serve")
        )
        meant = modals(p, act) & (_PERHAPS if p.lemmas[vow] == "warn" else _FUTURE)
        if not harmful or not (meant or p.deps[act] == "xcomp"):
            return
    if roles(p, act) & {"block", "agree", "accept"} or p.lemmas[act] == "vote":
        return
    where = power(p, vow)
    if not where.is_open:
        sign = where.sign * (own_sign(p, act) if p.lemmas[vow] in ("pledge", "promise", "vow", "swear", "warn") else 1)
        yield from found_for("threat", who, sign > 0, (vow, act))


def _is_plan(s: Scene, who: list[Holder], noun: int) -> bool:
    """Whether what "threatens to" do something is no one who could mean it."""
    p = s.p
    if any(h.actor or h.own for h in who):
        return False
    return noun < 0 or not (p.pos[noun] == "PROPN" or roles(p, noun) & {"body"} or p.lemmas[noun] in _people())


def _people() -> frozenset[str]:
    from vetopoint.evidence.reader.lexicon import sourcewords

    return frozenset(sourcewords())


def _does_it(s: Scene, act: int, who: list[Holder], noun: int) -> bool:
    """Whether the one who warns is the one who would act: the act has no subject of its own, or a pronoun or name for the same."""
    p = s.p
    if p.deps[act] in ("xcomp", "acl") and p.child(act, *SUBJECTS) < 0:
        return True
    subject = p.child(act, *SUBJECTS)
    if subject < 0 or passive(p, act):
        return subject < 0
    meant = s.members(subject)
    same = bool({h.actor for h in meant if h.actor} & {h.actor for h in who})
    unnamed = p.lower[subject] in ("it", "he", "she", "they", "we", "i") and not any(h.actor for h in who)
    return same or unnamed or p.lower[subject] in ("he", "she", "we", "i")


def _harming(s: Scene, verb: int, mine: frozenset[str]) -> Iterator[Found]:
    """ "X would strike", "X will freeze its share if", "would be shot at" (by whoever says so)."""
    p = s.p
    aux = modals(p, verb)
    if not aux & _FUTURE or "vow" in aux:
        return
    soft = "harm" not in mine
    if soft and p.child(verb, "dobj") >= 0 and roles(p, p.child(verb, "dobj")) & {"consent", "grant", "passage"}:
        return
    if soft and not conditioned(p, verb) and not _accused(p, verb):
        return
    who, noun = subjects(s, verb)
    if passive(p, verb) and not who and p.child(verb, "nsubjpass") >= 0:
        who, noun = [_speaker(s, verb)], verb
    known = [h for h in who if h.actor or h.own]
    where = power(p, verb)
    if where.is_open:
        s.unsaid.update((verb, noun))
    if not where.is_open and known and (where.sign > 0 or not soft or _accused(p, verb)):
        yield from found_for("threat", known, where.sign > 0, (verb, noun))


def _speaker(s: Scene, verb: int) -> Holder:
    """Who says that something will be done to somebody, and so means to do it."""
    p, node = s.p, verb
    while p.heads[node] != node:
        label, node = p.deps[node], p.heads[node]
        if label == "ccomp" and roles(p, node) & {"speak", "vow"}:
            return Holder(verb, next((h.actor for h in subjects(s, node)[0] if h.actor), ""), own=True)
    return Holder(verb, "", own=True)


def _accused(p: Parse, verb: int) -> bool:
    """Whether a clause is the content of a noun or of a denial: "rejected suggestions that X would cut aid"."""
    return (p.deps[verb] in ("acl", "ccomp") and denies(p, p.heads[verb])) or (
        p.deps[verb] in ("acl", "ccomp") and p.pos[p.heads[verb]] == "NOUN"
    )


def _treating(s: Scene, verb: int) -> Iterator[Found]:
    """ "X would treat troops as targets", "ships will be regarded as enemies" (by whoever says so)."""
    p = s.p
    targets = [t for t in range(verb + 1, min(verb + 14, p.rights[verb] + 1)) if "target" in roles(p, t)]
    if not targets:
        return
    who, _ = subjects(s, verb)
    if passive(p, verb) and not who:
        who = [_speaker(s, verb)]
    known = [h for h in who if h.actor or h.own]
    where = power(p, verb)
    if not where.is_open:
        yield from found_for("threat", known, where.sign > 0, (verb, targets[0]))


# --- alternatives ----------------------------------------------------------------------------------------------------


def alternatives(s: Scene) -> Iterator[Found]:
    """What would be done in a plan's place."""
    p = s.p
    marked = dict(s.marked)
    for token in s.tokens:
        if p.lower[token] in _SIGNALS:
            yield from _signalled(s, token)
        if token in marked or p.tags[token] in _COMPARED or p.deps[token] == "prep":
            yield from _built(s, token, marked.get(token, _NONE))
    yield from _in_that_case(s)


def _signalled(s: Scene, token: int) -> Iterator[Found]:
    """By a word of its own: "instead", "rather", "stopped short of", "would do as well"."""
    p, low = s.p, s.p.lower[token]
    if low == "instead" or (low in ("rather", "sooner") and p.lower[min(token + 1, s.last)] != "than"):
        yield from _instead(s, token)
    elif low == "short" and p.lower[min(token + 1, s.last)] == "of":
        yield from _short_of(s, token)
    elif low == "well" and p.lower[token - 1] == "as" and _would_do(p, p.heads[token]):
        yield from _alternative(s, p.heads[token], token)


def _would_do(p: Parse, verb: int) -> bool:
    """ "Could serve", "would do"."""
    return p.lemmas[verb] in ("serve", "do", "work") and bool(modals(p, verb) & _PERHAPS)


def _built(s: Scene, token: int, mine: frozenset[str]) -> Iterator[Found]:
    """By how a sentence is built: a fallback, a switch to another plan, what would do at a pinch, what is better."""
    p = s.p
    if "fallback" in mine and p.pos[token] in ("NOUN", "PROPN"):
        yield from _fallback(s, token)
    elif "switch" in mine and p.pos[token] == "VERB" and modals(p, token) & _WILL:
        yield from _alternative(s, token, token)
    elif p.deps[token] == "prep" and modals(p, p.heads[token]) & _WILL and _at_a_pinch(p, token):
        yield from _alternative(s, p.heads[token], token)
    elif p.tags[token] in _COMPARED and p.deps[token] in ("acomp", "oprd"):
        yield from _better(s, token)


def _alternative(s: Scene, verb: int, word: int) -> Iterator[Found]:
    where = power(s.p, verb)
    who, _ = subjects(s, verb)
    actor = next((h.actor for h in who if h.actor), "")
    if not where.is_open:
        yield Found("alternative", actor, where.sign > 0, tuple(sorted({verb, word})), what=(verb,))


def _instead(s: Scene, word: int) -> Iterator[Found]:
    p, verb = s.p, s.p.heads[word]
    while p.pos[verb] not in ("VERB", "AUX") and p.heads[verb] != verb:
        verb = p.heads[verb]
    rather = p.lower[word] != "instead"
    compared = not rather or any(p.lower[t] == "than" for t in range(word, min(word + 20, s.last) + 1))
    if (
        modals(p, verb) & _WILL
        and compared
        and (not rather or p.lower[word - 1] in ("would", "'d", "’d", "much", "far"))
    ):
        yield from _alternative(s, verb, word)


def _fallback(s: Scene, noun: int) -> Iterator[Found]:
    """ "studied as a fallback", "the alternative would be", "a half-way house could be had"; not "has no alternative to"."""
    p = s.p
    verb = noun
    while p.pos[verb] not in ("VERB", "AUX") and p.heads[verb] != verb:
        verb = p.heads[verb]
    if p.pos[verb] not in ("VERB", "AUX"):
        return
    label, prep = p.deps[noun], p.lower[p.heads[noun]]
    fits = label in (*SUBJECTS, "attr", "dobj") or (label == "pobj" and prep in ("as", "of"))
    if p.deps[verb] == "csubj" or (label == "attr" and any(p.lower[c] == "no" for c in p.having(noun, "det"))):
        s.unsaid.update((verb, noun))  # "whoever has an alternative", "that is no substitute for people"
        return
    where = power(p, verb)
    if fits and not where.is_open:
        yield Found("alternative", "", where.sign > 0, tuple(sorted({verb, noun})), what=(noun,))


def _better(s: Scene, word: int) -> Iterator[Found]:
    """ "a northern route might prove cheaper"."""
    p, verb = s.p, s.p.heads[word]
    subject = p.child(verb, "nsubj")
    if subject < 0 or "path" not in roles(p, subject) or not modals(p, verb) & _PERHAPS:
        return
    if any(p.deps[c] in ("det", "poss") and p.lower[c] in ("the", "this", "that", "its") for c in p.children[subject]):
        return
    where = power(p, verb)
    if not where.is_open:
        yield Found("alternative", "", where.sign > 0, (subject, verb), what=(subject,))


def _at_a_pinch(p: Parse, prep: int) -> bool:
    """ "In an extreme case", "at a pinch", "as a last resort"."""
    noun = p.child(prep, "pobj")
    if noun < 0 or roles(p, p.heads[prep]) & _HARMFUL:
        return False
    return " ".join(p.lower[t] for t in range(prep, noun + 1)) in words_for("pinch")


def _short_of(s: Scene, word: int) -> Iterator[Found]:
    """ "a partnership short of membership would give …"."""
    p, noun = s.p, s.p.heads[word]
    verb = p.heads[noun]
    if p.deps[noun] in SUBJECTS and p.pos[noun] == "NOUN" and modals(p, verb) & _WILL:
        yield Found("alternative", "", power(p, verb).sign > 0, (noun, word, verb), what=(noun,))


def _in_that_case(s: Scene) -> Iterator[Found]:
    """ "In that event the gas will flow east", "Should the vote fail, X would …", "Without a deal the old rules would apply"."""
    p = s.p
    done: set[int] = set()
    for word, verb in _fallen_through(s):
        if verb in done or not modals(p, verb) & _PERHAPS or roles(p, verb) & _HARMFUL or not _is_done(p, verb):
            continue
        done.add(verb)
        yield from _alternative(s, verb, word)


def _is_done(p: Parse, verb: int) -> bool:
    """Whether a clause says what would be done, and not what would not, or be lost."""
    return own_sign(p, verb) > 0 and p.child(verb, "acomp") < 0 and p.deps[verb] not in ("advcl", "relcl")


def _fallen_through(s: Scene) -> Iterator[tuple[int, int]]:
    """The words that say that a plan comes to nothing, each with the verb of what then happens."""
    p = s.p
    for token in s.tokens:
        low, label = p.lower[token], p.deps[token]
        if label == "advmod" and low == "otherwise" and (token == s.first or p.words[token - 1] in _PARTING):
            yield token, _then(p, p.heads[token])
        elif label == "prep" and low in ("in", "without", "absent", "failing", "barring"):
            if _nothing_came(p, token):
                yield token, _then(p, p.heads[token])
        elif label == "advcl" and _is_lost(p, token):
            yield token, _then(p, p.heads[token])
    yield from _inverted(s)


def _then(p: Parse, verb: int) -> int:
    """The verb of what happens: of "without a deal, he reminded them, the rules would apply" the latter."""
    above = p.heads[verb]
    interrupted = p.deps[verb] == "ccomp" and above > verb and p.pos[above] == "VERB" and not p.having(verb, "aux")
    return above if interrupted else verb


def _nothing_came(p: Parse, prep: int) -> bool:
    """ "In that event", "in the absence of a deal", "in case of delay", "without an agreement"."""
    noun = p.child(prep, "pobj")
    if noun < 0 or noun > p.heads[prep]:
        return False
    of = [o for c in p.having(noun, "prep") if p.lower[c] == "of" for o in p.having(c, "pobj")]
    if p.lower[prep] != "in":
        return "path" in roles(p, noun) and p.child(noun, "poss") < 0 and not of
    if p.lemmas[noun] == "absence":
        return True
    det = p.lower[p.child(noun, "det")] if p.child(noun, "det") >= 0 else ""
    lost = any(roles(p, o) & {"lost"} for o in of)
    return p.lemmas[noun] in ("event", "case") and (lost if of else det in ("that", "this"))


def _inverted(s: Scene) -> Iterator[tuple[int, int]]:
    """ "Were the islanders to say no, the tankers would go", which the parser takes for two sentences."""
    p = s.p
    if p.lower[s.first] != "were":
        return
    clause = next((c for c in p.having(s.first, "advcl", "xcomp", "ccomp", "acl") if p.tags[c] == "VB"), -1)
    if clause < 0 or not _came_to_nothing(p, clause):
        return
    helper = next((t for t in range(clause + 1, s.last) if p.tags[t] == "MD" and "," in p.words[clause:t]), -1)
    if helper >= 0:
        yield clause, p.heads[helper]


def _is_lost(p: Parse, clause: int) -> bool:
    """Whether a condition is that the plan fails."""
    marks = [c for c in p.having(clause, "mark", "aux") if p.lower[c] in ("if", "should")]
    joined = bool(marks) and p.lower[max(marks[0] - 1, 0)] != "even"
    return joined and _came_to_nothing(p, clause)


def _came_to_nothing(p: Parse, clause: int) -> bool:
    """ "Fails", "is voted down", "say no", "does not", "there is no deal", "is not ratified"."""
    mine = roles(p, clause)
    if own_sign(p, clause) < 0:
        bare = p.lemmas[clause] in ("do", "be", "can") and p.child(clause, "acomp", "dobj") < 0
        plan = p.child(clause, "attr", "nsubj", "nsubjpass", "dobj")
        hoped = bool(mine & {"agree", "accept"}) or (plan >= 0 and "path" in roles(p, plan))
        return (bare and p.child(clause, "attr") < 0) or hoped
    no = p.lemmas[clause] == "say" and p.lower[min(clause + 1, len(p) - 1)] == "no"
    refused = bool(mine & {"block", "objecting", "withdraw"}) or (
        p.lemmas[clause] in ("turn", "vote") and denies(p, clause)
    )
    return no or "founder" in mine or refused or (passive(p, clause) and _is_dropped(p, clause))


def _is_dropped(p: Parse, clause: int) -> bool:
    """ "The deal is turned down", "the plan is dropped"; not "the ban is lifted"."""
    effect = effect_of(p, clause)
    ended = effect == "ender" and "path" in roles(p, p.child(clause, *SUBJECTS))
    return turns(effect, "powers") and (effect != "ender" or ended)


# --- worth -----------------------------------------------------------------------------------------------------------


def values(s: Scene) -> Iterator[Found]:
    """What a plan is worth, and as what."""
    p = s.p
    for token, mine in s.marked:
        if "worth" in mine and p.pos[token] in ("NOUN", "PROPN"):
            yield from _worth(s, token)
        elif "avail" in mine and p.pos[token] == "NOUN" and p.lower[p.heads[token]] == "of":
            yield from _of_use(s, token)


def _worth(s: Scene, noun: int) -> Iterator[Found]:
    p, label, head = s.p, s.p.deps[noun], s.p.heads[noun]
    if label == "attr" and p.lemmas[head] in ("be", "become", "remain"):
        verb = head
    elif label == "pobj" and p.lower[head] == "as":
        verb = p.heads[head]
        if "target" in roles(p, noun):
            return
        if not roles(p, verb) & {"see"} and p.lemmas[verb] not in (
            "serve",
            "act",
            "function",
            "mean",
            "intend",
            "work",
        ):
            return
    else:
        return
    where = power(p, verb)
    if not where.is_open and not (p.child(verb, "expl") >= 0):
        who = _beneficiary(s, noun, verb)
        sign = where.sign * _turned_as(p, verb, head) if label == "pobj" else where.sign
        yield Found("value", who.actor, sign > 0, tuple(sorted({verb, noun})), who.own, what=(noun,))


def _turned_as(p: Parse, verb: int, prep: int) -> int:
    """The sign of "not as a shield", whose *not* the parser may hang on the verb, where it would deny the rest as well."""
    hung = [c for c in p.having(verb, "neg") if "as" in p.lower[c + 1 : c + 3] and c > verb]
    mine = "not" in p.lower[max(prep - 2, verb + 1) : prep]
    return (-1 if hung else 1) * (-1 if mine else 1)


def _beneficiary(s: Scene, noun: int, verb: int) -> Holder:
    p = s.p
    for prep in (*p.having(verb, "prep"), *p.having(noun, "prep")):
        inner = p.child(prep, "pobj")
        if p.lower[prep] in ("for", "to") and inner >= 0:
            return s.resolve(inner)
    return Holder(noun, "")


def _of_use(s: Scene, noun: int) -> Iterator[Found]:
    """ "would be of little use to anybody"."""
    p, prep = s.p, s.p.heads[noun]
    verb = p.heads[prep]
    if p.lemmas[verb] == "be":
        where = power(p, verb)
        sign = where.sign * (-1 if any(p.lower[c] == "no" for c in p.children[noun]) else 1)
        yield Found("value", "", sign > 0, tuple(sorted({verb, noun})), what=(noun,))


# --- risks -----------------------------------------------------------------------------------------------------------


def risks(s: Scene) -> Iterator[Found]:
    """What could undo a plan."""
    p = s.p
    for token, mine in s.marked:
        if p.pos[token] in ("VERB", "AUX"):
            if "spoil" in mine:
                yield from _spoiling(s, token)
            if mine & {"survive", "founder"}:
                yield from _surviving(s, token, mine)
            if "lose" in mine:
                yield from _losing(s, token)
        elif "hurdle" in mine or "danger" in mine:
            yield from _hurdle(s, token, mine)


def _spoiling(s: Scene, verb: int) -> Iterator[Found]:
    """ "a split could undermine the talks": at risk are the talks."""
    p = s.p
    subject = p.child(verb, "nsubj")
    if subject >= 0 and p.lemmas[verb] == "threaten" and p.child(verb, "xcomp") >= 0:
        return
    aux = modals(p, verb)
    misread = [c for c in p.having(verb, "ccomp") if p.tags[c] in ("NN", "NNS")]
    put = next((c for c in (p.child(verb, "dobj", "nsubjpass"), *misread) if c >= 0), -1)
    if put < 0 or not (
        aux & _PERHAPS or "vow" in aux or p.lemmas[p.heads[verb]] == "risk" or p.tags[verb] in ("VBZ", "VBP")
    ):
        return
    who, _noun = subjects(s, verb)
    if any(h.token in s.named for h in who) and "threaten" in aux:
        return
    where = power(p, verb)
    if not where.is_open:
        yield Found("risk", "", where.sign > 0, tuple(sorted({verb, put})), what=(put,))


def _surviving(s: Scene, verb: int, mine: frozenset[str]) -> Iterator[Found]:
    """ "it is not certain that the treaty would survive", "the deal could collapse"."""
    p = s.p
    subject = p.child(verb, "nsubj")
    if subject < 0 or not modals(p, verb) & _PERHAPS or subject in s.named:
        return
    where = power(p, verb)
    sign = where.sign * (-1 if turns(predicate_effect(p, verb), "powers") else 1)
    at_risk = not where.is_open and (sign < 0 if "survive" in mine else sign > 0)
    if at_risk and p.deps[verb] != "advcl" and "path" in roles(p, subject):
        yield Found("risk", "", True, (subject, verb), what=(subject,))


def _losing(s: Scene, verb: int) -> Iterator[Found]:
    """ "If the ferries stop, the island could run out of flour"."""
    p = s.p
    where = power(p, verb)
    if modals(p, verb) & _PERHAPS and conditioned(p, verb) and where.sign > 0 and not where.is_open:
        yield Found("risk", "", True, (verb,), what=(verb,))


def _hurdle(s: Scene, noun: int, mine: frozenset[str]) -> Iterator[Found]:
    """ "X remains an obstacle to the deal", "the danger is that", "there is a risk that"."""
    p, label, head = s.p, s.p.deps[noun], s.p.heads[noun]
    copula = p.lemmas[head] in ("be", "remain", "become", "pose", "present", "constitute", "represent")
    if not copula or label not in ("attr", "dobj", "nsubj"):
        return
    content = p.child(head if label == "nsubj" else noun, "ccomp", "acl")
    to = [o for c in p.having(noun, "prep") if p.lower[c] in ("to", "for", "of") for o in p.having(c, "pobj")]
    if (label == "nsubj" and ("danger" not in mine or content < 0)) or (p.child(head, "expl") >= 0 and content < 0):
        return
    where = power(p, head)
    if p.lemmas[noun] == "threat" and where.sign < 0 and not to:
        s.unsaid.update((noun, head))  # "that is not a threat" speaks of what was said
        return
    if not where.is_open:
        what = (to[0],) if to else (content,) if content >= 0 else ()
        yield Found("risk", "", where.sign > 0, tuple(sorted({noun, head})), what=what)
