"""Checks that need the case file alone: names, references, probabilities, dates, loose ends."""

import ast
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
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

MOST_ROUNDS = 60
MOST_LAYERS = 500
MOST_OPTIONS = 1_000
MOST_TYPES = 4_096


def _unknown(case: Case, what: str, word: str, known: Iterable[str], *place: Place | str | int) -> Problem:
    return case.problem(f"unknown {what} '{word}'", suggest(word, known), *place)


def _strangers(
    case: Case, what: str, known: Collection[str], named: Iterable[tuple[str, tuple[str | int, ...]]]
) -> Iterator[Problem]:
    """The names, each with where it stands, that are not known."""
    return (_unknown(case, what, name, known, *place) for name, place in named if name not in known)


def _faults(case: Case, place: Place, *faults: tuple[bool, str, str]) -> Iterator[Problem]:
    """What is wrong at a place, of faults that each say whether it is so, what it is, and the remedy."""
    return (case.problem(message, remedy, place) for wrong, message, remedy in faults if wrong)


# --- who and what is named ------------------------------------------------------------------------------------------------


@check("unknown-actor")
def _actors(case: Case) -> Iterator[Problem]:
    """An actor is named that the case does not declare."""
    file = case.file
    named: list[tuple[str | None, tuple[str, ...]]] = [(file.owner, ("owner",))]
    named += [(file.coalition.actor, ("coalition", "actor"))]
    named += [(actor, ("precision", actor)) for actor in file.precision]
    named += [(actor, ("payoffs", actor)) for actor in file.payoffs]
    for actor, types in file.types.items():
        named.append((actor, ("types", actor)))
        for name, spec in types.items():
            if isinstance(spec, TypeSpec):
                named += [(other, ("types", actor, name, "believed", other)) for other in spec.believed]
    for name, threat in file.threats.items():
        named += [(threat.by, ("threats", name, "by")), (threat.to, ("threats", name, "to"))]
    for name, quantity in file.quantities.items():
        if isinstance(quantity.known_to, tuple):
            named += [(actor, ("quantities", name, "known_to")) for actor in quantity.known_to]
    yield from _strangers(case, "actor", file.actors, [(name, place) for name, place in named if name is not None])
    movers = [(move.by, ("moves", name, "by")) for name, move in file.moves.items()]
    yield from _strangers(case, "actor", [*file.actors, "chance"], movers)


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
    for actor in [name for name in file.types if name in file.moves]:
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
    yield from _strangers(case, "outcome", file.outcomes, named)
    yield from _strangers(case, "goal", file.goals, [(name, ("goal_labels", name)) for name in file.goal_labels])


@check("parties")
def _parties(case: Case) -> Iterator[Problem]:
    """An issue gives a position to somebody who is neither a member nor an actor, or nobody cares about it."""
    known = {*case.file.members, *case.file.actors}
    for name, issue in case.file.issues.items():
        placed = [(party, ("issues", name, "positions", party)) for party in issue.positions]
        yield from _strangers(case, "member or actor", known, placed)
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
        actor = not chance and move.by in case.file.actors
        yield from _faults(
            case,
            place,
            (chance and not odds, "a chance move needs probabilities", "write `options: {a: 0.3, b: rest}`"),
            (odds and actor, "an actor's options are a list", "write `options: [a, b]`"),
            (not options, "a move without options", "list at least one"),
            (len(options) > MOST_OPTIONS, f"{len(options):,} options", f"a move may have {MOST_OPTIONS:,}"),
            (len(set(options)) < len(options), "an option is listed twice", "each option may stand once"),
            (SKIPPED in options, f"'{SKIPPED}' is the value of a skipped move", "call the option otherwise"),
        )


@check("unknown-option")
def _option_names(case: Case) -> Iterator[Problem]:
    """A move groups, labels or calls irreversible an option that it does not have."""
    for name, move in case.file.moves.items():
        named = [*chain.from_iterable(move.nests), *move.irreversible, *move.labels]
        yield from _strangers(case, "option", move.options, [(option, ("moves", name)) for option in named])


@check("attempt")
def _attempt(case: Case) -> Iterator[Problem]:
    """The plan is attempted by a move that is not its owner's, by an option that there is not, or by none."""
    file = case.file
    own = [name for name, move in file.moves.items() if move.by == file.owner]
    for name, options in file.attempts.items():
        place, move = Place.of("attempt", name), file.moves.get(name)
        if move is None:
            yield _unknown(case, "move", name, own or file.moves, place)
            continue
        yield from _strangers(case, f"option of '{name}'", move.options, [(o, place.parts) for o in options])
        remedy = (
            f"name a move of '{file.owner}': {', '.join(own)}"
            if own
            else "leave `attempt` out: the owner makes no move"
        )
        yield from _faults(
            case,
            place,
            (move.by != file.owner, f"'{name}' is not a move of the plan's owner '{file.owner}'", remedy),
            (not options, "no option counts as attempting the plan", f"name one of {', '.join(move.options)}"),
        )


