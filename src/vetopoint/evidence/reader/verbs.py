"""Attribution by a reporting verb: with a clause, an infinitive, an object, a preposition, and in the passive."""

from __future__ import annotations

from dataclasses import dataclass

from vetopoint.evidence.reader.contents import RELATIVE, Contents
from vetopoint.evidence.reader.phrases import FIRST, PLACE_TIME, Phrases
from vetopoint.evidence.reader.relation import Findings
from vetopoint.evidence.reader.speech import Speech

__all__ = ["VerbRules"]

_LIGHT = frozenset(("express", "voice"))
_ACCUSING = {"ask": ("about",), "challenge": ("about", "on")}


@dataclass(frozen=True)
class _Report:
    """A verb that may report: its token, lemma and frames, its subject's tokens, and those of its group."""

    v: int
    lemma: str
    frames: frozenset[str]
    source: list[int]
    cue: list[int]


class VerbRules:
    """The rules that start from a verb."""

    def __init__(self, phrases: Phrases, found: Findings) -> None:
        self.phrases, self.found = phrases, found
        self.contents, self.speech = Contents(phrases), Speech(phrases)
        self.p, self.lex = phrases.p, phrases.lex

    def attribute(self, v: int, lemma: str) -> None:
        """Add the relation that the verb ``v`` expresses, if any: the first rule that fits."""
        p, frames = self.p, self.lex.frames(lemma)
        reduced = p.tags[v] == "VBN" and p.deps[v] == "advcl" and not p.having(v, "aux")
        if reduced or p.child(v, "nsubjpass", "auxpass") >= 0:
            self._passive(v, lemma)
            return
        source, cue = self.phrases.subject(v), self.phrases.group(v)
        if not source or source[0] == p.lefts[v]:
            source = self.phrases.inverted(v, lemma) or source
        source = self.speech.speaker(v, lemma, source, cue)
        quoted = self.speech.quoted(v, lemma, source, cue)
        if quoted:
            self.found.add(source, cue, quoted, "quote", v, lemma)
        elif "r" in frames:
            self._raising(v, lemma)
        elif p.deps[v] != "acl" or p.tags[v] != "VB":
            attempts = [self._clause, self._infinitive, self._object, self._preposition]
            for attempt in attempts[:1] if self.phrases.supposed(v) else attempts:
                if attempt(_Report(v, lemma, frames, source, cue)):
                    return

    def _add(self, report: _Report, content: list[int], rule: str, cue: list[int] | None = None) -> bool:
        self.found.add(report.source, cue or report.cue, content, rule, report.v, report.lemma)
        return True

    def _ours(self, report: _Report) -> bool:
        """Whether the source is nobody but I, we, you or one."""
        return bool(report.source) and all(self.p.lower[t] in FIRST for t in report.source)

    def _clause(self, report: _Report) -> bool:
        p, v, frames = self.p, report.v, report.frames
        if "-c" in frames and not ("f" in frames and self._ours(report)):
            return False
        if report.lemma in ("figure", "find") and p.lower[max(p.child(v, "prt"), 0)] == "out":
            return False
        clauses = p.having(v, "ccomp")
        clause = next((c for c in clauses if c > v), clauses[-1] if clauses else -1)
        if clause < 0 and "c" in frames:
            busy = max([-1, *p.having(v, "dobj", "xcomp")]) > v
            if not busy and (p.deps[v] == "parataxis" or self.phrases.as_clause(v)):
                return self._parenthetical(report)
            clause = self.contents.displaced(v)
        if clause < 0 or not self._governs(report, clause):
            return False
        if clause < v:
            return self._said_before(report, clause)
        content = [t for t in p.subtree(clause) if t not in report.cue and t not in report.source]
        content += [*self.contents.annexes(v, clause), *self.contents.before_clause(v, report.lemma, clause)]
        content = self.contents.cut_aside(self.contents.cut_tail(clause, sorted({*content})))
        return self._add(report, content, "clause" if self.phrases.finite(clause) else "infinitive")

    def _governs(self, report: _Report, clause: int) -> bool:
        """Whether a clause is what the verb reports, by the verb's frames and the clause's form."""
        p, v, frames = self.p, report.v, report.frames
        finite = self.phrases.finite(clause)
        if not finite and frames.isdisjoint(("t", "o", "d")):
            return False
        if not report.source and (p.deps[v] not in ("ROOT", "conj") or not finite):
            return False
        if frames.isdisjoint(("c", "f")) and not (self.phrases.has_that(clause) and self.phrases.whole(clause)):
            return False
        # "made the nets that they use": the clause belongs to the noun.
        return not frames.isdisjoint(("c", "o")) or not v < p.child(v, "dobj") < clause

    def _said_before(self, report: _Report, clause: int) -> bool:
        """The clause stands before its verb ("The talks failed, he said"), and may go on behind it."""
        p, v, source = self.p, report.v, report.source
        first, last = min([*report.cue, *source]), max([*report.cue, *source])
        close = first - p.rights[clause] <= 2 and not report.frames.isdisjoint(("c", "f")) and self._ours(report)
        shown = "c" in report.frames and self._document(source)
        if not (self.lex.speech(report.lemma) or shown or close):
            return False
        content = [t for t in range(p.lefts[clause], first) if t not in source]
        content += [t for t in p.subtree(clause) if t > v and t not in source]
        more = self.phrases.quotes.after(last, reach=30)
        return self._add(report, [*content, *(more.tokens if more else ())], "clause-before")

    def _parenthetical(self, report: _Report) -> bool:
        p, v = self.p, report.v
        if not report.source and p.tags[v] == "VBN" and p.child(v, "aux") < 0:
            return False
        inside = set(p.subtree(v))
        return self._add(report, [t for t in p.subtree(p.heads[v]) if t not in inside], "parenthetical")

    def _infinitive(self, report: _Report) -> bool:
        p, v, cue = self.p, report.v, report.cue
        if "t" not in report.frames or not report.source:
            return False
        for child in p.having(v, "ccomp", "advcl", "xcomp"):
            first = p.lefts[child]
            if first == max(cue) + 1 and p.lower[first] == "for" and p.deps[first] == "mark":
                return self._add(report, [t for t in p.subtree(child) if t > first], "infinitive", [*cue, first])
        for child in p.having(v, "xcomp", "ccomp"):
            if child > v and any(p.tags[c] == "TO" for c in p.children[child]):
                content = [t for t in p.subtree(child) if t > v]
                first = p.child(v, "dobj")
                if first > v and report.lemma != "tell":
                    content = sorted({*p.subtree(first), *content})
                on = p.child(v, "prep")
                if on == max(cue) + 1 and p.lower[on] in ("on", "upon", "with", "for"):
                    cue, content = [*cue, on], sorted({*(t for t in p.subtree(on) if t != on), *content})
                return self._add(report, self.contents.cut_aside(content), "infinitive", cue)
        return False

    def _raising(self, v: int, lemma: str) -> None:
        """ "The talks seem to have failed": nobody is named to whom it seems."""
        p = self.p
        subject, clause = p.child(v, "nsubj"), p.child(v, "xcomp", "oprd", "acomp", "ccomp")
        if clause < v and p.lower[max(p.child(v, "prep"), 0)] == "like":
            clause = p.child(v, "prep")
        if clause < v or {"c", "q", "o", "t"} & self.lex.frames(p.lemmas[clause]):
            # "He seems to say": what he says is reported, and not that he seems.
            return
        if subject >= 0 and p.deps[v] not in ("relcl", "ccomp"):
            before = [] if p.lower[subject] == "it" and p.deps[clause] == "ccomp" else p.subtree(subject)
            self.found.add([], self.phrases.group(v), [*before, *p.subtree(clause)], "raising", v, lemma)

    def _object(self, report: _Report) -> bool:
        p, v, source, frames = self.p, report.v, report.source, report.frames
        if not source or not ("o" in frames or ("d" in frames and self._document(source))):
            return False
        core = p.child(v, "dobj", "oprd")
        if core < 0:
            core = p.child(v, "ccomp", "xcomp")
        gap = self._gap(v, core, source) if core < v else []
        if gap:
            return self._add(report, gap, "object")
        if core < v or core in source:
            return False
        last, more = self._object_end(report, core)
        content = self.contents.cut_aside(list(range(p.lefts[core], last + 1))) + more
        wide = self._light(report, core, content[-1])
        return self._add(report, [t for t in content if not wide or t > wide[-1]], "object", [*report.cue, *wide])

    def _object_end(self, report: _Report, core: int) -> tuple[int, list[int]]:
        """The last token of an object with what belongs to it, and an "as" that stands apart from it."""
        p = self.p
        last, apart = p.rights[core], False
        more: list[int] = []
        for child in p.children[report.v]:
            if child <= core:
                continue
            word = p.lower[child]
            if p.deps[child] in ("prep", "oprd", "xcomp", "dative", "acomp"):
                if word in PLACE_TIME and word != "as" and word not in report.frames:
                    apart = True
                elif not apart:
                    last = max(last, p.rights[child])
                elif word == "as":
                    more += p.subtree(child)
            elif p.deps[child] == "advcl" and p.tags[child] == "VB" and p.lefts[child] == last + 1:
                last = p.rights[child]
        return last, more

    def _gap(self, v: int, core: int, source: list[int]) -> list[int]:
        """The object before its verb: "a deal that they have called bad", "what she called a stunt"."""
        p = self.p
        named = [t for c in p.having(v, "oprd") if c > v for t in p.subtree(c)]
        if core >= 0 and p.lower[core] == "what":
            return named
        subject = p.child(v, "nsubj")
        if p.deps[v] != "relcl" or subject < 0 or p.lower[subject] in RELATIVE or source[0] != p.lefts[subject]:
            return []
        as_what = [t for c in p.having(v, "prep") if c > v and p.lower[c] == "as" for t in p.subtree(c)]
        return [*([core] if core >= 0 else self.phrases.antecedent(v)), *sorted((*named, *as_what))]

    def _light(self, report: _Report, core: int, last: int) -> list[int]:
        """What belongs to the cue of a verb that says little by itself: "voiced concern about", "accused him of"."""
        p, v, lemma = self.p, report.v, report.lemma
        words = _ACCUSING.get(lemma)
        for holder in (core, v) if words else (core,) if lemma in _LIGHT else ():
            for child in p.having(holder, "prep"):
                if core < child < last and (words is None or p.lower[child] in words):
                    return list(range(v + 1, child + 1))
        return []

    def _document(self, source: list[int]) -> bool:
        """Whether a source is a text or a count, which can show what it does not say."""
        p = self.p
        return any(p.lemmas[t] in self.lex.documents for t in source if p.heads[t] not in source or t == source[-1])

    def _preposition(self, report: _Report) -> bool:
        p, v, cue = self.p, report.v, report.cue
        for child in p.having(v, "prep", "agent") if report.source else ():
            if p.lower[child] in report.frames and child > v and p.children[child]:
                content = [t for t in p.subtree(child) if t != child]
                if v < p.child(v, "dobj") < child:
                    content += [*p.subtree(p.child(v, "dobj")), child]
                for other in p.having(v, "prep"):
                    if other > child and p.words[p.lefts[other] - 1] != ",":
                        content += p.subtree(other)
                wide = sorted({*cue, *([child] if child <= max(cue) + 2 else [])})
                return self._add(report, self.contents.cut_aside(sorted(content)), "preposition", wide)
        return False

    def _passive(self, v: int, lemma: str) -> None:
        p = self.p
        frames = self.lex.frames(lemma)
        if "n" not in frames and "o" not in frames:
            return
        cue = self.phrases.group(v)
        subject, agent = p.child(v, "nsubjpass", "csubjpass"), p.child(v, "agent")
        rest = [
            t
            for child in p.having(v, "xcomp", "ccomp", "oprd", "prep", "advcl", "dobj")
            if child > v and not (p.deps[child] == "prep" and p.lower[child] in PLACE_TIME and p.lower[child] != "as")
            for t in p.subtree(child)
        ]
        if v + 1 in rest and p.lower[v + 1] in ("of", "as", "about", "for") and p.heads[v + 1] == v and agent < 0:
            cue = [*cue, v + 1]
            rest.remove(v + 1)
        whole = {*(p.subtree(subject) if subject >= 0 and p.lower[subject] != "it" else ()), *rest}
        content = self.contents.cut_aside(sorted(whole))
        circle = self._circle(v) if "n" in frames else -1
        by = [t for t in p.subtree(agent) if t != agent] if agent >= 0 else []
        if circle >= 0:
            inside = p.subtree(circle)
            end = next((t for t in inside if t > circle and p.lower[t] in ("as", "not")), inside[-1] + 1)
            seers = [t for t in inside if circle < t < end]
            apart = {*(t for t in content if t not in inside), *(t for t in inside if t >= end)}
            self.found.add(seers, cue, sorted(apart), "passive-in", v, lemma)
        elif by and not content and self.phrases.as_clause(v):
            # "As reported by the paper, …"
            own = {*p.subtree(v)}
            self.found.add(by, cue, [t for t in p.subtree(p.heads[v]) if t not in own], "parenthetical", v, lemma)
        elif by:
            self.found.add(by, cue, content, "passive-by", v, lemma)
        elif "n" in frames and (rest or ("c" in frames and subject >= 0)):
            self.found.add([], cue, content, "passive", v, lemma)

    def _circle(self, v: int) -> int:
        """The preposition before those who see it so: "seen in the capitals as", "regarded among allies as"."""
        p = self.p
        for child in p.having(v, "prep"):
            if p.lower[child] in ("in", "among", "within") and child > v:
                head = p.child(child, "pobj")
                if head >= 0 and p.lemmas[head] in self.lex.circles:
                    return child
        return -1
