"""Constructions of news that hold no single verb of speech, or hang where a parser does not expect them; sentences of the test's own."""

from __future__ import annotations

import pytest

from vetopoint.evidence import Claim, Document, Reader

ALIASES = {"harland": ["Harland"], "selva": ["Selva"], "league": ["the League", "League"], "ruhn": ["Ruhn"]}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ALIASES)


def read(reader: Reader, text: str) -> list[Claim]:
    ((_, claims),) = list(reader.read([Document(id="d", text=text)]))
    return claims


def words_of(claim: Claim) -> str:
    return " … ".join(span.text for span in claim.content)


def claim_with(reader: Reader, text: str, words: str) -> Claim:
    """The one claim whose content holds some words."""
    found = [claim for claim in read(reader, text) if words in words_of(claim)]
    assert len(found) == 1, [(c.rule, c.says.name, words_of(c)) for c in read(reader, text)]
    return found[0]


@pytest.mark.parametrize(
    ("text", "words", "sign"),
    [
        ("Analysts at the port see no sign that the toll will fall before the spring.", "the toll will", -1),
        ("Shippers, who had hoped for more, see few signs that the toll will fall.", "the toll will", -1),
        ("Shippers see signs that the toll will fall.", "the toll will", 1),
        ("The judge, Ada Norr, has no doubt that the charter binds the pilots.", "the charter", 1),
        ("The judge, Ada Norr, has grave doubts that the charter binds the pilots.", "the charter", -1),
        ("Several pilots voiced doubts that the new lock would open on time.", "the new lock", -1),
        ("Bankers find it hard to believe that the port will pay its debts.", "the port will", -1),
        ("Engineers on the site found it difficult to imagine that the dyke would hold.", "the dyke would", -1),
        ("The harbour master finds it impossible to believe that nobody saw the barge.", "nobody saw", 1),
        ("Party managers are far from certain that the council will back the toll.", "the council will", -1),
        ("The pilots are anything but convinced that the council will back the toll.", "the council will", -1),
        ("The pilots are less than confident that the dyke will hold.", "the dyke will", -1),
        ("Planners take it for granted that Selva will extend the lease.", "Selva will", 1),
        ("Few at the port take it as read that Selva will extend the lease.", "Selva will", -1),
        ("The clerks took it as given that no one would come.", "no one would", -1),
        ("Planners can hardly imagine that the quay will be sold.", "the quay will", -1),
        ("Lawyers for the port see no way of closing the lock against the will of the pilots.", "no way of", -1),
        ("The treasurer, Ines Vale, sees little point in raising the toll again.", "little point", -1),
    ],
)
def test_belief_in_several_words(reader: Reader, text: str, words: str, sign: int) -> None:
    claim = claim_with(reader, text, words)
    assert (claim.kind, claim.polarity) == ("assessment", sign)
    assert claim.speaker


@pytest.mark.parametrize(
    ("text", "words", "sign"),
    [
        ("There is little reason to think that the port can pay.", "the port can", -1),
        ("There is every reason to believe that the port can pay.", "the port can", 1),
        ("It would be wrong to say that the dyke has been mended.", "the dyke has", -1),
        ("It is hard to believe that nobody was asked.", "nobody was", 1),
        ("There is no evidence that the barge was ever loaded.", "the barge was", -1),
        ("It would be naive to suppose that the guild will give way.", "the guild will", -1),
    ],
)
def test_what_the_text_itself_believes(reader: Reader, text: str, words: str, sign: int) -> None:
    claim = claim_with(reader, text, words)
    assert (claim.says.role, claim.kind, claim.polarity) == ("article", "assessment", sign)
    assert not claim.speaker


@pytest.mark.parametrize(
    ("text", "speaker", "sign"),
    [
        ("The secretary general, Una Berg, is not among those who expect that the toll will fall.", "Una Berg", -1),
        ("The mayor of Corran is among those who expect that the toll will fall.", "The mayor of Corran", 1),
        ("Otto Lind, a shipowner, is one of the few who believe that the toll will fall.", "Otto Lind", 1),
    ],
)
def test_who_is_counted_among_others(reader: Reader, text: str, speaker: str, sign: int) -> None:
    claim = claim_with(reader, text, "the toll will fall")
    assert (claim.says.name, claim.polarity) == (speaker, sign)


