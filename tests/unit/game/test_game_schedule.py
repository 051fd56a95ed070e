"""When moves come and in which order, and what numbers read of histories, against the same cases written out by hand."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.case import Case, CaseError
from vetopoint.chain.frame import frame_of
from vetopoint.chain.world import build_world, sample_case
from vetopoint.game.unroll import unroll

MakeCase = Callable[[str], Case]

HEAD = """
vetopoint: 1
title: Talks
as_of: 2026-01-01
horizon_months: 24
owner: town
actors: {town: {}, lord: {}}
quantities:
  odds: uniform(0.1, 0.3)
  high: uniform(0.6, 0.9)
  gain: uniform(0.5, 1.5)
  pain: uniform(0.2, 1.5)
  cost: uniform(0.1, 0.4)
"""
PAYOFFS = """
precision: {town: 4, lord: "lognormal(median=4, p90=10)"}
goals: {signed: outcome == signed}
payoffs:
  town: {unit: [broken, signed], gain: {worth: gain, when: outcome == signed}}
  lord: {unit: [signed, broken], pain: {worth: -pain, when: outcome == signed}}
"""


def written(moves: str, rest: str, payoffs: str = PAYOFFS) -> str:
    return f"{HEAD}moves:\n{indent(moves.strip(), '  ')}\n{rest}\n{payoffs}"


def shares(case: Case, draws: int = 24) -> dict[str, np.ndarray]:
    """Outcome → (draws,) its probability."""
    frame = frame_of(case)
    world = build_world(frame, sample_case(frame, draws, 1))
    return {name: world.probability(world.frame.game.outcome == name) for name in case.file.outcomes}


def alike(one: Case, other: Case) -> None:
    first, second = shares(one), shares(other)
    assert set(first) == set(second)
    assert max(float(v.max() - v.min()) for v in first.values()) > 1e-3, "nothing in it hangs on the draws"
    for name in first:
        np.testing.assert_allclose(first[name], second[name], atol=1e-12, rtol=0)


# --- numbers that read the history -----------------------------------------------------------------------------------

RENEWALS = """
start: {by: town, at: 0, options: [open, wait]}
renew: {by: lord, at: 2, when: start == open, options: [renew, leave], repeat: {every: 3, rounds: 3, stop_when: renew == leave}}
"""
ENDS = "outcomes: {broken: start == wait, left: any(renew == leave), signed: otherwise}"
COUNTED = """
precision: {town: 4, lord: 3}
goals: {signed: outcome == signed}
payoffs:
  town: {unit: [broken, signed], gain: gain * count(renew == renew), cost: -cost if start == open else 0}
  lord: {unit: [signed, broken], fee: -pain * count(renew == renew) / 3, late: cost * month(renew.last) / 24}
"""
BY_HAND = """
precision: {town: 4, lord: 3}
goals: {signed: outcome == signed}
payoffs:
  town:
    unit: [broken, signed]
    one: {worth: gain, when: "count(renew == renew) == 1"}
    two: {worth: 2 * gain, when: "count(renew == renew) == 2"}
    three: {worth: 3 * gain, when: "count(renew == renew) == 3"}
    cost: {worth: -cost, when: start == open}
  lord:
    unit: [signed, broken]
    one: {worth: -pain / 3, when: "count(renew == renew) == 1"}
    two: {worth: -2 * pain / 3, when: "count(renew == renew) == 2"}
    three: {worth: -pain, when: "count(renew == renew) == 3"}
    never: {worth: cost, when: start == wait}
    first: {worth: cost * 2 / 24, when: "renew[1] == leave"}
    second: {worth: cost * 5 / 24, when: "renew[2] == leave"}
    third: {worth: cost * 8 / 24, when: "renew[3] in [leave, renew]"}
