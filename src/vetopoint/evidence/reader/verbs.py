"""Attribution by a reporting verb: with a clause, an infinitive, an object, a preposition, and in the passive;
and where the content begins and ends: what the parser hung elsewhere, what the reporter put in."""

from dataclasses import dataclass

from vetopoint.evidence.reader import phrases, speech
from vetopoint.evidence.reader.lexicon import documents, frames_of, reports, sourcewords, speaks, words_for
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.relation import Relation, attributed

_ADDRESSING = frozenset(
    ("tell", "assure", "remind", "warn", "inform", "persuade", "convince", "notify", "promise", "advise", "ask", "show")
)
_RELATIVE = ("who", "which", "whom", "whose", "where", "when")
_PERSONAL = ("who", "whom", "where", "when")
_DASHES = ("—", "–", "--")
_CONTRASTS = ("though", "although", "while", "whereas")
_PROVISOS = ("provided", "providing", "assuming", "supposing")
_CIRCUMSTANCES = ("despite", "after", "following", "amid", "because", "without", "given", "over")
_GROUNDS = ("if", "unless", "so", "because")
_LIGHT = frozenset(("express", "voice"))
_DAYS = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "writing"])
_ACCUSING = {"ask": ("about",), "challenge": ("about", "on")}


@dataclass(frozen=True)
class _Report:
    """A verb that may report: its token, lemma and frames, its subject's tokens, and those of its group."""

    v: int
    lemma: str
    frames: frozenset[str]
    source: list[int]
    cue: list[int]


_Said = tuple[list[int], str, list[int]]
"""Content, the rule that found it, and cue."""


def attribute(p: Parse, v: int, lemma: str) -> Relation | None:
    """The relation that the verb ``v`` expresses, if any: the first rule that fits."""
    frames = _frames(p, v, lemma)
    if not frames and p.child(v, "ccomp") < 0:
        return None
    reduced = p.tags[v] == "VBN" and p.deps[v] == "advcl" and not p.having(v, "aux")
    if reduced or p.child(v, "nsubjpass", "auxpass") >= 0:
        return _passive(p, v, lemma)
    source, cue = phrases.subject(p, v), phrases.group(p, v)
    if not source or source[0] == p.lefts[v]:
        source = phrases.inverted(p, v, lemma) or source
    if turned := _turned_round(p, v, lemma):
        return attributed(p, turned[0], cue, turned[1], "clause-before", v, lemma)
    source = speech.speaker(p, v, lemma, source, cue)
    if lemma == "read" and source:
        source = _sender(p, source)
    quotation = speech.quoted(p, v, lemma, source, cue)
    if quotation:
        return attributed(p, source, cue, quotation, "quote", v, lemma)
    if "r" in frames:
        return _raising(p, v, lemma)
    if p.deps[v] == "acl" and p.tags[v] == "VB":
        source = _straining(p, v)
        if not source:
            return None
    attempts = [_clause] if phrases.supposed(p, v) else [_clause, _infinitive, _object, _preposition]
    report = _Report(v, lemma, frames, source, cue)
    said = next((found for attempt in attempts if (found := attempt(p, report))), None)
    return attributed(p, source, said[2], said[0], said[1], v, lemma) if said else None


def _sender(p: Parse, source: list[int]) -> list[int]:
    """From whom a text comes that is read out: "…," read a message from its spokesman."""
    head = next((t for t in source if p.heads[t] not in source), source[-1])
    sent = next((p.child(c, "pobj") for c in p.having(head, "prep") if p.lower[c] in ("from", "by")), -1)
    return [t for t in p.subtree(sent) if t in source] if sent >= 0 else source


def _straining(p: Parse, v: int) -> list[int]:
    """Who "was at pains to deny", "is in no mood to grant", "was in a hurry to point out"."""
    noun = p.heads[v]
    verb = p.heads[p.heads[noun]]
    bound = p.deps[noun] == "pobj" and p.lower[p.heads[noun]] in ("at", "in") and p.lemmas[verb] == "be"
    return phrases.subject(p, verb) if bound and p.lemmas[noun] in words_for("strain") else []


