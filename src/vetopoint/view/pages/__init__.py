"""The pages behind the first screen: one idea a page, its finding as the title; a page that a case cannot fill is left out."""

from vetopoint.answers import Answers
from vetopoint.view.names import Names
from vetopoint.view.pages import builds, claims, holding, keys, levers, limits, outside, road
from vetopoint.view.pages._page import Page

__all__ = ["Page", "pages"]

_PAGES = (claims.page, road.page, keys.page, holding.page, outside.page, levers.page, builds.page, limits.page)


def pages(answers: Answers, names: Names) -> tuple[Page, ...]:
    """Make every page that the answers allow, in the order in which they are read."""
    return tuple(page for made in _PAGES if (page := made(answers, names)) is not None)