"""


def test_a_payoff_may_count_rounds_and_read_when_a_move_came(make_case: MakeCase) -> None:
    alike(make_case(written(RENEWALS, ENDS, COUNTED)), make_case(written(RENEWALS, ENDS, BY_HAND)))


def test_a_quantity_may_bear_the_name_of_a_move(make_case: MakeCase) -> None:
    renamed = (
        written(RENEWALS, ENDS, COUNTED)
        .replace("  cost: uniform", "  start: uniform")
        .replace("-cost if start == open else 0", "-0.25")
    )
    renamed = renamed.replace("cost * month", "start * month")
    plain = written(RENEWALS, ENDS, COUNTED).replace("-cost if start == open else 0", "-0.25")
    alike(make_case(renamed), make_case(plain))
    both = (
        written(RENEWALS, ENDS, COUNTED).replace("  cost: uniform", "  start: uniform").replace("-cost if", "-start if")
    )
    alike(make_case(both.replace("cost * month", "start * month")), make_case(written(RENEWALS, ENDS, COUNTED)))
    with pytest.raises(CaseError, match="'start' is a choice and a quantity here"):
        make_case(renamed.replace("-0.25", "-0.25 if start == open else 0").replace("  odds:", "  open:"))


@pytest.mark.parametrize(
    ("worth", "message"),
    [
        ("month(gain)", "'gain' in month\\(…\\) is no move"),
        ("month(renew)", "'renew' is repeated"),
        ("month(renew[9])", "rounds 1 to 3, not 9"),
        ("gain * renew", "is repeated"),
        ("count(start == open)", "needs a repeated move"),
        ("gain if start == opn else 0", "unknown option of 'start' 'opn'"),
        ("month(3)", "month"),
    ],
)
def test_what_a_payoff_cannot_read_is_said(make_case: MakeCase, worth: str, message: str) -> None:
    with pytest.raises(CaseError, match=message) as caught:
        frame_of(
            make_case(
                written(RENEWALS, ENDS, COUNTED).replace("gain: gain * count(renew == renew)", f'gain: "{worth}"')
            )
        )
    assert all(p.line > 1 and p.remedy for p in caught.value.problems)


# --- chances that hang on moves --------------------------------------------------------------------------------------

STRIKE = """
declare: {by: lord, at: 1, options: [targets, silent]}
strike: {by: chance, at: 2, options: {hit: OPTION, miss: rest}}
answer: {by: town, at: 3, options: [sign, walk]}
"""
SPLIT = """
declare: {by: lord, at: 1, options: [targets, silent]}
loud: {by: chance, at: 2, when: declare == targets, options: {hit: high, miss: rest}}
calm: {by: chance, at: 2, when: declare != targets, options: {hit: odds, miss: rest}}
answer: {by: town, at: 3, options: [sign, walk]}
"""
STRUCK = "outcomes: {broken: answer == walk, signed: not (HIT), hurt: otherwise}"
HURT = """
precision: {town: 4, lord: 3}
goals: {signed: outcome == signed}
payoffs:
  town: {unit: [broken, signed], gain: {worth: gain, when: answer == sign}, hurt: {worth: -2 * gain, when: outcome == hurt}}
  lord: {unit: [signed, broken], pain: {worth: -pain, when: outcome == signed}, shame: {worth: -cost, when: declare == targets}}
