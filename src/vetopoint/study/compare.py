"""Compare two cases, or one case twice: which answers moved, by how much beyond the Monte-Carlo error, and which change moved them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from vetopoint.answers import (
    ChangedPart,
    ComparedFigure,
    ComparedSide,
    Comparison,
    FigureKind,
    KeyHolder,
    Share,
    Unshared,
    VetoChange,
)
from vetopoint.budget import USUAL, Budget
from vetopoint.case import Case, Place
from vetopoint.errors import VetopointError
from vetopoint.quantity import compile_inputs
from vetopoint.study.answered import figures_by_draw, told_by
from vetopoint.study.evidence_section import input_answer
from vetopoint.study.sides import CaseSide, RunSide, open_side
from vetopoint.study.store import read_columns

if TYPE_CHECKING:
    from vetopoint.chain.comparing import Between, Part, Shared, Side
    from vetopoint.chain.figures import Figure, Findings, Key
    from vetopoint.chain.frame import Frame
    from vetopoint.study.project import Progress

__all__ = ["DRAWS", "Asked", "compare", "compare_as", "compare_sides"]

DRAWS, ORDERS = 2_000, 16
ERRORS = 3.0  # standard errors of a difference: figures are many, and one in some hundreds of those that stand still lies beyond
NOTHING = 1e-9
UNPAIRED = (
    "a finished run keeps goals and outcomes draw by draw, of other figures means and errors: errors of their differences are those of "
    "independent runs, too large where both were drawn alike"
)
SHARED: tuple[FigureKind, ...] = ("goal", "outcome", "key", "threat", "truce", "member")


@dataclass(frozen=True)
class Asked:
    """How to compare.

    Attributes
    ----------
    draws, seed : of each side that is solved.
    set_a, set_b : numbers to replace in the first and in the second.
    each : whether every change is told apart, however many there are.
    re_anchor : whether units and expectations follow numbers that were replaced.
    store : where claims are kept, see `open_study`.
    """

    draws: int = DRAWS
    seed: int = 1
    set_a: Mapping[str, str] = field(default_factory=dict)
    set_b: Mapping[str, str] = field(default_factory=dict)
    each: bool = False
    re_anchor: bool = False
    store: str | None = None


def compare(
    a: str | Path,
    b: str | Path | None = None,
    draws: int = DRAWS,
    seed: int = 1,
    set_a: Mapping[str, str] | None = None,
    set_b: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare two cases on common random numbers: which answers moved, beyond the Monte-Carlo error, and which change moved them.

    Parameters
    ----------
    a, b : a case folder or file, behind which may stand ``@VARIANT``, ``@DATE`` (as it was known on that day) or ``@twin`` (its
        ignorance twin); or the folder of a finished run. Without `b`, `a` is compared with itself under `set_b`.
    draws, seed : how many draws of each, from which seed.
    set_a, set_b : numbers to replace in each, by name; without `b` those of `set_a` hold in both.
    progress : called with what is being done and the share that is done.

    Returns
    -------
    Comparison
        Nothing is written. Finished runs whose cases are not at hand are compared by their answers; ``why_none`` says that nothing
        could be shared out.

    Raises
    ------
    VetopointError
        Where one of the two is not there or cannot be solved.
    """
    return compare_as(a, b, Asked(draws, seed, dict(set_a or {}), dict(set_b or {})), progress)


def compare_as(a: str | Path, b: str | Path | None, asked: Asked, progress: Progress | None = None) -> Comparison:
    """The same with all that can be asked for."""
    if b is None and not asked.set_b:
        raise VetopointError(f"{a}: compare it with what? → name a second case, or replace a number: --set NAME=VALUE")
    second = {**asked.set_a, **asked.set_b} if b is None else asked.set_b
    sides = open_side(str(a), asked.set_a, asked.store), open_side(str(a if b is None else b), second, asked.store)
    return compare_sides(*sides, asked, progress)


