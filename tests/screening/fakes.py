"""Screeners for tests of what stands around the engine: they flag passages by plain words."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from screening.engine.results import Assertion, Explanation, Finding, Judgement, Passage, Reading

WORDS = {"passport": ("FL.DOC", "critical"), "wages": ("WG.LATE", "high"), "dust": ("OSH.AIR", "medium")}


class WordScreener:
    """Flags every line that holds one of the words; a line with *not* in it is kept without a flag."""

    version = "words-1"

    def screen(self, reading: Reading) -> tuple[Finding, ...]:
        found = []
        for page in reading.pages:
            at = 0
            for line in page.text.split("\n"):
                for word, (signal_, severity) in WORDS.items():
                    if word in line.lower():
                        flag = " not " not in line
                        judgement = Judgement(
                            signals=(signal_,),
                            categories=(signal_.split(".")[0],),
                            assertion=Assertion.FINDING_CONFIRMED if flag else Assertion.NEGATED,
                            flag=flag,
                            severity=severity if flag else "none",
                            score=0.75,
                            explanation=Explanation(rules=(f'{signal_}: "{word}"',)),
                        )
                        passage = Passage(line, page=page.number, start=at, end=at + len(line))
                        found.append(Finding(passage, judgement))
                at += len(line) + 1
        return tuple(found)


class NewerScreener(WordScreener):
    version = "words-2"


class DyingScreener(WordScreener):
    """Kills its own process on a document that says so: always, or once where a marker file can be made."""

    def screen(self, reading: Reading) -> tuple[Finding, ...]:
        text = " ".join(page.text for page in reading.pages)
        if "kill always" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "kill once " in text:
            marker = Path(text.split("kill once ", 1)[1].split()[0])
            if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return super().screen(reading)


def words() -> WordScreener:
    return WordScreener()


def newer() -> NewerScreener:
    return NewerScreener()


def dying() -> DyingScreener:
    return DyingScreener()


def unfit() -> WordScreener:
    raise FileNotFoundError("the classifier is not there")


def stillborn() -> WordScreener:
    os._exit(3)
