"""From documents to a case of one's own: read them, find the cast of their plan, fill a pattern, write the folder."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from vetopoint.case.schema import SourceRef
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, Reader, SpacyParser
from vetopoint.evidence.documents import gather_with_files
from vetopoint.evidence.plans import Remembering, Telling, headed, tell
from vetopoint.evidence.plans.heading import dated
from vetopoint.evidence.plans.plain import plain
from vetopoint.study.drafting.cast import MOST_CHARACTERS, cast_of
from vetopoint.study.drafting.choosing import choice, speak_of_a_ceasefire
from vetopoint.study.drafting.fill import fill
from vetopoint.study.drafting.one_plan import of_one_plan, speak_of_a_plan
from vetopoint.study.drafting.patterns import pattern as pattern_of
from vetopoint.study.drafting.plan import Cast, Draft
from vetopoint.study.drafting.timing import timed
from vetopoint.study.folder import begin_folder, write_folder
from vetopoint.study.store import make_folder, write_case

if TYPE_CHECKING:
    from vetopoint.answers import Answers, Early
    from vetopoint.study.project import Progress, Tell

_LONGEST_NAME = 48
_NO_PLAN = (
    "the texts speak of no plan that needs somebody's yes: nobody in them wants to do what others must agree to "
    "→ start from a text about a plan; where this is one all the same, say of which kind with --pattern "
    "(`vetopoint patterns` lists them)"
)


_CONCEDES = re.compile(r"\b((?:conced|admit|acknowledg)\w*|grants? that)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Understood:
    """What was made of some documents."""

    documents: Mapping[str, Document]
    files: Mapping[str, Path]
    claims: tuple[Claim, ...]
    telling: Telling
    cast: Cast
    pattern: str
    why: str
    refused: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    """Document → what its head says of its date that was not taken as it stands."""
    aside: Mapping[str, str] = field(default_factory=dict)
    """Document that was left out, since it is on another plan → that plan."""
    as_of: date = date.min
    """The day on which the case begins, and whether a text bears it."""
    dated: bool = False

    @property
    def conceding(self) -> str:
        """Who of the owner's own side concedes that a yes is needed, and what, in the words of the texts; "" where nobody does."""
        needing = (c for c in self.claims if any(edge.kind in ("requires", "veto") and edge.holds for edge in c.edges))
        return next((f"{told} ({claim.id})" for claim in needing if (told := _conceded(claim))), "")


def _conceded(claim: Claim) -> str:
    """What a claim concedes, behind the name of who does; "" where nothing is conceded."""
    for said in (claim.text, claim.sentence.text if claim.sentence else ""):
        who, cue, what = _CONCEDES.split(_one_line(said), maxsplit=1) if _CONCEDES.search(said) else ("", "", "")
        if cue and what:
            who = who if said == claim.text else claim.chain[-1].name
            what = what if said == claim.text else _one_line(claim.text)
            speaker = re.sub(
                r"^that\b|\b(?:now|also|openly|privately|already|have|has|had)\s*$", "", who.strip()
            ).strip()
            return f"{speaker}: {re.sub(r'^that ', '', what.strip(' ,.'))}".removeprefix(": ")
    return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True)
class Started:
    """A case that was begun: its folder, what was understood, and the draft."""

    folder: Path
    understood: Understood
    draft: Draft


def understand(paths: Iterable[str | Path], *, pattern: str = "", copy: Path | None = None) -> Understood:
    """Read documents, and find the cast of the plan that they are about.

    Parameters
    ----------
    paths : files of any form, folders, tables; ``-`` is standard input.
    pattern : its name, where that is known.
    copy : where standard input is kept.

    Raises
    ------
    EvidenceError
        Nothing can be read, or the texts name nobody whose plan it could be.
    """
    if pattern:
        pattern_of(pattern)
    return _understood(_gathered(paths, copy), pattern)


def _understood(gathered: _Gathered, pattern: str) -> Understood:
    parser = Remembering(SpacyParser(workers=1))
    kept, aside = of_one_plan(gathered.documents, parser)
    documents = {id: gathered.documents[id] for id in kept}
    refused = list(gathered.refused)
    telling = tell(documents.values(), parser)
    claims: list[Claim] = []
    for document, found in Reader(telling.parties.names, parser).read(documents.values()):
        if isinstance(found, EvidenceError):
            refused.append(str(found))
            del documents[document.id]
        else:
            documents[document.id] = document
            claims += found
    if not documents:
        raise EvidenceError("\n".join(refused))
    if not pattern and not speak_of_a_plan(telling, claims):
        raise EvidenceError(_NO_PLAN)
    cast = cast_of(claims, names={}, documents=documents, telling=telling)
    chosen, why = (pattern, "as asked for") if pattern else choice(cast, claims, telling)
    files = {id: file for id, file in gathered.files.items() if id in documents}
    notes = {id: note for id, note in gathered.notes.items() if id in documents}
    return Understood(documents, files, tuple(claims), telling, cast, chosen, why, tuple(refused), notes, aside)


@dataclass(frozen=True)
class _Gathered:
    """Documents under ids that a case can name, their files, what their dates leave open, and what could not be read."""

    documents: dict[str, Document] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)