"""


def struck(option: str) -> str:
    return written(STRIKE.replace("OPTION", option), STRUCK.replace("HIT", "strike == hit"), HURT)


def test_a_chance_may_hang_on_a_move(make_case: MakeCase) -> None:
    conditional = make_case(struck("high if declare == targets else odds"))
    split = make_case(written(SPLIT, STRUCK.replace("HIT", "loud == hit or calm == hit"), HURT))
    alike(conditional, split)
    assert [len(c.options) for c in unroll(conditional).chance_sets] == [2, 2]


def test_a_chance_may_hang_on_when_a_move_came(make_case: MakeCase) -> None:
    late = "moves:\n  wait_: {by: lord, options: [soon, late]}\n"
    text = struck("high if month(declare) > 4 else odds").replace("moves:\n", late)
    text = text.replace("at: 1, options: [targets", "after: wait_ + 1, options: [targets")
    game = unroll(make_case(text))
    assert len(game.chance_sets) == 2, "one for each option of the move, both at the same month"
    two = text.replace(
        "options: [soon, late]}",
        "options: [soon, late]}\n  delay: {by: chance, when: wait_ == late, at: 6, options: {yes_: 1}}",
    )
    two = two.replace("after: wait_ + 1", "after: delay + 1")
    assert len(unroll(make_case(two)).chance_sets) == 1 + 4


@settings(max_examples=15, deadline=None)
@given(st.permutations(["a", "b", "c"]), st.floats(0, 0.5), st.floats(0, 0.5))
def test_the_order_and_the_names_of_a_chances_options_change_nothing(
    make_case: MakeCase, order: list[str], p: float, q: float
) -> None:
    odds = {"a": f"{p!r} if declare == targets else {q!r}", "b": f"{q!r} * 0.5", "c": "rest"}

    def with_options(names: dict[str, str], listed: list[str]) -> Case:
        options = ", ".join(f"{names[o]}: {odds[o]}" for o in listed)
        return make_case(
            struck("X")
            .replace("{hit: X, miss: rest}", f"{{{options}}}")
            .replace("strike == hit", f"strike == {names['a']}")
        )

    plain = shares(with_options({o: o for o in odds}, ["a", "b", "c"]), 8)
    bent = shares(with_options({"a": "x1", "b": "targets", "c": "silent"}, order), 8)
    for name in plain:
        np.testing.assert_allclose(plain[name], bent[name], atol=1e-9)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("high if answer == sign else odds", "'answer' comes later"),
        ("high if declare == tagets else odds", "unknown option of 'declare' 'tagets'"),
        ("high if outcome == signed else odds", "outcome"),
        ("declare", "declare"),
    ],
)
def test_what_a_chance_cannot_hang_on_is_said(make_case: MakeCase, option: str, message: str) -> None:
    with pytest.raises(CaseError, match=message) as caught:
        frame_of(make_case(struck(option)))
    assert all(p.line > 1 and p.remedy for p in caught.value.problems)


def test_chances_beyond_one_are_refused_where_they_are_written(make_case: MakeCase) -> None:
    with pytest.raises(CaseError, match=r"the options of 'strike' exceed 1 in 100\.0% of draws") as caught:
        shares(make_case(struck("2 * high if declare == targets else odds")))
    assert caught.value.problems[0].where == "moves.strike.options"


# --- dates -----------------------------------------------------------------------------------------------------------


def months(case: Case, move: str) -> list[float]:
    """The months at which a move comes, over histories and rounds."""
    dates = unroll(case).public_dates[move]
    return sorted(set(dates[~np.isnan(dates)].round(9).tolist()))


SIGN = "outcomes: {broken: ask == wait, signed: otherwise}"
ASKED = """
ask: {by: town, at: 2, options: [ask, wait]}
luck: {by: chance, at: 4, when: ask == ask, options: {good: 0.5, bad: rest}}
"""


@pytest.mark.parametrize(
    ("date", "found"),
    [
        ("after: luck + 0.3", [2.3, 4.3]),  # from the last move where there was no luck
        ("after: luck", [2.0, 4.0]),
        ("after: ask + 15 days", [2.5]),
        ("after: ask + 2 weeks", [2 + 14 / 30]),
        ("at: 2026-04-16", [3.5]),
        ("at: '2026-04-16'", [3.5]),
        ("at: 100 days", [100 / 30]),
        ("at: 5, repeat: {every: 6, rounds: 3}", [5.0, 11.0, 17.0]),
        ("at: 5, repeat: 3", [5.0, 6.0, 7.0]),
        ("repeat: {every: 6, rounds: 2}", [8.0, 10.0, 14.0, 16.0]),
        ("after: ask + 1, repeat: {every: 6, rounds: 2}", [3.0, 9.0]),
        ("at: 5, repeat: {every: 3, until: 6}", [5.0, 8.0, 11.0]),
        ("repeat: {every: 3, until: 6}", [5.0, 7.0, 8.0, 10.0]),
        ("at: 2026-06-01, repeat: {every: 15 days, until: 2026-07-16}", [5.0, 5.5, 6.0, 6.5]),
    ],
)
def test_when_a_move_comes(make_case: MakeCase, date: str, found: list[float]) -> None:
    case = make_case(written(f"{ASKED}\nanswer: {{by: lord, {date}, options: [yes_, no_]}}", SIGN))
    assert months(case, "answer") == pytest.approx(found)


def test_after_a_repeated_move_is_after_its_last_round(make_case: MakeCase) -> None:
    moves = """
    ask: {by: town, at: 2, options: [ask, wait], repeat: {every: 3, rounds: 2, stop_when: ask == wait}}
    answer: {by: lord, after: ask + 1, options: [yes_, no_]}
    """
    text = written(
        "\n".join(line.strip() for line in moves.strip().splitlines()),
        "outcomes: {broken: any(ask == wait), signed: otherwise}",
    )
    assert months(make_case(text), "answer") == [3.0, 6.0]


@pytest.mark.parametrize(
    ("date", "message", "remedy"),
    [
        ("after: lukc + 1", "unknown move 'lukc'", "luck"),
        ("after: answer + 1", "comes after itself", "earlier move: ask, luck"),
        ("after: close + 1", "'close' comes later", "earlier move: ask, luck"),
        ("after: 3 months", "no time after a move", "answer + 0.5"),
        ("after: luck - 1", "no time after a move", "answer + 10 days"),
        ("at: 3, after: luck", "two dates", "keep one"),
        ("at: 2025-12-31", "2025-12-31 is before the case's date, 2026-01-01", "later day"),
        ("at: '2026-02-30'", "no day 2026-02-30", "day of the calendar"),
        ("at: soon", "'soon' is no time", "10 days"),
        ("at: 01/02/2026", "is no time", "2026-03-01"),
        ("repeat: {every: 3, until: 2026-09-01}", "cannot be counted without their first", "`at`"),
        ("at: 3, repeat: {every: 3, until: 2026-02-01}", "never comes", "raise"),
    ],
)
def test_a_date_that_cannot_be_is_refused_in_words(make_case: MakeCase, date: str, message: str, remedy: str) -> None:
    close = "\nclose: {by: town, at: 9, options: [done, open]}"
    with pytest.raises(CaseError) as caught:
        make_case(written(f"{ASKED}\nanswer: {{by: lord, {date}, options: [yes_, no_]}}{close}", SIGN))
    (problem,) = [p for p in caught.value.problems if p.severity == "error"]
    assert message in problem.message
    assert remedy in problem.remedy
    assert problem.line == 18


# --- moves that alternate --------------------------------------------------------------------------------------------

ROUNDS = """
open_: {by: town, at: 0, options: [begin, wait]}
demand: {by: lord, at: 1, options: [more, less]}
concede: {by: town, after: demand + 0.25, options: [yield_, hold]}
decide: {by: lord, when: not (demand == more and concede == hold), options: [sign, go_on]}
"""
BLOCK = "rounds: {talks: {moves: [demand, concede, decide], every: 2, times: 3, when: open_ == begin, stop_when: decide == sign}}"
TALKS = 'outcomes: {signed: any(decide == sign), tough: count(demand == more) >= 2 and concede.last == hold, late: "demand[3] == more", broken: otherwise}'
PAY = """
precision: {town: 3, lord: 2}
goals: {signed: outcome == signed}
payoffs:
  town: {unit: [broken, signed], gain: {worth: gain, when: outcome == signed}, yielded: -cost * count(concede == yield_)}
  lord: {unit: [broken, signed], gain: {worth: pain, when: outcome == signed}, won: gain * count(concede == yield_ and demand == more), late: -cost * month(decide.last) / 24}
