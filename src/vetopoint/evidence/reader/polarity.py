"""Whether what is said is so: one product over the path from a clause up through all that governs it.

Every word that turns a clause round, or leaves open whether it is so, is a row of ``polarity.csv`` with its effect. A clause has its own
negations (of its verb, its quantified subject, its object), and what governs it has an effect of its own ("denied that", "stopped short
of", "is doubtful that") and negations of its own. Turning round twice restores.

Claims and edges ask the same product. What an effect comes to for what somebody does, and for what somebody can do or must be asked,
is told in ``effects.csv``: "must veto" leaves open whether there was a veto, and says that there can be one.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from vetopoint.evidence.reader.lexicon import mended, reports, rows, speaks
from vetopoint.evidence.reader.parse import Parse, once
from vetopoint.evidence.reader.phrases import shared

Sign = Literal[1, -1]
Sphere = Literal["acts", "powers"]
KEEPING = ("keeper", "avowal")
"""Effects of verbs that leave what they govern, and what their object names, as it is."""
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass", "expl")
_OBJECTS = ("dobj", "attr", "oprd", "dative")
_CLAUSES = ("ccomp", "xcomp", "csubj", "csubjpass", "acl", "pcomp", "advcl", "dep")
_VERBAL = ("VERB", "AUX")
_PHRASES = (
    *_SUBJECTS,
    *_OBJECTS,
    "acomp",
    "prep",
    "pobj",
    "agent",
    "conj",
    "advmod",
    "amod",
    "compound",
    "poss",
    "appos",
)
_LONGEST_PATH = 12


class Standing(NamedTuple):
    """Whether a clause is affirmed (1) or denied (−1), whether it is left open, as what is urged, asked or supposed, and the effects on it."""

    sign: Sign
    is_open: bool
    effects: frozenset[str] = frozenset()


class _Step(NamedTuple):
    """A governor, what it does to what it governs, and the noun phrase through which it does (−1 without one)."""

    governor: int
    effect: str
    through: int = -1


@cache
def words_of(part: str) -> dict[str, str]:
    """The words of one part of ``polarity.csv``, each with its effect."""
    return {row["word"]: row["effect"] for row in rows("polarity.csv") if row["part"] == part}


@cache
def _effects(sphere: Sphere, does: str) -> frozenset[str]:
    """The effects that do something (turn, open, muffle) to what somebody does, or to what somebody can do."""
    return frozenset(row["effect"] for row in rows("effects.csv") if row[sphere] == does)


@once
def standing(p: Parse, clause: int, of: Sphere = "acts") -> Standing:
    """Compose the effects on a clause, from its own words up to the top of its sentence.

    Parameters
    ----------
    clause : its verb; of a power also any other word ("without a *veto*").
    of : whether to ask if something is done, or if somebody can do it or must be asked.

    Examples
    --------
    "Ostia did not deny that it had accepted the quota": *accepted* stands at 1, *deny* at −1.
    """
    sign: int = own_sign(p, clause)
    if of == "powers" and turns(predicate_effect(p, clause), of):
        sign = -sign
    return _composed(
        p, path(p, clause, of), of, sign, {*_suppositions(p, clause)} | ({"question"} if _asks(p, clause) else set())
    )


def frame(p: Parse, clause: int, stretch: Collection[int]) -> Standing:
    """What all that stands outside a stretch of words makes of the power that a clause in it tells of."""
    mine = own_sign(p, clause) < 0 and not any(negates(p, t) for t in stretch)
    above = (
        step._replace(effect="") if step.through in stretch else step
        for step in path(p, clause, "powers")
        if step.governor not in stretch
    )
    marks = words_of("mark")
    effects = {marks[p.lower[c]] for c in _joining(p, clause) if p.lower[c] in marks and c not in stretch}
    return _composed(p, above, "powers", -1 if mine else 1, effects | ({"question"} if _asks(p, clause) else set()))


def _composed(p: Parse, steps: Iterable[_Step], of: Sphere, sign: int, effects: set[str]) -> Standing:
    turning, opening, muffling = (_effects(of, does) for does in ("turns", "opens", "muffles"))
    for step in steps:
        own = own_sign(p, step.governor, step.through)
        sign *= own * (-1 if step.effect in turning else 1)
        effects |= {step.effect, *_suppositions(p, step.governor)}
        if own < 0 and step.effect in muffling:
            effects.add("question")
    return Standing(1 if sign > 0 else -1, not opening.isdisjoint(effects), frozenset(effects))


def power(p: Parse, clause: int) -> Standing:
    """Whether a clause says that somebody can do something, means to, or must be asked: :func:`standing` of powers."""
    return standing(p, clause, "powers")


def denies(p: Parse, token: int) -> bool:
    """Whether a word turns round a power that it governs."""
    return turns(denial_of(p, token), "powers")


def path(p: Parse, clause: int, of: Sphere = "acts") -> Iterator[_Step]:
    """What governs a clause, what governs that, and so on."""
    node = clause
    for _ in range(_LONGEST_PATH):
        step = _above(p, node, of) or (_around(p, node) if of == "powers" else None)
        if step is None:
            return
        yield step
        node = step.governor


def _around(p: Parse, node: int) -> _Step | None:
    """Of a word that is no clause what it belongs to, and of a relative clause what denies its noun: "there is no state that can veto"."""
    head, label = p.heads[node], p.deps[node]
    if head == node:
        return None
    if label == "relcl":
        effect = "negator" if is_negative(p, head) else ""
        return _Step(p.heads[head], effect, head) if _is_cleft(p, head) else _Step(head, effect) if effect else None
    if p.pos[node] in _VERBAL or label not in _PHRASES:
        return None
    if p.pos[head] in _VERBAL:
        effect = effect_of(p, head) if label in ("dobj", "prep", "pobj") else ""
        return _Step(head, effect if turns(effect, "powers") else "")
    return _Step(head, denial_of(p, head))


def _is_cleft(p: Parse, noun: int) -> bool:
    """Whether a noun stands in "it is X that", "there is no X that"."""
    head = p.heads[noun]
    if p.deps[noun] != "attr" or p.lemmas[head] != "be":
        return False
    return p.child(head, "expl") >= 0 or any(p.lower[s] == "it" for s in p.having(head, *_SUBJECTS))


def _above(p: Parse, clause: int, of: Sphere) -> _Step | None:
    """The predicate that governs a clause, with its effect; None where the clause stands by itself."""
    node = clause
    while p.deps[node] == "conj" and p.heads[node] != node:
        node = shared(p, clause, node) if node == clause and reports(p.lemmas[clause]) else p.heads[node]
    head, label = p.heads[node], p.deps[node]
    if head == node or label not in _CLAUSES or _is_aside(p, node):
        return None
    if label == "ccomp" and node < head and p.words[min(p.rights[node] + 1, head)] == ";":
        return None  # "it was not backed; they thought it hollow": two sentences
    if p.deps[head] in ("prep", "agent") or p.pos[head] == "ADP":
        return _through_preposition(p, head, of)
    if label == "pcomp" or p.pos[head] in ("ADV", "SCONJ"):
        return None
    noun = p.pos[head] in ("NOUN", "PROPN") or (p.deps[head] == "dobj" and p.tags[head] == "VBZ")  # "reports", misread
    if noun and p.deps[head] != "ROOT" and label != "dep":
        return _through_noun(p, node, head, of)
    if p.deps[head] in ("acomp", "oprd") or (p.pos[head] == "ADJ" and p.deps[head] in ("attr", "conj")):
        if own_sign(p, head) < 0:
            return _Step(p.heads[head], "" if turns(words_of("adjective").get(p.lemmas[head], "")) else "negator")
        return _Step(p.heads[head], words_of("adjective").get(p.lemmas[head], ""))
    head = _before_the_break(p, node, head)
    return _Step(head, effect_of(p, head, whole=_is_finite(p, node)))


def _before_the_break(p: Parse, clause: int, head: int) -> int:
    """Of the second half of "he 'has not accepted', said Y, 'that …'" the first half, of other clauses their head."""
    broken = p.deps[clause] == "ccomp" and clause > head and p.child(clause, "mark") >= 0 and speaks(p.lemmas[head])
    broken = broken and clause in p.quotes and head not in p.quotes
    said = [t for t in range(p.sentence(head)[0], head) if t in p.quotes and p.pos[t] == "VERB"] if broken else []
    return said[-1] if said and p.child(said[-1], "dobj", "ccomp", "xcomp") < 0 else head


def _is_finite(p: Parse, clause: int) -> bool:
    marks = {p.tags[clause], *(p.tags[c] for c in p.having(clause, "aux", "auxpass"))}
    return "TO" not in marks and not marks.isdisjoint(("VBD", "VBZ", "VBP", "MD"))


def _is_aside(p: Parse, clause: int) -> bool:
    """Whether an adverbial clause, a participle, or what follows a colon only goes with its head and is not governed by it."""
    label = p.deps[clause]
    if p.words[max(p.lefts[clause] - 1, 0)] == ":":
        return True
    infinitive = any(p.tags[c] == "TO" for c in p.having(clause, "aux"))
    if label == "advcl" and p.tags[clause] == "VBG" and not p.having(clause, "mark", *_SUBJECTS):
        if p.words[max(p.lefts[clause] - 1, 0)] == ",":
            return True  # "stopped short of endorsing it, saying that"
        # "Ruled out rejecting": the parser takes the object for an adverb.
        return effect_of(p, p.heads[clause]) not in ("excluder", "ender", "failer", "denier")
    if label == "advcl":
        return not infinitive or any(p.lower[c] == "order" for c in p.children[clause])
    if label == "acl":
        return not infinitive and not any(p.lower[c] in ("that", "whether", "if") for c in p.having(clause, "mark"))
    # "X can veto it, but Y cannot": no complement of the bare auxiliary behind it.
    return (
        label == "ccomp"
        and clause < p.heads[clause]
        and p.pos[p.heads[clause]] == "AUX"
        and p.lemmas[p.heads[clause]] != "be"
    )


def _through_preposition(p: Parse, prep: int, of: Sphere) -> _Step | None:
    """ "Stopped short *of* threatening", "accused of rejecting", "without having agreed"."""
    head = p.heads[prep]
    if p.lower[prep] in words_of("prep"):
        return _Step(head, words_of("prep")[p.lower[prep]], prep)
    if p.pos[head] == "ADV" and p.pos[p.heads[head]] == "VERB":
        head = p.heads[head]
    if p.pos[head] == "NOUN":
        return _through_noun(p, prep, head, of)
    if p.pos[head] == "ADJ":
        return _Step(p.heads[head], words_of("adjective").get(p.lemmas[head], ""))
    return _Step(head, effect_of(p, head)) if p.pos[head] in _VERBAL else None


def _through_noun(p: Parse, clause: int, noun: int, of: Sphere) -> _Step | None:
    """ "There is no doubt *that*", "its refusal *to*": the noun's effect, and the verb on which the noun hangs."""
    if p.deps[clause] not in ("acl", "ccomp", "xcomp", "prep"):
        return None
    effect, head = words_of("noun").get(p.lemmas[noun], ""), p.heads[noun]
    if p.deps[noun] == "pobj":
        head = p.heads[head]
    if p.pos[head] not in _VERBAL:
        return None
    whole = of == "powers" or _is_finite(p, clause)
    if whole and p.deps[noun] in ("dobj", "nsubjpass") and turns(above := effect_of(p, head), of):
        effect = "" if turns(effect, of) else above
    return _Step(head, effect)


