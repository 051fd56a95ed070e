"""The full counts: what is too slow for every test run, measured and written to ``docs/soak.md``.

    python tools/soak.py [--only tests,agreement,…] [--few]

``--few`` cuts the counts (and the page says so); ``--only`` runs some steps and leaves the rest out of the page.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "soak.md"
CASE = ROOT / "cases" / "european-presence"
LIMIT = 3.0  # standard errors
RARE = 1e-4  # below it, a mean hangs on the few largest of 1,000 draws, and so does its error: shown, not judged
VETOPOINT = [sys.executable, "-m", "vetopoint"]

Step = Callable[[bool], tuple[bool, str]]


def run(command: list[str], timeout: float = 6 * 3600, **env: str) -> tuple[int, str]:
    """Exit code and output of a command in the project's folder."""
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path, **env}, text=True, timeout=timeout, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout


def tests(few: bool) -> tuple[bool, str]:
    """The tests marked `soak`."""
    where = ["tests/unit/truce", "tests/conformance"] if few else []
    code, out = run([sys.executable, "-m", "pytest", "-q", "-m", "soak", "--durations=10", *where], VETOPOINT_SOAK="1")
    slow = [line.split() for line in out.splitlines() if re.match(r"\s*[\d.]+s call", line)]
    summary = next((line for line in reversed(out.splitlines()) if re.search(r"\d+ (passed|failed|skipped)", line)), "")
    rows = [f"| `{name.split('::')[-1]}` | {seconds} |" for seconds, _, name in slow]
    skipped = [f"- {line.split(':', 2)[-1].strip()}" for line in out.splitlines() if line.startswith("SKIPPED")]
    notes = ["", "Skipped, and why:", "", *skipped] if skipped else []
    return code == 0, "\n".join([summary.strip("= "), "", "| test | time |", "|---|---|", *rows, *notes])


def agreement(few: bool) -> tuple[bool, str]:
    """The bundled case on 1,000 and on 100,000 draws: within the Monte-Carlo error that is reported."""
    sys.path.insert(0, str(ROOT / "src"))
    from vetopoint.case import load_case
    from vetopoint.chain import build_world, frame_of, sample_case
    from vetopoint.quantity import Band, band

    case = load_case(CASE)
    frame = frame_of(case)

    def answers(draws: int) -> tuple[dict[str, Band], float]:
        begin = time.perf_counter()
        world = build_world(frame, sample_case(frame, draws, 1))
        play = world.priced.solve()
        found = {f"P({name})": band(play.goal(weights)) for name, weights in world.goals.items()}
        outcome = frame.game.outcome
        found |= {f"P({name}), outcome": band(play.goal((outcome == name) * 1.0)) for name in case.file.outcomes}
        return found, time.perf_counter() - begin

    (small, quick), (large, slow) = answers(1_000), answers(16_384 if few else 100_000)
    many = "16,384" if few else "100,000"
    rows, worst = [], 0.0
    for name, a in small.items():
        b = large[name]
        error = float((a.mc**2 + b.mc**2) ** 0.5)
        apart = abs(a.mean - b.mean) / error if error else 0.0
        worst = max(worst, apart) if b.mean >= RARE else worst
        rows.append(f"| {name} | {a.mean:.3g} | {b.mean:.3g} | {error:.2g} | {apart:.2f} |")
    head = f"| answer | 1,000 draws | {many} draws | Monte-Carlo error of the difference | errors apart |"
    verdict = f"The largest difference is {worst:.2f} errors; more than {LIMIT:g} fails. Answers below {RARE:g} are shown and not judged. Solved in {quick:.1f} s and {slow:.1f} s."
    return worst <= LIMIT, "\n".join([verdict, "", head, "|---|---|---|---|---|", *rows])


def resumption(few: bool) -> tuple[bool, str]:
    """A reading that is killed and begun again leaves the claims of one that was not."""
    texts = 300 if few else 3_000
    source = (CASE / "sources" / "report.md").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "texts.csv"
        paragraphs = [p.replace('"', '""').replace("\n", " ") for p in source.split("\n\n") if len(p) > 80]
        lines = [f'"{i}","{paragraphs[i % len(paragraphs)]} Report {i}."' for i in range(texts)]
        table.write_text("id,text\n" + "\n".join(lines) + "\n", encoding="utf-8")
        whole, broken = Path(folder) / "whole", Path(folder) / "broken"
        for place in (whole, broken):
            shutil.copytree(CASE, place, ignore=shutil.ignore_patterns("out", "*.sqlite*"))
        code, out = run([*VETOPOINT, "read", str(table), "--case", str(whole)])
        if code != 0:
            return False, f"the reading itself fails:\n\n    {out.strip()}"
        kept = _kill_midway(table, broken)
        again, _ = run([*VETOPOINT, "read", str(table), "--case", str(broken)])
        same = _claims(whole) == _claims(broken)
        total = len(_claims(whole))
    fine = again == 0 and same and 0 < kept < texts
    outcome = "the claims are the same" if same else "the claims differ"
    return fine, f"{texts:,} texts; killed with {kept:,} kept; after beginning again {outcome}: {total:,} in all."


