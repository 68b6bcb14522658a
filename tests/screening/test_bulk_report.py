from __future__ import annotations

from html.parser import HTMLParser

import pytest

from screening.bulk import report, rows, spreadsheet, tally
from screening.engine.reasons import ADVICE, Reason
from screening.engine.results import (
    Assertion,
    Explanation,
    Finding,
    Judgement,
    Page,
    PageStatus,
    Passage,
    Reading,
    Screened,
    State,
)

HOSTILE = '<img src=x onerror="alert(1)">\u202e</script>'


def document(name: str, *findings: tuple[str, str, float]) -> rows.Row:
    judged = tuple(
        Finding(
            Passage(quote, before=HOSTILE, page=1, end=len(quote)),
            Judgement(
                ("FL.DOC",), ("FL",), Assertion.FINDING_CONFIRMED, True, severity, score, 3,
                explanation=Explanation(rules=(HOSTILE,)),
            ),
        )
        for quote, severity, score in findings
    )  # fmt: skip
    reading = Reading(State.SCREENED, None, (Page(1, PageStatus.READ, "text", language="en"),))
    return rows.record(name, "0" * 64, Screened(reading, judged, "test"), 0.0)


class Reader(HTMLParser):
    """Collects the tags and attributes that a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def made(*documents: rows.Row) -> str:
    counted = tally.Tally()
    for one in documents:
        counted.add(one)
    return report.page(counted, "test", ("A limit.",))


def test_the_report_runs_nothing_and_loads_nothing() -> None:
    page = made(document(HOSTILE, (HOSTILE, "high", 0.5)))
    reader = Reader(page)
    assert not {"script", "img", "link", "iframe", "object"} & set(reader.tags)
    assert not [name for name, _ in reader.attributes if name.startswith("on") or name in ("src", "href")]
    assert "url(" not in page
    assert HOSTILE in "".join(reader.words)


def test_the_gravest_comes_first_and_what_is_left_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "SHOWN_FINDINGS", 3)
    page = made(
        document("a.pdf", ("minor", "low", 0.9), ("second", "critical", 0.5), ("third", "high", 0.99)),
        document("b.pdf", ("first", "critical", 0.8)),
    )
    places = [page.index(f">{quote}</blockquote>") for quote in ("first", "second", "third")]
    assert places == sorted(places)
    assert ">minor<" not in page
    assert "Only the 3 gravest are shown; 1 more are in findings.csv" in page


def test_what_was_not_read_stands_before_the_findings_with_advice() -> None:
    page = made(
        rows.unread("scan.pdf", State.NEEDS_OCR, Reason.IMAGES_ONLY), document("a.pdf", ("kept papers", "high", 0.5))
    )
    words = "".join(Reader(page).words)
    assert words.index("scan.pdf") < words.index("kept papers")
    assert ADVICE[Reason.IMAGES_ONLY] in words


def test_a_report_without_findings_says_so_and_draws_no_empty_chart() -> None:
    page = made(document("a.pdf"))
    assert "No passage raised a flag in what was read." in page
    assert "<svg" not in page
    assert "Every page of every document was read." in page


@pytest.mark.parametrize(
    "words",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", '"=1', "\n=1", "\0=1", "'=1"],
)
def test_no_cell_begins_like_a_formula(words: str) -> None:
    cell = spreadsheet.safe(words)
    assert cell.startswith("'")
    assert cell.replace("'", "").strip('" \t\0') == words.strip("\" \t\r\n'\0")


@pytest.mark.parametrize("words", ["a;=1", "a,=1", "a\t=1", 'a"=1', "a; =1"])
def test_no_cell_becomes_one_after_another_separator(words: str) -> None:
    assert "'" in spreadsheet.safe(words)


@pytest.mark.parametrize("number", ["-3", "-0.25", "12", 7, 0.5])
def test_numbers_stay_numbers(number: object) -> None:
    assert spreadsheet.safe(number) == str(number)


def test_ordinary_words_stay_as_they_are() -> None:
    assert spreadsheet.safe("Workers' passports - kept, 14 of them") == "Workers' passports - kept, 14 of them"
    assert spreadsheet.safe(None) == ""
