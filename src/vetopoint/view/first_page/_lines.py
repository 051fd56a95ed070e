"""The lines of the first page, in their order; each holds for any case, and one that the case cannot fill is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from vetopoint.answers import FirstLine, RankedParty, Swing, TruceForm
from vetopoint.view.first_page._marks import (
    STRONG,
    Marked,
    mark_change,
    mark_hold,
    mark_key,
    mark_second,
    mark_toss,
    mark_tried,
)
from vetopoint.view.first_page._story import Clause, Story, at, pointer
from vetopoint.view.numbers import capital, count, listed, plural
from vetopoint.view.sentences.cautions import FIXED_LINE

MOST_WORDS = 150
STOPPED = 0.05
"""A no stops it that leaves at most so much, and a fifth of what a yes leaves."""
WEAK = 0.05
MORE_THAN_NOT = 0.6
OFTEN = 0.9
"""Nearly always tried; then nothing keeps the owner from asking, and it is not said what it does else."""
ALIKE = 0.03
"""Two answers that change as much as each other, to so much, are said to be alike."""

About = Literal["goal", "key", "tried", "toss", "second", "hold", "rests", "change", "fixed"]


@dataclass(frozen=True)
class Draft:
    """A line before it is fitted: its sentences, each with how soon it may be left out (0: never), and its mark."""

    about: About
    sentences: tuple[tuple[int, Clause], ...]
    marked: Marked | None = None

    @property
    def words(self) -> int:
        """How many words it has."""
        return sum(len(clause.text.split()) for _, clause in self.sentences)

    def line(self) -> FirstLine:
        """Return the line as it is printed."""
        said = Clause.joined((clause for _, clause in self.sentences), " ")
        mark, why = (None, ()) if self.marked is None else (self.marked.mark, self.marked.why)
        return FirstLine(about=self.about, text=said.text, numbers=said.numbers, mark=mark, why=why)


def lines_of(story: Story) -> tuple[FirstLine, ...]:
    """Every line that the case can fill, within the words that there are."""
    made: tuple[Callable[[Story], Draft | None], ...] = (
        _goal,
        _key,
        _tried,
        _toss,
        _second,
        _hold,
        _rests,
        _change,
        _fixed,
    )
    drafts = [draft for draft in (make(story) for make in made) if draft is not None]
    return tuple(draft.line() for draft in _fitted(drafts) if draft.sentences)


def _fitted(drafts: list[Draft]) -> list[Draft]:
    """Say bands in fewer words, then leave out what may be left out, the least needed first, until the words are few enough."""
    if sum(d.words for d in drafts) > MOST_WORDS:
        drafts = [replace(d, sentences=tuple((rank, c.tightened()) for rank, c in d.sentences)) for d in drafts]
    while sum(d.words for d in drafts) > MOST_WORDS:
        soonest = max((rank for d in drafts for rank, _ in d.sentences), default=0)
        if soonest == 0:
            return drafts
        last = max(i for i, d in enumerate(drafts) if any(rank == soonest for rank, _ in d.sentences))
        kept = tuple(pair for pair in drafts[last].sentences if pair[0] != soonest)
        drafts[last] = replace(drafts[last], sentences=kept)
    return drafts


def _sentence(*parts: Clause | str) -> Clause:
    """One sentence made of pieces."""
    return Clause.joined(parts).sentence()


def _goal(story: Story) -> Draft | None:
    """What counts as success, where the lines then use a shorter name."""
    label = story.names.goal(story.goal)
    if not story.names.short.goals.get(story.goal):
        return None
    return Draft("goal", ((2, _sentence(f"success here means: {label[:1].lower()}{label[1:]}")),))


# --- who can stop it ---------------------------------------------------------------------------------------------------


def keys(story: Story) -> tuple[RankedParty, ...]:
    """Who holds a key: the one who changes most, and those who change as much; nobody where that is little."""
    first = story.parties[0] if story.parties else None
    ranking = story.asked or story.ranking
    if first is None or ranking is None:
        return ()
    if ranking.decisive is not None:
        return tuple(p for p in story.parties if p.party == ranking.decisive)
    if first.decisiveness.mean < STRONG:
        return ()
    alike = (p for p in story.parties if first.decisiveness.mean - p.decisiveness.mean <= ALIKE)
    return tuple(sorted(alike, key=lambda p: story.names.brief(p.party)))


def stoppers(story: Story) -> tuple[str, ...]:
    """Who else can stop it by a move of its own that comes often enough, the owner apart; by name."""
    found = {
        v.actor
        for v in story.answers.veto_points
        if v.goal == story.goal and not v.owner and not v.rarely_reached and v.share_of_draws >= 0.5
    }
    return tuple(sorted(found, key=story.names.brief))


def _key(story: Story) -> Draft:
    holders = keys(story)
    marked = mark_key(story, holders)
    if not holders:
        return Draft("key", tuple(_nobody(story)), marked)
    said = [(0, _holds_key(story, holders))]
    given = story.given()
    outcomes = [c for c in (_yes_no(story, p) for p in holders[:2]) if c is not None]
    if outcomes and given:
        said.append((0, _sentence(f"suppose {listed([c for c in (story.presupposed, story.attempt) if c])}")))
    for i, clause in enumerate(outcomes):
        said.append((0 if i == 0 else 2, clause))
    return Draft("key", tuple(said), marked)


def _holds_key(story: Story, holders: tuple[RankedParty, ...]) -> Clause:
    names = story.names
    called = [names.brief(p.party) for p in holders]
    if len(called) > 1:
        return _sentence(f"{listed(called)} each hold a key; none comes clearly first")
    ranking = story.asked or story.ranking
    who = holders[0]
    if ranking is not None and ranking.decisive == who.party:
        return _sentence(f"{called[0]} {names.agree(who.party, 'holds', 'hold')} the key")
    matters = names.agree(who.party, "matters", "matter")
    unsure = "not surely" if (who.first or 0.0) < 0.95 else "not by much"
    stops = "can stop it and " if _stops(story, who) else ""
    return _sentence(f"{called[0]} {stops}{matters} most, though {unsure}")


def _stops(story: Story, party: RankedParty) -> bool:
    """Whether a no leaves next to nothing where a yes leaves something."""
    places = story.yes_and_no(party)
    if places is None:
        return party.party in stoppers(story)
    yes, no = (float(at(story.answers, f"{place}/mean")) for place in places)
    return no <= STOPPED and no <= yes / 5


def _yes_no(story: Story, party: RankedParty) -> Clause | None:
    """What an actor's yes and its no lead to; None where nothing is known of that."""
    places = story.yes_and_no(party)
    if places is None:
        return _difference(story, party)
    names, who = story.names, story.names.brief(party.party)
    yes_words, no_words = _answers_of(story, party)
    it = f"{names.they(party.party, 'it', 'they')} {_answers_of(story, party, names.they)[1]}"
    yes, no = (story.given(f"{who} {words}") for words in (yes_words, no_words))
    goal = names.brief_goal(story.goal)
    first = story.share(places[0], yes, of=" cases", small=False)
    return _sentence(f"if {who} {yes_words}, {goal} in ", first, f"; if {it}, in ", story.share(places[1], no))


