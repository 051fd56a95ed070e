"""The report as a file: self-contained, small, escaped, with every link leading somewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from example_answers import example_answers, relabelled

from vetopoint.view.report import render_report
from vetopoint.view.sentences import FIXED_LINE
from vetopoint.view.text import render_text

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\" onclick='x' {{ 7*7 }}"


class Page(HTMLParser):
    """Collect tags, ids and links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, attribute: str) -> list[str]:
        return [a[attribute] or "" for _, a in self.tags if attribute in a]


@pytest.fixture(scope="module")
def html() -> str:
    return render_report(example_answers())


def test_one_file_without_references_outside(html: str) -> None:
    page = Page(html)
    assert len(html.encode()) < 1_000_000
    assert not page.all("src")
    links = {h for h in page.all("href") if not h.startswith(("#", "data:"))}
    assert links == {"https://example.org/pier"}
    assert "@import" not in html
    assert "url(" not in html.split("</style>")[0]


def test_every_link_leads_somewhere_and_ids_are_unique(html: str) -> None:
    page = Page(html)
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    targets = {h[1:] for h in page.all("href") if h.startswith("#")}
    assert targets <= set(ids)
    assert {"input-anger", "claim-c1", "fig-outcomes"} <= targets


def test_only_its_own_script_and_style_may_run(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy is not None
    for kind in ("script", "style"):
        bodies = re.findall(rf"<{kind}>(.*?)</{kind}>", html, re.S)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy[1]
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert not [a for _, a in Page(html).tags if any(k.startswith("on") or k == "style" for k in a)]


def test_hostile_words_come_out_as_words() -> None:
    html = render_report(relabelled(example_answers(quote=HOSTILE, title=HOSTILE), "the pier is built", HOSTILE))
    page = Page(html)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "{{ 7*7 }}" in html
    assert [t for t, _ in page.tags].count("script") == [
        t for t, _ in Page(render_report(example_answers())).tags
    ].count("script")


def test_a_source_address_that_is_no_web_page_is_no_link() -> None:
    answers = example_answers()
    sources = tuple(s.model_copy(update={"url": "javascript:alert(1)"}) for s in answers.evidence.sources)
    evil = answers.model_copy(update={"evidence": answers.evidence.model_copy(update={"sources": sources})})
    assert not [h for h in Page(render_report(evil)).all("href") if "javascript" in h]


def test_answers_come_first_and_the_fixed_line_before_them(html: str) -> None:
    places = [
        html.index(f'id="{i}"')
        for i in ("first", "answers", "caution", "game", "coalition", "truce", "change", "evidence", "methods")
    ]
    assert places == sorted(places)
    assert places[0] < html.index(FIXED_LINE) < places[1]


def test_every_origin_opens_its_sentence(html: str) -> None:
    box = html[html.index('id="input-anger"') :]
    box = box[: box.index('id="input-calm"')]
    assert "<mark>the neighbour could stop the pier</mark>" in box
    assert "two pilots (unnamed, not allowed to speak)" in box
    assert "A pier in doubt, The Harbour Gazette, 20 February 2026" in box
    assert "hand (accepted)" in box
    judged = html[html.index('id="input-toll"') :]
    assert "it ends in judgement" in judged


def test_parts_that_a_case_lacks_are_left_out() -> None:
    html = render_report(example_answers(bare=True))
    assert 'id="coalition"' not in html
    assert 'id="truce"' not in html
    assert not re.search(r"\btruces?\b", html.partition("<body>")[2].partition("<script")[0])


def test_same_answers_same_bytes(html: str) -> None:
    assert render_report(example_answers()) == html


def test_the_bundle_is_the_one_whose_hash_is_committed() -> None:
    assets = files("vetopoint.view").joinpath("assets")
    for line in assets.joinpath("charts.sha256").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256(assets.joinpath(name).read_bytes()).hexdigest() == digest
    assert "</script" not in assets.joinpath("charts.js").read_text()
    licences = assets.joinpath("charts.LICENCES.txt").read_text()
    assert "@observablehq/plot" in licences
    assert "GPL" not in licences


def test_terminal_says_the_same() -> None:
    answers = example_answers()
    text = render_text(answers, width=80)
    assert FIXED_LINE in text
    assert max(map(len, text.splitlines())) <= 80
    flat = " ".join(text.split())
    assert "Neighbouring port holds the key." in flat
    assert "<" not in text.replace("<1%", "")
