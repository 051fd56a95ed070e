"""The report in Chromium: no error, no overflow, drawn charts, no request that leaves the file, hostile words inert."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from example_answers import example_answers
from test_view_pages import whole

from vetopoint.view.report import render_report

pytestmark = pytest.mark.chromium
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
HOSTILE = "</script><script>window.struck=1</script><img src=x onerror='window.struck=2'>"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write one page for each kind of answers."""
    folder = tmp_path_factory.mktemp("report")
    made = {
        "whole": whole(),
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

    def __init__(self, browser: Any, path: Path, width: int, scheme: str = "light", *, opened: bool = True) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("svg.drawn:visible")
        if opened:
            self.page.locator("#appendix > summary").click()
            self.page.wait_for_selector("#appendix .plot svg")

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
        visit.page.locator("#fig-curves button", has_text="SVG").click()
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


LABELS = """[...document.querySelectorAll('svg.drawn')].filter(svg => svg.getBoundingClientRect().width).map(svg => {
  const frame = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]).filter(([, b]) => b.width);
  const out = boxes.filter(([, b]) => b.left < frame.left - 1 || b.right > frame.right + 1 || b.bottom > frame.bottom + 1).map(([t]) => t);
  const clash = boxes.flatMap(([a, p], i) => boxes.slice(i + 1)
    .filter(([, q]) => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 2 && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 5)
    .map(([b]) => `${a} / ${b}`));
  const small = boxes.filter(([, b]) => b.height < 11).map(([t]) => t);
  return {texts: boxes.length, out, clash, small, name: svg.getAttribute('aria-label')};
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_pictures_of_the_pages_are_whole_legible_and_named(browser: Any, pages: dict[str, Path], width: int) -> None:
    visit = Visit(browser, pages["whole"], width, opened=False)
    drawn = visit.run(LABELS)
    assert len(drawn) == 6
    for picture in drawn:
        assert picture["texts"] > 5
        assert picture["name"]
        assert picture["out"] == picture["clash"] == picture["small"] == [], picture
    visit.page.close()


def test_pictures_of_the_pages_need_no_script(browser: Any, pages: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(pages["whole"].as_uri())
    shown = [page.locator("svg.drawn").nth(i).is_visible() for i in range(page.locator("svg.drawn").count())]
    assert len(shown) == 12
    assert sum(shown) == 6
    assert not page.locator("#game").is_visible()
    page.locator("#appendix > summary").click()
    assert page.locator("#game").is_visible()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_tables_and_the_appendix_are_closed_at_first(browser: Any, pages: dict[str, Path], width: int) -> None:
    visit = Visit(browser, pages["whole"], width, opened=False)
    assert visit.run("document.querySelectorAll('section.page figure details').length") == 6
    assert visit.run("document.querySelectorAll('section.page details[open], #appendix[open]').length") == 0
    visit.page.close()


@pytest.mark.parametrize("format", ["SVG", "PNG"])
def test_a_picture_is_saved_with_its_title_and_its_source(browser: Any, pages: dict[str, Path], format: str) -> None:
    visit = Visit(browser, pages["whole"], 1280, opened=False)
    with visit.page.expect_download() as waiting:
        visit.page.locator("#fig-page-keys button", has_text=format).click()
    path = Path(waiting.value.path())
    assert waiting.value.suggested_filename == f"keys.{format.lower()}"
    if format == "PNG":
        data = path.read_bytes()
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        assert int.from_bytes(data[16:20], "big") == 2 * 760
    else:
        text = path.read_text()
        assert "holds the key" in text
        assert "not forecasts" in " ".join(text.replace("</text>", " ").split())
        assert "var(--" not in text
    assert visit.complaints == []
    visit.page.close()


CONTRAST = """(() => {
  const rgb = s => s.match(/[\\d.]+/g).map(Number);
  const lum = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((a, v, i) => a + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0.99) return c; } return [255, 255, 255]; };
  const bad = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !e.getBoundingClientRect().width || e.closest('svg, .hidden, .skip, script, [aria-hidden=true]')) continue;
    seen += 1;
    const a = lum(rgb(getComputedStyle(e).color)), b = lum(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) bad.push([e.className || e.tagName, ratio]);
  }
  return {seen, bad};
})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_own_ground(browser: Any, pages: dict[str, Path], scheme: str) -> None:
    visit = Visit(browser, pages["whole"], 1280, scheme)
    visit.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = visit.run(CONTRAST)
    assert found["seen"] > 300
    assert found["bad"] == []
    visit.page.close()


def test_headings_go_down_by_single_steps_and_everything_is_named(browser: Any, pages: dict[str, Path]) -> None:
    visit = Visit(browser, pages["whole"], 1280)
    visit.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    levels = visit.run("[...document.querySelectorAll('h1, h2, h3, h4')].map(h => Number(h.tagName[1]))")
    assert len(levels) > 20
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
    unnamed = visit.run(
        """[...document.querySelectorAll('a, button, summary, svg[role=img], [role=region], nav')].filter(e =>
          !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.textContent.trim())).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert unnamed == []
    outside = visit.run(
        """[...document.body.children].filter(e => !['HEADER', 'MAIN', 'FOOTER', 'SCRIPT', 'NAV'].includes(e.tagName) && !e.matches('.skip')).map(e => e.tagName)"""
    )
    assert outside == []
    visit.page.close()


def test_print_is_short_and_leaves_the_appendix_out_unless_it_is_open(
    browser: Any, pages: dict[str, Path], tmp_path: Path
) -> None:
    from pypdfium2 import PdfDocument

    def printed(opened: bool) -> PdfDocument:
        visit = Visit(browser, pages["whole"], 1280, opened=opened)
        path = tmp_path / f"{opened}.pdf"
        visit.page.pdf(path=path, prefer_css_page_size=True)
        visit.page.close()
        return PdfDocument(path)

    short, long = printed(False), printed(True)
    assert 3 <= len(short) <= 12
    assert len(long) > len(short)
    text = "".join(page.get_textpage().get_text_range() for page in short)
    assert "Who holds a key" in text
    assert "Input files and their SHA-256" not in text
    assert {round(side) for side in short[0].get_size()} == {595, 842}