def _answers_of(
    story: Story, party: RankedParty, number: Callable[[str, str, str], str] | None = None
) -> tuple[str, str]:
    """What an actor does that says yes, and no: an answer, or all that it does; behind its name, or in another number."""
    agree, who = number or story.names.agree, party.party
    if story.fork(who) is not None:
        return f"{agree(who, 'says', 'say')} yes", f"{agree(who, 'says', 'say')} no"
    return f"{agree(who, 'backs', 'back')} it throughout", f"{agree(who, 'opposes', 'oppose')} it throughout"


def _difference(story: Story, party: RankedParty) -> Clause | None:
    """What an actor's yes in place of its no changes, where no more is known."""
    ranking = story.ranking
    if ranking is None:
        return None
    i = next(i for i, p in enumerate(ranking.parties) if p.party == party.party)
    path = pointer("decisiveness", story.place or 0, "parties", i, "decisiveness")
    share = story.share(path, story.given(attempted=False))
    goal = story.names.brief_goal(story.goal)
    return _sentence(f"with a yes in place of a no, {goal} in ", share, " more of 100 cases")


def _nobody(story: Story) -> Iterator[tuple[int, Clause]]:
    """Say that no answer but the owner's decides."""
    names, owner = story.names, story.names.brief(story.answers.run.owner)
    others = stoppers(story)
    if not others:
        yield 0, _sentence(f"nobody but {owner} can stop it: no other answer changes much")
    else:
        can = f"{listed(map(names.brief, others))} could stop it"
        yield 0, _sentence(f"{can}, yet nobody's answer changes much")
    place, given = _as_it_is(story)
    suppose = f"if {given}, " if given else ""
    goal = names.brief_goal(story.goal)
    yield 0, _sentence(f"{suppose}{goal} in ", story.share(place, given, of=" cases"))


