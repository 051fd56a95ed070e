"""How well the reader does on texts that others coded in brat, laid out and scored as PolNeAR is.

The corpus is read from the user's own copy. PolNeAR: Newell, Margolin & Ruths, LREC 2018.
"""

import glob
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from vetopoint.errors import EvidenceError
from vetopoint.evidence.exchange.brat import read_brat
from vetopoint.evidence.reader.attribution import relations
from vetopoint.evidence.reader.parse import Parser, SpacyParser
from vetopoint.evidence.reader.relation import Relation
from vetopoint.evidence.scores import Score, Spans, add_article, percentages


def evaluate_polnear(folder: str | Path, parser: Parser | None = None) -> dict[str, Any]:
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
    raw = [path.read_bytes().decode() for path in texts]  # line ends kept: stand-off annotation counts them
    tally: defaultdict[str, Score] = defaultdict(Score)
    errors, coded_relations, articles = Counter[str](), 0, 0
    for path, parses in zip(texts, (parser or SpacyParser()).parse(raw), strict=True):
        notes = sorted((folder / "attributions").glob(f"{glob.escape(path.stem)}_*.ann"))
        if not notes:
            continue
        articles += 1
        predicted: list[Spans] = []
        starts: list[int] = []
        ends: list[int] = []
        counted: list[bool] = []
        for parse in parses:
            found = [r for r in relations(parse) if not r.nested and r.voice == "reported"]
            offset = len(counted)
            counted += [any(c.isalnum() for c in word) for word in parse.words]
            predicted += [_shift(relation, offset, counted) for relation in found]
            starts += parse.starts
            ends += parse.ends
        gold = [_cover(spans, starts, ends, counted) for spans in read_brat(notes[0].read_text(encoding="utf-8"))]
        coded_relations += len(gold)
        errors += _categories(predicted, gold, add_article(tally, predicted, gold))
    counts = {"articles": articles, "relations": coded_relations, "errors": dict(sorted(errors.items()))}
    return {**percentages(tally), **counts}


def _shift(relation: Relation, offset: int, counted: Sequence[bool]) -> Spans:
    def moved(tokens: Iterable[int]) -> frozenset[int]:
        return frozenset(t + offset for t in tokens if counted[t + offset])

    return moved(relation.source), moved(relation.cue), moved(relation.content)


def _cover(
    marked: dict[str, list[tuple[int, int]]], starts: list[int], ends: list[int], counted: Sequence[bool]
) -> Spans:
    def tokens(role: str) -> frozenset[int]:
        covered = (t for a, b in marked[role] for t in range(bisect_right(ends, a), bisect_left(starts, b)))
        return frozenset(t for t in covered if counted[t])

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
    unmet = [mine for i, mine in enumerate(predicted) if i not in hit]
    count["cue invented"] = sum(not any(mine[1] & spans[1] for spans in gold) for mine in unmet)
    return count
