"""What a text says of a plan: who has a part in it, who proposes, who must agree, who threatens, what would be done instead."""

from vetopoint.evidence.plans.heading import headed
from vetopoint.evidence.plans.parties import Parties, parties_of
from vetopoint.evidence.plans.signs import Sign, signs_of
from vetopoint.evidence.plans.telling import Remembering, Telling, tell

__all__ = ["Parties", "Remembering", "Sign", "Telling", "headed", "parties_of", "signs_of", "tell"]
