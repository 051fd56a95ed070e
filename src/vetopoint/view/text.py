"""The same answers for the terminal: plain strings, wrapped; colour and panels are the command line's business."""

import textwrap

from vetopoint.answers import Answers
from vetopoint.view.names import names_of
from vetopoint.view.sentences import FIXED_LINE, first_page, passages


def render_text(answers: Answers, width: int = 96) -> str:
    """Render the answers in sentences, and what must be known before use, in lines of at most ``width`` letters."""
    names = names_of(answers)
    lines = [answers.run.title, "=" * min(width, len(answers.run.title)), "", *_wrapped(FIXED_LINE, width), ""]
    for passage in passages(answers, names):
        lines += [passage.question, "-" * len(passage.question)]
        for sentence in passage.sentences:
            lines += _wrapped(sentence.text, width, "  " if sentence.aside else "")
        lines.append("")
    head = "Before you use these numbers"
    lines += [head, "-" * len(head)]
    for item in first_page(answers, names):
        lines.append(f"{item.head}:")
        for line in item.lines:
            lines += _wrapped(line, width, "  ")
    lines.append("")
    return "\n".join(lines)


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False) or [""]
