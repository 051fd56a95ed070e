"""A statement cut into its propositions: sentence by sentence, and where two coordinate clauses do different things."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from vetopoint.evidence.reader import phrases
from vetopoint.evidence.reader.acts import clause_act, root_of
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.relation import Relation, trimmed

_TERMINAL = frozenset((".", "!", "?"))
_CLOSERS = frozenset(("”", "»", '"', "''", "’", ")"))
_OPENERS = frozenset(("“", "«", '"', "``", "‘", "("))
_FINITE = frozenset(("VBZ", "VBP", "VBD", "MD"))
_LEAST_WORDS = 3
_LISTED = frozenset(("•", "*", "·", "▪", "●", "–", "-", "—"))


def propositions(p: Parse, relation: Relation) -> list[Relation]:
    """The relations of which one consists, one for each proposition in its content; most consist of themselves alone.

    A quotation of several sentences says as many things. Within one sentence, "said that A and that B" and "backed A but
    would not do B" say two. A question says nothing.
    """
    kept = []
    for sentence in sentences(p, relation.content):
        if not is_question(p, sentence):
            kept += [clause for half in _halves(p, sentence) for clause in clauses(p, half)]
    bodies = [trimmed(p, piece) for piece in kept]
    if len(bodies) > 1:
        bodies = [body for body in bodies if _states(p, body)] or [max(bodies, key=len)]
    return [replace(relation, content=tuple(body)) for body in bodies if body]


def sentences(p: Parse, tokens: Sequence[int]) -> list[list[int]]:
    """Tokens by the sentence of the text in which they stand; what a speaker's name interrupts stays together."""
    pieces: list[list[int]] = [[]]
    for token, following in zip(tokens, [*tokens[1:], -1], strict=True):
        pieces[-1].append(token)
        if following == token + 1 and p.words[token] not in _TERMINAL and "\n" not in p.words[token]:
            continue
        if following >= 0 and _parted(p, token, following):
            pieces.append([])
    return [piece for piece in pieces if any(p.words[t].isalnum() for t in piece)]


def _parted(p: Parse, token: int, following: int) -> bool:
    """Whether a sentence ends from one token of a statement to its next."""
    quote = p.quotes.of(following)
    if quote is not None and quote.last == following == token + 1:
        return False
    ends = any(_ends(p, t) for t in range(token, following))
    ends = ends or (following - token > 2 and p.lower[following] in ("although", "though"))
    ends = ends or (following - token > 2 and any(p.words[t] == ";" for t in range(token, following)))
    breaks = any("\n" in p.words[t] for t in range(token, following)) and p.sents[token] != p.sents[following]
    return ends or breaks


def _ends(p: Parse, token: int) -> bool:
    """Whether a sentence ends with a token: a full stop before a capital, whatever the parser made of it."""
    if p.words[token] not in _TERMINAL:
        return False
    at = token + 1
    while at < len(p) and (p.words[at] in _CLOSERS or p.words[at] in _OPENERS or p.pos[at] == "SPACE"):
        at += 1
    return at >= len(p) or not p.words[at][:1].islower()


def is_question(p: Parse, tokens: Sequence[int]) -> bool:
    """Whether a sentence asks."""
    last = next((t for t in reversed(tokens) if p.words[t] not in _CLOSERS and p.pos[t] != "SPACE"), -1)
    return last >= 0 and (p.words[last] == "?" or (last + 1 < len(p) and p.words[last + 1] == "?"))


def _halves(p: Parse, tokens: Sequence[int]) -> list[list[int]]:
    """A sentence on both sides of a colon or semicolon between two whole clauses: "that it is small: one night could undo it"."""
    for at, token in enumerate(tokens):
        if p.words[token] in (":", ";") and 2 < at < len(tokens) - 3:
            before, after = list(tokens[:at]), list(tokens[at + 1 :])
            if p.lower[after[0]] not in ("and", "or") and _is_clause(p, before) and _is_clause(p, after):
                return [before, *_halves(p, after)]
    return [list(tokens)]


def _is_clause(p: Parse, tokens: Sequence[int]) -> bool:
    inside = set(tokens)
    return any(
        p.pos[t] in phrases.VERBAL and phrases.finite(p, t) and p.child(t, "nsubj", "nsubjpass", "expl") in inside
        for t in tokens
    ) and _states(p, tokens)


