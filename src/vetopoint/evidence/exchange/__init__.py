"""Claims in files: this package's own forms, and those of the field's other programs, one module a form.

`FORMS` is the one registry, ending → reader and writer. A reader of a foreign form says what the file has marked; what
compares every passage with the document's words, and makes claims of it, is the same for all.
"""

from vetopoint.evidence.exchange._locate import locate
from vetopoint.evidence.exchange._passages import Taken
from vetopoint.evidence.exchange._registry import forms, read_claims, take_claims, write_claims
from vetopoint.evidence.exchange.brat import read_brat
from vetopoint.evidence.exchange.jsonl import Origin, origin_of_file, read_jsonl, to_line

__all__ = [
    "Origin",
    "Taken",
    "forms",
    "locate",
    "origin_of_file",
    "read_brat",
    "read_claims",
    "read_jsonl",
    "take_claims",
    "to_line",
    "write_claims",
]
