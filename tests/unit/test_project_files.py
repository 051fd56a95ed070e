"""The project's own promises: locks, licences, the arrows between rooms, and that it speaks of itself alone."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from importlib.metadata import PackageNotFoundError, distribution

import grimp
import pytest
from packaging.requirements import Requirement
from ruamel.yaml import YAML

from support import ROOT

LOCKS = ["lock/run.txt", "lock/all.txt", "lock/docs.txt"]
LONGEST_FILE, LONGEST_FUNCTION, MOST_PARAMETERS = 600, 60, 7
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


def test_locks_name_one_version_of_a_package() -> None:
    everything = {r.name: str(r.specifier) for r in requirements("lock/all.txt")}
    shared = {r.name: str(r.specifier) for r in requirements("lock/docs.txt") if r.name in everything}
    assert shared
    assert {name: version for name, version in shared.items() if everything[name] != version} == {}


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


def sources() -> dict[str, str]:
    """Every module of the package with its text."""
    found = {p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py")}
    assert found
    return found


def test_files_stay_readable() -> None:
    long = {name: lines for name, text in sources().items() if (lines := text.count("\n")) > LONGEST_FILE}
    assert long == {}


def test_functions_stay_readable() -> None:
    """No function over 60 lines, docstring and signature apart; kernels, which are one loop after the other, excepted."""
    long = {}
    for name, text in sources().items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and "kernel" not in {ast.unparse(d) for d in node.decorator_list}:
                body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
                lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
                if lines > LONGEST_FUNCTION:
                    long[f"{name}:{node.lineno} {node.name}"] = lines
    assert long == {}


def test_functions_take_few_parameters() -> None:
    """At most seven, those apart that must be named; kernels and commands, which take arrays and options, excepted."""
    many = {}
    for name, text in sources().items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and "kernel" not in {ast.unparse(d) for d in node.decorator_list}:
                names = [a.arg for a in (*node.args.posonlyargs, *node.args.args) if a.arg not in ("self", "cls")]
                if len(names) > MOST_PARAMETERS and "/cli/" not in name:
                    many[f"{name}:{node.lineno} {node.name}"] = len(names)
    assert many == {}


def test_no_module_imports_itself_through_others() -> None:
    """No circle of imports, inside rooms neither; a package's own `__init__` counts as its modules' door, not as a step."""
    graph = grimp.build_graph("vetopoint", cache_dir=None, exclude_type_checking_imports=True)
    steps = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(steps) > 100
    order = TopologicalSorter(steps)
    order.prepare()  # raises CycleError, which names the circle


def targets(text: str) -> dict[str, bool]:
    """Targets of a Makefile, and whether each has a recipe or something that it waits for."""
    rules = re.findall(r"^([a-z]+):([^\n]*)((?:\n\t[^\n]+)*)", text, re.MULTILINE)
    return {name: bool(recipe.strip() or after.partition("##")[0].strip()) for name, after, recipe in rules}


def test_every_listed_target_does_something() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY:(.*)$", text, re.MULTILINE)
    assert phony is not None
    listed, made = set(phony[1].split()), targets(text)
    assert {name for name in listed if not made.get(name)} == set()
    assert set(made) == listed
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    said = {word for page in pages for word in re.findall(r"`make ([a-z]+)`", page.read_text(encoding="utf-8"))}
    assert said
    assert said <= listed


def test_the_citation_is_that_of_this_version() -> None:
    about = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert about["cff-version"] == "1.2.0"
    assert {"title", "message", "authors"} <= set(about)
    assert (about["version"], about["license"]) == (project["version"], project["license"])


def test_the_picture_of_the_rooms_is_current() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import rooms; print(sum(p.read_text(encoding='utf-8') != t for p, t in rooms.pages().items()))",
        ],
        cwd=ROOT / "tools",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "0", "run `make rooms`"
