"""Who joins: consistent sets of joining rules, with the noise of acceptance integrated.

Members are bits of a mask. A rule is a row of a truth table over all masks of members that have joined; a member that
does not accept the terms never joins. A set is consistent if those of it, and nobody else, accept and see their rule hold when
it has joined (a fixed point). Where no rule is broken by another's joining there are a greatest such set (all expect the
best) and a least (all expect the worst), at the ends of the cascades from everybody and from nobody. Where one is ("only if X
stays out"), there may be none, one or several, and all are enumerated: a figure is given at its highest and at its lowest
over them; without any, nobody joins. The patterns of acceptance are weighed by their probability (`join`, exact), which
generalises the Poisson-binomial distribution to members that look at each other. Where nobody looks at anybody that
distribution itself is exact for any number of members (`join_independent`); in larger coalitions of members who do,
patterns are drawn, and followed from everybody and from nobody for all draws at once (`join_sampled`).

References
----------
Tarski (1955), A lattice-theoretical fixpoint theorem; Granovetter (1978), Threshold models of collective behavior;
Schelling (1978), Micromotives and macrobehavior, ch. 7 (k-groups); Milgrom & Roberts (1990) on extremal equilibria;
Le Cam (1960) and Hong (2013), On computing the distribution function for the Poisson binomial distribution, CSDA 59:41-51
(direct convolution, its section 2.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from vetopoint.arrays import Array, Bools, Floats, Ints, ratio
from vetopoint.coalition.counting import whole
from vetopoint.kernel import in_order, kernel

__all__ = [
    "EXACT_MEMBERS",
    "Joining",
    "Quorum",
    "Rules",
    "Test",
    "consistent_sets",
    "countable",
    "fixed_points",
    "join",
    "join_independent",
    "join_sampled",
    "monotone",
]  # fmt: skip

#: Up to this many members all patterns of acceptance are enumerated; beyond, they are drawn.
EXACT_MEMBERS = 12

#: Draws enumerated at once, which bounds the memory in use.
DRAWS_AT_ONCE = 16_384

#: Rows of draws and situations from which on they are shared out, and in how many shares; with fewer it costs more than it saves.
SHARED_FROM = 4096
SHARES = 8

#: Largest distribution by number of members and units brought, and cells of distributions handled at once.
MOST_CELLS = 1 << 11
CELLS_AT_ONCE = 1 << 21

#: Acceptance patterns drawn for each draw and situation, and draws handled at once.
PATTERNS = 16
SAMPLED_AT_ONCE = 256

#: Truth of a rule for a slice of draws, who has joined (M, k, S, P) and how many (k, S, P); broadcasts to (k, S, P).
Test = Callable[[slice, Bools, Array], Bools]


@dataclass(frozen=True)
class Quorum:
    """What members bring and what the coalition needs; n draws (or worlds), M members.

    Attributes
    ----------
    capability : (n, M) what each brings.
    need : (n,) capability needed, or None.
    minimum : least number of members needed.
    """

    capability: Floats
    need: Floats | None = None
    minimum: int = 0

    @property
    def least(self) -> Floats:
        """(n,) capability needed, minus infinity where none is."""
        return np.full(len(self.capability), -np.inf) if self.need is None else np.array(self.need, dtype=np.float64)

    def part(self, cut: slice) -> Quorum:
        """The same for some of the draws."""
        return Quorum(self.capability[cut], None if self.need is None else self.need[cut], self.minimum)


@dataclass(frozen=True)
class Rules:
    """Joining rules and the coalition's clause as truth tables, and which rows apply; n draws, S situations, M members.

    Attributes
    ----------
    truth : for each member a (rows, 2^M) table: does its rule hold when the mask has joined?
    row : (n, S, M) which row of its table each member goes by.
    clause : (rows, 2^M) does the coalition's consent clause hold?
    clause_row : (n, S) which row of `clause` applies.
    """

    truth: Sequence[Bools]
    row: Ints
    clause: Bools
    clause_row: Ints

    def part(self, cut: slice) -> Rules:
        """The same for some of the draws."""
        return Rules(self.truth, self.row[cut], self.clause, self.clause_row[cut])


@dataclass(frozen=True)
class Joining:
    """Who joins; n draws, S situations, M members.

    Attributes
    ----------
    quorum, quorum_least : (n, S) probability that the coalition reaches what it needs, at best and at worst.
    joined, joined_least : (n, S) expected number of members that join.
    capability : (n, S) expected capability that joins, at best.
    cohesion : (n, S) probability that the quorum is reached and survives the exit of one joined member picked at random.
    none, several : (n, S) probability that no set is consistent, and that more than one is.
    greatest, least : (n, S, M) probability that each member joins.
    error : field to the standard error that drawn patterns leave on its mean over draws, (S,) or (S, M); empty where none are drawn.
    """

    quorum: Floats
    quorum_least: Floats
    joined: Floats
    joined_least: Floats
    capability: Floats
    cohesion: Floats
    none: Floats
    several: Floats
    greatest: Floats
    least: Floats
    error: Mapping[str, Floats] = field(default_factory=dict)


_FIGURES = tuple(f.name for f in fields(Joining) if f.name != "error")


def monotone(truth: Bools) -> bool:
    """Whether no rule of a table (rows, 2^m) is ever broken by one more member joining."""
    rows, size = truth.shape
    for bit in range(size.bit_length() - 1):
        pairs = truth.reshape(rows, -1, 2, 1 << bit)
        if np.any(pairs[:, :, 0] & ~pairs[:, :, 1]):
            return False
    return True


@kernel
def fixed_points(rules: Array, greatest: Array, least: Array) -> None:
    """Greatest and least fixed points of a rule table, for every mask of members that accept.

    Parameters
    ----------
    rules : (2^m,) uint32; bit i of entry `mask` says whether the rule of member i holds when `mask` has joined.
    greatest, least : (2^m,) uint32, filled in: the members that join when those of the mask accept. Rules are monotone.

    Examples
    --------
    Two members that each wait for the other:

    >>> import numpy as np
    >>> rules = np.array([0b00, 0b10, 0b01, 0b11], dtype=np.uint32)
    >>> up, down = np.empty_like(rules), np.empty_like(rules)
    >>> fixed_points(rules, up, down)
    >>> int(up[0b11]), int(down[0b11])
    (3, 0)
    """
    for accepted in range(len(rules)):
        held = accepted & rules[accepted]
        greatest[accepted] = accepted if held == accepted else greatest[held]
        here = np.uint32(0)
        while True:
            more = here | (np.uint32(accepted) & rules[here])
            if more == here:
                break
            here = more
        least[accepted] = here


@kernel
def consistent_sets(rules: Array, starts: Ints) -> Array:
    """All consistent sets, one mask of members that accept after another: those of mask `a` stand at ``starts[a]:starts[a + 1]``.

    A set is one of those who accept where everybody in it sees its rule hold and nobody outside who accepts does, so each set
    is written to itself joined with any of the others whose rule fails.

    Parameters
    ----------
    rules : (2^m,) uint32, as in `fixed_points`, monotone or not.
    starts : (2^m + 1,) filled in.

    Examples
    --------
    The second joins only if the first stays out, and the first only if the second does: either alone.

    >>> import numpy as np
    >>> rules, starts = np.array([0b11, 0b01, 0b10, 0b00], dtype=np.uint32), np.empty(5, dtype=np.int64)
    >>> consistent_sets(rules, starts)[starts[3] :].tolist()
    [1, 2]
    """
    size = len(rules)
    starts[:] = 0
    place = starts.copy()
    sets = np.empty(0, dtype=np.uint32)
    for fill in (False, True):
        for here in range(size):
            rule = np.int64(rules[here])
            if here & ~rule:
                continue
            others = (size - 1) & ~(rule | here)
            more = others
            while True:
                if fill:
                    sets[place[here | more]] = here
                    place[here | more] += 1
                else:
                    starts[(here | more) + 1] += 1
                if more == 0:
                    break
                more = (more - 1) & others
        if not fill:
            starts[:] = np.cumsum(starts)
            place[:] = starts
            sets = np.empty(starts[size], dtype=np.uint32)
    return sets


# -- all patterns of acceptance, enumerated ------------------------------------------------------------------------


def join(rules: Rules, accepts: Floats, quorum: Quorum, *, by_member: bool = True) -> Joining:
    """Solve the joining of M members over n draws and S situations, exactly given each draw.

    Parameters
    ----------
    accepts : (n, M) or (n, S, M) probability that a member finds the terms acceptable, independent given the draw.
    by_member : also find cohesion and each member's probability, which takes most of the time; else they are zero.

    Examples
    --------
    Three members who decide alone, two of whom are needed: a Poisson-binomial tail.

    >>> import numpy as np
    >>> always = np.ones((1, 8), dtype=bool)
    >>> rules = Rules([always] * 3, np.zeros((1, 1, 3), dtype=np.int64), always, np.zeros((1, 1), dtype=np.int64))
    >>> result = join(rules, np.array([[0.5, 0.5, 0.5]]), Quorum(np.ones((1, 3)), minimum=2))
    >>> float(result.quorum[0, 0])
    0.5
    """
    n, _, m = rules.row.shape
    if m > EXACT_MEMBERS:
        raise ValueError(f"{m} members are too many to enumerate (at most {EXACT_MEMBERS})")
    cuts = [slice(start, start + DRAWS_AT_ONCE) for start in range(0, n, DRAWS_AT_ONCE)]
    parts = [_join_draws(rules.part(c), accepts[c], quorum.part(c), by_member) for c in cuts]
    if len(parts) == 1:
        return parts[0]
    joined: dict[str, Any] = {name: np.concatenate([getattr(p, name) for p in parts]) for name in _FIGURES}
    return Joining(**joined)


def _join_draws(rules: Rules, accepts: Floats, quorum: Quorum, by_member: bool) -> Joining:
    n, situations, m = rules.row.shape
    accept = np.ascontiguousarray(_by_situation(accepts, situations), dtype=np.float64).reshape(n * situations, m)
    capability, need = np.ascontiguousarray(quorum.capability, dtype=np.float64), quorum.least
    offsets = np.cumsum([0, *(len(t) for t in rules.truth)])
    tables = np.concatenate([*rules.truth, np.zeros((1, 1 << m), dtype=bool)]).astype(np.bool_)
    keys = np.concatenate([rules.row.reshape(len(accept), m) + offsets[:-1], rules.clause_row.reshape(-1, 1)], axis=1)
    configs, which = _unique_rows(keys)
    order = np.argsort(which, kind="stable")
    starts = np.searchsorted(which[order], np.arange(len(configs) + 1))
    out = np.zeros((n * situations, 8 + 2 * m))
    solve = _join if all(map(monotone, (*rules.truth, rules.clause))) else _join_any

    def run(cut: tuple[int, int]) -> None:
        solve(
            tables, rules.clause, configs, order, starts, *cut, accept, capability, need, quorum.minimum, situations,
            by_member, out,
        )  # fmt: skip

    in_order(run, _even_cuts(starts, SHARES if len(accept) >= SHARED_FROM else 1))
    split = out.reshape(n, situations, -1)
    figures: dict[str, Any] = {name: split[..., k] for k, name in enumerate(_FIGURES[:8])}
    return Joining(**figures, greatest=split[..., 8 : 8 + m], least=split[..., 8 + m :])


def _by_situation(accepts: Floats, situations: int) -> Floats:
    """(n, S, M) from (n, M) or (n, S, M)."""
    each = accepts if accepts.ndim == 3 else accepts[:, None, :]
    return np.broadcast_to(each, (len(each), situations, each.shape[-1]))


def _unique_rows(keys: Ints) -> tuple[Ints, Ints]:
    """Distinct rows and the number of each row's own, packed into one integer per row where they fit."""
    spans = keys.max(axis=0) + 1
    if np.prod(spans.astype(float)) < 2.0**62:
        packed = np.zeros(len(keys), dtype=np.int64)
        for column, span in zip(keys.T, spans, strict=True):
            packed = packed * span + column
        _, first, which = np.unique(packed, return_index=True, return_inverse=True)
        return keys[first], which
    configs, which = np.unique(keys, axis=0, return_inverse=True)
    return configs, which.ravel()


