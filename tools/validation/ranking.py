"""Learn the weights by which parties are ranked: ``python tools/validation/ranking.py [FOLDER ...] [--write]``.

A folder (default: the texts that are learnt from) holds texts and ``expected.toml`` as ``casting.py`` has it. What is learnt is a
conditional logit (of threats, a logit of each party) with a penalty on the squares of the weights; the table printed is scored on tenths
of the texts that were left out.
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
from casting import ROOT, bare
from scipy.optimize import minimize

from vetopoint.study.drafting.cast import LIKELY, ways_in
from vetopoint.study.drafting.ranking import CONSTANT, Part
from vetopoint.study.drafting.start import understand

TABLE = Path(__file__).parents[2] / "src" / "vetopoint" / "evidence" / "data" / "ranking.csv"
LEARNT_FROM = ("seen", "learnt", "strangers")
COUNTS = {"seen": 0.5}
"""Texts by which rules were mended one by one count less: the rules fit them better than they will fit others."""
PENALTY = 1.0
HEAD = """# What speaks for a party to own a plan, to be the one whose yes bears most, or to threaten: weights of logits, learnt by
# tools/validation/ranking.py on texts whose parts were told beforehand. way: how a party stands (evidence/plans/standing.py), which signs
# it shows (evidence/plans/signs.py), what sort of party it is (study/drafting/ranking.py). weight: log odds for each of it.
"""


@dataclass(frozen=True)
class Text:
    """A text's candidates for one part: their numbers, who of them is right, and whether several may be."""

    folder: str
    ways: Sequence[Mapping[str, float]]
    right: Sequence[bool]
    each: bool = False


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
                found[text.folder] += told_well(text, weights)
        print(part, {folder: f"{sum(right)}/{len(right)}" for folder, right in found.items()})
        learnt[part] = learn(told)
    if args.write:
        write(learnt)


def parts(folders: Sequence[Path]) -> dict[Part, list[Text]]:
    """The texts of some folders, as candidates for each part."""
    found: dict[Part, list[Text]] = {"owner": [], "consenter": [], "threat": []}
    for folder in folders:
        expected = tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))
        for name, told in expected.items():
            drafted = understand([folder / f"{name}.txt"])
            ways = ways_in(drafted.claims, drafted.telling, drafted.documents)
            names = drafted.telling.parties.names
            owners = _meant(told["owner"], names)
            firsts = _meant(told.get("first", told["consenters"][0]), names)
            found["owner"].append(_text(folder, ways, owners, set()))
            found["consenter"].append(_text(folder, ways, firsts, owners - firsts))
            menaces = {actor for threat in told["threats"] for actor in _meant(threat, names)}
            found["threat"].append(_text(folder, ways, menaces, owners, each=True))
    return {part: [text for text in texts if text.each or any(text.right)] for part, texts in found.items()}


def _text(
    folder: Path, ways: Mapping[str, Mapping[str, float]], right: set[str], but: set[str], *, each: bool = False
) -> Text:
    actors = [actor for actor in ways if actor not in but]
    stands = [{**ways[actor], CONSTANT: 1.0} if each else ways[actor] for actor in actors]
    return Text(folder.name, stands, [actor in right for actor in actors], each)


def _meant(wanted: str, names: Mapping[str, Sequence[str]]) -> set[str]:
    asked = {bare(name) for name in wanted.split("|")}
    return {actor for actor, said in names.items() if asked & {bare(name) for name in said}}


def learn(texts: Sequence[Text]) -> dict[str, float]:
    """Weights of greatest penalised likelihood; who of several is right is not told, so their chances add up."""
    ways = sorted({way for text in texts for stands in text.ways for way in stands})
    tables = [np.array([[stands.get(way, 0.0) for way in ways] for stands in text.ways]) for text in texts]
    rights = [np.array(text.right) for text in texts]
    counts = [COUNTS.get(text.folder, 1.0) for text in texts]
    free = np.array([way != CONSTANT for way in ways], dtype=float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, slope = PENALTY * float(weights @ (free * weights)), 2 * PENALTY * free * weights
        for text, table, right, count in zip(texts, tables, rights, counts, strict=True):
            scores = table @ weights
            lost, pull = of_each(scores, right) if text.each else of_one(scores, right)
            value, slope = value + count * lost, slope + count * (table.T @ pull)
        return value, slope

    return dict(zip(ways, minimize(loss, np.zeros(len(ways)), jac=True, method="L-BFGS-B").x, strict=True))


def of_one(scores: np.ndarray, right: np.ndarray) -> tuple[float, np.ndarray]:
    """Lost log likelihood where one of several has the part, and its slope in the scores."""
    odds = np.exp(scores - scores.max())
    return -math.log(odds[right].sum() / odds.sum()), odds / odds.sum() - odds * right / odds[right].sum()


def of_each(scores: np.ndarray, right: np.ndarray) -> tuple[float, np.ndarray]:
    """The same where each by itself has the part or has not."""
    return float(np.logaddexp(0.0, np.where(right, -scores, scores)).sum()), 1.0 / (1.0 + np.exp(-scores)) - right


def told_well(text: Text, weights: Mapping[str, float]) -> list[bool]:
    """Whether the right one is told; of a part that several may have, of each that has it or is said to."""
    if not text.each:
        return [text.right[best(text, weights)]]
    said = [
        sum(weights.get(way, 0.0) * n for way, n in stands.items()) >= math.log(LIKELY / (1 - LIKELY))
        for stands in text.ways
    ]
    return [a and b for a, b in zip(said, text.right, strict=True) if a or b]


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
