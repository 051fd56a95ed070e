"""From a case and its draws to the numbers that the truce's kernels need."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from vetopoint.arrays import Floats, ratio
from vetopoint.case import Case, Place, Scope
from vetopoint.errors import CaseError, Problem
from vetopoint.quantity import Band, Draws, Random, band
from vetopoint.quantity.distributions import Normal
from vetopoint.truce.channels import CAUSES, Effect, FormEffect
from vetopoint.truce.coverage import SHARES, Strength, Watch, attributed, load_presets
from vetopoint.truce.hazard import Baseline, Kind, cumulative_hazard, load_baseline, parameters, without_presence
from vetopoint.truce.incidents import escalation_factor
from vetopoint.truce.line import read_line, read_points
from vetopoint.truce.observed import observed_counts
from vetopoint.truce.priors import DrawnPrior, Prior, load_priors, read_priors

__all__ = ["NONE", "Footing", "FormCoverage", "TruceModel", "bind", "check", "usual_detection"]

#: Name of the form that stands for no presence at all.
NONE = "none"


@dataclass(frozen=True)
class FormCoverage:
    """What one form has to look with, over n draws."""

    strength: Strength
    watch: Watch
    preset: str


@dataclass(frozen=True)
class Footing:
    """What every curve of a section is given, so that any two of them may be compared: that there is a truce, and between whom.

    The hazard of types is not that of their mean: in each draw a curve is the mean over types of the curves under each, Σ P(type | truce)
    · S(t | type), so that whoever keeps a truce worse leaves it first (Vaupel, Manton & Stallard 1979 on such mixtures).

    Attributes
    ----------
    truce : (n,) P(truce) in each draw, by which draws are weighed.
    factors : (k, n) factors on the hazard that combinations of types bring; those that bring the same are one.
    shares : (k, n) P(that factor | truce); they sum to 1 in each draw.
    """

    truce: Floats
    factors: Floats
    shares: Floats

    @classmethod
    def of(cls, factors: Sequence[Floats], weights: Floats, prior: Floats) -> Footing:
        """From each type's factor (n,), P(type and truce) and P(type), both (n, types); where there never is a truce, given the types alone."""
        if not (weights > 0).any():
            weights = prior
        truce = weights.sum(axis=1)
        shares = np.where(truce[:, None] > 0, ratio(weights, truce[:, None]), prior)
        found: list[tuple[Floats, Floats]] = []
        for factor, share in zip(factors, shares.T, strict=True):
            same = next((i for i, (other, _) in enumerate(found) if np.array_equal(other, factor)), None)
            if same is None:
                found.append((factor, share))
            else:
                found[same] = (factor, found[same][1] + share)
        return cls(truce, *(np.array(column) for column in zip(*found, strict=True)))

    @classmethod
    def plain(cls, draws: int) -> Footing:
        """A truce in every draw, and no types."""
        return cls(np.ones(draws), np.ones((1, draws)), np.ones((1, draws)))

    @property
    def weights(self) -> Floats | None:
        """(n,) weights of draws; None where all count alike."""
        return None if np.ptp(self.truce) == 0.0 else self.truce

    def first(self, draws: int) -> Footing:
        """That of the first draws; alike where none of them has a truce."""
        truce = self.truce[:draws]
        return Footing(truce if truce.any() else np.ones_like(truce), self.factors[:, :draws], self.shares[:, :draws])

    def band(self, values: Floats) -> Band:
        """A figure (n,) given a truce."""
        return band(values, self.weights)

    def mean(self, values: Floats) -> float:
        """Mean of a figure (n,) given a truce."""
        return float(np.average(values, weights=self.truce))