def _even_cuts(starts: Ints, parts: int) -> list[tuple[int, int]]:
    """Runs of configurations with about the same number of draws each."""
    total, last = int(starts[-1]), len(starts) - 1
    inner = [int(np.searchsorted(starts, total * k / parts)) for k in range(1, parts)]
    return [(a, b) for a, b in pairwise([0, *inner, last]) if b > a] or [(0, last)]


@kernel
def _join(
    tables: Bools, clause: Bools, configs: Ints, order: Ints, starts: Ints, first: int, last: int, accept: Floats,
    capability: Floats, need: Floats, minimum: int, situations: int, by_member: bool, out: Floats,
) -> None:  # fmt: skip
    """Solve the draws and situations of some configurations, those from `first` up to `last`, of monotone rules.

    Parameters
    ----------
    tables : (rows, 2^m) truth of all members' rules, one table under the other; `clause` (rows, 2^m).
    configs : (u, m + 1) distinct sets of rows: of `tables` for each member, of `clause` for the coalition.
    order : (n·S,) draws and situations by configuration; those of configuration u are ``order[starts[u]:starts[u + 1]]``.
    accept : (n·S, m); capability : (n, m); need : (n,).
    out : (n·S, 8 + 2m), filled in: the fields of `Joining` one after the other.
    """
    m = accept.shape[1]
    size = 1 << m
    rules, greatest, least = np.empty(size, np.uint32), np.empty(size, np.uint32), np.empty(size, np.uint32)
    count = _counts(size)
    weight, best, worst, brings = np.empty(size), np.empty(size), np.empty(size), np.zeros(size)
    wins = np.empty(size, dtype=np.bool_)
    points = np.empty(size, dtype=np.int64)
    for u in range(first, last):
        _rules_of(tables, configs[u], rules)
        fixed_points(rules, greatest, least)
        reached = points[: _distinct(greatest, least, wins, points)]
        allowed = clause[configs[u, m]]
        for k in range(starts[u], starts[u + 1]):
            at = order[k]
            draw = at // situations
            _weigh(accept[at], capability[draw], weight, brings)
            for mask in reached:
                wins[mask] = allowed[mask] and count[mask] >= minimum and brings[mask] >= need[draw]
            best[:] = 0.0
            worst[:] = 0.0
            for mask in range(size):
                best[greatest[mask]] += weight[mask]
                worst[least[mask]] += weight[mask]
                if greatest[mask] != least[mask]:
                    out[at, 7] += weight[mask]
            _sum_up(reached, best, worst, count, brings, wins, greatest, by_member, out[at])


