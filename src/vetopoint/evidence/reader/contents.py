"""Where the content of an attribution begins and ends: what the parser hung elsewhere, what the reporter put in."""

from vetopoint.evidence.reader import phrases
from vetopoint.evidence.reader.lexicon import frames_of, reports
from vetopoint.evidence.reader.parse import Parse

_ADDRESSING = frozenset(
    ("tell", "assure", "remind", "warn", "inform", "persuade", "convince", "notify", "promise", "advise", "ask", "show")
)
RELATIVE = ("who", "which", "whom", "whose", "where", "when")
_DASHES = ("—", "–", "--")
_CONTRASTS = ("though", "although", "while", "whereas")
_GROUNDS = ("if", "unless", "so", "because")


def cut_tail(p: Parse, clause: int, content: list[int]) -> list[int]:
    """Cut a second report, or a participle that speaks of the speaker: "said it was over, citing costs"."""
    for child in content:
        if _second_report(p, child, p.heads[clause]):
            return _up_to(p, child, content)
    for child in p.children[clause]:
        if child < clause:
            continue
        if p.deps[child] == "conj" and reports(p.lemmas[child]):
            if phrases.shared(p, child, child) == p.heads[clause]:
                # "said it was wrong and warned of more": the second verb reports as well.
                return _up_to(p, child, content)
        elif p.deps[child] == "advcl" and _comment(p, child):
            return [t for t in content if t < p.lefts[child]]
    return content


def _up_to(p: Parse, child: int, content: list[int]) -> list[int]:
    """The content before a conjunct and its "and"."""
    first = p.lefts[child]
    return [t for t in content if t < first and not (t == first - 1 and p.deps[t] == "cc")]


def _second_report(p: Parse, verb: int, reporter: int) -> bool:
    """ "Saying that it was safe and arguing that": the second participle goes with the first."""
    tag = p.tags[verb]
    return (
        p.deps[verb] == "conj"
        and tag in ("VBG", "VBD")
        and tag == p.tags[reporter]
        and tag != p.tags[p.heads[verb]]
        and p.child(verb, "nsubj", "nsubjpass", "aux", "auxpass") < 0
        and reports(p.lemmas[verb])
        and p.child(verb, "ccomp") > verb
    )


def _comment(p: Parse, clause: int) -> bool:
    """Whether an adverbial clause behind a comma is the reporter's."""
    first = p.lefts[clause]
    if p.words[first - 1] not in (",", '"', "”", "''"):
        return False
    if p.tags[clause] == "VBG" and first == clause and frames_of(p.lemmas[clause]):
        return True
    return p.lower[first] in _CONTRASTS or (p.lower[first] == "even" and p.lower[first + 1] in ("as", "though"))


def cut_aside(p: Parse, content: list[int]) -> list[int]:
    """Cut the reporter's aside at the end: "praised the mayor, who is 70", "backed Bush, a former governor"."""
    for token in content:
        first, last = p.lefts[token], content[-1]
        if first - 1 > content[0] and p.rights[token] >= last - 1 and _is_aside(p, token, first, last):
            return [t for t in content if t < first]
    return content


def _is_aside(p: Parse, token: int, first: int, last: int) -> bool:
    mark, label = p.words[first - 1], p.deps[token]
    if mark == "(":
        return last - first > 3 and token not in p.quotes
    if p.rights[token] < last or mark not in (",", *_DASHES):
        return False
    if label == "appos" and p.pos[p.heads[token]] == "PROPN" and p.rights[token] - first >= 2:
        return True
    if label in ("appos", "advcl", "dep") and mark != "," and token not in p.quotes:
        return True
    return label == "relcl" and p.lower[first] in RELATIVE


def before_clause(p: Parse, v: int, lemma: str, clause: int) -> list[int]:
    """The noun between verb and clause, where it is spoken of and not spoken to: "repeated the claim that"."""
    noun = p.child(v, "dobj")
    if not v < noun < clause or noun in p.subtree(clause):
        return []
    return p.subtree(noun) if not phrases.whole(p, clause) or lemma not in _ADDRESSING else []


def annexes(p: Parse, v: int, clause: int) -> list[int]:
    """Parts of the clause that the parser hung on the verb: a condition, a second clause."""
    found: list[int] = []
    for child in p.children[v]:
        first, label = p.lefts[child], p.deps[child]
        if label == "advcl" and v < child < p.lefts[clause] and not p.having(clause, "mark"):
            found += p.subtree(child)
        if child < clause:
            continue
        ground = label == "advcl" and p.lower[first] in _GROUNDS and p.words[first - 1] != ","
        if label == "ccomp" or ground or (label == "conj" and phrases.has_that(p, child)):
            found += p.subtree(child)
        elif label == "conj" and _goes_on(p, v, child, clause):
            found += [first - 1, *p.subtree(child)]
    return found


def _goes_on(p: Parse, v: int, second: int, clause: int) -> bool:
    """Whether a conjunct in another tense goes on with what was said: "said it works, but it needs more"."""
    if p.tags[v] != "VBD" or reports(p.lemmas[second]):
        return False
    own = p.child(second, "nsubj") > clause
    return p.tags[second] in ("VBZ", "VBP") or (p.tags[second] == "VB" and own)


def displaced(p: Parse, v: int) -> int:
    """A that-clause that the parser hung on a noun between the verb and it ("told a meeting of islanders that"), or −1."""
    for child in p.having(v, "dobj", "prep", "dative", "npadvmod"):
        for token in range(child, p.rights[child] + 1) if child > v else ():
            if p.lower[token] == "that" and p.deps[token] == "mark" and p.deps[p.heads[token]] in ("acl", "ccomp"):
                return p.heads[token]
    return -1
