"""Mails (RFC 5322, MIME) and pages saved as MHTML (RFC 2557), read by Python's `email`; headers stay apart from the text.

Of a mail's alternatives the plain one is read, and its HTML where that says more. Mails within it follow it; attachments are named and not opened.
"""

from __future__ import annotations

from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr

from vetopoint.errors import EvidenceError
from vetopoint.evidence.documents.decoding import decode
from vetopoint.evidence.documents.document import Found, Limits, plain
from vetopoint.evidence.documents.page import page_of

_DEEPEST = 5


def read_mail(raw: bytes, where: str, limits: Limits) -> Found:
    """A mail's text; its subject, sender and day are the title, the author and the date."""
    mail = _parse(raw, where, limits)
    texts, notes = _texts(mail, where, 0)
    sent = getattr(mail["date"], "datetime", None)
    return Found(
        "\n\n".join(texts),
        title=plain(mail["subject"]),
        author=_sender(mail),
        date=sent.date() if sent else None,
        notes=tuple(notes),
    )


def read_mhtml(raw: bytes, where: str, limits: Limits) -> Found:
    """A saved page: its first HTML part, and the address from which it was saved."""
    archive = _parse(raw, where, limits)
    part = next((part for part in archive.walk() if part.get_content_type() == "text/html"), None)
    page = page_of(_content(part, where)) if isinstance(part, EmailMessage) else None
    if page is None:
        raise EvidenceError(f"{where}: the saved page holds no prose → save the article as text")
    url = page.url or plain(archive["snapshot-content-location"], 2_000)
    return Found(page.text, page.title or plain(archive["subject"]), page.outlet, page.date, url, page.author)


def _parse(raw: bytes, where: str, limits: Limits) -> EmailMessage:
    try:
        mail = message_from_bytes(raw.lstrip(), policy=policy.default)
        parts = sum(1 for _ in mail.walk())
    except (MessageError, RecursionError, ValueError) as error:
        raise EvidenceError(f"{where}: a broken mail ({type(error).__name__}) → save its text") from error
    if parts > limits.parts:
        raise EvidenceError(f"{where}: {parts:,} parts, above the limit of {limits.parts:,} → save its text")
    return mail


def _texts(mail: EmailMessage, where: str, depth: int) -> tuple[list[str], list[str]]:
    """The texts of a mail and of the mails in it, and what is left out."""
    body = _body(mail, where)
    texts, notes = ([body] if body.strip() else []), []
    left_out = []
    for part in mail.iter_attachments() if mail.is_multipart() else ():
        inner = part.get_payload(0) if part.get_content_type() == "message/rfc822" and part.get_payload() else None
        if isinstance(inner, EmailMessage) and depth < _DEEPEST:
            more, said = _texts(inner, where, depth + 1)
            heading = plain(inner["subject"])
            texts += [*filter(None, [heading]), *more]
            notes += said
        elif part.get_content_disposition() == "attachment" or part.get_filename():
            left_out.append(plain(part.get_filename()) or part.get_content_type())
    if left_out:
        notes.append(f"attachments are not read: {', '.join(left_out[:20])}")
    return texts, notes


def _body(mail: EmailMessage, where: str) -> str:
    said, page = (mail.get_body((kind,)) for kind in ("plain", "html"))
    text = _content(said, where) if isinstance(said, EmailMessage) else ""
    if isinstance(page, EmailMessage) and len(text.split()) < 20:
        import trafilatura

        markup = _content(page, where)
        found = page_of(markup, tables=True)
        shown = found.text if found else trafilatura.html2txt(markup)
        return shown if len(shown.split()) > len(text.split()) else text
    return text


def _content(part: EmailMessage, where: str) -> str:
    """The decoded text of a part; lines that the sender's program flowed are joined (RFC 3676)."""
    raw = part.get_payload(decode=True)
    text, _ = decode(raw if isinstance(raw, bytes) else b"", where, str(part.get_content_charset("")))
    text = text.replace("\r\n", "\n")
    flowed = part.get_content_type() == "text/plain" and str(part.get_param("format", "")).lower() == "flowed"
    return _unflowed(text) if flowed else text


def _unflowed(text: str) -> str:
    lines: list[str] = []
    runs_on = False
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        words = line[depth:].removeprefix(" ")
        if runs_on and depth == _depth(lines[-1]):
            lines[-1] += words
        else:
            lines.append(">" * depth + " " * bool(depth) + words)
        runs_on = line.endswith(" ") and words != "-- "
    return "\n".join(lines)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(">"))


def _sender(mail: EmailMessage) -> str:
    name, address = parseaddr(str(mail["from"] or ""))
    return plain(name) or plain(address)