def _frames(p: Parse, v: int, lemma: str) -> frozenset[str]:
    """The frames of a verb, and those that it has with its particle: "rule out"."""
    particle = p.child(v, "prt")
    return frames_of(lemma) | (frames_of(f"{lemma} {p.lower[particle]}") if particle >= 0 else frozenset())


def _turned_round(p: Parse, v: int, lemma: str) -> tuple[list[int], list[int]] | None:
    """ "It is far from certain, cautioned an engineer": the parser takes the speaker for an object, the clause for a first conjunct."""
    who, first = p.child(v, "dobj"), p.sentence(v)[0]
    if not speaks(lemma) or p.deps[v] != "conj" or who < v or p.lefts[who] != v + 1 or p.words[v - 1] != ",":
        return None
    above = p.heads[v]
    if p.pos[who] != "PROPN" and p.child(who, "det", "poss") < 0:
        return None
    if p.child(v, "nsubj") >= 0 or any(p.deps[c] == "cc" for c in p.children[above]) or not phrases.whole(p, above):
        return None
    return p.subtree(who), list(range(first, v - 1))


def _ours(p: Parse, report: _Report) -> bool:
    """Whether the source is nobody but I, we, you or one."""
    return bool(report.source) and all(p.lower[t] in phrases.FIRST for t in report.source)


def _clause(p: Parse, report: _Report) -> _Said | None:
    v, frames = report.v, report.frames
    if ("-c" in frames and not ("f" in frames and _ours(p, report))) or _is_proviso(p, v):
        return None
    if report.lemma in ("figure", "find") and p.lower[max(p.child(v, "prt"), 0)] == "out":
        return None
    clauses = p.having(v, "ccomp")
    clause = next((c for c in clauses if c > v), clauses[-1] if clauses else -1)
    if clause < 0 and "c" in frames:
        busy = max([-1, *p.having(v, "dobj", "xcomp")]) > v
        if not busy and (p.deps[v] == "parataxis" or phrases.as_clause(p, v)):
            return _parenthetical(p, report)
        clause = _displaced(p, v)
    if clause < 0 or not _governs(p, report, clause):
        return None
    if clause < v:
        return _said_before(p, report, clause)
    content = [t for t in p.subtree(clause) if t not in report.cue and t not in report.source]
    content += _half_before(p, report, clause)
    content += [*_annexes(p, v, clause), *_before_clause(p, v, report.lemma, clause)]
    content = _cut_aside(p, _cut_tail(p, clause, sorted({*content})))
    return content, "clause" if phrases.finite(p, clause) else "infinitive", report.cue


def _half_before(p: Parse, report: _Report, clause: int) -> list[int]:
    """What was said before the speaker's name where more follows behind a semicolon: "It had failed, he said; the next would not"."""
    before = p.child(report.v, "ccomp")
    first = min([*report.cue, *report.source])
    parted = any(p.words[t] == ";" for t in range(max([*report.cue, *report.source]) + 1, clause))
    if not (speaks(report.lemma) and parted and 0 <= before < first and first - p.rights[before] <= 2):
        return []
    return list(range(p.lefts[before], p.rights[before] + 1))


def _governs(p: Parse, report: _Report, clause: int) -> bool:
    """Whether a clause is what the verb reports, by the verb's frames and the clause's form."""
    v, frames = report.v, report.frames
    finite = phrases.finite(p, clause)
    if not finite and frames.isdisjoint(("t", "o", "d")) and not _judged(p, v, clause):
        return False
    if not report.source and (p.deps[v] not in ("ROOT", "conj") or not finite):
        return False
    if frames.isdisjoint(("c", "f")) and not (_has_plain_that(p, clause) and phrases.whole(p, clause)):
        return False
    # "made the nets that they use": the clause belongs to the noun.
    return not frames.isdisjoint(("c", "o")) or not v < p.child(v, "dobj") < clause


def _has_plain_that(p: Parse, clause: int) -> bool:
    """Whether a clause begins with "that", and not with "whether": "it remains unclear whether" reports nothing."""
    return any(p.lower[c] == "that" for c in p.having(clause, "mark"))


