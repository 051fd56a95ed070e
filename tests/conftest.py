"""Let tests import `support`; leave the full counts to `make soak`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("VETOPOINT_SOAK"):
        return
    skip = pytest.mark.skip(reason="full counts run by `make soak`")
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(skip)
