"""Consent: which plan needs whose, by the word of consent, what governs it, and the condition in which it stands."""

from collections.abc import Iterable, Iterator

from vetopoint.evidence.reader.doers import subjects
from vetopoint.evidence.reader.found import Found, found_for
from vetopoint.evidence.reader.holders import SUBJECTS, Holder, Scene, excluded
from vetopoint.evidence.reader.modality import modals
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.polarity import Standing, denies, instead_of, own_sign, power, predicate_effect, turns
from vetopoint.evidence.reader.roles import nobody, roles

_WITHOUT = frozenset(("without", "absent", "lacking", "barring", "minus"))
_REGARDLESS = frozenset(("regardless", "irrespective", "despite", "notwithstanding", "whatever"))
_MAY = frozenset(["can", "could", "may", "might", "will", "would", "shall", "able", "enable"])
_MUST = frozenset(["must", "shall", "have", "need", "need_to"])
_UNLESS = frozenset(("unless", "until", "till", "before", "once"))
_WEAK = "grant"
_NO_DEED = frozenset(
    ("agree", "accept", "give", "get", "harm", "hurt", "block", "hinder", "withdraw", "objecting", "retract", "spoil")
)


def requirements(s: Scene) -> Iterator[Found]:
    """Every requirement of consent that a sentence states or denies."""
    p = s.p
    marked = dict(s.marked)
    for token in s.tokens:
        if p.lower[token] in _WITHOUT and p.pos[token] != "NOUN":
            yield from _without(s, token)
        elif p.lower[token] in ("unless", "until") and p.deps[token] == "mark":
            yield from _first_done(s, token)
        mine = marked.get(token)
        if not mine:
            continue
        if "consent" in mine or "grant" in mine:
            yield from _noun(s, token, mine)
        if "objection" in mine:
            yield from _objection(s, token)
        if mine & {"agree", "accept", "objecting"} and p.pos[token] in ("VERB", "AUX"):
            yield from _verb(s, token, mine)
        if mine & {"need", "depend", "submit"}:
            yield from _need(s, token)


# --- without ---------------------------------------------------------------------------------------------------------


def _without(s: Scene, prep: int) -> Iterator[Found]:
    """ "… without X's consent", "without X", "without asking X", "without X agreeing"."""
    p = s.p
    inner = p.child(prep, "pobj", "pcomp")
    if inner < 0:
        return
    if p.lower[inner] == "which":
        inner = _relative_head(p, inner)
    holders, weak = _consented(s, inner)
    if not holders:
        return
    governor = _governor(p, prep)
    if p.deps[governor] == "advcl" and p.lower[prep - 1] == "," and governor < prep:
        governor = p.heads[governor]
    if governor < 0:
        return
    where = power(p, governor)
    aux = modals(p, governor)
    ordered = where.sign < 0 and "urge" in where.effects and where.effects.isdisjoint(("question", "condition"))
    asked = where.is_open and not ordered
    if asked or "compel" in aux or roles(p, governor) & {"harm", "hurt", "treat"}:
        s.unsaid.update((prep, inner))
        return
    sign = _without_sign(p, prep, governor, where, aux)
    if sign == 0 or (
        weak and not (where.sign < 0 or aux & {"can", "could"} or (aux & _MAY and "consent" in roles(p, inner)))
    ):
        return
    yield from found_for("requires", holders, sign < 0, (prep, inner, governor))


def _without_sign(p: Parse, prep: int, governor: int, where: Standing, aux: frozenset[str]) -> int:
    """−1 where nothing goes without, 1 where it does, 0 where neither is said."""
    joined = p.lower[prep - 1] == "or" or (p.lower[prep - 1] in ("with", "even") and prep > 0)
    if joined:
        return 1
    if _kept_from(p, prep, governor):
        return 1 if where.sign < 0 else -1
    if where.sign < 0 or _unbidden(p, governor):
        return -1
    against = [c for c in p.having(governor, "prep") if p.lower[c] == "against" and governor < c < prep]
    if against:
        return -1
    plain = p.tags[governor] in ("VB", "VBG", "NN", "NNS") or p.pos[governor] == "NOUN" or aux & _MAY
    return 1 if plain and not where.is_open else 1 if aux & _MAY else 0


