"""A parsed text as plain lists, and the one interface behind which a parser stands."""

import re
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial, wraps
from itertools import accumulate
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from vetopoint.errors import MissingExtra
from vetopoint.evidence.documents.language import readable
from vetopoint.evidence.reader.sharing import BATCH, Shared, Stretch
from vetopoint.evidence.reader.spacy_model import load_model

DEFAULT_MODEL = readable()["en"].parser
_LONGEST = 4_000
_PARAGRAPHS = "vetopoint_paragraphs"
_OPEN = "“«„"
_CLOSE = "”»"
_BOTH = '"'
_MARKED = re.compile(rf"[{_OPEN}{_CLOSE}{_BOTH}\n]|^(?:``|'')$")
_BREAK = re.compile(r"\n\s*\n|\n")

_UNASKED = object()

P = ParamSpec("P")
T = TypeVar("T")
Told = Callable[[int], None]
"""Takes the number of characters that were read just now."""


@dataclass(frozen=True)
class Quotation:
    """Tokens ``first`` to ``last`` inclusive, marks included; `closed` is False where the closing mark is missing."""

    first: int
    last: int
    closed: bool

    @property
    def tokens(self) -> range:
        """All its tokens."""
        return range(self.first, self.last + 1)


class Quotations(dict[int, Quotation]):
    """The quotations among some words, in order, by each token that stands in one."""

    def __init__(self, words: list[str]) -> None:
        self.spans = _paired(words)
        super().__init__((token, span) for span in self.spans for token in span.tokens)

    def of(self, token: int) -> Quotation | None:
        """The quotation in which a token stands."""
        return self.get(token)


@dataclass(frozen=True, slots=True, eq=False)
class Parse:
    """One parsed stretch of text: a dependency tree per sentence, as lists over tokens.

    Parameters
    ----------
    words, lemmas : forms and lemmas of the tokens.
    pos, tags, deps : universal part of speech, Penn tag and dependency label (ClearNLP names) of each token.
    heads : index of each token's head; a root is its own head.
    starts : character of the document's text at which each token begins.
    sents : number of the sentence in which each token stands.

    From these follow `lower` (lower-cased forms), `ends` (where each token ends in the text), `children`, and with
    `lefts` and `rights` the first and last token below each token, itself included; and its `quotes`. `roles` is what each word
    says of who depends on whom, worked out once by :mod:`vetopoint.evidence.reader.roles`, and `answers` what functions under
    :func:`once` have said of the parse.
    """

    words: list[str]
    lemmas: list[str]
    pos: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    starts: list[int]
    sents: list[int]
    lower: list[str] = field(init=False)
    ends: list[int] = field(init=False)
    children: list[list[int]] = field(init=False)
    lefts: list[int] = field(init=False)
    rights: list[int] = field(init=False)
    quotes: Quotations = field(init=False)
    roles: list[frozenset[str]] = field(init=False, default_factory=list, repr=False)
    answers: dict[object, dict[tuple[object, ...], Any]] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        size = len(self.words)
        leaf: list[int] = []  # one for all, since half of the words are leaves
        children = [leaf] * size
        for child, head in enumerate(self.heads):
            if head != child:
                if children[head] is leaf:
                    children[head] = [child]
                else:
                    children[head].append(child)
        order = [token for token, head in enumerate(self.heads) if head == token]
        for token in order:
            if below := children[token]:
                order.extend(below)
        lefts, rights = list(range(size)), list(range(size))
        for token in reversed(order):
            head = self.heads[token]
            if lefts[token] < lefts[head]:
                lefts[head] = lefts[token]
            if rights[token] > rights[head]:
                rights[head] = rights[token]
        derived: dict[str, Any] = {
            "lower": [word.lower() for word in self.words],
            "ends": [start + len(word) for start, word in zip(self.starts, self.words, strict=True)],
            "children": children,
            "lefts": lefts,
            "rights": rights,
            "quotes": Quotations(self.words),
        }
        for name, values in derived.items():
            object.__setattr__(self, name, values)

    def __len__(self) -> int:
        return len(self.words)

    def child(self, token: int, *labels: str) -> int:
        """First child with one of these labels, or −1."""
        deps = self.deps
        for child in self.children[token]:
            if deps[child] in labels:
                return child
        return -1

    def having(self, token: int, *labels: str) -> list[int]:
        """All children with one of these labels."""
        found, deps = [], self.deps
        for child in self.children[token]:
            if deps[child] in labels:
                found.append(child)  # noqa: PERF401 (a comprehension is a call more, and this is asked 100,000 times a second)
        return found

    def subtree(self, token: int) -> list[int]:
        """The token and everything below it, in order."""
        found = [token]
        for node in found:
            found.extend(self.children[node])
        return sorted(found)

    def sentence(self, token: int) -> tuple[int, int]:
        """First and last token of the sentence in which a token stands."""
        number = self.sents[token]
        return bisect_left(self.sents, number), bisect_right(self.sents, number) - 1

    def sentences(self) -> Iterator[tuple[int, int]]:
        """First and last token of each sentence."""
        first = 0
        while first < len(self):
            first, last = self.sentence(first)
            yield first, last
            first = last + 1

    def phrase(self, tokens: Sequence[int]) -> str:
        """Tokens as the text writes them, a blank where it has one or leaves words out."""
        text = ""
        for token in tokens:
            gap = " " if text and self.starts[token] > self.ends[token - 1] else ""
            text += gap + self.words[token]
        return " ".join(text.split())


