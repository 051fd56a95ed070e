"""How a drafted case says who does what: verbs and pronouns in the number of a party, articles and numbers of noun phrases."""

from __future__ import annotations

import re
from collections.abc import Container

from vetopoint.evidence.plans.words import plan_words
from vetopoint.study.drafting.plan import Cast, Party

_BEHIND = re.compile(
    r",\s|\s+(?:of|on|in|at|for|to|from|with|by|near|along|between|through|under|over|against|across|into|within|without|around|until|"
    r"before|after|behind|that|which|who|whose|where|when)\s+"
)
_STRANGE = {"be": "is", "have": "has", "do": "does", "go": "goes"}
_ONE = re.compile(r"(?:an?|one|each|every|this|another)\s", re.IGNORECASE)
_COUNT = re.compile(r"\d[\d,.]*\s|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|some|many|few|both)\s", re.IGNORECASE)  # fmt: skip
_BARE = re.compile(r"(?:[\d.,]+\s|[\w-]+['’]s?\s)", re.IGNORECASE)
_PASSIVE = re.compile(r"\w+(?:ed|ing|own|awn|ound|old)$|(?:led|run|held|sent|built|made|paid|given|taken|kept|set|put|brought|bought)$")  # fmt: skip


def is_many(party: Party) -> bool:
    """Whether verbs that follow a party's label stand in the plural."""
    return " and " in party.label if party.plural is None else party.plural


def inside(label: str) -> str:
    """A phrase within a sentence: without a capital article at its head.

    >>> inside("The Federal Council"), inside("Theodora")
    ('the Federal Council', 'Theodora')
    """
    return re.sub(r"^(The|A|An)\b", lambda found: found[0].lower(), label)


def opening(words: str) -> str:
    """A phrase as the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def inflected(verb: str, many: bool) -> str:
    """A verb in the present, in the singular or the plural; what stands behind its first word stays.

    >>> inflected("go on", False), inflected("apply", False), inflected("pass", False), inflected("say", False), inflected("have", True)
    ('goes on', 'applies', 'passes', 'says', 'have')
    """
    first, _, rest = verb.partition(" ")
    if first in ("would", "can", "must"):
        return verb
    if not many:
        ies, es = re.search(r"[^aeiou]y$", first), first.endswith(("s", "x", "z", "ch", "sh", "o"))
        first = _STRANGE.get(first) or (f"{first[:-1]}ies" if ies else f"{first}{'es' if es else 's'}")
    elif first == "be":
        first = "are"
    return f"{first} {rest}".strip()


def verb(party: Party, stem: str) -> str:
    """A verb as it follows a party's label."""
    return inflected(stem, is_many(party))


def does(party: Party, stem: str) -> str:
    """A party and what it does, as the beginning of a sentence.

    >>> does(Party("s", "The Saudis", plural=True), "refuse"), does(Party("c", "The Federal Council"), "refuse")
    ('The Saudis refuse', 'The Federal Council refuses')
    """
    return f"{opening(party.label)} {verb(party, stem)}"


def they(party: Party, stem: str) -> str:
    """A pronoun for a party, and what it does: "it speaks", "they speak"."""
    several = is_many(party) or party.person
    return f"{'they' if several else 'it'} {inflected(stem, several)}"


def it(party: Party) -> str:
    """The pronoun for a party to whom something is done; a person, of whom no more is known, is "them"."""
    return "them" if is_many(party) or party.person else "it"


def its(party: Party) -> str:
    """The pronoun for whose something is."""
    return "their" if is_many(party) or party.person else "its"


def itself(party: Party) -> str:
    """The pronoun for a party that does something to itself."""
    return "themselves" if is_many(party) or party.person else "itself"


def plan_of(cast: Cast) -> str:
    """A plan in few words: what, and whose."""
    return f"{cast.plan} ({inside(cast.owner.label)})"


