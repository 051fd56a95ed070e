"""The sentences: rules that hold for any case, and words that are not allowed."""

from __future__ import annotations

import re

import pytest
from example_answers import example_answers

from vetopoint.answers import Answers
from vetopoint.view.charts import pictures
from vetopoint.view.names import Names, names_of
from vetopoint.view.sentences import FIXED_LINE, cautions, not_computed, passages
from vetopoint.view.sentences.evidence import condition_phrase
from vetopoint.view.sentences.vetoes import veto_sentences


def said(answers: Answers) -> str:
    """Return everything that is said, on one line."""
    parts = [s.text for p in passages(answers, names_of(answers)) for s in p.sentences]
    parts += [line.lstrip("• ") for item in cautions(answers, names_of(answers)) for line in item.lines]
    return " ".join(parts)


def changed(answers: Answers, **parts: object) -> Answers:
    """Return the answers with some top-level parts replaced, validated anew."""
    return Answers.model_validate(answers.model_dump() | parts)


@pytest.fixture(scope="module")
def answers() -> Answers:
    return example_answers()


@pytest.mark.parametrize("bare", [False, True])
def test_every_question_is_answered_and_every_sentence_is_one(bare: bool) -> None:
    answers = example_answers(bare=bare)
    for passage in passages(answers, names_of(answers)):
        assert passage.sentences, passage.question
        for s in passage.sentences:
            assert s.text[0].isupper() or s.text[0].isdigit(), s.text
            assert s.text.endswith((".", "!", "?")), s.text
            assert not re.search(r"\bNone\b|\bnan\b|  |\{|\}|\.\.|_", s.text), s.text


@pytest.mark.parametrize("bare", [False, True])
def test_no_word_of_a_statistical_test_or_of_prophecy(bare: bool) -> None:
    text = said(example_answers(bare=bare)).lower()
    assert not re.search(r"significan|p-value|confiden|\bwill happen\b|predict", text)
    assert FIXED_LINE == "These are consequences of stated assumptions, not forecasts."


def test_headline_is_said_twice(answers: Answers) -> None:
    first = passages(answers, names_of(answers))[0].sentences[0].text
    assert "33% [26–40%] overall" in first
    assert "55% [44–66%] given “calm”" in first


def test_veto_sentences_name_goal_kind_intervention_and_threshold(answers: Answers) -> None:
    sentences = [s.text for s in veto_sentences(answers, "built", names_of(answers))]
    assert all("“the pier is built”" in s for s in sentences)
    rule, effective, forcing = sentences
    assert "rule veto" in rule
    assert "clause “consent”" in rule
    assert "effective veto" in effective
    assert "taken by surprise, all other strategies as solved" in effective
    assert "at most 5%" in effective
    assert "in 91% of draws" in effective
    assert "forcing veto" in forcing
    assert "no threshold enters" in forcing
    assert "rarely comes to that move" in forcing
    assert not any("Harbour authority has" in s for s in sentences)


def test_rounds_of_a_repeated_move_are_one_sentence(answers: Answers) -> None:
    sentences = [s.text for s in veto_sentences(answers, "kept", names_of(answers))]
    assert len(sentences) == 1
    assert "in any of four rounds from December 2026 to June 2028" in sentences[0]


def test_no_veto_is_said_too() -> None:
    assert "No actor but the owner has a veto" in said(example_answers(bare=True))


def test_decisive_is_said_only_under_the_rule(answers: Answers) -> None:
    assert "Neighbouring port is decisive for “the pier is built”" in said(answers)
    assert "robust to the stated priors" in said(answers)
    undecided = [d.model_copy(update={"decisive": None}) for d in answers.decisiveness]
    text = said(changed(answers, decisiveness=[d.model_dump() for d in undecided]))
    assert "port is decisive for" not in text
    assert "No actor is decisive for “the pier is built”" in text


def test_members_stand_beside_actors(answers: Answers) -> None:
    text = said(answers)
    assert "Neighbouring port comes first for “the pier is built” in 96% of draws among three parties" in text
    assert "Of the members, North quay counts most: +20 points [+16 to +24]" in text
    chain = [c.model_dump() | {"decisive": None} for c in answers.members_decisiveness]
    assert "does not meet this report's rule" in said(changed(answers, members_decisiveness=chain))


