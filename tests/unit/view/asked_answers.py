"""Answers in which the plan is asked for: the example's, with what each party's yes and no lead to."""

from __future__ import annotations

import json
from typing import Any

from example_answers import band, example_answers

from vetopoint.answers import Answers

SHORT = {
    "actors": {"neighbour": "The port", "shippers": "The guild", "authority": "the harbour"},
    "goals": {"built": "a pier stands"},
    "outcomes": {"never": "no pier", "withdrawn": "consent withdrawn", "rammed": "rammed", "agreed": "agreed"},
    "forms": {"crew": "a crew"},
    "attempt": "a pier is offered",
    "presupposes": "the weather is calm",
}


def party(name: str, label: str, yes: float, now: float, no: float, first: float, lead: float) -> dict[str, Any]:
    """Return one party, given that the plan is tried."""
    return {
        "party": name,
        "label": label,
        "kind": "actor",
        "decisiveness": band(yes - no),
        "unlock": band(yes - now),
        "block": band(now - no),
        "first": first,
        "lead": lead,
        "on_yes": band(yes),
        "as_it_is": band(now),
        "on_no": band(no),
    }


def branch(
    side: str, options: tuple[str, ...], outcomes: dict[str, float], goal: float, chance: float
) -> dict[str, Any]:
    """Return one side of a fork."""
    told = {name: band(p, 0.1) for name, p in outcomes.items()}
    missed = {name: b for name, b in told.items() if name not in ("agreed", "defiant")}
    whole = {"goal": band(goal, 0.1), "outcomes": told, "missed": missed, "chance": band(chance)}
    return {"side": side, "options": options, **whole}


def fork(actor: str, move: str, yes: dict[str, Any], no: dict[str, Any]) -> dict[str, Any]:
    """Return a fork."""
    return {"goal": "built", "actor": actor, "move": move, "branches": (yes, no)}


YES = branch("yes", ("consent",), {"agreed": 0.89, "withdrawn": 0.08, "rammed": 0.02, "never": 0.01}, 0.89, 0.3)
NO = branch("no", ("refuse",), {"never": 0.996, "defiant": 0.004}, 0.004, 0.7)


def asked_answers(
    parties: list[dict[str, Any]] | None = None,
    forks: list[dict[str, Any]] | None = None,
    *,
    decisive: str | None = "neighbour",
    chance: float = 0.1,
    bare: bool = False,
    short: dict[str, Any] | None = None,
    **run: Any,
) -> Answers:
    """Return the answers, by default with one key-holder whose yes nearly always and whose no hardly ever builds the pier."""
    whole = json.loads(example_answers(bare=bare).model_dump_json())
    if parties is None:
        parties = [
            party("neighbour", "Neighbouring port", 0.9, 0.3, 0.004, 0.98, 0.6),
            party("shippers", "Shippers’ guild", 0.45, 0.3, 0.14, 0.01, 0.0),
            party("insurer", "Insurer", 0.31, 0.3, 0.29, 0.01, 0.0),
        ]
    asked = {
        "attempt": {"offer": ("pier",)},
        "chance": band(chance),
        "instead": {"never": band(0.8), "rammed": band(0.2)},
        "parties": parties,
        "decisive": decisive,
    }
    forks = [fork("neighbour", "answer", YES, NO)] if forks is None else forks
    whole["decisiveness"][0] |= {"asked": asked, "forks": forks, "decisive": decisive}
    whole["goals"][0] |= {"reached_in": ["agreed", "defiant"], "missed_in": ["never", "withdrawn", "rammed"]}
    whole["run"] |= {"short": SHORT if short is None else short, "presence": {"agreed": "crew"}} | run
    return Answers.model_validate(whole)
