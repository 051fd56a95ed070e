"""Take the pictures of a report that the README shows.

    python tools/screenshot.py cases/european-presence/out/report.html docs/img/report.png
    python tools/screenshot.py REPORT PNG --width 390 --select '#fig-tree' --dark

Needs Chromium (any of chromium, chromium-browser, google-chrome on the PATH) and Playwright.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def main() -> int:
    """Open the report and save what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("report", type=Path)
    parser.add_argument("png", type=Path)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=1250, help="of the viewport; ignored with --full or --select")
    parser.add_argument("--select", default="", help="CSS selector of the part to take")
    parser.add_argument("--full", action="store_true", help="the whole page")
    parser.add_argument("--dark", action="store_true")
    asked = parser.parse_args()
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser_path is None:
        print("screenshot: no Chromium found on the PATH; install chromium", file=sys.stderr)
        return 1
    asked.png.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGS)
        page = browser.new_page(
            viewport={"width": asked.width, "height": asked.height}, color_scheme="dark" if asked.dark else "light"
        )
        page.goto(asked.report.resolve().as_uri())
        page.wait_for_selector("svg.drawn", state="attached")
        if asked.select:
            page.locator(asked.select).first.screenshot(path=asked.png)
        else:
            page.screenshot(path=asked.png, full_page=asked.full)
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
