"""One way to compile kernels, and none kept on disk that outlives a change of what it calls or compiles in."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

from vetopoint.kernel import in_order

ROOT = Path(__file__).resolve().parents[2]

OUTER = """
from inner import SHIFT, step
from vetopoint.kernel import kernel

@kernel
def outer(x: float) -> float:
    return step(x) + SHIFT
"""

INNER = """
SHIFT = {shift}

from vetopoint.kernel import kernel

@kernel
def step(x: float) -> float:
    return x + {added}
"""

RUN = "from outer import outer; outer(1.0); hits = sum(outer.stats.cache_hits.values()); print(outer(1.0), hits)"


def run(folder: Path) -> tuple[float, int]:
    """What a process of its own finds; Python's own cache takes two versions of a length, written in one second, for one."""
    env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{folder}", "NUMBA_CACHE_DIR": str(folder / "cache")}
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    done = subprocess.run([sys.executable, "-c", RUN], env=env, check=True, capture_output=True, text=True)
    value, hits = done.stdout.split()
    return float(value), int(hits)


def test_cached_kernels_notice_changes_in_kernels_that_they_call_and_constants_that_they_use(tmp_path: Path) -> None:
    (tmp_path / "outer.py").write_text(OUTER)
    (tmp_path / "inner.py").write_text(INNER.format(added=1.0, shift=0.0))
    assert run(tmp_path) == (2.0, 0)
    assert run(tmp_path) == (2.0, 1)
    (tmp_path / "inner.py").write_text(INNER.format(added=5.0, shift=0.0))
    assert run(tmp_path) == (6.0, 0)
    (tmp_path / "inner.py").write_text(INNER.format(added=5.0, shift=2.0))
    assert run(tmp_path) == (8.0, 0)


HALF = """
from vetopoint.kernel import kernel

@kernel
def half(x):
    return x[0] / 2
"""


def test_processes_that_compile_two_versions_at_once_do_not_get_each_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both look at an empty cache; one is stopped before it writes, and meanwhile the other writes; a third runs what they kept."""
    (tmp_path / "half.py").write_text(HALF)
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path / "cache"))
    one, other, third = (runpy.run_path(str(tmp_path / "half.py"))["half"] for _ in range(3))
    file = one._cache._cache_file
    write = file._save_data

    def stopped(name: str, data: object) -> None:
        assert other(np.array([3])) == 1.5
        write(name, data)

    monkeypatch.setattr(file, "_save_data", stopped)
    monkeypatch.setattr(other._cache._cache_file, "_load_index", dict)
    assert one(np.array([3.0])) == 1.5
    assert (third(np.array([3.0])), third(np.array([3]))) == (1.5, 1.5)
    assert sum(third.stats.cache_hits.values()) == 2, "nothing was kept that could be wrong"


def test_kernels_are_compiled_in_one_way() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py")}
    assert [path.name for path, text in sources.items() if "import kernel\n" in text]
    assert [path.name for path, text in sources.items() if re.search(r"\bnjit\b|\bjit\(", text)] == ["kernel.py"]


def test_nothing_is_compiled_nor_the_compiler_loaded_before_a_kernel_is_called() -> None:
    code = (
        "import sys, vetopoint.chain.checks, vetopoint.chain.run, vetopoint.study.project\n"
        "assert 'numba' not in sys.modules\n"
        "import pickle, copy, numpy\n"
        "from vetopoint.game.flow import collect\n"
        "assert copy.copy(collect) is pickle.loads(pickle.dumps(collect)) is collect and collect.__doc__\n"
        "assert 'numba' not in sys.modules and not hasattr(collect, '__no_such__')\n"
        "assert not collect.signatures and 'numba' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_with_the_compiler_off_a_kernel_is_the_plain_function(tmp_path: Path) -> None:
    (tmp_path / "outer.py").write_text(OUTER)
    (tmp_path / "inner.py").write_text(INNER.format(added=1.0, shift=2.0))
    code = "from outer import outer; assert outer(1.0) == 4.0 and not hasattr(outer, 'signatures')"
    env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{tmp_path}", "NUMBA_DISABLE_JIT": "1"}
    subprocess.run([sys.executable, "-c", code], env=env, check=True)


def test_threads_that_call_a_kernel_first_at_once_compile_it_once(tmp_path: Path) -> None:
    (tmp_path / "half.py").write_text(HALF)
    half = runpy.run_path(str(tmp_path / "half.py"))["half"]
    assert in_order(lambda item: half(np.array([float(item)])), range(40)) == [item / 2 for item in range(40)]
    assert len(half.signatures) == 1


def test_work_on_many_items_keeps_their_order() -> None:
    assert in_order(lambda item: item * item, range(50)) == [item * item for item in range(50)]
    assert in_order(str, []) == []


def test_alone_a_thread_starts_no_others() -> None:
    """Work that others do beside it is done in one thread each; what comes out is the same, and afterwards all is as before."""
    import threading

    from vetopoint.kernel import alone, in_order

    def who(item: int) -> tuple[int, int]:
        return item, threading.get_ident()

    with alone():
        with alone():
            found = in_order(who, range(20))
        assert {thread for _, thread in found} == {threading.get_ident()}
        assert {thread for _, thread in in_order(who, range(20))} == {threading.get_ident()}
    assert [item for item, _ in found] == list(range(20))
    assert threading.get_ident() not in {thread for _, thread in in_order(who, range(20))}
