"""Indirect speech that runs on over sentences: "The minister said the fund was empty. It would be wound up by June."

What goes on is told by its tense: behind a past report, *would*, *could*, *might* and the pluperfect are still the speaker's.
"""

from collections.abc import Iterator, Sequence

from vetopoint.evidence.reader import phrases
from vetopoint.evidence.reader.lexicon import reports
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.pieces import is_question
from vetopoint.evidence.reader.relation import Relation, attributed

_BACK = frozenset(("would", "could", "might", "’d", "'d"))
_PRONOUNS = frozenset(("he", "she", "it", "they", "his", "her", "its", "their"))
_REPORTED = ("clause", "clause-before")
_LEAST_WORDS = 4


def running_on(p: Parse, said: Sequence[Relation]) -> Iterator[Relation]:
    """The sentences of a stretch in which the report of the sentence before goes on."""
    going: Relation | None = None
    before = -1
    for first, last in p.sentences():
        inside = [relation for relation in said if relation.cue[0] in range(first, last + 1)]
        since, before = max(before, 0), last
        if inside:
            going = _open(p, inside)
        elif going is None or any("\n" in w for w in p.words[since : first + 1]) or not _goes_on(p, first, last):
            going = None
        else:
            relation = attributed(
                p, going.source, going.cue, range(first, last + 1), "runs-on", going.head, going.lemma
            )
            if relation:
                yield relation


def _open(p: Parse, inside: Sequence[Relation]) -> Relation | None:
    """The one report in a sentence that may go on: in the past, with its clause set back, by somebody."""
    outer = [r for r in inside if not any(r.cue[0] in other.content for other in inside if other is not r)]
    if not outer:
        return None  # reports that stand within each other
    last = outer[-1]
    past = p.tags[last.head] == "VBD" and last.head not in p.quotes
    told = last.rule in _REPORTED and bool(last.source) and len({r.source for r in outer}) == 1
    own = all(p.lower[t] not in phrases.FIRST for t in last.source)
    quoted = any(t in p.quotes for t in last.content)
    return (
        last
        if past and told and own and not quoted and any(_is_back(p, t) or p.tags[t] == "VBD" for t in last.content)
        else None
    )


def _goes_on(p: Parse, first: int, last: int) -> bool:
    """Whether a sentence without a report of its own stands in the tense of one."""
    root = next((t for t in range(first, last + 1) if p.heads[t] == t and p.pos[t] in phrases.VERBAL), -1)
    words = sum(p.words[t].isalpha() for t in range(first, last + 1))
    if root < 0 or words < _LEAST_WORDS or any(t in p.quotes for t in range(first, last + 1)):
        return False
    if is_question(p, range(first, last + 1)) or not _is_back(p, root):
        return False
    helpers = {p.lower[c] for c in p.having(root, "aux")}
    if not helpers.isdisjoint(("have", "’ve", "'ve")) or reports(p.lemmas[root]):
        return False  # "would have saved the town", "had said as much in May": the article's own
    subject = p.child(root, "nsubj", "nsubjpass", "expl")
    if not first <= subject < root:
        return False
    return not _BACK.isdisjoint(helpers) or not _PRONOUNS.isdisjoint(p.lower[t] for t in (subject, p.lefts[subject]))


def _is_back(p: Parse, verb: int) -> bool:
    """Whether a verb is set back: "would go", "had gone"."""
    helpers = {p.lower[c] for c in p.having(verb, "aux")}
    return not _BACK.isdisjoint(helpers) or ("had" in helpers and p.tags[verb] == "VBN")
