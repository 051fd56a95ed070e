"""Mistakes that beginners make in a small case, and what `check` says of each: ``python beginners.py`` writes `beginners.txt` anew.

Each mistake is one or more replacements in the case that ``vetopoint new`` writes. The names say what was done; the file
`beginners.txt` shows, for all of them at once, the line as it was typed and the complaint.
"""

from __future__ import annotations

import tempfile
from importlib.resources import files
from pathlib import Path

from vetopoint.errors import Problem, VetopointError
from vetopoint.study import check

PAGE = Path(__file__).with_name("beginners.txt")
CASE = (
    "vetopoint: 1" + (files("vetopoint.study") / "template/case.yaml").read_text("utf-8").partition("vetopoint: 1")[2]
)

_VALUE = '"pert(0.3, 0.8, 1.5)"'
_WHEN = "when: propose == full"
_GOAL = "built: outcome in [agreed, against]"
_ANSWER = "options: [consent, refuse]"
_UNIT = "unit: [dropped, agreed]"

TYPED: dict[str, tuple[tuple[str, str], ...]] = {
    "a function with commas, unquoted": ((_VALUE, "pert(0.3, 0.8, 1.5)"),),
    "a function with commas and names, unquoted": (('planner: "lognormal(median=4, p90=10)"', "planner: lognormal(median=4, p90=10)"),),
    "arithmetic with a comma, unquoted": (("worth: worth * modest", "worth: min(worth, modest) * 2"),),
    "a list in a condition, unquoted": (('when: "outcome in [agreed, against]"}\n    modest', "when: outcome in [agreed, against]}\n    modest"),),
    "a round of a move, unquoted": (("reward: {worth: reward, when: answer == consent}", "reward: {worth: reward, when: answer[1] == consent}"),),
    "discrete, unquoted": ((_VALUE, "discrete(1: 0.3, 2: 0.7)"),),
    "curly quotation marks": ((_VALUE, "“pert(0.3, 0.8, 1.5)”"),),
    "single curly quotation marks": ((_VALUE, "‘pert(0.3, 0.8, 1.5)’"),),
    "curly quotation marks round a condition in braces": (('"outcome in [agreed, against]"', "“outcome in [agreed, against]”"),),
    "curly quotation marks round a condition": ((_GOAL, "built: “outcome in [agreed, against]”"),),
    "curly quotation marks round an option": (("[full, modest_plan, nothing]", "[“full”, modest_plan, nothing]"),),
    "curly quotation marks round a label with a comma": (("label: The planner}", "label: “The planner, who plans”}"),),
    "quotation marks and a comma in a label": (("label: The planner}", 'label: The "planner", as "they" say}'),),
    "no unit": ((f"    {_UNIT}\n", ""),),
    "a unit of one outcome": ((_UNIT, "unit: [dropped]"),),
    "a unit of three outcomes": ((_UNIT, "unit: [dropped, agreed, against]"),),
    "a unit without brackets": ((_UNIT, "unit: dropped, agreed"),),
    "a unit without a comma": ((_UNIT, "unit: [dropped agreed]"),),
    "a unit that is a number": ((_UNIT, "unit: 1"),),
    "a unit of one outcome twice": ((_UNIT, "unit: [agreed, agreed]"),),
    "quite likely": ((_VALUE, "quite likely"),),
    "fairly unlikely": ((_VALUE, "fairly unlikely"),),
    "not likely": ((_VALUE, "not likely"),),
    "a misspelt word of probability": ((_VALUE, "very likley"),),
    "a decimal comma in braces": ((_VALUE, "0,7"),),
    "a decimal comma": (("  worth: {value: " + _VALUE + ", from: {note: your judgement and why}, label: Worth of the plan to the planner}", "  worth: 0,7"),),
    "decimal commas in a distribution": ((_VALUE, '"pert(0,3, 0,8, 1,5)"'),),
    "a percentage": ((_VALUE, "70%"),),
    "percentages in a distribution": ((_VALUE, '"pert(30%, 50%, 80%)"'),),
    "a percentage in arithmetic": (("worth: worth * modest", "worth: worth * 50%"),),
    "one equals sign": ((_WHEN, "when: propose = full"),),
    "three equals signs": ((_WHEN, "when: propose === full"),),
    "&&": ((_WHEN, "when: propose == full && propose != nothing"),),
    "||": ((_WHEN, "when: propose == full || propose == nothing"),),
    "! in front": ((_WHEN, "when: !(propose == full)"),),
    "! inside": ((_WHEN, "when: '!(propose == full)'"),),
    "<>": ((_WHEN, "when: propose <> full"),),
    "OR": ((_WHEN, "when: propose == full OR propose == nothing"),),
    "AND": ((_WHEN, "when: propose == full AND propose != nothing"),),
    "Not": ((_WHEN, "when: Not propose == full"),),
    "is": ((_WHEN, "when: propose is full"),),
    "equals": ((_WHEN, "when: propose equals full"),),
    "a colon to compare": ((_WHEN, "when: 'propose: full'"),),
    "if in front of a condition": ((_WHEN, "when: if propose == full"),),
    "None as a condition": ((_WHEN, "when: None"),),
    "an option without its move": ((_WHEN, "when: full"),),
    "a move without its option": ((_WHEN, "when: propose"),),
    "a second option without its move": ((_WHEN, "when: propose == full or nothing"),),
    "an option after a dot": ((_WHEN, "when: propose.full"),),
    "an option in brackets": ((_WHEN, "when: propose(full)"),),
    "in without a list": ((_WHEN, "when: propose in full"),),
    "a list in braces": ((_GOAL, "built: outcome in {agreed, against}"),),
    "a bracket that is not closed in a condition": ((_WHEN, "when: (propose == full"),),
    "and without an end": ((_WHEN, "when: propose == full and"),),
    "a move with a capital": ((_WHEN, "when: Propose == full"),),
    "an option with a capital": ((_WHEN, "when: propose == Full"),),
    "an option of another move": (("agreed: answer == consent", "agreed: answer == full"),),
    "a misspelt move": (("agreed: answer == consent", "agreed: anwser == consent"),),
    "an outcome as a goal": ((_GOAL, "built: agreed"),),
    "an outcome without outcome ==": ((_GOAL, "built: outcome == agreed or against"),),
    "a goal as a list": ((_GOAL, "built: [agreed, against]"),),
    "a condition under when in outcomes": (("agreed: answer == consent", "agreed: {when: answer == consent}"),),
    "a colon in a title": (("title: A plan that needs somebody's yes", "title: CETA: the plan"),),
    "a colon in a summary of two lines": (("summary: Say in two sentences what", "summary: Say\n  this: what"),),
    "a colon without a space": (("owner: planner ", "owner:planner "),),
    "a colon without a space in braces": (("{by: holder, at: 2", "{by: holder, at:2"),),
    "no colon": (("owner: planner ", "owner planner "),),
    "no colon after a section": (("moves:   ", "moves   "),),
    "a date with slashes": (("as_of: 2026-01-01", "as_of: 01/02/2026"),),
    "a date that is not in the calendar": (("as_of: 2026-01-01", "as_of: 2026-02-30"),),
    "a thirteenth month": (("as_of: 2026-01-01", "as_of: 2026-13-01"),),
    "a date without noughts": (("as_of: 2026-01-01", "as_of: 2026-2-1"),),
    "a date in words": (("as_of: 2026-01-01", "as_of: 1 January 2026"),),
    "a month without a day": (("as_of: 2026-01-01", "as_of: 2026-03"),),
    "a year alone": (("as_of: 2026-01-01", "as_of: 2026"),),
    "a date with dots": (("as_of: 2026-01-01", "as_of: 31.12.2026"),),
    "today": (("as_of: 2026-01-01", "as_of: today"),),
    "a month by name": (("by: holder, at: 2,", "by: holder, at: next March,"),),
    "a decimal comma in a month": (("by: holder, at: 2,", "by: holder, at: 2,5,"),),
    "years for months": (("horizon_months: 24", "horizon_months: 2 years"),),
    "months that are not whole": (("horizon_months: 24", "horizon_months: 24.5"),),
    "negative months": (("horizon_months: 24", "horizon_months: -5"),),
    "a horizon beyond all": (("horizon_months: 24", "horizon_months: 6000"),),
    "a space too many in front": (("  modest: {value", "   modest: {value"),),
    "a space too few in front": (("  modest: {value", " modest: {value"),),
    "no spaces in front": (("  answer: {by", "answer: {by"),),
    "the last entry without spaces in front": (("  respond: {by", "respond: {by"),),
    "a space too few in front of the first of several": (("    unit: [against, dropped]\n", "   unit: [against, dropped]\n"),),
    "a space too many in front of one of several": (("    burden:", "     burden:"),),
    "spaces in front of a key of the case": (("owner: planner ", "  owner: planner "),),
    "a section among the outcomes": (("goals:                            # what", "  goals:  # what"),),
    "a tab in front": (("  answer: {by", "\tanswer: {by"),),
    "a tab after spaces": (("    burden:", "  \tburden:"),),
    "a tab after a colon": (("owner: planner", "owner:\tplanner"),),
    "a hyphen in an option": (("[full, modest_plan, nothing]", "[full, modest-plan, nothing]"), ("propose == modest_plan", "propose == modest-plan")),
    "a hyphen in a condition": (("propose == modest_plan", "propose == modest-plan"),),
    "a hyphen in the name of a quantity": (("  modest: {value", "  modest-share: {value"),),
    "a hyphen in the name of an outcome": (("modest_built: propose", "modest-built: propose"),),
    "a space in an option": (("[full, modest_plan, nothing]", "[full, modest plan, nothing]"),),
    "a space in a name": (("  modest: {value", "  modest share: {value"),),
    "a letter with an accent in a name": (("  modest: {value", "  größe: {value"),),
    "a digit at the head of a name": (("  modest: {value", "  2nd: {value"),),
    "options that are numbers": ((_ANSWER, "options: [1, 2]"),),
    "a negative precision": (('planner: "lognormal(median=4, p90=10)"', "planner: -3"),),
    "a negative precision with a dash": (('planner: "lognormal(median=4, p90=10)"', "planner: −3"),),
    "a precision in words": (('planner: "lognormal(median=4, p90=10)"', "planner: high"),),
    "one precision for all": (('precision: {planner: "lognormal(median=4, p90=10)", holder: "lognormal(median=4, p90=10)"}', "precision: 4"),),
    "a goal that every outcome reaches": ((_GOAL, "built: outcome in [agreed, against, modest_built, dropped]"),),
    "a goal that is always true": ((_GOAL, "built: true"),),
    "a goal that no outcome reaches": ((_GOAL, "built: outcome == agreed and outcome == against"),),
    "a key twice": (("horizon_months: 24", "horizon_months: 24\nhorizon_months: 36"),),
    "a section twice": (("goals:     ", "outcomes: {x: otherwise}\ngoals:     "),),
    "a space that does not break after a colon": (("owner: planner ", "owner:\u00a0planner "),),
    "spaces that do not break in front": (("  answer: {by", "\u00a0\u00a0answer: {by"),),
    "an actor with a capital": (("owner: planner ", "owner: Planner "),),
    "a key with a capital": (("title:", "Title:"),),
    "a section with a capital": (("actors:", "Actors:"),),
    "the label of an actor": (("owner: planner ", "owner: The planner "),),
    "another name of an actor": (("by: holder", "by: the consent-holder"),),
    "actors as a list": (("actors:\n  planner: {label: The planner}\n  holder: {label: The one whose yes is needed, aka: [the consent-holder]}", "actors: [planner, holder]"),),
    "an actor without a label": (("  planner: {label: The planner}", "  planner: The planner"),),
    "goals as a list": (("  built: outcome", "  - outcome"),),
    "a dash in front of one move": (("  propose: {by", "  - propose: {by"),),
    "a dash in front of a term": (("    reward: {worth", "    - reward: {worth"),),
    "a text where a list belongs": (('["say here which moves and actors you left out"]', "the talks before"),),
    "another name without brackets": (("[the consent-holder]", "the consent-holder"),),
    "options without brackets": ((_ANSWER, "options: consent or refuse"),),
    "options in braces": ((_ANSWER, "options: {consent, refuse}"),),
    "options in round brackets": ((_ANSWER, "options: (consent, refuse)"),),
    "odds for an actor": ((_ANSWER, "options: {consent: 0.5, refuse: 0.5}"),),
    "chance without odds": (("answer: {by: holder", "answer: {by: chance"),),
    "a quotation mark that is not closed": (("title: A plan that", 'title: "A plan that'),),
    "a quotation mark that is not closed in braces": ((_VALUE, '"pert(0.3, 0.8, 1.5)'),),
    "an apostrophe in single quotation marks": (("title: A plan that needs somebody's yes", "title: 'A plan that needs somebody's yes'"),),
    "quotation marks in quotation marks": (("title: A plan that needs somebody's yes", 'title: "A "plan" that needs"'),),
    "text after a quotation": (("title: A plan that needs somebody's yes", 'title: "A plan" that needs'),),
    "a square bracket that is not closed": ((_ANSWER, "options: [consent, refuse"),),
    "a brace that is not closed": (("label: The planner}", "label: The planner"),),
    "a brace too many": (("label: The planner}", "label: The planner}}"),),
    "no space before a comment": (("owner: planner      ", "owner: planner#"),),
    "no space before a comment after a number": (("horizon_months: 24", "horizon_months: 24#months"),),
    "a # in a label": (("label: The planner}", "label: Planner #1}"),),
    "nobody as the owner": (("owner: planner ", "owner: None "),),
    "nothing after a key": (("owner: planner ", "owner: "),),
    "nothing after when": ((_WHEN, "when: "),),
    "nothing after an actor": (("  planner: {label: The planner}", "  planner:"),),
    "an outcome after otherwise": (("  modest_built: propose == modest_plan or respond == retreat\n  dropped: otherwise", "  dropped: otherwise\n  modest_built: propose == modest_plan or respond == retreat"),),
    "else for otherwise": (("dropped: otherwise", "dropped: else"),),
    "the largest number first": ((_VALUE, '"pert(1.5, 0.8, 0.3)"'),),
    "the ends of a range the wrong way round": ((_VALUE, '"uniform(2, 1)"'),),
    "a negative standard deviation": ((_VALUE, '"normal(0.5, -0.2)"'),),
    "semicolons in a distribution": ((_VALUE, "pert(0.3; 0.8; 1.5)"),),
    "a distribution without commas": ((_VALUE, "pert(0.3 0.8 1.5)"),),
    "a distribution in square brackets": ((_VALUE, '"pert[0.3, 0.8, 1.5]"'),),
    "a distribution without brackets": ((_VALUE, '"pert 0.3, 0.8, 1.5"'),),
    "a distribution in capitals": ((_VALUE, '"PERT(0.3, 0.8, 1.5)"'),),
    "a number too few": ((_VALUE, '"pert(0.3, 0.8)"'),),
    "a distribution of another name": ((_VALUE, '"gaussian(0.5, 0.1)"'),),
    "other names of its numbers": ((_VALUE, '"pert(min=0.3, mode=0.8, max=1.5)"'),),
    "lognormal without names": ((_VALUE, '"lognormal(1, 2)"'),),
    "a distribution times a number": ((_VALUE, '"pert(0.3, 0.8, 1.5) * 2"'),),
    "a distribution in arithmetic": (("worth: worth * modest", 'worth: "worth * uniform(1, 2)"'),),
    "a range with a hyphen": ((_VALUE, "0.3-0.8"),),
    "a range with to": ((_VALUE, "0.3 to 0.8"),),
    "between": ((_VALUE, "between 0.3 and 0.8"),),
    "give or take": ((_VALUE, "0.5 ± 0.1"),),
    "about": ((_VALUE, "about 0.5"),),
    "thousands with a comma": ((_VALUE, '"1,000"'),),
    "a number with its unit": ((_VALUE, "5 billion"),),
    "a number in words": ((_VALUE, "three"),),
    "odds": ((_VALUE, "50:50"),),
    "not known yet": ((_VALUE, "TBD"),),
    "a number with a remark": ((_VALUE, "0.7 (my guess)"),),
    "one quantity by another": ((_VALUE, "2 * reward"),),
    "a minus sign of a word processor": (("worth: -penalty", "worth: −penalty"),),
    "a minus sign and a space": (("worth: -penalty", "worth: - penalty"),),
    "a times sign": (("worth: worth * modest", "worth: worth × modest"),),
    "x for times": (("worth: worth * modest", "worth: worth x modest"),),
    "a power": (("worth: worth * modest", "worth: worth ^ 2"),),
    "a number times a name without a sign": (("worth: worth * modest", "worth: 2 worth"),),
    "a star in front": ((_VALUE, "*worth"),),
    "an @ in front": ((_VALUE, "@worth"),),
    "a move before what it looks at": (
        ("  propose: {by: planner, at: 0, options: [full, modest_plan, nothing], label: The planner proposes}\n", ""),
        ("  respond: {by", "  propose: {by: planner, at: 0, options: [full, modest_plan, nothing], label: The planner proposes}\n  respond: {by"),
    ),
    "no title": (("title: A plan that needs somebody's yes\n", ""),),
    "the version of another program": (("vetopoint: 1", "vetopoint: 2"),),
    "value for worth": (("reward: {worth: reward", "reward: {value: reward"),),
    "a term without worth": (("reward: {worth: reward, ", "reward: {"),),
    "actor for by": (("propose: {by: planner", "propose: {actor: planner"),),
    "choices for options": ((_ANSWER, "choices: [consent, refuse]"),),
    "if for when": ((_WHEN, "if: propose == full"),),
    "two actors for one move": (("propose: {by: planner", "propose: {by: [planner, holder]"),),
    "players for actors": (("actors:\n", "players:\n"),),
    "a judgement without its key": (("from: {note: your judgement and why}, label: Worth of the plan", "from: my judgement, label: Worth of the plan"),),
    "a claim without brackets": (("claims: [c1]", "claims: c1"),),
    "a source without its key": (("report: {file: sources/report.md, kind: summary, title: Name the document, outlet: name the outlet}", "report: sources/report.md"),),
    "a source that is not there": (("file: sources/report.md", "file: sources/nope.md"),),
    "a kind of source that there is not": (("kind: summary", "kind: article"),),
    "a label in brackets": (("label: The planner}", "label: [The planner]}"),),
    "a label that is a number": (("label: The planner}", "label: 1}"),),
    "repeat in words": (("options: [go_ahead, retreat]", "options: [go_ahead, retreat], repeat: monthly"),),
    "repeat without an end": (("options: [go_ahead, retreat]", "options: [go_ahead, retreat], repeat: {every: 2}"),),
    "a correlation without inner brackets": (("moves:   ", "correlate: [worth, modest, 0.5]\nmoves:   "),),
    "a type that is a number": (("moves:   ", "types: {holder: {hard: 0.3, soft: rest}}\nmoves:   "),),
    "no type that is the rest": (("moves:   ", "types: {holder: {hard: {truth: 0.3}}}\nmoves:   "),),
    "an attempt without its move": (("goals:     ", "attempt: full\ngoals:     "),),
    "members as a list": (("goals:     ", "members: [fr, de]\ngoals:     "),),
    "a variant without set": (("goals:     ", "variants: {bold: {penalty: 0}}\ngoals:     "),),
    "a threat in one line": (("goals:     ", "threats: {strike: answer == refuse}\ngoals:     "),),
    "a path that cannot be read": (("goals:     ", "forms: {crew: {personnel: 10}}\npaths: {agreed: crew from month 3}\ngoals:     "),),
    "a silenced check without a reason": (("goals:     ", "silence: [possibility]\ngoals:     "),),
    "another document": (("owner: planner ", "---\nowner: planner "),),
}  # fmt: skip

