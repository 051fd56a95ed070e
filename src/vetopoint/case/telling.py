"""Facts, clauses and rules of a case in its own labels, so that whoever reads of them meets no name of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping

from vetopoint.case.case import Case
from vetopoint.case.place import Place

__all__ = ["clause_in_words", "fact_in_words", "place_in_words", "rule_in_words", "type_in_words"]

_EQUAL = re.compile(r"(\w+) (==|!=) (\w+)")
_AMONG = re.compile(r"(\w+) (not in|in) \[([^\]]*)\]")


def fact_in_words(case: Case, name: str) -> str:
    """What a public fact is called: its label, or else who did what, or its condition by the labels of options."""
    rules = case.file.coalition
    if rules.fact_labels.get(name):
        return rules.fact_labels[name]
    written = " ".join(str(rules.facts.get(name, "")).split())
    alone = _EQUAL.fullmatch(written)
    if alone is None or alone[2] != "==" or alone[1] not in case.file.moves:
        return _by_labels(case, written) or name.replace("_", " ")
    move, label = case.file.moves[alone[1]], _option(case, alone[1], alone[3])
    between = " " if alone[3] in move.labels else ": "
    return label if move.by == "chance" else f"{case.actor_label(move.by)}{between}{label}"


def clause_in_words(case: Case) -> str:
    """The coalition's consent clause: its label, or else what it asks for by the labels of facts, members and bodies."""
    rules = case.file.coalition
    return rules.requires_label or _by_parties(case, rules.requires or "")


def rule_in_words(case: Case, member: str) -> str:
    """A member's joining rule: its label, or else what it asks for by the labels of facts, members and bodies."""
    joins = case.file.members[member].joins
    return joins.label or _by_parties(case, joins.requires)


def type_in_words(case: Case, actor: str, name: str) -> str:
    """What a type is called: its label; what is left beside one that has a label is not that."""
    declared = {n: getattr(spec, "label", "") for n, spec in case.file.types[actor].items()}
    if declared[name] or len(declared) != 2:
        return declared[name] or name.replace("_", " ")
    other = next(label for n, label in declared.items() if n != name)
    return f"not: {other}" if other else name.replace("_", " ")


def place_in_words(case: Case, place: Place) -> str:
    """An uncertain number's place by labels: ``issues.toll.positions.france`` → ``Position of France on the toll``."""
    file, parts = case.file, [str(part) for part in place.short_parts]
    told = _of_actors(case, parts) or _of_members(case, parts)
    if told:
        return told
    match parts:
        case ["moves", move, "options", option]:
            return f"{_titled(file.moves, move)}: {_option(case, move, option)}"
        case ["quantities", name]:
            return _titled(file.quantities, name)
        case [("moves" | "forms" | "threats" | "bodies") as section, key, *rest]:
            return f"{_titled(getattr(file, section), key)}: {' '.join(rest).replace('_', ' ')}"
        case ["line", "length_km"]:
            return "Length of the line (km)"
    words = " ".join(parts).replace("_", " ")
    return words[:1].upper() + words[1:]


def _titled(known: Mapping[str, object], key: str) -> str:
    return (str(getattr(known.get(key), "label", "")) or key.replace("_", " ")).partition(" (")[0]


def _of_actors(case: Case, parts: list[str]) -> str:
    """A number in payoffs, types or precision; empty for any other."""
    match parts:
        case ["precision", actor]:
            return f"Precision of {case.actor_within(actor)}"
        case ["payoffs", actor, term, *_] if actor in case.file.payoffs:
            return f"{case.actor_label(actor)}: {_titled(case.file.payoffs[actor].terms, term)}"
        case ["types", actor, name, *rest] if actor in case.file.types:
            whose = {
                "hazard": "factor on the hazard",
                "believed": f"as {case.actor_within(rest[-1])} {'believe' if case.is_several(rest[-1]) else 'believes'}",
            }
            return f"{case.actor_label(actor)} – {type_in_words(case, actor, name)}: {whose.get(rest[0], 'in truth')}"
    return ""


