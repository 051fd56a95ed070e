"""A real Chromium for the pages, and the example answers of the view's tests."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import absent, require

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "unit" / "view"))

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A headless Chromium."""
    path = require("chromium")
    if importlib.util.find_spec("playwright") is None:
        absent("chromium", "playwright is not installed, which drives Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        opened = running.chromium.launch(executable_path=path, args=ARGS)
        yield opened
        opened.close()
