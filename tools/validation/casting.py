"""Score who is found in the texts of plans: ``python tools/validation/casting.py [FOLDER ...] [--log FILE]``.

A folder (default: all of ``tests/data/casting``) holds texts and ``expected.toml``: of each text its owner, its consenters (the one that
bears most first; ``first`` names all that may stand there), its threats, words of its fallback, and its title, outlet and date.
Names are parted by bars; one of them must be among the names of the party that was found. The expectations were written before the
texts were read by the program.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vetopoint.errors import VetopointError
from vetopoint.study.drafting.plan import Party
from vetopoint.study.drafting.start import understand

ROOT = Path(__file__).parents[2] / "tests" / "data" / "casting"
MEASURES = (
    "owner",
    "first consenter",
    "consenters",
    "threats",
    "no false threat",
    "fallback",
    "title",
    "outlet",
    "date",
)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=sorted(p for p in ROOT.iterdir() if p.is_dir()))
    parser.add_argument("--log", type=Path, help="file for what was found otherwise than expected, a line each")
    args = parser.parse_args()
    log: list[str] = []
    print(f"{'texts':<10} | {'n':>3} | " + " | ".join(f"{name:>15}" for name in MEASURES))
    for folder in args.folders:
        found = scores(folder, log)
        print(f"{folder.name:<10} | {len(found):>3} | " + " | ".join(f"{_share(found, name):>15}" for name in MEASURES))
    if args.log:
        args.log.write_text("".join(line + "\n" for line in log), encoding="utf-8")


def scores(folder: Path, log: list[str]) -> list[dict[str, bool | None]]:
    """What is as expected of each text of a folder; None where nothing is expected."""
    expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
    return [_score(folder / f"{name}.txt", told, log) for name, told in expected.items()]


def _score(path: Path, told: dict[str, Any], log: list[str]) -> dict[str, bool | None]:
    try:
        found = understand([path])
    except VetopointError as error:
        log.append(f"{path.stem}: {error}")
        return dict.fromkeys(MEASURES, False)
    cast, document = found.cast, next(iter(found.documents.values()))
    consenters = told["consenters"]
    threats = [found.telling.parties.names.get(actor, (actor,)) for actor in cast.threats]
    rest = [any(_same(name, _names(party)) for party in cast.consenters) for name in consenters]
    judged: dict[str, bool | None] = {
        "owner": _same(told["owner"], _names(cast.owner)),
        "first consenter": _same(told.get("first", consenters[0]), _names(cast.consenters[0])),
        "consenters": all(rest),
        "threats": all(any(_same(name, names) for names in threats) for name in told["threats"])
        if told["threats"]
        else None,
        "no false threat": all(any(_same(name, names) for name in told["threats"]) for names in threats),
        "fallback": any(word.strip().casefold() in cast.fallback.casefold() for word in told["fallback"].split("|"))
        if told.get("fallback")
        else None,
        "title": document.title in _either(told["title"]) if "title" in told else None,
        "outlet": document.outlet in _either(told["outlet"]) if "outlet" in told else None,
        "date": document.date == told["date"] if "date" in told else None,
    }
    shown = {
        "owner": cast.owner.label, "first consenter": [p.label for p in cast.consenters], "consenters": [p.label for p in cast.consenters],
        "threats": list(cast.threats), "no false threat": list(cast.threats), "fallback": cast.fallback,
        "title": document.title, "outlet": document.outlet, "date": document.date,
    }  # fmt: skip
    log += [f"{path.stem}: {name}: found {shown[name]}" for name, right in judged.items() if right is False]
    log.append(f"{path.stem}: plan: {cast.plan}; pattern: {found.pattern}; fallback: {cast.fallback}")
    return judged


def _names(party: Party) -> Sequence[str]:
    return (party.label, *party.aka)


def _same(wanted: str, names: Sequence[str]) -> bool:
    have = {bare(name) for name in names}
    return any(bare(name) in have for name in wanted.split("|"))


def _either(wanted: str) -> list[str]:
    return [name.strip() for name in wanted.split("|")]


def bare(name: str) -> str:
    """A name as it is compared: in small letters, without its article."""
    return name.strip().casefold().removeprefix("the ")


def _share(found: Sequence[dict[str, bool | None]], name: str) -> str:
    judged = [each[name] for each in found if each[name] is not None]
    return f"{sum(map(bool, judged))}/{len(judged)}" if judged else "–"


if __name__ == "__main__":
    main()
