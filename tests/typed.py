"""Commands as pages show them, typed where their reader stands: the program at hand as after activation, cases and examples beside it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from support import ROOT

__all__ = ["commands", "desk_in", "text_of", "typed"]


def text_of(page: str) -> str:
    """A page of the project."""
    return (ROOT / page).read_text(encoding="utf-8")


def commands(text: str) -> list[str]:
    """The lines that are to be typed: those set in by four or more that a blank line, or another such line, precedes."""
    found, above = [], ""
    for line in re.sub(r"```.*?```", "", text, flags=re.DOTALL).splitlines():
        if re.match(r" {4,}\S", line) and (not above.strip() or above.strip() in found):
            found.append(line.strip())
        above = line
    return found


def desk_in(folder: Path) -> Path:
    """Make a folder the place where a reader types."""
    shutil.copytree(ROOT / "cases", folder / "cases", ignore=shutil.ignore_patterns("out", "*.sqlite*"))
    if (ROOT / "docs" / "examples").is_dir():
        shutil.copytree(ROOT / "docs" / "examples", folder / "docs" / "examples")
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
