"""A reviewer's desk: a case's proposed claims, which of them are meant, and what is decided on them.

Nothing of the case is loaded but its store, and the names of its actors where a correction or a listing needs them, so that one
decision costs no more than opening the store.
"""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

from vetopoint.errors import EvidenceError, did_you_mean
from vetopoint.evidence.claim import Action, Claim, Kind, Status
from vetopoint.evidence.documents import Document
from vetopoint.evidence.naming import Naming
from vetopoint.evidence.place import place_of
from vetopoint.evidence.review import Decision, Review, standing
from vetopoint.evidence.store import Store

CODER_VARIABLE = "VETOPOINT_CODER"
_CASE_BYTES = 2_000_000


@dataclass(frozen=True)
class Wanted:
    """Which claims are meant; an empty tuple leaves a field open.

    Parameters
    ----------
    kinds, rules, sources, statuses : values that a claim may have; a rule may be a pattern such as ``edge-*``.
    """

    kinds: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for option, given, known in (
            ("--kind", self.kinds, get_args(Kind)),
            ("--status", self.statuses, get_args(Status)),
        ):
            for word in set(given) - set(known):
                remedy = did_you_mean(word, known, f"one of {', '.join(known)}")
                raise EvidenceError(f"{option} {word}: there is none → {remedy}")

    def takes(self, claim: Claim, statuses: Sequence[str] = ()) -> bool:
        """Whether a claim is among them; `statuses` hold where none were asked for."""
        asked = (
            (self.kinds, claim.kind),
            (self.sources, claim.source),
            (self.statuses or statuses, claim.status),
        )
        rules = not self.rules or any([fnmatchcase(claim.rule, rule) for rule in self.rules])
        return rules and not [value for allowed, value in asked if allowed and value not in allowed]


class Desk:
    """One coder's work on the claims of one case.

    Parameters
    ----------
    store : where the claims are.
    coder : who reviews; "" where the store, or ``VETOPOINT_CODER``, is to say.
    case : the case file, for the names of its actors; it need not exist.
    """

    def __init__(self, store: Store, coder: str = "", case: Path | None = None) -> None:
        self.store, self._asked, self._case = store, coder.strip(), case

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *failure: object) -> None:
        """Close the store."""
        self.store.__exit__(*failure)

    @cached_property
    def coder(self) -> str:
        """Who reviews: named on the command, in ``VETOPOINT_CODER``, or as the last time from this account."""
        named = self._asked or os.environ.get(CODER_VARIABLE, "").strip()
        name = named or self.store.remembered(_login())
        if not name:
            raise EvidenceError("it is not known who reviews → --coder NAME, this once; it is remembered")
        if len(name) > 100 or not name.isprintable():
            raise EvidenceError(f"--coder {name[:40]!r}: no name → at most 100 characters, on one line")
        if self._asked and self.store.remembered(_login()) != name:
            self.store.remember(_login(), name)
        return name

    @cached_property
    def actors(self) -> Mapping[str, tuple[str, ...]]:
        """The case's actors and members with their names; none where the case file cannot be read."""
        return _actors(self._case) if self._case is not None else {}

    @cached_property
    def naming(self) -> Naming | None:
        """For whom links and edges speak, by the case as it is now; None where the case names nobody."""
        return Naming(self.actors) if self.actors else None

    def claims(self, wanted: Wanted | None = None) -> list[Claim]:
        """The claims that are meant, as they stand now, in the order of the text."""
        found = self.store.claims(named=self.naming)
        if wanted is None:
            return list(found)
        _known("--rule", wanted.rules, {claim.rule for claim in found})
        _known("--source", wanted.sources, {claim.source for claim in found})
        return [claim for claim in found if wanted.takes(claim)]

    def claim(self, id: str) -> Claim:
        """One claim as it stands now."""
        return self.store.claim(id, named=self.naming)

    def document(self, id: str) -> Document:
        """The document of a claim; the last one is kept at hand."""
        if self._held is None or self._held.id != id:
            self._held = self.store.document(id)
        return self._held

    _held: Document | None = None

    def chosen(self, words: str, wanted: Wanted) -> list[str]:
        """Ids of the claims that a selection names: ``all``, an id, a range ``c3-c9``, or several of these with commas.

        `all` and ranges take those that nobody has reviewed, unless `wanted` asks for another status.

        Raises
        ------
        EvidenceError
            A name in it is no claim's, or a range runs backwards.
        """
        ids = self.store.ids()
        if words in ids and wanted == Wanted():
            return [words]
        place = {id: number for number, id in enumerate(ids)}
        found = {claim.id: claim for claim in self.claims(wanted)}
        chosen: dict[str, None] = {}
        for word in [words] if words in place else [w.strip() for w in words.split(",") if w.strip()]:
            if word in place:
                chosen |= dict.fromkeys([word] if word in found else [])
                continue
            first, last = (0, len(ids) - 1) if word == "all" else _range(word, place)
            open_ones = [id for id in ids[first : last + 1] if id in found]
            chosen |= dict.fromkeys(id for id in open_ones if wanted.takes(found[id], ("proposed",)))
        return list(chosen)

    def decide(self, decisions: Iterable[Decision]) -> tuple[int, ...]:
        """Keep decisions, all of them or none; return their numbers in the log."""
        found = list(decisions)
        named = self.naming if [d for d in found if d.action == "correct"] else None
        return self.store.review_all(found, self.coder, named=named)

    def decide_one(self, claim: str, action: Action, reason: str = "", changes: Mapping[str, Any] | None = None) -> int:
        """Keep one decision; return its number in the log."""
        return self.decide([Decision(claim, action, reason, changes or {})])[0]

    def last(self) -> Review | None:
        """This coder's latest review that stands, of whatever claim: what `undo` would take back first."""
        mine = [review for review in standing(self.store.log()) if review.coder == self.coder]
        return mine[-1] if mine else None


