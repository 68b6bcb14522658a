from __future__ import annotations

from screening.engine.reading.worded import Placed, in_rows

ROWS = (
    (("Finding", 0), ("Corrective", 300), ("action", 354), ("Status", 600)),
    (("Exit", 0), ("locked", 30), ("Remove", 300), ("lock", 345), ("open", 600)),
    (("No", 0), ("contracts", 20), ("Give", 300), ("contracts", 330), ("closed", 600)),
)


def recognised(*, slope: float = 0.0, blank: int = 1) -> tuple[str, list[Placed]]:
    """Words of 10 points, `slope` lower for each point to the right; columns closer by `blank`."""
    words: list[Placed] = []
    text = ""
    for row, line in enumerate(ROWS):
        for place, (word, left) in enumerate(line):
            x, y = 10 * left // blank, 1000 + 250 * row + round(slope * 10 * left)
            box = x, y, x + 50 * len(word), y + 100
            words.append(Placed(len(text), len(text) + len(word), box, place == len(line) - 1))
            text += word + ("\n" if place == len(line) - 1 else " ")
    return text.rstrip(), words


def test_words_in_columns_become_rows_also_on_a_page_that_lies_crooked() -> None:
    for slope in (0.0, 0.012, -0.012):
        told = in_rows(*recognised(slope=slope))
        assert told is not None
        lines = told["text"].strip().split("\n")
        assert lines[:2] == ["Finding | Corrective action | Status", "Exit locked | Remove lock | open"]
        assert lines[2:] == ["No contracts | Give contracts | closed"]
        (table,) = told["tables"]
        assert len(table["rows"]) == 3


def test_places_are_those_of_the_page_as_it_lies() -> None:
    told = in_rows(*recognised(slope=0.012))
    assert told is not None
    places = [told["lines"][at : at + 6] for at in range(0, len(told["lines"]), 6)]
    closed = next(place for place in places if told["text"][place[0] : place[1]] == "closed")
    assert abs(closed[3] - (1000 + 500 + 72)) <= 5


def test_words_without_columns_stay_as_they_were() -> None:
    assert in_rows(*recognised(blank=8)) is None
