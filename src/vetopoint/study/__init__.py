"""What a person does with a case: open, check, run, read, trace, begin anew, keep."""

from vetopoint.study.plausible import play, variants
from vetopoint.study.project import Study, check, checks, export_game, new_case, open_study, run, run_study, trace

__all__ = [
    "Study",
    "check",
    "checks",
    "export_game",
    "new_case",
    "open_study",
    "play",
    "run",
    "run_study",
    "trace",
    "variants",
]
