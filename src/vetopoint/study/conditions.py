"""A condition of a case in words: moves and options by their labels."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from vetopoint.case import Case

__all__ = ["in_words"]

_KNOWN = (ast.Eq, ast.NotEq, ast.In, ast.NotIn)
_SIGNS = {ast.GtE: "at least", ast.LtE: "at most", ast.Gt: "more than", ast.Lt: "fewer than", ast.Eq: "exactly"}


def in_words(case: Case, *keys: str) -> str:
    """The condition at a place of the case in words, empty where none is written; what has no words stands as written."""
    expression = case.expression(*keys)
    return "" if expression is None else _Words(case).said(expression.tree)


@dataclass(frozen=True)
class _Words:
    case: Case

    def said(self, node: ast.expr) -> str:
        match node:
            case ast.BoolOp(op=op, values=values):
                word = " and " if isinstance(op, ast.And) else " or "
                return word.join(f"({self.said(v)})" if isinstance(v, ast.BoolOp) else self.said(v) for v in values)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return f"not ({self.said(inner)})" if isinstance(inner, ast.BoolOp) else f"not {self.said(inner)}"
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compared(left, op, right) or ast.unparse(node)
            case ast.Call(func=ast.Name(id="any" | "all" as name), args=[inner]):
                return f"in {'some' if name == 'any' else 'every'} round, {self.said(inner)}"
        return ast.unparse(node)

    def _compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> str:
        """A comparison in words, empty where there are none for it."""
        match left, right:
            case ast.Call(func=ast.Name(id="count"), args=[inner]), ast.Constant(value=int() as number) if (
                type(op) in _SIGNS
            ):
                return f"in {_SIGNS[type(op)]} {number} rounds, {self.said(inner)}"
            case ast.Name(id=option), ast.List(elts=items) | ast.Tuple(elts=items) if isinstance(op, ast.In):
                moves = [self._move(item) for item in items]
                if option not in self.case.file.moves and all(moves):
                    return " or ".join(self._took(move, [option]) for move in moves)
        options = right.elts if isinstance(right, ast.List | ast.Tuple) else [right]
        move, names = self._move(left), [option.id for option in options if isinstance(option, ast.Name)]
        if not move or len(names) < len(options) or not isinstance(op, _KNOWN):
            return ""
        denied = "not " if isinstance(op, ast.NotEq | ast.NotIn) else ""
        return denied + self._round(left) + self._took(move, names)

    def _move(self, node: ast.expr) -> str:
        inner = node.value if isinstance(node, ast.Attribute | ast.Subscript) else node
        return inner.id if isinstance(inner, ast.Name) and inner.id in self.case.file.moves else ""

    def _round(self, node: ast.expr) -> str:
        if isinstance(node, ast.Attribute):
            return "in the last round, "
        return f"in round {ast.unparse(node.slice)}, " if isinstance(node, ast.Subscript) else ""

    def _took(self, name: str, options: Sequence[str]) -> str:
        move = self.case.file.moves[name]
        called = move.label or name.replace("_", " ")
        words = ["does not come" if o == "skipped" else move.labels.get(o) or o.replace("_", " ") for o in options]
        return f"“{called}”: {' or '.join(words)}"