def _kept_from(p: Parse, prep: int, governor: int) -> bool:
    """ "nothing keeps X from training without": the noun behind *from* is what is kept from being done."""
    froms = [c for c in p.having(governor, "prep") if p.lower[c] == "from" and c < prep]
    return denies(p, governor) and any(p.tags[p.child(c, "pobj")] == "NN" for c in froms if p.child(c, "pobj") >= 0)


def _unbidden(p: Parse, verb: int) -> bool:
    """ "anyone who enters without leave would be shot at"."""
    noun, main = p.heads[verb], p.heads[p.heads[verb]]
    if p.deps[verb] != "relcl" or p.deps[noun] not in SUBJECTS:
        return False
    each = any(p.lower[c] in ("any", "every", "all", "those") for c in p.children[noun]) or p.lower[noun] in (
        "anyone",
        "anybody",
        "those",
    )
    return each and (bool(roles(p, main) & {"harm", "hurt", "treat"}) or denies(p, main))


def _consented(s: Scene, inner: int) -> tuple[list[Holder], bool]:
    """Whose consent the words behind *without* are; and whether they name but the actor."""
    p, mine = s.p, roles(s.p, inner)
    if "consent" in mine or _WEAK in mine:
        holders = s.holders(inner)
        return (holders or ([Holder(inner, "")] if "consent" in mine else [])), False
    if p.tags[inner] == "VBG":
        below = [c for c in p.having(inner, "dobj", "ccomp")]
        if mine & {"consult", "get"}:
            noun = [c for c in below if roles(p, c) & {"consent", _WEAK}]
            return (
                s.holders(noun[0]) or [Holder(noun[0], "")] if noun else _of_all(s, below if "consult" in mine else [])
            ), False
        subject = p.child(inner, "nsubj", "poss")
        return (s.members(subject), False) if subject >= 0 and mine & {"agree", "accept"} else ([], False)
    holders = [h for h in s.members(inner) if h.actor and h.token in s.named]
    return holders, True


def _relative_head(p: Parse, pronoun: int) -> int:
    """The noun of which "without which" speaks."""
    node = pronoun
    while p.deps[node] != "relcl" and p.heads[node] != node:
        node = p.heads[node]
    return p.heads[node]


def _of_all(s: Scene, nodes: Iterable[int]) -> list[Holder]:
    return [h for node in nodes for h in s.members(node)]


def _governor(p: Parse, node: int) -> int:
    """The verb, or the predicate of the noun, that a phrase qualifies."""
    for _ in range(10):
        head = p.heads[node]
        if head == node:
            return -1
        node = head
        if p.pos[node] in ("VERB", "AUX"):
            return node
    return -1


# --- nouns of consent ------------------------------------------------------------------------------------------------


