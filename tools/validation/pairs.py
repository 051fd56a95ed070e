"""Does one small word turn what the reader says round? Scores the reader on minimal pairs of sentences.

    python tools/validation/pairs.py [TABLE ...] [--log FILE]      default: tests/data/reading/pairs.csv

A table has one pair a row: ``pair`` (its name), ``domain``, ``fault`` (what the pair tries), ``sentence``, ``aliases``, ``expect_one``,
``expect_other``. The two sentences are written as one, with what differs in braces: ``Hungary {rejected|did not reject} the plan.`` Aliases
(``union: European Union, Brussels; us: United States``) hold for the whole table, so that an actor is named once. What must hold of a
sentence stands in the last two columns, parted by semicolons; `` or `` parts what will do instead:

==================================  ==========================================================================================
``position:ACTOR=SIGNS``            sign of the sum, over the claims that the actor makes, of its act's weight times its polarity;
                                    SIGNS is one or two of ``+``, ``-``, ``0`` (no position)
``claim:SPEAKER=SIGNS``             polarity of the longest claim with a speaker, by name, function or id, in its chain (``*``: with any); ``0``: none
``claim:SPEAKER``                   there is such a claim
``no-claim:SPEAKER``                it makes none, as the last of a chain; with ``:ACT``, none of that act that is affirmed
``act:SPEAKER=ACT``                 it makes one of that act, as the last of a chain
``edge:KIND:ACTOR``                 there is such an edge (``*``: of anybody); with ``:denied``, one that the text denies
``no-edge:KIND:ACTOR``              there is no such edge; the actor may be left out
``threat:ACTOR``, ``no-threat:…``   the actor threatens, by an act, a kind or an edge; nobody does where none is named
``condition``, ``no-condition``     some claim, or none, hangs on a condition
``no-hedge``                        no claim is hedged
==================================  ==========================================================================================

A pair is *as expected* if all of this holds. It is *reversed* if a position, a polarity or an edge is there with the opposite sign, or
something is asserted (an edge, a threat, an act) that must not be. What is missing is not reversed. Weights of acts: ``docs/method/evidence.md``.
An act is that of the verb, and polarity says whether it is denied: "will not sign" is AGREE with −1 or REJECT with 1, "did not reject" is
REJECT with −1; REJECT with −1 for a refusal would read as its opposite.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TextIO, get_args

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, Edge, Link, Reader
from vetopoint.evidence.claim import ACTS, EdgeKind

__all__ = ["ACT_WEIGHTS", "COLUMNS", "TABLE", "Expectation", "Outcome", "Pair", "read_pairs", "score", "stance"]

TABLE = Path(__file__).resolve().parents[2] / "tests" / "data" / "reading" / "pairs.csv"
COLUMNS = ("pair", "domain", "fault", "sentence", "aliases", "expect_one", "expect_other")
DOMAINS = ("trade", "treaties", "sanctions", "ratification", "basing", "ceasefire")
WORDS_APART = 6
ACT_WEIGHTS = {
    "THREATEN": -2,
    "REJECT": -2,
    "DEMAND": -1,
    "DISAPPROVE": -1,
    "CONCEDE": 1,
    "CONSULT": 1,
    "COOPERATE": 2,
    "SUPPORT": 2,
    "AGREE": 2,
}
"""Written out and not imported: what is right does not follow the code that it judges."""

_SLOT = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
_SIGNS = {"+": 1, "-": -1, "0": 0}
_FORMS = (
    re.compile(r"(?P<what>position|claim):(?P<who>[^:=]+)=(?P<signs>[-+0]{1,2})"),
    re.compile(r"(?P<what>claim):(?P<who>[^:=]+)"),
    re.compile(rf"(?P<what>no-claim):(?P<who>[^:=]+)(:(?P<act>{'|'.join(ACTS)}))?"),
    re.compile(rf"(?P<what>act):(?P<who>[^:=]+)=(?P<act>{'|'.join(ACTS)})"),
    re.compile(rf"(?P<what>edge):(?P<edge>{'|'.join(get_args(EdgeKind))}):(?P<who>[^:=]+)(:(?P<denied>denied))?"),
    re.compile(rf"(?P<what>no-edge):(?P<edge>{'|'.join(get_args(EdgeKind))})(:(?P<who>[^:=]+)(:(?P<denied>denied))?)?"),
    re.compile(r"(?P<what>threat):(?P<who>[^:=]+)"),
    re.compile(r"(?P<what>no-threat)(:(?P<who>[^:=]+))?"),
    re.compile(r"(?P<what>condition|no-condition|no-hedge)"),
)


class Outcome(NamedTuple):
    """Whether an expectation holds, and whether the opposite was read."""

    holds: bool
    reversed: bool


@dataclass(frozen=True)
class Expectation:
    """One thing that must hold of a sentence, as written in the table."""

    text: str
    what: str
    who: str = "*"
    act: str = ""
    edge: str = ""
    denied: bool = False
    signs: frozenset[int] = frozenset()

    def judge(self, claims: Sequence[Claim]) -> Outcome:
        """Compare with the claims of one sentence."""
        return _JUDGES[self.what](self, claims)

    @property
    def actor(self) -> str:
        """Id of the actor that the expectation names, empty where it names none."""
        return (
            self.who if self.who != "*" and self.what in ("position", "edge", "no-edge", "threat", "no-threat") else ""
        )


@dataclass(frozen=True)
class Pair:
    """Two sentences that a word or two part, and what must hold of each: a tuple of alternatives for each expectation."""

    name: str
    domain: str
    fault: str
    sentences: tuple[str, str]
    expected: tuple[tuple[tuple[Expectation, ...], ...], tuple[tuple[Expectation, ...], ...]]
    row: int


def stance(claims: Iterable[Claim], actor: str) -> int:
    """Sign of what an actor's own claims add up to."""
    total = sum(ACT_WEIGHTS.get(c.act, 0) * c.polarity for c in claims if c.says.actor == actor)
    return (total > 0) - (total < 0)


