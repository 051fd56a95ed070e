"""Answers of a small invented run, built from the real models: what the view's own tests and browser tests render.

A harbour authority offers a shared pier; a neighbour can refuse it. Numbers are invented and consistent with one another.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any

from vetopoint.answers import Answers

MONTHS = list(range(0, 61, 3))


def band(mean: float, width: float = 0.2, *, share: bool = True) -> dict[str, float]:
    """Return a band around a mean."""
    low, high = mean * (1 - width), mean * (1 + width)
    return {"mean": mean, "lo": low, "hi": min(high, 1.0) if share else high, "mc": 0.001}


def curve(rate: float) -> dict[str, list[float]]:
    """Return an exponential survival curve over MONTHS."""
    mean = [math.exp(-rate * m) for m in MONTHS]
    low, high = ([math.exp(-rate * f * m) for m in MONTHS] for f in (1.5, 0.6))
    return {"mean": mean, "median": mean, "lo": low, "hi": high}


def _complement(rate: float, share: float) -> dict[str, list[float]]:
    return {k: [share * (1 - v) for v in values] for k, values in curve(rate).items()}


def _tree() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def add(parent: int | None, move: str | None, option: str | None, by: str | None, p: float, **more: Any) -> int:
        rows.append(
            {
                "id": len(rows),
                "parent": parent,
                "move": move,
                "option": option,
                "by": by,
                "at": more.pop("at", 0.0),
                "probability": p,
                "goal": more.pop("goal", {"built": 0.3, "kept": 0.2}),
                **more,
            }
        )
        return len(rows) - 1

    lost, won = {"built": 0.0, "kept": 0.0}, {"built": 1.0, "kept": 1.0}
    root = add(None, None, None, None, 1.0)
    calm = add(root, "weather", "calm", "chance", 0.6)
    add(root, "weather", "storm", "chance", 0.4, outcome="never", goal=lost)
    offer = add(calm, "offer", "pier", "authority", 0.5)
    add(calm, "offer", "nothing", "authority", 0.1, outcome="never", goal=lost)
    yes = add(offer, "answer", "consent", "neighbour", 0.3, goal={"built": 1.0, "kept": 0.7})
    no = add(offer, "answer", "refuse", "neighbour", 0.2)
    go = add(no, "respond", "build", "authority", 0.03)
    add(no, "respond", "shelve", "authority", 0.17, outcome="never", goal=lost)
    add(go, "enforce", "ram", "neighbour", 0.02, outcome="rammed", goal=lost)
    add(go, "enforce", "tolerate", "neighbour", 0.01, outcome="defiant", goal=won)
    at, p = yes, 0.3
    for k in range(1, 5):
        add(
            at, "review", "revoke", "neighbour", p * 0.1, round=k, outcome="withdrawn", goal={"built": 1.0, "kept": 0.0}
        )
        p *= 0.9
        last = {"outcome": "agreed", "goal": won} if k == 4 else {}
        at = add(at, "review", "keep", "neighbour", p, round=k, **last)
    return rows


def _vetoes() -> list[dict[str, Any]]:
    base = {"goal": "built", "scope": "option", "intervention": "none", "rarely_reached": False, "owner": False}
    threshold = {"absolute": 0.05, "relative": 0.2}
    found: list[dict[str, Any]] = [
        base
        | {
            "actor": "neighbour",
            "move": "answer",
            "option": "refuse",
            "kind": "effective",
            "goal_if_forced": band(0.03),
            "share_of_draws": 0.91,
            "p_reached": band(0.5),
            "at": 4.0,
            "intervention": "surprise",
            "threshold": threshold,
            "sweep": [{"threshold": threshold, "share_of_draws": 0.91}],
        },
        base
        | {
            "actor": "neighbour",
            "move": "enforce",
            "option": "ram",
            "kind": "forcing",
            "goal_if_forced": band(0.0),
            "share_of_draws": 1.0,
            "p_reached": band(0.004),
            "rarely_reached": True,
            "at": 8.0,
        },
        base
        | {
            "actor": "neighbour",
            "move": "answer",
            "option": "consent",
            "kind": "rule",
            "scope": "clause",
            "clause": "consent",
            "goal_if_forced": band(0.0),
            "share_of_draws": 1.0,
            "p_reached": band(0.5),
            "at": 4.0,
        },
        base
        | {
            "actor": "authority",
            "owner": True,
            "move": "offer",
            "option": "nothing",
            "kind": "forcing",
            "goal_if_forced": band(0.0),
            "share_of_draws": 1.0,
            "p_reached": band(0.6),
            "at": 3.0,
        },
    ]
    found += [
        base
        | {
            "goal": "kept",
            "actor": "neighbour",
            "move": "review",
            "round": k,
            "option": "revoke",
            "kind": "forcing",
            "goal_if_forced": band(0.0),
            "share_of_draws": 1.0,
            "p_reached": band(0.3 * 0.9 ** (k - 1)),
            "at": 4.0 + 6 * k,
        }
        for k in range(1, 5)
    ]
    return found


def _game() -> dict[str, Any]:
    def option(name: str, label: str, p: float, built: float) -> dict[str, Any]:
        forced = {"built": band(built), "kept": band(built * 0.7)}
        return {"option": name, "label": label, "probability": band(p), "goal_if_forced": forced}

    def move(
        name: str, label: str, by: str, at: float, reached: float, *options: dict[str, Any], k: int | None = None
    ) -> dict[str, Any]:
        return {
            "move": name,
            "label": label,
            "by": by,
            "round": k,
            "at": at,
            "p_reached": band(reached),
            "options": list(options),
        }

    moves = [
        move(
            "weather", "Weather", "chance", 0, 1.0, option("calm", "calm", 0.6, 0.5), option("storm", "storm", 0.4, 0.0)
        ),
        move(
            "offer",
            "Offer",
            "authority",
            3,
            0.6,
            option("pier", "offer the pier", 0.83, 0.6),
            option("nothing", "offer nothing", 0.17, 0.0),
        ),
        move(
            "answer",
            "Answer",
            "neighbour",
            4,
            0.5,
            option("consent", "consent", 0.6, 0.98),
            option("refuse", "refuse", 0.4, 0.03),
        ),
        move(
            "respond",
            "Response",
            "authority",
            5,
            0.2,
            option("build", "build anyway", 0.15, 0.3),
            option("shelve", "shelve it", 0.85, 0.0),
        ),
        move(
            "enforce",
            "Enforcement",
            "neighbour",
            8,
            0.03,
            option("ram", "ram the pier", 0.6, 0.0),
            option("tolerate", "tolerate it", 0.4, 1.0),
        ),
    ]
    moves += [
        move(
            "review",
            "Review",
            "neighbour",
            4 + 6 * k,
            0.3 * 0.9 ** (k - 1),
            option("keep", "keep", 0.9, 1.0),
            option("revoke", "revoke", 0.1, 1.0),
            k=k,
        )
        for k in range(1, 5)
    ]
    parties = [
        {
            "party": a,
            "kind": "actor",
            "label": label,
            "owner": owner,
            "decisiveness": band(d),
            "unlock": band(d * 0.4),
            "block": band(d * 0.6),
            "lift": band(d * 0.3),
            "first": first,
            "lead": lead,
        }
        for a, label, owner, d, first, lead in (
            ("authority", "Harbour authority", True, 0.6, None, None),
            ("neighbour", "Neighbouring port", False, 0.55, 0.97, 0.3),
            ("shippers", "Shippers’ guild", False, 0.1, 0.02, 0.0),
            ("insurer", "Insurer", False, 0.05, 0.01, 0.0),
        )
    ]
    sets = [
        {
            "direction": "unlock",
            "actors": ["neighbour"],
            "threshold": 0.5,
            "probability": band(0.55),
            "share_of_draws": 0.8,
        },
        {
            "direction": "block",
            "actors": ["neighbour"],
            "threshold": 0.1,
            "probability": band(0.02),
            "share_of_draws": 0.99,
        },
    ]
    moments = [
        {"move": "weather", "option": "storm", "actor": "chance", "at": 0.0, "cause": "chance", "share": band(0.33)},
        {"move": "answer", "option": "refuse", "actor": "neighbour", "at": 4.0, "cause": "move", "share": band(0.24)},
        {"move": "offer", "option": "nothing", "actor": "authority", "at": 3.0, "cause": "move", "share": band(0.1)},
    ]
    return {
        "outcomes": [
            {"name": n, "label": label, "probability": band(p), "presupposed": band(g)}
            for n, label, p, g in (
                ("never", "the pier is never built", 0.67, 0.45),
                ("agreed", "the pier stands by consent", 0.197, 0.33),
                ("withdrawn", "consent is withdrawn later", 0.103, 0.17),
                ("rammed", "the pier is built and rammed", 0.02, 0.03),
                ("defiant", "the pier stands without consent", 0.01, 0.02),
            )
        ],
        "goals": [
            {
                "name": "built",
                "label": "the pier is built",
                "probability": band(0.33),
                "presupposed": band(0.55),
                "by_precision": [
                    {"factor": f, "probability": band(p)} for f, p in ((0.5, 0.36), (2.0, 0.3), (None, 0.28))
                ],
            },
            {
                "name": "kept",
                "label": "the pier is kept for two years",
                "probability": band(0.21),
                "presupposed": band(0.35),
            },
        ],
        "veto_points": _vetoes(),
        "decisiveness": [
            {
                "goal": "built",
                "draws": 4096,
                "parties": parties,
                "decisive": "neighbour",
                "gap": band(0.4),
                "sets": sets,
                "largest_set": 3,
            },
            {"goal": "kept", "draws": 4096, "parties": parties, "decisive": None, "gap": band(0.4), "largest_set": 3},
        ],
        "threats": [
            {
                "name": "ramming",
                "label": "to ram a pier built without consent",
                "by": "neighbour",
                "to": "authority",
                "p_made": band(0.4),
                "p_defied": band(0.15),
                "p_yielded": band(0.85),
                "credibility": {"made": band(0.6), "not_made": band(0.45)},
                "indifference": band(0.3),
                "indifference_share": 0.9,
                "defies_even_if_certain": 0.02,
                "yields_to_any_risk": 0.08,
                "words": "the authority would yield above a risk of 30%",
                "silent_twin": "refuse",
                "effect": {"built": {"mean": -0.04, "lo": -0.09, "hi": 0.0, "mc": 0.001}},
                "effect_on_demand": band(0.05),
            }
        ],
        "moments": [
            {
                "goal": "built",
                "failure": band(0.67),
                "moments": moments,
                "by_actor": {"chance": band(0.33), "neighbour": band(0.24), "authority": band(0.1)},
                "by_move": {"weather": band(0.33), "answer": band(0.24), "offer": band(0.1)},
                "worst_error": 1e-12,
            }
        ],
        "moves": moves,
        "tree": _tree(),
        "beliefs": [
            {
                "history": ["weather: calm", "offer: pier", "answer: refuse"],
                "at": 4.0,
                "probability": band(0.2),
                "believer": "authority",
                "about": "neighbour",
                "type": "hostile",
                "prior": band(0.5),
                "belief": band(0.8),
            }
        ],
        "anticipation": [
            {
                "goal": "built",
                "actor": "neighbour",
                "move": "answer",
                "option": "refuse",
                "announced": band(0.01),
                "surprise": band(0.03),
                "anticipation": {"mean": -0.02, "lo": -0.05, "hi": 0.0, "mc": 0.001},
                "reached_announced": band(0.3),
                "reached_surprise": band(0.5),
            }
        ],
    }


def _coalition() -> dict[str, Any]:
    situations = [
        {
            "name": n,
            "label": label,
            "facts": {"consent": yes},
            "weight": band(w),
            "quorum": band(q),
            "quorum_least": band(q * 0.8),
            "coordination_risk": band(q * 0.2),
            "none": band(0.0),
            "several": band(0.1),
            "joined": band(3 * q, share=False),
            "joined_least": band(2.5 * q, share=False),
            "capability": band(10 * q, share=False),
            "cohesion": band(q * 0.7),
        }
        for n, label, yes, w, q in (
            ("s1", "consent is given", True, 0.6, 0.85),
            ("s0", "consent is refused", False, 0.4, 0.1),
        )
    ]
    members = [
        {
            "name": n,
            "label": label,
            "rule": "consent and joined(1)",
            "accepts": band(a),
            "capability": band(4, share=False),
            "joins": [
                {"situation": "s1", "greatest": band(a), "least": band(a * 0.9)},
                {"situation": "s0", "greatest": band(a * 0.1), "least": band(0.0)},
            ],
            "joins_overall": band(a * 0.6),
            "stances": [],
            "slack": band(1.2, share=False),
            "exit": {"survives": band(0.7), "cascade": band(0.4, share=False)},
        }
        for n, label, a in (
            ("north", "North quay", 0.9),
            ("south", "South quay", 0.7),
            ("dry", "Dry dock co-operative", 0.5),
        )
    ]
    return {
        "actor": "authority",
        "actor_label": "Harbour authority",
        "rule": "consent",
        "need": band(6, share=False),
        "minimum": 2,
        "month": 3.0,
        "situations": situations,
        "members": members,
        "cohesion": {
            "quorum": band(0.55),
            "survives_one_exit": band(0.4),
            "weakest": "dry",
            "weakest_slack": band(0.5, share=False),
            "largest_cascade": "north",
            "largest_cascade_size": band(0.8, share=False),
            "polarisation": band(0.3),
            "coordination_risk": band(0.1),
        },
        "conceding": {
            "share": band(0.5),
            "months": MONTHS,
            "mean": [0.4 + m / 300 for m in MONTHS],
            "lo": [0.3 + m / 300 for m in MONTHS],
            "hi": [0.5 + m / 300 for m in MONTHS],
            "reports": [
                {
                    "date": "2026-02-24",
                    "month": 0.0,
                    "share": band(0.5),
                    "of": "",
                    "who": "unnamed",
                    "trend": "rising",
                    "because": ["c1"],
                }
            ],
            "named": 0,
            "unnamed": 1,
        },
        "erosion": [
            {
                "measure": m,
                "months": MONTHS,
                "mean": [start - x / 400 for x in MONTHS],
                "lo": [start - 0.1 - x / 400 for x in MONTHS],
                "hi": [start + 0.1 - x / 400 for x in MONTHS],
            }
            for m, start in (("quorum", 0.6), ("cohesion", 0.5))
        ],
        "events": [
            {"name": "fair", "label": "Harbour fair", "month": 6.0, "shifts": {"cohesion": band(0.05)}, "because": []}
        ],
        "decisiveness": [
            {
                "party": n,
                "label": label,
                "kind": kind,
                "structural_veto": veto,
                "effective_veto": band(0.1),
                "given_yes": band(0.8),
                "given_no": band(0.8 - d),
                "decisiveness": band(d),
                "unlock": band(d * 0.3),
                "block": band(d * 0.7),
                "lift": band(d * 0.3),
                "largest": first,
                "blame": band(0.3),
            }
            for n, label, kind, veto, d, first in (
                ("consent", "consent of the neighbour", "fact", True, 0.8, 0.95),
                ("north", "North quay", "member", False, 0.2, 0.05),
            )
        ],
        "threshold": 0.5,
        "block_threshold": 0.1,
        "pivotal": ["consent"],
        "unlock_sets": [{"names": ["consent"], "probability": band(0.8)}],
        "block_sets": [{"names": ["consent"], "probability": band(0.0)}],
        "blocs": [],
        "expectations": [],
        "issues": [
            {
                "name": "toll",
                "label": "The toll",
                "actors": [
                    {
                        "name": "north",
                        "label": "North quay",
                        "position": band(30, share=False),
                        "salience": band(0.7),
                        "weight": band(0.6),
                        "leverage_salience": band(2, share=False),
                    }
                ],
                "models": [
                    {"model": "compromise", "settlement": band(45, share=False)},
                    {"model": "nash", "settlement": band(50, share=False), "none": 0.25},
                ],
                "grid": [float(x) for x in range(0, 101, 5)],
                "density": [math.exp(-((x - 47) ** 2) / 450) / 37 for x in range(0, 101, 5)],
                "quantiles": {
                    "0.05": 22.0,
                    "0.1": 28.0,
                    "0.25": 37.0,
                    "0.5": 47.0,
                    "0.75": 57.0,
                    "0.9": 66.0,
                    "0.95": 72.0,
                },
                "spread": band(20, share=False),
                "polarisation": band(0.4),
                "agreed": band(0.7),
                "agreed_if": "spread < 30",
                "because": [],
                "record": "No model beats the weighted mean on the public outcomes.",
            }
        ],
        "bodies": [],
        "draws": {"power": 4096},
        "notes": ["The joining rules are monotone."],
    }


def _chain() -> dict[str, Any]:
    parties = [
        {
            "party": name,
            "label": label,
            "kind": kind,
            "decisiveness": band(d),
            "unlock": band(d * 0.4),
            "block": band(d * 0.6),
            "first": first,
            "lead": d / 2,
        }
        for name, label, kind, d, first in (
            ("neighbour", "Neighbouring port", "actor", 0.5, 0.96),
            ("north", "North quay", "member", 0.2, 0.03),
            ("dry", "Dry dock co-operative", "member", 0.04, 0.01),
        )
    ]
    return {"goal": "built", "draws": 512, "parties": parties, "decisive": "neighbour"}


def _expectations() -> dict[str, Any]:
    ends = [
        {
            "start": start,
            "expected": {"consent": p},
            "solved": {"consent": p},
            "goals": {"built": band(g), "kept": band(g * 0.7)},
            "rounds": 5,
            "settled": True,
        }
        for start, p, g in ((0.0, 0.2, 0.1), (1.0, 0.6, 0.4))
    ]
    return {"ends": ends, "unique": False, "draws": 256}


def _truce() -> dict[str, Any]:
    def hold(month: int, p: float, lift: float) -> dict[str, Any]:
        return {"month": month, "holds": band(p), "better_than_none": 0.9, "lift": band(lift)}

    forms = []
    for form, label, rate in (
        ("crew", "a resident crew", 0.012),
        ("cameras", "cameras only", 0.02),
        ("none", "no presence", 0.028),
    ):
        forms.append(
            {
                "form": form,
                "label": label,
                "consented": form != "none",
                "curve": curve(rate),
                "hold": [
                    hold(m, math.exp(-rate * m), math.exp(-rate * m) - math.exp(-0.028 * m)) for m in (6, 12, 24, 60)
                ],
                "further": [
                    {"held": h, "further": 12, "holds": band(math.exp(-rate * 12 * 12 / (12 + h)), 0.05)}
                    for h in (3, 12)
                ],
                "incidence": {
                    c: _complement(rate, s)
                    for c, s in (("offensive", 0.5), ("escalation of incidents", 0.3), ("withdrawal of consent", 0.2))
                },
                "channels": [
                    {
                        "channel": c,
                        "kind": k,
                        "switch_off": band(v),
                        "shapley": band(v * 0.8),
                        "share_of_effect": 0.3,
                        "intensity": band(0.5),
                    }
                    for c, k, v in (
                        ("consent", "gate", 0.05),
                        ("monitoring", "practical", 0.04),
                        ("force", "practical", 0.01),
                        ("formalisation", "symbolic", 0.06),
                    )
                ]
                if form != "none"
                else [],
                "detection": band(0.3) if form != "none" else None,
                "exit_per_year": band(0.05) if form != "none" else None,
            }
        )
    seen = [
        {
            "event": "crossing",
            "light": light,
            "visible_hours": 2.0,
            "seen": band(p),
            "attributed": band(p * 0.6),
            "seen_in": {"5": band(min(1.0, 3 * p))},
        }
        for light, p in (("day", 0.3), ("night", 0.12))
    ]
    lift = {"points": band(0.03), "positive": 0.95}
    return {
        "months": MONTHS,
        "baseline": "lognormal",
        "forms": forms,
        "mixture": curve(0.022),
        "mixture_hold": [hold(m, math.exp(-0.022 * m), 0.02) for m in (12, 24, 60)],
        "mixture_weights": {"crew": band(0.5), "none": band(0.5)},
        "types_shift_hazard": False,
        "symbol": [
            {
                "form": "crew",
                "month": 12,
                "symbolic_share_of_worth": band(0.6),
                "practical_lift": lift,
                "formalisation_lift": {"points": band(0.06), "positive": 0.99},
                "full_lift": {"points": band(0.09), "positive": 0.99},
                "practical_small": 0.85,
                "ratio": band(0.66),
                "ratio_note": "the full lift is above 2 points in 96% of draws",
                "verdict": "symbolic",
                "sentence": "A resident crew is symbolic by this report's rule: 60% of its worth is symbolic",
            }
        ],
        "coverage": [
            {
                "form": "crew",
                "label": "a resident crew",
                "preset": "posts",
                "personnel": band(1200, share=False),
                "active": band(240, share=False),
                "posts": band(30, share=False),
                "patrols": band(12, share=False),
                "km_seen_day": band(90, share=False),
                "km_seen_night": band(30, share=False),
                "gap_day_km": band(7, share=False),
                "gap_night_km": band(9, share=False),
                "revisit_hours": band(20, share=False),
                "seen": seen,
                "personnel_for_target": {"day 0.5": 3000.0, "night 0.5": None},
                "watched_day": [[10.0 * k + 3.5, 10.0 * k + 6.5] for k in range(30)],
                "watched_night": [[10.0 * k + 4.5, 10.0 * k + 5.5] for k in range(30)],
                "post_km": [10.0 * k + 5 for k in range(30)],
            }
        ],
        "line": {
            "length_km": band(300, share=False),
            "measured_km": 240.0,
            "points": [[5.0, 52.0, 0.0], [5.6, 52.5, 70.0], [6.1, 52.4, 110.0], [6.2, 52.6, 110.0], [7.0, 53.6, 240.0]],
            "parts": [0, 3],
            "incidents": [[6.4, 52.8, "a net cut at night"]],
        },
        "needed": [
            {"form": f, "what": w, "month": 12, "target": 0.8, "value": v}
            for f, w, v in (
                ("crew", "personnel", 2400.0),
                ("crew", "detection", 0.55),
                ("crew", "consent", None),
                ("cameras", "detection", None),
                ("cameras", "consent", None),
            )
        ],
        "priors": [
            {
                "effect": "monitors",
                "label": "Monitors with consent",
                "estimate": 0.6,
                "lo": 0.4,
                "hi": 0.9,
                "scale": "hazard_ratio",
                "transport": 0.2,
                "source": "A published study (2004)",
                "status": "published",
                "note": "",
                "overridden": False,
                "why": "",
                "e_value": 2.2,
                "e_value_limit": 1.5,
            }
        ],
        "analogues": [],
        "base_rates": [{"question": "held twelve months", "k": 14, "n": 20, "share": 0.7, "lo": 0.48, "hi": 0.86}],
        "history_note": "Twenty past plans, coded by hand.",
        "update": None,
        "notes": ["One published effect is split over channels by judgement."],
    }


def _decision() -> dict[str, Any]:
    """What to ask before the owner's first move."""
    return {
        "name": "first",
        "label": "The authority proposes",
        "move": "propose",
        "actor": "authority",
        "unit": ["never", "agreed"],
        "comes": 0.6,
        "options": [
            {"option": o, "label": label, "worth": worth, "error": 0.002, "best": best, "chosen": chosen}
            for o, label, worth, best, chosen in (
                ("full", "proposes a pier", 0.31, 0.58, 1.0),
                ("nothing", "proposes nothing", 0.22, 0.42, 0.0),
            )
        ],
        "everything": 0.08,
        "error": 0.001,
        "numbers": [
            {
                "quantity": q,
                "label": label,
                "value": v,
                "error": 0.001,
                "share": v / 0.08,
                "judged": judged,
                "claims": claims,
            }
            for q, label, v, judged, claims in (
                ("anger", "Anger of the neighbour", 0.05, True, ["c1"]),
                ("toll", "Worth of the toll", 0.01, True, []),
            )
        ],
        "idle": 4,
        "groups": [{"group": "the neighbour", "quantities": ["anger"], "value": 0.05, "error": 0.001, "share": 0.625}],
        "draws": 20000,
    }


