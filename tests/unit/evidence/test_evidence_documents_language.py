"""In which language a text is, how sure that is, and that none is half read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from support import ROOT
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Document, Reader, SpacyParser, gather, read_document, read_into
from vetopoint.evidence.documents.language import detect, is_foreign, readable, refusal
from vetopoint.evidence.reader import lexicon
from vetopoint.evidence.reader.parse import DEFAULT_MODEL, Parse, Told
from vetopoint.evidence.store import Store

FORMS = ROOT / "tests" / "data" / "reading" / "forms"
GERMAN = "Der Minister sagte, das Parlament werde nicht abstimmen."
ARABIC = "قال الوزير إن المحادثات فشلت وإن الحكومة لن توقع على الاتفاق قبل نهاية الشهر. "


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader({})


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [("de", "de", "German"), ("fr", "fr", "French"), ("uk", "uk", "Ukrainian"), ("ru", "ru", "Russian")],
)
def test_a_text_in_another_language_is_refused_in_words(reader: Reader, name: str, code: str, said: str) -> None:
    document = read_document(FORMS / f"{name}.txt")
    assert document.language == code
    why = reader.refuses(document)
    assert why.startswith(f"{name}: written in {said} (")
    assert "% sure), and only English is read → translate it" in why
    first, last = (Document(id=id, text=f"Ada Norman said that {id} had failed.") for id in ("talks", "plans"))
    before, (refused, failure), after = reader.read([first, document, last])
    assert (refused, str(failure)) == (document, why)
    assert isinstance(failure, EvidenceError)
    assert [len(claims) for _, claims in (before, after) if isinstance(claims, list)] == [1, 1]


@given(st.lists(st.booleans(), max_size=150), st.integers(1, 4))
@example([False] * 100 + [True], 1)
@example([True] + [False] * 33, 2)
def test_refused_documents_keep_their_place_and_never_wait_in_great_number(english: list[bool], ahead: int) -> None:
    opened = 0

    class Slow:
        name = "slow"

        def parse(self, texts: Iterable[str], told: Told | None = None) -> Iterator[list[Parse]]:
            """Nothing of a text, and only once some texts were taken ahead, as a pipe does."""
            source = iter(texts)
            while taken := list(islice(source, ahead)):
                yield from ([] for _ in taken)

    def documents() -> Iterator[Document]:
        nonlocal opened
        for number, reads in enumerate(english):
            opened += 1
            yield Document(str(number), "Ada said no." if reads else GERMAN, language="en" if reads else "de")

    told: list[int] = []
    given_back = 0
    for document, claims in Reader({}, Slow()).read(documents(), told.append):
        assert document.id == str(given_back)
        assert isinstance(claims, list) is english[given_back]
        given_back += 1
        assert opened - given_back <= (ahead + 1) * 32
    assert given_back == len(english)
    assert sum(told) == sum(english) * len("Ada said no.")


@pytest.mark.parametrize(
    "text",
    [
        ARABIC * 3,
        "外交部长周一表示，除非石油恢复供应，否则该国将否决第二十轮制裁方案。",
        "Premier Marek Nowak powiedział we wtorek, że jego kraj nie poprze umowy, dopóki parlament nie zagłosuje.",
        "De minister zei dinsdag dat zijn land het verdrag niet zal steunen zolang het parlement niet heeft gestemd.",
    ],
)
def test_other_scripts_and_near_languages(text: str) -> None:
    assert refusal(text)
    assert is_foreign(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ada said no.",
        "Ada Norman refused to sign the accord.",
        "Minister Says Talks Will Go On Despite Veto Threat By Hungary",
        "word " * 500,
        "x" * 3_000,
        "“" * 300,
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "",
    ],
)
def test_short_or_odd_english_is_never_refused(text: str) -> None:
    assert not refusal(text)


def test_a_list_of_foreign_names_is_no_foreign_paragraph() -> None:
    assert not is_foreign("Szijjártó Péter, Orbán Viktor, Magyar Péter, Novák Katalin, Kövér László")


@given(
    st.lists(
        st.sampled_from(
            [
                "the",
                "of",
                "and",
                "that",
                "Minister",
                "talks",
                "Vertrag",
                "nicht",
                "unterzeichnen",
                "wird",
                "der",
                "Ostia",
                "no",
                "Договор",
                "не",
            ]
        ),
        max_size=30,
    )
)
@example(["Der", "Minister", "sagte,", "dass", "sein", "Land", "den", "Vertrag", "nicht", "unterzeichnen", "wird."])
def test_a_paragraph_is_foreign_where_its_language_is_and_it_is_no_list_of_names(words: list[str]) -> None:
    paragraph = " ".join(words)
    names = sum(word[0].isupper() for word in words) >= 0.6 * len(words)
    assert is_foreign(paragraph) == (detect(paragraph).foreign and not names)


def test_paragraphs_in_another_language_are_passed_over_and_said(reader: Reader, tmp_path: Path) -> None:
    document = read_document(FORMS / "mixed.txt")
    assert document.language == "en"
    ((kept, claims),) = reader.read([document])
    german = document.text.index("Der türkische")
    assert len(claims) >= 5
    assert max(span.end for claim in claims for span in claim.content) < german
    assert kept.notes[-1].startswith("one paragraph is not read: written in German (")
    with Store(tmp_path / "case.sqlite") as store:
        done = read_into(store, [document, read_document(FORMS / "de.txt")], reader)
        assert store.document("mixed").notes == kept.notes
    assert done.read == 1
    assert done.notes == (f"mixed: {kept.notes[-1]}",)
    assert [why.split(":")[0] for why in done.refused] == ["de"]


def test_what_is_known_of_the_language_decides(reader: Reader) -> None:
    assert not reader.refuses(Document("d", GERMAN, language="en"))


def test_a_table_tells_the_language_of_each_row(tmp_path: Path) -> None:
    table = tmp_path / "rows.csv"
    table.write_text(f"text\nAda said that the ferry would stop and that they know it.\n{ARABIC}\n", encoding="utf-8")
    assert [item.language for item in gather(table) if isinstance(item, Document)] == ["en", "ar"]


def test_the_seam_for_a_second_language_names_tables_and_parser() -> None:
    """Every language has the tables that the reader opens, and the parser that reads English is the default."""
    assert set(readable()) == {"en"}
    for code, language in readable().items():
        assert language.common
        for table in ("verbs.csv", "nouns.csv", "adjectives.csv", "sourcewords.csv", "hedges.csv"):
            assert lexicon.data(table, code), (code, table)
    assert readable()["en"].parser == DEFAULT_MODEL == SpacyParser().name


def test_how_sure_it_is_said() -> None:
    guess = detect((FORMS / "de.txt").read_text(encoding="utf-8"))
    assert (guess.name, guess.foreign) == ("German", True)
    assert 0.9 < guess.sure <= 1
    assert str(guess) == f"German ({guess.sure:.0%} sure)"
    assert str(detect("Ja.")) == "a language that cannot be told"