def _judged(p: Parse, v: int, clause: int) -> bool:
    """ "Thought a seizure probable": a thing and what it is thought to be."""
    what = p.child(clause, "nsubj", "compound", "det")
    return p.pos[clause] == "ADJ" and v < what < clause and p.lemmas[v] in ("think", "believe")


def _said_before(p: Parse, report: _Report, clause: int) -> _Said | None:
    """The clause stands before its verb ("The talks failed, he said"), and may go on behind it."""
    v, source = report.v, report.source
    first, last = min([*report.cue, *source]), max([*report.cue, *source])
    close = first - p.rights[clause] <= 2 and not report.frames.isdisjoint(("c", "f")) and _ours(p, report)
    shown = "c" in report.frames and _document(p, source)
    held = report.lemma in words_for("opinion") and p.words[first - 1] == "," and phrases.whole(p, clause)
    if not (speaks(report.lemma) or shown or close or (held and "c" in report.frames and source)):
        return None
    content = [t for t in range(p.lefts[clause], first) if t not in source]
    content += [t for t in p.subtree(clause) if t > v and t not in source]
    content += [t for c in p.having(v, "advcl") if c > last and _concedes(p, c) for t in p.subtree(c)]
    more = speech.quote_after(p, last, reach=30)
    return [*content, *(more.tokens if more else ())], "clause-before", report.cue


def _concedes(p: Parse, clause: int) -> bool:
    """ "…, he said, although that would cost two years"."""
    return p.lower[p.lefts[clause]] in ("although", "though") and phrases.whole(p, clause)


def _parenthetical(p: Parse, report: _Report) -> _Said | None:
    v = report.v
    if not report.source and p.tags[v] == "VBN" and p.child(v, "aux") < 0:
        return None
    comma = next((t for t in range(v - 1, -1, -1) if p.words[t] in (",", "—", "–", "(")), v)
    if any(p.tags[t] == "WRB" for t in range(comma, v)):
        return None  # "the ministry, when at last it answered, …"
    inside = set(p.subtree(v))
    return [t for t in p.subtree(p.heads[v]) if t not in inside], "parenthetical", report.cue


def _infinitive(p: Parse, report: _Report) -> _Said | None:
    v, cue = report.v, report.cue
    if "t" not in report.frames or not report.source:
        return None
    if p.deps[v] == "pcomp" and p.lower[p.heads[v]] == "with":
        return None  # "With Norland hoping to join, …": a circumstance
    for child in p.having(v, "ccomp", "advcl", "xcomp"):
        first = p.lefts[child]
        if first == max(cue) + 1 and p.lower[first] == "for" and p.deps[first] == "mark":
            return [t for t in p.subtree(child) if t > first], "infinitive", [*cue, first]
    upon = v + 1 < len(p) and p.lower[v + 1] in ("on", "upon")
    for child in p.having(v, "xcomp", "ccomp", *(("advcl",) if upon else ())):
        if child > v and any(p.tags[c] == "TO" for c in p.children[child]):
            content = [t for t in p.subtree(child) if t > v]
            first = p.child(v, "dobj")
            if first > v and report.lemma != "tell":
                content = sorted({*p.subtree(first), *content})
            if (beside := _reflexive(p, child)) >= 0:
                # "Declined to associate itself with the text": the act's object is the text.
                return [t for t in content if t > beside], "infinitive", [*cue, *range(p.lefts[child], beside + 1)]
            on = p.child(v, "prep")
            if on == max(cue) + 1 and p.lower[on] in ("on", "upon", "with", "for"):
                cue, content = [*cue, on], sorted({*(t for t in p.subtree(on) if t != on), *content})
            return _cut_aside(p, content), "infinitive", cue
    return None


def _reflexive(p: Parse, verb: int) -> int:
    """The "with" of "associate itself with", or −1."""
    thing = p.child(verb, "dobj")
    prep = next((c for c in [*p.children[verb], *p.children[max(thing, 0)]] if p.lower[c] == "with"), -1)
    return prep if thing >= 0 and p.lower[thing].endswith(("self", "selves")) and prep == thing + 1 else -1


