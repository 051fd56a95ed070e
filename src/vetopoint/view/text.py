"""The first page for the terminal; colour and panels are the command line's business."""

from vetopoint.answers import Answers
from vetopoint.view.first_page import as_text, with_first_page


def render_text(answers: Answers, width: int = 96, most: int | None = None) -> str:
    """Render the first page in lines of at most ``width`` letters: the words that the report begins with.

    Parameters
    ----------
    most : the most lines that it may have; what does not fit is left to the report, the rarest ends of the fork first.
    """
    page = answers.first_page or with_first_page(answers).first_page
    assert page is not None
    told = as_text(page, width)
    if most is None:
        return told
    ends = max((len(side.ends) for side in page.fork.sides), default=0) if page.fork is not None else 0
    while len(told.splitlines()) > most and ends > 1:
        ends -= 1
        told = as_text(page, width, ends)
    lines = told.splitlines()
    return told if len(lines) <= most else "\n".join([*lines[: most - 1], "… the rest stands in the report."])
