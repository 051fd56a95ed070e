"""The registry of checks: every complaint has a check, every check a line, and a case may silence warnings only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from case_base import ALL, BASE, FORMS, MEMBERS, changed, errors, write

import vetopoint.chain.checks  # noqa: F401 (every room adds its checks)
from vetopoint.case import CHECKS, check, load_case
from vetopoint.study import check as check_study
from vetopoint.study import checks

SPARE = changed(BASE, ("  odds:", "  spare: 0.3\n  odds:"))


def test_every_check_has_an_id_a_severity_and_a_line() -> None:
    assert len(CHECKS) > 30
    for name, each in CHECKS.items():
        assert name == each.id
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", name)
        assert each.severity in ("error", "warning")
        assert each.about.endswith(".")
        assert len(each.about) < 120
    assert [c.id for c in checks()] == sorted(CHECKS)


def test_an_id_stands_once() -> None:
    with pytest.raises(ValueError, match="two checks are called unused-quantity"):
        check("unused-quantity")(lambda case: [])


LOOSE = {
    "unused-quantity": SPARE,
    "short-names": BASE + "short: {actors: {nobdy: Nobody}}\n",
    "idle-presence": BASE + FORMS + "line: {length_km: 10}\n",
    "exit-twice": changed(BASE + FORMS, ("personnel: 100}", "personnel: 100, exit: 0.1}"), ("from answer", "from ask to answer")),
    "possibility": changed(BASE, ("odds: uniform(0.2, 0.6)", "odds: could")),
    "unused-word": BASE + "words: {quite: 0.5}\n",
    "silent-stance": changed(BASE + MEMBERS, ("requires: allowed}", "requires: allowed or supports}")),
    "stance-twice": BASE + MEMBERS + "others: [{on: supports, share: 0.2}, {on: supports, share: 0.8}]\n",
    "contradicting-stances": changed(BASE + MEMBERS, ("requires: allowed}", "requires: allowed}, stances: [{on: supports, value: 1}]"))
    + "others: [{on: supports, share: 0.1}]\n",
    "dates-out-of-order": changed(BASE, ("at: 2", "at: 0")),
    "small-unit": changed(BASE, ("worth: -0.5", "worth: -500"), ("  idle:", "  refused: answer == no_\n  idle:")),
    "unsteady-unit": changed(BASE, ("pain: uniform(0.2, 1.5)", "pain: uniform(-0.3, 1.5)")),
    "threat-half-made": changed(ALL, ("options: [ask, wait]}", "options: [ask, wait]}\n  growl: {by: lord, at: 1, options: [yes_, no_]}")),
    "coin-toss": changed(BASE, ("pain: uniform(0.2, 1.5)", "pain: uniform(0.45, 0.55)")),
    "compounding-toss": changed(
        BASE,
        ("options: [yes_, no_]}", "options: [yes_, no_], repeat: {rounds: 3, stop_when: answer == no_}}"),
        ("built: answer == yes_", "built: answer.last == yes_"),
        ("worth: -0.1, when: answer == no_", "worth: -0.1, when: answer.last == no_"),
        ("worth: -0.5, when: answer == no_", "worth: -0.5, when: answer.last == no_"),
        ("pain: uniform(0.2, 1.5)", "pain: uniform(0.45, 0.55)"),
    ),
    "one-thing-twice": changed(BASE, ("options: [yes_, no_]", "options: [yes_, no_, silence]"), ("worth: -0.5, when: answer == no_", 'worth: -0.5, when: "answer in [no_, silence]"'), ("worth: -0.1, when: answer == no_", 'worth: -0.1, when: "answer in [no_, silence]"')),
    "idle-term": changed(BASE, ("  lord: {unit: [built, idle],", "  lord: {unit: [built, idle], pride: 3, weather: {worth: 2, when: luck == good},")),
    "cancelled-stakes": changed(BASE, ("worth: -0.1, when", "worth: -0.1 * gain, when")),
    "certain-goal": changed(BASE, ("built: outcome == built", 'built: "outcome in [built, idle]"')),
    "empty-threat": changed(ALL, ("carried_out: answer == no_", "carried_out: answer == yes_")),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(LOOSE))
def test_a_warning_has_its_check_and_can_be_silenced_with_a_reason(tmp_path: Path, name: str) -> None:
    found = [p for p in check_study(write(tmp_path, LOOSE[name])) if p.check == name]
    assert found
    assert {p.severity for p in found} == {"warning"}
    text = LOOSE[name] + f"silence: {{{name}: kept for the variant}}\n"
    silenced = [p for p in check_study(write(tmp_path, text)) if p.check == name]
    assert len(silenced) == len(found)
    assert {p.severity for p in silenced} == {"silenced"}
    assert name not in {p.check for p in load_case(tmp_path).warnings}


@pytest.mark.parametrize(
    ("silence", "message", "remedy", "found_by"),
    [
        ("{unknown-actor: not now}", "'unknown-actor' is an error", "mend", "silenced-error"),
        ("{out-of-range: not now}", "'out-of-range' is an error", "mend", "silenced-error"),
        ("{unused-quantity: ' '}", "without a reason", "say why", "silenced-error"),
        ("{unused-quantty: spare}", "unknown check 'unused-quantty'", "'unused-quantity'", "unknown-silence"),
    ],
)
def test_what_cannot_be_silenced(tmp_path: Path, silence: str, message: str, remedy: str, found_by: str) -> None:
    text = SPARE + f"silence: {silence}\n"
    (problem,) = errors(write(tmp_path, text))
    assert message in problem.message
    assert remedy in problem.remedy
    assert (problem.check, problem.line) == (found_by, len(text.splitlines()))


def test_a_silenced_warning_is_not_said_in_a_run(tmp_path: Path) -> None:
    from vetopoint.study import run

    text = changed(SPARE, ("odds: uniform(0.2, 0.6)", "odds: could"))
    loud = run(write(tmp_path, text), draws=32, out=tmp_path / "out").run.warnings
    assert len(loud) == 2
    quiet = run(
        write(tmp_path, text + "silence: {possibility: no odds are known, unused-quantity: spare}\n"),
        draws=32,
        out=tmp_path / "out",
    ).run.warnings
    assert quiet == ()
