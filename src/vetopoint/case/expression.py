"""Safe expressions: parsed to a checked tree, evaluated over arrays; nothing is ever run as code.

The language: arithmetic, comparisons, ``and / or / not / in``, ``a if b else c``, numbers, names, ``move.last``, ``move[2]``,
``any / all / count`` over the rounds of a repeated move, ``month(move)``, and the functions of `vetopoint.case.functions`. Arithmetic is that of
64-bit floating point, whatever is written: a condition counts as 0 or 1, an integer as its float.
"""

from __future__ import annotations

import ast
import keyword
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, reduce
from itertools import permutations
from typing import Any

import numpy as np

from vetopoint.arrays import Array
from vetopoint.case.functions import CONTEXT, DATES, FUNCTIONS, REDUCERS, TABLE
from vetopoint.errors import VetopointError

__all__ = ["CONTEXT", "DATES", "FUNCTIONS", "REDUCERS", "SKIPPED", "Expression", "ExpressionError", "Scope"]

SKIPPED = "skipped"
MAX_LENGTH = 2_000
MAX_NODES = 500
MAX_DEPTH = 130

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.Pow: np.power,
}  # fmt: skip
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: np.equal, ast.NotEq: np.not_equal, ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
}  # fmt: skip
_RESERVED = frozenset(keyword.kwlist) - {"and", "or", "not", "in", "if", "else", "True", "False"}
_WORDS = {"true": True, "false": False}


class ExpressionError(VetopointError, ValueError):
    """An expression that cannot be read or evaluated; ``remedy`` says what to write instead, ``place`` where it stands if known."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
        self.place: object = None


@dataclass(frozen=True)
class Scope:
    """What names mean while an expression is evaluated.

    Parameters
    ----------
    values : name to array; all arrays broadcast against each other. A name that is a choice too is the choice where it is compared.
    choices : name of a move (or ``outcome``) to an array of option names; a repeated move has its rounds on the last axis.
    functions : context functions such as ``present_at`` or ``joined``.
    rounds : names of the repeated moves in ``choices``.
    options : name of a choice to the options it may have, used to tell an option from a quantity of the same name.
    now : of repeated moves, the options in the round at hand, which their bare names mean there.
    dates : name of a move to the months at which it came, shaped as in ``choices``.
    """

    values: Mapping[str, Array] = field(default_factory=dict)
    choices: Mapping[str, Array] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Array]] = field(default_factory=dict)
    rounds: frozenset[str] = frozenset()
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    now: Mapping[str, Array] = field(default_factory=dict)
    dates: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Expression:
    """A parsed expression.

    Examples
    --------
    >>> import numpy as np
    >>> e = Expression.parse("deploy_cost * 2 if answer == consent else 0")
    >>> e.evaluate(Scope({"deploy_cost": np.array([[1.0], [2.0]])}, {"answer": np.array([["consent", "oppose"]])})).tolist()
    [[2.0, 0.0], [4.0, 0.0]]
    """

    text: str
    tree: ast.expr = field(repr=False, compare=False)
    place: object = field(default=None, repr=False, compare=False)

    @classmethod
    def parse(cls, text: str | float | bool) -> Expression:
        """Read an expression; raises `ExpressionError` for anything outside the language."""
        source = str(text).lower() if isinstance(text, bool) else " ".join(str(text).split())
        return cls(source, _read(source))

    @classmethod
    def input(cls, name: str) -> Expression:
        """The expression that stands for one named input, dotted names included."""
        return cls(name, ast.Name(id=name))

    @cached_property
    def names(self) -> frozenset[str]:
        """Every bare name in the expression (functions apart)."""
        return frozenset(_names(self.tree))

    @cached_property
    def calls(self) -> frozenset[str]:
        """Every function called."""
        called = (node.func for node in ast.walk(self.tree) if isinstance(node, ast.Call))
        return frozenset(function.id for function in called if isinstance(function, ast.Name))

    @property
    def is_name(self) -> bool:
        """Whether the expression is a single name."""
        return isinstance(self.tree, ast.Name)

    def evaluate(self, scope: Scope, finite: bool = True) -> Array:
        """Value as an array of numbers or truth values that broadcasts with the scope's arrays.

        Parameters
        ----------
        scope : what the names mean.
        finite : whether what is no finite number is refused.

        Raises
        ------
        ExpressionError
            If names, options and numbers do not go together, or the value is not always a finite number.
        """
        try:
            with np.errstate(all="ignore"):
                value = np.asarray(_Evaluator(scope).visit(self.tree))
            if _is_text(value):
                message = f"'{self.text}' is text, neither a number nor a condition"
                raise ExpressionError(message, "compare it with `==`")
            if finite and not self.is_name and not _is_finite(value):
                raise ExpressionError(f"'{self.text}' is not always a finite number", _ranges(self.calls))
        except ExpressionError as error:
            error.place = error.place or self.place
            raise
        return value

    def comparisons(self) -> Iterator[tuple[str, str]]:
        """Pairs (choice, word) where a word is compared with a choice or looked for in a list of choices."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                lists = [side.elts if isinstance(side, ast.List | ast.Tuple) else [side] for side in sides]
                for one, other in permutations([leaf for leaves in lists for leaf in leaves], 2):
                    choice = _choice_name(one)
                    if choice is not None and isinstance(other, ast.Name):
                        yield choice, other.id


