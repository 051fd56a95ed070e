"""Pictures of the game: outcomes, the public tree, vetoes on the calendar, what options do, what actors believe."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from vetopoint.answers import Answers, BeliefAnswer, GoalAnswer, OutcomeAnswer, TreeNodeAnswer, VetoPoint
from vetopoint.view.charts.influence import chain_figure, decisiveness_figure, moments_figure, threats_figure
from vetopoint.view.charts.spec import SHARE, Branch, ChartSpec, Colour, Dated, Interval, Series, bands, interval
from vetopoint.view.names import Names, spoken
from vetopoint.view.numbers import capital, count, level_with, listed, percent, percent_band, points
from vetopoint.view.sentences.vetoes import standing_vetoes
from vetopoint.view.tables import Column, Figure, Rows, Table

_KINDS: dict[str, tuple[str, Colour]] = {
    "rule": ("rule veto", "c4"),
    "forcing": ("forcing veto", "c5"),
    "effective": ("effective veto", "c2"),
}


def figures(answers: Answers, names: Names) -> Iterator[Figure | None]:
    """Return the pictures of who can stop it."""
    lead = answers.goals[0].name
    given = names.condition(answers.run.presupposes) or "the chance events presupposed"
    yield _goals(answers.goals, given)
    yield _outcomes(answers.outcomes, given)
    if answers.tree:
        yield _tree(answers.tree, answers.veto_points, lead, names)
    yield from (chain_figure(d, names) for d in answers.members_decisiveness if d.parties)
    yield from (decisiveness_figure(d, names) for d in answers.decisiveness)
    yield from (_calendar(answers, g.name, names) for g in answers.goals)
    yield _options(answers, lead, names)
    if answers.threats:
        yield threats_figure(answers.threats, names)
    within = names.condition(answers.run.presupposes)
    yield from (moments_figure(m, names, within) for m in answers.moments if m.failure.mean > 0)
    if answers.beliefs:
        yield _beliefs(answers.beliefs, names)


def _kinds(found: Container[str], where: str = "") -> list[Series]:
    """Return a series for each kind of veto that is found."""
    return [Series(kind, f"{said}{where}", colour) for kind, (said, colour) in _KINDS.items() if kind in found]


def _kind(name: str) -> str:
    return _KINDS[name][0] if name in _KINDS else ""


def _how_likely(head: str, ends: Sequence[OutcomeAnswer], presupposed: str) -> tuple[Table, tuple[Series, ...]]:
    """Goals or outcomes with their chance, overall and given what is presupposed, and the series of both."""
    given: list[Column[OutcomeAnswer]] = []
    series: tuple[Series, ...] = ()
    if any(end.presupposed is not None for end in ends):
        given = [Column(f"Given {presupposed}", lambda end: end.presupposed, "percent")]
        series = (Series("given", f"given {presupposed}", "c1"), Series("overall", "overall", "c3"))
    table = Rows(ends).under(
        Column(head, lambda end: capital(end.label)), *given, Column("Overall", lambda end: end.probability, "percent")
    )
    return table, series


def _chances(ends: Sequence[OutcomeAnswer]) -> tuple[Interval, ...]:
    return tuple(row for e in ends for row in bands(capital(e.label), given=e.presupposed, overall=e.probability))


def _goals(goals: Sequence[GoalAnswer], presupposed: str) -> Figure:
    """How likely each goal is, overall and given the chance events that the headlines presuppose."""
    lead = goals[0]
    sentence = f"{capital(lead.label)}: {percent_band(lead.probability)} overall"
    if lead.presupposed is not None:
        sentence += f", {percent_band(lead.presupposed)} given {presupposed}"
    table, series = _how_likely("Goal", goals, presupposed)
    chart = ChartSpec("dots", _chances(goals), x=SHARE, series=series)
    return Figure("goals", "How likely the plan reaches its goals", f"{sentence}.", table, chart)


def _outcomes(outcomes: Sequence[OutcomeAnswer], presupposed: str) -> Figure:
    """How likely each outcome is, the likeliest first."""
    ranked = sorted(outcomes, key=lambda o: -o.probability.mean)
    shown = [o for o in ranked if max(b.mean for b in (o.probability, o.presupposed) if b is not None) >= 0.005]
    table, series = _how_likely("Outcome", ranked, presupposed)
    level = level_with(ranked[0], ranked, lambda o: o.probability.mean, lambda o: f"“{o.label}”", percent)
    sentence = f"The likeliest end is “{ranked[0].label}”, {percent_band(ranked[0].probability)} over all draws{level}."
    chart = ChartSpec("dots", _chances(shown), x=SHARE, series=series)
    rare = len(ranked) - len(shown)
    note = f"{capital(count(rare, 'outcome'))} below 0.5% {'is' if rare == 1 else 'are'} in the table only."
    return Figure("outcomes", "How it ends", sentence, table, chart, note if rare else "")


def _tree(nodes: Sequence[TreeNodeAnswer], vetoes: Sequence[VetoPoint], goal: str, names: Names) -> Figure:
    """The tree of public histories with probabilities and vetoes, cut to what can be read."""
    tree = readable_tree(nodes, vetoes, goal, names)
    drawn = len(tree.branches) - 1
    sentence = f"The tree has {count(tree.histories, 'history', 'histories')}; the picture shows {count(drawn, 'branch', 'branches')}"
    if tree.least > 0:
        least, gathered = f"{tree.least * 100:g}%", percent(tree.gathered)
        sentence += f", those reached with at least {least}; rarer ones are gathered (in all {gathered})"
    if any(n.round is not None for n in nodes):
        sentence += "; the rounds of a repeated move are drawn as one, a veto only where it holds in all of them"
    series = [Series("goal", f"the goal is reached: {names.goal(goal)}", "c3")]
    series += _kinds({b.series for b in tree.branches}, " here")
    depth = {"0": 0}
    for branch in tree.branches[1:]:
        depth[branch.id] = depth[branch.parent or "0"] + 1
    table = Rows(tree.branches[1:]).under(
        Column("Move", lambda b: f"{'· ' * (depth[b.id] - 1)}{b.move or 'rarer'}"),
        Column("Option", lambda b: b.label),
        Column("Share there", lambda b: b.share, "percent"),
        Column("Reached", lambda b: b.value, "percent"),
        Column("Veto", lambda b: _kind(b.series)),
        Column("Ends as", lambda b: b.end),
    )
    chart = ChartSpec("tree", tree.branches, series=series)
    note = (
        "At the right stands how often a branch is reached in all; where the tree is drawn side by side, the figure under "
        "a branch is its share of the times it comes to that choice. Means over draws; bands are in the tables of the moves."
    )
    return Figure("tree", "The moves, in the order in which they can come", f"{sentence}.", table, chart, note)


def _calendar(answers: Answers, goal: str, names: Names) -> Figure | None:
    """When each actor can stop the plan, and how likely that moment is reached."""
    own = standing_vetoes(answers.veto_points, goal)
    events = answers.coalition.events if answers.coalition is not None else []
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
        note = f"{names.move(v.move, v.round)}: {option} ({_kind(v.kind)})"
        rows.append(Dated(names.actor(v.actor), names.iso(v.at), v.p_reached.mean, v.kind, text, note))
    rows += [Dated("On the calendar", names.iso(e.month), 0.15, "event", e.label, e.label) for e in events]
    series = _kinds({v.kind for v in own})
    if events:
        series.append(Series("event", "event", "muted"))
    table = Rows(sorted(own, key=lambda v: (v.at, v.actor, v.move, v.option, v.kind))).under(
        Column("When", lambda v: names.when(v.at)),
        Column("Who", lambda v: names.actor(v.actor)),
        Column("Move", lambda v: names.move(v.move, v.round)),
        Column("Option", lambda v: _how(v, names)),
        Column("Kind", lambda v: _kind(v.kind)),
        Column("Comes to it", lambda v: v.p_reached, "percent"),
        Column("P(goal) then", lambda v: v.goal_if_forced, "percent"),
        Column("Share of draws", lambda v: v.share_of_draws, "percent"),
    )
    moments = len({(v.actor, v.move, v.round) for v in own})
    who = listed(dict.fromkeys(names.within(v.actor) for v in ranked))
    first, last = (names.when(f(v.at for v in own)) for f in (min, max))
    span = f"in {first}" if first == last else f"from {first} to {last}"
    sentence = (
        f"For the goal “{names.goal(goal)}” {who} can stop the plan at {count(moments, 'moment')}, {span}; "
        "the larger the dot, the likelier it comes to that moment."
    )
    id_ = f"calendar-{goal}"
    chart = ChartSpec("calendar", rows, series=series)
    return Figure(id_, f"The calendar of vetoes: {names.goal(goal)}", sentence, table, chart)


def _how(v: VetoPoint, names: Names) -> str:
    if v.scope != "policy" or not v.policy:
        return names.option(v.move, v.option)
    steps = [f"{move}: {listed(options, joint='or')}" for move, options in names.steps(v.policy)]
    return f"policy: {'; '.join(steps)}"


def _options(answers: Answers, goal: str, names: Names) -> Figure | None:
    """What each option would do to the goal if it were taken by surprise, beside how often it is taken."""
    moves = answers.moves
    given = f", given {names.condition(answers.run.presupposes)}" if answers.run.presupposes else ""
    marks = _marks([v for v in answers.veto_points if v.scope == "option"], goal)
    taken = [(m, o) for m in moves if m.round in (None, 1) and m.by != "chance" for o in m.options]
    ranges = [
        interval(
            f"{names.step(m.by, m.move)}: {names.option(m.move, o.option)}"
            + (f" (first of {names.rounds[m.move]} rounds)" if names.rounds.get(m.move, 1) > 1 else ""),
            then,
            marks.get((m.move, o.option, m.round), "open"),
            f"taken in {percent(o.probability.mean)}",
        )
        for m, o in taken
        if (then := o.goal_if_forced.get(goal)) is not None and o.probability is not None
    ]
    if not ranges:
        return None
    series = (Series("open", "no veto", "c1"), *_kinds({r.series for r in ranges}))
    table = Rows(taken).under(
        Column("Actor", lambda r: names.actor(r[0].by)),
        Column("Move", lambda r: names.move(r[0].move, r[0].round)),
        Column("Option", lambda r: names.option(r[0].move, r[1].option)),
        Column("Taken", lambda r: r[1].probability, "percent"),
        Column("P(goal) if taken by surprise", lambda r: r[1].goal_if_forced.get(goal), "percent"),
        Column("Veto", lambda r: _kind(marks.get((r[0].move, r[1].option, r[0].round), ""))),
    )
    sentence = (
        f"The chance of “{names.goal(goal)}” once the move is reached and the option is taken by surprise, "
        f"all other strategies as solved{given}."
    )
    chart = ChartSpec("dots", ranges, x=SHARE, series=series)
    return Figure("options", "What each option does to the goal", sentence, table, chart)


def _beliefs(beliefs: Sequence[BeliefAnswer], names: Names) -> Figure:
    """What actors come to believe of each other's type."""
    ranked = sorted(beliefs, key=lambda b: -b.probability.mean)[:24]
    table = Rows(ranked).under(
        Column("After", lambda b: names.history(b.history)),
        Column("When", lambda b: names.when(b.at)),
        Column("History's weight", lambda b: b.probability, "percent"),
        Column("Believer", lambda b: names.actor(b.believer)),
        Column("About", lambda b: names.actor(b.about)),
        Column("Type", lambda b: b.type_label or spoken(b.type)),
        Column("At first", lambda b: b.prior, "percent"),
        Column("Then", lambda b: b.belief, "percent"),
    )
    largest = max(ranked, key=lambda b: abs(b.belief.mean - b.prior.mean))
    level = level_with(
        largest,
        ranked,
        lambda b: abs(b.belief.mean - b.prior.mean),
        lambda b: f"{names.within(b.believer)} about {names.within(b.about)}",
        points,
    )
    sentence = (
        f"The largest change of mind{level}: what {names.within(largest.believer)} "
        f"{names.agree(largest.believer, 'believes', 'believe')} of {names.within(largest.about)}, "
        f"“{largest.type_label or spoken(largest.type)}”, after {names.history(largest.history)}."
    )
    return Figure("beliefs", "What actors come to believe of each other", sentence, table)


