from __future__ import annotations

import json
from typing import Any

import pytest

from screening.engine.reading import frames
from screening.engine.reading.answers import Told, page_of
from screening.engine.reading.frames import Frames, Garbage
from screening.engine.reading.limits import Limits
from screening.engine.results import Line, PageStatus

LIMITS = Limits(pages=3, page_lines=2, page_characters=100, characters=150, fields=1)
PAGE: dict[str, Any] = {
    "page": 1,
    "status": "read",
    "text": "kept passports",
    "width": 595.0,
    "height": 842.0,
    "lines": [0, 4, 720, 100, 900, 220],
    "hidden": False,
    "pictures": False,
}


def test_frames_come_out_whole_however_they_were_cut() -> None:
    sent = frames.pack({"count": 2}) + frames.pack_bytes(b"\x89PNG") + frames.pack(PAGE)
    box = Frames(10_000)
    heard = [message for byte in sent for message in box.feed(bytes([byte]))]
    assert heard == [{"count": 2}, b"\x89PNG", PAGE]


@pytest.mark.parametrize(
    "said",
    [
        frames.HEADER.pack(3, ord("J")) + b"{{{",
        frames.HEADER.pack(2, ord("J")) + b"[]",
        frames.HEADER.pack(2, ord("P")) + b"..",
        frames.HEADER.pack(2**31, ord("J")),
        frames.HEADER.pack(200_000, ord("J")) + b"[" * 200_000,
        frames.HEADER.pack(2, ord("J")) + b"\xff\xfe",
        b"x" * 300_000,
    ],
    ids=["not-json", "no-object", "unknown-kind", "huge", "deep", "no-utf-8", "noise"],
)
def test_what_is_no_frame_is_garbage(said: bytes) -> None:
    with pytest.raises(Garbage):
        Frames(250_000).feed(said)


def test_a_page_becomes_a_page() -> None:
    page = page_of(PAGE, LIMITS)
    assert (page.number, page.status, page.text) == (1, PageStatus.READ, "kept passports")
    assert page.lines == (Line(0, 4, (72.0, 10.0, 90.0, 22.0)),)


@pytest.mark.parametrize(
    "lie",
    [
        {"page": 0}, {"page": 4}, {"page": "1"}, {"page": True}, {"status": "clean"}, {"text": 5}, {"text": "x" * 201},
        {"width": "wide"}, {"lines": [1, 2, 3]}, {"lines": [0, 1, 2, 3, 4, "5"]}, {"lines": [0, 1, 2, 3, 4, 10**9]},
        {"lines": [0] * 24}, {"lines": [0.5] * 6}, {"reason": "because"}, {"reason": ["encrypted"]},
    ],
    ids=str,
)  # fmt: skip
def test_a_page_that_cannot_be_is_garbage(lie: dict[str, Any]) -> None:
    with pytest.raises(Garbage):
        page_of({**PAGE, **lie}, LIMITS)


def test_sizes_that_are_no_sizes_count_as_unknown_and_control_signs_are_cleaned_again() -> None:
    page = page_of({**PAGE, "width": json.loads("NaN"), "height": json.loads("Infinity"), "text": "a\0b"}, LIMITS)
    assert (page.width, page.height, page.text) == (0.0, 0.0, "ab")


@pytest.mark.parametrize(
    "message",
    [{"count": -1}, {"fields": {"a": 1}}, {"fields": {"a": "1", "b": "2"}}, {"stop": "tired"}, {"else": 1}, b"PNG"],
    ids=str,
)
def test_other_messages_are_checked_too(message: dict[str, Any] | bytes) -> None:
    with pytest.raises(Garbage):
        Told(LIMITS).take(message)


def test_more_text_than_allowed_stops_the_listening_and_is_remembered() -> None:
    told = Told(LIMITS)
    told.take({**PAGE, "text": "x" * 100, "lines": []})
    with pytest.raises(Garbage):
        told.take({**PAGE, "page": 2, "text": "x" * 100, "lines": []})
    assert told.too_much_text
    assert list(told.pages) == [1]


TABLE: dict[str, Any] = {"xs": [0, 10, 20], "ys": [0, 20], "heads": 0, "rows": [[0, 0, 4, 0, 0], [1, 0, 0, 5, 14]]}


def test_a_table_is_told_by_places_in_its_page() -> None:
    told = Told(LIMITS)
    told.take({**PAGE, "tables": [TABLE]})
    ((table,),) = told.tables.values()
    assert table.columns == (0, 10, 20)
    assert [(row.above, row.start, row.end) for row in table.rows] == [((), 0, 4), ((0,), 5, 14)]


@pytest.mark.parametrize(
    "lie",
    [
        {"xs": [0, 10]},
        {"xs": list(range(100))},
        {"xs": [0, 10, 2**40]},
        {"xs": "0"},
        {"heads": 3},
        {"heads": True},
        {"rows": []},
        {"rows": [[0, 0, 4]]},
        {"rows": [[0, 0, 15, 0, 0]]},
        {"rows": [[0, 4, 0, 0, 0]]},
        {"rows": [[0, -1, 4, 0, 0]]},
        {"rows": [[0, 0, 0, 0, 0]]},
        {"rows": [[0, 0, 4.0, 0, 0]]},
        {"rows": [[0, 5, 14, 0, 0], [0, 0, 4, 0, 0]]},
        {"rows": [[0, 0, 4, 0, 0]] * 4000},
    ],
)
def test_a_table_that_does_not_fit_its_page_is_garbage(lie: dict[str, Any]) -> None:
    with pytest.raises(Garbage):
        Told(LIMITS).take({**PAGE, "tables": [{**TABLE, **lie}]})


@pytest.mark.parametrize("tables", [None, 7, {}, [7], [TABLE] * 300])
def test_tables_that_are_none_are_garbage(tables: Any) -> None:
    with pytest.raises(Garbage):
        Told(LIMITS).take({**PAGE, "tables": tables})
