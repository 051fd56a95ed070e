"""Slips of the pen in conditions, arithmetic and numbers: what was meant by what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["DISTRIBUTIONS", "distribution_meant", "expression_slip", "number_slip"]

#: The families of distributions, by the names under which numbers are written; `vetopoint.quantity` makes them.
DISTRIBUTIONS = ("normal", "lognormal", "beta", "uniform", "triangular", "pert", "fixed", "discrete", "empirical")
#: What other programs call them.
_ALSO = {"gauss": "normal", "gaussian": "normal", "n": "normal", "norm": "normal", "logn": "lognormal", "lognorm": "lognormal", "unif": "uniform", "u": "uniform", "range": "uniform", "between": "uniform", "random": "uniform", "rand": "uniform", "tri": "triangular", "triang": "triangular", "triangle": "triangular", "betapert": "pert", "choice": "discrete", "data": "empirical"}  # fmt: skip


_CURLY = re.compile("[“”„‟‘’‚«»]")
_SIGNS = {
    "−": "-",
    "–": "-",
    "—": "-",
    "×": "*",
    "·": "*",
    "•": "*",
    "÷": "/",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "∧": "and",
    "∨": "or",
    "¬": "not",
}
_NUMBER = r"\d+(?:\.\d+)?|\.\d+"


def _written(pattern: str, better: str | Callable[[re.Match[str]], str], lead: str = "write ") -> Callable[[str], str]:
    """What to write where a pattern is found, shown on the text itself."""

    def said(source: str) -> str:
        written = " ".join(re.sub(pattern, better, source).split())
        return f"{lead}`{written}`"

    return said


def _said(remedy: str) -> Callable[[str], str]:
    return lambda source: remedy


def _signs(source: str) -> str:
    signs = [sign for sign in _SIGNS if sign in source]
    return f"write {' and '.join(f'{_SIGNS[s]} instead of {s}' for s in signs)}"


def _logic(source: str) -> str:
    return _written(r"\s*\|{1,2}\s*", " or ")(re.sub(r"\s*&{1,2}\s*", " and ", source))


def _unbalanced(source: str) -> str:
    open_ = any(source.count(one) != source.count(other) for one, other in ("()", "[]", "{}"))
    return "close every bracket that is opened, and open every one that is closed" if open_ else ""


def _times(source: str) -> str:
    source = re.sub(r"(\w)\s+x\s+(?=\w)", r"\1 * ", source)
    return _written(rf"(?<![A-Za-z_0-9.])({_NUMBER})\s*([A-Za-z_])", r"\1 * \2", "write * to multiply: ")(source)


def _percentage(found: re.Match[str]) -> str:
    return f"{float(found[1]) / 100:g}"


_EQUALS = "two equals signs compare: write "
_WHOLE = r"(AND|And|OR|Or|NOT|Not|IN|In|IF|If|ELSE|Else)"
#: What is found in a text, and what to do about it; the first that is found counts.
_EXPRESSION: tuple[tuple[str, Callable[[str], str]], ...] = (
    (_CURLY.pattern, _written(_CURLY.pattern, "", "leave curly quotation marks out: ")),
    ("|".join(_SIGNS), _signs),
    (r"\$|€|£", _said("write the number alone; its unit stands under `unit:` of a quantity")),
    (r"===+", _written(r"===+", "==")),
    (r"<>|=!|=/=|!==", _written(r"<>|=!|=/=|!==?", "!=")),
    (r"=>", _written(r"=>", ">=")),
    (r"=<", _written(r"=<", "<=")),
    (r"&|\|", _logic),
    (r"!(?!=)", _written(r"!(?!=)\s*", "not ")),
    (rf"\b{_WHOLE}\b", _written(rf"\b{_WHOLE}\b", lambda m: m[0].lower(), "write it in small letters: ")),
    (r"(?<![=!<>])=(?!=)", _written(r"\s*(?<![=!<>])=(?!=)\s*", " == ", _EQUALS)),
    (rf"({_NUMBER})\s*%", _written(rf"({_NUMBER})\s*%", _percentage, "write a share for a percentage: ")),
    (r"\^", _written(r"\s*\^\s*", " ** ")),
    (r"^\s*rest\s*$", _said("`rest` is what the other options of a chance move leave; `otherwise` closes the list of outcomes")),
    (r"^\s*(else|others?|default|any other.*|all others?)\s*$", _said("write `otherwise` for the outcome that closes the list")),
    (r"^\s*(if|when|where)\b(?!.*\belse\b)", _written(r"^\s*(if|when|where)\s+", "")),
    (r"\bis\s+not\b|\bisn't\b", _written(r"\bis\s+not\b|\bisn't\b", "!=")),
    (r"\b(is|equals?|eq)\b", _written(r"\b(is|equals?|eq)(\s+to)?\b", "==")),
    (r"\bthen\b", _said("a condition stands alone: write `a and b` where both must hold")),
    (r"\bNone\b", _said("leave the key out where nothing is meant; a move that did not come has the value skipped")),
    (r"[({\[][^)\]}]*$|^[^({\[]*[)\]}]", _unbalanced),
    (r"\{[^{}:]*\}", _written(r"\{([^{}:]*)\}", r"[\1]", "write a list in square brackets: ")),
    (r"\w\s*:\s*\w", _written(r"\s*:\s*", " == ", _EQUALS)),
    (r"(^|[^\d,(\[])\d+,\d+", _written(r"(\d),(\d)", r"\1.\2", "write a point: ")),
    (r";", _said("write a comma between the numbers of a function, `and` between conditions")),
    (r"(\b(and|or|not|in)|[=!<>+*/-])\s*$", _said("something is missing at the end")),
    (r"^\s*((and|or|in)\b|==|!=|[<>*/])", _said("something is missing at the beginning")),
    (r",\s*$", _written(r",\s*$", "")),
    (rf"\w\s+x\s+\w|(^|[\s(*+/-])({_NUMBER})\s*(?!e\d)[A-Za-z_]\w*", _times),
    (r"\b([A-Za-z_]\w*)\.(?!last\b)([A-Za-z]\w*)", _written(r"\b([A-Za-z_]\w*)\.(?!last\b)([A-Za-z]\w*)", r"\1 == \2")),
    (r"^\s*([A-Za-z_]\w*)\s*\[\s*([A-Za-z_]\w*)\s*\]\s*$", _written(r"\s*\[\s*([A-Za-z_]\w*)\s*\]", r" == \1")),
)  # fmt: skip


def expression_slip(source: str) -> str:
    """What to write instead of an expression that cannot be read; empty where no slip is recognised.

    Examples
    --------
    >>> expression_slip("propose = full"), expression_slip("a == b OR c == d")
    ('two equals signs compare: write `propose == full`', 'write it in small letters: `a == b or c == d`')
    """
    for pattern, remedy in _EXPRESSION:
        if re.search(pattern, source) and (said := remedy(source)):
            return said
    return ""


_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9, "b": 1e9}
_COUNTED = {
    w: str(i)
    for i, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
}
_FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "1/3", "⅔": "2/3", "half": "0.5", "a half": "0.5", "one half": "0.5", "a third": "1/3", "two thirds": "2/3", "a quarter": "0.25"}  # fmt: skip
_FAMILIES = "pert|uniform|triangular|normal|lognormal|beta|fixed"
_SHOWN = "uniform({0}, {1}), or pert({0}, most likely, {1})"


def _points(text: str) -> str:
    return re.sub(r"(\d),(\d)", r"\1.\2", text)


def _percents(text: str) -> str:
    return re.sub(
        rf"({_NUMBER})\s*(%|per ?cent|pct|percent)", lambda m: f"{float(m[1]) / 100:g}", text, flags=re.IGNORECASE
    )


def _range(found: re.Match[str]) -> str:
    low, high = found[1].replace(",", "."), found[2].replace(",", ".")
    return f"write a range as {_SHOWN.format(low, high)}" if float(low) < float(high) else ""


def _give_or_take(found: re.Match[str]) -> str:
    middle, about = float(found[1]), float(found[2])
    return f"write pert({middle - about:g}, {middle:g}, {middle + about:g}), or normal({middle:g}, {about:g})"


def _bound(found: re.Match[str]) -> str:
    above = found[1].lower().startswith((">", "≥", "over", "above", "more", "at least", "min"))
    return (
        f"write a range as uniform({found[2]}, highest)" if above else f"write a range as uniform(lowest, {found[2]})"
    )


def _scaled(found: re.Match[str]) -> str:
    factor = _SCALES.get(found[2].lower(), 1.0)
    return f"write the number alone, {float(found[1]) * factor:.12g}; its unit stands under `unit:`"


def _called(found: re.Match[str]) -> str:
    numbers = re.findall(rf"-?(?:{_NUMBER})", _points(re.sub(r",\s+", "; ", found[2])))
    return f"write {found[1].lower()}({', '.join(numbers)})" if numbers else ""


_NUMBERS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (r".*[“”„‟‘’‚«»].*", lambda m: f"leave curly quotation marks out: {_CURLY.sub('', m[0])}"),
    (r".*[−–—].*\(.*|[−–—]\s*[\d.].*|\w+\(.*[−–—].*", lambda m: "write the minus sign of the keyboard, -, instead of a dash"),
    (r"(\d{1,3}(?:[ ,.\u00a0\u202f']\d{3})+)", lambda m: f"write the number without gaps: {re.sub(r'[^0-9]', '', m[1])}"),
    (r"(-?\d+),(\d+)", lambda m: f"write a point: {m[1]}.{m[2]}"),
    (rf"({_NUMBER})\s*(?:%|per ?cent|pct)", lambda m: f"write a share for a percentage: {float(m[1]) / 100:g}"),
    (r".*\d\s*(?:%|per ?cent).*", lambda m: f"write shares for percentages: {_percents(m[0])}"),
    (rf"(?:between\s+|from\s+)?({_NUMBER}|\d+,\d+)\s*(?:-|–|—|to|and|\.\.\.?|…)\s*({_NUMBER}|\d+,\d+)", _range),
    (rf"({_NUMBER})\s*(?:±|\+/-|\+-)\s*({_NUMBER})", _give_or_take),
    (rf"(<=?|>=?|≤|≥|over|above|under|below|more than|less than|at least|at most|up to)\s*({_NUMBER})", _bound),
    (rf"(?:~|≈|about|around|approx\.?|approximately|circa|ca\.?|roughly|some)\s*({_NUMBER})", lambda m: f"write how vague it is: pert(lowest, {m[1]}, highest)"),
    (r"([1-9]\d*)\s*:\s*([1-9]\d*)", lambda m: f"write a share: {int(m[1]) / (int(m[1]) + int(m[2])):g}"),
    (r"(\d+) (?:in|out of|of) ([1-9]\d*)", lambda m: f"write a share: {int(m[1]) / int(m[2]):g}"),
    (rf"[$€£]\s*({_NUMBER})\s*([A-Za-z]*)", _scaled),
    (rf"({_NUMBER})\s*([A-Za-z€$£][A-Za-z.€$£ ]*)", _scaled),
    (rf"({_NUMBER})\s*\(.*\)", lambda m: f"write {m[1]} alone; why stands under `from: {{note: …}}`"),
    (rf"(?i:({_FAMILIES}))\s*\(([^()]*)\)", _called),
    (rf"(?i:({_FAMILIES}))\s*[\[({{ ]\s*([-\d][^()\[\]{{}}]*)[\])}}]?", _called),
    (rf"(?i:({_FAMILIES}))\s*", lambda m: f"write its numbers in brackets, such as {m[1].lower()}(…)"),
    (rf"(?:{_FAMILIES})\([^()]*\)\s*[-+*/].*|.*[-+*/(]\s*(?:{_FAMILIES})\([^()]*\).*", lambda m: "declare the distribution as a quantity, and write arithmetic over its name where it is used"),
    (r"\?+|tbd|tba|todo|unknown|n/?a|none|null|nan|inf|xxx|unclear|not known|no idea", lambda m: "write how vague it is: uniform(lowest, highest)"),
    (r"(?:very |quite |rather )?(high|low|medium|large|small|big|strong|weak|much|little|huge|tiny|moderate)", lambda m: "write how much: a number, or a distribution such as pert(lowest, most likely, highest)"),
)  # fmt: skip


def number_slip(text: str) -> str:
    """What to write instead of a number that cannot be read; empty where no slip is recognised.

    Examples
    --------
    >>> number_slip("0,7"), number_slip("70 %"), number_slip("0.3 to 0.8")
    ('write a point: 0.7', 'write a share for a percentage: 0.7', 'write a range as uniform(0.3, 0.8), or pert(0.3, most likely, 0.8)')
    """
    said = " ".join(text.split())
    plain = said.lower()
    if plain in _COUNTED or plain in _FRACTIONS:
        return f"write {_COUNTED.get(plain) or _FRACTIONS[plain]}"
    for pattern, remedy in _NUMBERS:
        found = re.fullmatch(pattern, said if "(?i:" in pattern or "[A-Z" in pattern else plain)
        if found and (told := remedy(found)):
            return told
    return ""


def distribution_meant(name: str) -> str:
    """The family of distributions that is called otherwise elsewhere, or in capitals; empty where none is.

    >>> distribution_meant("Gauss"), distribution_meant("PERT"), distribution_meant("min")
    ('normal', 'pert', '')
    """
    plain = name.lower()
    return plain if plain in DISTRIBUTIONS else _ALSO.get(plain, "")