_LEVELS = (0.0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12)


@dataclass(frozen=True)
class ReadableTree:
    """The branches to draw, the least probability drawn, how many histories there are, and the probability not drawn."""

    branches: tuple[Branch, ...]
    least: float
    histories: int
    gathered: float


_Step = tuple[str, str]
"""A move and an option taken at it."""


@dataclass
class _Node:
    """Where histories stand that have taken the same steps: their weight, that of the goal, and of each end."""

    step: _Step = ("", "")
    by: str = ""
    rounds: set[int] = field(default_factory=set)
    value: float = 0.0
    goal: float = 0.0
    ends: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    children: dict[_Step, _Node] = field(default_factory=dict)

    def weigh(self, leaf: TreeNodeAnswer, goal: str) -> None:
        self.value += leaf.probability
        self.goal += leaf.probability * leaf.goal.get(goal, 0.0)
        self.ends[leaf.outcome or ""] += leaf.probability

    def split(self, least: float) -> tuple[list[_Node], list[_Node]]:
        """Return the children that come next with at least so much probability, and the rarer ones."""
        met = [child for child in self.children.values() if child.value > 0]
        return [c for c in met if c.value >= least], [c for c in met if c.value < least]


def readable_tree(
    nodes: Sequence[TreeNodeAnswer], vetoes: Sequence[VetoPoint], goal: str, names: Names, *, most: int = 22
) -> ReadableTree:
    """Cut the tree of public histories down to at most ``most`` ends.

    Histories that differ only in the round at which a repeated move went one way are drawn as one branch. Branches
    below a least probability, the smallest of a few steps with which ``most`` suffices, are gathered under "rarer".
    """
    root = _merge(nodes, goal)
    least = next((level for level in _LEVELS if _leaves(root, level) <= most), _LEVELS[-1])
    drawn: list[Branch] = [Branch(id="0", parent=None, label="", share=1.0, value=1.0)]
    gathered = _draw(root, "0", least, _marks(vetoes, goal), names, drawn)
    return ReadableTree(tuple(drawn), least, sum(n.outcome is not None for n in nodes), gathered)


