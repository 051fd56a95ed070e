"""What they say, what we find: each leading claim in its own words, the figure that bears on it, and whether the two agree.

A verdict is computed from the printed figures by one rule for each kind of claim, and its reason says which figure it rests on:

- *requires*, *can stop it*: agrees if, once asked, a no leaves at most a fifth of what a yes leaves; differs if it leaves at least half. Where even a
  yes leaves under a quarter there is nothing to stop, and nothing can be told.
- *would answer with harm*: agrees if the threat, made and defied, is carried out in at least half; differs if in at most a quarter.
- *something else instead*: agrees if that is what most plans end in that do not succeed after a no; differs if under a quarter do.
- *is worth*: by the truce engine's verdict on symbol and practice; *not settled* there cannot be told here.
- a position of an actor that moves: agrees if it takes that side in at least half, differs if in at most a quarter.

Whatever bears on nothing that is computed cannot be told, and says why. What a text denies turns the verdict round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vetopoint.answers import Answers, ChainLink, ClaimAnswer, Dependence, Fork, ForkBranch
from vetopoint.view.names import Names, shortened
from vetopoint.view.numbers import capital, count, in_words, listed, months, points
from vetopoint.view.pages._page import Compared, Page, Said
from vetopoint.view.pages._reach import Reach, reach_of
from vetopoint.view.pages._words import of_hundred
from vetopoint.view.sentences.evidence import condition_phrase
from vetopoint.view.tables import Link

AGREES, DIFFERS, OPEN = "agrees", "differs", "cannot tell"
_TURNED = {AGREES: DIFFERS, DIFFERS: AGREES, OPEN: OPEN}
_YES = ("AGREE", "CONSULT", "SUPPORT", "COOPERATE")
_NO = ("DEMAND", "DISAPPROVE", "REJECT", "THREATEN")


@dataclass(frozen=True)
class Found:
    """What bears on a claim: our figure in a sentence, the verdict, and why."""

    figure: str
    verdict: str
    reason: str

    def turned(self) -> Found:
        """The same for a claim that denies it."""
        return Found(self.figure, _TURNED[self.verdict], self.reason)


def page(answers: Answers, names: Names) -> Page | None:
    """The page, or none where the case has no claims."""
    claims = answers.evidence.claims
    rows = _rows(answers, names)
    if not rows:
        return None
    by = {v: sum(row.verdict == v for row in rows) for v in (AGREES, DIFFERS, OPEN)}
    words = {AGREES: "agrees with", DIFFERS: "differs on", OPEN: "cannot tell on"}
    told = listed(f"{words[v]} {'all' if n == len(rows) > 1 else in_words(n)}" for v, n in by.items() if n)
    shown = {link.to for row in rows for voice in row.said for link in voice.words}
    left = len(claims) - len(shown)
    tail = (
        f"{capital(count(left, 'further claim'))} {'state' if left != 1 else 'states'} facts or repeat others."
        if left
        else ""
    )
    return Page(
        "claims",
        "What they say, what we find",
        f"Of {count(len(rows), 'thing')} that sources say, the case {told}",
        compared=tuple(rows),
        tail=tuple(
            filter(
                None,
                (tail, "“Agrees” never means that a claim is true: only that the case, as judged, comes to the same."),
            )
        ),
        more=(Link("Every claim in its sentence", "claims"),),
    )


def _rows(answers: Answers, names: Names) -> list[Compared]:
    """The leading claims, those that say the same of the same together."""
    groups: dict[tuple[object, ...], tuple[Found, list[ClaimAnswer]]] = {}
    for claim in answers.evidence.claims:
        for part, found in _bearing(claim, answers, names):
            key = (part, found.verdict, found.figure)
            groups.setdefault(key, (found, []))[1].append(claim)
    first = {AGREES: 0, DIFFERS: 0, OPEN: 1}
    ranked = sorted(groups.values(), key=lambda group: first[group[0].verdict])
    return [_row(found, claims, answers, names) for found, claims in ranked]


def _row(found: Found, claims: list[ClaimAnswer], answers: Answers, names: Names) -> Compared:
    fed = {name for claim in claims for name in claim.supports}
    reason = found.reason
    if fed and found.verdict != OPEN:
        reason += f" Not independent: the same words prompted {count(len(fed), 'number')} of the case."
    return Compared(tuple(_said(claims, answers)), found.figure, found.verdict, reason)


def _said(claims: list[ClaimAnswer], answers: Answers) -> Iterator[Said]:
    """The claims by who says so, in their own words: in marks only where the text is the original, and with their "if"."""
    summaries = {s.id for s in answers.evidence.sources if s.kind == "summary"}
    voices: dict[tuple[str, bool], list[Link]] = {}
    for claim in claims:
        summary = claim.source in summaries
        words = capital(" … ".join(" ".join(piece.split()) for piece in claim.words))
        condition = condition_phrase(claim, answers.evidence.claims)
        told = f"{words if summary else f'“{words}”'}{f', {condition}' if condition else ''}"
        voices.setdefault((_voice(claim), summary), []).append(Link(told, f"claim-{claim.id}"))
    for (says, summary), links in voices.items():
        yield Said(says, tuple(links), "as summarised by the case’s authors" if summary else "")


def _voice(claim: ClaimAnswer) -> str:
    *through, last = claim.chain or (ChainLink(name="Nobody named", kind="unknown"),)
    says = f"{last.name}{' (unnamed)' if last.kind == 'unnamed' else ''}"
    return capital(f"{says}, through {listed(link.name for link in reversed(through))}" if through else says)


def _bearing(claim: ClaimAnswer, answers: Answers, names: Names) -> Iterator[tuple[object, Found]]:
    """What bears on a claim, part by part, with a key by which like parts are put together; nothing for a bare statement of fact."""
    for part in claim.depends:
        found = _KINDS[part.kind](part, answers, names)
        like = {"requires": "veto", "risk": part.what}.get(part.kind, part.kind)
        yield (like, part.actor), found if part.holds else found.turned()
    if claim.depends:
        return
    if claim.kind == "position":
        yield ("position", claim.about, claim.act, claim.id), _position(claim, answers, names)
    elif claim.kind == "assessment":
        yield ("assessment", claim.id), _assessment(answers, names)


def _stopping(part: Dependence, answers: Answers, names: Names) -> Found:
    """Whether the plan needs an actor's yes: what is reached on its yes and on its no."""
    who = names.brief(part.actor) if part.actor else "nobody in particular"
    reach = reach_of(answers, part.actor, names)
    if reach is None:
        return Found("No figure.", OPEN, f"{capital(who)} makes no move in the case that bears on the plan.")
    yes, no = reach.answer
    figure = f"{reach.on_what}: {of_hundred(yes)} succeed if {who} {names.agree(part.actor, 'says', 'say')} yes, {of_hundred(no)} if no."
    if yes < 0.25:
        return Found(figure, OPEN, "Too little succeeds even with a yes for a no to be what stops it.")
    verdict = AGREES if no <= 0.2 * yes else DIFFERS if no >= 0.5 * yes else OPEN
    said = {
        AGREES: "Hardly anything is left after a no",
        DIFFERS: "Much is left after a no",
        OPEN: "A no costs much and does not stop it",
    }
    return Found(figure, verdict, f"{said[verdict]}{_after_no(reach, names)}.")


