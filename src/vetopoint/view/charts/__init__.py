"""Pictures as typed specifications, made from the answers alone; the bundle in `assets/` draws them."""

from vetopoint.view.charts.spec import ChartSpec

__all__ = ["ChartSpec"]
