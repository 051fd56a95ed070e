"""Loading a spaCy model without what only spaCy's own command line needs, which is half of the time that spaCy takes to come up."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


def load_model(name: str) -> Any:
    """A spaCy pipeline from an installed package, without its name recogniser.

    Raises
    ------
    ImportError, OSError
        spaCy or the model is not installed.
    """
    with _without_command_line():
        import spacy
    return spacy.load(name, exclude=["ner"])


@contextmanager
def _without_command_line() -> Iterator[None]:
    """Let spaCy be imported without `spacy.cli`, which brings a web client and a project manager along.

    spaCy takes one function from there, `info`; whoever calls it, or imports `spacy.cli` later, gets the real one.
    """
    names = ("spacy.cli", "spacy.cli.info")
    if "spacy" in sys.modules:
        yield
        return

    def info(*args: Any, **named: Any) -> Any:
        return import_module("spacy.cli.info").info(*args, **named)

    package, module = (ModuleType(name) for name in names)
    package.__path__ = []
    module.info = info  # type: ignore[attr-defined]
    sys.modules.update(zip(names, (package, module), strict=True))
    try:
        yield
    finally:
        for name in names:
            sys.modules.pop(name, None)
        spacy = sys.modules.get("spacy")
        if spacy is not None and getattr(spacy, "cli", None) is package:
            del spacy.cli  # type: ignore[attr-defined]
