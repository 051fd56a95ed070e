"""Pictures of the game: outcomes, the public tree, vetoes on the calendar, decisiveness, threats, moments of failure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vetopoint.answers import GoalAnswer, MoveAnswer, OutcomeAnswer, TreeNodeAnswer, VetoPoint
from vetopoint.view.charts.spec import Axis, ChartSpec, Colour, Dated, Interval, Series
from vetopoint.view.names import Names
from vetopoint.view.numbers import Banded, capital, count, listed, percent, percent_band
from vetopoint.view.tables import Column, Figure, Rows, Table

if TYPE_CHECKING:
    from vetopoint.answers import EventAnswer
from dataclasses import dataclass, field

from vetopoint.view.charts.spec import Branch

__all__ = [
    "KINDS",
    "SHARE",
    "ReadableTree",
    "calendar_figure",
    "goals_figure",
    "interval",
    "options_figure",
    "outcomes_figure",
    "readable_tree",
    "tree_figure",
    "veto_kind",
]

KINDS: dict[str, tuple[str, Colour]] = {
    "rule": ("rule veto", "c4"),
    "forcing": ("forcing veto", "bad"),
    "effective": ("effective veto", "c2"),
}
SHARE = Axis(format="percent", domain=(0.0, 1.0))


def veto_kind(kind: str) -> str:
    """Say which of the three kinds of veto.

    >>> veto_kind("forcing")
    'forcing veto'
    """
    return KINDS[kind][0]


def interval(label: str, band: Banded, series: str = "", note: str = "") -> Interval:
    """Return a band as a row of a chart."""
    return Interval(label, band.mean, band.lo, band.hi, series, note)


def _how_likely(head: str, ends: Sequence[GoalAnswer | OutcomeAnswer], presupposed: str) -> Table:
    """Goals or outcomes with their chance, overall and given what is presupposed."""
    given: list[Column[GoalAnswer | OutcomeAnswer]] = [
        Column(f"Given {presupposed}", lambda end: end.presupposed, "percent")
    ]
    return Rows(ends).under(
        Column(head, lambda end: capital(end.label)),
        *(given if presupposed else ()),
        Column("Overall", lambda end: end.probability, "percent"),
    )


def goals_figure(goals: Sequence[GoalAnswer], presupposed: str) -> Figure:
    """How likely each goal is, overall and given the chance events that the headlines presuppose."""
    both = any(g.presupposed is not None for g in goals)
    rows = [interval(capital(g.label), g.presupposed, "given") for g in goals if g.presupposed is not None]
    rows += [interval(capital(g.label), g.probability, "overall") for g in goals]
    rows.sort(key=lambda r: [capital(g.label) for g in goals].index(r.label))
    lead = goals[0]
    sentence = f"{capital(lead.label)}: {percent_band(lead.probability)} overall"
    if lead.presupposed is not None:
        sentence += f", {percent_band(lead.presupposed)} given {presupposed}"
    table = _how_likely("Goal", goals, presupposed if both else "")
    series = (Series("given", f"given {presupposed}", "c1"), Series("overall", "overall", "c3"))
    chart = ChartSpec("goals", "dots", f"{sentence}.", tuple(rows), x=SHARE, series=series if both else ())
    return Figure("goals", "How likely the plan reaches its goals", f"{sentence}.", table, chart)


def outcomes_figure(outcomes: Sequence[OutcomeAnswer], presupposed: str) -> Figure:
    """How likely each outcome is, the likeliest first."""
    ranked = sorted(outcomes, key=lambda o: -o.probability.mean)
    both = any(o.presupposed is not None for o in ranked)
    rows: list[Interval] = []
    shown = [o for o in ranked if max(o.probability.mean, o.presupposed.mean if o.presupposed else 0.0) >= 0.005]
    for o in shown:
        if o.presupposed is not None:
            rows.append(interval(capital(o.label), o.presupposed, "given"))
        rows.append(interval(capital(o.label), o.probability, "overall"))
    table = _how_likely("Outcome", ranked, presupposed if both else "")
    sentence = f"The likeliest end is “{ranked[0].label}”, {percent_band(ranked[0].probability)} over all draws."
    series = (Series("given", f"given {presupposed}", "c1"), Series("overall", "overall", "c3"))
    chart = ChartSpec("outcomes", "dots", sentence, tuple(rows), x=SHARE, series=series if both else ())
    rare = len(ranked) - len(shown)
    note = (
        f"{capital(count(rare, 'outcome'))} below 0.5% {'is' if rare == 1 else 'are'} in the table only."
        if rare
        else ""
    )
    return Figure("outcomes", "How it ends", sentence, table, chart, note)


def tree_figure(nodes: Sequence[TreeNodeAnswer], vetoes: Sequence[VetoPoint], goal: str, names: Names) -> Figure | None:
    """The tree of public histories with probabilities and vetoes, cut to what can be read."""
    if not nodes:
        return None
    tree = readable_tree(nodes, vetoes, goal, names)
    drawn = len(tree.branches) - 1
    sentence = f"The tree has {count(tree.histories, 'history', 'histories')}; the picture shows {count(drawn, 'branch', 'branches')}"
    if tree.least > 0:
        sentence += (
            f", those reached with at least {tree.least * 100:g}%; rarer ones are gathered "
            f"(in all {percent(tree.gathered)})"
        )
    if any(n.round is not None for n in nodes):
        sentence += "; the rounds of a repeated move are drawn as one"
    series = [Series("goal", f"the goal is reached: {names.goal(goal)}", "good")]
    series += [Series(k, f"{KINDS[k][0]} here", KINDS[k][1]) for k in tree.kinds]
    depth = {"0": 0}
    for branch in tree.branches[1:]:
        depth[branch.id] = depth[branch.parent or "0"] + 1
    table = Rows(tree.branches[1:]).under(
        Column("Move", lambda b: f"{'· ' * (depth[b.id] - 1)}{b.move or 'rarer'}"),
        Column("Option", lambda b: b.label),
        Column("Share there", lambda b: b.share, "percent"),
        Column("Reached", lambda b: b.value, "percent"),
        Column("Veto", lambda b: KINDS[b.series][0] if b.series in KINDS else ""),
        Column("Ends as", lambda b: b.end),
    )
    chart = ChartSpec("tree", "tree", f"{sentence}.", tree.branches, series=tuple(series))
    note = (
        "At the right stands how often a branch is reached in all; where the tree is drawn side by side, the figure under "
        "a branch is its share of the times it comes to that choice. Means over draws; bands are in the tables of the moves."
    )
    return Figure(
        "tree",
        "The moves, in the order in which they can come",
        f"{sentence}.",
        table,
        chart,
        note,
    )


def calendar_figure(
    vetoes: Sequence[VetoPoint], goal: str, names: Names, events: Sequence[EventAnswer] = ()
) -> Figure | None:
    """When each actor can stop the plan, and how likely that moment is reached."""
    single = {
        (v.actor, v.move, v.option) for v in vetoes if v.kind == "forcing" and v.scope == "option" and v.goal == goal
    }
    own = [v for v in vetoes if v.goal == goal and not v.owner]
    own = [v for v in own if v.scope != "policy" or (v.actor, v.move, v.option) not in single]
    if not own:
        return None
    ranked = sorted(own, key=lambda v: (v.actor, v.at))
    said: set[tuple[str, str, str]] = set()
    rows: list[Dated] = []
    for v in ranked:
        option = names.option(v.move, v.option) if v.scope != "policy" else "as the start of a policy"
        key = (v.actor, v.move, option)
        text = "" if key in said else f"{names.move(v.move)}: {option}"
        said.add(key)
        note = f"{names.move(v.move, v.round)}: {option} ({KINDS[v.kind][0]})"
        rows.append(Dated(names.actor(v.actor), names.iso(v.at), v.p_reached.mean, v.kind, text, note))
    rows += [Dated("On the calendar", names.iso(e.month), 0.15, "event", e.label, e.label) for e in events]
    kinds = [k for k in KINDS if any(v.kind == k for v in own)]
    series = [Series(k, KINDS[k][0], KINDS[k][1]) for k in kinds]
    if events:
        series.append(Series("event", "event", "muted"))
    table = Rows(sorted(own, key=lambda v: (v.at, v.actor, v.move, v.option, v.kind))).under(
        Column("When", lambda v: names.when(v.at)),
        Column("Who", lambda v: names.actor(v.actor)),
        Column("Move", lambda v: names.move(v.move, v.round)),
        Column("Option", lambda v: _how(v, names)),
        Column("Kind", lambda v: KINDS[v.kind][0]),
        Column("Comes to it", lambda v: v.p_reached, "percent"),
        Column("P(goal) then", lambda v: v.goal_if_forced, "percent"),
        Column("Share of draws", lambda v: v.share_of_draws, "percent"),
    )
    moments = len({(v.actor, v.move, v.round) for v in own})
    who = listed(dict.fromkeys(names.actor(v.actor) for v in ranked))
    first, last = (names.when(f(v.at for v in own)) for f in (min, max))
    sentence = (
        f"For the goal “{names.goal(goal)}” {who} can stop the plan at {count(moments, 'moment')}, "
        f"{f'in {first}' if first == last else f'from {first} to {last}'}; "
        "the larger the dot, the likelier it comes to that moment."
    )
    chart = ChartSpec(f"calendar-{goal}", "calendar", sentence, tuple(rows), series=tuple(series))
    return Figure(f"calendar-{goal}", f"The calendar of vetoes: {names.goal(goal)}", sentence, table, chart)


def _how(v: VetoPoint, names: Names) -> str:
    if v.scope != "policy" or not v.policy:
        return names.option(v.move, v.option)
    steps = [
        f"{names.move(m)}: {listed((names.option(m, o) for o in opts), joint='or')}" for m, opts in v.policy.items()
    ]
    return f"policy: {'; '.join(steps)}"


def options_figure(moves: Sequence[MoveAnswer], vetoes: Sequence[VetoPoint], goal: str, names: Names) -> Figure | None:
    """What each option would do to the goal if it were taken by surprise, beside how often it is taken."""
    marks = {(v.move, v.option): v.kind for v in vetoes if v.goal == goal and v.scope == "option" and not v.owner}
    taken = [(m, o) for m in moves if m.round in (None, 1) and m.by != "chance" for o in m.options]
    ranges = [
        interval(
            f"{names.step(m.by, m.move)}: {names.option(m.move, o.option)}",
            o.goal_if_forced[goal],
            marks.get((m.move, o.option), "") or "open",
            f"taken in {percent(o.probability.mean)}",
        )
        for m, o in taken
        if o.goal_if_forced.get(goal) is not None
    ]
    if not ranges:
        return None
    used = [k for k in KINDS if any(r.series == k for r in ranges)]
    series = (Series("open", "no veto", "c1"), *(Series(k, KINDS[k][0], KINDS[k][1]) for k in used))
    table = Rows(taken).under(
        Column("Actor", lambda r: names.actor(r[0].by)),
        Column("Move", lambda r: names.move(r[0].move, r[0].round)),
        Column("Option", lambda r: names.option(r[0].move, r[1].option)),
        Column("Taken", lambda r: r[1].probability, "percent"),
        Column("P(goal) if taken by surprise", lambda r: r[1].goal_if_forced.get(goal), "percent"),
        Column("Veto", lambda r: KINDS[k][0] if (k := marks.get((r[0].move, r[1].option), "")) else ""),
    )
    sentence = (
        f"The chance of “{names.goal(goal)}” once the move is reached and the option is taken by surprise, "
        "all other strategies as solved."
    )
    chart = ChartSpec("options", "dots", sentence, tuple(ranges), x=SHARE, series=series)
    return Figure("options", "What each option does to the goal", sentence, table, chart)


_LEVELS = (0.0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12)


@dataclass(frozen=True)
class ReadableTree:
    """The branches to draw, the least probability drawn, how many histories there are, and the probability not drawn."""

    branches: tuple[Branch, ...]
    least: float
    histories: int
    gathered: float
    kinds: tuple[str, ...]


@dataclass
class _Node:
    key: tuple[tuple[str, str], ...]
    by: str = ""
    rounds: set[int] = field(default_factory=set)
    value: float = 0.0
    goal: float = 0.0
    ends: dict[str, float] = field(default_factory=dict)
    children: dict[tuple[str, str], _Node] = field(default_factory=dict)


def readable_tree(
    nodes: Sequence[TreeNodeAnswer],
    vetoes: Sequence[VetoPoint],
    goal: str,
    names: Names,
    *,
    most: int = 22,
) -> ReadableTree:
    """Cut the tree of public histories down to at most ``most`` ends.

    Histories that differ only in the round at which a repeated move went one way are drawn as one branch. Branches
    below a least probability, the smallest of a few steps with which ``most`` suffices, are gathered under "rarer".
    """
    root = _merge(nodes, goal)
    marks = _marks(vetoes, goal)
    ends = sum(1 for n in nodes if n.outcome is not None)
    for least in _LEVELS:
        if _leaves(root, least) <= most:
            break
    drawn: list[Branch] = [Branch(id="0", parent=None, label="", share=1.0, value=1.0)]
    gathered = _draw(root, "0", least, marks, names, drawn)
    used = tuple(k for k in ("rule", "forcing", "effective") if any(b.series == k for b in drawn))
    return ReadableTree(tuple(drawn), least, ends, gathered, used)


def _merge(nodes: Sequence[TreeNodeAnswer], goal: str) -> _Node:
    byid = {n.id: n for n in nodes}
    root = _Node(key=())
    for leaf in (n for n in nodes if n.outcome is not None):
        at = root
        _weigh(at, leaf, goal)
        for node in _steps(leaf, byid):
            key = (node.move or "", node.option or "")
            at = at.children.setdefault(key, _Node(key=(*at.key, key), by=node.by or ""))
            _weigh(at, leaf, goal)
            if node.round is not None:
                at.rounds.add(node.round)
        at.ends[leaf.outcome or ""] = at.ends.get(leaf.outcome or "", 0.0) + leaf.probability
    return root


def _steps(leaf: TreeNodeAnswer, byid: dict[int, TreeNodeAnswer]) -> list[TreeNodeAnswer]:
    """Return the steps to a history's end; of the rounds of a repeated move only the last, which names how it went."""
    path: list[TreeNodeAnswer] = []
    step: TreeNodeAnswer | None = leaf
    while step is not None and step.parent is not None:
        if not path or path[-1].move != step.move:
            path.append(step)
        step = byid.get(step.parent)
    return path[::-1]


