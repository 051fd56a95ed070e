"""Checks of what is written in expressions."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from vetopoint.case.case import Case
from vetopoint.case.checks._complaints import unknown
from vetopoint.case.checks.issues import out_of_place
from vetopoint.case.checks.moves import MOST_ROUNDS
from vetopoint.case.expression import FUNCTIONS, SKIPPED, Expression, ExpressionError, Scope
from vetopoint.case.place import Place
from vetopoint.case.registry import check, suggest
from vetopoint.case.slips import DISTRIBUTIONS
from vetopoint.case.vocabulary import ISSUES, Kind, Words, kind_at, words_at
from vetopoint.errors import Problem, did_you_mean


def _written(case: Case) -> Iterator[tuple[Place, Expression, Words]]:
    """Every expression that somebody wrote, with what it may say; inline numbers are inputs and say nothing."""
    for place, expression in (*case.specs.items(), *case.conditions.items()):
        if expression.text not in ("otherwise", str(place)):
            yield place, expression, words_at(case.file, place)


@check("unknown-name")
def _unknown_names(case: Case) -> Iterator[Problem]:
    """An expression names what is not known where it stands: a quantity, move, option, fact or function."""
    for place, expression, words in _written(case):
        for call in sorted(expression.calls - words.functions):
            if call in words.missing:
                yield _lacking(case, call, words, place)
            elif call in ISSUES:
                yield out_of_place(case, call, place)
            else:
                remedy = _instead_of_call(call, expression, words)
                yield case.problem(f"unknown function '{call}'", remedy or suggest(call, words.functions), place)
        yield from _unknown_words(case, place, expression, words)


def _instead_of_call(call: str, expression: Expression, words: Words) -> str:
    """What to write instead of what is written as a function and is none; empty where only the name is wrong."""
    if call in DISTRIBUTIONS:
        return "declare the distribution as a quantity, and name the quantity here"
    options = sorted(expression.names & words.choices.get(call, frozenset()))
    return f"write `{call} == {options[0]}`" if options else ""


def _unknown_words(case: Case, place: Place, expression: Expression, words: Words) -> Iterator[Problem]:
    """Names in an expression: those that may stand by themselves, and options beside the choices that have them."""
    compared = [(c, w) for c, w in expression.comparisons() if c in words.choices and w not in words.choices]
    # An option may be that of another move in the same comparison: `designate in [warn, answer]`.
    fitting = {SKIPPED, *(word for choice, word in compared if word in words.choices[choice])}
    for choice, word in compared:
        if word not in fitting:
            others = _moves_with(words, word)
            remedy = f"it is one of '{others[0]}': write `{others[0]} == {word}`" if others else ""
            message = f"unknown option of '{choice}' '{word}'"
            yield case.problem(message, remedy or suggest(word, words.choices[choice]), place)
    options = {word for _, word in compared}
    options |= {*case.file.forms, "none"} if "form_at" in expression.calls else set()
    strange = sorted(expression.names - options - set(words.values))
    # What is compared with a name that is not known is not complained of beside it.
    misnamed = {word for word in strange if word in words.later or did_you_mean(word, words.choices, "", 0.75)}
    beside = {w for c, w in expression.comparisons() if c in misnamed} - misnamed
    beside |= {word for call in expression.calls for word in words.choices.get(call, ())}
    hyphens = {part: word for word in _hyphened(expression.text, words) for part in word.split("-")}
    for word in strange:
        if word in words.later:
            yield case.problem(f"'{word}' comes later", "a move can look at earlier moves only", place)
        elif word in words.missing:
            yield _lacking(case, word, words, place)
        elif word in hyphens:
            whole = hyphens[word]
            yield case.problem(f"'{whole}' is read as a difference", f"write `{whole.replace('-', '_')}`", place)
        elif word not in beside:
            yield _stranger(case, place, expression, word, words)


def _stranger(case: Case, place: Place, expression: Expression, word: str, words: Words) -> Problem:
    """A name that is not known where it stands: an option without its move, or a name that is nobody's."""
    moves = _moves_with(words, word)
    if moves:
        said = [o for c, o in expression.comparisons() if c == moves[0] and o in words.choices[c]]
        listed = f", or `{moves[0]} in [{', '.join([*dict.fromkeys(said), word])}]`" if said else ""
        what = "an outcome" if moves[0] == "outcome" else f"an option of '{moves[0]}'"
        return case.problem(f"'{word}' stands by itself and is {what}", f"write `{moves[0]} == {word}`{listed}", place)
    kind, known = kind_at(place), _known(words)
    problem = unknown(case, kind.word if kind is not None else "name", word, known, place)
    if kind is None or kind.condition or not kind.quantities or did_you_mean(word, known, ""):
        return problem
    own = "a word of probability inside an expression needs a name under `quantities`: write that name here"
    return replace(problem, remedy=f"{own}; {problem.remedy}")


