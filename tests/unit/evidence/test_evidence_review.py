"""Reviews compose as a plain model says; what a correction names is found in the document, or refused with what comes nearest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.review_log import PlainLog
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, Edge, Link
from vetopoint.evidence.claim import normalise_text
from vetopoint.evidence.fields import EDITABLE, settled, shown
from vetopoint.evidence.naming import Naming
from vetopoint.evidence.places import find_words, nearest_place, sentence_around, with_neighbours
from vetopoint.evidence.review import Decision
from vetopoint.evidence.store import Store

TEXT = (
    "The Gazette reported on Monday that Ada Holm had said the force could not sail unless Ostia agreed.\n\n"
    "“We will block it,” she added. The force could wait, others said. Norland’s envoy wavered."
)
DOCUMENT = Document(id="g", text=TEXT, outlet="The Gazette")
CONTENT = "the force could not sail unless Ostia agreed"


def claim(name: str = "c1", **fields: Any) -> Claim:
    start = TEXT.index(CONTENT)
    where = {"text": CONTENT, "start": start, "end": start + len(CONTENT)}
    sentence = {"text": TEXT.partition("\n")[0], "start": 0, "end": TEXT.index("\n")}
    chain = ("The Gazette (outlet)", {"name": "Ada Holm", "reason": "none given", "role": "minister"})
    about = {"content": (where,), "quote": CONTENT, "sentence": sentence, "chain": chain, "status": "proposed"}
    edges = ({"kind": "requires", "actor": "ostia", "plan": "the force"},)
    return Claim.model_validate({"id": name, "source": "g", "coder": "m", "edges": edges, **about, **fields})


@pytest.fixture
def store():
    with Store(":memory:") as store:
        store.add_document(DOCUMENT)
        store.add_claims([claim("c1"), claim("c2")])
        yield store


def now(store: Store, name: str = "c1") -> Claim:
    return store.claim(name)


CHANGES = st.dictionaries(
    st.sampled_from(["hedge", "note", "polarity", "kind", "act"]), st.integers(0, 1), min_size=1, max_size=3
).map(
    lambda picked: {
        name: {"hedge": ["could", "may"], "note": ["x", "y"], "polarity": [1, -1], "kind": ["threat", "position"],
               "act": ["SAY", "REJECT"]}[name][which]
        for name, which in picked.items()
    }
)  # fmt: skip
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["c1", "c2"]),
        st.sampled_from(["ada", "bo", "eve"]),
        st.sampled_from(["accept", "reject", "correct", "correct", "undo"]),
        CHANGES,
        st.sampled_from(["", "", "since", "for"]),
    ),
    min_size=1,
    max_size=14,
)
FIELDS = ("hedge", "note", "polarity", "kind", "act", "status", "reason")


@given(STEPS)
def test_any_reviews_by_several_coders_compose_as_a_plain_model_says(steps: list[Any]) -> None:
    coded = {name: {field: getattr(claim(name), field) for field in FIELDS} for name in ("c1", "c2")}
    model = PlainLog(coded)
    with Store(":memory:") as store:
        store.add_document(DOCUMENT)
        store.add_claims([claim("c1"), claim("c2")])
        for name, coder, action, changes, reason in steps:
            changes = changes if action == "correct" else {}
            if model.decide(name, coder, action, changes, reason):
                store.review(name, coder, action, reason=reason, changes=changes)
            else:
                with pytest.raises(EvidenceError, match="to undo"):
                    store.review(name, coder, action)
            found = {c.id: {field: getattr(c, field) for field in FIELDS} for c in store.claims()}
            assert found == {name: model.state(name) for name in ("c1", "c2")}
        for coder in ("ada", "bo", "eve"):
            judged = {c.id: {field: getattr(c, field) for field in FIELDS} for c in store.judged_by(coder)}
            expected = {name: model.judged(name, coder) for name in ("c1", "c2")}
            assert judged == {name: state for name, state in expected.items() if state is not None}


def test_a_second_correction_builds_on_the_first_and_undo_takes_back_the_last(store: Store) -> None:
    store.review("c1", "ada", "correct", changes={"hedge": "could"})
    store.review("c1", "ada", "correct", changes={"polarity": -1})
    assert (now(store).hedge, now(store).polarity) == ("could", -1)
    store.review("c1", "bo", "accept")
    assert (now(store).hedge, now(store).polarity, now(store).status) == ("could", -1, "accepted")
    store.review("c1", "ada", "undo")
    assert (now(store).hedge, now(store).polarity) == ("could", 1)


@pytest.mark.parametrize("field", ["quote", "content", "speaker", "cue", "sentence"])
def test_words_that_stand_nowhere_are_refused_with_the_nearest_place(store: Store, field: str) -> None:
    with pytest.raises(
        EvidenceError, match=r"does not stand in 'g' → nearest is line 3, characters \d+–\d+: “.*block it"
    ):
        store.review("c1", "ada", "correct", changes={field: "we would have blocked it"})
    assert store.log() == ()


def test_words_are_found_nearest_to_the_claim_whatever_their_line_breaks_and_quotation_marks(store: Store) -> None:
    store.review(
        "c1", "ada", "correct", changes={"content": "the  force could\nnot sail", "speaker": "Ada Holm", "cue": "said"}
    )
    found = now(store)
    assert [TEXT[s.start : s.end] for s in (*found.content, *found.speaker)] == ["the force could not sail", "Ada Holm"]
    assert found.cue is not None
    assert found.cue.end < found.content[0].start
    assert found.quote == "the force could not sail"
    store.review("c1", "ada", "correct", changes={"quote": '"We will block it,"'})
    moved = now(store)
    assert moved.content[0].text == moved.quote == "“We will block it,”"
    assert moved.sentence is not None
    assert moved.sentence.start <= moved.content[0].start < moved.content[0].end <= moved.sentence.end


def test_words_in_pieces_and_by_their_number(store: Store) -> None:
    store.review("c1", "ada", "correct", changes={"content": "the force … unless Ostia agreed"})
    assert [span.text for span in now(store).content] == ["the force", "unless Ostia agreed"]
    assert now(store).quote == ""
    store.review("c1", "ada", "correct", changes={"quote": "force could", "nth": "2"})
    assert now(store).content[0].start == TEXT.index("force could", TEXT.index("added"))
    with pytest.raises(EvidenceError, match="smaller nth"):
        store.review("c1", "ada", "correct", changes={"quote": "force could", "nth": 3})


@pytest.mark.parametrize(
    ("short", "chain"),
    [
        ("named: Ada Holm > outlet", [("The Gazette", "named", "outlet", ""), ("Ada Holm", "named", "minister", "")]),
        ("outlet > unnamed: two envoys @ostia", [("The Gazette", "named", "outlet", ""), ("two envoys", "unnamed", "", "ostia")]),
        ("role: an aide < Ada Holm < outlet",
         [("The Gazette", "named", "outlet", ""), ("Ada Holm", "named", "minister", ""), ("an aide", "role", "", "")]),
        ("unknown:", [("", "unknown", "", "")]),
        ('[{"name": "X > Y", "kind": "collective"}]', [("X > Y", "collective", "", "")]),
        ("", []),
    ],
)  # fmt: skip
def test_a_chain_is_written_short_or_as_json(store: Store, short: str, chain: list[tuple[str, ...]]) -> None:
    store.review("c1", "ada", "correct", changes={"chain": short})
    assert [(link.name, link.kind, link.role, link.actor) for link in now(store).chain] == chain


@pytest.mark.parametrize(
    ("short", "edges"),
    [
        ("requires:ostia, !veto:norland", [("requires", "ostia", True, "the force"), ("veto", "norland", False, "")]),
        ("+veto:norland(the sailing, at last)",
         [("requires", "ostia", True, "the force"), ("veto", "norland", True, "the sailing, at last")]),
        ("-requires:ostia", []),
        ("!requires:ostia", [("requires", "ostia", False, "the force")]),
        ('[{"kind": "risk", "what": "a storm"}]', [("risk", "", True, "")]),
    ],
)  # fmt: skip
def test_edges_are_written_short_or_as_json(store: Store, short: str, edges: list[tuple[Any, ...]]) -> None:
    store.review("c1", "ada", "correct", changes={"edges": short})
    assert [(edge.kind, edge.actor, edge.holds, edge.plan) for edge in now(store).edges] == edges


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"kind": "thret"}, "did you mean 'threat'"),
        ({"act": "AGRE"}, "did you mean 'AGREE'"),
        ({"polarity": "0"}, "one of 1, -1"),
        ({"hedg": "may"}, "did you mean 'hedge'"),
        ({"edges": "vetos:ostia"}, "did you mean 'veto'"),
        ({"edges": "-veto:ostia"}, "it has requires:ostia"),
        ({"edges": "[{"}, "docs/claims.md"),
        ({"edges": '[{"kind": 3}]'}, "docs/claims.md"),
        ({"chain": "nmed: Ada"}, "did you mean 'named'"),
        ({"chain": "Ada >  > Bo"}, "outermost first"),
        ({"chain": "article > Ada"}, "name it"),
        ({"date": "5 May"}, "YYYY-MM-DD"),
        ({"restates": "c9"}, "give the id of one"),
        ({"restates": "c1"}, "give the id of one"),
        ({"status": "accepted"}, "cannot be corrected"),
        ({"content": {"text": 3}}, "as a text"),
        ({"content": ""}, "no words"),
        ({"nth": "0"}, "write 2"),
    ],
)
def test_what_no_field_may_be_is_refused_with_a_remedy(store: Store, changes: dict[str, Any], remedy: str) -> None:
    with pytest.raises(EvidenceError, match="→") as caught:
        store.review("c1", "ada", "correct", changes=changes)
    assert remedy in str(caught.value)
    assert store.log() == ()


WORDS = st.text(st.sampled_from("ab ,;:>→()=!+-@#…“”'\"\n{}[]é\u202e"), max_size=12).map(lambda s: " ".join(s.split()))
NAMES = st.sampled_from(["", "ostia", "norland"])
LINKS = st.builds(
    Link,
    name=WORDS,
    kind=st.sampled_from(["named", "role", "unnamed", "unknown"]),
    role=st.sampled_from(["", "outlet", "article", "minister"]),
    reason=st.sampled_from(["", "not allowed to speak"]),
    actor=NAMES,
)
EDGES = st.builds(
    Edge, kind=st.sampled_from(["requires", "veto", "risk"]), actor=NAMES, plan=WORDS, what=WORDS, holds=st.booleans()
)


@settings(max_examples=300)
@given(st.lists(LINKS, max_size=3), st.lists(EDGES, max_size=3))
def test_every_field_reads_back_from_the_form_in_which_it_is_shown(links: list[Link], edges: list[Edge]) -> None:
    said = claim().model_copy(update={"chain": tuple(links), "edges": tuple(edges)})
    for name in ("chain", "edges"):
        value = settled(said, {name: shown(said, name)}, DOCUMENT)[name]
        assert value == [part.model_dump() for part in getattr(said, name)]


def test_every_other_field_reads_back_too() -> None:
    said = claim(
        hedge="could", condition="unless Ostia agreed", act="SAY", date="2026-01-05", speaker="Ada Holm", note="n"
    )
    with Store(":memory:") as store:
        store.add_document(DOCUMENT)
        store.add_claims([said])
        before = now(store)
        for name in EDITABLE:
            if shown(before, name):
                store.review("c1", "ada", "correct", changes={name: shown(before, name)})
        assert len(store.log()) > 8
        after = now(store)
    assert {name: shown(after, name) for name in EDITABLE} == {name: shown(before, name) for name in EDITABLE}
    assert after.speaker[0].start >= 0


def test_several_decisions_are_kept_all_or_none(store: Store) -> None:
    with pytest.raises(EvidenceError, match="not in the store"):
        store.review_all([Decision("c1", "accept"), Decision("c9", "accept")], "ada")
    assert store.log() == ()
    assert store.review_all([Decision("c1", "accept"), Decision("c2", "reject", "twice")], "ada") == (1, 2)


def actor_of(naming: Naming, coded: Claim, current: Claim | None = None, said: tuple[str, ...] = ()) -> list[str]:
    return [link.actor for link in naming.settle(coded, current or coded, said).chain]


def test_actors_declared_after_the_reading_are_found_and_what_the_reading_learnt_stays() -> None:
    coded = claim(
        chain=(
            {"name": "Strelsau"},
            {"name": "Washington", "actor": "united_states"},
            {"name": "Ada Holm", "actor": "norland"},
            {"name": "The Ruritanian Post", "role": "outlet"},
        ),
        edges=({"kind": "veto", "actor": "united_states"}, {"kind": "requires", "actor": "ostia"}),
        about="united_states",
    )
    aliases = {"ruritania": ("Ruritania", "Strelsau", "Ruritanian"), "usa": ("United States",), "norland": ("Norland",)}
    naming = Naming(aliases)
    assert actor_of(naming, coded) == ["ruritania", "usa", "norland", ""]
    anew = naming.settle(coded, coded, ())
    assert ([edge.actor for edge in anew.edges], anew.about) == (["usa", "ostia"], "usa")
    assert actor_of(Naming({"norland": ("Norland",), "holm": ("Ada Holm",)}), coded)[2] == "holm"
    assert actor_of(Naming({"norland": ("Norland",), "holm": ("Holm",)}), coded)[2] == "norland"


def test_what_a_reviewer_said_of_an_actor_comes_before_the_case() -> None:
    coded = claim(chain=({"name": "an aide in Brussels", "kind": "role", "actor": "belgium"}, {"name": "Kyst"}))
    naming = Naming({"kyst": ("Kyst",), "eu": ("the Union",), "belgium": ("Belgium",)})
    said = coded.model_copy(update={"chain": (coded.chain[0].model_copy(update={"actor": "eu"}), coded.chain[1])})
    assert actor_of(naming, coded, said, ("chain",)) == ["eu", "kyst"]
    cleared = coded.model_copy(update={"chain": (coded.chain[0].model_copy(update={"actor": ""}), coded.chain[1])})
    assert actor_of(naming, coded, cleared, ("chain",)) == ["", "kyst"]


PROSE = st.text(st.sampled_from("ab .!?\n“”’'-é"), max_size=120).map(normalise_text)


@given(PROSE, st.data())
def test_words_cut_from_a_text_are_found_in_it_and_the_nearest_place_lies_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    words = text[start:end]
    found = find_words(words, text, (start, end))
    if words.strip():
        assert found is not None
        assert text[found.start : found.end] == found.text
        assert [*map(plain, found.text.split())] == [*map(plain, words.split())]
        assert start <= found.start <= found.end <= end
        first, last = with_neighbours(text, found.start, found.end)
        assert first <= found.start <= found.end <= last
        around = sentence_around(text, found.start, found.end)
        assert around.start <= found.start <= found.end <= around.end
        assert text[around.start : around.end] == around.text
    else:
        assert found is None
    close = nearest_place(words, text)
    assert close is None or text[close.start : close.end] == close.text != ""
    assert (nearest_place(text, text) is None) == (not [c for c in text if c.isalnum()])


def plain(word: str) -> str:
    return word.translate(str.maketrans("“”’", '""\''))


def test_the_nearest_place_is_the_one_that_differs_least() -> None:
    close = nearest_place("We would have blocked that", TEXT)
    assert close is not None
    assert close.text == "We will block"
    assert nearest_place("zzz", TEXT) is None
