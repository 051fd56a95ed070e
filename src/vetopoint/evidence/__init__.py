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
        read_claims,
        to_brat,
        to_web_annotation,
        write_claims,
    )
    from vetopoint.evidence._jsonl import locate, read_jsonl, to_line, write_jsonl
    from vetopoint.evidence._origins import OriginCount, drop_unnamed, origin_of, origins, unheard
    from vetopoint.evidence._parse import Parser, SpacyParser
    from vetopoint.evidence._positions import Change, Position, Share, changes, conceding_share, positions, stated_share
    from vetopoint.evidence._reader import Reader, Reading, count_documents, gather, read_documents, read_into
    from vetopoint.evidence._refi import read_codebook, read_refi, write_codebook, write_refi
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
        "read_claims",
        "to_brat",
        "to_web_annotation",
        "write_claims",
    ),
    "_positions": (
        "Change",
        "Position",
        "Share",
        "changes",
        "conceding_share",
        "positions",
        "stated_share",
    ),
    "_documents": ("Document", "Limits", "read_document"),
    "_parse": ("Parser", "SpacyParser"),
    "_reader": ("Reader", "Reading", "count_documents", "gather", "read_documents", "read_into"),
    "_refi": ("read_codebook", "read_refi", "write_codebook", "write_refi"),
    "store": ("Review", "Store"),
    "_evaluate": ("evaluate_gum", "evaluate_plover", "evaluate_polnear"),
    "_jsonl": ("locate", "read_jsonl", "to_line", "write_jsonl"),
    "claim": ("Claim", "Edge", "Link", "Span", "normalise_text"),
    "_origins": ("OriginCount", "drop_unnamed", "origin_of", "origins", "unheard"),
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
    "drop_unnamed",
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
    "read_codebook",
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
    "unheard",
    "workers_for",
    "write_claims",
    "write_codebook",
    "write_jsonl",
    "write_refi",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"vetopoint.evidence.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
