"""Who joins among more members than can be enumerated: counted where they look at nobody, else drawn.

Where nobody looks at anybody, how many join and what they bring has a distribution that is built up member by member, the
Poisson-binomial one where all bring alike. Else patterns of acceptance are drawn, and followed from everybody and from
nobody for all draws at once.

Reference: Le Cam (1960) and Hong (2013), On computing the distribution function for the Poisson binomial distribution, CSDA
59:41-51 (direct convolution, its section 2.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from vetopoint.arrays import Array, Bools, Floats, Ints, ratio
from vetopoint.coalition.counting import whole
from vetopoint.coalition.joining import FIGURES, Joining, Quorum, by_situation
from vetopoint.kernel import in_order

__all__ = ["Test", "countable", "join_independent", "join_sampled"]

#: Largest distribution by number of members and units brought, and cells of distributions handled at once.
MOST_CELLS = 1 << 11
CELLS_AT_ONCE = 1 << 21

#: Acceptance patterns drawn for each draw and situation, and draws handled at once.
PATTERNS = 16
SAMPLED_AT_ONCE = 256

#: Truth of a rule for a slice of draws, who has joined (M, k, S, P) and how many (k, S, P); broadcasts to (k, S, P).
Test = Callable[[slice, Bools, Array], Bools]


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
    clause : (1 or n, S, M + 1), whether the coalition's clause holds when so many have joined.
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
        wins = (np.arange(m + 1) >= minimum[cut, None])[:, None, :] & (clause[cut] if len(clause) > 1 else clause)
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
    accept = by_situation(accepts, situations)
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
    found = dict(zip(FIGURES, map(_steadied, map(np.concatenate, zip(*parts, strict=True))), strict=True))
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