@dataclass(frozen=True)
class TruceModel:
    """A case's truce over n draws: baseline, effects by form, causes, and the rows of priors behind them.

    Attributes
    ----------
    mu, log_shape : (n,) parameters of the baseline.
    context : (n,) log hazard ratio of what holds in every form.
    mix : (n, causes) how causes share in the hazard without presence.
    escalation : (n,) factor on the hazard of escalation from observed incidents (1 where none are given).
    effects : form to its effect; ``none`` is not in it.
    length_km : (n,) or ``None``.
    priors : every row of priors that the case may name.
    used : the rows that it draws on, in the order in which they were first drawn.
    sample : draws of a row, (n,).
    footing : what curves are given where no type is asked for.
    """

    case: Case
    draws: Draws
    months: int
    baseline: Baseline
    mu: Floats
    log_shape: Floats
    context: Floats
    mix: Floats
    escalation: Floats
    effects: Mapping[str, FormEffect]
    coverage: Mapping[str, FormCoverage]
    length_km: Floats | None
    priors: Mapping[str, Prior]
    used: tuple[str, ...]
    sample: Callable[[str], Floats]
    footing: Footing

    def hazard(self, times: Floats) -> Floats:
        """Cumulative baseline hazard with its context, (n, T)."""
        raw = cumulative_hazard(self.baseline.kind, self.mu, self.log_shape, times)
        return raw * np.exp(self.context)[:, None]

    @cached_property
    def monthly_steps(self) -> Floats:
        """Hazard in each whole month, (n, months)."""
        return np.diff(self.hazard(np.arange(self.months + 1.0)), axis=1)

    def watched(self, mix: Floats) -> tuple[Floats, Floats]:
        """Factor on the hazard (n,), and how causes share in it (n, causes), once observed incidents act on the share of escalation."""
        seen = np.ones((self.draws.n, len(CAUSES)))
        seen[:, CAUSES.index("escalation")] = self.escalation
        raised = mix * seen
        total = raised.sum(axis=1)
        return total, raised / total[:, None]

    @cached_property
    def absent(self) -> tuple[Floats, Floats]:
        """The same without presence."""
        return self.watched(self.mix)

    @cached_property
    def _presences(self) -> dict[tuple[str, bool, frozenset[str]], tuple[Floats, Floats]]:
        """What was asked of `presence`: many paths differ only in when a form stands."""
        return {}

    def presence(self, form: str, consented: bool, channels: frozenset[str]) -> tuple[Floats, Floats]:
        """Factor on the hazard (n,), and how causes share in it (n, causes), while a form stands and these of its channels act."""
        asked = (form, consented, channels)
        if asked not in self._presences:
            effect = self.effects[form]
            total, mix = self.watched(effect.shares(consented, self.mix, channels))
            self._presences[asked] = np.exp(effect.log_effect(consented, channels)) * total, mix
        return self._presences[asked]

    @cached_property
    def calm(self) -> list[Floats]:
        """What is left without presence after each whole month, (n, months), at each factor of the footing."""
        return [without_presence(self.monthly_steps, factor, self.absent[0]) for factor in self.footing.factors]

    def label(self, form: str) -> str:
        """What a form is called in sentences."""
        return self.case.file.forms[form].label or form.replace("_", " ")

    def type_factor(self, types: Mapping[str, str]) -> Floats:
        """Factor by which a combination of types (actor to its type) shifts the hazard, (n,)."""
        factor = np.ones(self.draws.n)
        for actor, name in types.items():
            if self.case.file.types[actor][name] != "rest":
                factor = factor * _within(self.case, self.draws, Place.of("types", actor, name, "hazard"))
        return factor

    def with_baseline(self, kind: Kind) -> TruceModel:
        """The same truce on the other baseline."""
        baseline = _baseline(kind, self.priors)
        mu, log_shape = _baseline_draws(self.draws, baseline)
        return replace(self, baseline=baseline, mu=mu, log_shape=log_shape)


def bind(case: Case, draws: Draws, instead: Mapping[str, Prior] | None = None) -> TruceModel:
    """Evaluate a case's truce over its draws, with other rows of priors ``instead`` of some.

    Raises
    ------
    CaseError
        for an unknown row of priors or preset, each with its place in the file.
    """
    if problems := [p for p in _names(case) if p.severity == "error"]:
        raise CaseError(problems)
    settings, sampler = case.file.truce, _Sampler(case, draws, {**_rows(case), **(instead or {})})
    length = _length(case, draws)
    coverage = {name: _form_coverage(case, draws, name) for name in case.file.forms}
    effects = {name: _form_effect(sampler, name, coverage[name], length) for name in case.file.forms}
    baseline = _baseline(settings.baseline, sampler.rows)
    mu, log_shape = _baseline_draws(draws, baseline)
    context = sum((np.log(sampler(row)) for row in settings.context), np.zeros(draws.n))
    weights = np.column_stack([sampler(f"cause_{cause}") for cause in CAUSES])
    escalation = np.ones(draws.n)
    counts = observed_counts(case)
    if counts is not None:
        escalation = escalation_factor(counts, usual_detection(case, draws), sampler("incident_slope"))
    return TruceModel(
        case=case,
        draws=draws,
        months=case.file.horizon_months,
        baseline=baseline,
        mu=mu,
        log_shape=log_shape,
        context=context,
        mix=weights / weights.sum(axis=1, keepdims=True),
        escalation=escalation,
        effects=effects,
        coverage=coverage,
        length_km=length,
        priors=sampler.rows,
        used=tuple(sampler.used),
        sample=sampler,
        footing=Footing.plain(draws.n),
    )


