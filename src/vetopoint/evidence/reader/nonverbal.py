"""Attribution without a reporting verb: "according to", predicates, nouns, colons, bylines, captions, headlines."""

from collections.abc import Iterator, Sequence

from vetopoint.evidence.reader import phrases, speech
from vetopoint.evidence.reader.lexicon import headline_verbs, nominals, reports, speaks, words_for
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.relation import Relation, attributed

_PICTURES = frozenset(("image", "photo", "photograph", "picture", "video", "audio", "illustration", "credit"))
_COUNTS = {
    "in": frozenset(("poll", "survey", "polling", "average")),
    "by": frozenset(("tally", "estimate", "count", "account", "reckoning", "admission")),
}


def according(p: Parse, token: int) -> Relation | None:
    """ "According to the ministry, the talks go on": the clause, or the quotation before."""
    prep = p.child(token, "prep")
    if prep < 0 or p.lower[prep] != "to":
        return None
    source = [t for t in p.subtree(prep) if t != prep]
    # "According to the coach, in their first match, …": what stands behind the comma is no name.
    cuts = [at for at, t in enumerate(source[:-1]) if at and p.words[t] == "," and p.pos[source[at + 1]] == "ADP"]
    source = source[: cuts[0]] if cuts else source
    top = p.heads[token]
    apart = token > 0 and p.words[token - 1] == ","
    stops = ("ROOT", "ccomp") if apart else ("ROOT", "ccomp", "conj", "advcl", "relcl")
    while p.heads[top] != top and p.deps[top] not in stops:
        top = p.heads[top]
    inside = {token, prep, *source}
    before = speech.quote_before(p, token)
    content = speech.quote_text(p, before) if before else [t for t in p.subtree(top) if t not in inside]
    if before is None and len(content) > 1 and p.deps[content[0]] == "cc":
        content = content[1:]
    return attributed(p, source, [token, prep], content, "according", token, "according to")


def quotative(p: Parse, v: int) -> range:
    """ "And I was like, let's go": what somebody said or thought, as talk reports it; else empty."""
    like = v + 3 < len(p) and p.lower[v + 1] == "like" and (p.words[v + 2] == "," or v + 2 in p.quotes)
    if not like or not phrases.subject(p, v):
        return range(0)
    last = v + 2
    while last + 1 < len(p) and p.sents[last + 1] == p.sents[v] and "\n" not in p.words[last + 1]:
        last += 1
    return range(v + 2, last + 1)


def survey(p: Parse, token: int) -> Relation | None:
    """ "In a poll of June, the mayor leads": a survey or a count speaks, without a verb of speech."""
    core = p.child(token, "pobj")
    verb = p.heads[token]
    if core < 0 or p.lemmas[core] not in _COUNTS[p.lower[token]] or p.deps[token] != "prep":
        return None
    if p.pos[verb] not in phrases.VERBAL or reports(p.lemmas[verb]):
        return None
    if p.child(verb, "nsubj", "nsubjpass") < 0:
        return None
    source = [t for t in p.subtree(token) if t != token]
    content = [t for t in p.subtree(verb) if t != token and t not in source]
    return attributed(p, source, [token], content, "survey", token, "according to")


def view(p: Parse, token: int) -> Relation | None:
    """ "In the eyes of one dealer, the affair is a lesson", "in the mayor's telling, nobody was asked", "in his view, the dyke holds"."""
    core = p.child(token, "pobj")
    if p.lower[token] not in ("in", "to") or core < 0 or words_for("view").isdisjoint((p.lemmas[core], p.lower[core])):
        return None
    owner = p.child(core, "poss")
    of = next((c for c in p.having(core, "prep") if p.lower[c] == "of"), -1)
    holder = owner if owner >= 0 else p.child(of, "pobj") if of >= 0 else -1
    source = [t for t in p.subtree(holder) if p.deps[t] != "case" or p.heads[t] != holder] if holder >= 0 else []
    top = p.heads[token]
    while p.pos[top] not in phrases.VERBAL and p.heads[top] != top:
        top = p.heads[top]
    if not source or p.pos[top] not in phrases.VERBAL or not phrases.whole(p, top):
        return None
    held = p.lemmas[core] in words_for("held")
    if reports(p.lemmas[top]) and not (held and p.child(top, "ccomp", "dobj") < 0):
        return None
    opens = token == p.lefts[top] or p.words[token - 1] == ","
    closed = p.words[min(p.rights[token] + 1, len(p) - 1)] in (",", ".")
    plain = token == p.sentence(token)[0] and held  # "In his view the dyke will hold"
    if not opens or not (closed or plain):
        return None
    own = {*p.subtree(token)}
    content = [t for t in p.subtree(top) if t not in own]
    return attributed(
        p, source, [t for t in range(token, core + 1) if t not in source], content, "according", token, "believe"
    )


