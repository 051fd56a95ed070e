"""Cases built from the schema itself: every key of the language, filled with what its type admits, under awkward names.

A small case that runs (a chance move, a proposer, one consenter) is the trunk; hypothesis renames everything in it, bends its
moves, and hangs further sections and keys on it, whichever the models in `vetopoint.case.schema` have. Text and names refer to
what the case declares, mostly; numbers are mostly sensible, sometimes extreme.
"""

from __future__ import annotations

import datetime as dt
import json
import keyword
import types
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args, get_origin

from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from vetopoint.case.schema import CaseFile, Part

__all__ = ["as_yaml", "cases"]

NAMES = [
    "value", "worth", "last", "rest", "terms", "unit", "options", "at", "by", "when", "true", "truth", "chance", "outcome", "otherwise", "skipped",
    "none", "any", "count", "min", "truce", "present", "cohesion", "quorum", "joined", "requires", "form", "all", "nothing", "e", "x1", "_", "A", "not_", "inf", "nan",
]  # fmt: skip
RESERVED = ["not", "if", "is", "lambda", "None", "True", "very-good", "é", "a.b", "1", "no", ""]
NUMBERS = [0, 1, 2, 0.5, 0.25, 3, -1, 12, 1e-300, 1e300, float("nan"), float("inf"), 10**20, 6.5]
DISTRIBUTIONS = [
    "uniform(0, 1)", "pert(0.1, 0.4, 0.8)", "beta(2, 5)", "lognormal(median=1, p90=2.5)", "normal(0, 1)", "normal(0.5, 0.2, lo=0, hi=1)", "likely", "very likely", "could",
    "discrete(1: 0.3, 2: 0.7)", "triangular(1, 2, 4)", "uniform(-1, 1)",
]  # fmt: skip


@dataclass
class Pools:
    """The names that a case declares, by what they name."""

    actors: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)
    outcomes: list[str] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    quantities: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    repeated: set[str] = field(default_factory=set)
    types: dict[str, list[str]] = field(default_factory=dict)


REFERENCES: dict[str, Callable[[Pools], list[str]]] = {
    "owner": lambda p: p.actors,
    "actor": lambda p: p.actors,
    "by": lambda p: [*p.actors, "chance"],
    "attempt": lambda p: p.moves,
    "move": lambda p: p.moves,
    "moves": lambda p: p.moves,
    "after": lambda p: [f"{move} + 0.5" for move in p.moves],
    "to": lambda p: p.actors,
    "known_to": lambda p: p.actors,
    "believed": lambda p: p.actors,
    "precision": lambda p: p.actors,
    "payoffs": lambda p: p.actors,
    "types": lambda p: p.actors,
    "sees": lambda p: p.moves,
    "unit": lambda p: p.outcomes,
    "paths": lambda p: p.outcomes,
    "outcome_labels": lambda p: p.outcomes,
    "breaks_truce": lambda p: p.outcomes,
    "goal_labels": lambda p: p.goals,
    "correlate": lambda p: p.quantities,
    "positions": lambda p: p.members or ["m"],
    "salience": lambda p: p.members or ["m"],
    "weights": lambda p: p.members or ["m"],
    "vetoes": lambda p: p.members or ["m"],
    "expects": lambda p: p.facts or ["f"],
    "shifts": lambda p: ["cohesion", "supports", "needs_consent", *(f"{m}.opposes" for m in p.members)],
    "silent_twin": lambda p: [o for options in p.options.values() for o in options],
    "context": lambda p: ["treaty", "imposed"],
    "effect": lambda p: ["consent_presence"],
    "because": lambda p: [],
    "claims": lambda p: [],
    "date": lambda p: [],
}

names = st.sampled_from(NAMES)
awkward = st.integers(0, 11).flatmap(lambda i: names if i else st.sampled_from(RESERVED))


def sayable(word: str) -> bool:
    """Whether an expression can name it."""
    return word.isidentifier() and not keyword.iskeyword(word)


@st.composite
def numbers(draw: st.DrawFn) -> Any:
    return draw(st.one_of(st.sampled_from([0, 1, 0.5, 2]), st.sampled_from([0.25, 3, 6.5]), st.sampled_from(NUMBERS)))


