"""The pages hold: links lead somewhere, commands exist, cases named are there, messages quoted are the program's."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def slug(heading: str) -> str:
    """Anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def outside_code(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture(scope="module")
def commands() -> dict[str, typer.core.TyperCommand]:
    from vetopoint.cli import complete

    return typer.main.get_command(complete()).commands


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", outside_code(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        other = (page.parent / name).resolve() if name else page
        assert other.exists(), f"{page.name} links to {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", outside_code(other), re.MULTILINE)
            assert anchor in map(slug, headings), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_exist_with_their_options(page: Path, commands: dict[str, typer.core.TyperCommand]) -> None:
    text = page.read_text(encoding="utf-8")
    for line in re.findall(r"(?:^ {4}|`|^)vetopoint ([a-z][^`\n#]*)", text, re.MULTILINE):
        words = shlex.split(line.split("   ")[0])
        assert words[0] in commands, f"{page.name}: vetopoint {line}"
        known = {option for parameter in commands[words[0]].params for option in parameter.opts}
        used = {word.strip("[]").split("=")[0] for word in words[1:] if word.strip("[]").startswith("--")}
        assert used <= known | {"--help"}, f"{page.name}: vetopoint {line}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_named_are_there(page: Path) -> None:
    for name in re.findall(r"`((?:src|tests|tools|docs|cases|benchmarks)/[\w./-]+)`", page.read_text(encoding="utf-8")):
        if "/out" in name or "NAME" in name:
            continue
        assert (ROOT / name).exists(), f"{page.name} names {name}"
