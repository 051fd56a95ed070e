"""Talk that a text gives turn by turn: transcripts, interviews, hearings and debates; what an answer says, its speaker says.

Forms of a turn, each at the start of a line: ``MR. HOLM: …``, ``Spokesperson: …``, ``**Ada Holm:** …``, ``Q: …``, ``Q. …``, ``Q …``,
``Question: …``, a name on a line of its own, and a dash. A question is no claim.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vetopoint.evidence.claim import Link
from vetopoint.evidence.reader import phrases
from vetopoint.evidence.reader.lexicon import rows, sourcewords
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.relation import Relation

_LONGEST_LABEL = 14
_FINITE = frozenset(("VBZ", "VBP", "VBD", "MD"))
_SELVES = frozenset(("i", "we", "you", "us", "me", "let"))
_SPEAKERS = frozenset(("i", "we", "my", "our", "us"))
_POINTERS = frozenset(("that", "this", "it", "one", "question", "floor", "point", "word"))
_DASHES = ("—", "–", "-", "―")
_MARKS = re.compile(r"[*_]+")
_ASKING = re.compile(
    r"^(?:q|question|reporter|journalist|interviewer|moderator|presenter|host|anchor)s?\b", re.IGNORECASE
)
_ANSWERING = re.compile(r"^(?:a|answer|the witness)$", re.IGNORECASE)
_BRACKETED = re.compile(r"\s*[(\[][^)\]]*(?:[)\]]|$)")
_POST_AND_NAME = re.compile(r"^The [^(]+\((?P<name>[A-Z][^)\d]* [^)\d]*)\)?$")
"""The colon behind a bracket is one word with it."""
TURN = "turn"
"""The rule of a relation that a turn makes."""


@dataclass(frozen=True)
class Turn:
    """Tokens ``first`` to ``last`` of a stretch that one person speaks; `label` says who, `asks` that it is a question's turn."""

    first: int
    last: int
    label: tuple[int, ...]
    name: str
    asks: bool


@dataclass(frozen=True)
class _Opening:
    """How a line begins: its label's tokens, the label as text, where the speech begins, and the form of the label."""

    label: tuple[int, ...]
    name: str
    begins: int
    form: str
    speaks: bool = False
    """Whether the label is a bare name and the line behind it speaks of "I", "we" or "our"."""


def turns_of(parses: Sequence[Parse]) -> list[list[Turn]]:
    """The turns of each stretch of a document; none where the document is no talk given turn by turn."""
    lines = [[(line, _opening(parse, *line)) for line in _lines(parse)] for parse in parses]
    openings = [opening for stretch in lines for _, opening in stretch if opening]
    forms = _forms(openings)
    asking = _asking(lines, parses)
    found: list[list[Turn]] = []
    current: tuple[tuple[int, ...], str] | None = None
    for stretch in lines:
        turns: list[Turn] = []
        label: tuple[int, ...] = ()
        for (first, last), opening in stretch:
            if (
                opening
                and opening.form in forms
                and (opening.form != "label" or opening.name.casefold() in forms["label"])
            ):
                current, label = (opening.label, opening.name), opening.label
                first = opening.begins
            if current is not None and first <= last:
                name = current[1]
                asks = name == "—?" or bool(_ASKING.match(name)) or name.casefold() in asking
                turns.append(Turn(first, last, label, name, asks))
        found.append(turns)
    return found


def _lines(parse: Parse) -> Iterator[tuple[int, int]]:
    first = 0
    for token in (*(t for t, word in enumerate(parse.words) if "\n" in word), len(parse)):
        if any(parse.words[t].strip() for t in range(first, token)):
            yield first, token - 1
        first = token + 1


