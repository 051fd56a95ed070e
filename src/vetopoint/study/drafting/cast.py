"""From claims and what their texts tell to the cast of a plan: whose it is, whose yes it needs, who threatens, what else would be done.

Each part goes to the party with the largest sum of signs: edges of claims, and what the texts show besides (`vetopoint.evidence.plans`).
Weights order parties and are no probability. Who proposes owns the plan, however much others are quoted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, SpacyParser
from vetopoint.evidence.plans import Sign, Telling, tell
from vetopoint.evidence.plans.plain import titled
from vetopoint.evidence.plans.words import plan_words
from vetopoint.evidence.reader.lexicon import sourcewords
from vetopoint.study.drafting.choosing import weight_of
from vetopoint.study.drafting.english import definite, inside, small
from vetopoint.study.drafting.placing import usable
from vetopoint.study.drafting.plan import Cast, Party
from vetopoint.study.drafting.ranking import chance, ranked, ways_of

_REFUSING = re.compile(
    r"\b(?:veto|block(?!ade)|reject|refuse|withhold|object|vote (?:against|down|no)|not (?:agree|sign|ratify|approve))",
    re.IGNORECASE,
)
_DIRE = re.compile(
    r"threat|warn|fear|target|attack|strike|retaliat|\bforce\b|bomb|shell|\bwar\b|hostile|combatant|fire|missile|sue\b|court|reprisal|respon",
    re.IGNORECASE,
)
MOST_CHARACTERS = 400_000
"""Of text that is understood at once, since a plan's parts are told by the whole of it."""
_EDGE = 3.0
_DENIED = -2.0
_BEARING = {"need": 1.0, "stop": 1.0, "hinge": 1.0, "refuse": 0.7, "favour": -0.3}
_LEAST = 2.0
_SHARE = 0.2
"""Of the first consenter's weight, below which a party is no further consenter."""
_MOST = 6
_BACKING = 1.5
LIKELY = 0.25
"""Chance from which on a party is said to threaten: two of three that do are found, and a false one stands in one text of six."""
_JOINT = 2.0
"""Weight of a proposal from which on those who make it together are one owner."""
_TOLD = 2.0
"""Weight of signs from which on a threat is told outright."""
_EARLY = ((2, 1.0), (5, 0.8))
_LATE = 0.5
_VAGUE = plan_words("vague")
_BYSTANDERS = plan_words("bystanders")
_WHOLES = plan_words("wholes")
_UNDERTAKEN = plan_words("undertaken") | plan_words("planned")


@dataclass
class _Weights:
    """How much speaks for each party in each part, and the claims and sentences that do."""

    of: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(float)))
    because: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    told: dict[tuple[str, str, str], float] = field(default_factory=dict)
    within: dict[str, str] = field(default_factory=dict)  # party → the one that cannot say yes without it

    def add(self, part: str, actor: str, weight: float, claims: Iterable[str] = (), sentence: str = "") -> None:
        """Add to a party's weight in a part; a sentence that shows it twice counts once, for the more."""
        key = part, actor, _squeezed(sentence)
        if sentence and weight > 0:
            before = self.told.get(key, 0.0)
            self.told[key] = max(before, weight)
            weight = max(weight - before, 0.0)
        self.of[part][actor] += weight
        self.because[part][actor] += [claim for claim in claims if claim not in self.because[part][actor]]

    def merge(self, actor: str, into: str) -> None:
        """Let a party count as another from which consent is needed."""
        del self.of["consent"][actor]
        if (whole := self.within.pop(actor, "")) and whole != into:
            self.within.setdefault(into, whole)
        self.within.update({inner: into for inner, outer in self.within.items() if outer == actor and inner != into})

    def ranked(self, part: str, but: Iterable[str] = ()) -> list[str]:
        """Parties with a part, the heaviest first, those alike in the order in which they came."""
        left_out = set(but)
        return sorted((a for a in self.of[part] if a not in left_out), key=lambda actor: -self.of[part][actor])


