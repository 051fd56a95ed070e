"""Checks of quantities and the claims they rest on."""

from collections.abc import Collection, Iterator

from vetopoint.case.case import Case
from vetopoint.case.checks._complaints import strangers
from vetopoint.case.registry import check, suggest
from vetopoint.errors import Problem


@check("unused-quantity", "warning")
def _unused(case: Case) -> Iterator[Problem]:
    """Nobody uses a quantity."""
    for name in case.file.quantities:
        if name not in case.used_at:
            remedy = "use it in a payoff, a type or a chance move, or delete it"
            yield case.problem(f"nobody uses '{name}'", remedy, "quantities", name)


@check("no-fallback", "warning")
def _fallbacks(case: Case) -> Iterator[Problem]:
    """A quantity rests on claims and does not say what it falls back to without them."""
    for name, quantity in case.file.quantities.items():
        if quantity.from_.claims and quantity.without is None:
            message = "no `without`: when its sources are dropped it becomes vague on its range"
            yield case.problem(message, "say what it falls back to", "quantities", name)


@check("correlations")
def _correlations(case: Case) -> Iterator[Problem]:
    """A correlation names no quantity, or lies outside -1 to 1."""
    for i, (a, b, rho) in enumerate(case.file.correlate):
        yield from strangers(case, "quantity", case.inputs, [(word, ("correlate", i)) for word in (a, b)])
        if not -1 < rho < 1:
            yield case.problem(f"impossible correlation {rho:g}", "a correlation lies between -1 and 1", "correlate", i)


@check("unknown-claim", stage="claims")
def _claims(case: Case, claim_ids: Collection[str], rejected: Collection[str] = ()) -> Iterator[Problem]:
    """A quantity rests on a claim that does not exist, or that was rejected."""
    for name, quantity in case.file.quantities.items():
        for claim in quantity.from_.claims:
            message, remedy = f"no claim '{claim}'", suggest(claim, claim_ids)
            if claim in rejected:
                message = f"claim '{claim}' was rejected, so no number may rest on it"
                remedy = f"take it out of `claims: […]`, or take it back with `vetopoint review CASE {claim} accept`"
            if claim not in claim_ids:
                yield case.problem(message, remedy, "quantities", name, "from")
