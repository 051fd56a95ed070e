"""`vetopoint sweep` on the command line: what is wrong with a grid is said with its option and a remedy; the table is readable."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from support import ROOT
from vetopoint.cli import main
from vetopoint.cli._sweep import swept_lines
from vetopoint.quantity import Band
from vetopoint.study.grid import parse_axis, points
from vetopoint.study.sweep import Sweep, SweptFigure

CASE = str(ROOT / "cases" / "tutorial-reedmeadow")


def swept(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the program."""
    monkeypatch.setattr("sys.argv", ["vetopoint", "sweep", CASE, *args])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.mark.parametrize(
    ("grids", "message"),
    [
        (["wt=0:1:2"], "--grid wt=0:1:2: no such uncertain number → did you mean 'wet'?"),
        (["precision.bord=1:2:2"], "no such uncertain number → did you mean 'precision.board'?"),
        (["wet=0.5:0.1:3"], "--grid wet=0.5:0.1:3: runs from 0.5 down to 0.1 → write wet=0.1:0.5:3"),
        (["wet=0.1:0.5:0"], "--grid wet=0.1:0.5:0: 0 values → ask for at least one"),
        (["wet=0.1:0.5:-2"], "-2 values → ask for at least one"),
        (["wet=0.1:0.5:2.5"], "'2.5' is no whole number of values → write --grid name=a:b:k"),
        (["wet=0.1:0.5:1"], "one value cannot be both 0.1 and 0.5 → ask for two or more"),
        (["wet=0.1:0.1:3"], "3 values from 0.1 to 0.1 are all the same → write wet=0.1:0.1:1"),
        (["wet=0.1:0.5:9999999"], "9,999,999 values → ask for 100,000 or fewer"),
        (["wet=a:1:2"], "'a' is no number → write --grid name=a:b:k"),
        (["wet=nan:1:2"], "'nan' is no number"),
        (["wet=0:inf:2"], "'inf' is no number"),
        (["wet=0.5"], "--grid wet=0.5: no grid → write --grid name=a:b:k, k values from a to b"),
        (["wet"], "--grid wet: no grid → write --grid name=a:b:k"),
        (["=0:1:2"], "no grid → write --grid name=a:b:k"),
        (["wet=0:2:3"], "2 cannot be the probability moves.survey.options.wet_ground → keep a and b between 0 and 1"),
        (["wet=-0.5:1:2"], "-0.5 cannot be the probability"),
        (
            ["precision.board=-1:2:2"],
            "--grid precision.board=-1:2:2: -1 cannot be the precision precision.board → keep a at 0",
        ),
        (["wet=0:1:2", "wet=0:0.5:2"], "--grid wet=0:0.5:2: wet has a grid already → give each number one --grid"),
        (["wet=0:1:900", "fees=0.1:0.5:900"], "810,000 points → ask for 100,000 or fewer"),
        (
            ["title=0:1:2"],
            "--grid title=0:1:2: only numbers can be set, and `title` is part of how the case is built → ",
        ),
    ],
)
def test_what_is_wrong_with_a_grid_is_said_with_its_option_and_a_remedy(
    grids: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [word for grid in grids for word in ("--grid", grid)]
    code, out, err = swept(monkeypatch, capsys, "--out", str(tmp_path / "out"), "--draws", "10", *options)
    assert code == 1
    assert out == ""
    assert message in err
    assert not (tmp_path / "out").exists()


def test_a_number_is_set_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--out", str(tmp_path / "out"), "--set", "wet=0.3", "--grid", "wet=0:1:2")
    code, _, err = swept(monkeypatch, capsys, *options)
    assert code == 1
    assert "--grid wet=0:1:2: wet is also --set → give it one of the two" in err


def test_a_sweep_says_what_it_found_and_what_it_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--out", str(tmp_path), "--draws", "60", "--grid", "wet=0.1:0.9:2", "--workers", "1")
    code, out, _ = swept(monkeypatch, capsys, *options)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "wet: The survey finds the meadow wet"
    assert lines[2] == "The full scheme is built"
    assert lines[3].split() == ["wet", "mean", "90", "%", "of", "draws", "error"]
    assert [line.split()[0] for line in lines[4:6]] == ["0.1", "0.9"]
    assert float(lines[4].split()[1]) > float(lines[5].split()[1])
    assert "60 draws at each of 2 points" in lines
    assert lines[-1] == f"2 blocks made; table: {tmp_path / 'sweep.parquet'}"
    code, again, _ = swept(monkeypatch, capsys, *options)
    assert again.splitlines()[:-1] == lines[:-1]
    assert again.splitlines()[-1].startswith("0 blocks made, 2 were there before; table: ")


def test_workers_are_not_counted_for_a_cluster(tmp_path: Path) -> None:
    from vetopoint.cli import complete

    args = ["sweep", CASE, "--out", str(tmp_path / "out"), "--workers", "2", "--cluster", "tcp://127.0.0.1:9"]
    done = CliRunner().invoke(complete(), args)
    assert done.exit_code == 2
    assert "leave it out with --cluster" in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()


def test_long_grids_are_cut_and_impossible_conditions_said(tmp_path: Path) -> None:
    axes = [parse_axis("x=0:1:30")]
    band = Band(mean=0.25, lo=0.125, hi=0.5, mc=0.001)
    figures = tuple(SweptFigure(n, "goal.g", "It is built", "asked", band if n else None) for n in range(30))
    lines = list(swept_lines(Sweep({"x": "x"}, tuple(points(axes)), figures, 50, 30, 0, tmp_path)))
    assert lines[0] == "It is built, given: asked"
    assert lines[2].split(maxsplit=1) == ["0", "the condition never holds"]
    assert lines[3].split()[1:] == ["0.250", "0.125", "to", "0.500", "0.001"]
    assert "… and 6 more points in the table" in lines
    assert len(lines) < 30


def test_axes_run_through_every_combination_the_last_fastest() -> None:
    found = points([parse_axis("a=0:1:2"), parse_axis("b=-3:3:3")])
    assert [tuple(point.values()) for point in found] == [
        ("0", "-3"), ("0", "0"), ("0", "3"), ("1", "-3"), ("1", "0"), ("1", "3"),
    ]  # fmt: skip
    assert points([]) == [{}]
    assert parse_axis("p=0:0.3:4").values == ("0", "0.1", "0.2", "0.3")
    assert parse_axis('"odd = name".x=1:1:1').name == '"odd = name".x'
