"""What a sentence of the report is: its words, and the picture that shows the same."""

from dataclasses import dataclass

from vetopoint.view.numbers import stop


@dataclass(frozen=True)
class Sentence:
    """One sentence made from numbers by a rule; ``see`` is the id of the figure that shows it, ``aside`` sets it smaller."""

    words: str
    see: str = ""
    aside: bool = False

    @property
    def text(self) -> str:
        """The words with their first letter in upper case and a full stop at their end."""
        return stop(self.words)


@dataclass(frozen=True)
class Passage:
    """The sentences that answer one of the questions."""

    id: str
    question: str
    sentences: tuple[Sentence, ...]
