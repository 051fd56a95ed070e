"""What a person does with a case: open it, check it, run it, trace a number, hand on its game."""

from __future__ import annotations

import difflib
import hashlib
import json
import platform
import time
from collections.abc import Callable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from vetopoint.answers import (
    Answers,
    ClaimAnswer,
    Early,
    EvidenceSection,
    GameFindings,
    InputAnswer,
    RunAnswer,
    ShortNames,
    parquet_metadata,
)
from vetopoint.budget import USUAL, Budget
from vetopoint.case import Case, load_case
from vetopoint.case.paths import parse_path
from vetopoint.errors import CaseError, VetopointError
from vetopoint.quantity import compile_inputs, input_files
from vetopoint.study.evidence_section import (
    beside_answer,
    claim_answer,
    evidence_section,
    input_answer,
    unnamed_fallbacks,
)
from vetopoint.study.grouping import groups_of
from vetopoint.study.plausible import claims_behind
from vetopoint.study.sources import Evidence, Study, gather, store_place
from vetopoint.study.store import write_results

if TYPE_CHECKING:
    from vetopoint.chain import Result

DRAWS = 20_000
SEED = 1
EXPORT_DRAWS = 4096
RECORDED = ("vetopoint", "numpy", "scipy", "numba", "pydantic")

Progress = Callable[[str, float], None]
Tell = Callable[[Answers], tuple[Answers, Mapping[str, str]]]
"""Puts answers into words: the answers with their first page, and what is kept beside them, name to text."""