def compare_sides(
    a: CaseSide | RunSide, b: CaseSide | RunSide, asked: Asked, progress: Progress | None = None
) -> Comparison:
    """The same for sides that are open; a finished run whose case is not at hand is compared by its answers."""
    say = progress or (lambda stage, share: None)
    if asked.draws < 1:
        raise VetopointError(f"{asked.draws} draws → ask for at least one")
    if isinstance(a, CaseSide) and isinstance(b, CaseSide):
        return _solved(a, b, asked, say)
    return _by_answers(a, b, asked, say)


def _solved(a: CaseSide, b: CaseSide, asked: Asked, say: Callable[[str, float], None]) -> Comparison:
    """Both cases solved on common random numbers, and what moved shared among what changed."""
    from vetopoint.chain.comparing import Between

    say("solving both", 0.0)
    between = Between(_side(a, asked), _side(b, asked), asked.draws, asked.seed)
    first, second = between.findings
    say("solving both", 1.0)
    one, other = _told_of(first), _told_of(second)
    figures = _figures(one, other, _givens(a.case))
    key, notes = _key(one, other, _lead(a.case), _lead(b.case))
    moved = _to_share(figures, key)
    say("what moved them", 0.0)
    shared = between.shared(moved, lambda share: say("what moved them", share), asked.each, ORDERS)
    say("what moved them", 1.0)
    parts = _parts(between, shared, (a.case, b.case))
    return Comparison(
        a=_about(a, asked),
        b=_about(b, asked),
        paired=True,
        figures=tuple(_with_shares(figure, shared) for figure in figures),
        key=key,
        vetoes=tuple(_vetoes(one, other)),
        parts=parts,
        method="none" if not moved or not shared.parts else "orders" if shared.orders else "exact",
        orders=shared.orders if moved else 0,
        why_none="" if moved and shared.parts else _why_none(between, moved),
        only=tuple(_unshared(one, other)),
        notes=tuple(dict.fromkeys([*a.notes, *b.notes, *notes])),
    )


def _why_none(between: Between, moved: list[Key]) -> str:
    if not moved:
        return (
            "nothing moved beyond the Monte-Carlo error" if between.parts else "nothing that enters the answers differs"
        )
    return "what differs was not found"


def _side(side: CaseSide, asked: Asked) -> Side:
    """A side with its histories; its first pass is that of its own file as written, unless it shall follow what was replaced."""
    from vetopoint.chain.comparing import Side as Solvable
    from vetopoint.chain.frame import frame_of
    from vetopoint.chain.variants import kept_units

    budget = USUAL
    follows = asked.re_anchor or side.study.re_anchor
    written = side.case if follows else side.case.as_written
    base = frame_of(written, budget)
    if side.variant and not follows:
        own = side.study.case.as_written
        base = replace(base, units=kept_units(frame_of(own, budget), own.file.variants[side.variant].set))
    return Solvable(base if written is side.case else _numbers_replaced(side.case, base, budget), side.twin)


def _numbers_replaced(case: Case, base: Frame, budget: Budget) -> Frame:
    from vetopoint.chain.frame import frame_of

    return replace(frame_of(case, budget), base=base)


@dataclass(frozen=True)
class _Told:
    """What one side tells, whether it was solved or read from its answers.

    Attributes
    ----------
    figures : name of a figure to its value, its error, and the figure over draws where it was solved.
    labels : what figures are called.
    vetoes : name of a veto to its words, its kind and its goal.
    rare : names of the vetoes whose move is rarely reached.
    leader, decisive, attempted : who decides on the leading goal.
    """

    figures: Mapping[Key, tuple[float | None, float, Figure | None]]
    labels: Mapping[Key, str]
    vetoes: Mapping[str, tuple[str, str, str]]
    rare: frozenset[str]
    leader: str | None
    decisive: str | None
    attempted: bool


def _told_of(found: Findings) -> _Told:
    vetoes = {name: (found.words["veto", name], point.kind, point.goal) for name, point in found.vetoes.items()}
    figures = {key: (figure.value, figure.error, figure) for key, figure in found.figures.items()}
    keys = found.keys
    return _Told(figures, found.words, vetoes, found.rare, keys.leader, keys.decisive, keys.attempted)