def _as_it_is(story: Story) -> tuple[str, str]:
    """The place of the leading goal's chance as things stand, and its condition."""
    asked = story.asked
    if asked is not None and asked.parties:
        return f"{story.party_place(asked.parties[0].party)}/as_it_is", " and ".join(
            filter(None, (story.presupposed, story.attempt))
        )
    held = story.answers.goals[0].presupposed is not None
    return pointer("goals", 0, "presupposed" if held else "probability"), story.presupposed if held else ""


# --- whether it is tried, and who comes second ------------------------------------------------------------------------


def _tried(story: Story) -> Draft | None:
    asked = story.asked
    if asked is None:
        return None
    place = pointer("decisiveness", story.place or 0, "asked", "chance")
    given = story.given(attempted=False)
    how = _how_often(asked.chance.mean)
    suppose, cases = story.cases
    share = story.share(place, given, of=cases)
    said = [(0, _sentence(f"it is {how}{_deterred(story)}: {suppose}{story.attempt} in ", share))]
    if asked.chance.mean < OFTEN and asked.instead:
        end = min(asked.instead, key=lambda o: (-asked.instead[o].mean, story.names.brief_outcome(o)))
        path = pointer("decisiveness", story.place or 0, "asked", "instead", end)
        share = story.share(path, story.given("it is not tried", attempted=False), of=" cases")
        said.append((3, _sentence("otherwise the likeliest end, in ", share, f": {story.names.brief_outcome(end)}")))
    return Draft("tried", tuple(said), mark_tried(story))


def _how_often(chance: float) -> str:
    steps = (
        (0.1, "hardly ever tried"),
        (0.4, "seldom tried"),
        (MORE_THAN_NOT, "tried about as often as not"),
        (OFTEN, "mostly tried"),
    )
    return next((words for bound, words in steps if chance < bound), "nearly always tried")


def _deterred(story: Story) -> str:
    """Say whose expected no keeps the owner from asking, where that explains it."""
    lost = next((m for m in story.answers.moments if m.goal == story.goal), None)
    asked = story.asked
    if lost is None or asked is None or asked.chance.mean >= OFTEN:
        return ""
    unasked = [
        m for m in lost.moments if m.deterred_by or (m.actor == story.answers.run.owner and m.move in asked.attempt)
    ]
    whole = sum(m.share.mean for m in unasked)
    by: dict[str, float] = {}
    for m in unasked:
        if m.deterred_by:
            by[m.deterred_by] = by.get(m.deterred_by, 0.0) + m.share.mean
    if not by or whole <= 0:
        return ""
    who = min(by, key=lambda a: (-by[a], story.names.brief(a)))
    part = by[who] / whole
    much = "mostly" if part >= 0.5 else "partly"
    where = "and where not, " if asked.chance.mean >= MORE_THAN_NOT else ""
    return f", {where}{much} because a no from {story.names.brief(who)} is expected" if part >= 0.2 else ""


