"""A number behind a disputed issue is traced to whatever asks how the issue settles."""

from __future__ import annotations

from support import ROOT
from vetopoint.study import open_study, trace


def test_a_position_is_traced_to_what_its_settlement_enters() -> None:
    found, _ = trace(open_study(ROOT / "cases" / "european-presence"), "issues.guarantees.positions.italy")
    assert "members.germany.joins.accepts" in found.used_in
    assert "issues.guarantees.positions.italy" not in found.used_in