def once(function: Callable[Concatenate[Parse, P], T]) -> Callable[Concatenate[Parse, P], T]:
    """A function of a parse and places in it that is worked out once for the same ones; it must depend on nothing else."""

    @wraps(function)
    def asked(parse: Parse, /, *places: P.args, **how: P.kwargs) -> T:
        answers = parse.answers.get(function)
        if answers is None:
            answers = parse.answers[function] = {}
        key = (*places, *how.items()) if how else places
        found = answers.get(key, _UNASKED)
        if found is _UNASKED:
            found = answers[key] = function(parse, *places, **how)
        return cast(T, found)

    return asked


def _paired(words: list[str]) -> tuple[Quotation, ...]:
    """Pair the quotation marks of each paragraph; an unclosed quotation ends with its paragraph."""
    spans: list[Quotation] = []
    begun = -1
    for token, word in enumerate(words):
        if not _is_marked(word):
            continue
        if "\n" in word and begun >= 0:
            if token > begun + 1:
                spans.append(Quotation(begun, token - 1, closed=False))
            begun = -1
        opens, closes = _turns(word, begun >= 0)
        if closes and begun >= 0:
            spans.append(Quotation(begun, token, closed=True))
            begun = -1
        elif opens and begun < 0:
            begun = token
    if 0 <= begun < len(words) - 1:
        spans.append(Quotation(begun, len(words) - 1, closed=False))
    return tuple(spans)


@lru_cache(maxsize=1 << 16)
def _is_marked(word: str) -> bool:
    return _MARKED.search(word) is not None


def _turns(word: str, within: bool) -> tuple[bool, bool]:
    """Whether a word's marks open and whether they close; a straight mark does what is due."""
    if _BOTH in word or word == "''":
        return not within, within
    return any(mark in word for mark in _OPEN) or word == "``", any(mark in word for mark in _CLOSE)


class Parser(Protocol):
    """What the reader needs of a parser; `name` enters the coder's name, so that results can be told apart."""

    name: str

    def parse(self, texts: Iterable[str], told: Told | None = None) -> Iterator[list[Parse]]:
        """Parse texts; for each one yield its stretches in order, and tell how many characters were parsed as they are."""
        ...