def _opening(parse: Parse, first: int, last: int) -> _Opening | None:
    while first < last and (parse.pos[first] == "SPACE" or not _MARKS.sub("", parse.words[first])):
        first += 1
    word = parse.words[first]
    if word in _DASHES and first < last:
        return _Opening((), "—?" if parse.words[last] == "?" else "—", first + 1, "dash")
    if word.strip(".:") in ("Q", "A") and first < last:
        begins = first + 1 + (parse.words[first + 1] in (".", ":"))
        spaced = (begins <= last and parse.starts[first + 1] - parse.ends[first] > 1) or parse.pos[first + 1] == "SPACE"
        if begins > first + 1 or word[-1] in ".:" or word == "Q" or spaced:
            return _Opening((first,), word.strip(".:"), begins, "qa")
    colon = next((t for t in range(first + 1, min(first + _LONGEST_LABEL, last + 1)) if ":" in parse.words[t]), -1)
    if colon > 0:
        name = _label(parse, first, colon)
        speaks = bool(name) and _speaks_as(parse, first, colon, last)
        return _Opening(tuple(range(first, colon)), name, colon + 1, "label", speaks) if name else None
    if last - first < _LONGEST_LABEL - 2 and parse.words[last] not in (".", "?", "!", ",", ";"):
        name = _label(parse, first, last + 1)
        return _Opening(tuple(range(first, last + 1)), name, last + 1, "line") if name and " " in name else None
    return None


def _speaks_as(parse: Parse, first: int, colon: int, last: int) -> bool:
    """Whether a bare name of two to four words, however it is tagged, stands before a line in the first person."""
    named = 2 <= colon - first <= 4 and all(parse.words[t][:1].isupper() for t in range(first, colon))
    return named and any(parse.lower[t] in _SPEAKERS and t not in parse.quotes for t in range(colon, last + 1))


def _label(parse: Parse, first: int, end: int) -> str:
    """A label's name, or "" where the words are no label: each is capitalised or a small word, none is a finite verb."""
    text = _MARKS.sub("", parse.phrase(range(first, end))).strip()
    behind = _POST_AND_NAME.match(text)
    text = behind["name"] if behind else text
    name = _BRACKETED.sub("", text).split(",")[0].strip(" .:-—") if not text.endswith(".)") else ""
    words = name.split()
    if not 1 <= len(words) <= 6 or not words[0][:1].isupper() or not all(w[:1].isalpha() for w in words):
        return ""
    small = [w for w in words if not w[:1].isupper()]
    if any(w not in ("of", "the", "for", "and", "de", "van", "von", "al", "bin", "to") for w in small):
        return ""
    if name.casefold() in _headings():
        return ""
    return " ".join(_cased(word) for word in words)


def _cased(word: str) -> str:
    """A word in capitals as a name is written; short ones are initials, unless they are titles."""
    bare = word.strip(".")
    return word.capitalize() if word.isupper() and (len(bare) > 2 or bare.casefold() in _TITLES) else word


def _headings() -> frozenset[str]:
    return frozenset(row["label"] for row in rows("labels.csv"))


def _forms(openings: Sequence[_Opening]) -> dict[str, frozenset[str]]:
    """The forms in which the document gives turns, each with its labels; few or single labels are headings."""
    found: dict[str, frozenset[str]] = {}
    qa = Counter(opening.name for opening in openings if opening.form == "qa")
    if qa["Q"] and sum(qa.values()) >= 2:
        found["qa"] = frozenset(qa)
    dashes = Counter(opening.name for opening in openings if opening.form == "dash")
    if dashes["—"] and 3 * dashes["—?"] >= dashes["—"]:
        found["dash"] = frozenset(dashes)
    labels = Counter(opening.name.casefold() for opening in openings if opening.form == "label")
    asked = any(_ASKING.match(name) for name in labels) or "qa" in found
    spoken = {name for name in labels if labels[name] > 1 or asked or _is_person(name)}
    named = [opening.name.casefold() for opening in openings if opening.speaks]
    if not spoken and named and len(labels) <= max(2, len(named)):
        found["label"] = frozenset(labels)  # a short extract: each speaks once, by name
    if len(spoken) > 1 or (spoken and (asked or max(labels[name] for name in spoken) > 2)):
        found["label"] = frozenset(spoken)
    lines = Counter(opening.name for opening in openings if opening.form == "line")
    many = "label" not in found and len(lines) >= 2 and sum(lines.values()) >= 3
    if many and (max(lines.values()) > 1 or all(_is_person(name.casefold()) for name in lines)):
        found["line"] = frozenset(lines)
    return found