def _change() -> dict[str, Any]:
    return {
        "goal": "built",
        "swings": [
            {
                "quantity": q,
                "label": label,
                "low": lo,
                "high": hi,
                "at_low": a,
                "at_high": b,
                "swing": b - a,
                "judged": judged,
            }
            for q, label, lo, hi, a, b, judged in (
                ("anger", "Anger of the neighbour", 0.1, 0.9, 0.52, 0.18, True),
                ("calm", "Chance of calm weather", 0.4, 0.8, 0.22, 0.44, False),
                ("toll", "Worth of the toll", 1.0, 4.0, 0.31, 0.36, True),
            )
        ],
        "method_swings": [],
        "decisions": [_decision()],
        "surrogate": {
            "given": "weather == calm",
            "figures": [{"goal": "built", "explained": 0.81, "mains": 0.7, "pairs": 0.12}],
            "together": [
                {
                    "goal": "built",
                    "quantities": ["anger", "toll"],
                    "labels": ["Anger of the neighbour", "Worth of the toll"],
                    "share": 0.06,
                }
            ],
            "numbers": 3,
            "columns": 15,
            "fitted": 8192,
            "tested": 4096,
        },
        "methods": [
            {"factor": f, "outcome": o, "goal": g, "label": label, "before": 0.4, "after": after, "failed": 0.0}
            for f, after in ((0.5, 0.35), (2.0, 0.47), (None, 0.5))
            for o, g, label in (("built", None, "the pier is built"), (None, "built", "the pier is built"))
        ],
        "flips": [
            {
                "kind": "goal",
                "quantity": "anger",
                "label": "Anger of the neighbour",
                "finding": "P(the pier is built) passes 50%",
                "value": 0.15,
                "low": 0.1,
                "high": 0.9,
                "smoothed": 0.17,
                "resolved": (0.51, 0.49),
            },
            {
                "kind": "goal",
                "quantity": "toll",
                "label": "Worth of the toll",
                "finding": "P(the pier is built) passes 50%",
                "value": None,
                "low": 1.0,
                "high": 4.0,
            },
        ],
        "tried": [
            {
                "kind": "goal",
                "finding": "P(the pier is built) passes 50%",
                "figure_is": "the chance of “the pier is built”",
                "level": 0.5,
                "figure": 0.33,
                "inputs": 3,
                "flipping": 1,
                "unsettled": 0,
                "least": 0.3,
                "most": 0.44,
                "nearest": "calm",
                "nearest_label": "Chance of calm weather",
                "draws": 8192,
            },
            {
                "kind": "outcome",
                "finding": "“no pier” is no longer the likeliest outcome",
                "figure_is": "the lead of “no pier” over the next outcome",
                "level": 0.0,
                "figure": 0.4,
                "inputs": 3,
                "flipping": 0,
                "unsettled": 0,
                "least": 0.1,
                "most": 0.6,
                "nearest": "calm",
                "nearest_label": "Chance of calm weather",
                "draws": 8192,
            },
        ],
        "twin_goal": {"built": band(0.3), "kept": band(0.2)},
        "twin": [
            {
                "finding": "the neighbour has a forcing veto at enforcement",
                "case_value": "yes",
                "twin_value": "yes",
                "structural": True,
            },
            {
                "finding": "the neighbour is first by decisiveness",
                "case_value": "97% of draws",
                "twin_value": "41% of draws",
                "structural": False,
            },
        ],
        "counterexample": {
            "finding": "the neighbour comes first by decisiveness",
            "found": True,
            "draws_with": 0.03,
            "inputs": [
                {"quantity": q, "label": label, "value": v, "median": m, "effect": e}
                for q, label, v, m, e in (
                    ("anger", "Anger of the neighbour", 0.05, 0.5, 0.2),
                    ("toll", "Worth of the toll", 3.9, 2.0, 0.1),
                )
            ],
            "goal": 0.81,
            "value": 0.21,
            "value_is": "the neighbour's lead",
            "threshold": 0.05,
            "note": "found among the draws",
        },
        "without_unnamed": {"built": band(0.35)},
        "stability": [{"concept": "Nash", "agree": 0.7, "note": ""}],
    }


