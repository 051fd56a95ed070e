"""Learn the weights by which parties are ranked: ``python tools/validation/ranking.py [FOLDER ...] [--write]``.

A folder (default: the texts that are learnt from) holds texts and ``expected.toml`` as ``casting.py`` has it. What is learnt is a
conditional logit with a penalty on the squares of the weights; the table printed is scored on tenths of the texts that were left out.
"""

from __future__ import annotations

import argparse
import csv
import math
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from casting import ROOT
from scipy.optimize import minimize

from vetopoint.study.drafting.cast import ways_and_weights
from vetopoint.study.drafting.ranking import Part
from vetopoint.study.drafting.start import understand

TABLE = Path(__file__).parents[2] / "src" / "vetopoint" / "evidence" / "data" / "ranking.csv"
LEARNT_FROM = ("seen", "learnt", "strangers")
COUNTS = {"seen": 0.25}
"""Texts by which rules were mended one by one count less: the rules fit them better than they will fit others."""
PENALTY = 1.0
HEAD = """# What speaks for a party to own a plan, or to be the one whose yes bears most: weights of a conditional logit, learnt by
# tools/validation/ranking.py on texts whose parts people have told. way: how a party stands (evidence/plans/standing.py), which signs
# it shows (evidence/plans/signs.py), what sort of party it is (study/drafting/ranking.py). weight: log odds for each of it.
"""


@dataclass(frozen=True)
class Text:
    """A text's candidates for one part: their numbers, and who of them is right."""

    folder: str
    ways: Sequence[Mapping[str, float]]
    right: Sequence[bool]


def main() -> None:
    """Print how well each part is told, and write the table if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT / name for name in LEARNT_FROM])
    parser.add_argument("--write", action="store_true", help=f"write {TABLE.name}")
    args = parser.parse_args()
    texts = parts(args.folders)
    learnt = {}
    for part, told in texts.items():
        found: dict[str, list[bool]] = defaultdict(list)
        for k in range(10):
            weights = learn([text for n, text in enumerate(told) if n % 10 != k])
            for text in told[k::10]:
                found[text.folder].append(text.right[best(text, weights)])
        print(part, {folder: f"{sum(right)}/{len(right)}" for folder, right in found.items()})
        learnt[part] = learn(told)
    if args.write:
        write(learnt)


def parts(folders: Sequence[Path]) -> dict[Part, list[Text]]:
    """The texts of some folders, as candidates for each part."""
    found: dict[Part, list[Text]] = {"owner": [], "consenter": []}
    for folder in folders:
        expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
        for name, told in expected.items():
            drafted = understand([folder / f"{name}.txt"])
            ways = ways_and_weights(drafted.claims, drafted.telling, drafted.documents)
            names = drafted.telling.parties.names
            owners = _meant(told["owner"], names)
            firsts = _meant(told.get("first", told["consenters"][0]), names)
            found["owner"].append(_text(folder, ways, owners, set()))
            found["consenter"].append(_text(folder, ways, firsts, owners - firsts))
    return {part: [text for text in texts if any(text.right)] for part, texts in found.items()}


def _text(folder: Path, ways: Mapping[str, Mapping[str, float]], right: set[str], but: set[str]) -> Text:
    actors = [actor for actor in ways if actor not in but]
    return Text(folder.name, [ways[actor] for actor in actors], [actor in right for actor in actors])


def _meant(wanted: str, names: Mapping[str, Sequence[str]]) -> set[str]:
    bare = {_bare(name) for name in wanted.split("|")}
    return {actor for actor, said in names.items() if bare & {_bare(name) for name in said}}


def _bare(name: str) -> str:
    return name.strip().casefold().removeprefix("the ")


def learn(texts: Sequence[Text]) -> dict[str, float]:
    """Weights of greatest penalised likelihood; who of several is right is not told, so their chances add up."""
    ways = sorted({way for text in texts for stands in text.ways for way in stands})
    tables = [np.array([[stands.get(way, 0.0) for way in ways] for stands in text.ways]) for text in texts]
    rights = [np.array(text.right) for text in texts]
    counts = [COUNTS.get(text.folder, 1.0) for text in texts]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for table, right, count in zip(tables, rights, counts, strict=True):
            scores = table @ weights
            odds = np.exp(scores - scores.max())
            value -= count * math.log(odds[right].sum() / odds.sum())
            slope = slope + count * (table.T @ (odds / odds.sum()) - table.T @ (odds * right / odds[right].sum()))
        return value, slope

    return dict(zip(ways, minimize(loss, np.zeros(len(ways)), jac=True, method="L-BFGS-B").x, strict=True))


def best(text: Text, weights: Mapping[str, float]) -> int:
    """Which candidate scores highest."""
    scores = [sum(weights.get(way, 0.0) * number for way, number in stands.items()) for stands in text.ways]
    return int(np.argmax(scores))


def write(learnt: Mapping[Part, Mapping[str, float]]) -> None:
    """The table of weights; what weighs less than a hundredth is left out."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        file.write(HEAD)
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["part", "way", "weight"])
        for part, weights in learnt.items():
            table.writerows([part, way, f"{weight:.2f}"] for way, weight in weights.items() if abs(weight) >= 0.01)


if __name__ == "__main__":
    main()