@once
def effect_of(p: Parse, verb: int, *, whole: bool = False) -> str:
    """What a verb does to what it governs: by its particle, preposition (not before a `whole` clause), adverb or predicate, or by itself."""
    lemma, known = mended(p.lemmas[verb], p.lower[verb]), words_of("verb")
    beside = [
        p.lower[c]
        for c in p.having(verb, "prt", "prep", "advmod", "npadvmod", "acomp")
        if not whole or p.deps[c] != "prep"
    ]
    beside += [p.lower[c] for c in p.having(verb, "xcomp", "ccomp")] if lemma == "let" else []
    found = next((known[key] for word in beside if (key := f"{lemma} {word}") in known), "")
    if lemma == "be" and not found:
        return _predicate(p, verb)
    return found or known.get(lemma, "")


def _predicate(p: Parse, verb: int) -> str:
    for child in p.having(verb, "acomp", "attr"):
        words = words_of("adjective") if p.pos[child] in ("ADJ", "VERB") else words_of("noun")
        if p.lemmas[child] in words:
            return words[p.lemmas[child]]
    return ""


def denial_of(p: Parse, token: int) -> str:
    """The effect of a word on what belongs to it, by its part of speech."""
    if p.pos[token] in _VERBAL:
        return effect_of(p, token)
    if p.pos[token] == "ADP":
        return words_of("prep").get(p.lower[token], "")
    return words_of("noun" if p.pos[token] in ("NOUN", "PROPN") else "adjective").get(p.lemmas[token], "")