def _raising(p: Parse, v: int, lemma: str) -> Relation | None:
    """ "The talks seem to have failed": nobody is named to whom it seems."""
    subject, clause = p.child(v, "nsubj"), p.child(v, "xcomp", "oprd", "acomp", "ccomp")
    if clause < v and p.lower[max(p.child(v, "prep"), 0)] == "like":
        clause = p.child(v, "prep")
    if clause < v or {"c", "q", "o", "t"} & frames_of(p.lemmas[clause]):
        # "He seems to say": what he says is reported, and not that he seems.
        return None
    if subject >= 0 and p.deps[v] not in ("relcl", "ccomp"):
        before = [] if p.lower[subject] == "it" and p.deps[clause] == "ccomp" else p.subtree(subject)
        return attributed(p, [], phrases.group(p, v), [*before, *p.subtree(clause)], "raising", v, lemma)
    return None


def _object(p: Parse, report: _Report) -> _Said | None:
    v, source, frames = report.v, report.source, report.frames
    if not source or not ("o" in frames or ("d" in frames and _document(p, source))):
        return None
    core = p.child(v, "dobj", "oprd")
    if core < 0 and not frames_of(report.lemma).isdisjoint(("o", "d")):
        core = p.child(v, "ccomp", "xcomp")
    gap = _gap(p, v, core, source) if core < v else []
    if gap:
        return gap, "object", report.cue
    if core < v or core in source:
        return None
    last, more = _object_end(p, report, core)
    content = _cut_aside(p, list(range(p.lefts[core], last + 1))) + more
    wide = _light(p, report, core, content[-1])
    return [t for t in content if not wide or t > wide[-1]], "object", [*report.cue, *wide]


def _object_end(p: Parse, report: _Report, core: int) -> tuple[int, list[int]]:
    """The last token of an object with what belongs to it, and an "as" that stands apart from it."""
    last, apart = p.rights[core], False
    more: list[int] = []
    last = _undated(p, core, last)
    for child in p.children[report.v]:
        if child <= core:
            continue
        word = p.lower[child]
        if p.deps[child] in ("prep", "oprd", "xcomp", "dative", "acomp"):
            if word in phrases.PLACE_TIME and word != "as" and word not in report.frames:
                apart = True
            elif not apart:
                last = max(last, p.rights[child])
            elif word == "as":
                more += p.subtree(child)
        elif p.deps[child] == "advcl" and p.lefts[child] == last + 1 and (p.tags[child] == "VB" or _as_what(p, child)):
            last = p.rights[child]
    return last, more


def _as_what(p: Parse, participle: int) -> bool:
    """ "Considers the question *as closed*"."""
    return (
        p.tags[participle] == "VBN"
        and participle - 1 == p.child(participle, "mark")
        and p.lower[participle - 1] == "as"
    )


def _undated(p: Parse, core: int, last: int) -> int:
    """The end of an object without the time of the act that the parser hung on it: "disputed the account | within the hour"."""
    end = last
    for child in reversed(p.having(core, "prep")):
        when = p.child(child, "pobj")
        if child > core and p.rights[child] == end and when >= 0 and p.lower[child] in ("on", "within", "by", "in"):
            if p.lower[child] != "within" and p.lower[when] not in _DAYS:
                break
            end = child - 1
    return end


def _gap(p: Parse, v: int, core: int, source: list[int]) -> list[int]:
    """The object before its verb: "a deal that they have called bad", "what she called a stunt"."""
    named = [t for c in p.having(v, "oprd") if c > v for t in p.subtree(c)]
    if core >= 0 and p.lower[core] == "what":
        return named
    subject = p.child(v, "nsubj")
    if p.deps[v] != "relcl" or subject < 0 or p.lower[subject] in _RELATIVE or source[0] != p.lefts[subject]:
        return []
    as_what = [t for c in p.having(v, "prep") if c > v and p.lower[c] == "as" for t in p.subtree(c)]
    return [*([core] if core >= 0 else phrases.antecedent(p, v)), *sorted((*named, *as_what))]


