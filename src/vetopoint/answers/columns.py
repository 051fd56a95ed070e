"""What the columns of ``draws.parquet`` are: one row a draw, one column an input, a goal, an outcome and the solver's word on the draw.

The same words go into the Parquet file's metadata, where Arrow, pandas and DuckDB find them, and to whoever asks the answers for their draws.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from vetopoint.arrays import Floats

if TYPE_CHECKING:
    from vetopoint.answers.document import Answers

__all__ = ["DrawColumn", "DrawTable", "draw_columns", "parquet_metadata"]

FORMAT = 1
LABEL_OF_SOLUTION = "how the draw was solved: 0 converged, 1 folded, 2 failed"
RESIDUAL = "largest error of an equilibrium condition"


@dataclass(frozen=True)
class DrawColumn:
    """One column of the draws.

    Attributes
    ----------
    name : such as ``goal.held``.
    kind : ``input``, ``goal``, ``outcome`` or ``solver``.
    label : in words.
    unit : in words; empty: none is said.
    """

    name: str
    kind: str
    label: str
    unit: str


@dataclass(frozen=True)
class DrawTable:
    """The draws behind answers: name of a column → (n,); None where they are not at hand, as in answers read from a file.

    Answers are compared by what they say, whether or not their draws are at hand.
    """

    columns: Mapping[str, Floats] | None = field(default=None, compare=False, repr=False)


def draw_columns(answers: Answers, names: list[str] | tuple[str, ...]) -> list[DrawColumn]:
    """What columns of the draws are, in the order of their names."""
    inputs = {item.name: item for item in (*answers.evidence.inputs, *answers.evidence.beside)}
    labels = {
        "goal": {goal.name: goal.label for goal in answers.goals},
        "outcome": {outcome.name: outcome.label for outcome in answers.outcomes},
        "solver": {"label": LABEL_OF_SOLUTION, "residual": RESIDUAL},
        "input": {name: item.label for name, item in inputs.items()},
    }
    units = {name: item.unit for name, item in inputs.items()}
    found = []
    for column in names:
        kind, _, name = column.partition(".")
        unit = units.get(name, "") if kind == "input" else "probability" if kind in ("goal", "outcome") else ""
        found.append(DrawColumn(column, kind, labels.get(kind, {}).get(name) or name.replace("_", " "), unit))
    return found


def parquet_metadata(answers: Answers, names: list[str] | tuple[str, ...]) -> dict[str, str]:
    """Key → text for the file's own metadata: ``vetopoint`` for everybody, ``PANDAS_ATTRS`` for pandas, which makes it ``attrs``."""
    run = answers.run
    about = {
        "vetopoint": FORMAT,
        "case": run.case,
        "title": run.title,
        "as_of": run.as_of.isoformat(),
        "seed": run.seed,
        "draws": run.draws,
        "overrides": run.overrides,
        "presupposes": run.presupposes,
        "first_pass": run.first_pass,
        "versions": run.versions,
        "columns": {each.name: asdict(each) for each in draw_columns(answers, names)},
    }
    text = json.dumps(about, ensure_ascii=False, sort_keys=True)
    return {"vetopoint": text, "PANDAS_ATTRS": text}
