"""The project's own promises: locks, licences, the arrows between rooms, and that it speaks of itself alone."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.requirements import Requirement

from support import ROOT

LOCKS = ["lock/run.txt", "lock/all.txt"]
FORBIDDEN = re.compile(r"\b(A|L)?GPL|GNU (Affero |Lesser |Library )?General Public", re.IGNORECASE)


def requirements(lock: str) -> list[Requirement]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return [Requirement(line.rstrip(" \\")) for line in lines if line and not line.startswith((" ", "#"))]


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--index|--find-links|--extra-index|file:|^/|@ ", text, re.MULTILINE)
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_one_lock_holds_the_other() -> None:
    everything = {(r.name, str(r.specifier), str(r.marker)) for r in requirements("lock/all.txt")}
    assert {(r.name, str(r.specifier), str(r.marker)) for r in requirements("lock/run.txt")} <= everything


def test_lock_fits_what_is_installed() -> None:
    wrong = []
    for requirement in requirements("lock/run.txt"):
        if requirement.marker is None or requirement.marker.evaluate():
            try:
                found = distribution(requirement.name).version
            except PackageNotFoundError:
                found = "nothing"
            if not requirement.specifier.contains(found, prereleases=True):
                wrong.append(f"{requirement} but {found} is installed")
    assert not wrong


def licence_words(name: str) -> str:
    """What a package says of its licence: the expression if it gives one, else classifiers and the short field."""
    about = distribution(name).metadata
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    classifiers = [c for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    return " ".join(classifiers) or (about.get("License") or "")[:200]


def test_no_copyleft_at_run_time() -> None:
    bad = {}
    for requirement in requirements("lock/run.txt"):
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        words = licence_words(requirement.name)
        options = re.split(r"\s+OR\s+", words)
        if all(FORBIDDEN.search(option) for option in options):
            bad[requirement.name] = words
    assert not bad


def test_the_licence_check_can_fail() -> None:
    assert FORBIDDEN.search("GPL-3.0-or-later")
    assert FORBIDDEN.search("License :: OSI Approved :: GNU Affero General Public License v3")
    assert not FORBIDDEN.search("Apache-2.0")


def test_rooms_look_one_way() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    return done.stdout.split()


def test_the_project_speaks_of_itself_alone() -> None:
    words = re.compile(r"/work/|/root/|/home/\w+|pypi\.org|npmjs|pythonhosted|debian\.org", re.IGNORECASE)
    skip = (
        "lock/",
        "src/vetopoint/view/assets/",
        "frontend/package-lock.json",
        "tests/unit/test_project_files.py",
        "tests/data/",
        "LICENSE",
    )
    bad = []
    for name in tracked():
        path = ROOT / name
        if name.startswith(skip) or path.suffix in (".png", ".npz", ".parquet", ".pdf") or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if words.search(line):
                bad.append(f"{name}:{number}: {line.strip()[:90]}")
    assert not bad, bad


def test_files_stay_readable() -> None:
    """No module over 400 lines without a reason given here."""
    reasons: dict[str, str] = {}
    long = {
        name: count
        for name in tracked()
        if name.startswith("src/")
        and name.endswith(".py")
        and (count := len((ROOT / name).read_text(encoding="utf-8").splitlines())) > 400
    }
    assert set(long) <= set(reasons), long
