"""How decisive each actor is, whether its threats are meant, and where the plan is lost."""

from collections.abc import Iterator
from dataclasses import dataclass

from vetopoint.answers import Answers, DecisivenessAnswer, MomentsAnswer, RankedParty, Ranking, ThreatAnswer
from vetopoint.view.names import Names, lowered, spoken
from vetopoint.view.numbers import capital, count, level_with, listed, percent, percent_band, points, points_band
from vetopoint.view.sentences._base import Sentence


def influence_sentences(answers: Answers, goal: str, names: Names) -> Iterator[Sentence]:
    """Say who is decisive for a goal, alone and through the chain, which threats are meant, where it is lost."""
    for ranking in (d for d in answers.decisiveness if d.goal == goal):
        yield from (Sentence(words, f"decisiveness-{goal}") for words in _decisiveness(ranking, names))
    if answers.run.presupposes and answers.decisiveness:
        condition = names.condition(answers.run.presupposes)
        yield Sentence(f"Every figure of decisiveness is given {condition}", f"decisiveness-{goal}", aside=True)
    for chain in (d for d in answers.members_decisiveness if d.goal == goal):
        yield from (Sentence(words, f"chain-{goal}") for words in _chain(chain, names))
    condition = names.condition(answers.run.presupposes)
    given = f"given {condition}, " if condition else ""
    yield from (Sentence(capital(f"{given}{_threat(t, goal, names)}"), "threats") for t in answers.threats)
    for lost in (m for m in answers.moments if m.goal == goal and m.failure.mean > 0):
        yield Sentence(capital(f"{given}{_lost(lost, names)}"), f"moments-{goal}")
    yield from _anticipation(answers, goal, names)


def _decisiveness(answer: DecisivenessAnswer, names: Names) -> Iterator[str]:
    """Say who is decisive, if the rule for that word is met, and what each could unlock or block."""
    ranked = sorted((a for a in answer.parties if not a.owner), key=lambda a: -a.decisiveness.mean)
    if ranked:
        yield _verdict(answer, ranked, names)
        yield from (_difference(a, names) for a in ranked[:2] if a.decisiveness.mean > 0.005)
        yield from _sets(answer, names)
        yield from _sampled(answer)


def _verdict(answer: DecisivenessAnswer, ranked: list[RankedParty], names: Names) -> str:
    goal, asked = names.goal(answer.goal), answer.asked
    first, once = answer.leader or ranked[0], "" if asked is None else ", once the plan is attempted,"
    if answer.decisive is not None:
        among = ranked if asked is None else asked.parties
        who = next((a for a in among if a.party == answer.decisive), first)
        return (
            f"{who.label} {names.agree(who.party, 'is', 'are')} decisive for “{goal}”: ranked first by decisiveness{once} in {percent(who.first or 0)} of draws "
            f"among {count(len(ranked), 'ranked actor')}, with a median lead of {_lead(who.lead or 0.0)} "
            "(announced interventions); that is robust to the stated priors, it does not say that the tree is right"
        )
    words = (
        f"No actor is decisive for “{goal}” by this report's rule (first{once} in at least 95% of draws, with a median lead of at least 10 points "
        "or of a third of what its best answer leaves)"
    )
    if first.first is not None:
        words += "; as things stand" if asked is not None else ""
        level = level_with(first, ranked, lambda a: a.first or 0.0, lambda a: lowered(a.label), percent)
        words += f"; {lowered(first.label)} {names.agree(first.party, 'comes', 'come')} first in {percent(first.first)} of draws{level}"
        if first.lead is not None:
            words += f" with a median lead of {_lead(first.lead)}"
        words += f" among {count(len(ranked), 'ranked actor')}"
    return words


def _chain(answer: Ranking, names: Names) -> Iterator[str]:
    """Say who comes first when members stand beside actors and the whole chain replies."""
    first = answer.leader
    if first is None:
        return
    comes, its = names.agree(first.party, "comes", "come"), names.they(first.party, "its", "their")
    words = (
        f"With members beside actors, and everything that follows counted, {lowered(first.label)} {comes} first for “{names.goal(answer.goal)}” in "
        f"{percent(first.first or 0.0)} of draws among {count(len(answer.parties), 'party', 'parties')}, with a median lead of {_lead(first.lead or 0.0)}: "
        f"{points_band(first.decisiveness)} between {its} yes and {its} no"
    )
    meeting = next((p for p in answer.parties if p.party == answer.decisive and p is not first), None)
    who = lowered(meeting.label) if meeting is not None else "that"
    meets = names.agree(meeting.party, "meets", "meet") if meeting is not None else "meets"
    verdict = f"{who} {meets if answer.decisive else 'does not meet'} this report's rule for “decisive”"
    yield f"{words}; {verdict}{'' if answer.asked is None else ', once the plan is attempted'}"
    member = next((p for p in answer.parties if p.kind == "member"), None)
    if member is not None and member is not first:
        between = f"{points_band(member.decisiveness)} between its joining and its staying out"
        members = [p for p in answer.parties if p.kind == "member"]
        level = level_with(member, members, lambda p: p.decisiveness.mean, lambda p: lowered(p.label), points)
        yield f"Of the members, {lowered(member.label)} counts most{level}: {between}"


def _lead(lead: float) -> str:
    return points(lead).lstrip("+")