def _evidence(quote: str) -> dict[str, Any]:
    return {
        "claims": [
            {
                "id": "c1",
                "source": "gazette",
                "sentence": f"Two pilots said that {quote} if it came.",
                "sentence_start": 99,
                "sentence_end": 120 + len(f"{quote} if it came."),
                "quote": quote,
                "pieces": [{"start": 120, "end": 120 + len(quote), "text": quote}],
                "start": 120,
                "end": 120 + len(quote),
                "chain": [
                    {"name": "The Harbour Gazette", "kind": "named", "role": "outlet"},
                    {"name": "two pilots", "kind": "unnamed", "reason": "not allowed to speak"},
                ],
                "kind": "forecast",
                "polarity": 1,
                "hedge": "could",
                "condition": "",
                "about": "neighbour",
                "origin": "pilots",
                "coder": "hand",
                "status": "accepted",
                "supports": ["anger"],
                "edges": ["veto of the neighbour"],
            }
        ],
        "sources": [
            {
                "id": "gazette",
                "title": "A pier in doubt",
                "outlet": "The Harbour Gazette",
                "date": "2026-02-20",
                "url": "https://example.org/pier",
                "file": "sources/gazette.txt",
                "sha256": "0" * 64,
            }
        ],
        "mentions": 1,
        "origins": 1,
        "unnamed_origins": 1,
        "inputs": [
            {
                "name": n,
                "label": label,
                "text": text,
                "unit": unit,
                "mean": m,
                "lo": lo,
                "hi": hi,
                "origin": origin,
                "by": by,
                "claims": claims,
                "note": "",
                "without": "",
                "line": line,
                "used_in": ["payoffs.neighbour"],
            }
            for n, label, text, unit, m, lo, hi, origin, by, claims, line in (
                (
                    "anger",
                    "Anger of the neighbour",
                    "uniform(0, 1)",
                    "",
                    0.5,
                    0.05,
                    0.95,
                    "judged, prompted by text",
                    "analyst",
                    ["c1"],
                    20,
                ),
                ("calm", "Chance of calm weather", "likely", "", 0.6, 0.4, 0.8, "read", "hedge", ["c1"], 21),
                ("toll", "Worth of the toll", "pert(1, 2, 4)", "ducats", 2.1, 1.2, 3.4, "judged", "analyst", [], 22),
            )
        ],
        "judged": 2,
        "total": 3,
    }