def cast_of(
    claims: Iterable[Claim],
    *,
    names: Mapping[str, Sequence[str]],
    documents: Mapping[str, Document],
    telling: Telling | None = None,
) -> Cast:
    """The cast of a plan.

    Parameters
    ----------
    claims : rejected ones do not count, proposed ones only where nobody has reviewed any.
    names : party id → names, of whom is known already.
    documents : the claims' documents by id.
    telling : what the documents tell; read off them unless given.

    Raises
    ------
    EvidenceError
        The texts name nobody whose plan it could be, or nobody else.
    """
    kept = usable(claims)
    told = telling if telling is not None else tell(_spoken_of(kept, documents), SpacyParser(), names)
    weights, ways = _standing(kept, told, documents)
    owner = _owner(ways)
    joint = _joint(told, owner, ways)
    consenters = _consenters(weights, told, (owner, *joint), ways)
    able = [actor for actor in ways if actor not in (owner, *joint)]
    threats = {
        a: tuple(weights.because["threat"][a])
        for a in ranked("threat", able, ways)
        if chance("threat", ways[a]) >= LIKELY or weights.of["threat"].get(a, 0.0) >= _TOLD
    }
    fallback, because = _fallback(kept, told, owner)
    taken = {owner, *joint, *consenters}
    favouring = [a for a in weights.ranked("favour", taken) if weights.of["favour"][a] >= _BACKING and a not in threats]
    hosts = [a for a in weights.ranked("host", taken)][:1]
    outside = {*hosts, *_counterparts(told, owner, documents)}
    members = [a for a in favouring if a not in outside] if _is_whole(told, owner) else []
    party = _Parties(told, weights)
    return Cast(
        plan=_plan(kept, told, weights, owner),
        owner=party.together((owner, *joint), "propose"),
        consenters=tuple(party.of(actor, "consent") for actor in consenters),
        threats=threats,
        hosts=tuple(party.of(actor, "host") for actor in hosts),
        members=tuple(party.of(actor, "favour") for actor in members),
        backers=tuple(party.of(actor, "favour") for actor in favouring if actor not in (*hosts, *members)),
        fallback=small(fallback, told.naming.proper) if fallback else "",
        fallback_claims=because,
        within=_nested(consenters, weights),
        rivals=tuple(party.of(actor, "threat") for actor in threats if actor not in taken),
    )


def ways_in(claims: Iterable[Claim], told: Telling, documents: Mapping[str, Document]) -> dict[str, dict[str, float]]:
    """How each party that may have a part stands: what `vetopoint.study.drafting.ranking` weighs."""
    return _standing(usable(claims), told, documents)[1]


def _standing(
    claims: Sequence[Claim], told: Telling, documents: Mapping[str, Document]
) -> tuple[_Weights, dict[str, dict[str, float]]]:
    """What speaks for each part, and how the parties stand that may have one: outlets have none."""
    shunned = _outlets(claims, documents, told)
    weights = _weighed(claims, told, shunned)
    ways = ways_of(told, weights.of)
    return weights, {actor: stands for actor, stands in ways.items() if actor not in shunned}


def _spoken_of(claims: Sequence[Claim], documents: Mapping[str, Document]) -> list[Document]:
    """The documents in which claims stand, as many as can be understood at once, those with most claims first."""
    count = Counter(claim.source for claim in claims)
    found, characters = [], 0
    for id, _ in count.most_common():
        characters += len(documents[id].text) if id in documents else 0
        if id in documents and characters <= MOST_CHARACTERS:
            found.append(documents[id])
    return found


def _weighed(claims: Sequence[Claim], told: Telling, shunned: frozenset[str]) -> _Weights:
    """Everything that speaks for a part, added up."""
    weights = _Weights()
    place = _Sentences(claims)
    for sign in told.signs:
        if sign.actor in shunned:
            continue
        because = place.claims(sign.said)
        if sign.part == "propose":
            weights.add(
                "propose",
                told.parties.owners.get(sign.actor, sign.actor),
                sign.weight * _earliness(sign),
                because,
                sign.said,
            )
        elif sign.part == "threat":
            weights.add("threat", sign.actor, sign.weight, because, sign.said)
        elif sign.part == "within":
            weights.within.setdefault(sign.actor, sign.words)
        elif sign.part in ("need", "hinge") or not _stands_by(told, sign.actor):
            weights.add("consent", sign.actor, sign.weight * _BEARING[sign.part], because, sign.said)
        if sign.part == "favour":
            weights.add("host" if sign.words == "invite" else "favour", sign.actor, sign.weight, because)
    for claim in claims:
        _weigh_claim(weights, claim, shunned)
    return weights


