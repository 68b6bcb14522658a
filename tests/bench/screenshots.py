"""Makes the pictures of the documentation: starts the demonstration, waits until it is read, and looks at it.

python -m tests.bench.screenshots [FOLDER]     (default: docs/images)
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import func, select

from models.documents import Document, DocumentState
from models.findings import Finding
from tests.e2e.conftest import FLAGS, ROOT, free_port
from webapp.demo.load import password_from
from webapp.runtime import runtime
from webapp.secret import secret_key
from webapp.settings import Settings

PATIENCE = 240
"""Seconds for the first start and the screening of the demonstration archive."""

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 800}


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, demonstration(Path(data)) as (address, settings):
        password = password_from(secret_key(settings))
        with sync_playwright() as running:
            browser = running.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
            desk(browser, address, password, folder)
            phone(browser, address, password, folder)
            browser.close()
    for path in sorted(folder.glob("*.png")):
        print(f"{path.name}: {path.stat().st_size // 1024} kB")


def desk(browser: Browser, address: str, password: str, folder: Path) -> None:
    page = logged_in(browser, address, "compliance@lindenhove.example", password, DESK)
    finding = f"{address}/queue/start?signal=OSH.FIRE"
    for name, path in (
        ("review-desk", finding),
        ("queue", f"{address}/queue"),
        ("documents", f"{address}/documents"),
        ("overview", f"{address}/compliance"),
    ):
        page.goto(path)
        if name == "review-desk":
            page.locator(".paper img").wait_for(timeout=60_000)
            page.wait_for_timeout(500)
        page.screenshot(path=str(folder / f"{name}.png"))
    page.goto(finding)
    page.keyboard.press("c")
    page.locator("[data-toast] a").click()
    page.locator("a[href$='/edit']").click()
    page.locator("[id='action.1.text']").fill(
        "Take the padlock off today, fit a door that opens from inside without a key, and have a worker of each shift "
        "check every exit before work begins."
    )
    page.screenshot(path=str(folder / "plan.png"))
    page.context.close()


def phone(browser: Browser, address: str, password: str, folder: Path) -> None:
    page = logged_in(browser, address, "meridan@suppliers.example", password, PHONE)
    page.goto(f"{address}/documents")
    page.screenshot(path=str(folder / "phone-documents.png"))
    page.context.close()


def logged_in(browser: Browser, address: str, email: str, password: str, size: dict[str, int]) -> Page:
    context = browser.new_context(viewport=size, locale="en", color_scheme="light")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}/log-in")
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("main button")
    page.wait_for_url(f"{address}/")
    page.locator("button[name=language][value=en]").click()
    return page


@contextlib.contextmanager
def demonstration(data: Path) -> Iterator[tuple[str, Settings]]:
    """The product with its demonstration company, once every document has ended and every flagged page is drawn."""
    port = free_port()
    command = [sys.executable, "-m", "webapp", "up", "--demo", "--port", str(port), "--data", str(data)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SALIENT_")}
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    settings = Settings(data=data)
    try:
        until = time.monotonic() + PATIENCE
        while not is_read(settings):
            if time.monotonic() > until or process.poll() is not None:
                raise SystemExit("The demonstration did not become ready.")
            time.sleep(1)
        yield f"http://127.0.0.1:{port}", settings
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def is_read(settings: Settings) -> bool:
    if not (settings.folder / "salient.sqlite3").exists():
        return False
    with runtime(settings) as opened, opened.database.reading() as session:
        if not session.connection().dialect.has_table(session.connection(), "document"):
            return False
        waiting = select(func.count()).where(Document.state.in_([DocumentState.RECEIVED, DocumentState.READING]))
        return bool(session.scalar(select(func.count()).select_from(Finding))) and not session.scalar(waiting)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