@kernel
def _join_any(
    tables: Bools, clause: Bools, configs: Ints, order: Ints, starts: Ints, first: int, last: int, accept: Floats,
    capability: Floats, need: Floats, minimum: int, situations: int, by_member: bool, out: Floats,
) -> None:  # fmt: skip
    """The same for any rules, over all consistent sets; parameters as in `_join`."""
    m = accept.shape[1]
    size = 1 << m
    rules, count = np.empty(size, np.uint32), _counts(size)
    weight, brings = np.empty(size), np.zeros(size)
    wins = np.empty(size, dtype=np.bool_)
    at_sets = np.empty(size + 1, dtype=np.int64)
    for u in range(first, last):
        _rules_of(tables, configs[u], rules)
        sets = consistent_sets(rules, at_sets)
        allowed = clause[configs[u, m]]
        for k in range(starts[u], starts[u + 1]):
            at = order[k]
            draw = at // situations
            _weigh(accept[at], capability[draw], weight, brings)
            for mask in range(size):
                wins[mask] = allowed[mask] and count[mask] >= minimum and brings[mask] >= need[draw]
            _sum_up_any(at_sets, sets, weight, count, brings, wins, by_member, out[at])


@kernel
def _counts(size: int) -> Ints:
    """Number of members of every mask, (size,)."""
    count = np.zeros(size, dtype=np.int64)
    for mask in range(1, size):
        count[mask] = count[mask >> 1] + (mask & 1)
    return count