def _weigh(node: _Node, leaf: TreeNodeAnswer, goal: str) -> None:
    node.value += leaf.probability
    node.goal += leaf.probability * leaf.goal.get(goal, 0.0)


def _marks(vetoes: Sequence[VetoPoint], goal: str) -> dict[tuple[str, str], str]:
    order = {"effective": 0, "rule": 1, "forcing": 2}
    marks: dict[tuple[str, str], str] = {}
    for veto in sorted(vetoes, key=lambda v: order[v.kind]):
        if veto.goal == goal and not veto.owner and veto.scope != "policy":
            marks[(veto.move, veto.option)] = veto.kind
    return marks


def _leaves(node: _Node, least: float) -> int:
    kept = [c for c in node.children.values() if c.value > 0 and c.value >= least]
    rest = any(c.value > 0 and c.value < least for c in node.children.values())
    return sum(_leaves(c, least) for c in kept) + rest if kept else 1


def _draw(
    node: _Node, parent: str, least: float, marks: dict[tuple[str, str], str], names: Names, out: list[Branch]
) -> float:
    gathered = 0.0
    rare: list[_Node] = []
    for key, child in node.children.items():
        if child.value <= 0:
            continue
        if child.value < least:
            rare.append(child)
            continue
        ident = str(len(out))
        inner = any(c.value >= least and c.value > 0 for c in child.children.values())
        sure = child.goal / child.value > 0.999
        out.append(
            Branch(
                id=ident,
                parent=parent,
                label=_called(key, child, names),
                share=child.value / node.value,
                value=child.value,
                move=names.step(child.by, key[0]),
                end="" if inner else _ends(child, names),
                series=marks.get(key) or ("goal" if sure else ""),
                note=f"the goal is reached in {percent(child.goal / child.value)} of what follows",
            )
        )
        if inner:
            gathered += _draw(child, ident, least, marks, names, out)
    if rare and len(rare) < len([c for c in node.children.values() if c.value > 0]):
        value = sum(c.value for c in rare)
        label = _called(rare[0].key[-1], rare[0], names) if len(rare) == 1 else f"{len(rare)} rarer"
        ends: dict[str, float] = {}
        for child in rare:
            for name, p in _all_ends(child).items():
                ends[name] = ends.get(name, 0.0) + p
        end = _say_ends(ends, names)
        out.append(Branch(str(len(out)), parent, label, value / node.value, value, end=end, series=""))
        gathered += value
    return gathered


def _called(key: tuple[str, str], node: _Node, names: Names) -> str:
    label = names.option(*key)
    if not node.rounds or names.rounds.get(key[0], 1) < 2:
        return label
    if len(node.rounds) > 1:
        return f"{label}, some round"
    return f"{label}, every round" if max(node.rounds) >= names.rounds[key[0]] else label


def _all_ends(node: _Node) -> dict[str, float]:
    total = dict(node.ends)
    for child in node.children.values():
        for name, p in _all_ends(child).items():
            total[name] = total.get(name, 0.0) + p
    return total


def _ends(node: _Node, names: Names) -> str:
    return _say_ends(_all_ends(node), names)


def _say_ends(ends: dict[str, float], names: Names) -> str:
    ranked = sorted(ends, key=lambda n: -ends[n])
    return listed((names.outcome(n) for n in ranked), joint="or", most=2)