@st.composite
def specs(draw: st.DrawFn, pools: Pools, probability: bool = False) -> Any:
    """Whatever may stand for an uncertain number."""
    sensible = [0.5, "uniform(0, 1)", "likely"] if probability else [1, 0.5, "pert(0.1, 0.4, 0.8)", "uniform(0.5, 2)"]
    kind = draw(st.integers(0, 9))
    if kind < 6:
        return draw(st.sampled_from(sensible))
    if kind == 6 and pools.quantities:
        return draw(st.sampled_from(pools.quantities))
    if kind == 7:
        return draw(st.sampled_from(DISTRIBUTIONS))
    if kind == 8:
        words = [*pools.quantities, "truce", "present", "cohesion", "quorum", "joined", "0.3", "truce_at(6.5)"]
        words += [told for move in pools.moves for told in read_from(move, pools)]
        pieces = st.sampled_from(words)
        operator = draw(st.sampled_from([" * ", " + ", " - ", " / "]))
        return draw(pieces) + operator + draw(pieces)
    return draw(st.one_of(numbers(), awkward))


def read_from(move: str, pools: Pools) -> list[str]:
    """Numbers that read whether and when a move came."""
    option = next((o for o in pools.options[move] if sayable(o)), "skipped")
    if move in pools.repeated:
        return [f"count({move} == {option})", f"month({move}.last)", f"({move}[1] == {option})"]
    return [f"month({move})", f"(0.5 if {move} == {option} else 0.25)"]


@st.composite
def over_history(draw: st.DrawFn, pools: Pools, known: list[str], goal: bool = False) -> str:
    """A condition on moves (and where goals are meant on outcomes and months)."""
    if draw(st.integers(0, 19)) == 0:
        return draw(st.one_of(st.just("true"), st.just("otherwise"), awkward.map(lambda w: f"{w} == {w}")))
    if goal and draw(st.booleans()):
        parts = ["truce_held_at(6.5)", "truce_held_at(12)", "present_at(3)", "form_at(2) == none"]
        outcomes = st.lists(st.sampled_from(pools.outcomes), min_size=1, max_size=2).map(", ".join)
        return draw(st.one_of(outcomes.map(lambda o: f"outcome in [{o}]"), st.sampled_from(parts)))
    if not known:
        return "true"
    move = draw(st.sampled_from(known))
    option = draw(st.sampled_from([*filter(sayable, pools.options[move]), "skipped"]))
    told = f"any({move} == {option})" if move in pools.repeated else f"{move} == {option}"
    return draw(st.sampled_from([told, f"not ({told})", told]))


@st.composite
def conditions(draw: st.DrawFn, pools: Pools, path: tuple[str, ...]) -> str:
    """A condition of the kind that its place asks for."""
    if path[-1] == "agreed_if":
        return draw(st.sampled_from(["spread < 30", "mean > 0.5", "spread", "sprad < 3", "spread < 30 and mean > 2"]))
    if path[-1] == "requires":
        words = [*pools.facts, *pools.members, "joined(1)", "joined_share(0.5)", "needs_consent", "true", "k_of(1, a)"]
        return draw(st.sampled_from(words)) + draw(st.sampled_from(["", " and true", " or not none"]))
    return draw(over_history(pools, pools.moves, goal=path[0] in ("goals", "payoffs", "threats")))


@st.composite
def value_for(draw: st.DrawFn, annotation: Any, marks: tuple[Any, ...], path: tuple[str, ...], pools: Pools) -> Any:
    """A value of an annotated type, for the key at the end of the path."""
    kinds = {m for m in marks if isinstance(m, str)}
    if "spec" in kinds:
        return draw(specs(pools, path[-1] in ("accepts", "truth", "value", "share", "believed", "expects", "access")))
    if "time" in kinds and draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(["10 days", "2 weeks", "2026-03-01", "2026-02-30", "1999-02-28", "soon"]))
    if "condition" in kinds:
        return draw(conditions(pools, path))
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is typing.Annotated:
        return draw(value_for(inside[0], (*marks, *inside[1:]), path, pools))
    if origin in (typing.Union, types.UnionType):
        return draw(value_for(draw(st.sampled_from([i for i in inside if i is not type(None)])), (), path, pools))
    if origin is Literal:
        return draw(st.sampled_from(inside))
    if origin is dict:
        keys = draw(st.lists(text_for(inside[0], path, pools), max_size=3, unique=True))
        return {key: draw(value_for(inside[1], (), path, pools)) for key in keys}
    if origin is tuple:
        if len(inside) == 2 and inside[1] is Ellipsis:
            return [draw(value_for(inside[0], (), path, pools)) for _ in range(draw(st.integers(0, 2)))]
        return [draw(value_for(item, (), path, pools)) for item in inside]
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return draw(part(annotation, path, pools))
    return draw(plain(annotation, path, pools))