@kernel
def _rules_of(tables: Bools, config: Ints, rules: Array) -> None:
    """Fill `rules` (2^m,) uint32 in from the rows of `tables` (rows, 2^m) that `config` (m + 1,) names."""
    rules[:] = 0
    for i in range(len(config) - 1):
        holds = tables[config[i]]
        for mask in range(len(rules)):
            rules[mask] |= np.uint32(holds[mask]) << np.uint32(i)


@kernel
def _distinct(greatest: Array, least: Array, seen: Bools, points: Ints) -> int:
    """Number of masks that are the end of a cascade; they are written to the front of `points` (2^m,), `seen` (2^m,) is scratch."""
    seen[:] = False
    for mask in range(len(seen)):
        seen[greatest[mask]] = True
        seen[least[mask]] = True
    distinct = 0
    for mask in range(len(seen)):
        if seen[mask]:
            points[distinct] = mask
            distinct += 1
    return distinct


@kernel
def _weigh(accept: Floats, capability: Floats, weight: Floats, brings: Floats) -> None:
    """Fill in, for every mask, the probability that it accepts and what it brings, (2^m,), member by member (`accept` (m,))."""
    weight[0] = 1.0
    for i in range(len(accept)):
        half = 1 << i
        weight_in, brings_in = weight[half : 2 * half], brings[half : 2 * half]
        _extend(weight[:half], weight_in, brings[:half], brings_in, accept[i], capability[i])