def _after_no(reach: Reach, names: Names, most: int = 2) -> str:
    if reach.fork is None:
        return ""
    ends = sorted(_branch(reach.fork, "no").outcomes.items(), key=lambda o: -o[1].mean)
    told = [
        f"{of_hundred(band.mean)} end as “{shortened(names.outcome(name))}”"
        for name, band in ends[:most]
        if band.mean >= 0.05
    ]
    return f": {listed(told)}" if told else ""


def _branch(fork: Fork, side: str) -> ForkBranch:
    return next(b for b in fork.branches if b.side == side)


def _threat(part: Dependence, answers: Answers, names: Names) -> Found:
    who = names.brief(part.actor) if part.actor else "Somebody"
    threat = next((t for t in answers.threats if t.by == part.actor), None)
    chance = threat.credibility.made or threat.credibility.not_made if threat is not None else None
    if threat is None or chance is None:
        return Found("No figure.", OPEN, f"The case declares no threat of {who} that could be tested.")
    figure = f"Defied, {who} carries it out in {of_hundred(chance.mean)}."
    wide = chance.hi - chance.lo > 0.5
    verdict = AGREES if chance.mean >= 0.5 else DIFFERS if chance.mean <= 0.25 else OPEN
    spans = (
        f" Under the inputs thought possible that runs from {of_hundred(chance.lo)} to {of_hundred(chance.hi)}."
        if wide
        else ""
    )
    why = {
        AGREES: "As judged, harm is the likelier answer.",
        DIFFERS: "As judged, the harm costs it more than being defied.",
        OPEN: "As judged, it might go either way.",
    }
    return Found(figure, verdict, f"{why[verdict]}{spans}")