def _merge(nodes: Sequence[TreeNodeAnswer], goal: str) -> _Node:
    byid = {n.id: n for n in nodes}
    root = _Node()
    for leaf in (n for n in nodes if n.outcome is not None):
        at = root
        at.weigh(leaf, goal)
        for node in _steps(leaf, byid):
            step = (node.move or "", node.option or "")
            at = at.children.setdefault(step, _Node(step, node.by or ""))
            at.weigh(leaf, goal)
            if node.round is not None:
                at.rounds.add(node.round)
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


_Marks = dict[tuple[str, str, int | None], str]


def _marks(vetoes: Sequence[VetoPoint], goal: str) -> _Marks:
    """Return the kind of veto at each step and round; a forcing one hides a rule, a rule an effective one."""
    own = [v for v in vetoes if v.goal == goal and not v.owner and v.scope != "policy"]
    ranked = ("effective", "rule", "forcing")
    return {(v.move, v.option, v.round): v.kind for kind in ranked for v in own if v.kind == kind}


def _marked(node: _Node, marks: _Marks) -> str:
    """Return the kind of veto that holds in every round that a branch stands for, if there is one."""
    kinds = {marks.get((*node.step, round_), "") for round_ in node.rounds or (None,)}
    return kinds.pop() if len(kinds) == 1 else ""


