"""What keys in a walk through claims come to, as a plain model: one key after the other, a place, and a list of decisions."""

from __future__ import annotations

from typing import Any

from oracles.review_log import PlainLog

_REASONS = ("fragment", "duplicate", "wrong speaker", "not said", "nothing to do with the plan")
_KINDS = ("assertion", "position", "condition", "threat", "assessment", "forecast")


class PlainWalk:
    """One coder's walk; knows ``a r s b u p k h c + 1 ?``, and what is written after ``r``, ``h``, ``c`` and ``+``.

    Parameters
    ----------
    claims : id → ``polarity``, ``kind``, ``hedge``, ``content`` and ``edges`` (short forms), each claim with one edge.
    words : contents that stand in the document; others are refused.
    """

    def __init__(self, claims: dict[str, dict[str, Any]], words: set[str]) -> None:
        self.ids, self.words = list(claims), words
        self.log = PlainLog(claims)
        self.decided: list[tuple[str, str, dict[str, Any], str]] = []
        self.at, self.asked, self.line, self.over = 0, "", "", False

    def press(self, key: str) -> None:
        """Go on by one key."""
        if self.over:
            return
        if self.asked == "?":
            self.asked = ""
        elif self.asked:
            self._answer(key)
        elif key == "u":
            self._undo()
        elif key == "b":
            self.at = max(0, self.at - 1)
        elif key == "q":
            self.over = True
        elif key == "?":
            self.asked = key
        elif self.at < len(self.ids):
            self._judge(key)

    def _judge(self, key: str) -> None:
        now = self.log.state(self.ids[self.at])
        if key == "a":
            self._decide("accept", {})
            self.at += 1
        elif key == "s":
            self.at += 1
        elif key == "p":
            self._decide("correct", {"polarity": -now["polarity"]})
        elif key == "1":
            base = self.log.claims[self.ids[self.at]]["edges"][0]
            others = [edge for edge in now["edges"] if edge != base]
            self._decide("correct", {"edges": others if base in now["edges"] else [base, *others]})
        elif key in ("r", "k", "h", "c", "+"):
            self.asked, self.line = key, {"h": now["hedge"], "c": now["content"]}.get(key, "")

    def _answer(self, key: str) -> None:
        if key == "\x1b":
            self.asked = ""
        elif self.asked == "k":
            if key in "abcdef":
                self._change("kind", _KINDS["abcdef".index(key)])
        elif self.asked == "r" and key in "12345" and not self.line:
            self._reject(_REASONS[int(key) - 1])
        elif key == "\r":
            self._enter()
        else:
            self.line = "" if key == "\x15" else self.line[:-1] if key == "\x7f" else self.line + key

    def _enter(self) -> None:
        if self.asked == "r":
            self._reject(self.line.strip())
        elif self.asked == "h":
            self._change("hedge", self.line)
        elif self.asked == "c" and (
            self.line in self.words or self.line == self.log.state(self.ids[self.at])["content"]
        ):
            self._change("content", self.line)
        elif self.asked == "+" and self.line:
            edges = [edge for edge in self.log.state(self.ids[self.at])["edges"] if edge != self.line]
            self._decide("correct", {"edges": [*edges, self.line]})
        elif self.asked == "+":
            self.asked = ""

    def _change(self, name: str, value: str) -> None:
        if value == self.log.state(self.ids[self.at])[name]:
            self.asked = ""
        else:
            self._decide("correct", {name: value})

    def _reject(self, reason: str) -> None:
        self._decide("reject", {}, reason)
        self.at += 1

    def _decide(self, action: str, changes: dict[str, Any], reason: str = "") -> None:
        self.asked = ""
        self.decided.append((self.ids[self.at], action, changes, reason))
        self.log.decide(self.ids[self.at], "ada", action, changes, reason)

    def _undo(self) -> None:
        standing = [claim for claim, *_, stands in self.log.entries if stands]
        if standing:
            self.decided.append((standing[-1], "undo", {}, ""))
            self.log.decide(standing[-1], "ada", "undo", {})
            self.at = self.ids.index(standing[-1])
