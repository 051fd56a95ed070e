"""Every model of ``answers.json``: what a run says, as frozen data, and as tables; what others may use is listed here."""

# fmt: off
# isort: off
from vetopoint.answers.change import (
    ChangeSection, ChangedInput, ConsistentExpectations, Counterexample, ExpectationEnd, FindingTried,
    GroupEffect, MethodChange, QuantitySet, StabilityAnswer, StableOutcome, Swing, TippingPoint, TwinFinding,
)
from vetopoint.answers.coalition import (
    AgreementEffect, BlocAnswer, BodyAnswer, BodyMemberAnswer, CoalitionSection, CohesionAnswer, ConcedingAnswer, ConcedingReport,
    ErosionAnswer, EventAnswer, ExitAnswer, ExpectationAnswer, IssueActorAnswer, IssueAnswer, IssueModelAnswer,
    JoinAnswer, MemberAnswer, MemberSetAnswer, SituationAnswer, StanceAnswer,
)
from vetopoint.answers.columns import (
    DrawColumn, DrawTable, draw_columns, parquet_metadata,
)
from vetopoint.answers.comparison import (
    ChangedPart, ComparedFigure, ComparedSide, Comparison, FigureKind, KeyHolder, Share, Unshared, VetoChange,
)
from vetopoint.answers.decisiveness import (
    Asked, AskedParty, CoalitionParty, DecisivenessAnswer, Fork, ForkBranch, KeyAt, RankedParty, Ranking,
    SetAnswer,
)
from vetopoint.answers.discovery import (
    BoxLimit, PairMap, ScenarioBox, ScenarioDiscovery,
)
from vetopoint.answers.document import (
    Answers, RunAnswer,
)
from vetopoint.answers.early import (
    Early, LeadingAnswers, Work,
)
from vetopoint.answers.evidence import (
    ChainLink, ClaimAnswer, Dependence, EvidenceSection, InputAnswer, PieceAnswer, SourceAnswer,
)
from vetopoint.answers.first_page import (
    FirstFork, FirstLine, FirstNumber, FirstPage, ForkEnd, ForkSide, ShortNames,
)
from vetopoint.answers.game import (
    AnticipationAnswer, BeliefAnswer, CredibilityAnswer, GameFindings, GameSection, GoalAnswer, MomentAnswer,
    MomentsAnswer, MoveAnswer, OptionAnswer, OtherForm, OutcomeAnswer, PrecisionAnswer, Refusal, RetraceAnswer,
    Road, RoadStep, SearchAnswer, SolverAnswer, Stopped, StoppedPart, SweepAnswer, ThreatAnswer, Threshold,
    TreeNodeAnswer, VetoPoint,
)
from vetopoint.answers.information import (
    AskedGroup, AskedNumber, DecisionAnswer, OptionWorth, PairShare, SurrogateAnswer, SurrogateFigure,
)
from vetopoint.answers.plausible import (
    ChoiceAnswer, ExpectationHeld, Ignored, NearTie, Plausible, VariantAnswer,
)
from vetopoint.answers.truce import (
    Analogue, BaseRate, Channel, CoverageAnswer, Curve, Driver, Further, Hold, Lift, LineMap, Needed, PriorUsed,
    SeenBy, SymbolVerdict, TruceForm, TruceSection, UnderControls, UpdateAnswer,
)

__all__ = [
    "AgreementEffect", "Analogue", "Answers", "AnticipationAnswer", "Asked", "AskedGroup", "AskedNumber", "AskedParty", "BaseRate",
    "BeliefAnswer", "BlocAnswer", "BodyAnswer", "BodyMemberAnswer", "BoxLimit", "ChainLink", "ChangeSection",
    "ChangedInput", "ChangedPart", "Channel", "ChoiceAnswer", "ClaimAnswer", "CoalitionParty", "CoalitionSection",
    "CohesionAnswer", "ComparedFigure", "ComparedSide", "Comparison", "ConcedingAnswer", "ConcedingReport",
    "ConsistentExpectations", "Counterexample", "CoverageAnswer", "CredibilityAnswer", "Curve", "DecisionAnswer",
    "DecisivenessAnswer", "Dependence", "DrawColumn", "DrawTable", "Driver", "Early", "ErosionAnswer",
    "EventAnswer", "EvidenceSection", "ExitAnswer", "ExpectationAnswer", "ExpectationEnd", "ExpectationHeld",
    "FigureKind", "FindingTried", "FirstFork", "FirstLine", "FirstNumber", "FirstPage", "Fork", "ForkBranch",
    "ForkEnd", "ForkSide", "Further", "GameFindings", "GameSection", "GoalAnswer", "GroupEffect", "Hold",
    "Ignored", "InputAnswer", "IssueActorAnswer", "IssueAnswer", "IssueModelAnswer", "JoinAnswer", "KeyAt",
    "KeyHolder", "LeadingAnswers", "Lift", "LineMap", "MemberAnswer", "MemberSetAnswer", "MethodChange",
    "MomentAnswer", "MomentsAnswer", "MoveAnswer", "NearTie", "Needed", "OptionAnswer", "OptionWorth",
    "OtherForm", "OutcomeAnswer", "PairMap", "PairShare", "PieceAnswer", "Plausible", "PrecisionAnswer",
    "PriorUsed", "QuantitySet", "RankedParty", "Ranking", "Refusal", "RetraceAnswer", "Road", "RoadStep",
    "RunAnswer", "ScenarioBox", "ScenarioDiscovery", "SearchAnswer", "SeenBy", "SetAnswer", "Share", "ShortNames",
    "SituationAnswer", "SolverAnswer", "SourceAnswer", "StabilityAnswer", "StableOutcome", "StanceAnswer",
    "Stopped", "StoppedPart", "SurrogateAnswer", "SurrogateFigure", "SweepAnswer", "Swing", "SymbolVerdict",
    "ThreatAnswer", "Threshold", "TippingPoint", "TreeNodeAnswer", "TruceForm", "TruceSection", "TwinFinding",
    "UnderControls", "Unshared", "UpdateAnswer", "VariantAnswer", "VetoChange", "VetoPoint", "Work",
    "draw_columns", "parquet_metadata",
]
