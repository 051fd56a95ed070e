"""The coalition of a case over its draws and situations: the tables that the game and the answers look up.

A joining rule speaks of public facts, of the member's own stances, of other members by name, of how many have joined, and of
formal bodies. It is evaluated once for every combination of the facts and stances it names and every mask of members, so
that draws only look rows up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

import numpy as np

from vetopoint.arrays import Array, Bools, Floats, Ints
from vetopoint.case import Case, Expression, Place, Scope, once_a_case
from vetopoint.coalition import joining
from vetopoint.coalition.agreement import agreed, evaluate, issue_functions
from vetopoint.coalition.checks import problems
from vetopoint.coalition.joining import EXACT_MEMBERS, Joining, Quorum, Rules
from vetopoint.coalition.many import Test, countable, join_independent, join_sampled
from vetopoint.coalition.power import VotingRule, passes
from vetopoint.coalition.stances import KINDS, draw_stances, shift
from vetopoint.errors import CaseError, Problem
from vetopoint.quantity import Draws, Random
from vetopoint.quantity.distributions import Uniform

__all__ = ["CoalitionTables", "Consent", "Rule", "agreement_of", "negates_members", "tables", "voting_rule"]

#: Functions of a rule that look at who has joined.
GATHERED = frozenset(["joined", "joined_share", "k_of"])


def agreement_of(issue: str) -> str:
    """The switch that says whether an issue is agreed.

    >>> agreement_of("guarantees")
    'agreed(guarantees)'
    """
    return f"agreed({issue})"


def _masks(m: int) -> Bools:
    """(m, 2^m) bool: does member i belong to the mask?"""
    return ((np.arange(1 << m)[None, :] >> np.arange(m)[:, None]) & 1).astype(bool)


@dataclass(frozen=True)
class Rule:
    """A clause over switches (facts and stances) and members.

    Parameters
    ----------
    expression : the clause.
    members : names of all members, in order.
    own : index of the member whose rule it is (it does not count itself), or None for a clause of the coalition.
    bodies : formal bodies that the clause may name: (k, M) bool -> (k,) bool.
    switches : facts and stances that the clause names, and issues whose agreement it asks for (see `agreement_of`), in order.
    """

    expression: Expression
    members: Sequence[str]
    own: int | None = None
    bodies: Mapping[str, Callable[[Bools], Bools]] = field(default_factory=dict)
    switches: tuple[str, ...] = ()

    def scope(self, switches: Mapping[str, Bools], joined: Bools, total: Array | None = None) -> Scope:
        """What the names of the clause mean (`none`: nothing is required).

        Parameters
        ----------
        switches : (…) bool arrays for each fact and stance.
        joined : (M, …) bool: who has joined; broadcasts with the switches.
        total : (…) how many have joined, where the caller has counted them already.
        """
        number = np.sum(joined, axis=0, dtype=np.int16) if total is None else total
        among = len(joined)
        if self.own is not None:
            number, among = number - joined[self.own], among - 1
        values: dict[str, Bools] = {**switches, **dict(zip(self.members, joined, strict=True))}
        values["none"] = np.ones((), dtype=bool)
        for name in self.expression.names & set(self.bodies):
            flat = joined.reshape(len(self.members), -1).T
            values[name] = self.bodies[name](flat).reshape(joined.shape[1:])

        def named(item: object) -> Bools:
            return np.asarray(values[item] if isinstance(item, str) else item, dtype=bool)

        def k_of(k: float, *items: object) -> Bools:
            return np.asarray(sum((named(item) for item in items), np.zeros((), dtype=np.int64)) >= k)

        functions: dict[str, Callable[..., Bools]] = {
            "joined": lambda k: np.asarray(number >= k),
            "joined_share": lambda x: np.asarray(number >= x * among),
            "k_of": k_of,
            "agreed": lambda issue: values[agreement_of(issue)],
        }
        return Scope(values, functions=functions)

    def holds(self, switches: Mapping[str, Bools], joined: Bools, total: Array | None = None) -> Bools:
        """Truth of the clause; arguments as in `scope`."""
        return np.asarray(self.expression.evaluate(self.scope(switches, joined, total)), dtype=bool)

    def table(self) -> Bools:
        """(2^switches, 2^M) bool: truth by combination of the switches (bit j is switch j) and mask of members."""
        rows = _masks(len(self.switches))
        values = {name: rows[j][:, None] for j, name in enumerate(self.switches)}
        masks = _masks(len(self.members))[:, None, :]
        truth = self.holds(values, masks)
        return np.ascontiguousarray(np.broadcast_to(truth, (1 << len(self.switches), 1 << len(self.members))))


@dataclass(frozen=True)
class CoalitionTables:
    """What the coalition does in every situation of every draw.

    Attributes
    ----------
    members : names of the members, in the order of the last axis.
    facts : fact to (S,) bool, the situations.
    values : ``quorum``, ``cohesion``, ``capability``, ``joined``, ``quorum_least``, ``joined_least``, ``none`` and ``several``;
        each (n, S), see `Joining`. ``quorum`` is the probability, given the draw, that what the coalition needs is
        reached and its clause holds.
    greatest, least : (n, S, M) probability that each member joins at best, and at worst, over the consistent sets.
    accepts, capability : (n, M) as declared.
    stances : kind of stance to (n, M) bool, who takes it.
    nonmonotone : members whose rule another's joining can break, so that there may be no consistent set.
    exact : whether probabilities given the draw are exact, or acceptances were drawn (over 12 members who look at each other).
    month : the month at which stances and events are read.
    error : figure to the standard error that drawn acceptances leave on its mean, (S,) or (S, M); empty where exact.
    """

    members: tuple[str, ...]
    facts: Mapping[str, Bools]
    values: Mapping[str, Floats]
    greatest: Floats
    least: Floats
    accepts: Floats
    capability: Floats
    stances: Mapping[str, Bools]
    nonmonotone: tuple[str, ...]
    exact: bool
    month: float
    error: Mapping[str, Floats]

    @property
    def situations(self) -> int:
        """Number of situations."""
        return int(self.greatest.shape[1])

    def first(self, draws: int) -> CoalitionTables:
        """The same on the first draws only."""
        by_draw = {name: getattr(self, name)[:draws] for name in ("greatest", "least", "accepts", "capability")}
        values = {name: figure[:draws] for name, figure in self.values.items()}
        stances = {kind: taken[:draws] for kind, taken in self.stances.items()}
        return replace(self, values=values, stances=stances, **by_draw)


def tables(
    case: Case, draws: Draws, facts: Mapping[str, Bools], *, month: float = 0.0,
    expects: Mapping[str, Floats] | None = None,
) -> CoalitionTables:  # fmt: skip
    """Solve who joins in every situation of every draw.

    Parameters
    ----------
    facts : each fact of `coalition.facts` to (S,) bool, one entry a situation.
    month : month at which stances and events are read (the month of decision).
    expects : fact to (n,) probability that replaces what members declare to expect of it (used to look for consistent
        expectations).
    """
    return Consent(case, draws, month, expects).solve(facts)


@dataclass(frozen=True)
class Consent:
    """The consent structure of a case over its draws, ready to be solved for situations and interventions."""

    case: Case
    draws: Draws
    month: float = 0.0
    expects: Mapping[str, Floats] | None = None
    members: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "members", tuple(self.case.file.members))
        if wrong := _errors(self.case):
            raise CaseError(wrong)

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """Declared public facts."""
        return tuple(self.case.file.coalition.facts)

    @cached_property
    def stances(self) -> dict[str, Bools]:
        """Kind of stance to (n, M) bool."""
        return {kind: draw_stances(self.case, self.draws, kind, self.month) for kind in KINDS}

    @cached_property
    def accepts(self) -> Floats:
        """(n, M) probability that each member finds the terms acceptable."""
        return np.clip(self._column("joins", "accepts"), 0.0, 1.0)

    @cached_property
    def quorum(self) -> Quorum:
        """What the members bring and what the case says is needed."""
        rules = self.case.file.coalition
        need = None if rules.need is None else evaluate(self.case, self.draws, "coalition", "need")
        return Quorum(self._column("capability"), need, rules.minimum)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Joining rule of each member."""
        return _rules(self.case)

    @property
    def clause(self) -> Rule:
        """The coalition's own consent clause."""
        return _clause(self.case)

    @property
    def truth(self) -> tuple[Bools, ...]:
        """Truth table of each member's rule."""
        return _truth(self.case)

    @property
    def clause_truth(self) -> Bools:
        """Truth table of the coalition's clause."""
        return _clause_truth(self.case)

    @cached_property
    def independent(self) -> bool:
        """Whether nobody looks at anybody, and only the number of members and what they bring counts."""
        looked_at = set(self.members) | set(self.case.file.bodies)
        alone = all(not (r.expression.names & looked_at or r.expression.calls & GATHERED) for r in self.rules)
        return alone and not self.clause.expression.names & looked_at and countable(self.quorum) is not None

    @cached_property
    def exact(self) -> bool:
        """Whether probabilities given the draw are exact: acceptances enumerated, or counted where members are independent."""
        return len(self.members) <= EXACT_MEMBERS or self.independent

    @cached_property
    def nonmonotone(self) -> tuple[str, ...]:
        """Members whose rule can be broken by another's joining."""
        if self.independent:
            return ()
        if not self.exact:
            return tuple(name for name, rule in zip(self.members, self.rules, strict=True) if negates_members(rule))
        return tuple(name for name, truth in zip(self.members, self.truth, strict=True) if not joining.monotone(truth))

    @cached_property
    def uniforms(self) -> Floats:
        """(n, M, 2) uniforms for acceptances that are drawn, and for those that tell how far that spreads the figures."""
        columns = ([self.draws.uniforms(f"accepts.{name}{more}") for name in self.members] for more in ("", ".again"))
        return np.stack([np.column_stack(column) for column in columns], axis=-1)

    def _column(self, *keys: str) -> Floats:
        asked = {name: cache(ask) for name, ask in issue_functions(self.case, self.draws).items()}
        columns = [evaluate(self.case, self.draws, "members", name, *keys, asked=asked) for name in self.members]
        return np.column_stack(columns) if columns else np.zeros((self.draws.n, 0))

    @cached_property
    def agreements(self) -> dict[str, Bools]:
        """Switch of each issue to (n,) whether it is agreed."""
        return {agreement_of(i): agreed(self.case, self.draws, i) > 0 for i in self.case.file.issues}

    def asked(self, facts: Mapping[str, Bools]) -> dict[str, Bools]:
        """What the coalition's clause looks at, each broadcasting to (n, S)."""
        return {w: self._public(w, facts) for w in self.clause.switches}

    def _public(self, word: str, facts: Mapping[str, Bools]) -> Bools:
        return facts[word][None, :] if word in self.facts else self.agreements[word][:, None]

    def expected(self, index: int) -> dict[str, Floats]:
        """Facts that a member decides on before they are known, to (n,) its expectation."""
        name = self.members[index]
        declared = self.case.file.members[name].joins.expects
        if declared is None:
            return {}
        place = Place.of("members", name, "joins", "expects")
        if isinstance(declared, Mapping):
            places = {fact: place / fact for fact in declared}
        else:
            places = {next(fact for fact in self.rules[index].switches if fact in self.facts): place}
        own = {fact: evaluate(self.case, self.draws, at) for fact, at in places.items()}
        return {fact: (self.expects or {}).get(fact, value) for fact, value in own.items()}

    def switches(self, index: int, facts: Mapping[str, Bools]) -> dict[str, Bools]:
        """Facts and own stances as a member sees them, each broadcasting to (n, S)."""
        out: dict[str, Bools] = {}
        expected = self.expected(index)
        for word in self.rules[index].switches:
            if word in expected:
                name = self.members[index]
                lot = Random(Uniform(0.0, 1.0), f"Whether {name} reckons with {word.replace('_', ' ')}", "lot")
                out[word] = (self.draws.drawn(f"expects.{name}.{word}", lot) < expected[word])[:, None]
            elif word in self.stances:
                out[word] = self.stances[word][:, index][:, None]
            else:
                out[word] = self._public(word, facts)
        return out

    def solve(
        self, facts: Mapping[str, Bools], *, members: Mapping[str, bool] | None = None, by_member: bool = True
    ) -> CoalitionTables:
        """Solve all situations.

        Parameters
        ----------
        facts : fact to (S,) bool.
        members : members forced in (their own rule cut) or out.
        by_member : False leaves out cohesion and who joins, where only the whole matters.
        """
        known = self._known(facts)
        distinct, which = self._distinct(known)
        situations = len(next(iter(distinct.values()))) if distinct else 1
        forced = {self.members.index(name): yes for name, yes in (members or {}).items()}
        accepts = self.accepts.copy()
        for i, yes in forced.items():
            accepts[:, i] = float(yes)
        if len(self.members) <= EXACT_MEMBERS:
            solved = self._enumerate(distinct, situations, accepts, forced, by_member)
        elif self.independent:
            solved = self._count(distinct, situations, accepts, forced)
        else:
            solved = self._sample(distinct, situations, accepts, forced, by_member)
        figures, error = dict(vars(solved)), {name: part[which] for name, part in solved.error.items()}
        del figures["error"]
        values = {name: part[:, which] for name, part in figures.items()}
        greatest, least = values.pop("greatest"), values.pop("least")
        shifted = values["cohesion"] + shift(self.case, self.draws, "cohesion", self.month)[:, None]
        values["cohesion"] = np.clip(shifted, 0.0, 1.0)
        return CoalitionTables(
            self.members, known, values, greatest, least, self.accepts, self.quorum.capability, self.stances,
            self.nonmonotone, self.exact, self.month, error,
        )  # fmt: skip

    def _known(self, facts: Mapping[str, Bools]) -> dict[str, Bools]:
        missing = [fact for fact in self.facts if fact not in facts]
        if missing:
            raise ValueError(f"no situations given for the facts {', '.join(missing)}")
        return {fact: np.atleast_1d(np.asarray(facts[fact], dtype=bool)) for fact in self.facts}

    def _distinct(self, facts: Mapping[str, Bools]) -> tuple[dict[str, Bools], Ints]:
        """Situations that differ in a fact that some rule looks at, and which of them each situation is."""
        looked_at = {word for rule in (*self.rules, self.clause) for word in rule.switches}
        columns = np.array([facts[f] for f in self.facts if f in looked_at])
        if not len(columns):
            situations = len(next(iter(facts.values()))) if facts else 1
            return {f: v[:1] for f, v in facts.items()}, np.zeros(situations, dtype=np.int64)
        _, first, which = np.unique(columns, axis=1, return_index=True, return_inverse=True)
        return {f: v[first] for f, v in facts.items()}, np.asarray(which).ravel()

    def _enumerate(
        self, facts: Mapping[str, Bools], situations: int, accepts: Floats, forced: Mapping[int, bool], by_member: bool
    ) -> Joining:
        shape = (self.draws.n, situations)
        row = np.zeros((*shape, len(self.members)), dtype=np.int64)
        truth = list(self.truth)
        for i in range(len(self.members)):
            if i in forced:
                truth[i] = np.ones((1, 1 << len(self.members)), dtype=bool)
                continue
            switches = self.switches(i, facts)
            for j, word in enumerate(self.rules[i].switches):
                row[:, :, i] += np.broadcast_to(switches[word], shape).astype(np.int64) << j
        clause_row = np.zeros(shape, dtype=np.int64)
        for j, held in enumerate(self.asked(facts).values()):
            clause_row += np.broadcast_to(held, shape).astype(np.int64) << j
        return joining.join(Rules(truth, row, self.clause_truth, clause_row), accepts, self.quorum, by_member=by_member)

    def _count(
        self, facts: Mapping[str, Bools], situations: int, accepts: Floats, forced: Mapping[int, bool]
    ) -> Joining:
        nobody = np.zeros((len(self.members), 1, 1), dtype=bool)
        joins = np.empty((self.draws.n, situations, len(self.members)))
        for i, rule in enumerate(self.rules):
            holds = np.ones((1, 1)) if i in forced else rule.holds(self.switches(i, facts), nobody)
            joins[:, :, i] = holds * accepts[:, [i]]
        count = np.arange(len(self.members) + 1)
        switches = {word: held[:, :, None] for word, held in self.asked(facts).items()}
        clause = self.clause.holds(
            switches, np.broadcast_to(nobody[..., None], (len(self.members), 1, 1, len(count))), count
        )
        rows = max([1, *(len(held) for held in switches.values())])
        return join_independent(joins, np.broadcast_to(clause, (rows, situations, len(count))), self.quorum)

    def _sample(
        self, facts: Mapping[str, Bools], situations: int, accepts: Floats, forced: Mapping[int, bool], by_member: bool
    ) -> Joining:
        def held(index: int) -> Test:
            if index in forced:
                return lambda cut, joined, total: np.ones((), dtype=bool)
            seen = self.switches(index, facts)
            rule = self.rules[index]

            def test(cut: slice, joined: Bools, total: Array) -> Bools:
                now = {w: (v[cut] if len(v) > 1 else v)[:, :, None] for w, v in seen.items()}
                return rule.holds(now, joined, total)

            return test

        def clause(cut: slice, joined: Bools, total: Array) -> Bools:
            return self.clause.holds(
                {w: (v[cut] if len(v) > 1 else v)[:, :, None] for w, v in asked.items()}, joined, total
            )

        asked = self.asked(facts)

        tests = {name: held(i) for i, name in enumerate(self.members)}
        return join_sampled(tests, clause, situations, accepts, self.uniforms, self.quorum, by_member)


