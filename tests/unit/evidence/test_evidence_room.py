"""The door of the room: cheap to open, and what it names is there."""

from __future__ import annotations

import subprocess
import sys

from vetopoint import evidence

HEAVY = ("spacy", "nltk", "sqlalchemy", "trafilatura", "pypdf", "pandas", "duckdb", "scipy", "numba", "multiprocessing")


def test_opening_the_room_imports_nothing_heavy() -> None:
    code = f"import sys, vetopoint.evidence; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_every_public_name_is_there_and_sorted() -> None:
    assert evidence.__all__ == sorted(evidence.__all__)
    assert len(evidence.__all__) > 30
    assert [name for name in evidence.__all__ if not hasattr(evidence, name)] == []
