"""From what a case file writes to a distribution; the text is parsed, never evaluated."""

from __future__ import annotations

import ast
import csv
import inspect
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from vetopoint.case.functions import FUNCTIONS
from vetopoint.case.slips import DISTRIBUTIONS, distribution_meant, expression_slip, number_slip
from vetopoint.errors import did_you_mean
from vetopoint.quantity import distributions
from vetopoint.quantity.distributions import Distribution, Empirical, Fixed, SpecError
from vetopoint.quantity.words import find_word, near_words, normalised

__all__ = ["data_file", "own_word", "parse_distribution"]

_CALL = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*\((.*)\)\s*", re.DOTALL)
_RANGE = re.compile(r"\s*[\d.]+-[\d.]+\s*")
_MAX_LENGTH = 20_000
_INF = math.inf


def _normal(mean: float, sd: float, *, lo: float = -_INF, hi: float = _INF) -> Distribution:
    return distributions.Normal(mean, sd, lo, hi)


def _lognormal(
    *unnamed: float,
    median: float | None = None,
    p90: float | None = None,
    mean: float | None = None,
    sd: float | None = None,
    lo: float = 0.0,
    hi: float = _INF,
) -> Distribution:
    if unnamed:
        message = "lognormal needs its numbers by name: median and p90, or mean and sd"
        raise SpecError(message, "write lognormal(median=1, p90=2.5)")
    if median is not None and p90 is not None and mean is None and sd is None:
        return distributions.LogNormal(median, p90, lo, hi)
    if mean is not None and sd is not None and median is None and p90 is None:
        return distributions.LogNormal.from_moments(mean, sd, lo, hi)
    raise SpecError("lognormal needs median and p90, or mean and sd", "write lognormal(median=1, p90=2.5)")


def _beta(
    a: float | None = None, b: float | None = None, *, mean: float | None = None, strength: float | None = None
) -> Distribution:
    if a is not None and b is not None and mean is None and strength is None:
        return distributions.Beta(a, b)
    if mean is not None and strength is not None and a is None and b is None:
        return distributions.Beta.from_mean(mean, strength)
    raise SpecError("beta needs a and b, or mean and strength", "write beta(2, 5) or beta(mean=0.3, strength=10)")


_FAMILIES: dict[str, Callable[..., Distribution]] = {
    "normal": _normal,
    "lognormal": _lognormal,
    "beta": _beta,
    "uniform": distributions.Uniform,
    "triangular": distributions.Triangular,
    "pert": distributions.Pert,
    "fixed": Fixed,
}
_NAMES = DISTRIBUTIONS


def own_word(text: str, words: Mapping[str, str | float]) -> str | float | None:
    """What a case takes a text to mean if it is one of the words that the case declares, else None.

    Examples
    --------
    >>> own_word("Very-Likely", {"very likely": "beta(18, 2)"})
    'beta(18, 2)'
    """
    sought = normalised(text)
    return next((meant for word, meant in words.items() if normalised(word) == sought), None)


def parse_distribution(
    text: str | float, folder: Path | None = None, words: Mapping[str, str | float] | None = None
) -> Distribution:
    """Read a number, a distribution or a word of probability.

    Parameters
    ----------
    text : what the case file says, such as ``0.3``, ``pert(1, 2, 4)``, ``discrete(1: 0.3, 2: 0.7)`` or ``very likely``.
    folder : the case folder, in which ``empirical(file.csv, column)`` finds its file.
    words : what a case takes words to mean instead of the shipped table; a word that names its scale, ``likely (icd203)``, is left
        alone, and a meaning is itself read by the shipped table.

    Raises
    ------
    SpecError : when it cannot be used, with the reason and a remedy.

    Examples
    --------
    >>> parse_distribution("lognormal(median=1, p90=2.5)").median()
    1.0
    >>> parse_distribution("beta(mean=0.3, strength=10)").text
    'beta(3, 7)'
    """
    if isinstance(text, bool):
        raise SpecError(f"{str(text).lower()} is not a number", "write 1 or 0")
    if isinstance(text, (int, float)):
        return Fixed(float(text))
    if len(text) > _MAX_LENGTH:
        remedy = "put the values in a file: empirical(file.csv, column)"
        raise SpecError("the text is too long for a distribution", remedy)
    own = own_word(text, words or {})
    if own is not None:
        return parse_distribution(own, folder)
    found = find_word(text)
    if found is not None:
        return found.distribution
    call = _CALL.fullmatch(text)
    if call:
        return _from_call(call[1], call[2], text.strip(), folder)
    try:
        if _RANGE.fullmatch(text) and number_slip(text):
            raise SpecError("a range is no number")
        return Fixed(_number(ast.parse(text.strip(), mode="eval").body))
    except (SyntaxError, SpecError, RecursionError, ValueError) as error:
        raise SpecError(f"{text.strip()!r} is no number, distribution or word of probability", _meant(text)) from error