def predicate(p: Parse, v: int) -> Relation | None:
    """ "The ministry is wary of a deal", "is sure that it holds"."""
    adjective = p.child(v, "acomp")
    frames = nominals("adjectives").get(p.lemmas[adjective]) if adjective >= 0 else None
    source = phrases.subject(p, v)
    if frames is None or not source:
        return None
    cue = list(range(min(phrases.group(p, v)), adjective + 1))
    for child in [*p.children[adjective], *p.children[v]]:
        label = p.deps[child]
        if child <= adjective:
            continue
        if (label == "ccomp" and "c" in frames) or (label == "xcomp" and "t" in frames):
            return attributed(p, source, cue, p.subtree(child), "adjective", adjective, p.lemmas[adjective])
        if label == "prep" and p.lower[child] in frames:
            content = [t for t in p.subtree(child) if t != child]
            return attributed(p, source, [*cue, child], content, "adjective", adjective, p.lemmas[adjective])
    return None


def noun(p: Parse, n: int) -> Relation | None:
    """ "The view that it fails", "the ministry's refusal to talk", "its warning of floods"."""
    frames = nominals("nouns")[p.lemmas[n]]
    owner = p.child(n, "poss")
    source = p.subtree(owner) if owner >= 0 else []
    if owner >= 0 and owner in p.quotes:
        return None
    if owner < 0 and p.child(n, "compound") == n - 1 and p.pos[n - 1] == "PROPN":
        # "The minister claims that": the tagger takes such a verb for a noun.
        source = list(range(p.lefts[n], n))
    # "Said in a statement that": the verb reports, and not the noun.
    told = owner < 0 and p.deps[n] == "pobj" and speaks(p.lemmas[p.heads[p.heads[n]]])
    for child in p.children[n]:
        if child < n:
            continue
        label, rule, cue, content = p.deps[child], "", [n], p.subtree(child)
        if label in ("acl", "ccomp") and phrases.has_that(p, child) and "c" in frames and not told:
            rule = "noun-clause"
        elif label in ("acl", "xcomp") and "t" in frames and any(p.tags[c] == "TO" for c in p.children[child]):
            rule = "noun-infinitive" if source else ""
        elif label == "prep" and p.lower[child] in frames and p.children[child]:
            rule = "noun-preposition" if source else ""
            cue, content = [n, child], [t for t in content if t != child]
        if rule:
            return attributed(p, source, cue, content, rule, n, p.lemmas[n])
    return None


def colon(p: Parse, token: int) -> Relation | None:
    """A speaker, a colon, and what he says: ``Minister: no deal before spring``."""
    if token + 2 >= len(p) or token == 0:
        return None
    first = token
    while first > 0 and "\n" not in p.words[first - 1] and p.sents[first - 1] == p.sents[token]:
        first -= 1
    left = list(range(first, token))
    kinds = {p.pos[t] for t in left}
    if len(left) > 5 or "PROPN" not in kinds or not kinds <= {"PROPN", "ADJ", "NOUN", "PUNCT", "DET"}:
        return None
    quote = p.quotes.of(token + 1)
    if quote is not None:
        content = speech.quote_text(p, quote)
    else:
        last = token + 1
        while last + 1 < len(p) and "\n" not in p.words[last + 1]:
            last += 1
        content = list(range(token + 1, last + 1))
        if len(content) > 25 or not any(p.pos[t] in phrases.VERBAL for t in content):
            return None
    return attributed(p, left, [token], content, "colon", token, ":")


