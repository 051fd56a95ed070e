"""Write ``cases/patterns/*.yaml``, each pattern of plans as its own small case, and the pictures of their trees.

``python tools/patterns.py``; the pictures go to ``docs/img/patterns`` and into ``docs/patterns.md``, where a comment keeps their place.
"""

from __future__ import annotations

import re
from pathlib import Path

from vetopoint.case import load_case
from vetopoint.study.drafting.fill import example
from vetopoint.study.drafting.patterns import patterns
from vetopoint.study.moves import diagram_of
from vetopoint.view.tree import tree_svg

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "cases" / "patterns"
PICTURES = ROOT / "docs" / "img" / "patterns"
PAGE = ROOT / "docs" / "patterns.md"


def write_cases() -> None:
    """The patterns as cases."""
    CASES.mkdir(exist_ok=True)
    for pattern in patterns():
        (CASES / f"{pattern.name}.yaml").write_text(example(pattern), encoding="utf-8")
        print(CASES / f"{pattern.name}.yaml")


def write_pictures() -> None:
    """Their trees, and the page that shows them."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = PAGE.read_text(encoding="utf-8")
    for pattern in patterns():
        svg = tree_svg(diagram_of(load_case(CASES / f"{pattern.name}.yaml")))
        (PICTURES / f"{pattern.name}.svg").write_text(svg, encoding="utf-8")
        place = f"<!-- tree: {pattern.name} -->"
        picture = f"{place}\n![The moves of the pattern “{pattern.name}”](img/patterns/{pattern.name}.svg)"
        page = re.sub(rf"{place}(\n!\[[^\n]*)?", lambda _, new=picture: new, page)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write_cases()
    write_pictures()