"""


def by_hand() -> str:
    """The same talks with every round written out as moves of its own."""
    moves, going = ["open_: {by: town, at: 0, options: [begin, wait]}"], "open_ == begin"
    for k in (1, 2, 3):
        moves += [
            f"demand{k}: {{by: lord, at: {1 + 2 * (k - 1)}, when: {going}, options: [more, less]}}",
            f"concede{k}: {{by: town, at: {1.25 + 2 * (k - 1)}, when: {going}, options: [yield_, hold]}}",
            f"decide{k}: {{by: lord, when: {going} and not (demand{k} == more and concede{k} == hold), options: [sign, go_on]}}",
        ]
        going += f" and decide{k} != sign"
    ends = (
        'outcomes: {signed: "sign in [decide1, decide2, decide3]", '
        "tough: ((demand1 == more and demand2 == more) or (demand1 == more and demand3 == more) or (demand2 == more and demand3 == more)) and "
        "(concede3 == hold or (concede3 == skipped and concede2 == hold)), late: demand3 == more, broken: otherwise}"
    )
    add = " + ".join
    pay = f"""
precision: {{town: 3, lord: 2}}
goals: {{signed: outcome == signed}}
payoffs:
  town: {{unit: [broken, signed], gain: {{worth: gain, when: outcome == signed}}, yielded: -cost * ({add(f"(concede{k} == yield_)" for k in (1, 2, 3))})}}
  lord:
    unit: [broken, signed]
    gain: {{worth: pain, when: outcome == signed}}
    won: gain * ({add(f"(concede{k} == yield_ and demand{k} == more)" for k in (1, 2, 3))})
    late: -cost / 24 * (month(decide3) if decide3 != skipped else month(decide2) if decide2 != skipped else month(decide1))
