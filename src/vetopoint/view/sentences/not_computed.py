"""What a run left out since a size limit, a count of draws or a failure stopped it, read from what the answers record."""

from __future__ import annotations

from collections.abc import Iterator

from vetopoint.answers import Answers, CoalitionSection
from vetopoint.view.names import Names
from vetopoint.view.numbers import count, listed, percent, stop

__all__ = ["not_computed"]


def not_computed(answers: Answers, names: Names) -> tuple[str, ...]:
    """Say what was not computed, a sentence each; empty where nothing was left out."""
    parts = (_second_opinion, _flips, _tree, _solver, _replies, _coalition)
    return tuple(stop(words) for part in parts for words in part(answers, names))


def _second_opinion(answers: Answers, _: Names) -> Iterator[str]:
    note = answers.change.stability_note
    if note and not answers.change.stability:
        yield f"the second opinion without numbers (graph model of conflict): {note}"


def _flips(answers: Answers, _: Names) -> Iterator[str]:
    moved, tried = len(answers.change.swings), len(answers.change.tipping)
    if moved > tried:
        which = ", those that swing it most" if tried else ""
        yield f"where the answer flips was looked for in {tried} of {count(moved, 'number')}{which}"


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
    if bodies := _untold(section):
        yield f"{listed(bodies)}: voters of too many kinds for the indices of Johnston, Deegan-Packel and Holler"


def _untold(section: CoalitionSection) -> list[str]:
    """Formal bodies whose voters have no index that looks at every coalition."""
    return [f"“{b.label}”" for b in section.bodies if b.members and all(m.johnston is None for m in b.members)]
