"""From documents to attributed claims: records, files, store, reader, review and exchange.

Hand-coded claims need nothing but this package's core; the reader needs spaCy (extra ``[read]``), imported when first
used and not before.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vetopoint.evidence._agreement import alpha, pairwise_f1
    from vetopoint.evidence._bulk import read_parallel, workers_for
    from vetopoint.evidence._copies import find_copies
    from vetopoint.evidence._documents import Document, Limits, read_document
    from vetopoint.evidence._draft import draft
    from vetopoint.evidence._evaluate import evaluate_gum, evaluate_plover, evaluate_polnear
    from vetopoint.evidence._exchange import (
        from_brat,
        from_web_annotation,
        locate,
        read_claims,
        read_jsonl,
        to_brat,
        to_line,
        to_web_annotation,
        write_claims,
    )
    from vetopoint.evidence._parse import Parser, SpacyParser
    from vetopoint.evidence._reader import Reader, Reading, count_documents, gather, read_documents, read_into
    from vetopoint.evidence._refi import read_refi, write_codebook, write_refi
    from vetopoint.evidence._voices import (
        Change,
        OriginCount,
        Position,
        Share,
        changes,
        conceding_share,
        origin_of,
        origins,
        positions,
        stated_share,
    )
    from vetopoint.evidence.claim import Claim, Edge, Link, Span, normalise_text
    from vetopoint.evidence.store import Review, Store

_HOMES = {
    "_agreement": (
        "alpha",
        "pairwise_f1",
    ),
    "_bulk": ("read_parallel", "workers_for"),
    "_copies": ("find_copies",),
    "_draft": ("draft",),
    "_exchange": (
        "from_brat",
        "from_web_annotation",
        "locate",
        "read_claims",
        "read_jsonl",
        "to_brat",
        "to_line",
        "to_web_annotation",
        "write_claims",
    ),
    "_voices": (
        "Change",
        "OriginCount",
        "Position",
        "Share",
        "changes",
        "conceding_share",
        "origin_of",
        "origins",
        "positions",
        "stated_share",
    ),
    "_documents": ("Document", "Limits", "read_document"),
    "_parse": ("Parser", "SpacyParser"),
    "_reader": ("Reader", "Reading", "count_documents", "gather", "read_documents", "read_into"),
    "_refi": ("read_refi", "write_codebook", "write_refi"),
    "store": ("Review", "Store"),
    "_evaluate": ("evaluate_gum", "evaluate_plover", "evaluate_polnear"),
    "claim": ("Claim", "Edge", "Link", "Span", "normalise_text"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Change",
    "Claim",
    "Document",
    "Edge",
    "Limits",
    "Link",
    "OriginCount",
    "Parser",
    "Position",
    "Reader",
    "Reading",
    "Review",
    "Share",
    "SpacyParser",
    "Span",
    "Store",
    "alpha",
    "changes",
    "conceding_share",
    "count_documents",
    "draft",
    "evaluate_gum",
    "evaluate_plover",
    "evaluate_polnear",
    "find_copies",
    "from_brat",
    "from_web_annotation",
    "gather",
    "locate",
    "normalise_text",
    "origin_of",
    "origins",
    "pairwise_f1",
    "positions",
    "read_claims",
    "read_document",
    "read_documents",
    "read_into",
    "read_jsonl",
    "read_parallel",
    "read_refi",
    "stated_share",
    "to_brat",
    "to_line",
    "to_web_annotation",
    "workers_for",
    "write_claims",
    "write_codebook",
    "write_refi",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"vetopoint.evidence.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
