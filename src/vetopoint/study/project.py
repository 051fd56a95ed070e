"""What a person does with a case: open it, check it, run it, trace a number, begin a new one."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from vetopoint.case import CHECKS, Case, Check, Problem, complaints, load_case
from vetopoint.errors import VetopointError
from vetopoint.study.sources import Evidence, check_claims, gather, require_no_errors

if TYPE_CHECKING:
    from vetopoint.answers import Answers

__all__ = ["DRAWS", "SEED", "Progress", "Study", "check", "checks", "open_study", "run"]

DRAWS = 20_000
SEED = 1
RECORDED = ("vetopoint", "numpy", "scipy", "numba", "pydantic")

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Study:
    """A case with its evidence, as one person works on it."""

    case: Case
    evidence: Evidence

    @property
    def out(self) -> Path:
        """Where a run of this case leaves its results unless told otherwise."""
        return self.case.folder / "out"

    def inputs(self) -> dict[str, str]:
        """SHA-256 of every file that the run reads, by name relative to the case's folder."""
        files = [self.case.path, *self.evidence.files, *_named_files(self.case)]
        return {_relative(path, self.case.folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _relative(path: Path, folder: Path) -> str:
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.name


def _named_files(case: Case) -> list[Path]:
    """Data files that the case names."""
    from vetopoint.quantity import input_files

    line, truce = case.file.line, case.file.truce
    names = [truce.observed, getattr(truce, "priors", None)]
    names += [line.geojson, line.incidents] if line is not None else []
    files = [*(case.folder / name for name in names if name), *input_files(case)]
    return [path for path in files if path.is_file()]


def open_study(path: str | Path, overrides: Mapping[str, str] | None = None) -> Study:
    """Open a case with its sources and claims.

    Raises
    ------
    CaseError, EvidenceError
        With file, line and remedy.
    """
    case = load_case(path, overrides)
    evidence = gather(case)
    require_no_errors(check_claims(case, evidence))
    return Study(case, evidence)


def check(path: str | Path) -> list[Problem]:
    """Every complaint about a case, those included that need its histories and those that it silences.

    Raises
    ------
    CaseError
        If it cannot be loaded.
    """
    from vetopoint.chain.checks import check_histories_of

    case = open_study(path).case
    silenced = [p for stage in ("names", "sense") for p in complaints(case, stage) if p.severity == "silenced"]
    return [*case.warnings, *silenced, *check_histories_of(case)]


def checks() -> list[Check]:
    """Every check there is, in the order of their ids."""
    import vetopoint.chain.checks  # noqa: F401 (every room adds its checks)

    return [CHECKS[id] for id in sorted(CHECKS)]


def run(
    case: str | Path | Study,
    draws: int = DRAWS,
    seed: int = SEED,
    out: str | Path | None = None,
    overrides: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Answers:
    """Run a case and keep what it answers: ``answers.json``, ``draws.parquet`` and ``run.json`` in ``out``.

    Parameters
    ----------
    case : a case file, its folder, or an open study.
    draws, seed : how many draws, from which seed; the same seed gives the same bytes.
    out : folder for the results; default ``out`` beside the case. An earlier run's files are replaced only at the end.
    overrides : uncertain numbers to replace, by name.
    progress : called with what is being done and the share that is done.

    Returns
    -------
    Answers
    """
    from vetopoint.chain.run import run_case
    from vetopoint.study.evidence_section import evidence_section, unnamed_fallbacks
    from vetopoint.study.store import write_results

    started = time.time()
    study = case if isinstance(case, Study) else open_study(case, overrides)
    if draws < 1:
        raise VetopointError(f"{draws} draws → ask for at least one")
    result = run_case(
        study.case,
        draws,
        seed,
        versions=_versions(),
        inputs=study.inputs(),
        voiceless=_voiceless(study),
        without_unnamed=unnamed_fallbacks(study.case, study.evidence),
        evidence=lambda distributions: evidence_section(study.case, study.evidence, distributions),
        progress=progress,
    )
    folder = Path(out) if out is not None else study.out
    about = {
        "seconds": round(time.time() - started, 2),
        "host": platform.platform(),
        "python": platform.python_version(),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
    write_results(folder, result.answers.to_json(), result.columns, json.dumps(about, indent=1) + "\n")
    return result.answers


def _versions() -> dict[str, str]:
    found = {}
    for name in RECORDED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    return found


def _voiceless(study: Study) -> tuple[str, ...]:
    """Actors of whom others speak in the sources but who are not heard themselves."""
    aliases = {
        alias.casefold(): name
        for name, actor in study.case.file.actors.items()
        for alias in (name, actor.label, *actor.aka)
    }
    speaking = set()
    for claim in study.evidence.claims:
        for link in claim.chain:
            speaking |= {link.actor} if link.actor else {aliases.get(link.name.casefold(), "")}
    return tuple(name for name in study.case.file.actors if name not in speaking)
