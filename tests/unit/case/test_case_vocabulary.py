"""What may stand where: the vocabulary covers the schema, and what it allows is what can be worked out."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from case_base import ALL, BASE, FORMS, MEMBERS, TRUCE, TYPES, changed, ends, errors, loads, write

from vetopoint.case import Place, load_case
from vetopoint.case.schema import CaseFile, Part
from vetopoint.case.vocabulary import CONTEXT, KINDS, TABLES, words_at


def parts_of(annotation: object) -> Iterator[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        yield annotation
    for inner in typing.get_args(annotation):
        yield from parts_of(inner)


def marks_of(annotation: object) -> set[str]:
    found = {m for m in getattr(annotation, "__metadata__", ()) if isinstance(m, str)}
    return found.union(*(marks_of(inner) for inner in typing.get_args(annotation)))


def marked_fields() -> dict[tuple[str, str], str]:
    """Model and key of every field that the schema marks as a number or a condition."""
    found: dict[tuple[str, str], str] = {}
    todo, seen = [CaseFile], set()
    while todo:
        model = todo.pop()
        seen.add(model)
        for name, hint in typing.get_type_hints(model, include_extras=True).items():
            if name not in model.model_fields:
                continue
            for mark in marks_of(hint):
                found[(model.__name__, model.model_fields[name].alias or name)] = mark
            todo += [part for part in parts_of(hint) if part not in seen]
    return found


def test_the_vocabulary_has_every_number_and_every_condition_of_the_schema() -> None:
    fields = {field: mark for field, mark in marked_fields().items() if mark != "time"}
    assert len(fields) > 30
    assert set(fields) == set(KINDS)
    assert {field for field, mark in fields.items() if mark == "condition"} == {
        f for f, k in KINDS.items() if k.condition
    }


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_means_nothing_without_its_section(tmp_path: Path, name: str) -> None:
    text = changed(BASE, ("worth: gain,", f"worth: gain + {name},"))
    (found,) = errors(write(tmp_path, text))
    assert f"without `{TABLES[name]}`" in found.message
    assert (found.line, found.check, found.where) == (20, "unknown-name", "payoffs.town.gain")
    assert ends(write(tmp_path, text + FORMS + TRUCE + MEMBERS))


SAMPLES = {
    **{name: name for name in TABLES},
    **{name: f"{name}(1)" for name in CONTEXT},
    "form_at": "form_at(1) == crew",
    "k_of": "k_of(1, allowed, de)",
    "settlement": "settlement(sea)",
    "agreed": "agreed(sea)",
    "outcome": "outcome == built",
    "quantity": "gain > 1",
    "fact": "allowed",
    "member": "de",
    "stance": "supports",
    "type": "lord == stern",
    "move": "luck == good",
    "own move": "ask == ask",
    "later move": "answer == yes_",
    "rounds": "any(answer == yes_)",
    "spread": "spread > 2",
}
WHERE = {
    "moves.ask.when": ("when: luck == good", 'when: "luck == good and ({})"'),
    "moves.again.repeat.stop_when": (
        "outcomes:\n",
        "  again: {by: town, at: 3, when: answer == no_, options: [retry, stop], "
        'repeat: {rounds: 2, stop_when: "again == stop or ({})"}}\noutcomes:\n',
    ),
    "outcomes.built": ("built: answer == yes_", 'built: "answer == yes_ and ({})"'),
    "goals.built": ("built: outcome == built", 'built: "outcome == built or ({})"'),
    "payoffs.town.gain": ("worth: gain,", 'worth: "gain + ({})",'),
    "payoffs.town.gain.when": ("when: outcome == built}, shame", 'when: "outcome == built and ({})"}, shame'),
    "moves.luck.options.good": ("good: odds", 'good: "0.1 + 0.01 * ({})"'),
    "types.lord.stern.truth": ("truth: 0.4", 'truth: "0.1 + 0.1 * ({})"'),
    "precision.town": ("town: 4", 'town: "1 + ({})"'),
    "coalition.facts.allowed": ("allowed: answer == yes_", 'allowed: "answer == yes_ or ({})"'),
    "coalition.requires": ("need: 5", 'need: 5, requires: "allowed or ({})"'),
    "members.fr.joins.requires": ("requires: allowed}", 'requires: "allowed or ({})"}'),
    "members.fr.capability": ("capability: 5", 'capability: "1 + ({})"'),
    "issues.sea.agreed_if": ("agreed_if: spread < 30", 'agreed_if: "spread < 30 or ({})"'),
    "threats.no_way.made": ("made: answer == no_", 'made: "answer == no_ and ({})"'),
    "threats.no_way.defied": ("defied: ask == ask", 'defied: "ask == ask or ({})"'),
    "truce.starts": ("starts: luck == good", 'starts: "luck == good or ({})"'),
    "presupposes": ("presupposes: luck == good", 'presupposes: "luck == good or ({})"'),
}
FULL = (
    ALL
    + "\nissues: {sea: {positions: {fr: 10, de: 80}, agreed_if: spread < 30}}\ntruce: {starts: luck == good}\npresupposes: luck == good\n"
)


@pytest.mark.parametrize("place", sorted(WHERE))
def test_what_may_be_named_is_what_can_be_worked_out(tmp_path: Path, place: str) -> None:
    """`check` and `run` read one vocabulary: whatever check passes at a place, run works out."""
    old, new = WHERE[place]
    accepted = [
        word for word in SAMPLES.values() if loads(write(tmp_path, changed(FULL, (old, new.replace("{}", word)))))
    ]
    assert 0 < len(accepted) < len(SAMPLES)
    joined = (" or " if KINDS[Place.parse(place).field or ("", "")].condition else " + ").join(
        f"({w})" for w in accepted
    )
    assert ends(write(tmp_path, changed(FULL, (old, new.replace("{}", joined)))))


def test_words_at_a_place() -> None:
    path = Path(__file__).resolve().parents[3] / "cases" / "european-presence"
    file = load_case(path).file
    early = words_at(file, Place.of("moves", "answer", "when"))
    assert "offer" in early.choices
    assert {"answer", "respond"} <= early.later
    own = words_at(file, Place.of("moves", "review", "repeat", "stop_when"))
    assert "review" in own.choices
    assert "outcome" not in own.values
    with pytest.raises(KeyError):
        words_at(file, Place.of("moves", "answer", "label"))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("odds: uniform(0.2, 0.6)", 'odds: "uniform(-0.2, 0.6)"', "quantities.odds"),
        ("good: odds", 'good: "normal(0.4, 0.3)"', "moves.luck.options.good"),
        ("town: 4", "town: -4", "precision.town"),
        ("town: 4", 'town: "normal(4, 1)"', "precision.town"),
        ("capability: 5", "capability: -5", "members.fr.capability"),
        ("need: 5", "need: -5", "coalition.need"),
        ("truth: 0.4", 'truth: "uniform(0, 2)"', "types.lord.stern.truth"),
        ("truth: 0.4", "truth: 0.4, hazard: -1", "types.lord.stern.hazard"),
        ("truth: 0.4", "truth: 0.4, believed: {town: 1.5}", "types.lord.stern.believed.town"),
        ("personnel: 100", "personnel: -1", "forms.crew.personnel"),
        ("personnel: 100", "access: 1.5", "forms.crew.access"),
        ("personnel: 100", "coverage: {team: -2}", "forms.crew.coverage.team"),
        ("requires: allowed}", "requires: allowed, accepts: 1.2}", "members.fr.joins.accepts"),
        ("requires: allowed}", "requires: allowed, expects: {allowed: 1.2}}", "members.fr.joins.expects.allowed"),
        ("fr: 10", "fr: 120", "issues.sea.positions.fr"),
        ("agreed_if", "salience: {fr: -1}, agreed_if", "issues.sea.salience.fr"),
        ("fr: {", "fr: {stances: [{on: supports, value: 1.2}], ", "members.fr.stances.0"),
    ],
)
def test_a_number_that_can_leave_its_range_is_refused(tmp_path: Path, old: str, new: str, where: str) -> None:
    text = changed(FULL, (old, new))
    (found,) = errors(write(tmp_path, text))
    assert (found.check, found.where) == ("out-of-range", where)
    assert text.splitlines()[found.line - 1].count(new.split(",")[0]) == 1
    assert "exceed" not in found.message


@pytest.mark.parametrize("name", ["good", "value", "é", "rest", "worth"])
def test_a_probability_below_0_is_caught_whatever_its_option_is_called(tmp_path: Path, name: str) -> None:
    text = changed(BASE, ("good: odds", f'"{name}": "uniform(-0.2, 0.6)"'), ("luck == good", "luck != bad"))
    (found,) = errors(write(tmp_path, text))
    assert (found.check, found.line) == ("out-of-range", 12)
    assert f"{name} and can be -0.2" in found.message


@pytest.mark.parametrize(("worth", "how"), [("odds - 0.4", "fall below 0"), ("odds + 0.9", "exceed 1")])
def test_what_draws_show_of_a_probability_is_said_as_it_is(tmp_path: Path, worth: str, how: str) -> None:
    (found,) = errors(write(tmp_path, changed(BASE, ("good: odds", f"good: {worth}"))))
    assert how in found.message
    assert (found.check, found.where) == ("fails-on-draws", "moves.luck.options")


def test_the_range_of_a_drift_is_no_probability(tmp_path: Path) -> None:
    text = BASE + MEMBERS + "others: [{on: supports, share: 0.4, drift: 2.5}]\n"
    assert ends(write(tmp_path, text))


@pytest.mark.parametrize(
    "call", ["joined(fr)", "joined()", "joined(1, 2)", "joined(-1)", "joined_share(allowed)", "k_of(fr, de)", "k_of(2)", "joined(1e999)"]
)  # fmt: skip
def test_a_function_is_given_what_it_takes(tmp_path: Path, call: str) -> None:
    text = changed(BASE + MEMBERS, ("allowed and joined(1)", f'"{call}"'))
    (found,) = errors(write(tmp_path, text))
    assert found.where == "members.de.joins.requires"
    assert found.line
    assert "write " in found.remedy


@pytest.mark.parametrize("call", ["truce_at(gain)", "truce_at()", "truce_at(-3)", "truce_at(1, 2)", "truce_at(1e999)"])
def test_a_month_is_a_plain_number(tmp_path: Path, call: str) -> None:
    text = changed(BASE + FORMS + TRUCE, ("worth: gain,", f'worth: "gain * {call}",'))
    (found,) = errors(write(tmp_path, text))
    assert found.where == "payoffs.town.gain"
    assert found.remedy


def test_types_are_for_payoffs(tmp_path: Path) -> None:
    text = changed(BASE + TYPES, ("when: answer == no_}}", "when: lord == stern and answer == no_}}"))
    assert ends(write(tmp_path, text))
    assert not ends(write(tmp_path, changed(BASE + TYPES, ("built: outcome == built", "built: lord == stern"))))


@pytest.mark.parametrize("worth", ["gain / (gain - pain)", "log(2 * gain - pain)", "1 / (1 - gain)"])
def test_what_is_no_number_where_all_is_one_may_be_one_on_every_draw(tmp_path: Path, worth: str) -> None:
    text = changed(BASE, ("gain: uniform(0.5, 1.5)", "gain: uniform(2, 3)"), ("worth: gain", f"worth: {worth}"))
    assert ends(write(tmp_path, text))
