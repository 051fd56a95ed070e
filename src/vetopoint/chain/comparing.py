"""Two cases on common random numbers, and which change between them moved which answer.

Both are drawn from the same seed, each input from the same column of uniforms as the input of its name in the other (common random numbers:
Glasserman & Yao 1992, *Management Science* 38), so that an input that is alike is the same number in every draw, and a difference of two figures
is known far better than either.

What differs are *parts*: numbers that both have and that are drawn otherwise, the way the case is built (with what only one of them has), the
first pass (units, and what players expect), and of an ignorance twin each actor's payoffs, the odds of each move of chance, and the truce. Any set of
parts taken from the second case makes a case in between; the difference of a figure is shared among the parts by Shapley's value, whose shares
add up to it (Shapley 1953; of a change in any aggregate: Shorrocks 2013, *Journal of Economic Inequality* 11, 99-126).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import Literal

import numpy as np

from vetopoint.arrays import Bools, Floats
from vetopoint.case import CaseError
from vetopoint.chain.figures import Figure, Findings, Key, change, figures_of, findings_of, key_figures, twinned
from vetopoint.chain.frame import Frame
from vetopoint.chain.world import World, build_world, drawn_beside, first_pass
from vetopoint.coalition import CoalitionTables
from vetopoint.kernel import in_order
from vetopoint.pivots import shapley
from vetopoint.quantity import Distribution, Draws, SpecError, compile_inputs, impossible_numbers, sample
from vetopoint.quantity.bands import monte_carlo_error
from vetopoint.quantity.distributions import Fixed
from vetopoint.truce import TruceTables

__all__ = ["Between", "Part", "Shared", "Side", "matched_draws", "same_figures"]

MOST_PARTS, TOLD_APART = 7, 5
"""So many parts are told apart: every set of them is solved. Of more, so many that move most, and the smaller ones count together."""
SCREENED_ON = 256  # draws on which is looked which parts are the smaller ones
SAME = 1e-9
MOST_TABLES = 8  # kept to be used again, the latest

PartKind = Literal["number", "construction", "anchor", "payoffs", "odds", "truce", "rest"]


@dataclass(frozen=True, eq=False)
class Side:
    """One of two cases.

    Attributes
    ----------
    frame : its histories; its first pass is that of its own file as written, unless it was asked for otherwise.
    twin : whether its ignorance twin is meant.
    """

    frame: Frame
    twin: bool = False

    @cached_property
    def inputs(self) -> dict[str, Distribution]:
        """Every input's distribution, those included that engines draw beside the case's own."""
        own = compile_inputs(self.frame.case)
        return own | {name: what.distribution for name, what in drawn_beside(self.frame).inputs.items()}


@dataclass(frozen=True)
class Part:
    """Something that differs between two sides.

    Attributes
    ----------
    kind : what it is; `rest` are several that count together.
    name : of a number its name, of payoffs the actor, of odds the move.
    holds : of the rest, or of the construction the inputs that only one side has, their names.
    """

    kind: PartKind
    name: str
    holds: tuple[str, ...] = ()


def matched_draws(first: Side, second: Side, draws: int, seed: int) -> tuple[Draws, Draws]:
    """Both sides' draws; inputs of one name come from one column of uniforms.

    The order in which inputs take their columns is that of the side with more of them, then what only the other has; it does not hang on
    which of the two comes first.

    Raises
    ------
    CaseError
        If a distribution or a correlation cannot be used, or a number that stands for a probability can lie outside 0 to 1.
    """
    longer, shorter = sorted((list(first.inputs), list(second.inputs)), key=lambda names: (-len(names), names))
    order = list(dict.fromkeys([*longer, *shorter]))
    one, other = (_drawn(side, order, draws, seed) for side in (first, second))
    return one, other


def _drawn(side: Side, order: Sequence[str], draws: int, seed: int) -> Draws:
    case, own = side.frame.case, side.inputs
    impossible = impossible_numbers(case)
    if impossible:
        raise CaseError(impossible)
    try:
        found = sample({name: own.get(name, Fixed(0.0)) for name in order}, draws, seed, case.file.correlate)
    except SpecError as error:
        raise CaseError(case.problem(error.message, error.remedy, "correlate")) from error
    return replace(
        found,
        columns={name: found.columns[name] for name in own},
        means={name: found.means[name] for name in own},
    )


def same_figures(one: Mapping[Key, Figure], other: Mapping[Key, Figure]) -> bool:
    """Whether two worlds have the same figures, draw by draw."""
    return one.keys() == other.keys() and all(
        np.allclose(one[key].part, other[key].part, rtol=0, atol=SAME)
        and np.allclose(one[key].whole, other[key].whole, rtol=0, atol=SAME)
        for key in one
    )


@dataclass(frozen=True, eq=False)
class Shared:
    """How differences are shared.

    Attributes
    ----------
    parts : what they are shared among.
    shares, errors : figure to (parts,) shares, and their standard errors: of Monte Carlo, and of sampled orders where some were sampled.
    orders : how many orders were sampled; 0: every set of parts was solved.
    """

    parts: tuple[Part, ...]
    shares: Mapping[Key, Floats]
    errors: Mapping[Key, Floats]
    orders: int = 0


class Between:
    """Two sides, and every case between them.

    Parameters
    ----------
    first, second : the sides.
    draws, seed : how many draws of each, from which seed.
    """

    def __init__(self, first: Side, second: Side, draws: int, seed: int) -> None:
        self.sides = (first, second)
        self.draws = matched_draws(first, second, draws, seed)
        self._frames: dict[tuple[int, int], Frame] = {}
        self._tables: dict[tuple[str, int, frozenset[str]], CoalitionTables | TruceTables | None] = {}
        self._worlds: dict[frozenset[Part], World] = {}
        self._lock = Lock()

    @cached_property
    def numbers(self) -> tuple[Part, ...]:
        """Numbers that both have and that differ in some draw, or in what is expected of them."""
        first, second = self.draws
        differ = [
            name
            for name in first.columns
            if name in second.columns
            and not (np.array_equal(first[name], second[name]) and first.means[name] == second.means[name])
        ]
        return tuple(Part("number", name) for name in differ)

    def idle(self, name: str) -> bool:
        """Whether a number is named nowhere in either case, so that it can move nothing."""
        return all(name in side.frame.case.inputs and not side.frame.case.used_at.get(name) for side in self.sides)

    @cached_property
    def one_only(self) -> tuple[str, ...]:
        """Inputs that only one side has."""
        first, second = (draws.columns for draws in self.draws)
        return tuple(sorted(first.keys() ^ second.keys()))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All that differs and may have moved something."""
        acting = tuple(part for part in self.numbers if not self.idle(part.name))
        return (*self._built(acting), *acting, *self._vague())

    def _vague(self) -> list[Part]:
        """The parts of an ignorance twin, where one side is one and the other is not."""
        if self.sides[0].twin == self.sides[1].twin:
            return []
        frames = [side.frame for side in self.sides]
        actors = dict.fromkeys(actor for frame in frames for actor in frame.game.players)
        moves = dict.fromkeys(c.move for frame in frames for c in frame.game.chance_sets if c.move)
        found = [*(Part("payoffs", a) for a in actors), *(Part("odds", m) for m in moves)]
        return [*found, Part("truce", "")] if self.truce_decides else found

    def _built(self, numbers: tuple[Part, ...]) -> list[Part]:
        """The construction, or the first pass, where it makes a difference: where the first case with the second's numbers differs from it."""
        own = [first_pass(side.frame) for side in self.sides]
        anchor = [] if own[0].digest == own[1].digest else [Part("anchor", "")]
        if self.sides[0].frame is self.sides[1].frame:
            return []
        if not self.one_only and self._alike():
            try:
                between = self._plain(frozenset([*numbers, *anchor]))
            except (ValueError, KeyError):  # arrays of other sizes: the histories or the types differ
                return [Part("construction", "")]
            if same_figures(figures_of(between), figures_of(self.plain_ends[1])):
                return list(anchor)
        return [Part("construction", "", self.one_only)]

    def _alike(self) -> bool:
        """Whether both have the same players, and truces of one shape, so that one may take the other's first pass."""
        frames, own = [s.frame for s in self.sides], [first_pass(s.frame).survival for s in self.sides]
        shapes = [None if survival is None else survival.shape for survival in own]
        return frames[0].game.players == frames[1].game.players and shapes[0] == shapes[1]

    @cached_property
    def plain_ends(self) -> tuple[World, World]:
        """Both sides, neither as a twin."""
        both = []
        for side, draws in zip(self.sides, self.draws, strict=True):
            with side.frame.case.located():
                both.append(build_world(side.frame, draws))
        return both[0], both[1]

    @cached_property
    def ends(self) -> tuple[World, World]:
        """Both sides."""
        first, second = (
            twinned(world, *_all_vague(world.frame)) if side.twin else world
            for side, world in zip(self.sides, self.plain_ends, strict=True)
        )
        return first, second

    @cached_property
    def findings(self) -> tuple[Findings, Findings]:
        """What both are compared by. A twin counts a truce as one half, so that goals which the truce decides have no vetoes to compare."""
        left_out = self.truce_decides if any(side.twin for side in self.sides) else frozenset[str]()
        first, second = (findings_of(world, left_out) for world in self.ends)
        return first, second

    @cached_property
    def truce_decides(self) -> frozenset[str]:
        """Goals that the truce decides, draw by draw, on either side."""
        return frozenset(
            name for world in self.plain_ends for name, weights in world.goals.items() if weights.ndim == 2
        )

    def world(self, taken: Collection[Part]) -> World:
        """The case in which some parts are those of the second side, and all others those of the first."""
        chosen = frozenset(taken)
        vague = [p for p in self.parts if p.kind in ("payoffs", "odds", "truce")]
        plain = self._plain(chosen.difference(vague))
        if not vague:
            return twinned(plain, *_all_vague(plain.frame)) if self.sides[0].twin else plain
        there = [p for p in vague if (p in chosen) == self.sides[1].twin]
        payoffs, odds = (frozenset(p.name for p in there if p.kind == kind) for kind in ("payoffs", "odds"))
        return twinned(plain, payoffs, odds, any(p.kind == "truce" for p in there))

    def _plain(self, taken: frozenset[Part]) -> World:
        with self._lock:
            known = self._worlds.get(taken)
        if known is None:
            known = self._build(taken)
            with self._lock:
                if len(self._worlds) > 2:  # each holds the game's solution: few are kept
                    self._worlds.clear()
                self._worlds[taken] = known
        return known

    def _build(self, taken: frozenset[Part]) -> World:
        kinds = {part.kind for part in taken}
        built = int("construction" in kinds)
        frame = self._frame(built, 1 if "anchor" in kinds else 0 if not built else 1)
        moved = {part.name for part in taken if part.kind == "number"}
        differ = {part.name for part in self.numbers}
        columns, means = {}, {}
        for name in self.draws[built].columns:
            from_ = built if name not in differ else int(name in moved)
            columns[name], means[name] = self.draws[from_].columns[name], self.draws[from_].means[name]
        draws = replace(self.draws[built], columns=columns, means=means, asked={}, _uniforms={})
        own = drawn_beside(self.sides[built].frame)
        keys = {
            table: (table, built, frozenset(moved & (self._entering(built, table) | asked.keys())))
            for table, asked in (("coalition", own.coalition), ("truce", own.truce))
        }
        tables = {table: self._tables.get(key) for table, key in keys.items()}
        with frame.case.located():
            world = build_world(frame, draws, coalition=tables["coalition"], truce=tables["truce"])  # type: ignore[arg-type]
        with self._lock:
            self._tables |= {keys["coalition"]: world.tables.coalition, keys["truce"]: world.tables.truce}
            for old in list(self._tables)[:-MOST_TABLES]:
                del self._tables[old]
        return world

    def _entering(self, built: int, table: str) -> frozenset[str]:
        return self.sides[built].frame.entering[table]

    def _frame(self, built: int, anchor: int) -> Frame:
        if built == anchor:
            return self.sides[built].frame
        if (built, anchor) not in self._frames:
            other = self.sides[anchor].frame
            self._frames[built, anchor] = replace(self.sides[built].frame, base=other.base or other)
        return self._frames[built, anchor]

    def shared(
        self,
        wanted: Sequence[Key],
        say: Callable[[float], None],
        each: bool = False,
        orders: int = 16,
    ) -> Shared:
        """Share the differences of some figures among the parts.

        Parameters
        ----------
        wanted : the figures, decisiveness among them.
        say : told the share that is done.
        each : whether every part is told apart, however many there are: by sampled orders where there are more than can be solved for.
        orders : how many orders to sample then.
        """
        parts = self.parts if each else self._bundled(wanted)
        if not parts or not wanted:
            return Shared(parts, {}, {})
        exact = len(parts) <= MOST_PARTS
        solved = _Solved(self, parts, wanted, say, (1 << len(parts)) if exact else orders * (len(parts) - 1) + 2)
        options = {"exact_up_to": MOST_PARTS, "samples": orders, "batch": 2 * (len(parts) + 1) * 4}
        by_draw = shapley(solved.by_draw, len(parts), **options).shares
        drawn = shapley(solved.values, len(parts), **options)
        shares, errors, start = {}, {}, 0
        for f, key in enumerate(wanted):
            rows = by_draw[:, start : start + solved.sizes[f]]
            start += solved.sizes[f]
            shares[key] = drawn.shares[:, f]
            sampled = monte_carlo_error((rows - rows.mean(axis=1, keepdims=True)).T)
            errors[key] = np.hypot(sampled, drawn.error[:, f])
        return Shared(parts, shares, errors, 0 if exact else orders)

    def _bundled(self, wanted: Sequence[Key]) -> tuple[Part, ...]:
        """The parts; of more than can be told apart, those that move most by themselves, first or last, and the rest as one."""
        if len(self.parts) <= MOST_PARTS or not wanted:
            return self.parts
        few = Between(*self.sides, min(SCREENED_ON, self.draws[0].n), self.draws[0].seed)
        vars(few).update(parts=self.parts, numbers=self.numbers)
        cheap = [key for key in wanted if key[0] != "key"] or list(wanted)
        asked = [key for key in cheap if key[0] == "goal"] or cheap
        everything = frozenset(self.parts)

        def size(part: Part) -> Floats:
            alone, without = ({part}, frozenset[Part]()), (everything, everything - {part})
            return _distances(few, asked, *alone) + _distances(few, asked, *without)

        sizes = dict(zip(self.parts, in_order(size, self.parts), strict=True))
        largest = _largest(sizes, TOLD_APART)
        rest = tuple(part for part in self.parts if part not in largest)
        told = tuple(part for part in self.parts if part in largest)
        return (*told, Part("rest", "", tuple(f"{part.kind}:{part.name}" for part in rest)))

    def members_of(self, part: Part) -> tuple[Part, ...]:
        """The parts that one stands for."""
        if part.kind != "rest":
            return (part,)
        return tuple(p for p in self.parts if f"{p.kind}:{p.name}" in part.holds)

    def measured(self, taken: Collection[Part], wanted: Sequence[Key]) -> list[Figure]:
        """Some figures of a case in between."""
        world = self.world(taken)
        found = figures_of(world)
        parties = [name for kind, name in wanted if kind == "key"]
        if parties:
            found |= key_figures(world, parties).figures
        return [found[key] for key in wanted]


