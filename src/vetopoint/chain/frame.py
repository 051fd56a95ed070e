"""What of a case does not hang on its draws: histories, the coalition's situations, presence paths, and where its words count.

Everything that the chain asks a case or its game for is fetched here, once; what is done for every batch of draws then works on
arrays and parsed expressions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from vetopoint.arrays import Array, Bools, Floats, Ints
from vetopoint.budget import USUAL, Budget
from vetopoint.case import SKIPPED, Case, Expression, Place, Point, Scope, Stretch, parse_path
from vetopoint.game.attempts import Attempt, attempt_at
from vetopoint.game.unroll import GameTree, unroll
from vetopoint.game.veto import goal_histories
from vetopoint.truce import PresencePath, Segment

if TYPE_CHECKING:
    from vetopoint.chain.values import FirstPass

__all__ = ["COALITION_VALUES", "Frame", "Paths", "Situations", "Term", "frame_of", "presence_share", "values_of"]

COALITION_VALUES = ("quorum", "cohesion", "capability", "joined")
COALITION_PLACES = ("coalition", "members", "others", "bodies", "events")
TRUCE_PLACES = ("forms", "line", "truce", "types")
#: Words for what stands, and for those and how long a truce holds.
READS_PRESENCE = frozenset(["present", "presence_share", "present_at", "form_at"])
READS_PATH = READS_PRESENCE | {"truce", "truce_at"}


#: A form, whether it stands by consent, and from which month to which since the case's date.
Standing = tuple[str, bool, float, float]


def values_of(expression: Expression, scope: Scope) -> Floats:
    """The values of an expression, as broad as what it names."""
    return np.asarray(expression.evaluate(scope), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Situations:
    """The combinations of public facts that occur.

    Attributes
    ----------
    facts : name of a fact to (situations,) whether it holds.
    of_history : (public histories,) number of the situation in which each history ends.
    of_chance : number of the situation at each chance set.
    """

    facts: Mapping[str, Bools]
    of_history: Ints
    of_chance: tuple[int, ...]

    @property
    def count(self) -> int:
        """Number of situations."""
        return int(next(iter(self.facts.values())).size) if self.facts else 1


def situations_of(game: GameTree, scope: Scope) -> Situations:
    """Find the combinations of the coalition's public facts over complete histories, whose choices the scope holds, and chance nodes."""
    names, histories = list(game.case.file.coalition.facts), game.outcome_names.size
    held = np.zeros((histories + len(game.chance_sets), len(names)), dtype=bool)
    for j, name in enumerate(names):
        held[:histories, j] = game.case.holds(scope, histories, "coalition", "facts", name)
        held[histories:, j] = [bool(chance.facts.get(name, False)) for chance in game.chance_sets]
    unique, index = np.unique(held, axis=0, return_inverse=True)
    index = np.asarray(index).reshape(-1)
    facts = {name: unique[:, j] for j, name in enumerate(names)}
    return Situations(facts, index[:histories], tuple(int(i) for i in index[histories:]))


@dataclass(frozen=True, eq=False)
class Paths:
    """The presence paths that occur.

    Attributes
    ----------
    paths : the distinct paths, in months from the truce's start.
    of_history : (public histories,) number of the path of each history, -1 where there is no truce.
    timelines : (public histories,) segments as (form, start, end) in months since the case's date.
    """

    paths: tuple[PresencePath, ...]
    of_history: Ints
    timelines: tuple[tuple[tuple[str, float, float], ...], ...]


def paths_of(game: GameTree, scope: Scope) -> Paths:
    """Follow the case's ``paths`` and ``truce`` sections through every public history, whose choices the scope holds."""
    case, histories = game.case, game.outcome_names.size
    begins = _truce_starts(game, scope)
    stretches = {name: parse_path(text) for name, text in case.file.paths.items()}
    found: dict[PresencePath, int] = {}
    of_history = np.full(histories, -1, dtype=np.int64)
    timelines: list[tuple[tuple[str, float, float], ...]] = []
    for h in range(histories):
        outcome = str(game.outcome_names[h])
        segments = _segments(game, h, stretches.get(outcome, ()))
        timelines.append(tuple((form, start, end) for form, _, start, end in segments))
        if np.isnan(begins[h]):
            continue
        broken = _last_date(game, h) if outcome in case.file.breaks_truce else None
        path = _from_start(segments, float(begins[h]), broken)
        of_history[h] = found.setdefault(path, len(found))
    return Paths(tuple(found) or (PresencePath(),), of_history, tuple(timelines))


def _truce_starts(game: GameTree, scope: Scope) -> Floats:
    histories, settings = game.outcome_names.size, game.case.file.truce
    if not game.case.file.models_truce:
        return np.full(histories, np.nan)
    dates = game.public_dates[settings.at] if isinstance(settings.at, str) else np.full(histories, float(settings.at))
    month = np.fmin.reduce(dates, axis=1) if dates.ndim == 2 else dates  # the first date that is not NaN
    return np.where(game.case.holds(scope, histories, "truce", "starts"), month, np.nan)


