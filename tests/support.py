"""What several tests share: reference data from outside, and parts that a bare machine may lack."""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

#: The bundled case whose run takes a minute; it is left to `make soak`.
LARGEST = "grain-corridor-2023"
#: Names of the bundled cases, as parameters of a test.
BUNDLED = [
    pytest.param(path.parent.name, marks=pytest.mark.soak if path.parent.name == LARGEST else ())
    for path in sorted(ROOT.glob("cases/*/case.yaml"))
]


Test = TypeVar("Test", bound=Callable[..., object])


def examples(few: int, soak: int, **others: Any) -> Callable[[Test], Test]:
    """Settings of a law that is tried on few examples in each test run and on many in `make soak`, which collects it too."""
    if not os.environ.get("VETOPOINT_SOAK"):
        return settings(max_examples=few, **others)
    many = settings(max_examples=soak, **others)
    return lambda test: pytest.mark.soak(many(test))


def tool(name: str) -> ModuleType:
    """A module below ``tools``, such as ``validation/tables``, as it finds its neighbours when it is run as a program."""
    path = ROOT / "tools" / name
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    return importlib.import_module(path.name)


def required() -> set[str]:
    """Names whose absence is a failure and not a skip (``VETOPOINT_REQUIRE``)."""
    return {word for word in os.environ.get("VETOPOINT_REQUIRE", "").split(",") if word}


def absent(kind: str, message: str) -> None:
    """Skip, naming what is missing; fail where ``VETOPOINT_REQUIRE`` demands it."""
    if kind in required():
        pytest.fail(f"{message} (required by VETOPOINT_REQUIRE)", pytrace=False)
    pytest.skip(message)


def reference(relative: str) -> Path:
    """Path of a file of reference data that may not be copied into the project."""
    base = Path(os.environ.get("VETOPOINT_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
    path = base / relative
    if not path.exists():
        absent(
            "shared", f"reference data {relative} not found; set VETOPOINT_REFERENCE_DATA to the folder that holds it"
        )
    return path


def require(kind: str) -> str:
    """Check for ``chromium``, ``postgres``, ``pygambit`` or ``cluster`` (Dask); return where it is."""
    if kind == "cluster":
        if importlib.util.find_spec("distributed") is None:
            absent(kind, "Dask is not installed; pip install 'vetopoint[cluster]'")
        return "distributed"
    if kind == "pygambit":
        if importlib.util.find_spec("pygambit") is None:
            absent(kind, "pygambit is not installed; pip install 'vetopoint[interop]'")
        return "pygambit"
    names = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "postgres": ("pg_ctl", "postgres")}[kind]
    folders = os.pathsep.join(
        [os.environ.get("PATH", ""), *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")))]
    )
    for name in names:
        found = shutil.which(name, path=folders)
        if found:
            return found
    absent(kind, f"{kind} is not installed on this machine")
    raise AssertionError("unreachable")