def _distances(between: Between, wanted: Sequence[Key], one: Collection[Part], other: Collection[Part]) -> Floats:
    """(figures,) how far the figures of two cases in between lie apart."""
    pairs = zip(between.measured(one, wanted), between.measured(other, wanted), strict=True)
    moved = [change(*pair) for pair in pairs]
    return np.array([0.0 if found is None else abs(found[0]) for found in moved])


def _largest(sizes: Mapping[Part, Floats], most: int) -> list[Part]:
    """The parts that move a figure furthest: of each figure in turn its largest, then its second, until so many are found."""
    figures = range(len(next(iter(sizes.values()))))
    ranked = [sorted(sizes, key=lambda p, f=f: (-sizes[p][f], p.kind, p.name)) for f in figures]  # type: ignore[misc]
    by_place = dict.fromkeys(part for place in zip(*ranked, strict=True) for part in place)
    return list(by_place)[:most]


def _all_vague(frame: Frame) -> tuple[frozenset[str], frozenset[str], bool]:
    """What of a case is vague in its whole ignorance twin."""
    return frozenset(frame.game.players), frozenset(c.move for c in frame.game.chance_sets if c.move), True


class _Solved:
    """Figures of every set of parts that is asked for, each solved once."""

    def __init__(
        self, between: Between, parts: Sequence[Part], wanted: Sequence[Key], say: Callable[[float], None], sets: int
    ) -> None:
        self.between, self.parts, self.wanted, self.say, self.sets = between, parts, wanted, say, sets
        self.known: dict[bytes, list[Figure]] = {}
        self.sizes = [figure.part.size for figure in between.measured((), wanted)]

    def _found(self, subsets: Bools) -> list[list[Figure]]:
        new = {row.tobytes(): row for row in subsets if row.tobytes() not in self.known}

        def solve(row: Bools) -> list[Figure]:
            taken = [
                p for part, inside in zip(self.parts, row, strict=True) if inside for p in self.between.members_of(part)
            ]
            found = self.between.measured(taken, self.wanted)
            self.say(min(1.0, (len(self.known) + 1) / self.sets))
            return found

        # A few at a time, so that what is done can be told, and what is not needed any more goes.
        rows = list(new.items())
        for start in range(0, len(rows), 4):
            some = rows[start : start + 4]
            solved = in_order(solve, [row for _, row in some])
            self.known.update((key, figures) for (key, _), figures in zip(some, solved, strict=True))
        return [self.known[row.tobytes()] for row in subsets]

    def values(self, subsets: Bools) -> Floats:
        """(k, figures)."""
        return np.array([[figure.value or 0.0 for figure in found] for found in self._found(subsets)])

    def by_draw(self, subsets: Bools) -> Floats:
        """(k, sum of draws) every figure and what each draw adds beyond its share, one figure after another."""
        return np.array([np.concatenate([(f.value or 0.0) + f.rest for f in found]) for found in self._found(subsets)])
