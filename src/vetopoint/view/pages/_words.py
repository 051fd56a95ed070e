"""Words that the pages share: natural frequencies, on what condition, and what a success is called."""

from vetopoint.answers import Answers
from vetopoint.view.names import Names
from vetopoint.view.numbers import natural


def hundred(share: float) -> str:
    """A share as so many of 100, in a picture or a title.

    >>> hundred(0.4), hundred(0.003), hundred(0.998), hundred(0.0), hundred(1.0)
    ('40', '<1', '>99', '0', '100')
    """
    said = natural(share)
    return {"none": "0", "all": "100", "fewer than 1": "<1", "more than 99": ">99"}.get(said, said)


def of_hundred(share: float) -> str:
    """A share as a natural frequency, of 1,000 where it is below one of 100.

    >>> of_hundred(0.4), of_hundred(0.004), of_hundred(0.00004), of_hundred(0.998), of_hundred(0.0), of_hundred(1.0)
    ('40 of 100', '4 of 1,000', 'fewer than 1 of 1,000', 'more than 99 of 100', 'none of 100', 'all of 100')
    """
    return f"{natural(share, 1000)} of 1,000" if 0 < share < 0.0095 else f"{natural(share)} of 100"


def given(answers: Answers, names: Names) -> str:
    """On what the figures are conditioned: ``given that a ceasefire is reached``; empty where nothing is presupposed."""
    if not answers.run.presupposes:
        return ""
    said = names.short.presupposes
    return f"given that {said}" if said else f"given {names.condition(answers.run.presupposes)}"


def plans(answers: Answers, names: Names) -> str:
    """Of what a frequency is: ``ceasefires``, or ``plans``."""
    return names.short.cases or "plans"
