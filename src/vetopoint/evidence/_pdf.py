"""The text of a PDF, extracted in a process of its own that is given so much time and memory and no more.

A few kilobytes of PDF can expand to gigabytes or loop for hours; no check beforehand finds out. The process is started as
``python -m vetopoint.evidence._pdf``, takes the file on standard input and answers in JSON.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from vetopoint.errors import EvidenceError


@dataclass(frozen=True)
class Limits:
    """What a source may measure at most: bytes of the file, characters of its text; of a PDF pages, seconds, bytes of memory."""

    file_bytes: int = 20_000_000
    text_chars: int = 5_000_000
    pages: int = 2_000
    pdf_seconds: float = 60.0
    pdf_memory: int = 1_500_000_000


def pdf_text(path: Path, raw: bytes, limits: Limits) -> str:
    """Text of a PDF's pages, blank lines between them; `EvidenceError` where a bound is passed or the file is broken.

    Memory is bounded where the system can do so (not on Windows).
    """
    # -P: a module that lies in the working folder must not be imported in place of the real one.
    command = [sys.executable, "-P", "-m", __name__, *map(str, (limits.pages, limits.text_chars, limits.pdf_memory))]
    here = str(Path(__file__).resolve().parents[2])
    paths = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))
    seconds, environment = limits.pdf_seconds, {**os.environ, "PYTHONPATH": paths}
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=seconds, check=False, env=environment)
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise EvidenceError(f"{path}: this PDF takes longer than {seconds:g} s to open → save its text") from error
    except ValueError as error:
        want = f"needs more than {limits.pdf_memory // 1_000_000} MB to open"
        raise EvidenceError(f"{path}: this PDF {want}, or breaks the extraction → save its text") from error
    if "error" in answer:
        raise EvidenceError(f"{path}: {answer['error']}")
    return str(answer["text"])


def _extract(raw: bytes, pages: int, chars: int) -> dict[str, str]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    parts: list[str] = []
    length = 0
    try:
        reader = PdfReader(io.BytesIO(raw))
        number = len(reader.pages)
        if number > pages:
            return {"error": f"{number} pages, above the limit of {pages} → cut it into articles"}
        for page in reader.pages:
            parts.append(page.extract_text())
            length += len(parts[-1])
            if length > chars:
                return {"error": f"more than {chars:,} characters of text → cut it into articles"}
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        if "limit" in type(error).__name__.lower():
            return {"error": "this PDF expands beyond all measure → save its text"}
        return {"error": f"a broken PDF ({type(error).__name__}) → save it anew, or save its text"}
    return {"text": "\n\n".join(parts)}


def _bound(memory: int) -> None:
    """Limit this process's memory, where the system can."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _main() -> None:
    pages, chars, memory = map(int, sys.argv[1:4])
    raw = sys.stdin.buffer.read()
    _bound(memory)
    sys.stdout.write(json.dumps(_extract(raw, pages, chars)))


if __name__ == "__main__":
    _main()