_TITLES = frozenset(
    ("mr", "ms", "mrs", "miss", "dr", "sir", "lord", "lady", "dame", "baroness", "prof", "hon", "judge", "justice")
)


def _is_person(name: str) -> bool:
    words = [word.strip(".") for word in name.split()]
    return bool(words) and (words[0] in _TITLES or any(sourcewords().get(word) == "role" for word in words))


def _asking(
    lines: Sequence[Sequence[tuple[tuple[int, int], _Opening | None]]], parses: Sequence[Parse]
) -> frozenset[str]:
    """Labels whose every turn ends with a question, where another's do not."""
    ends: dict[str, list[bool]] = {}
    for parse, stretch in zip(parses, lines, strict=True):
        for (_, last), opening in stretch:
            if opening and opening.form == "label":
                ends.setdefault(opening.name.casefold(), []).append("?" in parse.words[last])
    asking = frozenset(name for name, marks in ends.items() if all(marks) and len(marks) > 1)
    return asking if len(asking) < len(ends) else frozenset()


def turn_at(turns: Sequence[Turn], token: int) -> Turn | None:
    """The turn in which a token stands."""
    return next((turn for turn in turns if turn.first <= token <= turn.last), None)


def taken_apart(parse: Parse, relations: Sequence[Relation], turns: Sequence[Turn]) -> list[Relation]:
    """The relations of a stretch of talk: what is asked falls away, and what an answer states is said by whose turn it is."""
    if not turns:
        return list(relations)
    labels = {
        t for turn in turns for t in range(min(turn.label, default=0), turn.first) if turn.label and t >= turn.label[0]
    }
    kept = [r for r in relations if not labels.intersection((r.cue[0], *r.source)) and not _is_asked(parse, r, turns)]
    said = [
        relation
        for turn in turns
        if not turn.asks
        for sentence in _sentences(parse, turn)
        for relation in _stated(parse, turn, sentence)
    ]
    return sorted([*kept, *said], key=lambda relation: (relation.cue, relation.content))


def _is_asked(parse: Parse, relation: Relation, turns: Sequence[Turn]) -> bool:
    turn = turn_at(turns, relation.cue[0])
    if turn is None:
        return False
    if relation.rule == "colon":
        return True
    own = bool(relation.source) and all(parse.lower[t] in _SELVES for t in relation.source)
    return _is_question(parse, relation.cue[0]) or (turn.asks and (own or not relation.source))


def _is_question(parse: Parse, token: int) -> bool:
    last = parse.sentence(token)[1]
    while last > 0 and (parse.pos[last] == "SPACE" or parse.words[last] in ('"', "”", "*", "**")):
        last -= 1
    return parse.words[last] == "?"


def _sentences(parse: Parse, turn: Turn) -> Iterator[list[int]]:
    token = turn.first
    while token <= turn.last:
        end = min(parse.sentence(token)[1], turn.last)
        yield [t for t in range(token, end + 1) if parse.pos[t] != "SPACE"]
        token = end + 1


def _stated(parse: Parse, turn: Turn, sentence: list[int]) -> Iterator[Relation]:
    """What a sentence of an answer states, a relation for each coordinate clause with a subject of its own."""
    if not sentence or _is_question(parse, sentence[0]):
        return
    label = turn.label or (sentence[0],)
    cue = (max(label),) if turn.label else (sentence[0],)
    for clause in _clauses(parse, sentence):
        if clause and _is_statement(parse, clause):
            root = next((t for t in clause if parse.heads[t] == t or parse.heads[t] not in clause), clause[0])
            yield Relation(tuple(turn.label), cue, tuple(clause), TURN, root, ":", voice="turn")


