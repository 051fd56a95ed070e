"""A claim's words reach the page as they stand in the source, piece by piece, whatever the text and wherever they stand."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vetopoint.answers import ClaimAnswer
from vetopoint.answers.evidence import ELISION
from vetopoint.evidence import Claim, Document, Span, locate, normalise_text
from vetopoint.study import Study, new_case, open_study, run, trace
from vetopoint.study.evidence_section import claim_answer
from vetopoint.study.sources import Evidence

LETTERS = "ab äßÄ\u0301e\u0308o\u4e2d𝔄👩\u200d🚀\u2028\u00a0<&\"'“”….,\r\n\t\x00\ufeff"
PLACES = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)
BROKEN = '“Hm.” "The force," the envoy said, "will not leave port." Nobody else spoke.'


class Marks(HTMLParser):
    """The words of a page's first block quotation, and those of them that are marked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside: list[str] = []
        self.shown, self.marked = "", [""]
        self.feed(str(html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if "blockquote" in self.inside:
            self.shown += data
        if "mark" in self.inside:
            self.marked[-1] += data


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return open_study(new_case(tmp_path_factory.mktemp("words") / "case"))


def answered(study: Study, text: str, claim: Claim) -> ClaimAnswer:
    document = Document(claim.source, text)
    return claim_answer(study.case, Evidence({claim.source: document}, (claim,), (claim,), ()), claim)


def page(shown: ClaimAnswer) -> Marks:
    """The claim's own part of the report."""
    from vetopoint.view.names import Names
    from vetopoint.view.report import _claim, _environment

    macros = _environment().get_template("_macros.html.j2").module
    names: Names = None  # type: ignore[assignment]
    return Marks(macros.claim_body(_claim(shown, None, set(), names), names))  # type: ignore[attr-defined]


def cut(text: str, place: list[float]) -> Span:
    start, end = (round(share * len(text)) for share in place)
    return Span(text=text[start:end], start=start, end=end)


@given(
    raw=st.text(st.sampled_from(LETTERS) | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120),
    places=st.lists(PLACES, min_size=1, max_size=4),
    around=st.none() | PLACES,
)
@example(raw=BROKEN, places=[[0.07, 0.23], [0.43, 0.73]], around=[0.07, 0.73])
@example(raw="Kö ko\u0308\r\n👩‍🚀!", places=[[0.2, 0.5], [0.4, 0.9]], around=None)
def test_what_is_shown_is_what_stands_there(
    study: Study, raw: str, places: list[list[float]], around: list[float] | None
) -> None:
    text = normalise_text(raw)
    spans = tuple(cut(text, place) for place in places)
    sentence = cut(text, around) if around else None
    claim = Claim(id="x", source="d", content=spans, sentence=sentence)
    shown = ClaimAnswer.model_validate_json(answered(study, text, claim).model_dump_json())

    assert [(p.start, p.end, p.text) for p in shown.pieces] == [(s.start, s.end, text[s.start : s.end]) for s in spans]
    if sentence is not None:
        assert text[shown.sentence_start : shown.sentence_end] == shown.sentence
    for span in spans:
        assert f"{span.start:,} to {span.end:,}" in shown.place

    quoted = {at for span in spans for at in range(span.start, span.end)}
    covered = quoted | set(range(sentence.start, sentence.end)) if sentence else quoted
    expected: list[tuple[str, bool]] = []
    for at in range(min(covered, default=0), max(covered, default=-1) + 1):
        if at in covered:
            expected.append((text[at], at in quoted))
        elif at - 1 in covered:
            expected.append((ELISION, False))
    letters = [
        (letter, marked)
        for part, marked in shown.passage()
        for letter in ([part] if (part, marked) == (ELISION, False) else part)
    ]
    if covered and ELISION not in text:
        assert letters == expected
        seen = page(shown)
        assert seen.shown == "".join(letter for letter, _ in expected)
        assert "".join(seen.marked) == "".join(letter for letter, marked in expected if marked)


def test_a_quotation_in_two_pieces_keeps_its_sentence_and_both_places(study: Study) -> None:
    quote = ('"The force,"', '"will not leave port."')
    sentence = '"The force," the envoy said, "will not leave port."'
    (claim,) = locate([Claim(id="c", source="d", sentence=sentence, content=quote)], {"d": BROKEN})
    shown = answered(study, BROKEN, claim)
    assert shown.words == quote
    assert shown.place == "characters 6 to 18 and 35 to 57"
    seen = page(shown)
    assert seen.shown == sentence
    assert tuple(filter(None, seen.marked)) == quote


def test_the_report_the_trace_and_the_answers_say_the_same(tmp_path: Path) -> None:
    folder = new_case(tmp_path / "case")
    source = folder / "sources" / "report.md"
    with source.open("a", encoding="utf-8") as handle:
        handle.write(f"\r\n\r\nCafe\u0301: {BROKEN}\r\n")
    line = (folder / "claims.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert '"c1"' in line
    (folder / "claims.jsonl").write_text(
        line
        + '\n{"id": "two", "source": "report", "sentence": "\\"The force,\\" the envoy said, \\"will not leave port.\\"", '
        '"content": ["\\"The force,\\"", "\\"will not leave port.\\""]}\n',
        encoding="utf-8",
    )
    case = (folder / "case.yaml").read_text(encoding="utf-8")
    assert "claims: [c1]" in case
    (folder / "case.yaml").write_text(case.replace("claims: [c1]", "claims: [c1, two]"), encoding="utf-8")
    study = open_study(folder)
    name = next(name for name, item in study.case.inputs.items() if "two" in item.origin.claims)
    (step,) = [s for s in trace(study, name)[1] if s.id == "two"]
    answers = run(study, draws=256, out=tmp_path / "out")
    (claim,) = [c for c in answers.evidence.claims if c.id == "two"]
    assert claim == step
    text = study.evidence.documents[claim.source].text
    assert [text[p.start : p.end] for p in claim.pieces] == ['"The force,"', '"will not leave port."']