def _answered(run: RunSide) -> _Told:
    told = told_by(run.answers)
    kinds = ("rule", "forcing", "effective")
    vetoes = {
        name: (words, next(kind for kind in kinds if f"({kind}," in name), goal)
        for name, (words, goal) in told.vetoes.items()
    }
    drawn = figures_by_draw(run.answers, read_columns(run.folder / "draws.parquet", ("goal", "outcome")))
    figures = {key: (value, error, drawn.get(key)) for key, (value, error) in told.figures.items()}
    return _Told(figures, told.labels, vetoes, frozenset(), told.leader, told.decisive, told.attempted)


def _figures(first: _Told, second: _Told, givens: Mapping[FigureKind, str]) -> list[ComparedFigure]:
    """Every figure that both have, in the order of the first; decisiveness only where both are given the same."""
    found = []
    for key in first.figures:
        kind, name = key
        if key not in second.figures or kind == "veto" or (kind == "key" and first.attempted != second.attempted):
            continue
        before, after = first.figures[key][0], second.figures[key][0]
        moved = _difference(first, second, key)
        found.append(
            ComparedFigure(
                kind=kind,
                name=name,
                label=first.labels.get(key, name),
                given=givens.get(kind, "") if kind != "key" or not first.attempted else givens["member"],
                unit="members" if key == ("member", "") else "share",
                before=before,
                after=after,
                change=None if moved is None else moved[0],
                error=None if moved is None else moved[1],
                moved=None if moved is None else _beyond(*moved),
            )
        )
    return found


def _difference(first: _Told, second: _Told, key: Key) -> tuple[float, float] | None:
    """after − before of a figure, and its standard error."""
    from vetopoint.chain.figures import change

    (before, error, own), (after, other_error, other) = first.figures[key], second.figures[key]
    if before is None or after is None:
        return None
    if own is not None and other is not None:
        return change(own, other)
    return after - before, float(np.hypot(error, other_error))


def _beyond(change: float, error: float) -> bool:
    return abs(change) > max(ERRORS * error, NOTHING)


def _to_share(figures: list[ComparedFigure], key: KeyHolder | None) -> list[Key]:
    """Figures that moved and whose difference is shared; of decisiveness that of the leaders."""
    leaders = {key.before, key.after} if key is not None else set()
    return [
        (f.kind, f.name) for f in figures if f.moved and f.kind in SHARED and (f.kind != "key" or f.name in leaders)
    ]


def _with_shares(figure: ComparedFigure, shared: Shared) -> ComparedFigure:
    key: Key = (figure.kind, figure.name)
    if key not in shared.shares:
        return figure
    rows = zip(shared.parts, shared.shares[key].tolist(), shared.errors[key].tolist(), strict=True)
    shares = tuple(Share(part=_id(part), share=share, error=error) for part, share, error in rows)
    return figure.model_copy(update={"shares": tuple(sorted(shares, key=lambda s: (-abs(s.share), s.part)))})


def _id(part: Part) -> str:
    return f"{part.kind}:{part.name}" if part.name else part.kind


def _key(
    first: _Told, second: _Told, lead: tuple[str, str], other: tuple[str, str]
) -> tuple[KeyHolder | None, list[str]]:
    """Who leads on both sides; and what must be said where they cannot be set side by side."""
    notes = []
    if lead[0] != other[0]:
        notes.append(f"the leading goals differ: “{lead[1]}” and “{other[1]}”; who decides is not compared")
    elif first.attempted != second.attempted:
        notes.append("decisiveness is given an attempt on one side only; its figures are not compared")
    if lead[0] != other[0] or (first.leader is None and second.leader is None):
        return None, notes
    return KeyHolder(
        goal=lead[0],
        label=lead[1],
        given="once the plan is attempted" if first.attempted else "as things stand",
        before=first.leader,
        after=second.leader,
        before_label=first.labels.get(("key", first.leader or ""), ""),
        after_label=second.labels.get(("key", second.leader or ""), ""),
        decisive_before=first.decisive is not None,
        decisive_after=second.decisive is not None,
    ), notes