def _noun(s: Scene, noun: int, mine: frozenset[str]) -> Iterator[Found]:
    p = s.p
    such = any(p.lower[c] == "such" for c in p.children[noun])
    holders = s.holders(noun) or ([Holder(noun, "")] if "consent" in mine or such else [])
    taken = "retract" in roles(p, p.heads[noun]) or "lift" in roles(p, p.heads[noun])
    if not holders and not taken:
        return
    top = _coordinated(p, noun)
    label, head = p.deps[top], p.heads[top]
    role = roles(p, head)
    if label in ("dobj", "attr") and ("need" in role or ("consent" in mine and p.lemmas[head] == "take")):
        if _need_consent(p, head, noun):
            holders = s.members(p.child(head, "nsubj"))
        turned = s.of_nobody(noun) != (top != noun and not nobody(p, noun) and nobody(p, top) and _but(p, top, noun))
        yield from _said(s, holders, head, noun, turned=turned)
        yield from _said(s, s.contrasted(noun), head, noun, turned=True)
    elif (
        label == "nsubj"
        and p.deps[head] in ("ccomp", "xcomp")
        and "need" in roles(p, p.heads[head])
        and p.tags[head] == "VB"
    ):
        yield from _said(s, holders, p.heads[head], noun)
    elif label == "pobj":
        yield from _under(s, holders, head, noun)
    elif label in SUBJECTS and _needed(p, head):
        yield from _said(s, holders, head, noun, turned=_needed(p, head) < 0)
    elif label == "dobj" and taken:
        yield from _conditional(s, head, holders or s.members(p.child(head, "nsubj")), noun)
    elif label == "dobj" and role & {"give", "get"}:
        yield from _given(s, head, noun, holders)


def _given(s: Scene, verb: int, noun: int, holders: list[Holder]) -> Iterator[Found]:
    """ "unless X gives its approval", "before it obtains X's consent", "X must give its approval"."""
    p = s.p
    clause = _clause_of(p, verb)
    known = [h for h in holders if (h.actor or h.own) and p.tags[h.token] != "PRP$"]
    who = known or (_agents(s, verb) if "give" in roles(p, verb) else []) or holders
    yield from _conditional(s, clause, who, noun)
    if modals(p, clause) & _MUST and p.tags[verb] == "VB":
        yield from _said(s, who, verb, noun)


def _need_consent(p: Parse, need: int, noun: int) -> bool:
    """ "Neither X nor Y need consent": of one, *need* without its ending is a modal verb, and *consent* the verb behind it."""
    subject = p.child(need, "nsubj")
    many = (
        subject < 0
        or p.tags[subject] in ("NNS", "NNPS", "PRP")
        or any(p.lower[c] == "and" for c in p.having(subject, "cc"))
    )
    return p.lower[need] == "need" and noun == need + 1 and not many and not p.having(need, "aux")


def _coordinated(p: Parse, noun: int) -> int:
    while p.deps[noun] in ("conj", "appos") and p.pos[p.heads[noun]] in ("NOUN", "PROPN"):
        noun = p.heads[noun]
    return noun


def _but(p: Parse, first: int, last: int) -> bool:
    """ "No licence, only X's consent": what stands behind *but* or *only* is not denied with what stands before."""
    return not {"but", "only", "just", "merely"}.isdisjoint(p.lower[first:last])


def _said(s: Scene, holders: Iterable[Holder], clause: int, *more: int, turned: bool = False) -> Iterator[Found]:
    where = power(s.p, clause)
    if not where.is_open:
        yield from found_for("requires", holders, (where.sign > 0) != turned, (clause, *more))
    else:
        s.unsaid.update((clause, *more))


def _under(s: Scene, holders: list[Holder], prep: int, noun: int) -> Iterator[Found]:
    """A noun of consent behind a preposition other than *without*: "subject to", "only with", "regardless of", "until"."""
    p, low = s.p, s.p.lower[prep]
    head = p.heads[prep]
    none = nobody(p, noun) != s.of_nobody(noun)
    governor = _governor(p, prep)
    if low in _WITHOUT:
        return
    if "depend" in roles(p, head) and low in ("on", "upon", "to"):
        verbal = p.pos[head] in ("VERB", "AUX") or governor < 0
        yield from _said(s, holders, head if verbal else governor, noun, turned=none)
    elif roles(p, head) & {"need", "needed"} and low in ("for", "of"):
        yield from _need_of(s, holders, head, noun, none)
    elif p.lower[head] in _REGARDLESS or low in _REGARDLESS or low == "despite":
        if governor >= 0 and power(p, governor).sign > 0 and low != "despite":
            yield from found_for("requires", holders, False, (prep, noun, governor))
    elif low in ("with", "after", "upon", "following") and _only_with(p, prep):
        yield from found_for("requires", holders, not none, (prep, noun, governor if governor >= 0 else noun))
    elif low in ("pending", "until", "before") or p.lower[prep - 1] == "pending":
        if governor >= 0 and (power(p, governor).sign < 0 or low == "pending"):
            yield from found_for("requires", holders, True, (prep, noun, governor))
    elif governor >= 0:
        yield from _conditional(s, _clause_of(p, governor), holders, noun)


