"""Measures what a screening of the demonstration archive raises, against what is known to stand in it.

Usage: python tests/bench/bench_archive.py [--missed] [--false]

Prints the share of known findings that were raised (recall), with the right category, signal and severity, by
severity and by language; the share of raised flags that are known findings (precision); and how many harmless
passages of each kind were raised by mistake. `--missed` and `--false` list them. The texts were written for the
project by those who know what the engine looks for, so the figures say less than those of foreign documents.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from models.taxonomy import shipped
from screening.engine.pipeline import screen_document
from screening.engine.reading import Cage, Limits
from screening.engine.results import Finding, State
from screening.engine.screener import Screener
from webapp.demo import archive
from webapp.demo.archive import Item
from webapp.demo.truth import Truth


@dataclass(frozen=True, slots=True)
class Seen:
    """A known passage and the finding that met it best, if any did."""

    item: Item
    truth: Truth
    finding: Finding | None


def compare(item: Item, findings: Iterable[Finding]) -> tuple[list[Seen], list[Finding]]:
    """The known passages with what was raised for them, and what was raised for nothing that is known."""
    left = list(findings)
    seen = []
    for truth in item.truths:
        met = [finding for finding in findings if truth.is_met_by(finding.passage.text)]
        best = max(met, key=lambda finding: len(set(finding.judgement.signals) & set(truth.signals)), default=None)
        seen.append(Seen(item, truth, best))
        left = [finding for finding in left if finding not in met]
    return seen, left


def share(hits: Iterable[bool]) -> str:
    """As `0.83 (10 of 12)`."""
    marks = list(hits)
    return f"{sum(marks) / len(marks):.2f} ({sum(marks)} of {len(marks)})" if marks else "none"


def category(signals: Iterable[str]) -> set[str]:
    return {signal.partition(".")[0] for signal in signals}


def lines(seen: list[Seen], strangers: list[tuple[Item, Finding]]) -> Iterator[str]:
    taxonomy = shipped()
    wanted = [entry for entry in seen if entry.truth.flag]
    raised = [entry for entry in wanted if entry.finding is not None]
    yield f"known findings raised        {share(entry.finding is not None for entry in wanted)}"
    sorting: dict[str, Callable[[Seen], str]] = {
        "severity": lambda entry: entry.truth.severity(taxonomy).value,
        "language": lambda entry: entry.item.language,
        "assertion": lambda entry: entry.truth.assertion.value,
    }
    for name, of in sorting.items():
        groups: dict[str, list[bool]] = defaultdict(list)
        for entry in wanted:
            groups[of(entry)].append(entry.finding is not None)
        for group, marks in sorted(groups.items()):
            yield f"  {name} {group:<18} {share(marks)}"
    judged = [(entry.truth, entry.finding.judgement) for entry in raised if entry.finding is not None]
    yield f"category right, of these     {share(bool(category(t.signals) & category(j.signals)) for t, j in judged)}"
    yield f"first signal among theirs    {share(t.signals[0] in j.signals for t, j in judged)}"
    yield f"severity right, of these     {share(t.severity(taxonomy).value == j.severity for t, j in judged)}"
    yield f"people right, where stated   {share(t.people == j.people for t, j in judged if t.people)}"
    harmless = [entry for entry in seen if not entry.truth.flag]
    yield f"raised by mistake: absent, repaired  {share(entry.finding is not None for entry in harmless)}"
    yield f"raised by mistake: any other passage {len(strangers)}"
    yield f"precision                    {share([True] * len(raised) + [False] * len(strangers))}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--missed", action="store_true", help="list known findings that were not raised")
    parser.add_argument("--false", action="store_true", help="list what was raised by mistake")
    asked = parser.parse_args()
    screener = Screener.load()
    seen: list[Seen] = []
    strangers: list[tuple[Item, Finding]] = []
    done: set[bytes] = set()
    with Cage(Limits()) as cage:
        for item in archive.items():
            if item.state is not State.SCREENED or item.data in done:
                continue
            done.add(item.data)
            screened = screen_document(item.data, cage=cage, screener=screener)
            known, others = compare(item, [finding for finding in screened.findings if finding.judgement.flag])
            seen += known
            strangers += [(item, finding) for finding in others]
    print("\n".join(lines(seen, strangers)))
    if asked.missed:
        for entry in seen:
            if entry.truth.flag and entry.finding is None:
                print(f"missed {entry.item.file}: {entry.truth.signals} {entry.truth.quote}")
    if asked.false:
        for item, finding in strangers:
            judged, text = finding.judgement, finding.passage.text
            print(f"false {item.file} page {finding.passage.page} {judged.score:.2f} {judged.signals}: {text[:150]!r}")


if __name__ == "__main__":
    main()
