"""Edges ask the table of polarity that claims ask: what turns round once turns an edge, twice restores it, and what is left open tells nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.evidence import SpacyParser
from vetopoint.evidence.reader.edges import find_edges
from vetopoint.evidence.reader.lexicon import rows
from vetopoint.evidence.reader.people import Actors
from vetopoint.evidence.reader.polarity import power, standing

ACTORS = Actors({"orla": ["Orla"]})
PARSER = SpacyParser()
CORES = (
    ("veto", "Orla can veto the treaty", "Orla cannot veto the treaty"),
    ("veto", "Orla could block the loan", "Orla could not block the loan"),
    ("veto", "Orla has a veto over the accord", "Orla has no veto over the accord"),
    ("requires", "the pipeline needs the consent of Orla", "the pipeline does not need the consent of Orla"),
    ("requires", "the ferry depends on the approval of Orla", "the ferry does not depend on the approval of Orla"),
    (
        "requires",
        "the convoy cannot sail without the consent of Orla",
        "the convoy can sail without the consent of Orla",
    ),
    ("threat", "Orla would shell the harbour", "Orla would not shell the harbour"),
    ("value", "the base is a bargaining chip", "the base is not a bargaining chip"),
    ("risk", "a split would undermine the talks", "a split would not undermine the talks"),
    ("alternative", "the navies would share the port instead", "the navies would not share the port instead"),
)
FRAMES = (
    ("the envoy said that {}", 1),
    ("the envoy believes that {}", 1),
    ("it is not true that {}", -1),
    ("it is unlikely that {}", -1),
    ("it is not unlikely that {}", 1),
    ("the envoy denied that {}", -1),
    ("the envoy did not deny that {}", 1),
    ("the envoy rejected claims that {}", -1),
    ("the envoy doubts that {}", -1),
    ("the envoy is not convinced that {}", -1),
    ("there is no doubt that {}", 1),
    ("nobody believes that {}", -1),
    ("few ministers think that {}", -1),
    ("hardly anybody doubts that {}", 1),
)
OPEN = (
    "the envoy asked whether {}",
    "the envoy wondered whether {}",
    "if {}, the talks will end",
    "the envoy did not say that {}",
    "the envoy hopes that {}",
    "does the envoy think that {}?",
)


def told(text: str) -> set[tuple[str, bool]]:
    """Kind and sign of each edge of one sentence."""
    text = f"{text[0].upper()}{text[1:].removesuffix('?')}{'?' if text.endswith('?') else '.'}"
    ((parse,),) = PARSER.parse([text])
    found = (edge for place in parse.sentences() for edge in find_edges(parse, *place, ACTORS))
    return {(one.edge.kind, one.edge.holds) for one in found}


def framed(core: str, frames: Sequence[tuple[str, int]]) -> tuple[str, int]:
    """A statement within frames, the last outermost, and the product of their signs."""
    sign = 1
    for frame, effect in frames:
        core, sign = frame.format(core), sign * effect
    return core, sign


@settings(max_examples=150)
@given(st.sampled_from(CORES), st.booleans(), st.lists(st.sampled_from(FRAMES), max_size=3))
def test_the_sign_of_an_edge_is_the_product_of_all_that_stands_above_it(
    core: tuple[str, str, str],
    negated: bool,
    frames: list[tuple[str, int]],
) -> None:
    kind, plain, denied = core
    text, sign = framed(denied if negated else plain, frames)
    assert {edge for edge in told(text) if edge[0] == kind} == {(kind, (sign > 0) != negated)}


@settings(max_examples=60)
@given(st.sampled_from(CORES), st.booleans(), st.sampled_from(OPEN))
def test_of_what_is_asked_supposed_or_not_said_no_edge_is_told(
    core: tuple[str, str, str],
    negated: bool,
    frame: str,
) -> None:
    kind, plain, denied = core
    assert kind not in {found for found, _ in told(frame.format(denied if negated else plain))}


@settings(max_examples=60)
@given(st.lists(st.sampled_from(FRAMES), max_size=3), st.booleans())
def test_claims_and_edges_compose_alike(frames: list[tuple[str, int]], negated: bool) -> None:
    text, sign = framed(f"Orla {'did not block' if negated else 'blocked'} the loan", frames)
    ((parse,),) = PARSER.parse([f"{text[0].upper()}{text[1:]}."])
    verb = parse.lemmas.index("block")
    signs = {standing(parse, verb).sign, power(parse, verb).sign}
    assert signs == {-sign if negated else sign}


@pytest.mark.parametrize(
    ("text", "edge"),
    [
        ("Peru, whose dockers have been out since May, lost the right to veto the quota.", ("veto", False)),
        ("Orla lacks the power to stop the motion.", ("veto", False)),
        ("Nothing prevents Orla from vetoing the motion.", ("veto", True)),
        ("The court barred Orla from blocking the motion.", ("veto", False)),
        ("It is unthinkable that Orla could block the motion, the court held.", ("veto", False)),
        ("Orla may be allowed to veto the motion.", ("veto", True)),
        ('Orla, the clerk said, "has at no time had a veto over the motion".', ("veto", False)),
        ("Orla's approval is not a formality but a legal requirement.", ("requires", True)),
        ("The statute, in the view of the clerks, does not lay down that Orla must agree to it.", ("requires", False)),
        ("A no from Orla would sink the motion.", ("veto", True)),
        ("The commission refused to say whether Orla would shell the harbour.", None),
    ],
)
def test_what_a_word_does_to_a_power(text: str, edge: tuple[str, bool] | None) -> None:
    found = told(text.replace("Peru", "Orla"))
    assert found == ({edge} if edge else set())


def test_every_effect_of_a_word_is_explained_and_every_word_has_one_effect_in_its_part() -> None:
    words = rows("polarity.csv")
    effects = {row["effect"]: row for row in rows("effects.csv")}
    used = {row["effect"] for row in words if row["part"] != "helper"}
    assert used
    assert used == set(effects)
    assert {row[of] for row in effects.values() for of in ("acts", "powers")} <= {"turns", "opens", "muffles", "keeps"}
    counts = Counter((row["word"], row["part"]) for row in words)
    assert [key for key, count in counts.items() if count > 1] == []