def _clauses(parse: Parse, sentence: list[int]) -> list[list[int]]:
    cuts = []
    for token in sentence:
        parted = parse.deps[token] == "conj" and parse.pos[token] in phrases.VERBAL and phrases.finite(parse, token)
        head = parse.heads[token]
        if not parted or parse.heads[head] != head:
            continue
        subject, first = parse.child(token, "nsubj", "nsubjpass", "expl"), parse.lefts[token]
        pointing = subject < 0 or parse.lower[subject] in ("that", "this", "which")
        marked = any(parse.words[t] in (",", ";") for t in range(max(sentence[0], first - 2), first))
        if not pointing and marked and first > sentence[0] + 2:
            cuts.append(first)
    pieces = [
        [t for t in sentence if a <= t < b]
        for a, b in zip([sentence[0], *cuts], [*cuts, sentence[-1] + 1], strict=True)
    ]
    return [_trimmed(parse, piece) for piece in pieces]


def _trimmed(parse: Parse, piece: list[int]) -> list[int]:
    first, last = 0, len(piece)
    while last > first and (parse.words[piece[last - 1]] in (",", ";", ".") or parse.deps[piece[last - 1]] == "cc"):
        last -= 1
    while (
        first < last
        and (parse.pos[piece[first]] == "PUNCT" or parse.pos[piece[first]] == "INTJ")
        and piece[first] not in parse.quotes
    ):
        first += 1
    return piece[first:last]


def _is_statement(parse: Parse, clause: list[int]) -> bool:
    """Whether a clause states something: a finite verb with a subject, and more than the handling of the talk itself."""
    words = [t for t in clause if parse.words[t][:1].isalpha()]
    root = next((t for t in clause if parse.heads[t] == t or parse.heads[t] not in clause), clause[0])
    subject = parse.child(root, "nsubj", "nsubjpass", "expl", "csubj")
    finite = parse.pos[root] in phrases.VERBAL or any(parse.tags[t] in _FINITE for t in clause)
    if subject < 0 or len(words) < 3 or not finite:
        return False
    if parse.lower[subject] in _SELVES:
        objects = [t for t in parse.subtree(root) if parse.deps[t] in ("dobj", "pobj", "attr")]
        denied = parse.child(root, "neg") >= 0
        rest = [t for t in words if parse.pos[t] in ("NOUN", "PROPN", "NUM", "ADJ") and parse.lower[t] not in _POINTERS]
        if not rest and not denied:
            return False
        if objects and all(parse.lower[t] in _POINTERS for t in objects) and len(words) < 7 and not denied:
            return False
    return any(parse.pos[t] in ("NOUN", "PROPN", "NUM", "ADJ", "PRON") for t in words)


def speaker_of(turn: Turn) -> Link | None:
    """Who speaks a turn, as its label says; None where it only says that this is an answer."""
    if turn.name == "—" or _ANSWERING.match(turn.name):
        return None
    words = [word.strip(".").casefold() for word in turn.name.split()]
    posts = [word for word in words if sourcewords().get(word) == "role"]
    if posts and (
        len(posts) == len([w for w in words if w not in ("the", "of", "for", "deputy", "vice")]) or words[0] == "the"
    ):
        return Link(name=turn.name, kind="role", role=posts[-1])
    if _ASKING.match(turn.name):
        return Link(name=turn.name, kind="role")
    return Link(name=turn.name, kind="named")


def sentence_moved(relation: Relation) -> Relation:
    """A turn's relation with its cue at what is said, so that its sentence is the one in which that stands."""
    return replace(relation, cue=relation.content[:1]) if relation.rule == TURN else relation
