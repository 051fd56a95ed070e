"""Read and write extensive games as ``.efg`` text, and solve one such file.

The format is the documented text format of Gambit (its manual, section "Game representation formats"): a header with title and
players, then the nodes in prefix order. Its particulars handled here: outcomes may stand at any node and add up along a play; an
outcome or information set says what it is at its first mention and may be a bare number later; numbers may be integers, decimals
or fractions; commas between payoffs are blanks; strings are quoted, with backslash escapes.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from vetopoint.arrays import Array, Floats
from vetopoint.errors import SolverError
from vetopoint.game.solver.branch import follow_branch
from vetopoint.game.solver.solve import LABELS, solve_aqre
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Node, Tree
from vetopoint.sheets import sheet

__all__ = ["EfgGame", "branch_efg", "parse_efg", "read_efg", "solve_efg", "table", "write_efg"]

Item = TypeVar("Item")

_ROUNDING = Fraction(1, 10**6)  # of probabilities written as decimals
_TOKEN = re.compile(r'\s+|,|(?P<text>"(?:[^"\\]|\\.)*")|(?P<brace>[{}])|(?P<word>[^\s,{}"]+)|(?P<bad>.)', re.DOTALL)
# Exponents of four digits at most: a longer one would fill the memory with its zeros.
_NUMBER = re.compile(r"[+-]?(\d+/0*[1-9]\d*|(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?)", re.ASCII)
_LARGEST = Fraction(10) ** 300
_MOST_STAKE = 1e100  # of a precision times a difference of payoffs; products of more overflow
_SMALL = 1000  # largest denominator of a fraction that is written for a float
_LATIN = re.compile(r"LATIN (?P<case>SMALL|CAPITAL) LETTER (?P<letter>[A-Z]{1,2})( WITH .*)?")
_PLAIN = {"ß": "ss", "ẞ": "SS", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D", "ı": "i", "⁄": "/", "−": "-", "×": "x"}
_PLAIN |= dict.fromkeys("‐‑‒–—", "-") | dict.fromkeys("‘’‚“”„«»", "'")


@dataclass(frozen=True, eq=False)
class EfgGame:
    """One game with fixed payoffs.

    Parameters
    ----------
    tree : the game; information sets ordered by player number, then by number in the file.
    payoffs : (terminals, players), outcomes along the play added up.
    chance : (chance_actions,)
    title, comment : as in the file.
    numbers, names : (infosets,) number and name of each information set in the file.
    """

    tree: Tree
    payoffs: Floats
    chance: Floats
    title: str = ""
    comment: str = ""
    numbers: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


class _Words:
    """The words of a file with one look ahead; errors name the line."""

    def __init__(self, text: str, source: str) -> None:
        self.text, self.source = text, source
        self.words = [found for found in _TOKEN.finditer(text) if found.lastgroup]
        self.place = 0

    def refuse(self, message: str, remedy: str = "", ahead: bool = False) -> SolverError:
        """A complaint about the word just read, or about the one to come."""
        place = min(self.place if ahead else self.place - 1, len(self.words) - 1)
        line = 1 + self.text.count("\n", 0, self.words[place].start() if self.words else 0)
        return SolverError(f"{self.source}:{line}: {message}" + (f" → {remedy}" if remedy else ""))

    def more(self) -> bool:
        return self.place < len(self.words)

    def at(self, kind: str, text: str | None = None) -> bool:
        if not self.more():
            return False
        word = self.words[self.place]
        return word.lastgroup == kind and text in (None, word.group())

    def take(self, kind: str, what: str, text: str | None = None) -> str:
        if not self.at(kind, text):
            found = repr(self.words[self.place].group()) if self.more() else "the end of the file"
            raise self.refuse(f"expected {what}, found {found}", "mend the file here; it may be cut short", ahead=True)
        self.place += 1
        return self.words[self.place - 1].group()

    def braced(self, what: str, item: Callable[[], Item]) -> list[Item]:
        """The items between two braces."""
        found = []
        self.take("brace", f"{what} in braces", "{")
        while not self.at("brace", "}"):
            found.append(item())
        self.take("brace", "a closing brace", "}")
        return found

    def string(self, what: str) -> str:
        return re.sub(r"\\(.)", r"\1", self.take("text", what)[1:-1], flags=re.DOTALL)

    def name(self) -> str:
        """A string, or nothing where none is written."""
        return self.string("a name") if self.at("text") else ""

    def integer(self, what: str) -> int:
        word = self.take("word", what)
        if not re.fullmatch(r"\d+", word):
            raise self.refuse(f"expected {what}, a whole number, found {word!r}")
        return int(word)

    def number(self, what: str) -> Fraction:
        word = self.take("word", what)
        if not _NUMBER.fullmatch(word):
            raise self.refuse(f"expected {what}, a number such as 2, 0.25, 1e-3 or 1/3, found {word!r}")
        value = Fraction(word)
        if abs(value) > _LARGEST:
            raise self.refuse(f"{word} is too large a number", "measure payoffs in a larger unit")
        return value


class _Set(NamedTuple):
    name: str
    options: tuple[str, ...]
    odds: tuple[Fraction, ...]  # nought for what a player takes


class _Builder:
    """Nodes, information sets and outcomes as the file tells them."""

    def __init__(self, words: _Words) -> None:
        self.words = words
        self.title, self.players = self._header()
        self.comment = words.name()
        self.sets: dict[tuple[int, int], _Set] = {}
        self.outcomes: dict[int, tuple[Fraction, ...]] = {0: (Fraction(0),) * len(self.players)}
        self.names: dict[int, str] = {0: ""}
        self.nodes: list[Node] = []
        self.totals: list[tuple[Fraction, ...]] = []
        self._nodes()

    def _header(self) -> tuple[str, tuple[str, ...]]:
        words = self.words
        if not words.at("word", "EFG"):
            found = "a strategic game (.nfg)" if words.at("word", "NFG") else "not an extensive game"
            wrong = f"{found}: the file must begin with EFG 2 R"
            raise words.refuse(wrong, "give a file in Gambit's .efg format", ahead=True)
        words.take("word", "EFG")
        if words.integer("the version") != 2:
            raise words.refuse("only version 2 of the format is read", "save the game anew with Gambit")
        words.take("word", "R or D")
        title = words.string("the title")
        players = words.braced("the players", lambda: words.string("a player's name"))
        if not players:
            raise words.refuse("the game has no players", "name at least one in the braces after the title")
        return title, tuple(name or f"player {k + 1}" for k, name in enumerate(players))

    def _nodes(self) -> None:
        open_branches: list[tuple[int, int]] = [(-1, 0)]
        while open_branches:
            parent, branch = open_branches.pop()
            number = len(self.nodes)
            node = self._node(parent, branch)
            self.nodes.append(node)
            open_branches.extend((number, k) for k in reversed(range(len(node.options))))
        if self.words.more():
            wrong = "text after the last node: the tree is already complete"
            raise self.words.refuse(
                wrong, "delete it, or add the option that leads to it at an earlier node", ahead=True
            )

    def _node(self, parent: int, branch: int) -> Node:
        words = self.words
        if not any(words.at("word", letter) for letter in "cpt"):
            missing = f"a node (c, p or t): branch {branch + 1} of node {parent + 1} is missing"
            remedy = "the file may be cut short: each action of a node leads to one node below it"
            wrong = f"expected {missing if parent >= 0 else 'the root node (c, p or t)'}"
            raise words.refuse(wrong, remedy, ahead=True)
        letter = words.take("word", "a node")
        name = words.string("the node's name")
        if letter == "t":
            outcome = self._outcome(parent)
            return Node(parent, branch, TERMINAL, name=self.names[outcome] or name)
        player = words.integer("the player's number") if letter == "p" else 0
        if letter == "p" and not 1 <= player <= len(self.players):
            wrong = f"player {player} is not one of the {len(self.players)} players"
            raise words.refuse(wrong, "players are numbered from 1")
        group = words.integer("the information set's number")
        known = self._set(player, group)
        self._outcome(parent)
        kind = CHANCE if letter == "c" else DECISION
        return Node(parent, branch, kind, player - 1, group, known.options, known.name)

    def _set(self, player: int, group: int) -> _Set:
        words = self.words

        def action() -> tuple[str, Fraction]:
            option = words.string("an action's name")
            return option, Fraction(0) if player else words.number("the action's probability")

        name = words.name()
        listed = words.braced("actions", action) if words.at("brace", "{") else []
        here = _Set(name, tuple(option for option, _ in listed), tuple(share for _, share in listed))
        where = f"information set {group} of player {player}" if player else f"chance move {group}"
        if (player, group) not in self.sets:
            if not listed:
                raise words.refuse(f"{where}: actions are missing at its first mention", "list them in braces there")
            if not player:
                self._check_odds(where, here.odds)
            self.sets[player, group] = here
        known = self.sets[player, group]
        if listed and here.options != known.options:
            wrong = f"{where}: actions {list(here.options)} here, {list(known.options)} at its first mention"
            remedy = "list the same actions in the same order, or give the node an information set of its own"
            raise words.refuse(wrong, remedy)
        if listed and here.odds != known.odds:
            remedy = "repeat the same numbers, or give the node a chance move number of its own"
            raise words.refuse(f"{where}: probabilities differ from its first mention", remedy)
        return known

    def _check_odds(self, where: str, odds: tuple[Fraction, ...]) -> None:
        total = sum(odds, Fraction(0))
        if abs(total - 1) > _ROUNDING or min(odds) < 0:
            wrong = "a probability is below zero" if min(odds) < 0 else f"probabilities sum to {float(total):g}"
            remedy = "give numbers from 0 to 1 that sum to one, as fractions where decimals would be cut"
            raise self.words.refuse(f"{where}: {wrong}", remedy)

    def _outcome(self, parent: int) -> int:
        """Read an outcome, and add it to what was paid on the way to its node."""
        words, players = self.words, len(self.players)
        outcome = words.integer("the outcome's number")
        name = words.name()
        if words.at("brace", "{"):
            payoffs = tuple(words.braced("payoffs", lambda: words.number("a payoff")))
            if len(payoffs) != players:
                wrong = f"outcome {outcome}: {len(payoffs)} payoffs for {players} players"
                raise words.refuse(wrong, "give one for each player")
            if outcome and self.outcomes.setdefault(outcome, payoffs) != payoffs:
                wrong = f"outcome {outcome}: payoffs differ from its first mention"
                raise words.refuse(wrong, "give it an outcome number of its own")
            self.names.setdefault(outcome, name)
        if outcome not in self.outcomes:
            wrong = f"outcome {outcome}: payoffs are missing at its first mention"
            raise words.refuse(wrong, "list them in braces there")
        before = self.totals[parent] if parent >= 0 else self.outcomes[0]
        self.totals.append(tuple(a + b for a, b in zip(before, self.outcomes[outcome], strict=True)))
        return outcome


def parse_efg(text: str, source: str = "game.efg") -> EfgGame:
    """Read a game from text.

    Raises
    ------
    SolverError
        With the line, if the text is not a complete game; with the information set, if recall is imperfect.

    Examples
    --------
    >>> game = parse_efg('EFG 2 R "t" { "a" } p "" 1 1 "h" { "l" "r" } 0  t "" 1 "x" { 1 }  t "" 2 "y" { 1/4 }')
    >>> game.payoffs.tolist(), game.tree.action_names
    ([[1.0], [0.25]], ('l', 'r'))
    """
    built = _Builder(_Words(text, source))
    order = sorted(key for key in built.sets if key[0])
    try:
        tree = Tree.from_nodes(built.players, built.nodes, [(player - 1, group) for player, group in order])
    except SolverError as error:
        raise SolverError(f"{source}: {error}") from None
    ends = [total for node, total in zip(built.nodes, built.totals, strict=True) if node.kind == TERMINAL]
    # Chance sets are numbered by first appearance, like the tree's, since Python's dictionaries keep that order.
    odds = [
        float(p) / float(sum(known.odds)) for (player, _), known in built.sets.items() if not player for p in known.odds
    ]
    return EfgGame(
        tree=tree,
        payoffs=np.array(ends, dtype=np.float64).reshape(tree.n_terminals, tree.n_players),
        chance=np.array(odds, dtype=np.float64),
        title=built.title,
        comment=built.comment,
        numbers=tuple(group for _, group in order),
        names=tuple(built.sets[key].name for key in order),
    )


def read_efg(path: str | Path) -> EfgGame:
    """Read a game from a file; errors as `parse_efg`."""
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SolverError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return parse_efg(text, str(path))


def write_efg(tree: Tree, payoffs: Array, chance: Array, title: str = "", comment: str = "") -> str:
    """Write one game as Gambit can read it.

    Parameters
    ----------
    tree : the game.
    payoffs : (terminals, players)
    chance : (chance_actions,); written so that they sum to exactly one, as Gambit demands.
    title, comment : free text.

    Returns
    -------
    str
        Numbers are the shortest decimals, or small fractions, that read back as the same floats. Information sets are numbered within
        each player in the tree's order; a name that a player has twice bears that number. Text is in ASCII: other letters lose their
        marks or stand as code points, and names that differ still do.
    """
    owner, odds = tree.infoset_player, _odds(tree, np.asarray(chance, dtype=np.float64))
    number = [1 + int(np.sum(owner[:h] == owner[h])) for h in range(tree.n_infosets)]
    names = _distinct(tree, number)
    label = _labels([*tree.players, *names, *tree.action_names, *tree.chance_names, *tree.terminal_names])
    head = f"EFG 2 R {_quote(_ascii(title))} {{ {' '.join(_quote(label[name]) for name in tree.players)} }}"
    lines = [head, _quote(_ascii(comment)), ""]
    stack, chance_moves = [0], 0
    while stack:
        node = stack.pop()
        index = int(tree.index[node])
        if tree.kind[node] == TERMINAL:
            paid = " ".join(_number(float(v)) for v in payoffs[index])
            lines.append(f't "" {index + 1} {_quote(label[tree.terminal_names[index]])} {{ {paid} }}')
            continue
        if tree.kind[node] == CHANCE:
            actions = range(int(tree.chance_start[index]), int(tree.chance_start[index + 1]))
            listed = " ".join(f"{_quote(label[tree.chance_names[a]])} {odds[a]}" for a in actions)
            chance_moves += 1  # each its own: Gambit takes repeated numbers for a chance player that forgets
            lines.append(f'c "" {chance_moves} "" {{ {listed} }} 0')
        else:
            listed = " ".join(_quote(label[tree.action_names[a]]) for a in tree.actions(index))
            lines.append(f'p "" {owner[index] + 1} {number[index]} {_quote(label[names[index]])} {{ {listed} }} 0')
        stack.extend(int(child) for child in tree.children(node)[::-1])
    return "\n".join(lines) + "\n"


def _distinct(tree: Tree, number: list[int]) -> list[str]:
    """Names of the information sets; those that a player has twice bear their number, since Gambit refuses doubles."""
    owned = list(zip(tree.infoset_player.tolist(), tree.infoset_names, strict=True))
    doubled = {name for name, times in Counter(owned).items() if times > 1}
    return [f"{name} ({number[h]})" if (owner, name) in doubled else name for h, (owner, name) in enumerate(owned)]


def _labels(names: Iterable[str]) -> dict[str, str]:
    """Each name and its label: Gambit reads printable ASCII without spaces at the ends or side by side. Different names differ."""
    distinct = sorted(set(names), key=lambda name: (_ascii(name) != name, name))
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in distinct:
        label = _ascii(name)
        if label in taken:
            label = _ascii(name, marks=True)
        free = (f"{label} ({k})".strip() for k in count(2))
        while label in taken:
            label = next(free)
        found[name] = label
        taken.add(label)
    return found


def _ascii(text: str, marks: bool = False) -> str:
    """Text in ASCII, blanks one by one. Letters lose their marks, unless the marks are to stand as code points.

    A backslash becomes a slash: Gambit takes one before a quotation mark, even one that is escaped itself, for that mark's escape.
    """
    found = "".join(_plain(c, marks) for c in text.replace("\\", "/"))
    return " ".join("".join(c if c.isprintable() else " " for c in found).split())


def _plain(character: str, marks: bool) -> str:
    if character.isascii():
        return character
    found = ""
    for part in unicodedata.normalize("NFKD", character):
        letter = _LATIN.fullmatch(unicodedata.name(part, ""))
        if part.isascii():
            found += part
        elif part in _PLAIN:
            found += _PLAIN[part]
        elif letter:
            found += letter["letter"].lower() if letter["case"] == "SMALL" else letter["letter"]
        elif part.isspace():
            found += " "
        elif not unicodedata.combining(part):
            found += _code_point(part)
    return found + (_code_point(character) if marks else "")


def _code_point(character: str) -> str:
    return f"(U+{ord(character):04X})"


def _quote(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def _number(value: float) -> str:
    """The shortest decimal that reads back as the same float, or a shorter fraction of small numbers."""
    decimal = repr(value + 0.0).removesuffix(".0").replace("e+", "e")  # Gambit reads no plus sign
    fraction = str(Fraction(value).limit_denominator(_SMALL))
    return fraction if len(fraction) < len(decimal) and float(Fraction(fraction)) == value else decimal


def _exact(value: Fraction) -> str:
    """A probability without rounding: as a decimal, or as a fraction where it has none."""
    places = next((k for k in range(1100) if 10**k % value.denominator == 0), None)
    if not places:
        return str(value)
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def _odds(tree: Tree, chance: Floats) -> list[str]:
    """Every chance action's probability; what rounding leaves of one goes to the likeliest action of the move."""
    found: list[str] = []
    for first, last in zip(tree.chance_start[:-1], tree.chance_start[1:], strict=True):
        texts = [_number(float(p)) for p in chance[first:last]]
        rest = 1 - sum(map(Fraction, texts), Fraction(0))
        if rest:
            most = int(np.argmax(chance[first:last]))
            texts[most] = _exact(Fraction(texts[most]) + rest)
        found += texts
    return found


