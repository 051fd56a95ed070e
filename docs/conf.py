"""How the documentation site is built: `make docs`."""

from __future__ import annotations

import re
from importlib.metadata import version as version_of
from typing import Any

project = "Vetopoint"
author = "The Vetopoint developers"
copyright = author
version = release = version_of("vetopoint")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "index"
html_theme = "furo"
html_title = "Vetopoint"
html_show_sphinx = False

myst_heading_anchors = 4
napoleon_google_docstring = False
autodoc_typehints = "description"
autodoc_member_order = "bysource"
autodoc_class_signature = "separated"
nitpicky = False


def _with_contents(app: Any, page: str, source: list[str]) -> None:
    """Make the links of the first page its table of contents, so that they stand in one place."""
    if page == root_doc:
        pages = dict.fromkeys(re.findall(r"\]\(([\w/-]+)\.md\)", source[0]))
        source[0] += "\n".join(["\n```{toctree}", ":hidden:", "", *pages, "```", ""])


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _with_contents)
