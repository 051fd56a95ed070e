"""A PostgreSQL server started for the purpose, and a fresh database on each engine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from support import require


class Server:
    """A private PostgreSQL cluster that listens on a socket only; `initdb` refuses root, who lends it another user."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="vetopoint-pg-"))
        self.prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.prefix:
            shutil.chown(self.folder, "postgres")

    def run(self, program: str, *arguments: str) -> None:
        command = [*self.prefix, str(self.binaries / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder, timeout=60)

    def address(self, database: str, account: str = "vetopoint") -> str:
        """URL of one of its databases."""
        return f"postgresql://{account}@/{database}?unix_sock={self.folder}/.s.PGSQL.5432"

    def database(self, request: pytest.FixtureRequest) -> str:
        """URL of a fresh database for a test."""
        name = f"t{abs(hash(request.node.nodeid))}"
        self.run("createdb", "-h", str(self.folder), "-U", "vetopoint", name)
        return self.address(name)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    server = Server(Path(os.path.realpath(require("postgres"))).parent)
    data = str(server.folder / "data")
    try:
        server.run("initdb", "-D", data, "-U", "vetopoint", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses= -k {server.folder} -c fsync=off"
        server.run("pg_ctl", "-D", data, "-l", str(server.folder / "log"), "-o", options, "-w", "start")
        yield server
    finally:
        with suppress(subprocess.SubprocessError):
            server.run("pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(server.folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> str:
    """Name of the engine; everything that asks for it is tested on both."""
    return str(request.param)


@pytest.fixture
def where(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database on each engine."""
    if engine == "sqlite":
        return str(tmp_path / "case.sqlite")
    server: Server = request.getfixturevalue("server")
    return server.database(request)


@pytest.fixture
def shared(engine: str, where: str, tmp_path: Path) -> str:
    """An address that several cases may share: a folder of SQLite files, or a PostgreSQL database."""
    if engine == "postgres":
        return where
    (tmp_path / "stores").mkdir()
    return str(tmp_path / "stores")