def _gathered(paths: Iterable[str | Path], copy: Path | None) -> _Gathered:
    """Documents with what their first lines say of them."""
    found = _Gathered()
    characters = 0
    for item, file in gather_with_files(*paths, copy=copy):
        if isinstance(item, EvidenceError):
            found.refused.append(str(item))
            continue
        characters += len(item.text)
        if characters > MOST_CHARACTERS:
            raise EvidenceError(
                f"more than {MOST_CHARACTERS:,} characters of text → start with the texts about one plan; "
                "`vetopoint read` reads archives"
            )
        id = _free(_name(item.id), found.documents)
        found.documents[id] = headed(replace(item, id=id))
        if item.date is None and (note := dated(item.text).note):
            found.notes[id] = note
        if file is not None:
            found.files[id] = file
    if not found.documents:
        raise EvidenceError("\n".join(found.refused) or "no documents → name the files to start from")
    return found


def _name(text: str, otherwise: str = "text") -> str:
    """A Name of the case language that comes near to a text."""
    found = plain(text)[:_LONGEST_NAME].strip("_")
    return found if found[:1].isalpha() else f"{otherwise}_{found}".strip("_")


def _free(name: str, taken: Iterable[str]) -> str:
    used = set(taken)
    return name if name not in used else next(n for i in count(2) if (n := f"{name}_{i}") not in used)


def start_case(
    paths: Sequence[str | Path], folder: str | Path | None = None, *, pattern: str = "", today: date | None = None
) -> Started:
    """Begin a case from documents; its folder appears whole or not at all.

    Parameters
    ----------
    folder : a folder that does not exist yet; named after the first document's title unless given.
    today : month 0 where no document has a date.

    Raises
    ------
    EvidenceError
        The folder exists, or as `understand`.
    """
    refuse_early(folder, pattern)
    with tempfile.TemporaryDirectory() as place:
        gathered = _gathered(paths, Path(place) / "stdin.txt")
        first = next(iter(gathered.documents.values()))
        target = Path(folder) if folder is not None else Path(_name(first.title or first.id, "case").replace("_", "-"))
        _refuse_existing(target)
        found = _settled(_understood(gathered, pattern), today or date.today())
        draft = _drafted(found)
        _write(target, found, draft)
    return Started(target, found, draft)


def refuse_early(folder: str | Path | None, pattern: str) -> None:
    """Refuse what is wrong before any text is read.

    Raises
    ------
    VetopointError
        There is no pattern of that name, or the folder exists.
    """
    if pattern:
        pattern_of(pattern)
    if folder is not None:
        _refuse_existing(Path(folder))


def _refuse_existing(folder: Path) -> None:
    if folder.exists() or folder.is_symlink():
        raise EvidenceError(f"{folder}: exists already → name a new folder with --dir; nothing was written")


def _settled(found: Understood, today: date) -> Understood:
    """The same with what its texts say of times, counted from the latest of their dates, or from today."""
    days = [document.date for document in found.documents.values() if document.date]
    texts = [document.text for document in found.documents.values()]
    as_of = max(days, default=today)
    cast = replace(timed(found.cast, texts, as_of), ceasefire=speak_of_a_ceasefire(texts))
    return replace(found, cast=cast, as_of=as_of, dated=bool(days))


def _drafted(found: Understood) -> Draft:
    first = next(iter(found.documents.values()))
    title = first.title or f"{found.cast.owner.label}: {found.cast.plan}"
    sources = {
        id: SourceRef(file=f"sources/{id}.txt", title=d.title, outlet=d.outlet, date=d.date, url=d.url)
        for id, d in found.documents.items()
    }
    draft = fill(pattern_of(found.pattern), found.cast, found.claims, title=title, as_of=found.as_of, sources=sources)
    said = _said_of_month_0(found)
    return replace(draft, text=draft.text.replace("# month 0: ", f"# {said}; month 0: ", 1)) if said else draft


def _said_of_month_0(found: Understood) -> str:
    """What is to be said of the day on which a case begins; "" where a text bears it plainly."""
    if not found.dated:
        notes = list(found.notes.values()) or ["the texts bear no date"]
        return f"{notes[0]}: the day on which the case was begun"
    told = [found.notes.get(id, "") for id, document in found.documents.items() if document.date == found.as_of]
    return min(told, key=len)


def _write(target: Path, found: Understood, draft: Draft) -> None:
    """Write the folder beside its place, under its own name, and move it there when it is whole."""
    make_folder(target.parent)
    try:
        staging = Path(tempfile.mkdtemp(prefix=".vetopoint-", dir=target.parent))
    except OSError as error:
        raise EvidenceError(
            f"{target}: cannot be made ({error.strerror}) → choose another folder with --dir"
        ) from error
    try:
        home = staging / target.name
        study = begin_folder(home)
        with study.store.open() as store:
            coder = found.claims[0].coder if found.claims else "machine"
            readings = [(d, [c for c in found.claims if c.source == id]) for id, d in found.documents.items()]
            store.add_readings(readings, coder)
        write_folder(home, found.files)
        write_case(home, draft.text)
        home.rename(target)
    except OSError as error:
        raise EvidenceError(
            f"{target}: cannot be written ({error.strerror or error}) → choose another folder with --dir"
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def check_started(started: Started) -> None:
    """Check a case that was begun.

    Raises
    ------
    CaseError
        It has errors; the folder stays, to be mended.
    """
    from vetopoint.errors import CaseError
    from vetopoint.study.checking import check

    wrong = [problem for problem in check(started.folder) if problem.severity == "error"]
    if wrong:
        raise CaseError(wrong)


def run_started(
    started: Started, draws: int, seed: int, progress: Progress, tell: Tell, early: Callable[[Early], None]
) -> Answers:
    """Run a case that was begun; `early` hears of its first answers while the rest is worked out."""
    from vetopoint.study.project import open_study, run_study

    return run_study(open_study(started.folder), draws, seed, None, progress, tell=tell, early=early)
