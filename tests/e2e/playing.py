"""What the browser tests do again and again: log in, look closely, and keep a picture."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from fpdf import FPDF
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.conftest import PASSWORD, Installation

SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 740}}

PICTURES = os.environ.get("SALIENT_SCREENSHOTS", "")
"""A folder to keep a picture of every page in that a test looks at; none are kept without it."""


@dataclass(slots=True)
class Player:
    """A person in front of a browser. Whatever the page complains about is kept in `complaints`."""

    page: Page
    context: BrowserContext
    address: str
    size: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def look(self, name: str) -> None:
        """Nothing for axe to find, nothing wider than the screen, no complaint of the browser; and a picture."""
        found = Axe().run(self.page).response["violations"]
        faults = [f"{row['id']}: {node['html'][:120]}" for row in found for node in row["nodes"]]
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(PICTURES) / f"{self.size}-{name}.png"), full_page=True)
        assert (name, faults, max(0, wider), self.complaints) == (name, [], 0, [])


def enter(chromium: Browser, house: Installation, who: str, *, size: str, language: str) -> Player:
    """This person in a new browser of this size and language, logged in: at the form for the first time."""
    kept = house.log_ins.get((who, language))
    context = chromium.new_context(
        viewport=SIZES[size], locale=language, has_touch=size == "phone", storage_state=kept  # type: ignore[arg-type]
    )  # fmt: skip
    page = context.new_page()
    player = Player(page, context, house.address, size)
    page.set_default_timeout(20_000)
    page.on("pageerror", lambda error: player.complaints.append(str(error)))
    page.on("console", lambda line: player.complaints.append(line.text) if line.type in ("error", "warning") else None)
    page.on("dialog", lambda dialog: player.complaints.append(dialog.message))
    player.open("/" if kept else "/log-in")
    if page.url != f"{house.address}/":
        page.fill("#email", house.people[who])
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_url(f"{house.address}/")
    if page.evaluate("document.documentElement.lang") != language:
        page.click(f"button[name=language][value={language}]")
        page.wait_for_load_state()
    house.log_ins[who, language] = context.storage_state()
    return player


def audit(site: str) -> bytes:
    """A small audit with findings that no reader can miss, and a policy that is none."""
    paper = FPDF()
    for title, lines in (
        (
            f"Social audit of {site}",
            (
                "Our policy forbids child labour in every form.",
                "The passports of 14 migrant workers were kept in a locked safe in the office of the manager.",
                "Workers had paid recruitment fees of 3,000 dollars to an agent before they arrived.",
            ),
        ),
        (
            "Health and safety",
            (
                "Two of the three emergency exits on the sewing floor were locked during the night shift.",
                "Overtime of 36 hours a week was recorded for 22 workers in October.",
            ),
        ),
    ):
        paper.add_page()
        paper.set_font("helvetica", size=18)
        paper.multi_cell(0, 12, title, new_x="LMARGIN", new_y="NEXT")
        paper.set_font("helvetica", size=11)
        for line in lines:
            paper.multi_cell(0, 8, line, new_x="LMARGIN", new_y="NEXT")
            paper.ln(4)
    return bytes(paper.output())


def write_paper(page: Page) -> None:
    """Fill in the paper of a plan so that both sides may sign it. Its day is there already."""
    page.fill("#root_cause", "Nobody told the night guard that keeping papers is forbidden.")
    page.fill("[id='action.1.text']", "Give every passport back to its owner, with a witness chosen by the workers.")
    page.fill("[id='action.1.owner']", "Head of personnel")
    page.fill("[id='milestone.1.title']", "Lockers are there")
    page.fill("[id='milestone.1.due_on']", page.input_value("#due_on"))
    page.fill("[id='milestone.1.evidence']", "A photograph of the lockers")
    page.fill("#indicator", "Passports found in the office at an unannounced visit")