"""
    return written("\n".join(moves), ends, pay)


def test_moves_that_alternate_are_those_written_out_by_hand(make_case: MakeCase) -> None:
    block, hand = make_case(written(ROUNDS, f"{BLOCK}\n{TALKS}", PAY)), make_case(by_hand())
    names = [layer.name for layer in unroll(block).public.layers]
    assert names[:7] == ["open_", "demand[1]", "concede[1]", "decide[1]", "demand[2]", "concede[2]", "decide[2]"]
    assert unroll(block).public.size == unroll(hand).public.size
    dates, same = unroll(block).public.dates, unroll(hand).public.dates
    np.testing.assert_array_equal(np.unique(dates, axis=0), np.unique(same, axis=0))
    alike(block, hand)


def test_a_block_of_one_move_is_a_repeated_move(make_case: MakeCase) -> None:
    alone = written(RENEWALS, ENDS, COUNTED)
    block = alone.replace(", repeat: {every: 3, rounds: 3, stop_when: renew == leave}", "").replace(
        "outcomes:", "rounds: {year: {moves: [renew], every: 3, times: 3, stop_when: renew == leave}}\noutcomes:"
    )
    alike(make_case(alone), make_case(block))


def test_a_round_looks_back_at_rounds_before_it(make_case: MakeCase) -> None:
    back = ROUNDS.replace("concede: {by: town,", "concede: {by: town, when: decide.last != go_on or demand == less,")
    game = unroll(make_case(written(back, f"{BLOCK}\n{TALKS}", PAY)))
    third = game.public.codes[:, game.layer_of("concede", 2)] >= 0
    less = game.public_choices["demand"][:, 1] == "less"
    went_on = game.public_choices["decide"][:, 0] == "go_on"
    assert third.any()
    assert not (third & went_on & ~less).any()


@pytest.mark.parametrize(
    ("old", "new", "message", "remedy"),
    [
        ("[demand, concede, decide]", "[demand, conceed, decide]", "unknown move 'conceed'", "concede"),
        ("[demand, concede, decide]", "[demand, decide]", "side by side", "one after the other"),
        ("[demand, concede, decide]", "[concede, demand, decide]", "in this order", "one after the other"),
        ("[demand, concede, decide]", "[]", "rounds of no move", "demand"),
        ("[demand, concede, decide]", "[demand, concede, decide, decide]", "stands twice", "once"),
        ("options: [sign, go_on]}", "options: [sign, go_on], repeat: 2}", "repeated by itself", "leave out"),
        (", times: 3", "", "'talks' repeats without end", "times"),
        (", times: 3", ", times: 3, tmes: 4", "unknown key 'tmes'", "times"),
        ("when: open_ == begin", "when: demand == more", "'demand' comes later", "earlier"),
        ("after: demand + 0.25", "after: decide + 0.25", "comes later", "earlier move"),
        ("not (demand == more and", "not (decide == sign and", "'decide' is repeated", "decide.last"),
        ("talks: {", "other: {moves: [decide], times: 2}, talks: {", "twice", "one block"),
    ],
)
def test_rounds_that_cannot_be_are_refused_in_words(
    make_case: MakeCase, old: str, new: str, message: str, remedy: str
) -> None:
    text = written(ROUNDS, f"{BLOCK}\n{TALKS}", PAY)
    assert old in text
    with pytest.raises(CaseError) as caught:
        frame_of(make_case(text.replace(old, new)))
    hits = [p for p in caught.value.problems if message in p.message and remedy in p.remedy]
    assert hits, caught.value.problems
    assert all(p.line > 10 for p in hits)
