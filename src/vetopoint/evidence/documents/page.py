"""Saved web pages: the article's prose, and what JSON-LD, OpenGraph, `meta` and `time` say of it; scripts are never run.

trafilatura finds the article (Barbaresi, ACL 2021). What pages mark as advertising, captions, links to other pieces or comments is
taken out before, since a quotation in it is nobody's in the article.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from vetopoint.errors import EvidenceError
from vetopoint.evidence.documents.decoding import decode
from vetopoint.evidence.documents.document import Found, Limits, day, plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>([^<]{1,300})</title>", re.IGNORECASE)
_TAGS = frozenset(("aside", "nav", "footer", "form", "button", "figcaption", "iframe", "dialog"))
_NAMES = frozenset((
    "ad", "ads", "adv", "advert", "adverts", "advertisement", "advertising", "adslot", "adunit", "adbox", "banner",
    "sponsor", "sponsored", "sponsorship", "promo", "promoted", "promotion", "outbrain", "taboola", "newsletter",
    "signup", "subscribe", "paywall", "related", "recommended", "recommendations", "readmore", "trending", "cookie",
    "cookies", "gdpr", "comment", "comments", "share", "sharing", "social", "breadcrumb", "breadcrumbs", "caption",
    "captions", "figcaption", "credit", "credits", "disclaimer", "teaser", "teasers",
))  # fmt: skip
_LABEL = re.compile(r"\s*(?:advertisement|advertising|sponsored(?: content)?|promoted|paid post)\b", re.IGNORECASE)
_KEPT = frozenset(("html", "head", "body", "main", "article", "h1"))
_MOST = 0.5


def read_page(raw: bytes, where: str, limits: Limits) -> Found:
    """The prose of an HTML page and its publication."""
    found = _CHARSET.search(raw[:4096])
    markup, notes = decode(raw, where, found[1].decode("ascii") if found else "")
    page = page_of(markup)
    if page is None:
        message = f"{where}: the page holds no prose (scripts are never run) → save the article as text"
        raise EvidenceError(message)
    return Found(page.text, page.title, page.outlet, page.date, page.url, page.author, notes)


def page_of(markup: str, *, tables: bool = False) -> Found | None:
    """The prose of a page, a paragraph a paragraph; None where there is none.

    Parameters
    ----------
    tables : whether tables hold prose, as those of mails do.
    """
    import trafilatura

    tree = trafilatura.load_html(markup)
    if tree is None:
        return None
    _prune(tree)
    told = {"original_date": True, "extensive_search": False}
    page: Any = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=tables, with_metadata=True, date_extraction_params=told
    )
    if page is None or not (page.text or "").strip():
        return None
    found = _TITLE.search(markup[:200_000])
    return Found(
        "\n\n".join(filter(None, (line.strip() for line in page.text.split("\n")))),
        title=plain(page.title) or plain(found[1] if found else ""),
        outlet=plain(page.sitename),
        date=day(page.date),
        url=plain(page.url, 2_000),
        author=plain((page.author or "").replace("; ", ", ")),
    )


def _prune(tree: HtmlElement) -> None:
    """Take out what is no part of the article, unless most of the page's words stand in it."""
    total = _size(tree)
    marked = [node for node in tree.iter() if isinstance(node.tag, str) and node.tag not in _KEPT and _foreign(node)]
    for node in marked:
        parent = node.getparent()
        if parent is not None and _size(node) <= _MOST * total:
            node.drop_tree()


def _size(node: HtmlElement) -> int:
    return sum(
        len(p.text_content()) for p in node.iter("p", "li", "div", "td") if not p.xpath("boolean(.//p|.//div|.//td)")
    )


def _foreign(node: HtmlElement) -> bool:
    if node.tag in _TAGS:
        return True
    if node.tag in ("p", "div") and _LABEL.match(node.text or ""):
        return True
    said = f"{node.get('class', '')} {node.get('id', '')}"
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", said).lower())
    return not _NAMES.isdisjoint(words)
