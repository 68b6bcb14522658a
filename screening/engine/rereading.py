"""Looks again at passages with a word of contrast: what turns in them, and what they turn against."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from screening.engine import turning
from screening.engine.results import Judgement, Passage

Judge = Callable[[list[Passage], int | None], list[Judgement]]
"""Judges passages, of which at most so many are compared by sentence vector; with None all of them."""


def reread(
    found: Sequence[Passage], places: Sequence[int], judged: list[Judgement], judge: Judge, *, shortly: bool
) -> None:
    """Put better judgements in the place of those in `judged`, of the passages at these places.

    With `shortly`, as in a long document, what is read again is weighed by its words alone. That may raise a passage;
    it never calms one that was raised by more than words.
    """
    most = 0 if shortly else None
    _clauses(found, places, judged, judge, most)
    if not shortly:
        _without_opening(found, places, judged, judge)
    _with_before(found, places, judged, judge, most)


def _clauses(
    found: Sequence[Passage], places: Sequence[int], judged: list[Judgement], judge: Judge, most: int | None
) -> None:
    """Raise what was thought calm, on a matter of ours, where its clause after a contrast is sure by itself."""
    calm = [place for place in places if judged[place].signals and not judged[place].flag]
    parts = [(place, part) for place in calm if (part := turning.turned(found[place]))]
    for (place, part), clause in zip(parts, judge([part for _, part in parts], most), strict=True):
        judged[place] = turning.stronger(judged[place], clause, part.text)


def _without_opening(found: Sequence[Passage], places: Sequence[int], judged: list[Judgement], judge: Judge) -> None:
    """Calm what only its first word raised: "However, wages were paid on time" says no more than without "however"."""
    raised = [place for place in places if judged[place].flag]
    rests = [(place, rest) for place in raised if (rest := turning.unopened(found[place]))]
    for (place, _), by_itself in zip(rests, judge([rest for _, rest in rests], None), strict=True):
        if turning.is_calm(by_itself):
            judged[place] = by_itself


def _with_before(
    found: Sequence[Passage], places: Sequence[int], judged: list[Judgement], judge: Judge, most: int | None
) -> None:
    """Raise what opens with a contrast to something calm where the two together are sure."""
    pairs = [(place, pair) for place in places if (pair := turning.joined(found[place])) and not judged[place].flag]
    # What stands before is most often the passage before, which has been judged.
    known = [judged[place - 1] if place and found[place - 1].text == pair[0].text else None for place, pair in pairs]
    asked = [pair[0] for (_, pair), before in zip(pairs, known, strict=True) if before is None]
    others = iter(judge(asked, most))
    befores = [before or next(others) for before in known]
    calm = [each for each, before in zip(pairs, befores, strict=True) if turning.is_calm(before)]
    for (place, _), both in zip(calm, judge([pair[1] for _, pair in calm], most), strict=True):
        judged[place] = turning.stronger(judged[place], both, found[place].text, turning.JOINED)
