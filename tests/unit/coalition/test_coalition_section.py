"""The coalition's part of the answers: relations between its figures, on a small made-up case."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vetopoint.coalition import Consent, problems, section, tables
from vetopoint.coalition.decisive import exclusive, interventions, worlds
from vetopoint.coalition.stances import draw_stances, tension

FACTS = {"consent": np.array([True, False, True, False]), "invited": np.array([True, True, False, False])}
WEIGHTS = np.array([0.3, 0.4, 0.1, 0.2])


@pytest.fixture
def solved(build: Callable):
    case, draws = build(draws=1024)
    return case, draws, tables(case, draws, FACTS), np.tile(WEIGHTS, (1024, 1))


def test_section_is_coherent(solved) -> None:
    case, draws, found, weights = solved
    s = section(case, draws, found, weights)
    assert [d.decisiveness.mean for d in s.decisiveness] == sorted(
        (d.decisiveness.mean for d in s.decisiveness), reverse=True
    )
    by_name = {d.party: d for d in s.decisiveness}
    for d in s.decisiveness:
        assert d.decisiveness.mean == pytest.approx(d.unlock.mean + d.block.mean)
    gap = sum(d.lift.mean for d in s.decisiveness)
    drawn = worlds(Consent(case, draws.first(512), 0.0), FACTS, weights[:512])
    assert gap == pytest.approx(drawn.forced[:, -1].mean() - drawn.forced[:, 0].mean(), abs=1e-9)
    # The host's invitation stands in the clause: a veto by rule. Ash is in no clause, yet nothing goes ahead without it.
    assert by_name["invited"].structural_veto
    assert by_name["invited"].actor == "host"
    assert not by_name["ash"].structural_veto
    assert by_name["ash"].effective_veto.mean == 1.0
    assert by_name["consent"].given_no.mean > 0
    assert {"ash", "invited"} <= set(s.pivotal)
    assert s.situations[2].quorum.mean == 0.0
    assert s.situations[0].quorum.mean > s.situations[1].quorum.mean
    assert s.conceding is not None
    assert s.conceding.unnamed == 2
    assert s.conceding.reports[0].of == "ash"
    assert s.conceding.mean == sorted(s.conceding.mean)
    eve, day = (next(i for i, m in enumerate(s.erosion[0].months) if m == at) for at in (5.99, 6.0))
    cohesion = next(e for e in s.erosion if e.measure == "cohesion")
    assert cohesion.mean[day] < cohesion.mean[eve]
    assert [b.name for b in s.blocs] == ["woods"]
    assert s.expectations == []
    assert any("half a unit of log-odds" in n for n in s.notes)


def test_bands_are_within_bounds(solved) -> None:
    case, draws, found, weights = solved
    for member in section(case, draws, found, weights).members:
        for join in member.joins:
            assert 0 <= join.least.mean <= join.greatest.mean + 1e-12 <= 1 + 1e-9
        assert 0 <= member.exit.survives.mean <= 1 + 1e-9


def test_weights_must_fit(solved) -> None:
    case, draws, found, weights = solved
    with pytest.raises(ValueError, match="weights"):
        section(case, draws, found, weights[:, :2])


def test_section_without_members(build: Callable) -> None:
    case, draws = build("coalition: {facts: {consent: answer == consents}, requires: consent}\n", draws=64)
    facts = {"consent": np.array([True, False])}
    s = section(case, draws, tables(case, draws, facts), np.tile([0.25, 0.75], (64, 1)))
    assert s.cohesion.quorum.mean == pytest.approx(0.25)
    assert s.decisiveness[0].structural_veto
    assert s.decisiveness[0].actor == "hill"
    assert s.members == []


def test_certain_consent_never_hurts(build: Callable) -> None:
    case, draws = build()
    got = tables(case, draws, FACTS).values["quorum"]
    assert np.all(got[:, 0] >= got[:, 1] - 1e-12)


def test_drawn_stances_fit_the_reported_share(build: Callable) -> None:
    members = """
coalition: {minimum: 1}
members: {a: {stances: [{on: needs_consent, value: 1}]}, b: {}, c: {}, d: {}, e: {}}
others: [{on: needs_consent, share: "uniform(0.3, 0.9)"}]
"""
    case, draws = build(members, draws=4096)
    taken = draw_stances(case, draws, "needs_consent", 0.0)
    assert taken[:, 0].all()
    share = draws["others.0.share"]
    assert np.all(np.abs(taken.mean(1) - share) < 0.2)
    assert abs(taken.mean() - share.mean()) < 0.003
    assert np.ptp(taken[:, 1:].mean(0)) < 0.03


def test_a_share_moves_by_declared_drift_and_events(build: Callable) -> None:
    members = """
