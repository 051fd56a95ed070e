"""The first page: what somebody with one minute is told; the report, the terminal and “copy as text” say the same lines.

`first_page` writes it, from the figures alone and by rules that hold for any case; `as_text` sets it as plain text.
"""

from vetopoint.answers import Answers, FirstPage
from vetopoint.view.first_page._fork import fork_picture
from vetopoint.view.first_page._lines import lines_of
from vetopoint.view.first_page._screen import Screen, screen
from vetopoint.view.first_page._story import Story, at
from vetopoint.view.first_page._text import as_text
from vetopoint.view.names import Names, names_of

__all__ = ["as_text", "at", "first_page", "first_screen", "with_first_page"]


def first_page(answers: Answers, names: Names) -> FirstPage:
    """Say who can stop it, whether it is tried, how long it holds, what that rests on and what would change it.

    At most 150 words, each number with its place in the answers; a line that the case cannot fill is left out.
    """
    story = Story(answers, names)
    run, lines = answers.run, lines_of(story)
    version = run.versions.get("vetopoint", "")
    return FirstPage(
        title=run.title,
        as_of=run.as_of,
        lines=lines,
        fork=fork_picture(story),
        source=f"Vetopoint {version}".strip() + f", {run.case}, {run.draws:,} draws from seed {run.seed}",
    )


def with_first_page(answers: Answers) -> Answers:
    """Return the answers with their first page."""
    return answers.model_copy(update={"first_page": first_page(answers, names_of(answers))})


def first_screen(answers: Answers) -> Screen:
    """Return the first page as the report shows it: the one that the run kept, or made anew where it kept none."""
    answers = answers if answers.first_page is not None else with_first_page(answers)
    assert answers.first_page is not None
    return screen(answers, answers.first_page)