def predicate_effect(p: Parse, verb: int) -> str:
    """What a predicate does to its own subject: "a veto is out of the question", "the vote came to nothing"."""
    for child in p.having(verb, "acomp", "attr", "oprd"):
        if effect := denial_of(p, child):
            return effect
    if p.child(verb, "xcomp", "dobj") >= 0:
        return ""
    words = words_of("predicate")
    phrases = (
        " ".join((p.lemmas[verb], *p.lower[c : c + n])) for c in p.having(verb, "prt", "prep", "advmod") for n in (1, 2)
    )
    if found := next((words[phrase] for phrase in (p.lemmas[verb], *phrases) if phrase in words), ""):
        return found
    preps = (" ".join(p.lower[c : c + 4]) for c in p.having(verb, "prep"))
    return next((words[phrase] for phrase in preps if phrase in words), "")


@once
def own_sign(p: Parse, verb: int, without: int = -1) -> Sign:
    """1 or −1 by the negations within a clause: of its verb, its subject, its object (`without` one of them), its circumstances."""
    count = sum(_turns(p, child) for child in p.children[verb])
    count += _of_phrases(p, verb, without) + _of_coordination(p, verb)
    return -1 if count % 2 else 1


def _turns(p: Parse, token: int) -> bool:
    """Whether an adverb or a particle of a verb negates it: "not", "never", "no longer", "at no time"."""
    label = p.deps[token]
    if label in ("neg", "advmod", "preconj", "cc", "npadvmod", "det", "intj") or (
        label == "amod" and p.lower[token] == "few"
    ):
        if label == "intj" and p.lemmas[max(token - 1, 0)] in words_of("answer"):
            return False  # "if the chiefs say no"
        if negates(p, token):
            return label != "cc" or token < p.heads[token]
        inner = [c for c in p.children[token] if c < token and p.deps[c] in ("neg", "advmod", "det")]
        return p.lower[token] not in ("only", "less") and any(
            negates(p, c) and p.lower[c] not in ("little", "few") for c in inner
        )
    noun = p.child(token, "pobj") if label == "prep" else -1
    if noun < 0 or not any(p.lower[c] == "no" for c in p.having(noun, "det")):
        return False
    return p.lemmas[noun] in words_of("circumstance") or p.lemmas[p.heads[token]] == "be"