@kernel
def _extend(
    weight_out: Floats, weight_in: Floats, brings_out: Floats, brings_in: Floats, p: float, more: float
) -> None:
    """From the masks of some members to those with one more, who stays out or comes in; all (k,), in place."""
    for k in range(len(weight_in)):
        weight_in[k] = weight_out[k] * p
        weight_out[k] *= 1.0 - p
        brings_in[k] = brings_out[k] + more


@kernel
def _sum_up(
    reached: Ints, best: Floats, worst: Floats, count: Ints, brings: Floats, wins: Bools, greatest: Array,
    by_member: bool, row: Floats,
) -> None:  # fmt: skip
    """Add the fixed points up into a row of the result (8 + 2m,).

    Parameters
    ----------
    reached : masks that are the end of a cascade.
    best, worst : (2^m,) probability that each is the greatest, the least fixed point; folded in place where members are asked for.
    count, brings, wins : (2^m,) number of members, what they bring, whether they suffice (of the reached ones).
    greatest : (2^m,) uint32, where a cascade from a mask ends.
    """
    m = (len(row) - 8) // 2
    for mask in reached:
        p = best[mask]
        if p > 0.0:
            row[2] += p * count[mask]
            row[4] += p * brings[mask]
            if wins[mask]:
                row[0] += p
                if by_member:
                    row[5] += p * _staying(mask, m, wins, greatest) / max(count[mask], 1)
        p = worst[mask]
        row[3] += p * count[mask]
        if wins[mask]:
            row[1] += p
    if by_member:
        _marginals(best, row[8 : 8 + m])
        _marginals(worst, row[8 + m :])


@kernel
def _sum_up_any(
    starts: Ints, sets: Array, weight: Floats, count: Ints, brings: Floats, wins: Bools, by_member: bool, row: Floats
) -> None:
    """Add the consistent sets up into a row of the result (8 + 2m,): each figure at its highest and at its lowest over them.

    Parameters
    ----------
    starts, sets : the sets by mask of those who accept, see `consistent_sets`.
    weight : (2^m,) probability of each mask; count, brings, wins as in `_sum_up`, of all masks.
    """
    m = (len(row) - 8) // 2
    able = np.zeros(len(weight), dtype=np.bool_)
    for accepted in range(len(weight)):
        p, here = weight[accepted], sets[starts[accepted] : starts[accepted + 1]]
        if len(here) == 0:
            row[6] += p
            continue
        most, fewest, brought, held = 0, m, 0.0, 0.0
        ever, always, surely = np.uint32(0), np.uint32(len(weight) - 1), True
        for mask in here:
            ever |= mask
            always &= mask
            most, fewest = max(most, count[mask]), min(fewest, count[mask])
            brought = max(brought, brings[mask])
            surely = surely and wins[mask]
            if wins[mask]:
                able[accepted] = True
                if by_member:
                    held = max(held, _able_without(accepted, mask, m, able) / max(count[mask], 1))
        row[0] += p * able[accepted]
        row[1] += p * surely
        row[2] += p * most
        row[3] += p * fewest
        row[4] += p * brought
        row[5] += p * held
        row[7] += p * (len(here) > 1)
        for i in range(m if by_member else 0):
            row[8 + i] += p * (ever >> i & 1)
            row[8 + m + i] += p * (always >> i & 1)


