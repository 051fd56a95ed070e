"""Pictures as typed specifications, made from the answers alone, by section; the bundle in `assets/` draws them."""

from vetopoint.answers import Answers
from vetopoint.view.charts import change, coalition, game, information, plausible, stopping, truce
from vetopoint.view.charts.methods import evidence_figures, method_figures
from vetopoint.view.names import Names
from vetopoint.view.tables import Figure

__all__ = ["pictures"]

_SECTIONS = {
    "game": game.figures,
    "coalition": coalition.figures,
    "truce": truce.figures,
    "change": change.figures,
    "information": information.figures,
    "stopping": stopping.figures,
    "plausible": plausible.figures,
    "evidence": evidence_figures,
    "methods": method_figures,
}


def pictures(answers: Answers, names: Names) -> dict[str, tuple[Figure, ...]]:
    """Make every figure that the answers allow, by section of the report."""
    return {
        section: tuple(figure for figure in made(answers, names) if figure is not None)
        for section, made in _SECTIONS.items()
    }
