"""Checks that need the case file alone: names, references, probabilities, dates, loose ends."""

from __future__ import annotations

import ast
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from vetopoint.case.case import Case
from vetopoint.case.expression import FUNCTIONS, SKIPPED, Expression, ExpressionError, Scope
from vetopoint.case.paths import Stretch, parse_path
from vetopoint.case.place import Place
from vetopoint.case.registry import CHECKS, check, suggest
from vetopoint.case.schema import TypeSpec
from vetopoint.case.vocabulary import Words, kind_at, words_at
from vetopoint.errors import Problem

__all__ = ["MOST_LAYERS", "MOST_OPTIONS", "MOST_ROUNDS", "MOST_TYPES"]

MOST_ROUNDS = 60
MOST_LAYERS = 500
MOST_OPTIONS = 1_000
MOST_TYPES = 4_096


def _unknown(case: Case, what: str, word: str, known: Iterable[str], *place: Place | str | int) -> Problem:
    return case.problem(f"unknown {what} '{word}'", suggest(word, known), *place)


# --- who and what is named ------------------------------------------------------------------------------------------------


@check("unknown-actor")
def _actors(case: Case) -> Iterator[Problem]:
    """An actor is named that the case does not declare."""
    file = case.file
    named: list[tuple[str, tuple[str, ...]]] = [(file.owner, ("owner",))]
    named += [(file.coalition.actor, ("coalition", "actor"))] if file.coalition.actor is not None else []
    named += [(actor, ("precision", actor)) for actor in file.precision]
    named += [(actor, ("payoffs", actor)) for actor in file.payoffs]
    named += [(move.by, ("moves", name, "by")) for name, move in file.moves.items() if move.by != "chance"]
    for actor, types in file.types.items():
        named.append((actor, ("types", actor)))
        for name, spec in types.items():
            if isinstance(spec, TypeSpec):
                named += [(other, ("types", actor, name, "believed", other)) for other in spec.believed]
    for name, threat in file.threats.items():
        for role, by in (("by", threat.by), ("to", threat.to)):
            named += [(by, ("threats", name, role))] if by is not None else []
    for name, quantity in file.quantities.items():
        if isinstance(quantity.known_to, tuple):
            named += [(actor, ("quantities", name, "known_to")) for actor in quantity.known_to]
    for actor, place in named:
        if actor not in file.actors:
            known = [*file.actors, "chance"] if place[-1] == "by" and place[0] == "moves" else file.actors
            yield _unknown(case, "actor", actor, known, *place)


@check("name-taken")
def _names(case: Case) -> Iterator[Problem]:
    """A name means something else in the language, or names two things that conditions speak of alike."""
    file = case.file
    taken = [
        ("actors", "chance", "'chance' moves by odds and is no actor"),
        ("forms", "none", "'none' is the form that stands where none does"),
        ("moves", "outcome", "'outcome' is how a history ends"),
        ("types", "outcome", "'outcome' is how a history ends"),
    ]
    for section, name, message in taken:
        if name in getattr(file, section):
            yield case.problem(message, "give it another name", section, name)
    for actor in file.types:
        if actor in file.moves:
            message = f"'{actor}' is a move and an actor with types"
            yield case.problem(message, "give one of them another name", "moves", actor)


@check("unknown-outcome")
def _outcome_names(case: Case) -> Iterator[Problem]:
    """An outcome or a goal is named that the case does not declare."""
    file = case.file
    named: list[tuple[str, tuple[str, ...]]] = [(name, ("outcome_labels", name)) for name in file.outcome_labels]
    named += [(name, ("paths", name)) for name in file.paths]
    named += [(name, ("breaks_truce",)) for name in file.breaks_truce]
    named += [(name, ("payoffs", actor, "unit")) for actor, payoff in file.payoffs.items() for name in payoff.unit]
    for name, place in named:
        if name not in file.outcomes:
            yield _unknown(case, "outcome", name, file.outcomes, *place)
    for name in file.goal_labels:
        if name not in file.goals:
            yield _unknown(case, "goal", name, file.goals, "goal_labels", name)


@check("parties")
def _parties(case: Case) -> Iterator[Problem]:
    """An issue gives a position to somebody who is neither a member nor an actor, or nobody cares about it."""
    known = {*case.file.members, *case.file.actors}
    for name, issue in case.file.issues.items():
        for party in issue.positions:
            if party not in known:
                yield _unknown(case, "member or actor", party, known, "issues", name, "positions", party)
        if all(issue.salience.get(party) == 0 for party in issue.positions):
            yield case.problem("nobody cares about it", "give a party a salience above 0", "issues", name, "salience")