def _of_members(case: Case, parts: list[str]) -> str:
    """A number of members, issues, events or the coalition; empty for any other."""
    file = case.file
    match parts:
        case ["members", member, "stances", index]:
            stance = file.members[member].stances[int(index)].on
            return f"Stance of {_titled(file.members, member)}: {stance.replace('_', ' ')}"
        case ["members", member, "joins", "expects", fact]:
            return f"{_titled(file.members, member)} expects: {fact_in_words(case, fact)}"
        case ["members", member, *rest]:
            return f"{_titled(file.members, member)}: {' '.join(rest).replace('_', ' ')}"
        case ["others", index, *_] if index.isdecimal():
            return f"Stance of the members: {file.others[int(index)].on.replace('_', ' ')}"
        case ["issues", issue, ("positions" | "salience") as what, member]:
            who, on = _party(case, member), _titled(file.issues, issue)
            return f"Position of {who} on {on}" if what == "positions" else f"Salience of {on} for {who}"
        case ["issues", issue, what]:
            told = {"no_agreement": "Cost of no agreement on", "agreed_if": "Whether there is agreement on"}
            return f"{told.get(what, what)} {_titled(file.issues, issue)}"
        case ["events", event, "shifts", what]:
            whose, _, shifted = what.rpartition(".")
            of = f" of {_party(case, whose)}" if whose else ""
            return f"{_titled(file.events, event)}: shift of {shifted.replace('_', ' ')}{of}"
        case ["coalition", "need"]:
            return f"What {case.actor_within(file.owner)} {'need' if case.is_several(file.owner) else 'needs'}"
    return ""


def _party(case: Case, name: str) -> str:
    return _titled(case.file.members, name) if name in case.file.members else case.actor_label(name)


def _option(case: Case, move: str, option: str) -> str:
    declared = case.file.moves.get(move)
    return (declared.labels.get(option) if declared is not None else "") or option.replace("_", " ")


def _by_labels(case: Case, text: str) -> str:
    """A condition over moves in which options stand by their labels."""

    def equal(match: re.Match[str]) -> str:
        one, sign, other = match.groups()
        return f"{'' if sign == '==' else 'other than '}“{_option(case, one, other)}”"

    def among(match: re.Match[str]) -> str:
        one, sign, many = match.group(1), match.group(2), re.split(r",\s*", match.group(3))
        pairs = [(one, name) if one in case.file.moves else (name, one) for name in many]
        joint = " or ".join(dict.fromkeys(f"“{_option(case, move, option)}”" for move, option in pairs))
        return joint if sign == "in" else f"none of {joint}"

    return _EQUAL.sub(equal, _AMONG.sub(among, text))


def _by_parties(case: Case, text: str) -> str:
    """A rule in which facts, members, bodies and issues stand by their labels, and what it counts in words."""
    file = case.file

    def told(match: re.Match[str]) -> str:
        name = match[0]
        if name in file.coalition.facts:
            return f"“{fact_in_words(case, name)}”"
        known = file.members.get(name) or file.bodies.get(name) or file.issues.get(name)
        return (known.label.partition(" (")[0] or name.replace("_", " ")) if known is not None else name

    counted = re.sub(r"\bjoined\((\d+)\)", r"at least \1 others", re.sub(r"\bagreed\((\w+)\)", r"\1 is agreed", text))
    counted = re.sub(r"\bk_of\((\d+), ([^()]*)\)", r"at least \1 of (\2)", counted)
    shared = re.sub(r"\bjoined_share\(([\d.]+)\)", lambda m: f"at least {float(m[1]):.0%} of the others", counted)
    stances = {
        "needs_consent": "it needs consent",
        "supports": "it is in favour",
        "effective": "it thinks that it works",
        "opposes": "it is against",
    }
    said = re.sub(r"(?<![“\w])[A-Za-z_]\w*(?![\w”])", lambda m: stances.get(m[0]) or told(m), shared)
    return said.replace("not it needs consent", "it needs no consent")
