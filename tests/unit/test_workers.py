"""What the tests promise of themselves they also keep when several workers share them out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT

MODULE = """
import os
import pytest
from support import reference

@pytest.mark.parametrize("items", [[], ()])
def test_nothing_in_any_worker(items):
    assert all(item for item in items)

@pytest.mark.parametrize("items", [[], [1]])
def test_something_in_one_worker(items):
    assert all(item for item in items)

def test_what_is_not_there():
    reference("no/such/file.csv")

@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="alone")
def test_one_processor_each():
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
"""
SHARED = ("-p", "xdist.plugin", "-n", "2", "--dist", "load")


def outcome(folder: Path, *options: str, **env: str) -> tuple[int, str]:
    """Exit code and output of a run of the tests' own machinery over one module."""
    for name in ("conftest.py", "support.py"):
        shutil.copy(ROOT / "tests" / name, folder / name)
    (folder / "test_module.py").write_text(MODULE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    free = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "VETOPOINT", "OPENBLAS"))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pytest.ini", *options]
    done = subprocess.run(
        [*command, "test_module.py"],
        cwd=folder,
        env={**free, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **env},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(("options", "skipped"), [((), 2), (SHARED, 1)], ids=["alone", "shared"])
def test_an_all_that_no_worker_gave_anything_fails_a_run_that_passes(
    tmp_path: Path, options: tuple[str, ...], skipped: int
) -> None:
    code, told = outcome(tmp_path, *options)
    assert f"{6 - skipped} passed, {skipped} skipped" in told
    assert code == pytest.ExitCode.TESTS_FAILED
    assert re.findall(r"EMPTY \S*test_module.py:(\d+)", told) == ["8"]


def test_what_is_required_fails_where_it_is_missing(tmp_path: Path) -> None:
    code, told = outcome(tmp_path, *SHARED, "-k", "not_there", VETOPOINT_REQUIRE="shared")
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "required by VETOPOINT_REQUIRE" in told
    assert "1 failed" in told