def plain(annotation: Any, path: tuple[str, ...], pools: Pools) -> st.SearchStrategy[Any]:
    if annotation is bool:
        return st.booleans()
    if annotation is dt.date:
        return st.sampled_from(["2026-01-01", "9998-12-31", "0001-01-01", "1999-02-28"])
    if annotation in (int, float):
        return numbers()
    return text_for(annotation, path, pools)


def text_for(annotation: Any, path: tuple[str, ...], pools: Pools) -> st.SearchStrategy[str]:
    """A name or text: one that the case declares where the key refers to one, else an awkward one."""
    key = path[-1]
    known = REFERENCES[key](pools) if key in REFERENCES else []
    if known:
        return st.one_of(st.sampled_from(known), st.sampled_from(known), st.sampled_from(known), awkward)
    return awkward


@st.composite
def part(draw: st.DrawFn, model: type[Part], path: tuple[str, ...], pools: Pools, rarely: int = 4) -> dict[str, Any]:
    """A part of the case, its needed keys and some of the others."""
    found = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        if key in (
            "file",
            "geojson",
            "incidents",
            "priors",
            "observed",
            "preset",
            "coverage",
            "overrides",
            "effect_refused",
        ):
            continue
        if info.is_required() or draw(st.integers(0, rarely)) == 0:
            found[key] = draw(field_value(info, (*path, key), pools))
    return found


def field_value(info: FieldInfo, path: tuple[str, ...], pools: Pools) -> st.SearchStrategy[Any]:
    return value_for(info.annotation, tuple(info.metadata), path, pools)


@st.composite
def moves(draw: st.DrawFn, pools: Pools, spare: list[str]) -> dict[str, Any]:
    """A chance move, an offer, an answer, and some more, each with an awkward key or two."""
    found: dict[str, Any] = {}
    for position in range(draw(st.sampled_from([2, 2, 3, 3, 4, 1]))):
        name = spare.pop()
        mover = ["chance", pools.actors[0], pools.actors[-1], *pools.actors][min(position, 3)]
        mover = draw(st.sampled_from([mover, mover, mover, pools.actors[0]]))
        options = draw(st.lists(awkward, min_size=1 + (position > 0), max_size=3, unique=True))
        if mover == "chance":
            chances: dict[str, Any] = {option: draw(specs(pools, True)) for option in options[1:]}
            move: dict[str, Any] = {"by": "chance", "options": {**chances, options[0]: "rest"}}
        else:
            move = {"by": mover, "options": options}
        if position and draw(st.booleans()):
            move["when"] = draw(over_history(pools, pools.moves))
        if draw(st.integers(0, 4)) == 0:
            move |= draw(
                st.sampled_from(
                    [
                        *[{"at": 3}, {"at": 6.5}, {"at": 0}] * 6,
                        {"at": float("nan")},
                        {"at": float("inf")},
                        {"at": 1e9},
                        {"at": -2},
                    ]
                )
            )
        if mover != "chance" and draw(st.integers(0, 4)) == 0:
            move["repeat"] = draw(
                st.sampled_from(
                    [
                        *[2, 3, {"every": 6, "until": 12}, {"every": 0.5, "rounds": 2}, {"every": 2.5}] * 5,
                        {"every": 1e-300, "until": 5},
                        {"rounds": 60},
                        {"until": 1e5},
                        62,
                    ]
                )
            )
            pools.repeated.add(name)
        if position and draw(st.integers(0, 5)) == 0:
            move["sees"] = draw(st.sampled_from(["nothing", "all", pools.moves[:1]]))
        found[name] = move
        pools.moves.append(name)
        pools.options[name] = options
    return found


