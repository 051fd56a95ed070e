"""Through whom a statement reaches us: reports within reports, sources that are cited, the article and its outlets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from vetopoint.evidence.claim import Link
from vetopoint.evidence.documents import Document
from vetopoint.evidence.reader.edges import FoundEdge, find_edges
from vetopoint.evidence.reader.lexicon import sourcewords
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.parts import Placed
from vetopoint.evidence.reader.people import NOBODY, Actors, People
from vetopoint.evidence.reader.relation import Relation, enclosing
from vetopoint.evidence.reader.turns import TURN, Turn, turn_at
from vetopoint.evidence.reader.weighing import WEIGHED


@dataclass(eq=False)
class Draft:
    """A relation on its way to becoming a claim: who says it, within what it stands, and the edges that it says.

    `absorbed` marks one that only names the sources of another, which then has them in `cited`.
    """

    parse: Parse
    relation: Relation
    links: tuple[Link, ...]
    parent: Draft | None = None
    cited: tuple[Link, ...] = ()
    edges: list[Placed] = field(default_factory=list)
    absorbed: bool = False

    @property
    def extent(self) -> frozenset[int]:
        """All its tokens."""
        return frozenset((*self.relation.source, *self.relation.cue, *self.relation.content))


def drafts_of(parse: Parse, relations: Iterable[Relation], people: People, turns: Sequence[Turn] = ()) -> list[Draft]:
    """The relations of a stretch with their speakers, each within the closest one that reports it."""
    people.enter(parse)
    found = [relation for relation in relations if relation.voice != "credit"]
    drafts = [Draft(parse, relation, ()) for relation in found]
    for draft, outer in zip(drafts, enclosing(found), strict=True):
        draft.parent = drafts[outer[0]] if outer else None
    for own in (False, True):
        for draft in drafts:
            if _is_self(draft) == own:
                draft.links = _speaker(draft, people, turns)
    for draft in drafts:
        if draft.relation.lemma in ("cite", "quote", "invoke") and draft.relation.rule == "object":
            _absorb(draft, drafts, people)
        if draft.parent is not None and draft.parent.relation.rule == TURN:
            _settle_turn(draft.parent, draft)
    return drafts


def _is_self(draft: Draft) -> bool:
    """Whether somebody speaks of himself there: "I believe", "we want"."""
    return [draft.parse.lower[t] for t in draft.relation.source] in (["i"], ["we"])


def _speaker(draft: Draft, people: People, turns: Sequence[Turn]) -> tuple[Link, ...]:
    parse, relation = draft.parse, draft.relation
    if relation.rule == "adjective" and [parse.lower[t] for t in relation.source] == ["it"]:
        return (Link(name="", kind="unknown"),)  # "It is certain that": nobody is named who is.
    if relation.rule == WEIGHED and not relation.source and draft.parent is None:
        return (NOBODY,)
    turn = turn_at(turns, relation.content[0] if relation.rule == TURN else relation.cue[0])
    voice = people.talker(turn) if turn is not None else None
    if relation.rule == TURN and voice is not None:
        return (voice,)
    if voice is None and draft.parent is not None and draft.parent.links:
        voice = draft.parent.links[-1]
    if voice is None and relation.cue[0] in parse.quotes:
        voice = people.goes_on(parse, relation.cue[0])
    return people.link(parse, relation.source, relation.content, voice, nested=draft.parent is not None)


def _settle_turn(turn: Draft, inner: Draft) -> None:
    """Of a sentence of an answer and a report within it one is the claim: the report where it is all that the sentence says."""
    if inner.relation.head == turn.relation.head and not _is_self(inner) and inner.links[-1].kind != "unknown":
        turn.absorbed = True
    elif not turn.absorbed:
        inner.absorbed = True


def _absorb(mine: Draft, drafts: Sequence[Draft], people: People) -> None:
    """ "The paper writes …, citing two diplomats": the diplomats are the innermost link of what the paper writes."""
    parse, content = mine.parse, mine.relation.content
    links = people.link(parse, content)
    cited = any(sourcewords().get(parse.lemmas[t]) in ("role", "unnamed") or parse.pos[t] == "PROPN" for t in content)
    if not cited or links[-1].kind not in ("unnamed", "role", "named"):
        return
    above = parse.heads[mine.relation.head]
    for draft in drafts:
        if draft is not mine and draft.relation.head in (above, parse.heads[above]):
            draft.cited, mine.absorbed = links, True
            return


def settle_edges(parse: Parse, drafts: Sequence[Draft], actors: Actors) -> list[FoundEdge]:
    """Give each edge of a stretch to the innermost relation that says it; return those that nobody but the article says."""
    loose = []
    open_drafts = [(draft, draft.extent) for draft in drafts if not draft.absorbed]
    for first, last in parse.sentences():
        for found in find_edges(parse, first, last, actors) if last - first > 2 else ():
            home = _home(parse, frozenset(found.tokens), first, open_drafts)
            if found.own:
                found = replace(
                    found, edge=found.edge.model_copy(update={"actor": _speaks_for(home) or found.edge.actor})
                )
            if home is None:
                loose.append(found)
            else:
                home.edges.append(Placed(found.edge, parse.ends[max(found.tokens)]))
    return loose


def _speaks_for(draft: Draft | None) -> str:
    """The actor for whom the speaker of a draft, or the closest known one around it, speaks."""
    while draft is not None:
        if draft.links[-1].actor:
            return draft.links[-1].actor
        draft = draft.parent
    return ""


def _home(
    parse: Parse, covered: frozenset[int], first: int, drafts: Sequence[tuple[Draft, frozenset[int]]]
) -> Draft | None:
    """The smallest relation that holds most of an edge's words, else the one that holds most, else one that goes on with them."""
    fits = [(len(body), draft) for draft, body in drafts if 2 * len(covered & body) > len(covered)]
    near = [(-len(covered & body), draft) for draft, body in drafts if covered & body]
    if not near:
        start = min(covered)
        before = [draft for draft, _ in drafts if first <= draft.relation.cue[0] < start]
        last = max(before, key=lambda draft: draft.relation.cue[0], default=None)
        return last if last is not None and _goes_on(parse, last.relation, start) else None
    return min(fits or near, key=lambda ranked: ranked[0])[1]


