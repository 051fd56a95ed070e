"""Who joins: consistent sets of joining rules, with the noise of acceptance integrated.

Members are bits of a mask. A rule is a row of a truth table over all masks of members that have joined; a member that
does not accept the terms never joins. A set is consistent if those of it, and nobody else, accept and see their rule hold when
it has joined (a fixed point). Where no rule is broken by another's joining there are a greatest such set (all expect the
best) and a least (all expect the worst), at the ends of the cascades from everybody and from nobody. Where one is ("only if X
stays out"), there may be none, one or several, and all are enumerated: a figure is given at its highest and at its lowest
over them; without any, nobody joins. The patterns of acceptance are weighed by their probability (`join`, exact), which
generalises the Poisson-binomial distribution to members that look at each other. `vetopoint.coalition.many` has more members
than can be enumerated.

References
----------
Tarski (1955), A lattice-theoretical fixpoint theorem; Granovetter (1978), Threshold models of collective behavior;
Schelling (1978), Micromotives and macrobehavior, ch. 7 (k-groups); Milgrom & Roberts (1990) on extremal equilibria.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np

from vetopoint.arrays import Array, Bools, Floats, Ints
from vetopoint.coalition._solved import SolvedRows
from vetopoint.kernel import in_order, kernel

__all__ = [
    "EXACT_MEMBERS", "FIGURES", "Joining", "Quorum", "Rules", "by_situation", "consistent_sets", "fixed_points", "join", "monotone",
]  # fmt: skip

#: Up to this many members all patterns of acceptance are enumerated; beyond, they are drawn.
EXACT_MEMBERS = 12

#: Draws enumerated at once, which bounds the memory in use.
DRAWS_AT_ONCE = 16_384

#: Up to so many draws, those that are alike are told and enumerated once.
ROWS_COMPARED = 4096

#: Bytes that draws solved before may take, of calls with few enough to be compared.
REMEMBERED = 32 * 2**20

#: Rows of draws and situations from which on they are shared out, and in how many shares; with fewer it costs more than it saves.
SHARED_FROM = 4096
SHARES = 8


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

    def part(self, cut: slice | Ints) -> Quorum:
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

    def part(self, cut: slice | Ints) -> Rules:
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


#: Names of the figures of `Joining`, in order.
FIGURES = tuple(f.name for f in fields(Joining) if f.name != "error")

_solved = SolvedRows(REMEMBERED)


def monotone(truth: Bools) -> bool:
    """Whether no rule of a table (rows, 2^m) is ever broken by one more member joining."""
    return _monotone(truth.shape, truth.tobytes())


@lru_cache(maxsize=1024)
def _monotone(shape: tuple[int, int], held: bytes) -> bool:
    (rows, size), truth = shape, np.frombuffer(held, dtype=np.bool_)
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
    if n <= ROWS_COMPARED:
        return _joining(_join_few(rules, accepts, quorum, by_member))
    cuts = [slice(start, start + DRAWS_AT_ONCE) for start in range(0, n, DRAWS_AT_ONCE)]
    parts = [_join_draws(rules.part(c), accepts[c], quorum.part(c), by_member) for c in cuts]
    return _joining(parts[0] if len(parts) == 1 else np.concatenate(parts))


def _joining(found: Floats) -> Joining:
    """The figures of (n, S, 8 + 2m) answers by name."""
    m = (found.shape[-1] - 8) // 2
    figures: dict[str, Any] = {name: found[..., k] for k, name in enumerate(FIGURES[:8])}
    return Joining(**figures, greatest=found[..., 8 : 8 + m], least=found[..., 8 + m :])


def _join_few(rules: Rules, accepts: Floats, quorum: Quorum, by_member: bool) -> Floats:
    """Answers (n, S, 8 + 2m) of few draws: of those that are alike one is solved, and none that was solved in a call before.

    Where one number after another is tried on the same few draws, most of them are alike, within a call and between calls.
    """
    _, situations, m = rules.row.shape
    packed = _packed(rules, accepts, quorum)
    _, first, which = np.unique(packed, return_index=True, return_inverse=True)
    what = _digest(rules, quorum.minimum, by_member)
    keys = [what + key for key in packed[first].tolist()]
    known, found = _solved.known(keys, (situations, 8 + 2 * m))
    new = np.flatnonzero(~known)
    if new.size:
        draws = first[new]
        found[new] = _join_draws(rules.part(draws), accepts[draws], quorum.part(draws), by_member)
        _solved.keep([keys[k] for k in new], found[new])
    return found[which]


def _packed(rules: Rules, accepts: Floats, quorum: Quorum) -> Array:
    """(n,) all numbers of each draw as one piece of bytes."""
    whole = [np.ascontiguousarray(part, dtype=np.int64) for part in (rules.row, rules.clause_row)]
    real = [np.ascontiguousarray(part, dtype=np.float64) for part in (accepts, quorum.capability, quorum.least)]
    numbers = [part.reshape(len(part), -1).view(np.int64) for part in (*whole, *real)]
    rows = np.concatenate(numbers, axis=1)
    return rows.view(np.dtype((np.void, rows.itemsize * rows.shape[1]))).ravel()


def _digest(rules: Rules, minimum: int, by_member: bool) -> bytes:
    """What all draws of a call have in common, in a few bytes."""
    tables = [*rules.truth, rules.clause]
    common = repr((rules.row.shape[1:], [table.shape for table in tables], int(minimum), bool(by_member)))
    return blake2b(b"".join([common.encode(), *(table.tobytes() for table in tables)]), digest_size=16).digest()


def _join_draws(rules: Rules, accepts: Floats, quorum: Quorum, by_member: bool) -> Floats:
    """Answers (n, S, 8 + 2m): the fields of `Joining` one after the other."""
    n, situations, m = rules.row.shape
    accept = np.ascontiguousarray(by_situation(accepts, situations), dtype=np.float64).reshape(n * situations, m)
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
    return out.reshape(n, situations, -1)


def by_situation(accepts: Floats, situations: int) -> Floats:
    """Probabilities to accept as (n, S, M), from (n, M) or (n, S, M)."""
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