def usual_detection(case: Case, draws: Draws) -> float:
    """Detection of the first declared form that sees anything of the line, its numbers at their expectations; 1 where there is none."""
    usual = draws.at_means()
    length = _length(case, usual)
    if length is None:
        return 1.0
    forms = (_form_coverage(case, usual, name) for name in case.file.forms)
    found = (float(np.squeeze(attributed(form.strength, length, form.watch))) for form in forms)
    return next((detection for detection in found if detection > 0), 1.0)


def check(case: Case) -> list[Problem]:
    """Complaints that need the tables of this room: unknown rows of priors, presets, files that cannot be used."""
    found = _names(case)
    return found if any(p.severity == "error" for p in found) else [*found, *_readable(case)]


def _names(case: Case) -> list[Problem]:
    """Unknown rows of priors and presets, overrides without a reason, files that do not exist."""
    truce, rows = case.file.truce, _rows(case)
    found: list[Problem] = []
    for row, place in _named_rows(case):
        if row not in rows:
            found.append(case.problem(f"no prior '{row}'", f"rows of the table: {', '.join(rows)}", place))
        elif place.parts[:2] != ("truce", "overrides") and rows[row].scale != "hazard_ratio":
            message = f"'{row}' is no effect on the hazard but a {rows[row].scale.replace('_', ' ')}"
            found.append(case.problem(message, "name a row whose scale is hazard_ratio", place))
    for row in truce.overrides:
        if row not in truce.why:
            message, remedy = f"'{row}' is overridden without a reason", f"add it under `truce.why.{row}`"
            found.append(case.problem(message, remedy, "truce", "overrides", severity="warning"))
    for name, place in _files(case):
        if not (case.folder / name).is_file():
            message, remedy = f"file '{name}' not found", "give its path relative to the case folder"
            found.append(case.problem(message, remedy, place))
    return [*_coverage_problems(case), *found]


def _named_rows(case: Case) -> list[tuple[str, Place]]:
    """Rows of priors that a case names, and where."""
    truce = case.file.truce
    named: list[tuple[str, Place]] = [(row, Place.of("truce", "context")) for row in truce.context]
    named += [(row, Place.of("truce", "overrides", row)) for row in truce.overrides]
    for name, form in case.file.forms.items():
        effects = {"effect": form.effect, "effect_refused": form.effect_refused}
        named += [(row, Place.of("forms", name, key)) for key, row in effects.items() if row]
    return named


def _files(case: Case) -> list[tuple[str, Place]]:
    truce, line = case.file.truce, case.file.line
    named = [
        (truce.watched.file if truce.watched else None, Place.of("truce", "observed")),
        (truce.priors, Place.of("truce", "priors")),
        (line.geojson if line else None, Place.of("line", "geojson")),
        (line.incidents if line else None, Place.of("line", "incidents")),
    ]
    return [(name, place) for name, place in named if name]


def _readable(case: Case) -> list[Problem]:
    """What is wrong inside the files of places and of incidents."""
    line, found = case.file.line, []
    readers: list[Callable[[], object]] = [lambda: observed_counts(case)]
    if line is not None and line.geojson is not None:
        readers.append(lambda: read_line(case.folder / str(line.geojson)))
    if line is not None and line.incidents is not None:
        readers.append(lambda: read_points(case.folder / str(line.incidents)))
    for read in readers:
        try:
            read()
        except CaseError as error:
            found += [problem for problem in error.problems if problem not in found]
    return found


def _coverage_problems(case: Case) -> list[Problem]:
    presets, known = load_presets(), Watch.__dataclass_fields__
    found = []
    for name, form in case.file.forms.items():
        if form.preset is not None and form.preset not in presets:
            message, remedy = f"unknown preset '{form.preset}'", f"use one of {', '.join(presets)}"
            found.append(case.problem(message, remedy, "forms", name, "preset"))
        for key in form.coverage:
            if key not in known:
                message, remedy = f"unknown coverage parameter '{key}'", f"use one of {', '.join(known)}"
                found.append(case.problem(message, remedy, "forms", name, "coverage"))
    return found


def _rows(case: Case) -> dict[str, Prior]:
    """The shipped priors, with the rows of the case's own table in their place."""
    own = case.file.truce.priors
    path = case.folder / own if own else None
    return {**load_priors(), **(read_priors(path) if path and path.is_file() else {})}


def _within(case: Case, draws: Draws, place: Place, least: float = 0.0, most: float = np.inf) -> Floats:
    """Value of the uncertain number at a place, (n,), refused where a draw lies outside its range."""
    value = case.spec(place).evaluate(Scope(values=draws))
    values = np.broadcast_to(np.asarray(value, dtype=np.float64), (draws.n,))
    low, high = float(values.min()), float(values.max())
    if not (low >= least - 1e-9 and high <= most + 1e-9):
        spread = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        wanted = f"between {least:g} and {most:g}" if np.isfinite(most) else f"at least {least:g}"
        message = f"draws of {spread}, but this must be {wanted}"
        raise CaseError(case.problem(message, "use a distribution that stays in range", place))
    return values


