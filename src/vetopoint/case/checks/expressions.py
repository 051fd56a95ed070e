"""Checks of what is written in expressions."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from vetopoint.case.case import Case
from vetopoint.case.checks._complaints import unknown
from vetopoint.case.checks.moves import MOST_ROUNDS
from vetopoint.case.expression import FUNCTIONS, SKIPPED, Expression, ExpressionError, Scope
from vetopoint.case.place import Place
from vetopoint.case.registry import check
from vetopoint.case.vocabulary import Kind, Words, kind_at, words_at
from vetopoint.errors import Problem


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
            else:
                yield unknown(case, "function", call, words.functions, place)
        yield from _unknown_words(case, place, expression, words)


def _unknown_words(case: Case, place: Place, expression: Expression, words: Words) -> Iterator[Problem]:
    """Names in an expression: those that may stand by themselves, and options beside the choices that have them."""
    compared = [(c, w) for c, w in expression.comparisons() if c in words.choices and w not in words.choices]
    # An option may be that of another move in the same comparison: `designate in [warn, answer]`.
    fitting = {SKIPPED, *(word for choice, word in compared if word in words.choices[choice])}
    for choice, word in compared:
        if word not in fitting:
            yield unknown(case, f"option of '{choice}'", word, words.choices[choice], place)
    options = {word for _, word in compared}
    options |= {*case.file.forms, "none"} if "form_at" in expression.calls else set()
    for word in sorted(expression.names - options - set(words.values)):
        if word in words.later:
            yield case.problem(f"'{word}' comes later", "a move can look at earlier moves only", place)
        elif word in words.missing:
            yield _lacking(case, word, words, place)
        else:
            kind = kind_at(place)
            known = [*words.values, *(o for named in words.choices.values() for o in named)]
            yield unknown(case, kind.word if kind is not None else "name", word, known, place)


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
            yield case.problem(f"'{expression.text}': {error}", error.remedy, place)


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
