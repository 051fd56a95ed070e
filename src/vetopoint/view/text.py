"""The first page for the terminal; colour and panels are the command line's business."""

from vetopoint.answers import Answers
from vetopoint.view.first_page import as_text, with_first_page


def render_text(answers: Answers, width: int = 96) -> str:
    """Render the first page in lines of at most ``width`` letters: the words that the report begins with."""
    page = answers.first_page or with_first_page(answers).first_page
    assert page is not None
    return as_text(page, width)
