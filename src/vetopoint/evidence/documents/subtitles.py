"""Subtitles: SubRip and WebVTT (W3C), read by pysubs2; cues are joined to paragraphs, each change of speaker begins one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vetopoint.errors import EvidenceError
from vetopoint.evidence.documents.decoding import decode
from vetopoint.evidence.documents.document import Found, Limits

_VOICE = re.compile(r"<v(?:\.[^ >]*)? ([^<>\n]{1,80})>")
_SOUND = re.compile(r"\[[^\]\n]{0,60}\]|\([A-Z][A-Z ]{2,40}\)|[♪♫♬]+[^♪♫♬\n]*[♪♫♬]*")
_CHANGE = re.compile(r"(?:[-–—]|>>+)\s*(?=\S)|(?=[A-Z][\w.'’ -]{0,40}:\s)")
_PAUSE = 2_000  # milliseconds of silence behind a full stop that begin a paragraph


def read_subtitles(raw: bytes, where: str, limits: Limits) -> Found:
    """What is said, without its times; sounds in brackets are left out."""
    import pysubs2

    text, notes = decode(raw, where)
    form = "vtt" if text.lstrip("\ufeff \n").startswith("WEBVTT") else "srt"
    try:
        cues = pysubs2.SSAFile.from_string(_VOICE.sub(r"\1: ", text), format_=form)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, OverflowError) as error:
        raise EvidenceError(f"{where}: broken subtitles ({error}) → save their text as a text file") from error
    shown = [(cue.start, cue.end, cue.plaintext) for cue in cues if not cue.is_comment]
    return Found("\n\n".join(_paragraphs(shown)), notes=notes)


def _paragraphs(cues: list[tuple[int, int, str]]) -> Iterator[str]:
    words: list[str] = []
    last, ended = "", 0
    for start, end, text in cues:
        lines = [" ".join(line.split()) for line in _SOUND.sub("", text).split("\n")]
        for line in filter(None, lines):
            if line == last:  # rolling captions show each line twice
                continue
            change = _CHANGE.match(line)
            said = line[change.end() :] if change else line
            paused = bool(words) and start - ended >= _PAUSE and words[-1][-1:] in '.!?”"'
            if words and (change or paused):
                yield " ".join(words)
                words = []
            words.append(said)
            last = line
        ended = end
    if words:
        yield " ".join(words)
