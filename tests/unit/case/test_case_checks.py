"""Each check of a whole case: what it complains of, on which line, and with what remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import ROOT
from vetopoint.case import Case, CaseError, Problem, load_case

TEMPLATE = (ROOT / "src/vetopoint/study/template/case.yaml").read_text(encoding="utf-8")
TYPES = """
types:
  holder: {stern: {truth: 0.4, believed: {planner: 0.3}}, mild: rest}
"""
THREAT = """
threats:
  no_way: {by: holder, to: planner, made: answer == refuse, silent_twin: consent, demand: respond == retreat, defied: respond == go_ahead, carried_out: respond == go_ahead}
"""
MEMBERS = """
coalition: {facts: {yes_said: answer == consent}, need: 10, requires: yes_said or bank}
members:
  bank: {capability: 8, joins: {requires: yes_said}}
  town: {capability: 5, joins: {requires: yes_said and joined(1)}}
"""
FORMS = """
forms: {crew: {personnel: 100}}
paths: {agreed: crew from answer, against: crew from respond to answer}
"""


def load(folder: Path, *changes: tuple[str, str], more: str = "", claim_ids: set[str] | None = None) -> Case:
    text = TEMPLATE + more
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return load_case(folder, claim_ids=claim_ids)


def complaints(folder: Path, *changes: tuple[str, str], more: str = "") -> list[Problem]:
    """Errors if it cannot be loaded, else the warnings."""
    try:
        return list(load(folder, *changes, more=more).warnings)
    except CaseError as error:
        return [p for p in error.problems if p.severity == "error"]


def line_of(folder: Path, text: str) -> int:
    lines = (folder / "case.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize("more", ["", TYPES, THREAT, MEMBERS, FORMS, TYPES + THREAT + MEMBERS + FORMS])
def test_what_the_checks_are_tried_on_is_sound(tmp_path: Path, more: str) -> None:
    assert complaints(tmp_path, more=more) == []


ERRORS = {
    "coalition's actor": (MEMBERS, "facts: {yes_said", "actor: planer, facts: {yes_said", "unknown actor 'planer'", "'planner'"),
    "precision's actor": ("", "precision: {planner:", "precision: {planer:", "unknown actor 'planer'", "'planner'"),
    "payoff's actor": ("", "  holder:\n    unit:", "  holdr:\n    unit:", "unknown actor 'holdr'", "'holder'"),
    "decision's move": ("", "precision: {planner:", "decisions: {d: {move: answr}}\nprecision: {planner:", "unknown move of an actor 'answr'", "'answer'"),
    "decision's option": ("", "precision: {planner:", "decisions: {d: {move: answer, options: [consent, refus]}}\nprecision: {planner:", "unknown option of 'answer' 'refus'", "'refuse'"),
    "decision without a choice": ("", "precision: {planner:", "decisions: {d: {move: answer, options: [consent]}}\nprecision: {planner:", "nothing to choose", "consent, refuse"),
    "decision's round": ("", "precision: {planner:", "decisions: {d: {move: answer, round: 2}}\nprecision: {planner:", "no round 2", "earlier round"),
    "option twice": ("", "options: [consent, refuse]", "options: [consent, refuse, consent]", "listed twice", "once"),
    "option called skipped": ("", "[consent, refuse]", "[consent, refuse, skipped]", "value of a skipped move", "otherwise"),
    "sees a later move": ("", "by: holder, at: 2,", "by: holder, at: 2, sees: [respond],", "unknown earlier move 'respond'", "propose"),
    "nest of no option": ("", "by: holder, at: 2,", "by: holder, at: 2, nests: [[consent, refus]],", "unknown option 'refus'", "'refuse'"),
    "irreversible no option": ("", "by: holder, at: 2,", "by: holder, at: 2, irreversible: [refus],", "unknown option 'refus'", "'refuse'"),
    "label of no option": ("", "by: holder, at: 2,", "by: holder, at: 2, labels: {refus: No},", "unknown option 'refus'", "'refuse'"),
    "actor with odds": ("", "[consent, refuse]", "{consent: 0.4, refuse: rest}", "an actor's options are a list", "options: [a, b]"),
    "no option": ("", "options: [consent, refuse]", "options: []", "a move without options", "at least one"),
    "chance without odds": ("", "by: holder, at: 2", "by: chance, at: 2", "a chance move needs probabilities", "b: rest"),
    "two rests": ("", "by: holder, at: 2, when: propose == full, options: [consent, refuse]", "by: chance, at: 2, options: {consent: rest, refuse: rest}", "`rest` stands twice", "only one"),
    "odds above one": ("", "by: holder, at: 2, when: propose == full, options: [consent, refuse]", "by: chance, at: 2, options: {consent: 0.7, refuse: 0.6}", "add up to 1.3", "not exceed 1"),
    "odds that may not fit": ("", "by: holder, at: 2, when: propose == full, options: [consent, refuse]", "by: chance, at: 2, options: {consent: worth, refuse: 0.4}", "cannot be known to sum to one", "`rest`"),
    "types' actor": (TYPES, "  holder: {stern", "  holdr: {stern", "unknown actor 'holdr'", "'holder'"),
    "types without rest": (TYPES, "mild: rest", "mild: {truth: 0.6}", "exactly one type must be `rest`", "name: rest"),
    "types with two rests": (TYPES, "mild: rest", "mild: rest, odd: rest", "exactly one type must be `rest`", "name: rest"),
    "impossible type": (TYPES, "truth: 0.4", "truth: 1.4", "impossible probability 1.4", "between 0 and 1"),
    "belief of nobody": (TYPES, "believed: {planner", "believed: {planer", "unknown actor 'planer'", "'planner'"),
    "otherwise as a goal": ("", "built: outcome in [agreed, against]", "built: otherwise", "closes the list of outcomes only", "condition"),
    "unknown function": ("", "against: respond == go_ahead", "against: nobody(respond == go_ahead)", "unknown function 'nobody'", "any"),
    "otherwise too early": ("", "agreed: answer == consent\n", "agreed: otherwise\n", "`otherwise` is not last", "end of the list"),
    "label of no outcome": ("\noutcome_labels: {agred: Agreed}\n", "", "", "unknown outcome 'agred'", "'agreed'"),
    "label of no goal": ("\ngoal_labels: {bilt: Built}\n", "", "", "unknown goal 'bilt'", "'built'"),
    "path of no outcome": (FORMS, "paths: {agreed:", "paths: {agred:", "unknown outcome 'agred'", "'agreed'"),
    "breaks by no outcome": ("\nbreaks_truce: [agred]\n", "", "", "unknown outcome 'agred'", "'agreed'"),
    "path of no form": (FORMS, "agreed: crew from", "agreed: crw from", "unknown form 'crw'", "'crew'"),
    "path from no move": (FORMS, "crew from answer", "crew from answr", "unknown move 'answr'", "'answer'"),
    "path to no move": (FORMS, "to answer", "to answr", "unknown move 'answr'", "'answer'"),
    "path that cannot be read": (FORMS, "crew from answer,", "crew since answer,", "cannot read the path", "from MOVE"),
    "truce at no move": ("\ntruce: {starts: answer == consent, at: answr}\n", "", "", "unknown move 'answr'", "'answer'"),
    "threat by nobody": (THREAT, "{by: holder", "{by: holdr", "unknown actor 'holdr'", "'holder'"),
    "threat to nobody": (THREAT, "to: planner", "to: planer", "unknown actor 'planer'", "'planner'"),
    "twin that is no option": (THREAT, "silent_twin: consent", "silent_twin: consnt", "unknown option 'consnt'", "'consent'"),
    "correlation with nothing": ("\ncorrelate: [[worth, penalti, 0.3]]\n", "", "", "unknown quantity 'penalti'", "'penalty'"),
    "impossible correlation": ("\ncorrelate: [[worth, penalty, 1.3]]\n", "", "", "impossible correlation 1.3", "between -1 and 1"),
    "known to nobody": ("", "reward: {value", "reward: {known_to: [holdr], value", "unknown actor 'holdr'", "'holder'"),
    "member requires the unknown": (MEMBERS, "requires: yes_said}", "requires: yes_sad}", "unknown fact, member or stance 'yes_sad'", "'yes_said'"),
    "member's unknown function": (MEMBERS, "joined(1)", "joind(1)", "unknown function 'joind'", "'joined'"),
    "clause on the unknown": (MEMBERS, "requires: yes_said or bank", "requires: yes_said or bnk", "unknown fact, member or stance 'bnk'", "'bank'"),
    "clause on a stance": (MEMBERS, "requires: yes_said or bank", "requires: yes_said or supports", "unknown fact, member or stance 'supports'", ""),
    "fact on the unknown": (MEMBERS, "yes_said: answer == consent", "yes_said: answer == consnt", "unknown option of 'answer' 'consnt'", "'consent'"),
    "order among options": ("", "when: answer == consent}", "when: answer < consent}", "cannot be compared so", "by == and !="),
    "a move as a condition": ("", "when: answer == consent}", "when: answer}", "neither a number nor a condition", "=="),
    "arithmetic with an option": ("", "built: outcome in [agreed, against]", "built: outcome * 2 > 1", "'outcome' is text, where a number", "numbers"),
    "text in a payoff": ("", "worth: -penalty", "worth: \"max('a', penalty)\"", "is text, where a number is needed", "numbers"),
    "a number against text": ("", "worth: -penalty", "worth: \"penalty == 'a'\"", "cannot be compared so", "numbers"),
    "text in a member's rule": (MEMBERS, "yes_said and joined(1)", "yes_said and 'town'", "where a condition is needed", "=="),
    "repeat stops on a later move": ("", "by: holder, at: 2,", "by: holder, at: 2, repeat: {rounds: 2, stop_when: respond == retreat},", "'respond' comes later", "earlier"),
    "truce in a chance move": ("", "by: holder, at: 2, when: propose == full, options: [consent, refuse]", "by: chance, at: 2, options: {consent: truce * 0.5, refuse: rest}", "unknown quantity 'truce'", "known here"),
}  # fmt: skip


@pytest.mark.parametrize("fault", ERRORS)
def test_a_fault_is_named_with_its_remedy(tmp_path: Path, fault: str) -> None:
    more, old, new, message, remedy = ERRORS[fault]
    found = complaints(tmp_path, (old, new), more=more)
    hits = [p for p in found if message in p.message and remedy in p.remedy and p.severity == "error"]
    assert hits, [str(p) for p in found]
    assert hits[0].line == line_of(tmp_path, (new or more).strip("\n").splitlines()[0])


def test_no_goal(tmp_path: Path) -> None:
    found = complaints(tmp_path, ("  built: outcome in [agreed, against]", "  {}"))
    assert [p.message for p in found] == ["no goal"]
    assert found[0].line == line_of(tmp_path, "goals:")


WARNINGS = {
    "an exit modelled twice": (FORMS, "personnel: 100}", "personnel: 100, exit: 0.1}", "modelled both as the move 'answer' and as a hazard", "paths.against"),
    "a number nobody uses": ("", "  penalty: {value", "  spare: 0.3\n  penalty: {value", "nobody uses 'spare'", "quantities.spare"),
    "sources without a fallback": ("", 'without: "uniform(0, 2)", ', "", "no `without`", "quantities.dislike"),
}  # fmt: skip


@pytest.mark.parametrize("loose", WARNINGS)
def test_a_loose_end_is_a_warning(tmp_path: Path, loose: str) -> None:
    more, old, new, message, where = WARNINGS[loose]
    case = load(tmp_path, (old, new), more=more)
    assert [(p.severity, p.where) for p in case.warnings] == [("warning", where)]
    assert message in case.warnings[0].message
    assert case.warnings[0].remedy


def test_talk_that_changes_nothing_is_said_to_be_cheap(tmp_path: Path) -> None:
    talk = "  warn: {by: holder, at: 0, options: [silent, bluster]}\n  propose:"
    threat = THREAT.replace("made: answer == refuse", "made: warn == bluster").replace("twin: consent", "twin: silent")
    case = load(tmp_path, ("  propose:", talk), more=threat)
    assert [p.where for p in case.warnings] == ["threats.no_way"]
    assert "cheap talk" in case.warnings[0].message
    costly = ("reward: {worth: reward,", "shame: {worth: -0.1, when: warn == bluster}\n    reward: {worth: reward,")
    assert load(tmp_path, ("  propose:", talk), costly, more=threat).warnings == ()


def test_an_option_of_another_move_in_the_same_list_is_no_fault(tmp_path: Path) -> None:
    """`refuse in [warn, answer]` reads: one of these moves took it; a move without that option never does."""
    talk = "  warn: {by: holder, at: 0, options: [silent, refuse]}\n  propose:"
    change = ("when: answer == refuse,", 'when: "refuse in [warn, answer]",')
    assert complaints(tmp_path, ("  propose:", talk), change) == []


def test_errors_come_before_warnings_and_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        load(
            tmp_path,
            ("  penalty: {value", "  spare: 0.3\n  penalty: {value"),
            ("by: holder, at: 2", "by: holdr, at: 2"),
            ("owner: planner", "owner: planer"),
        )
    assert [p.severity for p in caught.value.problems] == ["error", "error", "warning"]
    assert [p.line for p in caught.value.problems[:2]] == [line_of(tmp_path, "planer"), line_of(tmp_path, "holdr")]


def test_claims_are_looked_for_only_where_their_ids_are_given(tmp_path: Path) -> None:
    assert load(tmp_path).warnings == ()
    assert load(tmp_path, claim_ids={"c1"}).warnings == ()
    with pytest.raises(CaseError, match="no claim 'c1'"):
        load(tmp_path, claim_ids=set())
