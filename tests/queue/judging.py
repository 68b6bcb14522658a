"""A small judge in place of the engine's, so that the kill tests measure the queue: one word, three findings, no load.

A page may also say what is to happen to whoever judges it: `SLEEP` takes a while, `POISON` ends the process.
"""

from __future__ import annotations

import os
import re
import signal
import time

from screening.engine.results import Assertion, Finding, Judgement, Passage, Reading

SECONDS = "0.1"
"""What every document takes at least, so that kills hit the middle of something. JUDGE_SECONDS says otherwise."""


class WordJudge:
    version = "words-1"

    def screen(self, reading: Reading) -> tuple[Finding, ...]:
        text = "\n".join(page.text for page in reading.pages)
        if "POISON" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        slow = re.search(r"SLEEP ([\d.]*\d)", text)
        time.sleep(float(slow[1] if slow else os.environ.get("JUDGE_SECONDS", SECONDS)))
        return tuple(
            Finding(Passage(found[0], page=page.number, start=found.start(), end=found.end()), _JUDGEMENT)
            for page in reading.pages
            for found in re.finditer(r"Passports? \d+[^.]*\.", page.text)
        )


_JUDGEMENT = Judgement(
    signals=("FL.DOC",),
    categories=("FL",),
    assertion=Assertion.FINDING_CONFIRMED,
    flag=True,
    severity="high",
    score=0.9,
)