def _light(p: Parse, report: _Report, core: int, last: int) -> list[int]:
    """What belongs to the cue of a verb that says little by itself: "voiced concern about", "accused him of"."""
    v, lemma = report.v, report.lemma
    words = _ACCUSING.get(lemma)
    for holder in (core, v) if words else (core,) if lemma in _LIGHT else ():
        for child in p.having(holder, "prep"):
            if core < child < last and (words is None or p.lower[child] in words):
                return list(range(v + 1, child + 1))
    return []


def _document(p: Parse, source: list[int]) -> bool:
    """Whether a source is a text or a count, which can show what it does not say."""
    return any(p.lemmas[t] in documents() for t in source if p.heads[t] not in source or t == source[-1])


def _preposition(p: Parse, report: _Report) -> _Said | None:
    v, cue = report.v, report.cue
    for child in p.having(v, "prep", "agent") if report.source else ():
        if p.lower[child] in report.frames and child > v and p.children[child]:
            content = [t for t in p.subtree(child) if t != child]
            if v < p.child(v, "dobj") < child:
                content += [*p.subtree(p.child(v, "dobj")), child]
            for other in p.having(v, "prep"):
                if other > child and p.words[p.lefts[other] - 1] != ",":
                    content += p.subtree(other)
            wide = sorted({*cue, *([child] if child <= max(cue) + 2 else [])})
            return _cut_aside(p, sorted(content)), "preposition", wide
    return None


def _passive(p: Parse, v: int, lemma: str) -> Relation | None:
    frames = _frames(p, v, lemma)
    cue = phrases.group(p, v)
    if "n" not in frames and "o" not in frames:
        return _told(p, v, lemma, cue) if "c" in frames and lemma in _ADDRESSING else None
    if p.deps[v] == "parataxis" and "n" in frames and p.lower[max(p.child(v, "nsubjpass"), 0)] == "it":
        # "Norland, it was understood, would stay away."
        own = {*p.subtree(v)}
        return attributed(p, [], cue, [t for t in p.subtree(p.heads[v]) if t not in own], "parenthetical", v, lemma)
    subject, agent = p.child(v, "nsubjpass", "csubjpass"), p.child(v, "agent")
    rest = [
        t
        for child in p.having(v, "xcomp", "ccomp", "oprd", "prep", "advcl", "dobj")
        if child > v
        and not (p.deps[child] == "prep" and p.lower[child] in phrases.PLACE_TIME and p.lower[child] != "as")
        for t in p.subtree(child)
    ]
    if v + 1 in rest and p.lower[v + 1] in ("of", "as", "about", "for") and p.heads[v + 1] == v and agent < 0:
        cue = [*cue, v + 1]
        rest.remove(v + 1)
    whole = {*(p.subtree(subject) if subject >= 0 and p.lower[subject] != "it" else ()), *rest}
    content = _cut_aside(p, sorted(whole))
    circle = _circle(p, v) if "n" in frames else -1
    by = [t for t in p.subtree(agent) if t != agent] if agent >= 0 else []
    if circle >= 0:
        inside = p.subtree(circle)
        end = next((t for t in inside if t > circle and p.lower[t] in ("as", "not")), inside[-1] + 1)
        seers = [t for t in inside if circle < t < end]
        apart = {*(t for t in content if t not in inside), *(t for t in inside if t >= end)}
        return attributed(p, seers, cue, sorted(apart), "passive-in", v, lemma)
    if by and not content and phrases.as_clause(p, v):
        # "As reported by the paper, …"
        own = {*p.subtree(v)}
        return attributed(p, by, cue, [t for t in p.subtree(p.heads[v]) if t not in own], "parenthetical", v, lemma)
    if by:
        return attributed(p, by, cue, content, "passive-by", v, lemma)
    if "n" in frames and (rest or ("c" in frames and subject >= 0)):
        return attributed(p, [], cue, content, "passive", v, lemma)
    return None


def _told(p: Parse, v: int, lemma: str, cue: list[int]) -> Relation | None:
    """ "Has been told by its partners that it cannot block the vote"."""
    clause, agent = p.child(v, "ccomp"), p.child(v, "agent")
    if clause < v or not phrases.has_that(p, clause):
        return None
    by = [t for t in p.subtree(agent) if t != agent] if agent >= 0 else []
    return attributed(p, by, cue, p.subtree(clause), "clause", v, lemma)