def _difference(a: RankedParty, names: Names) -> str:
    lost = _Turned(-a.block.mean, -a.block.hi, -a.block.lo)
    return (
        f"If {lowered(a.label)} favoured the goal above all, announced beforehand, its chance would change by {points_band(a.unlock)} (unlock); "
        f"if {names.they(a.party, 'it', 'they')} refused it above all, by {points_band(lost)} (block)"
    )


def _sampled(answer: DecisivenessAnswer) -> Iterator[str]:
    if answer.orders:
        error = max((p.lift.mc for p in answer.parties if p.lift is not None), default=0.0)
        yield (
            f"There are too many actors to try every set of them: the lifts come from {answer.orders} orders in which they might be "
            f"won over, on {count(answer.draws, 'draw')} (standard error up to {100 * error:.1f} points), and sets of more than "
            f"{answer.largest_set} were not searched"
        )


@dataclass(frozen=True)
class _Turned:
    """A band with its sign turned."""

    mean: float
    lo: float
    hi: float


def _sets(answer: DecisivenessAnswer, names: Names) -> Iterator[str]:
    for direction, verb in (("unlock", "favour"), ("block", "refuse")):
        sets = [s for s in answer.sets if s.direction == direction]
        if not sets:
            continue
        where = "above" if direction == "unlock" else "below"
        lead = sets[0]
        test = f"{where} the threshold of {percent(lead.threshold)} in {percent(lead.share_of_draws)} of draws"
        if not lead.actors:
            yield f"with nobody made to {verb} it, the chance is already {test}"
            continue
        who = listed((listed(names.within(a) for a in s.actors) for s in sets), joint="or", most=3)
        are, which = ("set is", "") if len(sets) == 1 else ("sets are", " (the first of them)")
        yield (
            f"the smallest {direction} {are} {who}: if they {verb} the goal above all, "
            f"its chance is {percent_band(lead.probability)}{which}, {test}"
        )


def _threat(t: ThreatAnswer, goal: str, names: Names) -> str:
    words = f"the threat “{t.label or t.name}” of {names.within(t.by)} is made in {percent_band(t.p_made)}"
    if len(t.made_at) > 1:
        words += f" ({listed(f'{percent(p.mean)} at “{names.move(move)}”' for move, p in t.made_at.items())})"
    made, unsaid = t.credibility.made, t.credibility.not_made
    if made is None:
        words += "; it is never both made and defied"
    else:
        words += f"; made and defied, it is carried out in {percent_band(made)}"
        words += f", against {percent_band(unsaid)} where it was not made" if unsaid is not None else ""
    if t.words:
        words += f". {_yielding(t, names)}"
    goal = t.about or goal
    effect = t.effect.get(goal)
    if effect is not None:
        twin = next((label for (_, option), label in names.options.items() if option == t.silent_twin), "")
        words += (
            f". Against the game in which it cannot be told from “{twin or spoken(t.silent_twin)}”, saying it changes "
            f"the chance of “{names.goal(goal)}” by {points_band(effect)}"
        )
    return words


def _yielding(t: ThreatAnswer, names: Names) -> str:
    """Say at which risk the threatened would be indifferent, in the engine's words, with its subject."""
    if t.words.startswith("no more"):
        return capital(t.words)
    if t.words.startswith("no "):
        return f"There is {t.words}"
    if t.words.startswith(("indifferent", "undecided", "would ", "yields ")):
        return f"For {names.within(t.to)}: {t.words}"
    return capital(t.words)


def _lost(answer: MomentsAnswer, names: Names) -> str:
    """Say on whose moves the failure of a goal falls."""
    labels = {"chance": "chance", "start": "the start", "afterwards": "what comes afterwards"}
    shares = {a: b.mean / answer.failure.mean for a, b in sorted(answer.by_actor.items(), key=lambda p: -p[1].mean)}
    parts = [f"{percent(p)} to {labels.get(a) or names.within(a)}" for a, p in shares.items() if p >= 0.005]
    words = (
        f"of the {percent_band(answer.failure)} chance that “{names.goal(answer.goal)}” fails, "
        f"the falls along the histories belong {listed(parts)}"
    )
    deterred: dict[str, float] = {}
    for m in answer.moments:
        if m.deterred_by is not None:
            deterred[m.deterred_by] = deterred.get(m.deterred_by, 0.0) + m.share.mean / answer.failure.mean
    said = [
        f"{percent(p)} by {names.within(a)}" for a, p in sorted(deterred.items(), key=lambda p: -p[1]) if p >= 0.005
    ]
    return f"{words}; of that, never asked since a refusal was expected: {listed(said)}" if said else words


def _anticipation(answers: Answers, goal: str, names: Names) -> Iterator[Sentence]:
    """Say where announcing an option differs most from taking it by surprise."""
    own = [a for a in answers.anticipation if a.goal == goal and abs(a.anticipation.mean) >= 0.01]
    if not own:
        return
    most = max(own, key=lambda a: abs(a.anticipation.mean))
    level = level_with(
        most, own, lambda a: abs(a.anticipation.mean), lambda a: f"“{names.option(a.move, a.option)}”", points
    )
    words = (
        f"Anticipation matters most at “{names.move(most.move)}”{level}: “{names.option(most.move, most.option)}” of "
        f"{names.within(most.actor)}, known before the first move, leaves “{names.goal(most.goal)}” "
        f"{percent_band(most.announced)}, taken by surprise {percent_band(most.surprise)}"
    )
    yield Sentence(words, "options")
