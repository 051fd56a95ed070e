"""A bundled case whose names are nonsense that stands nowhere else, with all its labels kept: whatever shows a name shows nonsense."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from vetopoint.case import Place

__all__ = ["MARK", "renamed"]

MARK = "zq"
#: Keys under which text for people stands, and those whose keys are names all the same.
TEXT = frozenset(
    [
        "label",
        "labels",
        "outcome_labels",
        "goal_labels",
        "fact_labels",
        "requires_label",
        "short",
        "note",
        "why",
        "aka",
        "from",
        "analogue",
        "because",
        "effect",
        "effect_refused",
        "geojson",
    ]
)
LEFT = frozenset(["sources", "not_modelled", "title", "summary", "words", "vetopoint"])
SECTIONS = (
    "actors",
    "quantities",
    "types",
    "moves",
    "threats",
    "outcomes",
    "goals",
    "forms",
    "members",
    "bodies",
    "issues",
    "events",
    "variants",
)
KEPT = frozenset(["chance", "rest", "none", "otherwise", "all", "nothing", "true", "false"])


def renamed(path: Path, more: Mapping[str, Mapping[str, Any]]) -> str:
    """The text of a case with every name of its own put out of sight; ``more`` is put into its sections beforehand."""
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    for section, added in more.items():
        data[section] = {**data.get(section, {}), **added}
    for section in ("variants", "expect"):
        data.pop(section, None)
    kinds = _names(data)
    names = {name: f"{MARK}_{kind}{i}" for i, (name, kind) in enumerate(sorted(kinds.items()))}
    words = {name: new for name, new in names.items() if kinds[name] != "term"}
    return json.dumps(_renamed(data, names, words, Place()), indent=1, default=str, ensure_ascii=False)


def _names(data: dict[str, Any]) -> dict[str, str]:
    """Every name that the case gives, to what it names."""
    found = {k: "term" for payoff in data["payoffs"].values() for k in payoff if k != "unit"}
    for section in SECTIONS:
        found |= dict.fromkeys(data.get(section) or {}, section)
    for move in data["moves"].values():
        found |= dict.fromkeys(move["options"], "option")
    for types in (data.get("types") or {}).values():
        found |= dict.fromkeys(types, "type")
    found |= dict.fromkeys((data.get("coalition") or {}).get("facts", {}), "fact")
    return {name: kind for name, kind in found.items() if name not in KEPT}


def _renamed(value: Any, names: dict[str, str], words: dict[str, str], place: Place) -> Any:
    """A part of a case whose keys that are no word of the language, and whose texts that are none for people, are renamed."""
    if isinstance(value, dict):
        node = place.nodes[-1]
        return {
            k if node.has(k) or place.section in LEFT else _swapped(str(k), names): _renamed(
                v, names, words, place.child(str(k), set(value))
            )
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [_renamed(v, names, words, place / i) for i, v in enumerate(value)]
    own = [key for node, key in zip(place.nodes, place.parts, strict=False) if node.has(key)]
    prose = place.section in LEFT or not TEXT.isdisjoint(own)
    return _swapped(value, words) if isinstance(value, str) and not prose else value


def _swapped(text: str, names: dict[str, str]) -> str:
    return re.sub(r"(?<!\w)(?<!without )[A-Za-z_]\w*", lambda m: names.get(m[0], m[0]), text)