# --- moves ----------------------------------------------------------------------------------------------------------------


@check("options")
def _options(case: Case) -> Iterator[Problem]:
    """A move has no options, too many or twice the same, or has them in the wrong form; or nobody decides."""
    if all(move.by == "chance" for move in case.file.moves.values()):
        yield case.problem("nobody decides anything", "say which actor decides what under `moves`", "moves")
    for name, move in case.file.moves.items():
        place, options = Place.of("moves", name, "options"), list(move.options)
        chance, odds = move.by == "chance", isinstance(move.options, dict)
        if chance and not odds:
            yield case.problem("a chance move needs probabilities", "write `options: {a: 0.3, b: rest}`", place)
        if odds and not chance and move.by in case.file.actors:
            yield case.problem("an actor's options are a list", "write `options: [a, b]`", place)
        if not options:
            yield case.problem("a move without options", "list at least one", place)
        if len(options) > MOST_OPTIONS:
            yield case.problem(f"{len(options):,} options", f"a move may have {MOST_OPTIONS:,}", place)
        if len(set(options)) < len(options):
            yield case.problem("an option is listed twice", "each option may stand once", place)
        if SKIPPED in options:
            yield case.problem(f"'{SKIPPED}' is the value of a skipped move", "call the option otherwise", place)


@check("unknown-option")
def _option_names(case: Case) -> Iterator[Problem]:
    """A move groups, labels or calls irreversible an option that it does not have."""
    for name, move in case.file.moves.items():
        for option in [*(o for nest in move.nests for o in nest), *move.irreversible, *move.labels]:
            if option not in move.options:
                yield _unknown(case, "option", option, move.options, "moves", name)


@check("unseen-move")
def _sees(case: Case) -> Iterator[Problem]:
    """A mover sees a move that does not come before its own."""
    earlier: list[str] = []
    for name, move in case.file.moves.items():
        for seen in move.sees if isinstance(move.sees, tuple) else ():
            if seen not in earlier:
                yield _unknown(case, "earlier move", seen, earlier, "moves", name, "sees")
        earlier.append(name)


@check("probabilities")
def _odds(case: Case) -> Iterator[Problem]:
    """Plain probabilities lie outside 0 to 1, cannot sum to one, or leave the rest to none or to two."""
    for name, move in case.file.moves.items():
        if move.by == "chance" and isinstance(move.options, dict):
            yield from _sum_to_one(case, list(move.options.values()), Place.of("moves", name, "options"))
    for actor, types in case.file.types.items():
        specs = {name: spec for name, spec in types.items() if isinstance(spec, TypeSpec)}
        if len(types) - len(specs) != 1:
            yield case.problem("exactly one type must be `rest`", "write `name: rest` for one of them", "types", actor)
        for name, spec in specs.items():
            if isinstance(spec.truth, float) and not 0 <= spec.truth <= 1:
                message, remedy = f"impossible probability {spec.truth:g}", "a probability lies between 0 and 1"
                yield case.problem(message, remedy, "types", actor, name, "truth")


def _sum_to_one(case: Case, values: list[float | str], place: Place) -> Iterator[Problem]:
    numbers = [v for v in values if isinstance(v, float)]
    rests, total = sum(v == "rest" for v in values), sum(numbers)
    impossible = [v for v in numbers if not 0 <= v <= 1]
    if impossible:
        message = f"impossible probability {impossible[0]:g}"
        yield case.problem(message, "a probability lies between 0 and 1", place)
    if rests > 1:
        yield case.problem("`rest` stands twice", "only one option can take the rest", place)
    if total > 1 + 1e-9:
        yield case.problem(f"probabilities add up to {total:g}", "they must not exceed 1", place)
    if rests == 0 and len(numbers) == len(values) and abs(total - 1) > 1e-9:
        yield case.problem(f"probabilities add up to {total:g}", "make them 1, or give one option `rest`", place)
    if rests == 0 and len(numbers) < len(values):
        yield case.problem("probabilities cannot be known to sum to one", "give one option `rest`", place)