def _toss(story: Story) -> Draft | None:
    """Say which coin toss compounds over its rounds, or which one an end rests on."""
    ties = list(enumerate(story.answers.near_ties))
    again = [(max(t.ever.values()), i, t) for i, t in ties if t.ever]
    if not again:
        return None
    _, i, tie = max(again, key=lambda found: (found[0], found[2].move))
    option = min(tie.ever, key=lambda o: (-tie.ever[o], o))
    names, move = story.names, story.names.brief_move(tie.move, tie.label)
    often = story.number(pointer("near_ties", i, "ever", option), given=f"{move} comes at all")
    chosen = names.option(tie.move, option)
    said = _sentence(
        f"{move} is a near coin toss each time: over all rounds, {names.brief(tie.by)} {chosen} in ",
        Clause(often.said, (often,)),
        " of 100 cases",
    )
    return Draft("toss", ((1, said),), mark_toss(tie))


def _second(story: Story) -> Draft | None:
    holders = {p.party for p in keys(story)}
    rest = [p for p in story.parties if p.party not in holders and p.decisiveness.mean >= WEAK]
    names, said = story.names, list[tuple[int, Clause]]()
    told = {*holders}
    if holders and rest:
        first = rest[0]
        told.add(first.party)
        said.append((1, _comes_second(story, first, rest[1:])))
    others = [a for a in stoppers(story) if a not in told]
    if holders and others:
        said.append((2, _sentence(f"{listed(map(names.brief, others), most=2)} can stop it too")))
    return Draft("second", tuple(said), mark_second(story)) if said else None


def _comes_second(story: Story, party: RankedParty, others: list[RankedParty]) -> Clause:
    names, who = story.names, story.names.brief(party.party)
    near = [names.brief(p.party) for p in others if party.decisiveness.mean - p.decisiveness.mean <= ALIKE]
    if near:
        return _sentence(f"{listed(sorted([who, *near]))} come next, none clearly before the other")
    comes, its = names.agree(party.party, "comes", "come"), names.they(party.party, "its", "their")
    places = story.yes_and_no(party)
    if places is None:
        return _sentence(f"{who} {comes} second")
    yes_words, no_words = _answers_of(story, party)
    tries = " tries" if story.attempt else " cases"
    yes = story.share(places[0], story.given(f"{who} {yes_words}"), of=tries, small=False)
    no = story.share(places[1], story.given(f"{who} {no_words}"))
    fork = story.fork(party.party) is not None
    with_, against = (f"after {its} yes", f"after {its} no") if fork else (f"with {its} backing", f"against {its} will")
    return _sentence(f"{who} {comes} second: {with_}, success in ", yes, f"; {against}, in ", no)


# --- how long, on whose word, what would change it --------------------------------------------------------------------


def plan_form(story: Story) -> tuple[int, TruceForm] | None:
    """The form of presence that success builds, with its place among the forms; the likeliest where there are several."""
    section, goal = story.answers.truce, story.answers.goals[0]
    if section is None:
        return None
    chance = {o.name: (o.presupposed or o.probability).mean for o in story.answers.outcomes}
    weight: dict[str, float] = {}
    for outcome, form in story.answers.run.presence.items():
        if form != "none" and outcome not in goal.missed_in:
            weight[form] = weight.get(form, 0.0) + chance.get(outcome, 0.0)
    if not weight:
        return None
    form = min(weight, key=lambda f: (-weight[f], f))
    return next(((i, f) for i, f in enumerate(section.forms) if f.form == form and f.consented), None)


