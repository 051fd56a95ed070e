"""What is asked to be compared, opened: a case, a variant of it, as it was known on a day, its ignorance twin, or a finished run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vetopoint.answers import Answers
from vetopoint.case import Case
from vetopoint.errors import CaseError, VetopointError, did_you_mean
from vetopoint.study.dates import as_known
from vetopoint.study.project import open_study
from vetopoint.study.sources import Study

__all__ = ["CaseSide", "RunSide", "open_side"]

TWIN = "twin"
ANSWERS = "answers.json"


@dataclass(frozen=True)
class CaseSide:
    """A case that can be solved.

    Attributes
    ----------
    asked : as it was asked for.
    study : the case with its evidence.
    case : the case itself, a variant of it, or as it was known on a day.
    twin : whether its ignorance twin is meant.
    variant : the variant's name; empty: none.
    day : the day up to which claims count; None: all do.
    fallen : numbers that fall back because of that day.
    notes : what must be said of it.
    """

    asked: str
    study: Study
    case: Case
    twin: bool = False
    variant: str = ""
    day: dt.date | None = None
    fallen: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """What it is, in words."""
        said = [f"the variant “{self._variant_label}”" if self.variant else "the case as written"]
        if self.day is not None:
            said.append(f"as it was known on {spoken_day(self.day)}")
        own = set(self.case.overrides) - set(self.fallen)
        if own:
            said.append(f"with {len(own)} number{'s' * (len(own) > 1)} replaced")
        words = ", ".join(said)
        return f"the ignorance twin of {words}" if self.twin else words

    @property
    def _variant_label(self) -> str:
        return self.study.case.file.variants[self.variant].label or self.variant.replace("_", " ")


@dataclass(frozen=True)
class RunSide:
    """A finished run whose case is not at hand.

    Attributes
    ----------
    asked : as it was asked for.
    folder : where it lies.
    answers : what it answered.
    why : why its case cannot be solved again, in words.
    """

    asked: str
    folder: Path
    answers: Answers
    why: str

    @property
    def what(self) -> str:
        """What it is, in words."""
        return "a finished run"


def spoken_day(day: dt.date) -> str:
    """A day as sentences say it."""
    return f"{day.day} {day.strftime('%B %Y')}"


def open_side(asked: str, overrides: Mapping[str, str], store: str | None = None) -> CaseSide | RunSide:
    """Open one side of a comparison.

    Parameters
    ----------
    asked : a case folder or file, behind which may stand `@VARIANT`, `@DATE` (2026-02-24) and `@twin`; or the folder of a finished run.
    overrides : numbers to replace.
    store : where claims are kept, see `open_study`.

    Raises
    ------
    VetopointError
        Where nothing of the kind is there, or it cannot be opened; says what to write instead.
    """
    place, parts = _split(asked)
    source = place / ANSWERS if place.is_dir() and not (place / "case.yaml").exists() else place
    if source.name == ANSWERS and source.is_file():
        return _run(asked, source, parts, overrides, store)
    side = CaseSide(asked, (study := open_study(place, overrides, store)), study.case)
    for part in parts:
        side = _narrowed(side, part)
    return side


def _split(asked: str) -> tuple[Path, list[str]]:
    """The place, and what stands behind it; a place whose own name holds an @ is taken as it stands."""
    pieces = asked.split("@")
    for count in range(len(pieces), 0, -1):
        place = Path("@".join(pieces[:count]))
        if place.exists() and pieces[0]:
            return place, pieces[count:]
    return Path(pieces[0] or "."), pieces[1:]


def _narrowed(side: CaseSide, part: str) -> CaseSide:
    """A side with one more thing said of it."""
    declared = side.study.case.file.variants
    if part in declared and part == TWIN:
        message = f"{side.asked}: a variant is called {TWIN} too → give the variant another name"
        raise VetopointError(message)
    if part == TWIN and not side.twin:
        return replace(side, twin=True, notes=(*side.notes, *_halved(side.case)))
    if part in declared and not side.variant and side.day is None:
        return replace(side, case=_variant(side.case, part), variant=part)
    if (day := _day(part)) is not None and side.day is None:
        return _known(side, day)
    raise VetopointError(f"{side.asked}: what is meant by @{part}? → {_instead(part, side, declared)}")


def _halved(case: Case) -> list[str]:
    """What must be said of a twin whose goals the truce may decide."""
    if not case.file.models_truce:
        return []
    return ["in an ignorance twin, goals that the truce decides count a truce as one half"]


def _instead(part: str, side: CaseSide, declared: Mapping[str, object]) -> str:
    if part in declared and side.day is not None:
        return f"name the variant before the date: @{part}@{side.day}"
    if part in (TWIN, *declared) or _day(part) is not None:
        return "name one variant, one date, and @twin once"
    known = f"@twin, a date such as @2026-02-24{''.join(f', @{name}' for name in declared)}"
    return did_you_mean(part, [TWIN, *declared], f"write {known}")


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _variant(case: Case, name: str) -> Case:
    try:
        return case.variant(name)
    except CaseError as error:
        raise CaseError([case.of_variant(problem, name) for problem in error.problems]) from error


def _known(side: CaseSide, day: dt.date) -> CaseSide:
    known = as_known(side.study, side.case, day)
    notes = list(side.notes)
    if not known.later:
        notes.append(f"every claim of {side.study.case.name} was known by {spoken_day(day)}")
    if known.undated:
        notes.append(f"nobody dates {', '.join(known.undated)}: taken as known on {spoken_day(day)}")
    vague = [name for name in known.fallen if side.case.inputs[name].without is None]
    if vague:
        count = f"{len(vague)} numbers say" if len(vague) > 1 else "one number says"
        notes.append(f"{count} not what they are without their sources: taken as vague on their range")
    return replace(side, case=known.case, day=day, fallen=known.fallen, notes=tuple(notes))


def _run(
    asked: str, source: Path, parts: Sequence[str], overrides: Mapping[str, str], store: str | None
) -> CaseSide | RunSide:
    """A finished run: its case, where that lies beside it unchanged, else its answers."""
    try:
        answers = Answers.from_json(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        remedy = "run the case again, or compare the case itself"
        raise VetopointError(f"{source}: not readable as answers of this version → {remedy}") from error
    if parts or overrides:
        what = f"@{parts[0]}" if parts else f"--set {next(iter(overrides))}"
        raise VetopointError(f"{asked}: a finished run cannot be changed by {what} → name the case instead")
    home = source.resolve().parent.parent
    why = f"no case lies beside {source.parent}"
    if (home / "case.yaml").is_file():
        try:
            study = open_study(home, dict(answers.run.overrides), store)
        except VetopointError as error:
            why = f"the case beside it cannot be opened now ({str(error).splitlines()[0]})"
        else:
            if dict(study.inputs) == answers.run.inputs and study.case.name == answers.run.case:
                study = replace(study, re_anchor=answers.run.re_anchored)
                note = f"{asked}: its case lies beside it as it was run, and was solved again on the draws of this comparison"
                return CaseSide(asked, study, study.case, notes=(note,))
            why = "the case beside it has changed since"
    return RunSide(asked, source.parent, answers, why)
