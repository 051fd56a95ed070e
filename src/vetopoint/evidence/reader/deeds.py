"""Acts that are no speech: who accepts, vetoes or signs takes a stance, though no verb of saying reports it.

Only acts of actors that the case or the map of the world knows are taken, and only where nobody reports an act of his own side.
"""

from collections.abc import Iterator, Sequence

from vetopoint.evidence.reader import phrases
from vetopoint.evidence.reader.acts import is_due
from vetopoint.evidence.reader.judgement import act_of, is_able, named_act
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.people import Actors
from vetopoint.evidence.reader.polarity import governs, words_of
from vetopoint.evidence.reader.relation import Relation, attributed
from vetopoint.evidence.reader.worth import says_something, takes_stands

_STANCES = ("AGREE", "SUPPORT", "REJECT", "DISAPPROVE")


def deeds(p: Parse, found: Sequence[Relation], actors: Actors) -> list[Relation]:
    """The acts of a stretch that no relation found before reports or performs."""
    heads = {relation.head for relation in found}
    out = []
    for v in range(len(p)):
        if p.pos[v] in phrases.VERBAL and p.deps[v] not in ("aux", "auxpass", "relcl", "amod") and v not in heads:
            inner, act, _ = act_of(p, v)
            taken = act in _STANCES or (act and named_act(p, inner)) or _prefers(p, v)
            relation = _deed(p, v, found, actors) if taken and inner not in heads else None
            if relation:
                out.append(relation)
                heads |= {v, inner}
    return out


def _deed(p: Parse, v: int, found: Sequence[Relation], actors: Actors) -> Relation | None:
    if (p.deps[v] == "acl" and not phrases.has_that(p, v)) or is_able(p, v) or _is_owed(p, v):
        return None
    agent = p.child(v, "agent")
    passive = p.child(v, "nsubjpass", "auxpass") >= 0
    source = [t for t in p.subtree(agent) if t != agent] if agent >= 0 else phrases.subject(p, v)
    if (
        (passive and agent < 0)
        or not source
        or not (actors.mentions([p.words[t] for t in _named(p, source)]) or takes_stands(p, _named(p, source)))
    ):
        return None
    who = {mention.actor for mention in actors.mentions([p.words[t] for t in source])}
    if any(v in r.content and who & _actors(p, _named(p, r.source), actors) for r in found if r.source):
        return None
    cue = phrases.group(p, v)
    inner = act_of(p, v)[0]
    content = sorted(_content(p, v, source, passive=passive)) or (p.subtree(inner) if inner != v else [])
    if _prefers(p, v):
        cue, content = [t for t in cue if t < v], [t for t in p.subtree(v) if t >= v]
    told = {t for c in content if p.lower[c] == "according" for t in p.subtree(c)}
    content = [t for t in content if t not in cue and t not in told]
    deed = attributed(p, source, cue, content, "deed", v, p.lemmas[v]) if content else None
    return deed if deed is not None and says_something(p, deed) else None


def _is_owed(p: Parse, v: int) -> bool:
    """ "Has to agree", "should accept": what is due is not done."""
    return is_due(p, v) or (p.deps[v] == "xcomp" and is_due(p, p.heads[v]))


def _prefers(p: Parse, v: int) -> bool:
    """ "Would rather lend them its own"."""
    helpers = {p.lower[c] for c in p.having(v, "aux")}
    return not helpers.isdisjoint(("would", "’d", "'d")) and any(
        p.lower[c] in ("rather", "sooner") for c in p.having(v, "advmod")
    )


def opinions(p: Parse) -> list[Relation]:
    """ "Officials doubt that", with *doubt* taken for a noun; "are not convinced that", "was persuaded that"."""
    out = []
    for v in sorted({head for head, label in zip(p.heads, p.deps, strict=True) if label == "ccomp"}):
        clause = p.child(v, "ccomp")
        if clause < v or not phrases.has_that(p, clause):
            continue
        lemma, holder = p.lemmas[v], v
        if p.pos[v] == "NOUN" and p.deps[v] in ("ROOT", "ccomp", "conj") and lemma in words_of("verb"):
            cue = [*p.having(v, "aux", "neg"), v]
        elif p.lower[v] in ("convinced", "persuaded", "satisfied", "reassured"):
            holder = p.heads[v] if p.deps[v] == "acomp" else v
            cue = [*p.having(holder, "aux", "auxpass", "neg"), holder, *p.having(v, "neg", "advmod"), v]
        else:
            continue
        subject = p.child(holder, "nsubj", "nsubjpass", "compound")
        if subject < 0 or any(c == "agent" for c in (p.deps[t] for t in p.children[v])):
            continue
        relation = attributed(p, p.subtree(subject), sorted({*cue}), p.subtree(clause), "clause", v, lemma)
        out += [relation] if relation else []
    return out


def _named(p: Parse, source: Sequence[int]) -> list[int]:
    """A subject up to its first comma or relative clause."""
    end = next((at for at, t in enumerate(source) if p.words[t] == "," or p.deps[t] == "relcl"), len(source))
    return list(source[:end])


def _actors(p: Parse, source: Sequence[int], actors: Actors) -> set[str]:
    return {mention.actor for mention in actors.mentions([p.words[t] for t in source])}


def _content(p: Parse, v: int, source: Sequence[int], *, passive: bool) -> Iterator[int]:
    inside = set(source)
    for child in p.children[v]:
        if passive and p.deps[child] == "nsubjpass":
            yield from p.subtree(child)
        elif child > v and p.deps[child] in (
            "dobj",
            "prep",
            "xcomp",
            "ccomp",
            "prt",
            "acomp",
            "attr",
            "dative",
            "advcl",
        ):
            place = p.deps[child] == "prep" and p.lower[child] in phrases.PLACE_TIME
            place = place and not (p.lower[child] == "on" and p.child(v, "dobj") < 0 and child == p.child(v, "prt") + 1)
            loose = (p.deps[child] == "advcl" and not governs(p, v, child)) or (
                p.deps[child] == "advmod" and p.child(child, "prep") < 0
            )
            if p.deps[child] != "prt" and not place and not loose:
                yield from (t for t in p.subtree(child) if t not in inside)
