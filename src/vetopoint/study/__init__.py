"""What a person does with a case: open, check, run, read, trace, begin anew, keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = [
    "Study",
    "check",
    "checks",
    "export_game",
    "new_case",
    "open_evidence",
    "open_study",
    "play",
    "run",
    "run_study",
    "trace",
    "variants",
]

if TYPE_CHECKING:
    from vetopoint.study.beginning import new_case
    from vetopoint.study.checking import check, checks
    from vetopoint.study.folder import open_evidence
    from vetopoint.study.plausible import play, variants
    from vetopoint.study.project import export_game, open_study, run, run_study, trace
    from vetopoint.study.sources import Study
else:

    def __getattr__(name: str) -> object:
        """Import a public name when it is first asked for, so that reading texts does not load what runs a case."""
        from importlib import import_module

        homes = {
            "new_case": "beginning",
            "check": "checking",
            "checks": "checking",
            "Study": "sources",
            "open_evidence": "folder",
            "play": "plausible",
            "variants": "plausible",
        }
        if name not in __all__:
            raise AttributeError(f"module 'vetopoint.study' has no attribute {name!r}")
        return getattr(import_module(f"vetopoint.study.{homes.get(name, 'project')}"), name)
