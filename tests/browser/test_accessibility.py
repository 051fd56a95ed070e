"""The reports of the bundled cases break none of the rules of axe-core 4 (Deque, https://www.deque.com/axe).

Every rule is tried, best practices too: on the first page as it opens, and on all pages with everything that folds unfolded.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support import LARGEST, ROOT
from vetopoint.answers import Answers
from vetopoint.view.report import render_report

pytestmark = [pytest.mark.chromium, pytest.mark.slow]
LEAD = "european-presence"
OTHERS = sorted({path.parent.name for path in ROOT.glob("cases/*/case.yaml")} - {LEAD, LARGEST})
WAYS = [
    (LEAD, "light", 1280),
    *((case, "dark", 390) for case in OTHERS),
    *(pytest.param(case, "dark", 390, marks=pytest.mark.soak) for case in (LEAD, LARGEST)),
    pytest.param(LEAD, "dark", 1280, marks=pytest.mark.soak),
    pytest.param(LEAD, "light", 390, marks=pytest.mark.soak),
]
OPEN_ALL = "document.querySelectorAll('details').forEach(d => { d.open = true; })"


def violations(page: Any) -> list[str]:
    """What axe finds, a line each; what it cannot tell (text over a picture) is no violation."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response
    assert len(found["passes"]) > 15, "axe looked at nothing"
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("case", "scheme", "width"), WAYS)
def test_a_report_breaks_no_rule_of_axe(
    browser: Any, bundled: Callable[[str], Answers], tmp_path: Path, case: str, scheme: str, width: int
) -> None:
    path = tmp_path / "report.html"
    path.write_text(render_report(bundled(case)), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(path.as_uri())
    page.wait_for_selector("svg.drawn:visible")
    assert violations(page) == []
    page.evaluate(OPEN_ALL)
    page.wait_for_selector("#appendix .plot svg")
    assert violations(page) == []
    page.close()


def test_axe_finds_what_is_wrong(browser: Any) -> None:
    page = browser.new_page()
    page.set_content(
        "<html lang='en'><title>t</title><main><h1>t</h1><img src='data:,'><p style='color:#ccc;background:#fff'>pale</p></main>"
    )
    from axe_playwright_python.sync_playwright import Axe

    found = {rule["id"] for rule in Axe().run(page).response["violations"]}
    assert {"image-alt", "color-contrast"} <= found
    page.close()