def _need_of(s: Scene, holders: list[Holder], need: int, noun: int, none: bool) -> Iterator[Found]:
    """ "Calls for X's consent", "the need for X's consent", "there is no need for X's consent"."""
    p = s.p
    if p.pos[need] not in ("NOUN", "PROPN"):
        yield from _said(s, holders, need, noun, turned=none)
    elif p.deps[need] in ("dobj", "attr") and p.pos[p.heads[need]] in ("VERB", "AUX"):
        verb = p.heads[need]
        yield from _said(s, holders, verb, noun, turned=none != (p.deps[need] == "dobj" and denies(p, verb)))
    else:
        yield from found_for("requires", holders, nobody(p, need) == none, (need, noun))


def _only_with(p: Parse, prep: int) -> bool:
    """ "only with", "save with", "except with", "other than with"; not "not only with"."""
    one, two = p.lower[max(prep - 1, 0)], p.lower[max(prep - 2, 0)]
    return one in ("save", "except", "than") or (one in ("only", "solely") and two != "not")


def _needed(p: Parse, clause: int) -> int:
    """1 where the subject of a clause is said to be needed, −1 where it is said to be needless, 0 otherwise."""
    for said in p.having(clause, "acomp", "attr", "oprd", "xcomp"):
        child = instead_of(p, said)
        mine = roles(p, child)
        if "needless" in mine:
            return -1
        if "needed" in mine or ("need" in mine and p.tags[child] == "VBN"):
            return -1 if nobody(p, child) and p.deps[child] != "attr" else 1
    mine = roles(p, clause)
    if "need" in mine and p.child(clause, "auxpass") >= 0:
        return 1
    if "needless" in mine:
        return -1
    return 1 if mine & {"get", "give"} and p.tags[clause] == "VBN" and modals(p, clause) & _MUST - {"have"} else 0


def _objection(s: Scene, noun: int) -> Iterator[Found]:
    """ "over X's objections", "against the wishes of X", "over X's head"."""
    p, prep = s.p, s.p.heads[noun]
    if p.deps[noun] != "pobj" or p.lower[prep] not in ("over", "against", "behind", "despite", "of"):
        return
    holders = s.holders(noun)
    governor = _governor(p, prep)
    if governor < 0 or not holders:
        return
    where, aux = power(p, governor), modals(p, governor)
    if (where.sign < 0 or aux & _MAY) and not where.is_open:
        yield from found_for("requires", holders, where.sign < 0, (prep, noun, governor))


# --- acts of others as conditions ------------------------------------------------------------------------------------


def _first_done(s: Scene, mark: int) -> Iterator[Found]:
    """ "X will not open its ports unless Y does", "nothing moves until the list is stamped by Y": it needs Y."""
    p, clause = s.p, s.p.heads[mark]
    main = p.heads[clause]
    if p.deps[clause] != "advcl" or roles(p, clause) & _NO_DEED or own_sign(p, clause) < 0 or denies(p, clause):
        return
    if p.lemmas[clause] == "be" and (p.lower[mark] != "unless" or p.child(clause, "attr") < 0):
        return
    bidden = p.deps[main] == "xcomp" and p.lemmas[p.heads[main]] in ("have", "need", "oblige", "require")
    if (
        bidden
        or p.lemmas[main] in ("wait", "delay")
        or roles(p, main) & (_NO_DEED - {"agree", "accept", "give", "get"})
    ):
        return
    where = power(p, main)
    if where.sign > 0 or where.effects - {""} & {"urge", "question"} or modals(p, main) & {"compel", "need"}:
        return
    mine = {h.actor for h in subjects(s, main)[0]}
    others = [h for h in subjects(s, clause)[0] if h.token in s.named and h.actor not in mine]
    yield from found_for("requires", others, True, (clause, main))


