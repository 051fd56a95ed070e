"""The parts of a packed file (DOCX, ODT), each bounded before it is unpacked; XML without entities, and no deeper than libxml2 allows.

A declared size is what `zipfile` reads at most, so that a part cannot grow beyond it. Both formats forbid document type
declarations (ISO/IEC 29500-2, clause 9.1.4; OpenDocument 1.3 part 3), so that a part with one is refused.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from zlib import error as ZlibError

from vetopoint.errors import EvidenceError
from vetopoint.evidence.documents.document import Limits

if TYPE_CHECKING:
    from lxml.etree import _Element


class Packed:
    """A packed file.

    Raises
    ------
    EvidenceError
        It is broken, has too many parts, or one that is too large, protected or no well-formed XML.
    """

    def __init__(self, raw: bytes, where: str, limits: Limits) -> None:
        self._where, self._limits = where, limits
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(raw))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise EvidenceError(f"{where}: a broken packed file ({error}) → save it anew") from error
        self.names = frozenset(self._zip.namelist())
        if len(self.names) > limits.parts:
            wrong = f"{where}: {len(self.names):,} parts, above the limit of {limits.parts:,}"
            raise EvidenceError(f"{wrong} → save its text alone")

    def part(self, name: str) -> bytes:
        """The bytes of a part; none where it is missing."""
        if name not in self.names:
            return b""
        size, most = self._zip.getinfo(name).file_size, self._limits.unpacked_bytes
        if size > most:
            wrong = f"{self._where}: {name} unpacks to {size / 1e6:.0f} MB, above the limit of {most / 1e6:.0f} MB"
            raise EvidenceError(f"{wrong} → save its text as a text file")
        try:
            return self._zip.read(name)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ZlibError, OSError) as error:
            how = "protected by a password" if "password" in str(error) else "broken"
            raise EvidenceError(f"{self._where}: {name} is {how} → save the text without protection") from error

    def xml(self, name: str) -> _Element | None:
        """The root of an XML part; None where it is missing."""
        raw = self.part(name)
        return parse_xml(raw, f"{self._where}: {name}") if raw else None


def parse_xml(raw: bytes, where: str) -> _Element:
    """The root of an XML document that has no document type and thus no entities of its own."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        cause = str(error).splitlines()[0][:120] if str(error) else "no XML"
        raise EvidenceError(f"{where} is broken XML ({cause}) → save the file anew") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise EvidenceError(f"{where} declares a document type, which its format forbids → save the file anew")
    return root
