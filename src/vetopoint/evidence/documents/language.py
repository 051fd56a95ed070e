"""In which language a text is written, how sure that is, and which languages can be read.

A text whose words are common English ones is English, without further tests. Others go to py3langid (Barbaresi's fork of
langid.py; Lui & Baldwin, ACL 2012), whose probabilities over its languages add up to one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_LIKELY, _HARDLY = 0.5, 0.02
"""A text is in a language that cannot be read where that is likely, and one that can be read hardly possible."""

_FEW_WORDS = 8
_PLENTY, _SCARCE = 0.25, 0.12
_NAMES_AT_MOST = 0.6
_LOOKED_AT = 20_000
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS_WITHOUT_BLANKS = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "it": "Italian",
    "ja": "Japanese", "ka": "Georgian", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "mk": "Macedonian",
    "nl": "Dutch", "no": "Norwegian", "nb": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "sk": "Slovak", "sl": "Slovene", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "th": "Thai",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


@dataclass(frozen=True)
class Language:
    """A language that the reader reads: its tables' folder (below the room's ``data``), its parser's model, its commonest words,
    and the prefixes that keep their hyphen."""

    code: str
    name: str
    tables: str
    parser: str
    common: frozenset[str]
    prefixes: frozenset[str]


@dataclass(frozen=True)
class Guess:
    """In which language a text seems to be.

    Parameters
    ----------
    code : ISO 639 code; "" where there is too little to tell.
    sure : probability, 0 to 1; of a text told by its common words 1.
    readable : probability that it is one of the languages that can be read. Dialects share out the certainty of a language.
    """

    code: str
    sure: float
    readable: float = 1.0

    @property
    def name(self) -> str:
        """The language's English name, or its code."""
        return (
            readable()[self.code].name if self.code in readable() else _NAMES.get(self.code, f"language {self.code!r}")
        )

    @property
    def foreign(self) -> bool:
        """Whether it is surely a language that cannot be read."""
        return self.code not in readable() and self.sure >= _LIKELY and self.readable <= _HARDLY

    def __str__(self) -> str:
        return f"{self.name} ({self.sure:.0%} sure)" if self.code else "a language that cannot be told"


@cache
def readable() -> Mapping[str, Language]:
    """The languages that can be read, by code, from ``data/languages.toml``."""
    table = tomllib.loads((files("vetopoint.evidence") / "data" / "languages.toml").read_text(encoding="utf-8"))
    return {
        code: Language(code, row["name"], row["tables"], row["parser"], _set(row["common"]), _set(row["prefixes"]))
        for code, row in table.items()
    }


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def detect(text: str) -> Guess:
    """The language of most of a text.

    >>> detect("Ada said that the ferry would stop unless the quay is mended, and that nobody had told them.")
    Guess(code='en', sure=1.0)
    """
    looked_at = text if len(text) <= _LOOKED_AT else _sample(text)
    words = _WORD.findall(looked_at.lower())
    if not words:
        return Guess("", 0.0)
    if len(words) >= _FEW_WORDS:
        for language in readable().values():
            if _share(words, language) >= _PLENTY:
                return Guess(language.code, 1.0)
    if len(words) < _FEW_WORDS and not _SCRIPTS_WITHOUT_BLANKS.search(looked_at):
        return Guess("", 0.0)
    ranked = [(str(code), float(sure)) for code, sure in _identifier().rank(" ".join(looked_at.split()))]
    (code, sure), known = ranked[0], sum(sure for code, sure in ranked if code in readable())
    common = any(_share(words, language) >= _SCARCE for language in readable().values())
    told = code in readable() or (sure >= _LIKELY and code != "zxx" and not common)
    return Guess(code, sure, known) if told else Guess("", 0.0)


def refusal(text: str, code: str = "") -> str:
    """Why a text is not read: cause and remedy; "" where it can be read.

    Parameters
    ----------
    code : its language, where it is known.
    """
    if code in readable():
        return ""
    guess = detect(text)
    if not guess.foreign:
        return ""
    names = " and ".join(language.name for language in readable().values())
    return f"written in {guess}, and only {names} is read → translate it into {names} and read that, or code its claims by hand"


def is_foreign(paragraph: str) -> bool:
    """Whether a paragraph is surely in a language that cannot be read; a list of foreign names is not."""
    lower = _WORD.findall(paragraph.lower()) if len(paragraph) <= _LOOKED_AT else []
    if lower and any(_share(lower, language) >= _SCARCE for language in readable().values()):
        return False  # what `detect` would not call foreign, without asking its identifier
    words = _WORD.findall(paragraph)
    named = sum(word[0].isupper() for word in words) >= _NAMES_AT_MOST * len(words)
    return not named and detect(paragraph).foreign


def passed_over(paragraphs: Sequence[str]) -> str:
    """What is said of paragraphs that were not read; "" where there are none."""
    if not paragraphs:
        return ""
    number, guess = len(paragraphs), detect(" ".join(paragraphs))
    which = "one paragraph is" if number == 1 else f"{number} paragraphs are"
    return f"{which} not read: written in {guess if guess.code else 'another language'} → translate what matters"


def _sample(text: str) -> str:
    """The beginning, middle and end of a long text."""
    third, middle = _LOOKED_AT // 3, len(text) // 2
    return " ".join((text[:third], text[middle : middle + third], text[-third:]))


def _share(words: list[str], language: Language) -> float:
    return len(list(filter(language.common.__contains__, words))) / len(words)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