def negates(p: Parse, token: int) -> bool:
    """Whether a word is a negation, and neither part of a phrase that is none nor a contrast ("France, not Spain, …")."""
    word = p.lower[token]
    if word not in words_of("word"):
        return False
    ahead = " ".join(p.lower[token : token + 4]) + " "
    if any(ahead.startswith(f"{phrase} ") for phrase, effect in words_of("phrase").items() if effect == "none"):
        return word == "no" and p.lower[token + 1] == "doubt" and p.deps[token + 1] in (*_OBJECTS, *_SUBJECTS)
    return not (word == "not" and _is_contrast(p, token))


def _is_contrast(p: Parse, token: int) -> bool:
    before, after = p.words[max(token - 1, 0)], min(token + 1, len(p) - 1)
    if p.pos[after] in ("DET", "ADP") and "but" in p.lower[after : token + 16]:
        return True
    if before == "but" and p.deps[p.heads[token]] in (*_SUBJECTS, "conj") and p.pos[p.heads[token]] == "PROPN":
        return True
    return before in (",", "and", "(", "—", "–") and p.pos[after] in ("PROPN", "NOUN", "DET")


def instead_of(p: Parse, phrase: int) -> int:
    """Of "not a formality but a requirement" the requirement; of another phrase its own word."""
    before = p.lefts[phrase] - 1
    turned = before >= 0 and p.lower[before] == "not" and _is_contrast(p, before)
    return next((c for c in p.having(phrase, "conj") if c > phrase), phrase) if turned else phrase


def _of_phrases(p: Parse, verb: int, without: int) -> int:
    """How many of a verb's noun phrases are negative; a negated relative clause on one takes it back."""
    nouns = p.having(verb, *_SUBJECTS, *_OBJECTS, "agent")
    if not any(p.deps[n] in _SUBJECTS for n in nouns):
        nouns += _shared_subject(p, verb)
    count = 0
    for noun in nouns:
        if noun != without and is_negative(p, noun):
            clauses = p.having(noun, "relcl")
            if p.child(verb, "expl") >= 0 and p.lower[noun] == "nothing":
                clauses += p.having(verb, "ccomp")
            count += 1 + sum(own_sign(p, c) < 0 for c in clauses)
    return count


def _shared_subject(p: Parse, verb: int) -> list[int]:
    """Of a conjunct without a subject, the subject of the verb with which it goes."""
    node = verb
    while p.deps[node] == "conj" and p.heads[node] != node:
        node = p.heads[node]
        if found := p.having(node, *_SUBJECTS):
            return found
    return []


