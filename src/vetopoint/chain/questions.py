"""What to ask next: what it is worth to know a number before each decision of a case, and which numbers act together on its goals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from vetopoint.answers import (
    AskedGroup,
    AskedNumber,
    DecisionAnswer,
    OptionWorth,
    PairShare,
    SurrogateAnswer,
    SurrogateFigure,
)
from vetopoint.arrays import Floats, ratio
from vetopoint.case.schema import Decision
from vetopoint.chain.frame import Frame
from vetopoint.chain.information import DEGREE, Known, Value, value_of_information
from vetopoint.chain.surrogate import DEGREE as BENDS
from vetopoint.chain.surrogate import Basis, Gram, Shares, Surrogate, fit, gram_of, screened
from vetopoint.chain.values import payoff_in_truth
from vetopoint.chain.world import World
from vetopoint.game.decision import worth_of_options

if TYPE_CHECKING:
    from vetopoint.chain.numbers import Numbers

__all__ = ["Groups", "decision_answers", "surrogate_answer", "with_claims"]

Groups = Mapping[str, Collection[str]]
"""Name of a group to the inputs in it."""

CELLS, VISITS, LEAST_DRAWS = 600_000, 20_000_000, 512
BLOCK = 4096
MAINS, PAIRED = 40, 25
"""How many inputs a surrogate uses, and of how many it tries all pairs."""
TOLD = 0.005
"""Share of a goal's variance from which on a pair is told."""
ROWS_A_COLUMN = 8


def decision_answers(world: World, numbers: Numbers, groups: Groups | None = None) -> tuple[DecisionAnswer, ...]:
    """What to ask before each decision that a case declares, or before its owner's first move.

    What decides by lot, and what enters the solver's precision alone, cannot be asked for.

    Parameters
    ----------
    world : the case over its draws, with the truce's table where a truce is modelled; the first of them are used, fewer of a large game.
    numbers : what is known of its inputs, those included that engines draw.
    groups : sets of inputs that are told as one.
    """
    frame = world.frame
    known = [n for n in numbers.distributions if numbers.beside.get(n) != "lot" and n not in frame.methods]
    shares = Shares.of({name: numbers.distributions[name] for name in known})
    polynomials: dict[int, Floats] = {}
    found = []
    for name, decision in declared(frame).items():
        layer = _layer(frame, decision)
        draws = 0 if layer is None else _draws(world, layer, decision)
        if layer is not None and draws not in polynomials:
            few = {n: world.draws[n][:draws] for n in shares.names}
            polynomials = {draws: shares.polynomials(few, DEGREE)}
        asking = _Asking(world, numbers, name, decision, layer, draws)
        found.append(asking.answer(shares, polynomials.get(draws), groups or {}))
    return tuple(found)


def declared(frame: Frame) -> dict[str, Decision]:
    """The decisions of a case by name; where it declares none its owner's first move that comes and has a choice, if there is one."""
    file = frame.case.file
    if file.decisions:
        return dict(file.decisions)
    for number, layer in enumerate(frame.game.public.layers):
        if layer.by == file.owner and len(layer.options) > 1 and (frame.game.infoset_layer == number).any():
            return {layer.move: Decision(move=layer.move, round=layer.round or None)}
    return {}


def _layer(frame: Frame, decision: Decision) -> int | None:
    """Number of the layer of a decision; None where no history comes to it."""
    of_move = frame.game.public.layers_of.get(decision.move, ())
    rounds = [n for n in of_move if (frame.game.public.layers[n].round or 1) == (decision.round or 1)]
    return next((n for n in rounds if (frame.game.infoset_layer == n).any()), None)