@pytest.mark.parametrize(
    ("text", "speaker", "act", "sign"),
    [
        ("The five towns on the shore have accepted a plan for joint patrols.", "The five towns on the shore", "AGREE", 1),
        ("Pilots at two ports have rejected the new roster, which cuts their pay.", "Pilots at two ports", "REJECT", 1),
        ("The port's owners, never quick to decide, have dropped their objections to widening the lock.", "The port's owners", "REJECT", -1),
        ("Ivo Strand, the majority leader, is no longer against the pact.", "Ivo Strand", "REJECT", -1),
        ("The board remains against the sale of the ferry.", "The board", "REJECT", 1),
        ("The council is firmly behind the plan to widen the lock.", "The council", "SUPPORT", 1),
        ("The shareholders threw their weight behind the sale of the quay.", "The shareholders", "SUPPORT", 1),
        ("Maud Ferrer, the mayor's rival, has not withdrawn her threat to close the lock.", "Maud Ferrer", "THREATEN", 1),
        ("The lenders repeated their demand for a seat on the board.", "The lenders", "DEMAND", 1),
        ("The union has dropped its demand for a seat on the board.", "The union", "DEMAND", -1),
        ("The envoy did not repeat an earlier demand for compensation.", "The envoy", "DEMAND", -1),
        ("Harland would rather lend the pilots its own simulators.", "Harland", "SUPPORT", 1),
        ("The guild would rather wait than sign, and its members vote on Friday.", "The guild", "SUPPORT", 1),
    ],
)  # fmt: skip
def test_stands_that_no_verb_of_speech_reports(reader: Reader, text: str, speaker: str, act: str, sign: int) -> None:
    claims = [claim for claim in read(reader, text) if claim.rule in ("deed", "object", "infinitive", "preposition")]
    assert [(claim.act, claim.polarity) for claim in claims] == [(act, sign)]
    assert claims[0].says.name == speaker or claims[0].speaker[0].text.startswith(speaker)
    assert claims[0].kind in ("position", "threat")