def _date(game: GameTree, history: int, point: Point) -> float:
    """Month of a point in one history; the last round taken of a repeated move; NaN where the move was skipped."""
    if point.move is None:
        return point.months
    dates = np.atleast_1d(game.public_dates[point.move][history])
    taken = dates[~np.isnan(dates)]
    return float(taken[-1]) + point.months if taken.size else float("nan")


def _last_date(game: GameTree, history: int) -> float:
    """Month of the last move taken in a history."""
    return float(np.nanmax(np.concatenate([np.ravel(d[history]) for d in game.public_dates.values()])))


def _segments(game: GameTree, history: int, stretches: Sequence[Stretch]) -> list[Standing]:
    """What stands when in one history."""
    horizon = game.case.file.horizon
    segments: list[Standing] = []
    at = 0.0
    for i, stretch in enumerate(stretches):
        start = _date(game, history, stretch.start) if stretch.start is not None else at
        following = stretches[i + 1].start if i + 1 < len(stretches) else None
        end_point = stretch.end or following
        end = _date(game, history, end_point) if end_point is not None else horizon
        start, end = (at if np.isnan(start) else start), (horizon if np.isnan(end) else end)
        at = max(start, end)
        if stretch.form != "none" and end > start:
            segments.append((stretch.form, stretch.consented, start, np.inf if end >= horizon else end))
    return segments


def _from_start(segments: Sequence[Standing], begin: float, broken: float | None) -> PresencePath:
    """The path counted from the month in which the truce begins; ``broken``: the month in which somebody breaks it."""
    shifted = tuple(
        Segment(form, consented, max(start - begin, 0.0), None if end == np.inf else end - begin)
        for form, consented, start, end in segments
        if end > begin
    )
    return PresencePath(shifted, None if broken is None else broken - begin)


def form_standing(paths: Paths, month: float) -> Array:
    """(public histories,) the form that stands at a month since the case's date, ``none`` where there is none."""
    standing = ((form for form, start, end in timeline if start <= month < end) for timeline in paths.timelines)
    return np.array([next(forms, "none") for forms in standing])


def presence_share(paths: Paths, horizon: float) -> Floats:
    """(public histories,) the share of the ``horizon`` months, from the case's date on, in which some form stands."""
    months = [
        sum(max(min(end, horizon) - max(start, 0.0), 0.0) for _, start, end in timeline) for timeline in paths.timelines
    ]
    return np.array(months, dtype=np.float64) / horizon


@dataclass(frozen=True, eq=False)
class Term:
    """One summand of a payoff.

    Attributes
    ----------
    channel : symbolic, practical or cost.
    worth : what it is worth.
    columns : the terminals at which it counts.
    without_presence : whether it would count without any presence too, and is worth something else then.
    """

    channel: str
    worth: Expression
    columns: Ints
    without_presence: bool


