"""How well the reader does on corpora that others coded by hand: PolNeAR, GUM, PLOVER.

The corpora are read from the user's own copies. PolNeAR: Newell, Margolin & Ruths, LREC 2018. GUM: Zeldes, Language Resources and
Evaluation 51, 2017 (RST attribution relations). PLOVER: Open Event Data Alliance, gold standard records.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vetopoint.errors import EvidenceError
from vetopoint.evidence._acts import main_act
from vetopoint.evidence._lexicon import lexicon
from vetopoint.evidence._metrics import Score, Spans, Tally, add_article, pair, report
from vetopoint.evidence._parse import Parse, Parser, SpacyParser
from vetopoint.evidence._relations import Relation, relations

__all__ = ["VERBAL", "evaluate_gum", "evaluate_plover", "evaluate_polnear", "read_brat"]

VERBAL = ("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "DEMAND", "DISAPPROVE", "REJECT", "THREATEN")
"""PLOVER's verbal event types."""
_LINE = re.compile(r"([TE]\d+)\t(\S.*)")
_CLAUSAL = frozenset(
    ("clause", "clause-before", "quote", "parenthetical", "according", "noun-clause", "byline", "headline", "colon")
)
_ROLES = ("source", "cue", "content")
Result = dict[str, Any]


def evaluate_polnear(folder: str | Path, parser: Parser | None = None) -> Result:
    """Score the reader on a PolNeAR compartment (a folder with ``text`` and ``attributions``).

    PolNeAR lets a word take part in one attribution only, so relations nested in another's content and cues inside
    quotation marks are left out of the comparison. Where several annotators coded an article, the first by name counts.

    Returns
    -------
    dict
        ``linked``, ``linked50``, ``source``, ``cue``, ``content``: each ``{f1, precision, recall}`` in percent; ``articles``,
        ``relations`` (gold) and ``errors``, counts by category of what went wrong.
    """
    folder = Path(folder)
    texts = sorted((folder / "text").glob("*.txt"))
    if not texts:
        raise EvidenceError(f"{folder}: no text/*.txt → give the folder of one compartment, such as polnear/data/dev")
    raw = [_raw(path) for path in texts]
    tally, errors, gold_count, articles = Tally(), Counter[str](), 0, 0
    for path, parses in zip(texts, (parser or SpacyParser()).parse(raw), strict=True):
        notes = sorted((folder / "attributions").glob(f"{_escape(path.stem)}_*.ann"))
        if not notes:
            continue
        articles += 1
        predicted, gold = [], []
        offset = 0
        marked = read_brat(_raw(notes[0]))
        starts: list[int] = []
        ends: list[int] = []
        counted: list[bool] = []
        for parse in parses:
            found = [r for r in relations(parse, lexicon()) if not r.nested and r.voice == "reported"]
            counted += [any(c.isalnum() for c in word) for word in parse.words]
            predicted += [_shift(relation, offset, counted) for relation in found]
            starts += parse.starts
            ends += parse.ends
            offset += len(parse)
        gold = [_cover(spans, starts, ends, counted) for spans in marked]
        gold_count += len(gold)
        linked = add_article(tally, predicted, gold)
        errors += _categories(predicted, gold, linked)
    return {
        **report(tally, ("linked", "linked50", *_ROLES)),
        "articles": articles,
        "relations": gold_count,
        "errors": dict(sorted(errors.items())),
    }


def read_brat(text: str) -> list[dict[str, list[tuple[int, int]]]]:
    """Relations of a brat stand-off file: for each event, the character spans of source, cue and content."""
    spans: dict[str, list[tuple[int, int]]] = {}
    events: list[dict[str, list[tuple[int, int]]]] = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        key, rest = match.groups()
        if key[0] == "T":
            pieces = rest.split("\t")[0].split(" ", 1)[1]
            spans[key] = [(int(a), int(b)) for a, b in (piece.split() for piece in pieces.split(";"))]
            continue
        event: dict[str, list[tuple[int, int]]] = {role: [] for role in _ROLES}
        for part in rest.split():
            role, _, target = part.partition(":")
            name = re.sub(r"\d+$", "", role).lower()
            if name in event:
                event[name] += spans.get(target, [])
        events.append(event)
    return events


