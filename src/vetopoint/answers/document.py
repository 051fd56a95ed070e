"""The answers of one run, as frozen models: what ``answers.json`` holds and the report reads.

Eleven top-level keys: ``run``, ``outcomes``, ``goals``, ``veto_points``, ``decisiveness``, ``threats``, ``moments``,
``coalition``, ``truce``, ``change``, ``evidence`` (and what the pictures need: ``moves``, ``tree``, ``beliefs``,
``anticipation``). Each engine fills the models of its part.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from pydantic import PrivateAttr

from vetopoint.answers._base import Answer, Around, doc
from vetopoint.answers._shown import answers_shown
from vetopoint.answers.change import ChangeSection, ConsistentExpectations
from vetopoint.answers.coalition import CoalitionSection
from vetopoint.answers.columns import DrawTable
from vetopoint.answers.decisiveness import Ranking
from vetopoint.answers.evidence import EvidenceSection
from vetopoint.answers.first_page import FirstPage, ShortNames
from vetopoint.answers.frames import TableName, as_pandas, as_polars, as_xarray, labels_of
from vetopoint.answers.game import GameFindings, SolverAnswer
from vetopoint.answers.plausible import Plausible
from vetopoint.answers.truce import TruceSection
from vetopoint.arrays import Floats


class RunAnswer(Answer):
    """What was run: enough to run it again and get the same bytes."""

    case: str
    title: str
    summary: str
    as_of: dt.date
    horizon_months: int
    horizon_days: int | None = doc(
        "The horizon of a case that is written in days; left out where it is written in months.",
        default=None,
        exclude_if=lambda days: days is None,
    )
    owner: str
    actors: dict[str, str] = doc("Actor ids and their labels.")
    short: ShortNames = doc("Names where there is room for few words.", default=ShortNames())
    presence: dict[str, str] = doc("Outcome to the form of presence with which its path begins.", default={})
    seed: int
    draws: int
    intervention_draws: int = doc("Announced interventions re-solve the game; they use the first so many draws.")
    draws_used: dict[str, int] = doc("Draws used by whatever re-solves the game many times over.", default={})
    overrides: dict[str, str]
    presupposes: str = doc("Chance events that the second headline presupposes; empty: none.")
    not_modelled: tuple[str, ...]
    voiceless: tuple[str, ...] = doc("Actors who have no voice of their own in the sources.")
    moments_not_modelled: tuple[str, ...] = ()
    warnings: tuple[str, ...]
    versions: dict[str, str]
    inputs: dict[str, str] = doc("File name to SHA-256.")
    units: dict[str, float] = doc(
        "Actor to the unit by which its payoffs are divided; the same in every what-if.", default={}
    )
    first_pass: str = doc("SHA-256 of what is a mean over draws: units, and what players expect.", default="")
    re_anchored: bool = doc("Whether units and expectations followed numbers that were replaced.", default=False)
    solver: SolverAnswer


class Answers(GameFindings, Plausible):
    """Everything that one run of a case answers."""

    run: RunAnswer
    members_decisiveness: tuple[Ranking, ...] = doc(
        "Actors and members in one ranking, through coalition, truce and game; the owner is left out.", default=()
    )
    expectations: ConsistentExpectations | None = doc(
        "Only where the case asks for consistent expectations of members who commit early.", default=None
    )
    coalition: CoalitionSection | None
    truce: TruceSection | None
    change: ChangeSection
    evidence: EvidenceSection
    first_page: FirstPage | None = doc(
        "What is said first; null where the run was asked for the figures alone.", default=None
    )

    _draws: DrawTable = PrivateAttr(default_factory=DrawTable)

    @property
    def draws_at_hand(self) -> Mapping[str, Floats] | None:
        """Name of a column → (n,), a number a draw, as in ``draws.parquet``; None for answers that were read from a file."""
        return self._draws.columns

    def with_draws(self, columns: Mapping[str, Floats]) -> Answers:
        """The same answers with their draws at hand."""
        found = self.model_copy()
        found._draws = DrawTable(columns)
        return found

    def model_post_init(self, context: Any, /) -> None:
        """Let every part know what the names in it are called."""
        super().model_post_init(context)
        self._stands_in(Around(labels_of(self)))

    def _repr_html_(self) -> str:
        return answers_shown(self, self._around.labels)

    def to_pandas(self, table: TableName = "figures") -> Any:
        """One table of the answers as a pandas DataFrame.

        Parameters
        ----------
        table : ``figures``: every number that stands alone, with its path in ``answers.json``, label, mean, lo, hi, mc, unit, and what it
            is given; ``series``: every number along an axis; ``draws``: a row a draw; ``columns``: what the columns of the draws are.

        Raises
        ------
        MissingExtra
            Where pandas is not installed; says what to install.
        VetopointError
            For another table, or for draws of answers that were read from a file.
        """
        return as_pandas(self, table)

    def to_polars(self, table: TableName = "figures") -> Any:
        """The same as a polars DataFrame; see `to_pandas`."""
        return as_polars(self, table)

    def to_xarray(self, table: TableName = "draws") -> Any:
        """The same as an xarray Dataset, with units and labels as attributes of the draws' variables; see `to_pandas`."""
        return as_xarray(self, table)

    def to_json(self) -> str:
        """The bytes of ``answers.json``: sorted keys, floats to nine significant digits, no time stamps."""
        rounded = json.loads(json.dumps(self.model_dump(mode="json")), parse_float=_nine_digits)
        return json.dumps(rounded, sort_keys=True, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Answers:
        """Read what `to_json` wrote."""
        return cls.model_validate_json(text)


def _nine_digits(number: str) -> float:
    return float(f"{float(number):.9g}")