#: Where the complaint stands when it is not the first line that was changed.
ELSEWHERE: dict[str, int] = {
    "no unit": 39,
    "a unit without a comma": 40,
    "no title": 1,
    "goals as a list": 35,
    "actors as a list": 12,
    "a colon in a summary of two lines": 4,
    "a path that cannot be read": 36,
}

#: What is taken, though it is written otherwise than in the documentation.
TAKEN: dict[str, tuple[tuple[str, str], ...]] = {
    "a term called terms": (("    burden: {", "    terms: {"),),
    "options yes and no": ((_ANSWER, "options: [yes, no]"), ("agreed: answer == consent", "agreed: answer == yes"), ("when: answer == refuse", "when: answer == no"), ("reward, when: answer == consent", "reward, when: answer == yes")),
    "options true and false": ((_ANSWER, "options: [true, false]"), ("agreed: answer == consent", "agreed: answer == true"), ("when: answer == refuse", "when: answer == false"), ("reward, when: answer == consent", "reward, when: answer == true")),
    "options on and off": ((_ANSWER, "options: [on, off]"), ("agreed: answer == consent", "agreed: answer == on"), ("when: answer == refuse", "when: answer == off"), ("reward, when: answer == consent", "reward, when: answer == on")),
    "a power of ten": ((_VALUE, "8e-1"),),
    "a month in quotation marks": (("by: holder, at: 2,", 'by: holder, at: "2",'),),
    "a word of probability with capitals": ((_VALUE, "Very Likely"),),
    "a word of probability with _": ((_VALUE, "very_likely"),),
    "numbers without a nought": ((_VALUE, '"pert(.3,.8,1.5)"'),),
    "a fraction": ((_VALUE, "1/3"),),
    "an option in quotation marks": ((_WHEN, "when: propose == 'full'"),),
    "spaces that do not break in a condition": ((_WHEN, "when: propose\u00a0== full"),),
    "lines as Windows ends them": (("\n", "\r\n"),),
    "lines as old Macintoshes ended them": (("\n", "\r"),),
    "a byte order mark": (("vetopoint: 1", "\ufeffvetopoint: 1"),),
    "an apostrophe in a label": (("label: The planner}", "label: The planner’s office}"),),
    "brackets in a label": (("label: The planner}", "label: The planner (in office)}"),),
    "curly quotation marks in a label": (("label: The planner}", "label: The “planner”}"),),
}  # fmt: skip


