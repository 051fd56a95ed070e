"""Beginners' mistakes: each is named with its line, its cause and a remedy in words of the language; `beginners.txt` shows all of them.

The second half lets a machine make the mistakes: whatever letter or line of a bundled case is changed, `check` answers in words.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import pytest
from beginners import CASE, ELSEWHERE, PAGE, TAKEN, TYPED, first_changed, found_in, page, typed
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from support import ROOT
from vetopoint.case import CaseError, Expression, load_case
from vetopoint.case.slips import expression_slip
from vetopoint.quantity.words import all_words, direction, find_word, near_words

#: Words of the libraries underneath, which nobody who writes a case knows.
FOREIGN = re.compile(
    r"pydantic|ruamel|yaml\.|https?://|Traceback|<block|<scalar|<stream|\btuple\b|dictionary|instance of|\bNoneType\b|input should|valid string|"
    r"valid number|valid integer|CommentedMap|\bstr\b|\bint\b|\bdict\b|_type\b|_parsing\b|expected '|but got|value_error|errors\.py"
)


@pytest.mark.parametrize("name", TYPED)
def test_a_mistake_is_named_with_its_line_its_cause_and_a_remedy(tmp_path: Path, name: str) -> None:
    text = typed(TYPED[name])
    found = found_in(tmp_path, text)
    assert found
    assert all(p.message and p.remedy and p.file and 1 <= p.line <= text.count("\n") + 1 for p in found), found
    assert not [p for p in found if FOREIGN.search(str(p).replace(str(tmp_path), ""))], found
    assert ELSEWHERE.get(name, first_changed(text)) in {p.line for p in found}, [str(p) for p in found]
    assert len([p for p in found if p.severity == "error"]) <= 2, [str(p) for p in found]


@pytest.mark.parametrize("name", TAKEN)
def test_what_looks_like_a_mistake_and_is_none_is_taken(tmp_path: Path, name: str) -> None:
    assert found_in(tmp_path, typed(TAKEN[name])) == []


def test_the_page_shows_what_is_said_of_all_of_them() -> None:
    assert page() == PAGE.read_text(encoding="utf-8"), (
        "run python tests/unit/case/beginners.py, and read what has changed"
    )


@pytest.mark.parametrize(
    ("name", "cause", "remedy"),
    [
        ("a function with commas, unquoted", "a comma inside {…} cuts `pert(0.3, 0.8, 1.5)`", 'value: "pert(0.3, 0.8, 1.5)"'),
        ("arithmetic with a comma, unquoted", "cuts `min(worth, modest) * 2`", 'worth: "min(worth, modest) * 2"'),
        ("a list in a condition, unquoted", "a bracket inside {…}", 'when: "outcome in [agreed, against]"'),
        ("a round of a move, unquoted", "a bracket inside {…}", 'when: "answer[1] == consent"'),
        ("curly quotation marks", "curly quotation marks", 'value: "pert(0.3, 0.8, 1.5)"'),
        ("curly quotation marks round a condition", "cannot read", "`outcome in [agreed, against]`"),
        ("curly quotation marks round an option", "the option '“full”'", "call it full"),
        ("no unit", "'unit' is missing", "add `unit: [NAME, NAME]`"),
        ("quite likely", "'quite likely' is no number", "did you mean 'likely' or 'highly likely'?"),
        ("fairly unlikely", "'fairly unlikely' is no number", "did you mean 'unlikely'"),
        ("a decimal comma", "'0,7' is no number", "write a point: 0.7"),
        ("a decimal comma in braces", "a comma inside the number 0,7", "`value: 0.7`"),
        ("a percentage", "'70%' is no number", "0.7"),
        ("one equals sign", "cannot read", "`propose == full`"),
        ("&&", "cannot read", "`propose == full and propose != nothing`"),
        ("||", "cannot read", "`propose == full or propose == nothing`"),
        ("! inside", "cannot read", "`not (propose == full)`"),
        ("<>", "cannot read", "`propose != full`"),
        ("OR", "cannot read", "`propose == full or propose == nothing`"),
        ("Not", "cannot read", "`not propose == full`"),
        ("a colon in a title", "a colon inside a text", 'title: "CETA: the plan"'),
        ("a date with slashes", "'01/02/2026' is not written as a day", "2026-02-01 or 2026-01-02"),
        ("a date that is not in the calendar", "there is no 2026-02-30", "year-month-day"),
        ("a space too few in front of the first of several", "indented by 3 spaces", "after 4 spaces, as line 46"),
        ("no spaces in front", "indented by 0 spaces", "after 2 spaces, as line 25"),
        ("a hyphen in an option", "'modest-plan' cannot be named", "call it modest_plan"),
        ("a hyphen in a condition", "'modest-plan' is read as a difference", "`modest_plan`"),
        ("a unit of one outcome twice", "both outcomes are 'agreed'", "name two outcomes"),
        ("a negative precision", "the precision is -3", "write a number from 0 on"),
        ("a goal that every outcome reaches", "every history reaches the goal 'built'", "leave out the outcomes"),
        ("a goal that no outcome reaches", "no history reaches the goal 'built'", "can happen together"),
        ("the label of an actor", "'The planner' is the label of 'planner'", "write the name: planner"),
        ("an option without its move", "'full' stands by itself", "`propose == full`"),
        ("a quotation mark that is not closed", "a quotation mark that is not closed", "close it"),
    ],
)  # fmt: skip
def test_it_says(tmp_path: Path, name: str, cause: str, remedy: str) -> None:
    found = found_in(tmp_path, typed(TYPED[name]))
    assert [p for p in found if cause in p.message and remedy in p.remedy], [str(p) for p in found]


def test_text_that_is_utf_16_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_bytes(CASE.encode("utf-16"))
    with pytest.raises(CaseError, match=r"case\.yaml:1: error: the file is UTF-16 text → save it as UTF-8"):
        load_case(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "- a\n- b\n", "<html><body>x</body></html>", "The plan: it is contested.\n", "{}"]
)
def test_a_file_that_is_no_case_is_told_so_in_one_line(tmp_path: Path, text: str) -> None:
    found = found_in(tmp_path, text)
    assert len(found) == 1
    assert "`vetopoint new` writes a case that runs" in found[0].remedy


# --- laws ---------------------------------------------------------------------------------------------------------------

FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
MANY = settings(FEW, max_examples=300)
CASES = sorted(p.parent for p in (ROOT / "cases").glob("*/case.yaml"))
LETTERS = [
    *"“”‘’\u00a0\t:,{}[]()\"'#-*&!%@|>=?~ \n0a_",
    "=",
    ": ",
    ", ",
    "- ",
    "null",
    "01/02/2026",
    "\r\n",
    "\u2028",
    "\x00",
]

sides = st.sampled_from(["quite", "very", "not", "rather", "extremely", "fairly", "really", "most"])


@given(sides, st.sampled_from([w for w in all_words() if direction(w)]))
def test_a_word_of_probability_is_never_taken_for_one_of_the_other_direction(side: str, word: str) -> None:
    said = f"{side} {word}"
    if find_word(said) is not None or set(word.split()) & {"not", "no"}:
        return
    sought = -direction(word) if side == "not" else direction(word)
    assert {direction(near) for near in near_words(said)} <= {sought}


@pytest.mark.parametrize("word", [w for w in all_words() if direction(w) and len(w) > 5])
def test_a_misspelt_word_of_probability_is_never_taken_for_one_of_the_other_direction(word: str) -> None:
    for i in range(len(word) - 1):
        swapped = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        for near in near_words(swapped):
            assert direction(near) == direction(word), (swapped, near)


conditions = st.lists(
    st.sampled_from(["propose", "full", "=", "==", "AND", "or", "&&", "||", "!", "(", ")", "<>", "is", "2", "x", "%"]),
    max_size=9,
)


@example(["propose", "=", "full"])
@example(["!", "(", "propose", "==", "full", ")"])
@given(conditions)
def test_what_is_shown_instead_of_an_expression_is_nearer_to_one(words: list[str]) -> None:
    """Following the advice again and again comes to an expression, or to advice that shows none."""
    text = " ".join(words)
    for _ in range(12):
        try:
            Expression.parse(text)
        except CaseError:
            raise
        except ValueError:
            shown = re.search(r"`(.*)`$", expression_slip(text))
            if shown is None or " " not in shown[1]:
                return
            assert shown[1] != text
            text = shown[1]
        else:
            return
    pytest.fail(f"the advice goes in circles: {text}")


@pytest.mark.parametrize("slip", ["propose = full", "a && b == c", "a || not b", "!(a == b)", "a <> b", "a == b OR c", "NOT a == b", "a is b", "a is not b", "worth × 2", "2 worth", "worth ^ 2", "worth * 50%", "“a == b”", "if a == b", "a: b", "a in {b, c}", "0,5 * a"])  # fmt: skip
def test_what_is_shown_instead_is_an_expression(slip: str) -> None:
    shown = re.search(r"`(.*)`", expression_slip(slip))
    if shown is not None:
        Expression.parse(shown[1])
    else:
        assert "instead of ×" in expression_slip(slip)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Path, str]:
    """A bundled case with one letter or one line of it changed, and its folder."""
    folder = draw(st.sampled_from(CASES))
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    if draw(st.booleans()):
        at = draw(st.integers(0, len(text) - 1))
        return folder, text[:at] + draw(st.sampled_from(["", *LETTERS])) + text[at + draw(st.integers(0, 1)) :]
    lines = text.split("\n")
    at = draw(st.integers(0, len(lines) - 1))
    lines[at : at + 1] = draw(
        st.sampled_from(
            [[], [lines[at]] * 2, [" " + lines[at]], [lines[at].lstrip()], [lines[at][1:]], [lines[at].replace('"', "")], [lines[at].replace(":", "", 1)]]
        )
    )  # fmt: skip
    return folder, "\n".join(lines)


def answered_in_words(folder: Path, text: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        copy = Path(home) / "case"
        copy.mkdir()
        for beside in folder.iterdir():
            if beside.name in ("out", "case.yaml") or ".sqlite" in beside.name:
                continue
            (shutil.copytree if beside.is_dir() else shutil.copy)(beside, copy / beside.name)
        (copy / "case.yaml").write_text(text, encoding="utf-8", newline="")
        try:
            found = list(load_case(copy).warnings)
        except CaseError as error:
            found = error.problems
        for problem in found:
            said = str(problem).replace(home, "")
            assert problem.message, said
            assert problem.remedy, said
            assert problem.file, said
            assert 1 <= problem.line <= len(re.split(r"\r\n|\r|\n", text)), said
            assert not FOREIGN.search(re.sub(r"'.*?'|`.*?`", "", said)), said


@FEW
@given(changes())
def test_whatever_is_changed_in_a_case_is_answered_in_words(change: tuple[Path, str]) -> None:
    answered_in_words(*change)


@pytest.mark.soak
@pytest.mark.timeout(3000)
@settings(MANY, max_examples=300 * 4)
@given(changes())
def test_whatever_is_changed_many_times_is_answered_in_words(change: tuple[Path, str]) -> None:
    answered_in_words(*change)
