"""Checks of names: who is named, what is called by a name already taken."""

from collections.abc import Iterator

from vetopoint.case.case import Case
from vetopoint.case.checks._complaints import strangers
from vetopoint.case.registry import check, suggest
from vetopoint.case.schema import TypeSpec
from vetopoint.errors import Problem


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
    yield from strangers(case, "actor", file.actors, [(name, place) for name, place in named if name is not None])
    movers = [(move.by, ("moves", name, "by")) for name, move in file.moves.items()]
    yield from strangers(case, "actor", [*file.actors, "chance"], movers)


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
    """An outcome, a goal or a fact is named that the case does not declare."""
    file = case.file
    named: list[tuple[str, tuple[str, ...]]] = [(name, ("outcome_labels", name)) for name in file.outcome_labels]
    named += [(name, ("paths", name)) for name in file.paths]
    named += [(name, ("breaks_truce",)) for name in file.breaks_truce]
    named += [(name, ("payoffs", actor, "unit")) for actor, payoff in file.payoffs.items() for name in payoff.unit]
    yield from strangers(case, "outcome", file.outcomes, named)
    yield from strangers(case, "goal", file.goals, [(name, ("goal_labels", name)) for name in file.goal_labels])
    labelled = [(name, ("coalition", "fact_labels", name)) for name in file.coalition.fact_labels]
    yield from strangers(case, "fact", file.coalition.facts, labelled)


@check("parties")
def _parties(case: Case) -> Iterator[Problem]:
    """An issue gives a position to somebody who is neither a member nor an actor, or nobody cares about it."""
    known = {*case.file.members, *case.file.actors}
    for name, issue in case.file.issues.items():
        placed = [(party, ("issues", name, "positions", party)) for party in issue.positions]
        yield from strangers(case, "member or actor", known, placed)
        if all(issue.salience.get(party) == 0 for party in issue.positions):
            yield case.problem("nobody cares about it", "give a party a salience above 0", "issues", name, "salience")


@check("short-names", "warning")
def _short_names(case: Case) -> Iterator[Problem]:
    """A short name is given to what the case does not declare."""
    for kind in ("actors", "goals", "outcomes", "forms"):
        known = [*getattr(case.file, kind), *(["none"] if kind == "forms" else [])]
        for name in (n for n in getattr(case.file.short_, kind) if n not in known):
            yield case.problem(
                f"a short name for '{name}', which is none of the {kind}", suggest(name, known), "short", kind, name
            )