def _stands_by(told: Telling, actor: str) -> bool:
    """Whether a party trades with the plan and has no say in it: insurers, shipowners."""
    names = told.parties.names.get(actor, ())
    return any(name.casefold().split()[-1].removesuffix("s") in _BYSTANDERS for name in names if name)


def _weigh_claim(weights: _Weights, claim: Claim, shunned: frozenset[str]) -> None:
    said = claim.sentence.text if claim.sentence else claim.text
    for edge in claim.edges:
        harms = claim.act == "THREATEN" and edge.kind == "veto" and not _refuses(claim)
        if not edge.actor or edge.actor in shunned or harms:
            continue
        if edge.kind in ("requires", "veto"):
            weights.add("consent", edge.actor, _EDGE if edge.holds else _DENIED, [claim.id] if edge.holds else [], said)
        elif edge.kind == "threat" and edge.holds and not _refuses(claim):
            told = claim.act == "THREATEN" or _DIRE.search(claim.sentence.text if claim.sentence else claim.text)
            weights.add("threat", edge.actor, _EDGE if told else 1.0, [claim.id])
    speaker = claim.says.actor
    refuses = _refuses(claim)  # a threat to say no is no harm
    if refuses and claim.act == "THREATEN" and claim.polarity > 0 and speaker and speaker not in shunned:
        weights.add("consent", speaker, _EDGE, [claim.id])
    elif claim.act == "THREATEN" and claim.polarity > 0 and speaker and speaker not in shunned:
        weights.add("threat", speaker, _EDGE, [claim.id])


def _refuses(claim: Claim) -> bool:
    """Whether a claim speaks of saying no; to block a road is harm."""
    said = f"{claim.cue.text if claim.cue else ''} {claim.text}"
    words = set(re.findall(r"[a-z]+", said.casefold()))
    ways = plan_words("ways") | {f"{way}s" for way in plan_words("ways")}
    return _REFUSING.search(said) is not None and not words & ways


def _earliness(sign: Sign) -> float:
    """What a text is about stands at its beginning."""
    return next((weight for most, weight in _EARLY if sign.sentence <= most), _LATE)


class _Sentences:
    """Claims by the sentence in which they stand."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self._at: dict[str, list[str]] = {}
        for claim in claims:
            if claim.sentence is not None:
                self._at.setdefault(_squeezed(claim.sentence.text), []).append(claim.id)

    def claims(self, sentence: str) -> list[str]:
        """Ids of the claims of a sentence."""
        return self._at.get(_squeezed(sentence), [])


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _owner(ways: Mapping[str, Mapping[str, float]]) -> str:
    """Who is likeliest to own the plan."""
    if len(ways) < 2:
        raise EvidenceError(
            "the texts do not say whose plan it is → add a text that does, or begin with `vetopoint new --pattern`"
        )
    return ranked("owner", ways, ways)[0]


def _joint(told: Telling, owner: str, able: Container[str]) -> tuple[str, ...]:
    """Who makes the owner's surest proposals together with it."""
    own = [sign for sign in told.signs if sign.part == "propose" and sign.actor == owner]
    surest = max((sign.weight * _earliness(sign) for sign in own), default=0)
    together = [s.beside for s in own if s.beside and s.weight >= _JOINT and s.weight * _earliness(s) >= surest - 0.5]
    return tuple(other for other in (together or [()])[0] if other in able and other != owner)


