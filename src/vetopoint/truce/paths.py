"""Presence paths: which form stands along the line from when to when, counted from the truce's start."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PresencePath", "Segment"]


@dataclass(frozen=True)
class Segment:
    """One form of presence over one stretch of time.

    Parameters
    ----------
    form : name of the form in the case.
    consented : whether both belligerents consent to it then.
    start, end : months from the truce's start; ``end=None`` means to the horizon.
    """

    form: str
    consented: bool
    start: float
    end: float | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"segment of '{self.form}' ends ({self.end}) before it starts ({self.start})")


@dataclass(frozen=True)
class PresencePath:
    """Segments in order of time; gaps between them are months without presence.

    ``broken_at`` is the month at which a move itself ends the truce (an offensive that somebody decides), or ``None``.
    """

    segments: tuple[Segment, ...] = ()
    broken_at: float | None = None

    def __post_init__(self) -> None:
        for before, after in zip(self.segments, self.segments[1:], strict=False):
            if after.start < before.start or (before.end is not None and after.start < before.end):
                raise ValueError(f"'{after.form}' starts before '{before.form}' has ended")
