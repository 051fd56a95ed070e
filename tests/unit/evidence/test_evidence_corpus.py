"""The metrics against counts made by hand, and PolNeAR's loader on a tiny corpus written for the purpose."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vetopoint.cli import complete
from vetopoint.errors import EvidenceError
from vetopoint.evidence import SpacyParser, evaluate_polnear
from vetopoint.evidence.exchange import read_brat
from vetopoint.evidence.scores import Score, Spans, add_article, pair


def spans(source: set[int], cue: set[int], content: set[int]) -> Spans:
    return frozenset(source), frozenset(cue), frozenset(content)


def test_linked_needs_every_role_and_linked50_half_the_content() -> None:
    gold = [spans({1}, {2}, {3, 4, 5, 6}), spans(set(), {10}, {11, 12}), spans({20}, {21}, {22})]
    found = [spans({1}, {2}, {3}), spans({9}, {10}, {11, 12}), spans({20}, {21}, {22}), spans({30}, {31}, {32})]
    tally: defaultdict[str, Score] = defaultdict(Score)
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


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    """A text with two coded relations, laid out as PolNeAR is."""
    text = "Ada Norman said the port would close.\r\n\r\nA storm of protest met the plan.\n"
    (tmp_path / "text").mkdir()
    (tmp_path / "attributions").mkdir()
    (tmp_path / "text" / "a.txt").write_bytes(text.encode())
    one = "T1\tSource 0 10\tAda Norman\nT2\tCue 11 15\tsaid\nT3\tContent 16 36\tthe port would close\n"
    start = text.index("A storm")
    two = f"T4\tCue {start} {start + 18}\tA storm of protest\nT5\tContent {start + 23} {start + 31}\tthe plan\n"
    events = "E1\tAttribution:T1 Source:T1 Cue:T2 Content:T3\nE2\tAttribution-no-source:T4 Cue:T4 Content:T5\n"
    (tmp_path / "attributions" / "a_0000.ann").write_text(one + two + events, encoding="utf-8")
    return tmp_path


def test_polnear_loader_scores_a_perfect_and_a_missed_relation(coded: Path, parser: SpacyParser) -> None:
    scores = evaluate_polnear(coded, parser)
    assert scores["linked"] == {"f1": 66.7, "precision": 100.0, "recall": 50.0}
    assert scores["content"] == {"f1": 66.7, "precision": 100.0, "recall": 50.0}
    assert scores["errors"]["cue missed"] == 1


def test_the_command_prints_what_the_scorer_finds(coded: Path, parser: SpacyParser) -> None:
    done = CliRunner().invoke(
        complete(), ["evaluate", str(coded), "--corpus", "polnear", "--json"], catch_exceptions=False
    )
    assert done.exit_code == 0
    assert json.loads(done.stdout) == evaluate_polnear(coded, parser)


def test_a_folder_without_a_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="compartment"):
        evaluate_polnear(tmp_path)