def typed(changes: tuple[tuple[str, str], ...]) -> str:
    """The case with the mistake."""
    text = CASE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, -1 if old == "\n" else 1)
    return text


def first_changed(text: str) -> int:
    """Number of the first line that differs from the case without the mistake."""
    pairs = zip(CASE.split("\n"), text.split("\n"), strict=False)
    return next((i for i, (old, new) in enumerate(pairs, 1) if old != new), 1)


def found_in(folder: Path, text: str) -> list[Problem]:
    """What `check` says of a case of this text."""
    (folder / "sources").mkdir(exist_ok=True)
    for name in ("claims.jsonl", "sources/report.md"):
        (folder / name).write_text((files("vetopoint.study") / "template" / name).read_text("utf-8"), encoding="utf-8")
    (folder / "case.yaml").write_bytes(text.encode())
    try:
        return check(folder)
    except VetopointError as error:
        return list(error.problems) if hasattr(error, "problems") else [Problem(str(error))]


def page() -> str:
    """Every mistake as it was typed, and the complaint."""
    shown = []
    for name, changes in TYPED.items():
        text = typed(changes)
        with tempfile.TemporaryDirectory() as folder:
            problems = [str(p).replace(f"{folder}/", "") for p in found_in(Path(folder), text)]
        line = text.split("\n")[first_changed(text) - 1]
        written = " ".join(line.replace("\u00a0", "\\u00a0").split()) if line.strip() else line
        shown.append("\n".join([name, f"    | {written[:110]}", *(f"    {p}" for p in problems)]))
    return "\n\n".join(shown) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
