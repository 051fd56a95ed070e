"""The tool that shows what the truce rests on: pooling of estimates, and the page of priors."""

from __future__ import annotations

import numpy as np
import pytest

from support import ROOT, tool

truce = tool("validation/truce")
pool = truce.pool


def test_pooling_narrows_with_evidence_and_widens_with_conflict():
    one = (0.5, 0.25, 1.0)
    width = lambda r: np.log(r[2] / r[1])  # noqa: E731
    assert width(pool([one])) == pytest.approx(np.log(4.0))
    assert width(pool([one, one])) == pytest.approx(np.log(4.0) / np.sqrt(2))
    assert width(pool([one, one, one])) < width(pool([one, one]))
    assert width(pool([one, (2.0, 1.5, 2.7)])) > width(pool([one, one]))
    assert pool([one, one])[0] == pytest.approx(0.5)


def test_the_documentation_shows_the_shipped_table():
    page = ROOT / "docs" / "method" / "priors.md"
    assert page.read_text(encoding="utf-8") == truce.priors_page(), (
        "run `python tools/validation/truce.py --priors > docs/method/priors.md`"
    )