def is_negative(p: Parse, noun: int) -> bool:
    """Whether a noun phrase is negative: "nobody", "no vote", "few of them", "hardly any member", "neither of the two"."""
    if p.pos[noun] in ("VERB", "AUX") and p.deps[noun].startswith("csubj"):
        return False  # a clause: "made clear that it would not pay"
    before = [c for c in p.children[noun] if c < noun and p.deps[c] not in ("poss", "relcl", "acl", "compound")]
    if any(p.lower[c] in ("a", "the", "these", "those") for c in before):
        before = [c for c in before if p.lower[c] not in ("few", "little")]
    marks = [noun, *before, *(g for c in before for g in p.children[c] if g < noun)]
    known = words_of("word")
    found = {p.lower[t] for t in marks if p.lower[t] in known and negates(p, t)}
    if p.lower[noun] == "no" and p.child(noun, "det", "poss") >= 0:
        return False  # "a no from the senate"
    if p.lower[noun] in ("little", "few") and any(p.lower[c] == "a" for c in p.children[noun]):
        found.discard(p.lower[noun])
    return bool(found) and found != {"not", "few"}


def _of_coordination(p: Parse, verb: int) -> int:
    """What a conjunct shares of the negation before it: "neither accepted nor rejected", "did not accept or reject"."""
    if p.deps[verb] != "conj":
        return 0
    head = p.heads[verb]
    links = {p.lower[c] for c in p.having(head, "cc") if c < verb}
    if "nor" in links:
        return 1
    bare = not p.having(verb, "aux", "auxpass", *_SUBJECTS)
    if not bare or "but" in links:
        return 0
    helped = any(p.tags[c] in ("MD", "VBD", "VBZ", "VBP") for c in p.having(head, "aux")) and p.tags[verb] == "VB"
    if "or" in links or helped or p.tags[verb] == p.tags[head] == "VBN":
        return sum(_turns(p, child) for child in p.having(head, "neg", "advmod") if p.lower[child] != "only")
    return 0


def _suppositions(p: Parse, clause: int) -> Iterator[str]:
    """Why a clause is supposed, asked for or due: "if", "whether", "should", "has to"."""
    marks, modals = words_of("mark"), words_of("modal")
    yield from (marks[p.lower[c]] for c in _joining(p, clause) if p.lower[c] in marks)
    helpers = [c for c in p.having(clause, "aux") if p.lower[c] in modals]
    subject = p.child(clause, *_SUBJECTS)
    if any(p.lower[c] == "should" and c < subject for c in helpers) and p.deps[clause] in ("advcl", "ccomp"):
        yield "condition"
    head = p.heads[clause]
    bound = p.deps[clause] == "xcomp" and p.lemmas[head] == "have" and p.child(head, "advmod") < 0
    ours = {p.lower[c] for c in p.having(clause, "nsubj")} & {"i", "we"}
    if (helpers or bound) and not ours:
        yield "duty"


def _joining(p: Parse, clause: int) -> Iterator[int]:
    """The conjunctions under which a clause stands, its own or that of the clause with which it goes."""
    node = clause
    yield from p.having(node, "mark")
    while p.deps[node] == "conj" and p.heads[node] != node:
        node = p.heads[node]
        yield from p.having(node, "mark")
    if p.deps[clause] == "advcl":
        yield from p.having(clause, "advmod")


def _asks(p: Parse, clause: int) -> bool:
    """Whether a clause stands in a question, on the same side of quotation marks as its question mark."""
    last = p.sentence(clause)[1]
    while last > clause and p.words[last] not in ("?", ".", "!"):
        last -= 1
    return p.words[last] == "?" and p.quotes.of(last) == p.quotes.of(clause)


def governs(p: Parse, head: int, clause: int) -> bool:
    """Whether a head stands above a clause on its path."""
    return any(step.governor == head for step in path(p, clause))


def turns(effect: str, of: Sphere = "acts") -> bool:
    """Whether an effect turns what it governs round."""
    return effect in _effects(of, "turns")


def asserted(p: Parse, clause: int) -> int:
    """The clause that a mere frame asserts or denies: of "there is no doubt that it will hold" and "it is not true that" the one after *that*."""
    if p.lemmas[clause] != "be":
        return clause
    for child in p.having(clause, "acomp", "attr"):
        listed = p.lemmas[child] in words_of("adjective" if p.pos[child] in ("ADJ", "VERB") else "noun")
        bare = p.child(clause, "expl") >= 0 or p.lower[max(p.child(clause, "nsubj"), 0)] in ("it", "there")
        for below in (*p.having(child, "acl", "ccomp"), *p.having(clause, "ccomp")):
            if bare and below > child and (listed or p.pos[child] == "ADJ") and not _is_aside(p, below):
                return below
    return clause
