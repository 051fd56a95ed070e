"""Where the plan fails, in words: what a few numbers must be, how often it then does, and how much of all failures that is."""

from collections.abc import Iterator

from vetopoint.answers import BoxLimit, ScenarioBox, ScenarioDiscovery
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, listed, number, percent

__all__ = ["box_words", "discovery_words", "hundred_of"]


def hundred_of(share: float) -> str:
    """Say a share as so many of 100.

    >>> hundred_of(0.874), hundred_of(0.002)
    ('87 of 100', 'under 1 of 100')
    """
    return f"{percent(share).removesuffix('%')} of 100"


def limit_words(limit: BoxLimit, names: Names) -> str:
    """Say within which limits a number lies."""
    unit = f" {limit.unit}" if limit.unit else ""
    name = f"“{capital((limit.label or names.quantity(limit.quantity)).lstrip('… '))}”"
    low, high = (None if at is None else number(at, 3) for at in (limit.above, limit.below))
    if low is not None and high is not None:
        return f"{name} is between {low} and {high}{unit}"
    return f"{name} is {f'above {low}' if low is not None else f'below {high}'}{unit}"


def box_words(box: ScenarioBox, found: ScenarioDiscovery, names: Names) -> str:
    """Say one box: where, how often, and which part of all such draws."""
    where = listed(limit_words(limit, names) for limit in box.limits)
    return (
        f"where {where}, {names.quoted(found.event)} in {hundred_of(box.density)} draws; that is {hundred_of(box.coverage)} of all such "
        "draws"
    )


def discovery_words(found: ScenarioDiscovery, names: Names, most: int = 2) -> Iterator[str]:
    """Say the first boxes, and why what is looked for is looked for."""
    if not found.boxes:
        yield f"no few numbers tell in which draws {names.quoted(found.event)}: no box of {count(found.inputs, 'number')} was found that does"
        return
    if found.why:
        yield f"scenario discovery: {found.why}"
    for place, box in enumerate(found.boxes[:most]):
        yield f"{'of the other draws, ' if place else ''}{box_words(box, found, names)} (overall {hundred_of(found.share)})"