@kernel
def _able_without(accepted: int, mask: int, m: int, able: Bools) -> int:
    """Number of members of a set without whose acceptance those left can still suffice; `able` (2^m,) by who accepts."""
    stay = 0
    for i in range(m):
        if mask >> i & 1 and able[accepted ^ (1 << i)]:
            stay += 1
    return stay


@kernel
def _staying(mask: int, m: int, wins: Bools, greatest: Array) -> int:
    """Number of members of a mask after whose exit the others still suffice; wins, greatest (2^m,)."""
    stay = 0
    for i in range(m):
        if mask >> i & 1 and wins[greatest[mask ^ (1 << i)]]:
            stay += 1
    return stay


@kernel
def _marginals(probability: Floats, out: Floats) -> None:
    """Probability of every bit (m,), given that of every mask (2^m,), which is folded in place."""
    for i in range(len(out) - 1, -1, -1):
        half = 1 << i
        inside = probability[half : 2 * half]
        _fold(probability[:half], inside)
        while half > 1:
            half >>= 1
            _fold(inside[:half], inside[half : 2 * half])
        out[i] = inside[0]


@kernel
def _fold(lower: Floats, upper: Floats) -> None:
    """Add `upper` (k,) to `lower` (k,), in place."""
    for k in range(len(lower)):
        lower[k] += upper[k]


# -- members who look at nobody, counted ---------------------------------------------------------------------------


def poisson_binomial(probabilities: ArrayLike) -> Floats:
    """Distribution (…, m + 1) of the number of successes among independent trials with these probabilities, (…, m).

    Examples
    --------
    >>> poisson_binomial([0.5, 0.5]).tolist()
    [0.25, 0.5, 0.25]
    """
    p = np.asarray(probabilities, dtype=float)
    count = np.zeros((*p.shape[:-1], p.shape[-1] + 1))
    count[..., 0] = 1.0
    for i in range(p.shape[-1]):
        yes = p[..., i, None]
        count[..., 1 : i + 2] = count[..., 1 : i + 2] * (1 - yes) + count[..., : i + 1] * yes
        count[..., 0] *= 1 - yes[..., 0]
    return count


def countable(quorum: Quorum) -> tuple[Ints, Floats, Floats] | None:
    """What members bring in whole units (M,), the units (n,) and the number of members (n,) needed; None where they cannot be counted.

    Where all members of a draw bring the same, units are members; where what each brings is the same in all draws, they are the
    largest in which it is whole.
    """
    capability, n = quorum.capability, len(quorum.capability)
    members = capability.shape[1]
    minimum = np.full(n, float(quorum.minimum))
    if quorum.need is None:
        return np.zeros(members, dtype=np.int64), np.zeros(n), minimum
    least = quorum.need - 1e-9 * np.abs(quorum.need)
    if np.all(capability == capability[:, :1]):
        needed = np.ceil(ratio(least, capability[:, 0], members + 1.0))
        return np.zeros(members, dtype=np.int64), np.zeros(n), np.maximum(minimum, np.where(least <= 0.0, 0.0, needed))
    brings, _ = whole(capability[0].tolist(), 0.0)
    if np.any(capability != capability[0]) or (members + 1) * (sum(brings) + 1) > MOST_CELLS:
        return None
    return np.array(brings), least * (sum(brings) / capability[0].sum()), minimum