@st.composite
def reached(draw: st.DrawFn, pools: Pools) -> str:
    """A condition that some history meets and another does not, mostly."""
    if draw(st.integers(0, 9)) == 0:
        return draw(over_history(pools, pools.moves))
    usable = {move: [o for o in options if sayable(o)] for move, options in pools.options.items() if len(options) > 1}
    usable = {move: options for move, options in usable.items() if options}
    if not usable:
        return "true"
    move = draw(st.sampled_from(sorted(usable)))
    told = f"{move} == {draw(st.sampled_from(usable[move]))}"
    return f"any({told})" if move in pools.repeated else told


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A case as plain data, ready to be written as YAML."""
    spare = draw(st.permutations(NAMES))
    terms = [name for name in draw(st.permutations(NAMES)) if name != "unit"]
    if draw(st.integers(0, 11)) == 0:
        spare = [*spare[:-3], *draw(st.lists(awkward, min_size=3, max_size=3))]
    pools = Pools()
    if draw(st.integers(0, 19)):
        spare = [name for name in spare if name not in ("chance", "outcome")]
    pools.actors = [spare.pop() for _ in range(draw(st.integers(1, 3)))]
    pools.quantities = [spare.pop() for _ in range(draw(st.integers(0, 2)))]
    quantities = {
        name: draw(st.sampled_from(["uniform(0, 1)", "likely", 0.5, "pert(0.2, 0.5, 2)"])) for name in pools.quantities
    }
    steps = draw(moves(pools, spare))
    pools.outcomes = [spare.pop() for _ in range(draw(st.sampled_from([2, 2, 2, 3])))]
    pools.goals = [spare.pop()]
    named = [draw(reached(pools)) for _ in pools.outcomes[1:]]
    movers = dict.fromkeys(move["by"] for move in steps.values() if move["by"] != "chance")
    wanted = draw(st.sampled_from([1, 1, 1, "last"]))
    case: dict[str, Any] = {
        "vetopoint": 1,
        "title": draw(st.sampled_from(["A plan", "", "<b>&", "🦊"])),
        "as_of": draw(st.sampled_from([*["2026-01-01"] * 15, "9999-12-01"])),
        "owner": pools.actors[0],
        "actors": {name: {} for name in pools.actors},
        "quantities": quantities,
        "moves": steps,
        "outcomes": {**dict(zip(pools.outcomes, named, strict=False)), pools.outcomes[-1]: "otherwise"},
        "goals": {name: draw(conditions(pools, ("goals", name))) if wanted == "last" else f"outcome == {pools.outcomes[0]}" for name in pools.goals},
        "payoffs": {
            mover: {
                "unit": pools.outcomes[:2],
                terms.pop(): {"worth": draw(st.sampled_from([1, -1, "uniform(0.5, 1)"])), "when": f"outcome == {pools.outcomes[0]}"},
                terms.pop(): draw(specs(pools)),
            }
            for mover in movers
        },
    }  # fmt: skip
    for key in draw(st.lists(st.sampled_from(sorted(CaseFile.model_fields)), max_size=3, unique=True)):
        if key in case or key in ("sources", "words"):
            continue
        grow(draw, key, case, pools, spare)
    return case


def grow(draw: st.DrawFn, key: str, case: dict[str, Any], pools: Pools, spare: list[str]) -> None:
    """Hang one more section of the schema on a case, with what it cannot do without."""
    if key in ("forms", "paths", "line", "truce", "breaks_truce"):
        pools.forms = pools.forms or [spare.pop()]
        case["forms"] = {name: draw(part(Form, ("forms",), pools)) for name in pools.forms}
        starts = draw(
            st.sampled_from(
                ["", f" from {pools.moves[0]}", " from 2 to 6.5", f" from {pools.moves[-1]} + 1, then none"]
            )
        )
        case["paths"] = {pools.outcomes[0]: pools.forms[0] + starts}
        if draw(st.booleans()):
            case.setdefault("truce", {})
    if key in ("members", "issues", "bodies", "others", "events", "coalition"):
        pools.members = pools.members or [spare.pop() for _ in range(draw(st.integers(1, 3)))]
        pools.facts = pools.facts or [spare.pop()]
        case["coalition"] = {"facts": {pools.facts[0]: draw(over_history(pools, pools.moves))}}
        case["members"] = {name: draw(part(Member, ("members",), pools)) for name in pools.members}
    if key == "types":
        actor = draw(st.sampled_from(pools.actors))
        pools.types[actor] = [spare.pop(), spare.pop()]
        case["types"] = {
            actor: {pools.types[actor][0]: {"truth": draw(specs(pools, True))}, pools.types[actor][1]: "rest"}
        }
        return
    if key not in ("forms", "paths", "members"):
        found = draw(field_value(CaseFile.model_fields[key], (key,), pools))
        case[key] = {**case[key], **found} if isinstance(found, dict) and key in case else found


Form: type[Part] = get_args(CaseFile.model_fields["forms"].annotation)[1]
Member: type[Part] = get_args(CaseFile.model_fields["members"].annotation)[1]


def as_yaml(case: dict[str, Any]) -> str:
    """A case as text: JSON, which is YAML, but for numbers that JSON does not know."""
    text = json.dumps(case, indent=1, ensure_ascii=False)
    return text.replace("NaN", ".nan").replace("-Infinity", "-.inf").replace("Infinity", ".inf")