def _alternative(part: Dependence, answers: Answers, names: Names) -> Found:
    """Whether a plan that gets a no ends in what is said to come instead."""
    what = part.what or "something else"
    forks = next((d.forks for d in answers.decisiveness if d.goal == answers.goals[0].name), ())
    named = _ends_of(what, answers, names)
    if not named or not forks:
        why = f"No end of the case is named as “{what}”, so how often it comes cannot be read off."
        return Found("No figure.", OPEN, why)
    no = _branch(forks[0], "no")
    share = sum(band.mean for name, band in no.outcomes.items() if name in named)
    figure = f"After a no of {names.brief(forks[0].actor)}, {of_hundred(share)} end so."
    verdict = AGREES if share >= 0.5 else DIFFERS if share <= 0.25 else OPEN
    likeliest = max(no.outcomes, key=lambda name: no.outcomes[name].mean)
    return Found(figure, verdict, f"The likeliest end then is “{shortened(names.outcome(likeliest))}”.")


def _ends_of(what: str, answers: Answers, names: Names) -> set[str]:
    """The outcomes in which what a text speaks of stands: where the case has one form besides the plan's own, that form; else by its name."""
    forms = [form.form for form in answers.other_forms]
    if len(forms) > 1:
        forms = [form for form in forms if _same(what, names.form(form))]
    if forms:
        return {outcome for outcome, form in answers.run.presence.items() if form in forms}
    return {o.name for o in answers.outcomes if _same(what, names.outcome(o.name))}


_IDLE = frozenset(["a", "an", "the", "of", "in", "at", "other", "another", "different", "instead"])


def _same(what: str, label: str) -> bool:
    """Whether a label names what a text speaks of: it holds every word of the text that carries meaning."""
    words = set(re.findall(r"\w+", what.lower())) - _IDLE
    held = set(re.findall(r"\w+", label.lower()))
    return bool(words) and words <= held


def _value(part: Dependence, answers: Answers, names: Names) -> Found:
    """What the plan is worth, and as what: the verdict on symbol and practice, which a denial of an effect shares."""
    if answers.truce is None or not answers.truce.symbol:
        return Found("No figure.", OPEN, "What the plan would do once it stands is not computed in this case.")
    v = answers.truce.symbol[0]
    lift, share = v.practical_lift.points, v.symbolic_share_of_worth
    figure = f"It changes the chance to hold {months(v.month)} by {points(lift.mean)}"
    figure += f"; {of_hundred(share.mean)} parts of its worth are judged to be symbol." if share is not None else "."
    if v.verdict == "not settled":
        why = f"The effect runs from {points(lift.lo)} to {points(lift.hi)}, so that neither symbol nor practice is settled."
        return Found(figure, OPEN, why)
    symbolic = Found(
        figure,
        AGREES if v.verdict == "symbolic" else DIFFERS,
        f"The verdict on “{names.short_form(v.form)}” is {v.verdict}.",
    )
    return symbolic if part.holds else symbolic.turned()


def _risk(part: Dependence, answers: Answers, names: Names) -> Found:
    what = part.what or "it"
    return Found(
        "No figure.", OPEN, f"The case computes nothing that “{what}” would change; the words only prompted numbers."
    )


def _position(claim: ClaimAnswer, answers: Answers, names: Names) -> Found:
    forks = next((d.forks for d in answers.decisiveness if d.goal == answers.goals[0].name), ())
    fork = next((f for f in forks if f.actor == claim.about), None)
    side = "yes" if claim.act in _YES else "no" if claim.act in _NO else ""
    if fork is None or not side:
        return Found("No figure.", OPEN, "Whoever takes this position makes no move of its own in the case.")
    chance = _branch(fork, side).chance.mean
    verdict = AGREES if chance >= 0.5 else DIFFERS if chance <= 0.25 else OPEN
    said = {"yes": "says yes", "no": "says no"}[side]
    found = Found(
        f"{names.brief(fork.actor)} {said} in {of_hundred(chance)} once asked.",
        verdict,
        "That is the side it takes most often." if verdict == AGREES else "It more often takes the other side.",
    )
    return found if claim.polarity > 0 else found.turned()


def _assessment(answers: Answers, names: Names) -> Found:
    lead = answers.goals[0]
    chance = lead.presupposed or lead.probability
    return Found(
        f"{capital(of_hundred(chance.mean))} plans succeed.", OPEN, "Its words give no number to hold against ours."
    )


_KINDS: dict[str, Callable[[Dependence, Answers, Names], Found]] = {
    "requires": _stopping, "veto": _stopping, "threat": _threat, "alternative": _alternative, "value": _value, "risk": _risk,
}  # fmt: skip
