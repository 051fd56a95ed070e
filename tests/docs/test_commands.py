"""The commands of the pages that people follow are typed here as they stand there, in their order, and say what the page says they do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT

ACTIVATE = "source .venv/bin/activate"
PAGES = ("README.md", "docs/tutorial.md")
NOT_TYPED = ("make ", "git clone ", ACTIVATE)
"""What installs: the machine that tests has done it."""

pytestmark = pytest.mark.slow


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def commands(page: str) -> list[str]:
    """The lines of a page that are to be typed: those set in by four and more that a blank line or another such line precedes."""
    found, above = [], ""
    for line in re.sub(r"```.*?```", "", text_of(page), flags=re.DOTALL).splitlines():
        if re.match(r" {4,}\S", line) and (not above.strip() or above.strip() in found):
            found.append(line.strip())
        above = line
    return [line.split("   #")[0].strip() for line in found]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a page finds where its reader stands, and `vetopoint` at hand as after activation."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "cases", folder / "cases", ignore=shutil.ignore_patterns("out", "*.sqlite*"))
    (folder / "bin").mkdir()
    program = folder / "bin" / "vetopoint"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m vetopoint "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return folder


def typed(desk: Path, line: str) -> str:
    """What a command prints; it must succeed."""
    here = {**os.environ, "PATH": f"{desk / 'bin'}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "120"}
    done = subprocess.run(
        ["sh", "-c", line], cwd=desk, env=here, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, f"{line}\n{done.stderr}"
    return done.stdout


PRINTED: dict[str, str] = {}
"""What each command printed: every one is typed once, in the order of the pages."""


def printed(desk: Path, line: str) -> str:
    if line not in PRINTED:
        PRINTED[line] = typed(desk, line)
    return PRINTED[line]


def to_type() -> list[str]:
    return list(dict.fromkeys(line for page in PAGES for line in commands(page) if not line.startswith(NOT_TYPED)))


@pytest.mark.parametrize("line", to_type())
def test_it_works_as_typed(line: str, desk: Path) -> None:
    assert line.startswith("vetopoint ")
    assert printed(desk, line).strip()


@pytest.mark.parametrize("page", PAGES)
def test_the_environment_is_activated_before_the_first_command(page: str) -> None:
    text, lines = text_of(page), [line for line in commands(page) if line.startswith("vetopoint ")]
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
    assert "“" in printed(desk, "vetopoint trace cases/european-presence hostile")
