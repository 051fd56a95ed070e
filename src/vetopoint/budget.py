"""How many draws, sets and cells each part of a run may use: what solves the game many times over takes the first so many draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from vetopoint.errors import VetopointError, did_you_mean

__all__ = ["USUAL", "Budget"]

LEAST = 64  # draws of a large game


@dataclass(frozen=True)
class Budget:
    """The most draws (or else what is said) that each part of a run uses; a run of fewer draws uses them all.

    Attributes
    ----------
    threats : threats, which solve the game a few times more.
    decisiveness : decisiveness and sets of actors, options announced in advance, other precisions; no more than for threats.
    keys : who holds the key at other precisions.
    sets : sets of actors for each of which the game is solved anew; where there are more, orders of actors are sampled and only small
        sets are searched.
    cells : draws times nodes of the game in decisiveness where there are more sets than that.
    resolved : draws times nodes of the game in threats, decisiveness, moments of many simultaneous moves, the twin and the retrace.
    members : decisiveness of members through the whole chain.
    swings : draws in which every number in turn is drawn anew, and each value at which a number is held to see whether it tips the answer.
    effects : draws in which the numbers with the largest effects are drawn anew.
    smoothed : what is smoothed to see where a number may tip the answer.
    discovery : the search for boxes of numbers in which the plan fails, and as many more to measure them.
    twin : the ignorance twin, the counterexample, the smallest sets of numbers, the run without unnamed sources.
    trials : each single trial of a counterexample or of a set of numbers.
    stability : the second opinion of the graph model.
    retraced : draws whose branch is followed once more in short steps, to see whether it ends at the same play.
    first : the first pass, which fixes what is a mean over draws: units, and what players expect of the truce.
    expectations : the search for expectations that come true.
    consent : each member's and each fact's yes and no, within the coalition alone.
    worlds : single worlds of the coalition, for Shapley shares, sets and blame.
    curves : the coalition's curves over the months.
    issues : distributions of settlements, and their challenge and exchange models.
    expected : each value at which a number of the case's `expect` lines is held.
    variants : each variant of the case.
    targets : the search for what would make the truce hold.
    watch : the search for the people who would see enough of the line.
    asking : what it would be worth to know a number before a decision.
    surrogate : the polynomial stand-in that maps which numbers act together.

    Raises
    ------
    VetopointError
        If a count is no whole number above zero.

    Examples
    --------
    >>> Budget(swings=256).swings
    256
    >>> Budget.of({"swings": "512"}).set_by_hand
    {'swings': 512}
    """

    threats: int = 4096
    decisiveness: int = 384
    keys: int = 256
    sets: int = 160
    cells: int = 60_000
    resolved: int = 1_000_000
    members: int = 256
    swings: int = 128
    effects: int = 1024
    smoothed: int = 4096
    discovery: int = 2048
    twin: int = 1024
    trials: int = 16
    stability: int = 64
    retraced: int = 256
    first: int = 4096
    expectations: int = 512
    consent: int = 1024
    worlds: int = 512
    curves: int = 512
    issues: int = 1024
    expected: int = 128
    variants: int = 128
    targets: int = 2048
    watch: int = 256
    asking: int = 20_000
    surrogate: int = 12_288

    def __post_init__(self) -> None:
        for name in self.names():
            count = getattr(self, name)
            if not isinstance(count, int) or isinstance(count, bool) or count < 1:
                raise VetopointError(f"budget {name}={count} → give a whole number of draws, at least 1")

    @classmethod
    def names(cls) -> list[str]:
        """What can be set."""
        return [field.name for field in fields(cls)]

    @classmethod
    def of(cls, counts: Mapping[str, int | str]) -> Budget:
        """The usual budget with some counts set, by name; text is read as a number.

        Raises
        ------
        VetopointError
            For an unknown name, with the nearest, and for a count that is no whole number above zero.
        """
        known = cls.names()
        read: dict[str, int] = {}
        for name, count in counts.items():
            if name not in known:
                hint = did_you_mean(name, known, f"name one of {', '.join(known)}")
                raise VetopointError(f"budget {name}: no part of a run → {hint}")
            try:
                read[name] = int(count)
            except ValueError as error:
                raise VetopointError(f"budget {name}={count} → give a whole number of draws, at least 1") from error
        return cls(**read)

    def fitted(self, nodes: int) -> Budget:
        """The same for a game of so many nodes: the larger it is, the fewer draws of it are solved anew.

        >>> Budget().fitted(10_000).threats
        100
        """
        most = max(LEAST, self.resolved // nodes)
        parts = ("threats", "decisiveness", "twin", "retraced", "expected", "variants")
        lowered = {name: min(getattr(self, name), most) for name in parts}
        return replace(self, **lowered)

    @property
    def set_by_hand(self) -> dict[str, int]:
        """The counts that differ from the usual ones, by name."""
        own = {name: getattr(self, name) for name in self.names()}
        return {name: count for name, count in own.items() if count != getattr(USUAL, name)}


USUAL = Budget()