coalition: {minimum: 1}
members: {a: {}, b: {}}
others: [{on: supports, share: 0.5, drift: 1.0}]
events: {vote: {at: 3, shifts: {supports: 0.2}, fades: 3}}
"""
    case, draws = build(members, draws=4096)
    at = {m: draw_stances(case, draws, "supports", m).mean() for m in (0.0, 2.9, 3.0, 6.0)}
    assert at[0.0] == pytest.approx(0.5, abs=0.01)
    assert at[2.9] == pytest.approx(1 / (1 + np.exp(-2.9 / 12)), abs=0.01)
    assert at[3.0] == pytest.approx(1 / (1 + np.exp(-0.25)) + 0.2, abs=0.01)
    assert at[6.0] == pytest.approx(1 / (1 + np.exp(-0.5)) + 0.1, abs=0.01)


def test_facts_that_exclude_each_other_are_set_aside() -> None:
    facts = {"consent": np.array([True, False]), "refusal": np.array([False, True]), "war": np.array([False, False])}
    assert exclusive(facts) == {"consent": ("refusal",), "refusal": ("consent",), "war": ()}


def test_worlds_agree_with_exact_interventions(build: Callable) -> None:
    case, draws = build(draws=4096)
    weights = np.tile(WEIGHTS, (4096, 1))
    consent = Consent(case, draws)
    effects = interventions(consent, FACTS, weights)
    drawn = worlds(consent, FACTS, weights)
    assert drawn is not None
    for p in range(len(drawn.parties)):
        for exact, sampled in (
            (effects.yes[p], drawn.forced[:, 1 << p]),
            (effects.no[p], drawn.free[np.arange(4096), drawn.acts & ~(1 << p)]),
        ):
            assert abs(exact.mean() - sampled.mean()) <= 3 * 0.5 / np.sqrt(4096)
    np.testing.assert_array_equal(drawn.forced[:, 0], drawn.free[np.arange(4096), drawn.acts])
    degree, fails = drawn.blame(200)
    assert np.all(degree[:, ~fails] == 0)
    assert degree.max() == 1.0


def test_a_fact_that_harms_is_told_by_its_sign(build: Callable) -> None:
    members = """
coalition: {facts: {refusal: answer == refuses}, minimum: 1}
members:
  ash: {joins: {requires: not refusal, accepts: 0.9}}
  birch: {joins: {requires: ash, accepts: 0.5}}
"""
    case, draws = build(members, draws=512)
    facts = {"refusal": np.array([True, False])}
    s = section(case, draws, tables(case, draws, facts), np.tile([0.7, 0.3], (512, 1)))
    by_name = {d.party: d for d in s.decisiveness}
    assert by_name["refusal"].decisiveness.mean == pytest.approx(-0.9)
    assert by_name["refusal"].effective_veto.mean == 1.0
    assert not by_name["refusal"].structural_veto
    # Without the refusal the plan goes ahead, and nobody else is needed; with it ash stays out, and so does birch.
    assert [u.names for u in s.unlock_sets] == [("ash",), ("birch",), ("refusal",)]
    assert {b.names for b in s.block_sets} == {("ash",), ("refusal",)}
    assert s.unlock_sets[-1].probability.mean == pytest.approx(0.9, abs=0.05)
    assert by_name["refusal"].lift.mean > 0
    assert by_name["refusal"].blame.mean > 0


def test_a_stance_counts_from_its_date(build: Callable) -> None:
    members = """
coalition: {minimum: 1}
members: {a: {stances: [{on: supports, value: 0, date: 2029-01-01}, {on: supports, value: 1, date: 2030-04-01}]}}
"""
    case, draws = build(members, draws=64)
    held = [draw_stances(case, draws, "supports", m).mean() for m in (0.0, 2.9, 3.1)]
    assert held == [0.0, 0.0, 1.0]
    later = tables(case, draws, {}, month=3.1)
    assert later.stances["supports"].all()
    assert later.month == 3.1


def test_a_member_event_shifts_that_member_alone(build: Callable) -> None:
    members = """
coalition: {minimum: 1}
members:
  a: {stances: [{on: supports, value: 0.2}]}
  b: {stances: [{on: supports, value: 0.2}]}
events: {vote: {at: 2, shifts: {a.supports: 0.5}}}
"""
    case, draws = build(members, draws=4096)
    before, after = (draw_stances(case, draws, "supports", m).mean(0) for m in (1.0, 2.0))
    np.testing.assert_allclose(before, [0.2, 0.2], atol=0.01)
    np.testing.assert_allclose(after, [0.7, 0.2], atol=0.01)


def test_expectations_are_set_beside_the_solved_probability(build: Callable) -> None:
    members = """
coalition: {facts: {consent: answer == consents}, minimum: 1}
members:
  ash: {joins: {requires: consent, expects: "uniform(0.2, 0.4)"}}
  birch: {joins: {requires: consent}}
