"""Let tests import `support`; leave the full counts to `make soak`; let several workers test side by side."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from vetopoint.answers import Answers

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(Path(__file__).parent))


# Two workers that each let a library for linear algebra use every processor are slower than one.
if "PYTEST_XDIST_WORKER" in os.environ:
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# A test of a check makes it, whatever was found before; those of what is remembered name a folder of their own.
os.environ["VETOPOINT_CACHE"] = ""

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


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Take over what a worker's `all` and `any` saw: a site that one saw nothing at may have seen something in another."""
    for site, some in getattr(node, "workeroutput", {}).get("sites", {}).items():
        SITES[site] = SITES.get(site, False) or some


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for site in nothing_seen():
        terminalreporter.write_line(f"EMPTY {site}: `all` or `any` of nothing in every test that came here", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail if an `all(…)` or `any(…)` never saw anything: of nothing all is true and none, so that such a test cannot fail."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["sites"] = SITES
    elif nothing_seen() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def nothing_seen() -> list[str]:
    return sorted(site for site, some in SITES.items() if not some)


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answers]:
    """A bundled case, by name, answered on 256 draws; whichever worker is first leaves what it found to the others, which wait for it."""
    folder = tmp_path_factory.getbasetemp()
    common = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder

    @cache
    def answered(name: str) -> Answers:
        import vetopoint
        from vetopoint.answers import Answers

        kept = common / f"{name}.json"
        with (common / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                vetopoint.run(ROOT / "cases" / name, draws=256, seed=1, out=folder / name)
                (folder / name / "answers.json").replace(kept)
        return Answers.from_json(kept.read_text(encoding="utf-8"))

    return answered


#: Parts of the unit tests that take a corpus, another process or a whole run; `make quick` leaves them out.
SLOW = (
    "unit/cli",
    "unit/study",
    "unit/tools",
    "unit/test_kernel",
    "unit/test_workers",
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
    if "PYTEST_XDIST_WORKER" in os.environ:  # what takes longest first, so that no worker is left with it at the end
        items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    for module in {item.getparent(pytest.Module) for item in items}:
        if module is not None:
            module.obj.all, module.obj.any = noted(all), noted(any)
    if os.environ.get("VETOPOINT_SOAK"):
        return
    skip = pytest.mark.skip(reason="full counts run by `make soak`")
    for item in items:
        if item.get_closest_marker("soak") is not None:
            item.add_marker(skip)