def read_pairs(path: Path) -> tuple[dict[str, list[str]], list[Pair]]:
    """Names by actor, and the pairs.

    Raises
    ------
    EvidenceError
        With file and row, where a row does not say what the module's docstring asks for.
    """
    rows = _rows(path)
    names: dict[str, list[str]] = {}
    pairs: list[Pair] = []
    for line, row in rows:
        try:
            pairs.append(_pair(row, line))
            _take_aliases(row["aliases"], names)
        except ValueError as error:
            raise EvidenceError(f"{path}, row {line}: {error} → see the head of tools/validation/pairs.py") from error
    for pair in pairs:
        unknown = {e.actor for side in pair.expected for several in side for e in several} - {"", *names}
        if unknown:
            raise EvidenceError(f"{path}, row {pair.row}: no aliases for {sorted(unknown)} → add them to a row")
    if len({pair.name for pair in pairs}) < len(pairs):
        twice = sorted({p.name for p in pairs if sum(q.name == p.name for q in pairs) > 1})
        raise EvidenceError(f"{path}: pairs {twice} stand twice → give each a name of its own")
    return names, pairs


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            rows = [(reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise EvidenceError(f"{path}: {error} → write it as CSV in UTF-8") from error
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise EvidenceError(f"{path}: columns are {reader.fieldnames} → {', '.join(COLUMNS)}")
    return rows


def _take_aliases(cell: str, names: dict[str, list[str]]) -> None:
    for part in filter(None, map(str.strip, cell.split(";"))):
        actor, colon, words = part.partition(":")
        given = [word.strip() for word in words.split(",") if word.strip()]
        if not colon or not given:
            raise ValueError(f"alias {part!r} is not ACTOR: NAME, NAME")
        if names.setdefault(actor.strip(), given) != given:
            raise ValueError(f"{actor} has other names in an earlier row")


def _pair(row: dict[str, str], line: int) -> Pair:
    if None in row or None in row.values():
        raise ValueError("too few or too many columns")
    if row["domain"] not in DOMAINS:
        raise ValueError(f"domain {row['domain']!r} is none of {', '.join(DOMAINS)}")
    if not row["pair"].strip() or not row["fault"].strip():
        raise ValueError("pair or fault is empty")
    sentences = _expand(row["sentence"])
    expected = (_expectations(row["expect_one"]), _expectations(row["expect_other"]))
    return Pair(row["pair"], row["domain"], row["fault"], sentences, expected, line)


def _expand(sentence: str) -> tuple[str, str]:
    slots = _SLOT.findall(sentence)
    if not slots or set("{}|") & set(_SLOT.sub("", sentence)):
        raise ValueError("the sentence has no {one|other}, or a stray brace or bar")
    if any(len(side.split()) > WORDS_APART for slot in slots for side in slot):
        raise ValueError(f"more than {WORDS_APART} words in a brace: no minimal pair")
    one, other = _side(sentence, 1), _side(sentence, 2)
    if one == other:
        raise ValueError("the two sentences are the same")
    return one, other


def _side(sentence: str, which: int) -> str:
    chosen = _SLOT.sub(lambda slot: str(slot[which]), sentence)
    return re.sub(r" +([,.])", r"\1", re.sub(r" {2,}", " ", chosen))


def _expectations(cell: str) -> tuple[tuple[Expectation, ...], ...]:
    parts = [part.strip() for part in cell.split(";") if part.strip()]
    if not parts:
        raise ValueError("nothing is expected of a sentence")
    return tuple(tuple(_expectation(one.strip()) for one in part.split(" or ")) for part in parts)


def _expectation(text: str) -> Expectation:
    found = next(filter(None, (form.fullmatch(text) for form in _FORMS)), None)
    if not found:
        raise ValueError(f"expectation {text!r} is not understood")
    given = found.groupdict()
    return Expectation(
        text,
        given["what"],
        given.get("who") or "*",
        given.get("act") or "",
        given.get("edge") or "",
        bool(given.get("denied")),
        frozenset(_SIGNS[sign] for sign in given.get("signs") or ""),
    )


def _is(link: Link, who: str) -> bool:
    return who == link.actor or who.casefold() in f"{link.name} {link.role}".casefold()


def _speaks(claim: Claim, who: str) -> bool:
    return claim.says.role not in ("article", "outlet") if who == "*" else _is(claim.says, who)


def _is_heard(claim: Claim, who: str) -> bool:
    return _speaks(claim, who) or (who != "*" and any(_is(link, who) for link in claim.chain))


def _sign(signs: frozenset[int], found: int) -> Outcome:
    return Outcome(found in signs, bool(found) and found not in signs and -found in signs)


def _position(one: Expectation, claims: Sequence[Claim]) -> Outcome:
    return _sign(one.signs, stance(claims, one.who))


def _claim(one: Expectation, claims: Sequence[Claim]) -> Outcome:
    spoken = [c for c in claims if _is_heard(c, one.who)]
    if not one.signs:
        return Outcome(bool(spoken), False)
    longest = max(spoken, key=lambda c: len(c.text), default=None)
    return _sign(one.signs, longest.polarity if longest else 0)


def _no_claim(one: Expectation, claims: Sequence[Claim]) -> Outcome:
    found = any(_speaks(c, one.who) and (not one.act or (c.act == one.act and c.polarity > 0)) for c in claims)
    return Outcome(not found, found and bool(one.act))


def _act(one: Expectation, claims: Sequence[Claim]) -> Outcome:
    return Outcome(any(_speaks(c, one.who) and c.act == one.act for c in claims), False)


def _edges(one: Expectation, claims: Sequence[Claim]) -> Iterator[Edge]:
    return (e for c in claims for e in c.edges if e.kind == one.edge and one.who in ("*", e.actor))


def _edge(one: Expectation, claims: Sequence[Claim]) -> Outcome:
    held = {e.holds for e in _edges(one, claims)}
    return Outcome((not one.denied) in held, held == {one.denied})


def _no_edge(one: Expectation, claims: Sequence[Claim]) -> Outcome:
    found = (not one.denied) in {e.holds for e in _edges(one, claims)}
    return Outcome(not found, found)


def _threatens(one: Expectation, claims: Sequence[Claim]) -> bool:
    by_act = {c.about or c.says.actor for c in claims if (c.act == "THREATEN" or c.kind == "threat") and c.polarity > 0}
    who = by_act | {e.actor for c in claims for e in c.edges if e.kind == "threat" and e.holds}
    return bool(who) if one.who == "*" else one.who in who


def _threat(one: Expectation, claims: Sequence[Claim]) -> Outcome:
    return Outcome(_threatens(one, claims), False)


def _no_threat(one: Expectation, claims: Sequence[Claim]) -> Outcome:
    found = _threatens(one, claims)
    return Outcome(not found, found)


def _condition(_: Expectation, claims: Sequence[Claim]) -> Outcome:
    return Outcome(any(c.condition for c in claims), False)


def _no_condition(_: Expectation, claims: Sequence[Claim]) -> Outcome:
    return Outcome(not any(c.condition for c in claims), False)


def _no_hedge(_: Expectation, claims: Sequence[Claim]) -> Outcome:
    return Outcome(not any(c.hedge for c in claims), False)


_JUDGES: dict[str, Callable[[Expectation, Sequence[Claim]], Outcome]] = {
    "position": _position,
    "claim": _claim,
    "no-claim": _no_claim,
    "act": _act,
    "edge": _edge,
    "no-edge": _no_edge,
    "threat": _threat,
    "no-threat": _no_threat,
    "condition": _condition,
    "no-condition": _no_condition,
    "no-hedge": _no_hedge,
}


@dataclass(frozen=True)
class Judged:
    """A pair with what was read of its two sentences, and what went wrong there."""

    pair: Pair
    claims: tuple[tuple[Claim, ...], tuple[Claim, ...]]
    failed: tuple[str, ...]
    turned: tuple[str, ...]


def score(path: Path) -> list[Judged]:
    """Read all sentences of a table, in one batch, and judge each pair."""
    names, pairs = read_pairs(path)
    documents = [
        Document(id=f"{number}-{side}", text=text)
        for number, pair in enumerate(pairs)
        for side, text in enumerate(pair.sentences)
    ]
    read = []
    for _, claims in Reader(names).read(documents):
        if isinstance(claims, EvidenceError):
            raise claims
        read.append(tuple(claims))
    return [_judge(pair, (read[2 * n], read[2 * n + 1])) for n, pair in enumerate(pairs)]


def _judge(pair: Pair, claims: tuple[tuple[Claim, ...], tuple[Claim, ...]]) -> Judged:
    failed, turned = [], []
    for which, expected, found in zip(("one", "other"), pair.expected, claims, strict=True):
        for alternatives in expected:
            outcomes = [one.judge(found) for one in alternatives]
            words = f"{which}: {' or '.join(one.text for one in alternatives)}"
            if not any(outcome.holds for outcome in outcomes):
                failed.append(words)
                turned.extend([words] * any(outcome.reversed for outcome in outcomes))
    return Judged(pair, claims, tuple(failed), tuple(turned))


def _print_shares(title: str, judged: Sequence[Judged], key: Callable[[Pair], str]) -> None:
    groups: defaultdict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[key(one.pair)].append(one)
    print(f"\n{title:22} {'pairs':>6} {'no reversal %':>14} {'as expected %':>14}")
    for name, of in [*sorted(groups.items()), ("all", list(judged))]:
        unturned, right = (
            100 * sum(not bad for bad in marks) / len(of) for marks in ([j.turned for j in of], [j.failed for j in of])
        )
        print(f"{name:22} {len(of):6} {unturned:14.0f} {right:14.0f}")


def _log(judged: Iterable[Judged], file: TextIO) -> None:
    for one in judged:
        if not one.failed:
            continue
        print(f"\n{one.pair.name} ({one.pair.fault})", file=file)
        for which, sentence, claims in zip(("one", "other"), one.pair.sentences, one.claims, strict=True):
            print(f"  {which}: {sentence}", file=file)
            for c in claims:
                edges = " ".join(f"{e.kind}:{e.actor}{'' if e.holds else ':denied'}" for e in c.edges)
                print(
                    f"    {c.says.name} [{c.says.actor}] {c.kind} {c.act} {c.polarity:+d} about {c.about or '-'} "
                    f"if {c.condition or '-'} hedge {c.hedge or '-'} edges {edges or '-'} {c.rule}: {c.text!r}",
                    file=file,
                )
        for words in one.failed:
            print(f"  {'REVERSED' if words in one.turned else 'missed  '} {words}", file=file)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the shares of pairs without reversal and as expected, by domain and by fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", type=Path, default=[TABLE])
    parser.add_argument("--log", type=Path, help="write each pair that fails, with its claims, to this file")
    given = parser.parse_args(argv)
    try:
        judged = [one for table in given.tables for one in score(table)]
    except (EvidenceError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    _print_shares("domain", judged, lambda pair: pair.domain)
    _print_shares("fault", judged, lambda pair: pair.fault)
    if given.log:
        with given.log.open("w", encoding="utf-8") as file:
            _log(judged, file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
