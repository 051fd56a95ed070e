"""From the uncertain numbers of a case to distributions and draws, with complaints located in its file."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from vetopoint.case import Case, CaseError, Expression, ExpressionError, Input, Problem, check, kind_at
from vetopoint.quantity._own_words import check_words
from vetopoint.quantity.distributions import Distribution, SpecError, Uniform
from vetopoint.quantity.parse import data_file, own_word, parse_distribution
from vetopoint.quantity.sampling import Draws, Random, sample
from vetopoint.quantity.words import find_word

__all__ = ["compile_inputs", "draw_case", "impossible_numbers", "input_files", "possibility_warnings", "vague"]

_TAIL = 0.005


def compile_inputs(case: Case, dropped: Collection[str] = ()) -> dict[str, Distribution]:
    """Read the distribution of every uncertain number of a case, in the order of declaration.

    Parameters
    ----------
    case : a loaded case.
    dropped : names of inputs whose sources are dropped: they fall back to what `without` says, or to `vague`.

    Raises
    ------
    CaseError : with every distribution that cannot be read, each with file, line and remedy.
    """
    found: dict[str, Distribution] = {}
    problems = check_words(case)
    for name, item in case.inputs.items():
        try:
            found[name] = _fallback(case, item) if name in dropped else _read(case, item.text)
        except SpecError as error:
            problems.append(case.problem(error.message, _over_names(case, item.text) or error.remedy, item.place))
        if item.without is not None and name not in dropped:
            problems += _check_without(case, item, item.without)
    if problems:
        raise CaseError(problems)
    return found


def _read(case: Case, text: str | float) -> Distribution:
    return parse_distribution(text, case.folder, case.file.words)


def _over_names(case: Case, text: str | float) -> str:
    """What to do about a number that names other quantities; empty where it names none."""
    try:
        names = Expression.parse(text).names
    except ExpressionError:
        return ""
    known = sorted(names & set(case.file.quantities))
    return f"a quantity stands for itself: write arithmetic over '{known[0]}' where the number is used" if known else ""


def _fallback(case: Case, item: Input) -> Distribution:
    return vague(_read(case, item.text)) if item.without is None else _read(case, item.without)


def _check_without(case: Case, item: Input, without: str | float) -> list[Problem]:
    try:
        _read(case, without)
    except SpecError as error:
        return [case.problem(error.message, error.remedy, item.place, "without")]
    return []


def vague(distribution: Distribution) -> Distribution:
    """Forget all but the range: what a quantity falls back to when its sources are dropped and nothing else is said.

    Bounded distributions become uniform on their support, unbounded ones uniform between their 0.5 % and 99.5 % quantiles; a
    plain number between 0 and 1 becomes uniform on 0…1, any other between 0 and its double.

    Examples
    --------
    >>> vague(parse_distribution("very likely")).text
    'uniform(0, 1)'
    """
    lo, hi = distribution.support()
    if lo == hi:
        return Uniform(0.0, 1.0) if 0 <= lo <= 1 else Uniform(min(0.0, 2 * lo), max(0.0, 2 * lo))
    low, high = distribution.ppf([_TAIL, 1 - _TAIL]).tolist()
    return Uniform(lo if math.isfinite(lo) else low, hi if math.isfinite(hi) else high)


@check("possibility", "warning", "numbers")
def possibility_warnings(case: Case) -> list[Problem]:
    """A number rests on a word of possibility, which bears no odds."""
    found = []
    for name, item in case.inputs.items():
        meant = own_word(str(item.text), case.file.words)
        text = item.text if meant is None else meant
        word = find_word(text) if isinstance(text, str) else None
        if word is not None and word.kind == "possibility":
            message = f"'{word.word}' says that {name} is possible, not how likely; it is spread evenly over 0 to 1"
            remedy = "give a distribution and say by whose judgement, or leave it as vague as it is"
            found.append(case.problem(message, remedy, item.place, severity="warning"))
    return found


@check("out-of-range", stage="numbers")
def impossible_numbers(case: Case) -> list[Problem]:
    """A number can leave the range of what it stands for, such as a probability outside 0 to 1."""
    inputs = compile_inputs(case)
    found = []
    for place, spec in case.specs.items():
        name, kind = next(iter(spec.names)) if spec.is_name else "", kind_at(place)
        if name not in inputs or kind is None:
            continue
        lo, hi = inputs[name].support()
        if lo < kind.least or hi > kind.most:
            beyond = lo if lo < kind.least else hi
            message = f"{inputs[name].text} stands for {kind.what} {place} and can be {beyond:g}"
            remedy = _stay_within(kind.least, kind.most)
            if lo == hi:
                message, remedy = f"{kind.what} is {beyond:g}", _number_within(kind.least, kind.most)
            found.append(case.problem(message, remedy, case.inputs[name].place))
    return found


def _number_within(least: float, most: float) -> str:
    low = "" if least == -math.inf else f" from {least:g}"
    return f"write a number{low}{' on' if most == math.inf else f' to {most:g}'}"


def _stay_within(least: float, most: float) -> str:
    if (least, most) == (0, 1):
        return "use beta, pert or uniform within 0 and 1, or cut it there: normal(0.5, 0.2, lo=0, hi=1)"
    ends = f"lo={least:g}" + (f", hi={most:g}" if most < float("inf") else "")
    return f"use a distribution that stays within, or cut it there: normal(…, {ends})"


def input_files(case: Case) -> list[Path]:
    """Files from which the case's distributions are read, each once."""
    texts = [text for item in case.inputs.values() for text in (item.text, item.without) if text is not None]
    texts += case.file.words.values()
    names = dict.fromkeys(name for text in texts if (name := data_file(text)) is not None)
    return [case.folder / name for name in names]


def draw_case(
    case: Case,
    draws: int,
    seed: int,
    dropped: Collection[str] = (),
    beside: Mapping[str, Random] = MappingProxyType({}),
    block: int = 0,
) -> Draws:
    """Draw every uncertain number of a case, and those beside it; correlations are the case's own. See `sample` and `compile_inputs`.

    Raises
    ------
    CaseError : on a distribution or a correlation that cannot be used.
    """
    inputs = compile_inputs(case, dropped) | {name: what.distribution for name, what in beside.items()}
    try:
        return sample(inputs, draws, seed, case.file.correlate, block)
    except SpecError as error:
        raise CaseError(case.problem(error.message, error.remedy, "correlate")) from error
