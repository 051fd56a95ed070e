"""Checks that need the whole case and nothing else: names, references, probabilities, loose ends."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator

from vetopoint.case.case import Case
from vetopoint.case.document import place_of
from vetopoint.case.expression import FUNCTIONS, REDUCERS, SKIPPED, Expression, ExpressionError
from vetopoint.case.kinds import check_kinds, over_history
from vetopoint.case.paths import Point, parse_path
from vetopoint.case.schema import Move, TypeSpec
from vetopoint.errors import Problem

__all__ = ["check_case"]

HISTORY_FUNCTIONS = frozenset([*REDUCERS, "present_at", "form_at"])
GOAL_FUNCTIONS = HISTORY_FUNCTIONS | {"truce_held_at"}
STANCES = frozenset(["supports", "needs_consent", "effective", "opposes"])
MEMBER_FUNCTIONS = frozenset(["joined", "joined_share", "k_of", *FUNCTIONS])


def check_case(case: Case, claim_ids: Collection[str] | None = None) -> list[Problem]:
    """Every complaint about a case, errors first, in the order of the file."""
    checks: Iterable[Iterator[Problem]] = (
        _check_actors(case),
        _check_moves(case),
        _check_types(case),
        _check_conditions(case),
        _check_outcomes(case),
        _check_paths(case),
        _check_payoffs(case),
        _check_threats(case),
        _check_specs(case),
        _check_quantities(case, claim_ids),
        _check_members(case),
    )
    found = [problem for check in checks for problem in check]
    if all(problem.severity != "error" for problem in found):
        found += check_kinds(case)
    return sorted(dict.fromkeys(found), key=lambda p: (p.severity != "error", p.line))


def suggest(word: str, known: Iterable[str]) -> str:
    """A remedy that names the nearest known word, or lists the known ones."""
    known = sorted(set(known))
    near = difflib.get_close_matches(word, known, 1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"known here: {', '.join(known[:15])}" if known else "declare it first"


def _unknown(case: Case, what: str, word: str, known: Iterable[str], *place: str | int) -> Problem:
    return case.problem(f"unknown {what} '{word}'", suggest(word, known), *place)


def _check_actors(case: Case) -> Iterator[Problem]:
    file, actors = case.file, case.file.actors
    if file.owner not in actors:
        yield _unknown(case, "actor", file.owner, actors, "owner")
    if file.coalition.actor is not None and file.coalition.actor not in actors:
        yield _unknown(case, "actor", file.coalition.actor, actors, "coalition", "actor")
    for actor in file.precision:
        if actor not in actors:
            yield _unknown(case, "actor", actor, actors, "precision", actor)
    for actor in file.payoffs:
        if actor not in actors:
            yield _unknown(case, "actor", actor, actors, "payoffs", actor)


def _check_moves(case: Case) -> Iterator[Problem]:
    earlier: list[str] = []
    for name, move in case.file.moves.items():
        yield from _check_mover(case, name, move)
        options = list(move.options)
        if len(set(options)) < len(options):
            yield case.problem("an option is listed twice", "each option may stand once", "moves", name, "options")
        if SKIPPED in options:
            yield case.problem(
                f"'{SKIPPED}' is the value of a skipped move", "call the option otherwise", "moves", name, "options"
            )
        if move.sees not in ("all", "nothing"):
            for seen in move.sees:
                if seen not in earlier:
                    yield _unknown(case, "earlier move", seen, earlier, "moves", name, "sees")
        for option in [*(o for nest in move.nests for o in nest), *move.irreversible, *move.labels]:
            if option not in options:
                yield _unknown(case, "option", option, options, "moves", name)
        earlier.append(name)


def _check_mover(case: Case, name: str, move: Move) -> Iterator[Problem]:
    if move.by != "chance":
        if move.by not in case.file.actors:
            yield _unknown(case, "actor", move.by, [*case.file.actors, "chance"], "moves", name, "by")
        if isinstance(move.options, dict):
            yield case.problem("an actor's options are a list", "write `options: [a, b]`", "moves", name, "options")
        if len(move.options) < 1:
            yield case.problem("a move without options", "list at least one", "moves", name, "options")
        return
    if not isinstance(move.options, dict):
        yield case.problem(
            "a chance move needs probabilities", "write `options: {a: 0.3, b: rest}`", "moves", name, "options"
        )
        return
    yield from _check_probabilities(case, move.options.values(), "moves", name, "options")


def _check_probabilities(case: Case, values: Iterable[object], *place: str) -> Iterator[Problem]:
    values = list(values)
    numbers = [float(v) for v in values if isinstance(v, int | float)]
    rests = sum(v == "rest" for v in values)
    if any(not 0 <= v <= 1 for v in numbers):
        bad = next(v for v in numbers if not 0 <= v <= 1)
        yield case.problem(f"impossible probability {bad:g}", "a probability lies between 0 and 1", *place)
    if rests > 1:
        yield case.problem("`rest` stands twice", "only one option can take the rest", *place)
    total = sum(numbers)
    if total > 1 + 1e-9:
        yield case.problem(f"probabilities add up to {total:g}", "they must not exceed 1", *place)
    if rests == 0 and len(numbers) == len(values) and abs(total - 1) > 1e-9:
        yield case.problem(f"probabilities add up to {total:g}", "make them 1, or give one option `rest`", *place)
    if rests == 0 and len(numbers) < len(values):
        yield case.problem("probabilities cannot be known to sum to one", "give one option `rest`", *place)


def _check_types(case: Case) -> Iterator[Problem]:
    for actor, types in case.file.types.items():
        if actor not in case.file.actors:
            yield _unknown(case, "actor", actor, case.file.actors, "types", actor)
        specs = {name: spec for name, spec in types.items() if isinstance(spec, TypeSpec)}
        if len(types) - len(specs) != 1:
            yield case.problem("exactly one type must be `rest`", "write `name: rest` for one of them", "types", actor)
        for name, spec in specs.items():
            if isinstance(spec.truth, int | float) and not 0 <= spec.truth <= 1:
                yield case.problem(
                    f"impossible probability {spec.truth:g}",
                    "a probability lies between 0 and 1",
                    "types",
                    actor,
                    name,
                    "truth",
                )
            for other in spec.believed:
                if other not in case.file.actors:
                    yield _unknown(case, "actor", other, case.file.actors, "types", actor, name, "believed", other)


def _check_conditions(case: Case) -> Iterator[Problem]:
    moves = list(case.file.moves)
    for name, condition in case.conditions.items():
        place = place_of(name)
        if not over_history(name):
            continue
        if condition.text == "otherwise":
            if place[0] != "outcomes":
                yield case.problem("`otherwise` closes the list of outcomes only", "write a condition", *place)
            continue
        known = list(moves)
        if place[0] == "moves" and place[-1] == "when":
            known = moves[: moves.index(str(place[1]))]
        elif place[0] == "moves":
            known = moves[: moves.index(str(place[1])) + 1]
        with_outcome = place[0] in ("goals", "payoffs", "threats")
        known += ["outcome"] if with_outcome else []
        known += case.file.types if place[0] == "payoffs" else []
        yield from _check_history(case, condition, known, place)


def _check_history(
    case: Case, condition: Expression, known: list[str], place: tuple[str | int, ...]
) -> Iterator[Problem]:
    """Names in a condition on the history: moves, and options beside the moves that have them."""
    functions = {*(GOAL_FUNCTIONS if place[0] == "goals" else HISTORY_FUNCTIONS), *FUNCTIONS}
    for call in condition.calls - functions:
        yield _unknown(case, "function", call, functions, *place)
    explained: set[str] = set()
    for choice, word in condition.comparisons():
        if choice in case.options and choice in known and word not in known:
            explained.add(word)
            if word not in case.options[choice] | {SKIPPED} and not _beside_other(case, condition, word, known):
                yield _unknown(case, f"option of '{choice}'", word, case.options[choice], *place)
    forms = {*case.file.forms, "none"}
    for word in condition.names - explained - {"present"}:
        if word in known or ("form_at" in condition.calls and word in forms):
            continue
        if word in case.file.moves:
            yield case.problem(f"'{word}' comes later", "a move can look at earlier moves only", *place)
        else:
            yield _unknown(case, "name", word, [*known, *(o for m in known for o in case.options.get(m, ()))], *place)


def _beside_other(case: Case, condition: Expression, word: str, known: list[str]) -> bool:
    """Whether the word is an option of some other move in the same comparison (`designate in [warn, answer]`)."""
    return any(w == word and c in known and word in case.options.get(c, ()) for c, w in condition.comparisons())


def _check_outcomes(case: Case) -> Iterator[Problem]:
    outcomes = list(case.file.outcomes.items())
    for position, (name, text) in enumerate(outcomes):
        if text == "otherwise" and position < len(outcomes) - 1:
            yield case.problem("`otherwise` is not last", "put this outcome at the end of the list", "outcomes", name)
    if not case.file.goals:
        yield case.problem("no goal", "name the outcomes that count as the plan succeeding under `goals`", "goals")
    for section, names in (("outcome_labels", case.file.outcome_labels), ("paths", case.file.paths)):
        for name in names:
            if name not in case.file.outcomes:
                yield _unknown(case, "outcome", name, case.file.outcomes, section, name)
    for name in case.file.breaks_truce:
        if name not in case.file.outcomes:
            yield _unknown(case, "outcome", name, case.file.outcomes, "breaks_truce")
    for name in case.file.goal_labels:
        if name not in case.file.goals:
            yield _unknown(case, "goal", name, case.file.goals, "goal_labels", name)


def _check_paths(case: Case) -> Iterator[Problem]:
    forms = [*case.file.forms, "none"]
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
                if isinstance(point, Point) and point.move is not None and point.move not in case.file.moves:
                    yield _unknown(case, "move", point.move, case.file.moves, "paths", name)
            exits = case.file.forms.get(stretch.form)
            if stretch.end is not None and stretch.end.move and exits is not None and exits.exit not in (None, 0, 0.0):
                message = (
                    f"the exit of '{stretch.form}' is modelled both as the move '{stretch.end.move}' and as a hazard"
                )
                remedy = "keep the hazard for causes that no modelled actor decides, or drop one"
                yield case.problem(message, remedy, "paths", name, severity="warning")
    if (
        case.file.truce.starts is not None
        and isinstance(case.file.truce.at, str)
        and case.file.truce.at not in case.file.moves
    ):
        yield _unknown(case, "move", case.file.truce.at, case.file.moves, "truce", "at")


def _check_payoffs(case: Case) -> Iterator[Problem]:
    movers = {move.by for move in case.file.moves.values()} - {"chance"}
    for actor in sorted(movers & set(case.file.actors) - set(case.file.payoffs)):
        yield case.problem(f"'{actor}' moves but has no payoff", f"add `payoffs: {actor}:` with its terms", "payoffs")
    for actor, payoff in case.file.payoffs.items():
        for outcome in payoff.unit:
            if outcome not in case.file.outcomes:
                yield _unknown(case, "outcome", outcome, case.file.outcomes, "payoffs", actor, "unit")


def _check_threats(case: Case) -> Iterator[Problem]:
    for name, threat in case.file.threats.items():
        for role, actor in (("by", threat.by), ("to", threat.to)):
            if actor is not None and actor not in case.file.actors:
                yield _unknown(case, "actor", actor, case.file.actors, "threats", name, role)
        made = case.conditions.get(f"threats.{name}.made")
        movers = [m for m in case.file.moves if made is not None and m in made.names]
        options = {o for m in movers for o in case.options[m]}
        if movers and threat.silent_twin not in options:
            yield _unknown(case, "option", threat.silent_twin, options, "threats", name, "silent_twin")
        elsewhere = [c for n, c in case.conditions.items() if not n.startswith(("threats.", f"threats.{name}"))]
        if movers and not any(set(movers) & c.names for c in elsewhere):
            message = "the threat changes no payoff, outcome or later move (cheap talk)"
            yield case.problem(
                message, "let a payoff, a fact or a later move depend on it", "threats", name, severity="warning"
            )


def _check_specs(case: Case) -> Iterator[Problem]:
    known = set(case.inputs)
    tables = {
        "payoffs": {"truce", "present", "presence_share", "cohesion", "quorum", "capability", "joined"},
        "moves": {"cohesion", "quorum", "capability", "joined"},
        "members": {"terms"},
    }
    functions = {"payoffs": {"truce_at"}}
    for name, spec in case.specs.items():
        place = place_of(name)
        allowed = known | tables.get(str(place[0]), set())
        for word in spec.names - allowed:
            yield _unknown(case, "quantity", word, [n for n in allowed if "." not in n], *place)
        for call in spec.calls - set(FUNCTIONS) - functions.get(str(place[0]), set()):
            yield _unknown(case, "function", call, [*FUNCTIONS, *functions.get(str(place[0]), ())], *place)


def _check_quantities(case: Case, claim_ids: Collection[str] | None) -> Iterator[Problem]:
    used = {word for spec in case.specs.values() for word in spec.names}
    for name, quantity in case.file.quantities.items():
        if name not in used:
            yield case.problem(
                f"nobody uses '{name}'",
                "use it in a payoff, a type or a chance move, or delete it",
                "quantities",
                name,
                severity="warning",
            )
        if quantity.from_.claims and quantity.without is None:
            message = "no `without`: when its sources are dropped it becomes vague on its range"
            yield case.problem(message, "say what it falls back to", "quantities", name, severity="warning")
        if isinstance(quantity.known_to, tuple):
            for actor in quantity.known_to:
                if actor not in case.file.actors:
                    yield _unknown(case, "actor", actor, case.file.actors, "quantities", name, "known_to")
        yield from _check_claims(case, quantity.from_.claims, claim_ids, "quantities", name, "from")
    for i, (a, b, rho) in enumerate(case.file.correlate):
        for word in (a, b):
            if word not in case.inputs:
                yield _unknown(case, "quantity", word, case.inputs, "correlate", i)
        if not -1 < rho < 1:
            yield case.problem(f"impossible correlation {rho:g}", "a correlation lies between -1 and 1", "correlate", i)


def _check_claims(
    case: Case, ids: Iterable[str], claim_ids: Collection[str] | None, *place: str | int
) -> Iterator[Problem]:
    for claim in ids:
        if claim_ids is not None and claim not in claim_ids:
            yield case.problem(f"no claim '{claim}'", suggest(claim, claim_ids), *place)


def _check_members(case: Case) -> Iterator[Problem]:
    facts, members = set(case.file.coalition.facts), set(case.file.members)
    words = facts | members | set(case.file.bodies) | {"none"}
    for name, condition in case.conditions.items():
        place = place_of(name)
        if not (place[0] == "members" or name == "coalition.requires"):
            continue
        allowed = words | (STANCES if place[0] == "members" else set())
        for word in condition.names - allowed:
            yield _unknown(case, "fact, member or stance", word, allowed, *place)
        for call in condition.calls - MEMBER_FUNCTIONS:
            yield _unknown(case, "function", call, MEMBER_FUNCTIONS, *place)
