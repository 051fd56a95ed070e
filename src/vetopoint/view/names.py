"""What things are called on screen: labels of the case, and words for its own names where it gives none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from vetopoint.answers import Answers, ShortNames
from vetopoint.view.numbers import DAYS, add_months, capital, month_name


def spoken(name: str) -> str:
    """Turn a name of the case file into words.

    >>> spoken("revoked_late")
    'revoked late'
    """
    return name.replace("_", " ")


def shortened(label: str) -> str:
    """Leave out what a label adds in brackets.

    >>> shortened("Another form (sensors, staff), refused by one side")
    'Another form, refused by one side'
    """
    return re.sub(r"\s*\([^)]*\)", "", label) or label


_PLAIN = {
    "a",
    "an",
    "the",
    "no",
    "another",
    "some",
    "it",
    "they",
    "nothing",
    "nobody",
    "everything",
    "all",
    "at",
    "as",
    "only",
}


def inside(label: str) -> str:
    """Fit a label into a sentence: a plain first word in lower case, anything else that begins with a capital in quotation marks.

    >>> inside("A United Nations force"), inside("Unarmed observers"), inside("sent home")
    ('a United Nations force', '“Unarmed observers”', 'sent home')
    """
    label = shortened(label)
    if label.split(" ")[0].casefold() in _PLAIN:
        return label[:1].lower() + label[1:]
    return f"“{label}”" if label[:1].isupper() else label


def lowered(words: str) -> str:
    """Fit words that begin with "The" into a sentence.

    >>> lowered("The Federal Council"), lowered("Theodora")
    ('the Federal Council', 'Theodora')
    """
    return f"t{words[1:]}" if words.startswith("The ") else words


@dataclass(frozen=True)
class Names:
    """Labels by name, the date from which months count, and whether the case is written in days."""

    as_of: date | None = None
    days: bool = False
    actors: dict[str, str] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)
    options: dict[tuple[str, str], str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    goals: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    quantities: dict[str, str] = field(default_factory=dict)
    rounds: dict[str, int] = field(default_factory=dict)
    movers: dict[str, str] = field(default_factory=dict)
    short: ShortNames = field(default_factory=ShortNames)
    facts: dict[str, str] = field(default_factory=dict)

    def brief(self, name: str) -> str:
        """Say who, in few words."""
        return lowered(self.short.actors.get(name) or self.actor(name))

    def within(self, name: str | None) -> str:
        """Say who, by the whole name, within a sentence."""
        return lowered(self.actor(name))

    def agree(self, name: str, one: str, many: str) -> str:
        """Return the word in the number of an actor.

        >>> Names(short=ShortNames(plural=("allies",))).agree("allies", "says", "say")
        'say'
        """
        return many if name in self.short.plural else one

    def they(self, name: str, one: str, many: str) -> str:
        """Return a pronoun that stands for an actor, or the verb behind it: a person is "they".

        >>> Names(short=ShortNames(persons=("ada",))).they("ada", "it says", "they say")
        'they say'
        """
        return many if name in self.short.persons else self.agree(name, one, many)

    def brief_move(self, name: str, label: str = "") -> str:
        """Say which move, within a sentence."""
        return inside(self.moves.get(name) or label or self.move(name))

    def brief_goal(self, name: str) -> str:
        """Say that a goal is reached, as a clause."""
        return self.short.goals.get(name) or inside(self.goal(name))

    def brief_outcome(self, name: str) -> str:
        """Say how it ends, within a sentence."""
        return self.short.outcomes.get(name) or inside(self.outcome(name))

    def brief_form(self, name: str) -> str:
        """Say which form of presence, as a noun within a sentence."""
        return self.short.forms.get(name) or inside(self.form(name))

    def actor(self, name: str | None) -> str:
        """Say who."""
        if not name:
            return "nobody"
        return self.actors.get(name) or ("chance" if name == "chance" else capital(spoken(name)))

    def move(self, name: str | None, index: int | None = None) -> str:
        """Say which move; a round of a repeated move is counted."""
        if not name:
            return "–"
        label = self.moves.get(name) or spoken(name)
        return f"{label} (round {index})" if index is not None and self.rounds.get(name, 1) > 1 else label

    def steps(self, policy: Mapping[str, Sequence[str]]) -> list[tuple[str, list[str]]]:
        """Each move of a policy, a round of a repeated one by its number, with its options, in the order in which they can come."""
        order = {name: place for place, name in enumerate(self.movers)}
        places = []
        for key, options in policy.items():
            move, _, index = key.rstrip("]").partition("[")
            places.append((order.get(move, len(order)), int(index or 0), move, options))
        return [
            (self.move(move, index or None), [self.option(move, option) for option in options])
            for _, index, move, options in sorted(places)
        ]

    def option(self, move: str | None, option: str | None) -> str:
        """Say which option."""
        if option is None:
            return "–"
        return self.options.get((move or "", option)) or spoken(option)

    def outcome(self, name: str) -> str:
        """Say which outcome."""
        return self.outcomes.get(name) or spoken(name)

    def goal(self, name: str) -> str:
        """Say which goal."""
        return self.goals.get(name) or spoken(name)

    def form(self, name: str) -> str:
        """Say which form of presence."""
        return self.forms.get(name) or ("No presence" if name == "none" else spoken(name))

    def short_form(self, name: str) -> str:
        """Say which form of presence without what its label adds in brackets."""
        return shortened(self.form(name))

    def quantity(self, name: str) -> str:
        """Say which uncertain number."""
        return self.quantities.get(name) or spoken(name).replace(".", " · ")

    def step(self, by: str | None, move: str | None, index: int | None = None) -> str:
        """Say who moves and which move; a label of several words says both by itself."""
        label = self.move(move, index)
        alone = " " in self.moves.get(move or "", "") or by in (None, "", "chance")
        return label if alone else f"{self.actor(by)}: {label}"

    def fact(self, name: str) -> str:
        """Say a public fact: who did what, where it bears the name of one option of one move only."""
        if self.facts.get(name):
            return self.facts[name]
        found = [(move, label) for (move, option), label in self.options.items() if option == name]
        if len(found) != 1:
            return spoken(name)
        move, label = found[0]
        by = self.movers.get(move, "")
        return label if by in ("", "chance") else f"{self.actor(by)} {label}"

    def situation(self, label: str, facts: Mapping[str, bool]) -> str:
        """Say a combination of facts: the case's own label, or the facts that hold, in the order of the label.

        >>> Names().situation("no fact holds", {"consent": False})
        'none of the facts holds'
        """
        held = sorted((f for f, holds in facts.items() if holds), key=lambda f: label.find(spoken(f)))
        if label and set(label.split(", ")) != ({spoken(f) for f in held} or {"no fact holds"}):
            return label
        return ", ".join(self.fact(f) for f in held) or "none of the facts holds"

    def history(self, steps: Sequence[str]) -> str:
        """Say a public history, given as `move: option` or `move[round]: option`.

        >>> Names(options={("answer", "yes"): "consents"}).history(["answer: yes", "review[2]: keep"])
        '“consents”, “keep” (round 2)'
        """

        def said(match: re.Match[str]) -> str:
            move, index, option = match.groups()
            return f"“{self.option(move, option)}”{f' (round {index})' if index else ''}"

        told = [re.sub(r"\A(\w+)(?:\[(\d+)\])?: (\w+)\Z", said, step) for step in steps]
        return ", ".join(told) or "the start"

    def condition(self, text: str) -> str:
        """Say a condition over moves, such as `ceasefire == reached`, or a goal or an outcome by its name, by labels."""
        if text in self.goals:
            return f"“{self.goal(text)}”"
        if text in self.outcomes:
            return f"“{self.outcome(text)}”"

        def said(match: re.Match[str]) -> str:
            move, sign, option = match.groups()
            return f"{'' if sign == '==' else 'other than '}“{self.option(move, option)}”"

        def among(match: re.Match[str]) -> str:
            one, many = match.group(1), re.split(r",\s*", match.group(2))
            pairs = [(one, name) if (one, name) in self.options else (name, one) for name in many]
            return " or ".join(dict.fromkeys(f"“{self.option(move, option)}”" for move, option in pairs))

        return re.sub(r"(\w+) (==|!=) (\w+)", said, re.sub(r"(\w+) in \[([^\]]*)\]", among, text))

    def quoted(self, text: str) -> str:
        """Replace names of the case in single quotes by their labels in double quotes."""
        byoption = {option: label for (_, option), label in self.options.items()}

        def said(match: re.Match[str]) -> str:
            name, extra = match.groups()
            label = self.goals.get(name) or self.moves.get(name) or byoption.get(name) or name
            return f"“{label}{extra or ''}”"

        return re.sub(r"(?<!\w)'([^',]+)(, round \d+)?'(?!\w)", said, text)

    def when(self, month: float | None) -> str:
        """Say a month counted from the case's date, as a month of the calendar where the date is known; in a case in days the day.

        >>> Names(date(2026, 1, 1)).when(1.5), Names(date(2026, 1, 1), days=True).when(1.5), Names(days=True).when(1.5)
        ('February 2026', '15 February 2026', 'day 45')
        """
        if month is None:
            return "–"
        if self.as_of is None:
            return f"day {month * DAYS:.0f}" if self.days else f"month {month:.0f}"
        day = self._day(self.as_of, month)
        return f"{day.day} {month_name(day)}" if self.days else month_name(day)

    def _day(self, start: date, month: float) -> date:
        return start + timedelta(days=round(month * DAYS)) if self.days else add_months(start, month)

    def iso(self, month: float) -> str:
        """Return the date of a month counted from the case's date; without one, from 1 January 2000."""
        return self._day(self.as_of or date(2000, 1, 1), month).isoformat()


def names_of(answers: Answers) -> Names:
    """Collect every label that the answers carry."""
    rounds: dict[str, int] = {}
    options: dict[tuple[str, str], str] = {}
    for m in answers.moves:
        rounds[m.move] = max(rounds.get(m.move, 1), m.round or 1)
        options |= {(m.move, o.option): o.label for o in m.options if o.label}
    truce = answers.truce
    return Names(
        as_of=answers.run.as_of,
        days=answers.run.horizon_days is not None,
        actors={k: v for k, v in answers.run.actors.items() if v},
        moves={m.move: m.label for m in answers.moves if m.label},
        options=options,
        outcomes={o.name: o.label for o in answers.outcomes if o.label},
        goals={g.name: g.label for g in answers.goals if g.label},
        forms={f.form: f.label for f in truce.forms if f.label and f.consented} if truce is not None else {},
        quantities={i.name: i.label for i in (*answers.evidence.inputs, *answers.evidence.beside) if i.label},
        rounds=rounds,
        movers={m.move: m.by for m in answers.moves},
        short=answers.run.short,
        facts=answers.coalition.facts if answers.coalition is not None else {},
    )
