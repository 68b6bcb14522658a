"""Measures what is made of the golden documents, against everything that they say.

Usage: python -m tests.bench.bench_golden [--scans] [--missed] [--false]

Prints recall and precision of findings (passages that must raise a flag), of facts, of table rows, of plan rows and
of the values of forms: for documents with a text layer, and with `--scans` for scans of them. `--missed` and
`--false` list them. The documents were written for the project by one who knew what is looked for, and never trained
on; real audits are harder.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from screening.engine.caps import plan_rows
from screening.engine.headers import kind_of
from screening.engine.pipeline import screen_document
from screening.engine.reading import Cage, Recognition
from screening.engine.results import Finding, Screened, TableKind
from screening.engine.screener import Screener
from tests.bench.bench_tables import fields
from tests.golden import audits
from tests.golden.audits import Golden
from webapp.demo.truth import Truth


@dataclass(slots=True)
class Score:
    """Of what is there, how much was found; of what was found, how much is there."""

    there: int = 0
    found: int = 0
    wrong: int = 0

    def add(self, there: int, found: int, wrong: int) -> None:
        self.there, self.found, self.wrong = self.there + there, self.found + found, self.wrong + wrong

    def __str__(self) -> str:
        told = self.found + self.wrong
        recall = f"recall {self.found / self.there:.2f} ({self.found} of {self.there})" if self.there else "none there"
        return f"{recall:26} precision {self.found / told:.2f} ({self.found} of {told})" if told else recall


@dataclass(slots=True)
class Scores:
    findings: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    """By language, and `all`."""
    facts: Score = field(default_factory=Score)
    rows: Score = field(default_factory=Score)
    plans: Score = field(default_factory=Score)
    values: Score = field(default_factory=Score)
    fooled: Score = field(default_factory=Score)
    """Passages that tell of harm repaired or absent; `wrong` were flagged all the same."""
    unread: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def met(truth: Truth, quote: str) -> bool:
    """Chinese has no blanks between words: there the passage itself must stand in the quote, or the quote in it."""
    if not truth.quote.isascii() and " " not in truth.quote:
        one, other = truth.quote.replace(" ", ""), "".join(quote.split())
        return one in other or (len(other) > 5 and other in one)
    return truth.is_met_by(quote)


def score(golden: Golden, screened: Screened, scores: Scores) -> None:
    if not screened.reading.pages_read:
        scores.unread.append(f"{golden.name} ({screened.reading.reason})")
    flagged = [finding for finding in screened.findings if finding.judgement.flag]
    _score_findings(golden, flagged, scores)
    said = {fact.name.value: fact.value for fact in screened.reading.facts.found}
    right = {name for name, value in golden.facts.items() if said.get(name, "").strip(" .") == value.strip(" .")}
    wrong = set(said) - right
    scores.facts.add(len(golden.facts), len(right), len(wrong))
    scores.lines += [
        f"missed fact {golden.name}: {name} = {golden.facts[name]}" for name in golden.facts.keys() - right
    ]
    scores.lines += [f"false fact {golden.name}: {name} = {said[name]}" for name in wrong]
    _score_tables(golden, screened, scores)
    values = screened.reading.fields
    correct = sum(values.get(name) == value for name, value in golden.fields.items())
    scores.values.add(len(golden.fields), correct, len(values) - correct)


def _score_findings(golden: Golden, flagged: list[Finding], scores: Scores) -> None:
    wanted = [truth for truth in golden.truths if truth.flag]
    harmless = [truth for truth in golden.truths if not truth.flag]
    hit = [truth for truth in wanted if any(met(truth, finding.passage.text) for finding in flagged)]
    strange = [finding for finding in flagged if not any(met(truth, finding.passage.text) for truth in wanted)]
    for group in (golden.language, "all"):
        scores.findings[group].add(len(wanted), len(hit), len(strange))
    fooled = sum(any(met(truth, finding.passage.text) for finding in flagged) for truth in harmless)
    scores.fooled.add(len(harmless), len(harmless) - fooled, fooled)
    scores.lines += [f"missed {golden.name}: {truth.signals[0]} {truth.quote}" for truth in wanted if truth not in hit]
    scores.lines += [
        f"false {golden.name} p. {finding.passage.page}: {finding.judgement.signals} {finding.passage.text[:140]}"
        for finding in strange
    ]


def _score_tables(golden: Golden, screened: Screened, scores: Scores) -> None:
    got = Counter((table.header, row.cells) for table in screened.reading.tables for row in table.rows)
    truth = Counter(golden.rows)
    same = (got & truth).total()
    scores.rows.add(truth.total(), same, got.total() - same)
    said = Counter(
        (row.finding, row.root_cause, row.corrective_action, row.preventive_action, row.responsible,
         row.due_date.isoformat() if row.due_date else "", row.status)
        for row in plan_rows(screened.reading)
    )  # fmt: skip
    due = Counter(fields(*row) for row in golden.rows if kind_of(row[0]) is TableKind.CAP)
    scores.plans.add(due.total(), (said & due).total(), (said - due).total() if due else 0)


def run(goldens: Iterable[Golden], cage: Cage, screener: Screener) -> Scores:
    scores = Scores()
    for golden in goldens:
        score(golden, screen_document(golden.data, cage=cage, screener=screener), scores)
    return scores


def told(scores: Scores) -> Iterator[str]:
    yield f"findings             {scores.findings['all']}"
    for language in sorted(scores.findings.keys() - {"all"}):
        yield f"  in {language}              {scores.findings[language]}"
    if scores.fooled.there:
        yield f"repaired or absent   {scores.fooled.wrong} of {scores.fooled.there} flagged all the same"
    yield f"facts                {scores.facts}"
    yield f"rows of tables       {scores.rows}"
    yield f"rows of plans        {scores.plans}"
    if scores.values.there:
        yield f"values of forms      {scores.values}"
    if scores.unread:
        yield f"not read at all      {', '.join(scores.unread)}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", action="store_true", help="measure scans of the documents too")
    parser.add_argument("--missed", action="store_true", help="list what was not found")
    parser.add_argument("--false", action="store_true", help="list what was found and is not there")
    asked = parser.parse_args()
    screener = Screener.load()
    with Cage(recognition=Recognition()) as cage:
        for name, goldens in (("text", audits.documents), ("scans", audits.scans)):
            if name == "scans" and not asked.scans:
                continue
            scores = run(goldens(), cage, screener)
            print(f"== {name}")
            print("\n".join(told(scores)))
            wanted = [word for word, ask in (("missed", asked.missed), ("false", asked.false)) if ask]
            print("".join(f"{line}\n" for line in scores.lines if line.split()[0] in wanted), end="")


if __name__ == "__main__":
    main()