"""
    case, draws = build(members, draws=512)
    facts = {"consent": np.array([True, False])}
    s = section(case, draws, tables(case, draws, facts), np.tile([0.1, 0.9], (512, 1)))
    (said,) = s.expectations
    assert (said.member, said.fact) == ("ash", "consent")
    assert said.gap.mean == pytest.approx(0.2, abs=0.01)
    # Ash has decided before the answer, so consent moves only what birch does.
    ash = next(m for m in s.members if m.name == "ash")
    assert ash.joins[0].greatest.mean == ash.joins[1].greatest.mean


GROUP = """
coalition: {minimum: 1}
members: {a: {}, b: {}, c: {}, d: {}}
others: [{on: needs_consent, share: 0.5, date: 2029-10-01}]
"""


@pytest.mark.parametrize("shift", [0.3, -0.3, 0.9])
def test_a_member_event_shifts_a_member_of_whom_only_the_group_is_reported(build: Callable, shift: float) -> None:
    """It used to move nothing, unsaid; the mean of a's stance moves by the shift, within 0 and 1, and nobody else's."""
    case, draws = build(GROUP + f"events: {{vote: {{at: 2, shifts: {{a.needs_consent: {shift}}}}}}}\n", draws=4096)
    before, after = (draw_stances(case, draws, "needs_consent", m) for m in (1.0, 2.0))
    np.testing.assert_allclose(before.mean(0), [0.5] * 4, atol=0.02)
    np.testing.assert_allclose(after.mean(0), [min(0.5 + shift, 1.0), 0.5, 0.5, 0.5], atol=0.02)
    np.testing.assert_array_equal(before[:, 1:], after[:, 1:])
    said = section(case, draws, tables(case, draws, {}, month=2.0), np.ones((4096, 1)))
    assert said.members[0].stances[0].value.mean == pytest.approx(min(0.5 + shift, 1.0))
    assert said.members[1].stances[0].value.mean == pytest.approx(0.5)


def test_what_is_not_reported_yet_is_not_nought(build: Callable) -> None:
    case, draws = build(GROUP, draws=512)
    said = section(case, draws, tables(case, draws, {}), np.ones((512, 1)))
    assert said.conceding is not None
    assert said.conceding.months[0] == pytest.approx(-3.0, abs=0.1)
    assert min(said.conceding.mean) == pytest.approx(0.5, abs=0.01)
    # Of one member alone: its share is that of those of whom anything is known.
    own = "coalition: {minimum: 1}\nmembers: {a: {stances: [{on: needs_consent, value: 1}]}, b: {}, c: {}}\n"
    case, draws = build(own, draws=64)
    said = section(case, draws, tables(case, draws, {}), np.ones((64, 1)))
    assert (said.conceding.share.mean, said.conceding.known) == (1.0, 1)
    assert [e.known for e in said.erosion if e.measure == "conceding"] == [1]
    later = GROUP.replace("2029-10-01", "2030-03-01")
    case, draws = build(later, draws=64)
    said = section(case, draws, tables(case, draws, {}), np.ones((64, 1)))
    assert said.conceding is None
    curve = next(e for e in said.erosion if e.measure == "conceding")
    assert curve.months[0] == 2.0
    assert min(curve.mean) > 0.4


def test_two_reports_of_one_date_count_alike_and_are_warned_of(build: Callable) -> None:
    reports = ["{on: supports, share: 0.2}", "{on: supports, share: 0.8}"]
    for order in (reports, reports[::-1]):
        case, draws = build(
            f"coalition: {{minimum: 1}}\nmembers: {{a: {{}}, b: {{}}}}\nothers: [{', '.join(order)}]\n", draws=1024
        )
        assert draw_stances(case, draws, "supports", 0.0).mean() == pytest.approx(0.5, abs=0.01)
        (warned,) = [p for p in problems(case) if "twice of one date" in p.message]
        assert warned.line > 0


@pytest.mark.parametrize(("share", "apart"), [(0.2, 1.0), (0.7, 0.0), (1.0, 0.0)])
def test_members_and_group_that_contradict_each_other_are_told(build: Callable, share: float, apart: float) -> None:
    """Three of four are named: at least 75 % of the members, whatever is said of the group."""
    certain = "{stances: [{on: supports, value: 1}]}"
    text = f"coalition: {{minimum: 1}}\nmembers: {{a: {certain}, b: {certain}, c: {certain}, d: {{}}}}\n"
    case, draws = build(text + f"others: [{{on: supports, share: {share}}}]\n", draws=64)
    found = tension(case, draws, "supports", 0.0)
    assert (found[0] if found else 0.0) == apart
    notes = section(case, draws, tables(case, draws, {}), np.ones((64, 1))).notes
    assert any("contradict each other on 'supports' in 100.0% of draws" in n for n in notes) == bool(apart)
