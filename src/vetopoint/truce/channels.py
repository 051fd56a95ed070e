"""Channels of one effect of presence: consent as a gate, watching, committed force, formalisation.

A published effect of presence is one number. Its channels multiply to it: ln HR = practical + formal, where the formal part is the
draw of its own row (signature, flag, mandate) and the practical part is split between watching and force by shares that are a
judgement. Each part acts to the extent that the form brings it (intensity 0 to 1):

    ln HR(form) = practical · (w_M · x_M + w_F · x_F) + tripwire · (1 − x_F) · [w_F > 0] + formal · x_S

so that with x_M = x_F = x_S = 1 the product is the published effect. Watching counts by its detection, x_M = min(1, d / d_ref): without
coverage there is no effect. Without consent another row stands in for the published one; without such a row there is no effect at all.

Channels also differ in what they act on: watching on escalation, force on an offensive, formalisation on a withdrawal of consent. The
total effect stays the published one; its parts tilt the mix of causes, π_k · exp(β_j a_jk), normalised. Hence watching moves the mix
away from incidents and does little to keep a decided attack from being the way in which truces end.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from vetopoint.arrays import Floats

__all__ = ["CAUSES", "CHANNELS", "Effect", "FormEffect"]


#: Ways in which a truce ends. `withdrawal`: a side takes back its consent to the truce, without offensive or escalation first.
CAUSES = ("offensive", "escalation", "withdrawal")
#: Channels, the gate first.
CHANNELS = ("consent", "monitoring", "force", "formalisation")
_ACTS_ON = {"monitoring": "escalation", "force": "offensive", "formalisation": "withdrawal"}


@dataclass(frozen=True)
class Effect:
    """One row's effect over n draws, taken apart.

    Parameters
    ----------
    total : (n,) log hazard ratio as published.
    formal : (n,) part of it that formalisation has.
    monitoring, force : shares of the practical rest (total − formal), summing to 1 (or both 0: no effect of presence).
    uncommitted : (n,) log hazard ratio of armed people without a commitment behind them.
    """

    total: Floats
    formal: Floats
    monitoring: float
    force: float
    uncommitted: Floats


@dataclass(frozen=True)
class FormEffect:
    """What one form does to the hazard.

    Parameters
    ----------
    consented, refused : effect where both sides consent, where one refuses (``None``: no effect).
    watching, watching_refused : (n,) x_M in the two situations.
    force, formalisation : (n,) x_F and x_S.
    exit_per_month : (n,) rate at which it leaves for causes that no actor decides.
    detection : (n,) d with consent, or ``None`` where no line is given.
    """

    consented: Effect | None
    refused: Effect | None
    watching: Floats
    watching_refused: Floats
    force: Floats
    formalisation: Floats
    exit_per_month: Floats
    detection: Floats | None = None

    def parts(self, consented: bool, channels: Collection[str] = CHANNELS) -> dict[str, Floats]:
        """Log hazard ratio of each channel that is switched on, (n,) each."""
        effect = self.consented if consented and "consent" in channels else self.refused
        nothing = np.zeros_like(self.force)
        if effect is None:
            return {name: nothing for name in _ACTS_ON}
        practical = effect.total - effect.formal
        watching = self.watching if effect is self.consented else self.watching_refused
        armed = float(effect.force > 0)
        all_parts = {
            "monitoring": practical * effect.monitoring * watching,
            "force": practical * effect.force * self.force + armed * effect.uncommitted * (1.0 - self.force),
            "formalisation": effect.formal * self.formalisation,
        }
        return {name: part if name in channels else nothing for name, part in all_parts.items()}

    def log_effect(self, consented: bool, channels: Collection[str] = CHANNELS) -> Floats:
        """Log hazard ratio of the form with these channels on, (n,)."""
        return np.asarray(sum(self.parts(consented, channels).values()))

    def shares(self, consented: bool, mix: Floats, channels: Collection[str] = CHANNELS) -> Floats:
        """How causes share in the hazard, (n, causes), summing to 1; ``mix`` (n, causes) is the mix without presence."""
        tilt = np.zeros_like(mix)
        for name, part in self.parts(consented, channels).items():
            tilt[:, CAUSES.index(_ACTS_ON[name])] += part
        weighed = mix * np.exp(tilt)
        return np.asarray(weighed / weighed.sum(axis=1, keepdims=True))
