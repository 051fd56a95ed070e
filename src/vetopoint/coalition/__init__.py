"""Coalition and consent: who joins under what, who can be done without, and what the members could agree on.

Everything works on its own, arrays in and arrays out, and from a case.
"""

from vetopoint.coalition.agreement import issue_functions
from vetopoint.coalition.challenging import challenge
from vetopoint.coalition.checks import problems
from vetopoint.coalition.consent import CoalitionTables, Consent, tables
from vetopoint.coalition.corpus import deu_table, evaluate_deu
from vetopoint.coalition.power import VotingRule, power_indices
from vetopoint.coalition.reporting import section
from vetopoint.coalition.settlement import nash

__all__ = [
    "CoalitionTables",
    "Consent",
    "VotingRule",
    "challenge",
    "deu_table",
    "evaluate_deu",
    "issue_functions",
    "nash",
    "power_indices",
    "problems",
    "section",
    "tables",
]
