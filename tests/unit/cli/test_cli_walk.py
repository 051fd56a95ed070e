"""A walk through sixty claims in a pseudo-terminal, killed at its keys, has kept what the keys up to then say; a plain model replays them."""

from __future__ import annotations

import fcntl
import os
import pty
import random
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from oracles.walk_keys import PlainWalk
from vetopoint.cli._screen import screen
from vetopoint.cli._walk import Walk
from vetopoint.evidence import Claim, Document
from vetopoint.evidence.desk import Desk
from vetopoint.evidence.fields import edge_text, shown
from vetopoint.evidence.store import Store

NUMBER = 60
SENTENCES = [f"Minister {k} said the force number {k} could sail unless Ostia agreed." for k in range(NUMBER)]
TEXT = " ".join(SENTENCES)
TOKENS = (
    *["a"] * 24, "s", "b", "u", "?a", "r1", "r4", "rtwice told\r", "r\x1b", "pa", "kda", "k\x1b", "1a", "1", "hmay\x7fy\ra", "+veto:norland\ra",
    "+\r", "c\x15the force\ra", "c\x15zzz\r\x1b", "q?",
)  # fmt: skip
"""What a reviewer types; the last one ends the walk, and is not among those of a whole session."""
ENTER, DONE = b"\x1b[?1049h", b"\x1b[J"


def claims(number: int) -> list[Claim]:
    found = []
    for k in range(number):
        start = TEXT.index(SENTENCES[k])
        words = f"the force number {k} could sail"
        at = TEXT.index(words, start)
        found.append(
            Claim.model_validate(
                {
                    "id": f"g.{k + 1}",
                    "source": "g",
                    "coder": "m",
                    "status": "proposed",
                    "sentence": {"text": SENTENCES[k], "start": start, "end": start + len(SENTENCES[k])},
                    "content": [{"text": words, "start": at, "end": at + len(words)}],
                    "quote": words,
                    "chain": [{"name": f"Minister {k}"}],
                    "edges": [{"kind": "requires", "actor": "ostia"}],
                }
            )
        )
    return found


def model(number: int) -> PlainWalk:
    fields = {
        "polarity": 1,
        "kind": "assertion",
        "hedge": "",
        "edges": ["requires:ostia"],
        "status": "proposed",
        "reason": "",
    }
    coded = {f"g.{k + 1}": {**fields, "content": f"the force number {k} could sail"} for k in range(number)}
    return PlainWalk(coded, {"the force"})


def fill(store: Store, number: int) -> None:
    store.add_document(Document(id="g", text=TEXT))
    store.add_claims(claims(number))


def kept(store: Store) -> list[tuple[str, str, dict[str, Any], str]]:
    """The log, in the words of the model."""
    found = []
    for entry in store.log():
        changes = {name: value for name, value in entry.changes.items() if name in ("polarity", "kind", "hedge")}
        if "edges" in entry.changes:
            changes["edges"] = [
                edge_text(edge) for edge in Claim(id="x", source="g", edges=entry.changes["edges"]).edges
            ]
        if "content" in entry.changes:
            changes["content"] = " … ".join(span["text"] for span in entry.changes["content"])
        found.append((entry.claim, entry.action, changes, entry.reason))
    return found


def keys_of(seed: int) -> str:
    """A session that comes to the end of sixty claims."""
    pick, plain, keys = random.Random(seed), model(NUMBER), ""
    while plain.at < NUMBER:
        token = pick.choice(TOKENS[:-1])
        keys += token
        for key in token:
            plain.press(key)
    return keys


class Session:
    """A walk as a process of its own in a pseudo-terminal."""

    def __init__(self, folder: Path) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        command = [sys.executable, "-m", "vetopoint", "review", str(folder), "--coder", "ada"]
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24"}
        environment.pop("VETOPOINT_STORE", None)
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True, close_fds=True, env=environment
        )
        os.close(slave)
        self.seen = b""
        self.wait(ENTER)
        self.drawn()

    def wait(self, what: bytes) -> None:
        """Read until `what` was written."""
        limit = time.monotonic() + 60
        while what not in self.seen:
            assert time.monotonic() < limit, self.seen[-2000:]
            if select.select([self.master], [], [], 1.0)[0]:
                self.seen += os.read(self.master, 65536)

    def drawn(self) -> None:
        """Wait until the screen stands; what was seen before is forgotten."""
        self.wait(DONE)
        self.seen = self.seen.partition(DONE)[2]

    def send(self, key: str) -> None:
        os.write(self.master, key.encode())

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(30)
        os.close(self.master)


