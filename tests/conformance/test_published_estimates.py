"""Published estimates of strategic models, reproduced by the command `make tables` (``tools/validation/tables.py``).

B. Kenkel & C. S. Signorino (2014), *Journal of Statistical Software* 56(8): speculative attacks (data of D. Leblang 2003), with a moving
scale, with fixed payoffs, and the ultimatum game. C. Crisman-Cox & M. Gibilisco (2019), *PSRM*: economic sanctions as crisis signalling.
C. Crisman-Cox, O. Gasparyan & C. S. Signorino (2022), *Political Analysis*: extended deterrence (data of P. Huth), plain and penalised.
J. Ochs (1995) / R. D. McKelvey & T. R. Palfrey (1995), *Games and Economic Behavior* 10: one precision for a 2 x 2 game; figures as in
Gambit's tutorial, which replicates them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from support import reference, tool
from vetopoint.game.tree import DECISION, TERMINAL, Node, Tree

tables, fit_precision = tool("validation/tables"), tool("validation/precision").fit_precision


@pytest.mark.shared
@pytest.mark.parametrize("name", list(tables.TABLES))
def test_published_table(name: str) -> None:
    table = tables.TABLES[name]
    reference(f"strategic/{table.file}")
    result = table.run()
    assert result.converged
    published = np.asarray(table.coefficients)
    absolute, relative = table.within
    assert published.shape == result.coefficients.shape
    assert np.all(np.abs(result.coefficients - published) <= absolute + relative * np.abs(published))
    if table.loglik is not None:
        digits = len(str(table.loglik).split(".")[1])
        assert abs(result.loglik - table.loglik) <= 0.51 * 10**-digits
    if table.se:
        assert np.all(np.abs(result.se - table.se) <= 0.0051 + 0.015 * np.asarray(table.se))


@pytest.mark.shared
def test_the_command_prints_published_beside_reproduced(capsys: pytest.CaptureFixture[str]) -> None:
    reference("strategic/leblang2003.rda")
    assert tables.main(["fixed"]) == 0
    shown = capsys.readouterr().out
    assert "-1.0513" in shown
    assert "-646.5350" in shown


def test_the_command_names_data_that_are_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(tables, "DATA", tmp_path)
    assert tables.main(["fixed"]) == 1
    assert "leblang2003.rda not found" in capsys.readouterr().err


@pytest.mark.shared
def test_agent_error_on_speculative_attacks() -> None:
    """Printed as -482, with a Vuong statistic of -0.15 against private information."""
    reference("strategic/leblang2003.rda")
    assert tables.leblang("agent").loglik == pytest.approx(-481.639, abs=5e-4)


@pytest.mark.shared
def test_sanctions_never_end_in_the_trap() -> None:
    """A fit that picks one equilibrium a game silently stops at -4102.76; ours ends at the maximum from anywhere, with one equilibrium a game."""
    reference("strategic/sanctionsData.rdata")
    columns, counts = tables.sanctions_data()
    plain = tables.fit_signalling(tables.SANCTIONS, columns, counts)
    far = np.random.default_rng(1).normal(size=20) * 0.1
    moved = tables.fit_signalling(tables.SANCTIONS, columns, counts, start=far)
    for found in (plain, moved):
        assert found.estimates.loglik == pytest.approx(-3927.9095, abs=1e-3)
        assert np.array_equal(found.equilibria, np.ones(418))


@pytest.mark.shared
def test_sanctions_two_step_pseudo_likelihood() -> None:
    """At the first-stage beliefs that ship with the data: -3964.03 is printed, from the authors' own sample of forests."""
    reference("strategic/sanctionsData.rdata")
    columns, counts = tables.sanctions_data()
    shipped = (columns["PRnpl"], columns["PFnpl"])
    found = tables.fit_signalling(tables.SANCTIONS, columns, counts, method="pseudo", beliefs=shipped)
    assert found.estimates.loglik == pytest.approx(-3932.4474, abs=1e-3)
    settled = tables.sanctions("nested-pseudo")
    assert np.abs(settled.resist - columns["PRnpl"]).max() < 1e-5
    assert np.abs(settled.fight - columns["PFnpl"]).max() < 1e-5


def test_one_precision_for_an_asymmetric_game_of_matching_pennies() -> None:
    nodes = [
        Node(-1, 0, DECISION, 0, "row", ("up", "down")),
        Node(0, 0, DECISION, 1, "column", ("left", "right")),
        Node(0, 1, DECISION, 1, "column", ("left", "right")),
        *(Node(parent, branch, TERMINAL) for parent in (1, 2) for branch in (0, 1)),
    ]
    payoffs = [[1.1141, 0], [0, 1.1141], [0, 1.1141], [0.2785, 0]]
    counts = 128 * np.array([0.527, 0.473, 0.366, 0.634])
    found = fit_precision(Tree.from_nodes(("row", "column"), nodes), payoffs, counts)
    assert found.precision == pytest.approx(1.84561, abs=1e-5)
    assert found.loglik == pytest.approx(-174.76453, abs=1e-5)
    assert found.strategy[[0, 2]] == pytest.approx([0.61565, 0.38329], abs=1e-5)
    assert not found.at_bound
