"""The patterns of plans: each a small case of its own, in the words of its own subject, and filled from claims that people coded."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coded import cast_of, claims_of, texts
from support import ROOT, examples
from vetopoint.budget import Budget
from vetopoint.case import Case, load_case
from vetopoint.chain.checks import check_histories_of
from vetopoint.errors import EvidenceError, VetopointError
from vetopoint.evidence import Claim
from vetopoint.study import check, open_study, run_study
from vetopoint.study.drafting.fill import MOST, example, fill
from vetopoint.study.drafting.patterns import NAMES, pattern, patterns
from vetopoint.study.drafting.plan import Cast, Draft, Party

DAY = date(2026, 1, 1)
SMALL = Budget(
    swings=8, twin=8, trials=2, members=4, decisiveness=8, threats=16, expected=4, variants=4, retraced=2, stability=4
)
FOREIGN = {
    "presence": [
        "parliament",
        "ratif",
        "embargo",
        "lawsuit",
        "licence",
        "permit",
        "tariff",
        "rent",
        "lease",
        "sanction",
        "vote",
    ],
    "ratification": [
        "deploy",
        "troop",
        "contingent",
        "ceasefire",
        "truce",
        "embargo",
        "lawsuit",
        "licence",
        "permit",
        "soldier",
        "attack",
        "struck",
        "monitor",
        "lease",
    ],
    "renewal": [
        "deploy",
        "troop",
        "contingent",
        "ceasefire",
        "parliament",
        "ratif",
        "embargo",
        "lawsuit",
        "licence",
        "permit",
        "lease",
        "vote",
    ],
    "sanctions": [
        "deploy",
        "troop",
        "contingent",
        "ceasefire",
        "parliament",
        "ratif",
        "lawsuit",
        "licence",
        "permit",
        "soldier",
        "lease",
        "renewal",
        "struck",
    ],
    "basing": [
        "deploy",
        "ceasefire",
        "truce",
        "parliament",
        "ratif",
        "embargo",
        "lawsuit",
        "licence",
        "permit",
        "sanction",
        "struck",
        "attack",
    ],
    "approval": [
        "deploy",
        "troop",
        "contingent",
        "ceasefire",
        "truce",
        "parliament",
        "ratif",
        "into force",
        "is built",
        "embargo",
        "lawsuit",
        "licence",
        "permit",
        "sanction",
        "soldier",
        "attack",
        "lease",
        "rent\\b",
        "renew",
        "vote\\b",
        "treaty",
    ],
    "permits": [
        "deploy",
        "troop",
        "contingent",
        "ceasefire",
        "truce",
        "ratif",
        "embargo",
        "sanction",
        "soldier",
        "attack",
        "consent",
        "coalition",
    ],
}
"""Words of other fields, by the pattern that must not use them."""


def filled(name: str, gold: Any, claims: Sequence[Claim] | None = None) -> Draft:
    return fill(pattern(name), cast_of(gold), claims_of(gold) if claims is None else claims, title="A plan", as_of=DAY)


def loaded(text: str, folder: Path, claims: Sequence[Claim] = ()) -> Case:
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return load_case(folder, claim_ids=[claim.id for claim in claims])


def foreign(name: str, text: str) -> list[str]:
    return [word for word in FOREIGN[name] if re.search(rf"\b{word}", text, re.IGNORECASE)]


def test_every_pattern_says_what_it_is_for() -> None:
    assert [each.name for each in patterns()] == list(NAMES)
    assert set(FOREIGN) == set(NAMES)
    for each in patterns():
        assert each.about
        assert each.example
        assert len(each.gaps) <= 6


def test_an_unknown_pattern_is_refused_with_those_there_are() -> None:
    with pytest.raises(VetopointError, match=r"no pattern 'dam' → name one of presence"):
        pattern("dam")


@pytest.mark.parametrize("name", NAMES)
def test_the_bundled_case_is_what_the_pattern_writes(name: str) -> None:
    kept = ROOT / "cases" / "patterns" / f"{name}.yaml"
    assert kept.read_text(encoding="utf-8") == example(pattern(name)), "write them anew with `make patterns`"


@pytest.mark.parametrize("name", NAMES)
def test_the_bundled_case_passes_its_check(name: str) -> None:
    problems = check(ROOT / "cases" / "patterns" / f"{name}.yaml")
    assert [str(p) for p in problems if p.severity != "silenced"] == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_written_where_nothing_was_filled(name: str) -> None:
    bare = Cast("the plan", Party("a", "Arle"), (Party("b", "Berne"), Party("c", "Cor")), {"c": ()})
    for text in (example(pattern(name)), fill(pattern(name), bare, [], title="A plan", as_of=DAY).text):
        for section in re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]:
            assert "\n\n" not in section.rstrip(), section
            assert not re.search(r"^[ \t]+$", section, re.MULTILINE), section


@pytest.mark.parametrize("name", NAMES)
def test_a_pattern_and_its_draft_speak_of_their_own_subject(name: str) -> None:
    assert foreign(name, example(pattern(name))) == []
    for cast in (pattern(name).cast, Cast("the plan", Party("a", "Arle"), (Party("b", "Berne"),), {})):
        assert foreign(name, fill(pattern(name), cast, [], title="A plan", as_of=DAY).text) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_report_speaks_of_its_own_subject(name: str, tmp_path: Path) -> None:
    from vetopoint.view import render_text, told
    from vetopoint.view.report import render_report

    loaded(example(pattern(name)), tmp_path)
    answers = run_study(open_study(tmp_path), 32, 1, budget=SMALL, tell=told)
    first_page = render_text(answers)
    assert answers.goals
    assert foreign(name, first_page) == []
    shown = re.sub(r"<(script|style|template)\b.*?</\1>", " ", render_report(answers), flags=re.DOTALL)
    said = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())
    assert all(goal.label in said for goal in answers.goals)
    assert foreign(name, said) == []


def test_most_claims_of_coded_texts_find_a_place() -> None:
    counts = [0, 0]
    assert len(texts()) > 40
    for number, gold in enumerate(texts()):
        claims = claims_of(gold)
        draft = filled(NAMES[number % len(NAMES)], gold)
        assert set(draft.placed) | set(draft.unplaced) == {claim.id for claim in claims}
        assert not set(draft.placed) & set(draft.unplaced)
        assert len(draft.gaps) <= 6
        counts[0] += sum(where != "not_modelled" for where in draft.placed.values())
        counts[1] += len(claims)
    assert counts[0] >= 0.6 * counts[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_place_is_where_the_case_names_the_claim(name: str, tmp_path: Path) -> None:
    seen = 0
    for gold in texts()[:6]:
        claims = claims_of(gold)
        draft = filled(name, gold)
        file = loaded(draft.text, tmp_path, claims).file
        for id, where in draft.placed.items():
            for place in where.split(", "):
                section, _, key = place.partition(".")
                if section == "quantities":
                    assert id in file.quantities[key].from_.claims
                    assert file.quantities[key].without is not None
                    seen += 1
    assert seen > 20


@cache
def _parsed() -> list[Any]:
    return texts()


@examples(6, soak=60)
@given(data=st.data())
def test_any_claims_that_name_a_consenter_give_a_case_without_faults(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = data.draw(st.sampled_from(NAMES))
    gold = data.draw(st.sampled_from(_parsed()))
    claims = data.draw(st.lists(st.sampled_from(claims_of(gold)), min_size=1, unique_by=lambda claim: claim.id))
    draft = filled(name, gold, claims)
    case = loaded(draft.text, tmp_path_factory.mktemp("drafted"), claims)
    problems = [*case.warnings, *check_histories_of(case)]
    assert [str(p) for p in problems if p.severity == "error"] == []
    assert set(draft.placed) | set(draft.unplaced) == {claim.id for claim in claims}


@examples(12, soak=100)
@given(
    name=st.sampled_from(NAMES),
    words=st.lists(
        st.text(
            st.sampled_from("{}%#\"'\\:,[]&*!|>@`\n\t é…")
            | st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"])
        ),
        min_size=5,
        max_size=5,
    ),
)
def test_words_of_a_source_are_never_more_than_words(
    name: str, words: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    owner, other, plan, fallback, title = words
    cast = Cast(
        f"{plan}{{{{ 7 * 191 }}}}",
        Party("a", owner, (other,)),
        (Party("b", f"# {other}\nowner: b"), Party("c", "Cor")),
        {"b": ()},
        fallback=f"{fallback} {{% raw %}}",
        rivals=(Party("d", title),),
    )
    text = fill(pattern(name), cast, [], title=f"{title} title", as_of=DAY).text
    file = loaded(text, tmp_path_factory.mktemp("words")).file
    assert file.owner == "a"
    assert file.title == " ".join(f"{title} title".split())
    assert "1337" not in text
    assert file.actors["a"].label == (" ".join(owner.split()) or "a")


def _said(hedge: str, **more: Any) -> Claim:
    edge = {"kind": "threat", "actor": "b"}
    said = {"id": "k", "source": "s", "quote": "b would attack them", "chain": ("Arle's minister",), "edges": (edge,)}
    return Claim.model_validate({**said, "hedge": hedge, **more})


@pytest.mark.parametrize(
    ("hedge", "by", "value"),
    [("very likely", "hedge", "very likely"), ("could", "analyst", "uniform(0, 1)"), ("", "analyst", "uniform(0, 1)")],
)
def test_a_word_of_probability_is_read_and_a_possibility_bears_no_odds(
    hedge: str, by: str, value: str, tmp_path: Path
) -> None:
    claims = [_said(hedge)]
    cast = Cast("monitors", Party("a", "Arle"), (Party("b", "Berne"),), {"b": ("k",)})
    draft = fill(pattern("presence"), cast, claims, title="A plan", as_of=DAY)
    found = loaded(draft.text, tmp_path, claims).file.quantities["feared_b"]
    assert (found.from_.claims, found.from_.by, found.value) == (("k",), by, value)
    assert draft.placed == {"k": "quantities.feared_b"}


def test_how_likely_something_is_says_nothing_of_what_it_is_worth(tmp_path: Path) -> None:
    """Whoever would probably turn to another lender has not said how much of the plan the other lender would bring."""
    edge = {"kind": "alternative", "actor": "a"}
    said = {
        "id": "k",
        "source": "s",
        "quote": "Arle would turn to a lender",
        "chain": ("Arle's minister",),
        "edges": (edge,),
    }
    claims = [Claim.model_validate({**said, "hedge": "probably"})]
    cast = Cast("monitors", Party("a", "Arle"), (Party("b", "Berne"),), {}, fallback="a lender", fallback_claims=("k",))
    for each in patterns():
        draft = fill(each, cast, claims, title="A plan", as_of=DAY)
        numbers = loaded(draft.text, tmp_path, claims).file.quantities.values()
        assert [q.from_.claims for q in numbers if q.from_.by == "hedge"] == []
        assert "k" in draft.placed | draft.unplaced


def test_a_denied_hedge_is_no_number(tmp_path: Path) -> None:
    cast = Cast("monitors", Party("a", "Arle"), (Party("b", "Berne"),), {"b": ("k",)})
    claims = [_said("likely", polarity=-1)]
    draft = fill(pattern("presence"), cast, claims, title="A plan", as_of=DAY)
    assert loaded(draft.text, tmp_path, claims).file.quantities["feared_b"].from_.by == "analyst"


def test_what_unnamed_members_concede_is_reported_of_each_member(tmp_path: Path) -> None:
    edge = {"kind": "requires", "actor": "b"}
    claim = Claim.model_validate({"id": "k", "source": "s", "chain": ("collective: some members",), "edges": (edge,)})
    members = (Party("m", "Merin"), Party("n", "Nove"))
    cast = Cast("monitors", Party("a", "Arle"), (Party("b", "Berne"),), {}, members=members)
    file = loaded(fill(pattern("presence"), cast, [claim], title="A", as_of=DAY).text, tmp_path, [claim]).file
    assert [(s.on, s.because) for m in ("m", "n") for s in file.members[m].stances] == [("needs_consent", ("k",))] * 2
    bare = Cast("monitors", Party("a", "Arle"), (Party("b", "Berne"),), {})
    file = loaded(fill(pattern("presence"), bare, [claim], title="A", as_of=DAY).text, tmp_path, [claim]).file
    assert file.quantities["conceding"].from_.claims == ("k",)
    assert list(file.members) == ["waiting", "ready"]


def test_more_consenters_than_can_be_played_are_said_not_to_be_modelled(tmp_path: Path) -> None:
    many = tuple(Party(f"p{i}", f"Parliament {i}") for i in range(MOST + 2))
    file = loaded(
        fill(pattern("ratification"), Cast("a treaty", Party("a", "Arle"), many, {}), [], title="A", as_of=DAY).text,
        tmp_path,
    ).file
    assert len(file.actors) == MOST + 1
    assert sum("Parliament" in line for line in file.not_modelled) == 2


def test_whoever_has_two_parts_stands_once(tmp_path: Path) -> None:
    a, b = Party("a", "Arle"), Party("b", "Berne")
    cast = Cast(
        "monitors", a, (b, a), {"b": ()}, hosts=(b,), members=(a, b, Party("m", "Merin")), backers=(b,), rivals=(b,)
    )
    for name in NAMES:
        file = loaded(fill(pattern(name), cast, [], title="A", as_of=DAY).text, tmp_path).file
        assert file.owner == "a"
        assert set(file.actors) == {"a", "b"}


@pytest.mark.parametrize(
    "within", [{"d": "c", "c": "b"}, {"b": "c", "c": "d", "d": "b"}, {"c": "nobody"}, {"d": "b", "c": "b"}]
)
def test_parliaments_nest_to_any_depth(within: dict[str, str], tmp_path: Path) -> None:
    """Each votes after those without whom it cannot say yes, in whatever order they are listed."""
    parties = tuple(Party(name, name.upper()) for name in "bcd")
    for order in (parties, parties[::-1]):
        cast = Cast("the treaty", Party("a", "Arle"), order, {}, within=within)
        case = loaded(fill(pattern("ratification"), cast, [], title="A", as_of=DAY).text, tmp_path)
        assert [str(p) for p in check_histories_of(case) if p.severity == "error"] == []
        votes = [move.removeprefix("vote_") for move in case.file.moves if move.startswith("vote_")]
        kept = (
            [(x, y) for x, y in within.items() if f"vote_{x} == approve" in str(case.file.moves[f"vote_{y}"].when)]
            if "nobody" not in within.values()
            else []
        )
        assert all(votes.index(x) < votes.index(y) for x, y in kept)
        assert len(kept) >= (2 if "nobody" not in within.values() else 0)


@pytest.mark.parametrize(
    ("plan", "clause"),
    [
        ("the trade agreement with Norland", "The trade agreement with Norland enters into force"),
        ("the accession of Moldova", "The accession of Moldova is approved by all"),
        ("negotiations", "Negotiations are approved by all"),
    ],
)
def test_only_a_text_of_law_enters_into_force(plan: str, clause: str, tmp_path: Path) -> None:
    cast = Cast(plan, Party("a", "Arle"), (Party("b", "Berne"),), {})
    text = fill(pattern("ratification"), cast, [], title="A", as_of=DAY).text
    assert loaded(text, tmp_path).file.goal_labels["in_force"] == clause
    assert "sign" not in text.replace("assign", "")


def test_another_party_may_lift_an_objection_by_a_concession(tmp_path: Path) -> None:
    """Canada lifted its visas for Bulgaria and Romania, which then voted yes: the better it is to be met, the likelier the yes."""
    from vetopoint.study import play

    cast = Cast("the agreement", Party("a", "Arle"), (Party("b", "Berne"),), {}, backers=(Party("c", "Canna"),))
    text = fill(pattern("ratification"), cast, [], title="A", as_of=DAY).text
    shares = []
    for lifted in ("0", "1"):
        case = loaded(re.sub(r"(lifted: \{value: )\"[^\"]*\"", rf"\g<1>{lifted}", text), tmp_path)
        found, _ = play(case, 128)
        shares.append(next(c.shares["approve"] for c in found.choices if c.move == "again_b"))
    assert shares[0] < shares[1]


def test_a_plan_that_needs_nobody_is_no_case() -> None:
    with pytest.raises(EvidenceError, match="whose yes"):
        fill(pattern("permits"), Cast("a dam", Party("a", "Arle"), (), {}), [], title="A", as_of=DAY)


@pytest.mark.parametrize("name", NAMES)
def test_a_draft_answers_as_ignorance_does(name: str, tmp_path: Path) -> None:
    """No outcome is ruled out by numbers that nobody judged: what the owner wants is neither sure nor hopeless."""
    from vetopoint.study import play

    cast = Cast("the plan", Party("a", "Arle"), (Party("b", "Berne"),), {}, fallback="something less")
    case = loaded(fill(pattern(name), cast, [], title="A", as_of=DAY).text, tmp_path)
    found, _ = play(case, 256)
    assert found.choices
    assert [(c.move, c.shares) for c in found.choices if c.reached > 0.01 and max(c.shares.values()) > 0.97] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_draft_runs(name: str, tmp_path: Path) -> None:
    from vetopoint.view import told

    gold = texts()[NAMES.index(name)]
    loaded(
        re.sub(r"claims: \[[^\]]*\], |because: \[[^\]]*\]", "", filled(name, gold).text).replace(", }", "}"), tmp_path
    )
    answers = run_study(open_study(tmp_path), 16, 1, budget=SMALL, tell=told)
    assert answers.decisiveness
    assert answers.first_page is not None
    assert answers.first_page.lines