def killed_at(tmp_path: Path, keys: str, number: int, *, seen: bool) -> None:
    """Type the first `number` keys and kill; `seen`: the last one's effect stood on the screen."""
    folder = tmp_path / f"case{number}{seen}"
    folder.mkdir()
    with Store(folder / "case.sqlite") as store:
        fill(store, NUMBER)
    session = Session(folder)
    try:
        for place, key in enumerate(keys[:number], start=1):
            session.send(key)
            if seen or place < number:
                session.drawn()
    finally:
        session.kill()
    replays = []
    for count in {number, number if seen else number - 1}:
        plain = model(NUMBER)
        for key in keys[:count]:
            plain.press(key)
        replays.append(plain)
    with Store(folder / "case.sqlite", make=False) as store:
        found, states = kept(store), {claim.id: claim for claim in store.claims()}
        again = Desk(store, "ada").chosen("all", _everything())
    matching = [plain for plain in replays if plain.decided == found]
    assert matching, (keys[:number], found)
    plain = matching[0]
    assert len(states) == NUMBER
    for id, claim in states.items():
        expected = plain.log.state(id)
        assert (claim.status, claim.polarity, claim.kind, claim.hedge) == tuple(
            expected[name] for name in ("status", "polarity", "kind", "hedge")
        )
        assert [edge_text(edge) for edge in claim.edges] == expected["edges"]
    assert again == [id for id in states if plain.log.state(id)["status"] == "proposed"]


def _everything() -> Any:
    from vetopoint.evidence.desk import Wanted

    return Wanted()


def test_a_session_killed_now_and_then_has_kept_every_decision(tmp_path: Path) -> None:
    keys = keys_of(1)
    assert len(keys) > 2 * NUMBER
    for count, number in enumerate(range(5, len(keys), len(keys) // 3)):
        killed_at(tmp_path, keys, number, seen=bool(count % 2))


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_session_killed_at_any_key_has_kept_every_decision(tmp_path: Path) -> None:
    keys = keys_of(2)
    assert len(keys) > 2 * NUMBER
    for number in range(1, len(keys) + 1):
        killed_at(tmp_path, keys, number, seen=number % 3 != 0)


def test_a_whole_session_ends_with_its_count_and_gives_the_terminal_back(tmp_path: Path) -> None:
    with Store(tmp_path / "case.sqlite") as store:
        fill(store, 3)
    session = Session(tmp_path)
    before = termios.tcgetattr(session.master)[3]
    session.send("ar1sq")
    session.wait(b"1 accepted, 1 rejected; 1 of 3 left")
    assert b"\x1b[?1049l" in session.seen
    assert session.process.wait(30) == 0
    assert termios.tcgetattr(session.master)[3] & termios.ECHO
    assert not before & termios.ECHO
    os.close(session.master)


@given(st.lists(st.sampled_from(TOKENS), max_size=25))
def test_any_keys_come_to_what_the_model_says(tokens: list[str]) -> None:
    plain = model(4)
    with Store(":memory:") as store:
        fill(store, 4)
        walk = Walk(Desk(store, "ada"), [claim.id for claim in store.claims()])
        names = {"\r": "enter", "\x1b": "escape", "\x7f": "backspace", "\x15": "clear"}
        for key in "".join(tokens):
            if not walk.over:
                walk.press(names.get(key, key))
            plain.press(key)
        assert walk.over == plain.over
        assert kept(store) == plain.decided
        assert walk.at == plain.at
        for size in ((80, 24), (120, 40), (40, 10)):
            drawn = screen(walk, *size)
            assert drawn.count("\r\n") == size[1] - 1


def desk(text: str, *found: Claim) -> Walk:
    store = Store(":memory:")
    store.add_document(Document(id="g", text=text, title="A title", outlet="The Gazette"))
    store.add_claims(found)
    return Walk(Desk(store, "ada"), [claim.id for claim in found])


def lines_of(walk: Walk, width: int, height: int, style: Any = "colour") -> list[str]:
    drawn = screen(walk, width, height, style).replace("\x1b[K", "").removesuffix("\x1b[J")
    return [Text.from_ansi(line).plain for line in drawn.split("\r\n")]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (60, 18)])
