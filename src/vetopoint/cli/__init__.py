"""The command line: thin, every command loads what it needs when it is called."""

from vetopoint.cli._app import complete, main

__all__ = ["complete", "main"]
