"""Whether the layout of a text changes its claims: ``python tools/validation/wrapping.py [TEXT…]``.

Each text is read as it is, then wrapped at 45, 72 and 100 columns, with indents in place of blank lines, and printed to PDF by Chromium in
one column and in two (justified and hyphenated, with running heads and page numbers). A claim of the plain text is found again
where content, speaker, kind, act, polarity, hedge, chain and edges are the same, blanks and hyphens apart. Prints precision, recall and F1 in
percent, and fails where one is under 98. Texts may carry the marks of gold (``tests/data/reading/gold_*.txt``), which are taken out.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, Reader, read_document

LEAST = 98.0
WIDTHS = (45, 72, 100)
ROOT = Path(__file__).resolve().parents[2]
GOLD = sorted((ROOT / "tests" / "data" / "reading").glob("gold_*.txt"))
PLAIN = [ROOT / "tests" / "data" / "reading" / "forms" / name for name in ("plain.txt", "titled.txt", "long.txt")]
_MARK = re.compile(r"\[[SQC]\d+[a-z]?\||\]")
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_STYLE = "@page{{margin:18mm}} body{{font:{size}pt serif; text-align:justify; hyphens:auto; {columns}}} p{{margin:0 0 {gap}pt; text-indent:{indent}em}}"
_ONE = _STYLE.format(size=12, columns="", gap=10, indent=0)
_TWO = _STYLE.format(size=9.5, columns="columns:2; column-gap:14pt", gap=0, indent=1.5)


def texts_of(path: Path) -> list[str]:
    """The texts in a file: one, or those of a file of gold without their marks."""
    raw = path.read_text(encoding="utf-8")
    if not raw.startswith("=== "):
        return [raw]
    bodies = [part.split("\n--\n")[0].split("\n", 2)[2] for part in re.split(r"^=== ", raw, flags=re.MULTILINE)[1:]]
    return [_MARK.sub("", body) for body in bodies]


def wrapped(text: str, width: int) -> str:
    """A text with each paragraph wrapped, blank lines between them."""
    return "\n\n".join(textwrap.fill(paragraph, width) for paragraph in _paragraphs(text))


def indented(text: str, width: int = 72) -> str:
    """A text with each paragraph wrapped and its first line indented, no blank lines."""
    return "\n".join(textwrap.fill(paragraph, width, initial_indent="    ") for paragraph in _paragraphs(text))


def printed(text: str, style: str, chromium: str) -> str:
    """The text of a PDF to which a browser prints a text."""
    with tempfile.TemporaryDirectory() as place:
        page, pdf = Path(place) / "page.html", Path(place) / "page.pdf"
        body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in _paragraphs(text))
        head = f"<meta charset=utf-8><title>The Example Post</title><style>{style}</style>"
        page.write_text(f"<html lang=en>{head}<body>{body}</body></html>", encoding="utf-8")
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={place}/profile"]
        subprocess.run([*command, f"--print-to-pdf={pdf}", page.as_uri()], check=True, capture_output=True, timeout=120)
        return read_document(pdf).text


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def key(claim: Claim) -> tuple[object, ...]:
    """What makes two claims the same, whatever the lines in which they stand."""

    def bare(words: Iterable[str]) -> str:
        return re.sub(r"[\s\u00ad‐-]", "", " ".join(words))

    chain = tuple((link.kind, bare([link.name])) for link in claim.chain[1:])
    edges = tuple(sorted((edge.kind, edge.actor, edge.holds) for edge in claim.edges))
    spoken = (bare(span.text for span in claim.content), bare(span.text for span in claim.speaker))
    return (*spoken, claim.kind, claim.act, claim.polarity, claim.hedge, chain, edges)


def claims(reader: Reader, texts: Iterable[str]) -> Counter[tuple[object, ...]]:
    """The claims of some texts, by what makes them the same."""
    documents = [Document(f"t{number}", text) for number, text in enumerate(texts)]
    counted: Counter[tuple[object, ...]] = Counter()
    for document, found in reader.read(documents):
        if isinstance(found, EvidenceError):
            raise found
        counted.update((document.id, key(claim)) for claim in found)
    return counted


def forms() -> dict[str, Callable[[str], str]]:
    """The layouts that are tried: those that this machine can make."""
    made: dict[str, Callable[[str], str]] = {
        f"{width} columns": lambda text, width=width: wrapped(text, width) for width in WIDTHS
    }
    made["indented, 72 columns"] = indented
    chromium = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if chromium is not None:
        made["PDF, one column"] = lambda text: printed(text, _ONE, chromium)
        made["PDF, two columns"] = lambda text: printed(text, _TWO, chromium)
    return made


def measure(texts: list[str], reader: Reader) -> dict[str, tuple[float, float, float]]:
    """Precision, recall and F1 of each layout's claims against the plain text's, in percent."""
    plain = claims(reader, ("\n\n".join(_paragraphs(text)) for text in texts))
    if not plain:
        raise SystemExit("no claims in these texts")
    result = {}
    for name, form in forms().items():
        found = claims(reader, map(form, texts))
        same = (plain & found).total()
        precision, recall = 100 * same / max(found.total(), 1), 100 * same / plain.total()
        result[name] = (precision, recall, 2 * precision * recall / max(precision + recall, 1e-9))
    return result


def main() -> None:
    """Measure, print, and fail below the least."""
    paths = [Path(name) for name in sys.argv[1:]] or [path for path in (*GOLD, *PLAIN) if path.is_file()]
    texts = [text for path in paths for text in texts_of(path)]
    scores = measure(texts, Reader({}))
    print(f"{len(texts)} texts\n{'layout':<24}{'P':>7}{'R':>7}{'F1':>7}")
    for name, values in scores.items():
        print(f"{name:<24}" + "".join(f"{value:>7.1f}" for value in values))
    if min(min(values) for values in scores.values()) < LEAST:
        raise SystemExit(f"below {LEAST:g}: the layout changes claims")


if __name__ == "__main__":
    main()
