"""The whole product as its users meet it: `salient up` as they start it, and Chromium in front of it."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Playwright, StorageState, sync_playwright

from models.people import Organisation, OrganisationKind, Person, Role
from tests.conftest import absent
from tests.factories import make_organisation, make_person, make_supplier
from webapp.passwords import hashed
from webapp.runtime import runtime
from webapp.settings import Settings

ROOT = Path(__file__).parents[2]
PASSWORD = "five calm words for testing"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 180
"""Seconds that the product may take to start on a busy machine."""


@dataclass(frozen=True, slots=True)
class Installation:
    """A running product with one buyer and, for each way of playing, a supplier of its own."""

    address: str
    settings: Settings
    people: dict[str, str]
    """E-mail addresses by what the person is in the play."""
    log_ins: dict[tuple[str, str], StorageState] = field(default_factory=dict)
    """What a browser keeps of a log-in, by who and in which language, so that nobody logs in for every act."""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or os.environ.get("SALIENT_CHROMIUM", "")
    if not path:
        absent("browser tests", "there is no Chromium (Debian: apt-get install chromium)")
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Start everything with the product's own command; stop it as Ctrl-C would."""
    folder, port = tmp_path_factory.mktemp("installation"), free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SALIENT_")}
    # One person plays each part here: a second look and passages by lot have tests of their own.
    environ |= {"SALIENT_TWO_FOR_CRITICAL": "no", "SALIENT_SECOND_LOOK_PERCENT": "0"}
    environ["SALIENT_EXPLORATION_PERCENT"] = "0"
    command = [sys.executable, "-m", "webapp", "up", "--port", str(port), "--data", str(folder), "--workers", "1"]
    log = folder / "up.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=output, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(address, process, log)
            settings = Settings(data=folder)
            yield Installation(address, settings, _populate(settings))
        finally:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(30)
            process.kill()
            process.wait()


def _populate(settings: Settings) -> dict[str, str]:
    """One buyer, and a supplier for the desk and one for the phone, all with the same password."""
    people: dict[str, str] = {}
    secret = hashed(PASSWORD)

    with runtime(settings) as opened, opened.database.transaction() as session:
        buyer = make_organisation(session, name="Lindenhof Retail")

        def add(key: str, role: Role, organisation: Organisation | None = None) -> Person:
            person = make_person(
                session, role=role, organisation=organisation or buyer, email=f"{key}@example.org", password_hash=secret
            )
            people[key] = person.email
            return person

        for key in ("reviewer", "second", "compliance", "admin"):
            add(key, Role(key) if key != "second" else Role.REVIEWER)
        for key, name in (("desk", "Meridan Textiles"), ("phone", "Suriya Gloves")):
            organisation = make_organisation(session, kind=OrganisationKind.SUPPLIER, name=name)
            make_supplier(session, buyer=buyer, organisation=organisation)
            add(key, Role.SUPPLIER_USER, organisation)
    return people


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{address}/ready", timeout=1) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"the product did not start:\n{log.read_text()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