def _leaves(node: _Node, least: float) -> int:
    kept, rare = node.split(least)
    return sum(_leaves(child, least) for child in kept) + bool(rare) if kept else 1


def _draw(node: _Node, parent: str, least: float, marks: _Marks, names: Names, out: list[Branch]) -> float:
    """Append the branches that follow a node, the rarer ones gathered in one; return the probability gathered."""
    kept, rare = node.split(least)
    gathered = 0.0
    for child in kept:
        inner = bool(child.split(least)[0])
        sure = child.goal / child.value > 0.999
        branch = Branch(
            id=str(len(out)),
            parent=parent,
            label=_called(child, names),
            share=child.value / node.value,
            value=child.value,
            move=names.step(child.by, child.step[0]),
            end="" if inner else _say_ends(child.ends, names),
            series=_marked(child, marks) or ("goal" if sure else ""),
            note=f"the goal is reached in {percent(child.goal / child.value)} of what follows",
        )
        out.append(branch)
        if inner:
            gathered += _draw(child, branch.id, least, marks, names, out)
    if rare and kept:
        value = sum(child.value for child in rare)
        label = _called(rare[0], names) if len(rare) == 1 else f"{len(rare)} rarer"
        ends: dict[str, float] = defaultdict(float)
        for name, probability in (end for child in rare for end in child.ends.items()):
            ends[name] += probability
        out.append(Branch(str(len(out)), parent, label, value / node.value, value, end=_say_ends(ends, names)))
        gathered += value
    return gathered


def _called(node: _Node, names: Names) -> str:
    label, rounds = names.option(*node.step), names.rounds.get(node.step[0], 1)
    if not node.rounds or rounds < 2:
        return label
    if len(node.rounds) > 1:
        return f"{label}, some round"
    return f"{label}, every round" if max(node.rounds) >= rounds else label


def _say_ends(ends: dict[str, float], names: Names) -> str:
    ranked = sorted(ends, key=lambda n: -ends[n])
    return listed((names.outcome(n) for n in ranked), joint="or", most=2)
