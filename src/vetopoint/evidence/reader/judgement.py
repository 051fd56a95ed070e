"""What a claim comes to: its act, whether that act or its content is affirmed or denied, and its kind.

The sign of a stance is the weight of its act times its polarity, so an act is always that of the affirmed verb: "will not approve" is AGREE
with −1, "has not rejected" is REJECT with −1, and a denial that something is so is SAY with −1. Whoever reports another's act takes no stance.
"""

from collections.abc import Sequence
from typing import NamedTuple

from vetopoint.evidence.claim import Act, Edge, Kind
from vetopoint.evidence.reader import phrases
from vetopoint.evidence.reader.acts import affirmed_act, intended_act, intends, is_due, root_of, stances
from vetopoint.evidence.reader.lexicon import reports, verbs, words_for
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.people import Actors
from vetopoint.evidence.reader.phrases import VERBAL
from vetopoint.evidence.reader.polarity import (
    KEEPING,
    Sign,
    asserted,
    effect_of,
    governs,
    own_sign,
    path,
    standing,
    turns,
    words_of,
)
from vetopoint.evidence.reader.relation import Relation
from vetopoint.evidence.reader.roles import roles
from vetopoint.evidence.reader.weighing import WEIGHED, sign

_OWN = frozenset(("i", "we", "it", "they", "he", "she"))
_MINE = frozenset(("i", "we", "my", "our"))
_OWNERS = frozenset(("his", "her", "its", "their", "our", "my"))
_FUTURE = frozenset(("will", "would", "’ll", "'ll", "could", "may", "might", "’d", "'d"))
_STATES = frozenset(("be", "remain", "seem", "become"))
_ABLE = frozenset(("can", "could", "may", "might"))
_POSITIVE = ("AGREE", "SUPPORT", "COOPERATE", "CONSULT")
_BESIDE = ("clause-before", "parenthetical", "object")


class Judgement(NamedTuple):
    """Act, polarity and kind of a claim."""

    act: Act
    polarity: Sign
    kind: Kind


def is_said(p: Parse, relation: Relation) -> bool:
    """Whether a relation is there at all: what is urged, asked, supposed or denied to be said is no speech, and no act."""
    head = relation.head
    if p.pos[head] not in VERBAL or relation.rule in ("quote", "headline"):
        return True
    if relation.rule == "object" and is_able(p, head) and "block" in roles(p, head):
        return False  # "may veto any name" tells of a power, and is no veto
    found = standing(p, head)
    due = relation.rule == "turn" and "duty" in found.effects and found.effects.isdisjoint(("condition", "question"))
    if found.is_open and not due:
        return False
    speaks = (verb := verbs().get(relation.lemma)) is not None and verb.act in ("SAY", "")
    return not (speaks and any(step.effect in ("denier", "doubter") for step in path(p, head)))


def speaks_of_itself(
    p: Parse, clause: int, source: Sequence[int], speaker: str, actors: Actors, *, directly: bool = False
) -> bool:
    """Whether the clause's subject is whoever says it: a pronoun, "his government", the speaker's own name, or nobody.

    Parameters
    ----------
    directly : whether these are the speaker's very words, in which "he" and "they" are others.
    """
    subject = _subject(p, clause)
    if subject < 0 and clause in p.quotes and p.child(clause, "nsubjpass", "expl") < 0:
        return p.tags[clause] == "VB" or p.pos[clause] not in VERBAL
    if subject < 0:
        return p.child(clause, "nsubjpass", "expl") < 0 or (bool(speaker) and _harms_from_nowhere(p, clause))
    if p.lower[subject] in _OWN:
        return _means_source(p, subject, source, directly=directly or subject in p.quotes) and (
            p.lower[subject] != "it" or p.child(clause, "ccomp", "csubj") < 0
        )
    owner = p.child(subject, "poss")
    if owner >= 0 and p.lower[owner] in _OWNERS:
        mine = not directly or p.lower[owner] in _MINE
        return mine and p.lemmas[subject] in words_of("side")
    named = actors.mentions([p.words[t] for t in _core(p, subject)])
    if named and speaker:
        return named[0].actor == speaker
    return p.lower[subject] in {p.lower[t] for t in source if p.pos[t] in ("PROPN", "NOUN")}