def evaluate_gum(folder: str | Path, parser: Parser | None = None) -> Result:
    """Score the reader on GUM's RST attribution relations (``GUM_news_*.rsd``, ``GUM_interview_*.rsd``).

    A prediction hits a gold pair if its cue stands in the attributing unit and its content overlaps the attributed unit,
    one-to-one. Only predictions with a clausal content are compared, since RST units are clauses.

    Returns
    -------
    dict
        ``news`` and ``interview``: ``{f1, precision, recall}`` in percent, and ``relations``, the gold count.
    """
    folder = Path(folder)
    parser = parser or SpacyParser()
    out: Result = {"relations": {}}
    for genre in ("news", "interview"):
        files = sorted(folder.glob(f"GUM_{genre}_*.rsd"))
        if not files:
            raise EvidenceError(f"{folder}: no GUM_{genre}_*.rsd → give the folder with GUM's .rsd files")
        score = Score()
        loaded = [_read_rsd(path) for path in files]
        for (_, units, pairs), parses in zip(loaded, parser.parse(text for text, _, _ in loaded), strict=True):
            found = [(parse, r) for parse in parses for r in relations(parse, lexicon()) if _clausal(parse, r)]
            links = [
                (_overlap(parse, relation.content, units[head]), number, at)
                for number, (parse, relation) in enumerate(found)
                for at, (unit, head) in enumerate(pairs)
                if _inside(parse, relation.cue, units[unit]) and _overlap(parse, relation.content, units[head])
            ]
            score.add(len(pair(links)), len(found), len(pairs))
        out[genre] = score.as_percent()
        out["relations"][genre] = score.gold
    return out


def evaluate_plover(file: str | Path, parser: Parser | None = None) -> Result:
    """Score speech act and source actor on PLOVER's gold records with a verbal event type.

    No prediction counts as wrong. The source is right if the predicted phrase holds the last word of a gold ``actorText``.

    Returns
    -------
    dict
        ``act`` and ``source``: percent correct; ``records``; ``by_act``: ``{act: [correct, records]}``.
    """
    records = [r for r in _gold_records(Path(file)) if r["event"] in VERBAL]
    if not records:
        raise EvidenceError(f"{file}: no record with a verbal event type → give PLOVER's gold standard JSON")
    act_hits, source_hits = 0, 0
    by_act: dict[str, list[int]] = {act: [0, 0] for act in VERBAL}
    texts = [record["text"] for record in records]
    for record, parses in zip(records, (parser or SpacyParser()).parse(texts), strict=True):
        act, phrase = main_act(parses[0], lexicon())
        by_act[record["event"]][1] += 1
        if act == record["event"]:
            act_hits += 1
            by_act[record["event"]][0] += 1
        words = {word.strip(".,()").casefold() for word in phrase.split()}
        heads = {_head_word(actor["actorText"]) for actor in record["source"] or ()}
        source_hits += bool(words & heads)
    size = len(records)
    return {
        "act": round(100 * act_hits / size, 1),
        "source": round(100 * source_hits / size, 1),
        "records": size,
        "by_act": by_act,
    }


def _head_word(actor: str) -> str:
    words = re.sub(r"\([^)]*\)", "", actor).replace(",", " ").split()
    return words[-1].strip(".").casefold() if words else ""


def _raw(path: Path) -> str:
    """A file's text with its line ends kept, since stand-off annotation counts them."""
    with path.open(encoding="utf-8", newline="") as handle:
        return handle.read()


def _escape(stem: str) -> str:
    return re.sub(r"([\[\]*?])", r"[\1]", stem)


def _shift(relation: Relation, offset: int, counted: Sequence[bool]) -> Spans:
    def moved(tokens: Iterable[int]) -> frozenset[int]:
        return frozenset(t + offset for t in tokens if counted[t + offset])

    return moved(relation.source), moved(relation.cue), moved(relation.content)