def solve_efg(path: str | Path, precision: float) -> dict[str, Any]:
    """Agent logit equilibrium of a file's game on the principal branch.

    Parameters
    ----------
    path : the file.
    precision : lambda of every player, at least 0, in inverse payoff units.

    Returns
    -------
    dict
        ``label`` (converged, folded or failed), ``residual``, and ``infosets``: for each its ``player`` and ``infoset`` number as in
        the file, ``name`` and ``probabilities`` in the file's order of actions; chance is left out.

    Raises
    ------
    SolverError
        If the file is no game, or the precision is beyond what can be computed with.
    """
    game = read_efg(path)
    tree = game.tree
    _check_stakes(path, game, precision)
    everybody = np.full((1, tree.n_players), float(precision))
    found = solve_aqre(tree, game.payoffs[None], game.chance[None, None, :], everybody)
    return {
        "label": LABELS[int(found.label[0])],
        "residual": float(found.residual[0]),
        "infosets": [
            {
                "player": int(tree.infoset_player[h]) + 1,
                "infoset": game.numbers[h],
                "name": game.names[h],
                "probabilities": found.strategy[0, list(tree.actions(h))].tolist(),
            }
            for h in range(tree.n_infosets)
        ],
    }


def _check_stakes(path: str | Path, game: EfgGame, precision: float) -> None:
    """Refuse a precision at which products of stakes leave the floating-point numbers."""
    spread = float(np.ptp(game.payoffs, axis=0).max(initial=0.0))
    if not math.isfinite(precision) or precision * spread > _MOST_STAKE:
        raise SolverError(
            f"{path}: precision {precision:g} times payoffs that differ by up to {spread:g} is more than can be computed with "
            f"(at most {_MOST_STAKE:g}) → give a smaller precision, or measure payoffs in a larger unit"
        )