class SpacyParser:
    """spaCy behind the parser interface.

    Parameters
    ----------
    model : importable name of a model package (``en_core_web_trf`` serves as well, where it is installed).
    workers : number of processes that parse; 0 chooses by the processors there are and by how much there is to parse.
    """

    def __init__(self, model: str = DEFAULT_MODEL, workers: int = 1) -> None:
        try:
            self._nlp = _pipeline(model)
        except (ImportError, OSError) as error:
            raise MissingExtra(f"Reading text (spaCy with the model {model})", "read") from error
        self.name = model
        self._shared = Shared(self._parse, workers, partial(_afresh, model))

    def parse(self, texts: Iterable[str], told: Told | None = None) -> Iterator[list[Parse]]:
        """Parse texts, cut into stretches of bounded length so that memory stays flat."""
        waiting: deque[int] = deque()

        def stretches() -> Iterator[Stretch]:
            for text in texts:
                cut = segments(text)
                waiting.append(len(cut))
                yield from ((text[start:end], start) for start, end in cut)

        done: list[Parse] = []
        for (text, _), parse in self._shared.map(stretches()):
            while waiting and not waiting[0]:
                waiting.popleft()
                yield []
            done.append(parse)
            if told is not None:
                told(len(text))
            if len(done) == waiting[0]:
                waiting.popleft()
                yield done
                done = []
        yield from ([] for _ in waiting)

    def _parse(self, stretches: Iterable[Stretch]) -> Iterator[tuple[Stretch, Parse]]:
        pairs = ((stretch[0], stretch) for stretch in stretches)
        for doc, stretch in self._nlp.pipe(pairs, as_tuples=True, batch_size=BATCH):
            yield stretch, _from_spacy(doc, stretch[1])


@lru_cache(1)
def _pipeline(model: str) -> Any:
    """The model, which all parsers of a process share: it takes half a second to come up."""
    pipeline = load_model(model)
    from spacy.language import Language

    if not Language.has_factory(_PARAGRAPHS):
        Language.component(_PARAGRAPHS, func=_end_sentences_with_paragraphs)
    pipeline.add_pipe(_PARAGRAPHS, first=True)
    return pipeline


def _afresh(model: str) -> Callable[[Iterable[Stretch]], Iterator[tuple[Stretch, Parse]]]:
    return SpacyParser(model)._parse


def _end_sentences_with_paragraphs(doc: Any) -> Any:
    """Headlines and captions carry no full stop: a line break ends the sentence whatever the parser thinks."""
    from spacy.attrs import IS_SPACE

    size = len(doc)
    for index in doc.to_array([IS_SPACE]).nonzero()[0].tolist():
        following = index + 1
        if "\n" in doc[index].text and following < size and not doc[following].is_space:
            doc[following].is_sent_start = True
    return doc


def segments(text: str) -> list[tuple[int, int]]:
    """Cut a text into stretches of at most 4,000 characters, at paragraph breaks where there are any.

    Quotations run on over paragraphs, so short paragraphs stay together.
    """
    cuts: list[tuple[int, int]] = []
    start = last = 0
    for end in (*(match.end() for match in _BREAK.finditer(text)), len(text)):
        if end - start > _LONGEST and last > start:
            cuts.append((start, last))
            start = last
        last = end
    cuts.append((start, len(text)))
    return [piece for cut in cuts for piece in _chop(text, *cut) if text[piece[0] : piece[1]].strip()]


def _chop(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut an overlong line at a sentence end, a blank, or failing both anywhere."""
    while end - start > 2 * _LONGEST:
        window = text[start : start + _LONGEST]
        cut = max(window.rfind(mark) + len(mark) for mark in (". ", "? ", "! "))
        if cut < _LONGEST // 2:
            cut = window.rfind(" ") + 1 or _LONGEST
        yield start, start + cut
        start += cut
    yield start, end


def _from_spacy(doc: Any, offset: int) -> Parse:
    from spacy.attrs import DEP, HEAD, IDX, LEMMA, LENGTH, POS, SENT_START, TAG

    table = doc.to_array([LEMMA, POS, TAG, DEP, HEAD, IDX, SENT_START, LENGTH])
    text, strings = doc.text, doc.vocab.strings
    lemmas, pos, tags, deps, _, places, marks, sizes = table.T.tolist()
    names = {key: strings[key] if key else "" for key in {*lemmas, *pos, *tags, *deps}}
    return Parse(
        words=[text[start : start + size] for start, size in zip(places, sizes, strict=True)],
        lemmas=[names[key].lower() for key in lemmas],
        pos=[names[key] for key in pos],
        tags=[names[key] for key in tags],
        deps=[names[key] for key in deps],
        heads=[index + step for index, step in enumerate(table[:, 4].astype("int64").tolist())],
        starts=[offset + start for start in places],
        sents=list(accumulate((mark == 1 for mark in marks[1:]), initial=0)),
    )