def _states(p: Parse, tokens: Sequence[int]) -> bool:
    """Whether tokens hold a proposition: a finite verb and some words."""
    finite = any(p.tags[t] in _FINITE or (t in p.quotes and p.pos[t] in phrases.VERBAL) for t in tokens)
    return finite and sum(p.words[t].isalpha() for t in tokens) >= _LEAST_WORDS


def clauses(p: Parse, tokens: Sequence[int]) -> list[list[int]]:
    """A sentence's coordinate clauses, where each is a statement of its own."""
    inside = set(tokens)
    root = root_of(p, tokens)
    for second in p.having(root, "conj"):
        start = _begins(p, root, second, inside)
        if start < 0 or not _apart(p, root, second, start):
            continue
        body = set(p.subtree(second))
        first = [t for t in tokens if t not in body and t < start]
        rest = [t for t in tokens if t in body or t >= start]
        if _states(p, rest) and sum(p.words[t].isalpha() for t in first) >= _LEAST_WORDS:
            return [first, *clauses(p, rest)]
    return [list(tokens)]


def _begins(p: Parse, root: int, second: int, inside: set[int]) -> int:
    """The token with which a second clause begins within a statement, or −1 where it is no clause of its own."""
    start = p.lefts[second]
    if second not in inside or start <= root or p.pos[second] not in phrases.VERBAL:
        return -1
    return start


def _apart(p: Parse, root: int, second: int, start: int) -> bool:
    """Whether a second clause says something of its own: it has its own "that", or does something else."""
    if (
        phrases.finite(p, root)
        and any(p.lower[c] == "that" for c in p.having(second, "mark"))
        and phrases.whole(p, second)
    ):
        return True
    if p.child(root, "nsubjpass") >= 0 and not phrases.whole(p, second) and p.child(second, "auxpass") >= 0:
        return False  # "may not be approved by one but must be put to all": one and the same
    if any(p.lower[c] in ("nor", "or") for c in p.having(root, "cc")):
        return False  # "has neither accepted nor rejected"
    if _turns_to(p, root, second):
        return True
    acts = {clause_act(p, root), clause_act(p, second)} - {"", "SAY"}
    return len(acts) == 2 and phrases.finite(p, second)


def _turns_to(p: Parse, root: int, second: int) -> bool:
    """ "Respected the procedure but would not reopen the text": from what is or was to what will not be."""
    modal = [{p.lower[c] for c in p.having(v, "aux") if p.tags[c] == "MD"} for v in (root, second)]
    links = {p.lower[c] for c in p.having(root, "cc") if root < c < second}
    return bool(
        "but" in links and not modal[0] and modal[1] and p.child(second, "neg") >= 0 and phrases.finite(p, root)
    )


def coordinate(p: Parse, first: int, last: int) -> Iterator[list[int]]:
    """The coordinate finite clauses with a subject of their own of which a sentence of the article consists."""
    tokens = [t for t in range(first, last + 1) if p.pos[t] != "SPACE" or "\n" not in p.words[t]]
    cuts = sorted({start for t in tokens if (start := _own_clause(p, t, first)) > first})
    for begin, end in zip([first, *cuts], [*cuts, last + 1], strict=True):
        piece = trimmed(p, [t for t in tokens if begin <= t < end and not (t == begin and p.deps[t] == "cc")])
        while piece and (p.words[piece[0]] in _LISTED or p.deps[piece[0]] == "cc"):
            piece = piece[1:]
        if piece:
            yield piece


def _own_clause(p: Parse, verb: int, first: int) -> int:
    """Where a clause begins that is coordinate with its sentence's main clause and has its own subject, or −1."""
    if (
        p.deps[verb] not in ("conj", "ccomp", "parataxis")
        or p.pos[verb] not in phrases.VERBAL
        or not phrases.whole(p, verb)
    ):
        return -1
    top = verb
    while p.deps[top] == "conj" and p.heads[top] != top:
        top = p.heads[top]
    if p.heads[top] != top or top == verb or not phrases.finite(p, verb):
        return _semicolon(p, verb, first)
    start = p.lefts[verb]
    between = [t for t in range(max(first, start - 2), start) if p.words[t] in (",", ";") or p.deps[t] == "cc"]
    return start if any(p.words[t] in (",", ";") for t in between) else -1


def _semicolon(p: Parse, verb: int, first: int) -> int:
    start = p.lefts[verb]
    return start if start - 1 > first and p.words[start - 1] in (";", ":") and phrases.finite(p, verb) else -1