def _kill_midway(table: Path, case: Path) -> int:
    """Start reading, kill the process once something is kept; return how many texts were."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(
        [*VETOPOINT, "read", str(table), "--case", str(case)],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None and _count(case) == 0:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return _count(case)


def _query(case: Path, text: str) -> list[tuple[object, ...]]:
    store = case / "case.sqlite"
    if not store.exists():
        return []
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        return connection.execute(text).fetchall()
    except sqlite3.OperationalError:
        return []
    finally:
        connection.close()


def _count(case: Path) -> int:
    rows = _query(case, "select count(*) from reading")
    return int(str(rows[0][0])) if rows else 0


def _claims(case: Path) -> set[str]:
    code, out = run([*VETOPOINT, "claims", str(case), "--format", "jsonl"])
    return set(out.splitlines()) if code == 0 else set()


def mutation(few: bool) -> tuple[bool, str]:
    """Small changes of the engines that the unit tests must notice."""
    code, out = run([sys.executable, "tools/mutate.py", "--json", "--each", "3" if few else "25"])
    if code != 0:
        return False, f"    {out.strip()}"
    found = json.loads(out)
    killed = sum(change["killed"] for change in found)
    modules = list(dict.fromkeys(change["module"] for change in found))
    rows = [
        f"| `{m}` | {sum(c['killed'] for c in found if c['module'] == m)} | {sum(not c['killed'] for c in found if c['module'] == m)} |"
        for m in modules
    ]
    alive = [f"- `{c['module']}`, line {c['line']}: `{c['before']}` → `{c['after']}`" for c in found if not c["killed"]]
    left = ["", "Survivors, to be read (some change nothing that can be seen):", "", *alive] if alive else []
    text = [
        f"{killed} of {len(found)} changes noticed.",
        "",
        "| module | killed | survived |",
        "|---|---|---|",
        *rows,
        *left,
    ]
    return True, "\n".join(text)


def benchmarks(few: bool) -> tuple[bool, str]:
    """Every table of `benchmarks/`."""
    scripts = [ROOT / "benchmarks" / "truce.py"] if few else sorted((ROOT / "benchmarks").glob("*.py"))
    parts, fine = [], True
    for script in scripts:
        code, out = run([sys.executable, str(script)])
        fine &= code == 0
        parts.append(f"`benchmarks/{script.name}`\n\n```\n{out.strip()}\n```")
    return fine, "\n\n".join(parts)


STEPS: dict[str, tuple[str, Step]] = {
    "tests": ("Tests with full counts", tests),
    "agreement": ("Few draws against many", agreement),
    "resumption": ("Killing a reading and beginning again", resumption),
    "mutation": ("Changes that the tests notice", mutation),
    "benchmarks": ("Beside other programs", benchmarks),
}


def machine() -> str:
    """Processor, cores and Python, nothing else."""
    info = Path("/proc/cpuinfo")
    models = re.findall(r"model name\s*: (.*)", info.read_text(encoding="utf-8")) if info.exists() else []
    model = models[0].strip() if models else platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the full counts and write docs/soak.md.")
    parser.add_argument("--only", default=",".join(STEPS), help=f"steps to run: {', '.join(STEPS)}")
    parser.add_argument("--few", action="store_true", help="reduced counts")
    options = parser.parse_args()
    names = [name for name in options.only.split(",") if name]
    unknown = set(names) - set(STEPS)
    if unknown:
        parser.error(f"no step {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}")
    command = "python tools/soak.py" + (" --few" if options.few else "")
    command += f" --only {options.only}" if set(names) != set(STEPS) else ""
    page = [
        "# The full counts",
        "",
        f"Written by `{command}` (`make soak` runs every step with full counts); nothing here is typed in.",
    ]
    page += ["", f"Measured on: {machine()}."]
    page += (
        ["", "The counts are reduced: the page shows that the steps work, not the full evidence."]
        if options.few
        else []
    )
    fine = True
    for name in names:
        title, step = STEPS[name]
        print(f"{title} …", flush=True)
        begin = time.perf_counter()
        passed, text = step(options.few)
        seconds = time.perf_counter() - begin
        fine &= passed
        print(f"  {'fine' if passed else 'FAILED'} after {seconds:.0f} s", flush=True)
        page += [
            "",
            f"## {title}",
            "",
            f"{'Passed' if passed else '**Failed**'} in {seconds:.0f} s.",
            "",
            text.replace(str(ROOT) + "/", ""),
        ]
    PAGE.write_text("\n".join(page) + "\n", encoding="utf-8")
    print(f"written to {PAGE.relative_to(ROOT)}")
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
