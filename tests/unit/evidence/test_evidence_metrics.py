"""The metrics against counts made by hand, and the corpus loaders on tiny corpora written for the purpose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vetopoint.errors import EvidenceError
from vetopoint.evidence import SpacyParser, evaluate_gum, evaluate_plover, evaluate_polnear
from vetopoint.evidence._evaluate import read_brat
from vetopoint.evidence._metrics import Spans, Tally, add_article, pair


def spans(source: set[int], cue: set[int], content: set[int]) -> Spans:
    return frozenset(source), frozenset(cue), frozenset(content)


def test_linked_needs_every_role_and_linked50_half_the_content() -> None:
    gold = [spans({1}, {2}, {3, 4, 5, 6}), spans(set(), {10}, {11, 12}), spans({20}, {21}, {22})]
    found = [spans({1}, {2}, {3}), spans({9}, {10}, {11, 12}), spans({20}, {21}, {22}), spans({30}, {31}, {32})]
    tally = Tally()
    assert add_article(tally, found, gold) == [(2, 2), (0, 0)]
    assert tally["linked"].as_percent() == {"f1": 57.1, "precision": 50.0, "recall": 66.7}
    assert tally["linked50"].as_percent() == {"f1": 28.6, "precision": 25.0, "recall": 33.3}
    # two of four predicted sources stand among the two gold ones
    assert tally["source"].as_percent() == {"f1": 66.7, "precision": 50.0, "recall": 100.0}


def test_pairs_are_one_to_one_the_closest_first() -> None:
    assert pair([(0.4, 0, 0), (0.9, 0, 1), (0.8, 1, 1), (0.3, 1, 0)]) == [(0, 1), (1, 0)]


def test_brat_events_keep_split_spans() -> None:
    note = "T1\tSource 0 3\tAda\nT2\tCue 4 8\tsaid\nT3\tContent 9 11;13 15\tno go\nE1\tAttribution:T9 Source:T1 Cue:T2 Content:T3\n"
    (event,) = read_brat(note)
    assert event == {"source": [(0, 3)], "cue": [(4, 8)], "content": [(9, 11), (13, 15)]}


@pytest.fixture(scope="module")
def parser() -> SpacyParser:
    return SpacyParser()


def test_polnear_loader_scores_a_perfect_and_a_missed_relation(tmp_path: Path, parser: SpacyParser) -> None:
    text = "Ada Norman said the port would close.\r\n\r\nA storm of protest met the plan.\n"
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "a.txt").write_bytes(text.encode())
    one = "T1\tSource 0 10\tAda Norman\nT2\tCue 11 15\tsaid\nT3\tContent 16 36\tthe port would close\n"
    start = text.index("A storm")
    two = f"T4\tCue {start} {start + 18}\tA storm of protest\nT5\tContent {start + 23} {start + 31}\tthe plan\n"
    events = "E1\tAttribution:T1 Source:T1 Cue:T2 Content:T3\nE2\tAttribution-no-source:T4 Cue:T4 Content:T5\n"
    (tmp_path / "attributions" / "a_0000.ann").write_text(one + two + events, encoding="utf-8")
    scores = evaluate_polnear(tmp_path, parser)
    assert scores["linked"] == {"f1": 66.7, "precision": 100.0, "recall": 50.0}
    assert scores["content"] == {"f1": 66.7, "precision": 100.0, "recall": 50.0}
    assert scores["errors"]["cue missed"] == 1


def test_gum_and_plover_loaders(tmp_path: Path, parser: SpacyParser) -> None:
    def unit(number: int, words: str, head: int, relation: str) -> str:
        return "\t".join(
            [str(number), words, "0", "_", "_", "para=para" if number == 1 else "x", str(head), relation, "_", "_"]
        )

    rsd = [unit(1, "Ada Norman said", 2, "attribution-positive_r"), unit(2, "that the port would close .", 0, "ROOT")]
    for genre in ("news", "interview"):
        (tmp_path / f"GUM_{genre}_x.rsd").write_text("\n".join(rsd), encoding="utf-8")
    scores = evaluate_gum(tmp_path, parser)
    assert scores["news"] == {"f1": 100.0, "precision": 100.0, "recall": 100.0}

    def record(event: str, text: str, actor: str) -> dict[str, object]:
        return {"event": event, "text": text, "source": [{"actorText": actor}]}

    records = [
        record("REJECT", "Norland rejected the offer on Monday.", "Norland"),
        record("AGREE", "The weather was fine.", "Kyst"),
        record("FIGHT", "Norland shelled the port.", "Norland"),
    ]
    path = tmp_path / "plover.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    assert {k: evaluate_plover(path, parser)[k] for k in ("act", "source", "records")} == {
        "act": 50.0,
        "source": 50.0,
        "records": 2,
    }


def test_a_folder_without_a_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="compartment"):
        evaluate_polnear(tmp_path)
    with pytest.raises(EvidenceError, match=r"\.rsd"):
        evaluate_gum(tmp_path)