def branch_efg(path: str | Path, precision: float) -> str:
    """The principal branch of a file's game from lambda = 0 to a precision, as a table of comma-separated values.

    Parameters
    ----------
    path : the file.
    precision : lambda of every player at the end of the branch.

    Returns
    -------
    str
        One row a step, in order along the branch, on which ``lambda`` falls where it turns back; then the probability of every
        action, in a column such as ``1.4 saw lo: up``: player and information set as numbered in the file, its name, the action.

    Raises
    ------
    SolverError
        If the file is no game, the precision is beyond what can be computed with, or the branch cannot be followed to it.
    """
    game = read_efg(path)
    tree = game.tree
    _check_stakes(path, game, precision)
    branch = follow_branch(tree, game.payoffs, game.chance, np.full(tree.n_players, float(precision)))
    steps = zip(branch.time.tolist(), branch.strategy.tolist(), strict=True)
    rows = ([repr(precision * time), *map(repr, strategy)] for time, strategy in steps)
    return sheet([["lambda", *_columns(game)], *rows])


def _columns(game: EfgGame) -> list[str]:
    """A name for every action; those that an information set has twice bear their place in it."""
    found = []
    for h, (number, name) in enumerate(zip(game.numbers, game.names, strict=True)):
        actions = [game.tree.action_names[a] for a in game.tree.actions(h)]
        place = f"{game.tree.infoset_player[h] + 1}.{number} {name}".rstrip()
        for k, action in enumerate(actions, start=1):
            found.append(f"{place}: {action}" + (f" ({k})" if actions.count(action) > 1 else ""))
    return found


def table(solved: dict[str, Any]) -> list[tuple[str, ...]]:
    """Rows of text for `solve_efg`'s result: player, information set, name, probabilities."""
    rows: list[tuple[str, ...]] = [("player", "set", "name", "probabilities")]
    for found in solved["infosets"]:
        odds = "  ".join(f"{p:.6f}" for p in found["probabilities"])
        rows.append((str(found["player"]), str(found["infoset"]), str(found["name"]), odds))
    return rows