# What a case says of its members is the same over whatever draws it is solved, and is read once.


@once_a_case
def _errors(case: Case) -> list[Problem]:
    return [p for p in problems(case) if p.severity == "error"]


@once_a_case
def _bodies(case: Case) -> dict[str, Callable[[Bools], Bools]]:
    """Tests of the formal bodies over members."""
    members = tuple(case.file.members)
    named = case.file.bodies.items()
    return {name: passes(voting_rule(case, name), tuple(body.weights), members) for name, body in named}


@once_a_case
def _rules(case: Case) -> tuple[Rule, ...]:
    members = tuple(case.file.members)
    asked = [case.expression("members", name, "joins", "requires") or Expression.parse("true") for name in members]
    return tuple(Rule(e, members, i, _bodies(case), _switches(case, e, KINDS)) for i, e in enumerate(asked))


@once_a_case
def _clause(case: Case) -> Rule:
    asked = case.expression("coalition", "requires") or Expression.parse("true")
    return Rule(asked, tuple(case.file.members), None, _bodies(case), _switches(case, asked, ()))


def _switches(case: Case, expression: Expression, stances: Sequence[str]) -> tuple[str, ...]:
    issues = map(agreement_of, expression.issues)
    return tuple(sorted([*(expression.names & {*case.file.coalition.facts, *stances}), *issues]))


