"""Who joins, who wavers, and what the members could agree on."""

from collections.abc import Iterator

from vetopoint.answers import Answers, CoalitionSection, ConcedingAnswer, ConsistentExpectations, IssueAnswer
from vetopoint.view.names import Names, shortened, spoken
from vetopoint.view.numbers import count, listed, number, percent, percent_band, points_band
from vetopoint.view.sentences._base import Sentence


def coalition_sentences(answers: Answers, names: Names) -> Iterator[Sentence]:
    """Say whether the coalition comes together, who concedes what, who is pivotal, what holds it, what is in dispute."""
    section = answers.coalition
    if section is None:
        yield Sentence("The case declares no members, so who joins is not modelled.", aside=True)
        return
    if section.situations:
        yield from _quorum(section, names)
    if section.conceding is not None:
        yield Sentence(conceding(section.conceding, len(section.members)), "erosion")
    yield from _pivotal(section)
    yield Sentence(_cohesion(section), "members")
    yield from (Sentence(_issue(i), f"issue-{i.name}") for i in section.issues)
    given = answers.run.presupposes
    yield from (Sentence(_weighs(i, names, given), f"issue-{i.name}") for i in section.issues if i.weighs)
    if answers.expectations is not None:
        yield Sentence(_consistent(answers.expectations, answers.goals[0].name, names), "expectations")
    else:
        yield from _expectations(section)


def _quorum(section: CoalitionSection, names: Names) -> Iterator[Sentence]:
    met = [s for s in section.situations if s.met] or section.situations
    ranked = sorted(met, key=lambda s: -s.quorum.mean)
    places = [f"{percent_band(s.quorum)} under “{names.situation(s.label, s.facts)}”" for s in ranked]
    words = f"{section.actor_label} reaches what it needs in {places[0]}"
    if len(ranked) > 1:
        words += f", and in {places[-1]}"
    yield Sentence(words, "quorum")
    risk = section.cohesion.coordination_risk
    if risk.mean >= 0.005:
        words = (
            f"{points_band(risk).lstrip('+')} of that depend on who expects what of the others (coordination risk: "
            "the best less the worst that members may expect of each other)"
        )
        yield Sentence(words, "quorum")


_PROGRAM = "by the program, whose judgement the rate is"
_DRIFTED = {"program": _PROGRAM, "case": "as the case declares", "both": f"as the case declares and {_PROGRAM}"}


def conceding(c: ConcedingAnswer, members: int) -> str:
    """Say how many concede the dependency, and whether that is reported or assumed; an assumed number is no finding."""
    reports = count(c.named + c.unnamed, "report")
    if c.unnamed:
        none = "which does not name" if c.unnamed == 1 else "none of which names"
        reports += f", {none if not c.named else f'{c.unnamed} without naming'} whom it speaks of"
    who = "the members"
    if 0 < c.known < members:
        who = f"the {count(c.known, 'member')} of whom it is known ({members - c.known} unknown)"
    basis = "assumed by the case, prompted by" if c.judged else "reported, in"
    words = f"{basis} {reports}: {percent_band(c.stated or c.share)} of {who} concede that the plan depends on consent"
    if c.drift != "none":
        words += f"; drifted {_DRIFTED[c.drift]}, that is {percent_band(c.share)} when the members decide"
    return words


def _pivotal(section: CoalitionSection) -> Iterator[Sentence]:
    byname = {d.party: d.label for d in section.decisiveness} | {m.name: m.label for m in section.members}
    clauses = [d.label for d in section.decisiveness if d.by_clause]
    if clauses:
        words = f"by clause the coalition cannot go ahead without {listed(clauses)}, whatever the others do"
        yield Sentence(words, "weight")
    if section.pivotal:
        facts = {d.party for d in section.decisiveness if d.kind == "fact"}
        ranked = sorted(
            section.pivotal, key=lambda n: n not in facts
        )  # what a veto rests on is never among “two others”
        who = listed((byname.get(n) or spoken(n) for n in ranked), most=max(5, len(facts & set(ranked))))
        words = f"pivotal for its quorum (threshold {percent(section.threshold)}; in every smallest unlock set, or blocking alone): {who}"
        yield Sentence(words, "weight")


def _cohesion(section: CoalitionSection) -> str:
    c = section.cohesion
    byname = {m.name: m.label for m in section.members}
    words = (
        f"Over all situations by weight it reaches what it needs in {percent_band(c.quorum)}, and would still after the exit of one "
        f"member picked at random in {percent_band(c.survives_one_exit)}"
    )
    if c.weakest in byname:
        words += f"; {byname[c.weakest]} stands closest to leaving"
    cascade = c.largest_cascade_size
    if c.largest_cascade in byname and cascade is not None and cascade.mean >= 0.1:
        words += f"; the exit of {byname[c.largest_cascade]} takes {cascade.mean:.1f} others with it on average"
    return words


def _issue(issue: IssueAnswer) -> str:
    label = issue.label or spoken(issue.name)
    words = f"On “{label}” the members stand {number(issue.spread.mean)} of 100 points apart (weighted spread)"
    if issue.agreed_if:
        words += f"; the declared condition for agreement holds in {percent_band(issue.agreed)}"
    none = max((m.none for m in issue.models), default=0.0)
    if none:
        words += f"; in {percent(none)} of draws every settlement leaves somebody worse off than no agreement"
    return words


def _weighs(issue: IssueAnswer, names: Names, given: str) -> str:
    """Say what it does to the goals whether an issue is agreed."""
    lead, *others = issue.weighs
    words = (
        f"Were “{shortened(issue.label) or spoken(issue.name)}” agreed in every draw, “{names.goal(lead.goal)}” would have "
        f"{percent_band(lead.agreed)}, and were it agreed in none {percent_band(lead.disputed)}"
    )
    words += f", given {names.condition(given)}" if given else ""
    rest = [f"“{names.goal(w.goal)}” {percent(w.agreed.mean)} and {percent(w.disputed.mean)}" for w in others]
    return f"{words} (all else as drawn, on {lead.draws:,} draws{'; ' + listed(rest) if rest else ''})"


def _expectations(section: CoalitionSection) -> Iterator[Sentence]:
    off = [(abs(e.gap.mean), e) for e in section.expectations if e.gap is not None and abs(e.gap.mean) >= 0.05]
    if not off:
        return
    byname = {m.name: m.label for m in section.members}
    _, worst = max(off, key=lambda pair: pair[0])
    words = (
        f"{byname.get(worst.member, spoken(worst.member))} commits expecting “{spoken(worst.fact)}” with {percent_band(worst.expected)}, "
        f"while the game gives {percent_band(worst.solved or worst.expected)}"
    )
    yield Sentence(words, aside=True)


def _consistent(found: ConsistentExpectations, goal: str, names: Names) -> str:
    """Say where expectations end that come true, from both ends."""
    ends = [percent_band(e.goals[goal]) for e in found.ends if goal in e.goals]
    if found.unique or len(ends) < 2:
        words = "members who commit early expect what then comes true, wherever they begin: "
        words += f"“{names.goal(goal)}” {ends[0]}"
    else:
        words = (
            f"what members who commit early expect decides: beginning from none, “{names.goal(goal)}” has {ends[0]}, "
            f"beginning from certainty {ends[-1]}"
        )
    settled = all(e.settled for e in found.ends)
    return words if settled else f"{words}; not every search settled, expectations chase each other there"