def test_the_claim_stands_beside_its_sentence_and_the_neighbours(width: int, height: int) -> None:
    walk = desk(TEXT, *claims(3))
    walk.press("s")
    lines = lines_of(walk, width, height)
    assert len(lines) == height
    assert max(map(cell_len, lines)) <= width
    page = " ".join(" ".join(line.partition("│")[0] for line in lines).split())
    for sentence in SENTENCES[:3]:
        assert sentence in page
    assert SENTENCES[-1] not in page
    assert "2 of 3 · 3 to judge · ada" in page
    assert "requires:ostia" in "\n".join(lines)
    assert "a accept" in "\n".join(lines).replace("\u00a0", " ")


def test_wrapped_lines_are_joined_and_paragraphs_kept_apart() -> None:
    text = "One\nheadline\n\nAda said the force\ncould not sail. Others\nwavered.\n\nThe end."
    at = text.index("the force")
    words = {"text": text[at : at + 24], "start": at, "end": at + 24}
    found = Claim.model_validate({"id": "g.1", "source": "g", "status": "proposed", "content": [words]})
    assert "Ada said the force could not sail. Others wavered." in lines_of(desk(text, found), 80, 24)
    assert "One headline" in lines_of(desk(text, found), 80, 24)


def test_a_terminal_without_colour_marks_the_words_with_brackets() -> None:
    walk = desk(TEXT, *claims(1))
    for style in ("plain", "bare"):
        assert "⟦the force number 0 could sail⟧" in " ".join(lines_of(walk, 120, 24, style)[2:5])
    assert "\x1b[" not in screen(walk, 80, 24, "bare").replace("\x1b[K", "").removesuffix("\x1b[J")


def test_a_document_cannot_play_with_the_screen() -> None:
    evil = "Ada\x1b[2J said \u202eno\u202c to [bold red]it[/] \u200bnow. Others [/] wavered."
    found = Document(id="g", text=evil).text
    at = found.index("no")
    words = Claim.model_validate(
        {"id": "g.1", "source": "g", "status": "proposed", "content": [{"text": "no", "start": at, "end": at + 2}],
         "chain": [{"name": "[blink]Ada\u202e[/]"}]}
    )  # fmt: skip
    for width in (80, 120):
        drawn = screen(desk(evil, words), width, 24)
        assert not {"\u202e", "\u200b"} & set(drawn)
        assert "\x1b[2J" not in drawn
        assert "[bold red]it[/]" in "".join(lines_of(desk(evil, words), width, 24))


def test_edges_are_switched_denied_and_added_by_one_key_each() -> None:
    walk = desk(TEXT, *claims(2))

    def now() -> list[str]:
        claim = walk.claim
        assert claim is not None
        return [edge_text(edge) for edge in claim.edges]

    for keys, edges in (
        ("!", ["!requires:ostia"]),
        ("1", []),
        ("1", ["requires:ostia"]),
        (("+", *"!veto:norland(the plan)", "enter"), ["requires:ostia", "!veto:norland(the plan)"]),
        ("!2", ["requires:ostia", "veto:norland(the plan)"]),
        ("9", ["requires:ostia", "veto:norland(the plan)"]),
        (("+", *"vetoes:norland", "enter", "escape"), ["requires:ostia", "veto:norland(the plan)"]),
    ):
        for key in keys:
            walk.press(key)
        assert now() == edges
    walk.press("u")
    assert now() == ["requires:ostia", "!veto:norland(the plan)"]


def test_every_field_has_a_key_and_every_line_can_be_edited() -> None:
    from vetopoint.cli._walk import COMMANDS, FIELDS
    from vetopoint.evidence.fields import EDITABLE

    assert set(EDITABLE) - set(FIELDS.values()) == {"quote", "sentence", "nth"}
    assert not set(FIELDS) & set(COMMANDS)
    walk = desk(TEXT, *claims(1))
    for key in ("n", "home", "delete", "delete", "X", "end", "left", "backspace", "enter"):
        walk.press(key)
    assert walk.claim is not None
    assert shown(walk.claim, "chain") == "Xnister0"
    for key in ("m", "paste:two\nlines a", "enter"):
        walk.press(key)
    assert walk.claim is not None
    assert (walk.claim.note, walk.claim.status) == ("two lines a", "corrected")
