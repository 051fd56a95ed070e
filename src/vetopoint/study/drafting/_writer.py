"""Write one case from a pattern: its numbers with the claims behind them, its moves, outcomes and gaps."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from vetopoint.case.schema import SourceRef
from vetopoint.case.times import Calendar
from vetopoint.evidence import Claim
from vetopoint.evidence.plans.plain import titled
from vetopoint.quantity.words import find_word
from vetopoint.study.drafting.english import (
    acted_on,
    are_many,
    does,
    head_of,
    inflected,
    inside,
    is_deed,
    is_many,
    it,
    its,
    itself,
    opening,
    they,
    verb,
)
from vetopoint.study.drafting.patterns import Pattern, read
from vetopoint.study.drafting.placing import Placing, inner_first, rivals
from vetopoint.study.drafting.plan import Cast, Party

if TYPE_CHECKING:
    from jinja2 import Environment


_EVERY = "4 months"
"""Where no text says at what interval something is renewed."""


class Writer:
    """Writes one case from a pattern, and remembers which numbers, claims and gaps it wrote."""

    def __init__(self, pattern: Pattern, cast: Cast, placing: Placing | None, drafted: bool) -> None:
        self._cast = replace(cast, plan=acted_on(cast.plan, pattern.acts, "the arrangement"))
        self._pattern, self._drafted = pattern, drafted
        self._placing, self._tries = placing or Placing(), placing is None
        self._calendar = Calendar(cast.day or date.min)
        self.written: dict[str, str] = {}
        self._short: dict[str, str] = {}
        self._clauses: dict[str, str] = {}
        self._questions = {self._phrase(name): self._phrase(asked) for name, asked in pattern.gaps.items()}
        self.gaps: list[str] = []

    def render(self, title: str, as_of: date, sources: Mapping[str, SourceRef], left_out: Sequence[str] = ()) -> str:
        """The text of ``case.yaml``."""
        template = _jinja().from_string(self._pattern.template)
        self._calendar = Calendar(as_of)
        text = template.render(
            **self._names(),
            title=title,
            as_of=as_of.isoformat(),
            sources={name: source.model_dump(mode="json", exclude_defaults=True) for name, source in sources.items()},
            left_out=[*left_out, *map(titled, self._placing.strangers)],
        )
        return re.sub(r"\n{3,}", "\n\n", re.sub(r"^[ \t]+\n", "", text, flags=re.MULTILINE))

    def account(self) -> tuple[dict[str, str], dict[str, str]]:
        """Of each claim where it went, or why it went nowhere."""
        placed: dict[str, list[str]] = {}
        for spot, claims in self._placing.at.items():
            for claim in claims:
                placed.setdefault(claim.id, []).append(self.written.get(spot, "not_modelled"))
        return {id: ", ".join(dict.fromkeys(spots)) for id, spots in placed.items()}, dict(self._placing.unplaced)

    def number(self, name: str, label: str, judged: str, vague: str = "uniform(0, 1)", odds: bool = False) -> str:
        """A line under ``quantities:``; of `odds`, a word of probability is the number, of a worth it says nothing."""
        said = self._placing.at.get(name, [])
        word = _word(said) if self._drafted and odds else ""
        value = (word or vague) if self._drafted else judged
        origin: dict[str, Any] = {"note": "judged for an invented case"}
        asked = self._questions.get(name, "") if not word else ""
        if self._drafted:
            origin = {"note": f"GAP: {asked}" if asked else "vague: nobody has judged it"}
        self.written[name] = f"quantities.{name}"
        if said:
            origin = {"claims": [claim.id for claim in said], "by": "hedge" if word else "analyst"} | origin
            origin |= {"note": f"their word is “{word}”"} if word else {}
        if self._drafted and asked:
            self.gaps.append(asked)
        line = {"value": value, "from": origin} | ({"without": vague} if said else {}) | {"label": label}
        return f"{name}: {_flow(line)}"

    def move(
        self,
        name: str,
        by: str,
        at: float | None,
        label: str,
        options: Mapping[str, str],
        *,
        when: str = "",
        chances: Sequence[str] = (),
        nests: Sequence[Sequence[str]] = (),
        repeat: str = "",
    ) -> str:
        """Lines under ``moves:``. An option whose label is empty is left out; chance gives each option a probability."""
        open_ones = {option: said for option, said in options.items() if said}
        drawn = f"{{{', '.join(map(': '.join, zip(open_ones, chances, strict=True)))}}}" if chances else ""
        lines = {
            "by": by,
            "at": "" if at is None else self._at(at),
            "when": when and _text(when),
            "options": drawn or f"[{', '.join(open_ones)}]",
            "nests": nests and f"[{', '.join(f'[{chr(44).join(group)}]' for group in nests)}]".replace(",", ", "),
            "repeat": repeat,
            "label": _text(label),
            "labels": _flow(open_ones),
        }
        told = [f"    {key}: {value}" for key, value in lines.items() if value]
        return "\n".join([f"{name}:", *told])

    def horizon(self, months: float) -> int:
        """Months to look ahead: those of the pattern, as much later as the texts date the decision."""
        return math.ceil(months + max(self._later, 0.0))

    @property
    def _later(self) -> float:
        """Months by which the texts date the decision later than the pattern does."""
        day, decides = self._cast.day, self._pattern.decides
        if day is None or decides is None:
            return 0.0
        return self._calendar.month_of(day) - decides

    def _at(self, month: float) -> str:
        """When a move comes: on the day of the decision, so long after it, or as far on the way to it, as in the pattern."""
        day, decides, later = self._cast.day, self._pattern.decides, self._later
        if day is None or decides is None:
            return f"{month:g}"
        if month == decides:
            return day.isoformat()
        moved = month + later if month > decides else month * (decides + later) / decides
        return f"{(math.ceil if month > decides else math.floor)(10 * moved) / 10:g}"

    def ends(self, rows: Iterable[Sequence[str]]) -> str:
        """The sections ``outcomes`` and ``outcome_labels``, from rows of name, condition, label and short name; `short` shows the last."""
        kept = [row for row in rows if row]
        self._short = {name: short or label for name, _, label, short in kept}
        said = ["outcomes:                         # the first that holds names the history"]
        said += [f"  {name}: {_text(condition)}" for name, condition, _, _ in kept]
        return "\n".join([*said, "outcome_labels:", *(f"  {name}: {_text(label)}" for name, _, label, _ in kept)])

    def aims(self, rows: Iterable[Sequence[str]]) -> str:
        """The sections ``goals`` and ``goal_labels``, from rows of name, condition and the goal as a clause."""
        kept = [row for row in rows if row]
        self._clauses = {name: clause for name, _, clause in kept}
        said = ["goals:                            # what counts as success; the first leads"]
        said += [f"  {name}: {_text(condition)}" for name, condition, _ in kept]
        return "\n".join([*said, "goal_labels:", *(f"  {name}: {_text(opening(clause))}" for name, _, clause in kept)])

    def short(self, parties: Sequence[Party], **more: object) -> str:
        """The section ``short``."""
        told = {"actors": {party.actor: inside(party.label) for party in parties}, "goals": self._clauses}
        lines = ["short:                            # what the report's first page says"]
        for key, value in {**told, "outcomes": self._short, **more}.items():
            if isinstance(value, Mapping):
                lines += [f"  {key}:", *(f"    {name}: {_flow(said)}" for name, said in value.items() if said)]
            else:
                lines.append(f"  {key}: {_flow(value)}")
        return "\n".join(lines)

    def stances(self, who: str, on: str) -> str:
        """The stance of a member on one matter, with what is reported of it, else of members whom nobody names."""
        own, group = f"{who}.{on}", f"group.{on}"
        said = self._placing.at.get(own) or self._placing.at.get(group, [])
        self.written |= {own: f"members.{who}.stances", group: "members"}
        stance = {"on": on, "value": _word(said) or "uniform(0, 1)"}
        return _flow(stance | ({"because": [claim.id for claim in said]} if said else {}))

    def heard(self, spot: str) -> bool:
        """Whether claims bear on a spot; while a case is tried for its spots, they do on every one."""
        return self._tries or spot in self._placing.at

    def _phrase(self, text: str) -> str:
        return _jinja().from_string(text).render(**self._names())

    def _names(self) -> dict[str, Any]:
        cast = self._cast
        many = are_many(cast.plan)
        offices = [party for party in cast.consenters if party.actor not in cast.threats] or list(cast.consenters[:1])
        plaintiffs = [*(party for party in cast.consenters if party not in offices), *rivals(cast)][:2]
        return {
            "pattern": self._pattern,
            "drafted": self._drafted,
            "plan": cast.plan,
            "many": many,
            "does_plan": lambda stem: f"{cast.plan} {inflected(stem, many)}",
            "are": "are" if many else "is",
            "they_are": "they are" if many else "it is",
            "them": "them" if many else "it",
            "fallback": cast.fallback,
            "owner": cast.owner,
            "consenters": cast.consenters,
            "hosts": cast.hosts[:1],
            "members": cast.members,
            "backers": cast.backers[:1],
            "rivals": rivals(cast)[:1],
            "offices": offices,
            "plaintiffs": plaintiffs,
            "threats": cast.threats,
            "within": cast.within,
            "ceasefire": cast.ceasefire,
            "day_said": cast.day_said if cast.day is not None else "",
            "every": cast.every or _EVERY,
            "interval": self._calendar.span(cast.every or _EVERY),
            "ordered": inner_first(cast),
            "horizon": self.horizon,
            "decides": self._pattern.decides,
            "number": self.number,
            "stances": self.stances,
            "heard": self.heard,
            "move": self.move,
            "ends": self.ends,
            "aims": self.aims,
            "short": self.short,
        }


def _word(said: Sequence[Claim]) -> str:
    """The word of probability that a claim used, as the scales know it; a word of possibility bears no odds and is none."""
    for claim in said:
        found = find_word(claim.hedge) if claim.hedge and claim.polarity > 0 else None
        if found is not None and found.kind == "probability" and all(edge.holds for edge in claim.edges):
            return found.word
    return ""


def _is_about(plan: str, nouns: Sequence[str]) -> bool:
    """Whether the noun at the head of a noun phrase is one of some nouns."""
    head = (head_of(plan).casefold().split() or [""])[-1]
    return head in nouns or head.removesuffix("s") in nouns


def _flow(value: object) -> str:
    """A value in YAML's flow style."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        return value if re.fullmatch(r"[a-z][a-z ]*", value) and value not in _TRUTHS else _text(value)
    return json.dumps(value)


_TRUTHS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z_]\w*", key, re.ASCII) and key.lower() not in _TRUTHS - {"on"} else _text(key)


def _text(value: str) -> str:
    return json.dumps(" ".join(value.split()), ensure_ascii=False)


@cache
def _jinja() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    jinja = Environment(
        undefined=StrictUndefined,
        loader=FunctionLoader(read),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    jinja.filters |= {"text": _text, "flow": _flow, "start": opening, "bare": inside}
    jinja.globals |= {"verb": verb, "does": does, "they": they, "it": it, "its": its, "itself": itself}
    jinja.globals |= {
        "about": _is_about,
        "inflected": inflected,
        "are_many": are_many,
        "is_many": is_many,
        "is_deed": is_deed,
    }
    return jinja
