"""Where the content of an attribution begins and ends: what the parser hung elsewhere, what the reporter put in."""

from __future__ import annotations

from vetopoint.evidence._rules_other import OtherRules

__all__ = ["RELATIVE", "ContentRules"]

_ADDRESSING = frozenset(
    ("tell", "assure", "remind", "warn", "inform", "persuade", "convince", "notify", "promise", "advise", "ask", "show")
)
RELATIVE = ("who", "which", "whom", "whose", "where", "when")
_DASHES = ("—", "–", "--")
_CONTRASTS = ("though", "although", "while", "whereas")
_GROUNDS = ("if", "unless", "so", "because")


class ContentRules(OtherRules):
    """The edges of a content that a verb governs."""

    def _cut_tail(self, clause: int, content: list[int]) -> list[int]:
        """Cut a participle behind a comma, which speaks of the speaker: "said it was over, citing costs"."""
        p = self.p
        reporter = p.heads[clause]
        for child in content:
            if p.deps[child] == "conj" and p.tags[child] == p.tags[reporter] and p.tags[child] in ("VBG", "VBD"):
                alone = (
                    p.child(child, "nsubj", "nsubjpass", "aux", "auxpass") < 0
                    and p.tags[p.heads[child]] != p.tags[child]
                )
                if alone and {"c", "q"} & self.lex.frames(p.lemmas[child]) and p.child(child, "ccomp") > child:
                    # "saying that it was safe and arguing that": the second participle goes with the first.
                    return [
                        t for t in content if t < p.lefts[child] and not (t == p.lefts[child] - 1 and p.deps[t] == "cc")
                    ]
        for child in p.children[clause]:
            first = p.lefts[child]
            if (
                p.deps[child] == "conj"
                and child > clause
                and {"c", "q"} & self.lex.frames(p.lemmas[child])
                and self._shared(child, child) == p.heads[clause]
            ):
                # "said it was wrong and warned of more": the second verb reports as well.
                return [t for t in content if t < first and not (t == first - 1 and p.deps[t] == "cc")]
            if p.deps[child] != "advcl" or child < clause or p.words[first - 1] not in (",", '"', "”", "''"):
                continue
            if p.tags[child] == "VBG" and first == child and self.lex.frames(p.lemmas[child]):
                return [t for t in content if t < first]
            if p.lower[first] in _CONTRASTS or (p.lower[first] == "even" and p.lower[first + 1] in ("as", "though")):
                return [t for t in content if t < first]
        return content

    def _cut_aside(self, content: list[int]) -> list[int]:
        """Cut the reporter's aside at the end: "praised the mayor, who is 70", "backed Bush, a former governor"."""
        p = self.p
        last = content[-1] if content else -1
        for token in content:
            first = p.lefts[token]
            if first - 1 > content[0] and p.rights[token] >= last - 1 and self._is_aside(token, first, last):
                return [t for t in content if t < first]
        return content

    def _is_aside(self, token: int, first: int, last: int) -> bool:
        p = self.p
        mark, label = p.words[first - 1], p.deps[token]
        if mark == "(":
            return last - first > 3 and token not in self.quotes
        if p.rights[token] < last or mark not in (",", *_DASHES):
            return False
        if label == "appos" and p.pos[p.heads[token]] == "PROPN" and p.rights[token] - first >= 2:
            return True
        if label in ("appos", "advcl", "dep") and mark != "," and token not in self.quotes:
            return True
        return label == "relcl" and p.lower[first] in RELATIVE

    def _before_clause(self, v: int, lemma: str, clause: int) -> list[int]:
        """The noun between verb and clause, where it is spoken of and not spoken to: "repeated the claim that"."""
        p = self.p
        noun = p.child(v, "dobj")
        if not v < noun < clause or noun in self.p.subtree(clause):
            return []
        return p.subtree(noun) if not self._whole(clause) or lemma not in _ADDRESSING else []

    def _annexes(self, v: int, clause: int) -> list[int]:
        """Parts of the clause that the parser hung on the verb: a condition, a second clause."""
        p = self.p
        found: list[int] = []
        for child in p.children[v]:
            first, label = p.lefts[child], p.deps[child]
            if label == "advcl" and v < child < p.lefts[clause] and not p.having(clause, "mark"):
                found += p.subtree(child)
            if child < clause:
                continue
            if (
                label == "ccomp"
                or (label == "conj" and self._has_that(child))
                or (label == "advcl" and p.lower[first] in _GROUNDS and p.words[first - 1] != ",")
            ):
                found += p.subtree(child)
            elif label == "conj" and self._goes_on(v, child, clause):
                found += [first - 1, *p.subtree(child)]
        return found

    def _goes_on(self, v: int, second: int, clause: int) -> bool:
        """Whether a conjunct in another tense goes on with what was said: "said it works, but it needs more"."""
        p = self.p
        if p.tags[v] != "VBD" or {"c", "q"} & self.lex.frames(p.lemmas[second]):
            return False
        own = p.child(second, "nsubj") > clause
        return p.tags[second] in ("VBZ", "VBP") or (p.tags[second] == "VB" and own)

    def _displaced(self, v: int) -> int:
        """A that-clause that the parser hung on a noun between the verb and it: "told a meeting of islanders that"."""
        p = self.p
        for child in p.children[v]:
            if child < v or p.deps[child] not in ("dobj", "prep", "dative", "npadvmod"):
                continue
            for token in range(child, p.rights[child] + 1):
                if p.lower[token] == "that" and p.deps[token] == "mark" and p.deps[p.heads[token]] in ("acl", "ccomp"):
                    return p.heads[token]
        return -1

    def _as_clause(self, v: int) -> bool:
        """Whether the verb stands in a clause such as "as the minister has said"."""
        p = self.p
        return p.deps[v] == "advcl" and any(p.deps[c] == "mark" and p.lower[c] == "as" for c in p.children[v])
