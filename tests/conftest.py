"""Let tests import `support`; leave the full counts to `make soak`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

# A slow machine is no fault of the code; CI tries the same examples every time, `make soak` new ones.
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None, max_examples=2_000)
settings.load_profile("soak" if os.environ.get("VETOPOINT_SOAK") else "ci")


SITES: dict[str, bool] = {}


def noted(reduce: Callable[[Iterable[object]], bool]) -> Callable[[Iterable[object]], bool]:
    """`all` or `any`, as test modules see it; notes whether it ever had something to look at."""

    def noting(items: Iterable[object]) -> bool:
        caller = sys._getframe(1)
        while caller.f_code.co_name.startswith("<") and caller.f_back is not None:
            caller = caller.f_back
        site = f"{caller.f_code.co_filename}:{caller.f_lineno}"
        seen = list(items)
        SITES[site] = SITES.get(site, False) or bool(seen)
        return reduce(seen)

    return noting


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for site in nothing_seen():
        terminalreporter.write_line(f"EMPTY {site}: `all` or `any` of nothing in every test that came here", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail if an `all(…)` or `any(…)` never saw anything: of nothing all is true and none, so that such a test cannot fail."""
    if nothing_seen() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def nothing_seen() -> list[str]:
    return sorted(site for site, some in SITES.items() if not some)


#: Parts of the unit tests that take a corpus, another process or a whole run; `make quick` leaves them out.
SLOW = (
    "unit/cli",
    "unit/study",
    "unit/tools",
    "unit/test_kernel",
    "unit/test_budget",
    "unit/test_room_changes",
    "unit/chain/test_chain_presence_case",
    "unit/chain/test_chain_relabelling",
    "unit/chain/test_chain_expectations",
    "unit/chain/test_chain_deciding",
    "unit/case/test_case_faults",
    "unit/case/test_case_vocabulary",
    "unit/case/test_case_registry",
    "unit/game/test_game_edges",
    "unit/evidence/test_evidence_hostile",
    "unit/evidence/test_evidence_reader.py",
    "unit/evidence/test_evidence_reader_reading",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.as_posix().partition("/tests/")[2].startswith(SLOW):
            item.add_marker("slow")
    for module in {item.getparent(pytest.Module) for item in items}:
        if module is not None:
            module.obj.all, module.obj.any = noted(all), noted(any)
    if os.environ.get("VETOPOINT_SOAK"):
        return
    skip = pytest.mark.skip(reason="full counts run by `make soak`")
    for item in items:
        if item.get_closest_marker("soak") is not None:
            item.add_marker(skip)
