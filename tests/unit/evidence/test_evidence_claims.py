"""Hand-coded claims: their file form, their place in the source, and whose word they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vetopoint.errors import EvidenceError
from vetopoint.evidence import (
    Claim,
    locate,
    normalise_text,
    origins,
    read_claims,
    read_jsonl,
    write_claims,
)

TEXT = "Ships wait. Two diplomats said the mission cannot\nleave port unless Norland agrees. It cannot\nleave port.\n"


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "claims.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_quote_is_found_across_a_line_break_and_offsets_return_it_exactly(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "# a comment",
        '{"id": "c1", "source": "g", "quote": "the mission cannot leave port unless", "cue": "said", '
        '"speaker": "Two diplomats"}',
    )
    (claim,) = read_jsonl(path, {"g": TEXT})
    (content,) = claim.content
    assert TEXT[content.start : content.end] == content.text == "the mission cannot\nleave port unless"
    assert claim.sentence is not None
    assert claim.sentence.text.startswith("Two diplomats said")
    assert claim.sentence.text.endswith("agrees.")
    assert claim.cue is not None
    assert TEXT[claim.cue.start : claim.cue.end] == "said"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "c1", "source": "g", "quote": "never said"}', "does not stand in the source"),
        ('{"id": "c1", "source": "g", "quote": "leave port"}', "stands 2 times"),
        ('{"id": "c1", "source": "x", "quote": "Ships wait"}', "not among the documents"),
        ('{"id": "c1", "source": "g", "kind": "rumour"}', "kind"),
        ("{broken", "no JSON"),
        ('{"id": "c1", "source": "g", "cue": {"text": "said", "start": 0, "end": 4}}', "characters 0–4"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(EvidenceError, match=message) as caught:
        read_jsonl(write(tmp_path, line), {"g": TEXT})
    assert "claims.jsonl:1" in str(caught.value)


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    line = '{"id": "c1", "source": "g"}'
    with pytest.raises(EvidenceError, match="used on line 1"):
        read_jsonl(write(tmp_path, line, line))


def test_nth_chooses_the_occurrence() -> None:
    (claim,) = locate([Claim(id="a", source="g", quote="leave port", nth=2)], {"g": TEXT})
    assert claim.content[0].start == TEXT.rindex("leave port")


def test_written_claims_read_back_the_same(tmp_path: Path) -> None:
    claims = locate(
        [
            Claim(
                id="a",
                source="g",
                quote="Ships wait",
                chain=("The Gazette (outlet)", "unnamed: one source"),
                edges=({"kind": "requires", "actor": "norland", "holds": False},),
            )
        ],
        {"g": TEXT},
    )
    path = tmp_path / "out.jsonl"
    write_claims(claims, path)
    assert read_jsonl(path, {"g": TEXT}) == claims


def test_unnamed_sources_of_one_paper_are_one_origin_and_a_named_speaker_is_his_own() -> None:
    def claim(name: str, *chain: str) -> Claim:
        return Claim(id=name, source="d", chain=chain)

    claims = [
        claim("a", "The Gazette (outlet)", "unnamed: a diplomat"),
        claim("b", "the gazette (outlet)", "collective: coastal governments"),
        claim("c", "The Gazette (outlet)", "Ada Norman"),
        claim("d", "The Herald (outlet)", "Ada Norman"),
        claim("e", "The Herald (outlet)"),
        claim("f"),
    ]
    found = origins(claims)
    assert len(found) == 4
    assert found["ada norman"] == ["c", "d"]
    assert found["gazette"] == ["a", "b"]
    assert [c.id for c in claims if c.is_named] == ["c", "d", "e"]


def test_normal_form_is_stable() -> None:
    raw = "\ufeffe\u0301\r\n\x07a\rb"
    assert normalise_text(raw) == "é\na\nb"
    assert normalise_text(normalise_text(raw)) == normalise_text(raw)


@given(st.text(st.sampled_from("ae\u0301\u0308\ufeff\x00\x07\x85\r\n\t\u2028각") | st.characters()))
@example("e\x00\u0301")
@example("\x00\ufeffa")
@example("\ufeff\ufeffa")
def test_the_normal_form_of_a_normal_form_is_itself(raw: str) -> None:
    text = normalise_text(raw)
    assert normalise_text(text) == text
    assert not {"\r", "\x00", "\x85"} & set(text)
    assert normalise_text(text.replace("\n", "\r\n")) == text


def test_offsets_decide_where_words_stand_twice() -> None:
    at = TEXT.rindex("leave port")
    placed = {"text": "leave port", "start": at, "end": at + 10}
    (claim,) = locate([Claim(id="a", source="g", quote="leave port", content=(placed,))], {"g": TEXT})
    assert claim.content[0].start == at
    assert claim.sentence is not None
    assert claim.sentence.text == "It cannot\nleave port."
    # without offsets a text that stands twice is no place, with or without a quote
    with pytest.raises(EvidenceError, match="stands 2 times"):
        locate([Claim(id="a", source="g", content=("leave port",))], {"g": TEXT})
    (claim,) = locate(
        [Claim(id="a", source="g", sentence="It cannot\nleave port.", content=("leave port",))], {"g": TEXT}
    )
    assert claim.content[0].start == at
    with pytest.raises(EvidenceError, match="does not stand in the source"):
        locate([Claim(id="a", source="g", quote="never said", content=(placed,))], {"g": TEXT})


def test_a_file_beside_another_whose_name_it_matches_as_a_pattern_is_not_read_with_it(tmp_path: Path) -> None:
    for folder in ("a*", "ab", "[ab]", "a"):
        (tmp_path / folder).mkdir()
        write_claims([Claim(id=folder, source="g")], tmp_path / folder / "c.parquet")
    for folder in ("a*", "[ab]"):
        assert [claim.id for claim in read_claims(tmp_path / folder / "c.parquet")] == [folder]
