"""A wrong case file gets one clear message for each fault, with file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import ROOT
from vetopoint.case import CaseError, Place, load_case

TEMPLATE = (ROOT / "src/vetopoint/study/template/case.yaml").read_text(encoding="utf-8")


def problems_of(tmp_path: Path, old: str, new: str, **kwargs: object) -> list[str]:
    assert old in TEMPLATE
    text = TEMPLATE.replace(old, new, 1)
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        load_case(path, **kwargs)  # type: ignore[arg-type]
    return [str(p) for p in caught.value.problems if p.severity == "error"]


def line_of(text: str, tmp_path: Path) -> int:
    lines = (tmp_path / "case.yaml").read_text(encoding="utf-8").splitlines()
    return next(i for i, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        ("by: holder, at: 2", "by: holdr, at: 2", "unknown actor 'holdr'", "did you mean 'holder'?"),
        (
            "when: propose == full",
            "when: propose == fully",
            "unknown option of 'propose' 'fully'",
            "did you mean 'full'?",
        ),
        ("when: answer == refuse", "when: answr == refuse", "unknown name 'answr'", "did you mean 'answer'?"),
        ("{worth: -penalty,", "{worth: -penality * 2,", "unknown quantity 'penality'", "did you mean 'penalty'?"),
        ("{worth: reward,", "{worth: rewrd,", "'rewrd' is not a quantity", "did you mean 'reward'?"),
        ("horizon_months: 24", "horizon_month: 24", "unknown key 'horizon_month'", "did you mean 'horizon_months'?"),
        ("unit: [dropped, agreed]", "unit: [dropped, agred]", "unknown outcome 'agred'", "did you mean 'agreed'?"),
        (
            "built: outcome in [agreed, against]",
            "built: outcome in [agreed, agains]",
            "'agains'",
            "did you mean 'against'?",
        ),
        ("when: propose == full", "when: respond == retreat", "'respond' comes later", "earlier moves only"),
        ("owner: planner", "owner: nobody", "unknown actor 'nobody'", "known here: holder, planner"),
        ("dropped: otherwise", "dropped: answer = refuse", "cannot read the expression", "write `answer == refuse`"),
        ("dropped: otherwise", "dropped: answer == yield", "cannot read the expression", "'yield' is a reserved word"),
        ("{worth: worth * modest,", "{worth: 2 * system(worth),", "unknown function", "known here"),
        ("{worth: worth * modest,", "{worth: worth.__class__,", "not part of the expression language", "use names"),
    ],
)
def test_a_typo_is_named_with_its_line(tmp_path: Path, old: str, new: str, message: str, remedy: str) -> None:
    found = problems_of(tmp_path, old, new)
    hit = [p for p in found if message in p]
    assert hit, found
    assert remedy in hit[0]
    assert f"case.yaml:{line_of(new.strip('{,'), tmp_path)}:" in hit[0]


def test_an_impossible_probability(tmp_path: Path) -> None:
    chance = "  luck: {by: chance, at: 1, options: {good: 1.4, bad: rest}}\n  answer:"
    found = problems_of(tmp_path, "  answer:", chance)
    assert any("impossible probability 1.4" in p and "between 0 and 1" in p for p in found)


def test_probabilities_that_cannot_sum_to_one(tmp_path: Path) -> None:
    chance = "  luck: {by: chance, at: 1, options: {good: 0.4, bad: 0.5}}\n  answer:"
    assert any("add up to 0.9" in p for p in problems_of(tmp_path, "  answer:", chance))


def test_a_tab_names_its_line(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "  answer:", "\tanswer:")
    assert len(found) == 1
    assert f"case.yaml:{line_of('answer: {by', tmp_path)}: error: a tab" in found[0]


def test_a_key_written_twice(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "horizon_months: 24", "horizon_months: 24\nhorizon_months: 36")
    assert len(found) == 1
    assert "each key may stand once" in found[0]


def test_a_claim_that_does_not_exist(tmp_path: Path) -> None:
    found = problems_of(tmp_path, "claims: [c1]", "claims: [c7]", claim_ids={"c1"})
    assert found == [p for p in found if "no claim 'c7'" in p and "known here: c1" in p]
    assert found


def test_a_missing_payoff(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path, "  holder:\n    unit: [against, dropped]", "  stranger:\n    unit: [against, dropped]"
    )
    assert any("'holder' moves but has no payoff" in p for p in found)


def test_aliases_cannot_blow_up(tmp_path: Path) -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"] + [
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)
    ]
    path = tmp_path / "case.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CaseError, match="too many"):
        load_case(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="name a case folder"):
        load_case(tmp_path / "nowhere")


def test_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"title: caf\xe9\n")
    with pytest.raises(CaseError, match="UTF-8"):
        load_case(path)


def test_an_unknown_override_names_what_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    with pytest.raises(CaseError, match="did you mean 'penalty'"):
        load_case(path, {"penalti": "1"})


@pytest.mark.parametrize("name", ["penalty", "precision.holder", "payoffs.holder.reward"])
def test_an_override_replaces_the_number(tmp_path: Path, name: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    case = load_case(path, {name: "0.25"})
    assert case.overrides == {name: "0.25"}
    texts = {item.name: item.text for item in case.inputs.values()}
    assert float(texts[name] if name in texts else case.spec(Place.parse(name)).text) == 0.25


@pytest.mark.parametrize("text", ["goals:   # what\n  built\n\npayoffs: {}\n", "payoffs:\n  ? x: {a: b}\n"])
def test_a_file_that_the_parser_stumbles_over_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=r"case\.yaml.* → "):
        load_case(path)