def _means_source(p: Parse, pronoun: int, source: Sequence[int], *, directly: bool) -> bool:
    """Whether a pronoun can mean whoever speaks: in his own words "I" and "we" alone; of several "he" is another."""
    word = p.lower[pronoun]
    if directly or word in _MINE:
        return word in _MINE
    head = next((t for t in source if p.heads[t] not in source), -1)
    several = head >= 0 and (p.tags[head] in ("NNS", "NNPS") or p.child(head, "conj") >= 0)
    return not (several and word in ("he", "she", "it"))


def _harms_from_nowhere(p: Parse, clause: int) -> bool:
    """ "Any convoy would be fired on": whoever says so for a party to the matter would do it."""
    passive = p.child(clause, "nsubjpass") >= 0 and p.child(clause, "agent") < 0
    return passive and intends(p, clause) and not roles(p, clause).isdisjoint(("harm", "hurt"))


def thing_done(p: Parse, relation: Relation) -> int:
    """On what a statement hangs: of "did not endorse the plan to admit them" the plan, else the verb of what is said."""
    if relation.rule == "object" and p.child(relation.head, "oprd") < 0:
        thing = p.child(relation.head, "dobj")
        if thing in relation.content:
            return thing
    return root_of(p, relation.content)


def main_clause(p: Parse, tokens: Sequence[int]) -> int:
    """The verb on which a statement hangs; of "nobody was outvoted, we counted" the first."""
    root = root_of(p, tokens)
    before = p.child(root, "ccomp")
    if tokens[0] <= before < root and p.pos[root] in VERBAL and not reports(p.lemmas[root]):
        return before
    doubted = p.child(root, "ccomp")
    if doubted > root and effect_of(p, root) in ("doubter", "denier"):
        subject = p.child(root, "nsubj")
        if own_sign(p, root) < 0 or (subject >= 0 and p.lower[subject] in _MINE):
            return doubted  # "no one doubts that it has to sign" says that it has to, "I doubt that it will" that it will not
    return asserted(p, root)


def _subject(p: Parse, clause: int) -> int:
    node = clause
    while True:
        found = p.child(node, "nsubj", "csubj")
        if found >= 0 or p.deps[node] != "conj" or p.heads[node] == node:
            return found
        node = p.heads[node]


def _core(p: Parse, node: int) -> list[int]:
    kept = [node]
    for token in kept:
        kept.extend(c for c in p.children[token] if p.deps[c] not in ("acl", "relcl", "advcl", "punct", "appos"))
    return sorted(kept)


def judge(p: Parse, relation: Relation, root: int, edges: Sequence[Edge], *, own: bool, conditional: bool) -> Judgement:
    """Judge what a relation reports, whose content hangs on `root`; `own` where the content speaks of the speaker himself."""
    act, polarity = _act(p, relation, root, own=own)
    among = phrases.counted_among(p, relation.head)
    if among >= 0 and own_sign(p, among) < 0:
        polarity = 1 if polarity < 0 else -1
    if is_neither(p, relation.head):
        act = "SAY"
    if own and act == "SAY" and any(edge.kind == "threat" and edge.holds for edge in edges):
        act = "THREATEN" if polarity > 0 else act
    return Judgement(act, polarity, _kind(p, relation, root, edges, act, own=own, conditional=conditional))


# --- act and polarity ------------------------------------------------------------------------------------------------


def _act(p: Parse, relation: Relation, root: int, *, own: bool) -> tuple[Act, Sign]:
    head = relation.head
    verb = verbs().get(relation.lemma)
    matrix: Act = verb.act if verb is not None and verb.act else "SAY"
    if relation.rule in ("deed", "stance"):
        return _deed(p, head)
    if relation.rule == WEIGHED:
        return "SAY", sign(p, relation)
    if relation.voice == "turn" and root == head and not own:
        return "SAY", standing(p, main_clause(p, relation.content)).sign
    if relation.rule == "adjective":
        matrix = affirmed_act(p, p.heads[head]) or "SAY"
    if p.pos[root] not in VERBAL or root == head:
        return _of_noun(p, relation, root, matrix)
    if p.pos[head] not in VERBAL and relation.rule.startswith("noun"):
        matrix = stances().get(relation.lemma, matrix)
    return _of_clause(p, relation, root, matrix, own=own)


def is_neither(p: Parse, verb: int) -> bool:
    """ "Neither accepted nor rejected", "neither confirmed nor denied": no stance at all."""
    other = p.heads[verb]
    if p.deps[verb] != "conj" or not any(p.lower[c] == "nor" and c < verb for c in p.having(other, "cc")):
        return False
    mine, others = (turns(effect_of(p, v)) or affirmed_act(p, v) == "REJECT" for v in (verb, other))
    return mine != others


