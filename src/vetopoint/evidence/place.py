"""Where a case's claims are kept, found from the case's path alone: no case need be loaded to review one claim."""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vetopoint.evidence.store import Store

STORE_VARIABLE = "VETOPOINT_STORE"


@dataclass(frozen=True)
class StorePlace:
    """Where a case's claims are kept.

    Parameters
    ----------
    where : the case's own SQLite file, or an address that cases may share. Never printed, since it may hold a password.
    case : the case's name at a shared address; "" for the case's own file.
    """

    where: str | Path = field(repr=False)
    case: str = ""

    def open(self) -> Store:
        """The store, made if it is not there yet."""
        from vetopoint.evidence.store import Store

        return Store(self.where, self.case)

    def look(self) -> Store | None:
        """The store, or None where nothing is kept yet; nothing is made."""
        if isinstance(self.where, Path) and not self.where.is_file():
            return None  # without loading the database
        from vetopoint.evidence.store import NothingKept, Store

        try:
            return Store(self.where, self.case, make=False)
        except NothingKept:
            return None


def place_of(file: Path, address: str | None = None) -> StorePlace:
    """Where the store of a case file is: at the address given, else in ``VETOPOINT_STORE``, else in the file's folder.

    At an address a case goes by the name of its folder, so that a draft beside the case shares its claims, and so that
    colleagues who keep copies of one case find each other's reviews.
    """
    address = address or os.environ.get(STORE_VARIABLE)
    if address:
        return StorePlace(address, unicodedata.normalize("NFC", file.parent.resolve().name) or "case")
    own = file.parent / f"{file.stem}.sqlite"
    return StorePlace(own if own.is_file() else file.parent / "case.sqlite")
