"""Break the engines on purpose, one small change at a time, and count how many changes the unit tests notice.

    python tools/mutate.py [--each 12] [--seed 1] [--json]

A change turns a comparison, an operator of arithmetic or logic, or a constant of one module; the project's files stay as they are,
since the changed package is a copy in a temporary folder. A change is *killed* when the matching tests fail or take too long, else it
*survived*; some survivors change nothing that can be seen (``<`` for ``<=`` where ties cannot occur), so each is listed to be read.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TIMEOUT = 240
TARGETS = {
    "game/veto.py": ["tests/unit/game/test_game_veto.py", "tests/unit/game/test_game_section.py"],
    "game/moments.py": ["tests/unit/game/test_game_moments.py"],
    "quantity/bands.py": ["tests/unit/quantity/test_quantity_bands.py"],
    "truce/hazard.py": ["tests/unit/truce/test_truce_laws.py", "tests/unit/truce/test_truce_kernels.py"],
}
COMPARE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
BINARY = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
LOGIC = {ast.And: ast.Or, ast.Or: ast.And}


@dataclass(frozen=True)
class Change:
    """One mutant: where, and what became of what."""

    module: str
    line: int
    before: str
    after: str
    killed: bool = False


def _variants(node: ast.AST) -> Iterator[tuple[ast.AST, str, object]]:
    """Attribute of a node and the value that changes it."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARE:
        yield node, "ops", [COMPARE[type(node.ops[0])](), *node.ops[1:]]
    elif isinstance(node, ast.BinOp) and type(node.op) in BINARY:
        yield node, "op", BINARY[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        yield node, "op", LOGIC[type(node.op)]()
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        yield node, "value", node.value + 1
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield node, "value", not node.value


def _skipped(tree: ast.Module) -> set[int]:
    """Nodes that no test can see: annotations, which are never evaluated, and how a data class is made."""
    hidden: set[int] = set()
    for node in ast.walk(tree):
        parts = [
            getattr(node, "annotation", None),
            getattr(node, "returns", None),
            *getattr(node, "decorator_list", []),
        ]
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
            parts.append(node.value)
        hidden |= {id(inner) for part in parts if isinstance(part, ast.AST) for inner in ast.walk(part)}
    return hidden


def changes(module: str, source: str) -> Iterator[tuple[Change, str]]:
    """Every change of a module, with the changed source."""
    tree = ast.parse(source)
    hidden = _skipped(tree)
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        for place, name, new in _variants(node):
            old, before = getattr(place, name), ast.unparse(place)
            setattr(place, name, new)
            yield Change(module, place.lineno, before, ast.unparse(place)), ast.unparse(tree)
            setattr(place, name, old)


def _notices(package: Path, tests: list[str], cache: Path) -> bool:
    """Whether the tests fail on the package in a folder."""
    env = {**os.environ, "PYTHONPATH": str(package), "NUMBA_CACHE_DIR": str(cache), "PYTHONDONTWRITEBYTECODE": "1"}
    env.pop("VETOPOINT_SOAK", None)
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--no-header", *tests]
    try:
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return True
    # Tests that are all left out notice nothing, but neither do they say that the package is sound.
    return done.returncode != 0 or " passed" not in done.stdout


def run(each: int, seed: int, say: bool = True) -> list[Change]:
    """Try up to ``each`` changes a module, chosen by seed.

    Raises
    ------
    SystemExit
        If the tests of a module fail before anything is changed.
    """
    found: list[Change] = []
    with tempfile.TemporaryDirectory() as folder:
        package, cache = Path(folder) / "src", Path(folder) / "cache"
        shutil.copytree(ROOT / "src", package, ignore=shutil.ignore_patterns("__pycache__"))
        for module, tests in TARGETS.items():
            file = package / "vetopoint" / module
            source = file.read_text(encoding="utf-8")
            if _notices(package, tests, cache):
                raise SystemExit(f"the tests of {module} fail as they stand: {' '.join(tests)}")
            mutants = list(changes(module, source))
            chosen = random.Random(seed).sample(mutants, min(each, len(mutants)))
            for change, text in sorted(chosen, key=lambda pair: pair[0].line):
                file.write_text(text, encoding="utf-8")
                killed = _notices(package, tests, cache)
                found.append(Change(change.module, change.line, change.before, change.after, killed))
                if say:
                    print(
                        f"{'killed  ' if killed else 'SURVIVED'} {module}:{change.line}: {change.before} → {change.after}",
                        flush=True,
                    )
            file.write_text(source, encoding="utf-8")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Count how many small changes of the engines the unit tests notice.")
    parser.add_argument("--each", type=int, default=12, help="changes a module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print the list as JSON only")
    options = parser.parse_args()
    found = run(options.each, options.seed, say=not options.json)
    if options.json:
        print(json.dumps([asdict(change) for change in found], indent=1, ensure_ascii=False))
    else:
        print(f"{sum(c.killed for c in found)} of {len(found)} changes killed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