def example_answers(
    *, quote: str = "the neighbour could stop the pier", title: str = "A shared pier", bare: bool = False
) -> Answers:
    """Return the answers; ``bare`` leaves out coalition, truce, tree and all that is optional."""
    game = _game()
    run = {
        "case": "pier",
        "title": title,
        "summary": "Who can stop a shared pier, and how long would the peace on the water hold?",
        "as_of": dt.date(2026, 2, 24),
        "horizon_months": 60,
        "owner": "authority",
        "actors": {
            "authority": "Harbour authority",
            "neighbour": "Neighbouring port",
            "shippers": "Shippers’ guild",
            "insurer": "Insurer",
        },
        "seed": 1,
        "draws": 20000,
        "intervention_draws": 4096,
        "overrides": {},
        "presupposes": "weather == calm",
        "not_modelled": ["The tide."],
        "voiceless": ["neighbour"],
        "warnings": [],
        "versions": {"vetopoint": "0.1.0", "numpy": "2.0"},
        "inputs": {"case.yaml": "a" * 64},
        "solver": {
            "draws": 20000,
            "nodes": 20,
            "histories": 10,
            "information_sets": 8,
            "converged": 0.995,
            "folded": 0.004,
            "failed": 0.001,
            "out_of_evaluations": 0.0,
            "evaluations": (24.0, 91.0, 180.0),
            "retrace": {"draws": 64, "longest": 0.02, "elsewhere": 0, "lo": 0.0, "hi": 0.056},
            "worst_residual": 1e-9,
            "precision": {"authority": band(4, share=False), "neighbour": band(5, share=False)},
        },
    }
    change = _change()
    if bare:
        game |= {"tree": [], "beliefs": [], "anticipation": [], "threats": [], "veto_points": [], "moments": []}
        game["decisiveness"] = [
            game["decisiveness"][0] | {"decisive": None, "sets": [], "parties": game["decisiveness"][0]["parties"][:2]}
        ]
        game["goals"] = [g | {"presupposed": None, "by_precision": []} for g in game["goals"]]
        game["outcomes"] = [o | {"presupposed": None} for o in game["outcomes"]]
        run |= {"presupposes": "", "not_modelled": [], "voiceless": [], "intervention_draws": 20000}
        change |= {
            "swings": [],
            "decisions": [],
            "surrogate": None,
            "flips": [],
            "tried": [],
            "methods": [],
            "twin": [],
            "twin_goal": {},
            "without_unnamed": {},
            "stability": [],
        }
        change["counterexample"] = change["counterexample"] | {
            "found": False,
            "note": "no set of payoffs within these ranges makes it wrong; the nearest one is shown",
        }
    whole = game | {
        "expectations": None if bare else _expectations(),
        "members_decisiveness": [] if bare else [_chain()],
        "run": run,
        "coalition": None if bare else _coalition(),
        "truce": None if bare else _truce(),
        "change": change,
        "evidence": _evidence(quote),
    }
    return Answers.model_validate(whole)


def relabelled(answers: Answers, old: str, new: str) -> Answers:
    """Return the answers with one label replaced wherever it stands."""
    return Answers.model_validate_json(answers.model_dump_json().replace(old, json.dumps(new)[1:-1]))