@pytest.mark.parametrize(
    "text",
    [
        "The barges accepted no more than forty tons.",
        "Harland can accept the plan.",
        "The port should accept the plan.",
        "The rules oblige the owner to accept any cargo.",
        "The pilots have congratulated one another.",
    ],
)
def test_what_is_no_stand(reader: Reader, text: str) -> None:
    assert [claim for claim in read(reader, text) if claim.rule == "deed"] == []


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        ("In the eyes of one veteran dealer, the sale is above all a lesson in thrift.", "one veteran dealer", "a lesson in thrift"),
        ("In the harbour master's view, the pilots have no case.", "the harbour master", "no case"),
        ("The lock, in the opinion of the League's engineers, is past saving.", "the League's engineers", "past saving"),
        ("In Ruhn's telling, nobody had been paid.", "Ruhn", "nobody had"),
    ],
)  # fmt: skip
def test_in_whose_view_it_is_so(reader: Reader, text: str, speaker: str, words: str) -> None:
    claim = claim_with(reader, text, words)
    assert claim.says.name == speaker
    assert claim.kind == "assessment"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "The editor thinks that the toll is the lesser matter: one bad winter could undo the whole plan.",
            ["the toll is the lesser matter", "one bad winter could undo the whole plan"],
        ),
        (
            "“We have opened our books,” Ada Norr said; “it is untrue that we hid the debts.”",
            ["We have opened our books", "it is untrue that we hid the debts"],
        ),
        (
            "The lock was not built for barges of that size, the engineer said; “if one sticks, we close for a week.”",
            ["The lock was not built", "if one sticks, we close for a week"],
        ),
        (
            "“The board,” said the mayor of Corran, Jelka Simm, “never asked for a second lock. It asked for a road.”",
            ["The board", "It asked for a road"],
        ),
    ],
)
def test_statements_beside_each_other(reader: Reader, text: str, parts: list[str]) -> None:
    claims = read(reader, text)
    assert [part in words_of(claim) for part, claim in zip(parts, claims, strict=True)] == [True] * len(parts)
    assert len({claim.says.name for claim in claims}) == 1


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        (
            "Norr's deputy was at pains to deny that her office had ever asked for a raise.",
            "her office",
            "Norr's deputy",
        ),
        ("The guild was in no mood to concede that its members had erred.", "its members", "The guild"),
        ("The mayor was in a hurry to point out that the bridge had held.", "the bridge had", "The mayor"),
        (
            "The leaders of the League, who met in Corran, reiterated that the lock stays open to every town that pays its "
            "dues and recalled that no town has a veto over the toll.",
            "no town has",
            "The leaders of the League",
        ),
        (
            "“The board,” read a message from its chairman, Ilan Peters, “has nothing against pilots from abroad.”",
            "has nothing against",
            "Ilan Peters",
        ),
        ("“The toll is dead,” said the mayor of Corran, Jelka Simm, “and nobody mourns it.”", "The toll", "Jelka Simm"),
    ],
)
def test_who_speaks(reader: Reader, text: str, words: str, speaker: str) -> None:
    claim = claim_with(reader, text, words)
    assert claim.says.name == speaker or claim.speaker[0].text == speaker


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The captain says that two tugs would do, provided that Selva does not send its own.", "provided that"),
        ("The guild backed a second lock, which it regards as the cheaper way.", "which it regards"),
        (
            "The clerk, quoted by the Post, said the port could do without the quay, having two of its own.",
            "having two",
        ),
        ("Ruhn does not consider the question of the toll as closed.", "as closed"),
    ],
)
def test_what_belongs_to_the_statement(reader: Reader, text: str, words: str) -> None:
    (claim,) = read(reader, text)
    assert words in words_of(claim)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("With Harland hoping to join the pact, Selva said on Friday that it would wait.", "to join"),
        (
            "The ministry, when at last it answered, would neither confirm nor exclude that a letter exists.",
            "The ministry",
        ),
    ],
)
def test_circumstances_are_no_statements(reader: Reader, text: str, gone: str) -> None:
    claims = read(reader, text)
    assert claims
    assert [words_of(claim) for claim in claims if words_of(claim).startswith(gone)] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Harland conditioned its support on a written guarantee that no barge would be searched.", "its support on a written"),
        ("Selva made its consent conditional on the release of two pilots.", "its consent conditional"),
        ("The League, pressed by its smaller towns, has tied its signature to a ban on night sailings.", "its signature to a ban"),
    ],
)  # fmt: skip
def test_consent_that_hangs_on_something(reader: Reader, text: str, words: str) -> None:
    claim = claim_with(reader, text, words)
    assert (claim.kind, claim.says.kind, claim.speaker[0].text in text) == ("condition", "named", True)


@pytest.mark.parametrize("text", ["The crew tied its boat to the quay.", "The guild linked its website to the port's."])
def test_what_is_tied_by_hand_is_no_condition(reader: Reader, text: str) -> None:
    assert read(reader, text) == []


@pytest.mark.parametrize(
    ("text", "accuser", "accused", "act"),
    [
        ("Harland accused Selva of rejecting the timetable for the second lock.", "harland", "selva", "REJECT"),
        ("Selva was accused by Ruhn of accepting the toll behind closed doors.", "ruhn", "selva", "AGREE"),
        ("Ruhn, in its sharpest words so far, accused the League of endorsing the sale.", "ruhn", "league", "SUPPORT"),
    ],
)
def test_an_accusation_is_the_accusers_and_the_act_is_the_accused_ones(
    reader: Reader, text: str, accuser: str, accused: str, act: str
) -> None:
    found = {(claim.says.actor, claim.act) for claim in read(reader, text)}
    assert found == {(accuser, "DISAPPROVE"), (accused, act)}


@pytest.mark.parametrize(
    ("text", "speaker", "act"),
    [
        ("Harland and Selva voiced dissatisfaction with the pilots' tactics before the meeting.", "Harland and Selva", "DISAPPROVE"),
        ("The mayor expressed dismay at the sale of the quay.", "The mayor", "DISAPPROVE"),
        ("The League expressed support for a second lock.", "The League", "SUPPORT"),
    ],
)  # fmt: skip
def test_an_attitude_that_is_expressed(reader: Reader, text: str, speaker: str, act: str) -> None:
    (claim,) = read(reader, text)
    assert (claim.speaker[0].text, claim.act, claim.polarity) == (speaker, act, 1)


