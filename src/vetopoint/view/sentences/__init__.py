"""Sentences made from the numbers by rules that hold for any case.

The words are chosen with care: a *band* is input uncertainty, *judgement* is somebody's, what is *not modelled* is said,
and nothing is ever called by the words of a statistical test.
"""

from __future__ import annotations

from vetopoint.answers import Answers
from vetopoint.view.names import Names, names_of
from vetopoint.view.sentences._base import Passage, Sentence
from vetopoint.view.sentences.change import change_sentences
from vetopoint.view.sentences.coalition import coalition_sentences
from vetopoint.view.sentences.evidence import evidence_sentences
from vetopoint.view.sentences.first_page import FIXED_LINE, Item, first_page
from vetopoint.view.sentences.influence import (
    anticipation_sentences,
    chain_sentences,
    decisiveness_sentences,
    moment_sentences,
    threat_sentences,
)
from vetopoint.view.sentences.key_figures import KeyFigure, key_figures
from vetopoint.view.sentences.not_computed import not_computed
from vetopoint.view.sentences.outcomes import headline, outcome_sentences
from vetopoint.view.sentences.truce import truce_sentences
from vetopoint.view.sentences.vetoes import owner_sentence, veto_sentences

__all__ = [
    "FIXED_LINE",
    "Item",
    "KeyFigure",
    "Passage",
    "Sentence",
    "first_page",
    "headline",
    "key_figures",
    "not_computed",
    "passages",
]


def passages(answers: Answers, names: Names | None = None) -> list[Passage]:
    """Answer the five questions in sentences, preceded by how likely the plan succeeds."""
    names = names or names_of(answers)
    owner = owner_sentence(answers, names)
    stoppers = [
        *veto_sentences(answers, names),
        *([owner] if owner is not None else []),
        *decisiveness_sentences(answers, names),
        *chain_sentences(answers, names),
        *threat_sentences(answers, names),
        *moment_sentences(answers, names),
        *anticipation_sentences(answers, names),
    ]
    return [
        Passage("success", "Does the plan succeed?", tuple(outcome_sentences(answers, names))),
        Passage("vetoes", "Who can stop it, and where?", tuple(stoppers)),
        Passage("coalition", "Who joins, and what holds them together?", tuple(coalition_sentences(answers, names))),
        Passage("truce", "How long would what it builds hold?", tuple(truce_sentences(answers, names))),
        Passage("change", "What would change the answer?", tuple(change_sentences(answers, names))),
        Passage("evidence", "On whose word?", tuple(evidence_sentences(answers, names))),
    ]