def _known(words: Words) -> list[str]:
    return [*words.values, *(option for named in words.choices.values() for option in named)]


def _moves_with(words: Words, option: str) -> list[str]:
    """The choices that have an option."""
    return [choice for choice, named in words.choices.items() if option in named]


def _hyphened(text: str, words: Words) -> list[str]:
    """What is written with hyphens and is a name with `_` in their place."""
    known = set(_known(words))
    return [found for found in re.findall(r"[A-Za-z_]\w*(?:-[A-Za-z_]\w*)+", text) if found.replace("-", "_") in known]


def _lacking(case: Case, word: str, words: Words, place: Place) -> Problem:
    section = words.missing[word]
    message = f"'{word}' means nothing in a case without `{section}`"
    return case.problem(message, f"declare `{section}:`, or leave '{word}' out", place)


@check("two-meanings")
def _two_meanings(case: Case) -> Iterator[Problem]:
    """An expression uses a name that stands for two things there."""
    for place, expression, words in _written(case):
        kind = kind_at(place)
        # In a number a name that is a choice too is the choice beside one of its options, and else what has a value.
        beside = {
            c for c, word in expression.comparisons() if word in words.choices.get(c, ()) and word in words.values
        }
        clear = set(words.choices) - beside if kind is not None and not kind.condition else set()
        for name in sorted(expression.names & set(words.values)):
            means = words.values[name][name in clear :]
            if len(means) > 1:
                message = f"'{name}' is {' and '.join(means)} here"
                yield case.problem(message, "give one of them another name", place)


@check("text-for-number", stage="sense")
def _kinds(case: Case) -> Iterator[Problem]:
    """An expression mixes options or text with numbers and conditions."""
    for place, expression, _ in _written(case):
        kind = kind_at(place)
        ones = Scope(dict.fromkeys(expression.names, np.ones(())), functions=_answering(expression))
        scope = _one_history(case, place, expression, kind) if kind is not None and kind.moves else ones
        try:
            with np.errstate(all="ignore"):
                expression.evaluate(scope, finite=False)
        except ExpressionError as error:
            said = str(error) if str(error).startswith(f"'{expression.text}'") else f"'{expression.text}': {error}"
            yield case.problem(said, error.remedy, place)


def _one_history(case: Case, place: Place, expression: Expression, kind: Kind) -> Scope:
    """One history in which every move was skipped; a condition that is asked within a round finds the moves before it there."""
    skipped = np.full(MOST_ROUNDS, SKIPPED)
    choices = {name: skipped[: int(turn.times)] if turn.repeats else skipped[0] for name, turn in case.turn_of.items()}
    choices |= {name: skipped[0] for name in ("outcome", *case.file.types)}
    numbers = [*kind.names, *(case.file.quantities if kind.quantities else ())]
    ends = [*case.file.goals, *case.file.outcomes] if kind.ends else []
    return Scope(
        dict.fromkeys([*numbers, *ends], np.ones(())),
        choices,
        _answering(expression),
        case.repeated,
        case.options,
        now=dict.fromkeys(_in_round(case, place), skipped[0]),
        dates={name: np.ones(np.shape(each)) for name, each in choices.items() if name in case.file.moves},
    )


def _in_round(case: Case, place: Place) -> tuple[str, ...]:
    """The moves that a bare name means in the round at hand, where an expression is asked within one."""
    within = place.field in (("Move", "when"), ("Move", "options"), ("Repeat", "stop_when"), ("Rounds", "stop_when"))
    for turn in case.turns if within else ():
        if place.within(turn.place):
            return turn.moves
        if place.section == "moves" and str(place.parts[1]) in turn.moves:
            return turn.before(str(place.parts[1])) if turn.repeats else ()
    return ()


def _answering(expression: Expression) -> Mapping[str, Any]:
    """Whatever is not arithmetic answers with a one; `form_at` with the name of a form."""
    found: dict[str, Any] = {name: lambda *a: np.ones(()) for name in expression.calls - set(FUNCTIONS)}
    return {**found, "form_at": lambda *a: np.array("none")}