def _put_to(s: Scene, verb: int) -> Iterator[Found]:
    """ "Must be put to the people", "has to be submitted to X for approval"."""
    p = s.p
    if p.child(verb, "auxpass") < 0 or not _obliged(p, verb, modals(p, verb)):
        return
    for prep in p.having(verb, "prep"):
        inner = p.child(prep, "pobj")
        if p.lower[prep] == "to" and inner >= 0 and (inner in s.named or roles(p, inner) & {"body", "voters"}):
            yield from _said(s, s.members(inner), verb, inner)


# --- verbs of consent ------------------------------------------------------------------------------------------------


def _verb(s: Scene, verb: int, mine: frozenset[str]) -> Iterator[Found]:
    p = s.p
    holders = _agents(s, verb)
    clause = _clause_of(p, verb)
    if holders:
        yield from _conditional(s, clause, holders, verb)
    aux = modals(p, verb)
    passive = p.child(verb, "auxpass") >= 0
    bound = "agree" in mine and not _among_themselves(p, verb)
    if holders and (passive or bound) and _obliged(p, verb, aux) and p.child(verb, "xcomp") < 0:
        yield from _said(s, holders, verb)
    if p.deps[verb] == "relcl" and own_sign(p, verb) < 0 and holders:
        yield from _accepted_by_all(s, verb, holders)


def _among_themselves(p: Parse, verb: int) -> bool:
    """ "agree a budget with the partners", "agree on a date": not a consent to somebody else's plan."""
    joint = p.child(verb, "dobj") >= 0 or any(p.lower[c] in ("on", "with") for c in p.having(verb, "prep"))
    return p.lemmas[verb] == "agree" and joint


def _obliged(p: Parse, verb: int, aux: frozenset[str]) -> bool:
    if "yet" in p.lower[max(verb - 3, 0) : verb]:
        return False
    have = p.deps[verb] == "xcomp" and p.lemmas[p.heads[verb]] in ("have", "need")
    return "must" in aux or have or ("need" in aux and p.lemmas[p.heads[verb]] != "need")


def _agents(s: Scene, verb: int) -> list[Holder]:
    """Who agrees: the subject, or of a passive who stands behind *by*."""
    p = s.p
    if p.child(verb, "auxpass") >= 0 or (p.tags[verb] == "VBN" and p.child(verb, "agent") >= 0):
        by = [o for prep in p.having(verb, "agent", "prep") if p.lower[prep] == "by" for o in p.having(prep, "pobj")]
        return _of_all(s, by)
    return subjects(s, verb)[0]


def _clause_of(p: Parse, verb: int) -> int:
    """The verb that bears the conjunction of the clause in which a verb stands: "before X is ready to agree"."""
    node = verb
    for _ in range(4):
        if p.child(node, "mark") >= 0 or p.deps[node] not in ("xcomp", "conj", "acl") or p.child(node, "nsubj") >= 0:
            break
        node = p.heads[node]
    return node


def _conditional(s: Scene, clause: int, holders: list[Holder], *more: int) -> Iterator[Found]:
    """A clause in which somebody consents, as a condition of the clause above it."""
    p = s.p
    mark = next((c for c in p.children[clause] if p.deps[c] in ("mark", "advmod", "prep") and _joins(p, c)), -1)
    if p.deps[clause] not in ("advcl", "ccomp", "pcomp") or (mark < 0 and p.lower[p.heads[clause]] not in _UNLESS):
        return
    low = p.lower[mark] if mark >= 0 else p.lower[p.heads[clause]]
    main = p.heads[clause] if mark >= 0 else _governor(p, p.heads[clause])
    if main < 0 or main == clause:
        return
    holds = _binds(s, low, mark if mark >= 0 else p.heads[clause], clause, main)
    if holds is not None:
        yield from found_for("requires", holders, holds, (clause, main, *more))