@once_a_case
def _truth(case: Case) -> tuple[Bools, ...]:
    return tuple(rule.table() for rule in _rules(case))


@once_a_case
def _clause_truth(case: Case) -> Bools:
    return _clause(case).table()


def negates_members(rule: Rule) -> bool:
    """Whether a rule too large for a table can be broken by a joining member: tried on random chains of masks."""
    rng = np.random.default_rng(0)
    m = len(rule.members)
    order = np.argsort(rng.random((256, m)), axis=1)
    rank = np.argsort(order, axis=1)
    joined = np.moveaxis(rank[:, None, :] < np.arange(m + 1)[None, :, None], -1, 0)
    switches = {w: rng.random((256, 1)) < 0.5 for w in rule.switches}
    truth = np.broadcast_to(rule.holds(switches, joined), (256, m + 1))
    return bool(np.any(truth[:, :-1] & ~truth[:, 1:]))


def voting_rule(case: Case, name: str) -> VotingRule:
    """Rule of a formal body of the case; voters in the order of its `weights`."""
    body = case.file.bodies[name]
    voters = list(body.weights)
    vetoes = frozenset(voters.index(v) for v in body.vetoes)
    also, override = (
        tuple((tuple(m.weights.get(v, 0.0) for v in voters), m.quota) for m in more)
        for more in (body.also, body.override)
    )
    return VotingRule(tuple(body.weights.values()), body.quota, body.minimum, body.or_at_least, vetoes, also, override)
