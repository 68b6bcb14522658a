"""A PostgreSQL server for the tests: started from what the machine has, as an ordinary user, gone at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

QUICK = {
    "fsync": "off", "max_connections": "200", "shared_buffers": "32MB", "dynamic_shared_memory_type": "mmap",
}  # fmt: skip
"""For tests, whose records nobody misses after a power cut. All of it lies in its own folder, and goes with that."""


class Unavailable(Exception):
    """Why no server can be started here."""


def binaries() -> Path:
    """The folder with `initdb` and `postgres`. Raises Unavailable."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    candidates += [Path(found).resolve().parent] if found else []
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Unavailable("PostgreSQL is not installed (Debian: apt-get install postgresql)")


def ordinary_user() -> str | None:
    """The server refuses to run as root: who it runs as instead. None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise Unavailable("PostgreSQL does not run as root, and there is no other user to run it as")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running server. `kill` ends it as a power cut would, `start` brings it back on the same data."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = QUICK) -> None:
        self.bin, self.user, self.folder, self.port = binaries(), ordinary_user(), folder, free_port()
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None
        if self.user:
            shutil.chown(folder, self.user)
        self._run("initdb", "--pgdata", str(folder / "data"), "--username=salient", "--auth=trust", "--no-sync",
                  "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip

    def url(self, database: str) -> str:
        return f"postgresql://salient@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        settings = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        where = ["-D", str(self.folder / "data"), "-k", str(self.folder), "-h", "127.0.0.1", "-p", str(self.port)]
        self.process = subprocess.Popen(
            [str(self.bin / "postgres"), *where, *settings],
            user=self.user,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.05)
        raise Unavailable("PostgreSQL did not answer within 30 seconds")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def sql(self, statement: str, database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)

    def copy(self, template: str, name: str) -> None:
        """Make a database that is the copy of another one, which nobody may have open.

        Its files are copied as they are: that costs the server a third of sending every page through its log, which
        newer ones do (from 15 on) unless they are told.
        """
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            how = " STRATEGY FILE_COPY" if connection.info.server_version >= 15_00_00 else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}{how}".encode())

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self.url("postgres"), connect_timeout=1).close()
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self.bin / program), *arguments], user=self.user, cwd=self.folder, capture_output=True, check=False
        )
        if done.returncode:
            raise Unavailable(f"{program} failed: {done.stderr.decode(errors='replace')[-300:]}")


@contextmanager
def server(settings: Mapping[str, str] = QUICK) -> Iterator[Server]:
    """A server that lives as long as the block."""
    with tempfile.TemporaryDirectory(prefix="salient-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        running = Server(Path(folder), settings)
        running.start()
        try:
            yield running
        finally:
            running.stop()
