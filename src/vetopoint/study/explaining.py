"""What a word of the case language means, what may stand there and how it is written: for somebody who is writing a case.

Everything comes from the schema, the vocabulary, the functions, the checks and the words of probability themselves; the examples are
parts of the case that ``docs/case-language.md`` builds up, and of ``case/data/more.yaml``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from vetopoint.case.document import Document, read_document
from vetopoint.case.functions import CONTEXT, FUNCTIONS, REDUCERS, TABLE
from vetopoint.case.part import Part
from vetopoint.case.place import Place
from vetopoint.case.schema import CaseFile
from vetopoint.case.slips import DISTRIBUTIONS
from vetopoint.case.vocabulary import KINDS, Kind
from vetopoint.case.wording import described, hint_at, parts_in
from vetopoint.errors import VetopointError, did_you_mean

__all__ = ["explain", "explained_words"]

PAGE = "docs/case-language.md"

#: Words of the language that are no keys and no functions: what they mean, and an example.
WORDS = {
    "otherwise": ("Closes the list of outcomes: every history that none of the conditions before it names.", "outcomes:\n  agreed: answer == consent\n  dropped: otherwise"),
    "rest": ("Of the options of chance, or of an actor's types: what is left of 1 when the others have their share.", "moves:\n  truce: {by: chance, at: 0, options: {signed: 0.6, unsigned: rest}}"),
    "chance": ("Who decides a move that nobody decides: its options have probabilities.", "moves:\n  truce: {by: chance, at: 0, options: {signed: 0.6, unsigned: rest}}"),
    "skipped": ("The value of a move that did not come in a history; it is equal to no option.", "outcomes:\n  never_asked: answer == skipped"),
    "last": ("The last round of a repeated move that was taken.", "outcomes:\n  stays: review.last == keep"),
    "outcome": ("How a history ends, in goals, payoffs and threats.", 'goals:\n  patrols: "outcome in [consented, borne]"'),
    "in": ("One of several: of the options of a move, or of the moves that took an option.", 'goals:\n  patrols: "outcome in [consented, borne]"'),
    "and": ("Both conditions hold.", "outcomes:\n  sent: answer == oppose and respond == send"),
    "or": ("At least one of the conditions holds.", "outcomes:\n  dropped: offer == nothing or respond == drop"),
    "not": ("The condition does not hold.", "outcomes:\n  refused: not answer == consent"),
    "if": ("One number where a condition holds, another where it does not.", "payoffs:\n  league:\n    unit: [dropped, consented]\n    seen: seen if seen > 0.5 else 0"),
    "truce": ("In a payoff: the share of the horizon that the truce holds.", "payoffs:\n  league:\n    unit: [dropped, consented]\n    hold: hold * truce"),
    "present": ("In payoffs and goals: whether some form of presence stands.", "goals:\n  lasting: present and answer == consent"),
    "presence_share": ("In a payoff: the share of the horizon in which some form stands.", "payoffs:\n  league:\n    unit: [dropped, consented]\n    seen: seen * presence_share"),
    "cohesion": ("How far the members hold together, from 0 to 1; in payoffs and in the odds of chance.", "payoffs:\n  league:\n    unit: [dropped, consented]\n    rift: -0.3 * (1 - cohesion)"),
    "quorum": ("Whether enough members join, from 0 to 1 over draws; in payoffs and in the odds of chance.", "moves:\n  gather: {by: chance, at: 4, options: {enough: quorum, too_few: rest}}"),
    "capability": ("What the members who join bring together, in the unit of `coalition.need`.", "payoffs:\n  league:\n    unit: [dropped, consented]\n    reach: capability / 1000"),
    "spread": ("Of an issue: how far apart the positions are.", "issues:\n  mandate: {positions: {avel: 60, brannt: 30}, agreed_if: spread < 30}"),
    "mean": ("Of an issue: the mean of the positions, weighted by how much each cares.", "issues:\n  mandate: {positions: {avel: 60, brannt: 30}, agreed_if: mean > 40}"),
    "none": ("The form of presence where no form stands.", "paths:\n  sent_home: patrol from gather to review.last, then none"),
}  # fmt: skip

_FUNCTIONS = {
    "min": "The smallest of several numbers.",
    "max": "The largest of several numbers.",
    "abs": "A number without its sign.",
    "exp": "The exponential function.",
    "log": "The natural logarithm.",
    "sqrt": "The square root.",
    "clip": "A number, cut at a lowest and a highest one.",
    "any": "Whether a condition holds in at least one round of a repeated move.",
    "all": "Whether a condition holds in every round of a repeated move.",
    "count": "In how many rounds of a repeated move a condition holds.",
    "month": "The month in which a move came, counted from `as_of`; of a move that did not come, the horizon.",
    "settlement": "What a disputed issue settles on, from 0 to 100.",
    "agreed": "Whether a disputed issue is agreed: 1 or 0.",
    "truce_at": "In a payoff: the chance that the truce still holds at a month.",
    "truce_held_at": "In a goal: whether the truce still holds at a month.",
    "present_at": "Whether some form of presence stands at a month.",
    "form_at": "Which form of presence stands at a month, or `none`.",
    "joined": "In a member's rule: whether at least so many others join; in `coalition.requires`, so many members. Alone, in a payoff: how many join.",
    "joined_share": "Whether at least such a share of the members joins.",
    "k_of": "Whether at least so many of the named members join or facts hold.",
}  # fmt: skip

_DISTRIBUTIONS = {
    "normal": ("Symmetric, a bell: the mean and the standard deviation; `lo` and `hi` cut it.", "normal(0.5, 0.2, lo=0, hi=1)"),
    "lognormal": ("Above 0 and skewed: the value in the middle, and the one that one draw in ten exceeds.", "lognormal(median=2, p90=5)"),
    "beta": ("Between 0 and 1, for shares and probabilities.", "beta(mean=0.3, strength=10)"),
    "uniform": ("Anything between two ends, all of it equally likely: the vaguest that there is.", "uniform(0, 1)"),
    "triangular": ("The lowest, the most likely and the highest value, straight lines between them.", "triangular(1, 2, 4)"),
    "pert": ("The lowest, the most likely and the highest value: the usual choice for a judgement.", "pert(0.3, 0.8, 1.5)"),
    "fixed": ("One number, without doubt; the number alone means the same.", "fixed(0.3)"),
    "discrete": ("Some values, each with its probability.", "discrete(1: 0.3, 2: 0.7)"),
    "empirical": ("Values that were observed, listed or in a column of a CSV file in the case's folder.", "empirical(3, 5, 8)"),
}  # fmt: skip


def explain(word: str) -> list[str]:
    """Lines that explain a key, a function, a word or a check of the language; all sections of a case where nothing is asked.

    Raises
    ------
    VetopointError
        If the language has no such word; the nearest is offered.
    """
    said = " ".join(word.split()).strip("`'\" :")
    if not said:
        return _sections()
    for found in (_keys(said), _function(said), _distribution(said), _word(said), _probability(said), _check(said)):
        if found:
            return found
    otherwise = "`vetopoint explain` lists the sections of a case, `vetopoint check --list` the checks"
    raise VetopointError(
        f"'{said}' is no word of the case language → {did_you_mean(said, explained_words(), otherwise)}"
    )


@cache
def explained_words() -> tuple[str, ...]:
    """Every word that can be explained."""
    from vetopoint.quantity.words import all_words
    from vetopoint.study.checking import checks

    keys = {".".join(path) for path in _paths()} | {path[-1] for path in _paths()}
    return tuple(sorted({*keys, *TABLE, *DISTRIBUTIONS, *WORDS, *all_words(), *(c.id for c in checks())}))


def _sections() -> list[str]:
    needed = [(n, i) for n, i in CaseFile.model_fields.items() if i.is_required()]
    other = [(n, i) for n, i in CaseFile.model_fields.items() if not i.is_required()]
    lines = ["Every case has"]
    for fields, head in ((needed, ""), (other, "A case may have")):
        lines += ["", head] if head else []
        lines += [f"  {info.alias or name:<16} {_first(info.description)}" for name, info in fields]
    return [
        *lines,
        "",
        "`vetopoint explain moves`, `vetopoint explain moves.repeat`, `vetopoint explain pert` say more.",
    ]


def _first(text: str | None) -> str:
    return (text or "").partition(". ")[0].rstrip(".") + "."


# --- keys -------------------------------------------------------------------------------------------------------------------------


@cache
def _paths() -> dict[tuple[str, ...], tuple[type[Part], str]]:
    """Every key by the keys of the language that lead to it, with its model and its field."""
    found: dict[tuple[str, ...], tuple[type[Part], str]] = {}

    def visit(part: type[Part], above: tuple[str, ...]) -> None:
        for name, info in part.model_fields.items():
            path = (*above, info.alias or name)
            found[path] = (part, name)
            for below in parts_in(info.annotation):
                visit(below, path)

    visit(CaseFile, ())
    return found


def _matching(said: str) -> dict[tuple[str, ...], tuple[type[Part], str]]:
    """The keys that are meant: the path itself, its end, or a place of a case with names in between."""
    asked = tuple(said.split("."))
    if asked in _paths():
        return {asked: _paths()[asked]}
    ends = {path: what for path, what in _paths().items() if path[-len(asked) :] == asked or _leads(path, asked)}
    if not ends and len(asked) > 1:
        field = Place.parse(said).field
        ends = {path: (part, name) for path, (part, name) in _paths().items() if field == (part.__name__, path[-1])}
    once: dict[tuple[type[Part], str], tuple[str, ...]] = {}
    for path, what in ends.items():
        once.setdefault(what, path)
    return {path: what for what, path in once.items()}


def _leads(path: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    """Whether what is asked for are keys of a path in their order, up to its last, or that under the name of its part."""
    keys = iter(path)
    return path[-1] == asked[-1] and all(key in keys for key in asked)


def _keys(said: str) -> list[str]:
    found = _matching(said) or _matching(said.lower())
    if not found:
        return []
    if len(found) == 1:
        return _key(*next(iter(found.items())))
    lines = [f"'{said}' stands in several places; name one of them for more:"]
    return [
        *lines,
        *(f"  {'.'.join(path):<28} {_first(p.model_fields[n].description)}" for path, (p, n) in found.items()),
    ]


def _key(path: tuple[str, ...], what: tuple[type[Part], str]) -> list[str]:
    part, name = what
    info = part.model_fields[name]
    hint = hint_at(Place(_with_names(path)))
    lines = [".".join(path), "", f"  {info.description}", "", f"  may stand there: {described(hint)}"]
    default = info.get_default(call_default_factory=False)
    if info.is_required():
        lines.append("  needed")
    elif isinstance(default, str | int | float) and default != "":
        lines.append(f"  left out: {default:g}" if isinstance(default, float) else f"  left out: {default}")
    kind = KINDS.get((part.__name__, info.alias or name))
    lines += _said_of(kind) if kind is not None else []
    below = [p for p in parts_in(info.annotation) if p is not part]
    for each in below:
        lines += ["", f"  {_first(each.__doc__)} Its keys:"]
        lines += [f"    {i.alias or n:<16} {_first(i.description)}" for n, i in each.model_fields.items()]
    return [
        *lines,
        *_shown(_example(part.__name__, info.alias or name)),
        "",
        f"  documented in {PAGE}, under {part.__name__}",
    ]


def _with_names(path: tuple[str, ...]) -> tuple[str | int, ...]:
    """A place that the keys of the language lead to, with a name or a number wherever one stands in between."""
    place = Place()
    for key in path:
        while not place.nodes[-1].has(key) and (place.nodes[-1].keys or place.nodes[-1].items):
            place = place / ("x" if place.nodes[-1].keys else 0)
        place = place / key
    return place.parts


def _said_of(kind: Kind) -> list[str]:
    """What an expression may name there, and between which ends a number lies."""
    moves = {"earlier": ["earlier moves"], "far": ["moves so far"], "all": ["moves"], "": []}[kind.moves]
    names = [*moves, *["outcome"] * kind.outcome, *["types"] * kind.types, *["quantities"] * kind.quantities]
    names += ["facts", "members", "bodies"] * kind.coalition + [*kind.names]
    calls = [CONTEXT[name].usage for name in kind.functions] + [*REDUCERS] * bool(kind.moves)
    lines = [f"  may name: {', '.join(names)}"] if names else []
    lines += [f"  may call: {', '.join(calls)}"] if calls else []
    if kind.least > -math.inf:
        lines.append(f"  from {kind.least:g}" + (f" to {kind.most:g}" if kind.most < math.inf else " on"))
    return lines


@cache
def _documents() -> tuple[Document, ...]:
    with as_file(files("vetopoint.case") / "data") as folder:
        return tuple(read_document(Path(folder) / name) for name in ("example.yaml", "more.yaml"))


def _example(model: str, key: str) -> str:
    """The lines of an example in which a key stands, with the keys above it; empty where none does."""
    for document in _documents():
        with as_file(files("vetopoint.case") / "data") as folder:
            text = (Path(folder) / document.path.name).read_text(encoding="utf-8").splitlines()
        place = next((p for p in document.lines if p.field == (model, key)), None)
        if place is not None:
            above = {document.line(Place(place.parts[:i])) for i in range(1, len(place.parts) + 1)}
            lines = sorted(above | set(_below(text, max(above))))
            return "\n".join(text[line - 1] for line in lines)
    return ""


def _below(text: list[str], line: int, most: int = 3) -> Iterator[int]:
    """The first lines below one that are indented further."""
    depth = len(text[line - 1]) - len(text[line - 1].lstrip())
    for number in range(line + 1, min(line + 1 + most, len(text) + 1)):
        written = text[number - 1]
        if not written.strip() or len(written) - len(written.lstrip()) <= depth:
            return
        yield number


def _shown(example: str) -> list[str]:
    return ["", "  example", *(f"    {line}" for line in example.splitlines())] if example else []


# --- functions, words, checks -----------------------------------------------------------------------------------------------------


def _function(said: str) -> list[str]:
    name = said.partition("(")[0].strip()
    if name not in TABLE:
        return []
    function = TABLE[name]
    calling = {k for k, kind in KINDS.items() if name in kind.functions}
    where = [".".join(path) for path, (part, _) in _paths().items() if (part.__name__, path[-1]) in calling]
    places = (
        "wherever a number may be reckoned"
        if name in FUNCTIONS
        else "wherever a condition looks at moves"
        if name in REDUCERS
        else ", ".join(where)
    )
    lines = [
        function.usage,
        "",
        f"  {_FUNCTIONS[name]}",
        "",
        f"  takes {function.arity}" + (f", {function.domain}" if function.domain else ""),
    ]
    lines += [f"  may be called in: {places}"] + (
        [f"  needs the section `{function.section}`"] if function.section else []
    )
    return [*lines, *_shown(_calling(name)), "", f"  documented in {PAGE}, under Condition"]


def _calling(name: str) -> str:
    """An entry of the language that calls a function."""
    ready = {
        "min": "payoffs:\n  league:\n    unit: [dropped, consented]\n    seen: min(seen, hold)",
        "max": "payoffs:\n  league:\n    unit: [dropped, consented]\n    seen: max(seen, hold)",
        "abs": "payoffs:\n  league:\n    unit: [dropped, consented]\n    seen: abs(seen - hold)",
        "exp": "payoffs:\n  league:\n    unit: [dropped, consented]\n    seen: exp(-seen)",
        "log": "payoffs:\n  league:\n    unit: [dropped, consented]\n    seen: log(1 + seen)",
        "sqrt": "payoffs:\n  league:\n    unit: [dropped, consented]\n    seen: sqrt(seen)",
        "clip": "payoffs:\n  league:\n    unit: [dropped, consented]\n    seen: clip(seen, 0, 1)",
        "month": "payoffs:\n  league:\n    unit: [dropped, consented]\n    waiting: -0.02 * month(answer)",
        "settlement": "payoffs:\n  league:\n    unit: [dropped, consented]\n    strong: 0.3 if settlement(mandate) > 50 else 0",
        "agreed": "payoffs:\n  league:\n    unit: [dropped, consented]\n    united: 0.3 * agreed(mandate)",
        "truce_at": "payoffs:\n  league:\n    unit: [dropped, consented]\n    hold: hold * truce_at(12)",
        "any": "outcomes:\n  sent_home: any(review == revoke)",
        "all": "outcomes:\n  stays: all(review == keep)",
        "count": "outcomes:\n  stays: count(review == keep) >= 2",
        "present_at": "goals:\n  lasting: present_at(24)",
        "form_at": "goals:\n  lasting: form_at(24) == patrol",
        "truce_held_at": "goals:\n  held: truce_held_at(12)",
        "joined": "members:\n  brannt: {joins: {requires: consent and joined(1)}}",
        "joined_share": "members:\n  brannt: {joins: {requires: joined_share(0.5)}}",
        "k_of": 'members:\n  dain: {joins: {requires: "k_of(2, avel, brannt, cor)"}}',
    }  # fmt: skip
    return ready.get(name, "")


def _distribution(said: str) -> list[str]:
    name = said.partition("(")[0].strip().lower()
    if name not in _DISTRIBUTIONS:
        return []
    about, written = _DISTRIBUTIONS[name]
    example = f'quantities:\n  cost: {{value: "{written}", label: What it costs}}'
    note = "  stands wherever a number may be uncertain; in quotation marks inside {…}, for its commas"
    return [f"{name}(…)", "", f"  {about}", "", note, *_shown(example), "", "  documented in docs/method/quantity.md"]


def _word(said: str) -> list[str]:
    name = said.lower()
    if name not in WORDS:
        return []
    about, example = WORDS[name]
    return [name, "", f"  {about}", *_shown(example), "", f"  documented in {PAGE}"]


def _probability(said: str) -> list[str]:
    from vetopoint.quantity.words import SCALES, find_word

    found = [(scale, entry) for scale in SCALES if (entry := find_word(said, scale)) is not None]
    if not found:
        return []
    lines = [found[0][1].word, "", "  A word of probability.", ""]
    for scale, entry in found:
        lo, middle, hi = entry.distribution.ppf([0.05, 0.5, 0.95]).tolist()
        told = (
            "says that it can be, not how likely it is"
            if entry.kind == "possibility"
            else f"{middle:.0%}, 90 % between {lo:.0%} and {hi:.0%}"
        )
        lines.append(f"  {scale:<10} {told}  ({entry.source})")
    example = f"quantities:\n  chance_of_it: {{value: {found[0][1].word}, from: {{note: as the source has it}}}}"
    return [
        *lines,
        *_shown(example),
        "",
        "  `words:` lets a case mean something else by it; documented in docs/method/quantity.md",
    ]


def _check(said: str) -> list[str]:
    from vetopoint.study.checking import checks

    found = next((each for each in checks() if each.id == said.lower()), None)
    if found is None:
        return []
    lines = [
        found.id,
        "",
        f"  {found.about}",
        "",
        f"  {'an error: it stops a run' if found.severity == 'error' else 'a warning: the case runs'}",
    ]
    if found.severity == "warning":
        lines += _shown(f"silence: {{{found.id}: say here why it may be so}}")
    return [*lines, "", f"  documented in {PAGE}, under Checks"]
