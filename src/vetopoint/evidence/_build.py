"""From attribution relations to claims: chains, kinds, hedges, conditions, edges, offsets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from vetopoint.evidence._actors import Actors
from vetopoint.evidence._acts import clause_act
from vetopoint.evidence._documents import Document
from vetopoint.evidence._edges import FoundEdge, find_edges
from vetopoint.evidence._lexicon import Lexicon, rows
from vetopoint.evidence._links import link_claims
from vetopoint.evidence._parse import Parse
from vetopoint.evidence._parts import Placed, parted
from vetopoint.evidence._people import People, reason_for_anonymity
from vetopoint.evidence._relations import Relation, relations
from vetopoint.evidence._unattributed import unattributed
from vetopoint.evidence._wording import worded
from vetopoint.evidence.claim import Act, Claim, Edge, Kind, Link, Span

__all__ = ["build_claims"]

_CONDITION = re.compile(
    r"\b(?:if|unless|until|provided|only when|without|as long as|in the event of|on condition)\b[^,;.]*", re.IGNORECASE
)
_CLOSING = re.compile(r"[.,!?]?”")
_REPORTERS = ("reportedly", "allegedly", "purportedly", "supposedly", "ostensibly", "apparently")
_FUTURE = frozenset(("will", "would", "’ll", "'ll", "shall", "could", "may", "might", "can"))
_VIEWS = frozenset(("see", "view", "regard", "describe", "consider", "call", "perceive", "portray", "deem", "judge"))
_WISHES = frozenset(("want", "hope", "prefer", "wish", "plan", "intend", "seek", "refuse", "decline"))


@dataclass
class _Draft:
    """A relation on its way to becoming a claim."""

    parse: Parse
    relation: Relation
    links: tuple[Link, ...]
    parent: int = -1
    cited: tuple[Link, ...] = ()
    edges: list[Placed] = field(default_factory=list)
    absorbed: bool = False


def build_claims(
    document: Document, parses: Iterable[Parse], actors: Actors, lexicon: Lexicon, coder: str
) -> list[Claim]:
    """Claims of one document, in the order of the text, with ids ``<document>.<number>``."""
    people = People(actors)
    drafts: list[_Draft] = []
    loose: list[tuple[Parse, FoundEdge, tuple[int, int]]] = []
    quoted: list[tuple[Parse, tuple[int, int], list[Edge]]] = []
    for parse in parses:
        batch = _stretch(parse, people, lexicon, base=len(drafts))
        drafts.extend(batch)
        left = _settle_edges(parse, batch, actors)
        for first, last in unattributed(parse, [_extent(draft.relation) for draft in batch]):
            own = [item for item in left if first <= (item[2][0] + item[2][1]) // 2 <= last]
            left = [item for item in left if item not in own]
            quoted.append((parse, (first, last), [edge.edge for _, edge, _ in own]))
        loose.extend(left)
    article = Link(name=document.title or document.id, kind="named", role="article")
    outlet = Link(name=people.outlets[0], kind="named", role="outlet") if len(people.outlets) == 1 else None
    published: tuple[Link, ...] = (article,)
    if document.outlet:
        published = (article, Link(name=document.outlet, kind="named", role="outlet"))
    claims = [
        part
        for draft in drafts
        if not draft.absorbed
        for part in parted(
            _claim(document, draft, drafts, published, outlet, actors, lexicon), draft.edges, document.text, _hedge
        )
    ]
    voice = (*published, outlet) if outlet is not None and people.cited > 1 else published
    claims += [_bare_claim(document, parse, edge, sentence, voice) for parse, edge, sentence in loose]
    claims += [_quoted_claim(document, parse, place, edges, voice) for parse, place, edges in quoted]
    day = document.date.isoformat() if document.date else ""
    claims.sort(key=lambda claim: (claim.content[0].start, claim.cue.start if claim.cue else -1))
    return link_claims(
        [
            claim.model_copy(update={"id": f"{document.id}.{number}", "coder": coder, "date": day})
            for number, claim in enumerate(claims, start=1)
        ]
    )


def _stretch(parse: Parse, people: People, lexicon: Lexicon, base: int) -> list[_Draft]:
    found = [relation for relation in relations(parse, lexicon) if relation.voice != "credit"]
    drafts = [_Draft(parse, relation, people.link(parse, relation.source)) for relation in found]
    bodies = [frozenset(relation.content) for relation in found]
    for mine, relation in enumerate(found):
        outer = [
            other
            for other, body in enumerate(bodies)
            if other != mine and relation.cue[0] in body and found[other].cue[0] not in bodies[mine]
        ]
        if outer:
            drafts[mine].parent = base + min(outer, key=lambda other: len(bodies[other]))
    for mine, relation in enumerate(found):
        if relation.lemma in ("cite", "quote", "invoke") and relation.rule == "object":
            _absorb(parse, drafts, mine, people, lexicon)
    return drafts


def _absorb(parse: Parse, drafts: list[_Draft], mine: int, people: People, lexicon: Lexicon) -> None:
    """ "The paper writes …, citing two diplomats": the diplomats are the innermost link of what the paper writes."""
    links = people.link(parse, drafts[mine].relation.content)
    if links[-1].kind not in ("unnamed", "role", "named") or not any(
        parse.lemmas[t] in ("source", "official", "diplomat", "person", "people", "insider", "agency")
        or parse.pos[t] == "PROPN"
        for t in drafts[mine].relation.content
    ):
        return
    head = drafts[mine].relation.head
    for other, draft in enumerate(drafts):
        if other != mine and draft.relation.head in (parse.heads[head], parse.heads[parse.heads[head]]):
            draft.cited = links
            drafts[mine].absorbed = True
            return


def _settle_edges(parse: Parse, batch: list[_Draft], actors: Actors) -> list[tuple[Parse, FoundEdge, tuple[int, int]]]:
    """Give each edge to the innermost relation that says it; return those that nobody but the article says."""
    loose = []
    bodies = [frozenset((*draft.relation.content, *draft.relation.cue, *draft.relation.source)) for draft in batch]
    for first, last in _sentences(parse):
        tokens = [t for t in range(first, last + 1) if parse.pos[t] != "SPACE"]
        for edge in find_edges([parse.words[t] for t in tokens], actors) if len(tokens) > 3 else ():
            carried = tokens[edge.first : edge.last + 1]
            edge = replace(edge, edge=worded(parse, carried, edge.edge, actors))
            covered = set(carried)
            fits = [
                (len(body), number)
                for number, body in enumerate(bodies)
                if not batch[number].absorbed and len(covered & body) * 2 > len(covered)
            ]
            near = [
                (-len(covered & body), number)
                for number, body in enumerate(bodies)
                if not batch[number].absorbed and covered & body
            ]
            before = [
                (-draft.relation.cue[0], number)
                for number, draft in enumerate(batch)
                if first <= draft.relation.cue[0] < min(covered) and not draft.absorbed
            ]
            if not near and before and _goes_on(parse, batch[min(before)[1]].relation, min(covered)):
                near = before
            if fits or near:
                batch[min(fits or near)[1]].edges.append(Placed(edge.edge, parse.ends[carried[-1]]))
            else:
                loose.append((parse, edge, (first, last)))
    return loose


def _goes_on(parse: Parse, relation: Relation, start: int) -> bool:
    """Whether words from ``start`` on still belong to what a relation says: after "but", or as a consequence after a dash."""
    between = range(max((*relation.content, *relation.cue)) + 1, start)
    return parse.lower[start] in ("but", "rather") or any(parse.words[t] in ("—", "–") for t in between)


def _sentences(parse: Parse) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    first = 0
    for token in range(1, len(parse) + 1):
        if token == len(parse) or parse.sents[token] != parse.sents[first]:
            out.append((first, token - 1))
            first = token
    return out


def _chain(
    draft: _Draft, drafts: Sequence[_Draft], published: tuple[Link, ...], outlet: Link | None
) -> tuple[Link, ...]:
    links: list[Link] = []
    seen: set[int] = set()
    path = [draft]
    while path[-1].parent >= 0 and path[-1].parent not in seen:
        seen.add(path[-1].parent)
        path.append(drafts[path[-1].parent])
    for step in reversed(path):
        for link in (*step.links, *step.cited):
            if link.kind == "unknown" and step is not draft:
                continue
            if not links or links[-1].name != link.name:
                links.append(link)
    known = [link for link in links if link.kind != "unknown"]
    if draft.links == (Link(name="", kind="unknown"),) and known:
        links = known
    if outlet and all(link.role != "outlet" for link in links) and not (links and links[-1].kind == "named"):
        links.insert(0, outlet)
    return (*published, *(link for link in links if link.name != published[-1].name))


def _claim(
    document: Document,
    draft: _Draft,
    drafts: Sequence[_Draft],
    published: tuple[Link, ...],
    outlet: Link | None,
    actors: Actors,
    lexicon: Lexicon,
) -> Claim:
    parse, relation = draft.parse, draft.relation
    chain = _chain(draft, drafts, published, outlet)
    sentence = _sentence_span(document.text, parse, (*relation.cue, *relation.content))
    content = _spans(document.text, parse, relation.content)
    body = " ".join(span.text for span in content)
    reason = reason_for_anonymity(sentence.text)
    if reason and chain[-1].kind in ("unnamed", "role"):
        chain = (*chain[:-1], chain[-1].model_copy(update={"reason": reason}))
    root = _root(parse, relation.content)
    verb = lexicon.verbs.get(relation.lemma)
    act: Act = verb.act if verb is not None and verb.act else "SAY"  # type: ignore[assignment]
    if act == "SAY":
        act = clause_act(parse, root, lexicon) or "SAY"
    condition = _CONDITION.search(body)
    edges = tuple(placed.edge for placed in draft.edges)
    return Claim(
        id="",
        source=document.id,
        quote=content[0].text if len(content) == 1 else "",
        sentence=sentence,
        cue=_cover(document.text, parse, relation.cue),
        content=content,
        speaker=_spans(document.text, parse, relation.source) if relation.source else (),
        chain=chain,
        kind=_kind(parse, relation, root, edges, act, condition is not None),
        act=act,
        polarity=-1 if _negated(parse, root) else 1,
        hedge=_hedge(body),
        reporter_hedge=_distance(parse, relation, sentence.text, verb.distance if verb else ""),
        condition=" ".join(condition.group().split()) if condition else "",
        about=_about(parse, root, actors, chain[-1].actor),
        edges=edges,
        rule=relation.rule,
        coder="machine",
        status="proposed",
    )


def _bare_claim(
    document: Document, parse: Parse, edge: FoundEdge, sentence: tuple[int, int], chain: tuple[Link, ...]
) -> Claim:
    span = _sentence_span(document.text, parse, sentence)
    return Claim(
        id="",
        source=document.id,
        quote=span.text,
        sentence=span,
        content=(span,),
        chain=chain,
        kind={"requires": "condition", "threat": "threat", "value": "assessment", "risk": "forecast"}.get(
            edge.edge.kind, "assertion"
        ),  # type: ignore[arg-type]
        hedge=_hedge(span.text),
        about=edge.edge.actor,
        edges=(edge.edge,),
        rule=f"edge-{edge.pattern}",
        coder="machine",
        status="proposed",
    )


def _extent(relation: Relation) -> tuple[int, frozenset[int]]:
    return relation.cue[0], frozenset((*relation.cue, *relation.content, *relation.source))


def _quoted_claim(
    document: Document, parse: Parse, place: tuple[int, int], edges: list[Edge], chain: tuple[Link, ...]
) -> Claim:
    """A quotation that nobody is said to speak: the last link of its chain is unknown."""
    span = _cover(document.text, parse, place)
    kinds = {edge.kind for edge in edges}
    return Claim(
        id="",
        source=document.id,
        quote=span.text,
        sentence=_sentence_span(document.text, parse, place),
        content=(span,),
        chain=(*chain, Link(name="", kind="unknown")),
        kind="threat" if "threat" in kinds else "condition" if "requires" in kinds else "assertion",
        hedge=_hedge(span.text),
        edges=tuple(edges),
        rule="quotation",
        coder="machine",
        status="proposed",
    )


def _kind(parse: Parse, relation: Relation, root: int, edges: Sequence[Edge], act: Act, conditional: bool) -> Kind:
    kinds = {edge.kind for edge in edges}
    if act == "THREATEN" or "threat" in kinds:
        return "threat"
    if "requires" in kinds or conditional:
        return "condition"
    if relation.lemma in _VIEWS or relation.rule == "raising":
        return "assessment"
    if relation.rule in ("infinitive", "adjective") or relation.lemma in _WISHES or act not in ("SAY", ""):
        return "position"
    if any(parse.lower[c] in _FUTURE for c in parse.children[root] if parse.deps[c] == "aux"):
        return "forecast"
    return "assertion"


def _root(parse: Parse, tokens: Sequence[int]) -> int:
    inside = set(tokens)
    roots = [t for t in tokens if (parse.heads[t] not in inside or parse.heads[t] == t) and parse.pos[t] != "PUNCT"]
    return next((t for t in roots if parse.pos[t] in ("VERB", "AUX")), roots[0] if roots else tokens[0])


def _negated(parse: Parse, root: int) -> bool:
    return any(parse.deps[c] == "neg" for c in parse.children[root])


def _about(parse: Parse, root: int, actors: Actors, speaker: str) -> str:
    """The actor whose doing the content speaks of, where that is not the speaker himself."""
    subject = parse.child(root, "nsubj", "nsubjpass")
    agent = parse.child(root, "agent")
    for node in (agent, subject):
        if node >= 0:
            found = actors.mentions([parse.words[t] for t in _core(parse, node)])
            if found and found[0].actor != speaker:
                return found[0].actor
    return ""


def _core(parse: Parse, node: int) -> list[int]:
    """A phrase without the clauses that hang on it: "divisions, exposed on the day of the invasion" are divisions."""
    kept = [node]
    for token in kept:
        kept.extend(c for c in parse.children[token] if parse.deps[c] not in ("acl", "relcl", "advcl", "punct"))
    return sorted(kept)


@lru_cache(maxsize=1)
def _hedges() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    table = {row["phrase"]: (row["word"], row["sort"]) for row in rows("hedges.csv")}
    phrases = sorted((p for p, (word, _) in table.items() if word), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, phrases)) + r")\b"), table


def _hedge(text: str) -> str:
    """The strongest word of probability in a text: a stated probability before a bare possibility before "would"."""
    regex, table = _hedges()
    order = {"probability": 0, "belief": 1, "possibility": 2, "conditional": 3}
    found = [table[match.group(1)] for match in regex.finditer(text.lower())]
    return min(found, key=lambda entry: order.get(entry[1], 9))[0] if found else ""


def _distance(parse: Parse, relation: Relation, sentence: str, distance: str) -> str:
    low = sentence.lower()
    word = next((word for word in _REPORTERS if word in low), "")
    return word or distance


def _spans(text: str, parse: Parse, tokens: Sequence[int]) -> tuple[Span, ...]:
    """Runs of adjacent tokens as spans; a gap of punctuation alone does not part them."""
    inside = set(tokens)
    out: list[Span] = []
    run: list[int] = []
    for token in sorted(inside):
        if run and any(parse.pos[t] not in ("PUNCT", "SPACE") for t in range(run[-1] + 1, token)):
            out.append(_cover(text, parse, run))
            run = []
        run.append(token)
    out.append(_cover(text, parse, run))
    return tuple(_closed(text, span) for span in out if span.text) or (_cover(text, parse, sorted(inside)),)


def _closed(text: str, span: Span) -> Span:
    """A quotation that opens within the span and closes right behind it ends with its mark."""
    mark = _CLOSING.match(text, span.end)
    if mark is None or span.text.count("“") <= span.text.count("”"):
        return span
    return Span(text=text[span.start : mark.end()], start=span.start, end=mark.end())


def _cover(text: str, parse: Parse, tokens: Sequence[int]) -> Span:
    start, end = parse.starts[min(tokens)], parse.ends[max(tokens)]
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(text=text[start:end], start=start, end=end)


def _sentence_span(text: str, parse: Parse, tokens: Sequence[int]) -> Span:
    first, last = min(tokens), max(tokens)
    while first > 0 and parse.sents[first - 1] == parse.sents[first]:
        first -= 1
    while last + 1 < len(parse) and parse.sents[last + 1] == parse.sents[last]:
        last += 1
    return _cover(text, parse, (first, last))