def _vetoes(first: _Told, second: _Told) -> Iterator[VetoChange]:
    """Veto points that one side has and the other has not, on goals that both have."""
    goals = {name for kind, name in first.figures.keys() & second.figures.keys() if kind == "goal"}
    for change, has, lacks in (("lost", first, second), ("gained", second, first)):
        for name in (name for name in has.vetoes if name not in lacks.vetoes):
            words, kind, goal = has.vetoes[name]
            if goal not in goals:
                continue
            key: Key = ("veto", name)
            before, after = (side.figures[key][0] if key in side.figures else None for side in (first, second))
            moved = _difference(first, second, key) if key in first.figures and key in second.figures else None
            yield VetoChange(
                change=change,  # type: ignore[arg-type]
                label=words,
                kind=kind,  # type: ignore[arg-type]
                goal=goal,
                before=before,
                after=after,
                within_error=moved is not None and not _beyond(*moved),
                rarely_reached=name in lacks.rare,
            )


def _unshared(first: _Told, second: _Told) -> Iterator[Unshared]:
    """Figures that only one side has."""
    pairs: tuple[tuple[Literal["a", "b"], _Told, _Told], ...] = (("a", first, second), ("b", second, first))
    for side, has, lacks in pairs:
        for key, (value, *_) in has.figures.items():
            if key not in lacks.figures and key[0] != "veto":
                yield Unshared(side=side, kind=key[0], label=has.labels.get(key, key[1]), value=value)


def _parts(between: Between, shared: Shared, cases: tuple[Case, Case]) -> tuple[ChangedPart, ...]:
    """What differs, in words: the parts among which differences are shared, and numbers that enter nothing."""
    idle = [part for part in between.numbers if between.idle(part.name)]
    told = [_part(part, between, cases) for part in shared.parts or between.parts]
    return (*told, *(_part(part, between, cases).model_copy(update={"idle": True}) for part in idle))


def _part(part: Part, between: Between, cases: tuple[Case, Case]) -> ChangedPart:
    if part.kind == "number":
        before, after = (_written(case, part.name, between, i) for i, case in enumerate(cases))
        return ChangedPart(
            name=_id(part), kind=part.kind, label=_number_label(part.name, between, cases), before=before, after=after
        )
    inside = [_part(each, between, cases) for each in between.members_of(part)] if part.kind == "rest" else []
    holds = tuple(each.label for each in inside) or tuple(_number_label(name, between, cases) for name in part.holds)
    return ChangedPart(name=_id(part), kind=part.kind, label=_part_words(part, cases, len(inside)), holds=holds)


def _part_words(part: Part, cases: tuple[Case, Case], count: int) -> str:
    if part.kind in ("payoffs", "odds"):
        case = next(
            case for case in cases if part.name in (case.file.actors if part.kind == "payoffs" else case.file.moves)
        )
        if part.kind == "payoffs":
            return f"The payoffs of {case.actor_label(part.name)}"
        return f"The odds of “{case.file.moves[part.name].label or part.name.replace('_', ' ')}”"
    return {
        "construction": "The way the case is built",
        "anchor": "Units, and what players expect",
        "truce": "Whether a truce holds",
        "rest": f"The other {count} changes together",
    }[part.kind]


def _number_label(name: str, between: Between, cases: tuple[Case, Case]) -> str:
    """What a number is called, by the first case that has it."""
    from vetopoint.chain.world import drawn_beside

    for case in cases:
        if name in case.inputs:
            return input_answer(case, case.inputs[name], compile_inputs(case)[name]).label
    beside = [drawn_beside(side.frame).inputs for side in between.sides]
    return next((own[name].label for own in beside if name in own), name)


def _written(case: Case, name: str, between: Between, side: int) -> str:
    item = case.inputs.get(name)
    return str(item.text) if item is not None else between.sides[side].inputs[name].text


def _lead(case: Case) -> tuple[str, str]:
    """The leading goal, and what it is called."""
    name = next(iter(case.file.goals))
    return name, case.file.goal_labels.get(name, name.replace("_", " "))