def _consenters(
    weights: _Weights,
    told: Telling,
    owners: Sequence[str],
    ways: Mapping[str, Mapping[str, float]],
) -> list[str]:
    """Whose yes the plan needs, the one that bears most first; a body and the state to which it belongs count as one."""
    bearing = weights.of["consent"]
    for body, whole in told.parties.owners.items():
        if body in bearing and bearing.get(whole, 0) > 0 and whole not in owners and weights.within.get(body) != whole:
            first, second = (body, whole) if bearing[body] >= bearing[whole] else (whole, body)
            weights.add("consent", first, max(bearing[second], 0), weights.because["consent"][second])
            weights.merge(second, first)
    for actor in bearing:  # a party that bears a name of its own goes before "the opposition"
        bearing[actor] -= 0.5 * told.parties.names.get(actor, ("",))[0].islower()
    merged = {a for pair in told.parties.owners.items() if set(pair) & set(bearing) for a in pair if a not in bearing}
    able = [actor for actor in ways if actor not in merged | set(owners)]
    if not able:
        raise EvidenceError(
            "the texts name nobody whose yes the plan needs → add a text that does, or begin with `vetopoint new --pattern`"
        )
    first = ranked("consenter", able, ways)[0]
    heavy = [actor for actor in weights.ranked("consent", owners) if bearing[actor] >= _LEAST]
    least = _SHARE * max(bearing[heavy[0]] if heavy else 0.0, bearing.get(first, 0.0))
    kept = dict.fromkeys((first, *(actor for actor in heavy if bearing[actor] >= least)))
    return _with_wholes(list(kept)[:_MOST], weights, owners)


def _with_wholes(kept: Sequence[str], weights: _Weights, owners: Sequence[str]) -> list[str]:
    """Consenters, each followed by the one that cannot say yes without it."""
    led = [each for actor in kept for each in (actor, weights.within.get(actor, ""))]
    return [actor for actor in dict.fromkeys(led) if actor not in ("", *owners)]


def _nested(consenters: Sequence[str], weights: _Weights) -> dict[str, str]:
    """Of the consenters each that comes before another, in one step: nobody stands both within and around."""
    told = {a: whole for a, whole in weights.within.items() if {a, whole} <= set(consenters) and a != whole}
    return {inner: whole for inner, whole in told.items() if whole not in told}


def _outlets(claims: Sequence[Claim], documents: Mapping[str, Document], told: Telling) -> frozenset[str]:
    """Parties that are outlets: by whom documents were published, or whom claims cite as one."""
    said = {document.outlet for document in documents.values()} | {document.author for document in documents.values()}
    said |= {link.name for claim in claims for link in claim.chain if link.role in ("outlet", "article")}
    bare = {name.casefold().removeprefix("the ") for name in said - set(documents) if name}
    return frozenset(
        actor
        for actor, names in told.parties.names.items()
        if any(name.casefold().removeprefix("the ") in bare for name in names)
    )


def _fallback(claims: Sequence[Claim], told: Telling, owner: str) -> tuple[str, tuple[str, ...]]:
    place = _Sentences(claims)
    alternatives = {
        claim.id: claim for claim in claims if any(e.kind == "alternative" and e.holds for e in claim.edges)
    }
    harmful = {sign.said for sign in told.signs if sign.part == "threat"}
    best = max(
        (each for each in told.instead if each.sentence not in harmful),
        key=lambda each: each.weight + 2.0 * bool(alternatives.keys() & set(place.claims(each.sentence))),
        default=None,
    )
    if best is not None and (best.weight or alternatives.keys() & set(place.claims(best.sentence))):
        return best.words, tuple(dict.fromkeys((*place.claims(best.sentence), *alternatives)))
    for claim in alternatives.values():
        what = next((e.what for e in claim.edges if e.kind == "alternative" and e.what), "")
        if what and len(what.split()) <= 10:
            return what, tuple(alternatives)
    return "", tuple(alternatives)


def _counterparts(told: Telling, owner: str, documents: Mapping[str, Document]) -> list[str]:
    """Those with whom the owner has the plan, and who so are no members of it: "the agreement between the Union and Canada"."""
    whole = "|".join(map(re.escape, told.parties.names.get(owner, ())))
    text = " ".join(" ".join(document.text.split()) for document in documents.values())
    found = []
    for actor, names in told.parties.names.items():
        other = "|".join(map(re.escape, names))
        pair = rf"between (?:the )?(?:{whole}) and (?:the )?(?:{other})\b|between (?:the )?(?:{other}) and (?:the )?(?:{whole})\b"
        if whole and other and actor != owner and re.search(pair, text):
            found.append(actor)
    return found