def byline(p: Parse, token: int) -> Relation | None:
    """A quotation, a dash, and the name of who said it."""
    before = token - 1
    while before >= 0 and p.pos[before] == "SPACE":
        before -= 1
    quote = p.quotes.of(before)
    if quote is None or quote.last != before or quote.last - quote.first <= 3:
        return None
    last = token
    while last + 1 < len(p) and p.pos[last + 1] in ("PROPN", "NOUN", "X", "NUM") and last - token < 8:
        last += 1
    if last == token or p.pos[token + 1] != "PROPN":
        return None
    return attributed(p, range(token + 1, last + 1), [token], speech.quote_text(p, quote), "byline", token, "—")


def credits(p: Parse) -> Iterator[Relation | None]:
    """The name that ends a caption: ``The harbour at dawn. Photo: A. Norman.``"""
    first = 0
    for end in [t for t in range(len(p)) if "\n" in p.words[t]] + [len(p)]:
        last = end - 1
        if 4 <= last - first <= 45 and p.words[last] == ".":
            start = last
            while start > first and p.words[start - 1] not in (".", ":", "!", "?") and last - start <= 6:
                start -= 1
            names = [t for t in range(start, last) if p.pos[t] != "PUNCT"]
            named = bool(names) and all(p.pos[t] in ("PROPN", "CCONJ", "SYM", "X") for t in names)
            if named and first + 1 < start < last and p.words[start - 1] in (".", "!", "?"):
                yield attributed(p, names, [last], range(first, max(start - 1, first + 1)), "credit", last, "")
        first = end + 1
    yield from _labelled_credits(p)


def _labelled_credits(p: Parse) -> Iterator[Relation | None]:
    """ "The harbour at dawn. Photo: A. Norman. The quay. Photo: B. Ray", wherever the label stands in its paragraph."""
    begun = 0
    for token in range(1, len(p)):
        if "\n" in p.words[token]:
            begun = token + 1
        if p.words[token] != ":" or p.lower[token - 1] not in _PICTURES:
            continue
        last = token + 1
        while last < len(p) and last - token <= 9 and p.words[last] != "." and "\n" not in p.words[last]:
            last += 1
        names = list(range(token + 1, last))
        if token - 1 > begun and names and last - token <= 9 and not any(p.pos[t] in phrases.VERBAL for t in names):
            end = last if last < len(p) and p.words[last] == "." else token
            yield attributed(p, names, [end], range(begun, token - 1), "credit", end, "")
            begun = last + 1


def headlines(p: Parse, found: Sequence[Relation]) -> Iterator[Relation | None]:
    """Title-case headlines, in which the tagger takes verbs for names: ``Minister Says Talks Will Go On``."""
    for first, last in p.sentences():
        words = [word for word in p.words[first : last + 1] if len(word) > 3 and word.isalpha()]
        titled = 3 <= len(words) <= 16 and sum(word[0].isupper() for word in words) >= 0.9 * len(words)
        if titled and all(relation.cue[0] not in range(first, last + 1) for relation in found):
            yield _headline(p, first, last)


def _headline(p: Parse, first: int, last: int) -> Relation | None:
    while last > first and p.pos[last] in ("PUNCT", "SPACE"):
        last -= 1
    for v in range(first + 1, last + 1):
        lemma = headline_verbs().get(p.lower[v])
        if lemma is None or p.pos[v] == "VERB" or v in p.quotes:
            continue
        if v == last:
            comma = max((t for t in range(first, v) if p.words[t] == ","), default=-1)
            source, content = range(comma + 1, v), range(first, comma)
        elif all(p.pos[t] != "VERB" and p.words[t] not in (",", ":") for t in range(first, v)):
            source, content = range(first, v), range(v + 1, last + 1)
        else:
            return None
        return attributed(p, source, [v], content, "headline", v, lemma) if content else None
    return None
