"""A kernel kept on disk must not outlive a change of another kernel that it calls."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

OUTER = """
from inner import step
from vetopoint.kernel import kernel

@kernel
def outer(x: float) -> float:
    return step(x)
"""

INNER = """
from vetopoint.kernel import kernel

@kernel
def step(x: float) -> float:
    return x + {added}
"""

RUN = "from outer import outer; outer(1.0); hits = sum(outer.stats.cache_hits.values()); print(outer(1.0), hits)"


def run(folder: Path) -> tuple[float, int]:
    env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{folder}", "NUMBA_CACHE_DIR": str(folder / "cache")}
    done = subprocess.run([sys.executable, "-c", RUN], env=env, check=True, capture_output=True, text=True)
    value, hits = done.stdout.split()
    return float(value), int(hits)


def test_cached_kernels_notice_changes_in_the_kernels_they_call(tmp_path: Path) -> None:
    (tmp_path / "outer.py").write_text(OUTER)
    (tmp_path / "inner.py").write_text(INNER.format(added=1.0))
    assert run(tmp_path) == (2.0, 0)
    assert run(tmp_path) == (2.0, 1)
    (tmp_path / "inner.py").write_text(INNER.format(added=5.0))
    assert run(tmp_path) == (6.0, 0)
