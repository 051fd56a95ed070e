"""A run that leaves something out says so in its report: the size limit of the second opinion, the smallest tables of a large coalition."""

from __future__ import annotations

from pathlib import Path

from vetopoint.study import run
from vetopoint.view.report import render_report

STEPS, MEMBERS = 15, 17


def the_case() -> str:
    """Fifteen moves, each after the last: 2^15 combinations of standing options; and a coalition of seventeen, of as many sizes."""
    moves = [
        f"  step{k}: {{by: chair, {f'when: step{k - 1} == go, ' if k else ''}options: [go, stop]}}\n"
        for k in range(STEPS)
    ]
    members = [f"  m{k}: {{capability: {1 + k / 100}, joins: {{accepts: 0.6}}}}\n" for k in range(MEMBERS)]
    return "".join(
        (
            "vetopoint: 1\ntitle: A long way\nas_of: 2030-01-01\nowner: chair\nactors: {chair: {}}\n",
            "quantities: {gain: 'uniform(1, 2)'}\nmoves:\n",
            *moves,
            f"outcomes: {{done: step{STEPS - 1} == go, left: otherwise}}\ngoals: {{done: outcome == done}}\n",
            "payoffs:\n  chair: {unit: [left, done], gain: {worth: gain, when: outcome == done}}\n",
            "coalition: {actor: chair, minimum: 5}\nmembers:\n",
            *members,
        )
    )


def test_what_a_size_limit_stopped_is_said_in_the_report(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(the_case(), encoding="utf-8")
    html = render_report(run(tmp_path, draws=64, seed=1))
    methods = html.split('id="methods"')[1]
    assert "Not computed" in methods
    assert "32,768 combinations of standing options; at most 20,000 are listed" in methods
    assert "17 parties of the coalition are too many to tabulate" in methods
