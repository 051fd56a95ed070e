"""Reviews as a plain model: a list of what was decided, gone through from the beginning whenever somebody asks."""

from __future__ import annotations

from typing import Any

_STATUS = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}


class PlainLog:
    """Claims as dicts, decisions as a list; nothing is ever worked out ahead.

    Parameters
    ----------
    claims : id → the fields as coded; ``status`` and ``reason`` among them.
    """

    def __init__(self, claims: dict[str, dict[str, Any]]) -> None:
        self.claims = claims
        self.entries: list[tuple[str, str, str, dict[str, Any], str, bool]] = []

    def decide(self, claim: str, coder: str, action: str, changes: dict[str, Any], reason: str = "") -> bool:
        """Note a decision; False where there is nothing to undo."""
        if action != "undo":
            self.entries.append((claim, coder, action, changes, reason, True))
            return True
        for place in range(len(self.entries) - 1, -1, -1):
            one, who, what, fields, why, stands = self.entries[place]
            if (one, who, stands) == (claim, coder, True):
                self.entries[place] = (one, who, what, fields, why, False)
                return True
        return False

    def state(self, claim: str, last: int | None = None) -> dict[str, Any]:
        """The claim as the decisions that stand leave it, up to the one at place `last`."""
        found = dict(self.claims[claim])
        for place, (one, _, action, changes, reason, stands) in enumerate(self.entries):
            if one == claim and stands and (last is None or place <= last):
                found.update(changes)
                found["status"] = _STATUS[action]
                if reason:
                    found["reason"] = reason
        return found

    def judged(self, claim: str, coder: str) -> dict[str, Any] | None:
        """The claim as `coder` left it."""
        own = [n for n, (one, who, *_, stands) in enumerate(self.entries) if (one, who, stands) == (claim, coder, True)]
        return self.state(claim, own[-1]) if own else None