def _hold(story: Story) -> Draft | None:
    section, found = story.answers.truce, plan_form(story)
    if section is None or found is None:
        return None
    none = next((i for i, f in enumerate(section.forms) if f.form == "none"), None)
    year = next((i for i, h in enumerate(found[1].hold) if h.month == 12), None)
    if none is None or year is None:
        return None
    form, given = story.names.brief_form(found[1].form), "there is a truce"
    place = pointer("truce", "forms", found[0], "hold", year, "holds")
    held = story.share(place, f"{given}, with {form}", of=" cases", small=False)
    without = next(i for i, h in enumerate(section.forms[none].hold) if h.month == 12)
    bare = story.share(pointer("truce", "forms", none, "hold", without, "holds"), f"{given}, with no presence")
    said = [(0, _sentence(f"with {form}, a truce lasts a year in ", held, "; without, in ", bare))]
    past = next((i for i, r in enumerate(section.base_rates) if r.question == PAST_TRUCES and r.n), None)
    if past is not None:
        n, k = (story.number(pointer("truce", "base_rates", past, key), per=1) for key in ("n", "k"))
        said.append((3, _sentence("of ", Clause(n.said, (n,)), " past truces, ", Clause(k.said, (k,)), " did")))
    return Draft("hold", tuple(said), mark_hold(found[1]))


PAST_TRUCES = "the truce held 12 months, of all with a truce"


def _rests(story: Story) -> Draft | None:
    e, run, names = story.answers.evidence, story.answers.run, story.names
    judged, total = (story.number(pointer("evidence", key), per=1) for key in ("judged", "total"))
    numbers: list[Clause | str] = [Clause(judged.said, (judged,)), " of ", Clause(total.said, (total,))]
    if e.judged == e.total:
        numbers = ["all ", Clause(total.said, (total,))]
    numbers += [f" {plural(e.total, 'number')} {'is' if e.judged == 1 else 'are'} judgement"]
    if not e.claims:
        return Draft("rests", ((0, _sentence("this rests on the analyst's word alone: ", *numbers)),))
    words: list[Clause | str] = [f"this rests on {count(len(e.sources), 'document')}"]
    if e.unnamed_origins:
        unnamed = story.number(pointer("evidence", "unnamed_origins"), per=1)
        words += [" and ", Clause(unnamed.said, (unnamed,)), f" unnamed {plural(e.unnamed_origins, 'source')}"]
    silent = [names.brief(a) for a in run.voiceless if a != run.owner]
    if silent:
        several = len(silent) > 1 or silent[0] in map(names.brief, run.short.plural)
        words.append(f"; {listed(sorted(silent))} {'have' if several else 'has'} no voice in it")
    return Draft("rests", ((1, _sentence(*words, "; ", *numbers)),))


def _change(story: Story) -> Draft | None:
    change = story.answers.change
    if not change.swings:
        return None
    i, most = max(enumerate(change.swings), key=lambda pair: (abs(pair[1].swing), pair[1].quantity))
    if abs(most.swing) < WEAK:
        said = "no single number, moved over its whole range, changes success much"
        return Draft("change", ((1, _sentence(said)),), mark_change(story))
    hangs, ends = _lever(story, i, most)
    return Draft("change", ((1, hangs), (2, ends)), mark_change(story))


def _lever(story: Story, i: int, most: Swing) -> tuple[Clause, Clause]:
    label = most.label or story.names.quantity(most.quantity)
    given = story.given(f"{label} at {{}} of its range", attempted=False)
    low, high = (
        story.number(pointer("change", "swings", i, end), given=given.format(word))
        for end, word in (("at_low", "the low end"), ("at_high", "the high end"))
    )
    held = "presupposed" if story.answers.goals[0].presupposed is not None else "probability"
    now = story.number(pointer("goals", 0, held, "mean"), given=story.given(attempted=False))
    suppose, cases = story.cases
    said = f" of 100{cases} as judged, hangs most on “{capital(label)}”"
    ends = "at its low end it is ", Clause(low.said, (low,)), ", at its high end ", Clause(high.said, (high,))
    return _sentence(f"{suppose}success, ", Clause(now.said, (now,)), said), _sentence(*ends)


def _fixed(_: Story) -> Draft:
    return Draft("fixed", ((0, Clause(FIXED_LINE)),))
