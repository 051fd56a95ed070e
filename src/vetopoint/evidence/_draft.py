"""From accepted claims to a first case file: runnable, with everything that nobody has judged yet marked as a gap."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim, EdgeKind

__all__ = ["draft"]

_NUMERIC = frozenset(
    (
        "almost certain",
        "highly likely",
        "very likely",
        "likely",
        "probably",
        "unlikely",
        "very unlikely",
        "highly unlikely",
    )
)
_GAP = "GAP: nobody has judged this yet"


def draft(
    claims: Iterable[Claim],
    *,
    owner: str = "",
    title: str = "",
    as_of: date | None = None,
    labels: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
) -> str:
    """Write a commented ``case.yaml`` from claims and their edges.

    The tree is the plainest that the edges allow: the owner offers its plan, each actor whose consent is required or who can
    veto answers (and may declare the plan a target, where a threat was read), and the owner goes ahead, changes the form, or
    shelves. Rejected claims and denied edges do not count. What the text does not say is a vague number with the note ``GAP``.

    Parameters
    ----------
    owner : id of the actor whose plan it is; the one who speaks or bears alternatives most often unless given.
    title, as_of : the case's title and its month 0.
    labels : actor id → the name to show.
    sources : document id → path of its text, relative to the case folder.

    Raises
    ------
    EvidenceError
        No accepted claim says whose consent is required, who has a veto or who threatens.
    """
    usable = [claim for claim in claims if claim.status != "rejected"]
    if any(claim.status in ("accepted", "corrected") for claim in usable):
        usable = [claim for claim in usable if claim.status != "proposed"]
    consent = _actors(usable, ("requires", "veto"))
    threats = _actors(usable, ("threat",))
    movers = list(dict.fromkeys([*consent, *threats]))[:3]
    if not movers:
        raise EvidenceError(
            "no accepted claim says whose consent is needed, who has a veto or who threatens → "
            "accept such claims, or add edges to them"
        )
    owner = owner or _owner(usable, movers)
    if owner in movers:
        movers.remove(owner)
    names = {actor: (labels or {}).get(actor, actor.replace("_", " ").capitalize()) for actor in (owner, *movers)}
    parts = [
        _head(title or f"Draft: who can stop the plan of {names[owner]}", as_of or date.today(), owner, usable),
        _sources(sources or {}),
        "actors:\n" + "".join(f"  {actor}: {{label: {_text(label)}}}\n" for actor, label in names.items()),
        _quantities(usable, movers, threats, names),
        _moves(owner, movers, threats, names),
        _ends(owner, movers, threats),
        _payoffs(owner, movers, threats),
    ]
    return "\n".join(part for part in parts if part)


def _actors(claims: Sequence[Claim], kinds: tuple[EdgeKind, ...]) -> list[str]:
    """Actors of the edges of some kinds that hold, the most often named first."""
    count = Counter(
        edge.actor
        for claim in claims
        for edge in claim.edges
        if edge.kind in kinds and edge.holds and re.fullmatch(r"[A-Za-z_]\w*", edge.actor)
    )
    return [actor for actor, _ in sorted(count.items(), key=lambda item: (-item[1], item[0]))]


def _owner(claims: Sequence[Claim], movers: Sequence[str]) -> str:
    count = Counter(link.actor for claim in claims for link in claim.chain if link.actor)
    count.update(edge.actor for claim in claims for edge in claim.edges if edge.kind == "alternative" and edge.actor)
    ranked = [actor for actor, _ in sorted(count.items(), key=lambda item: (-item[1], item[0])) if actor not in movers]
    return ranked[0] if ranked else "owner"


def _head(title: str, as_of: date, owner: str, claims: Sequence[Claim]) -> str:
    return (
        f"# A first draft made from {len(claims)} claims. It runs, but it is no finding: look for GAP and fill in what you can\n"
        "# defend. Numbers without a claim are vague on purpose.\n"
        "vetopoint: 1\n"
        f"title: {_text(title)}\n"
        f"as_of: {as_of.isoformat()}\n"
        "horizon_months: 60\n"
        f"owner: {owner}    # GAP: check whose plan it is\n"
        "not_modelled:\n  - whatever the claims do not speak of; the moves below are the fewest that their edges need\n"
    )


def _sources(sources: Mapping[str, str]) -> str:
    if not sources:
        return ""
    return "sources:\n" + "".join(f"  {name}: {{file: {_text(path)}}}\n" for name, path in sources.items())


def _quantities(
    claims: Sequence[Claim], movers: Sequence[str], threats: Sequence[str], names: Mapping[str, str]
) -> str:
    lines = ["quantities:"]

    def add(name: str, value: str, label: str, ids: Sequence[str], read: bool) -> None:
        origin = (
            f"{{claims: [{', '.join(map(_text, ids))}], by: {'hedge' if read else 'analyst'}}}"
            if ids
            else f"{{note: {_text(_GAP)}}}"
        )
        lines.append(f"  {name}:\n    value: {value}\n    label: {_text(label)}\n    from: {origin}")
        if ids:
            lines.append(f"    without: {'uniform(0, 1)' if read else value}")

    for actor in movers:
        ids = [c.id for c in claims for e in c.edges if e.actor == actor and e.kind in ("requires", "veto") and e.holds]
        add(f"dislike_{actor}", "uniform(0, 2)", f"What the plan costs {names[actor]}", ids, read=False)
        add(f"price_{actor}", "uniform(0, 1)", f"What refusing costs {names[actor]}", [], read=False)
        if actor in threats:
            threat = [c for c in claims for e in c.edges if e.actor == actor and e.kind == "threat" and e.holds]
            word = next((c.hedge for c in threat if c.hedge in _NUMERIC), "")
            ids = [c.id for c in threat]
            add(f"resolve_{actor}", word or "uniform(0, 1)", f"{names[actor]} gains by striking", ids, read=bool(word))
    value = [c.id for c in claims for e in c.edges if e.kind == "value"]
    other = [c.id for c in claims for e in c.edges if e.kind == "alternative"]
    add("symbol", "uniform(0, 1)", "What the plan is worth as a sign", value, read=False)
    add("practice", "uniform(0, 1)", "What the plan is worth in practice", [], read=False)
    add("substitute", "uniform(0, 1)", "What the other form is worth, as a share", other, read=False)
    add("losses", "uniform(0, 2)", "What going ahead without consent costs the owner", [], read=False)
    return "\n".join(lines) + "\n"


def _moves(owner: str, movers: Sequence[str], threats: Sequence[str], names: Mapping[str, str]) -> str:
    lines = ["moves:", f"  offer: {{by: {owner}, at: 0, options: [plan, nothing]}}"]
    for month, actor in enumerate(movers, start=1):
        options = "[consent, oppose, designate]" if actor in threats else "[consent, oppose]"
        lines.append(f"  answer_{actor}: {{by: {actor}, at: {month}, when: offer == plan, options: {options}}}")
    refused = " or ".join(_refusal(actor, threats) for actor in movers)
    after = len(movers) + 1
    lines.append(
        f"  respond: {{by: {owner}, at: {after}, when: {_text(refused)}, options: [proceed, reshape, shelve]}}"
    )
    for actor in movers:
        if actor in threats:
            when = _text(f"respond == proceed and answer_{actor} in [oppose, designate]")
            lines += [f"  enforce_{actor}: {{by: {actor}, at: {after + 1}, when: {when}, options: [strike, tolerate]}}"]
    return "\n".join(lines) + "\n"


def _refusal(actor: str, threats: Sequence[str]) -> str:
    return f"answer_{actor} in [oppose, designate]" if actor in threats else f"answer_{actor} == oppose"


def _ends(owner: str, movers: Sequence[str], threats: Sequence[str]) -> str:
    struck = " or ".join(f"enforce_{actor} == strike" for actor in movers if actor in threats)
    lines = ["outcomes:", "  dropped: offer == nothing"]
    if struck:
        lines.append(f"  struck: {_text(struck)}")
    lines += ["  reshaped: respond == reshape", "  shelved: respond == shelve", "  defiant: respond == proceed"]
    lines += ["  consented: otherwise", "goals:", "  deployed: outcome in [consented, defiant]"]
    threat_lines = [
        f"  targets_{actor}: {{made: answer_{actor} == designate, silent_twin: oppose, demand: respond != proceed, "
        f"defied: respond == proceed, carried_out: enforce_{actor} == strike}}"
        for actor in movers
        if actor in threats
    ]
    if threat_lines:
        lines += ["threats:", *threat_lines]
    return "\n".join(lines) + "\n"


def _payoffs(owner: str, movers: Sequence[str], threats: Sequence[str]) -> str:
    struck = any(actor in threats for actor in movers)
    present = "outcome in [consented, defiant]"
    lines = [
        "payoffs:",
        f"  {owner}:",
        "    unit: [shelved, consented]",
        f"    seen: {{channel: symbolic, worth: symbol, when: {_text(present)}}}",
        f"    useful: {{channel: practical, worth: practice, when: {_text(present)}}}",
        "    other_form: {channel: practical, worth: substitute * (symbol + practice), when: outcome == reshaped}",
        "    defiance: {channel: cost, worth: -losses, when: respond == proceed}",
    ]
    for actor in movers:
        lines += [
            f"  {actor}:",
            "    unit: [consented, shelved]",
            f"    plan: {{channel: cost, worth: -dislike_{actor}, when: {_text(present)}}}",
            f"    refusing: {{channel: cost, worth: -price_{actor}, when: {_text(_refusal(actor, threats))}}}",
        ]
        if struck and actor in threats:
            lines.append(
                f"    striking: {{channel: practical, worth: resolve_{actor} - 0.5, when: enforce_{actor} == strike}}"
            )
    lines.append("precision:")
    lines += [f"  {actor}: lognormal(median=4, p90=10)    # GAP" for actor in (owner, *movers)]
    return "\n".join(lines) + "\n"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
