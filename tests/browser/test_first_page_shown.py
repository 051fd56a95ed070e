"""The first page in Chromium: the picture without a script, letters that can be read on a telephone, the copied text, one sheet in print."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asked_answers import asked_answers

from vetopoint.view.first_page import as_text, with_first_page
from vetopoint.view.report import render_report

pytestmark = pytest.mark.chromium


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("first") / "report.html"
    path.write_text(render_report(with_first_page(asked_answers())), encoding="utf-8")
    return path


def opened(browser: Any, page: Path, width: int) -> Any:
    shown = browser.new_page(viewport={"width": width, "height": 900})
    shown.goto(page.as_uri())
    return shown


def test_the_picture_needs_no_script(browser: Any, page: Path) -> None:
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(page.as_uri())
    assert plain.locator("#fig-fork svg").is_visible()
    assert plain.locator("#first-text summary").is_visible()
    plain.context.close()


@pytest.fixture(scope="module")
def wordy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page whose labels are long."""
    path = tmp_path_factory.mktemp("wordy") / "report.html"
    long = {
        "actors": {"neighbour": "The Neighbouring Port and its Guilds"},
        "goals": {"built": "a shared pier with all of its cranes stands two years on"},
        "outcomes": {
            "never": "no pier, and what was laid by for it is spent on mooring rings",
            "withdrawn": "consent withdrawn",
        },
    }
    path.write_text(render_report(with_first_page(asked_answers(short=long))), encoding="utf-8")
    return path


@pytest.mark.parametrize("labels", ["page", "wordy"])
@pytest.mark.parametrize("width", [1280, 390])
def test_letters_of_the_picture_are_large_enough_and_clear_of_one_another(
    browser: Any, request: pytest.FixtureRequest, labels: str, width: int
) -> None:
    shown = opened(browser, request.getfixturevalue(labels), width)
    texts = shown.evaluate(
        """(() => { const svg = document.querySelector('#fig-fork svg'), frame = svg.getBoundingClientRect();
          const scale = frame.width / svg.viewBox.baseVal.width;
          return [...svg.querySelectorAll('text')].map(t => { const b = t.getBoundingClientRect();
            return {words: t.textContent, size: Number(t.getAttribute('font-size')) * scale, box: [b.left, b.right, b.top, b.bottom],
              inside: b.left >= frame.left - 1 && b.right <= frame.right + 1 && b.bottom <= frame.bottom + 1}; }); })()"""
    )
    assert len(texts) > 8
    assert [t["words"] for t in texts if t["size"] < 11.9 or not t["inside"]] == []
    for i, a in enumerate(texts):
        for b in texts[i + 1 :]:
            (x, r, t, u), (m, s, v, w) = a["box"], b["box"]
            assert min(r, s) - max(x, m) <= 1 or min(u, w) - max(t, v) <= 5, (a["words"], b["words"])
    shown.close()


@pytest.mark.parametrize("clipboard", [True, False])
def test_the_text_is_copied_with_and_without_a_clipboard(browser: Any, page: Path, clipboard: bool) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    shown = context.new_page()
    shown.add_init_script(
        "window.kept = ''; document.addEventListener('copy', () => { window.kept = String(getSelection()); });"
        + ("" if clipboard else "Object.defineProperty(navigator, 'clipboard', { value: undefined });")
    )
    shown.goto(page.as_uri())
    shown.get_by_role("button", name="Copy as text").click()
    shown.get_by_text("Copied.").wait_for()
    kept = shown.evaluate("navigator.clipboard.readText()") if clipboard else shown.evaluate("window.kept")
    first = with_first_page(asked_answers()).first_page
    assert first is not None
    assert kept.split() == as_text(first, 76).split()
    context.close()


def test_the_saved_picture_carries_its_finding_and_its_source(browser: Any, page: Path) -> None:
    shown = opened(browser, page, 1280)
    with shown.expect_download() as waiting:
        shown.locator("#fig-fork button", has_text="SVG").click()
    text = Path(waiting.value.path()).read_text()
    assert text.startswith("<svg")
    assert "A pier stands in 89 of 100 cases with a yes" in text
    assert "20,000 draws from seed 1" in text
    assert "var(--" not in text
    shown.close()


def test_it_fits_one_sheet_in_print(browser: Any, page: Path) -> None:
    shown = opened(browser, page, 1280)
    shown.emulate_media(media="print")
    shown.set_viewport_size({"width": 673, "height": 900})  # 178 mm between the margins of a sheet, at 96 dots an inch
    assert shown.evaluate("document.querySelector('#first').getBoundingClientRect().bottom") <= 1001  # 265 mm
    shown.close()