def test_expectations_that_come_true_are_said_from_both_ends(answers: Answers) -> None:
    assert "beginning from none, “the pier is built” has 10% [8–12%], beginning from certainty 40% [32–48%]" in said(
        answers
    )
    assert answers.expectations is not None
    alike = answers.expectations.model_dump() | {"unique": True}
    assert "expect what then comes true, wherever they begin" in said(changed(answers, expectations=alike))


def test_block_is_said_as_a_loss(answers: Answers) -> None:
    assert "if it refused it above all, by −33 points [−40 to −26] (block)" in said(answers)


def test_the_cautions_say_what_must_be_said(answers: Answers) -> None:
    page = {item.head: " ".join(item.lines) for item in cautions(answers, names_of(answers))}
    assert "2 of 3 inputs are judgement" in page["Judgement and evidence"]
    assert "One claim from one origin" in page["Judgement and evidence"]
    assert "Neighbouring port has no voice of its own" in page["Judgement and evidence"]
    assert "input uncertainty only: not that the tree of moves is right" in page["What a band is"]
    assert "log-normal baseline" in page["What the survival figures rest on"]
    assert page["Not modelled"] == "The tide."
    assert "under 1% folded" in page["How the games were solved"]
    assert "under 1% failed" in page["How the games were solved"]
    twin = page["Structure or judgement (the ignorance twin)"]
    assert "due to structure: • the neighbour has a forcing veto" in twin
    assert "due to judged payoffs: • the neighbour is first by decisiveness" in twin
    assert "is wrong in 3% of draws. One plausible set of payoffs" in page["Where it would be wrong"]
    assert "55%" in page["The headline, twice"]
    assert "33%" in page["The headline, twice"]


def test_a_case_that_names_nothing_left_out_is_warned_of() -> None:
    answers = example_answers(bare=True)
    page = {item.head: " ".join(item.lines) for item in cautions(answers, names_of(answers))}
    assert "names nothing that it leaves out" in page["Not modelled"]
    assert "What the survival figures rest on" not in page
    assert "Nearest: “Anger of the neighbour” at 0.05" in page["Where it would be wrong"]


def test_a_case_without_claims_says_whose_word_it_is() -> None:
    answers = example_answers()
    evidence = answers.evidence.model_dump() | {"claims": [], "mentions": 0, "origins": 0, "unnamed_origins": 0}
    text = said(changed(answers, evidence=evidence))
    assert "The case names no claims: nobody outside it is quoted." in text
    assert "No actor has a voice in it" in text
    assert "independent origin" not in text


def test_situations_are_named_by_their_facts_and_facts_by_who_did_what() -> None:
    names = Names(
        actors={"neighbour": "The neighbour"},
        options={
            ("answer", "consent"): "consents",
            ("answer", "refuse"): "refuses",
            ("weather", "calm"): "calm weather",
        },
        movers={"answer": "neighbour", "weather": "chance"},
    )
    facts = {"calm": True, "consent": True, "asked_first": False}
    assert names.situation("consent, calm", facts) == "The neighbour consents, calm weather"
    assert names.situation("asked first", {"consent": False, "asked_first": True}) == "asked first"
    assert names.situation("no fact holds", dict.fromkeys(facts, False)) == "none of the facts holds"
    assert names.situation("a calm yes", facts) == "a calm yes"


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("", ""),
        ("the tide turns", "if the tide turns"),
        ("unless the tide turns", "unless the tide turns"),
        ("only when the tide turns", "only when the tide turns"),
        ("Iffley agrees", "if Iffley agrees"),
        ("c1", "if a second pier could follow"),
    ],
)
def test_a_condition_keeps_its_if(condition: str, said: str) -> None:
    claim = example_answers(quote="a second pier could follow").evidence.claims[0]
    assert condition_phrase(claim.model_copy(update={"condition": condition}), [claim]) == said


