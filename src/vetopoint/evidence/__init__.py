"""From documents to attributed claims: records, files, reader, review and exchange.

Hand-coded claims need nothing but this package's core; the reader needs spaCy (extra ``[read]``), imported when first
used and not before. The store, which opens a database, is imported where it is used: ``vetopoint.evidence.store``.
"""

from vetopoint.evidence._voices import Change, Position, Share, changes, conceding_share, origin_of, origins, positions
from vetopoint.evidence.claim import Claim, Edge, Link, Span, normalise_text
from vetopoint.evidence.corpus import evaluate_polnear
from vetopoint.evidence.documents import Document, count_documents, gather, read_document
from vetopoint.evidence.exchange import (
    Origin,
    Taken,
    locate,
    origin_of_file,
    read_claims,
    read_jsonl,
    take_claims,
    to_line,
    write_claims,
)
from vetopoint.evidence.reader.parse import SpacyParser
from vetopoint.evidence.reader.reading import Coder, Pace, Reader, Reading, read_into
from vetopoint.evidence.scores import alpha, pairwise_f1

__all__ = [
    "Change", "Claim", "Coder", "Document", "Edge", "Link", "Origin", "Pace", "Position", "Reader", "Reading", "Share", "SpacyParser",
    "Span", "Taken", "alpha", "changes", "conceding_share", "count_documents", "evaluate_polnear", "gather", "locate",
    "normalise_text", "origin_of", "origin_of_file", "origins", "pairwise_f1", "positions", "read_claims", "read_document",
    "read_into", "read_jsonl", "take_claims", "to_line", "write_claims",
]  # fmt: skip
