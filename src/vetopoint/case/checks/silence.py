"""Checks of what a case silences."""

from collections.abc import Iterator

from vetopoint.case.case import Case
from vetopoint.case.checks._complaints import unknown
from vetopoint.case.registry import CHECKS, check
from vetopoint.errors import Problem


@check("silenced-error")
def _silenced_errors(case: Case) -> Iterator[Problem]:
    """A case silences an error, or a warning without a reason."""
    for name, reason in case.file.silence.items():
        if name in CHECKS and CHECKS[name].severity == "error":
            yield case.problem(f"'{name}' is an error: it cannot be silenced", "mend what it finds", "silence", name)
        elif not reason.strip():
            yield case.problem(f"'{name}' is silenced without a reason", "say why", "silence", name)


@check("unknown-silence", stage="registry")
def _unknown_silence(case: Case) -> Iterator[Problem]:
    """A case silences a check that does not exist; asked once every room has added its checks."""
    for name in case.file.silence:
        if name not in CHECKS:
            warnings = [c.id for c in CHECKS.values() if c.severity == "warning"]
            yield unknown(case, "check", name, warnings, "silence", name)