def _cover(
    marked: dict[str, list[tuple[int, int]]], starts: list[int], ends: list[int], counted: Sequence[bool]
) -> Spans:
    def tokens(role: str) -> frozenset[int]:
        found: set[int] = set()
        for start, end in marked[role]:
            token = max(bisect_right(starts, start) - 1, 0)
            while token < len(starts) and starts[token] < end:
                if ends[token] > start and counted[token]:
                    found.add(token)
                token += 1
        return frozenset(found)

    return tokens("source"), tokens("cue"), tokens("content")


def _categories(predicted: Sequence[Spans], gold: Sequence[Spans], linked: list[tuple[int, int]]) -> Counter[str]:
    """Why relations were not linked: cue missed, cue invented, wrong source, wrong content."""
    count: Counter[str] = Counter()
    hit, met = {i for i, _ in linked}, {j for _, j in linked}
    for j, spans in enumerate(gold):
        if j in met:
            continue
        rivals = [mine for mine in predicted if mine[1] & spans[1]]
        if not rivals:
            count["cue missed" if spans[1] else "no word for a cue"] += 1
        elif any(mine[2] & spans[2] for mine in rivals):
            count["wrong source"] += 1
        else:
            count["wrong content"] += 1
    count["cue invented"] = sum(
        1 for i, mine in enumerate(predicted) if i not in hit and not any(mine[1] & spans[1] for spans in gold)
    )
    return count


@dataclass(frozen=True)
class _Unit:
    start: int
    end: int


def _read_rsd(path: Path) -> tuple[str, dict[str, _Unit], list[tuple[str, str]]]:
    """Text, units by number and (attributing, attributed) pairs of one GUM text, its tokens joined again."""
    parts: list[str] = []
    length = 0
    units: dict[str, _Unit] = {}
    pairs: list[tuple[str, str]] = []
    last_block, last_sentence = "", ""
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) < 8:
            continue
        key, words, features, head, relation = fields[0], fields[1], fields[5], fields[6], fields[7]
        marks = set(features.split("|"))
        block = next((mark for mark in ("heading", "caption") if mark in marks), "")
        sentence = next((mark for mark in marks if mark.startswith("sid=")), "")
        # A unit is often less than a sentence, and no paragraph ends within one.
        fresh = ("para" in marks or "para=para" in marks or block != last_block) and (
            not sentence or sentence != last_sentence
        )
        last_block, last_sentence = block, sentence
        gap = "\n\n" if parts and fresh else " " if parts else ""
        text = _join(words)
        parts.append(gap + text)
        units[key] = _Unit(length + len(gap), length + len(gap) + len(text))
        length += len(gap) + len(text)
        if relation.startswith("attribution"):
            pairs.append((key, head))
    return "".join(parts), units, pairs


def _join(words: str) -> str:
    """Tokens written as text: no blank before commas and clitics."""
    return re.sub(r" (?=[,.;:?!)\]’”]|n't\b|'(?:s|re|ve|ll|d|m)\b)|(?<=[(\[“]) ", "", words)


def _clausal(parse: Parse, relation: Relation) -> bool:
    """Whether the content is a clause of its own: RST attributes no infinitive or noun phrase."""
    if relation.rule == "credit":
        return True
    if relation.rule not in _CLAUSAL and not (
        relation.rule == "adjective" and parse.lower[relation.content[0]] == "that"
    ):
        return False
    return any(parse.pos[t] in ("VERB", "AUX") and parse.tags[t] != "VBN" for t in relation.content)


def _inside(parse: Parse, tokens: Sequence[int], unit: _Unit) -> bool:
    return all(unit.start <= parse.starts[t] < unit.end for t in tokens[-1:])


def _overlap(parse: Parse, tokens: Sequence[int], unit: _Unit) -> float:
    return float(sum(unit.start <= parse.starts[t] < unit.end for t in tokens))


def _gold_records(path: Path) -> list[dict[str, Any]]:
    """Gold records of a JSON file, or of all JSON files in a folder."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    try:
        return [record for file in files for record in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError) as error:
        raise EvidenceError(
            f"{path}: no gold records in JSON ({type(error).__name__}) → name the file or its folder"
        ) from error
