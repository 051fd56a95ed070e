"""Fixed points, exact noise and forced members, against brute force and against the laws of lattices."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.coalition import Consent, section, tables
from vetopoint.coalition._solved import SolvedRows
from vetopoint.coalition.joining import FIGURES, Joining, Quorum, Rules, fixed_points, join, monotone

SETTINGS = settings(max_examples=30, deadline=None)
FACTS = {"consent": np.array([True, False, True]), "invited": np.array([True, True, False])}


def threshold_rules(m: int, thresholds: list[int]) -> np.ndarray:
    """Member i joins when so many others have."""
    masks = np.arange(1 << m)
    rules = np.zeros(1 << m, dtype=np.uint32)
    for i, k in enumerate(thresholds):
        others = np.bitwise_count((masks & ~(1 << i)).astype(np.uint64))
        rules |= np.where(others >= k, 1 << i, 0).astype(np.uint32)
    return rules


def extremes(rules: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Greatest and least fixed point for every mask of members that accept."""
    greatest, least = np.empty_like(rules), np.empty_like(rules)
    fixed_points(rules, greatest, least)
    return greatest, least


@SETTINGS
@given(st.lists(st.integers(0, 5), min_size=1, max_size=6))
def test_fixed_points_are_the_extreme_ones(thresholds: list[int]) -> None:
    m = len(thresholds)
    rules = threshold_rules(m, thresholds)
    greatest, least = extremes(rules)
    for accepted in range(1 << m):
        fixed = [s for s in range(1 << m) if s == accepted & int(rules[s])]
        assert all(s & ~int(greatest[accepted]) == 0 for s in fixed)
        assert all(int(least[accepted]) & ~s == 0 for s in fixed)
        assert int(greatest[accepted]) in fixed
        assert int(least[accepted]) in fixed


@SETTINGS
@given(st.lists(st.integers(0, 4), min_size=2, max_size=5), st.integers(0, 4), st.integers(0, 31))
def test_one_more_clause_never_widens_the_greatest_fixed_point(thresholds: list[int], who: int, clause: int) -> None:
    m = len(thresholds)
    rules = threshold_rules(m, thresholds)
    masks = np.arange(1 << m)
    clause &= (1 << m) - 1
    held = (masks & clause) == clause
    narrowed = np.where(held, rules, rules & ~np.uint32(1 << (who % m))).astype(np.uint32)
    wide, narrow = extremes(rules)[0], extremes(narrowed)[0]
    assert np.all(narrow & ~wide == 0)


def test_members_who_decide_alone_give_the_poisson_binomial() -> None:
    rng = np.random.default_rng(4)
    p = rng.random((6, 5))
    always = np.ones((1, 32), dtype=bool)
    zeros = np.zeros((6, 1, 5), dtype=np.int64)
    got = join(Rules([always] * 5, zeros, always, zeros[..., 0]), p, Quorum(np.ones((6, 5)), minimum=3))
    count = np.zeros((6, 6))
    count[:, 0] = 1
    for i in range(5):
        count[:, 1:] = count[:, 1:] * (1 - p[:, [i]]) + count[:, :-1] * p[:, [i]]
        count[:, 0] *= 1 - p[:, i]
    np.testing.assert_allclose(got.quorum[:, 0], count[:, 3:].sum(1), atol=1e-14)
    np.testing.assert_allclose(got.joined[:, 0], p.sum(1), atol=1e-14)
    np.testing.assert_allclose(got.greatest[:, 0], p, atol=1e-14)
    np.testing.assert_allclose(got.cohesion[:, 0], count[:, 4] + count[:, 5], atol=1e-14)


def test_tables_against_brute_force(build: Callable) -> None:
    case, draws = build(draws=16)
    got = tables(case, draws, FACTS)
    c = np.array([4, 3, 2, 1.0])
    need = draws["coalition.need"]
    quorum = np.zeros((16, 3))
    joins = np.zeros((16, 3, 4))
    for d, s in product(range(16), range(3)):
        ok = FACTS["consent"][s] | ~got.stances["needs_consent"][d]
        for accepted in product([False, True], repeat=4):
            weight = np.prod(np.where(accepted, got.accepts[d], 1 - got.accepts[d]))
            a = list(accepted)
            while True:
                rule = [ok[0], sum(a) - a[1] >= 1, a[0] and ok[2], sum(a[:3]) >= 2]
                b = [x and y for x, y in zip(a, rule, strict=True)]
                if a == b:
                    break
                a = b
            joins[d, s] += weight * np.array(a)
            quorum[d, s] += weight * (FACTS["invited"][s] and sum(a) >= 2 and c @ a >= need[d])
    np.testing.assert_allclose(got.values["quorum"], quorum, atol=1e-12)
    np.testing.assert_allclose(got.greatest, joins, atol=1e-12)
    assert np.all(got.least <= got.greatest + 1e-12)
    assert np.all(got.values["quorum_least"] <= got.values["quorum"] + 1e-12)
    assert got.nonmonotone == ()


