"""Sentences made from the numbers by rules that hold for any case.

The words are chosen with care: a *band* is input uncertainty, *judgement* is somebody's, what is *not modelled* is said,
and nothing is ever called by the words of a statistical test.
"""

from vetopoint.answers import Answers
from vetopoint.view.names import Names
from vetopoint.view.sentences._base import Passage
from vetopoint.view.sentences.cautions import FIXED_LINE, cautions, not_computed
from vetopoint.view.sentences.change import change_sentences
from vetopoint.view.sentences.coalition import coalition_sentences
from vetopoint.view.sentences.evidence import evidence_sentences
from vetopoint.view.sentences.influence import influence_sentences
from vetopoint.view.sentences.outcomes import outcome_sentences
from vetopoint.view.sentences.truce import truce_sentences
from vetopoint.view.sentences.vetoes import owner_sentences, veto_sentences

__all__ = ["FIXED_LINE", "cautions", "not_computed", "passages"]


def passages(answers: Answers, names: Names) -> list[Passage]:
    """Answer the five questions, those that the case asks, in sentences; before them, how likely the plan succeeds."""
    goal = answers.goals[0].name
    stoppers = (
        *veto_sentences(answers, goal, names),
        *owner_sentences(answers, goal, names),
        *influence_sentences(answers, goal, names),
    )
    found = [
        Passage("success", "Does the plan succeed?", tuple(outcome_sentences(answers, names))),
        Passage("vetoes", "Who can stop it, and where?", stoppers),
        Passage("coalition", "Who joins, and what holds them together?", tuple(coalition_sentences(answers, names))),
        Passage("truce", "How long would what it builds hold?", tuple(truce_sentences(answers, names))),
        Passage("change", "What would change the answer?", tuple(change_sentences(answers, names))),
        Passage("evidence", "On whose word?", tuple(evidence_sentences(answers, names))),
    ]
    return [passage for passage in found if passage.sentences]