@check("rounds")
def _rounds(case: Case) -> Iterator[Problem]:
    """A repeated move comes without end, too often, or never."""
    for name, move in case.file.moves.items():
        place, times = Place.of("moves", name, "repeat"), move.times
        if times == math.inf:
            yield case.problem(f"'{name}' repeats without end", "add `rounds:` or `until:`", place)
        elif times > MOST_ROUNDS:
            remedy = f"a move may come {MOST_ROUNDS} times: name fewer rounds, or put them farther apart"
            yield case.problem(f"'{name}' comes {times:,.0f} times", remedy, place)
        elif times < 1:
            yield case.problem(f"'{name}' never comes: its rounds end before the first", "raise `until`", place)


@check("size")
def _size(case: Case) -> Iterator[Problem]:
    """The case has more moves, rounds or combinations of types than can be unrolled."""
    times = sum(max(min(move.times, MOST_ROUNDS), 1.0) for move in case.file.moves.values())
    if times > MOST_LAYERS:
        remedy = f"at most {MOST_LAYERS} can be unrolled: leave moves out, or name fewer rounds"
        yield case.problem(f"moves come {times:,.0f} times in all, rounds counted", remedy, "moves")
    combinations = math.prod(len(types) for types in case.file.types.values())
    if combinations > MOST_TYPES:
        remedy = f"at most {MOST_TYPES:,} can be played: give fewer actors types"
        yield case.problem(f"{combinations:,} combinations of types", remedy, "types")


@check("calendar")
def _calendar(case: Case) -> Iterator[Problem]:
    """A month falls before the year 1, or so late that the horizon ends after the year 9999."""
    begins = case.file.as_of.year * 12 + case.file.as_of.month - 1
    for place, month in [(Place.of("as_of"), 0.0), *_months(case)]:
        if not 12 <= begins + month <= 119_999 - case.file.horizon_months:
            message = f"month {month:g} leaves the calendar"
            yield case.problem(message, "dates lie between the years 1 and 9999, horizon included", place)


def _months(case: Case) -> Iterator[tuple[Place, float]]:
    """Every month that a case names or reaches, the earliest and the latest of each move."""
    first = last = 0.0
    for name, move in case.file.moves.items():
        early, late = (first, last) if move.at is None else (move.at, move.at)
        if move.repeat is not None:
            every = 1.0 if isinstance(move.repeat, int) else move.repeat.every
            late += every * min(max(move.times, 0.0), MOST_ROUNDS)
        place = Place.of("moves", name) / ("repeat" if move.repeat is not None else "at")
        yield from ((place, early), (place, late))
        first, last = min(first, early), max(last, late)
    for name, event in case.file.events.items():
        yield Place.of("events", name, "at"), event.at
    if isinstance(case.file.truce.at, float):
        yield Place.of("truce", "at"), case.file.truce.at
    for name, stretches in _readable_paths(case):
        for point in (p for s in stretches for p in (s.start, s.end) if p is not None):
            yield Place.of("paths", name), point.months + (last if point.move is not None else 0.0)


# --- outcomes, paths, payoffs, threats ------------------------------------------------------------------------------------


@check("outcomes")
def _outcomes(case: Case) -> Iterator[Problem]:
    """The case has no outcome or no goal, or `otherwise` stands where it closes nothing."""
    for section, remedy in (
        ("outcomes", "say how histories end under `outcomes`"),
        ("goals", "name the outcomes that count as the plan succeeding under `goals`"),
    ):
        if not getattr(case.file, section):
            yield case.problem(f"no {section.removesuffix('s')}", remedy, section)
    for name in list(case.file.outcomes)[:-1]:
        if case.file.outcomes[name] == "otherwise":
            yield case.problem("`otherwise` is not last", "put this outcome at the end of the list", "outcomes", name)
    for place, condition in case.conditions.items():
        if condition.text == "otherwise" and place.section != "outcomes":
            yield case.problem("`otherwise` closes the list of outcomes only", "write a condition", place)


def _readable_paths(case: Case) -> Iterator[tuple[str, tuple[Stretch, ...]]]:
    for name, text in case.file.paths.items():
        try:
            yield name, parse_path(text)
        except ExpressionError:
            continue


@check("presence-path")
def _paths(case: Case) -> Iterator[Problem]:
    """A presence path cannot be read, or names a form or a move that the case does not declare."""
    forms, moves = [*case.file.forms, "none"], case.file.moves
    for name, text in case.file.paths.items():
        try:
            stretches = parse_path(text)
        except ExpressionError as error:
            yield case.problem(str(error), error.remedy, "paths", name)
            continue
        for stretch in stretches:
            if stretch.form not in forms:
                yield _unknown(case, "form", stretch.form, forms, "paths", name)
            for point in (stretch.start, stretch.end):
                if point is not None and point.move is not None and point.move not in moves:
                    yield _unknown(case, "move", point.move, moves, "paths", name)
    if isinstance(case.file.truce.at, str) and case.file.truce.at not in moves:
        yield _unknown(case, "move", case.file.truce.at, moves, "truce", "at")


