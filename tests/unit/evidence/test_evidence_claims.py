"""Hand-coded claims: their file form, their place in the source, and whose word they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, drop_unnamed, locate, normalise_text, origins, read_jsonl, unheard, write_jsonl

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
    write_jsonl(claims, path)
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
    count = origins(claims)
    assert (count.mentions, count.origins) == (6, 4)
    assert count.groups["ada norman"] == ("c", "d")
    assert str(origins(claims[:2])) == "2 mentions, 1 origin"
    assert [c.id for c in drop_unnamed(claims)] == ["c", "d", "e"]


def test_copies_of_one_wire_text_are_one_origin() -> None:
    claims = [Claim(id="a", source="first"), Claim(id="b", source="second")]
    assert origins(claims).origins == 2
    assert origins(claims, copies={"second": "first"}).origins == 1


def test_actors_without_a_voice_are_named() -> None:
    claims = [Claim(id="a", source="d", about="norland", chain=({"name": "Kyst", "actor": "kyst"},))]
    assert unheard(claims, ["kyst", "norland"]) == ("norland",)


def test_normal_form_is_stable() -> None:
    raw = "\ufeffe\u0301\r\n\x07a\rb"
    assert normalise_text(raw) == "é\na\nb"
    assert normalise_text(normalise_text(raw)) == normalise_text(raw)
