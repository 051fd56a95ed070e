"""A sweep has the figures of runs, and the same bytes whoever made it, however often it was ended, and from whatever is there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

import vetopoint
from support import ROOT
from vetopoint.chain.streams import Streams
from vetopoint.errors import VetopointError
from vetopoint.quantity.sampling import BLOCK
from vetopoint.study import open_study, shelf
from vetopoint.study.engines import Threads
from vetopoint.study.grid import parse_axis
from vetopoint.study.sources import Study
from vetopoint.study.sweep import Sweep, SweepPace, sweep

CASE = ROOT / "cases" / "tutorial-reedmeadow"
AXES = [parse_axis("wet=0.1:0.9:2"), parse_axis("fees=0.2:0.4:2")]
DRAWS = 2 * BLOCK + 100
KEPT = ("sweep.parquet", "draws.parquet", "sweep.json")


@pytest.fixture(scope="module")
def study() -> Study:
    return open_study(CASE)


@pytest.fixture(scope="module")
def whole(study: Study, tmp_path_factory: pytest.TempPathFactory) -> tuple[Sweep, dict[str, bytes]]:
    out = tmp_path_factory.mktemp("whole")
    found = sweep(study, AXES, DRAWS, 4, out, Threads(1))
    assert (found.made, found.found, len(found.points)) == (12, 0, 4)
    return found, kept(out)


def kept(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in KEPT}


class EndsAfter(Threads):
    """Is interrupted after so many pieces."""

    def __init__(self, pieces: int) -> None:
        super().__init__(2)
        self.pieces = pieces

    def each(self, work: Callable, items: Iterable, in_order: bool = False) -> Iterator:  # type: ignore[type-arg]
        for done, found in enumerate(super().each(work, items)):
            if done == self.pieces:
                raise KeyboardInterrupt
            yield found


def test_interrupted_again_and_again_the_bytes_are_the_same_and_nothing_is_done_twice(
    study: Study, whole: tuple[Sweep, dict[str, bytes]], tmp_path: Path
) -> None:
    made = 0
    for pieces in (1, 4, 0, 3):
        with pytest.raises(KeyboardInterrupt):
            sweep(study, AXES, DRAWS, 4, tmp_path, EndsAfter(pieces))
        made += pieces
        assert not (tmp_path / "sweep.parquet").exists()
        assert len(list((tmp_path / "blocks").glob("*.block"))) == made
    last = sweep(study, AXES, DRAWS, 4, tmp_path)
    assert (last.found, last.made) == (made, 12 - made)
    assert kept(tmp_path) == whole[1]
    again = sweep(study, AXES, DRAWS, 4, tmp_path)
    assert (again.found, again.made) == (12, 0)
    assert kept(tmp_path) == whole[1]


def test_a_point_has_the_figures_and_rows_of_a_run_with_its_values_set(
    study: Study, whole: tuple[Sweep, dict[str, bytes]], tmp_path: Path
) -> None:
    import duckdb

    found, files = whole
    assert dict(found.points[2]) == {"wet": "0.9", "fees": "0.2"}
    answers = vetopoint.run(CASE, draws=DRAWS, seed=4, out=tmp_path, overrides=dict(found.points[2]))
    told = {f"goal.{g.name}": g for g in answers.goals} | {f"outcome.{o.name}": o for o in answers.outcomes}
    mine = {f.figure: f.band for f in found.figures if f.point == 2}
    assert len(told) > 3
    for name, answer in told.items():
        for part in ("mean", "lo", "hi", "mc"):
            expected = getattr(answer.presupposed or answer.probability, part)
            assert getattr(mine[name], part) == pytest.approx(expected, abs=1e-6), name
    (tmp_path / "swept.parquet").write_bytes(files["draws.parquet"])
    columns = "* exclude (point, 'grid.wet', 'grid.fees')".replace("'", '"')
    swept = duckdb.sql(f"select {columns} from '{tmp_path / 'swept.parquet'}' where point = 2").fetchnumpy()
    run = duckdb.sql(f"select * from '{tmp_path / 'draws.parquet'}'").fetchnumpy()
    assert list(swept) == list(run)
    for name, values in run.items():
        assert np.array_equal(swept[name], values), name


def test_more_draws_and_more_points_go_on_from_those_that_are_there(study: Study, tmp_path: Path) -> None:
    few, more = [parse_axis("wet=0.1:0.1:1")], [parse_axis("wet=0.1:0.9:2")]
    assert sweep(study, few, DRAWS, 4, tmp_path).made == 3
    longer = sweep(study, few, 3 * BLOCK, 4, tmp_path)
    assert (longer.found, longer.made) == (2, 1)  # the cut block was no whole one
    wider = sweep(study, more, 3 * BLOCK, 4, tmp_path)
    assert (wider.found, wider.made) == (3, 3)
    other = sweep(study, few, DRAWS, 5, tmp_path)
    assert (other.found, other.made) == (0, 3)
    fresh = tmp_path / "fresh"
    assert sweep(study, more, 3 * BLOCK, 4, fresh).made == 6
    assert sweep(study, more, 3 * BLOCK, 4, tmp_path).made == 0
    assert kept(tmp_path) == kept(fresh)


def test_blocks_are_put_together_and_a_kill_between_leaves_nothing_counted_twice(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws = 9 * BLOCK + 3
    plain, folded = tmp_path / "plain", tmp_path / "folded"
    sweep(study, [], draws, 1, plain)
    monkeypatch.setattr(shelf, "FOLD", 3)

    def killed(self: shelf.Shelf, name: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shelf.Shelf, "drop", killed)  # the put-together file is there, the blocks in it are there too
        with pytest.raises(KeyboardInterrupt):
            sweep(study, [], draws, 1, folded, Threads(1))
    assert len(list((folded / "blocks").glob("*.upto.*"))) == 1
    done = sweep(study, [], draws, 1, folded, Threads(1))
    assert (done.found, done.made) == (3, 7)
    assert kept(folded) == kept(plain)
    left = [p.name for p in (folded / "blocks").glob("*.block")]
    assert len(left) == 4  # three that the kill left, and the cut one; all others are in one file
    assert Streams.from_bytes(next((folded / "blocks").glob("*.upto.*")).read_bytes()).blocks == 9
    assert sweep(study, [], draws, 1, folded).made == 0
    assert kept(folded) == kept(plain)


@pytest.mark.parametrize("ending", [".block", ".rows.4096", ".rows.100"])
def test_a_damaged_file_is_made_again(
    study: Study, whole: tuple[Sweep, dict[str, bytes]], tmp_path: Path, ending: str
) -> None:
    sweep(study, AXES, DRAWS, 4, tmp_path)
    damaged = sorted((tmp_path / "blocks").glob(f"*{ending}"))[0]
    damaged.write_bytes(damaged.read_bytes()[:-7])
    if ending == ".block":
        assert sweep(study, AXES, DRAWS, 4, tmp_path).made == 1
    else:
        with pytest.raises(VetopointError, match="is damaged, and was removed → give the same command again"):
            sweep(study, AXES, DRAWS, 4, tmp_path)
        assert kept(tmp_path) == whole[1]  # what was there before still is
        assert sweep(study, AXES, DRAWS, 4, tmp_path).made == 1
    assert kept(tmp_path) == whole[1]


def test_rows_are_kept_of_the_first_draws_only(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    monkeypatch.setattr("vetopoint.study.sweep.ROWS", 2 * (BLOCK + 10))
    sweep(study, [parse_axis("wet=0.1:0.9:2")], DRAWS, 4, tmp_path)
    rows = duckdb.sql(f"select point, count(*) from '{tmp_path / 'draws.parquet'}' group by all order by 1").fetchall()
    assert rows == [(0, BLOCK + 10), (1, BLOCK + 10)]
    sizes = sorted({path.name.rpartition(".")[2] for path in (tmp_path / "blocks").glob("*.rows.*")})
    assert sizes == ["10", "4096"]


def test_the_table_says_what_its_columns_are(whole: tuple[Sweep, dict[str, bytes]], tmp_path: Path) -> None:
    import duckdb

    found, files = whole
    about = json.loads(files["sweep.json"])
    (tmp_path / "sweep.parquet").write_bytes(files["sweep.parquet"])
    ((key, value),) = duckdb.sql(
        f"select key, value from parquet_kv_metadata('{tmp_path / 'sweep.parquet'}')"
    ).fetchall()
    told = json.loads(bytes(value))
    assert bytes(key) == b"vetopoint"
    names = [row[0] for row in duckdb.sql(f"describe select * from '{tmp_path / 'sweep.parquet'}'").fetchall()]
    assert list(told["columns"]) == sorted(names)
    assert told["columns"]["grid.wet"]["label"] == "The survey finds the meadow wet"
    assert told["columns"]["mean"]["unit"] == "probability"
    assert {k: about[k] for k in ("seed", "draws", "grid", "first_pass", "versions", "inputs")} == {
        k: told[k] for k in ("seed", "draws", "grid", "first_pass", "versions", "inputs")
    }
    rows = duckdb.sql(f"select count(*) from '{tmp_path / 'sweep.parquet'}'").fetchall()
    assert rows == [(len(found.figures),)]
    assert set(about["figures"]) == {f.figure for f in found.figures}


def test_two_sweeps_do_not_share_a_folder(study: Study, tmp_path: Path) -> None:
    held = shelf.Shelf(tmp_path / "blocks")
    with pytest.raises(VetopointError, match="another sweep is at work there → wait for it"):
        sweep(study, [], 10, 1, tmp_path)
    held.close()
    assert sweep(study, [], 10, 1, tmp_path).made == 1


def test_a_folder_that_cannot_be_written_is_named(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(VetopointError, match=r"cannot be made .* → choose another folder with --out"):
        sweep(study, [], 10, 1, file)
    assert file.read_text() == "mine"


def test_a_value_that_fails_at_a_point_names_the_point(study: Study, tmp_path: Path) -> None:
    from vetopoint.chain import frame_of
    from vetopoint.chain.world import first_pass
    from vetopoint.study.making import Maker, Piece

    make = Maker(study.case, first_pass(frame_of(study.case)), 1)
    with pytest.raises(VetopointError, match=r"^at wet = 7: .*case.yaml.* → "):
        make(Piece(0, (("wet", "7"),), 0, 10, 0))


def test_the_time_left_is_that_of_what_is_still_to_be_made() -> None:
    now = [0.0]
    pace = SweepPace(100, clock=lambda: now[0])
    assert pace.left == float("inf")
    pace.found, pace.made, pace.rows, now[0] = 60, 10, 10 * BLOCK, 5.0
    assert pace.share == 0.7
    assert pace.rate == 2 * BLOCK
    assert pace.left == 15.0


def begun(out: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "vetopoint", "sweep", str(CASE), "--out", str(out), *options]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def blocks(out: Path) -> int:
    """How many blocks are done; nothing is put together in so short a sweep."""
    return len(list((out / "blocks").glob("*.block")))


def killed_and_resumed(tmp_path: Path, times: int, draws: int, how: signal.Signals = signal.SIGKILL) -> None:
    """End a sweep at so many moments, and compare what the last run leaves with an undisturbed one."""
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    options = ("--grid", "wet=0.2:0.8:3", "--draws", str(draws), "--workers", "2")
    total = 3 * -(-draws // BLOCK)
    undisturbed = begun(whole, *options)
    undisturbed.communicate(timeout=600)
    assert undisturbed.returncode == 0
    rng = np.random.default_rng(times)
    ended = 0
    for left in range(times, 0, -1):
        before = blocks(broken)
        aim = before + int(rng.integers(1, max(2, 2 * (total - before) // (left + 1))))
        process = begun(broken, *options)
        while process.poll() is None and blocks(broken) < aim:
            time.sleep(0.002)
        time.sleep(rng.random() * 0.05)
        process.send_signal(how)
        process.communicate(timeout=60)
        ended += process.returncode == -how
        assert blocks(broken) >= before
    assert ended == times
    done = blocks(broken)
    assert 0 < done < total
    last = begun(broken, *options)
    told, _ = last.communicate(timeout=600)
    assert last.returncode == 0
    assert f"{total - done} blocks made, {done} were there before" in told
    assert kept(broken) == kept(whole)


@pytest.mark.timeout(900)
def test_killed_at_a_random_moment_and_resumed_the_bytes_are_the_same(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path, 1, 8 * BLOCK)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_killed_at_twenty_random_moments_and_resumed_the_bytes_are_the_same(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path, 20, 60 * BLOCK)


def test_an_interrupt_ends_cleanly_and_says_what_is_kept(tmp_path: Path) -> None:
    process = begun(tmp_path, "--draws", str(200 * BLOCK), "--workers", "1")
    while process.poll() is None and blocks(tmp_path) < 2:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    told, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert f"{blocks(tmp_path)} of 200 blocks are kept; the same command goes on from there" in errors
    assert not (tmp_path / "sweep.parquet").exists()
    assert told == ""
