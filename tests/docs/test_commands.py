"""The commands of the pages that people follow are typed here as they stand there, in their order, and say what the page says they do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import ROOT
from typed import commands, desk_in, text_of, typed

ACTIVATE = "source .venv/bin/activate"
PAGES = ("README.md", "docs/tutorial.md")
NOT_TYPED = ("make ", "git clone ", ACTIVATE)
"""What installs: the machine that tests has done it."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desk_in(tmp_path_factory.mktemp("desk"))


PRINTED: dict[str, str] = {}
"""What each command printed: every one is typed once, in the order of the pages."""


def printed(desk: Path, line: str) -> str:
    if line not in PRINTED:
        PRINTED[line] = typed(desk, line)
    return PRINTED[line]


def to_type() -> list[str]:
    return list(
        dict.fromkeys(line for page in PAGES for line in commands(text_of(page)) if not line.startswith(NOT_TYPED))
    )


@pytest.mark.parametrize("line", to_type())
def test_it_works_as_typed(line: str, desk: Path) -> None:
    assert line.startswith("vetopoint ")
    assert printed(desk, line).strip()


@pytest.mark.parametrize("page", PAGES)
def test_the_environment_is_activated_before_the_first_command(page: str) -> None:
    text, lines = text_of(page), [line for line in commands(text_of(page)) if line.startswith("vetopoint ")]
    assert len(lines) >= 5
    assert 0 < text.index(ACTIVATE) < min(map(text.index, lines))


def test_there_is_one_way_to_name_a_command() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert len(pages) > 10
    assert [p.name for p in pages if ".venv/bin/vetopoint" in p.read_text(encoding="utf-8")] == []


def figure(told: str, name: str) -> tuple[str, str]:
    """A row of a comparison's table: what it is in A and in B."""
    row = re.search(rf"^{re.escape(name)} +(\S+) +(\S+) ", told, re.MULTILINE)
    assert row is not None, name
    return row[1], row[2]


def test_the_doubt_shows_what_moves(desk: Path) -> None:
    told = printed(desk, "vetopoint compare cases/tutorial-reedmeadow --set court_stops=0.95")
    before, after = figure(told, "The full scheme is built")
    assert before != after
    assert f"falls from {before} to {after}, and the key changes hands" in text_of("README.md")
    assert "The key changes hands: Lower Wend Water Board" in told
    tour = text_of("docs/tutorial.md")
    rows = [row for row in re.findall(r"^\| (.+?) \| (\S+) \| (\S+) \|$", tour, re.MULTILINE) if row[1][0].isdigit()]
    assert len(rows) == 4
    assert [row for row in rows if figure(told, row[0]) != row[1:]] == []
    dry = printed(desk, "vetopoint compare cases/tutorial-reedmeadow --set flood_worry=0.01")
    before, after = figure(dry, "The full scheme is built")
    assert f"rises from {before} to {after}" in tour


def test_a_trace_ends_in_a_sentence_or_in_a_judgement(desk: Path) -> None:
    assert "judged" in printed(desk, "vetopoint trace cases/european-presence truce_chance")
    told = printed(desk, "vetopoint trace cases/european-presence hostile")
    assert "European capitals fear that Russia" in told
    assert ", characters " in told.splitlines()[-1]