def _digests(case: Case, evidence: Evidence) -> dict[str, str]:
    """SHA-256 of the case file as it was read, and of the files beside it."""
    folder, others = case.folder, [*evidence.files, *data_files(case)]
    found = {_relative(case.document.path, folder): case.document.sha256}
    return found | {_relative(path, folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in others}


def _relative(path: Path, folder: Path) -> str:
    full, home = path.resolve(), folder.resolve()
    return full.relative_to(home).as_posix() if full.is_relative_to(home) else path.name


def data_files(case: Case) -> list[Path]:
    """Data files that the case names and that there are."""
    return [path for path in named_files(case) if path.is_file()]


def named_files(case: Case) -> list[Path]:
    """Data files that the case names, whether there are such files or not."""
    line, truce = case.file.line, case.file.truce
    names = [truce.watched and truce.watched.file, truce.priors]
    names += [line.geojson, line.incidents] if line is not None else []
    return [*(case.folder / name for name in names if name), *input_files(case)]


def open_study(path: str | Path, overrides: Mapping[str, str] | None = None, store: str | None = None) -> Study:
    """Open a case with its sources and claims.

    Parameters
    ----------
    store : address of the store; ``VETOPOINT_STORE``, or the case's own file, unless given.

    Raises
    ------
    CaseError, EvidenceError
        With file, line and remedy.
    """
    return study_of(load_case(path, overrides), store)


def study_of(case: Case, store: str | None = None) -> Study:
    """A case that is loaded, with its sources and claims; see `open_study`."""
    place = store_place(case, store)
    evidence = gather(case, place)
    evidence.check_named(case)
    return Study(case, evidence, place, _digests(case, evidence))


def run(
    case: str | Path | Study,
    draws: int = DRAWS,
    seed: int = SEED,
    out: str | Path | None = None,
    overrides: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    budget: Budget = USUAL,
) -> Answers:
    """Run a case for its figures alone, without words; the parameters are those of `vetopoint.run`."""
    study = case if isinstance(case, Study) else open_study(case, overrides)
    return run_study(study, draws, seed, out, progress, budget)


def run_study(
    study: Study,
    draws: int,
    seed: int,
    out: str | Path | None = None,
    progress: Progress | None = None,
    budget: Budget = USUAL,
    tell: Tell | None = None,
    *,
    early: Callable[[Early], None] | None = None,
) -> Answers:
    """The same for an open study; `tell` puts the answers into words, `early` hears of the first of them while the rest is worked out."""
    from vetopoint.chain import Numbers, run_case

    started = time.time()
    if draws < 1:
        raise VetopointError(f"{draws} draws → ask for at least one")
    distributions = compile_inputs(study.case)
    proof = evidence_section(study.case, study.evidence, distributions)
    numbers = Numbers(
        distributions,
        labels={item.name: item.label for item in proof.inputs if item.label},
        judged=frozenset(item.name for item in proof.inputs if item.origin != "read"),
        dropped=tuple(unnamed_fallbacks(study.case, study.evidence)),
        groups=groups_of(study.case, study.evidence),
    )
    with study.case.located():
        result = run_case(study.case, numbers, draws, seed, budget, progress, study.re_anchor, early=early)
    told = tuple(beside_answer(name, what) for name, what in result.beside.items())
    stored = _document(study, result, proof.model_copy(update={"beside": told}), draws, seed).to_json()
    answers = Answers.from_json(stored)  # what is shown is what is kept, rounded as it is kept
    ran = {
        "seconds": round(time.time() - started, 2),
        "host": platform.platform(),
        "python": platform.python_version(),
        "finished": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
    }
    answers, pages = tell(answers) if tell is not None else (answers, {})
    texts = {"answers.json": answers.to_json(), "run.json": json.dumps(ran, indent=1) + "\n", **pages}
    about = parquet_metadata(answers, list(result.columns))
    write_results(Path(out) if out is not None else study.out, texts, result.columns, about)
    return answers.with_draws(result.columns)


def _document(study: Study, result: Result, proof: EvidenceSection, draws: int, seed: int) -> Answers:
    """What a run found out, with what was run and whose word it rests on."""
    from vetopoint.chain.plausible import ignored
    from vetopoint.chain.questions import with_claims

    case, file, game, claims = study.case, study.case.file, result.game, claims_behind(study.case)
    run = RunAnswer(
        case=case.name,
        **{
            name: getattr(file, name)
            for name in ("title", "summary", "as_of", "horizon_months", "horizon_days", "owner", "not_modelled")
        },
        actors={actor: case.actor_label(actor) for actor in file.actors},
        short=_short(case),
        presence={outcome: parse_path(path)[0].form for outcome, path in file.paths.items() if path},
        seed=seed,
        draws=draws,
        intervention_draws=game.decisiveness[0].draws if game.decisiveness else result.draws_used["threats"],
        draws_used=dict(result.draws_used),
        overrides=dict(case.overrides),
        presupposes=file.presupposes or "",
        voiceless=_voiceless(study),
        warnings=result.warnings,
        versions=versions(),
        inputs=dict(study.inputs),
        units=dict(zip(result.players, result.fixed.unit.tolist(), strict=True)),
        first_pass=result.fixed.digest,
        re_anchored=study.re_anchor,
        solver=game.solver,
    )
    return Answers(
        run=run,
        **{name: getattr(game, name) for name in GameFindings.model_fields},
        members_decisiveness=result.members,
        **dict(result.plausible) | {"ignored": ignored(result.change.swings, claims)},
        expectations=result.expectations,
        coalition=result.coalition,
        truce=result.truce,
        change=result.change.model_copy(update={"decisions": with_claims(result.change.decisions, claims)}),
        evidence=proof,
    )


def _short(case: Case) -> ShortNames:
    """The case's short names, which actors take a verb in the plural, and which are persons."""
    short = case.file.short_
    persons = tuple(name for name, actor in case.file.actors.items() if actor.person)
    return ShortNames(**short.model_dump(), plural=tuple(filter(case.is_several, case.file.actors)), persons=persons)


def versions() -> dict[str, str]:
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


def trace(study: Study, name: str) -> tuple[InputAnswer, tuple[ClaimAnswer, ...]]:
    """An input of a case, and the claims it names: who says so, through whom, in which words.

    Raises
    ------
    CaseError
        If the case has no such input; says which come near.
    """
    from vetopoint.chain import drawn_beside, frame_of

    case, evidence = study.case, study.evidence
    if name not in case.inputs:
        beside = drawn_beside(frame_of(case)).inputs
        if name in beside:
            return beside_answer(name, beside[name]), ()
        near = difflib.get_close_matches(name, [*case.inputs, *beside], 3, cutoff=0.5)
        remedy = f"did you mean {' or '.join(near)}?" if near else f"name one of {', '.join(list(case.inputs)[:10])} …"
        raise CaseError(case.problem(f"no number is called '{name}'", remedy, "quantities"))
    item = case.inputs[name]
    steps = tuple(claim_answer(case, evidence, c) for c in evidence.claims if c.id in item.origin.claims)
    return input_answer(case, item, compile_inputs(case)[name]), steps


def export_game(study: Study) -> str:
    """A case's game in Gambit's .efg format, payoffs and chance at their means over draws, in the actors' units."""
    from vetopoint.chain import build_world, frame_of, sample_case
    from vetopoint.game.efg import write_efg

    frame = frame_of(study.case)
    world = build_world(frame, sample_case(frame, EXPORT_DRAWS, 1))
    # Of what is the same in all draws, that number without rounding.
    payoffs, chance = (v[0] + (v - v[0]).mean(axis=0) for v in (world.payoffs[0], world.chance[:, 0, :]))
    note = "payoffs and chance at their means over draws"
    return write_efg(frame.game.tree, payoffs, chance, study.case.file.title, note)
