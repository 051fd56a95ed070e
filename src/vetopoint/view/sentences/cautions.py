"""What the appendix says before its figures: what they rest on, what nobody should take them for, what was not computed."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from vetopoint.answers import Answers
from vetopoint.view.names import Names
from vetopoint.view.numbers import count, listed, percent, stop
from vetopoint.view.sentences.change import counterexample_sentence, twin_sentences
from vetopoint.view.sentences.evidence import (
    claims_phrase,
    judged_phrase,
    structure_phrase,
    voice_phrase,
)
from vetopoint.view.sentences.outcomes import headline
from vetopoint.view.sentences.truce import resting_on

FIXED_LINE = "These are consequences of stated assumptions, not forecasts."


@dataclass(frozen=True)
class Item:
    """One caution: a head and what is said under it."""

    head: str
    lines: tuple[str, ...]


def cautions(answers: Answers, names: Names) -> list[Item]:
    """Say what the figures are, what they rest on, what is left out, and where they may be wrong."""
    items = [
        Item("The headline, twice", (headline(answers, names).text,)),
        Item("Judgement and evidence", _evidence(answers, names)),
        Item("What a band is", _bands(answers)),
        Item("Not modelled", _left_out(answers)),
        Item("How the games were solved", (_solved(answers),)),
        Item("Structure or judgement (the ignorance twin)", _structure(answers, names)),
        Item("Where it would be wrong", (counterexample_sentence(answers.change.counterexample, names),)),
    ]
    if answers.truce is not None:
        items.insert(3, Item("What the survival figures rest on", tuple(resting_on(answers.truce))))
    if answers.run.warnings:
        items.append(Item("Warnings of the run", tuple(stop(w) for w in answers.run.warnings)))
    return items


def _evidence(answers: Answers, names: Names) -> tuple[str, ...]:
    voice = voice_phrase(answers, names) or "every actor speaks for itself somewhere in the sources"
    said = (judged_phrase(answers), structure_phrase(answers.evidence), claims_phrase(answers), voice)
    return tuple(stop(words) for words in said if words)


def _bands(answers: Answers) -> tuple[str, ...]:
    largest = max((g.probability.mc for g in answers.goals), default=0.0)
    error = "under 0.1 points" if largest < 0.001 else f"about ±{largest * 100:.1f} points"
    run = answers.run
    sampled = (
        f"{run.draws:,} draws leave a sampling error of {error} on the headlines; more draws would shrink it, "
        "they would not narrow a band."
    )
    lines = [
        "A figure in brackets runs from the 5th to the 95th percentile over draws. It shows input uncertainty only: "
        "not that the tree of moves is right, nor that nothing is missing. Where a few draws carry the mean out of it, it is drawn out to the mean.",
        sampled,
    ]
    if run.intervention_draws < run.draws:
        lines.append(
            f"Announced interventions, which solve the game anew, use the first {run.intervention_draws:,} draws; "
            "what else uses fewer is under Methods."
        )
    return tuple(lines)


def _left_out(answers: Answers) -> tuple[str, ...]:
    left = [*answers.run.not_modelled, *answers.run.moments_not_modelled]
    return tuple(map(stop, left)) or ("The case names nothing that it leaves out, which is itself a reason for care.",)


def _solved(answers: Answers) -> str:
    s = answers.run.solver
    words = (
        f"of {s.draws:,} games (one per draw, {count(s.information_sets, 'information set')}, {s.histories:,} histories), "
        f"{percent(s.converged)} converged, {percent(s.folded)} folded (their branch turned back or met another, so that several "
        f"equilibria exist), {percent(s.failed)} failed"
    )
    if s.failed:
        spent = percent(s.out_of_evaluations)
        words += f" ({spent} for want of evaluations, the others because a step became too short)"
    again = s.retrace
    if again is None:
        return stop(words)
    found = f"{count(again.draws, 'draw')} followed once more in short steps: {again.elsewhere} ended elsewhere"
    most = ceil(1000 * again.hi) / 10  # a bound is never rounded down
    said = [words, f"{found}, so that at most {most:g}% of all do (95 % interval)"]
    if s.search is not None:
        said.append(
            f"a search from {s.search.starts} random starts in each of {count(s.search.draws, 'draw')} found more than one "
            f"equilibrium in {percent(s.search.several)} of them (at most {s.search.most}); more may exist"
        )
    return " ".join(map(stop, said))


def _structure(answers: Answers, names: Names) -> tuple[str, ...]:
    structural, judged = twin_sentences(answers, names)
    intro = (
        "The twin is the same tree with symmetric, vague payoffs. What holds there too is due to the order of moves; "
        "what does not is due to judged payoffs."
    )
    if not answers.change.twin:
        return (intro, "No finding was compared in this run.")
    goal = names.goal(answers.goals[0].name)
    lines = [intro]
    for head, found in (("structure", structural), ("judged payoffs", judged)):
        lines += [f"On “{goal}”, due to {head}:", *(f"• {line}" for line in found)] if found else []
    lines.append(f"All {len(answers.change.twin)} findings stand under “What would change the answer”.")
    return tuple(lines)


# --- what was not computed --------------------------------------------------------------------------------------------


def not_computed(answers: Answers, names: Names) -> tuple[str, ...]:
    """Say what was not computed, a sentence each; empty where nothing was left out."""
    parts = (_second_opinion, _flips, _tree, _solver, _replies, _coalition)
    return tuple(stop(words) for part in parts for words in part(answers, names))


def _second_opinion(answers: Answers, _: Names) -> Iterator[str]:
    note = answers.change.stability_note
    if note and not answers.change.stability:
        yield f"the second opinion without numbers (graph model of conflict): {note}"


def _flips(answers: Answers, _: Names) -> Iterator[str]:
    change = answers.change
    if change.swings and not change.tried:
        yield "where the answer flips was not looked for"
    unsettled = sum(t.unsettled for t in change.tried)
    if unsettled:
        yield (
            f"in {count(unsettled, 'case')} the draws suggest a value of a number at which a finding flips, which solving the game again "
            "did not confirm or was not asked to; none of these is called a tipping point"
        )


def _tree(answers: Answers, _: Names) -> Iterator[str]:
    ends = sum(node.probability for node in answers.tree if node.outcome is not None)
    if answers.tree and ends < 1.0 - 1e-6:
        yield (
            f"the picture of the tree is made from the {len(answers.tree):,} likeliest points of the tree of moves; "
            f"what ends elsewhere has {percent(1.0 - ends)} in all, and is part of every figure but not of the picture"
        )


def _solver(answers: Answers, _: Names) -> Iterator[str]:
    solver = answers.run.solver
    if solver.failed > 0:
        yield (
            f"the equilibrium was not reached in {percent(solver.failed)} of {solver.draws:,} games; "
            "what the figures hold for them is no equilibrium"
        )


def _replies(answers: Answers, names: Names) -> Iterator[str]:
    for found in answers.decisiveness:
        if found.unsettled > 0:
            yield (
                f"for “{names.goal(found.goal)}”, who replies to whom did not settle in up to {percent(found.unsettled)} of draws "
                "when actors favour or refuse it above all"
            )


def _coalition(answers: Answers, _: Names) -> Iterator[str]:
    section = answers.coalition
    if section is None:
        return
    if section.decisiveness and all(party.lift is None for party in section.decisiveness):
        yield (
            f"{count(len(section.decisiveness), 'party', 'parties')} of the coalition are too many to tabulate: their Shapley shares, "
            "their part in a failure and the smallest sets of them that unlock or block it"
        )
    # Formal bodies whose voters have no index that looks at every coalition.
    bodies = [f"“{b.label}”" for b in section.bodies if b.members and all(m.johnston is None for m in b.members)]
    if bodies:
        yield f"{listed(bodies)}: voters of too many kinds for the indices of Johnston, Deegan-Packel and Holler"
