"""Why a file cannot be read as YAML, in words: its lines are looked at again where the parser gave up.

The parser names the token at which it stumbled; what is wrong often stands before: a quotation mark that is not closed, a line that
is indented otherwise than those beside it, a colon or a comma inside a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

__all__ = ["OPENING", "Fault", "cut_in_two", "diagnosed", "split_text", "valueless"]

_KEY = re.compile(r"""\s*(?:- )?("[^"]*"|'[^']*'|[^\s#:'"\[{][^#:]*?)\s*:(?=\s|$)""")
_PAIRS = {"(": ")", "“": "”", "„": "“", "‘": "’", "«": "»", "[": "]"}
_CURLY = "“”„‘’«»"

#: What a text must hold for a comma inside it to be looked for.
OPENING = frozenset("(“„‘«")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a text, in which line (from 1), and what to do about it."""

    line: int
    message: str
    remedy: str


@dataclass(frozen=True)
class _Stumble:
    """Where a parser gave up: its words, the line and column (from 0), and where what it was reading began."""

    said: str
    line: int
    column: int
    since: int
    since_column: int
    lines: Sequence[str]

    def text(self, line: int) -> str:
        return self.lines[line] if 0 <= line < len(self.lines) else ""

    @property
    def here(self) -> str:
        return self.text(self.line)

    @property
    def found(self) -> str:
        """The token that was found instead of what was expected."""
        return match[1] if (match := re.search(r"(?:found|got) '([^']*)'", self.said)) else ""

    def fault(self, line: int, message: str, remedy: str) -> Fault:
        return Fault(max(1, min(line + 1, len(self.lines) or 1)), message, remedy)


def diagnosed(text: str, said: str, at: tuple[int, int], since: tuple[int, int]) -> Fault:
    """What is wrong with a text that is no YAML.

    Parameters
    ----------
    said : the parser's words.
    at, since : line and column (from 0) at which it gave up, and at which what it was reading began.

    Examples
    --------
    >>> diagnosed("title: A: B\\n", "mapping values are not allowed here", (0, 8), (0, 8)).remedy
    'put the text in quotation marks: title: "A: B"'
    """
    stumble = _Stumble(said, *at, *since, re.split(r"\r\n|\r|\n", text))
    for sign, reading in _READINGS:
        if re.search(sign, said):
            found = _hard_space(stumble) or reading(stumble)
            if found is not None:
                return found
    return _hard_space(stumble) or stumble.fault(
        stumble.line, "this line cannot be read", "check its indentation, colons, quotation marks and brackets"
    )


def _hard_space(at: _Stumble) -> Fault | None:
    """A space that word processors write and YAML takes for a letter."""
    for line in range(min(at.since, at.line), at.line + 1):
        if re.match(r"[ ]*[\u00a0\u2007\u202f\u3000]", at.text(line)) or re.search(
            r":[\u00a0\u2007\u202f\u3000]", at.text(line)
        ):
            message = "a space that does not break, as word processors write it, stands where a plain one belongs"
            return at.fault(line, message, "delete it and type the space anew")
    return None


def _colon(at: _Stumble) -> Fault | None:
    """A colon where no key can stand: inside a text, or in a line that is indented under one that has its value."""
    key = _KEY.match(at.here)
    if key and at.column > key.end() - 1:
        value = at.here[key.end() :].strip()
        return at.fault(
            at.line,
            "a colon inside a text",
            f"put the text in quotation marks: {at.here[: key.end()].strip()} {_quoted(value)}",
        )
    above = _above(at, at.line)
    if above is not None and _KEY.match(at.text(above)):
        first = _misplaced(at, above, at.line)
        if first is not None and first.line == at.line + 1:
            return replace(
                first, remedy=f"{first.remedy}; or put a text that goes over several lines in quotation marks"
            )
        return first or at.fault(
            at.line, f"a key under line {above + 1}, which has its value already", "begin both in the same column"
        )
    if above is not None:
        return at.fault(
            at.line, "a colon inside a text that goes over several lines", "put the whole text in quotation marks"
        )
    return None


def _no_colon(at: _Stumble) -> Fault | None:
    """A line that should be a key with a value, and has no colon, or no space after it."""
    wrong = at.text(at.since)
    glued = re.match(r"(\s*[\w.-]+):(\S.*)$", wrong)
    if glued:
        return at.fault(at.since, "no space after the colon", f"write `{glued[1].strip()}: {_short(glued[2])}`")
    words = re.sub(r"\s+#.*", "", wrong).strip().split(maxsplit=1)
    if not words:
        return None
    written = f"{words[0]}: {_short(words[1])}" if len(words) > 1 else f"{words[0]}:"
    return at.fault(at.since, f"no colon after '{words[0]}'", f"write `{written}`")


def _block(at: _Stumble) -> Fault | None:
    """A line that does not fit in with those beside it."""
    if at.found in ("}", "]"):
        return at.fault(
            at.line,
            f"a closing {at.found} without its opening",
            f"delete it, or open it with {'{' if at.found == '}' else '['}",
        )
    if at.found == "<scalar>":
        return _quotation(at)
    if at.found in ("-", "?", "<block sequence start>") or "block collection" in at.said:
        line = (
            at.since
            if at.text(at.since).lstrip().startswith("- ") and not at.here.lstrip().startswith("-")
            else at.line
        )
        return at.fault(line, "a `-` in front of one line, and keys alone in those beside it", "leave the `- ` out")
    above = _above(at, at.line)
    return None if above is None else _misplaced(at, above, at.line)


def _quotation(at: _Stumble) -> Fault | None:
    """Text after a closing quotation mark: the text holds the mark itself, or an earlier one was never closed."""
    opened = _opened(at)
    line = at.line if opened is None else opened
    if line < at.line:
        return at.fault(line, "a quotation mark that is not closed in its line", "close it, or leave both out")
    key = _KEY.match(at.here)
    value = at.here[key.end() :].strip() if key else ""
    mark = value[:1]
    if mark in ("'", '"'):
        inner = re.sub(r"\s+#.*$", "", value).strip(mark)
        inner = inner.replace(mark, "") if inner.count(mark) == 1 and mark == '"' else inner
        other = '"' if mark == "'" else "'"
        whole = f"{other}{inner}{other}" if other not in inner else f"'{inner.replace(chr(39), chr(39) * 2)}'"
        return at.fault(
            line,
            f"a {mark} inside a text in {mark}…{mark} ends it",
            f"put the text in the other kind of quotation marks: {_short(whole, 80)}",
        )
    return at.fault(
        line,
        "text after a closing quotation mark",
        "put the whole text in one pair of quotation marks, or a comma between two",
    )


def _opened(at: _Stumble) -> int | None:
    """Line in which the quoted text began that ends before the place of the stumble; None where none does."""
    mark, began, ended = "", 0, None
    for number, line in enumerate(at.lines[: at.line + 1]):
        upto = at.column if number == at.line else len(line)
        i = 0
        while i < upto:
            letter = line[i]
            if mark:
                if (letter == "\\" and mark == '"') or (letter == mark and mark == "'" and line[i + 1 : i + 2] == "'"):
                    i += 1
                elif letter == mark:
                    mark, ended = "", began
            elif letter == "#" and (i == 0 or line[i - 1].isspace()):
                break
            elif letter in "\"'" and re.search(r"(^|[:\[{,]\s*|-\s+)$", line[:i]):
                mark, began = letter, number
            i += 1
    return began if mark else ended


def _flow(at: _Stumble) -> Fault | None:
    """Something inside ``{…}`` or ``[…]`` that wants quotation marks, or a bracket that is not closed."""
    opening = at.text(at.since)[at.since_column : at.since_column + 1]
    closing = {"{": "}", "[": "]"}.get(opening, "}")
    comment = re.search(r"\s#", at.text(at.since)[at.since_column :])
    if comment and closing not in at.text(at.since)[at.since_column :][: comment.start()]:
        return at.fault(
            at.since,
            "` #` begins a comment, so that the rest of the line is lost",
            "put a text that holds a # in quotation marks",
        )
    if at.line > at.since and (marks := _odd_quote(at.text(at.since))):
        return at.fault(at.since, f"a quotation mark {marks} that is not closed", "close it, or leave both out")
    if at.line > at.since:
        return at.fault(at.since, f"a {opening or 'bracket'} that is not closed", f"close it with {closing}")
    text = _item(at)
    if at.found in ("[", "{", ":") and text:
        return at.fault(at.line, *_to_quote(text, at.found))
    if at.found == "<scalar>":
        message = "text after a closing quotation mark, or a comma too few"
        return at.fault(
            at.line, message, "put the whole text in one pair of quotation marks, or a comma between two entries"
        )
    return at.fault(at.line, f"a {opening or 'bracket'} that is not closed", f"close it with {closing}")


def _to_quote(text: str, found: str) -> tuple[str, str]:
    """Cause and remedy where a text inside brackets holds brackets or a colon of its own."""
    key, _, value = text.partition(": ")
    if found == ":" and not set(value) & set("(“„‘"):
        return (
            "a comma too few, or a colon inside a text",
            "put a comma between two entries, and a text that holds a colon in quotation marks",
        )
    curly = "curly quotation marks are letters to YAML, and " if set(value) & set(_CURLY) else ""
    what = "a colon" if found == ":" else "a bracket"
    value = value.strip(_CURLY + " ")
    said = f"{key}: {_quoted(value)}" if value else _quoted(key)
    return f"{curly}{what} inside {{…}} must stand in quotation marks", f"write `{said}`, with straight quotation marks"


def _item(at: _Stumble) -> str:
    """The entry of a flow collection in which the parser stumbled, as far as its brackets close."""
    before = at.here[: at.column]
    began = max(before.rfind(", "), before.rfind("{"), before.rfind("(" if at.found == "(" else "{")) + 1
    depth, end = 0, len(at.here)
    for i in range(began, len(at.here)):
        depth += (at.here[i] in "([{") - (at.here[i] in ")]}")
        if depth < 0 or (depth == 0 and i >= at.column and at.here[i] == ","):
            end = i
            break
    return at.here[began:end].strip()


def _odd_quote(line: str) -> str:
    return next((mark for mark in "\"'" if line.count(mark) % 2), "")


def _misplaced(at: _Stumble, first: int, second: int) -> Fault | None:
    """Which of two neighbouring lines is indented otherwise than those beside it."""
    depths = {
        n: len(line) - len(line.lstrip(" "))
        for n, line in enumerate(at.lines)
        if line.strip() and not line.lstrip().startswith("#")
    }
    one, other = depths.get(first, 0), depths.get(second, 0)
    deep = max(one, other)
    over = next(
        (n for n in range(first - 1, -1, -1) if n in depths and depths[n] < deep and not _has_value(at.lines[n])), None
    )
    floor = depths[over] if over is not None else -1
    start = over + 1 if over is not None else 0
    end = next((n for n in range(second + 1, len(at.lines)) if n in depths and depths[n] <= floor), len(at.lines))
    counts = {depth: sum(depths.get(n) == depth for n in range(start, end)) for depth in (one, other)}
    if over is None:
        wrong, right = (first, 0) if one else (second, 0)
    else:
        wrong, right = (first, other) if counts[one] < counts[other] else (second, one)
    if depths.get(wrong) == right:
        return None
    usual = next((n for n in range(start, end) if depths.get(n) == right and n != wrong), None)
    beside = f", as line {usual + 1} does" if usual is not None else ""
    message = f"a line indented by {_spaces(depths.get(wrong, 0))} among lines indented by {right or 'none'}"
    return at.fault(
        wrong, message, f"begin it {f'after {_spaces(right)}' if right else 'at the start of the line'}{beside}"
    )


def _spaces(count: int) -> str:
    return f"{count} space{'' if count == 1 else 's'}"


def _has_value(line: str) -> bool:
    key = _KEY.match(line)
    return key is None or bool(re.sub(r"\s*#.*", "", line[key.end() :]).strip())


def _above(at: _Stumble, line: int) -> int | None:
    """The nearest line before that is neither empty nor a comment."""
    return next(
        (n for n in range(line - 1, -1, -1) if at.text(n).strip() and not at.text(n).lstrip().startswith("#")), None
    )


def _alias(at: _Stumble) -> Fault:
    return at.fault(
        at.line,
        "a * before a name refers to another part of the file",
        "put it in quotation marks, or write what is meant",
    )


def _sign(at: _Stumble) -> Fault:
    letter = at.here[at.column : at.column + 1]
    if letter == "\t":
        return at.fault(at.line, "a tab", "write spaces instead of the tab")
    return at.fault(at.line, f"a text that begins with {letter or 'such a sign'}", "put it in quotation marks")


def _minus(at: _Stumble) -> Fault:
    return at.fault(
        at.line, "a minus sign followed by a space begins a list", "write it without the space, such as -cost"
    )


def _twice(at: _Stumble) -> Fault:
    key = match[1] if (match := re.search(r'duplicate key "(.*?)"', at.said)) else ""
    sought = re.compile(rf"""(\s*)["']?{re.escape(key)}["']?\s*:""")
    written = sought.match(at.here)
    first = next(
        (n for n in range(at.line) if written and (m := sought.match(at.text(n))) and m[1] == written[1]), None
    )
    seen = f", first in line {first + 1}" if first is not None and first >= at.since else ""
    return at.fault(at.line, f"'{key}' stands twice{seen}", "each key may stand once")


def _document(at: _Stumble) -> Fault:
    return at.fault(at.line, "`---` begins another document", "delete the line: a case is one document")


def _escape(at: _Stumble) -> Fault:
    return at.fault(
        at.line, "a backslash inside double quotation marks", "use single quotation marks, and / in the paths of files"
    )


def _endless(at: _Stumble) -> Fault:
    return at.fault(at.since, "a quotation mark that is never closed", "close it, or leave both out")


_READINGS: tuple[tuple[str, Callable[[_Stumble], Fault | None]], ...] = (
    ("duplicate key", _twice),
    ("mapping values are not allowed", _colon),
    ("could not find expected ':'", _no_colon),
    ("expected <block end>|expected block end|block collection", _block),
    (r"expected ',' or|expected the node content, but found '[,\]}]|flow", _flow),
    ("undefined alias", _alias),
    ("cannot start any token|found character", _sign),
    ("but found '-'|sequence entries are not allowed", _minus),
    ("another document", _document),
    ("escape", _escape),
    ("end of stream", _endless),
)  # fmt: skip


def split_text(source: str) -> str | None:
    """The text at the head of a piece of a flow collection that a comma inside its brackets or quotation marks cuts in two.

    Examples
    --------
    >>> split_text("pert(0.3, 0.8) * 2, label: x}"), split_text("0.3, label: x}")
    ('pert(0.3, 0.8) * 2', None)
    """
    cut, at, closers = False, 0, list[str]()
    for at, letter in enumerate(source):
        if closers and letter == closers[-1]:
            closers.pop()
        elif letter in _PAIRS and not (letter in "‘’" and at and source[at - 1].isalnum()):
            closers.append(_PAIRS[letter])
        elif letter == "," and closers:
            cut = True
        elif letter in ",}]" and not closers:
            return source[:at].strip() if cut else None
    return source.strip() if cut and not closers else None


def cut_in_two(text: str, key: str | None) -> tuple[str, str]:
    """Cause and remedy where a comma inside a text cuts it in two, under a key or (None) in a list."""
    if key is not None and text[:1] == "(" and text[-1:] == ")":
        return f"a list in round brackets under '{key}'", f"write it in square brackets: `{key}: [{text[1:-1]}]`"
    curly = "curly quotation marks do not hold a text together, and " if set(text) & set(_CURLY) else ""
    quoted = _quoted(text.strip(_CURLY))
    written = quoted if key is None else f"{key}: {quoted}"
    message = f"{curly}a comma inside {'[…]' if key is None else '{…}'} cuts `{text}` in two"
    return message, f"put it in straight quotation marks: `{written}`"


def valueless(name: str, before: tuple[str, object] | None, names: Sequence[str]) -> tuple[str, str]:
    """Cause and remedy where an entry of ``{…}`` is a bare name.

    Parameters
    ----------
    before : key and value of the entry before it, if there is one.
    names : all the entries, where all are bare names.
    """
    glued = re.match(r"([A-Za-z_]\w*):(\S.*)$", name)
    if glued:
        return "no space after the colon", f"write `{glued[1]}: {glued[2]}`"
    if names:
        return (
            f"'{name}' has no value",
            f"write a list in square brackets: `[{', '.join(names)}]`; or a colon and a value after each",
        )
    if before is None:
        return f"'{name}' has no value", "write a colon and a value after it"
    key, value = before
    if isinstance(value, int | float) and not isinstance(value, bool) and name.isdecimal():
        return f"a comma inside the number {value},{name}", f"write a point: `{key}: {value}.{name}`"
    message = f"'{name}' has no value: the comma before it ends what stands under '{key}'"
    return message, "put a text that holds a comma in quotation marks, or write a colon and a value after the name"


def _quoted(text: str) -> str:
    text = re.sub(r"\s+#.*$", "", text).strip()
    return f"'{text.replace(chr(39), chr(39) * 2)}'" if '"' in text else f'"{text}"'


def _short(text: str, most: int = 50) -> str:
    text = re.sub(r"\s+#.*$", "", text).strip()
    return text if len(text) <= most else f"{text[: most - 2]} …"