@pytest.mark.parametrize(
    ("text", "speaker", "through"),
    [
        (
            "Selva has turned down the latest plan, according to people familiar with the talks.",
            "selva",
            "people familiar",
        ),
        ("Harland has thrown out the plan, according to a pilot, ending a year of talks.", "harland", "a pilot"),
        ("Ruhn let reporters know that Selva had thrown out the draft on shipping.", "selva", "Ruhn"),
        ("Ruhn has signed off on the toll, people with knowledge of the talks said.", "ruhn", "people with"),
    ],
)
def test_the_act_of_another_is_his_through_whoever_tells_it(
    reader: Reader, text: str, speaker: str, through: str
) -> None:
    (claim,) = read(reader, text)
    assert claim.says.actor == speaker
    assert claim.chain[-2].name.startswith(through)


@pytest.mark.parametrize(
    "text",
    [
        "It remains unclear whether Harland will sign.",
        "The envoy spoke about the toll.",
        "Would the League settle for a lock without Selva's consent?",
    ],
)
def test_what_states_nothing(reader: Reader, text: str) -> None:
    assert read(reader, text) == []


@pytest.mark.parametrize(
    ("text", "words", "sign"),
    [
        ("“No one doubts that the board has to sign,” Ada Norr said.", "the board has", 1),
        ("No one doubts that the gates are rusty, the engineer said.", "the gates are", 1),
        ("The envoy denied that any barge was missing and offered to open the gates.", "to open", 1),
        ("Ms. Vale stopped short of endorsing the sale, saying that she would study it.", "study it", 1),
        ("Selva has neither accepted nor rejected the toll, a clerk said.", "neither", -1),
    ],
)
def test_sign_of_what_is_said(reader: Reader, text: str, words: str, sign: int) -> None:
    assert claim_with(reader, text, words).polarity == sign


COMMENT = (
    "For nine weeks the quay has stood empty, and the port's owners have praised one another in the press for a plan that "
    "any pilot can end with a telephone call. None of the four banks has a clerk within a day's ride of the lock.\n\n"
    "The mayor said on Monday that he was content. There is little reason to think that he is content. "
    "The barges left at dawn, and the gates closed behind them.\n\n"
    "If the owners do not mean to open the lock, they should at least stop telling the villages that help is coming."
)


def test_a_comment_states_how_things_stand(reader: Reader) -> None:
    own = [claim for claim in read(reader, COMMENT) if claim.says.role == "article"]
    assert [words_of(claim).split(",")[0] for claim in own] == [
        "For nine weeks the quay has stood empty",
        "the port's owners have praised one another in the press for a plan that any pilot can end with a telephone call",
        "None of the four banks has a clerk within a day's ride of the lock",
        "that he is content",
        "If the owners do not mean to open the lock",
    ]
    assert [claim.kind for claim in own][-1] == "position"
    assert [claim.polarity for claim in own][2:4] == [-1, -1]


def test_a_report_does_not(reader: Reader) -> None:
    report = COMMENT.replace("they should at least stop telling", "they will go on telling")
    assert [claim.rule for claim in read(reader, report) if claim.rule == "narrator"] == []


def test_two_bare_posts_that_lead_to_each_other_end(reader: Reader) -> None:
    text = (
        "The minister said that the chairman had lied. The chairman said that the minister had lied. "
        "The minister added that the chairman would go. The chairman replied that the minister would go first."
    )
    claims = read(reader, text)
    assert len(claims) == 4
    assert [claim.says.name for claim in claims] == ["The minister", "The chairman", "The minister", "The chairman"]


def test_a_bare_post_is_the_one_named_person_of_that_post(reader: Reader) -> None:
    text = (
        "The finance minister, Ada Norr, said that the chairman, Otto Lind, had lied. The chairman said that the minister "
        "had lied. The minister added that the chairman would go."
    )
    assert [claim.says.name for claim in read(reader, text)] == ["Ada Norr", "Otto Lind", "Ada Norr"]