def open_desk(path: str | Path, store: str | None = None, coder: str = "") -> Desk:
    """A desk for a case, named by its folder or its file.

    Raises
    ------
    EvidenceError
        There is no such case, or nothing was read into it yet.
    """
    path = Path(path)
    if not path.exists():
        raise EvidenceError(f"{path}: there is no such case → name a case folder, or its case.yaml")
    file = path / "case.yaml" if path.is_dir() else path
    found = place_of(file, store).look()
    if found is None:
        raise EvidenceError(f"nothing was read into this case yet → `vetopoint read FILE --case {file.parent}`")
    return Desk(found, coder, file)


def _login() -> str:
    try:
        return getpass.getuser()[:200]
    except (KeyError, ImportError, OSError):
        return ""


def _known(option: str, given: Sequence[str], known: set[str]) -> None:
    for word in given:
        if not [name for name in known if fnmatchcase(name, word) or name == word]:
            remedy = did_you_mean(word, known, f"one of {', '.join(sorted(known)[:12]) or 'none'}")
            raise EvidenceError(f"{option} {word}: no claim has it → {remedy}")


def _range(word: str, place: Mapping[str, int]) -> tuple[int, int]:
    """First and last place of a range; an id may hold hyphens itself, and the second may leave out what both begin with."""
    for dash in re.finditer(r"\s*(?:-|–|\.\.)\s*", word):
        first, last = word[: dash.start()], word[dash.end() :]
        if first not in place:
            continue
        begun = re.sub(r"\d+$", "", first)
        for end in (last, f"{begun}{last}"):
            if end in place:
                if place[end] < place[first]:
                    raise EvidenceError(f"{word}: {end} stands before {first} → write {end}-{first}")
                return place[first], place[end]
    near = did_you_mean(word, place, "list the claims to see their ids; one of claims.jsonl is changed in that file")
    raise EvidenceError(f"claim {word!r} is not in the store → {near}")


def _actors(file: Path) -> dict[str, tuple[str, ...]]:
    """Names of the actors of a case file, without the case; a file that is none names nobody."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if not file.is_file() or file.stat().st_size > _CASE_BYTES:
        return {}
    try:
        data = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8-sig"))
    except (YAMLError, OSError, ValueError):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for section in ("members", "actors"):
        part = data.get(section) if isinstance(data, dict) else None
        for name, about in part.items() if isinstance(part, dict) else ():
            about = about if isinstance(about, dict) else {"label": about}
            aka = about["aka"] if isinstance(about.get("aka"), list) else []
            found[str(name)] = tuple(str(word) for word in (about.get("label"), *aka) if word)
    return found