@lru_cache(maxsize=4096)
def _read(source: str) -> ast.expr:
    """The checked tree of an expression, which nobody changes: variants of a case read the same text many times."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"expression of {len(source)} characters", f"keep it under {MAX_LENGTH}")
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"cannot read the expression '{source}'", _advice(source)) from error
    _check_size(tree)
    _check(tree)
    return tree


def _check_size(tree: ast.expr) -> None:
    """Refuse what is too long or too deeply nested to be walked by functions that call themselves."""
    level: list[ast.AST] = [tree]
    nodes = depth = 0
    while level:
        nodes, depth = nodes + len(level), depth + 1
        if nodes > MAX_NODES or depth > MAX_DEPTH:
            raise ExpressionError("expression with too many parts", "split it into quantities")
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def _ranges(calls: Iterable[str]) -> str:
    """What to look at where a result is no finite number."""
    bounded = [name for name in sorted(calls) if name in FUNCTIONS and FUNCTIONS[name].domain]
    told = [f"{name}(…) an argument {FUNCTIONS[name].domain}" for name in bounded]
    return "; ".join(["give divisions a divisor that is never 0, powers a base above 0", *told])


def _fold(operator: Callable[[Any, Any], Any], parts: Iterable[Any]) -> Array:
    return np.asarray(reduce(operator, parts))


def _choice_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.value, ast.Name):
        return node.value.id
    return None


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        if node.id not in _WORDS:
            yield node.id
        return
    for child in _inner(node):
        yield from _names(child)


def _advice(source: str) -> str:
    """What to write instead of an expression that cannot be read."""
    reserved = [word for word in re.findall(r"[^\W\d]\w*", source) if word in _RESERVED]
    if reserved:
        return f"'{reserved[0]}' is a reserved word: give what bears it another name"
    return "use names, numbers, and/or/not/in, == and + - * /"


def _check(node: ast.AST) -> None:
    match node:
        case ast.BoolOp() | ast.IfExp() | ast.Name() | ast.List() | ast.Tuple() | ast.Constant(value=bool() | str()):
            pass
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.UAdd()) | ast.Attribute(value=ast.Name(), attr="last"):
            pass
        case ast.boolop() | ast.unaryop() | ast.operator() | ast.cmpop() | ast.expr_context():
            pass
        case ast.BinOp(op=op) if type(op) in _BINARY:
            pass
        case ast.Compare(ops=ops) if all(type(op) in _COMPARE or isinstance(op, ast.In | ast.NotIn) for op in ops):
            pass
        case ast.Subscript(value=ast.Name(), slice=ast.Constant(value=value)) if type(value) is int:
            pass
        case ast.Constant(value=int() | float() as number):
            _check_finite(number)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            _check_call(name, args)
        case _:
            written = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
            remedy = "use names, numbers, and/or/not/in, comparisons, arithmetic, `x if y else z`, move.last, move[k]"
            raise ExpressionError(f"'{written}' is not part of the expression language", remedy)
    for child in _inner(node):
        _check(child)


def _inner(node: ast.AST) -> Iterable[ast.AST]:
    """The parts of a node that are expressions of their own: of a call its arguments."""
    return node.args if isinstance(node, ast.Call) else ast.iter_child_nodes(node)


def _check_finite(number: float) -> None:
    if abs(number) > sys.float_info.max:
        raise ExpressionError("a number too large to be reckoned with", "write one below 1e308")


def _check_call(name: str, args: list[ast.expr]) -> None:
    """Arguments in the number and of the kind that the table says; names that it does not know are left to the checks."""
    function = TABLE.get(name)
    if function is None:
        return
    if len(args) < function.least or (function.most is not None and len(args) > function.most):
        raise ExpressionError(f"{name}(…) takes {function.arity}, not {len(args)}", _called(name))
    for argument in args[: function.constants]:
        _check(argument)
        if set(_names(argument)) or any(isinstance(node, ast.Call | ast.Attribute) for node in ast.walk(argument)):
            raise ExpressionError(f"'{ast.unparse(argument)}' in {name}(…) must be a plain number", _called(name))
        if not _Evaluator(Scope())._number(argument) >= 0:
            raise ExpressionError(f"'{ast.unparse(argument)}' in {name}(…) is below 0", _called(name))


def _called(name: str) -> str:
    """How a function is written."""
    return f"write {TABLE[name].usage}" + (", with a plain number from 0 on" if TABLE[name].constants else "")


@dataclass(frozen=True)
class _Evaluator:
    scope: Scope
    round: int | None = None

    def visit(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=value):
                return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
            case ast.Name(id=name):
                return self._name(name)
            case ast.BoolOp(op=op, values=values):
                return _fold(np.logical_and if isinstance(op, ast.And) else np.logical_or, map(self._truth, values))
            case ast.UnaryOp(op=op, operand=operand):
                return self._unary(op, operand)
            case ast.BinOp(left=left, op=op, right=right):
                return _BINARY[type(op)](self._number(left), self._number(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._either(test, body, orelse)
            case ast.Compare():
                return self._compare(node)
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(name, args)
            case ast.Attribute() | ast.Subscript():
                return self._choice(node)
        raise ExpressionError(f"'{ast.unparse(node)}' cannot stand here")

    def _unary(self, op: ast.unaryop, operand: ast.expr) -> Array:
        if isinstance(op, ast.Not):
            return np.asarray(np.logical_not(self._truth(operand)))
        value = self._number(operand)
        return np.asarray(np.negative(value) if isinstance(op, ast.USub) else value)

    def _number(self, node: ast.expr) -> Any:
        value = self.visit(node)
        if _is_text(value):
            message = f"'{ast.unparse(node)}' is text, where a number is needed"
            raise ExpressionError(message, "use numbers and quantities")
        return np.asarray(value, dtype=np.float64)

    def _either(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Array:
        holds, values = self._truth(test), (self.visit(body), self.visit(orelse))
        if _is_text(values[0]) != _is_text(values[1]):
            sides = f"'{ast.unparse(body)}' and '{ast.unparse(orelse)}'"
            raise ExpressionError(f"{sides}: one is text, the other a number", "let both be numbers, or both options")
        return np.asarray(np.where(holds, *values))

    def _truth(self, node: ast.expr) -> Array:
        value = self.visit(node)
        if _is_text(value):
            place = ast.unparse(node)
            raise ExpressionError(f"'{place}' is text, where a condition is needed", f"compare it: `{place} == …`")
        return np.asarray(value, dtype=bool)

    def _name(self, name: str) -> Any:
        if name in self.scope.values:
            return self.scope.values[name]
        if name in self.scope.choices:
            return self._choice(ast.Name(id=name))
        if name in _WORDS:
            return _WORDS[name]
        raise ExpressionError(f"'{name}' is not known here", "use a declared name")

    def _is_choice(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id == "form_at"
        name = _choice_name(node)
        return name is not None and name in self.scope.choices

    def _choice(self, node: ast.expr) -> Array:
        name = _choice_name(node)
        if name is None or name not in self.scope.choices:
            raise ExpressionError(f"'{ast.unparse(node)}': '{name}' is no move", "write the name of a move")
        if isinstance(node, ast.Name) and self.round is None and name in self.scope.now:
            return self.scope.now[name]
        return self._round(node, name, self.scope.choices[name])

    def _round(self, node: ast.expr, name: str, array: Array) -> Array:
        """Of what stands for each round of a move, here or in the round at hand, that of the round that is named."""
        if name not in self.scope.rounds:
            if not isinstance(node, ast.Name):
                raise ExpressionError(f"'{name}' is not repeated", f"write `{name}` alone")
            return array
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            k = int(node.slice.value)  # type: ignore[arg-type]
            if not 1 <= k <= array.shape[-1]:
                raise ExpressionError(f"'{name}' has rounds 1 to {array.shape[-1]}, not {k}", "choose one of these")
            return array[..., k - 1]
        if isinstance(node, ast.Attribute):
            return _last_taken(array, self.scope.choices[name])
        if self.round is None:
            raise ExpressionError(f"'{name}' is repeated", f"say any({name} == …), count(…), {name}.last or {name}[k]")
        return array[..., self.round]

    def _compare(self, node: ast.Compare) -> Array:
        left = node.left
        result: Any = True
        for op, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, ast.In | ast.NotIn):
                if not isinstance(right, ast.List | ast.Tuple) or not right.elts:
                    raise ExpressionError(f"'{ast.unparse(node)}': `in` needs a list", "write `x in [a, b]`")
                found = _fold(np.logical_or, [self._compared(np.equal, left, item) for item in right.elts])
                part = np.logical_not(found) if isinstance(op, ast.NotIn) else found
            else:
                part = self._compared(_COMPARE[type(op)], left, right)
            result = np.logical_and(result, part)
            left = right
        return np.asarray(result)

    def _compared(self, comparison: Callable[[Any, Any], Any], left: ast.expr, right: ast.expr) -> Any:
        values = self._pair(left, right)
        texts = [_is_text(value) for value in values]
        if any(texts) and (not all(texts) or comparison not in (np.equal, np.not_equal)):
            sides = f"'{ast.unparse(left)}' and '{ast.unparse(right)}'"
            raise ExpressionError(f"{sides} cannot be compared so", "compare numbers, or options by == and !=")
        return comparison(*values)

    def _pair(self, left: ast.expr, right: ast.expr) -> tuple[Any, Any]:
        """Both sides of a comparison; a bare word beside a choice is one of its options."""
        if self._is_choice(left) and self._is_option(right, left):
            return self._chosen(left), right.id  # type: ignore[attr-defined]
        if self._is_choice(right) and self._is_option(left, right):
            return left.id, self._chosen(right)  # type: ignore[attr-defined]
        if self._is_choice(left) and self._is_choice(right):
            return self._chosen(left), self._chosen(right)
        return self.visit(left), self.visit(right)

    def _chosen(self, node: ast.expr) -> Any:
        return self.visit(node) if isinstance(node, ast.Call) else self._choice(node)

    def _is_option(self, node: ast.expr, beside: ast.expr) -> bool:
        if not isinstance(node, ast.Name):
            return False
        options = self.scope.options.get(_choice_name(beside) or "")
        if options is not None and node.id in options | {SKIPPED}:
            return True
        return node.id not in self.scope.choices and node.id not in self.scope.values

    def _call(self, name: str, args: list[ast.expr]) -> Any:
        if name in REDUCERS:
            return self._reduce(name, args)
        if name in DATES:
            return self._dated(name, args[0])
        if name in self.scope.functions:
            return self.scope.functions[name](*[a.id if isinstance(a, ast.Name) else self.visit(a) for a in args])
        known = FUNCTIONS.get(name)
        if known is None or known.compute is None:
            words = f"use {', '.join([*FUNCTIONS, *REDUCERS, *DATES, *self.scope.functions])}"
            raise ExpressionError(f"no function '{name}' here", words)
        return known.compute(*[self._number(a) for a in args])

    def _dated(self, function: str, node: ast.expr) -> Any:
        name = _choice_name(node) or ""
        compute = DATES[function].compute
        if name not in self.scope.dates or compute is None:
            raise ExpressionError(f"'{ast.unparse(node)}' in {function}(…) is no move", _called(function))
        return compute(self._round(node, name, self.scope.dates[name]))

    def _reduce(self, name: str, args: list[ast.expr]) -> Any:
        repeated = sorted(set(_names(args[0])) & self.scope.rounds)
        if not repeated:
            raise ExpressionError(f"{name}(…) needs a repeated move inside", "name a move that has `repeat`")
        rounds = min(self.scope.choices[m].shape[-1] for m in repeated)
        parts = [_Evaluator(self.scope, k)._truth(args[0]) for k in range(rounds)]
        if name == "count":
            return _fold(np.add, [p.astype(float) for p in parts])
        return _fold(np.logical_or if name == "any" else np.logical_and, parts)


def _is_text(value: Any) -> bool:
    return np.asarray(value).dtype.kind not in "biuf"


def _is_finite(value: Array) -> bool:
    """Whether all numbers are finite; a sum that is finite says so without an array of truth values."""
    return value.dtype.kind != "f" or bool(np.isfinite(value.sum())) or bool(np.isfinite(value).all())


def _last_taken(array: Array, choices: Array) -> Array:
    """What stands for the last round that was not skipped (for the first if none was: all rounds are alike then)."""
    rounds = zip(np.moveaxis(array, -1, 0), np.moveaxis(choices, -1, 0), strict=True)
    last, _ = reduce(lambda last, here: (np.where(here[1] == SKIPPED, last[0], here[0]), here[1]), rounds)
    return np.asarray(last)