def _meant(text: str) -> str:
    """What to write instead of a text that is no number."""
    words = near_words(text)
    if words:
        return f"did you mean {' or '.join(map(repr, words))}?"
    otherwise = "write a number, a distribution such as pert(1, 2, 4), or a word such as 'very likely'"
    slip = number_slip(text) or expression_slip(text)
    return slip or did_you_mean(text.strip().lower(), _NAMES, otherwise, cutoff=0.75)


_signature = lru_cache(inspect.signature)


def _from_call(name: str, body: str, text: str, folder: Path | None) -> Distribution:
    if name == "discrete":
        return _discrete(body)
    if name == "empirical":
        return _empirical(body, folder)
    return _of_family(name, text)


@lru_cache(maxsize=4096)
def _of_family(name: str, text: str) -> Distribution:
    """A distribution that rests on its text alone; a run reads the same texts many times."""
    family = _FAMILIES.get(name)
    if family is None:
        raise SpecError(f"unknown distribution {name!r}", _family_meant(name))
    call = _parse(text, text)
    if not isinstance(call, ast.Call):
        remedy = "give one distribution, or name two quantities and combine them"
        raise SpecError(f"{text!r} is more than one distribution", remedy)
    positional = [_number(argument) for argument in call.args]
    keywords: dict[str, float] = {}
    signature = _signature(family)
    known = [key for key, p in signature.parameters.items() if p.kind is not p.VAR_POSITIONAL]
    for keyword in call.keywords:
        if keyword.arg not in known:
            meant = next((k for k in known if keyword.arg in _ALSO.get(k, ())), "")
            usual = f"write {_usage(name)}"
            remedy = f"did you mean {meant!r}?" if meant else did_you_mean(str(keyword.arg), known, usual, 0.6)
            raise SpecError(f"{name} takes no {keyword.arg!r}", remedy)
        if keyword.arg in keywords:
            raise SpecError(f"{name}: {keyword.arg} stands twice", "give each argument once")
        keywords[str(keyword.arg)] = _number(keyword.value)
    try:
        signature.bind(*positional, **keywords)
    except TypeError as error:
        slip = number_slip(text) if re.search(r"\d,\d", text) else ""
        count = len(positional) + len(keywords)
        raise SpecError(
            f"{name} cannot be made of {count} number{'' if count == 1 else 's'}", slip or f"write {_usage(name)}"
        ) from error
    return family(*positional, **keywords)


_USAGES = {
    "normal": "normal(mean, standard deviation), with lo=… and hi=… to cut it",
    "lognormal": "lognormal(median=1, p90=2.5)",
    "beta": "beta(2, 5) or beta(mean=0.3, strength=10)",
    "uniform": "uniform(lowest, highest)",
    "triangular": "triangular(lowest, most likely, highest)",
    "pert": "pert(lowest, most likely, highest)",
    "fixed": "the number alone",
}
_ALSO = {
    "lo": ("min", "low", "lower", "minimum", "lowest", "a"),
    "hi": ("max", "high", "upper", "maximum", "highest", "b"),
    "mode": ("likely", "most_likely", "ml", "peak", "c"),
    "mean": ("mu", "average", "loc"),
    "sd": ("sigma", "std", "stdev", "scale"),
    "median": ("p50", "mid"),
    "p90": ("q90", "high", "upper"),
}


