"""What is reached on an actor's yes and on its no: one place that says from which stored figures, and on what condition."""

from dataclasses import dataclass

from vetopoint.answers import Answers, DecisivenessAnswer, Fork
from vetopoint.view.names import Names
from vetopoint.view.pages._words import given


@dataclass(frozen=True)
class Reach:
    """P(success) on a yes, as it is and on a no, the condition in words, and the fork that shows what either leads to."""

    yes: float
    now: float
    no: float
    on_what: str
    fork: Fork | None

    @property
    def answer(self) -> tuple[float, float]:
        """What its answer alone leads to, yes and no; where it has none of its own, what wanting or refusing it above all does."""
        if self.fork is None:
            return self.yes, self.no
        goal = {branch.side: branch.goal.mean for branch in self.fork.branches}
        return goal["yes"], goal["no"]


def leading(answers: Answers) -> DecisivenessAnswer | None:
    """Who decides on the leading goal."""
    return next((d for d in answers.decisiveness if d.goal == answers.goals[0].name), None)


def condition(answers: Answers, names: Names) -> str:
    """On what the figures of the keys are conditioned, as the head of a sentence."""
    found = leading(answers)
    if found is not None and found.asked is not None:
        return "Once the plan is tried"
    presupposed = given(answers, names)
    return presupposed[:1].upper() + presupposed[1:] if presupposed else "As the case stands"


def reach_of(answers: Answers, actor: str, names: Names) -> Reach | None:
    """What an actor's yes and no lead to; none where it is not among those whose yes and no are compared."""
    found = leading(answers)
    if found is None:
        return None
    fork = next((f for f in found.forks if f.actor == actor), None)
    head = condition(answers, names)
    if found.asked is not None:
        party = next((p for p in found.asked.parties if p.party == actor and not p.owner), None)
        return None if party is None else Reach(party.on_yes.mean, party.as_it_is.mean, party.on_no.mean, head, fork)
    ranked = next((p for p in found.parties if p.party == actor and not p.owner), None)
    lead = answers.goals[0]
    now = (lead.presupposed or lead.probability).mean
    return None if ranked is None else Reach(now + ranked.unlock.mean, now, now - ranked.block.mean, head, fork)
