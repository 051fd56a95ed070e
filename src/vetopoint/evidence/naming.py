"""For which actors of a case a claim's links and edges speak: what a reviewer said, then the case as it is now, then the reading.

A case may come to know an actor, or another name of one, after its sources were read. So the names are looked up anew whenever
claims are listed. What the reader learnt from the text itself (whose minister somebody is) stays where the case says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

from vetopoint.evidence.claim import Claim, Edge, Link
from vetopoint.evidence.reader.people import Actors

_WORD = re.compile(r"[’']s\b|\w+(?:[.’'\-](?!s\b)\w+)*")


def _begin(words: list[str]) -> int:
    return int(len(words) > 1 and words[0].casefold() == "the")


class Naming:
    """The actors of a case, by the names under which sources speak of them.

    Parameters
    ----------
    aliases : actor id → names.

    Examples
    --------
    >>> naming = Naming({"ostia": ["Ostia", "Port Ostia"]})
    >>> claim = Claim(id="c", source="g", chain=("Port Ostia",), about="port_ostia")
    >>> said = naming.settle(claim, claim, ())
    >>> (said.chain[0].actor, said.about)
    ('ostia', 'ostia')
    """

    def __init__(self, aliases: Mapping[str, Iterable[str]]) -> None:
        self._aliases = {actor: tuple(names) for actor, names in aliases.items()}
        self._found: dict[tuple[str, str], str] = {}

    @cached_property
    def _actors(self) -> Actors:
        return Actors(self._aliases)

    def settle(self, coded: Claim, current: Claim, said: Collection[str]) -> Claim:
        """A claim with its actors looked up anew.

        Parameters
        ----------
        coded, current : the claim as it was coded, and as its reviews leave it.
        said : fields that a standing review corrected; actors named there stay, and so does one taken away there.
        """
        before = {link.name: link.actor for link in coded.chain}
        chain = tuple(
            link if "chain" in said and (link.actor or before.get(link.name)) else self._link(link)
            for link in current.chain
        )
        changes: dict[str, object] = {} if chain == current.chain else {"chain": chain}
        if "edges" not in said and current.edges:
            changes["edges"] = tuple(map(self._edge, current.edges))
        if "about" not in said and current.about:
            changes["about"] = self._known(current.about)
        return current.model_copy(update=changes) if changes else current

    def _link(self, link: Link) -> Link:
        if link.kind == "unknown" or link.role in ("outlet", "article"):
            return link
        actor = self._of(link.name, link.actor)
        return link if actor == link.actor else link.model_copy(update={"actor": actor})

    def _edge(self, edge: Edge) -> Edge:
        actor = self._known(edge.actor) if edge.actor else ""
        return edge if actor == edge.actor else edge.model_copy(update={"actor": actor})

    def _of(self, name: str, read: str) -> str:
        """The actor of whom a name speaks now; `read` is whom the reader took it for."""
        key = name, read
        if key not in self._found:
            self._found[key] = self._heard(name, read)
        return self._found[key]

    def _heard(self, name: str, read: str) -> str:
        words = _WORD.findall(name)
        mentions = self._actors.mentions(words)
        if read in [mention.actor for mention in mentions]:
            return read
        if read in self._aliases:
            # Learnt from the text around it, unless by now the name is all another actor's own.
            whole = [m.actor for m in mentions if (m.first, m.last) == (_begin(words), len(words) - 1)]
            return whole[0] if whole else read
        if mentions:
            return mentions[0].actor
        return self._known(read) if read else ""

    def _known(self, actor: str) -> str:
        """An actor's id in the case, where an id that the case does not have is one of its actor's names."""
        if actor in self._aliases:
            return actor
        return self._actors.resolve(actor.replace("_", " ").title()) or actor