def _deed(p: Parse, head: int) -> tuple[Act, Sign]:
    """What somebody does by the verb itself, or by the noun beside it: "withdrew its support"."""
    inner, act, effect = act_of(p, head)
    if not act and any(p.lower[c] in ("rather", "sooner") for c in p.having(head, "advmod")):
        act = "SUPPORT"
    sign = standing(p, inner).sign * (-1 if turns(effect) else 1)
    return act or "SAY", 1 if sign > 0 else -1


def act_of(p: Parse, verb: int) -> tuple[int, Act, str]:
    """The verb that bears a clause's act, the act, and what the verb does to a noun that names it.

    "Has ceased to oppose" and "stopped short of rejecting" bear the act of the inner verb, "gave up its opposition to" that of the noun.
    """
    inner = verb
    for _ in range(4):
        if not _bears(effect_of(p, inner)):
            break
        below = -1 if named_act(p, inner) else _complement(p, inner)
        if below < 0:
            break
        inner = below
    noun = named_act(p, inner)
    if noun:
        effect = effect_of(p, inner)
        return inner, noun, effect
    act = affirmed_act(p, inner)
    if inner == verb or act:
        return inner, act, ""
    effect = effect_of(p, verb)
    harms = effect == "excluder" and intended_act(p, inner) == "THREATEN"
    return inner, "AGREE" if effect in ("refuser", "excluder") and not harms else "", ""


def _bears(effect: str) -> bool:
    """Whether a verb of such an effect leaves the act to what it governs."""
    return effect in KEEPING or turns(effect)


def _complement(p: Parse, verb: int) -> int:
    """The infinitive or gerund that a verb governs, or −1."""
    for child in p.children[verb]:
        loose = p.deps[child] == "advcl" and p.tags[child] == "VBG" and governs(p, verb, child)
        if child > verb and (p.deps[child] == "xcomp" or loose) and p.pos[child] in VERBAL:
            return child
        for prep in (child, *p.having(child, "prep")):
            if child > verb and p.deps[prep] == "prep" and (inner := p.child(prep, "pcomp")) >= 0:
                return inner
    return -1


def _prepositions(p: Parse, verb: int) -> list[int]:
    """A verb's prepositions, and those of its adverbs: "stood by", "backed away from"."""
    return [*p.having(verb, "prep"), *(c for adverb in p.having(verb, "advmod") for c in p.having(adverb, "prep"))]


def named_act(p: Parse, verb: int) -> Act:
    """The act that a verb's object names, where the verb only has, gives, keeps or ends it."""
    effect = effect_of(p, verb)
    if not _bears(effect) or effect in ("denier", "doubter", "refuser"):
        return ""
    noun = p.child(verb, "dobj")
    if noun < 0:
        preps = [p.child(c, "pobj") for c in _prepositions(p, verb) if p.lower[c] in ("by", "to", "from", "on")]
        noun = next((n for n in preps if n >= 0 and p.child(n, "poss") >= 0), -1)
    if noun < 0:
        return ""
    if p.lemmas[verb] in ("have", "retain", "lose") and p.lemmas[noun] not in ("objection", "reservation"):
        return ""  # who has a veto, or somebody's support, has done nothing
    return stances().get(p.lemmas[noun], "")


def _of_noun(p: Parse, relation: Relation, root: int, matrix: Act) -> tuple[Act, Sign]:
    head = relation.head
    if p.pos[head] not in VERBAL:
        return stances().get(relation.lemma, matrix), 1
    sign = standing(p, head).sign
    turned: Sign = 1 if sign < 0 else -1
    listed = verbs().get(relation.lemma)
    if matrix == "SAY" and (listed is None or not listed.act) and not is_able(p, head):
        matrix = affirmed_act(p, head) or named_act(p, head) or matrix
    if matrix == "DEMAND" and relation.lemma == "call" and not any(p.lower[c] == "for" for c in p.having(head, "prep")):
        matrix = "SAY"
    effect = effect_of(p, head)
    if effect == "refuser" and relation.rule == "infinitive":
        return "SUPPORT", turned  # "declined to associate itself with the text"
    if effect == "excluder" and (stances().get(p.lemmas[root]) in ("THREATEN", "REJECT") or sign < 0):
        return "SAY", turned
    proposed = p.lemmas[root] in words_for("proposition") and p.lower[root] != "talks"
    if effect == "doubter" or (effect == "denier" and proposed) or relation.lemma == "deny":
        return "SAY", turned
    return matrix, sign


