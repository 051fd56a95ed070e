"""The scoring command on a text whose scores can be counted by hand, and against the scorer that the gold's format comes from."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from support import ROOT, reference, tool
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Edge, Link, Span

reading = tool("validation/reading")

GOLD = """=== one | Convoy | style=wire
@aliases norland: Norland, Nordhaven; ostia: Ostia
[S1|Ada Holm] [Q1|said] [C1|the convoy could not go without Ostia's consent]. [S2|Ostia] [Q2|denied] [C2|that it had set any terms].

[C3|The road is open]. [S4|Two diplomats] [Q4|fear] "[C4|the pass]," they said, "[C4b|may close within a week]".
--
1 | named | Holm/Ada | condition | 1/-1 | could? | requires:ostia |
2 | named | Ostia | assertion/position | -1 | - | veto:*:! |
3 | article | - | assertion | 1 | - | | optional
4 | role | diplomats | forecast | 1 | may | risk:*? |

=== two | Embargo | style=op-ed
@aliases norland: Norland
[C1|The embargo was a mistake]. [S2|Norland] [Q2|will answer] with [C2|closing its ports].
--
1 | article | - | assessment | 1 | - | |
2 | named | Norland | threat | 1 | - | threat:norland |
"""


def cut(text: str, *pieces: str) -> tuple[Span, ...]:
    return tuple(Span(text=p, start=text.index(p), end=text.index(p) + len(p)) for p in pieces)


def claim(text: str, link: str, *pieces: str, **fields: Any) -> Claim:
    chain = (Link.model_validate(link),) if link else ()
    return Claim(id="c", source="s", content=cut(text, *pieces), chain=chain, **fields)


def stub(gold: Any) -> Sequence[Claim]:
    text = gold.text
    if gold.name == "two":
        return [claim(text, "Norland", "The embargo was a mistake", kind="assessment")]
    consent = "the convoy could not go without Ostia's consent"
    requires = Edge(kind="requires", actor="ostia")
    surplus = (Edge(kind="veto", actor="ostia"), Edge(kind="veto", actor="ostia"))
    sentence = cut(text, text.split(". ")[0])[0]
    return [
        claim(text, "Ada Holm", consent, kind="condition", edges=(requires,), sentence=sentence),
        claim(text, "Ada Holm", "Ostia's consent", edges=(requires, *surplus), sentence=sentence),
        claim(text, "Ostia", "that it had set any terms", hedge="could"),
        claim(text, "", "The road is open"),
        claim(text, "role: two diplomats", "the pass", "may close within a week", kind="forecast", hedge="may well"),
    ]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold_x.txt"
    path.write_text(GOLD, encoding="utf-8")
    return path


def test_scores_are_those_counted_by_hand(gold: Path) -> None:
    table = reading.score(gold, stub)
    rows = table.as_dict()
    # Three of four counted claims are found: the fragment is wrong, the optional one counts neither way.
    wire = {"gold": 3, "P": 75.0, "R": 100.0, "all right": 200 / 3, "speaker": 100.0, "source": 100.0, "kind": 100.0}
    assert rows["styles"]["wire"] == wire | {"polarity": 200 / 3, "hedge": 200 / 3, "negative": "0/1"}
    oped = {"gold": 2, "P": 100.0, "R": 50.0, "all right": 0.0, "speaker": 0.0, "source": 0.0, "kind": 100.0}
    assert rows["styles"]["op-ed"] == oped | {"polarity": 100.0, "hedge": 100.0, "negative": "0/0"}
    assert [rows["styles"]["ALL"][k] for k in ("gold", "P", "R", "all right")] == [5, 80.0, 80.0, 40.0]
    # The same edge twice in a sentence is no surplus, and a surplus edge said twice there counts once.
    assert rows["edges"]["requires"] == {"gold": 1, "P": 100.0, "R": 100.0}
    assert rows["edges"]["veto"] == {"gold": 1, "P": 0.0, "R": 0.0}
    assert rows["edges"]["risk"] == {"gold": 0, "P": None, "R": None}
    assert rows["edges"]["ALL"] == {"gold": 3, "P": 50.0, "R": 100 / 3}


def test_log_names_what_was_lost_with_its_words(gold: Path) -> None:
    log = reading.score(gold, stub).log
    assert [re.match(r"[A-Z ]+(?= (one|two))", line)[0] for line in log] == [  # type: ignore[index]
        "WRONG", "SURPLUS", "EDGE MISSED", "EDGE SURPLUS", "WRONG", "MISSED", "EDGE MISSED",
    ]  # fmt: skip
    assert "in polarity, hedge: 'that it had set any terms', said by 'Ostia'" in log[0]
    assert '"Ostia\'s consent"' in log[1]
    assert "veto:*:!" in log[2]
    assert "veto:ostia" in log[3]
    assert "in speaker, source" in log[4]
    assert "'closing its ports'" in log[5]


def test_gold_read_as_itself_is_all_right(gold: Path) -> None:
    def perfect(text: Any) -> list[Claim]:
        return [
            claim(
                text.text,
                "" if "article" in c.sources else f"{min(c.sources)}: {c.names[0]}",
                *c.words.split(" … "),
                kind=min(c.kinds),
                polarity=min(c.polarities),
                hedge=c.hedge,
                edges=tuple(Edge(kind=e.kind, actor=e.actor, holds=e.holds) for e in c.edges),
            )
            for c in text.claims
        ]

    files = sorted(reading.GOLD.glob("gold_*.txt"))
    assert files
    for path in (gold, *files):
        for part, rows in reading.score(path, perfect).as_dict().items():
            asked = ("P", "R", "all right") if part == "styles" else ("P", "R")
            assert {k: rows["ALL"][k] for k in asked} == dict.fromkeys(asked, 100.0), path.name


def test_table_and_json_say_the_same(gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reading.main([str(gold), str(gold), "--log", str(tmp_path / "log")], stub)
    table = capsys.readouterr().out
    assert re.search(r"^ALL +\| 10 +\| 80 +\| 80 +\| 40 ", table, re.MULTILINE)
    assert re.search(r"^ALL +\| 6 +\| 50 +\| 33$", table, re.MULTILINE)
    assert len((tmp_path / "log").read_text(encoding="utf-8").splitlines()) == 14
    reading.main([str(gold), "--json"], stub)
    assert json.loads(capsys.readouterr().out) == reading.score(gold, stub).as_dict()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.replace("[C1|the", "the", 1), "closes no mark"),
        (lambda t: t.replace("consent].", "consent.", 1), "never closed"),
        (
            lambda t: t.replace("1 | named | Holm/Ada | condition", "1 | named | Holm/Ada | demand"),
            "'demand' is none of",
        ),
        (lambda t: t.replace("2 | named | Ostia", "7 | named | Ostia"), "claim '7': no words"),
        (lambda t: t.replace("2 | named | Ostia", "1 | named | Ostia"), "claim 1 is coded twice"),
        (lambda t: t.replace("4 | role | diplomats | forecast | 1 | may | risk:*? |\n", ""), "content 4 is marked"),
        (lambda t: t.replace("requires:ostia", "requires:kyst"), "requires:kyst names no actor"),
        (lambda t: t.replace("requires:ostia", "needs:ostia"), "'needs:ostia' is no edge"),
        (lambda t: t.replace("\n--\n", "\n", 1), "is missing"),
        (lambda t: t.replace("ostia: Ostia", "Ostia"), "has no colon"),
        (lambda t: "nothing", "holds no text"),
    ],
)
def test_bad_gold_is_refused_with_its_place(gold: Path, change: Callable[[str], str], says: str) -> None:
    changed = change(GOLD)
    assert changed != GOLD
    gold.write_text(changed, encoding="utf-8")
    with pytest.raises(EvidenceError, match=re.escape(says)) as caught:
        reading.score(gold, stub)
    assert str(gold) in str(caught.value)
    assert "→" in str(caught.value)
    with pytest.raises(SystemExit, match=re.escape(says)):
        reading.main([str(gold)])


@pytest.mark.shared
@pytest.mark.parametrize("name", ["example-gold.txt", *sorted(path.name for path in reading.GOLD.glob("gold_*.txt"))])
def test_scores_equal_those_of_the_scorer_that_set_the_format(name: str) -> None:
    """The outside truth is ``tools/score_reading.py`` beside the reference data, run as a program on the same gold."""
    program = reference("../tools/score_reading.py")
    path = program.with_name(name) if name.startswith("example") else reading.GOLD / name
    run = subprocess.run(
        [sys.executable, str(program), str(path)], capture_output=True, text=True, cwd=ROOT, timeout=250, check=True
    )
    lines = run.stdout.splitlines()
    styles = {cells[0]: cells[1:] for cells in (line.split(" | ") for line in lines[1:] if " | " in line)}
    edges = {kind: rest for kind, rest in (line.split(": ") for line in lines if ": gold " in line)}
    edges["ALL"] = edges.pop("edges")
    assert styles.keys() > {"ALL"}
    rows = reading.score(path).as_dict()
    assert {k: [reading._cell(v) for v in row.values()] for k, row in rows["styles"].items()} == styles
    shown = {
        k: f"gold {r['gold']}, P {reading._cell(r['P'])}, R {reading._cell(r['R'])}" for k, r in rows["edges"].items()
    }
    assert shown == edges
