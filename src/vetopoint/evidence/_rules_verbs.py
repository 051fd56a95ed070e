"""Attribution by a reporting verb: with a clause, an infinitive, an object, a preposition, and in the passive."""

from __future__ import annotations

from vetopoint.evidence._contents import RELATIVE, ContentRules
from vetopoint.evidence._tree import FIRST, PLACE_TIME

__all__ = ["VerbRules"]

_LIGHT = frozenset(("express", "voice"))
_ACCUSING = {"ask": ("about",), "challenge": ("about", "on")}


class VerbRules(ContentRules):
    """The rules that start from a verb."""

    def _verb(self, v: int) -> None:
        p = self.p
        lemma = self.lex.lemma(p.lemmas[v], p.lower[v])
        if v > 0 and p.words[v - 1] == "-":
            return
        if lemma == "say" and p.tags[v] == "VB" and v + 1 < len(p) and p.words[v - 1] == p.words[v + 1] == ",":
            # "Take, say, the harbour": an example.
            return
        if lemma == "accord" and p.lower[v] == "according":
            self._according(v)
            return
        if lemma == "be" and p.pos[v] == "AUX":
            if not self._quotative(v):
                self._adjective(v)
            return
        if p.child(v, "nsubjpass") >= 0 or (p.child(v, "auxpass") >= 0):
            self._passive(v, lemma)
            return
        if p.tags[v] == "VBN" and p.deps[v] == "advcl" and not p.having(v, "aux"):
            self._passive(v, lemma)
            return
        source, cue = self._subject(v), self._group(v)
        if not source or source[0] == self.p.lefts[v]:
            source = self._inverted(v, lemma) or source
        source = self._beside_quote(v, lemma, source, cue)
        quoted = self._quoted(v, lemma, source, cue)
        if quoted:
            self._add(source, cue, quoted, "quote", v, lemma)
            return
        if "r" in self.lex.frames(lemma):
            self._raising(v, lemma)
            return
        if p.deps[v] == "acl" and p.tags[v] == "VB":
            return
        attempts = [self._clause, self._infinitive, self._object, self._preposition]
        for attempt in attempts[:1] if self._supposed(v) else attempts:
            if attempt(v, lemma, source, cue):
                return

    def _supposed(self, v: int) -> bool:
        """Whether the verb is only supposed: "if the minister were to say"."""
        p = self.p
        node = v
        while p.deps[node] in ("xcomp", "conj") and p.heads[node] != node:
            node = p.heads[node]
        return any(p.deps[c] == "mark" and p.lower[c] in ("if", "unless") for c in p.children[node])

    def _clause(self, v: int, lemma: str, source: list[int], cue: list[int]) -> bool:
        p = self.p
        frames = self.lex.frames(lemma)
        if "-c" in frames and not ("f" in frames and source and all(p.lower[t] in FIRST for t in source)):
            return False
        if lemma in ("figure", "find") and p.lower[max(p.child(v, "prt"), 0)] == "out":
            return False
        clause = -1
        for child in p.children[v]:
            if p.deps[child] == "ccomp" and (clause < v or clause < 0):
                clause = child
        busy = max([-1, *p.having(v, "dobj", "xcomp")]) > v
        if clause < 0 and "c" in frames and not busy and (p.deps[v] == "parataxis" or self._as_clause(v)):
            return self._parenthetical(v, lemma, source, cue)
        if clause < 0 and "c" in frames:
            clause = self._displaced(v)
        if clause < 0:
            return False
        finite = self._finite(clause)
        if not finite and not ({"t", "o", "d"} & self.lex.frames(lemma)):
            return False
        if not source and (p.deps[v] not in ("ROOT", "conj") or not finite):
            return False
        if not {"c", "f"} & frames and not (self._has_that(clause) and self._whole(clause)):
            return False
        if not {"c", "o"} & frames and v < p.child(v, "dobj") < clause:
            # "made the nets that they use": the clause belongs to the noun.
            return False
        content = [t for t in p.subtree(clause) if t not in cue and t not in source]
        if clause > v:
            content = self._cut_tail(
                clause, sorted({*content, *self._annexes(v, clause), *self._before_clause(v, lemma, clause)})
            )
            content = self._cut_aside(content)
        if clause < v:
            first = p.lefts[clause]
            mine = {"c", "f"} & frames and source and all(p.lower[t] in FIRST for t in source)
            shown = "c" in frames and self._document(source)
            if not (self.lex.speech(lemma) or shown or (mine and min([*cue, *source]) - p.rights[clause] <= 2)):
                return False
            content = [t for t in range(first, min([*cue, *source])) if t not in source]
            content += [t for t in p.subtree(clause) if t > v and t not in source]
            more = self._quote_after(max([*cue, *source]), reach=30)
            if more is not None:
                content += range(more.first, more.last + 1)
        rule = "clause-before" if clause < v else "clause" if finite else "infinitive"
        self._add(source, cue, content, rule, v, lemma)
        return True

    def _parenthetical(self, v: int, lemma: str, source: list[int], cue: list[int]) -> bool:
        p = self.p
        if not source and p.tags[v] == "VBN" and p.child(v, "aux") < 0:
            return False
        inside = set(p.subtree(v))
        content = [t for t in p.subtree(p.heads[v]) if t not in inside]
        self._add(source, cue, content, "parenthetical", v, lemma)
        return True

    def _infinitive(self, v: int, lemma: str, source: list[int], cue: list[int]) -> bool:
        p = self.p
        if "t" not in self.lex.frames(lemma) or not source:
            return False
        for child in p.having(v, "ccomp", "advcl", "xcomp"):
            first = p.lefts[child]
            if first == max(cue) + 1 and p.lower[first] == "for" and p.deps[first] == "mark":
                content = [t for t in p.subtree(child) if t > first]
                self._add(source, [*cue, first], content, "infinitive", v, lemma)
                return True
        for child in p.having(v, "xcomp", "ccomp"):
            if child > v and any(p.tags[c] == "TO" for c in p.children[child]):
                content = [t for t in p.subtree(child) if t > v]
                first = p.child(v, "dobj")
                if first > v and lemma != "tell":
                    content = sorted({*p.subtree(first), *content})
                on = p.child(v, "prep")
                if on == max(cue) + 1 and p.lower[on] in ("on", "upon", "with", "for"):
                    cue, content = [*cue, on], sorted({*(t for t in p.subtree(on) if t != on), *content})
                self._add(source, cue, self._cut_aside(content), "infinitive", v, lemma)
                return True
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
            self._add([], self._group(v), [*before, *p.subtree(clause)], "raising", v, lemma)

    def _object(self, v: int, lemma: str, source: list[int], cue: list[int]) -> bool:
        p = self.p
        frames = self.lex.frames(lemma)
        if not source or not ("o" in frames or ("d" in frames and self._document(source))):
            return False
        core = p.child(v, "dobj", "oprd")
        if core < 0:
            core = p.child(v, "ccomp", "xcomp")
        gap = self._gap(v, core, source) if core < v else []
        if gap:
            self._add(source, cue, gap, "object", v, lemma)
            return True
        if core < v or core in source:
            return False
        last, apart = p.rights[core], False
        more: list[int] = []
        for child in p.children[v]:
            if child > core and p.deps[child] in ("prep", "oprd", "xcomp", "dative", "acomp"):
                if p.lower[child] in PLACE_TIME and p.lower[child] != "as" and p.lower[child] not in frames:
                    apart = True
                elif not apart:
                    last = max(last, p.rights[child])
                elif p.lower[child] == "as":
                    more += p.subtree(child)
            elif child > core and p.deps[child] == "advcl" and p.tags[child] == "VB" and p.lefts[child] == last + 1:
                last = p.rights[child]
        content = self._cut_aside(list(range(p.lefts[core], last + 1))) + more
        wide = self._light(v, lemma, core, content)
        self._add(source, [*cue, *wide], [t for t in content if not wide or t > wide[-1]], "object", v, lemma)
        return True

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
        return [*([core] if core >= 0 else self._antecedent(v)), *sorted((*named, *as_what))]

    def _light(self, v: int, lemma: str, core: int, content: list[int]) -> list[int]:
        """What belongs to the cue of a verb that says little by itself: "voiced concern about", "accused him of"."""
        p = self.p
        holders = (core,) if lemma in _LIGHT else (core, v) if lemma in _ACCUSING else ()
        for holder in holders:
            for child in p.having(holder, "prep"):
                if core < child < content[-1] and p.lower[child] in (_ACCUSING.get(lemma) or p.lower[child]):
                    return list(range(v + 1, child + 1))
        return []

    def _document(self, source: list[int]) -> bool:
        """Whether a source is a text or a count, which can show what it does not say."""
        p = self.p
        return any(p.lemmas[t] in self.lex.documents for t in source if p.heads[t] not in source or t == source[-1])

    def _preposition(self, v: int, lemma: str, source: list[int], cue: list[int]) -> bool:
        p = self.p
        if not source:
            return False
        frames = self.lex.frames(lemma)
        for child in p.having(v, "prep", "agent"):
            if p.lower[child] in frames and child > v and p.children[child]:
                content = [t for t in p.subtree(child) if t != child]
                if v < p.child(v, "dobj") < child:
                    content += [*p.subtree(p.child(v, "dobj")), child]
                for other in p.having(v, "prep"):
                    if other > child and p.words[p.lefts[other] - 1] != ",":
                        content += p.subtree(other)
                wide = sorted({*cue, *([child] if child <= max(cue) + 2 else [])})
                self._add(source, wide, self._cut_aside(sorted(content)), "preposition", v, lemma)
                return True
        return False

    def _passive(self, v: int, lemma: str) -> None:
        p = self.p
        frames = self.lex.frames(lemma)
        if "n" not in frames and "o" not in frames:
            return
        cue = self._group(v)
        subject = p.child(v, "nsubjpass", "csubjpass")
        agent = p.child(v, "agent")
        rest = [
            t
            for child in p.children[v]
            if child > v
            and p.deps[child] in ("xcomp", "ccomp", "oprd", "prep", "advcl", "dobj")
            and not (p.deps[child] == "prep" and p.lower[child] in PLACE_TIME and p.lower[child] != "as")
            for t in p.subtree(child)
        ]
        if v + 1 in rest and p.lower[v + 1] in ("of", "as", "about", "for") and p.heads[v + 1] == v and agent < 0:
            cue = [*cue, v + 1]
            rest.remove(v + 1)
        content = sorted({*(p.subtree(subject) if subject >= 0 and p.lower[subject] != "it" else ()), *rest})
        content = self._cut_aside(content)
        circle = self._circle(v)
        if circle >= 0 and "n" in frames:
            inside = p.subtree(circle)
            end = next((t for t in inside if t > circle and p.lower[t] in ("as", "not")), inside[-1] + 1)
            seers = [t for t in inside if circle < t < end]
            rest_of_it = sorted({*(t for t in content if t not in inside), *(t for t in inside if t >= end)})
            self._add(seers, cue, rest_of_it, "passive-in", v, lemma)
        elif agent >= 0 and p.children[agent] and not content and self._as_clause(v):
            # "As reported by the paper, …"
            own = {*p.subtree(v)}
            said = [t for t in p.subtree(p.heads[v]) if t not in own]
            self._add([t for t in p.subtree(agent) if t != agent], cue, said, "parenthetical", v, lemma)
        elif agent >= 0 and p.children[agent]:
            self._add([t for t in p.subtree(agent) if t != agent], cue, content, "passive-by", v, lemma)
        elif "n" in frames and (rest or ("c" in frames and subject >= 0)):
            self._add([], cue, content, "passive", v, lemma)

    def _circle(self, v: int) -> int:
        """The preposition before those who see it so: "seen in the capitals as", "regarded among allies as"."""
        p = self.p
        for child in p.having(v, "prep"):
            if p.lower[child] in ("in", "among", "within") and child > v:
                head = p.child(child, "pobj")
                if head >= 0 and p.lemmas[head] in self.lex.circles:
                    return child
        return -1
