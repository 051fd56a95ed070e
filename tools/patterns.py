"""Write ``cases/patterns/*.yaml``, each pattern of plans as its own small case: ``python tools/patterns.py``."""

from __future__ import annotations

from pathlib import Path

from vetopoint.study.drafting.fill import example
from vetopoint.study.drafting.patterns import patterns

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "patterns"

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for pattern in patterns():
        (FOLDER / f"{pattern.name}.yaml").write_text(example(pattern), encoding="utf-8")
        print(FOLDER / f"{pattern.name}.yaml")
