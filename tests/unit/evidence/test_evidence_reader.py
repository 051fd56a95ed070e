"""Reading: constructions, chains, offsets, a real news text, and sources that are odd or hostile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support import reference
from vetopoint.errors import EvidenceError, MissingExtra
from vetopoint.evidence import (
    Claim,
    Document,
    Reader,
    SpacyParser,
    gather,
    origins,
    read_document,
    read_into,
)
from vetopoint.evidence.documents import Limits
from vetopoint.evidence.store import Store

ALIASES = {"norland": ["Norland", "Vik"], "kyst": ["Kyst"], "alliance": ["the Alliance", "allied capitals"]}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ALIASES)


def read(reader: Reader, text: str) -> list[Claim]:
    ((document, claims),) = reader.read([Document(id="d", text=text)])
    for claim in claims:
        for span in (*claim.content, *claim.speaker, *([claim.cue] if claim.cue else []), claim.sentence):
            assert span is not None
            assert document.text[span.start : span.end] == span.text
    return claims


@pytest.mark.parametrize(
    ("text", "speaker", "content", "rule"),
    [
        ("Ada Norman said that the talks had failed.", "Ada Norman", "that the talks had failed", "clause"),
        ("The talks had failed, Ada Norman said.", "Ada Norman", "The talks had failed", "clause-before"),
        ("“The talks have failed, and we know why,” said Ada Norman.", "Ada Norman", "“The talks have failed", "quote"),
        ("According to Ada Norman, the talks have failed.", "Ada Norman", "the talks have failed", "according"),
        ("Ada Norman refused to sign the accord.", "Ada Norman", "to sign the accord", "infinitive"),
        ("Ada Norman criticized the accord.", "Ada Norman", "the accord", "object"),
        ("Ministers are wary of the accord.", "Ministers", "the accord", "adjective"),
        ("The accord is expected to fail.", "", "The accord", "passive"),
        ("Ada Norman: the talks have failed", "Ada Norman", "the talks have failed", "colon"),
        ("The patrols are seen in allied capitals as a signal.", "allied capitals", "The patrols", "passive-in"),
        ("The idea won praise for its claim that patrols deter raids.", "", "that patrols deter raids", "noun-clause"),
    ],
)
def test_constructions(reader: Reader, text: str, speaker: str, content: str, rule: str) -> None:
    claims = [claim for claim in read(reader, text) if claim.rule == rule]
    assert claims, [claim.rule for claim in read(reader, text)]
    if rule != "noun-clause":
        assert " ".join(span.text for span in claims[0].speaker) == speaker
    assert claims[0].text.startswith(content)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The plan, an idea that the islanders have praised, was shelved.", [("the islanders", "an idea")]),
        ("The minister backed Anna Reed, a former governor of the island.", [("The minister", "Anna Reed")]),
        (
            "As reported by The Courier, the ferries will stop in May.",
            [("The Courier", "the ferries will stop in May")],
        ),
        (
            "The captain called for the council to reopen the harbour.",
            [("The captain", "the council to reopen the harbour")],
        ),
        ("The mayor called on the islanders to wait.", [("The mayor", "the islanders to wait")]),
        ("The captain blamed the delay on the weather.", [("The captain", "the delay on the weather")]),
        (
            "“The harbour is ours,” the mayor said, adding that the ferry was “a relic.”",
            [("the mayor", "“The harbour is ours,”"), ("the mayor", "that the ferry was “a relic.”")],
        ),
        (
            "But, he said, “there is a line that nobody may cross.”",
            [("he", "But “there is a line that nobody may cross.”")],
        ),
        (
            "The minister seemed to say that the harbour would close.",
            [("The minister", "that the harbour would close")],
        ),
        (
            "The mayor said the harbour was “lost. Nobody will mend it now.” The council met.",
            [("The mayor", "the harbour was “lost"), ("The mayor", "Nobody will mend it now.”")],
        ),
        (
            "The mayor said the harbour would close, while the council said it would stay open.",
            [("The mayor", "the harbour would close"), ("the council", "it would stay open")],
        ),
        ("As the mayor mentioned the ferry, the crowd left the hall.", []),
        (
            "The minister said in a statement that the talks would go on.",
            [("The minister", "that the talks would go on")],
        ),
    ],
)
def test_a_content_ends_where_what_is_said_ends(reader: Reader, text: str, found: list[tuple[str, str]]) -> None:
    claims = read(reader, text)
    assert [(" ".join(s.text for s in c.speaker), " ".join(s.text for s in c.content)) for c in claims] == found


def test_a_chain_leads_from_the_article_through_the_paper_to_its_sources(reader: Reader) -> None:
    text = (
        "Patrols cannot sail without Norland’s consent, writes The Gazette, citing two diplomats. "
        "According to the paper’s sources, Norland could block the plan at any moment."
    )
    claims = read(reader, text)
    chains = [[(link.name, link.kind) for link in claim.chain] for claim in claims]
    assert [("d", "named"), ("The Gazette", "named"), ("two diplomats", "role")] in chains
    assert any(chain[1] == ("The Gazette", "named") and chain[-1][1] == "unnamed" for chain in chains)
    assert len(origins(claims)) == 1


def test_an_anonymous_sources_reason_is_kept(reader: Reader) -> None:
    text = "A diplomat, who spoke on condition of anonymity because the talks are secret, said the plan was dead."
    claim = next(c for c in read(reader, text) if c.rule == "clause")
    assert claim.says.kind == "role"
    assert "because the talks are secret" in claim.says.reason


def test_pronouns_speak_for_whoever_spoke_last(reader: Reader) -> None:
    claims = read(reader, "Ada Norman said the port would close. She added that the ferry would stop.")
    assert [claim.says.name for claim in claims if claim.rule == "clause"] == ["Ada Norman", "Ada Norman"]


def test_a_pronoun_without_antecedent_is_honestly_unknown(reader: Reader) -> None:
    (claim,) = [c for c in read(reader, "He said that the port would close.") if c.rule == "clause"]
    assert claim.says.kind == "unknown"


def test_hedge_condition_polarity_and_the_one_spoken_of(reader: Reader) -> None:
    (claim,) = [
        c
        for c in read(reader, "Officials fear that Kyst will probably not open the port if the talks fail.")
        if c.rule == "clause"
    ]
    assert (claim.hedge, claim.reporter_hedge, claim.polarity, claim.about) == ("probably", "feared", -1, "kyst")
    assert claim.condition == "if the talks fail"


def test_an_edge_that_nobody_but_the_article_states_is_kept(reader: Reader) -> None:
    (claim,) = read(reader, "Norland has a veto over the route.")
    assert [(e.kind, e.actor) for e in claim.edges] == [("veto", "norland")]
    assert claim.chain[-1].role == "article"


@pytest.mark.shared
def test_a_real_article_yields_the_chain_and_every_kind_of_edge() -> None:
    path = reference("../sources/telegraph-summary.txt")
    aliases = {
        "russia": ["Russia", "Moscow", "the Kremlin", "Vladimir Putin"],
        "coalition": ["European capitals", "Western capitals", "coalition of the willing", "Western countries"],
    }
    ((document, claims),) = Reader(aliases).read([read_document(path)])
    text = document.text
    for claim in claims:
        assert claim.sentence is not None
        for span in (*claim.content, *claim.speaker, claim.sentence):
            assert text[span.start : span.end] == span.text
    edges = {(e.kind, e.actor, e.holds) for claim in claims for e in claim.edges}
    assert {("requires", "russia", True), ("veto", "russia", True), ("threat", "russia", True)} <= edges
    assert {kind for kind, _, _ in edges} == {"requires", "veto", "threat", "alternative", "value", "risk"}
    assert any(kind == "value" and not holds for kind, _, holds in edges)
    outlets = {link.name for claim in claims for link in claim.chain if link.role == "outlet"}
    assert outlets == {"The Telegraph"}
    kinds = {link.kind for claim in claims for link in claim.chain[2:]}
    assert {"unnamed", "collective"} <= kinds
    names = [link.name for claim in claims for link in claim.chain]
    assert "One source" in names
    assert "numerous sources" in names
    assert any("European capitals" in name for name in names)
    assert len(origins(claims)) == 1


def test_a_killed_reading_goes_on_where_it_stopped(reader: Reader, tmp_path: Path) -> None:
    documents = [Document(id=f"d{k}", text=f"Ada Norman said that ship {k} had sailed.") for k in range(12)]

    def until_killed() -> Iterator[Document]:
        yield from documents[:7]
        raise KeyboardInterrupt

    with Store(tmp_path / "case.sqlite") as store:
        with pytest.raises(KeyboardInterrupt):
            read_into(store, until_killed(), reader, batch=2)
        before = len(store.read_by(reader.coder))
        done = read_into(store, documents, reader, batch=2)
        assert done.skipped == before
        assert done.read == 12 - before
        assert store.read_by(reader.coder) == {d.id for d in documents}
        ids = [claim.id for claim in store.claims()]
        assert len(ids) == len(set(ids)) == 12
        assert read_into(store, documents, reader).read == 0


def test_one_bad_file_does_not_stop_the_others(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ada Norman said no deal was near.", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01\x02" * 100)
    (tmp_path / "c.csv").write_text("id,text,date\nx,Ada Norman said yes to it.,2026-01-02\ny,,\n", encoding="utf-8")
    with Store(tmp_path / "case.sqlite") as store:
        done = read_into(store, gather(tmp_path), reader)
        assert (done.read, len(done.refused)) == (1, 1)
        assert "binary" in done.refused[0]
        done = read_into(store, gather(tmp_path / "c.csv"), reader)
        assert (done.read, len(done.refused)) == (1, 1)


def page_without_words() -> bytes:
    from io import BytesIO

    import pypdfium2

    pdf = pypdfium2.PdfDocument.new()
    pdf.new_page(200, 200)
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\t ", "empty"),
        ("binary.txt", bytes(range(256)) * 20, "binary"),
        ("script.html", b"<html><body><script>document.write('news')</script></body></html>", "no prose"),
        ("scan.pdf", page_without_words(), "without a text layer"),
        ("broken.pdf", b"%PDF-1.7\nnothing here", "broken PDF"),
    ],
)
def test_odd_sources_get_one_clear_message(tmp_path: Path, name: str, raw: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(EvidenceError, match=message) as caught:
        read_document(path)
    assert name in str(caught.value)
    assert "→" in str(caught.value)


def test_a_file_above_the_limit_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as handle:
        handle.truncate(50_000_000)
    with pytest.raises(EvidenceError, match="50 MB"):
        read_document(path)
    path.write_text("x" * 2_000, encoding="utf-8")
    with pytest.raises(EvidenceError, match="characters"):
        read_document(path, limits=Limits(text_chars=1_000))


def test_a_page_is_read_without_running_its_scripts(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    prose = "<p>Ada Norman said that the ferry would stop, and nobody on the quay was surprised to hear it.</p>" * 3
    path.write_text(
        f"<html><title>News</title><body><script>alert('run')</script>{prose}</body></html>", encoding="utf-8"
    )
    document = read_document(path)
    assert "alert" not in document.text
    assert document.title == "News"
    assert "the ferry would stop" in document.text


def test_encodings_are_recognised_and_guesses_said(tmp_path: Path) -> None:
    text = "Der Minister sagte, die Brücke werde geöffnet. Die Gespräche seien für die Küste wichtig gewesen. " * 5
    for encoding, noted in (("utf-8", False), ("utf-16", False), ("cp1252", True)):
        path = tmp_path / f"{encoding}.txt"
        path.write_bytes(text.encode(encoding))
        document = read_document(path)
        assert "Brücke" in document.text
        assert bool(document.notes) is noted
    mixed = tmp_path / "mixed.txt"
    mixed.write_bytes(("é" * 50).encode() + b" \xe9 ")
    assert "replaced" in read_document(mixed).notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "word " * 20_000,
        "x" * 30_000,
        "“" * 300,
        "((((" * 500,
        "\n" * 5_000 + "a",
    ],
)
def test_strange_text_is_read_without_harm(reader: Reader, text: str) -> None:
    assert isinstance(read(reader, text), list)


def test_a_missing_model_names_the_extra() -> None:
    with pytest.raises(MissingExtra, match=r"\[read\]"):
        SpacyParser("no_such_model")


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_memory_stays_flat_over_ten_thousand_documents(reader: Reader, tmp_path: Path) -> None:
    import resource

    text = "Ada Norman said that the ferry would stop unless Norland agrees. Officials fear that Kyst could block it."
    peaks: list[int] = []

    def note(seen: int) -> None:
        if seen >= 2_000:
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)

    with Store(tmp_path / "case.sqlite") as store:
        documents = (Document(id=f"d{k}", text=f"Report {k}. {text}") for k in range(10_000))
        done = read_into(store, documents, reader, progress=note, batch=40)
        assert done.read == 10_000
        assert len(store.claims()) == done.claims
    assert peaks[-1] - peaks[0] < 60_000