@pytest.mark.parametrize("shares", [2, 3, 50])
def test_sharing_the_work_out_changes_nothing(shares: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    row = rng.integers(0, 4, (200, 3, 4))
    rules = Rules([rng.random((4, 16)) < 0.7 for _ in range(4)], row, np.ones((1, 16), bool), row[..., 0] * 0)
    accepts, quorum = rng.random((200, 4)), Quorum(rng.random((200, 4)), np.full(200, 0.8), 1)
    monkeypatch.setattr("vetopoint.coalition.joining.ROWS_COMPARED", 0)
    alone = join(rules, accepts, quorum)
    monkeypatch.setattr("vetopoint.coalition.joining.SHARED_FROM", 1)
    monkeypatch.setattr("vetopoint.coalition.joining.SHARES", shares)
    shared = join(rules, accepts, quorum)
    assert 0.0 < alone.quorum.mean() < 1.0
    for name, value in ((k, v) for k, v in vars(alone).items() if k != "error"):
        np.testing.assert_array_equal(getattr(shared, name), value, err_msg=name)


def test_relabelling_members_changes_nothing(build: Callable) -> None:
    written = """
coalition: {facts: {consent: answer == consents}, minimum: 2}
members:
"""
    lines = [
        "  ash: {capability: 1, joins: {requires: consent, accepts: 0.9}}\n",
        "  birch: {capability: 2, joins: {requires: ash or joined(2), accepts: 0.6}}\n",
        "  cedar: {capability: 3, joins: {requires: birch, accepts: 0.7}}\n",
    ]
    facts = {"consent": np.array([True, False])}
    forward = tables(*build(written + "".join(lines), draws=8), facts)
    backward = tables(*build(written + "".join(reversed(lines)), draws=8), facts)
    np.testing.assert_allclose(forward.values["quorum"], backward.values["quorum"], atol=1e-14)
    np.testing.assert_allclose(forward.greatest, backward.greatest[..., ::-1], atol=1e-14)


def test_a_rule_that_another_can_break_is_found(build: Callable) -> None:
    members = """
coalition: {minimum: 1}
members:
  ash: {joins: {requires: not birch}}
  birch: {joins: {accepts: 0.5}}
"""
    assert tables(*build(members, draws=4), {}).nonmonotone == ("ash",)
    assert monotone(np.array([[False, True, True, True]]))
    assert not monotone(np.array([[False, True, True, False]]))


def test_sampled_agrees_with_enumerated(build: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    case, draws = build(draws=4096)
    exact = tables(case, draws, FACTS)
    monkeypatch.setattr("vetopoint.coalition.consent.EXACT_MEMBERS", 2)
    sampled = tables(case, draws, FACTS)
    assert not sampled.exact
    for name in ("quorum", "quorum_least", "joined", "capability", "cohesion"):
        a, b = exact.values[name], sampled.values[name]
        error = (a - b).std(0) / np.sqrt(len(a)) + 1e-9
        assert np.all(np.abs((a - b).mean(0)) <= 3 * error), name
    assert np.abs(exact.greatest.mean(0) - sampled.greatest.mean(0)).max() < 0.01


def test_large_coalitions_are_sampled(build: Callable) -> None:
    names = [f"m{i}" for i in range(15)]
    members = "coalition: {facts: {consent: answer == consents}, minimum: 8}\nmembers:\n" + "".join(
        f"  {n}: {{joins: {{requires: consent or joined({i // 3}), accepts: 0.6}}}}\n" for i, n in enumerate(names)
    )
    got = tables(*build(members, draws=512), {"consent": np.array([True, False])})
    tail = sum(np.prod([(15 - j) / (j + 1) for j in range(k)]) * 0.6**k * 0.4 ** (15 - k) for k in range(8, 16))
    assert not got.exact
    assert abs(got.values["quorum"][:, 0].mean() - tail) < 0.02
    assert np.all(got.values["quorum_least"] <= got.values["quorum"])


def test_forcing_a_member_in_or_out(build: Callable) -> None:
    case, draws = build()
    consent = Consent(case, draws)
    free = consent.solve(FACTS)
    out, inside = (consent.solve(FACTS, members={"ash": yes}) for yes in (False, True))
    assert np.all(out.greatest[..., 0] == 0)
    np.testing.assert_allclose(inside.greatest[..., 0], 1.0)
    assert np.all(out.values["quorum"] <= free.values["quorum"] + 1e-12)
    assert np.all(free.values["quorum"] <= inside.values["quorum"] + 1e-12)
    # Nobody's rule and no clause name ash as a condition of the plan, yet without it birch alone is left.
    assert np.all(out.values["quorum"] == 0)


def test_expectations_stand_in_for_facts_not_yet_known(build: Callable) -> None:
    members = """
coalition: {facts: {consent: answer == consents}, minimum: 1}
members:
  ash: {joins: {requires: consent, expects: 0.25}}
"""
    case, draws = build(members, draws=4096)
    got = tables(case, draws, {"consent": np.array([True, False])})
    assert np.array_equal(got.greatest[:, 0], got.greatest[:, 1])
    assert abs(got.greatest.mean() - 0.25) < 0.001
    certain = tables(case, draws, {"consent": np.array([True])}, expects={"consent": np.ones(4096)})
    assert np.all(certain.greatest == 1)


def test_many_independent_members_are_counted_exactly(build: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"m{i}" for i in range(10)]
    members = "coalition: {facts: {consent: answer == consents}, minimum: 4, requires: consent}\nmembers:\n" + "".join(
        f"  {n}: {{joins: {{requires: consent or not needs_consent, accepts: 0.{i}5}}, "
        "stances: [{on: needs_consent, value: 0.5}]}\n"
        for i, n in enumerate(names)
    )
    case, draws = build(members, draws=64)
    facts = {"consent": np.array([True, False])}
    enumerated = Consent(case, draws).solve(facts, members={"m3": True, "m4": False})
    monkeypatch.setattr("vetopoint.coalition.consent.EXACT_MEMBERS", 2)
    counted = Consent(case, draws).solve(facts, members={"m3": True, "m4": False})
    assert counted.exact
    for name, value in enumerated.values.items():
        np.testing.assert_allclose(counted.values[name], value, atol=1e-12, err_msg=name)
    np.testing.assert_allclose(counted.greatest, enumerated.greatest, atol=1e-12)


def test_blocks_of_draws_do_not_change_the_result(build: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    case, draws = build(draws=300)
    monkeypatch.setattr("vetopoint.coalition.joining.ROWS_COMPARED", 0)
    whole = tables(case, draws, FACTS)
    monkeypatch.setattr("vetopoint.coalition.joining.DRAWS_AT_ONCE", 128)
    cut = tables(case, draws, FACTS)
    np.testing.assert_array_equal(whole.values["quorum"], cut.values["quorum"])
    np.testing.assert_array_equal(whole.least, cut.least)


def listed(rules: list[int], accepted: int) -> list[int]:
    """Every consistent set of those who accept, looked for one by one."""
    return [s for s in range(len(rules)) if s == accepted & rules[s]]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(0, 10_000), st.floats(0.1, 0.9))
def test_any_rules_against_every_set(m: int, seed: int, share: float) -> None:
    """Rules drawn at random are mostly not monotone: figures are those at best and at worst over all consistent sets."""
    rng = np.random.default_rng(seed)
    size = 1 << m
    truth = [np.atleast_2d(rng.random(size) < share) for _ in range(m)]
    clause, p, brings = rng.random((1, size)) < 0.8, rng.random(m), rng.integers(1, 4, m)
    need, least = float(rng.integers(0, 5)), int(rng.integers(0, m + 1))
    quorum = Quorum(brings[None].astype(float), np.array([need]), least)
    row = np.zeros((1, 1, m), dtype=np.int64)
    got = join(Rules(truth, row, clause, row[..., 0]), p[None], quorum)
    rules = [sum(int(t[0, s]) << i for i, t in enumerate(truth)) for s in range(size)]
    names = [[i for i in range(m) if s >> i & 1] for s in range(size)]
    wins = [bool(clause[0, s]) and len(names[s]) >= least and brings[names[s]].sum() >= need for s in range(size)]
    able = [any(wins[s] for s in listed(rules, a)) for a in range(size)]
    told = dict.fromkeys((k for k in vars(got) if k != "error"), 0.0) | {"greatest": np.zeros(m), "least": np.zeros(m)}
    for a in range(size):
        weight = np.prod([p[i] if a >> i & 1 else 1 - p[i] for i in range(m)])
        sets = listed(rules, a)
        if not sets:
            told["none"] += weight
            continue
        sizes, won = [len(names[s]) for s in sets], [s for s in sets if wins[s]]
        told["several"] += weight * (len(sets) > 1)
        told["quorum"] += weight * bool(won)
        told["quorum_least"] += weight * (len(won) == len(sets))
        told["joined"] += weight * max(sizes)
        told["joined_least"] += weight * min(sizes)
        told["capability"] += weight * max(brings[names[s]].sum() for s in sets)
        exits = [sum(able[a & ~(1 << i)] for i in names[s]) / max(len(names[s]), 1) for s in won]
        told["cohesion"] += weight * max(exits, default=0.0)
        told["greatest"] += weight * np.array([any(s >> i & 1 for s in sets) for i in range(m)])
        told["least"] += weight * np.array([all(s >> i & 1 for s in sets) for i in range(m)])
    if all(monotone(t) for t in (*truth, clause)):
        assert told["none"] == 0.0
    for name, value in told.items():
        np.testing.assert_allclose(getattr(got, name)[0, 0], value, atol=1e-12, err_msg=name)
    # Somebody at whom nobody looks and who never joins changes nothing.
    wider = [np.concatenate([t, t], axis=1) for t in (*truth, clause)]
    row = np.zeros((1, 1, m + 1), dtype=np.int64)
    more = Quorum(np.append(quorum.capability, [[5.0]], axis=1), quorum.need, least)
    rules = Rules([*wider[:-1], np.ones((1, 2 * size), bool)], row, wider[-1], row[..., 0])
    same = join(rules, np.append(p, 0.0)[None], more)
    for name, value in told.items():
        np.testing.assert_allclose(
            getattr(same, name)[0, 0][..., :m] if name in ("greatest", "least") else getattr(same, name)[0, 0],
            value,
            atol=1e-12,
        )


def test_a_rule_with_not_has_one_solution(build: Callable) -> None:
    """Greece stays out for want of consent, so Turkey joins: that is no contest."""
    members = """
coalition: {facts: {consent: answer == consents}, minimum: 1}
members:
  greece: {joins: {requires: consent}}
  turkey: {joins: {requires: not greece}}
"""
    case, draws = build(members, draws=64)
    got = tables(case, draws, {"consent": np.array([True, False])})
    for ends in (got.greatest, got.least):
        np.testing.assert_array_equal(ends[0], [[1, 0], [0, 1]])
    for word, value in {"quorum": 1, "quorum_least": 1, "none": 0, "several": 0, "joined_least": 1}.items():
        np.testing.assert_array_equal(got.values[word], value, err_msg=word)
    weights = np.tile([0.0, 1.0], (64, 1))
    said = section(case, draws, got, weights)
    assert any("none in 0.0%" in note and "several in 0.0%" in note for note in said.notes)
    turkey = next(m for m in said.members if m.name == "turkey")
    assert turkey.joins_overall.mean == 1.0
    by_name = {d.party: d for d in said.decisiveness}
    assert by_name["turkey"].given_no.mean == 0.0
    assert by_name["greece"].decisiveness.mean == 0.0


@pytest.mark.parametrize(
    ("ash", "birch", "told"),
    [
        ("birch", "not ash", {"none": 1, "several": 0, "quorum": 0, "quorum_least": 0}),
        ("not birch", "not ash", {"none": 0, "several": 1, "quorum": 1, "quorum_least": 1}),
        ("birch", "ash", {"none": 0, "several": 1, "quorum": 1, "quorum_least": 0}),
    ],
)
@pytest.mark.parametrize("exact", [12, 1])
def test_none_one_and_several(
    build: Callable, monkeypatch: pytest.MonkeyPatch, ash: str, birch: str, told: dict, exact: int
) -> None:
    monkeypatch.setattr("vetopoint.coalition.consent.EXACT_MEMBERS", exact)
    rules = f"members: {{ash: {{joins: {{requires: {ash}}}}}, birch: {{joins: {{requires: {birch}}}}}}}\n"
    got = tables(*build("coalition: {minimum: 1}\n" + rules, draws=8), {})
    if (ash, exact) == ("not birch", 1):
        # Two who exclude each other answer in step for ever: drawn patterns are searched, not enumerated.
        told = {"none": 1, "several": 0, "quorum": 0, "quorum_least": 0}
    for word, value in told.items():
        np.testing.assert_array_equal(got.values[word], value, err_msg=word)


def test_a_clause_against_a_member_is_no_veto_of_the_others(build: Callable) -> None:
    members = """
coalition: {minimum: 1, requires: not turkey}
members: {greece: {joins: {accepts: 0.5}}, italy: {}, turkey: {joins: {accepts: 0.25}}}
"""
    case, draws = build(members, draws=32)
    said = section(case, draws, tables(case, draws, {}), np.ones((32, 1)))
    assert [d.structural_veto for d in said.decisiveness] == [False] * 3
    assert said.cohesion.quorum.mean == pytest.approx(0.75)
    assert {d.party: round(d.decisiveness.mean, 9) for d in said.decisiveness} == {
        "turkey": -1,
        "greece": 0,
        "italy": 0.375,
    }


def test_many_members_alone_are_not_tabulated(build: Callable) -> None:
    """A table of 2^40 masks would not fit: nobody looks at anybody, so none is needed."""
    names = "".join(f"  m{i}: {{joins: {{accepts: 0.5}}}}\n" for i in range(40))
    case, draws = build("coalition: {minimum: 20}\nmembers:\n" + names, draws=16)
    got = tables(case, draws, {})
    assert got.nonmonotone == ()
    assert got.values["quorum"] == pytest.approx(
        np.full((16, 1), sum(comb(40, k) for k in range(20, 41)) / 2**40), abs=1e-12
    )


@pytest.mark.parametrize(
    ("rules", "capability", "exact"),
    [
        ("need: 3, minimum: 2", ["1"] * 6, True),
        ("need: 'uniform(1, 4)', minimum: 1, requires: joined(2)", ["keen"] * 6, True),
        ("need: 'uniform(2, 5)', minimum: 2", ["2", "1.5", "0.5", "1", "1", "3"], True),
        ("need: 4.5, requires: not joined(5) and consent", ["2", "1.5", "0.5", "1", "1", "3"], True),
        ("need: 4, minimum: 1", ["'uniform(0, 2)'"] * 6, False),
    ],
)
def test_members_who_look_at_nobody_are_counted_by_what_they_bring(
    build: Callable, monkeypatch: pytest.MonkeyPatch, rules: str, capability: list[str], exact: bool
) -> None:
    """Distributions of number and units against all 2^6 patterns."""
    members = (
        f"quantities: {{keen: 'uniform(0.5, 1.5)'}}\ncoalition: {{facts: {{consent: answer == consents}}, {rules}}}\nmembers:\n"
        + "".join(f"  m{i}: {{capability: {c}, joins: {{accepts: 0.{i + 2}}}}}\n" for i, c in enumerate(capability))
    )
    case, draws = build(members, draws=40)
    facts = {"consent": np.array([True, False])}
    enumerated = Consent(case, draws).solve(facts, members={"m2": True})
    monkeypatch.setattr("vetopoint.coalition.consent.EXACT_MEMBERS", 2)
    counted = Consent(case, draws).solve(facts, members={"m2": True})
    assert counted.exact is exact
    if not exact:
        return
    assert 0.0 < enumerated.values["quorum"].mean() < 1.0
    # A clause that more members break has no best: cohesion then asks of the same set in both.
    for name, value in enumerated.values.items():
        np.testing.assert_allclose(counted.values[name], value, atol=1e-12, err_msg=name)
    np.testing.assert_allclose(counted.greatest, enumerated.greatest, atol=1e-12)


THIRTEEN = "coalition: {minimum: 7MORE}\nmembers:\n" + "".join(
    f"  m{i}: {{joins: {{requires: RULE, accepts: 0.5}}}}\n" for i in range(13)
)


def test_what_is_known_exactly_has_no_band(build: Callable) -> None:
    """Thirteen coins, seven of which are needed: one half, whatever the draw."""
    text = THIRTEEN.replace("MORE", "").replace("RULE", "'true'")
    case, draws = build(text, draws=256)
    (found,) = section(case, draws, tables(case, draws, {}), np.ones((256, 1))).situations
    assert (found.quorum.lo, found.quorum.hi, found.quorum.mc) == pytest.approx((0.5, 0.5, 0.0), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_drawing_acceptances_goes_into_the_error_and_into_no_band(build: Callable, seed: int) -> None:
    """The same coins, all of whom wait for the first, which is always there: drawn, since they look at each other."""
    text = THIRTEEN.replace("MORE", "").replace("RULE", "first") + "  first: {}\n"
    case, draws = build(text.replace("minimum: 7", "minimum: 8"), draws=1024, seed=seed)
    got = tables(case, draws, {})
    assert not got.exact
    said = section(case, draws, got, np.ones((1024, 1)))
    for quorum in (said.situations[0].quorum, said.cohesion.quorum):
        assert quorum.hi - quorum.lo < 0.08
        assert 0.001 < quorum.mc < 0.01
        assert abs(quorum.mean - 0.5) < 4 * quorum.mc
    assert any("Monte-Carlo error here, of no band" in note for note in said.notes)


def test_what_is_not_known_keeps_its_band_when_acceptances_are_drawn(
    build: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, draws = build(draws=4096)
    exact = tables(case, draws, FACTS)
    monkeypatch.setattr("vetopoint.coalition.consent.EXACT_MEMBERS", 2)
    drawn = tables(case, draws, FACTS)
    ends = [np.quantile(found.values["quorum"][:, 1], [0.05, 0.95]) for found in (exact, drawn)]
    assert np.ptp(ends[0]) > 0.1
    np.testing.assert_allclose(ends[1], ends[0], atol=0.06)


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_draws_that_are_alike_come_out_as_each_by_itself(data: st.DataObject) -> None:
    """Draws said several times over, in any order, in one call or several, are those of each draw alone, to the last bit."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    kinds, members = 3, 4
    truth = [np.sort(rng.random((2, 1 << members)) < 0.5, axis=1) for _ in range(members)]
    row, clause_row = rng.integers(0, 2, (kinds, 2, members)), np.zeros((kinds, 2), dtype=np.int64)
    clause = np.ones((1, 1 << members), dtype=bool)
    accepts, brings, need = rng.random((kinds, members)), rng.random((kinds, members)), rng.random(kinds)
    minimum = data.draw(st.integers(0, 2))
    orders = data.draw(st.lists(st.lists(st.integers(0, kinds - 1), min_size=1, max_size=12), min_size=1, max_size=3))

    def solved(draws: np.ndarray, by_member: bool) -> Joining:
        rules = Rules(truth, row[draws], clause, clause_row[draws])
        quorum = Quorum(brings[draws], need[draws], minimum=minimum)
        return join(rules, accepts[draws], quorum, by_member=by_member)

    for by_member in (False, True):
        together = [solved(np.array(order), by_member) for order in orders]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("vetopoint.coalition.joining.ROWS_COMPARED", 0)
            alone = [solved(np.array([k]), by_member) for k in range(kinds)]
        for found, order in zip(together, orders, strict=True):
            for name in FIGURES:
                expected = np.concatenate([getattr(alone[k], name) for k in order])
                assert getattr(found, name).tobytes() == expected.tobytes()


@given(st.lists(st.integers(0, 40), min_size=1, max_size=80), st.integers(0, 400))
def test_what_is_remembered_is_right_and_bounded(asked: list[int], most: int) -> None:
    rows = SolvedRows(most)
    for k in asked:
        keys, answers = (
            [f"{k}".zfill(8).encode(), f"{k + 1}".zfill(8).encode()],
            np.array([[k, k + 0.5], [k + 1, k + 1.5]]),
        )
        known, found = rows.known(keys, (2,))
        np.testing.assert_array_equal(found[known], answers[known])
        rows.keep(keys, answers)
        assert rows.held <= most
        kept, _ = rows.known(keys, (2,))
        assert kept.all() or known.any() or most < 48