@check("decision")
def _decisions(case: Case) -> Iterator[Problem]:
    """A decision is no move of an actor, or of an option or a round that there is not, or leaves nothing to choose."""
    own = {name: move for name, move in case.file.moves.items() if move.by != "chance"}
    for name, asked in case.file.decisions.items():
        place, move = Place.of("decisions", name), own.get(asked.move)
        if move is None:
            yield _unknown(case, "move of an actor", asked.move, own, place / "move")
            continue
        yield from _strangers(
            case, f"option of '{asked.move}'", move.options, [(o, place.parts) for o in asked.options]
        )
        few, late = len(set(asked.options or move.options)) < 2, (asked.round or 1) > move.times
        remedy = f"name two or more of {', '.join(move.options)}"
        yield from _faults(case, place, (few, "one option leaves nothing to choose", remedy))
        yield from _faults(case, place, (late, f"'{asked.move}' has no round {asked.round}", "name an earlier round"))


@check("unseen-move")
def _sees(case: Case) -> Iterator[Problem]:
    """A mover sees a move that does not come before its own."""
    earlier: list[str] = []
    for name, move in case.file.moves.items():
        seen = move.sees if isinstance(move.sees, tuple) else ()
        yield from _strangers(case, "earlier move", earlier, [(each, ("moves", name, "sees")) for each in seen])
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
            yield from _impossible(case, [spec.truth], Place.of("types", actor, name, "truth"))


def _impossible(case: Case, values: Iterable[float | str], place: Place) -> Iterator[Problem]:
    """The first plain number that is no probability."""
    for value in [v for v in values if isinstance(v, float) and not 0 <= v <= 1][:1]:
        yield case.problem(f"impossible probability {value:g}", "a probability lies between 0 and 1", place)


def _sum_to_one(case: Case, values: list[float | str], place: Place) -> Iterator[Problem]:
    numbers = [v for v in values if isinstance(v, float)]
    rests, total, known = sum(v == "rest" for v in values), sum(numbers), len(numbers) == len(values)
    adds_up, unsettled = f"probabilities add up to {total:g}", "probabilities cannot be known to sum to one"
    yield from _impossible(case, values, place)
    yield from _faults(
        case,
        place,
        (rests > 1, "`rest` stands twice", "only one option can take the rest"),
        (total > 1 + 1e-9, adds_up, "they must not exceed 1"),
        (known and abs(total - 1) > 1e-9, adds_up, "make them 1, or give one option `rest`"),
        (rests == 0 and not known, unsettled, "give one option `rest`"),
    )


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


@check("idle-presence", "warning")
def _idle(case: Case) -> Iterator[Problem]:
    """Something bears on how long a truce holds, and the case models none."""
    file = case.file
    idle: list[tuple[str, ...]] = [(section,) for section in ("line", "breaks_truce") if file.declares(section)]
    for actor, types in file.types.items():
        shifting = (name for name, spec in types.items() if isinstance(spec, TypeSpec) and spec.hazard != 1.0)
        idle += [("types", actor, name, "hazard") for name in shifting]
    for place in idle if not file.models_truce else []:
        message = f"'{place[-1]}' counts for nothing in a case without `truce`"
        yield case.problem(message, "say under `truce:` when one begins, or leave it out", *place)


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


@check("expectation")
def _expectations(case: Case) -> Iterator[Problem]:
    """An expectation changes what is no number of the case, or joins a goal or an outcome with something else."""
    ends = {*case.file.goals, *case.file.outcomes}
    for i, expected in enumerate(case.file.expect):
        if expected.number not in case.inputs:
            key = "raise" if expected.raise_ is not None else "lower"
            yield _unknown(case, "number", expected.number, case.inputs, "expect", i, key)
        target = case.expression("expect", i, expected.target)
        if target is not None and target.names & ends and not target.is_name and not _compared_only(target, ends):
            message = f"'{target.text}' joins a goal or an outcome with something else"
            remedy = "name it alone, or write a condition such as `outcome in [a, b] and answer == refuse`"
            yield case.problem(message, remedy, "expect", i, expected.target)