def _joins(p: Parse, token: int) -> bool:
    return p.lower[token] in (*_UNLESS, "if", "when", "provided", "providing", "whether", "after", "assuming", "long")


def _binds(s: Scene, low: str, mark: int, clause: int, main: int) -> bool | None:
    """Whether a consenting clause binds what stands above it; None where it says neither."""
    p = s.p
    where, given = (
        power(p, main),
        own_sign(p, clause) * (-1 if roles(p, clause) & {"retract", "objecting"} or denies(p, clause) else 1),
    )
    before = p.lower[max(mark - 1, 0)]
    if low == "unless":
        return True if given > 0 else None
    if low in ("until", "till") and p.lemmas[main] in ("wait", "hold", "delay"):
        return where.sign > 0
    if low in ("until", "till"):
        return True if given > 0 and (where.sign < 0 or turns(predicate_effect(p, main), "powers")) else None
    if low == "before":
        free = bool(modals(p, main) & {"can", "could", "may", "might"})
        return True if where.sign < 0 else False if free else None
    if low == "whether":
        return False if "not" in p.lower[mark : p.rights[clause] + 1] else None
    if before == "even":
        return False if given < 0 and where.sign > 0 else None
    if before == "only" and p.lower[max(mark - 2, 0)] != "not":
        return True if given > 0 else None
    if low in ("provided", "providing", "assuming") or (low == "long" and before in ("as", "so")):
        return True if given > 0 else None
    if low in ("if", "when") and given < 0 and where.sign < 0:
        return True
    return None


def _accepted_by_all(s: Scene, verb: int, holders: list[Holder]) -> Iterator[Found]:
    """ "There can be no settlement which X has not accepted": it needs X."""
    p, noun = s.p, s.p.heads[verb]
    for _ in range(4):
        if nobody(p, noun):
            yield from found_for("requires", holders, True, (verb, noun))
            return
        if p.deps[noun] not in ("pobj", "prep"):
            return
        noun = p.heads[noun]


# --- needing ---------------------------------------------------------------------------------------------------------


def _need(s: Scene, verb: int) -> Iterator[Found]:
    """ "needs all nine to agree", "depends on X agreeing", "depends on X", "needs to be approved by X"."""
    p, mine = s.p, roles(s.p, verb)
    if "submit" in mine:
        yield from _put_to(s, verb)
        return
    for child in p.having(verb, "ccomp", "xcomp", "advcl", "acl"):
        if roles(p, child) & {"agree", "accept"} and (subject := p.child(child, "nsubj")) >= 0:
            yield from _said(s, s.members(subject), verb, child)
    for noun in p.having(verb, "dobj"):
        for child in p.having(noun, "acl", "relcl"):
            if roles(p, child) & {"agree", "accept"} and "need" in mine and p.child(child, "nsubj") < 0:
                yield from _said(s, s.members(noun), verb, child)
    if "depend" not in mine or p.pos[verb] != "VERB":
        return
    for prep in p.having(verb, "prep"):
        inner = p.child(prep, "pobj", "pcomp")
        if p.lower[prep] in ("on", "upon") and inner >= 0 and not excluded(p, prep):
            clause = p.tags[inner] == "VBG" or (p.pos[inner] == "VERB" and p.child(inner, "nsubj") >= 0)
            subject = p.child(inner, "nsubj") if clause else inner
            holders = [h for h in s.members(subject) if h.token in s.named] if subject >= 0 else []
            yield from _said(s, holders, verb, inner)
