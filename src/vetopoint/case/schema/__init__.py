"""The words of a case file, as frozen models: what may be written, of what type, and what it means.

A *spec* is whatever stands for an uncertain number: a number, a distribution (``pert(1, 2, 4)``), a word of
probability (``very likely``), the name of a quantity, or arithmetic over quantities.
"""

from vetopoint.case.decision import Decision as Decision
from vetopoint.case.part import Condition as Condition
from vetopoint.case.part import Meaning as Meaning
from vetopoint.case.part import Moment as Moment
from vetopoint.case.part import Name as Name
from vetopoint.case.part import Part as Part
from vetopoint.case.part import PathText as PathText
from vetopoint.case.part import Real as Real
from vetopoint.case.part import Span as Span
from vetopoint.case.part import Spec as Spec
from vetopoint.case.part import Text as Text
from vetopoint.case.part import Whole as Whole
from vetopoint.case.part import default as default
from vetopoint.case.plausible import Expectation as Expectation
from vetopoint.case.plausible import Variant as Variant
from vetopoint.case.schema.coalition import STANCES as STANCES
from vetopoint.case.schema.coalition import Body as Body
from vetopoint.case.schema.coalition import CoalitionRules as CoalitionRules
from vetopoint.case.schema.coalition import Event as Event
from vetopoint.case.schema.coalition import Issue as Issue
from vetopoint.case.schema.coalition import Joins as Joins
from vetopoint.case.schema.coalition import Majority as Majority
from vetopoint.case.schema.coalition import Member as Member
from vetopoint.case.schema.coalition import Stance as Stance
from vetopoint.case.schema.evidence import Actor as Actor
from vetopoint.case.schema.evidence import Origin as Origin
from vetopoint.case.schema.evidence import Quantity as Quantity
from vetopoint.case.schema.evidence import SourceRef as SourceRef
from vetopoint.case.schema.file import CaseFile as CaseFile
from vetopoint.case.schema.file import Short as Short
from vetopoint.case.schema.file import VetoTest as VetoTest
from vetopoint.case.schema.file import case_schema as case_schema
from vetopoint.case.schema.moves import Move as Move
from vetopoint.case.schema.moves import Payoff as Payoff
from vetopoint.case.schema.moves import Repeat as Repeat
from vetopoint.case.schema.moves import Rounds as Rounds
from vetopoint.case.schema.moves import Term as Term
from vetopoint.case.schema.moves import Threat as Threat
from vetopoint.case.schema.moves import TypeSpec as TypeSpec
from vetopoint.case.schema.presence import Consent as Consent
from vetopoint.case.schema.presence import Form as Form
from vetopoint.case.schema.presence import Line as Line
from vetopoint.case.schema.presence import Observed as Observed
from vetopoint.case.schema.presence import PlanFeatures as PlanFeatures
from vetopoint.case.schema.presence import TruceSettings as TruceSettings
