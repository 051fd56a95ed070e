"""From files to documents: asked what they are and how big before they are opened, decoded, normalised, hashed; nothing in them is executed."""

from vetopoint.evidence.documents.document import Document, Limits
from vetopoint.evidence.documents.flow import Flow
from vetopoint.evidence.documents.gathering import count_documents, gather, gather_with_files
from vetopoint.evidence.documents.language import Guess, detect, is_foreign, passed_over, refusal
from vetopoint.evidence.documents.layout import flow, paragraphs
from vetopoint.evidence.documents.opening import read_document

__all__ = [
    "Document", "Flow", "Guess", "Limits", "count_documents", "detect", "flow", "gather", "gather_with_files", "is_foreign",
    "paragraphs", "passed_over", "read_document", "refusal",
]  # fmt: skip