def _goes_on(parse: Parse, relation: Relation, start: int) -> bool:
    """Whether words from ``start`` on still belong to what a relation says: after "but", or as a consequence after a dash."""
    between = range(max((*relation.content, *relation.cue)) + 1, start)
    return parse.lower[start] in ("but", "rather") or any(parse.words[t] in ("—", "–") for t in between)


class Publication:
    """The article, the paper that printed it, and the one outlet on which it draws, where ``people`` name one alone."""

    def __init__(self, document: Document, people: People) -> None:
        article = Link(name=document.title or document.id, kind="named", role="article")
        paper = (Link(name=document.outlet, kind="named", role="outlet"),) if document.outlet else ()
        self.published: tuple[Link, ...] = (article, *paper)
        sole = people.outlets if len(people.outlets) == 1 else ()
        self.outlet = tuple(Link(name=name, kind="named", role="outlet") for name in sole)
        self.own = (*self.published, *(self.outlet if people.cited > 1 else ()))
        """The chain of what the article says in its own voice."""

    def chain(self, draft: Draft) -> tuple[Link, ...]:
        """The chain of what somebody is said to say, outermost first."""
        path = [draft]
        while path[-1].parent is not None and not any(step is path[-1].parent for step in path):
            path.append(path[-1].parent)
        links: list[Link] = []
        if draft.links == (NOBODY,) and draft.parent is None:
            return self.own
        for step in reversed(path):
            for link in (*step.links, *step.cited):
                told = step is draft or link.kind != "unknown"
                if told and (not links or links[-1].name != link.name):
                    links.append(link)
        known = [link for link in links if link.kind != "unknown"]
        if draft.links in ((Link(name="", kind="unknown"),), (NOBODY,)) and known:
            links = known
        if all(link.role != "outlet" for link in links) and not (links and links[-1].kind == "named"):
            links = [*self.outlet, *links]
        return (*self.published, *(link for link in links if link.name != self.published[-1].name))