def join_independent(joins: Floats, clause: Bools, quorum: Quorum) -> Joining:
    """Joining where nobody looks at anybody; exact for any number of members.

    Parameters
    ----------
    joins : (n, S, M) probability that each member joins.
    clause : (1, S, M + 1), whether the coalition's clause holds when so many have joined.
    quorum : what is needed, of which `countable` is not None.
    """
    counted = countable(quorum)
    if counted is None:
        raise ValueError("what members bring is neither alike nor the same in all draws")
    brings, need, minimum = counted
    n, situations, m = joins.shape
    units = np.arange(brings.sum() + 1)
    at_once = max(1, CELLS_AT_ONCE // (situations * (m + 1) * len(units)))

    def run(start: int) -> tuple[Floats, Floats]:
        cut = slice(start, start + at_once)
        p = joins[cut]
        table = np.zeros((*p.shape[:2], m + 1, len(units)))
        table[:, :, 0, 0] = 1.0
        wins = (np.arange(m + 1) >= minimum[cut, None])[:, None, :] & clause
        wins = wins[..., None] & (units >= need[cut, None])[:, None, None, :]
        full = _with(table, p, brings, range(m))
        return (full * wins).sum(axis=(2, 3)), _survives(table, p, brings, wins, full)

    parts = in_order(run, range(0, n, at_once))
    enough, survives = (np.concatenate(part) for part in zip(*parts, strict=True))
    number, never = joins.sum(axis=-1), np.zeros_like(enough)
    brought = np.einsum("nsm,nm->ns", joins, quorum.capability)
    return Joining(enough, enough, number, number, brought, survives, never, never, joins, joins)


def _with(table: Floats, p: Floats, brings: Ints, members: Iterable[int]) -> Floats:
    """A distribution (n, S, M + 1, units) of how many have joined and what they bring, with some more members; p (n, S, M)."""
    for i in members:
        yes, more = p[:, :, i, None, None], int(brings[i])
        grown = table * (1.0 - yes)
        grown[:, :, 1:, more:] += table[:, :, :-1, : table.shape[3] - more] * yes
        table = grown
    return table


def _survives(none: Floats, p: Floats, brings: Ints, wins: Bools, full: Floats) -> Floats:
    """(n, S) probability that those who join suffice, and do after the exit of one of them picked at random."""
    after = np.zeros_like(wins)
    if not brings.any():
        after[:, :, 1:] = wins[:, :, :-1]
        return np.asarray((full * (wins & after)).sum(axis=(2, 3)))
    total = np.zeros(p.shape[:2])
    size = np.arange(1, p.shape[2] + 2)[:, None]
    # Everybody but one: each half of the members is added to the distribution that its other half is followed down from.
    waiting = [(none, list(range(p.shape[2])))]
    while waiting:
        table, left = waiting.pop()
        if len(left) > 1:
            halves = left[: len(left) // 2], left[len(left) // 2 :]
            waiting += [(_with(table, p, brings, more), rest) for more, rest in (halves, halves[::-1])]
            continue
        (i,) = left
        before = np.zeros_like(wins)
        before[:, :, :-1, : wins.shape[3] - int(brings[i])] = wins[:, :, 1:, int(brings[i]) :]
        total += p[:, :, i] * (table * (wins & before) / size).sum(axis=(2, 3))
    return total


# -- patterns of acceptance, drawn ---------------------------------------------------------------------------------


def join_sampled(
    holds: Mapping[str, Test], clause: Test, situations: int, accepts: Floats, uniforms: Floats, quorum: Quorum,
    by_member: bool,
) -> Joining:  # fmt: skip
    """Solve the joining of any number of members as `join` does, with drawn acceptances and their noise.

    Parameters
    ----------
    holds : member to whether its rule holds; `clause` is the same for the coalition's consent clause.
    accepts : (n, M) or (n, S, M) probability that a member finds the terms acceptable.
    uniforms : (n, M, 2) two uniforms per draw and member; the patterns of a draw are the rotations of each by 2/P, so that every
        member accepts in the right share of them.
    by_member : also find cohesion; else it is zero.

    The two halves of a draw's patterns differ by sampling alone, and so tell how far it spreads the figures over draws. That is no
    ignorance of the inputs: the spread is taken back, and the error that is left on the mean over draws is told apart.
    """
    n = len(uniforms)
    accept = _by_situation(accepts, situations)
    # Each member's rotations come in an order of its own, by its name, so that members stay independent over patterns and
    # nothing depends on the order in which they are listed.
    orders = [np.random.default_rng(list(name.encode())).permutation(PATTERNS // 2) for name in holds]
    scramble = np.column_stack(orders) / (PATTERNS // 2)
    tests = list(holds.values())

    def run(start: int) -> list[Floats]:
        cut = slice(start, min(start + SAMPLED_AT_ONCE, n))
        halves = [uniforms[cut][:, None, :, k] + scramble[None, :, :] for k in (0, 1)]
        u = np.concatenate(halves, axis=1) % 1.0
        share = np.moveaxis(ratio(u[:, None, :, :], accept[cut][:, :, None, :], np.inf), -1, 0)
        return _block(tests, clause, cut, share, quorum.part(cut), by_member)

    parts = in_order(run, range(0, n, SAMPLED_AT_ONCE))
    found = dict(zip(_FIGURES, map(_steadied, map(np.concatenate, zip(*parts, strict=True))), strict=True))
    return Joining(**{k: v for k, (v, _) in found.items()}, error={k: error for k, (_, error) in found.items()})


def _steadied(halves: Floats) -> tuple[Floats, Floats]:
    """A figure (n, …) without the spread that comes of drawing patterns, of which there are two halves (n, …, 2), and its mean's error."""
    value = halves.mean(axis=-1)
    noise = ((halves[..., 0] - halves[..., 1]) ** 2).mean(axis=0) / 4.0
    spread, centre = value.var(axis=0), value.mean(axis=0)
    kept = np.sqrt(ratio(np.maximum(spread - noise, 0.0), spread))
    return centre + kept * (value - centre), np.sqrt(noise / len(value))


def _block(
    holds: Sequence[Test], clause: Test, cut: slice, share: Floats, quorum: Quorum, by_member: bool
) -> list[Floats]:
    """One block of draws; `share` (M, k, S, P) is each member's uniform over its probability, below 1 where it accepts."""
    willing = share < 1.0
    need = quorum.least[:, None, None]

    def brought(joined: Bools) -> Floats:
        return np.asarray(np.einsum("mksp,km->ksp", joined, quorum.capability))

    def wins(joined: Bools) -> Bools:
        count = np.asarray(np.sum(joined, axis=0, dtype=np.int16))
        enough = (count >= quorum.minimum) & (brought(joined) >= need)
        return np.asarray(enough & clause(cut, joined, count))

    from_all, settled = _follow(holds, cut, willing, willing)
    from_none, too = _follow(holds, cut, willing, np.zeros_like(willing))
    found = settled | too
    first, second = np.where(settled, from_all, from_none), np.where(too, from_none, from_all)
    won, won_too = wins(first) & found, wins(second) & found
    count, count_too = first.sum(axis=0), second.sum(axis=0)
    survives = np.zeros(won.shape, dtype=bool)
    if by_member:
        # Among those who accept the shares are alike and independent, so the lowest picks a joined member at random.
        leaver = np.argmin(np.where(first, share, np.inf), axis=0)
        stays = np.arange(len(first))[:, None, None, None] != leaver
        left, again = _follow(holds, cut, willing & stays, first & stays)
        survives = won & (count > 0) & again & wins(left)
    figures = [
        won | won_too, won & won_too, np.maximum(count, count_too), np.minimum(count, count_too),
        np.maximum(brought(first), brought(second)), survives, ~found, np.any(first != second, axis=0),
    ]  # fmt: skip
    members = [np.moveaxis(joined, 0, 2) for joined in (first | second, first & second)]
    return [np.asarray(x.reshape(*x.shape[:-1], 2, -1), dtype=float).mean(axis=-1) for x in (*figures, *members)]


def _follow(holds: Sequence[Test], cut: slice, willing: Bools, joined: Bools) -> tuple[Bools, Bools]:
    """Let everybody answer to who has joined until nothing moves: who has then, (M, k, S, P), and where that came about, (k, S, P).

    Monotone rules and those that look at each other in no circle settle within M rounds; where others do not within
    twice as many, nobody has joined.
    """
    for _ in range(2 * len(holds) + 2):
        total = np.asarray(np.sum(joined, axis=0, dtype=np.int16))
        after = np.stack([willing[i] & test(cut, joined, total) for i, test in enumerate(holds)])
        if np.array_equal(after, joined):
            break
        before, joined = joined, after
    else:
        settled = np.all(before == joined, axis=0)
        return joined & settled, settled
    return joined, np.ones(joined.shape[1:], dtype=bool)
