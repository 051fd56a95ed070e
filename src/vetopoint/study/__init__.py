"""What a person does with a case: open, check, run, read, trace, begin anew, keep."""

from vetopoint.study.export import export_game
from vetopoint.study.new import new_case
from vetopoint.study.project import DRAWS, SEED, Study, check, checks, open_study, run, run_study
from vetopoint.study.trace import Trace, trace

__all__ = [
    "DRAWS", "SEED", "Study", "Trace", "check", "checks", "export_game", "new_case", "open_study", "run",
    "run_study", "trace",
]  # fmt: skip
