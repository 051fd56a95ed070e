"""A walk through proposed claims: which key does what, whatever the terminal; every decision is kept before the next key is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from vetopoint.errors import VetopointError
from vetopoint.evidence import Claim, Edge
from vetopoint.evidence.fields import CHOICES, edge_text, shown

if TYPE_CHECKING:
    from vetopoint.evidence.desk import Desk

FIELDS: Mapping[str, str] = {
    "c": "content", "w": "speaker", "y": "cue", "n": "chain", "k": "kind", "t": "act", "p": "polarity", "h": "hedge",
    "f": "reporter_hedge", "i": "condition", "o": "about", "g": "edges", "d": "date", "x": "restates", "l": "origin", "m": "note",
}  # fmt: skip
"""Key → the field that it edits."""
REASONS = ("fragment", "duplicate", "wrong speaker", "not said", "nothing to do with the plan")
COMMANDS: Mapping[str, str] = {
    "a": "accept", "r": "reject", "s": "skip", "b": "back", "u": "undo", "1-9": "edge on/off", "!": "deny edge", "+": "add edge",
    "?": "help", "q": "quit",
}  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Line:
    """A line of text that is being written, and where its cursor stands."""

    text: str = ""
    at: int = -1

    def __post_init__(self) -> None:
        self.at = len(self.text) if self.at < 0 else self.at

    def press(self, key: str) -> None:
        """Take a key that writes or moves; others do nothing."""
        moves = {
            "left": max(0, self.at - 1),
            "right": min(len(self.text), self.at + 1),
            "home": 0,
            "end": len(self.text),
        }
        if key in moves:
            self.at = moves[key]
        elif key == "backspace" and self.at:
            self.text, self.at = self.text[: self.at - 1] + self.text[self.at :], self.at - 1
        elif key == "delete":
            self.text = self.text[: self.at] + self.text[self.at + 1 :]
        elif key == "clear":
            self.text, self.at = "", 0
        elif key.startswith("paste:") or len(key) == 1:
            words = " ".join(key.removeprefix("paste:").split()) if len(key) > 1 else key
            self.text, self.at = self.text[: self.at] + words + self.text[self.at :], self.at + len(words)


@dataclass
class Question:
    """What the walk waits for beside its usual keys.

    Parameters
    ----------
    words : what is asked.
    answer : takes the answer; one that cannot be taken raises and the question stays.
    choices : key → answer, for those given by one key.
    line : the line in which a free answer is written; None where only the choices are possible.
    """

    words: str
    answer: Callable[[str], None]
    choices: Mapping[str, str] = field(default_factory=dict)
    line: Line | None = None


class Walk:
    """Goes through claims one by one.

    Parameters
    ----------
    desk : whose decisions are kept, and where.
    ids : the claims, in order.
    """

    def __init__(self, desk: Desk, ids: list[str]) -> None:
        self.desk, self.ids = desk, ids
        self.at = 0
        self.over = self.helping = False
        self.note, self.failed = "", False
        self.question: Question | None = None
        self.judged: dict[str, str] = {}

    @property
    def claim(self) -> Claim | None:
        """The claim under the eye, as the store has it now; None behind the last."""
        return self.desk.claim(self.ids[self.at]) if self.at < len(self.ids) else None

    @property
    def left(self) -> int:
        """How many of them are still to be judged."""
        return sum(id not in self.judged for id in self.ids)

    def edges(self, claim: Claim) -> list[tuple[Edge, bool]]:
        """The edges as coded and as corrected, each with whether the claim has it now."""
        coded = self.desk.store.claim(claim.id, named=self.desk.naming, until=0).edges
        now = {_key(edge): edge for edge in claim.edges}
        every = {_key(edge): edge for edge in (*coded, *claim.edges)}
        return [(now.get(key, edge), key in now) for key, edge in every.items()]

    def press(self, key: str) -> None:
        """Do what a key says; what cannot be done is told in `note`, and nothing is changed."""
        self.note, self.failed = "", False
        try:
            if self.helping:
                self.helping = False
            elif self.question is not None:
                self._answer(self.question, key)
            else:
                self._command(key)
        except VetopointError as error:
            self.note, self.failed = str(error), True

    def _answer(self, question: Question, key: str) -> None:
        line = question.line
        if key in ("escape", "quit"):
            self.question, self.over = None, key == "quit"
        elif key in question.choices and not (line and line.text):
            question.answer(question.choices[key])
        elif line is None:
            self.note = f"one of {', '.join(question.choices)}, or Esc"
        elif key == "enter":
            question.answer(line.text)
        else:
            line.press(key)

    def _command(self, key: str) -> None:
        general: Mapping[str, Callable[[], None]] = {
            "q": self._quit, "quit": self._quit, "?": self._help, "u": self._undo, "b": self._back, "left": self._back,
        }  # fmt: skip
        own: Mapping[str, Callable[[Claim], None]] = {
            "a": self._accept, "r": self._reject, "s": self._skip, " ": self._skip, "right": self._skip, "!": self._deny,
            "+": self._add,
        }  # fmt: skip
        if key in general:
            general[key]()
        elif (claim := self.claim) is None:
            self.note = "that was the last: u takes back, b goes back, q ends"
        elif key in own:
            own[key](claim)
        elif key in FIELDS:
            self._edit(claim, FIELDS[key])
        elif len(key) == 1 and key in "123456789":
            self._switch(claim, int(key) - 1)
        else:
            self.note = "no such key: ? lists them"

    def _quit(self) -> None:
        self.over = True

    def _help(self) -> None:
        self.helping = True

    def _back(self) -> None:
        self.at = max(0, self.at - 1)

    def _skip(self, claim: Claim) -> None:
        self.at += 1

    def _accept(self, claim: Claim) -> None:
        self._decide(claim, "accept")
        self.at += 1

    def _reject(self, claim: Claim) -> None:
        def because(reason: str) -> None:
            self._decide(claim, "reject", reason.strip())
            self.at += 1

        choices = {str(number): reason for number, reason in enumerate(REASONS, start=1)}
        self.question = Question("reject, since", because, choices, Line())

    def _decide(self, claim: Claim, action: Any, reason: str = "", changes: Mapping[str, Any] | None = None) -> None:
        self.desk.decide_one(claim.id, action, reason, changes)
        self.question = None
        self._look(claim.id)
        self.note = f"{claim.id}: {self.judged.get(claim.id, action)}"

    def _look(self, id: str) -> None:
        """Note how a claim stands."""
        status = self.desk.claim(id).status
        self.judged.pop(id, None)
        if status != "proposed":
            self.judged[id] = status

    def _undo(self) -> None:
        last = self.desk.last()
        if last is None:
            self.note = f"{self.desk.coder} has decided nothing that could be taken back"
            return
        self.desk.decide_one(last.claim, "undo")
        if last.claim not in self.ids:
            self.ids.insert(self.at, last.claim)
        self.at = self.ids.index(last.claim)
        self._look(last.claim)
        self.note = f"{last.claim}: taken back: {last.action}"

    def _edit(self, claim: Claim, name: str) -> None:
        def change(value: str) -> None:
            if value == shown(claim, name):
                self.question = None
            else:
                self._decide(claim, "correct", changes={name: value})

        if name == "polarity":
            change(str(-claim.polarity))
        elif name in CHOICES:
            choices = {letter: word for letter, word in zip(_LETTERS, CHOICES[name], strict=False)}
            self.question = Question(name, change, choices)
        else:
            self.question = Question(name, change, line=Line(" ".join(shown(claim, name).split())))

    def _add(self, claim: Claim) -> None:
        def add(value: str) -> None:
            if value.strip():
                self._decide(claim, "correct", changes={"edges": f"+{value.strip().removeprefix('+')}"})
            else:
                self.question = None

        self.question = Question("new edge, such as requires:ostia or !veto:norland(the plan)", add, line=Line())

    def _switch(self, claim: Claim, number: int) -> None:
        edges = self.edges(claim)
        if number >= len(edges):
            self.note = f"there is no edge {number + 1}: + adds one"
            return
        edges[number] = edges[number][0], not edges[number][1]
        self._keep(claim, [edge for edge, on in edges if on])

    def _deny(self, claim: Claim) -> None:
        if not claim.edges:
            self.note = "there is no edge to deny: + adds one"
            return

        def turn(number: str) -> None:
            at = int(number)
            turned = claim.edges[at].model_copy(update={"holds": not claim.edges[at].holds})
            self._keep(claim, [*claim.edges[:at], turned, *claim.edges[at + 1 :]])

        numbers = {edge: str(number) for number, (edge, _) in enumerate(self.edges(claim)[:9], start=1)}
        choices = {numbers[edge]: str(at) for at, edge in enumerate(claim.edges) if edge in numbers}
        if len(choices) == 1:
            turn(*choices.values())
        else:
            self.question = Question("deny, or no longer deny, which edge", turn, choices)

    def _keep(self, claim: Claim, edges: list[Edge]) -> None:
        self._decide(claim, "correct", changes={"edges": [edge.model_dump() for edge in edges]})
        self.note += f": {', '.join(map(edge_text, edges)) or 'no edge'}"


def _key(edge: Edge) -> tuple[str, str, str, str]:
    """What makes it the same edge, denied or not."""
    return edge.kind, edge.actor, edge.plan, edge.what
