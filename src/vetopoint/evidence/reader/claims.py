"""From attribution relations to claims: each with its chain, its judgement, and the characters where its words stand."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from vetopoint.evidence.claim import Claim, Edge, EdgeKind, Kind, Link, Span
from vetopoint.evidence.documents import Document
from vetopoint.evidence.reader.acts import about, condition, distance, hedge, is_due
from vetopoint.evidence.reader.attribution import relations
from vetopoint.evidence.reader.chain import Draft, Publication, drafts_of, settle_edges
from vetopoint.evidence.reader.continuation import running_on
from vetopoint.evidence.reader.deeds import deeds, opinions
from vetopoint.evidence.reader.judgement import is_said, judge, main_clause, plain_kind, speaks_of_itself, thing_done
from vetopoint.evidence.reader.lexicon import verbs
from vetopoint.evidence.reader.links import link_claims
from vetopoint.evidence.reader.narration import Statement, is_comment, narrated
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.parts import parted
from vetopoint.evidence.reader.people import Actors, People, reason_for_anonymity
from vetopoint.evidence.reader.polarity import standing
from vetopoint.evidence.reader.speech import unattributed
from vetopoint.evidence.reader.turns import TURN, sentence_moved, taken_apart, turns_of
from vetopoint.evidence.reader.worth import settle_nested, worthwhile

_CLOSING = re.compile(r"[.,!?]?”")
_KINDS: dict[EdgeKind, Kind] = {"threat": "threat", "requires": "condition", "value": "assessment", "risk": "forecast"}


def build_claims(document: Document, parses: Iterable[Parse], actors: Actors, coder: str) -> list[Claim]:
    """Claims of one document, in the order of the text, with ids ``<document>.<number>``."""
    people = People(actors)
    drafts: list[Draft] = []
    own_words: list[tuple[Parse, Statement]] = []
    quoted: list[tuple[Parse, tuple[int, int], Link, tuple[Edge, ...]]] = []
    stretches = list(parses)
    comment = is_comment(stretches)
    for parse, turns in zip(stretches, turns_of(stretches), strict=True):
        reported = taken_apart(parse, relations(parse), turns)
        known = {relation.head for relation in reported}
        reported += [opinion for opinion in opinions(parse) if opinion.head not in known]
        said = worthwhile(parse, [relation for relation in reported if is_said(parse, relation)])
        said += list(running_on(parse, said))
        said += [deed for deed in deeds(parse, said, actors) if is_said(parse, deed)]
        batch = drafts_of(parse, said, people, turns)
        settle_nested(batch)
        drafts += batch
        left = settle_edges(parse, batch, actors)
        for first, last in unattributed(parse, [(draft.relation.cue[0], draft.extent) for draft in batch]):
            own = [edge for edge in left if first <= sum(edge.sentence) // 2 <= last]
            left = [edge for edge in left if edge not in own]
            quoted.append((parse, (first, last), people.goes_on(parse, first), tuple(edge.edge for edge in own)))
        extents = [draft.extent for draft in batch]
        own_words += [(parse, found) for found in narrated(parse, left, extents, actors, comment=comment and not turns)]
    build = _Builder(document, Publication(document, people), actors)
    claims = [
        part
        for draft in drafts
        if not draft.absorbed
        for part in parted(build.reported(draft), draft.edges, document.text)
    ]
    claims += [build.bare(parse, found) for parse, found in own_words]
    claims += [build.quoted(*quotation) for quotation in quoted]
    day = document.date.isoformat() if document.date else ""
    claims.sort(key=lambda claim: (claim.content[0].start, claim.cue.start if claim.cue else -1))
    return link_claims(
        [
            claim.model_copy(update={"id": f"{document.id}.{number}", "coder": coder, "date": day})
            for number, claim in enumerate(claims, start=1)
        ]
    )


def _kind_of(edges: Sequence[Edge]) -> Kind:
    """The kind of what the article says itself, by the strongest edge."""
    kinds = {edge.kind for edge in edges}
    return next((_KINDS[kind] for kind in _KINDS if kind in kinds), "assertion")


class _Builder:
    """Writes the claims of one document."""

    def __init__(self, document: Document, publication: Publication, actors: Actors) -> None:
        self.document, self.text = document, document.text
        self.publication, self.actors = publication, actors

    def reported(self, draft: Draft) -> Claim:
        """What somebody is said to say."""
        parse, relation = draft.parse, sentence_moved(draft.relation)
        chain = self.publication.chain(draft)
        sentence = self._sentence(parse, (*relation.cue, *relation.content))
        content = self._spans(parse, relation.content)
        reason = reason_for_anonymity(sentence.text)
        if reason and chain[-1].kind in ("unnamed", "role"):
            chain = (*chain[:-1], chain[-1].model_copy(update={"reason": reason}))
        root = thing_done(parse, relation)
        verb = verbs().get(relation.lemma)
        hangs_on = condition(parse, relation.content)
        edges = tuple(placed.edge for placed in draft.edges)
        directly = relation.rule == TURN
        own = speaks_of_itself(parse, root, relation.source, chain[-1].actor, self.actors, directly=directly)
        act, polarity, kind = judge(parse, relation, root, edges, own=own, conditional=bool(hangs_on))
        if relation.lemma == "warn" and act != "THREATEN":
            edges = tuple(edge for edge in edges if edge.kind != "threat" or edge.actor != chain[-1].actor)
        return self._claim(
            sentence,
            content,
            cue=self._cover(parse, relation.cue),
            speaker=self._spans(parse, relation.source) if relation.source else (),
            chain=chain,
            kind=kind,
            act=act,
            polarity=polarity,
            reporter_hedge=distance(sentence.text, verb.distance if verb else ""),
            condition=hangs_on,
            about=about(parse, root, self.actors, chain[-1].actor),
            edges=edges,
            rule=relation.rule,
        )

    def bare(self, parse: Parse, found: Statement) -> Claim:
        """What nobody but the article says."""
        edges = tuple(carried.edge for carried in found.edges)
        root = main_clause(parse, found.tokens)
        return self._claim(
            self._sentence(parse, found.tokens),
            self._spans(parse, found.tokens),
            chain=self.publication.own,
            polarity=standing(parse, root).sign,
            kind=_kind_of(edges)
            if edges
            else "position"
            if is_due(parse, root)
            else plain_kind(parse, root, own=False),
            about=edges[0].actor if edges else about(parse, root, self.actors, ""),
            edges=edges,
            rule=found.rule,
        )

    def quoted(self, parse: Parse, place: tuple[int, int], speaker: Link, edges: tuple[Edge, ...]) -> Claim:
        """A quotation that nobody is said to speak: who goes on speaking, where that is clear."""
        kinds = {edge.kind for edge in edges}
        return self._claim(
            self._sentence(parse, place),
            (self._cover(parse, place),),
            chain=(*self.publication.own, speaker),
            polarity=standing(parse, main_clause(parse, range(place[0], place[1] + 1))).sign,
            kind="threat" if "threat" in kinds else "condition" if "requires" in kinds else "assertion",
            edges=edges,
            rule="quotation",
        )

    def _claim(self, sentence: Span, content: tuple[Span, ...], **judged: Any) -> Claim:
        return Claim(
            id="",
            source=self.document.id,
            quote=content[0].text if len(content) == 1 else "",
            sentence=sentence,
            content=content,
            hedge=hedge(" ".join(span.text for span in content)),
            status="proposed",
            **judged,
        )

    def _spans(self, parse: Parse, tokens: Sequence[int]) -> tuple[Span, ...]:
        """Runs of adjacent tokens as spans; a gap of punctuation alone does not part them."""
        runs: list[list[int]] = []
        for token in sorted(set(tokens)):
            if runs and (
                runs[-1][-1] + 1 == token
                or all(parse.pos[t] in ("PUNCT", "SPACE") for t in range(runs[-1][-1] + 1, token))
            ):
                runs[-1].append(token)
            else:
                runs.append([token])
        spans = tuple(self._closed(span) for run in runs if (span := self._cover(parse, run)).text)
        return spans or (self._cover(parse, tokens),)

    def _closed(self, span: Span) -> Span:
        """A quotation that opens within the span and closes right behind it ends with its mark."""
        mark = _CLOSING.match(self.text, span.end)
        if mark is None or span.text.count("“") <= span.text.count("”"):
            return span
        return Span.cut(self.text, span.start, mark.end())

    def _cover(self, parse: Parse, tokens: Sequence[int]) -> Span:
        return Span.cut(self.text, parse.starts[min(tokens)], parse.ends[max(tokens)], None)

    def _sentence(self, parse: Parse, tokens: Sequence[int]) -> Span:
        return self._cover(parse, (parse.sentence(min(tokens))[0], parse.sentence(max(tokens))[1]))
