"""Score the reader on GUM's attribution relations and on PLOVER's gold records.

    python tools/validation/corpora.py gum DIR         GUM_news_*.rsd and GUM_interview_*.rsd; default: the reference data
    python tools/validation/corpora.py plover FILE     PLOVER's gold standard JSON

The corpora are read from the user's own copies. GUM: Zeldes, Language Resources and Evaluation 51, 2017 (RST attribution
relations). PLOVER: Open Event Data Alliance, gold standard records. ``vetopoint evaluate --corpus polnear DIR`` scores PolNeAR.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Act
from vetopoint.evidence.reader.acts import clause_act
from vetopoint.evidence.reader.attribution import relations
from vetopoint.evidence.reader.parse import Parse, Parser, SpacyParser
from vetopoint.evidence.reader.relation import Relation
from vetopoint.evidence.scores import Score, pair

DATA = Path(os.environ.get("VETOPOINT_REFERENCE_DATA", Path(__file__).resolve().parents[2].parent / "shared" / "data"))
VERBAL = ("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "DEMAND", "DISAPPROVE", "REJECT", "THREATEN")
"""PLOVER's verbal event types."""
_CLAUSAL = frozenset(
    ("clause", "clause-before", "quote", "parenthetical", "according", "noun-clause", "byline", "headline", "colon")
)
Result = dict[str, Any]


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
            found = [(parse, r) for parse in parses for r in relations(parse) if _clausal(parse, r)]
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
        act, phrase = main_act(parses[0])
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


def main_act(parse: Parse) -> tuple[Act, str]:
    """The leading speech act of a sentence and the phrase that names who performs it.

    A reporting frame ("officials said") is looked through where the clause that it reports has an act of its own.

    Returns
    -------
    tuple
        The act (empty if none is found) and the actor's words.
    """
    for verb in _candidates(parse):
        act = clause_act(parse, verb)
        if act and act != "SAY":
            return act, _actor(parse, verb)
    root = next((t for t in range(len(parse)) if parse.heads[t] == t and parse.pos[t] in ("VERB", "AUX")), 0)
    return "", _actor(parse, root)


def _candidates(p: Parse) -> list[int]:
    """Verbs of the sentence from the outermost inwards; a plain "said" comes after what was said."""
    out: list[int] = []
    queue = [t for t in range(len(p)) if p.heads[t] == t]
    while queue:
        node = queue.pop(0)
        if p.pos[node] in ("VERB", "AUX"):
            out.append(node)
        queue.extend(
            c
            for c in p.children[node]
            if p.deps[c] in ("ccomp", "xcomp", "conj", "advcl", "acl", "parataxis", "dobj", "pcomp")
        )
    return out


def _actor(p: Parse, verb: int) -> str:
    """The subject's words, or the agent's in a passive, or those of the verb on which this one hangs."""
    node = verb
    for _ in range(6):
        agent = p.child(node, "agent")
        if agent >= 0:
            return " ".join(p.words[t] for t in p.subtree(agent)[1:])
        subject = p.child(node, "nsubj", "nsubjpass")
        if subject >= 0 and p.pos[subject] != "PRON":
            return " ".join(p.words[t] for t in p.subtree(subject))
        if p.heads[node] == node:
            return ""
        node = p.heads[node]
    return ""


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


if __name__ == "__main__":
    scorers = {
        "gum": (evaluate_gum, DATA / "gum"),
        "plover": (evaluate_plover, DATA / "plover" / "plover_gsr_open.json"),
    }
    if len(sys.argv) < 2 or sys.argv[1] not in scorers:
        raise SystemExit(f"usage: python tools/validation/corpora.py {'|'.join(scorers)} [PATH]")
    scorer, default = scorers[sys.argv[1]]
    for name, value in scorer(sys.argv[2] if len(sys.argv) > 2 else default).items():
        print(f"{name}: {json.dumps(value, ensure_ascii=False)}")
