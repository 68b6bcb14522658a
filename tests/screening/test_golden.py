"""The golden documents are what they say: they can be read, and what is asked of facts, plans and forms holds on them.

What the engine finds in them is measured by `python -m tests.bench.bench_golden`, not asserted here.
"""

from __future__ import annotations

from collections import Counter

import pytest

from screening.engine.caps import plan_rows
from screening.engine.headers import kind_of
from screening.engine.pipeline import described
from screening.engine.reading import Cage
from screening.engine.reasons import Reason
from screening.engine.results import Reading, State, TableKind
from tests.golden import audits
from tests.golden.audits import Golden
from tests.golden.scans import scanned


@pytest.fixture(scope="module")
def read() -> list[tuple[Golden, Reading]]:
    with Cage() as cage:
        return [(golden, described(cage.read(golden.data))) for golden in audits.documents()]


def test_every_golden_document_is_read_in_full_in_its_language(read: list[tuple[Golden, Reading]]) -> None:
    for golden, reading in read:
        assert reading.state is State.SCREENED, golden.name
        text = "".join("".join(page.text.split()) for page in reading.pages)
        if not any(table.rows for table in reading.tables):
            missing = [truth.quote for truth in golden.truths if "".join(truth.quote.split()) not in text]
            assert missing == [], golden.name
        languages = Counter(page.language for page in reading.pages)
        assert languages.most_common(1)[0][0] == golden.language, golden.name


def test_facts_are_right_nine_times_in_ten_and_hardly_ever_wrong(read: list[tuple[Golden, Reading]]) -> None:
    there = right = wrong = 0
    for golden, reading in read:
        said = {fact.name.value: fact.value for fact in reading.facts.found}
        correct = {name for name, value in golden.facts.items() if said.get(name) == value}
        there, right, wrong = there + len(golden.facts), right + len(correct), wrong + len(said.keys() - correct)
    assert there > 70
    assert right >= 0.9 * there
    assert wrong <= 0.05 * there


def test_plan_rows_and_the_values_of_forms_are_recovered_exactly(read: list[tuple[Golden, Reading]]) -> None:
    plans = forms = 0
    for golden, reading in read:
        assert reading.fields == golden.fields, golden.name
        forms += len(golden.fields)
        rows = [row for row in golden.rows if kind_of(row[0]) is TableKind.CAP]
        if rows:
            said = [(row.finding, row.root_cause, row.corrective_action, row.responsible) for row in plan_rows(reading)]
            assert said == [(cells[1], cells[2], cells[3], cells[4]) for _, cells in rows], golden.name
            plans += len(rows)
    assert plans >= 9
    assert forms >= 7


def test_a_scan_of_a_golden_document_has_no_text_and_is_never_called_clean() -> None:
    golden = next(audits.documents())
    with Cage() as cage:
        reading = cage.read(scanned(golden.data))
    assert (reading.state, reading.reason) == (State.NEEDS_OCR, Reason.IMAGES_ONLY)
    assert reading.facts.found == ()
