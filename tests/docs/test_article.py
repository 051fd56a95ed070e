"""The tutorial from an article to a report, from top to bottom: commands as typed, edits as shown, and what the page says is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support import ROOT
from typed import commands, desk_in, text_of, typed

PAGE = text_of("docs/tutorial-article.md")
STEPS = re.findall(r"```yaml\n(.*?)```|^ {4}(\S[^\n]*)$", PAGE, re.MULTILINE | re.DOTALL)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desk_in(tmp_path_factory.mktemp("desk"))


def edited(text: str, block: str) -> str:
    """A case with the lines of a block in it: in the place of those of their names, or at the end of their section."""
    section, *lines = block.rstrip("\n").splitlines()
    assert f"\n{section}" in text
    for line in lines:
        name = line.split(":")[0]
        text, found = re.subn(rf"^{re.escape(name)}:.*$", lambda _, line=line: line, text, count=1, flags=re.MULTILINE)
        if not found:
            text = re.sub(
                rf"^({re.escape(section)}.*\n(?:  .*\n)*)",
                lambda m, line=line: f"{m[1]}{line}\n",
                text,
                count=1,
                flags=re.MULTILINE,
            )
    return text


def said_of(desk: Path, command: str, printed: str) -> None:
    """What the page says of a command's output."""
    if "start" in command:
        understood = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)[0].splitlines()
        assert len(understood) == 4
        assert [line for line in understood if line not in printed] == []
    if command.startswith("vetopoint run"):
        assert len(printed.splitlines()) <= 40
        assert (desk / "strait" / "out" / "report.html").stat().st_size > 100_000
    if command.startswith("vetopoint draft"):
        assert len(re.findall(r"^strait\.\d+ ", printed, re.MULTILINE)) >= 10


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_a_step_works_as_it_stands(number: int, desk: Path) -> None:
    block, command = STEPS[number]
    if command:
        assert command.startswith("vetopoint ")
        said_of(desk, command, typed(desk, command))
        return
    case = desk / "strait" / "case.yaml"
    before = case.read_text(encoding="utf-8")
    after = edited(before, block)
    assert len(after.splitlines()) - len(before.splitlines()) <= 1
    assert all(line in after.splitlines() and line not in before.splitlines() for line in block.splitlines()[1:])
    case.write_text(after, encoding="utf-8")


def test_the_steps_are_those_of_the_page() -> None:
    assert [command for _, command in STEPS if command] == commands(PAGE)
    assert len([block for block, _ in STEPS if block]) == 2
    assert (ROOT / "docs" / "examples" / "strait.txt").is_file()