class _Sampler:
    """Draws of the rows of priors, each from its own column of uniforms, or from the case where it overrides the row."""

    def __init__(self, case: Case, draws: Draws, rows: dict[str, Prior]) -> None:
        self.case, self.draws, self.rows = case, draws, rows
        self.used: dict[str, Floats] = {}

    def __call__(self, row: str) -> Floats:
        if row not in self.used:
            if row in self.case.file.truce.overrides:
                least = -np.inf if self.rows[row].scale == "slope" else 1e-6
                self.used[row] = np.array(_within(self.case, self.draws, Place.of("truce", "overrides", row), least))
            else:
                prior = self.rows[row]
                origin: Literal["published", "judged"] = "judged" if prior.size_judged else "published"
                what = Random(DrawnPrior(prior), prior.label, origin, prior.source)
                self.used[row] = self.draws.drawn(f"truce.{row}", what)
        return self.used[row]

    def effect(self, row: str | None) -> Effect | None:
        if row is None:
            return None
        prior = self.rows[row]
        split = (prior.monitoring, prior.force) if prior.monitoring + prior.force > 0 else (1.0, 0.0)
        return Effect(np.log(self(row)), np.log(self("formal_text")), *split, np.log(self("tripwire_uncommitted")))


def _baseline(kind: Kind, rows: Mapping[str, Prior]) -> Baseline:
    """The shipped baseline, or the one that the case's own priors file brings."""
    mu, log_shape = (rows.get(f"baseline_{kind}_{name}") for name in ("mu", "log_shape"))
    if mu is None or log_shape is None:
        return load_baseline(kind)
    numbers = (mu.estimate, mu.log_sd, log_shape.estimate, log_shape.log_sd, 0.0)
    return Baseline(kind, *numbers, mu.source, mu.status, mu.note)


def _baseline_draws(draws: Draws, baseline: Baseline) -> tuple[Floats, Floats]:
    about = {"mu": "How long a truce lasts without presence", "shape": "How fast the danger to a truce falls with time"}
    scores = [
        draws.drawn(
            f"truce.{name}", Random(Normal(0.0, 1.0), f"{words} (standard score)", "published", baseline.source)
        )
        for name, words in about.items()
    ]
    return parameters(baseline, np.column_stack(scores))


def _length(case: Case, draws: Draws) -> Floats | None:
    line = case.file.line
    if line is not None and line.length_km is not None:
        return _within(case, draws, Place.of("line", "length_km"), 0.001)
    if line is not None and line.geojson is not None:
        return np.full(draws.n, read_line(case.folder / line.geojson).length_km)
    return None


def _form_coverage(case: Case, draws: Draws, name: str) -> FormCoverage:
    form = case.file.forms[name]
    preset = form.preset or "default"

    def number(*key: str, most: float = np.inf) -> Floats:
        return _within(case, draws, Place.of("forms", name, *key), 0.0, most)

    changes = {key: number("coverage", key, most=1.0 if key in SHARES else np.inf) for key in form.coverage}
    strength = Strength(number("personnel"), number("drones"), number("cameras"), number("access", most=1.0))
    return FormCoverage(strength, replace(load_presets()[preset][0], **changes), preset)


def _form_effect(sampler: _Sampler, name: str, coverage: FormCoverage, length: Floats | None) -> FormEffect:
    case, draws = sampler.case, sampler.draws
    form = case.file.forms[name]

    def number(key: str, most: float = np.inf) -> Floats:
        return _within(case, draws, Place.of("forms", name, key), 0.0, most)

    force, formalisation = number("committed_force", 1.0), number("formalisation", 1.0)
    leave = number("exit") if form.exit is not None else sampler("exit")
    watching = refused = np.ones(draws.n)
    detection = None
    if length is not None:
        strength, watch = coverage.strength, coverage.watch
        limited = replace(strength, access=strength.access * watch.access_refused)
        detection = np.broadcast_to(attributed(strength, length, watch), (draws.n,))
        reference = sampler("detection_reference")
        watching = np.minimum(1.0, detection / reference)
        refused = np.minimum(1.0, attributed(limited, length, watch) / reference)
    return FormEffect(
        consented=sampler.effect(form.effect),
        refused=sampler.effect(form.effect_refused),
        watching=watching,
        watching_refused=refused,
        force=force,
        formalisation=formalisation,
        exit_per_month=leave / 12.0,
        detection=detection,
    )
