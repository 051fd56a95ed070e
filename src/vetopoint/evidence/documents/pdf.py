"""PDF, read in a process of its own that is given so much time and memory and no more.

A few kilobytes of PDF can expand to gigabytes or loop for hours; no check beforehand finds out. The process is started as
``python -m vetopoint.evidence.documents._pdf_process``, takes the file on standard input and answers in JSON.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from vetopoint.errors import EvidenceError
from vetopoint.evidence.documents.document import Found, Limits, plain

_PROCESS = "vetopoint.evidence.documents._pdf_process"


def read_pdf(raw: bytes, where: str, limits: Limits) -> Found:
    """Text of a PDF in reading order, blank lines between its paragraphs; running heads and page numbers left out, footnotes last.

    Memory is bounded where the system can do so (not on Windows).

    Raises
    ------
    EvidenceError
        A bound is passed, the file is broken or protected, or it has no text layer.
    """
    # -P: a module that lies in the working folder must not be imported in place of the real one.
    command = [sys.executable, "-P", "-m", _PROCESS, *map(str, (limits.pages, limits.text_chars, limits.pdf_memory))]
    here = str(Path(__file__).resolve().parents[3])
    paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
    seconds, environment = limits.pdf_seconds, {**os.environ, "PYTHONPATH": paths}
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=seconds, check=False, env=environment)
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise EvidenceError(f"{where}: this PDF takes longer than {seconds:g} s to open → save its text") from error
    except ValueError as error:
        want = f"needs more than {limits.pdf_memory // 1_000_000} MB to open"
        raise EvidenceError(f"{where}: this PDF {want}, or breaks the extraction → save its text") from error
    if "error" in answer:
        raise EvidenceError(f"{where}: {answer['error']}")
    if not answer["text"].strip():
        raise EvidenceError(f"{where}: a PDF without a text layer (a scan?) → run text recognition on it first")
    notes = tuple(map(str, answer["notes"]))
    return Found(str(answer["text"]), title=plain(answer["title"]), author=plain(answer["author"]), notes=notes)