def _usage(name: str) -> str:
    """How a distribution is written."""
    return _USAGES.get(name, f"{name}(…)")


def _family_meant(name: str) -> str:
    """What to write instead of a distribution that is none."""
    meant = distribution_meant(name)
    if meant:
        return f"did you mean {meant!r}? write {_usage(meant)}"
    if name in FUNCTIONS:
        return f"{name}(…) is arithmetic: name quantities, and write it where the number is used"
    return did_you_mean(name, _NAMES, f"known distributions: {', '.join(_NAMES)}", cutoff=0.6)


def _parse(source: str, shown: str) -> ast.expr:
    try:
        return ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise SpecError(f"{shown!r} cannot be read", number_slip(shown) or "check the brackets and commas") from error


_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def _number(node: ast.expr) -> float:
    """Value of a number or of plain arithmetic such as ``1/3``."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = _number(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        try:
            return _OPERATIONS[type(node.op)](_number(node.left), _number(node.right))
        except (ZeroDivisionError, OverflowError) as error:
            raise SpecError(f"{ast.unparse(node)!r} has no value", "write the number itself") from error
    remedy = "arguments are numbers; to combine quantities, write arithmetic over their names instead"
    raise SpecError(f"{ast.unparse(node)!r} is not a number", remedy)


def _discrete(body: str) -> Distribution:
    tree = _parse(f"{{{body}}}", f"discrete({body})")
    if not isinstance(tree, ast.Dict) or any(key is None for key in tree.keys):
        raise SpecError("discrete needs value: weight pairs", "write discrete(1: 0.3, 2: 0.7)")
    values = [_number(key) for key in tree.keys if key is not None]
    return distributions.Discrete(tuple(values), tuple(_number(weight) for weight in tree.values))


def _unquote(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def data_file(text: str | float) -> str | None:
    """Name of the file that a distribution is read from, or None.

    Examples
    --------
    >>> from vetopoint.quantity.parse import data_file
    >>> data_file("empirical(past.csv, months)")
    'past.csv'
    """
    call = _CALL.fullmatch(text) if isinstance(text, str) else None
    if call is None or call[1] != "empirical":
        return None
    return _file_and_column(call[2])[0] or None


def _file_and_column(body: str) -> tuple[str, str]:
    file, comma, column = (_unquote(part) for part in body.rpartition(","))
    return (file, column) if comma and file.lower().endswith((".csv", ".tsv")) else ("", "")


def _empirical(body: str, folder: Path | None) -> Distribution:
    file, column = _file_and_column(body)
    if file:
        return Empirical.of(_column(file, column, folder), source=body.strip())
    if _unquote(body).lower().endswith((".csv", ".tsv")):
        raise SpecError("empirical: no column is named", f"write empirical({body.strip()}, column)")
    tree = _parse(f"[{body}]", f"empirical({body})")
    return Empirical.of([_number(item) for item in tree.elts] if isinstance(tree, ast.List) else [])


def _column(file: str, column: str, folder: Path | None) -> Sequence[float]:
    if folder is None:
        raise SpecError(f"empirical: {file} cannot be found without a case folder", "list the values instead")
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise SpecError(f"empirical: {file} lies outside the case folder", "copy the file into the case folder")
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream, delimiter="\t" if path.suffix.lower() == ".tsv" else ","))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"empirical: {file} cannot be read ({getattr(error, 'strerror', None) or error})"
        raise SpecError(message, "check the name; it is relative to the case folder") from error
    names = list(rows[0]) if rows else []
    if column not in names:
        listed = f"its columns are {', '.join(map(str, names)) or 'none'}"
        raise SpecError(f"empirical: {file} has no column {column!r}", did_you_mean(column, names, listed, cutoff=0.5))
    cells = {line: row[column] for line, row in enumerate(rows, start=2) if (row[column] or "").strip()}
    return [_cell(cell, f"empirical: {file}, row {line}: {column}") for line, cell in cells.items()]


def _cell(cell: str, where: str) -> float:
    try:
        return float(cell)
    except ValueError as error:
        raise SpecError(f"{where} is {cell!r}, not a number", "correct or empty the cell") from error
