"""Names in plain letters, of which ids are made: every letter is kept, without its marks."""

from __future__ import annotations

import re
import unicodedata

_LETTER = re.compile(
    r"(?P<script>\w+) (?:SMALL|CAPITAL|MODIFIER)? ?(?:LETTER|LIGATURE)(?: SMALL| CAPITAL)? (?P<letter>[A-Z ]+?)(?: WITH .*)?"
)
_GREEK = re.compile(r"th|ph|ch|ps|\w")
_SOUNDS = {"DOTLESS I": "i", "ETH": "d", "THORN": "th", "SCHWA": "e", "ENG": "ng", "OPEN E": "e", "OPEN O": "o", "SHARP S": "ss"}  # fmt: skip


def plain(text: str) -> str:
    """A text in small ASCII letters: marks go, a letter of another alphabet is spelt by its name; other signs become "_".

    Examples
    --------
    >>> plain("António Guterres"), plain("Łódź"), plain("Sæþór Øst"), plain("Işık"), plain("Großmann")
    ('antonio_guterres', 'lodz', 'saethor_ost', 'isik', 'grossmann')
    """
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"[^a-z0-9]+", "_", "".join(map(_spelt, parts))).strip("_")


def titled(id: str) -> str:
    """A name of which no more than the id is known.

    >>> titled("trinidad_and_tobago"), titled("the_gambia")
    ('Trinidad and Tobago', 'The Gambia')
    """
    words = [
        word if at and word in ("and", "of", "the") else word.capitalize() for at, word in enumerate(id.split("_"))
    ]
    return " ".join(words)


def _spelt(character: str) -> str:
    if character.isascii() or unicodedata.combining(character):
        return character if character.isascii() else ""
    told = _LETTER.fullmatch(unicodedata.name(character, ""))
    if told is None:
        return f"u{ord(character):x}" if character.isalnum() else "_"
    letter = _SOUNDS.get(told["letter"], told["letter"].split()[-1].lower())
    return _GREEK.match(letter)[0] if told["script"] == "GREEK" else letter  # type: ignore[index]  # a letter has a name