@check("exit-twice", "warning")
def _exits(case: Case) -> Iterator[Problem]:
    """A form's exit is modelled both as a move and as a hazard."""
    for name, stretches in _readable_paths(case):
        for stretch in stretches:
            form, end = case.file.forms.get(stretch.form), stretch.end
            if end is not None and end.move and form is not None and form.exit not in (None, 0.0):
                message = f"the exit of '{stretch.form}' is modelled both as the move '{end.move}' and as a hazard"
                remedy = "keep the hazard for causes that no modelled actor decides, or drop one"
                yield case.problem(message, remedy, "paths", name)


@check("payoffs")
def _payoffs(case: Case) -> Iterator[Problem]:
    """An actor moves without a payoff, or its unit is the difference of an outcome from itself."""
    movers = {move.by for move in case.file.moves.values()} - {"chance"}
    for actor in sorted(movers & set(case.file.actors) - set(case.file.payoffs)):
        yield case.problem(f"'{actor}' moves but has no payoff", f"add `payoffs: {actor}:` with its terms", "payoffs")
    for actor, payoff in case.file.payoffs.items():
        if payoff.unit[0] == payoff.unit[1]:
            message = f"a unit of nought: both outcomes are '{payoff.unit[0]}'"
            yield case.problem(message, "name two outcomes whose difference counts as 1", "payoffs", actor, "unit")


@check("silent-twin")
def _twins(case: Case) -> Iterator[Problem]:
    """The silent twin of a threat is no option of a move by which it is made."""
    for name, threat in case.file.threats.items():
        options = {o for move in _made_by(case, name) for o in case.options[move]}
        if options and threat.silent_twin not in options:
            yield _unknown(case, "option", threat.silent_twin, options, "threats", name, "silent_twin")


@check("cheap-talk", "warning")
def _cheap_talk(case: Case) -> Iterator[Problem]:
    """A threat changes no payoff, outcome or later move."""
    elsewhere = [c for place, c in case.conditions.items() if place.section != "threats"]
    for name in case.file.threats:
        movers = _made_by(case, name)
        if movers and not any(movers & c.names for c in elsewhere):
            message = "the threat changes no payoff, outcome or later move (cheap talk)"
            yield case.problem(message, "let a payoff, a fact or a later move depend on it", "threats", name)


def _made_by(case: Case, threat: str) -> set[str]:
    made = case.expression(Place.of("threats", threat, "made"))
    return set(case.file.moves) & made.names if made is not None else set()


# --- expressions ----------------------------------------------------------------------------------------------------------


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
                yield _unknown(case, "function", call, words.functions, place)
        yield from _unknown_words(case, place, expression, words)


def _unknown_words(case: Case, place: Place, expression: Expression, words: Words) -> Iterator[Problem]:
    """Names in an expression: those that may stand by themselves, and options beside the choices that have them."""
    compared = [(c, w) for c, w in expression.comparisons() if c in words.choices and w not in words.choices]
    for choice, word in compared:
        if word not in words.choices[choice] | {SKIPPED} and not _beside_other(expression, words, word):
            yield _unknown(case, f"option of '{choice}'", word, words.choices[choice], place)
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
            yield _unknown(case, kind.word if kind is not None else "name", word, known, place)


def _lacking(case: Case, word: str, words: Words, place: Place) -> Problem:
    section = words.missing[word]
    message = f"'{word}' means nothing in a case without `{section}`"
    return case.problem(message, f"declare `{section}:`, or leave '{word}' out", place)


def _beside_other(expression: Expression, words: Words, word: str) -> bool:
    """Whether the word is an option of some other move in the same comparison (`designate in [warn, answer]`)."""
    return any(w == word and word in words.choices.get(c, ()) for c, w in expression.comparisons())


@check("two-meanings")
def _two_meanings(case: Case) -> Iterator[Problem]:
    """An expression uses a name that stands for two things there."""
    for place, expression, words in _written(case):
        for name in sorted(expression.names & set(words.values)):
            if len(words.values[name]) > 1:
                message = f"'{name}' is {' and '.join(words.values[name])} here"
                yield case.problem(message, "give one of them another name", place)


