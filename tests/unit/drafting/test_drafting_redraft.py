"""A case drafted from the reviewed claims of a case, or of a folder of evidence."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from support import ROOT
from vetopoint.case import load_case
from vetopoint.cli import complete
from vetopoint.errors import EvidenceError, VetopointError
from vetopoint.evidence import Claim
from vetopoint.study import check, new_case, open_evidence
from vetopoint.study.drafting.fill import fill
from vetopoint.study.drafting.patterns import NAMES, pattern
from vetopoint.study.drafting.plan import Cast, Party
from vetopoint.study.drafting.redraft import draft_case, plain_cast

NAMED = {"norland": ("Norland",)}


def claim(id: str, actor: str, *edges: dict[str, object], **more: object) -> Claim:
    chain = ({"name": actor.title(), "actor": actor},)
    return Claim.model_validate({"id": id, "source": "g", "quote": id, "chain": chain, "edges": edges, **more})


CLAIMS = [
    claim("c1", "alliance", {"kind": "requires", "actor": "norland", "plan": "patrols"}),
    claim("c2", "kyst", {"kind": "threat", "actor": "kyst"}, hedge="might", act="THREATEN"),
]


def test_edges_alone_give_a_cast() -> None:
    cast = plain_cast(CLAIMS, NAMED)
    assert (cast.owner.actor, [party.label for party in cast.consenters]) == ("alliance", ["Norland", "Kyst"])
    assert (cast.plan, dict(cast.threats)) == ("patrols", {"kyst": ("c2",)})


def test_a_cast_needs_an_edge() -> None:
    with pytest.raises(EvidenceError, match="whose consent"):
        plain_cast([claim("a", "alliance")], {})


def test_a_case_without_accepted_claims_gives_no_draft(tmp_path: Path) -> None:
    case = new_case(tmp_path / "mine")
    (case / "claims.jsonl").unlink()
    (case / "case.yaml").write_text(
        (case / "case.yaml").read_text(encoding="utf-8").replace("claims: [c1], by: analyst", "note: judged"),
        encoding="utf-8",
    )
    with pytest.raises(EvidenceError, match="accept some"):
        draft_case(open_evidence(case))


def test_the_flagship_is_drafted_with_its_owner_and_its_consenter(tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(ROOT / "cases" / "european-presence", case, ignore=shutil.ignore_patterns("out", "*.sqlite"))
    draft = draft_case(open_evidence(case), "presence")
    (case / "draft.yaml").write_text(draft.text, encoding="utf-8")
    file = load_case(case / "draft.yaml", claim_ids=[*draft.placed, *draft.unplaced]).file
    assert (file.owner, draft.pattern) == ("coalition", "presence")
    assert "russia" in file.actors
    assert len(draft.gaps) <= 6
    assert len(draft.placed) >= 0.6 * (len(draft.placed) + len(draft.unplaced))
    assert [p for p in check(case / "draft.yaml") if p.severity == "error"] == []


def test_an_unknown_pattern_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(VetopointError, match="no pattern 'castle'"):
        draft_case(open_evidence(new_case(tmp_path / "mine")), "castle")


def test_the_command_prints_the_case_and_where_the_claims_went(tmp_path: Path) -> None:
    case = new_case(tmp_path / "mine")
    done = CliRunner().invoke(complete(), ["draft", str(case), "--pattern", "permits"])
    assert done.exit_code == 0
    assert "c1  quantities.pressure_holder" in done.stderr
    assert "1 of 1 claims placed" in done.stderr
    assert "c1: quantities.pressure_holder" in done.stdout
    out = tmp_path / "mine" / "draft.yaml"
    done = CliRunner().invoke(complete(), ["draft", str(case), "--pattern", "permits", "--out", str(out)])
    assert "1 of 1 claims placed" in done.stdout
    done = CliRunner().invoke(complete(), ["draft", str(case), "--pattern", "permits", "--out", str(out)])
    assert isinstance(done.exception, VetopointError)
    assert "exists already" in str(done.exception)


def test_patterns_are_listed_and_each_begins_a_case(tmp_path: Path) -> None:
    listed = CliRunner().invoke(complete(), ["patterns"]).stdout
    assert [name for name in NAMES if f"{name} " in listed] == list(NAMES)
    for name in NAMES:
        made = CliRunner().invoke(complete(), ["new", str(tmp_path / name), "--pattern", name])
        assert made.exit_code == 0
        kept = (ROOT / "cases" / "patterns" / f"{name}.yaml").read_text(encoding="utf-8")
        schema, _, begun = (tmp_path / name / "case.yaml").read_text(encoding="utf-8").partition("\n")
        assert schema == "# yaml-language-server: $schema=./case.schema.json"
        assert begun == kept
    wrong = CliRunner().invoke(complete(), ["new", str(tmp_path / "x"), "--pattern", "castle"])
    assert "no pattern 'castle'" in str(wrong.exception)
    assert not (tmp_path / "x").exists()


def test_what_is_claimed_of_a_stranger_is_left_out_by_name() -> None:
    cast = Cast("a dam", Party("a", "Arle"), (Party("b", "Berne"),), {})
    stranger = Claim.model_validate({"id": "c3", "source": "g", "edges": ({"kind": "veto", "actor": "far_away"},)})
    draft = fill(pattern("permits"), cast, [stranger], title="A dam", as_of=date(2026, 1, 1))
    assert draft.placed == {"c3": "not_modelled"}
    assert "the answer of Far Away" in draft.text