def _of_clause(p: Parse, relation: Relation, root: int, matrix: Act, *, own: bool) -> tuple[Act, Sign]:
    head = relation.head
    inner, act, effect = act_of(
        p, main_clause(p, relation.content) if root_of(p, relation.content) == root else asserted(p, root)
    )
    if effect_of(p, root) == "excluder" and p.pos[head] in VERBAL and effect_of(p, head) == "refuser":
        return "SAY", 1  # "refused to rule it out"
    sign = standing(p, inner).sign * (-1 if turns(effect) else 1)
    above = standing(p, head).sign if p.pos[head] in VERBAL else 1
    if not governs(p, head, root) and relation.rule in _BESIDE:
        sign *= own_sign(p, head) * (-1 if turns(effect_of(p, head)) else 1)
    polarity: Sign = 1 if sign > 0 else -1
    content: Act = act if own else ""
    if is_able(p, inner) and polarity > 0:
        content = ""
    if act == "DEMAND" and not (own and p.pos[root] in VERBAL and _subject(p, root) < 0):
        content = _demand(p, root, polarity)
    return _weigh(p, relation, inner, matrix, content, polarity, above, own=own)


def is_able(p: Parse, verb: int) -> bool:
    """ "Can veto": what somebody is able or allowed to do he has not done."""
    return not _ABLE.isdisjoint(p.lower[c] for c in p.having(verb, "aux"))


def _demand(p: Parse, root: int, polarity: Sign) -> Act:
    """What somebody should do is demanded of him; what must be agreed to is a requirement."""
    passive = p.child(root, "nsubjpass") >= 0 or p.lemmas[root] == "call"
    needed = p.lemmas[root] in words_for("consenting") or any(
        p.lemmas[c] in words_for("consenting") for c in p.having(root, "xcomp")
    )
    others = p.pos[root] in VERBAL and _subject(p, root) >= 0 and not is_due(p, root)
    return "" if passive or needed or others or polarity < 0 else "DEMAND"


def _weigh(
    p: Parse, relation: Relation, inner: int, matrix: Act, content: Act, polarity: Sign, above: Sign, *, own: bool
) -> tuple[Act, Sign]:
    """The act of the reporting verb against that of what it reports."""
    if matrix == "THREATEN":
        return _warned(p, relation, inner, polarity, above, own=own)
    if matrix == "DEMAND" and _demands(p, relation):
        return "DEMAND", above
    if matrix == "DISAPPROVE":
        return ("DISAPPROVE", above) if polarity == above else ("SAY", polarity)
    if content:
        return content, polarity
    effect = effect_of(p, relation.head)
    if matrix == "REJECT":
        if effect in ("refuser", "excluder") and not _speaks(p, inner):
            return "AGREE", polarity
        return ("SAY", polarity) if turns(effect) else ("REJECT", above)
    if matrix in _POSITIVE and relation.rule == "infinitive":
        return matrix, polarity
    if matrix in ("CONCEDE", "DEMAND") or polarity < 0 < above:
        return ("CONCEDE" if matrix == "CONCEDE" and polarity > 0 else "SAY"), polarity
    return matrix, polarity


def _speaks(p: Parse, verb: int) -> bool:
    listed = verbs().get(p.lemmas[verb])
    return listed is not None and listed.act in ("SAY", "") and bool({"c", "q", "on"} & listed.frames)


def _warned(p: Parse, relation: Relation, inner: int, polarity: Sign, above: Sign, *, own: bool) -> tuple[Act, Sign]:
    """To threaten is to threaten; to warn, only where the speaker himself would do it."""
    if relation.lemma == "threaten":
        return "THREATEN", above
    if relation.rule == "infinitive":
        return "DEMAND", above
    if own and intends(p, inner) and polarity == above and p.lemmas[inner] not in words_of("involuntary"):
        return "THREATEN", above
    return "SAY", polarity


def _demands(p: Parse, relation: Relation) -> bool:
    """Whether a verb of demanding demands: to insist that it is so does not, nor does it to ask whether it is."""
    clause = p.child(relation.head, "ccomp")
    if relation.rule in ("infinitive", "preposition", "object"):
        return True
    if clause >= 0 and any(p.lower[c] in ("whether", "if") for c in p.having(clause, "mark")):
        return False
    return relation.lemma != "insist" or (clause >= 0 and p.tags[clause] == "VB" and not p.having(clause, "aux"))


