"""How wide letters stand, where no font is at hand: lines for pictures that are laid out without a browser."""

from collections.abc import Iterator

SIZE = 13
_LEAN, _BROAD = frozenset("ijltfrI .,;:'|!()[]/-·"), frozenset("mwMW@%—")


def width_of(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """About how wide a text stands, in pixels, on the large side: by classes of letters, no font being at hand."""
    return size * (1.12 if bold else 1.0) * sum(map(_em, text))


def _em(letter: str) -> float:
    if letter in _LEAN:
        return 0.38
    if letter in _BROAD or ord(letter) > 0x2E80:
        return 1.0
    return 0.76 if letter.isupper() else 0.63


def wrapped(text: str, width: float, size: float = SIZE, *, bold: bool = False) -> list[str]:
    """Break a text into lines of at most a width; a word that is longer than a line is broken too, and nothing is left out."""
    size = size * width_of("x", 1, bold=bold) / width_of("x", 1)
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, width, size):
            longer = f"{line} {piece}" if line else piece
            if line and width_of(longer, size) > width:
                lines.append(line)
                longer = piece
            line = longer
    return [*lines, line] if line else lines


def _pieces(word: str, width: float, size: float) -> Iterator[str]:
    while len(word) > 1 and width_of(word, size) > width:
        end = next(i for i in range(len(word), 0, -1) if i == 1 or width_of(word[:i], size) <= width)
        yield word[:end]
        word = word[end:]
    yield word
