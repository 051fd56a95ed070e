"""The report in Chromium: no error, no overflow, drawn charts, no request that leaves the file, hostile words inert."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from example_answers import example_answers

from vetopoint.view.report import render_report

pytestmark = pytest.mark.chromium
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
HOSTILE = "</script><script>window.struck=1</script><img src=x onerror='window.struck=2'>"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write one page for each kind of answers."""
    folder = tmp_path_factory.mktemp("report")
    made = {
        "whole": example_answers(),
        "bare": example_answers(bare=True),
        "hostile": example_answers(quote=HOSTILE, title=HOSTILE),
        "wordy": example_answers(
            title="Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
        ),
    }
    for name, answers in made.items():
        (folder / f"{name}.html").write_text(render_report(answers), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


class Visit:
    """One page opened at one width, with all that it complained of and asked for."""

    def __init__(self, browser: Any, path: Path, width: int, scheme: str = "light") -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector(".plot svg")

    def run(self, script: str) -> Any:
        """Evaluate a script in the page."""
        return self.page.evaluate(script)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["whole", "bare", "hostile", "wordy"])
def test_no_error_no_overflow_no_request(browser: Any, pages: dict[str, Path], name: str, width: int) -> None:
    visit = Visit(browser, pages[name], width)
    assert visit.complaints == []
    assert visit.run("document.documentElement.scrollWidth") <= width
    assert [u for u in visit.requests if not u.startswith(("file:", "data:"))] == []
    assert len([u for u in visit.requests if u.startswith("file:")]) == 1
    assert visit.run("window.struck") is None
    visit.page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_chart_is_drawn_named_and_inside_its_frame(browser: Any, pages: dict[str, Path], width: int) -> None:
    visit = Visit(browser, pages["whole"], width)
    charts = visit.run(
        """[...document.querySelectorAll('.plot')].map(p => {
          const svg = p.querySelector('svg'), frame = svg.getBoundingClientRect();
          const out = [...svg.querySelectorAll('text')].filter(t => {
            const b = t.getBoundingClientRect();
            return b.width && (b.left < frame.left - 2 || b.right > frame.right + 2 || b.top < frame.top - 1 || b.bottom > frame.bottom + 1);
          });
          return {id: p.dataset.spec, marks: svg.querySelectorAll('path, rect, circle, line').length, role: svg.getAttribute('role'),
            label: svg.getAttribute('aria-label'), inner: svg.querySelectorAll('[aria-label]').length, out: out.map(t => t.textContent)};
        })"""
    )
    assert len(charts) > 20
    for chart in charts:
        assert chart["marks"] > 2, chart
        assert chart["role"] == "img", chart
        assert chart["label"], chart
        assert chart["inner"] == 0, chart
        assert chart["out"] == [], chart
    visit.page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_labels_of_the_tree_and_the_calendar_do_not_cover_one_another(
    browser: Any, pages: dict[str, Path], width: int
) -> None:
    visit = Visit(browser, pages["whole"], width)
    clashes = visit.run(
        """['fig-tree', 'fig-calendar-built', 'fig-calendar-kept', 'fig-decisiveness-built'].flatMap(id => {
          const boxes = [...document.querySelectorAll(`#${id} svg text`)].filter(t => t.textContent)
            .map(t => [t.textContent, t.getBoundingClientRect()]).filter(([, b]) => b.width);
          return boxes.flatMap(([a, p], i) => boxes.slice(i + 1)
            .filter(([, q]) => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 2 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 5)
            .map(([b]) => `${id}: ${a} / ${b}`));
        })"""
    )
    assert clashes == []
    visit.page.close()


def test_charts_follow_the_width(browser: Any, pages: dict[str, Path]) -> None:
    visit = Visit(browser, pages["whole"], 1280)
    wide = visit.run("document.querySelector('#fig-curves svg').getBoundingClientRect().width")
    visit.page.set_viewport_size({"width": 390, "height": 900})
    visit.page.wait_for_function("document.querySelector('#fig-curves svg').getBoundingClientRect().width < 390")
    assert wide > 900
    assert visit.run("document.documentElement.scrollWidth") <= 390
    assert visit.complaints == []
    visit.page.close()


def test_a_link_to_a_claim_opens_its_sentence(browser: Any, pages: dict[str, Path]) -> None:
    visit = Visit(browser, pages["whole"], 1280)
    assert not visit.page.locator("#claim-c1 mark").is_visible()
    visit.page.goto(f"{pages['whole'].as_uri()}#input-anger")
    visit.page.locator("#input-anger a[href='#claim-c1']").click()
    visit.page.locator("#claim-c1 mark").wait_for(state="visible")
    assert visit.page.locator("#claim-c1 mark").inner_text() == "the neighbour could stop the pier"
    visit.page.close()


def test_csv_can_be_downloaded_offline(browser: Any, pages: dict[str, Path]) -> None:
    visit = Visit(browser, pages["whole"], 1280)
    with visit.page.expect_download() as waiting:
        visit.page.locator("#fig-goals a[download]").click()
    text = Path(waiting.value.path()).read_text()
    assert text.startswith("Goal,Given")
    assert "0.33,0.264,0.396" in text
    visit.page.close()


def test_a_picture_can_be_saved_and_stands_alone(browser: Any, pages: dict[str, Path]) -> None:
    visit = Visit(browser, pages["whole"], 1280)
    with visit.page.expect_download() as waiting:
        visit.page.locator("#fig-curves button").click()
    text = Path(waiting.value.path()).read_text()
    assert text.startswith("<svg")
    assert "var(--" not in text
    assert visit.complaints == []
    visit.page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Any, pages: dict[str, Path], scheme: str) -> None:
    visit = Visit(browser, pages["whole"], 1280, scheme)
    worst = visit.run(
        """(() => {
          const rgb = s => s.match(/[\\d.]+/g).slice(0, 3).map(Number);
          const lum = c => c.map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((a, v, i) => a + v * [0.2126, 0.7152, 0.0722][i], 0);
          const paper = lum(rgb(getComputedStyle(document.body).backgroundColor));
          const probe = document.createElement('span');
          document.body.append(probe);
          return ['--ink', '--muted', '--link', '--c1', '--c2', '--c3', '--c4', '--c5'].map(name => {
            probe.style.color = `var(${name})`;
            const ink = lum(rgb(getComputedStyle(probe).color));
            return [name, (Math.max(paper, ink) + 0.05) / (Math.min(paper, ink) + 0.05)];
          });
        })()"""
    )
    assert {
        name: ratio for name, ratio in worst if ratio < (4.5 if name in ("--ink", "--muted", "--link") else 3)
    } == {}
    visit.page.close()


def test_printing_unfolds_the_tables(browser: Any, pages: dict[str, Path]) -> None:
    visit = Visit(browser, pages["whole"], 1280)
    pdf = visit.page.pdf()
    assert pdf[:4] == b"%PDF"
    assert visit.run("document.querySelectorAll('figure details[open]').length") < visit.run(
        "document.querySelectorAll('figure details').length"
    )
    visit.page.close()
