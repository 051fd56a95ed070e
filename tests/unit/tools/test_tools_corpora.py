"""The loaders and scores of GUM and PLOVER on tiny corpora written for the purpose."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import tool
from vetopoint.errors import EvidenceError
from vetopoint.evidence import SpacyParser

corpora = tool("validation/corpora")


@pytest.fixture(scope="module")
def parser() -> SpacyParser:
    return SpacyParser()


def test_gum_and_plover_loaders(tmp_path: Path, parser: SpacyParser) -> None:
    def unit(number: int, words: str, head: int, relation: str) -> str:
        return "\t".join(
            [str(number), words, "0", "_", "_", "para=para" if number == 1 else "x", str(head), relation, "_", "_"]
        )

    rsd = [unit(1, "Ada Norman said", 2, "attribution-positive_r"), unit(2, "that the port would close .", 0, "ROOT")]
    for genre in ("news", "interview"):
        (tmp_path / f"GUM_{genre}_x.rsd").write_text("\n".join(rsd), encoding="utf-8")
    scores = corpora.evaluate_gum(tmp_path, parser)
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
    assert {k: corpora.evaluate_plover(path, parser)[k] for k in ("act", "source", "records")} == {
        "act": 50.0,
        "source": 50.0,
        "records": 2,
    }


def test_a_folder_without_a_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"\.rsd"):
        corpora.evaluate_gum(tmp_path)
    (tmp_path / "none.json").write_text("[]", encoding="utf-8")
    with pytest.raises(EvidenceError, match="verbal event type"):
        corpora.evaluate_plover(tmp_path / "none.json")
