"""Where the time goes, stage by stage, from the bytes of documents to the rows of the result files.

Usage: python -m tests.bench.bench_signals [FOLDER] [--rounds N]

One process on the real reports, in processor time, so that other work on the machine counts little; of each stage the
best of the rounds. What a stage of judging takes is worked out by doing it once more by itself.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

from screening.bulk import rows
from screening.engine import passages
from screening.engine.pipeline import described
from screening.engine.reading import Cage
from screening.engine.results import Screened
from screening.engine.screener import Screener
from tests.bench.processor import reports, seconds, shared

ROUNDS = 3
CHILD, CHECK, SAYS = "read, in the caged child", "check what the child told", "languages and facts"
CUT, QUICK, CAREFUL, ROWS = "cut into passages", "quick look at all", "careful look at the rest", "rows of results"
STAGES = (CHILD, CHECK, SAYS, CUT, QUICK, CAREFUL, ROWS)


class Round:
    """One turn through all documents: what each stage took, and what there was."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys(STAGES, 0.0)
        self.pages = self.passages = self.kept = self.flags = 0

    def take(self, data: bytes, cage: Cage, screener: Screener) -> None:
        """One document."""
        start, all_start = seconds(), seconds(cage)
        reading = cage.read(data)
        own = seconds() - start
        self.spent[CHECK] += own
        self.spent[CHILD] += seconds(cage) - all_start - own
        marks = [seconds()]
        reading = described(reading)
        marks.append(seconds())
        found = passages.passages_of(reading)
        marks.append(seconds())
        likely = screener.quick_look(found)
        marks.append(seconds())
        findings = screener.screen(reading)
        marks.append(seconds())
        rows.record("report.pdf", "", Screened(reading, findings, screener.version), 0.0)
        marks.append(seconds())
        says, cut, quick, screen, written = np.diff(marks)
        for stage, spent in (
            (SAYS, says),
            (CUT, cut),
            (QUICK, quick),
            (CAREFUL, screen - cut - quick),
            (ROWS, written),
        ):
            self.spent[stage] += float(spent)
        self.pages += len(reading.pages)
        self.passages += len(found)
        self.kept += int((likely >= screener.learned.thresholds["quick"]).sum())
        self.flags += sum(finding.judgement.flag for finding in findings)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=shared() / "documents" / "reports")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    arguments = parser.parse_args()
    files = reports(arguments.folder)
    if not files:
        print(f"left out: no PDF in {arguments.folder}", file=sys.stderr)
        return 0
    began = seconds()
    screener = Screener.load()
    ready = seconds() - began
    with Cage() as cage:
        Round().take(files[0], cage, screener)
        turns = [Round() for _ in range(arguments.rounds)]
        for turn in turns:
            for data in files:
                turn.take(data, cage, screener)
    last = turns[-1]
    best = {stage: min(turn.spent[stage] for turn in turns) for stage in STAGES}
    whole = sum(best.values())
    print(
        f"{last.pages} pages, {last.passages} passages, {last.kept / last.passages:.0%} of them looked at carefully, "
        f"{last.flags} flags; engine loaded in {ready:.1f} s; {last.pages / whole:.1f} pages a second"
    )
    for stage, spent in best.items():
        print(f"{stage:26} {spent:6.2f} s {spent / whole:6.0%} {spent / last.pages * 1e3:8.2f} ms a page")
    told = {stage: round(spent, 3) for stage, spent in best.items()}
    print(json.dumps({"pages": last.pages, "passages": last.passages, "flags": last.flags, "seconds": told}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
