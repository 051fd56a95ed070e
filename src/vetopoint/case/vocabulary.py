"""What each kind of field may hold: which names and functions an expression may use there, and in which range a number lies.

Loading, checks and the reference page read this one table; no other module lists names.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from vetopoint.case.functions import CONTEXT, DATES, FUNCTIONS, REDUCERS
from vetopoint.case.place import Place
from vetopoint.case.schema import STANCES, CaseFile, Part

__all__ = ["CONTEXT", "KINDS", "TABLES", "Kind", "Words", "expressions", "kind_at", "words_at"]

_WORD = "a word of the language"
_COALITION = ("cohesion", "quorum", "capability", "joined")

#: Names that stand for what an engine works out, and the section of the case without which there is no such thing.
TABLES: Mapping[str, str] = {
    "truce": "truce",
    **dict.fromkeys(("present", "presence_share"), "forms"),
    **dict.fromkeys(_COALITION, "members"),
}


@dataclass(frozen=True)
class Kind:
    """What may stand in one kind of field.

    Parameters
    ----------
    what : what it is, in messages and in the reference.
    word : what a name is called that is not known there.
    condition : whether it is true or false; else it is a number.
    least, most : the range of a number.
    moves : which moves it may look at: those ``earlier`` in the file, those so ``far`` (its own too), or ``all``.
    outcome, types : whether it may look at how the history ends, and at the types of actors.
    ends : whether a goal or an outcome may stand there by its name.
    quantities : whether it may name quantities.
    coalition : whether it may name facts, members and bodies.
    names : further names that it may use, such as `TABLES`.
    functions : which of `CONTEXT` it may call.
    """

    what: str
    word: str = "quantity"
    condition: bool = False
    least: float = -math.inf
    most: float = math.inf
    moves: Literal["", "earlier", "far", "all"] = ""
    outcome: bool = False
    types: bool = False
    ends: bool = False
    quantities: bool = False
    coalition: bool = False
    names: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()


def _number(what: str, least: float = -math.inf, most: float = math.inf, **more: Any) -> Kind:
    return Kind(what, least=least, most=most, quantities=True, **more)


def _history(what: str, moves: Literal["earlier", "far", "all"] = "all", **more: Any) -> Kind:
    return Kind(what, "name", condition=True, moves=moves, **more)


def _consent(what: str, *names: str) -> Kind:
    functions = ("joined", "joined_share", "k_of")
    return Kind(what, "fact, member or stance", True, coalition=True, names=("none", *names), functions=functions)


_TARGET = _history("what must move", outcome=True, types=True, ends=True, functions=("present_at", "form_at"))
_THREAT = _history("a threat", outcome=True)
_SHARE = {"least": 0.0, "most": 1.0}
_PRESENCE = ("present_at", "form_at")
_ENDED: dict[str, Any] = {"outcome": True, "names": ("present",)}

#: Model and key of every uncertain number and every condition → what may stand there.
KINDS: Mapping[tuple[str, str], Kind] = {
    ("Quantity", "value"): Kind("a quantity"),
    ("Quantity", "without"): Kind("a quantity"),
    ("Term", "worth"): _number(
        "a payoff", moves="all", outcome=True, types=True, names=tuple(TABLES), functions=("truce_at", *_PRESENCE)
    ),
    ("Move", "options"): _number("the probability", **_SHARE, moves="earlier", names=_COALITION),
    ("TypeSpec", "truth"): _number("the probability", **_SHARE),
    ("TypeSpec", "believed"): _number("the probability", **_SHARE),
    ("TypeSpec", "hazard"): _number("the factor", 0.0),
    ("CaseFile", "precision"): _number("the precision", 0.0),
    ("CoalitionRules", "need"): _number("the capability", 0.0),
    ("Member", "capability"): _number("the capability", 0.0),
    ("Joins", "accepts"): _number("the probability", **_SHARE),
    ("Joins", "expects"): _number("the probability", **_SHARE),
    ("Stance", "value"): _number("the probability", **_SHARE),
    ("Stance", "share"): _number("the share", **_SHARE),
    ("Stance", "drift"): _number("the drift"),
    ("Issue", "positions"): _number("the position", 0.0, 100.0),
    ("Issue", "salience"): _number("the salience", 0.0),
    ("Issue", "no_agreement"): _number("the cost", 0.0),
    ("Event", "shifts"): _number("the shift"),
    ("Form", "personnel"): _number("the number", 0.0),
    ("Form", "drones"): _number("the number", 0.0),
    ("Form", "cameras"): _number("the number", 0.0),
    ("Form", "access"): _number("the share", **_SHARE),
    ("Form", "committed_force"): _number("the share", **_SHARE),
    ("Form", "formalisation"): _number("the share", **_SHARE),
    ("Form", "coverage"): _number("the parameter", 0.0),
    ("Form", "exit"): _number("the rate", 0.0),
    ("Line", "length_km"): _number("the length", 0.001),
    ("TruceSettings", "overrides"): _number("the prior"),
    ("Move", "when"): _history("when a move comes", "earlier"),
    ("Repeat", "stop_when"): _history("when a repeated move ends", "far"),
    ("Rounds", "when"): _history("when rounds begin", "earlier"),
    ("Rounds", "stop_when"): _history("when rounds end", "far"),
    ("Threat", "made"): _history("when a threat is made"),
    ("Threat", "demand"): _THREAT,
    ("Threat", "defied"): _THREAT,
    ("Threat", "carried_out"): _THREAT,
    ("CaseFile", "outcomes"): _history("an outcome"),
    ("CaseFile", "goals"): _history("a goal", **_ENDED, functions=(*_PRESENCE, "truce_held_at")),
    ("CaseFile", "presupposes"): _history("what the headlines presuppose"),
    ("Term", "when"): _history("when a payoff counts", **_ENDED, types=True, functions=_PRESENCE),
    **{("Expectation", key): _TARGET for key in ("raises", "lowers", "on")},
    ("Expectation", "given"): _history("what an expectation is given", outcome=True, types=True),
    ("CoalitionRules", "facts"): _history("a public fact"),
    ("TruceSettings", "starts"): _history("when a truce begins"),
    ("CoalitionRules", "requires"): _consent("the consent clause"),
    ("Joins", "requires"): _consent("a member's rule", *STANCES),
    ("Issue", "agreed_if"): Kind("when an issue is settled", condition=True, quantities=True, names=("spread", "mean")),
}


def kind_at(place: Place) -> Kind | None:
    """What may stand at a place; None where neither an uncertain number nor a condition stands."""
    return KINDS.get(place.field) if place.field is not None else None


@dataclass(frozen=True)
class Words:
    """What an expression at one place of one case may say.

    Attributes
    ----------
    choices : moves, ``outcome`` and typed actors, with the words that each may be compared with.
    values : every name that may stand by itself, with what it stands for; more than one thing is one too many.
    functions : the functions that it may call.
    later : moves that come too late to be looked at.
    missing : names and functions that mean nothing in this case, with the section that it lacks.
    """

    choices: Mapping[str, frozenset[str]]
    values: Mapping[str, tuple[str, ...]]
    functions: frozenset[str]
    later: frozenset[str]
    missing: Mapping[str, str]


def words_at(file: CaseFile, place: Place) -> Words:
    """What an expression at a place may say: names of the case and of the language; `KeyError` where none may stand."""
    kind = KINDS[place.field or ("", "")]
    choices = _choices(file, kind, place)
    sections = {**TABLES, **{name: function.section for name, function in CONTEXT.items()}}
    said = [name for name in (*kind.names, *kind.functions) if name in sections]
    missing = {name: sections[name] for name in said if not file.declares(sections[name])}
    values: dict[str, tuple[str, ...]] = dict.fromkeys(choices, ("a choice",))
    for what, names in _values(file, kind):
        for name in names:
            # A word that means nothing in this case still is the language's: a quantity that bears it has two meanings.
            if what != _WORD or name not in missing or name in values:
                values[name] = (*values.get(name, ()), what)
    functions = frozenset([*kind.functions, *FUNCTIONS, *((*REDUCERS, *DATES) if kind.moves else ())]) - set(missing)
    later = frozenset(file.moves) - set(choices) if kind.moves else frozenset[str]()
    return Words(choices, values, functions, later, missing)


def _choices(file: CaseFile, kind: Kind, place: Place) -> dict[str, frozenset[str]]:
    found = {
        name: frozenset(file.moves[name].options) for name in (_moves_before(file, kind, place) if kind.moves else ())
    }
    if kind.types:
        found |= {actor: frozenset(types) for actor, types in file.types.items()}
    return {**found, "outcome": frozenset(file.outcomes)} if kind.outcome else found


def _moves_before(file: CaseFile, kind: Kind, place: Place) -> list[str]:
    """The moves that may be looked at; those that alternate look at one another, and find out of earlier rounds."""
    moves = list(file.moves)
    if kind.moves == "all":
        return moves
    section, name = place.section, str(place.parts[1])
    blocks = [
        block for key, block in file.rounds.items() if (name == key if section == "rounds" else name in block.moves)
    ]
    together = [i for i, move in enumerate(moves) if any(move in block.moves for block in blocks)]
    if not blocks:
        return moves[: moves.index(name) + (kind.moves == "far")]
    if section == "rounds" and kind.moves == "earlier":
        return moves[: min(together, default=0)]
    return moves[: max(together, default=-1) + 1]


def _values(file: CaseFile, kind: Kind) -> Iterator[tuple[str, Iterable[str]]]:
    if kind.quantities:
        yield "a quantity", file.quantities
    if kind.ends:
        yield "a goal or an outcome", {*file.goals, *file.outcomes}
    if kind.coalition:
        yield "a fact", file.coalition.facts
        yield "a member", file.members
        yield "a formal body", file.bodies
    yield _WORD, kind.names


_TOP = Place()


def expressions(part: Part, place: Place = _TOP) -> Iterator[tuple[Kind, Place, str | float]]:
    """Every uncertain number and every condition that stands in a part: its kind, its place, and what is written."""
    for name, info in type(part).model_fields.items():
        value, here = getattr(part, name), place / (info.alias or name)
        kind = KINDS.get((type(part).__name__, info.alias or name))
        for below, item in _inside(value, here):
            if isinstance(item, Part):
                yield from expressions(item, below)
            elif kind is not None and isinstance(item, str | float):
                yield kind, below, item


def _inside(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """What a field holds: itself, or what its mappings hold, or the parts in its lists."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _inside(inner, place / key)
    elif isinstance(value, tuple):
        for i, inner in enumerate(value):
            if isinstance(inner, Part):
                yield place / i, inner
    else:
        yield place, value
