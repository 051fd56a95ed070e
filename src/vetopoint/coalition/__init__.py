"""Coalition and consent: who joins under what, who can be done without, and what the members could agree on.

Everything works on its own, arrays in and arrays out, and from a case.
"""

from vetopoint.coalition.challenging import challenge
from vetopoint.coalition.checks import problems
from vetopoint.coalition.consent import CoalitionTables, Consent, tables
from vetopoint.coalition.corpus import deu_table, evaluate_deu
from vetopoint.coalition.decisive import Structure, acts_table, forced_table
from vetopoint.coalition.joining import (
    Joining,
    Quorum,
    Rules,
    fixed_points,
    join,
    join_independent,
    join_sampled,
    poisson_binomial,
)
from vetopoint.coalition.power import PowerIndices, VotingRule, known_bodies, known_body, power_indices
from vetopoint.coalition.reporting import section
from vetopoint.coalition.settlement import (
    Mixture,
    exchange,
    leverage,
    nash,
    polarisation,
    spread,
    weighted_mean,
    weighted_median,
)

__all__ = [
    "CoalitionTables",
    "Consent",
    "Joining",
    "Mixture",
    "PowerIndices",
    "Quorum",
    "Rules",
    "Structure",
    "VotingRule",
    "acts_table",
    "challenge",
    "deu_table",
    "evaluate_deu",
    "exchange",
    "fixed_points",
    "forced_table",
    "join",
    "join_independent",
    "join_sampled",
    "known_bodies",
    "known_body",
    "leverage",
    "nash",
    "poisson_binomial",
    "polarisation",
    "power_indices",
    "problems",
    "section",
    "spread",
    "tables",
    "weighted_mean",
    "weighted_median",
]