def _compared_only(condition: Expression, ends: Collection[str]) -> bool:
    """Whether the names of ends that stand in a condition stand there as words that something is compared with."""
    return condition.names & set(ends) <= {word for _, word in condition.comparisons()}


@check("silent-twin")
def _twins(case: Case) -> Iterator[Problem]:
    """The silent twin of a threat is no option of a move by which it is made."""
    for name, threat in case.file.threats.items():
        options = {o for move in _made_by(case, name) for o in case.options[move]}
        if options and threat.silent_twin not in options:
            yield _unknown(case, "option", threat.silent_twin, options, "threats", name, "silent_twin")


@check("threat-about")
def _abouts(case: Case) -> Iterator[Problem]:
    """A threat is about a goal that there is not."""
    for name, threat in case.file.threats.items():
        if threat.about is not None and threat.about not in case.file.goals:
            yield _unknown(case, "goal", threat.about, case.file.goals, "threats", name, "about")


@check("threat-half-made", "warning")
def _half_made(case: Case) -> Iterator[Problem]:
    """An option by which a threat is made stands at another move of its maker, where it does not count as making it."""
    for name, threat in case.file.threats.items():
        moves, compared = _made_by(case, name), case.conditions[Place.of("threats", name, "made")].comparisons()
        options = {option for _, option in compared} - {threat.silent_twin}
        makers = {case.file.moves[move].by for move in moves} - {"chance"}
        for move in [m for m, own in case.file.moves.items() if m not in moves and own.by in makers]:
            shared = [option for option in case.options[move] if option in options]
            if shared:
                message = f"'{shared[0]}' at '{move}' does not count as making the threat '{name}'"
                remedy = f"write `{shared[0]} in [{', '.join([move, *sorted(moves)])}]`, or call the option otherwise"
                yield case.problem(message, remedy, "threats", name, "made")


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
    return set(case.file.moves) & case.conditions[Place.of("threats", threat, "made")].names


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
    # An option may be that of another move in the same comparison: `designate in [warn, answer]`.
    fitting = {SKIPPED, *(word for choice, word in compared if word in words.choices[choice])}
    for choice, word in compared:
        if word not in fitting:
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
        ones = Scope(dict.fromkeys(expression.names, np.ones(())), functions=_answering(expression))
        scope = _one_history(case, place, expression) if kind is not None and kind.moves else ones
        try:
            with np.errstate(all="ignore"):
                expression.evaluate(scope, finite=False)
        except ExpressionError as error:
            yield case.problem(f"'{expression.text}': {error}", error.remedy, place)


def _one_history(case: Case, place: Place, expression: Expression) -> Scope:
    """One history in which every move was skipped, with as many rounds as the expression asks for.

    Whether a move comes again is asked after one round of it, which then stands for the move.
    """
    own = {str(place.parts[1])} if place.field == ("Repeat", "stop_when") else set()
    repeated = case.repeated - own
    asked = [ast.literal_eval(node.slice) for node in ast.walk(expression.tree) if isinstance(node, ast.Subscript)]
    rounds = np.full(max([2, *asked]), SKIPPED)
    once = {name: rounds[0] for name in (*case.file.moves, "outcome", *case.file.types)}
    choices = {**once, **dict.fromkeys(repeated, rounds)}
    ends = dict.fromkeys([*case.file.goals, *case.file.outcomes] if place.section == "expect" else [], np.ones(()))
    return Scope({"present": np.ones(()), **ends}, choices, _answering(expression), repeated, case.options)


def _answering(expression: Expression) -> Mapping[str, Any]:
    """Whatever is not arithmetic answers with a one; `form_at` with the name of a form."""
    found: dict[str, Any] = {name: lambda *a: np.ones(()) for name in expression.calls - set(FUNCTIONS)}
    return {**found, "form_at": lambda *a: np.array("none")}


# --- quantities and claims ------------------------------------------------------------------------------------------------


@check("short-names", "warning")
def _short_names(case: Case) -> Iterator[Problem]:
    """A short name is given to what the case does not declare."""
    for kind in ("actors", "goals", "outcomes", "forms"):
        known = [*getattr(case.file, kind), *(["none"] if kind == "forms" else [])]
        for name in (n for n in getattr(case.file.short_, kind) if n not in known):
            yield case.problem(
                f"a short name for '{name}', which is none of the {kind}", suggest(name, known), "short", kind, name
            )


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
        yield from _strangers(case, "quantity", case.inputs, [(word, ("correlate", i)) for word in (a, b)])
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