def acted_on(plan: str, acts: Container[str], otherwise: str) -> str:
    """What a plan does something to, where its noun is that deed and no thing.

    >>> acted_on("the further extension of the mandate", {"extension"}, "the arrangement")
    'the mandate'
    >>> acted_on("the extension for a year", {"extension"}, "the arrangement"), acted_on("the mandate", {"extension"}, "it")
    ('the arrangement', 'the mandate')
    """
    head = head_of(plan)
    if not head or head.split()[-1].casefold() not in acts:
        return plan
    behind = plan[len(head) :].strip()
    inner = behind.removeprefix("of ").strip() if behind.startswith("of ") else ""
    return definite(re.sub(r"^(?:an?|its|their)\s+", "", inner)) if inner else otherwise


def is_deed(phrase: str) -> bool:
    """Whether a phrase says what is done: "sending observers"."""
    first = phrase.partition(" ")[0].casefold()
    return first.endswith("ing") and first not in plan_words("lasting")


def head_of(phrase: str) -> str:
    """The noun phrase up to its noun: "ships carrying grain to Tirasa" are ships."""
    words = _BEHIND.split(phrase.strip())[0].split()
    for at, word in enumerate(words[1:], 1):
        if _PASSIVE.match(word) and _ends_many(words[at - 1]):
            return " ".join(words[:at])
    return " ".join(words)


def are_many(phrase: str, *, deed: bool = False) -> bool:
    """Whether verbs that follow a noun phrase stand in the plural.

    Parameters
    ----------
    deed : a first word in -ing is what is done, and not what kind of thing the noun is.

    Examples
    --------
    >>> are_many("monitors on the line"), are_many("the coalition of states"), are_many("fishing rights")
    (True, False, True)
    >>> are_many("splitting the agreements", deed=True), are_many("drones flown from a ship"), are_many("gas from Belmar")
    (False, True, False)
    """
    head = head_of(phrase)
    first, _, rest = head.partition(" ")
    several = " " in rest or rest[:1].isdigit()  # "reopening three hospitals", and not "fishing rights"
    done = first.endswith("ing") and rest and (deed or several) and first.casefold() not in plan_words("lasting")
    if done or _ONE.match(head):
        return False
    return bool(_COUNT.match(head)) or " and " in head or _ends_many(head)


def _ends_many(head: str) -> bool:
    last = head.split()[-1].casefold() if head.split() else ""
    if last in plan_words("plurals") or last.endswith(("men", "women", "children")):
        return True
    return (
        last.endswith("s")
        and not last.endswith(("ss", "us", "sis", "xis", "'s", "’s"))
        and last not in plan_words("singulars")
    )


def definite(phrase: str, proper: Container[str] = ()) -> str:
    """A noun phrase as a sentence writes what is known: with "the", which plurals, deeds, counts, owners and names have none of.

    Parameters
    ----------
    proper : words that texts write with a capital wherever they stand; any other first word is written small.

    Examples
    --------
    >>> definite("1,860-megawatt station on the Naryn"), definite("Opening a cluster"), definite("Qamar air base", {"Qamar"})
    ('the 1,860-megawatt station on the Naryn', 'opening a cluster', 'the Qamar air base')
    >>> definite("Government's court reform"), definite("Kovrin's bridges", {"Kovrin"}), definite("the pact")
    ("the government's court reform", "Kovrin's bridges", 'the pact')
    """
    phrase = small(phrase, proper)
    first, *rest = phrase.split()
    head = head_of(phrase).split()[-1]
    owned = first.endswith(("'s", "’s", "s'", "s’"))
    if first.casefold() in plan_words("articles") or (owned and first[:1].isupper()):
        return phrase
    if owned:
        return f"the {phrase}"
    named = head[:1].isupper() or not head[:1].isalpha()
    deed = is_deed(phrase) and not (rest and head == rest[-1] == rest[0])
    bare = named or deed or head.casefold() in plan_words("masses") or are_many(phrase) or _COUNT.match(phrase)
    return phrase if bare else f"the {phrase}"


def small(phrase: str, proper: Container[str] = ()) -> str:
    """A phrase whose first word is written small unless it is a name or an abbreviation."""
    first = re.split(r"['’\s-]", phrase, maxsplit=1)[0]
    named = first in proper or (not first[1:].islower() and len(first) > 1)
    return phrase if named else phrase[:1].lower() + phrase[1:]