def _draws(world: World, layer: int, decision: Decision) -> int:
    """How many draws are used: fewer, where a decision comes in many places or the game is large."""
    game = world.frame.game
    cells = int((game.infoset_layer == layer).sum()) * len(game.public.layers[layer].options)
    most = max(LEAST_DRAWS, min(CELLS // cells, VISITS // game.nodes))
    return min(world.draws.n, world.frame.budget.asking, most)


@dataclass(frozen=True, eq=False)
class _Asking:
    """One decision, and the draws on which it is asked about."""

    world: World
    numbers: Numbers
    name: str
    decision: Decision
    layer: int | None
    draws: int

    def answer(self, shares: Shares, polynomials: Floats | None, groups: Groups) -> DecisionAnswer:
        """What it would be worth to know each number that varies."""
        file = self.world.frame.case.file
        move = file.moves[self.decision.move]
        payoff = file.payoffs.get(move.by)
        told = DecisionAnswer(
            name=self.name,
            label=self.decision.label or move.label or self.decision.move.replace("_", " "),
            move=self.decision.move,
            round=self.decision.round,
            actor=move.by,
            unit=payoff.unit if payoff is not None else None,
            comes=0.0, options=(), everything=0.0, error=0.0, numbers=(), idle=len(shares.names), draws=self.draws,
            note="no history comes to this decision",
        )  # fmt: skip
        value = self._value(shares, polynomials, groups) if polynomials is not None else None
        return told if value is None else told.model_copy(update=self._told(value, groups))

    def _value(self, shares: Shares, polynomials: Floats, groups: Groups) -> Value | None:
        frame = self.world.frame
        assert self.layer is not None
        payoff = payoff_in_truth(self.world.tables, self._actor, self.draws)
        options = worth_of_options(self.world.play.first(self.draws), payoff, self.layer)
        if options.reach.sum() <= 0.0:
            return None
        kept = [frame.game.public.layers[self.layer].options.index(o) for o in self._options]
        tied = [(one, other) for one, other, _ in frame.case.file.correlate]
        return value_of_information(
            replace(options, worth=options.worth[:, :, kept]), shares.names, polynomials, groups, tied
        )

    def _comes(self) -> float:
        """P(the decision comes | what the case presupposes), a ratio of sums over the draws."""
        game = self.world.frame.game
        assert self.layer is not None
        there = (game.public.codes[:, self.layer] >= 0)[game.terminal_public]
        holds = self.world.frame.presupposed
        found = self.world.play.first(self.draws).goals({"there": there & holds, "holds": holds})
        return float(ratio(found["there"].sum(), found["holds"].sum()))

    @property
    def _actor(self) -> str:
        return self.world.frame.case.file.moves[self.decision.move].by

    @property
    def _options(self) -> tuple[str, ...]:
        assert self.layer is not None
        kept = self.decision.options
        return tuple(o for o in self.world.frame.game.public.layers[self.layer].options if not kept or o in kept)

    def _told(self, value: Value, groups: Groups) -> dict[str, object]:
        move, options = self.world.frame.case.file.moves[self.decision.move], self._options
        columns = (value.worth, value.errors, value.best, value.chosen)
        rows = zip(options, *(column.tolist() for column in columns), strict=True)
        numbers = tuple(self._numbers(value))
        return {
            "comes": self._comes(),
            "options": tuple(
                OptionWorth(option=o, label=move.labels.get(o, o), worth=w, error=e, best=b, chosen=c)
                for o, w, e, b, c in rows
            ),
            "everything": value.everything.value,
            "error": value.everything.error,
            "numbers": numbers,
            "idle": len(value.inputs) - len(numbers),
            "groups": tuple(
                AskedGroup(
                    group=name,
                    quantities=tuple(sorted(groups[name])),
                    value=known.value,
                    error=known.error,
                    share=known.value / value.everything.value,
                )
                for name, known in _ranked(value.groups)
            ),
            "note": "",
        }

    def _numbers(self, value: Value) -> Iterator[AskedNumber]:
        for name, known in _ranked(value.inputs):
            yield AskedNumber(
                quantity=name,
                label=self.numbers.called(name),
                judged=name in self.numbers.judged,
                value=known.value,
                error=known.error,
                share=known.value / value.everything.value,
            )


def _ranked(known: Mapping[str, Known]) -> list[tuple[str, Known]]:
    """What is worth knowing, the worthiest first."""
    return sorted(((n, k) for n, k in known.items() if k.value > 0.0), key=lambda item: (-item[1].value, item[0]))


def with_claims(
    decisions: Sequence[DecisionAnswer], claims: Mapping[str, tuple[str, ...]]
) -> tuple[DecisionAnswer, ...]:
    """The same with the claims that bear on each number, for those to say who know the claims."""
    return tuple(
        d.model_copy(
            update={
                "numbers": tuple(n.model_copy(update={"claims": claims.get(n.quantity, ())}) for n in d.numbers),
            }
        )
        for d in decisions
    )


def surrogate_answer(world: World, numbers: Numbers) -> SurrogateAnswer | None:
    """A polynomial stand-in for the goals, given what the case presupposes: how well it follows them on draws that it has not seen, and
    which pairs of numbers it needs. None where there are too few draws for the columns of a few numbers, or nothing varies.

    Parameters
    ----------
    world : the case over its draws. Inputs are screened on the first block; two thirds of the draws used are fitted to.
    """
    draws = min(world.draws.n, world.frame.budget.surrogate)
    goals, holds = world.given(world.goals)
    outputs, weights = np.stack([g[:draws] for g in goals.values()], axis=1), holds[:draws]
    weights = weights / (
        weights.max(initial=0.0) or 1.0
    )  # only their proportions count; the nearer to 1, the less is rounded
    first = draws * 2 // 3 if draws < 3 * BLOCK else draws * 2 // 3 // BLOCK * BLOCK
    basis = _basis(world, numbers, outputs, weights, first)
    if basis is None:
        return None
    blocks = [slice(at, min(at + BLOCK, first)) for at in range(0, first, BLOCK)]
    rest = [slice(at, min(at + BLOCK, draws)) for at in range(first, draws, BLOCK)]
    known, unseen = (gram_of(basis, world.draws, outputs, weights, rows) for rows in (blocks, rest))
    surrogate = fit(basis, known)
    explained = surrogate.explained(unseen).tolist()
    return SurrogateAnswer(
        given=world.frame.case.file.presupposes or "",
        figures=tuple(_figures(surrogate, known, goals, explained)),
        together=tuple(_together(surrogate, known, list(goals), numbers, world.frame.methods)),
        numbers=len(basis.shares.names),
        columns=basis.size - 1,
        fitted=first,
        tested=draws - first,
    )


def _basis(world: World, numbers: Numbers, outputs: Floats, weights: Floats, first: int) -> Basis | None:
    """The columns that so many draws can bear."""
    screen = min(first, BLOCK)
    columns = first // ROWS_A_COLUMN
    mains = min(MAINS, columns // (2 * BENDS))
    paired = min(PAIRED, int((columns - BENDS * mains) ** 0.5))
    if mains < 1 or weights[:screen].sum() <= 0.0 or not np.ptp(outputs[:first], axis=0).max(initial=0.0) > 0.0:
        return None
    shares = Shares.of(numbers.distributions)
    few = {name: world.draws[name][:screen] for name in shares.names}
    basis = screened(shares, few, outputs[:screen], weights[:screen], mains, paired) if shares.names else None
    return basis if basis is not None and basis.shares.names else None


def _figures(
    surrogate: Surrogate, gram: Gram, goals: Collection[str], explained: Sequence[float]
) -> Iterator[SurrogateFigure]:
    """What single numbers and pairs explain of each goal."""
    basis = surrogate.basis
    last = 1 + len(basis.shares.names) * basis.degree
    parts = [surrogate.share(gram, part).tolist() for part in (slice(1, last), slice(last, None))]
    for goal, *said in zip(goals, explained, *parts, strict=True):
        known = [value if np.isfinite(value) else None for value in said]
        yield SurrogateFigure(goal=goal, explained=known[0], mains=known[1], pairs=known[2])


def _together(
    surrogate: Surrogate, gram: Gram, goals: Sequence[str], numbers: Numbers, methods: Collection[str]
) -> Iterator[PairShare]:
    """The pairs that are told, by goal, the largest share first; what decides by lot or is a matter of method is no cause and not told."""
    pairs = [
        pair
        for pair in surrogate.basis.pairs
        if not any(name in methods or numbers.beside.get(name) == "lot" for name in pair)
    ]
    shares = {pair: surrogate.share(gram, surrogate.basis.of_pair(pair)) for pair in pairs}
    for i, goal in enumerate(goals):
        for pair in sorted(shares, key=lambda pair, i=i: (-np.nan_to_num(shares[pair][i]), pair)):  # type: ignore[misc]
            if shares[pair][i] >= TOLD:
                labels = (numbers.called(pair[0]), numbers.called(pair[1]))
                yield PairShare(goal=goal, quantities=pair, labels=labels, share=float(shares[pair][i]))
