"""Checks of moves: their options, odds, rounds, dates and size."""

import math
from collections.abc import Iterable, Iterator
from itertools import chain

from vetopoint.case.case import Case
from vetopoint.case.checks._complaints import faults, strangers, unknown
from vetopoint.case.checks.ends import readable_paths
from vetopoint.case.expression import SKIPPED, ExpressionError
from vetopoint.case.paths import parse_point
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
        few, late = len(set(asked.options or move.options)) < 2, (asked.round or 1) > case.turn_of[asked.move].times
        remedy = f"name two or more of {', '.join(move.options)}"
        yield from faults(case, place, (few, "one option leaves nothing to choose", remedy))
        yield from faults(case, place, (late, f"'{asked.move}' has no round {asked.round}", "name an earlier round"))


@check("unseen-move")
def _sees(case: Case) -> Iterator[Problem]:
    """A mover sees a move that does not come before its own."""
    earlier: list[str] = []
    for turn in case.turns:
        for name in turn.moves:
            seen, sees = [m for m in turn.moves if m != name], case.file.moves[name].sees
            named = [(each, ("moves", name, "sees")) for each in (sees if isinstance(sees, tuple) else ())]
            yield from strangers(case, "earlier move", [*earlier, *seen], named)
        earlier.extend(turn.moves)


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
    """A repeated move, or a block of moves, comes without end, too often, or never; or its last day cannot be counted to."""
    for turn in case.turns:
        place, times = turn.place, turn.times
        name, keys = (place.key, "times") if place.section == "rounds" else (turn.moves[0], "rounds")
        if math.isnan(times):
            remedy = f"give '{turn.moves[0]}' the time of its first round under `at`, or say how many `{keys}:`"
            yield case.problem(
                f"the rounds of '{name}' up to a day cannot be counted without their first", remedy, place
            )
        elif times == math.inf:
            yield case.problem(f"'{name}' repeats without end", f"add `{keys}:` or `until:`", place)
        elif times > MOST_ROUNDS:
            remedy = f"a move may come {MOST_ROUNDS} times: name fewer rounds, or put them farther apart"
            yield case.problem(f"'{name}' comes {times:,.0f} times", remedy, place)
        elif times < 1:
            yield case.problem(f"'{name}' never comes: its rounds end before the first", "raise `until`", place)


@check("alternation")
def _blocks(case: Case) -> Iterator[Problem]:
    """Moves that alternate in rounds are not there, repeated by themselves, in two blocks, or not side by side."""
    moves, taken = list(case.file.moves), dict[str, str]()
    for name, block in case.file.rounds.items():
        place, known = Place.of("rounds", name, "moves"), [m for m in block.moves if m in moves]
        yield from strangers(case, "move", moves, [(m, place.parts) for m in block.moves])
        first = min(map(moves.index, known), default=0)
        twice = next((m for m in known if m in taken or known.count(m) > 1), None)
        again = next((m for m in known if case.file.moves[m].repeat is not None), None)
        side = moves[first : first + len(known)]
        yield from faults(
            case,
            place,
            (not block.moves, "rounds of no move", "name the moves of a round, such as `[demand, concede, decide]`"),
            (twice is not None, f"'{twice}' stands twice in rounds", "a move belongs to one block, once"),
            (
                again is not None,
                f"'{again}' is repeated by itself too",
                "leave out its `repeat`: the block says how often it comes",
            ),
            (
                twice is None and known != side,
                f"the moves of '{name}' are not written side by side, in this order, under `moves`",
                f"write {', '.join(known)} one after the other there",
            ),
        )
        taken |= dict.fromkeys(known, name)


@check("dated-after")
def _dated_after(case: Case) -> Iterator[Problem]:
    """A move is dated after itself, after a later move or after none that there is, or has two dates."""
    for turn in case.turns:
        before = list(case.file.moves)[: list(case.file.moves).index(turn.moves[0])]
        for name in turn.moves:
            move, place = case.file.moves[name], Place.of("moves", name, "after")
            if move.after is None:
                continue
            try:
                named = parse_point(move.after).move
            except ExpressionError:
                named = None
            earlier = [*before, *turn.before(name)]
            if named is not None and named not in case.file.moves:
                yield unknown(case, "move", named, earlier, place)
                continue
            remedy = f"name an earlier move: {', '.join(earlier)}" if earlier else "write `at`: no move comes before it"
            yield from faults(
                case,
                place,
                (
                    named is None,
                    f"'{move.after}' is no time after a move",
                    "write `answer + 0.5` or `answer + 10 days`",
                ),
                (named == name, f"'{name}' comes after itself", remedy),
                (named not in (None, name, *earlier), f"'{named}' comes later than '{name}'", remedy),
                (move.at is not None, f"'{name}' has two dates, `at` and `after`", "keep one of them"),
            )


@check("size")
def _size(case: Case) -> Iterator[Problem]:
    """The case has more moves, rounds or combinations of types than can be unrolled."""
    counted = [(len(turn.moves), 1.0 if math.isnan(turn.times) else turn.times) for turn in case.turns]
    times = sum(moves * max(min(often, MOST_ROUNDS), 1.0) for moves, often in counted)
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
            message = f"{case.calendar.said(month)} leaves the calendar"
            yield case.problem(message, "dates lie between the years 1 and 9999, horizon included", place)


def _months_after(text: str) -> float:
    try:
        return parse_point(text).months
    except ExpressionError:
        return 0.0


def _months(case: Case) -> Iterator[tuple[Place, float]]:
    """Every month that a case names or reaches, the earliest and the latest of each move."""
    first = last = 0.0
    for turn in case.turns:
        for name in turn.moves:
            move, beyond = case.file.moves[name], 0.0
            early, late = (first, last) if move.at is None else (move.at, move.at)
            beyond += 0.0 if move.after is None else _months_after(move.after)
            if turn.repeats and math.isfinite(turn.times):
                beyond += turn.every * min(max(turn.times, 0.0), MOST_ROUNDS)
            place = Place.of("moves", name, "at") if turn.place.section != "rounds" and not turn.repeats else turn.place
            yield from ((place, early), (place, late + beyond))
            first, last = min(first, early), max(last, late + beyond)
    for name, event in case.file.events.items():
        yield Place.of("events", name, "at"), event.at
    if isinstance(case.file.truce.at, float):
        yield Place.of("truce", "at"), case.file.truce.at
    for name, stretches in readable_paths(case):
        for point in (p for s in stretches for p in (s.start, s.end) if p is not None):
            yield Place.of("paths", name), point.months + (last if point.move is not None else 0.0)
