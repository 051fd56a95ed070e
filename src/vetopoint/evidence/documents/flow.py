"""The text that a parser reads, made of pieces of the stored text, and the way back from its characters to the stored ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from unicodedata import is_normalized

from vetopoint.evidence.claim import Claim, Span


class Flow:
    """A text as it is read: soft line ends are blanks, marks and indents are gone.

    Parameters
    ----------
    stored : the text of the document.
    pieces : ``(start, end, blank)``, in order and without overlap: characters of the stored text, taken as they are or,
        where ``blank``, read as one blank.
    left_out : paragraphs that are not read.

    >>> flow = Flow("> Ada said\\n> no.", [(2, 10, False), (10, 13, True), (13, 16, False)])
    >>> flow.text, flow.back(4, 8)
    ('Ada said no.', (6, 10))
    """

    def __init__(self, stored: str, pieces: Iterable[tuple[int, int, bool]], left_out: Sequence[str] = ()) -> None:
        self.stored, self.left_out = stored, tuple(left_out)
        self._pieces = [piece for piece in pieces if piece[0] < piece[1]]
        text = "".join(" " if blank else stored[start:end] for start, end, blank in self._pieces)
        if not is_normalized("NFC", text):  # what was left out had kept an accent from its letter
            self._pieces, text = [(0, len(stored), False)], stored
        self.text = text
        self._at: list[int] = []
        place = 0
        for start, end, blank in self._pieces:
            self._at.append(place)
            place += 1 if blank else end - start

    def back(self, start: int, end: int) -> tuple[int, int]:
        """First character and end (exclusive) in the stored text of at least one character of this one."""
        first, last = bisect_right(self._at, start) - 1, bisect_right(self._at, end - 1) - 1
        (begun, _, blank), (ended, to, closing) = self._pieces[first], self._pieces[last]
        return begun if blank else begun + start - self._at[first], to if closing else ended + end - self._at[last]

    def span(self, span: Span) -> Span:
        """A span of this text as one of the stored text, with the characters that stand there."""
        if not span.located or span.start == span.end:
            return span
        start, end = self.back(span.start, span.end)
        return Span(text=self.stored[start:end], start=start, end=end)

    def claim(self, claim: Claim) -> Claim:
        """A claim on this text as one on the stored text."""
        if self.text == self.stored:
            return claim
        content = tuple(map(self.span, claim.content))
        return claim.model_copy(
            update={
                "quote": content[0].text if claim.quote and len(content) == 1 else claim.quote,
                "sentence": self.span(claim.sentence) if claim.sentence else None,
                "cue": self.span(claim.cue) if claim.cue else None,
                "content": content,
                "speaker": tuple(map(self.span, claim.speaker)),
            }
        )