@dataclass(frozen=True, eq=False)
class Frame:
    """A case with its histories, and how many draws each part of a run may use; ``base`` is that of the case as the file has it, where
    numbers of this one are replaced and what was expected is not to follow them; ``units`` are those of actors that are kept all the same;
    ``fixed`` is a first pass that was made elsewhere, and is kept as it is."""

    case: Case
    game: GameTree
    situations: Situations
    paths: Paths
    budget: Budget = USUAL
    base: Frame | None = None
    units: Mapping[str, float] = field(default_factory=dict)
    fixed: FirstPass | None = None

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each actor is called."""
        return {actor: self.case.actor_label(actor) for actor in self.case.file.actors}

    @cached_property
    def situation(self) -> Ints:
        """(terminals,) number of the coalition's situation at each terminal."""
        return self.situations.of_history[self.game.terminal_public]

    @cached_property
    def path(self) -> Ints:
        """(terminals,) number of the presence path of each terminal, -1 where there is no truce."""
        return self.paths.of_history[self.game.terminal_public]

    @cached_property
    def presupposed(self) -> Bools:
        """(terminals,) whether the chance events that the headlines presuppose came true; True where none are declared."""
        return self.holds("presupposes")

    @cached_property
    def scope(self) -> Scope:
        """What names mean at the terminals, whatever the draws: moves, types, the outcome, and which form stands when."""
        public, base = self.game.terminal_public, self.game.scope()
        standing = {
            "present": np.array([bool(t) for t in self.paths.timelines])[public][None, :],
            "presence_share": presence_share(self.paths, self.case.file.horizon)[public][None, :],
        }
        functions = {
            "present_at": lambda month: (form_standing(self.paths, float(month)) != "none")[public],
            "form_at": lambda month: form_standing(self.paths, float(month))[public],
        }
        return replace(base, values=standing, functions=functions)

    def holds(self, *keys: Place | str) -> Bools:
        """(terminals,) whether the condition at a place of the case holds; True where none is written."""
        return self.case.holds(self.scope, self.game.terminals, *keys)

    @cached_property
    def terms(self) -> dict[str, tuple[Term, ...]]:
        """Player to the terms of its payoff, in the order of the file."""
        found: dict[str, tuple[Term, ...]] = {}
        for player, payoff in self.case.file.payoffs.items():
            places = {Place.of("payoffs", player, "terms", name): term.channel for name, term in payoff.terms.items()}
            found[player] = tuple(
                Term(channel, self.case.spec(at, "worth"), np.flatnonzero(self.holds(at, "when")), self._without(at))
                for at, channel in places.items()
            )
        return found

    def _without(self, term: Place) -> bool:
        worth, when = self.case.spec(term, "worth"), self.case.expression(term, "when")
        asked = frozenset[str]() if when is None else when.names | when.calls
        return bool((worth.names | worth.calls) & READS_PATH) and asked.isdisjoint(READS_PRESENCE)

    def stands(self, forms: Sequence[str]) -> Bools:
        """(terminals, forms) whether each form stands at some time of the truce."""
        named = [{segment.form for segment in path.segments} for path in self.paths.paths]
        return np.array([[form in names for form in forms] for names in named], dtype=bool)[self.path]

    @cached_property
    def named(self) -> dict[str, frozenset[str]]:
        """Player to all names in its payoff's terms."""
        nothing = frozenset[str]()
        return {player: nothing.union(*(t.worth.names for t in terms)) for player, terms in self.terms.items()}

    @cached_property
    def goals(self) -> dict[str, Expression]:
        """Goal to its condition."""
        return {name: self.case.conditions[Place.of("goals", name)] for name in self.case.file.goals}

    @cached_property
    def views(self) -> tuple[list[frozenset[str]], tuple[int, ...]]:
        """The distinct views of the game, as the inputs that are seen at their mean only, and the view of each player."""
        used = frozenset[str]().union(*self.named.values())
        hidden = {name: item.known_to for name, item in self.case.inputs.items() if item.known_to != "all"}
        unknown = [
            frozenset(n for n, known in hidden.items() if n in used and (known == "none" or player not in known))
            for player in self.game.players
        ]
        distinct = sorted(set(unknown), key=lambda names: (len(names), sorted(names)))
        return distinct, tuple(distinct.index(names) for names in unknown)

    @cached_property
    def entering(self) -> dict[str, frozenset[str]]:
        """Names used, themselves or through an expression, in the sections from which the coalition's and the truce's tables come."""
        specs, nothing = self.case.specs.items(), frozenset[str]()
        sections = {"coalition": COALITION_PLACES, "truce": TRUCE_PLACES}
        return {t: nothing.union(*(e.names for p, e in specs if p.section in own)) for t, own in sections.items()}

    @cached_property
    def methods(self) -> frozenset[str]:
        """Inputs that enter the solver's precision and nothing else: they stand under the methods, not among the causes."""
        used = self.case.used_at.items()
        return frozenset(name for name, places in used if all(p.section == "precision" for p in places))

    @cached_property
    def hanging(self) -> frozenset[str]:
        """The moves of chance whose odds hang on the members."""
        return frozenset(
            chance.move
            for chance in self.game.chance_sets
            if any(spec is not None and spec.names & set(COALITION_VALUES) for spec in chance.specs)
        )

    @cached_property
    def asked(self) -> Bools:
        """(terminals,) whether the members are asked: a move of chance hangs on them, or, where none does, a payoff."""
        taken = [self.game.choices[move].reshape(self.game.terminals, -1) != SKIPPED for move in self.hanging]
        found = np.zeros(self.game.terminals, dtype=bool)
        for term in chain(*self.terms.values()) if not taken else ():
            found[term.columns] |= bool(term.worth.names & set(COALITION_VALUES))
        return np.asarray(np.logical_or.reduce([found, *(rounds.any(axis=1) for rounds in taken)]), dtype=bool)

    @cached_property
    def attempted(self) -> Bools:
        """(terminals,) whether the owner attempts what members are asked for; everywhere if nothing sets an attempt apart."""
        attempt = attempt_at(self.game, goal_histories(self.game, self.asked))
        return attempt.made if isinstance(attempt, Attempt) else np.ones(self.game.terminals, dtype=bool)

    @cached_property
    def month(self) -> float:
        """Month at which the members decide: that of the first move whose chances depend on them, else of the owner's first."""
        public, owner = self.game.public, self.case.file.owner
        reached = [(layer, public.date[public.at_layer(number)]) for number, layer in enumerate(public.layers)]
        by_members = [dates for layer, dates in reached if dates.size and layer.move in self.hanging]
        by_owner = [dates for layer, dates in reached if dates.size and layer.by == owner]
        return next((float(dates.mean()) for dates in [*by_members, *by_owner]), 0.0)

    @cached_property
    def types(self) -> list[dict[str, str]]:
        """For each combination of types the type of each typed actor."""
        space = self.game.types
        own = {actor: space.of(actor) for actor in space.names}
        return [{a: names[own[a][combo]] for a, names in space.names.items()} for combo in range(space.size)]


def frame_of(case: Case, budget: Budget = USUAL, base: Case | None = None) -> Frame:
    """Unroll a case; ``base`` is the case before numbers of it were replaced, if its first pass is to be kept."""
    game = unroll(case)
    scope = game.public_scope()
    return Frame(
        case,
        game,
        situations_of(game, scope),
        paths_of(game, scope),
        budget.fitted(game.nodes),
        None if base is None else frame_of(base, budget),
    )