def _givens(case: Case) -> dict[FigureKind, str]:
    """What figures of each kind are given, in words."""
    file = case.file
    return _given_words(f"given that {file.short_.presupposes}" if file.short_.presupposes else _condition(case))


def _condition(case: Case) -> str:
    """What the case presupposes, by the labels of the options that it names."""
    condition = case.expression(Place.of("presupposes"))
    if condition is None:
        return ""
    labels = [
        move.labels.get(option, option.replace("_", " "))
        for name, move in case.file.moves.items()
        for option in move.options
        if name in condition.names and option in condition.names
    ]
    return "given " + " and ".join(f"“{label}”" for label in labels) if labels else f"given {case.file.presupposes}"


def _about(side: CaseSide | RunSide, asked: Asked) -> ComparedSide:
    if isinstance(side, RunSide):
        run = side.answers.run
        return ComparedSide(
            asked=side.asked,
            title=run.title,
            what=side.what,
            set=run.overrides,
            solved=False,
            draws=run.draws,
            seed=run.seed,
        )
    replaced = {name: text for name, text in side.case.overrides.items() if name not in side.fallen}
    return ComparedSide(
        asked=side.asked,
        title=side.case.file.title,
        what=side.what,
        set=replaced,
        fallen=dict(side.fallen),
        as_of=side.day,
        solved=True,
        draws=asked.draws,
        seed=asked.seed,
    )


def _by_answers(
    a: CaseSide | RunSide, b: CaseSide | RunSide, asked: Asked, say: Callable[[str, float], None]
) -> Comparison:
    """By the answers that are there: differences with their errors, and no attribution."""
    (one, lead), (other, other_lead) = (_read(side, asked, say) for side in (a, b))
    runs = [side for side in (a, b) if isinstance(side, RunSide)]
    notes = [f"{run.asked}: compared by its answers only, since {run.why}" for run in runs]
    notes += [note for side in (a, b) if isinstance(side, CaseSide) for note in side.notes]
    case = next((side.case for side in (a, b) if isinstance(side, CaseSide)), None)
    figures = _figures(one, other, _givens(case) if case is not None else _givens_of(runs[0]))
    key, more = _key(one, other, lead, other_lead)
    return Comparison(
        a=_about(a, asked),
        b=_about(b, asked),
        paired=False,
        figures=tuple(figures),
        key=key,
        vetoes=tuple(_vetoes(one, other)),
        method="none",
        why_none="a finished run's case is not at hand, so no case in between can be solved",
        only=tuple(_unshared(one, other)),
        notes=tuple(dict.fromkeys([*notes, UNPAIRED, *more])),
    )


def _read(side: CaseSide | RunSide, asked: Asked, say: Callable[[str, float], None]) -> tuple[_Told, tuple[str, str]]:
    """What a side tells, and its leading goal with its label."""
    if isinstance(side, RunSide):
        return _answered(side), (side.answers.goals[0].name, side.answers.goals[0].label)
    return _told_alone(side, asked, say), _lead(side.case)


def _told_alone(side: CaseSide, asked: Asked, say: Callable[[str, float], None]) -> _Told:
    """One case solved by itself."""
    from vetopoint.chain.comparing import Between

    say("solving", 0.0)
    solved = _side(side, asked)
    found = _told_of(Between(solved, solved, asked.draws, asked.seed).findings[0])
    say("solving", 1.0)
    return found


def _givens_of(side: RunSide) -> dict[FigureKind, str]:
    """What figures of a finished run are given."""
    run = side.answers.run
    said = run.short.presupposes or ("what the case presupposes holds" if run.presupposes else "")
    return _given_words(f"given that {said}" if said else "")


def _given_words(holds: str) -> dict[FigureKind, str]:
    tried = f"{holds}, and the plan is tried" if holds else "given that the plan is tried"
    defied = f"{holds}, made and defied" if holds else "given that it is made and defied"
    return {"goal": holds, "outcome": holds, "key": holds, "threat": defied, "truce": "given a truce", "member": tried}