def _circle(p: Parse, v: int) -> int:
    """The preposition before those who see it so: "seen in the capitals as", "regarded among allies as"."""
    for child in p.having(v, "prep"):
        if p.lower[child] in ("in", "among", "within") and child > v:
            head = p.child(child, "pobj")
            if head >= 0 and sourcewords().get(p.lemmas[head]) == "collective":
                return child
    return -1


# --- where a content begins and ends ---------------------------------------------------------------------------------


def _cut_tail(p: Parse, clause: int, content: list[int]) -> list[int]:
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
    if p.tags[clause] == "VBG" and first == clause and reports(p.lemmas[clause]):
        return True
    return p.lower[first] in _CONTRASTS or (p.lower[first] == "even" and p.lower[first + 1] in ("as", "though"))


def _cut_aside(p: Parse, content: list[int]) -> list[int]:
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
    return label == "relcl" and p.lower[first] in _PERSONAL


def _before_clause(p: Parse, v: int, lemma: str, clause: int) -> list[int]:
    """The noun between verb and clause, where it is spoken of and not spoken to: "repeated the claim that"."""
    noun = p.child(v, "dobj")
    if not v < noun < clause or noun in p.subtree(clause):
        return []
    return p.subtree(noun) if not phrases.whole(p, clause) or lemma not in _ADDRESSING else []


def _annexes(p: Parse, v: int, clause: int) -> list[int]:
    """Parts of the clause that the parser hung on the verb: a condition, a second clause."""
    found: list[int] = []
    for child in p.children[v]:
        first, label = p.lefts[child], p.deps[child]
        if label == "advcl" and v < child < p.lefts[clause] and not p.having(clause, "mark"):
            found += p.subtree(child)
        if child < clause:
            continue
        ground = (label == "advcl" and p.lower[first] in _GROUNDS and p.words[first - 1] != ",") or _is_proviso(
            p, child
        )
        if label == "ccomp" or ground or (label == "conj" and phrases.has_that(p, child)):
            found += p.subtree(child)
        elif label == "conj" and _goes_on(p, v, child, clause):
            found += [first - 1, *p.subtree(child)]
    return found


def _is_proviso(p: Parse, word: int) -> bool:
    """ "Provided that", "assuming that"."""
    return (
        p.lower[word] in _PROVISOS
        and p.deps[word] in ("prep", "mark", "advcl")
        and p.lower[word + 1 : word + 2] == ["that"]
    )


def _goes_on(p: Parse, v: int, second: int, clause: int) -> bool:
    """Whether a conjunct in another tense goes on with what was said: "said it works, but it needs more"."""
    if p.tags[v] != "VBD" or reports(p.lemmas[second]):
        return False
    own = p.child(second, "nsubj") > clause
    return p.tags[second] in ("VBZ", "VBP") or (p.tags[second] == "VB" and own)


def _is_complement(p: Parse, clause: int) -> bool:
    """Whether a clause after "that" lacks nothing, as a relative clause would: "through envoys that it might take the text"."""
    if p.deps[clause] != "relcl":
        return True
    return phrases.whole(p, clause) and p.child(clause, "dobj", "ccomp", "xcomp", "acomp", "attr") > clause


def _displaced(p: Parse, v: int) -> int:
    """A that-clause that the parser hung on a noun between the verb and it ("told a meeting of islanders that"), or −1."""
    for child in p.having(v, "dobj", "prep", "dative", "npadvmod"):
        if p.deps[child] == "prep" and p.lower[child] in _CIRCUMSTANCES:
            continue  # "vowed to go on, despite warnings that": the clause belongs to the warnings
        for token in range(child, p.rights[child] + 1) if child > v else ():
            if (
                p.lower[token] == "that"
                and p.deps[token] == "mark"
                and p.deps[p.heads[token]] in ("acl", "ccomp", "relcl")
            ):
                return p.heads[token] if _is_complement(p, p.heads[token]) else -1
    return -1
