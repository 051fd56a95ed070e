"""Checks of moves: their options, odds, rounds, dates and size."""

import math
from collections.abc import Iterable, Iterator
from itertools import chain

from vetopoint.case.case import Case
from vetopoint.case.checks._complaints import faults, strangers, unknown
from vetopoint.case.checks.ends import readable_paths
from vetopoint.case.expression import SKIPPED
from vetopoint.case.place import Place
from vetopoint.case.registry import check
from vetopoint.case.schema import TypeSpec
from vetopoint.errors import Problem

MOST_ROUNDS = 60
MOST_LAYERS = 500
MOST_OPTIONS = 1_000
MOST_TYPES = 4_096


@check("options")
def _options(case: Case) -> Iterator[Problem]:
    """A move has no options, too many or twice the same, or has them in the wrong form; or nobody decides."""
    if all(move.by == "chance" for move in case.file.moves.values()):
        yield case.problem("nobody decides anything", "say which actor decides what under `moves`", "moves")
    for name, move in case.file.moves.items():
        place, options = Place.of("moves", name, "options"), list(move.options)
        chance, odds = move.by == "chance", isinstance(move.options, dict)
        actor = not chance and move.by in case.file.actors
        yield from faults(
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
        yield from strangers(case, "option", move.options, [(option, ("moves", name)) for option in named])


@check("attempt")
def _attempt(case: Case) -> Iterator[Problem]:
    """The plan is attempted by a move that is not its owner's, by an option that there is not, or by none."""
    file = case.file
    own = [name for name, move in file.moves.items() if move.by == file.owner]
    for name, options in file.attempts.items():
        place, move = Place.of("attempt", name), file.moves.get(name)
        if move is None:
            yield unknown(case, "move", name, own or file.moves, place)
            continue
        yield from strangers(case, f"option of '{name}'", move.options, [(o, place.parts) for o in options])
        remedy = (
            f"name a move of '{file.owner}': {', '.join(own)}"
            if own
            else "leave `attempt` out: the owner makes no move"
        )
        yield from faults(
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
            yield unknown(case, "move of an actor", asked.move, own, place / "move")
            continue
        yield from strangers(case, f"option of '{asked.move}'", move.options, [(o, place.parts) for o in asked.options])
        few, late = len(set(asked.options or move.options)) < 2, (asked.round or 1) > move.times
        remedy = f"name two or more of {', '.join(move.options)}"
        yield from faults(case, place, (few, "one option leaves nothing to choose", remedy))
        yield from faults(case, place, (late, f"'{asked.move}' has no round {asked.round}", "name an earlier round"))


@check("unseen-move")
def _sees(case: Case) -> Iterator[Problem]:
    """A mover sees a move that does not come before its own."""
    earlier: list[str] = []
    for name, move in case.file.moves.items():
        seen = move.sees if isinstance(move.sees, tuple) else ()
        yield from strangers(case, "earlier move", earlier, [(each, ("moves", name, "sees")) for each in seen])
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
    yield from faults(
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
    for name, stretches in readable_paths(case):
        for point in (p for s in stretches for p in (s.start, s.end) if p is not None):
            yield Place.of("paths", name), point.months + (last if point.move is not None else 0.0)