@check("text-for-number", stage="sense")
def _kinds(case: Case) -> Iterator[Problem]:
    """An expression mixes options or text with numbers and conditions."""
    for place, expression, _ in _written(case):
        kind = kind_at(place)
        scope = _one_history(case, place, expression) if kind is not None and kind.moves else _ones(expression)
        try:
            with np.errstate(all="ignore"):
                expression.evaluate(scope, finite=False)
        except ExpressionError as error:
            yield case.problem(f"'{expression.text}': {error}", error.remedy, place)


def _ones(expression: Expression) -> Scope:
    return Scope(dict.fromkeys(expression.names, np.ones(())), functions=_answering(expression))


def _one_history(case: Case, place: Place, expression: Expression) -> Scope:
    """One history in which every move was skipped, with as many rounds as the expression asks for.

    Whether a move comes again is asked after one round of it, which then stands for the move.
    """
    own = {str(place.parts[1])} if place.field == ("Repeat", "stop_when") else set()
    repeated = case.repeated - own
    asked = [
        int(node.slice.value)
        for node in ast.walk(expression.tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, int)
    ]
    rounds = np.full(max([2, *asked]), SKIPPED)
    once = {name: rounds[0] for name in (*case.file.moves, "outcome", *case.file.types)}
    choices = {**once, **dict.fromkeys(repeated, rounds)}
    return Scope({"present": np.ones(())}, choices, _answering(expression), repeated, case.options)


def _answering(expression: Expression) -> Mapping[str, Any]:
    """Whatever is not arithmetic answers with a one; `form_at` with the name of a form."""
    found: dict[str, Any] = {name: lambda *a: np.ones(()) for name in expression.calls - set(FUNCTIONS)}
    return {**found, "form_at": lambda *a: np.array("none")}


# --- quantities and claims ------------------------------------------------------------------------------------------------


@check("unused-quantity", "warning")
def _unused(case: Case) -> Iterator[Problem]:
    """Nobody uses a quantity."""
    for name in case.file.quantities:
        if name not in case.used_at:
            remedy = "use it in a payoff, a type or a chance move, or delete it"
            yield case.problem(f"nobody uses '{name}'", remedy, "quantities", name)


@check("no-fallback", "warning")
def _fallbacks(case: Case) -> Iterator[Problem]:
    """A quantity rests on claims and does not say what it falls back to without them."""
    for name, quantity in case.file.quantities.items():
        if quantity.from_.claims and quantity.without is None:
            message = "no `without`: when its sources are dropped it becomes vague on its range"
            yield case.problem(message, "say what it falls back to", "quantities", name)


@check("correlations")
def _correlations(case: Case) -> Iterator[Problem]:
    """A correlation names no quantity, or lies outside -1 to 1."""
    for i, (a, b, rho) in enumerate(case.file.correlate):
        for word in (a, b):
            if word not in case.inputs:
                yield _unknown(case, "quantity", word, case.inputs, "correlate", i)
        if not -1 < rho < 1:
            yield case.problem(f"impossible correlation {rho:g}", "a correlation lies between -1 and 1", "correlate", i)


@check("unknown-claim", stage="claims")
def _claims(case: Case, claim_ids: Collection[str]) -> Iterator[Problem]:
    """A quantity rests on a claim that does not exist."""
    for name, quantity in case.file.quantities.items():
        for claim in quantity.from_.claims:
            if claim not in claim_ids:
                yield case.problem(f"no claim '{claim}'", suggest(claim, claim_ids), "quantities", name, "from")


# --- what is silenced -----------------------------------------------------------------------------------------------------


@check("silenced-error")
def _silenced_errors(case: Case) -> Iterator[Problem]:
    """A case silences an error, or a warning without a reason."""
    for name, reason in case.file.silence.items():
        if name in CHECKS and CHECKS[name].severity == "error":
            yield case.problem(f"'{name}' is an error: it cannot be silenced", "mend what it finds", "silence", name)
        elif not reason.strip():
            yield case.problem(f"'{name}' is silenced without a reason", "say why", "silence", name)


@check("unknown-silence", stage="registry")
def _unknown_silence(case: Case) -> Iterator[Problem]:
    """A case silences a check that does not exist; asked once every room has added its checks."""
    for name in case.file.silence:
        if name not in CHECKS:
            warnings = [c.id for c in CHECKS.values() if c.severity == "warning"]
            yield _unknown(case, "check", name, warnings, "silence", name)
