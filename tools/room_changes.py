"""How often a run passes from one room to another: ``python tools/room_changes.py [--draws 256] [--source src] [--case CASE] [--threads] [--all]``.

Counted on the main thread (``--threads``: on all), between the frames of two functions of the program that follow each other on the stack: how many times
control passes, and through how many *doors*, a door being one function that calls one function of another room. A program in which
data cross once has few doors and passes seldom; one whose rooms chatter has many of both.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[1]
Door = tuple[str, str]


def doors(work: Callable[[], object], package: Path, threads: bool = False) -> Counter[Door]:
    """(caller, callee) → how often, for every call that leads from one room of a package to another.

    Parameters
    ----------
    work : what to watch.
    package : the folder whose sub-folders are the rooms; its own files belong to no room.
    threads : whether the threads that the work starts are watched beside the one that it is started on.
    """
    found: Counter[Door] = Counter()
    inside = f"{package.resolve()}/"
    own = (
        threading.local()
    )  # room and name of the innermost function of the package, at every depth of a thread's stack

    def place(frame: FrameType) -> tuple[str, str] | None:
        file = frame.f_code.co_filename
        if not file.startswith(inside):
            return None
        room, slash, _ = file[len(inside) :].partition("/")
        name = frame.f_code.co_qualname.replace(".<locals>", "")
        return (room, f"{file[len(inside) : -3]}:{name}") if slash else None

    def watch(frame: FrameType, event: str, _: object) -> None:
        stack = vars(own).setdefault("stack", [None])
        if event == "return" and len(stack) > 1:
            stack.pop()
        elif event == "call":
            here, before = place(frame), stack[-1]
            if here is not None and before is not None and here[0] != before[0]:
                found[before[1], here[1]] += 1
            stack.append(here or before)

    threading.setprofile(watch if threads else None)
    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return found


def of_a_run(source: Path, case: Path, draws: int, threads: bool = False) -> Counter[Door]:
    """The doors of a run of a case by the program in a folder of sources; a run before it loads what is loaded once."""
    sys.path.insert(0, str(source))
    import vetopoint.study as study

    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / case.name
        shutil.copytree(case, copy, ignore=shutil.ignore_patterns("out", "*.sqlite"))
        study.run(copy, draws=draws, seed=1)
        return doors(lambda: study.run(copy, draws=draws, seed=1), Path(study.__file__).parents[1], threads)


def main() -> None:
    """Print how often control passes between rooms, and which doors it passes most."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=256)
    parser.add_argument("--source", type=Path, default=ROOT / "src")
    parser.add_argument("--case", type=Path, default=ROOT / "cases" / "european-presence")
    parser.add_argument("--threads", action="store_true", help="watch the threads of the pools too")
    parser.add_argument("--all", action="store_true", help="list every door")
    chosen = parser.parse_args()
    found = of_a_run(chosen.source, chosen.case, chosen.draws, chosen.threads)
    print(f"{found.total():,} passages through {len(found)} doors")
    for (caller, callee), times in found.most_common(None if chosen.all else 15):
        print(f"{times:7,}  {caller} → {callee}")


if __name__ == "__main__":
    main()