def _is_whole(told: Telling, actor: str) -> bool:
    """Whether a party has members of its own."""
    words = {word for name in told.parties.names.get(actor, (actor,)) for word in re.findall(r"\w+", name.casefold())}
    return bool(words & _WHOLES) or actor == "european_union"


def _plan(claims: Sequence[Claim], told: Telling, weights: _Weights, owner: str) -> str:
    """What the plan is called: the words of its proposal, or of what needs a yes, whose noun the texts use most."""
    proposed = [
        (sign.words, sign.weight * _earliness(sign))
        for sign in told.signs
        if sign.part == "propose" and sign.actor == owner and sign.words and sign.sentence <= 6
    ]
    needed = [
        (edge.plan, 2.0) for claim in claims for edge in claim.edges if edge.kind in ("requires", "veto") and edge.plan
    ]
    scores: dict[str, float] = defaultdict(float)
    within = [(words.partition(" of ")[2], weight - 0.5) for words, weight in (*proposed, *needed)]
    for words, weight in (*proposed, *needed, *within):
        shown = _shown_plan(words)
        if shown and sourcewords().get(_noun(shown)) is None and not _is_party(told, shown):
            scores[shown] += (
                weight
                + min(told.nouns.get(_noun(shown), 0), 4)
                + weight_of(_noun(shown))
                - 3 * (_noun(shown) in _VAGUE)
            )
    if not scores:
        return "the plan"
    best = max(scores, key=lambda words: scores[words])
    telling_nouns = weight_of(_noun(best)) or _noun(best) in _UNDERTAKEN or sourcewords().get(_noun(best)) is not None
    return definite(best if telling_nouns else told.deeds.get(best, best), told.naming.proper)


def _is_party(told: Telling, words: str) -> bool:
    """Whether the noun of a phrase is a party's name, or a word for those who act."""
    split = words.split()
    head = next((at for at, word in enumerate(split) if word.casefold().rstrip("s") == _noun(words)), len(split) - 1)
    return any(m.first <= head <= m.last for m in told.parties.actors.mentions(split)) or split[0].casefold() in (
        "whether",
        "no",
        "what",
        "how",
    )


def _shown_plan(words: str) -> str:
    shown = re.sub(r"^(?:any|the|a|an|its|their|such|that|this|these|those)\s+", "", words.strip(), flags=re.IGNORECASE)
    return shown if 0 < len(shown.split()) <= 8 and not re.search(r",\s|[;:“”\"]", shown) else ""


def _noun(words: str) -> str:
    head = re.split(r"\s+(?:of|on|in|at|for|to|from|with|by|between|through)\s+", words)[0].split()[-1].casefold()
    return head[:-1] if head.endswith("s") and not head.endswith("ss") else head


class _Parties:
    """Parties as a case names them."""

    def __init__(self, told: Telling, weights: _Weights) -> None:
        self._told, self._weights = told, weights

    def together(self, actors: Sequence[str], part: str) -> Party:
        """Several parties as one, under all their names."""
        parties = [self.of(actor, part) for actor in actors]
        if len(parties) == 1:
            return parties[0]
        *firsts, last = (parties[0].label, *(inside(party.label) for party in parties[1:]))
        names = [name for party in parties for name in (party.label, *party.aka)]
        claims = dict.fromkeys(claim for party in parties for claim in party.claims)
        label = f"{', '.join(firsts)} and {last}"
        return Party(actors[0], label, tuple(dict.fromkeys(names)), True, tuple(claims))

    def of(self, actor: str, part: str) -> Party:
        """A party with the claims that gave it a part."""
        names = self._told.parties.names.get(actor, ())
        shown = [name for name in names if not name.isupper() or len(name) < 5]
        label = (shown or list(names) or [titled(actor)])[0]
        called = self._told.naming.called(label)
        aka = tuple(name for name in names if name != called.label)
        claims = tuple(self._weights.because[part][actor])
        return Party(actor, called.label, aka, called.plural, claims, called.person)