def test_a_counterexample_without_numbers_is_said_in_words() -> None:
    answers = example_answers()
    own = answers.change.counterexample.model_dump() | {"inputs": [], "tried": 41}

    def said_of(**parts: object) -> str:
        return said(changed(answers, change=answers.change.model_dump() | {"counterexample": own | parts}))

    for found in (True, False):
        text = said_of(found=found, note="nothing found")
        assert "One plausible set of payoffs under which it is wrong" not in text
        assert "Nearest:" not in text
    assert "With every number at its median it is wrong already: " in said_of(found=True)
    assert "No set of payoffs under which it is wrong was found among 41 sets of values tried." in said_of(found=False)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        (
            (0.2, 0.2, 0.2),
            "The council: all 3 have the same share of power, 20%; A, B and C can block alone.",
        ),
        (
            (0.404, 0.4, 0.2),
            "The council: A and B have the largest shares of power, 40% each; A, B and C can block alone.",
        ),
        ((0.6, 0.2, 0.2), "The council: A has the largest share of power, 60%; A, B and C can block alone."),
    ],
)
def test_a_tie_of_power_is_said_by_label(shares: tuple[float, ...], said: str) -> None:
    answers = example_answers()
    assert answers.coalition is not None
    rest = dict.fromkeys(("banzhaf", "banzhaf_normalised", "coleman_prevent", "coleman_initiate"), 1.0)
    rest |= dict.fromkeys(("johnston", "deegan_packel", "holler"))
    exact = {"shapley_shubik_exact": "1", "banzhaf_exact": "1", "veto": True}
    voters = [
        {"name": f"id_{i}", "label": "ABC"[i], "shapley_shubik": share} | rest | exact for i, share in enumerate(shares)
    ]
    body = {"name": "id_of_it", "label": "The council", "rule": "r", "power_to_act": 0.5, "members": voters}
    given = changed(answers, coalition=answers.coalition.model_dump() | {"bodies": [body]})
    figure = next(f for f in pictures(given, names_of(given))["coalition"] if f is not None and f.id == "body-id_of_it")
    assert figure.sentence == said
    assert "id_" not in figure.title + figure.table.csv()


def test_what_was_not_computed_is_said() -> None:
    answers = example_answers()
    bare = example_answers(bare=True)
    solved = bare.run.model_dump() | {"solver": bare.run.solver.model_dump() | {"failed": 0.0}}
    assert not_computed(changed(bare, run=solved), names_of(bare)) == ()
    assert answers.coalition is not None
    coalition = answers.coalition.model_dump()
    for party in coalition["decisiveness"]:
        party["lift"] = party["blame"] = None
    index = dict.fromkeys(
        ("shapley_shubik", "banzhaf", "banzhaf_normalised", "coleman_prevent", "coleman_initiate"), 1.0
    )
    unlisted = dict.fromkeys(("johnston", "deegan_packel", "holler"))
    voter = {"name": "a", "label": "A", "shapley_shubik_exact": "1", "banzhaf_exact": "1", "veto": True}
    council = {"name": "council", "label": "The council", "rule": "1 of 1", "power_to_act": 0.5}
    coalition["bodies"] = [council | {"members": [voter | index | unlisted]}]
    change = answers.change.model_dump() | {"stability": [], "stability_note": "too many combinations"}
    change["tried"] = [change["tried"][0] | {"unsettled": 2}]
    whole = [d.model_dump() | {"unsettled": 0.25} for d in answers.decisiveness]
    cut = changed(answers, coalition=coalition, change=change, decisiveness=whole, tree=answers.tree[:3])
    text = " ".join(not_computed(cut, names_of(cut)))
    for words in (
        "The second opinion without numbers (graph model of conflict): too many combinations.",
        "In two cases the draws suggest a value of a number at which a finding flips, which solving the game again did not confirm",
        "is made from the 3 likeliest points",
        "The equilibrium was not reached in under 1% of 20,000 games",
        "did not settle in up to 25% of draws",
        "of the coalition are too many to tabulate",
        "Johnston, Deegan-Packel and Holler",
    ):
        assert words in text, words