# --- kind ------------------------------------------------------------------------------------------------------------


def _kind(
    p: Parse, relation: Relation, root: int, edges: Sequence[Edge], act: Act, *, own: bool, conditional: bool
) -> Kind:
    kinds = {edge.kind for edge in edges}
    verbal = p.pos[root] in VERBAL
    if act == "THREATEN" or (own and "threat" in kinds):
        return "threat"
    demanded = any(p.lower[c] == "from" for c in p.having(relation.head, "prep"))
    if relation.lemma in words_for("forecast") and root != relation.head and (verbal or not demanded):
        return "forecast"
    if relation.lemma == "condition":
        return "condition"
    if _is_opinion(p, relation, root):
        return "assessment"
    if "requires" in kinds or conditional or (verbal and _is_required(p, root)):
        return "condition"
    if relation.rule in ("infinitive", "adjective", "deed", "stance") or relation.lemma in words_for("wish"):
        return "position"
    stance = affirmed_act(p, root) in ("AGREE", "SUPPORT", "REJECT") and not intends(p, root)
    stance = stance and (own or (relation.voice != "turn" and p.child(root, "auxpass") < 0))
    if act not in ("SAY", "", "CONCEDE") or (verbal and stance and relation.lemma != "deny"):
        return "position"
    if relation.voice == "turn" and verbal and is_due(p, root):
        return "position"
    return plain_kind(p, root, own=own) if verbal else "position" if act == "CONCEDE" else "assertion"


def _is_opinion(p: Parse, relation: Relation, root: int) -> bool:
    """ "Thinks that", "called it a bluff", "is convinced that", "nobody believes that"; "called on" and "expects guarantees" are none."""
    if (
        relation.rule in ("raising", WEIGHED)
        or (relation.rule == "according" and relation.lemma == "believe")
        or relation.lemma in ("convince", "persuade", "satisfy", "reassure")
        or (relation.rule == "adjective" and p.child(relation.head, "ccomp") >= 0)
    ):
        return True
    for verb, lemma in ((relation.head, relation.lemma), (root, p.lemmas[root])):
        named = p.child(verb, "oprd", "ccomp", "xcomp") >= 0 or any(p.lower[c] == "as" for c in p.having(verb, "prep"))
        urged = any(p.lower[c] in ("on", "upon", "for") for c in p.having(verb, "prep")) and lemma == "call"
        foretold = verb == root != relation.head and intends(p, root) and p.child(root, "auxpass") >= 0
        if (
            lemma in words_for("opinion")
            and not foretold
            and p.pos[verb] in VERBAL
            and not urged
            and (lemma not in words_for("naming") or named)
        ):
            return True
    return False


def _is_required(p: Parse, root: int) -> bool:
    """ "Has to be approved", "must agree"."""
    due = p.lemmas[root] == "have" or any(p.lower[c] == "must" for c in p.having(root, "aux"))
    verbs_ = (root, *p.having(root, "xcomp"))
    return due and any(p.lemmas[v] in words_for("consenting") for v in verbs_)


def plain_kind(p: Parse, root: int, *, own: bool) -> Kind:
    """Of what is merely said: an intention of one's own, a forecast, a valuation, an assertion."""
    helpers = {p.lower[c] for c in p.having(root, "aux")}
    meant = p.lemmas[root] in words_for("intent") and any(p.child(c, "aux") >= 0 for c in p.having(root, "xcomp"))
    if p.lower[root] == "ought":
        return "position"
    unable = "could" in helpers and p.child(root, "neg") >= 0
    if own and (intends(p, root) or meant or unable) and _subject(p, root) >= 0:
        return "position"
    if "would" in helpers and p.lemmas[root] in _STATES and _values(p, root):
        return "assessment"
    if not helpers.isdisjoint(_FUTURE):
        return "forecast"
    if p.lemmas[root] == "be" and _values(p, root):
        return "assessment"
    return "assertion"


def _values(p: Parse, root: int) -> bool:
    """Whether a predicate says what something is worth or is: "is a target", "is unworkable"."""
    what = p.child(root, "attr", "acomp")
    return p.child(root, "expl") < 0 and what >= 0 and p.lower[what] not in words_for("truth") | words_for("state")
